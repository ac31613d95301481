"""The stationary point beside a point, and its kind: what a verdict about the end of a run rests on."""

from dataclasses import dataclass

import numpy as np

from optimizers.kinds import StationaryKind
from optimizers.optimizer import Loss
from programs.matrices import FLAT, components, dot, eigen, eigenvalues, times

MOST_JUMPS = 30
# Shares of the reach: a jump this short has arrived, and the curvatures are looked at this far around the point.
SHORT = 1e-3
AROUND = 1e-2
# A coordinate smaller than this is zero up to rounding.
ROUNDING = 1e-6
# Where jumps shorten by a steady factor, as they do towards a degenerate point, all that are to come are taken at once.
SLOWEST, STEADY = 0.97, 0.02
# So many jumps lead across a valley to its floor. There, slopes and rises along it that are smaller than this share of
# those across are none.
ACROSS = 12
LEVEL = 1e-9
# So many steps lead down to a kink, and so many rounds to the lowest point of a circle.
KINK_STEPS = 60
RING_STEPS = 12
# Shares of the reach at which the floor, or the loss around a point without curvature, is looked at in turn.
DISTANCES = (0.01, 0.1, 1.0)

_EPSILON = float(np.finfo(float).eps)
# Turned a little, so that no point of the circle lies on an axis, where a degenerate curvature vanishes.
_ANGLES = 0.3 + np.arange(8) * np.pi / 4
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
_AXES = np.array([[1.0, 0, -1, 0], [0, 1, 0, -1]])
# Shares of the reach at which a kink is looked for down the slope.
_LENGTHS = np.geomspace(1e-6, 1, 13)


@dataclass(frozen=True, eq=False)
class StationaryPoint:
    """Where the gradient vanishes: theta (2,).

    is_kink: whether the slope jumps there.
    """

    theta: np.ndarray
    kind: StationaryKind
    is_kink: bool = False


def stationary_point_beside(loss: Loss, theta: np.ndarray, reach: float) -> StationaryPoint | None:
    """The stationary point to which Newton's method leads from theta (2,) without going further away than `reach`.

    Where it leads to none, the floor of the valley beside theta is looked at, and the kink beside it. None where
    nothing is of a clear kind.
    """
    start = np.asarray(theta, dtype=float)
    with np.errstate(all="ignore"):
        return _by_slope(loss, start, reach) or _by_kink(loss, start, reach)


def _by_slope(loss: Loss, start: np.ndarray, reach: float) -> StationaryPoint | None:
    here = _by_newton(loss, start, reach)
    kind = None if here is None else _kind(loss, here, reach)
    if kind == StationaryKind.VALLEY:
        here = _nearer(loss, start, here, reach)
    if kind is None:
        here = _across(loss, start, reach)
        kind = None if here is None else _kind(loss, here, reach)
        kind = kind if kind == StationaryKind.VALLEY else None
    return None if kind is None else StationaryPoint(_rounded(here, reach), kind)


def _by_kink(loss: Loss, start: np.ndarray, reach: float) -> StationaryPoint | None:
    for arrive, kinds in (
        (_across_kink, (StationaryKind.VALLEY,)),
        (_down_to_kink, (StationaryKind.MINIMUM, StationaryKind.VALLEY)),
    ):
        here = arrive(loss, start, reach)
        kind = None if here is None else _kind_at_kink(loss, here, reach)
        if kind in kinds:
            return StationaryPoint(_rounded(here, reach), kind, is_kink=True)
    return None


def _rounded(theta: np.ndarray, reach: float) -> np.ndarray:
    return np.where(np.abs(theta) < ROUNDING * reach, 0.0, theta)


def _nearer(loss: Loss, start: np.ndarray, here: np.ndarray, reach: float) -> np.ndarray:
    """A point of the floor of a valley straight across from `start`, where that is nearer than this one."""
    across = _across(loss, start, reach)
    if across is None or _kind(loss, across, reach) != StationaryKind.VALLEY:
        return here
    return min(here, across, key=lambda point: float(np.hypot(*(point - start))))


def _down_to_kink(loss: Loss, start: np.ndarray, reach: float) -> np.ndarray | None:
    """The lowest point beside `start` where the slope jumps: by ever shorter steps to a lower neighbour.

    None where the loss is smooth: there the slope around changes no more than the curvature says.
    """
    around = start[:, None] + ROUNDING**0.5 * reach * _CIRCLE
    slope, bend = np.hypot(*loss.gradient(start)), np.abs(np.asarray(loss.hessian(around), dtype=float)).max()
    rise = np.asarray(loss.value(start[:, None] + reach * _CIRCLE)) - float(loss.value(start))
    if not (rise > 0).all() or not slope > bend * reach * ROUNDING**0.5:
        return None
    here, radius = start, reach / 2
    for _ in range(KINK_STEPS):
        points = here[:, None] + radius * np.column_stack([_CIRCLE, _AXES])
        losses = np.asarray(loss.value(points))
        if losses.min() < float(loss.value(here)):
            here = points[:, losses.argmin()]
        else:
            radius /= 2
        if radius < ROUNDING * reach / 4:
            break
    return here if np.hypot(*(here - start)) <= reach and _slope_jumps(loss, here, reach) else None


