"""What a sentence promises, as quantities that are measured on the runs that it speaks of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

import numpy as np

from optimizers import Optimizer, Trajectory, run
from optimizers.kinds import OutcomeKind
from optimizers.outcome import Outcome, outcome
from programs.frame import inside
from surfaces import Surface
from surfaces.critical_points import CriticalPoint

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

    @classmethod
    def of(cls, surface: Surface, optimizers: Mapping[str, Optimizer], start: np.ndarray | Point, steps: int) -> "Runs":
        """Every rule from the same start."""
        return cls(surface, optimizers, {name: run(rule, surface, start, steps) for name, rule in optimizers.items()})

    def path(self, name: str) -> np.ndarray:
        """The points of a run, shape (2, steps + 1)."""
        return self.trajectories[name].theta.T

    def step_lengths(self, name: str) -> np.ndarray:
        """How long each update was, shape (steps,)."""
        return np.hypot(*np.diff(self.path(name)))

    def inside(self, name: str) -> np.ndarray:
        """Which points of a run lie in the picture of its surface, its edges included, shape (steps + 1,)."""
        return inside(self.path(name), self.surface.view)

    def distances(self, name: str, point: Point) -> np.ndarray:
        """How far from a point the run was before each update and at its end, shape (steps + 1,)."""
        theta1, theta2 = self.path(name)
        return np.hypot(theta1 - point[0], theta2 - point[1])

    def slopes(self, name: str) -> np.ndarray:
        """How long the gradient was before each update and at the end, shape (steps + 1,)."""
        return np.hypot(*self.trajectories[name].gradient.T)

    def sides(self, name: str, point: Point, across: Point) -> np.ndarray:
        """How far a run was from the line through a point at right angles to `across`, the side as the sign."""
        (theta1, theta2), length = self.path(name), np.hypot(*across)
        return ((theta1 - point[0]) * across[0] + (theta2 - point[1]) * across[1]) / length

    def crosses(self, name: str, point: Point, across: Point) -> np.ndarray:
        """Which updates pass from one side of such a line to the other, shape (steps,)."""
        sides = self.sides(name, point, across)
        return sides[:-1] * sides[1:] < 0

    def curvatures(self, point: Point) -> np.ndarray:
        """The eigenvalues of the Hessian at a point, in ascending order."""
        return np.linalg.eigvalsh(self.surface.hessian(np.array(point, dtype=float)))

    def stationary(self, kind: str) -> list[np.ndarray]:
        """The stationary points of one kind that the picture shows."""
        return [point.theta for point in _critical_points(self.surface) if point.kind == kind]

    def outcome(self, name: str) -> Outcome:
        """What became of a run, judged as on the playground."""
        if name not in self._outcomes:
            surface = self.surface
            self._outcomes[name] = outcome(self.trajectories[name], surface, surface.minima, surface.view)
        return self._outcomes[name]

    @cached_property
    def _outcomes(self) -> dict[str, Outcome]:
        """Those that were asked for."""
        return {}


@lru_cache(maxsize=64)
def _critical_points(surface: Surface) -> tuple[CriticalPoint, ...]:
    return surface.critical_points(surface.view)


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

    def reads(self, number: str) -> Claim[Evidence]:
        """The promise that it is this number when it is rounded to as many places: "0.28", "24", "1.1e-6"."""
        digits, _, exponent = number.partition("e")
        unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
        # A half is rounded up or down, and its last binary digit may be either.
        return self.between(float(number) - 0.500001 * unit, float(number) + 0.500001 * unit)

    def at_least(self, value: float) -> Claim[Evidence]:
        """The promise that it is not less than this number."""
        return self.between(value, np.inf)

    def at_most(self, value: float) -> Claim[Evidence]:
        """The promise that it is not more than this number."""
        return self.between(-np.inf, value)

    def over(self, other: "Quantity[Evidence]") -> "Quantity[Evidence]":
        """How many times another quantity it is."""
        words = f"{self.words}, divided by {other.words[0].lower()}{other.words[1:]},"
        return Quantity(words, lambda evidence: self.measure(evidence) / other.measure(evidence))

    def minus(self, other: "Quantity[Evidence]") -> "Quantity[Evidence]":
        """How much more than another quantity it is."""
        words = f"{self.words}, less {other.words[0].lower()}{other.words[1:]},"
        return Quantity(words, lambda evidence: self.measure(evidence) - other.measure(evidence))

    def scaled(self, factor: float) -> "Quantity[Evidence]":
        """So many times the quantity: with 100, a share in per cent."""
        return Quantity(f"{self.words}, times {factor:g},", lambda evidence: factor * self.measure(evidence))

    def plus(self, number: float) -> "Quantity[Evidence]":
        """The quantity and a number more."""
        return Quantity(f"{self.words}, and {number:g} more,", lambda evidence: self.measure(evidence) + number)

    def size(self) -> "Quantity[Evidence]":
        """The quantity without its sign."""
        return Quantity(f"{self.words}, without its sign,", lambda evidence: abs(self.measure(evidence)))


def complaints(claims: Iterable[Claim[Evidence]], evidence: Evidence) -> list[str]:
    """What is wrong with those promises that are not kept."""
    return [complaint for claim in claims if (complaint := claim.complaint(evidence))]


def is_true(words: str, condition: Callable[[Evidence], bool]) -> Claim[Evidence]:
    """The promise that something is so, where there is no number to measure."""
    return Quantity(words, lambda evidence: float(condition(evidence))).exactly(1)


def step_length(rule: str, update: int = 1) -> Quantity[Runs]:
    """How long one update is; the first one has number 1."""
    return Quantity(f"The length of update {update} of {rule}", lambda runs: runs.step_lengths(rule)[update - 1])


def longest_step(rule: str) -> Quantity[Runs]:
    """The length of the longest update."""
    return Quantity(f"The length of the longest update of {rule}", lambda runs: np.nanmax(runs.step_lengths(rule)))


def mean_step(rule: str, last: int) -> Quantity[Runs]:
    """The mean length of so many last updates."""
    return Quantity(
        f"The mean length of the last {last} updates of {rule}", lambda r: r.step_lengths(rule)[-last:].mean()
    )


def way(rule: str) -> Quantity[Runs]:
    """How long the whole path is."""
    return Quantity(f"The length of the path of {rule}", lambda runs: runs.step_lengths(rule).sum())


def detour(rule: str) -> Quantity[Runs]:
    """How far a path strays from the straight line between its ends, as a share of that line's length."""

    def share(runs: Runs) -> float:
        path = runs.path(rule)
        (along1, along2), (from1, from2) = path[:, -1] - path[:, 0], path - path[:, :1]
        return np.abs(along1 * from2 - along2 * from1).max() / (along1**2 + along2**2)

    return Quantity(f"The greatest distance of {rule} to the line between its ends, as a share of that line", share)


