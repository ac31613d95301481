r"""Derivatives at points where the formula's own derivative is no number although the loss has a value.

There, as of $|x|^{3/2}$ at 0, the rules of calculus give zero times infinity. What holds is the limit from either side:
where both agree it is the derivative. Where they do not, it is a subgradient: 0 at a lowest or highest place, else the
smaller one of both.
"""

from collections.abc import Callable

import numpy as np

Function = Callable[[np.ndarray], np.ndarray]

# Distances from the point as shares of its size and of the picture's.
REACHES = (1e-6, 1e-8, 1e-10)
# Limits that differ by less than this share of the numbers on the way are one; a smaller one is zero.
SAME = 1e-6
# From one distance to the next, what grows without bound grows at least so many times.
GROWTH = 1.5


def one_sided_limits(entry: Function, value: Function, points: np.ndarray, axis: int, size: float) -> np.ndarray:
    """What a derivative along an axis tends to at points (2, n): shape (n,).

    entry, value: the derivative, and what it is the derivative of; each takes points (2, *batch) and returns (*batch,).
    size: of the picture. The points are approached along the axis. Where there are no numbers along it, along the other
    one, and where there are none either, the quotients of differences tell. Infinite where they grow without bound, nan
    where there is no limit.
    """

    def quotient(moved: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            return (value(moved) - value(points)) / (moved[axis] - points[axis])

    limits = np.full(points.shape[1], np.nan)
    for function, direction in ((entry, axis), (entry, 1 - axis), (quotient, axis)):
        unknown = np.isnan(limits)
        if not unknown.any():
            break
        limits = np.where(unknown, _joined(*_sides(function, points, direction, size)), limits)
    return limits


def _sides(entry: Function, points: np.ndarray, axis: int, size: float) -> np.ndarray:
    """The limits (2, n) from below and from above."""
    reach = np.array(REACHES)[:, None, None] * (size + np.abs(points).max(axis=0))
    moved = np.tile(points[:, None, None], (1, len(REACHES), 2, 1))
    with np.errstate(all="ignore"):
        moved[axis] += np.array([-1.0, 1.0])[:, None] * reach
        return _limit(*entry(moved))


def _limit(first: np.ndarray, second: np.ndarray, third: np.ndarray) -> np.ndarray:
    """The limits of three numbers on the way, whose steps shrink by a constant share, by Aitken's rule."""
    with np.errstate(all="ignore"):
        before, step = second - first, third - second
        limit = np.where(step == 0, third, third - step * step / (step - before))
        limit = np.where(np.abs(limit) <= SAME * np.abs(first), 0.0, limit)
        grows = (np.abs(third) > GROWTH * np.abs(second)) & (np.abs(second) > GROWTH * np.abs(first))
        limit = np.where(np.abs(step) <= np.abs(before), limit, np.nan)
        return np.where(grows & (first * third > 0), np.copysign(np.inf, third), limit)


def _joined(below: np.ndarray, above: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        close = np.abs(below - above) <= SAME * np.fmax(np.abs(below), np.abs(above))
        agree = (below == above) | (close & np.isfinite(below - above))
        smaller = np.where(np.abs(below) <= np.abs(above), below, above)
        both = np.where(agree, smaller, np.where(np.sign(below) * np.sign(above) > 0, smaller, 0.0))
    return np.where(np.isnan(below), above, np.where(np.isnan(above), below, both))
