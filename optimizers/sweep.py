"""Many runs at once: where each start of a map ends, and what each learning rate does."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from optimizers.ending import ARRIVED
from optimizers.goal import Goal
from optimizers.kinds import OutcomeKind, RateKind, StationaryKind
from optimizers.loss import Loss
from optimizers.optimizer import Optimizer
from optimizers.outcome import Outcome, outcome_by
from optimizers.stationary import stationary_point_beside
from optimizers.trajectory import Trajectory, points, run
from optimizers.variants import RateChange
from programs.blocks import Progress, in_blocks
from programs.frame import Frame, diagonal_length, inside
from programs.matrices import components, eigen

MOST_STARTS_A_SIDE = 300
MOST_RATES = 400
# As many places where starts end are searched for minima, none further out than so many tolerances.
MOST_PLACES, FURTHEST = 40, 1e9
# On the floor of a valley, slope and curvature along it are such shares of those that the curvature across makes.
LEVEL = 0.05


class FramedLoss(Loss, Protocol):
    """A loss that knows where its starts are: ((low, high) of theta1, (low, high) of theta2)."""

    domain: Frame


@dataclass(frozen=True, eq=False)
class BasinMap:
    """Where a rule ends from every start of a grid; all arrays have theta2 along the rows, theta1 along the columns.

    So `theta[:, row, column]` (of shape (2, n, n)) is the last point from the start (theta1[column], theta2[row]), as
    in a Mesh. theta1, theta2: the axes of the grid (n,), both ends of the frame included. loss: at the last points
    (n, n). optimizer, objective, steps, frame: what was run.
    """

    theta1: np.ndarray
    theta2: np.ndarray
    theta: np.ndarray
    loss: np.ndarray
    optimizer: Optimizer
    objective: Loss
    steps: int
    frame: Frame

    @cached_property
    def start(self) -> np.ndarray:
        """The starts, shape (2, n, n)."""
        return np.stack(np.meshgrid(self.theta1, self.theta2))

    @property
    def diverged(self) -> np.ndarray:
        """True where the last point or its loss is not finite, shape (n, n)."""
        return ~(np.isfinite(self.theta).all(axis=0) & np.isfinite(self.loss))

    @property
    def tolerance(self) -> float:
        """The distance at which a point counts as arrived: a hundredth of the frame's diagonal."""
        return ARRIVED * diagonal_length(self.frame)

    def reached(self, targets: Sequence[np.ndarray]) -> np.ndarray:
        """Which of these points each start reached, as its place in the list, or -1 for none: shape (n, n).

        A point is reached where it is the nearest to the last point and no further than `tolerance`.
        """
        nearest = np.full(self.loss.shape, -1)
        least = np.full(self.loss.shape, self.tolerance)
        with np.errstate(all="ignore"):
            for place, target in enumerate(targets):
                distance = np.hypot(self.theta[0] - target[0], self.theta[1] - target[1])
                nearer = distance <= least
                nearest[nearer], least[nearer] = place, distance[nearer]
        return nearest

    def further_minima(self, known: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
        """The minima beside the last points that reached none of the known ones, most of them outside the frame.

        The MOST_PLACES places where most of these starts end are looked at.
        """
        found: list[np.ndarray] = []
        for end in self._places(self.reached(known)):
            point = stationary_point_beside(self.objective, end, self.tolerance)
            if point is not None and point.kind == StationaryKind.MINIMUM:
                near = [np.hypot(*(point.theta - other)) <= self.tolerance for other in (*known, *found)]
                found += [] if any(near) else [point.theta]
        return tuple(found)

    def in_valley(self, reached: np.ndarray) -> np.ndarray:
        """True for the starts that reached no target and end on the floor of a valley of minima: shape (n, n).

        reached: as from `reached`.
        """
        kinds = {
            point.kind
            for point in (stationary_point_beside(self.objective, end, self.tolerance) for end in self._places(reached))
            if point is not None
        }
        if StationaryKind.VALLEY not in kinds:
            return np.zeros(reached.shape, dtype=bool)
        with np.errstate(all="ignore"):
            theta = self.theta.reshape(2, -1)
            gradient = np.asarray(self.objective.gradient(theta), dtype=float)
            (low, high), axes = eigen(np.asarray(self.objective.hessian(theta), dtype=float))
            along, across = np.abs(components(axes, gradient))
            level = (
                (high > 0)
                & (np.abs(low) <= 2 * LEVEL * high)
                & (across <= self.tolerance * high)
                & (along <= LEVEL * self.tolerance * high)
            )
        return (reached < 0) & ~self.diverged & level.reshape(reached.shape)

    def _places(self, reached: np.ndarray) -> np.ndarray:
        """Some of the last points (m, 2) that reached no target, one of each neighbourhood, the most frequent first."""
        ends = self.theta[:, (reached < 0) & ~self.diverged].T
        ends = ends[np.abs(ends).max(axis=1, initial=0) <= FURTHEST * self.tolerance]
        _, first, counts = np.unique(
            np.round(ends / self.tolerance).astype(np.int64), axis=0, return_index=True, return_counts=True
        )
        return ends[first[np.argsort(-counts, kind="stable")][:MOST_PLACES]]

    def updates_to_arrival(self, progress: Progress | None = None) -> np.ndarray:
        """The number of the update from which a run stays within `tolerance` of its own last point: shape (n, n).

        -1 where it diverged. A run that still moves fast at its end arrives late by this count, so read it together
        with `reached`. The runs are made once more, with threads and progress as in `basin_map`.
        """
        last, start, diverged = self.theta.reshape(2, -1), self.start.reshape(2, -1), self.diverged.ravel()
        result = np.zeros(diverged.shape, dtype=int)
        limit = self.tolerance**2

        def arrive(block: slice) -> Iterator[None]:
            (end1, end2), part = last[:, block], result[block]
            moments = points(self.optimizer, self.objective, start[:, block], self.steps)
            for update, (theta1, theta2) in enumerate(moments):
                away1, away2 = theta1 - end1, theta2 - end2
                part[~(away1 * away1 + away2 * away2 <= limit)] = update + 1
                yield

        in_blocks(arrive, diverged.size, self.steps + 1, progress)
        result[diverged] = -1
        return result.reshape(self.loss.shape)


def basin_map(
    optimizer: Optimizer,
    loss: FramedLoss,
    resolution: int,
    steps: int,
    frame: Frame | None = None,
    progress: Progress | None = None,
) -> BasinMap:
    """Runs one rule from a grid of resolution x resolution starts over the frame and keeps the last points.

    frame: ((low, high) of theta1, (low, high) of theta2); the loss's own `domain` where it is not given. progress: is
    told the share done, in this thread, about twenty times a second and at the end; an exception that it raises ends
    the work. Large maps are worked on by one thread per processor. Every start equals the same run made alone, bit for
    bit. Memory does not grow with the number of updates.

    Raises ValueError where the resolution is no whole number from 2 to 300, steps none of at least 0, or the frame not
    two intervals of finite numbers.
    """
    if not _is_whole(resolution) or not 2 <= resolution <= MOST_STARTS_A_SIDE:
        raise ValueError(f"A map has 2 to {MOST_STARTS_A_SIDE} starts a side, not {resolution!r}.")
    if not _is_whole(steps) or steps < 0:
        raise ValueError(f"The number of updates must be a whole number of at least 0, but it is {steps!r}.")
    frame = loss.domain if frame is None else frame
    if np.shape(frame) != (2, 2) or not all(-np.inf < low < high < np.inf for low, high in frame):
        raise ValueError(f"A frame is two intervals (low, high) of finite numbers with low < high, not {frame!r}.")
    theta1, theta2 = (np.linspace(low, high, resolution) for low, high in frame)
    start = np.stack(np.meshgrid(theta1, theta2)).reshape(2, -1)
    theta = np.empty_like(start)

    def descend(block: slice) -> Iterator[None]:
        for update, moment in enumerate(points(optimizer, loss, start[:, block], steps)):
            if update == steps:
                theta[:, block] = moment
            yield

    in_blocks(descend, start.shape[1], steps + 1, progress)
    with np.errstate(all="ignore"):
        value = np.asarray(loss.value(theta)).reshape(resolution, resolution)
    return BasinMap(theta1, theta2, theta.reshape(2, resolution, resolution), value, optimizer, loss, steps, frame)


def _is_whole(number) -> bool:
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


@dataclass(frozen=True, eq=False)
class RateSweep:
    """What each learning rate does from one start.

    rates: (n,), ascending. trajectory: all runs as one batch (n,). goal, frame: what an outcome is judged by.
    """

    rates: np.ndarray
    trajectory: Trajectory
    goal: Goal
    frame: Frame

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """One for each rate, judged when they are first asked for."""
        return tuple(outcome_by(self.single(index), self.goal, self.frame) for index in range(self.rates.size))

    @property
    def loss(self) -> np.ndarray:
        """The last loss of each rate, shape (n,)."""
        return self.trajectory.loss[-1]

    @cached_property
    def updates_to_tolerance(self) -> np.ndarray:
        """The update after which each run stays within the tolerance of its outcome, -1 for never: shape (n,).

        Only who ends outside the frame is judged for it: who left it has not arrived, however low it is.
        """
        updates = self.goal.updates_to_tolerance(self.trajectory.loss)
        for index in np.flatnonzero((updates >= 0) & ~inside(self.trajectory.theta[-1], self.frame)):
            if outcome_by(self.single(index), self.goal, self.frame).kind == OutcomeKind.LEFT:
                updates[index] = -1
        return updates

    @property
    def kinds(self) -> tuple[RateKind, ...]:
        """What became of each rate."""
        return tuple(result.kind.at_its_rate for result in self.outcomes)

    @property
    def lost(self) -> np.ndarray:
        """True for the rates that leave the frame or diverge, shape (n,)."""
        return np.array([result.kind.is_lost for result in self.outcomes])

    @property
    def best(self) -> int:
        """The place of the best rate.

        That which needs the fewest updates to tolerance, the smallest of equals; where none gets there, that with the
        lowest finite last loss inside the frame, and where there is none, the smallest rate.
        """
        arrived = self.updates_to_tolerance
        if (arrived >= 0).any():
            return int(np.argmin(np.where(arrived >= 0, arrived, np.inf)))
        return int(np.argmin(np.where(~self.lost & np.isfinite(self.loss), self.loss, np.inf)))

    def single(self, place: int) -> Trajectory:
        """The run of one rate."""
        whole = self.trajectory
        theta, loss, gradient = (part[..., place] for part in (whole.theta, whole.loss, whole.gradient))
        seen = gradient if whole.seen_gradient is whole.gradient else whole.seen_gradient[..., place]
        rule = dataclasses.replace(whole.optimizer, learning_rate=float(self.rates[place]))
        return Trajectory(theta, loss, gradient, seen, {}, whole.diverged_at[place], rule, whole.objective)


def learning_rate_sweep(
    optimizer: Optimizer, loss: Loss, start, rates, steps: int, minima: Sequence[np.ndarray], frame: Frame
) -> RateSweep:
    """Runs one rule with many learning rates from one start (2,), as one batch, and judges every run.

    rates: 1 to 400 numbers. minima, frame: what an outcome is judged by. Every run equals the same run made alone.

    Raises ValueError where the rule's learning rate changes during the run, where the rates are too many or none, or
    one of them is outside the rule's range.
    """
    if isinstance(optimizer.schedule, RateChange):
        raise ValueError(
            f"The learning rate of {type(optimizer).__name__} changes during the run: a sweep needs a single one."
        )
    rates = np.sort(np.array(rates, dtype=float).reshape(-1))
    if not 1 <= rates.size <= MOST_RATES:
        raise ValueError(f"A sweep takes 1 to {MOST_RATES} learning rates, not {rates.size}.")
    trajectory = run(dataclasses.replace(optimizer, learning_rate=rates), loss, start, steps)
    return RateSweep(rates, trajectory, Goal(loss, minima), frame)


def named_rates(sweep: RateSweep) -> dict[str, int]:
    """The places of four rates by what they do: "very large", "large", "just right", "small", as far as there are such.

    just right: the best one. very large: the smallest above it that leaves the frame or diverges. large: the largest
    above the best that does neither; on its last updates the loss is higher than with the best rate. small: the largest
    below the best one that has made, in the end, less than half of the progress that the best one makes.
    """
    best = sweep.best
    lost = sweep.lost
    if lost[best]:
        return {}
    above = np.arange(lost.size) > best
    first, last = sweep.trajectory.loss[0, best], sweep.loss[best]
    with np.errstate(all="ignore"):
        worse = sweep.loss > last
        slow = first - sweep.loss < 0.5 * (first - last)
    named = {"just right": best}
    if (above & lost).any():
        named["very large"] = int(np.flatnonzero(above & lost)[0])
        kept = above & ~lost & worse & (np.arange(lost.size) < named["very large"])
        if kept.any():
            named["large"] = int(np.flatnonzero(kept)[-1])
    if (slow & ~above & ~lost).any():
        named["small"] = int(np.flatnonzero(slow & ~above & ~lost)[-1])
    order = ("very large", "large", "just right", "small")
    return {name: named[name] for name in order if name in named}