def coordinate(rule: str, number: int, update: int = -1) -> Quantity[Runs]:
    """θ₁ (number 1) or θ₂ (number 2) of a run after an update; at its end unless another update is given."""
    return Quantity(
        f"Parameter {number} of {rule} after update {update}", lambda runs: runs.path(rule)[number - 1][update]
    )


def loss(rule: str, update: int = -1) -> Quantity[Runs]:
    """The loss of a run after an update; at its end unless another update is given."""
    return Quantity(f"The loss of {rule} after update {update}", lambda runs: runs.trajectories[rule].loss[update])


def loss_at(point: Point) -> Quantity[Runs]:
    """The loss at a point."""
    return Quantity(f"The loss at {point}", lambda runs: float(runs.surface.value(np.array(point, dtype=float))))


def slope(rule: str, update: int = -1) -> Quantity[Runs]:
    """The length of the gradient after an update; at the end of the run unless another update is given."""
    return Quantity(f"The slope of {rule} after update {update}", lambda runs: runs.slopes(rule)[update])


def steepest(rule: str) -> Quantity[Runs]:
    """The length of the longest gradient on a path."""
    return Quantity(f"The steepest slope on the path of {rule}", lambda runs: np.nanmax(runs.slopes(rule)))


def arrival(rule: str, point: Point, within: float) -> Quantity[Runs]:
    """After how many updates a run has come this near to a point for good; inf where it never has."""

    def update(runs: Runs) -> float:
        near = runs.distances(rule, point) <= within
        return float(len(near) - _first(near[::-1])) if near[-1] else np.inf

    return Quantity(f"The number of updates after which {rule} stays within {within:g} of {point}", update)


