"""What a sentence promises, as quantities that are measured on the runs that it speaks of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from optimizers import Optimizer, Trajectory
from optimizers.outcome import outcome
from surfaces import Surface

Evidence = TypeVar("Evidence")
Point = tuple[float, float]
# How far a number in words may be from the number that it speaks of.
ABOUT = 0.05


@dataclass(frozen=True, eq=False)
class Runs:
    """The runs that a sentence speaks of: the surface, and rules and paths by name."""

    surface: Surface
    optimizers: Mapping[str, Optimizer]
    trajectories: Mapping[str, Trajectory]

    def path(self, name: str) -> np.ndarray:
        """The points of a run, shape (2, steps + 1)."""
        return self.trajectories[name].theta.T

    def step_lengths(self, name: str) -> np.ndarray:
        """How long each update was, shape (steps,)."""
        return np.hypot(*np.diff(self.path(name)))

    def distances(self, name: str, point: Point) -> np.ndarray:
        """How far from a point the run was before each update and at its end, shape (steps + 1,)."""
        theta1, theta2 = self.path(name)
        return np.hypot(theta1 - point[0], theta2 - point[1])


@dataclass(frozen=True)
class Claim(Generic[Evidence]):
    """One promise: a quantity lies in an interval, ends included. words: what is measured."""

    words: str
    measure: Callable[[Evidence], float]
    low: float
    high: float

    def complaint(self, evidence: Evidence) -> str:
        """What is wrong with the promise, with the number that was measured; empty where it is kept."""
        value = float(self.measure(evidence))
        if self.low <= value <= self.high:
            return ""
        return f"{self.words} is {value:.6g}, and not from {self.low:.6g} to {self.high:.6g}."


@dataclass(frozen=True)
class Quantity(Generic[Evidence]):
    """Something that can be measured on what a sentence speaks of. words: what it is, as the subject of a sentence."""

    words: str
    measure: Callable[[Evidence], float]

    def between(self, low: float, high: float) -> Claim[Evidence]:
        """The promise that it lies between these two numbers."""
        return Claim(self.words, self.measure, low, high)

    def exactly(self, value: float) -> Claim[Evidence]:
        """The promise that it is this number."""
        return self.between(value, value)

    def about(self, value: float, share: float = ABOUT) -> Claim[Evidence]:
        """The promise that it is this number up to a share of it."""
        return self.between(value - share * abs(value), value + share * abs(value))

    def at_least(self, value: float) -> Claim[Evidence]:
        """The promise that it is not less than this number."""
        return self.between(value, np.inf)

    def at_most(self, value: float) -> Claim[Evidence]:
        """The promise that it is not more than this number."""
        return self.between(-np.inf, value)


def is_true(words: str, condition: Callable[[Evidence], bool]) -> Claim[Evidence]:
    """The promise that something is so, where there is no number to measure."""
    return Quantity(words, lambda evidence: float(condition(evidence))).exactly(1)


def step_length(rule: str, update: int = 1) -> Quantity[Runs]:
    """How long one update is; the first one has number 1."""
    return Quantity(f"The length of update {update} of {rule}", lambda runs: runs.step_lengths(rule)[update - 1])


def distance(rule: str, point: Point, update: int = -1) -> Quantity[Runs]:
    """How far from a point a run is after an update; at its end unless another update is given."""
    return Quantity(
        f"The distance of {rule} to {point} after update {update}", lambda runs: runs.distances(rule, point)[update]
    )


def nearest_approach(rule: str, point: Point) -> Quantity[Runs]:
    """How near to a point a run comes at any time."""
    return Quantity(f"The least distance of {rule} to {point}", lambda runs: runs.distances(rule, point).min())


def updates_of_falling_distance(rule: str, point: Point) -> Quantity[Runs]:
    """For how many updates, counted from the first, every one ends nearer to a point than it began."""

    def count(runs: Runs) -> int:
        nearer = np.diff(runs.distances(rule, point)) < 0
        return int(np.argmin(nearer)) if not nearer.all() else len(nearer)

    return Quantity(f"The number of first updates of {rule} that come nearer to {point}", count)


def share_of_loss_gone(rule: str) -> Quantity[Runs]:
    """The share of the first loss, counted from the lowest known one, that is gone at the end."""

    def share(runs: Runs) -> float:
        loss = runs.trajectories[rule].loss
        return (loss[0] - loss[-1]) / (loss[0] - runs.surface.best_loss)

    return Quantity(f"The share of the loss that {rule} has lost", share)


def rate_over_limit(rule: str, point: Point | None = None) -> Quantity[Runs]:
    """The learning rate as a share of 2/λ, with the largest curvature λ at a point: the last one of the run unless
    another is given."""

    def share(runs: Runs) -> float:
        theta = runs.trajectories[rule].theta[-1] if point is None else np.array(point, dtype=float)
        largest = np.linalg.eigvalsh(runs.surface.hessian(theta))[-1]
        return float(runs.optimizers[rule].learning_rate) * largest / 2

    return Quantity(f"The learning rate of {rule} as a share of 2/λ at {point or 'its end'}", share)


def stays_in_picture(rule: str) -> Claim[Runs]:
    """The promise that a run never leaves the picture of its surface."""

    def inside(runs: Runs) -> bool:
        (low1, high1), (low2, high2) = runs.surface.view
        theta1, theta2 = runs.path(rule)
        return bool(((low1 <= theta1) & (theta1 <= high1) & (low2 <= theta2) & (theta2 <= high2)).all())

    return is_true(f"{rule} stays in the picture", inside)


def ends_as(rule: str, kind: str) -> Claim[Runs]:
    """The promise that the verdict on a run is of this kind."""

    def judged(runs: Runs) -> bool:
        surface = runs.surface
        return outcome(runs.trajectories[rule], surface, surface.minima, surface.view).kind == kind

    return is_true(f"{rule} ends as {kind}", judged)
