"""The one loop, and the trajectory it returns."""

import dataclasses
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Protocol

import numpy as np

from optimizers.descent import Descent
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import NOTE, lowered
from optimizers.many import WHOLE, ManyRuns
from optimizers.optimizer import Optimizer
from optimizers.single import rows_of_one
from optimizers.stepped import Moment, has_own_step, moments_of_steps, points_of_steps
from optimizers.stepping import State
from programs.registers import neighbours, surely_finite
from programs.tracing import component_names

# The GNU C library returns freed memory to the system unless it has once freed one array as large, up to 32 MB; and
# fresh memory costs more than the arithmetic on it. So one large array is made and freed at once, untouched.
np.empty(2**22 - 2**10)


class StochasticLoss(Loss, Protocol):
    """A loss of which a rule sees another sample at every update."""

    def sample(self, update: int) -> Loss:
        """What the rule sees at this update; the first update is number 0."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Where a rule went: every point with its loss, gradient and the rule's state.

    theta: (steps + 1, 2, *batch). loss: (steps + 1, *batch). gradient: like theta. state: arrays by name, each with
    steps + 1 leading entries; entry k is the state after k updates. seen_gradient: the gradient that the rule saw,
    which is `gradient` itself unless the loss is stochastic. diverged_at: (*batch,), the first update whose point,
    loss or gradient is not finite, -1 where there is none. optimizer, objective: the rule that ran and the loss that it
    descended, None where they are not known.
    """

    theta: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray
    seen_gradient: np.ndarray
    state: State
    diverged_at: np.ndarray
    optimizer: Optimizer | None = None
    objective: Loss | None = None

    @property
    def diverged(self) -> np.ndarray:
        """True where some number stopped being finite, shape (*batch,)."""
        return self.diverged_at >= 0

    @property
    def steps(self) -> int:
        """The number of updates."""
        return len(self.theta) - 1


@dataclass(frozen=True, eq=False)
class Endpoint:
    """Where a rule arrived: theta (2, *batch), loss (*batch,), gradient (2, *batch), diverged_at as in a Trajectory."""

    theta: np.ndarray
    loss: np.ndarray
    gradient: np.ndarray
    diverged_at: np.ndarray

    @property
    def diverged(self) -> np.ndarray:
        """True where some number stopped being finite, shape (*batch,)."""
        return self.diverged_at >= 0


def run(optimizer: Optimizer, loss: Loss, start, steps: int) -> Trajectory:
    """Descends `loss` from `start` and records every update.

    start: points of shape (2, *batch). steps: the number of updates, at least 0. Hyperparameters of shape (*batch,) are
    matched with the points; a single start serves all of them. loss: any object with value, gradient and, for rules
    that ask for it, hessian; if it has `sample`, the rule sees a sample while the record shows the loss itself.
    Divergence is not an error: the numbers run to inf or nan, and `diverged_at` says when.

    Raises ValueError where the shapes do not fit or steps is no whole number of at least 0.
    """
    rule = optimizer
    optimizer, theta = _prepared(optimizer, start, steps)
    if has_own_step(optimizer):
        with np.errstate(all="ignore"):
            return _from_steps([*moments_of_steps(optimizer, loss, theta, steps)], rule, loss)
    if theta.ndim == 1:
        with np.errstate(all="ignore"):
            return _from_rows(*rows_of_one(optimizer, loss, theta, steps), rule, loss)
    before = ("value", "gradient", *(["seen_gradient"] if hasattr(loss, "sample") else []))
    runs = ManyRuns(optimizer, loss, theta, before, tuple(lowered(type(optimizer)).shown))
    records = _Records(runs, steps)
    runs.work(records.filled, steps + 1)
    return records.trajectory(rule)


def _from_steps(moments: list[Moment], rule: Optimizer, loss: Loss) -> Trajectory:
    theta, value, gradient, seen, states = zip(*moments, strict=True)
    theta, value, gradient, seen = map(np.stack, (theta, value, gradient, seen))
    state = {name: np.stack([state[name] for state in states]) for name in states[0]}
    diverged_at = _first_update_that_is_not_finite(theta, value, gradient)
    return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, loss)


