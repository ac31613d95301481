"""The stationary point beside a point, and its kind: what a verdict about the end of a run rests on."""

from dataclasses import dataclass

import numpy as np

from optimizers.curvature import FLAT, dot, eigen, eigenvalues
from optimizers.optimizer import Loss

MOST_JUMPS = 30
# Shares of the reach: a jump this short has arrived, and the curvatures are looked at this far around the point.
SHORT = 1e-3
AROUND = 1e-2
# A coordinate smaller than this is zero up to rounding.
ROUNDING = 1e-6

# Turned a little, so that no point of the circle lies on an axis, where a degenerate curvature vanishes.
_ANGLES = 0.3 + np.arange(8) * np.pi / 4
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """Where the gradient vanishes: theta (2,). kind: "minimum", "maximum" or "saddle"."""

    theta: np.ndarray
    kind: str


def stationary_point_beside(loss: Loss, theta: np.ndarray, reach: float) -> StationaryPoint | None:
    """The stationary point to which Newton's method leads from theta (2,) without going further away than `reach`.

    None where it leads to none, or to one that is not of a clear kind, such as a point of a valley of minima.
    """
    here = np.asarray(theta, dtype=float)
    with np.errstate(all="ignore"):
        for _ in range(MOST_JUMPS):
            jump = _jump(loss.gradient(here), loss.hessian(here))
            here = here - jump
            if not np.hypot(*(here - theta)) <= reach:
                return None
            if np.hypot(*jump) <= SHORT * reach:
                kind = _kind(loss, here, AROUND * reach)
                return kind and StationaryPoint(np.where(np.abs(here) < ROUNDING * reach, 0.0, here), kind)
    return None


def _jump(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton's step; a curvature that is only rounding counts as tiny, so that a slope along it leads far away."""
    values, vectors = eigen(np.asarray(hessian, dtype=float))
    least = FLAT * np.abs(values).max()
    curvatures = np.where(np.abs(values) > least, values, least)
    shares = np.array([dot(vectors[:, i], gradient) for i in range(2)])
    jumps = np.where(shares == 0, 0.0, shares / curvatures)
    return jumps[0] * vectors[:, 0] + jumps[1] * vectors[:, 1]


def _kind(loss: Loss, theta: np.ndarray, radius: float) -> str | None:
    """By the signs of the curvatures all around: at the point itself a degenerate one shows none."""
    around = theta[:, None] + radius * _CIRCLE
    low, high = eigenvalues(np.asarray(loss.hessian(around), dtype=float))
    rounding = FLAT * np.maximum(np.abs(low), np.abs(high))
    if (low > rounding).all():
        return "minimum"
    if (high < -rounding).all():
        return "maximum"
    if ((low < -rounding) & (high > rounding)).all():
        return "saddle" if _falls(loss, theta, around, radius) else None
    return None


def _falls(loss: Loss, theta: np.ndarray, around: np.ndarray, radius: float) -> bool:
    """True where something around is lower: the floor of a valley that narrows curves down beside it as saddles do."""
    _, vectors = eigen(np.asarray(loss.hessian(theta), dtype=float))
    along = radius * vectors[:, 0]  # the way down from a saddle may be narrow
    rise = loss.value(np.column_stack([around, theta + along, theta - along])) - loss.value(theta)
    return bool(rise.min() < -FLAT * rise.max())
