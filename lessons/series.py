"""A Taylor polynomial of one variable: where its error is small, and what holds for the series around its centre."""

import math
from dataclasses import dataclass

import numpy as np
import sympy

from lessons.words import number
from surfaces.curves import Curve, polynomial_value, small_error_interval, x

TURNS = 8


def recognised(center: float) -> sympy.Expr | float:
    """Multiples of π/4 and whole numbers as exact numbers, so that the terms look as in a book."""
    for turn in range(-TURNS, TURNS + 1):
        if turn and math.isclose(center, turn * math.pi / 4, rel_tol=1e-6):
            return turn * sympy.pi / 4
    return sympy.Integer(int(center)) if float(center).is_integer() else center


@dataclass(frozen=True, eq=False)
class Series:
    """A Taylor polynomial of a curve, and the interval (low, high) around its centre where its error is small."""

    curve: Curve
    center: float
    coefficients: tuple[sympy.Expr, ...]
    interval: tuple[float, float]

    @property
    def order(self) -> int:
        """The highest power."""
        return len(self.coefficients) - 1

    def values(self, places: np.ndarray) -> np.ndarray:
        """The polynomial at places (n,)."""
        return polynomial_value(self.coefficients, self.center, places)

    def error(self, places: np.ndarray) -> np.ndarray:
        """How far the curve is above the polynomial at places (n,)."""
        return self.curve.value(places) - self.values(places)


def series(curve: Curve, center: float, order: int, tolerance: float) -> Series:
    """The Taylor polynomial of an order around a centre, and where its error stays within the tolerance."""
    found = Series(curve, center, curve.coefficients(recognised(center), order), (center, center))
    interval = small_error_interval(found.error, center, tolerance, curve.view)
    return Series(curve, center, found.coefficients, interval)


def interval_words(known: Series, tolerance: float) -> str:
    """Where the error of a polynomial stays within a tolerance."""
    ends, edges = known.interval, known.curve.view
    digits = next((count for count in range(3, 17) if number(ends[0], count) != number(ends[1], count)), 3)
    low, high = (number(end, digits) for end in ends)
    words = f"With order {known.order} the error is at most {number(tolerance)} from x = **{low}** to x = **{high}**."
    if any(end == edge for end, edge in zip(ends, edges, strict=True)):
        return f"{words} The picture ends there; beyond it the error may still be small."
    return words


def series_words(known: Series) -> str:
    """What holds for the series around this centre."""
    parts = [known.curve.lesson, _reach_in_words(known.curve, known.center)]
    if known.order >= 2 and any(all(c == 0 for c in known.coefficients[first::2]) for first in (0, 1)):
        parts.append("Around this centre every other term is zero.")
    return " ".join(filter(None, parts))


def _reach_in_words(curve: Curve, center: float) -> str:
    reach = float(curve.reach.subs(x, center))
    if reach == math.inf:
        return ""
    low, high = (number(end, 3) for end in (center - reach, center + reach))
    return (
        f"Between x = {low} and x = {high} a high order is as good as you like. Further out, the error grows without "
        "end with the order."
    )
