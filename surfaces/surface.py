"""What a loss is: one formula, exactly differentiated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import sympy

from surfaces.compiled import Compiled
from surfaces.critical_points import CriticalPoint, critical_points
from surfaces.parameters import theta1, theta2
from surfaces.taylor import taylor

Interval = tuple[float, float]

HIGHEST_ORDER = 8


@dataclass(frozen=True, eq=False)
class Surface:
    r"""A loss $L(\theta_1, \theta_2)$ written once as a sympy formula.

    Value, gradient and Hessian are compiled from exact derivatives of the formula, at first use.

    title: the name on screen.
    formula: a real sympy expression in theta1 and theta2.
    domain: ((low, high) of theta1, (low, high) of theta2), as published.
    start: where descent begins if nobody says otherwise, shape (2,).
    minima: every global minimiser inside the domain, each of shape (2,); empty where the loss has no minimum.
    lesson: one line that says what the surface teaches.
    source: where the formula and its domain were published.
    view: the part of the domain that pictures show; the whole domain where it is not given.
    subgradients: {point: gradient} at points where the formula has a minimum but no derivative. The Hessian is
        reported as zero there.

    Raises ValueError where the formula holds other symbols than theta1 and theta2.
    """

    title: str
    formula: sympy.Expr
    domain: tuple[Interval, Interval]
    start: np.ndarray
    minima: tuple[np.ndarray, ...] = ()
    lesson: str = ""
    source: str = ""
    view: tuple[Interval, Interval] | None = None
    subgradients: Mapping[tuple[float, float], tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self):
        strangers = sympy.sympify(self.formula).free_symbols - {theta1, theta2}
        if strangers:
            names = ", ".join(sorted(map(str, strangers)))
            raise ValueError(f"The formula of {self.title!r} may hold only theta1 and theta2, but it holds {names}.")
        object.__setattr__(self, "formula", sympy.sympify(self.formula))
        self._settle()

    def _settle(self) -> None:
        """Brings start, minima and view into their documented form."""
        object.__setattr__(self, "start", _point(self.start))
        object.__setattr__(self, "minima", tuple(_point(minimum) for minimum in self.minima))
        object.__setattr__(self, "view", self.view or self.domain)

    @cached_property
    def best_loss(self) -> float | None:
        """L*, the loss at the global minima; None where none is known."""
        return min((float(self.value(minimum)) for minimum in self.minima), default=None)

    @cached_property
    def latex(self) -> str:
        """The formula as LaTeX, without the left-hand side."""
        return sympy.latex(self.formula)

    @cached_property
    def gradient_formula(self) -> tuple[sympy.Expr, sympy.Expr]:
        r"""The exact partial derivatives $(\partial L/\partial\theta_1, \partial L/\partial\theta_2)$."""
        return tuple(sympy.diff(self.formula, variable) for variable in (theta1, theta2))

    @cached_property
    def hessian_formula(self) -> tuple[tuple[sympy.Expr, sympy.Expr], tuple[sympy.Expr, sympy.Expr]]:
        r"""The exact second derivatives $\partial^2 L/\partial\theta_i\partial\theta_j$, row by row.

        At a kink, as of |theta1| at 0, where the slope jumps, they are those beside the kink.
        """
        first, second = self.gradient_formula
        mixed = _curvature(first, theta2)
        return (_curvature(first, theta1), mixed), (mixed, _curvature(second, theta2))

    @cached_property
    def _compiled(self) -> Compiled:
        slopes = (sympy.factor_terms(slope) for slope in self.gradient_formula)
        return Compiled((theta1, theta2), [self.formula, *slopes])

    @cached_property
    def _compiled_value(self) -> Compiled:
        return self._compiled.only(0)

    @cached_property
    def _compiled_gradient(self) -> Compiled:
        return self._compiled.only(1, 2)

    @cached_property
    def _compiled_hessian(self) -> Compiled:
        (h11, h12), (_, h22) = self.hessian_formula
        return Compiled((theta1, theta2), [h11, h12, h22])

    def value(self, theta) -> np.ndarray:
        """The loss at points of shape (2, *batch): shape (*batch,), inf or nan where the formula has no finite
        value."""
        theta = as_points(theta)
        if theta.ndim == 1:
            return np.float64(self._compiled_value.at_point(*theta.tolist())[0])
        return _filled(self._compiled_value.on_batch(*theta)[0], theta.shape[1:])

    def gradient(self, theta) -> np.ndarray:
        """The exact gradient at points of shape (2, *batch): shape (2, *batch)."""
        theta = as_points(theta)
        result = np.empty(theta.shape)
        result[0], result[1] = _values(self._compiled_gradient, theta)
        if self.subgradients:
            self._set_subgradients(result, theta)
        return result

    def value_and_gradient(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """Both together, the same to the last bit, in less time than one after the other."""
        theta = as_points(theta)
        gradient = np.empty(theta.shape)
        if theta.ndim == 1:
            value, gradient[0], gradient[1] = self._compiled.at_point(*theta.tolist())
            value = np.float64(value)
        else:
            value, gradient[0], gradient[1] = self._compiled.on_batch(*theta)
            value = _filled(value, theta.shape[1:])
        if self.subgradients:
            self._set_subgradients(gradient, theta)
        return value, gradient

    def _set_subgradients(self, gradient: np.ndarray, theta: np.ndarray) -> None:
        for point, subgradient in self.subgradients.items():
            self._fill(gradient, theta, point, np.array(subgradient))

    def hessian(self, theta) -> np.ndarray:
        """The exact Hessian at points of shape (2, *batch): shape (2, 2, *batch), symmetric."""
        theta = as_points(theta)
        result = np.empty((2, *theta.shape))
        result[0, 0], result[0, 1], result[1, 1] = _values(self._compiled_hessian, theta)
        result[1, 0] = result[0, 1]
        for point in self.subgradients:
            self._fill(result, theta, point, np.zeros((2, 2)))
        return result

    def critical_points(
        self, frame: tuple[Interval, Interval] | None = None, most: float = np.inf
    ) -> tuple[CriticalPoint, ...]:
        """Every isolated point of the domain, or of a frame, where the gradient is zero; see `critical_points`."""
        return critical_points(self, frame, most=most)

    def taylor(self, center, order: int) -> sympy.Expr:
        r"""The Taylor polynomial of the loss around a centre, exact, in theta1 and theta2.

        center: two finite real numbers; floats count as the binary fractions that they are. order: a whole number from
        0 to 8. The polynomial is written in powers of (theta1 - a) and (theta2 - b).

        Raises ValueError where the centre or the order is something else, or where the loss has no value or not enough
        derivatives at the centre.
        """
        if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or not 0 <= order <= HIGHEST_ORDER:
            raise ValueError(f"The order must be a whole number from 0 to {HIGHEST_ORDER}, but it is {order!r}.")
        try:
            a, b = center
        except (TypeError, ValueError):
            raise ValueError(f"The centre is two finite numbers (theta1, theta2), not {center!r}.") from None
        return taylor(self.formula, {theta1: a, theta2: b}, order)

    @staticmethod
    def _fill(result: np.ndarray, theta: np.ndarray, point: tuple[float, float], entry: np.ndarray) -> None:
        at_point = (theta[0] == point[0]) & (theta[1] == point[1])
        result[..., at_point] = entry[..., None]


def _curvature(slope: sympy.Expr, variable: sympy.Symbol) -> sympy.Expr:
    return sympy.diff(slope, variable).replace(sympy.DiracDelta, lambda *_: sympy.S.Zero)


def _point(values) -> np.ndarray:
    point = np.array(values, dtype=float)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise ValueError(f"A point is two finite numbers (theta1, theta2), not {values!r}.")
    point.flags.writeable = False
    return point


def _filled(value: float | np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The value as an array of its own, of this shape; a constant fills it."""
    if np.shape(value) == shape and value.base is None:
        return value
    return np.array(np.broadcast_to(value, shape))


def _values(compiled: Compiled, theta: np.ndarray) -> list:
    return compiled.at_point(*theta.tolist()) if theta.ndim == 1 else compiled.on_batch(*theta)


def as_points(theta) -> np.ndarray:
    """Points as an array (2, *batch) of float64; ValueError where the shape is another one."""
    # Contiguous, because numpy may take another code path, with another rounding, through strided memory.
    theta = np.ascontiguousarray(theta, dtype=float)
    if not theta.ndim or len(theta) != 2:
        raise ValueError(f"Points have shape (2, *batch): theta1 and theta2 first. This array has shape {theta.shape}.")
    return theta
