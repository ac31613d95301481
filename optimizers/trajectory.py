"""The one loop, and the trajectory it returns."""

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from numbers import Integral
from typing import Protocol

import numpy as np

from optimizers.asking import Remembering
from optimizers.descent import Descent
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import NOTE
from optimizers.optimizer import Optimizer
from optimizers.single import rows_of_one
from optimizers.stepping import State

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
    if theta.ndim == 1:
        with np.errstate(all="ignore"):
            return _from_rows(*rows_of_one(optimizer, loss, theta, steps), rule, loss)
    state = optimizer.init(theta)
    thetas, gradients, losses = _records([theta, theta, theta[0]], steps + 1)
    records = dict(zip(state, _records(state.values(), steps + 1), strict=True))
    seen = np.empty_like(thetas) if hasattr(loss, "sample") else gradients
    diverged_at = np.full(theta.shape[1:], -1)
    with np.errstate(all="ignore"):
        moments = _updates(optimizer, loss, theta, state, steps)
        for update, (point, value, gradient, seen_gradient, known) in enumerate(moments):
            thetas[update], losses[update], gradients[update] = point, value, gradient
            if seen is not gradients:
                seen[update] = seen_gradient
            for name, entry in known.items():
                records[name][update] = entry
            # While it is still in the processor's cache.
            _watch(diverged_at, update, point[None], value[None], gradient[None])
    return Trajectory(thetas, losses, gradients, seen, records, diverged_at, rule, loss)


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
    diverged_at = np.array(-1)
    _watch(diverged_at, 0, theta, value, gradient)
    state = {"update": np.arange(len(rows)), **memory, **shown}
    return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, loss)


def _after_each(name: str, made: np.ndarray) -> np.ndarray:
    """What updates have made, as it is after each of them; before the first there is none."""
    result = np.empty(made.shape, dtype=int if name == NOTE else float)
    result[0], result[1:] = 0 if name == NOTE else np.nan, made[:-1]
    return result


def _records(parts: Iterable, count: int) -> list[np.ndarray]:
    """Room for `count` entries like each of the parts.

    All that is float shares one block, in which the entries of one update are neighbours: the time that recording takes
    is that of touching new memory, page by page.
    """
    arrays = [np.asarray(part) for part in parts]
    sizes = [array.size if array.dtype == float else 0 for array in arrays]
    block, ends = np.empty((count, sum(sizes))), np.cumsum(sizes)
    return [
        block[:, end - size : end].reshape(count, *array.shape)
        if array.dtype == float
        else np.empty((count, *array.shape), array.dtype)
        for array, size, end in zip(arrays, sizes, ends, strict=True)
    ]


def run_to_end(optimizer: Optimizer, loss: Loss, start, steps: int) -> Endpoint:
    """Descends like `run` but keeps the last points only: memory does not depend on the number of updates."""
    optimizer, theta = _prepared(optimizer, start, steps)
    diverged_at = np.full(theta.shape[1:], -1)
    with np.errstate(all="ignore"):
        moments = _updates(optimizer, loss, theta, optimizer.init(theta), steps)
        for update, (point, value, gradient, _, _) in enumerate(moments):
            _watch(diverged_at, update, point[None], value[None], gradient[None])
    return Endpoint(point, value, gradient, diverged_at)


def _watch(diverged_at: np.ndarray, first: int, thetas: np.ndarray, losses: np.ndarray, gradients: np.ndarray) -> None:
    """Writes into `diverged_at` the first of these updates, which begin with number `first`, that is not finite."""
    # These products are finite only where every part is. (They may overflow too: whoever asks looks closer then.)
    if math.isfinite(np.vdot(thetas, gradients)) and math.isfinite(np.vdot(losses, losses)):
        return
    finite = np.isfinite(losses) & np.isfinite(thetas).all(axis=1) & np.isfinite(gradients).all(axis=1)
    new = (diverged_at < 0) & ~finite.all(axis=0)
    diverged_at[new] = first + finite.argmin(axis=0)[new]


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


# Everything that is known between two updates: point, loss, gradient, the gradient that the rule saw, and its state.
_Moment = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, State]


def _updates(optimizer: Optimizer, loss: Loss, theta: np.ndarray, state: State, steps: int) -> Iterator[_Moment]:
    """The one loop: the moment before the first update, and the moment after each."""
    shown = Remembering(loss)
    sampled = getattr(loss, "sample", None)
    for update in range(steps + 1):
        seen = Remembering(sampled(update)) if sampled else shown
        value, gradient = shown.value_and_gradient(theta)
        yield theta, value, gradient, seen.gradient(theta) if sampled else gradient, state
        if update < steps:
            theta, state = optimizer.step(seen, theta, state)


def points(optimizer: Optimizer, loss: Loss, start, steps: int) -> Iterator[np.ndarray]:
    """The points of `run`, one after another and each of shape (2, *batch), with nothing else computed or kept.

    Where a run diverges, numpy warns unless the caller has told it not to.
    """
    optimizer, theta = _prepared(optimizer, start, steps)
    state = optimizer.init(theta)
    shown = Remembering(loss)
    sampled = getattr(loss, "sample", None)
    yield theta
    for update in range(steps):
        theta, state = optimizer.step(Remembering(sampled(update)) if sampled else shown, theta, state)
        yield theta