def updates_to_tolerance(rule: str) -> Quantity[Runs]:
    """After how many updates less than 0.1 % of the first loss, counted from the lowest one, is left; inf if never."""

    def updates(runs: Runs) -> float:
        count = runs.outcome(rule).updates_to_tolerance
        return count if count >= 0 else np.inf

    return Quantity(f"The number of updates after which {rule} has less than 0.1 % of the loss left", updates)


def crossings(rule: str, point: Point, across: Point) -> Quantity[Runs]:
    """How many updates pass from one side of a line to the other: the line through `point` at right angles to
    `across`. So with a minimum and the direction across its valley, it counts the swings of a zigzag."""
    return Quantity(
        f"The number of updates with which {rule} passes the line through {point} across {across}",
        lambda runs: int(runs.crosses(rule, point, across).sum()),
    )


def last_crossing(rule: str, point: Point, across: Point, at_least: float = 0.0) -> Quantity[Runs]:
    """The last update that passes such a line and is not shorter, across the line, than `at_least`; 0 if there is none.
    So it says when a zigzag is over."""

    def update(runs: Runs) -> int:
        wide = np.abs(np.diff(runs.sides(rule, point, across))) >= at_least
        return int(np.flatnonzero(runs.crosses(rule, point, across) & wide).max(initial=-1)) + 1

    return Quantity(
        f"The last update with which {rule} passes the line through {point} across {across} by {at_least:g}", update
    )


def learning_rate(rule: str) -> Quantity[Runs]:
    """The learning rate of a rule."""
    return Quantity(f"The learning rate of {rule}", lambda runs: float(runs.optimizers[rule].learning_rate))


def largest_curvature(point: Point) -> Quantity[Runs]:
    """The larger eigenvalue λ of the Hessian at a point."""
    return Quantity(f"The largest curvature at {point}", lambda runs: runs.curvatures(point)[1])


def smallest_curvature(point: Point) -> Quantity[Runs]:
    """The smaller eigenvalue of the Hessian at a point."""
    return Quantity(f"The smallest curvature at {point}", lambda runs: runs.curvatures(point)[0])


def limit(point: Point) -> Quantity[Runs]:
    """2/λ with the largest curvature λ at a point."""
    return Quantity(f"2/λ at {point}", lambda runs: 2 / runs.curvatures(point)[1])


def global_minima() -> Quantity[Runs]:
    """How many global minima the surface is known to have."""
    return Quantity("The number of global minima", lambda runs: len(runs.surface.minima))


def lowest_loss() -> Quantity[Runs]:
    """The loss at the global minima."""
    return Quantity("The lowest loss", lambda runs: runs.surface.best_loss)


def stationary_points(kind: str) -> Quantity[Runs]:
    """How many minima, maxima or saddles the picture of the surface shows."""
    return Quantity(
        f"The number of stationary points in the picture that are a {kind}", lambda runs: len(runs.stationary(kind))
    )


def nearest_stationary(kind: str, rule: str, update: int = 0) -> Quantity[Runs]:
    """How far the nearest minimum, maximum or saddle is after an update of a run; from its start unless another update
    is given."""

    def measure(runs: Runs) -> float:
        theta = runs.path(rule)[:, update]
        return min((float(np.hypot(*(point - theta))) for point in runs.stationary(kind)), default=np.inf)

    return Quantity(f"The distance of {rule} after update {update} to the nearest {kind}", measure)


def picture_width() -> Quantity[Runs]:
    """How wide the picture of the surface is along θ₁."""
    return Quantity("The width of the picture", lambda runs: runs.surface.view[0][1] - runs.surface.view[0][0])


def instead(
    quantity: Quantity[Runs], rule: str, updates: int | None = None, start: Point | None = None, **changed: float
) -> Quantity[Runs]:
    """The same quantity, had a rule run without noise and with another number of updates, another start or other
    hyperparameters."""

    def measure(runs: Runs) -> float:
        optimizer, trajectory = replace(runs.optimizers[rule], **changed), runs.trajectories[rule]
        begin = trajectory.theta[0] if start is None else start
        other = run(optimizer, runs.surface, begin, trajectory.steps if updates is None else updates)
        return quantity.measure(
            Runs(runs.surface, {**runs.optimizers, rule: optimizer}, {**runs.trajectories, rule: other})
        )

    changes = {**changed, **({"updates": updates} if updates else {}), **({"start": start} if start else {})}
    return Quantity(f"With {changes or 'no noise'}, {quantity.words[0].lower()}{quantity.words[1:]}", measure)


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

    return Quantity(
        f"The number of first updates of {rule} that come nearer to {point}",
        lambda runs: _first(np.diff(runs.distances(rule, point)) < 0),
    )


