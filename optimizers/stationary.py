"""The stationary point beside a point, and its kind: what a verdict about the end of a run rests on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizers.kinds import StationaryKind
from optimizers.loss import Loss
from programs.matrices import FLAT, dot, eigenvalues, principal

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
    start = _Local(loss, np.asarray(theta, dtype=float))
    with np.errstate(all="ignore"):
        return _by_slope(start, reach) or _by_kink(start, reach)


class _Local:
    """A loss at one point theta (2,), where each derivative is computed once."""

    def __init__(self, loss: Loss, theta: np.ndarray):
        self.loss, self.theta = loss, theta

    def at(self, theta: np.ndarray) -> "_Local":
        """The same loss at another point."""
        return _Local(self.loss, theta)

    def distance(self, theta: np.ndarray) -> float:
        """From here to another point."""
        return np.hypot(theta[0] - self.theta[0], theta[1] - self.theta[1])

    def around(self, radius: float) -> np.ndarray:
        """The points of a circle (2, n)."""
        return self.theta[:, None] + radius * _CIRCLE

    @cached_property
    def value(self) -> float:
        return float(self.loss.value(self.theta))

    @cached_property
    def noise(self) -> float:
        """A difference of losses that is rounding."""
        return 64 * _EPSILON * abs(self.value)

    @cached_property
    def gradient(self) -> np.ndarray:
        return np.asarray(self.loss.gradient(self.theta), dtype=float)

    @cached_property
    def principal(self) -> tuple[float, float, float, float]:
        """The smaller and the larger curvature, and cosine and sine of the direction of the larger one."""
        return principal(np.asarray(self.loss.hessian(self.theta), dtype=float))

    @property
    def flatter_way(self) -> np.ndarray:
        """The direction (2,) of the smaller curvature."""
        _, _, cosine, sine = self.principal
        return np.array([-sine, cosine])

    @property
    def steeper_way(self) -> np.ndarray:
        """The direction (2,) of the larger curvature."""
        return np.array(self.principal[2:])


def _by_slope(start: _Local, reach: float) -> StationaryPoint | None:
    here = _by_newton(start, reach)
    kind = None if here is None else _kind(here, reach)
    if kind == StationaryKind.VALLEY:
        here = _nearer(start, here, reach)
    if kind is None:
        here = _across(start, reach)
        if here is None or _kind(here, reach) != StationaryKind.VALLEY:
            return None
        kind = StationaryKind.VALLEY
    return StationaryPoint(_rounded(here.theta, reach), kind)


def _by_kink(start: _Local, reach: float) -> StationaryPoint | None:
    for arrive, kinds in (
        (_across_kink, (StationaryKind.VALLEY,)),
        (_down_to_kink, (StationaryKind.MINIMUM, StationaryKind.VALLEY)),
    ):
        here = arrive(start, reach)
        # Of the kind at a kink, curvatures tell nothing.
        kind = None if here is None else _kind_by_losses(here, reach)
        if kind in kinds:
            return StationaryPoint(_rounded(here.theta, reach), kind, is_kink=True)
    return None


def _rounded(theta: np.ndarray, reach: float) -> np.ndarray:
    return np.where(np.abs(theta) < ROUNDING * reach, 0.0, theta)


def _nearer(start: _Local, here: _Local, reach: float) -> _Local:
    """A point of the floor of a valley straight across from `start`, where that is nearer than this one."""
    across = _across(start, reach)
    if across is None or _kind(across, reach) != StationaryKind.VALLEY:
        return here
    return min(here, across, key=lambda point: point.distance(start.theta))


def _down_to_kink(start: _Local, reach: float) -> _Local | None:
    """The lowest point beside `start` where the slope jumps: by ever shorter steps to a lower neighbour.

    None where the loss is smooth: there the slope around changes no more than the curvature says.
    """
    loss = start.loss
    if not (np.asarray(loss.value(start.around(reach))) > start.value).all():
        return None
    bend = np.abs(np.asarray(loss.hessian(start.around(ROUNDING**0.5 * reach)), dtype=float)).max()
    if not np.hypot(*start.gradient) > bend * reach * ROUNDING**0.5:
        return None
    here, radius = start.theta, reach / 2
    for _ in range(KINK_STEPS):
        points = here[:, None] + radius * np.column_stack([_CIRCLE, _AXES])
        losses = np.asarray(loss.value(points))
        if losses.min() < float(loss.value(here)):
            here = points[:, losses.argmin()]
        else:
            radius /= 2
        if radius < ROUNDING * reach / 4:
            break
    lowest = start.at(here)
    return lowest if start.distance(here) <= reach and _slope_jumps(lowest, reach) else None


def _across_kink(start: _Local, reach: float) -> _Local | None:
    """The point at which the way down the slope from `start` meets a kink: there the slope along it changes its sign
    at once. None where it meets none."""
    loss, theta, slope = start.loss, start.theta, np.hypot(*start.gradient)
    way = -start.gradient / slope
    lengths = reach * _LENGTHS
    uphill = dot(way, loss.gradient(theta[:, None] + lengths * way[:, None])) >= 0
    if not uphill.any():
        return None
    first = int(uphill.argmax())
    near, far = lengths[first - 1] if first else 0.0, lengths[first]
    while far - near > np.spacing(reach + np.abs(theta).max()):
        middle = (near + far) / 2
        if not near < middle < far:
            break
        near, far = (near, middle) if dot(way, loss.gradient(theta + middle * way)) >= 0 else (middle, far)
    jumps = -dot(way, loss.gradient(theta + near * way)) > 0.3 * slope
    return start.at(theta + (near + far) / 2 * way) if jumps else None


def _slope_jumps(here: _Local, reach: float) -> bool:
    """True where the slope points outwards, and is no smaller than further out, however near one goes."""
    near, far = (np.hypot(*here.loss.gradient(here.around(share * reach))) for share in (1e-3, 1e-1))
    return bool(near.min() > 0.3 * far.min() > 0)


def _by_newton(start: _Local, reach: float) -> _Local | None:
    here, last = start, None
    for _ in range(MOST_JUMPS):
        jump = _jump(here)
        factor = 0.0 if last is None else _steady_factor(jump, last)
        here, last = here.at(here.theta - jump / (1 - factor)), None if factor else jump
        if not start.distance(here.theta) <= reach:
            return None
        if np.hypot(*jump) <= SHORT * reach:
            return here
    return None


def _jump(here: _Local) -> np.ndarray:
    """Newton's step; a curvature that is only rounding counts as tiny, so that a slope along it leads far away."""
    if not here.gradient.any():
        return np.zeros(2)
    low, high, cosine, sine = here.principal
    slope1, slope2 = here.gradient
    least = FLAT * np.maximum(abs(low), abs(high))

    def length(share: float, curvature: float) -> float:
        return share / (curvature if abs(curvature) > least else least) if share != 0 else 0.0

    flatter, steeper = length(cosine * slope2 - sine * slope1, low), length(cosine * slope1 + sine * slope2, high)
    return np.array([cosine * steeper - sine * flatter, cosine * flatter + sine * steeper])


