"""What is recorded of a run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimizers.descent import Descent
from optimizers.loss import Loss
from optimizers.lowering import NOTE
from optimizers.optimizer import Optimizer
from optimizers.stepped import Moment
from optimizers.stepping import State, batch_of


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


def from_rows(made: Descent, rows: np.ndarray, start: np.ndarray, rule: Optimizer, loss: Loss) -> Trajectory:
    """The trajectory of starts (2, *batch) from their rows, (steps + 1, columns, *batch)."""
    columns = iter(range(rows.shape[1]))
    batch = start.shape[1:]

    def taken(shape: tuple[int, ...]) -> np.ndarray:
        begin, *_ = own = [next(columns) for _ in range(math.prod(shape))]
        return rows[:, begin : begin + len(own)].reshape(len(rows), *shape, *batch)

    def kept(name: str, shape: tuple[int, ...]) -> np.ndarray:
        return in_own_shape(taken(shape), batch, batch_of(rule, name, batch)) if batch else taken(shape)

    theta, memory = taken((2,)), {name: kept(name, shape) for name, shape in made.rule.memory.items()}
    value, gradient = taken(()), taken((2,))
    seen = taken((2,)) if "seen_gradient1" in made.moments else gradient
    shown = {name: _after_each(name, kept(name, shape)) for name, shape in made.rule.shown.items()}
    diverged_at = _first_update_that_is_not_finite(theta, value, gradient)
    state = {"update": np.arange(len(rows)), **memory, **shown}
    return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, loss)


def in_own_shape(whole: np.ndarray, batch: tuple[int, ...], own: tuple[int, ...]) -> np.ndarray:
    """What is the same along some axes of a batch, of the shape that it has by itself: (..., *own)."""
    missing = len(batch) - len(own)
    kept = [slice(None) if size == full else slice(1) for size, full in zip(own, batch[missing:], strict=True)]
    return whole[..., *([0] * missing), *kept]


def _after_each(name: str, made: np.ndarray) -> np.ndarray:
    """What updates have made, as it is after each of them; before the first there is none."""
    result = np.empty(made.shape, dtype=int if name == NOTE else float)
    result[0], result[1:] = 0 if name == NOTE else np.nan, made[:-1]
    return result


def from_steps(moments: Sequence[Moment], rule: Optimizer, loss: Loss) -> Trajectory:
    """The trajectory of the moments of a run."""
    theta, value, gradient, seen, states = zip(*moments, strict=True)
    theta, value, gradient, seen = map(np.stack, (theta, value, gradient, seen))
    state = {name: np.stack([state[name] for state in states]) for name in states[0]}
    diverged_at = _first_update_that_is_not_finite(theta, value, gradient)
    return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, loss)


def _first_update_that_is_not_finite(theta: np.ndarray, value: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """Its number for records (updates, 2, *batch), -1 where there is none: shape (*batch,)."""
    finite = np.isfinite(value) & np.isfinite(theta).all(axis=1) & np.isfinite(gradient).all(axis=1)
    return np.where(finite.all(axis=0), -1, finite.argmin(axis=0))
