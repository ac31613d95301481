"""The lowest point of a loss inside a disc."""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import sympy
from sympy.core.relational import Relational

from programs.matrices import components, eigen, times
from surfaces.compiled import Compiled
from surfaces.corners import Cornered, Jumping
from surfaces.loss import SmoothLoss
from surfaces.parameters import theta1, theta2

# Rings of samples from the centre to the rim. Each holds SPOKES samples for every ring.
RINGS = (24, 48, 96, 192, 384)
SPOKES = 6
# Second differences over two steps as a multiple of those over one step: 4 where the samples resolve the loss, 3 at six
# samples to a wave.
RESOLVED = 3.0
# The share of the samples that counts as the low part of the loss.
LOW = 0.25
# As many hollows, the lowest ones, are searched to the bottom.
MOST_HOLLOWS = 400
MOST_STEPS = 80
# In a valley that is steeper by millions than its floor the way is long: the few lowest points may go on.
FEW, MOST_STEPS_OF_FEW = 4, 1000
# At a kink, where there is no Newton step, this many directions are tried again and again, each time turned.
DIRECTIONS = 16
MOST_SEARCHED = 8
MOST_TURNS = 400
# Along as many kinks, the nearest ones, the points are moved; as many of Newton's steps lead back to a kink.
MOST_KINKS = 6
KINK_STEPS = 4
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
_EPSILON = float(np.finfo(float).eps)

Function = Callable[..., np.ndarray]


def lowest_in_disc(surface: SmoothLoss, center, radius, known) -> tuple[np.ndarray, np.ndarray]:
    """The lowest point (2, *batch) of a loss in discs with centres (2, *batch) and radii (*batch,), and its loss.

    known: points (2, *batch) of the discs that compete. So do the centre and known minima, and every hollow of the
    samples, searched to the bottom by Newton's method inside the disc and along its rim, or without derivatives where
    the formula has kinks, which are followed, or where it ends. Samples are refined until they resolve the loss, at
    most to RINGS[-1] rings. Two cases can be missed: a hollow much narrower than the distance of the samples, and a
    lowest point at the very end of where the loss has values, as of sqrt(1 - x^2 - y^2) + x. Where the loss is not a
    number, there is nothing to find.
    """
    batch = radius.shape
    centers, known, radii = center.reshape(2, -1), known.reshape(2, -1), radius.reshape(-1)
    found = np.empty(centers.shape)
    for row in range(len(radii)):
        found[:, row] = _lowest(surface, centers[:, row], radii[row], known[:, row])
    found = found.reshape(2, *batch)
    return found, surface.value(found)