def _steady_factor(jump: np.ndarray, last: np.ndarray) -> float:
    """The factor by which parallel jumps shorten, 0 where they are not parallel or shorten fast."""
    factor = float(dot(jump, last) / dot(last, last))
    steady = 0.4 < factor < SLOWEST and np.hypot(*(jump - factor * last)) <= STEADY * np.hypot(*jump)
    return factor if steady else 0.0


def _across(start: _Local, reach: float) -> _Local | None:
    """The point on the floor of the valley beside `start`: Newton's method along the steepest curvature alone."""
    here, last = start, np.inf
    for _ in range(ACROSS):
        curvature, flatter, steeper = here.principal[1], here.flatter_way, here.steeper_way
        jump = dot(steeper, here.gradient) / curvature
        here = here.at(here.theta - jump * steeper)
        if not (curvature > 0 and start.distance(here.theta) <= reach and abs(jump) <= last):
            return None
        if abs(jump) <= LEVEL * reach:
            break
        last = abs(jump) / 2
    return here if abs(dot(flatter, here.gradient)) <= LEVEL * curvature * reach else None


def _kind(here: _Local, reach: float) -> StationaryKind | None:
    """By the signs of the curvatures all around: at the point itself a degenerate one shows none. Where they differ, by
    how the loss changes along the flattest direction; where there is no curvature, by the losses all around."""
    radius = AROUND * reach
    low, high = eigenvalues(np.asarray(here.loss.hessian(here.around(radius)), dtype=float))
    rounding = FLAT * np.maximum(np.abs(low), np.abs(high))
    if (low > rounding).all():
        return StationaryKind.MINIMUM
    if (high < -rounding).all():
        return StationaryKind.MAXIMUM
    if ((low < -rounding) & (high > rounding)).all() and _falls(here, radius):
        return StationaryKind.SADDLE
    curvature, other = here.principal[:2]
    steep, level = here.flatter_way, here.steeper_way
    if abs(other) > abs(curvature):
        curvature, steep, level = other, level, steep
    if abs(curvature) * reach**2 > here.noise:
        return _kind_by_floor(here, curvature, steep, level, reach)
    return _kind_by_losses(here, reach)


