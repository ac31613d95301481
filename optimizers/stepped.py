"""Runs of rules that write their own `init` and `step` in place of equations: slower, one call after another."""

from collections.abc import Iterator

import numpy as np

from optimizers.asking import Remembering
from optimizers.loss import Loss
from optimizers.optimizer import Optimizer
from optimizers.stepping import State

# What is known between two updates: point, loss, gradient, the gradient that the rule saw, and its state.
Moment = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, State]


def has_own_step(optimizer: Optimizer) -> bool:
    """Whether a rule is its `step`, not its equations."""
    return type(optimizer).step is not Optimizer.step


def moments_of_steps(
    optimizer: Optimizer, loss: Loss, theta: np.ndarray, state: State, updates: range
) -> Iterator[Moment]:
    """The moment before each of these updates, which begin at these points with this state."""
    shown, sample = Remembering(loss), getattr(loss, "sample", None)
    for update in updates:
        seen = Remembering(sample(update)) if sample else shown
        value, gradient = shown.value_and_gradient(theta)
        yield theta, value, gradient, seen.gradient(theta) if sample else gradient, state
        if update != updates[-1]:
            theta, state = optimizer.step(seen, theta, state)


def points_of_steps(optimizer: Optimizer, loss: Loss, theta: np.ndarray, steps: int) -> Iterator[np.ndarray]:
    """The points alone, with nothing asked of the loss but what the rule asks."""
    shown, sample, state = Remembering(loss), getattr(loss, "sample", None), optimizer.init(theta)
    yield theta
    for update in range(steps):
        theta, state = optimizer.step(Remembering(sample(update)) if sample else shown, theta, state)
        yield theta
