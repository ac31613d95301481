"""Where to look at a formula that comes without a domain: the frame of its pictures, and a start for descents."""

from collections.abc import Iterator

import numpy as np
from sympy import Float, Rational

from programs.frame import Frame
from programs.matrices import largest_entry
from surfaces.parameters import theta1, theta2
from surfaces.steps import shortest_newton_step
from surfaces.surface import Surface

# Half the width of a frame round the origin where nothing suggests another one.
USUAL = 4.0
SMALLER = (2.0, 1.0, 0.5, 0.2)
OTHER = (10.0, 40.0, 200.0, 1000.0)
# Stationary points that a frame should show: so many, the nearest ones to the origin, and where some are as near as
# this in both parameters, only those.
SHOWN, NEAR = 16, 5.0
# Newton's method comes nearer to a double zero of the slope by half, and from far away it takes long.
MOST_UPDATES = 60
# A frame is readable while its highest loss lies at most so many times further up than its median one.
READABLE = 1e6
# Room beside the last stationary point, and beside the last finite value, as a share.
ROOM, EDGE = 1.4, 0.08
RESOLUTION = 41
# The share of a frame in which the loss has values: enough to look at; and, where there is no better frame, any.
ENOUGH, ANYTHING = 0.1, 0.01
# Two sides whose natural lengths differ more than this are not made equal.
UNLIKE = 10.0
_NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
# Places for a start as shares of the half widths, in the order in which they are tried: off every axis of symmetry.
_STARTS = ((-0.7, 0.55), (0.72, -0.54), (-0.55, -0.7), (0.6, 0.7), (-0.3, 0.42), (0.33, 0.24), (0.2, -0.3), (0.05, 0.1))


def chosen_frame(surface: Surface) -> Frame | None:
    """A frame with the stationary points next to the origin in it, cropped to where the loss has values.

    None where no value was found anywhere.
    """
    quadratic = centre_of_quadratic(surface)
    if quadratic is not None:
        return _around_centre(*quadratic)
    candidates = list(_candidates(surface, stationary_points(surface)))
    known = [(frame, *_sampled(surface, frame)) for frame in candidates]
    for least in (ENOUGH, ANYTHING):
        for frame, losses, theta in known:
            finite = np.isfinite(losses)
            if finite.mean() >= least:
                return _cropped(frame, theta, finite)
    return None


def centre_of_quadratic(surface: Surface) -> tuple[np.ndarray, np.ndarray] | None:
    """The only point without a slope of a polynomial of degree 2, and its Hessian; None for every other loss.

    Exact where the numbers in the formula are: no conditioning is too bad, and no minimum too far away.
    """
    if not surface.formula.is_polynomial(theta1, theta2):
        return None
    (h11, h12), (_, h22) = surface.hessian_formula
    if h11.free_symbols | h12.free_symbols | h22.free_symbols:
        return None
    # Numbers in floating point are the fractions that they are: the determinant may be a difference of large products.
    exact = surface.formula.xreplace({number: Rational(number) for number in surface.formula.atoms(Float)})
    slopes = [exact.diff(variable) for variable in (theta1, theta2)]
    h11, h12, h22 = slopes[0].diff(theta1), slopes[0].diff(theta2), slopes[1].diff(theta2)
    slope1, slope2 = (slope.subs({theta1: 0, theta2: 0}) for slope in slopes)
    determinant = h11 * h22 - h12**2
    if determinant == 0:
        return None
    center = ((h12 * slope2 - h22 * slope1) / determinant, (h12 * slope1 - h11 * slope2) / determinant)
    return np.array(center, dtype=float), np.array([[h11, h12], [h12, h22]], dtype=float)


def _around_centre(center: np.ndarray, hessian: np.ndarray) -> Frame:
    """A frame round the centre of a quadratic, whose sides are as unlike as its curvatures if these are very unlike."""
    curvatures, axes = np.linalg.eigh(hessian)
    with np.errstate(all="ignore"):
        reach = np.sqrt((axes**2 / np.abs(curvatures)).sum(axis=1))
        ratio = float(reach[0] / reach[1])
    if not 0 < ratio < np.inf or 1 / UNLIKE <= ratio <= UNLIKE:
        return _around(center[:, None])
    halves = [_nice(2.0 * side) for side in (np.sqrt(ratio), 1 / np.sqrt(ratio))]
    # A side must be long enough to be told from its middle.
    halves = np.maximum(halves, 1e-5 * np.abs(center))
    digits = [2 - int(np.floor(np.log10(half))) for half in halves]
    return tuple(
        (round(float(middle - half), places), round(float(middle + half), places))
        for middle, half, places in zip(center, halves, digits, strict=True)
    )


def _candidates(surface: Surface, stationary: np.ndarray) -> Iterator[Frame]:
    if stationary.size:
        yield _around(stationary)
    usual = next((half for half in (USUAL, *SMALLER) if _readable(surface, _square(half))), USUAL)
    yield from (_square(half) for half in (usual, USUAL, *OTHER, *SMALLER, 0.05))


def _square(half: float) -> Frame:
    return ((-half, half), (-half, half))


def _around(points: np.ndarray) -> Frame:
    """A square round the origin that holds these points (2, n), or one round them where the origin is far away."""
    furthest = float(np.abs(points).max())
    low, high = points.min(axis=1), points.max(axis=1)
    half_span = float((high - low).max()) / 2
    if furthest > 8 * max(half_span, 2.0):
        center = (low + high) / 2
        half = _nice(max(2.0, ROOM * half_span))
        half = max(half, 1e-5 * furthest)
        return tuple((round(float(middle - half), 3), round(float(middle + half), 3)) for middle in center)
    return _square(_nice(ROOM * furthest if points.shape[1] > 1 else max(2.0, ROOM * furthest)))