def _first_update_that_is_not_finite(theta: np.ndarray, value: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Its number for records (updates, 2, *batch), -1 where there is none: shape (*batch,)."""
    finite = np.isfinite(value) & np.isfinite(theta).all(axis=1) & np.isfinite(gradient).all(axis=1)
    return np.where(finite.all(axis=0), -1, finite.argmin(axis=0))


class _Records:
    """All that is recorded of many runs."""

    def __init__(self, runs: ManyRuns, steps: int):
        self._runs, self._steps = runs, steps
        rounds, count = runs.rounds, steps + 1
        _, self._arrays = neighbours({name: runs.shape(name, runs.count) for name in rounds.recorded}, count)
        self._uniform = {name: np.empty(count) for name in rounds.uniform}
        self._diverged_at = np.full(runs.count, -1)

    def filled(self, rows: slice) -> Iterator[None]:
        """Records these rows, update by update."""
        runs = self._runs
        # What an update shows stands beside the point that it leads to.
        places = {
            name: iter(array[1 if name in runs.after else 0 :, ..., rows]) for name, array in self._arrays.items()
        }
        for update, moment in enumerate(itertools.islice(runs.moments(rows, places), self._steps + 1)):
            for name, numbers in self._uniform.items():
                numbers[update] = moment[name]
            _watch(self._diverged_at[rows], update, moment["theta"], moment["value"], moment["gradient"])
            yield

    def trajectory(self, rule: Optimizer) -> Trajectory:
        """The records in the shape of the batch."""
        runs, program = self._runs, self._runs.made.rule
        state = {"update": np.arange(self._steps + 1)}
        for name, shape in program.memory.items():
            parts = [self._whole(component) for component in _quantities(name, shape)]
            whole = (self._steps + 1, *shape, *runs.batch)
            state[name] = parts[0] if len(parts) == 1 else np.stack(parts, 1).reshape(whole)
        for name in program.shown:
            shown = self._whole(name)
            shown[0] = 0 if name == NOTE else np.nan
            state[name] = shown.astype(int) if name == NOTE else shown
        theta, value, gradient = map(self._whole, ("theta", "value", "gradient"))
        seen = self._whole("seen_gradient") if "seen_gradient" in runs.before else gradient
        diverged_at = self._diverged_at.reshape(runs.batch)
        return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, runs.loss)

    def _whole(self, name: str) -> np.ndarray:
        if name in self._uniform:
            return self._uniform[name]
        array = self._arrays[name]
        return array.reshape((*array.shape[:-1], *self._runs.batch))


def _quantities(name: str, shape: tuple[int, ...]) -> list[str]:
    """The names under which something is recorded: vectors as a whole, matrices by entry."""
    return [name] if len(shape) < 2 else component_names(name, shape)


def _from_rows(made: Descent, rows: np.ndarray, rule: Optimizer, loss: Loss) -> Trajectory:
    """The trajectory of one start from its rows."""
    columns = iter(range(rows.shape[1]))

    def taken(shape: tuple[int, ...]) -> np.ndarray:
        begin, *_ = own = [next(columns) for _ in range(math.prod(shape))]
        return rows[:, begin : begin + len(own)].reshape(len(rows), *shape)

    theta, memory = taken((2,)), {name: taken(shape) for name, shape in made.rule.memory.items()}
    value, gradient = taken(()), taken((2,))
    seen = taken((2,)) if "seen_gradient1" in made.moments else gradient
    shown = {name: _after_each(name, taken(shape)) for name, shape in made.rule.shown.items()}
    diverged_at = _first_update_that_is_not_finite(theta, value, gradient)
    state = {"update": np.arange(len(rows)), **memory, **shown}
    return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, loss)


def _after_each(name: str, made: np.ndarray) -> np.ndarray:
    """What updates have made, as it is after each of them; before the first there is none."""
    result = np.empty(made.shape, dtype=int if name == NOTE else float)
    result[0], result[1:] = 0 if name == NOTE else np.nan, made[:-1]
    return result


def run_to_end(optimizer: Optimizer, loss: Loss, start, steps: int) -> Endpoint:
    """Descends like `run` but keeps the last points only: memory does not depend on the number of updates."""
    if has_own_step(optimizer):
        path = run(optimizer, loss, start, steps)
        return Endpoint(path.theta[-1], path.loss[-1], path.gradient[-1], path.diverged_at)
    optimizer, theta = _prepared(optimizer, start, steps)
    runs = ManyRuns(optimizer, loss, theta, ("value", "gradient"))
    ends = {"theta": np.empty((2, runs.count)), "value": np.empty(runs.count), "gradient": np.empty((2, runs.count))}
    diverged_at = np.full(runs.count, -1)

    def descend(rows: slice) -> Iterator[None]:
        for update, moment in enumerate(itertools.islice(runs.moments(rows, runs.turns(rows)), steps + 1)):
            _watch(diverged_at[rows], update, moment["theta"], moment["value"], moment["gradient"])
            yield
        for name, end in ends.items():
            end[..., rows] = moment[name]

    runs.work(descend, steps + 1)
    theta, value, gradient = (end.reshape((*end.shape[:-1], *runs.batch)) for end in ends.values())
    return Endpoint(theta, value, gradient, diverged_at.reshape(runs.batch))


def _watch(diverged_at: np.ndarray, update: int, theta: np.ndarray, value: np.ndarray, gradient: np.ndarray) -> None:
    """Writes the number of this update into `diverged_at` (n,) where it is the first one that is not finite."""
    if surely_finite(value) and surely_finite(gradient) and surely_finite(theta):
        return
    finite = np.isfinite(value) & np.isfinite(theta).all(axis=0) & np.isfinite(gradient).all(axis=0)
    diverged_at[(diverged_at < 0) & ~finite] = update


def _prepared(optimizer: Optimizer, start, steps: int) -> tuple[Optimizer, np.ndarray]:
    """The optimizer with its hyperparameters as arrays, and the start in the shape of the whole batch."""
    if not (isinstance(steps, Integral) and steps >= 0):
        raise ValueError(f"The number of updates must be a whole number of at least 0, but it is {steps!r}.")
    theta = np.array(start, dtype=float)
    if theta.ndim == 0 or theta.shape[0] != 2:
        raise ValueError(f"The start has shape (2, *batch): theta1 and theta2 first. This one has {theta.shape}.")
    arrays = {name: np.asarray(getattr(optimizer, name), dtype=float) for name in hyperparameters(optimizer)}
    try:
        batch = np.broadcast_shapes(theta.shape[1:], *(array.shape for array in arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items() if array.shape)
        raise ValueError(
            f"Hyperparameters and start must share one batch shape, but the start has {theta.shape[1:]} and {shapes}."
        ) from None
    theta = theta.reshape(2, *(1 for _ in range(len(batch) - theta.ndim + 1)), *theta.shape[1:])
    # numpy multiplies by a 0-d array in half the time that a Python number takes.
    return dataclasses.replace(optimizer, **arrays), np.array(np.broadcast_to(theta, (2, *batch)))


def points(optimizer: Optimizer, loss: Loss, start, steps: int) -> Iterator[np.ndarray]:
    """The points of `run`, one after another and each of shape (2, *batch), with nothing else computed or kept.

    A point is good until the one after the next is asked for: its memory is used again. Where a run diverges, numpy
    warns unless the caller has told it not to.
    """
    optimizer, theta = _prepared(optimizer, start, steps)
    if has_own_step(optimizer):
        yield from points_of_steps(optimizer, loss, theta, steps)
        return
    runs = ManyRuns(optimizer, loss, theta)
    for moment in itertools.islice(runs.moments(WHOLE, runs.turns(WHOLE)), steps + 1):
        yield moment["theta"].reshape(theta.shape)
