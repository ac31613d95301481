"""The programs of what follows a hand in the pictures that pages share."""

from functools import lru_cache

import numpy as np

from figures.scale import LossScale
from programs.program import Program
from programs.tracing import program_of

# The input that says which update is worked out, and marked in the pictures; the first update is number 1.
UPDATE = "update_shown"
# The inputs at which all runs begin.
START = ("start1", "start2")
# The numbers of a log axis: the lowest gap that it shows, and from where on a gap below zero is no rounding.
LOSS_FRAME = ("loss_low", "loss_below")


@lru_cache(maxsize=256)
def on_sheet_program(scale: LossScale, lift: float) -> Program:
    """From theta1, theta2 and value to a point in space, so much above its height on the scale."""

    def point(theta1, theta2, value):
        return {"x": theta1, "y": theta2, "z": scale.height(value) + lift}

    return program_of(point, "theta1", "theta2", "value")


@lru_cache(maxsize=256)
def after_update_on_sheet(scale: LossScale, lift: float) -> Program:
    """The same of the point after an update."""

    def point(next_theta1, next_theta2, next_value):
        return {"x": next_theta1, "y": next_theta2, "z": scale.height(next_value) + lift}

    return program_of(point, "next_theta1", "next_theta2", "next_value")


def loss_program() -> Program:
    """From update and value to a point of the loss curve."""
    return program_of(lambda update, value: {"x": update, "y": value}, "update", "value")


def gap_program(best: float) -> Program:
    """From update, value and LOSS_FRAME to a point of the curve of L - L*, as `loss_curve` draws it.

    It is not below the lowest gap that is shown, and nothing where the loss lies below L* by more than rounding.
    """

    def point(update, value, low, below):
        gap = value - best
        return {"x": update, "y": np.where(gap < below, np.nan, np.maximum(gap, low))}

    return program_of(point, "update", "value", *LOSS_FRAME)


def after_update() -> Program:
    """The point after an update."""
    return program_of(lambda x, y: {"x": x, "y": y}, "next_theta1", "next_theta2")


def gradient_arrow() -> Program:
    """From the point before an update along the step that its gradient alone would be."""

    def arrow(theta1, theta2, seen_gradient1, seen_gradient2, rate):
        return _arrow(theta1, theta2, -rate * seen_gradient1, -rate * seen_gradient2)

    return program_of(arrow, "theta1", "theta2", "seen_gradient1", "seen_gradient2", "scheduled_learning_rate")


def velocity_arrow() -> Program:
    """From the point before an update along the step of its velocity."""

    def arrow(theta1, theta2, velocity1, velocity2, rate):
        return _arrow(theta1, theta2, -rate * velocity1, -rate * velocity2)

    return program_of(arrow, "theta1", "theta2", "next_velocity1", "next_velocity2", "scheduled_learning_rate")


def step_arrow() -> Program:
    """From the point before an update to the one after it."""

    def arrow(theta1, theta2, next_theta1, next_theta2):
        return {"x0": theta1, "y0": theta2, "x1": next_theta1, "y1": next_theta2}

    return program_of(arrow, "theta1", "theta2", "next_theta1", "next_theta2")


def uphill_arrow(length: float) -> Program:
    """From a point along its gradient, always of the same length."""

    def arrow(theta1, theta2, gradient1, gradient2):
        size = length / np.hypot(gradient1, gradient2)
        return _arrow(theta1, theta2, size * gradient1, size * gradient2)

    return program_of(arrow, "theta1", "theta2", "gradient1", "gradient2")


def descent_arrow(rate: str) -> Program:
    """From a point along the step of gradient descent. rate: the input that is the learning rate."""

    def arrow(theta1, theta2, gradient1, gradient2, learning_rate):
        return _arrow(theta1, theta2, -learning_rate * gradient1, -learning_rate * gradient2)

    return program_of(arrow, "theta1", "theta2", "gradient1", "gradient2", rate)


def _arrow(theta1, theta2, across, up) -> dict:
    return {"x0": theta1, "y0": theta2, "x1": theta1 + across, "y1": theta2 + up}
