"""How losses become heights and colours: one documented transform that keeps valley and wall readable together."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from optimizers.numbers import number

# In the picture, the median loss of the frame stands at this share of the height.
MEDIAN_HEIGHT = 0.4
# True heights beyond these would be lost in the 32 bits of a graphics card.
SMALLEST_HEIGHT, LARGEST_HEIGHT = 1e-30, 1e30


@dataclass(frozen=True)
class LossScale:
    r"""Height of a loss: $h(L) = \operatorname{asinh}((L - L_{low})/c)$, linear near the lowest loss, logarithmic far
    above.

    low, high: the lowest and highest loss in the frame. softness: c, or inf for true heights, $h(L) = L - L_{low}$.
    """

    low: float
    high: float
    softness: float = np.inf

    def height(self, loss) -> np.ndarray:
        """The height of losses of any shape; a loss below `low` has a negative height."""
        above = np.subtract(loss, float(self.low))
        return above if np.isinf(self.softness) else np.arcsinh(above / self.softness)

    def loss(self, height) -> np.ndarray:
        """The loss at a height."""
        height = np.asarray(height, dtype=float)
        return self.low + (height if np.isinf(self.softness) else np.sinh(height) * self.softness)

    @cached_property
    def top(self) -> float:
        """The height of the highest loss; greater than zero even where the loss is constant."""
        return float(self.height(self.high)) or 1.0

    @property
    def name(self) -> str:
        """The words for an axis or a colour bar."""
        return "loss L" if np.isinf(self.softness) else "loss L (log-like spacing)"

    @property
    def short_name(self) -> str:
        """The words where there is little room."""
        return "L" if np.isinf(self.softness) else "L (log-like)"

    def ticks(self, most: int = 7) -> tuple[list[float], list[str]]:
        """Heights of round losses, spread over the axis, and their labels in true losses."""
        heights, labels = _ticks(self, most)
        return list(heights), list(labels)


@lru_cache(maxsize=256)
def _ticks(scale: LossScale, most: int) -> tuple[tuple[float, ...], tuple[str, ...]]:
    chosen = _spread(scale, _even_numbers(scale.low, scale.high), most)
    if not np.isinf(scale.softness):
        round_ones = _spread(scale, _round_numbers(scale.low, scale.high), most)
        chosen = round_ones if len(round_ones) >= 3 else chosen
    chosen.sort()
    return tuple(float(scale.height(loss)) for loss in chosen), tuple(_labels(chosen))


def _spread(scale: LossScale, candidates: list[float], most: int) -> list[float]:
    """The first candidates that are not too near to one another in the picture."""
    chosen: list[float] = []
    for loss in candidates:
        if all(abs(float(scale.height(loss) - scale.height(other))) >= scale.top / most for other in chosen):
            chosen.append(loss)
    return chosen


def _even_numbers(low: float, high: float) -> list[float]:
    """Round losses at even distances from low to high."""
    span = high - low
    if not span > 0:
        return [low]
    step = 10 ** np.floor(np.log10(span))
    step = step if span / step >= 4 else step / 2 if span / step >= 2 else step / 5
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [float(f"{k * step:.12g}") for k in range(first, last + 1)]


def _round_numbers(low: float, high: float) -> list[float]:
    """Zero, powers of ten, and three, two and five times these, as far as they lie between low and high."""
    span = high - low
    if not span > 0:
        return [low]
    largest = int(np.ceil(np.log10(max(abs(low), abs(high)))))
    decades = range(largest, min(largest - 6, int(np.floor(np.log10(span))) - 4), -1)
    scaled = [sign * digit * 10.0**decade for digit in (1, 3, 2, 5) for decade in decades for sign in (1, -1)]
    slack = 1e-9 * span
    return [loss for loss in (0.0, *scaled) if low - slack <= loss <= high + slack]


def _labels(losses: list[float]) -> list[str]:
    """Labels with as few digits as keep the losses apart and true."""
    for digits in range(4, 18):
        labels = [f"{loss:.{digits}g}" for loss in losses]
        if len(set(labels)) == len(labels) and all(
            abs(float(label) - loss) <= 1e-9 * (max(losses) - min(losses) or 1.0)
            for label, loss in zip(labels, losses, strict=True)
        ):
            break
    return [number(loss, digits) for loss in losses]


def loss_scale(losses: np.ndarray, lowest: float = np.inf) -> LossScale:
    """The scale for these losses, with the softness that puts their median at MEDIAN_HEIGHT.

    Losses that are spread evenly enough already keep their true heights. lowest: a loss known to lie below the others.
    """
    finite = losses[np.isfinite(losses)]
    if not finite.size:
        return LossScale(0.0, 1.0)
    low, high = float(min(finite.min(), lowest)), float(finite.max())
    median = float(np.median(finite))
    drawable = high == low or SMALLEST_HEIGHT < high - low < LARGEST_HEIGHT
    if drawable and median - low >= MEDIAN_HEIGHT * (high - low) * 0.75:
        return LossScale(low, high)
    if median <= low:
        return LossScale(low, high, (high - low) / 10)
    # Larger softness, lower median: bisect on its logarithm.
    smallest, largest = np.log(median - low) - 20, np.log(high - low)
    for _ in range(60):
        middle = (smallest + largest) / 2
        scale = LossScale(low, high, float(np.exp(middle)))
        if float(scale.height(median)) / scale.top > MEDIAN_HEIGHT:
            smallest = middle
        else:
            largest = middle
    return scale


def true_scale(scale: LossScale) -> LossScale:
    """The same range at true heights."""
    return LossScale(scale.low, scale.high)
