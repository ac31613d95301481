"""Learning rates that suit a loss: the one to begin with, and those on a slider."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from optimizers import OPTIMIZERS, run
from optimizers.hyperparameters import hyperparameters, is_whole
from programs.frame import shortest_side
from surfaces import Surface
from surfaces.curvature import largest_curvature, usual_curvature
from surfaces.names import is_typed, surface_of

# Preferred numbers, Renard's series R20 rounded (ISO 3:1973): twenty even steps to a decade.
RENARD = (1, 1.1, 1.25, 1.4, 1.6, 1.8, 2, 2.25, 2.5, 2.8, 3.15, 3.55, 4, 4.5, 5, 5.6, 6.3, 7.1, 8, 9)
SMALLEST_RATE, LARGEST_RATE = 1e-6, 10.0
# A slider goes at least so far below and above the limit 2/λ, and holds at most so many decades.
BELOW, ABOVE, MOST_DECADES = 1e-2, 1e1, 15
# A quarter of the limit 2/λ is quick and leaves room for a curvature that grows on the way.
SHARE = 0.25
# Where that is too much on the way from the start, the largest of so many halves with which the loss only falls.
HALVINGS, UPDATES = 20, 50
# Without any curvature: steps of this share of the view.
STEP = 0.01
# No rate that floating-point numbers could not bear.
EXTREMES = 1e-100, 1e100


def preferred_numbers(low: float, high: float) -> list[float]:
    """Renard's numbers from low to high."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    numbers = (float(f"{digit}e{decade}") for decade in decades for digit in RENARD)
    return [number for number in numbers if low <= number <= high]


def even_numbers(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Numbers in steps of a power of ten, fifty to five hundred of them, and the ends of their range.

    whole: in steps of at least 1, as whole numbers.
    """
    power = math.floor(math.log10((high - low) / 50))
    power = max(power, 0) if whole else power
    places = range(math.ceil(low / 10.0**power), math.floor(high / 10.0**power) + 1)
    numbers = {low, high, *(float(f"{place}e{power}") for place in places)}
    return sorted(map(int, numbers) if whole else numbers)


def numbers_of(owner: type, name: str) -> list[float]:
    """The numbers on the slider of a hyperparameter of a rule or a schedule, from its field; whole if it counts."""
    field = hyperparameters(owner)[name]
    if field.scale == "log":
        return preferred_numbers(field.low, field.high)
    return even_numbers(field.low, field.high, whole=is_whole(owner, name))


def rate_limit(surface: Surface, minima: Sequence[np.ndarray] = ()) -> float:
    r"""$2/\lambda$, the largest learning rate with which descent can settle, of the largest curvature at the start and
    at the minimum next to it; where neither is curved upwards, of the usual curvature, or of the slope.

    minima: those of the surface unless given.
    """
    known = sorted(minima or surface.minima, key=lambda point: float(np.hypot(*(point - surface.start))))
    largest = largest_curvature(surface, np.stack([surface.start, *known[:1]], axis=1)) or usual_curvature(surface)
    if largest > 0:
        return 2 / largest
    slope = float(np.hypot(*surface.gradient(surface.start)))
    size = shortest_side(surface.view)
    return STEP * size / slope / SHARE if 0 < slope < math.inf else 1.0


def suited_rate(surface: Surface, limit: float) -> float:
    """A preferred number of a quarter of the limit at most, with which descent from the start only goes down."""
    most = SHARE * min(max(limit, EXTREMES[0]), EXTREMES[1])
    rates = most / 2.0 ** np.arange(HALVINGS)
    losses = run(OPTIMIZERS["GradientDescent"](learning_rate=rates), surface, surface.start, UPDATES).loss
    with np.errstate(all="ignore"):
        falls = (losses <= losses[0] + 1e-9 * np.abs(losses[0])).all(axis=0)
    rate = float(rates[falls.argmax()])
    return max(number for number in preferred_numbers(rate / 2, rate) if number <= rate)


def rates_beside(limit: float) -> tuple[float, ...]:
    """The rates of a slider: from 1e-6 to 10, and further where a limit 2/λ lies near an end or beyond."""
    limit = min(max(limit, EXTREMES[0]), EXTREMES[1])
    low, high = (
        _decade(min(SMALLEST_RATE, BELOW * limit), math.floor),
        _decade(max(LARGEST_RATE, ABOVE * limit), math.ceil),
    )
    if limit > 1:
        low = max(low, _decade(high / 10.0**MOST_DECADES, math.floor))
    else:
        high = min(high, _decade(low * 10.0**MOST_DECADES, math.ceil))
    return tuple(preferred_numbers(low, high))


def _decade(number: float, rounded) -> float:
    return float(f"1e{rounded(round(math.log10(number), 9))}")


def nearest_rate(rate: float, rates: Sequence[float]) -> float:
    """The one of the rates that is nearest to this one on a log scale; the smallest where it is no rate."""
    if not (math.isfinite(rate) and rate > 0):
        return rates[0]
    return min(rates, key=lambda known: abs(math.log(known / rate)))


@lru_cache(maxsize=256)
def limit_on(name: str) -> float:
    """2/λ of a surface by its name; see `rate_limit`."""
    surface = surface_of(name)
    minima = (
        [point.theta for point in surface.critical_points(surface.view, 100) if point.kind == "minimum"]
        if is_typed(name)
        else []
    )
    return rate_limit(surface, minima)


@lru_cache(maxsize=256)
def rate_on(name: str) -> float:
    """The learning rate that suits a surface by its name."""
    return suited_rate(surface_of(name), limit_on(name))


@lru_cache(maxsize=256)
def rates_on(name: str) -> tuple[float, ...]:
    """The rates of a slider for a surface by its name."""
    return rates_beside(limit_on(name))