def _falls(here: _Local, radius: float) -> bool:
    """True where something around is lower: the floor of a valley that narrows curves down beside it as saddles do."""
    along = radius * here.flatter_way  # the way down from a saddle may be narrow
    rise = here.loss.value(np.column_stack([here.around(radius), here.theta + along, here.theta - along])) - here.value
    return bool(rise.min() < -FLAT * rise.max())


def _kind_by_floor(
    here: _Local, curvature: float, steep: np.ndarray, level: np.ndarray, reach: float
) -> StationaryKind | None:
    """The kind where one curvature is as good as zero: the floor (or the ridge) is followed to both sides."""
    loss, theta = here.loss, here.theta[:, None]
    for share in DISTANCES:
        away = share * reach
        floor = theta + away * np.stack([-level, level], axis=1)
        for _ in range(ACROSS):
            hessian = np.asarray(loss.hessian(floor), dtype=float)
            bend = steep @ (hessian[:, 0] * steep[0] + hessian[:, 1] * steep[1])
            slope = steep @ loss.gradient(floor)
            floor = floor - steep[:, None] * np.where(slope == 0, 0.0, slope / bend)
        rise = np.asarray(loss.value(floor)) - here.value
        if not (np.isfinite(rise).all() and (np.hypot(*(floor - theta)) <= 4 * away).all()):
            return _kind_by_losses(here, reach)
        least = max(LEVEL * abs(curvature) * away**2, here.noise)
        if (rise * np.sign(curvature) < -least).any():
            return StationaryKind.SADDLE
        if (rise * np.sign(curvature) > least).all():
            return StationaryKind.MINIMUM if curvature > 0 else StationaryKind.MAXIMUM
    return StationaryKind.VALLEY if curvature > 0 else StationaryKind.MAXIMUM


def _kind_in_all_directions(here: _Local, reach: float) -> StationaryKind | None:
    """The kind of a point below which a few points around do not lie: the lowest one of each circle is looked for."""
    lowest = [_lowest_rise(here, share * reach) for share in DISTANCES]
    if all(abs(rise) <= LEVEL for rise in lowest):
        return StationaryKind.VALLEY
    return StationaryKind.MINIMUM if lowest[0] >= -LEVEL else None


def _lowest_rise(here: _Local, radius: float) -> float:
    """How far the lowest point of a circle is above its centre, as a share of the highest one."""
    angles, width = np.linspace(0, 2 * np.pi, 49)[:-1], np.pi / 24
    highest = 0.0
    for _ in range(RING_STEPS):
        points = here.theta[:, None] + radius * np.stack([np.cos(angles), np.sin(angles)])
        rise = np.asarray(here.loss.value(points)) - here.value
        highest = max(highest, rise.max())
        angles, width = angles[rise.argmin()] + np.linspace(-width, width, 17), width / 8
    return float(rise.min()) / highest


def _kind_by_losses(here: _Local, reach: float) -> StationaryKind | None:
    """The kind where nothing is curved, as at x^8 + y^8 or at a kink: by the nearest losses that differ."""
    for share in DISTANCES:
        rise = np.asarray(here.loss.value(here.around(share * reach))) - here.value
        if not np.isfinite(rise).all():
            return None
        higher, lower = rise > here.noise, rise < -max(here.noise, LEVEL * rise.max())
        if higher.all():
            return _kind_in_all_directions(here, reach)
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
