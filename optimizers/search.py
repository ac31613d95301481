"""Searches along a direction for a step length."""

import math
from collections.abc import Callable

import numpy as np

from programs.matrices import dot, near_one

SUFFICIENT_DECREASE = 1e-4
# From 1 to the smallest number that a computer holds.
MOST_HALVINGS = 1100
# With so many it is time to look whether there is still a step: that costs as much as a trial.
FEW_HALVINGS = 30


def armijo(
    value_at: Callable[[np.ndarray], np.ndarray],
    theta: np.ndarray,
    value: np.ndarray,
    gradient: np.ndarray,
    direction: np.ndarray,
    first: np.ndarray,
) -> np.ndarray:
    r"""The first step length a of first, first/2, first/4, ... with Armijo's sufficient decrease, shape (*batch,).

    $L(\theta + a p) \le L(\theta) + 10^{-4}\, a\, p^\top g$. value_at: the loss at points (2, *batch). theta, value,
    gradient: the present points, their losses and gradients. Every row searches for itself; a row that finds no length
    before the step is lost in the rounding of theta gets 0. Source: L. Armijo (1966), doi:10.2140/pjm.1966.16.1.
    """
    # The slope along the direction may be too large for a number where that times the length is none.
    unit, exponent = near_one(direction)
    slope, scale = dot(unit, gradient), np.ldexp(SUFFICIENT_DECREASE, exponent)
    searching = np.isfinite(slope) & np.isfinite(first) & (value > -np.inf)
    length = np.where(searching, first, 0.0)
    for halvings in range(MOST_HALVINGS):
        there = theta + length * direction
        searching &= ~(value_at(there) <= value + length * scale * slope)
        if not searching.any():
            return length
        length = np.where(searching, length / 2, length)
        if halvings >= FEW_HALVINGS:
            length = np.where(searching & (there == theta).all(axis=0), 0.0, length)
    return np.where(searching, 0.0, length)


def armijo_of_one(
    value_at: Callable[[float, float], float],
    theta1: float,
    theta2: float,
    value: float,
    gradient1: float,
    gradient2: float,
    direction1: float,
    direction2: float,
    first: float,
) -> float:
    """The search of `armijo` for one point of plain floats, to the last bit, several times faster.

    Raises OverflowError or ValueError where a number of the direction is not finite.
    """
    exponent = math.frexp(max(abs(direction1), abs(direction2)))[1]
    slope = math.ldexp(direction1, -exponent) * gradient1 + math.ldexp(direction2, -exponent) * gradient2
    if not (math.isfinite(direction1) and math.isfinite(direction2)):
        raise ValueError("The direction of a search must be finite.")
    if not (math.isfinite(slope) and math.isfinite(first) and value > -math.inf):
        return 0.0
    length, scale = first, math.ldexp(SUFFICIENT_DECREASE, exponent)
    for halvings in range(MOST_HALVINGS):
        there1, there2 = theta1 + length * direction1, theta2 + length * direction2
        if value_at(there1, there2) <= value + length * scale * slope:
            return length
        length = length / 2
        if halvings >= FEW_HALVINGS and there1 == theta1 and there2 == theta2:
            return 0.0
    return 0.0