def _across_kink(loss: Loss, start: np.ndarray, reach: float) -> np.ndarray | None:
    """The point at which the way down the slope from `start` meets a kink: there the slope along it changes its sign
    at once. None where it meets none."""
    gradient = np.asarray(loss.gradient(start), dtype=float)
    way = -gradient / np.hypot(*gradient)
    lengths = reach * _LENGTHS
    uphill = dot(way, loss.gradient(start[:, None] + lengths * way[:, None])) >= 0
    if not uphill.any():
        return None
    first = int(uphill.argmax())
    near, far = lengths[first - 1] if first else 0.0, lengths[first]
    while far - near > np.spacing(reach + np.abs(start).max()):
        middle = (near + far) / 2
        if not near < middle < far:
            break
        near, far = (near, middle) if dot(way, loss.gradient(start + middle * way)) >= 0 else (middle, far)
    jumps = -dot(way, loss.gradient(start + near * way)) > 0.3 * np.hypot(*gradient)
    return start + (near + far) / 2 * way if jumps else None


def _slope_jumps(loss: Loss, theta: np.ndarray, reach: float) -> bool:
    """True where the slope points outwards, and is no smaller than further out, however near one goes."""
    near, far = (np.hypot(*loss.gradient(theta[:, None] + share * reach * _CIRCLE)) for share in (1e-3, 1e-1))
    return bool(near.min() > 0.3 * far.min() > 0)


def _by_newton(loss: Loss, start: np.ndarray, reach: float) -> np.ndarray | None:
    here, last = start, None
    for _ in range(MOST_JUMPS):
        jump = _jump(np.asarray(loss.gradient(here), dtype=float), np.asarray(loss.hessian(here), dtype=float))
        factor = 0.0 if last is None else _steady_factor(jump, last)
        here, last = here - jump / (1 - factor), None if factor else jump
        if not np.hypot(*(here - start)) <= reach:
            return None
        if np.hypot(*jump) <= SHORT * reach:
            return here
    return None