def _lowest(surface: SmoothLoss, center: np.ndarray, radius: float, known: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        theta, loss = _samples(surface, center, radius)
        hollows = _best(theta[:, _hollows(loss)], loss[_hollows(loss)])
        inside = _settled(
            hollows,
            surface.value,
            lambda points: _newton(surface.gradient(points), surface.hessian(points)),
            lambda points: _into_disc(points, center, radius),
            radius / RINGS[0],
        )
        low = _hollows(loss[-1:])[0]
        angles = np.linspace(0, 2 * np.pi, loss.shape[1], endpoint=False)[None]
        rim = _settled(
            _best(angles[:, low], loss[-1, low]),
            lambda angle: surface.value(_on_rim(angle, center, radius)),
            lambda angle: _newton_along_rim(surface, angle, center, radius),
            lambda angle: angle,
            1 / RINGS[0],
        )
        minima = [minimum for minimum in surface.minima if np.hypot(*(minimum - center)) <= radius]
        points = np.column_stack([center, known, *minima, inside, _on_rim(rim, center, radius)])
        if kinks(surface.formula) or not np.isfinite(loss).all():
            points = np.hstack([points, _searched(surface, points, center, radius)])
        losses = surface.value(points)
    return points[:, np.argmin(np.where(np.isnan(losses), np.inf, losses))]


def _on_rim(angle: np.ndarray, center: np.ndarray, radius: float) -> np.ndarray:
    return np.stack([center[0] + radius * np.cos(angle[0]), center[1] + radius * np.sin(angle[0])])


def _into_disc(points: np.ndarray, center: np.ndarray, radius: float) -> np.ndarray:
    offset = points - center[:, None]
    length = np.hypot(*offset)
    return np.where(length > radius, center[:, None] + offset * (radius / length), points)


# Samples


def _samples(surface: SmoothLoss, center: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Samples (2, rings, spokes) of the disc, the rim last, and their losses with inf for nan."""
    for rings in RINGS:
        angle = np.linspace(0, 2 * np.pi, SPOKES * rings, endpoint=False)
        reach = np.arange(1, rings + 1)[:, None] * (radius / rings)
        theta = np.stack([center[0] + reach * np.cos(angle), center[1] + reach * np.sin(angle)])
        loss = surface.value(theta)
        loss = np.where(np.isnan(loss), np.inf, loss)
        # Beside steep walls, the waves of the low part hardly count.
        low = np.quantile(loss[np.isfinite(loss)], LOW) if np.isfinite(loss).any() else np.inf
        if _resolved(loss) and _resolved(np.where(loss <= low, loss, np.inf)):
            break
    return theta, loss


def _resolved(loss: np.ndarray) -> bool:
    finite = np.isfinite(loss)
    scale = np.abs(loss[finite]).max(initial=0.0)
    scaled = np.where(finite, loss / (scale or 1.0), np.nan)
    # Towards the centre, the samples of a ring are close together anyway.
    outer = scaled[len(scaled) // 2 :].T
    around = np.concatenate([outer[-2:], outer, outer[:2]])
    return _waves_are_seen(scaled) and _waves_are_seen(around)


def _waves_are_seen(samples: np.ndarray) -> bool:
    """True where second differences along the first axis grow with the square of the distance, as on smooth losses."""
    near = np.abs(samples[3:-1] - 2 * samples[2:-2] + samples[1:-3])
    far = np.abs(samples[4:] - 2 * samples[2:-2] + samples[:-4])
    known = np.isfinite(far) & np.isfinite(near)
    near, far = near[known].sum(), far[known].sum()
    rounding = 16 * _EPSILON * samples.size
    return bool(far <= rounding or far >= RESOLVED * near)


def _hollows(loss: np.ndarray) -> np.ndarray:
    """True for samples (rings, spokes) that are lower than their eight neighbours; of equal neighbours, for one."""
    padded = np.pad(loss, ((1, 1), (0, 0)), constant_values=np.inf)
    padded = np.concatenate([padded[:, -1:], padded, padded[:, :1]], axis=1)
    rings, spokes = loss.shape
    lowest = loss < np.inf
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            neighbour = padded[down : down + rings, right : right + spokes]
            if (down, right) < (1, 1):
                lowest &= loss < neighbour
            elif (down, right) > (1, 1):
                lowest &= loss <= neighbour
    return lowest


def _best(points: np.ndarray, loss: np.ndarray) -> np.ndarray:
    return points[:, np.argsort(loss, kind="stable")[:MOST_HOLLOWS]]


# To the bottom


def _settled(points: np.ndarray, value: Function, newton: Function, allowed: Function, longest: float) -> np.ndarray:
    """Points (k, n) after Newton steps that are shortened to a trust radius, while the value falls."""
    points, loss = points.copy(), value(points)
    reach = np.full(loss.shape, float(longest))
    moving = np.arange(points.shape[1])
    for taken in range(MOST_STEPS_OF_FEW):
        if taken == MOST_STEPS:
            moving = moving[np.argsort(loss[moving], kind="stable")[:FEW]]
        if not moving.size:
            break
        step = newton(points[:, moving])
        length = np.sqrt((step * step).sum(axis=0))
        step = np.where(length > reach[moving], step * (reach[moving] / length), step)
        tried = allowed(points[:, moving] + step)
        tried_loss = value(tried)
        better = tried_loss < loss[moving]
        far = np.minimum(length, reach[moving])
        reach[moving] = np.where(better, np.maximum(2 * far, reach[moving] / 2), far / 4)
        points[:, moving[better]], loss[moving[better]] = tried[:, better], tried_loss[better]
        size = np.abs(points[:, moving]).max(axis=0)
        moving = moving[reach[moving] > _EPSILON * (size + longest)]
    return points


def _newton(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton's step with the curvatures made positive, or down the slope where there is no curvature."""
    values, axes = eigen(hessian)
    slopes = components(axes, gradient)
    step = times(axes, np.where(slopes == 0, 0.0, -slopes / np.abs(values)))
    steep = np.where(np.isfinite(gradient).all(axis=0), -gradient / np.hypot(*gradient) * 1e300, 0.0)
    return np.where(np.isfinite(step).all(axis=0), step, np.nan_to_num(steep))


def _newton_along_rim(surface: SmoothLoss, angle: np.ndarray, center: np.ndarray, radius: float) -> np.ndarray:
    theta = _on_rim(angle, center, radius)
    gradient, hessian = surface.gradient(theta), surface.hessian(theta)
    cosine, sine = np.cos(angle[0]), np.sin(angle[0])
    slope = radius * (cosine * gradient[1] - sine * gradient[0])
    turned = sine * sine * hessian[0, 0] - 2 * sine * cosine * hessian[0, 1] + cosine * cosine * hessian[1, 1]
    curvature = radius * radius * turned - radius * (cosine * gradient[0] + sine * gradient[1])
    step = np.where(slope == 0, 0.0, -slope / np.abs(curvature))
    return np.where(np.isfinite(step), step, -np.sign(np.nan_to_num(slope)))[None]


# Without derivatives


def _searched(surface: SmoothLoss, points: np.ndarray, center: np.ndarray, radius: float) -> np.ndarray:
    """The lowest of these points after searches that need no derivatives: in every direction, and along the kinks."""
    points = _best(points, np.nan_to_num(surface.value(points), nan=np.inf))[:, :MOST_SEARCHED]

    def around(points: np.ndarray, reach: np.ndarray, turn: int) -> np.ndarray:
        angle = turn * GOLDEN_ANGLE + np.arange(DIRECTIONS)[:, None] * (2 * np.pi / DIRECTIONS)
        tried = points[:, None] + reach * np.stack([np.cos(angle), np.sin(angle)])
        return _into_disc(tried.reshape(2, -1), center, radius).reshape(tried.shape)

    found = [_polled(points, surface.value, around, radius)]
    # Beside a kink, what is lower may lie in a sector between two directions.
    for kink in _nearest(kinks(surface.formula), found[0]):
        found.append(_along(kink, found[0], surface.value, center, radius))
    return np.hstack(found)


def _polled(points: np.ndarray, value: Function, around: Function, radius: float) -> np.ndarray:
    """Points (2, n) that move to the lowest of the places around them (2, k, n), near or far, while one is lower (Audet
    & Dennis 2006)."""
    loss, reach = np.nan_to_num(value(points), nan=np.inf), np.full(points.shape[1], radius / RINGS[0])
    for turn in range(MOST_TURNS):
        tried = around(points, reach, turn)
        tried_loss = np.nan_to_num(value(tried), nan=np.inf)
        lowest = np.argmin(tried_loss, axis=0), np.arange(len(loss))
        better = tried_loss[lowest] < loss
        points = np.where(better, tried[:, *lowest], points)
        loss, reach = np.where(better, tried_loss[lowest], loss), np.where(better, 1.5 * reach, reach / 2)
        if (reach <= 4 * _EPSILON * (np.abs(points).max() + radius)).all():
            break
    return points


@lru_cache(maxsize=64)
def kinks(formula: sympy.Expr) -> tuple[Compiled, ...]:
    """The functions of theta that are zero at the kinks of a formula, each with its two slopes."""
    corners = sorted(formula.atoms(Cornered, Jumping, Relational), key=sympy.default_sort_key)
    levels = dict.fromkeys(
        corner.level if isinstance(corner, (Cornered, Jumping)) else corner.lhs - corner.rhs for corner in corners
    )
    return tuple(
        Compiled((theta1, theta2), [level, sympy.diff(level, theta1), sympy.diff(level, theta2)]) for level in levels
    )


def _nearest(found: Sequence[Compiled], points: np.ndarray) -> list[Compiled]:
    """Those of the kinks that are next to one of the points."""
    distances = [np.nanmin(np.hypot(*_to_kink(kink, points)[0]), initial=np.inf) for kink in found]
    return [found[place] for place in np.argsort(distances, kind="stable")[:MOST_KINKS]]


def _to_kink(kink: Compiled, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Newton's steps from points (2, *batch) to a kink, and the directions along it."""
    level, *slope = (np.broadcast_to(part, points.shape[1:]) for part in kink.on_batch(*points))
    steepness = np.hypot(*slope)
    across = np.stack(slope) / steepness
    return -level / steepness * across, np.stack([-across[1], across[0]])


def _along(kink: Compiled, points: np.ndarray, value: Function, center: np.ndarray, radius: float) -> np.ndarray:
    """The lowest points of a kink inside the disc that a search along it finds from these points."""

    def onto(points: np.ndarray) -> np.ndarray:
        for _ in range(KINK_STEPS):
            points = points + _to_kink(kink, points)[0]
        return points

    def beside(points: np.ndarray, reach: np.ndarray, _) -> np.ndarray:
        along = reach * _to_kink(kink, points)[1]
        return onto(points[:, None] + np.stack([-along, along], axis=1))

    def value_inside(points: np.ndarray) -> np.ndarray:
        offset = np.moveaxis(points, 0, -1) - center
        return np.where(np.hypot(offset[..., 0], offset[..., 1]) <= radius, value(points), np.inf)

    found = _polled(onto(points), value_inside, beside, radius)
    return found[:, value_inside(found) < np.inf]
