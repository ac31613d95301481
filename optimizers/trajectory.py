"""The runs of a rule on a loss: recorded, to the end, or point by point."""

import dataclasses
import itertools
from collections.abc import Iterator
from numbers import Integral

import numpy as np

from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import lowered
from optimizers.many import WHOLE, ManyRuns, Records, watch
from optimizers.optimizer import Optimizer
from optimizers.record import Endpoint, Trajectory, from_rows, from_steps
from optimizers.single import are_few, rows_of_each
from optimizers.stepped import Moment, has_own_step, moments_of_steps, points_of_steps

# The GNU C library returns freed memory to the system unless it has once freed one array as large, up to 32 MB; and
# fresh memory costs more than the arithmetic on it. So one large array is made and freed at once, untouched.
np.empty(2**22 - 2**10)


# Longer runs are not recorded where only their points are asked for.
MOST_RECORDED = 10_000


def run(optimizer: Optimizer, loss: Loss, start, steps: int) -> Trajectory:
    """Descends `loss` from `start` and records every update.

    start: points of shape (2, *batch). steps: the number of updates, at least 0. Hyperparameters of shape (*batch,) are
    matched with the points; a single start serves all of them. loss: any object with value, gradient and, for rules
    that ask for it, hessian; if it has `sample`, the rule sees a sample while the record shows the loss itself.
    Divergence is not an error: the numbers run to inf or nan, and `diverged_at` says when.

    Raises ValueError where the shapes do not fit or steps is no whole number of at least 0.
    """
    theta = _starts(optimizer, start, steps)
    if has_own_step(optimizer):
        with np.errstate(all="ignore"):
            return from_steps([*_moments(_of_arrays(optimizer), loss, theta, steps)], optimizer, loss)
    if theta.ndim == 1 or are_few(optimizer, loss, theta):
        with np.errstate(all="ignore"):
            return from_rows(*rows_of_each(optimizer, loss, theta, steps), theta, optimizer, loss)
    before = ("value", "gradient", *(["seen_gradient"] if hasattr(loss, "sample") else []))
    runs = ManyRuns(_of_arrays(optimizer), loss, theta, before, tuple(lowered(type(optimizer)).shown))
    records = Records(runs, steps)
    runs.work(records.filled, steps + 1)
    return records.trajectory(optimizer)


def run_to_end(optimizer: Optimizer, loss: Loss, start, steps: int) -> Endpoint:
    """Descends like `run` but keeps the last points only.

    Memory does not depend on the number of updates, but that short runs of a few starts are recorded as `run` does.
    """
    theta = _starts(optimizer, start, steps)
    if has_own_step(optimizer):
        return _end_of_steps(_of_arrays(optimizer), loss, theta, steps)
    if steps <= MOST_RECORDED and (theta.ndim == 1 or are_few(optimizer, loss, theta)):
        path = run(optimizer, loss, theta, steps)
        return Endpoint(*(part[-1].copy() for part in (path.theta, path.loss, path.gradient)), path.diverged_at)
    runs = ManyRuns(_of_arrays(optimizer), loss, theta, ("value", "gradient"))
    ends = {"theta": np.empty((2, runs.count)), "value": np.empty(runs.count), "gradient": np.empty((2, runs.count))}
    diverged_at = np.full(runs.count, -1)

    def descend(rows: slice) -> Iterator[None]:
        for update, moment in enumerate(itertools.islice(runs.moments(rows, runs.turns(rows)), steps + 1)):
            watch(diverged_at[rows], update, moment["theta"], moment["value"], moment["gradient"])
            yield
        for name, end in ends.items():
            end[..., rows] = moment[name]

    runs.work(descend, steps + 1)
    theta, value, gradient = (end.reshape((*end.shape[:-1], *runs.batch)) for end in ends.values())
    return Endpoint(theta, value, gradient, diverged_at.reshape(runs.batch))


def _moments(optimizer: Optimizer, loss: Loss, theta: np.ndarray, steps: int) -> Iterator[Moment]:
    return moments_of_steps(optimizer, loss, theta, optimizer.init(theta), range(steps + 1))


def _end_of_steps(optimizer: Optimizer, loss: Loss, theta: np.ndarray, steps: int) -> Endpoint:
    diverged_at = np.full(theta.shape[1:], -1)
    with np.errstate(all="ignore"):
        for update, moment in enumerate(_moments(optimizer, loss, theta, steps)):
            theta, value, gradient = moment[:3]
            watch(diverged_at, update, theta, value, gradient)
    return Endpoint(theta, value, gradient, diverged_at)


def _starts(optimizer: Optimizer, start, steps: int) -> np.ndarray:
    """The start in the shape of the whole batch."""
    if not (isinstance(steps, Integral) and steps >= 0):
        raise ValueError(f"The number of updates must be a whole number of at least 0, but it is {steps!r}.")
    theta = np.array(start, dtype=float)
    if theta.ndim == 0 or theta.shape[0] != 2:
        raise ValueError(f"The start has shape (2, *batch): theta1 and theta2 first. This one has {theta.shape}.")
    shapes = {name: np.shape(getattr(optimizer, name)) for name in hyperparameters(optimizer)}
    try:
        batch = np.broadcast_shapes(theta.shape[1:], *shapes.values())
    except ValueError:
        named = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        raise ValueError(
            f"Hyperparameters and start must share one batch shape, but the start has {theta.shape[1:]} and {named}."
        ) from None
    theta = theta.reshape(2, *(1 for _ in range(len(batch) - theta.ndim + 1)), *theta.shape[1:])
    return np.array(np.broadcast_to(theta, (2, *batch)))


def _of_arrays(optimizer: Optimizer) -> Optimizer:
    """The optimizer with its hyperparameters as arrays: numpy multiplies by a 0-d array in half the time that a Python
    number takes."""
    arrays = {name: np.asarray(getattr(optimizer, name), dtype=float) for name in hyperparameters(optimizer)}
    return dataclasses.replace(optimizer, **arrays)


def points(optimizer: Optimizer, loss: Loss, start, steps: int) -> Iterator[np.ndarray]:
    """The points of `run`, one after another and each of shape (2, *batch), with nothing else computed or kept.

    A point is good until the one after the next is asked for: its memory is used again. Where a run diverges, numpy
    warns unless the caller has told it not to.
    """
    theta = _starts(optimizer, start, steps)
    if has_own_step(optimizer):
        yield from points_of_steps(_of_arrays(optimizer), loss, theta, steps)
        return
    if steps <= MOST_RECORDED and are_few(optimizer, loss, theta):
        yield from rows_of_each(optimizer, loss, theta, steps)[1][:, :2]
        return
    runs = ManyRuns(_of_arrays(optimizer), loss, theta)
    for moment in itertools.islice(runs.moments(WHOLE, runs.turns(WHOLE)), steps + 1):
        yield moment["theta"].reshape(theta.shape)
