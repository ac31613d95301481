"""Searches along a direction for a step length."""

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
