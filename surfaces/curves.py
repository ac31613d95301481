"""Functions of one variable for the lesson on Taylor's series."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy

from programs.frame import Interval
from surfaces.compiled import Compiled
from surfaces.taylor import taylor_coefficients

x = sympy.Symbol("x", real=True)


@dataclass(frozen=True, eq=False)
class Curve:
    """A function h(x) of one variable, written once as a sympy formula.

    title: the name on screen. formula: a real sympy expression in x. view: the part of the line that pictures show.
    center: a good first centre, inside the view. lesson: one line that says what its series teaches, whatever the
    centre. reach: how far from a centre x the series converges: the distance to the nearest complex number where h has
    no derivative.
    """

    title: str
    formula: sympy.Expr
    view: Interval
    center: sympy.Expr
    lesson: str
    reach: sympy.Expr = sympy.oo

    @cached_property
    def _compiled(self) -> Compiled:
        return Compiled((x,), [self.formula])

    def value(self, points) -> np.ndarray:
        """The function at points (n,): shape (n,)."""
        points = np.ascontiguousarray(points, dtype=float)
        return np.broadcast_to(np.asarray(self._compiled.on_batch(points)[0], dtype=float), points.shape).copy()

    def coefficients(self, center, order: int) -> tuple[sympy.Expr, ...]:
        r"""$h^{(k)}(x_0)/k!$ for k = 0 to `order`: exact at numbers of sympy, with many digits at floats.

        Raises ValueError as `taylor_coefficients` does.
        """
        series = taylor_coefficients(self.formula, {x: center}, order)
        return tuple(series.get((power,), sympy.S.Zero) for power in range(order + 1))


def polynomial_value(coefficients, center: float, points: np.ndarray) -> np.ndarray:
    r"""$\sum_k c_k (x - x_0)^k$ at points (n,), by Horner's rule."""
    result = np.zeros_like(points, dtype=float)
    for coefficient in reversed([float(coefficient) for coefficient in coefficients]):
        result = result * (points - center) + coefficient
    return result


def small_error_interval(
    error: Callable[[np.ndarray], np.ndarray], center: float, tolerance: float, view: Interval
) -> tuple[float, float]:
    """The interval around the centre, inside the view, in which |error| stays at or below the tolerance.

    The error is sampled on each side, and the place where it first exceeds the tolerance is found by bisection.
    """
    return tuple(_reach(error, center, tolerance, end) for end in view)


def _reach(error: Callable[[np.ndarray], np.ndarray], center: float, tolerance: float, end: float) -> float:
    def fits(points: np.ndarray) -> np.ndarray:
        return np.abs(error(points)) <= tolerance

    places = np.linspace(center, end, 4001)[1:]
    good = fits(places)
    if good.all():
        return end
    first = int(np.argmin(good))
    inside, outside = (places[first - 1] if first else center), places[first]
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if fits(np.array([middle]))[0] else (inside, middle)
    return float(inside)


sine = Curve("sin x", sympy.sin(x), (-5.0, 6.5), sympy.pi / 4, "Good everywhere, if the order is high enough.")
cosine_wave = Curve(
    "cos 2x", sympy.cos(2 * x), (-3.0, 3.0), sympy.Integer(0), "Good everywhere, if the order is high enough."
)
exponential = Curve("eˣ", sympy.exp(x), (-4.0, 3.0), sympy.Integer(0), "Good everywhere, if the order is high enough.")
logarithm = Curve(
    "ln(1 + x)", sympy.log(1 + x), (-0.95, 3.0), sympy.Integer(0), "At −1 the function falls without end.", reach=1 + x
)
bell = Curve(
    "1/(1 + x²)",
    1 / (1 + x**2),
    (-3.0, 3.0),
    sympy.Integer(0),
    "Smooth everywhere, and yet:",
    reach=sympy.sqrt(1 + x**2),
)
two_valleys = Curve(
    "x⁴/4 − x²", x**4 / 4 - x**2, (-2.5, 2.5), sympy.Integer(1), "A polynomial is its own series: order 4 is exact."
)

CURVES: dict[str, Curve] = {name: curve for name, curve in dict(globals()).items() if isinstance(curve, Curve)}
