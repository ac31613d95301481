"""What became of a run, in one sentence, and what to change."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizers.curvature import dot
from optimizers.optimizer import Loss
from optimizers.stationary import StationaryPoint, stationary_point_beside
from optimizers.trajectory import Trajectory

# Shares of the diagonal of the frame.
STANDSTILL = 1e-3
SLOW = 2e-2
ARRIVED = 1e-2
# The share of the first gap to the minimum at which a run counts as done.
TOLERANCE = 1e-3
# The share of the updates that shows what a run does at its end.
RECENT = 0.1
# On a plateau, walking on along the slope to the end of the frame would gain less than this share of what is left.
FLAT_GAIN = 0.2

# A point further out than this has run away, and did not step into a gap of the loss.
LARGEST = 1e50

_CORNERS = np.array([[-1, -1, 1, 1], [-1, 1, -1, 1]])

Frame = tuple[tuple[float, float], tuple[float, float]]
# Kind, verdict, remedy.
Judgement = tuple[str, str, str]


@dataclass(frozen=True)
class Outcome:
    """The end of one run.

    kind: "global minimum", "local minimum", "still moving", "oscillating", "saddle", "maximum", "plateau", "stopped",
    "left" or "diverged". verdict: what happened, in words. remedy: what to change, empty where nothing needs to be.
    loss: the last one. distance: from the last point to the nearest known global minimum, nan where none is known.
    updates_to_tolerance: the first update after which L - L* stays within TOLERANCE of its first value, or of rounding,
    -1 where there is none.
    """

    kind: str
    verdict: str
    remedy: str
    loss: float
    distance: float
    updates_to_tolerance: int


def outcome(trajectory: Trajectory, loss: Loss, minima: Sequence[np.ndarray], frame: Frame) -> Outcome:
    """Judges a single run (batch shape ()) by its numbers alone.

    loss: with value, gradient and hessian, whatever the rule itself asked for.
    minima: the known global minimisers. frame: ((low, high), (low, high)), what the pictures show.
    """
    kind, verdict, remedy = _judged(trajectory, loss, minima, frame)
    last = trajectory.theta[-1]
    with np.errstate(all="ignore"):
        distance = min((float(np.hypot(*(last - minimum))) for minimum in minima), default=np.nan)
    return Outcome(
        kind, verdict, remedy, float(trajectory.loss[-1]), distance, _updates_to_tolerance(trajectory, loss, minima)
    )


def _updates_to_tolerance(trajectory: Trajectory, loss: Loss, minima: Sequence[np.ndarray]) -> int:
    if not len(minima):
        return -1
    with np.errstate(all="ignore"):
        gap = trajectory.loss - _lowest(loss, minima)
        far = ~(gap <= TOLERANCE * gap[0] + _rounding(loss, minima))
    if far[-1]:
        return -1
    return int(np.flatnonzero(far)[-1]) + 1 if far.any() else 0


def _judged(trajectory: Trajectory, loss: Loss, minima: Sequence[np.ndarray], frame: Frame) -> Judgement:
    if trajectory.diverged_at == 0:
        return "diverged", "The loss or its slope at the start is not a finite number.", "Choose another start."
    if trajectory.diverged_at > 0:
        return _ended(trajectory)
    inside = _inside(trajectory.theta.T, frame)
    if not inside[-1]:
        return _left(trajectory, inside, frame)
    end = _End(trajectory, loss, minima, float(np.hypot(*(high - low for low, high in frame))))
    return end.at_rest() if end.walked <= STANDSTILL * end.size else end.in_motion()


def _ended(trajectory: Trajectory) -> Judgement:
    update = int(trajectory.diverged_at)
    theta, loss, gradient = (array[update] for array in (trajectory.theta, trajectory.loss, trajectory.gradient))
    if not np.abs(theta).max() < LARGEST:
        return (
            "diverged",
            f"Diverged at update {update}: the numbers grew beyond what a computer can hold.",
            "Make the learning rate smaller.",
        )
    verdict = f"Ended at update {update}: the step led to {_place(theta)}, where {_missing(loss, gradient)}."
    if np.isfinite(loss):
        return "diverged", verdict, "Change the learning rate or the start a little, so that no step ends there."
    return "diverged", verdict, "Make the learning rate smaller, or choose another start."


def _missing(loss: np.ndarray, gradient: np.ndarray) -> str:
    if np.isnan(loss):
        return "the loss has no value"
    if np.isinf(loss):
        return "the loss is infinite, or too large for a computer to hold"
    if np.isnan(gradient).any():
        return "the loss has no slope"
    return "the slope is infinite, or too large for a computer to hold"


def _inside(theta: np.ndarray, frame: Frame) -> np.ndarray:
    (low1, high1), (low2, high2) = frame
    return (theta[0] >= low1) & (theta[0] <= high1) & (theta[1] >= low2) & (theta[1] <= high2)


def _left(trajectory: Trajectory, inside: np.ndarray, frame: Frame) -> Judgement:
    if not inside.any():
        return "left", "Began outside the frame and does not end in it.", "Choose a start inside the frame."
    update = int(np.flatnonzero(inside)[-1]) + 1
    last, first = trajectory.loss[-1], trajectory.loss[0]
    change = "rose" if last > first else "fell"
    outwards = trajectory.theta[-1] - np.clip(trajectory.theta[-1], *np.transpose(frame))
    with np.errstate(all="ignore"):
        leads_on = dot(-trajectory.gradient[-1], outwards) > 0
    remedy = (
        "Downhill leads further out there: choose another start." if leads_on else "Make the learning rate smaller."
    )
    return "left", f"Left the frame at update {update}; the loss {change} to {_number(last)}.", remedy


class _End:
    """What is known about the end of a run inside the frame."""

    def __init__(self, trajectory: Trajectory, loss: Loss, minima: Sequence[np.ndarray], size: float):
        self.trajectory, self.loss, self.minima, self.size = trajectory, loss, minima, size
        count = min(max(20, int(RECENT * trajectory.steps)), trajectory.steps)
        self.recent = trajectory.theta[trajectory.steps - count :]
        self.last = self.recent[-1]
        self.moves = np.diff(self.recent, axis=0)
        self.lengths = np.hypot(*self.moves.T)
        self.walked = float(self.lengths.sum())
        self.place = _place(self.last)
        self.slope = float(np.hypot(*trajectory.gradient[-1]))
        self.nearest = min(minima, key=lambda minimum: np.hypot(*(self.last - minimum)), default=None)
        self.distance = np.inf if self.nearest is None else float(np.hypot(*(self.last - self.nearest)))

    def at_rest(self) -> Judgement:
        if self.distance <= ARRIVED * self.size:
            return self._at_global_minimum()
        beside = self._beside()
        if beside and beside.kind == "minimum":
            return self._at_local_minimum(_place(beside.theta))
        if beside:
            verdict = f"Stuck at a {beside.kind} at {_place(beside.theta)}."
            return beside.kind, verdict, "Add a little noise, or move the start."
        if self.trajectory.steps == 0:
            return "stopped", "No update was made.", "Set at least one update."
        if self._is_flat():
            return self._on_plateau()
        if self.walked == 0:
            return (
                "stopped",
                f"Stopped at {self.place}, although the slope is |∇L| = {_number(self.slope)}: the steps are zero.",
                "Change the schedule, the learning rate or the noise.",
            )
        return (
            "still moving",
            f"Crawling at {self.place}: the slope is |∇L| = {_number(self.slope)}, but the steps are tiny.",
            "Make the learning rate larger.",
        )

    def _at_global_minimum(self) -> Judgement:
        done = _updates_to_tolerance(self.trajectory, self.loss, self.minima) >= 0
        if done or self.distance <= STANDSTILL * self.size:
            return "global minimum", f"Converged to the global minimum at {_place(self.nearest)}.", ""
        return (
            "still moving",
            f"Near the global minimum {_place(self.nearest)}, but it hardly moves.",
            "Make the learning rate larger.",
        )

    def _beside(self) -> StationaryPoint | None:
        return stationary_point_beside(self.loss, self.last, ARRIVED * self.size)

    def _at_local_minimum(self, place: str) -> Judgement:
        if not len(self.minima):
            return "local minimum", f"Converged to a minimum at {place}.", "Other starts may find a lower one."
        return (
            "local minimum",
            f"Converged to a local minimum at {place}.{self._deeper()}",
            "Start elsewhere, or use momentum or noise to leave the hollow.",
        )

    def _deeper(self) -> str:
        return f" The global minimum is lower: L* = {_number(self._lowest)}." if len(self.minima) else ""

    def in_motion(self) -> Judgement:
        if self._oscillates():
            return (
                "oscillating",
                f"Oscillating around {_place(self.recent[1:].mean(axis=0))} "
                f"in steps of about {_number(float(self.lengths.mean()))}.",
                "Make the learning rate smaller, or choose a schedule that lowers it.",
            )
        if self.distance <= ARRIVED * self.size:
            verdict = f"Settling at the global minimum {_place(self.nearest)}."
            return "still moving", verdict, "Give it a few more updates."
        beside = self._beside()
        if beside and beside.kind == "minimum":
            which = "a local minimum" if len(self.minima) else "a minimum"
            verdict = f"Settling at {which} near {_place(beside.theta)}.{self._deeper()}"
            return "still moving", verdict, "Start elsewhere to find a lower one."
        if self.walked <= SLOW * self.size and self._is_flat():
            return self._on_plateau()
        return "still moving", f"Still moving at {self.place}.", "Give it more updates, or change the learning rate."

    def _oscillates(self) -> bool:
        """True where it goes back and forth, three times at least, without getting calmer."""
        half = len(self.moves) // 2
        turns = (np.diff(np.sign(self.moves[half:]), axis=0) != 0).sum(axis=0).max(initial=0)
        net = float(np.hypot(*(self.recent[-1] - self.recent[0])))
        steady = half > 0 and self.lengths[half:].mean() > 0.8 * self.lengths[:half].mean()
        return bool(turns >= 3 and net < 0.25 * self.walked and steady)

    @property
    def _lowest(self) -> float:
        return _lowest(self.loss, self.minima)

    def _is_flat(self) -> bool:
        """True where walking on along the slope would hardly lower the loss, although there is far to go."""
        steepest = float(np.hypot(*self.trajectory.gradient.T).max())
        to_gain = float(self.trajectory.loss[-1]) - self._lowest if len(self.minima) else steepest * self.size / 10
        return self.slope * self.size <= FLAT_GAIN * to_gain

    def _on_plateau(self) -> Judgement:
        return (
            "plateau",
            f"Stuck on a plateau at {self.place}: the slope is only |∇L| = {_number(self.slope)}.",
            "Raise the learning rate, or try a rule that rescales small gradients, such as Adam.",
        )


def _lowest(loss: Loss, minima: Sequence[np.ndarray]) -> float:
    return min(float(loss.value(np.asarray(minimum))) for minimum in minima)


def _rounding(loss: Loss, minima: Sequence[np.ndarray]) -> float:
    """The gap that remains where a minimiser and its loss are known to the last digits only."""
    theta = np.transpose(minima)[..., None]
    around = np.asarray(loss.value(theta + 4 * np.spacing(np.abs(theta)) * _CORNERS[:, None]))
    here = np.asarray(loss.value(theta))
    return float((around - here + 4 * np.spacing(np.abs(here))).max())


def _place(theta: np.ndarray) -> str:
    return f"({_number(theta[0])}, {_number(theta[1])})"


def _number(value: float) -> str:
    return f"{float(value):.3g}".replace("-", "−")
