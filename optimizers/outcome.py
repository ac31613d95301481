"""What became of a run, in one sentence, and what to change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizers.adaptive import FAMILY as ADAPTIVE
from optimizers.advice import larger_rate, leaves_from_everywhere, ratio_of_curvatures, smaller_rate
from optimizers.numbers import number
from optimizers.optimizer import Loss, ScheduledOptimizer
from optimizers.stationary import StationaryPoint, stationary_point_beside
from optimizers.trajectory import Trajectory, run
from programs.frame import Frame, diagonal_length, inside
from programs.matrices import dot, eigen

# Shares of the diagonal of the frame: how far who rests may walk, and who is slow; within how much of a minimum a run
# has converged, at once or where nearly all of the gap is gone; and how far around the end points are looked for.
STANDSTILL = 1e-3
SLOW = 2e-2
CLOSE = 2e-3
NEAR = 5e-3
ARRIVED = 1e-2
FAR = 0.25
# The share of the first gap to the minimum at which a run counts as done.
TOLERANCE = 1e-3
# The share of the updates that shows what a run does at its end, and how many show whether it goes back and forth. Who
# rests walks no further than STANDSTILL in so many.
RECENT = 0.1
MANY = 20
# On a plateau, walking on along the slope to the end of the frame would gain less than this share of what is left.
FLAT_GAIN = 0.2
# A schedule has ended the run where it has lowered the learning rate to this share.
ENDED = 1e-2
# A distance that is not worth a word, as a share of the diagonal.
UNSEEN = 1e-6
# A difference of losses, as a share of them, that is none.
SAME = 1e-9
# This share of what a run has gained is little.
LITTLE = 1e-2
# So many losses a side are looked at to see whether the picture holds a lower one.
SAMPLES = 24

# A point further out than this has run away, and did not step into a gap of the loss.
LARGEST = 1e50

_CORNERS = np.array([[-1, -1, 1, 1], [-1, 1, -1, 1]])

# A remedy, or what finds it where it is asked for.
Advice = str | Callable[[], str]
# Kind, verdict, advice.
Judgement = tuple[str, str, Advice]


@dataclass(frozen=True)
class Outcome:
    """The end of one run.

    kind: "global minimum", "local minimum", "valley" (of minima that are equally low), "still moving", "oscillating",
    "saddle", "maximum", "plateau", "stopped", "left" or "diverged". verdict: what happened, in words. loss: the last
    one. distance: from the last point to the nearest known global minimum, whichever point the verdict names; nan where
    none is known. updates_to_tolerance: the first update after which L - L* stays within TOLERANCE of its first value,
    or of rounding, -1 where there is none, and for a run that left. advice: the remedy, or a function that
    finds it.
    """

    kind: str
    verdict: str
    loss: float
    distance: float
    updates_to_tolerance: int
    advice: Advice

    @cached_property
    def remedy(self) -> str:
        """What to change, empty where nothing needs to be. Other learning rates are tried out when it is asked for."""
        return self.advice if isinstance(self.advice, str) else self.advice()


def outcome(trajectory: Trajectory, loss: Loss, minima: Sequence[np.ndarray], frame: Frame) -> Outcome:
    """Judges a single run (batch shape ()) by its numbers alone, and advises by the rule that it knows.

    loss: with value, gradient and hessian, whatever the rule itself asked for.
    minima: the known global minimisers. frame: ((low, high), (low, high)), what the pictures show.
    """
    goal = _Goal(loss, minima)
    with np.errstate(all="ignore"):
        kind, verdict, advice = _judged(trajectory, goal, frame)
        _, distance = goal.nearest(trajectory.theta[-1])
    updates = -1 if kind == "left" else _updates_to_tolerance(trajectory, goal)
    return Outcome(kind, verdict, float(trajectory.loss[-1]), distance, updates, advice)


class _Goal:
    """A loss and its known global minimisers."""

    def __init__(self, loss: Loss, minima: Sequence[np.ndarray]):
        self.loss, self.minima = loss, minima
        self.is_known = len(minima) > 0

    def nearest(self, theta: np.ndarray) -> tuple[np.ndarray | None, float]:
        """The known minimiser that is nearest to a point (2,), and its distance; None and nan where none is known."""
        distances = [float(np.hypot(*(theta - minimum))) for minimum in self.minima]
        place = int(np.argmin(distances)) if distances else None
        return (None, np.nan) if place is None else (self.minima[place], distances[place])

    @cached_property
    def lowest(self) -> float:
        """L*."""
        return min(float(self.loss.value(np.asarray(minimum))) for minimum in self.minima)

    @cached_property
    def rounding(self) -> float:
        """The gap that remains where a minimiser and its loss are known to the last digits only."""
        theta = np.transpose(self.minima)[..., None]
        around = np.asarray(self.loss.value(theta + 4 * np.spacing(np.abs(theta)) * _CORNERS[:, None]))
        here = np.asarray(self.loss.value(theta))
        return float((around - here + 4 * np.spacing(np.abs(here))).max())

    def gap(self, loss: float) -> float:
        """L - L*, zero where it is rounding; nan where no minimum is known."""
        if not self.is_known:
            return np.nan
        gap = float(loss) - self.lowest
        return 0.0 if abs(gap) <= self.rounding + SAME * abs(self.lowest) else gap

    @property
    def name(self) -> str:
        """L* and its number."""
        return f"L* = {_number(0.0 if abs(self.lowest) <= self.rounding else self.lowest)}"


def _updates_to_tolerance(trajectory: Trajectory, goal: _Goal) -> int:
    if not goal.is_known:
        return -1
    with np.errstate(all="ignore"):
        gap = trajectory.loss - goal.lowest
        far = ~(np.abs(gap) <= TOLERANCE * max(gap[0], 0) + goal.rounding)
    if far[-1]:
        return -1
    return int(np.flatnonzero(far)[-1]) + 1 if far.any() else 0


def _judged(trajectory: Trajectory, goal: _Goal, frame: Frame) -> Judgement:
    if trajectory.diverged_at == 0:
        return "diverged", "The loss or its slope at the start is not a finite number.", "Choose another start."
    if trajectory.diverged_at > 0:
        return _ended(trajectory, goal, frame)
    seen = inside(trajectory.theta.T, frame)
    end = _End(trajectory, goal, frame, outside=not seen[-1])
    if seen[-1]:
        return end.at_rest() if end.rests else end.in_motion()
    return end.outside_the_frame() or _left(trajectory, goal, seen, frame)


def _ended(trajectory: Trajectory, goal: _Goal, frame: Frame) -> Judgement:
    update = int(trajectory.diverged_at)
    theta, value, gradient = (array[update] for array in (trajectory.theta, trajectory.loss, trajectory.gradient))

    def stay() -> str:
        return _way_to_stay(trajectory, goal, frame, update, trajectory.loss[update - 1] < trajectory.loss[0])

    if not np.abs(theta).max() < LARGEST:
        return "diverged", f"Diverged at update {update}: the numbers grew beyond what a computer can hold.", stay
    verdict = f"Ended at update {update}: the step led to {_place(theta)}, where {_missing(value, gradient)}."
    if np.isfinite(value):
        return "diverged", verdict, "Change the learning rate or the start a little, so that no step ends there."
    return "diverged", verdict, stay


def _missing(loss: np.ndarray, gradient: np.ndarray) -> str:
    if np.isnan(loss):
        return "the loss has no value"
    if np.isinf(loss):
        return "the loss is infinite, or too large for a computer to hold"
    if np.isnan(gradient).any():
        return "the loss has no slope"
    return "the slope is infinite, or too large for a computer to hold"


def _left(trajectory: Trajectory, goal: _Goal, seen: np.ndarray, frame: Frame) -> Judgement:
    if not seen.any():
        return "left", "Began outside the frame and does not end in it.", "Choose a start inside the frame."
    update = int(np.flatnonzero(seen)[-1]) + 1
    last, first = trajectory.loss[-1], trajectory.loss[0]
    same = abs(last - first) <= SAME * abs(first)
    change = "is again" if same else "rose to" if last > first else "fell to"
    below = f", below {goal.name}, the lowest loss in the picture" if goal.gap(last) < 0 else ""
    verdict = f"Left the frame at update {update}; the loss {change} {_number(last)}{below}."

    def stay() -> str:
        if not seen[0]:
            return "Choose a start inside the frame."
        first_out = int(np.flatnonzero(~seen)[0])
        outwards = trajectory.theta[-1] - np.clip(trajectory.theta[-1], *np.transpose(frame))
        with np.errstate(all="ignore"):
            downhill = dot(-trajectory.gradient[-1], outwards) > 0
        return _way_to_stay(trajectory, goal, frame, first_out, bool(downhill))

    return "left", verdict, stay


def _way_to_stay(trajectory: Trajectory, goal: _Goal, frame: Frame, left: int, downhill: bool) -> str:
    """A smaller rate where one stays inside, or finite after a start outside, else another start."""
    began_inside = bool(inside(trajectory.theta[0], frame))
    if not began_inside:
        frame = ((-LARGEST, LARGEST), (-LARGEST, LARGEST))
    rate = smaller_rate(trajectory, frame, left, downhill)
    if rate is None:  # by the path alone: whoever only fell has followed the slope
        with np.errstate(all="ignore"):
            fell = (np.diff(trajectory.loss[: left + 1]) <= 0).all()
        rate = np.nan if downhill and fell else 0.0
    if np.isnan(rate):
        if downhill and began_inside and leaves_from_everywhere(trajectory, frame, left):
            return (
                "Downhill leads further out, with a smaller learning rate only later, and from other starts too: "
                "this loss has no lowest place inside the picture."
            )
        if downhill:
            return "Downhill leads further out, with a smaller learning rate only later: choose another start."
        return "It leaves with smaller learning rates too: choose another start."
    smaller = f": with η = {_number(rate)} it stays in the frame." if rate and began_inside else "."
    start = trajectory.theta[0]
    bottom, _ = goal.nearest(start)
    if bottom is None and began_inside:
        point = stationary_point_beside(goal.loss, start, float(np.hypot(*np.ptp(frame, axis=1))))
        bottom = point.theta if point and point.kind == "minimum" else None
    scaling = _scaling(trajectory, goal.loss, bottom)
    return f"Make the learning rate smaller{smaller}{scaling}"


def _scaling(trajectory: Trajectory, loss: Loss, theta: np.ndarray | None) -> str:
    """What a bad scaling at this minimum means for a rule with one rate for all directions; "" where it is not bad,
    or where no minimum is known."""
    rule = trajectory.optimizer
    # Rules whose limit falls as the curvature grows take the same rate along every direction.
    if theta is None or rule is None or not rule.rate_limit(1.0) > rule.rate_limit(2.0):
        return ""
    kappa = ratio_of_curvatures(loss, theta, trajectory.steps)
    if kappa is None:
        return ""
    ratio = f"κ = λₘₐₓ/λₘᵢₙ = {_number(kappa)}"
    return (
        f" But the loss is badly scaled: {ratio}. A rate that is small enough for the steep direction hardly moves "
        "along the flat one. Rescale the parameters, or use a rule that knows the curvature."
    )


class _End:
    """What is known about the end of a run."""

    def __init__(self, trajectory: Trajectory, goal: _Goal, frame: Frame, outside: bool):
        self.trajectory, self.goal, self.loss, self.frame = trajectory, goal, goal.loss, frame
        self.rule, steps = trajectory.optimizer, trajectory.steps
        self.size = diagonal_length(frame)
        self.where = ", outside the picture" if outside else ""
        self.recent = trajectory.theta[steps - min(max(MANY, int(RECENT * steps)), steps) :]
        self.last = self.recent[-1]
        self.moves = np.diff(self.recent, axis=0)
        self.lengths = np.hypot(*self.moves.T)
        self.walked = float(self.lengths.sum())
        self.place = self._around(self.last)
        self.slope = float(np.hypot(*trajectory.gradient[-1]))
        self.nearest, self.distance = goal.nearest(self.last)

    @property
    def rests(self) -> bool:
        """True where the last tenth of the updates, or the last few of a short run, hardly moved it."""
        steps = self.trajectory.steps
        count = max(int(RECENT * steps), min(3, (steps + 1) // 2))
        walked = float(self.lengths[len(self.lengths) - count :].sum())
        return walked <= STANDSTILL * self.size * min(count / MANY, 1)

    @cached_property
    def beside(self) -> StationaryPoint | None:
        """The stationary point at which the end lies."""
        return stationary_point_beside(self.loss, self.last, ARRIVED * self.size)

    @cached_property
    def far_point(self) -> StationaryPoint | None:
        """The stationary point in the wider surroundings of the end."""
        return stationary_point_beside(self.loss, self.last, FAR * self.size)

    def _is_by_known_minimum(self) -> bool:
        """True where a known global minimum is near, and no other stationary point is nearer."""
        if not self.distance <= ARRIVED * self.size:
            return False
        if self.distance <= STANDSTILL * self.size or self.beside is None:
            return True
        return bool(np.hypot(*(self.beside.theta - self.nearest)) <= self.distance)

    # Outside the frame

    def outside_the_frame(self) -> Judgement | None:
        """The judgement on a run that came to a stationary point out there; None where it did not."""
        if not (self.rests or self._gets_calmer()):
            return None
        kind = "minimum" if self.distance <= ARRIVED * self.size else self.beside.kind if self.beside else None
        # A slope that fades far out is no valley.
        away = float(np.abs(self.last - np.clip(self.last, *np.transpose(self.frame))).max())
        if kind is None or (kind in ("flat", "valley") and (away > self.size or self._way_lower_is_known())):
            return None
        if self.rests:
            return self.at_rest()
        return self.in_motion() if kind in ("minimum", "valley") else None

    # At rest

    def at_rest(self) -> Judgement:
        if self._is_by_known_minimum():
            return self._at_minimum(self.nearest, "global minimum")
        kind = self.beside.kind if self.beside else ""
        if kind == "minimum":
            return self._at_minimum(self.beside.theta, self._kind_of_minimum(self.beside.theta))
        if kind == "valley":
            return self._in_valley()
        if kind == "flat" and not self._lower_in_frame():
            return self._on_flat_ground()
        if kind in ("saddle", "maximum"):
            return self._stuck(kind)
        if self.trajectory.steps == 0:
            return "stopped", "No update was made.", "Set at least one update."
        return self._held_back() or self._slow() or self._crawling()

    def _at_minimum(self, theta: np.ndarray, kind: str) -> Judgement:
        distance = float(np.hypot(*(self.last - theta)))
        the, name, deeper = "the", kind, ""
        if kind == "local minimum":
            the, name, deeper = "a", kind if self.goal.is_known else "minimum", self._deeper()
        held = None
        if distance > STANDSTILL * self.size:
            held = self._held_back(f"{_number(distance)} away from {the} {name} at {_place(theta)}")
        if held:
            return held
        if distance <= CLOSE * self.size or (distance <= NEAR * self.size and self._has_fallen_to(theta)):
            but = f", but for a distance of {_number(distance)}" if distance > STANDSTILL * self.size else ""
            verdict = f"Converged to {the} {name} at {_place(theta)}{self.where}{but}.{deeper}"
            return kind, verdict, "" if kind == "global minimum" else self._way_lower
        verdict = f"Near {the} {name} at {_place(theta)}{self.where}, {_number(distance)} away, but it hardly moves."
        return "still moving", verdict, lambda: self._way_faster(theta)

    def _has_fallen_to(self, theta: np.ndarray) -> bool:
        """True where nearly all of the first gap to the loss at this point is gone."""
        first, last = self.trajectory.loss[[0, -1]] - float(self.loss.value(theta))
        return bool(last <= TOLERANCE * first)

    def _kind_of_minimum(self, theta: np.ndarray) -> str:
        """A minimum that is not among the known ones may be as low as they are."""
        return "global minimum" if self.goal.gap(self.loss.value(theta)) == 0 else "local minimum"

    def _deeper(self) -> str:
        gap = self.goal.gap(self.loss.value(self.beside.theta)) if self.goal.is_known else 0.0
        if gap < 0:
            return f" It is lower than {self.goal.name}, the lowest loss in the picture."
        return f" The global minimum is lower: {self.goal.name}." if gap > 0 else ""

    def _in_valley(self) -> Judgement:
        distance = float(np.hypot(*(self.last - self.beside.theta)))
        deeper = self._deeper()
        if distance <= STANDSTILL * self.size:
            valley = "Converged: the slope is zero along a valley of minima."
            return "valley", f"{valley} It rests at {self.place}{self.where}.{deeper}", self._way_lower
        held = self._held_back(f"{_number(distance)} away from a valley of minima")
        if held:
            return held
        verdict = f"Near a valley of minima at {self.place}{self.where}, but it hardly moves.{deeper}"
        return "still moving", verdict, lambda: self._way_faster(None)

    def _on_flat_ground(self) -> Judgement:
        place = f"{self.place}{self.where}{',' if self.where else ''}"
        verdict = f"Converged: around {place} the slope is zero, and nothing in the picture is lower."
        return "valley", verdict, "Nothing needs to change."

    def _stuck(self, kind: str) -> Judgement:
        theta, grows = self.beside.theta, len(self.lengths) > 3 and self.lengths[-1] > 1.02 * self.lengths[-4] > 0
        distance = float(np.hypot(*(self.last - theta)))
        apart = distance > UNSEEN * self.size
        there = f" The point is at {self.place}, {_number(distance)} away." if apart else ""
        if grows and apart:
            verdict = f"Near a {kind} at {_place(theta)}{self.where}, and leaving it: the steps grow.{there}"
            return "still moving", verdict, "Give it more updates."
        return kind, f"Stuck at a {kind} at {_place(theta)}{self.where}.{there}", self._way_out

    def _held_back(self, distance: str = "") -> Judgement | None:
        """The judgement on a run that rests, or keeps moving, where it does because of how it is set up."""
        away = f", {distance}" if distance else self._apart()
        if self._held_by_decay():
            verdict = (
                f"Rests at {self.place}{self.where}{away}: the weight decay pulls to the origin, against the slope."
            )
            return "stopped", verdict, "Set the weight decay to 0. It keeps parameters small, and so it moves the goal."
        if self._schedule_ended():
            cause = "the schedule lowered the learning rate to nearly 0 before it arrived"
            verdict = f"Stopped at {self.place}{self.where}{away}: {cause}."
            return "stopped", verdict, "Choose a slower schedule, or a larger learning rate to begin with."
        if self.walked == 0 and self.slope > 0:
            slope = f"although the slope is |∇L| = {_number(self.slope)}"
            verdict = f"Stopped at {self.place}{self.where}{away}, {slope}: the steps are zero."
            return "stopped", verdict, "Change the schedule, the learning rate or the noise."
        return None

    def _held_by_decay(self) -> bool:
        """True where the slope still leads away from the origin, and a decay of the weights leads back to it."""
        gradient = self.trajectory.gradient[-1]
        pull = dot(self.last, gradient)
        return self._setting("weight_decay") > 0 and pull < -0.5 * np.hypot(*self.last) * self.slope

    def _schedule_ended(self) -> bool:
        return self._rate_share() <= ENDED

    def _rate_share(self) -> float:
        """The share of the learning rate that the schedule leaves at the last update; 1 where there is none."""
        last = max(self.trajectory.steps - 1, 0)
        return self.rule.schedule(last) if self._setting("learning_rate") > 0 else 1.0

    def _setting(self, name: str) -> float:
        return float(getattr(self.rule, name, 0.0))

    def _crawling(self) -> Judgement:
        verdict = (
            f"Crawling at {self.place}{self.where}: the slope is |∇L| = {_number(self.slope)}, but the steps are tiny."
        )
        return "still moving", verdict, lambda: self._way_faster(self._bottom())

    # In motion

    def in_motion(self) -> Judgement:
        if self._is_led_by_noise():
            return self._wandering()
        if self._oscillates():
            return self._oscillating()
        if self._is_by_known_minimum():
            return self._settling(self.nearest, f"the global minimum {_place(self.nearest)}")
        kind = self.beside.kind if self.beside else ""
        if kind == "minimum":
            which = self._kind_of_minimum(self.beside.theta)
            name = f"{'the' if which == 'global minimum' else 'a'} {which}" if self.goal.is_known else "a minimum"
            return self._settling(self.beside.theta, f"{name} near {_place(self.beside.theta)}", self._deeper())
        if kind == "valley":
            return self._settling(self.beside.theta, f"a valley of minima near {_place(self.beside.theta)}")
        if kind == "flat" and not self._lower_in_frame():
            return self._on_flat_ground()
        slow = self._slow() if self.walked <= SLOW * self.size else None
        if slow:
            return slow
        if self._schedule_ended():
            return self._held_back()
        return "still moving", f"Still moving at {self.place}{self.where}.", self._way_on

    def _settling(self, theta: np.ndarray, name: str, deeper: str = "") -> Judgement:
        step, distance = self.lengths[-1], np.hypot(*(self.last - theta))
        if self._gets_calmer() and (step <= 2 * distance or step <= STANDSTILL / MANY * self.size):
            return "still moving", f"Settling at {name}{self.where}.{deeper}", "Give it a few more updates."
        verdict = f"Still moving, now beside {name}{self.where}.{deeper}"
        return "still moving", verdict, "Give it more updates; if it does not settle, make the learning rate smaller."

    def _gets_calmer(self) -> bool:
        """True where the last steps are shorter than those before."""
        half = len(self.lengths) // 2
        return half == 0 or bool(self.lengths[half:].mean() < 0.9 * self.lengths[:half].mean())

    def _oscillates(self) -> bool:
        """True where it goes back and forth, three times at least, without getting calmer."""
        half = len(self.moves) // 2
        turns = (np.diff(np.sign(self.moves[half:]), axis=0) != 0).sum(axis=0).max(initial=0)
        net = float(np.hypot(*(self.recent[-1] - self.recent[0])))
        steady = half > 0 and self.lengths[half:].mean() > 0.8 * self.lengths[:half].mean()
        return bool(turns >= 3 and net < 0.25 * self.walked and steady)

    def _oscillating(self) -> Judgement:
        verdict = f"Oscillating around {self._middle()}{self.where} in steps of about {self._step()}"
        if self.beside and self.beside.is_kink:
            return (
                "oscillating",
                f"{verdict}: the loss has a kink here, so the slope does not shrink towards the lowest place.",
                self._way_to_rest(),
            )
        if self._takes_equal_steps():
            return (
                "oscillating",
                f"{verdict}: each is η long along an axis, however small the slope.",
                self._way_to_rest(),
            )
        remedy = (
            f"Make the learning rate smaller{', or choose a schedule that lowers it' if self._is_scheduled() else ''}."
        )
        return "oscillating", f"{verdict}.", lambda: remedy + _scaling(self.trajectory, self.loss, self._bottom())

    def _way_to_rest(self) -> str:
        if self._is_scheduled():
            return "With a constant rate it cannot rest: choose a schedule that lowers the rate."
        return "With this rule it cannot rest: choose one whose learning rate follows a schedule."

    def _is_scheduled(self) -> bool:
        """True where a schedule can lower the learning rate of the rule, as far as it is known."""
        return self.rule is None or isinstance(self.rule, ScheduledOptimizer)

    def _takes_equal_steps(self) -> bool:
        """True where every recent move is as long along an axis as the learning rate is, as those of sign rules are."""
        longest, rate = np.abs(self.moves).max(axis=1), self._setting("learning_rate")
        slack = 1e-6 + self._setting("weight_decay") * float(np.abs(self.recent).max())
        gradient = self.trajectory.seen_gradient[-len(self.recent) : -1]
        follows_slope = (np.abs(self.moves + rate * gradient) <= slack * rate).all()
        return bool(rate > 0 and (np.abs(longest - rate) <= slack * rate).all() and not follows_slope)

    def _is_led_by_noise(self) -> bool:
        """True where the noise of the gradient that the rule sees exceeds the gradient."""
        if self.trajectory.seen_gradient is self.trajectory.gradient:
            return False
        first = len(self.trajectory.theta) - len(self.recent)
        gradient = self.trajectory.gradient[first:]
        noise = self.trajectory.seen_gradient[first:] - gradient
        return bool((noise**2).sum() > (gradient**2).sum())

    def _wandering(self) -> Judgement:
        cause = "the noise of the gradient is larger than the slope"
        remedy = "With a constant rate it cannot rest: choose a schedule that lowers the rate, or less noise."
        if not self._is_scheduled():
            remedy = "Choose less noise."
        elif self._rate_share() < 1:
            remedy = "Give it more updates while the schedule lowers the rate, or choose less noise."
        net = float(np.hypot(*(self.recent[-1] - self.recent[0])))
        turns = (np.diff(np.sign(self.moves), axis=0) != 0).sum(axis=0).max(initial=0)
        if turns >= 3 and net < 0.5 * self.walked:
            around = f"{self._middle()}{self.where} in steps of about {self._step()}"
            return "oscillating", f"Wandering around {around}: {cause}.", remedy
        return "still moving", f"Still moving at {self.place}{self.where}{self._apart()}: {cause}.", remedy

    def _apart(self) -> str:
        """The distance to the nearest known global minimum, in words; "" where none is known."""
        return f", {_number(self.distance)} away from the nearest global minimum" if self.goal.is_known else ""

    def _middle(self) -> str:
        return self._around(self.recent[1:].mean(axis=0))

    def _around(self, theta: np.ndarray) -> str:
        """A point in words, where what is not worth a word is zero."""
        return _place(np.where(np.abs(theta) < UNSEEN * self.size, 0.0, theta))

    def _step(self) -> str:
        return _number(float(self.lengths.mean()))

    def _bottom(self) -> np.ndarray | None:
        """The minimum that the run is about, as far as it is known."""
        if self.far_point and self.far_point.kind == "minimum":
            return self.far_point.theta
        return self.nearest

    # Where the slope is small

    def _slow(self) -> Judgement | None:
        """The judgement on a run where walking on along the slope would hardly lower the loss; None elsewhere."""
        if not self._is_flat():
            return None
        point = self.far_point if self.slope > 0 else None
        if point and point.kind in ("minimum", "valley"):
            name = "a valley of minima" if point.kind == "valley" else "a minimum"
            if self.nearest is not None and np.hypot(*(point.theta - self.nearest)) <= ARRIVED * self.size:
                name = "the global minimum"
            distance = _number(float(np.hypot(*(self.last - point.theta))))
            return (
                "still moving",
                f"Slow at {self.place}, {distance} away from {name} at {_place(point.theta)}: the slope is |∇L| = "
                f"{_number(self.slope)}.",
                lambda: self._way_faster(point.theta if point.kind == "minimum" else None),
            )
        if point and point.kind == "saddle":
            return (
                "still moving",
                f"Still moving at {self.place}, near a saddle at {_place(point.theta)}. The slope is small there: "
                f"|∇L| = {_number(self.slope)}.",
                "Give it more updates. If it does not leave the saddle, add a little noise or move the start.",
            )
        if not self.goal.is_known and self.slope > 0 and self._has_gained_nearly_all():
            return (
                "still moving",
                f"Slow at {self.place}: the slope fades, |∇L| = {_number(self.slope)}, and hardly anything in the "
                "picture is lower.",
                "Nothing needs to change: more updates gain little.",
            )
        return (
            "plateau",
            f"Stuck on a plateau at {self.place}: the slope is only |∇L| = {_number(self.slope)}.",
            self._way_off_plateau,
        )

    def _is_flat(self) -> bool:
        """True where walking on along the slope would hardly lower the loss, although there is far to go."""
        steepest = float(np.hypot(*self.trajectory.gradient.T).max())
        last = float(self.trajectory.loss[-1])
        if self.goal.is_known:
            to_gain = last - self.goal.lowest
        else:  # a start on a plateau has seen no slope, but the picture may hold a lower place
            to_gain = max(steepest * self.size / 10, last - self._sampled[0])
        return self.slope * self.size <= FLAT_GAIN * to_gain

    # Advice

    def _way_faster(self, theta: np.ndarray | None) -> str:
        """theta: the minimum ahead, None where none is known."""
        larger = self._larger_rate()
        if larger:
            rate, loss = map(_number, larger)
            return f"Make the learning rate larger: with η = {rate} the loss falls to {loss}."
        return f"Give it more updates.{_scaling(self.trajectory, self.loss, theta)}"

    def _larger_rate(self) -> tuple[float, float] | None:
        last, gained = float(self.trajectory.loss[-1]), float(self.trajectory.loss[0] - self.trajectory.loss[-1])
        lowest = self.goal.lowest if self.goal.is_known else last - max(gained, last - self._sampled[0])
        return larger_rate(self.trajectory, self.frame, lowest)

    def _way_on(self) -> str:
        scaling = _scaling(self.trajectory, self.loss, self._bottom())
        return f"Give it more updates, or change the learning rate.{scaling}"

    def _way_off_plateau(self) -> str:
        if self.slope == 0:
            return "Where the slope is zero, no rule that follows it can move: choose another start."
        larger = self._larger_rate()
        if larger:
            rate, loss = map(_number, larger)
            return f"Raise the learning rate: with η = {rate} the loss falls to {loss}."
        if self.rule is not None and self.rule.family != ADAPTIVE:
            return "Choose another start, or try a rule that rescales small gradients, such as Adam."
        return "Choose another start."

    def _way_lower_is_known(self) -> bool:
        """True where a known minimum, or a place in the picture, is lower than the end."""
        if self.goal.is_known and self.goal.gap(self.loss.value(self.beside.theta)) > 0:
            return True
        return self._lower_in_frame()

    def _way_lower(self) -> str:
        if not self._way_lower_is_known():
            return "Nothing needs to change: nothing in the picture is lower."
        means = [] if self.rule is None or self._remembers() else ["momentum"]
        if self.trajectory.seen_gradient is self.trajectory.gradient:
            means.append("noise")
        ways = f", or use {' or '.join(means)} to leave the hollow" if means and self.beside.kind != "valley" else ""
        return f"Start elsewhere{ways}: the picture holds a lower place."

    def _remembers(self) -> bool:
        return any(hasattr(self.rule, name) for name in ("momentum", "beta1"))

    def _way_out(self) -> str:
        if self._is_drawn_back():
            return (
                "This rule is drawn to any place without slope: move the start, or choose one that only goes downhill."
            )
        return "Add a little noise, or move the start."

    def _is_drawn_back(self) -> bool:
        """True where the rule comes back to this point from a little way down."""
        if self.rule is None:
            return False
        with np.errstate(all="ignore"):
            _, axes = eigen(np.asarray(self.loss.hessian(self.beside.theta), dtype=float))
            away = ARRIVED * self.size * axes[:, 0]
            path = run(self.rule, self.loss, self.beside.theta + away, 3).theta
            return bool(np.hypot(*(path[-1] - self.beside.theta)) < 0.9 * np.hypot(*away))

    def _lower_in_frame(self) -> bool:
        """True where a sample of the picture is lower than the point beside the end by more than rounding."""
        here = float(self.loss.value(self.beside.theta))
        lowest, highest = self._sampled
        return lowest < here - SAME * max(abs(here), 1e-3 * highest)

    @cached_property
    def _sampled(self) -> tuple[float, float]:
        """The lowest loss of a sample of the picture, and the largest one in size; the last loss is one of them."""
        axes = [np.linspace(low, high, SAMPLES) for low, high in self.frame]
        with np.errstate(all="ignore"):
            losses = np.asarray(self.loss.value(np.stack(np.meshgrid(*axes)).reshape(2, -1)))
        losses = np.append(losses, self.trajectory.loss[-1])
        return float(np.nanmin(losses)), float(np.nanmax(np.abs(losses)))

    def _has_gained_nearly_all(self) -> bool:
        """True where hardly anything in the picture is lower, beside what the run has gained."""
        last = float(self.trajectory.loss[-1])
        return last - self._sampled[0] <= LITTLE * (float(self.trajectory.loss[0]) - last)


def _place(theta: np.ndarray) -> str:
    return f"({_number(theta[0])}, {_number(theta[1])})"


def _number(value: float) -> str:
    return number(float(value), 3)