def _nice(size: float) -> float:
    """The next larger round number."""
    decade = 10.0 ** np.floor(np.log10(max(size, 1e-6)))
    return float(f"{next((digit * decade for digit in _NICE if digit * decade >= size * 0.999), 10 * decade):.3g}")


def _sampled(surface: Surface, frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    axes = (np.linspace(low, high, RESOLUTION) for low, high in frame)
    theta = np.stack(np.meshgrid(*axes)).reshape(2, -1)
    return surface.value(theta), theta


def _readable(surface: Surface, frame: Frame) -> bool:
    losses, _ = _sampled(surface, frame)
    finite = losses[np.isfinite(losses)]
    if finite.size < 0.2 * losses.size:
        return False
    low, middle, high = (float(number) for number in (finite.min(), np.median(finite), finite.max()))
    middle = middle if middle > low else float(np.mean(finite / finite.size)) * finite.size
    return high / READABLE - low / READABLE <= max(middle - low, 1e-300)


def _cropped(frame: Frame, theta: np.ndarray, finite: np.ndarray) -> Frame:
    sides = []
    for (low, high), positions in zip(frame, theta, strict=True):
        known = positions[finite]
        step = (high - low) / (RESOLUTION - 1)
        margin = EDGE * (known.max() - known.min() + 2 * step)
        digits = max(0, 2 - int(np.floor(np.log10(high - low))))
        sides.append(
            (
                round(max(low, float(known.min() - step - margin)), digits),
                round(min(high, float(known.max() + step + margin)), digits),
            )
        )
    return tuple(sides)


def chosen_start(surface: Surface, frame: Frame) -> np.ndarray:
    """A point of the frame from which something happens: finite, with a slope, and not low down if that can be had."""
    middle, half = np.array(frame).mean(axis=1), np.diff(np.array(frame), axis=1)[:, 0] / 2
    losses, theta = _sampled(surface, frame)
    typical = np.median(losses[np.isfinite(losses)]) if np.isfinite(losses).any() else 0.0
    digits = np.maximum(0, 2 - np.floor(np.log10(half)).astype(int))
    places = middle[:, None] + half[:, None] * np.array(_STARTS).T
    places = np.stack([np.round(row, int(count)) for row, count in zip(places, digits, strict=True)])
    inner = (np.abs(theta - middle[:, None]) < 0.95 * half[:, None]).all(axis=0)
    places = np.hstack([places, theta[:, inner]])
    with np.errstate(all="ignore"):
        loss, slope = surface.value(places), np.hypot(*surface.gradient(places))
    steepest = np.nanmax(np.where(np.isfinite(slope), slope, 0.0))
    usable = np.isfinite(loss) & np.isfinite(slope) & (slope > 1e-9 * steepest)
    for wish in (usable & (loss >= typical), usable, np.isfinite(loss)):
        if wish.any():
            return places[:, int(wish.argmax())]
    return middle


def stationary_points(surface: Surface, half: float = 10.0) -> np.ndarray:
    """Up to SHOWN points without slope, the nearest ones to the origin that Newton's method finds: shape (2, n)."""
    theta = np.concatenate(
        [np.stack(np.meshgrid(*[np.linspace(-size, size, 13) + size / 50] * 2)).reshape(2, -1) for size in (half, 1.5)],
        axis=1,
    )
    with np.errstate(all="ignore"):
        slopes = np.hypot(*surface.gradient(theta))
        bent = largest_entry(surface.hessian(theta))
        usual_slope, usual_bend = (
            np.median(size[np.isfinite(size)]) if np.isfinite(size).any() else 1.0 for size in (slopes, bent)
        )
        for update in range(MOST_UPDATES):
            step = shortest_newton_step(surface.gradient(theta), surface.hessian(theta))
            if update >= 30 and not (np.hypot(*step) > 1e-6).any():
                break
            # What is not near may be far: the longest step doubles.
            longest = half * 2.0 ** max(0, update - 10)
            theta = theta + step * np.minimum(1.0, longest / np.maximum(np.hypot(*step), 1e-300))
        gradient, hessian = surface.gradient(theta), surface.hessian(theta)
        arrived = (
            (np.hypot(*step) < 1e-6)
            & (np.hypot(*gradient) <= 1e-6 * max(usual_slope, 1e-12))
            & (_least_bend(surface, hessian) > 1e-6 * usual_bend)
            & np.isfinite(surface.value(theta))
            & (np.abs(theta) < 1e4).all(axis=0)
        )
    used = np.array([variable in surface.formula.free_symbols for variable in (theta1, theta2)])
    # Along a variable that the formula lacks, one point stands for all.
    found = np.unique(np.where(used[:, None], np.round(theta[:, arrived], 3) + 0.0, 0.0), axis=1)
    nearest = np.argsort(np.hypot(*found), kind="stable")[:SHOWN]
    chosen = found[:, nearest]
    near = (np.abs(chosen) <= NEAR).all(axis=0)
    return chosen[:, near] if near.any() else chosen


def _least_bend(surface: Surface, hessian: np.ndarray) -> np.ndarray:
    """The smaller curvature, by size: a slope that dies away far out looks level, but does not bend."""
    one_variable = len(surface.formula.free_symbols) < 2
    bends = np.abs(np.linalg.eigvalsh(np.nan_to_num(np.moveaxis(hessian, 2, 0))))
    return bends.max(axis=1) if one_variable else bends.min(axis=1)