def updates_of_falling_loss(rule: str) -> Quantity[Runs]:
    """For how many updates, counted from the first, the loss falls at every one."""
    return Quantity(
        f"The number of first updates of {rule} that lower the loss",
        lambda runs: _first(runs.trajectories[rule].loss[1:] < runs.trajectories[rule].loss[:-1]),
    )


def updates_of_rising_loss(rule: str) -> Quantity[Runs]:
    """For how many updates, counted from the first, the loss rises at every one, be it beyond all numbers."""
    return Quantity(
        f"The number of first updates of {rule} that raise the loss",
        lambda runs: _first(runs.trajectories[rule].loss[1:] > runs.trajectories[rule].loss[:-1]),
    )


def updates_of_growing_steps(rule: str) -> Quantity[Runs]:
    """How many updates, counted from the second, are longer than the one before, without a break."""
    return Quantity(
        f"The number of updates of {rule}, after the first, of which each is longer than the one before",
        lambda runs: _first(np.diff(runs.step_lengths(rule)) > 0),
    )


def updates_of_shrinking_steps(rule: str) -> Quantity[Runs]:
    """How many updates, counted from the second, are shorter than the one before, without a break."""
    return Quantity(
        f"The number of updates of {rule}, after the first, of which each is shorter than the one before",
        lambda runs: _first(np.diff(runs.step_lengths(rule)) < 0),
    )


def _first(holds: np.ndarray) -> int:
    """How many entries hold before the first one that does not."""
    return len(holds) if holds.all() else int(np.argmin(holds))


def share_of_loss_gone(rule: str, update: int = -1) -> Quantity[Runs]:
    """The share of the first loss, counted from the lowest known one, that is gone after an update; at the end unless
    another update is given."""

    def share(runs: Runs) -> float:
        loss = runs.trajectories[rule].loss
        return (loss[0] - loss[update]) / (loss[0] - runs.surface.best_loss)

    return Quantity(f"The share of the loss that {rule} has lost after update {update}", share)


def rate_over_limit(rule: str, point: Point | None = None) -> Quantity[Runs]:
    """The learning rate as a share of 2/λ, with the largest curvature λ at a point: the last one of the run unless
    another is given."""

    def share(runs: Runs) -> float:
        theta = runs.trajectories[rule].theta[-1] if point is None else np.array(point, dtype=float)
        return float(runs.optimizers[rule].learning_rate) * runs.curvatures(theta)[1] / 2

    return Quantity(f"The learning rate of {rule} as a share of 2/λ at {point or 'its end'}", share)


def stays_in_picture(rule: str) -> Claim[Runs]:
    """The promise that a run never leaves the picture of its surface."""

    return updates_in_picture(rule).exactly(np.inf)


def updates_in_picture(rule: str) -> Quantity[Runs]:
    """For how many updates, counted from the first, every one ends in the picture of the surface; inf where all do."""

    def count(runs: Runs) -> float:
        inside = runs.inside(rule)
        return np.inf if inside.all() else float(np.argmin(inside)) - 1

    return Quantity(f"The number of first updates of {rule} that end in the picture", count)


def returns_to_picture(rule: str) -> Quantity[Runs]:
    """How often a run comes back into the picture of its surface after it has left it."""
    return Quantity(
        f"The number of returns of {rule} to the picture",
        lambda runs: int((np.diff(runs.inside(rule).astype(int)) > 0).sum()),
    )


def ends_at(rule: str, point: Point, within: float = 0.01) -> Claim[Runs]:
    """The promise that a run ends at a point, up to its printed digits."""
    return distance(rule, point).at_most(within)


def ends_as(rule: str, kind: OutcomeKind) -> Claim[Runs]:
    """The promise that the verdict on a run is of this kind."""
    return is_true(f"{rule} ends as {kind}", lambda runs: runs.outcome(rule).kind == kind)