def _jump(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton's step; a curvature that is only rounding counts as tiny, so that a slope along it leads far away."""
    if not gradient.any():
        return np.zeros(2)
    values, vectors = eigen(hessian)
    least = FLAT * np.abs(values).max()
    curvatures = np.where(np.abs(values) > least, values, least)
    shares = components(vectors, gradient)
    return times(vectors, np.where(shares == 0, 0.0, shares / curvatures))


def _steady_factor(jump: np.ndarray, last: np.ndarray) -> float:
    """The factor by which parallel jumps shorten, 0 where they are not parallel or shorten fast."""
    factor = float(dot(jump, last) / dot(last, last))
    steady = 0.4 < factor < SLOWEST and np.hypot(*(jump - factor * last)) <= STEADY * np.hypot(*jump)
    return factor if steady else 0.0


def _across(loss: Loss, start: np.ndarray, reach: float) -> np.ndarray | None:
    """The point on the floor of the valley beside `start`: Newton's method along the steepest curvature alone."""
    here, last = start, np.inf
    for _ in range(ACROSS):
        (_, curvature), vectors = eigen(np.asarray(loss.hessian(here), dtype=float))
        jump = dot(vectors[:, 1], loss.gradient(here)) / curvature
        here = here - jump * vectors[:, 1]
        if not (curvature > 0 and np.hypot(*(here - start)) <= reach and abs(jump) <= last):
            return None
        if abs(jump) <= LEVEL * reach:
            break
        last = abs(jump) / 2
    return here if abs(dot(vectors[:, 0], loss.gradient(here))) <= LEVEL * curvature * reach else None


def _kind(loss: Loss, theta: np.ndarray, reach: float) -> StationaryKind | None:
    """By the signs of the curvatures all around: at the point itself a degenerate one shows none. Where they differ, by
    how the loss changes along the flattest direction; where there is no curvature, by the losses all around."""
    radius = AROUND * reach
    around = theta[:, None] + radius * _CIRCLE
    low, high = eigenvalues(np.asarray(loss.hessian(around), dtype=float))
    rounding = FLAT * np.maximum(np.abs(low), np.abs(high))
    if (low > rounding).all():
        return StationaryKind.MINIMUM
    if (high < -rounding).all():
        return StationaryKind.MAXIMUM
    if ((low < -rounding) & (high > rounding)).all() and _falls(loss, theta, around, radius):
        return StationaryKind.SADDLE
    values, vectors = eigen(np.asarray(loss.hessian(theta), dtype=float))
    steep = int(np.abs(values).argmax())
    noise = 64 * _EPSILON * abs(float(loss.value(theta)))
    if abs(values[steep]) * reach**2 > noise:
        return _kind_by_floor(loss, theta, values[steep], vectors[:, steep], vectors[:, 1 - steep], reach)
    return _kind_by_losses(loss, theta, reach, noise)


def _falls(loss: Loss, theta: np.ndarray, around: np.ndarray, radius: float) -> bool:
    """True where something around is lower: the floor of a valley that narrows curves down beside it as saddles do."""
    _, vectors = eigen(np.asarray(loss.hessian(theta), dtype=float))
    along = radius * vectors[:, 0]  # the way down from a saddle may be narrow
    rise = loss.value(np.column_stack([around, theta + along, theta - along])) - loss.value(theta)
    return bool(rise.min() < -FLAT * rise.max())


def _kind_by_floor(
    loss: Loss, theta: np.ndarray, curvature: float, steep: np.ndarray, level: np.ndarray, reach: float
) -> StationaryKind | None:
    """The kind where one curvature is as good as zero: the floor (or the ridge) is followed to both sides."""
    here = float(loss.value(theta))
    for share in DISTANCES:
        away = share * reach
        floor = theta[:, None] + away * np.stack([-level, level], axis=1)
        for _ in range(ACROSS):
            hessian = np.asarray(loss.hessian(floor), dtype=float)
            bend = steep @ (hessian[:, 0] * steep[0] + hessian[:, 1] * steep[1])
            slope = steep @ loss.gradient(floor)
            floor = floor - steep[:, None] * np.where(slope == 0, 0.0, slope / bend)
        rise = np.asarray(loss.value(floor)) - here
        if not (np.isfinite(rise).all() and (np.hypot(*(floor - theta[:, None])) <= 4 * away).all()):
            return _kind_by_losses(loss, theta, reach, 64 * _EPSILON * abs(here))
        least = max(LEVEL * abs(curvature) * away**2, 64 * _EPSILON * abs(here))
        if (rise * np.sign(curvature) < -least).any():
            return StationaryKind.SADDLE
        if (rise * np.sign(curvature) > least).all():
            return StationaryKind.MINIMUM if curvature > 0 else StationaryKind.MAXIMUM
    return StationaryKind.VALLEY if curvature > 0 else StationaryKind.MAXIMUM


def _kind_at_kink(loss: Loss, theta: np.ndarray, reach: float) -> StationaryKind | None:
    """The kind at a kink, of which the curvatures tell nothing."""
    return _kind_by_losses(loss, theta, reach, 64 * _EPSILON * abs(float(loss.value(theta))))


def _kind_in_all_directions(loss: Loss, theta: np.ndarray, reach: float) -> StationaryKind | None:
    """The kind of a point below which a few points around do not lie: the lowest one of each circle is looked for."""
    lowest = [_lowest_rise(loss, theta, share * reach) for share in DISTANCES]
    if all(abs(rise) <= LEVEL for rise in lowest):
        return StationaryKind.VALLEY
    return StationaryKind.MINIMUM if lowest[0] >= -LEVEL else None


def _lowest_rise(loss: Loss, theta: np.ndarray, radius: float) -> float:
    """How far the lowest point of a circle is above its centre, as a share of the highest one."""
    here, angles, width = float(loss.value(theta)), np.linspace(0, 2 * np.pi, 49)[:-1], np.pi / 24
    highest = 0.0
    for _ in range(RING_STEPS):
        rise = np.asarray(loss.value(theta[:, None] + radius * np.stack([np.cos(angles), np.sin(angles)]))) - here
        highest = max(highest, rise.max())
        angles, width = angles[rise.argmin()] + np.linspace(-width, width, 17), width / 8
    return float(rise.min()) / highest


def _kind_by_losses(loss: Loss, theta: np.ndarray, reach: float, noise: float) -> StationaryKind | None:
    """The kind where nothing is curved, as at x^8 + y^8 or at a kink: by the nearest losses that differ."""
    here = float(loss.value(theta))
    for share in DISTANCES:
        rise = np.asarray(loss.value(theta[:, None] + share * reach * _CIRCLE)) - here
        if not np.isfinite(rise).all():
            return None
        higher, lower = rise > noise, rise < -max(noise, LEVEL * rise.max())
        if higher.all():
            return _kind_in_all_directions(loss, theta, reach)
        if lower.all():
            return StationaryKind.MAXIMUM
        if higher.any() or lower.any():
            return (
                StationaryKind.SADDLE
                if lower.any() and higher.any()
                else StationaryKind.VALLEY
                if higher.any()
                else None
            )
    return StationaryKind.FLAT
