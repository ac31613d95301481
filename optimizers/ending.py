"""The end of a run, measured: where it lies, how it moves there, and what is beside it."""

from functools import cached_property

import numpy as np

from optimizers.goal import SAME, Goal
from optimizers.kinds import OutcomeKind, StationaryKind
from optimizers.optimizer import ScheduledOptimizer
from optimizers.stationary import StationaryPoint, stationary_point_beside
from optimizers.trajectory import Trajectory
from optimizers.verdict import point_words, short
from programs.frame import Frame, diagonal_length
from programs.matrices import dot

# Shares of the diagonal of the frame: how far who rests may walk; within how much of a minimum a run has arrived; and
# how far around the end points are looked for.
STANDSTILL = 1e-3
ARRIVED = 1e-2
FAR = 0.25
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
# This share of what a run has gained is little.
LITTLE = 1e-2
# So many losses a side are looked at to see whether the picture holds a lower one.
SAMPLES = 24


class Ending:
    """What is known about the end of a run whose numbers are finite.

    last: the last point (2,). recent: (n + 1, 2), the points that show what it does at its end; moves (n, 2) and
    lengths (n,) of the steps between them, and their sum, walked. slope: that at the last point. size: the diagonal of
    the frame. nearest, distance: of the known global minimiser that is nearest; None and nan where none is known.
    """

    def __init__(self, trajectory: Trajectory, goal: Goal, frame: Frame, is_outside: bool):
        self.trajectory, self.goal, self.loss, self.frame = trajectory, goal, goal.loss, frame
        self.rule, steps = trajectory.optimizer, trajectory.steps
        self.size = diagonal_length(frame)
        self.outside_words = ", outside the picture" if is_outside else ""
        self.recent = trajectory.theta[steps - min(max(MANY, int(RECENT * steps)), steps) :]
        self.last = self.recent[-1]
        self.moves = self.recent[1:] - self.recent[:-1]
        self.lengths = np.hypot(self.moves[:, 0], self.moves[:, 1])
        self.walked = float(self.lengths.sum())
        self.slope = float(np.hypot(*trajectory.gradient[-1]))
        self.nearest, self.distance = goal.nearest(self.last)

    def distance_to(self, theta: np.ndarray) -> float:
        """From the last point to this one (2,)."""
        return float(np.hypot(*(self.last - theta)))

    # How it moves

    @cached_property
    def rests(self) -> bool:
        """True where the last tenth of the updates, or the last few of a short run, hardly moved it."""
        steps = self.trajectory.steps
        count = max(int(RECENT * steps), min(3, (steps + 1) // 2))
        walked = float(self.lengths[len(self.lengths) - count :].sum())
        return walked <= STANDSTILL * self.size * min(count / MANY, 1)

    @cached_property
    def gets_calmer(self) -> bool:
        """True where the last steps are shorter than those before."""
        half = len(self.lengths) // 2
        return half == 0 or bool(self.lengths[half:].mean() < 0.9 * self.lengths[:half].mean())

    @property
    def oscillates(self) -> bool:
        """True where it goes back and forth, three times at least, without getting calmer."""
        half = len(self.moves) // 2
        if not self.net < 0.25 * self.walked or self.turns(self.moves[half:]) < 3:
            return False
        return bool(half > 0 and self.lengths[half:].mean() > 0.8 * self.lengths[:half].mean())

    @property
    def net(self) -> float:
        """From the first of the recent points to the last one."""
        return self.distance_to(self.recent[0])

    @staticmethod
    def turns(moves: np.ndarray) -> int:
        """How often moves (n, 2) change their direction along the axis on which they do so most."""
        signs = np.sign(moves)
        return int((signs[1:] != signs[:-1]).sum(axis=0).max(initial=0))

    @property
    def is_led_by_noise(self) -> bool:
        """True where the noise of the gradient that the rule sees exceeds the gradient."""
        if self.trajectory.seen_gradient is self.trajectory.gradient:
            return False
        first = len(self.trajectory.theta) - len(self.recent)
        gradient = self.trajectory.gradient[first:]
        noise = self.trajectory.seen_gradient[first:] - gradient
        return bool((noise**2).sum() > (gradient**2).sum())

    @property
    def takes_equal_steps(self) -> bool:
        """True where every recent move is as long along an axis as the learning rate is, as those of sign rules are."""
        longest, rate = np.abs(self.moves).max(axis=1), self.setting("learning_rate")
        slack = 1e-6 + self.setting("weight_decay") * float(np.abs(self.recent).max())
        gradient = self.trajectory.seen_gradient[-len(self.recent) : -1]
        follows_slope = (np.abs(self.moves + rate * gradient) <= slack * rate).all()
        return bool(rate > 0 and (np.abs(longest - rate) <= slack * rate).all() and not follows_slope)

    # How the rule is set up

    def setting(self, name: str) -> float:
        """A hyperparameter of the rule, 0 where it has none of this name."""
        return float(getattr(self.rule, name, 0.0))

    @property
    def is_scheduled(self) -> bool:
        """True where a schedule can lower the learning rate of the rule, as far as it is known."""
        return self.rule is None or isinstance(self.rule, ScheduledOptimizer)

    @property
    def rate_share(self) -> float:
        """The share of the learning rate that the schedule leaves at the last update; 1 where there is none."""
        last = max(self.trajectory.steps - 1, 0)
        return self.rule.schedule(last) if self.setting("learning_rate") > 0 else 1.0

    @property
    def schedule_ended(self) -> bool:
        """True where the schedule has brought the learning rate to nearly nothing."""
        return self.rate_share <= ENDED

    @property
    def is_held_by_decay(self) -> bool:
        """True where the slope still leads away from the origin, and a decay of the weights leads back to it."""
        pull = dot(self.last, self.trajectory.gradient[-1])
        return self.setting("weight_decay") > 0 and pull < -0.5 * np.hypot(*self.last) * self.slope

    # What is beside it

    @cached_property
    def beside(self) -> StationaryPoint | None:
        """The stationary point at which the end lies."""
        return stationary_point_beside(self.loss, self.last, ARRIVED * self.size)

    @cached_property
    def far_point(self) -> StationaryPoint | None:
        """The stationary point in the wider surroundings of the end."""
        return stationary_point_beside(self.loss, self.last, FAR * self.size)

    @cached_property
    def is_by_known_minimum(self) -> bool:
        """True where a known global minimum is near, and no other stationary point is nearer."""
        if not self.distance <= ARRIVED * self.size:
            return False
        if self.distance <= STANDSTILL * self.size or self.beside is None:
            return True
        return bool(np.hypot(*(self.beside.theta - self.nearest)) <= self.distance)

    @cached_property
    def gap_beside(self) -> float:
        """L - L* at the point beside the end; nan where no minimum is known."""
        return self.goal.gap(self.loss.value(self.beside.theta)) if self.goal.is_known else np.nan

    @property
    def kind_of_minimum(self) -> OutcomeKind:
        """That of the minimum beside the end: one that is not among the known ones may be as low as they are."""
        return OutcomeKind.GLOBAL_MINIMUM if self.gap_beside == 0 else OutcomeKind.LOCAL_MINIMUM

    @property
    def bottom(self) -> np.ndarray | None:
        """The minimum (2,) that the run is about, as far as it is known."""
        if self.far_point and self.far_point.kind == StationaryKind.MINIMUM:
            return self.far_point.theta
        return self.nearest

    # What the picture holds

    @property
    def is_flat(self) -> bool:
        """True where walking on along the slope would hardly lower the loss, although there is far to go."""
        last = float(self.trajectory.loss[-1])
        if self.goal.is_known:
            to_gain = last - self.goal.lowest
        else:  # a start on a plateau has seen no slope, but the picture may hold a lower place
            steepest = float(np.hypot(*self.trajectory.gradient.T).max())
            to_gain = max(steepest * self.size / 10, last - self.lowest_in_frame)
        return self.slope * self.size <= FLAT_GAIN * to_gain

    @property
    def lowest_in_frame(self) -> float:
        """The lowest loss of a sample of the picture and the last point."""
        return self._sampled[0]

    @property
    def something_is_lower(self) -> bool:
        """True where a sample of the picture is lower than the point beside the end by more than rounding."""
        here = float(self.loss.value(self.beside.theta))
        lowest, highest = self._sampled
        return lowest < here - SAME * max(abs(here), 1e-3 * highest)

    @property
    def way_lower_is_known(self) -> bool:
        """True where a known minimum, or a place in the picture, is lower than the point beside the end."""
        return self.gap_beside > 0 or self.something_is_lower

    @property
    def has_gained_nearly_all(self) -> bool:
        """True where hardly anything in the picture is lower, beside what the run has gained."""
        last = float(self.trajectory.loss[-1])
        return last - self.lowest_in_frame <= LITTLE * (float(self.trajectory.loss[0]) - last)

    @cached_property
    def _sampled(self) -> tuple[float, float]:
        """The lowest loss of a sample of the picture, and the largest one in size; the last loss is one of them."""
        axes = [np.linspace(low, high, SAMPLES) for low, high in self.frame]
        with np.errstate(all="ignore"):
            losses = np.asarray(self.loss.value(np.stack(np.meshgrid(*axes)).reshape(2, -1)))
        losses = np.append(losses, self.trajectory.loss[-1])
        return float(np.nanmin(losses)), float(np.nanmax(np.abs(losses)))

    # Words

    @cached_property
    def place_words(self) -> str:
        """The last point in words."""
        return self.around(self.last)

    def around(self, theta: np.ndarray) -> str:
        """A point in words, where what is not worth a word is zero."""
        return point_words(np.where(np.abs(theta) < UNSEEN * self.size, 0.0, theta))

    @property
    def swing_words(self) -> str:
        """The middle of the recent points and the mean length of the steps between them."""
        middle = self.around(self.recent[1:].mean(axis=0))
        return f"{middle}{self.outside_words} in steps of about {short(self.lengths.mean())}"

    @property
    def distance_words(self) -> str:
        """The distance to the nearest known global minimum; "" where none is known."""
        return f", {short(self.distance)} away from the nearest global minimum" if self.goal.is_known else ""

    @property
    def depth_words(self) -> str:
        """A sentence that compares the point beside the end with the lowest loss; "" where they are the same."""
        if self.gap_beside < 0:
            return f" It is lower than {self.goal.name}, the lowest loss in the picture."
        return f" The global minimum is lower: {self.goal.name}." if self.gap_beside > 0 else ""
