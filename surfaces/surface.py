"""What a loss is: one formula, exactly differentiated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
import sympy

from programs.frame import Frame, diagonal_length
from surfaces.compiled import Compiled, unknown_functions
from surfaces.corners import Cornered, with_corners
from surfaces.critical_points import CriticalPoint, critical_points
from surfaces.flat import flat_where_flat
from surfaces.functions import Partial
from surfaces.onesided import one_sided_limits
from surfaces.parameters import theta1, theta2
from surfaces.rounding import rounding_of
from surfaces.taylor import taylor

HIGHEST_ORDER = 8
# The square of a smaller distance has lost its digits: so close to a point is at the point.
TINY = 1e-150


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

    sympy's |x|, sign, Max, Min and unit step become the functions of `corners`. At a kink the second derivatives are
    those beside it. Where a derivative of the formula is no number although the loss has a value, it is the limit from
    both sides, or a subgradient; see `onesided`.

    Raises ValueError where the formula holds other symbols than theta1 and theta2, or a function that cannot be
    evaluated or not be differentiated twice; where the domain or the view is no pair of finite intervals; and where a
    point or a subgradient is not two finite numbers.
    """

    title: str
    formula: sympy.Expr
    domain: Frame
    start: np.ndarray
    minima: tuple[np.ndarray, ...] = ()
    lesson: str = ""
    source: str = ""
    view: Frame | None = None
    subgradients: Mapping[tuple[float, float], tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self):
        formula = declared(self.title, self.formula)
        strangers = formula.free_symbols - {theta1, theta2}
        if strangers:
            names = ", ".join(sorted(map(str, strangers)))
            raise ValueError(f"The formula of {self.title!r} may hold only theta1 and theta2, but it holds {names}.")
        object.__setattr__(self, "formula", formula)
        self._settle()

    def _settle(self) -> None:
        """Brings domain, start, minima, view and subgradients into their documented form."""
        object.__setattr__(self, "domain", _intervals("domain", self.domain))
        object.__setattr__(self, "start", _point(self.start))
        object.__setattr__(self, "minima", tuple(_point(minimum) for minimum in self.minima))
        object.__setattr__(self, "view", self.domain if self.view is None else _intervals("view", self.view))
        subgradients = {tuple(_point(point)): tuple(_point(slope)) for point, slope in self.subgradients.items()}
        object.__setattr__(self, "subgradients", subgradients)

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
        r"""The exact second derivatives $\partial^2 L/\partial\theta_i\partial\theta_j$, row by row."""
        first, second = self.gradient_formula
        mixed = sympy.diff(first, theta2)
        return (sympy.diff(first, theta1), mixed), (mixed, sympy.diff(second, theta2))

    def _completed(self, derivative: sympy.Expr) -> sympy.Expr:
        """A derivative as it is compiled."""
        return flat_where_flat(derivative, self.formula)

    @cached_property
    def _compiled(self) -> Compiled:
        slopes = (self._completed(sympy.factor_terms(slope)) for slope in self.gradient_formula)
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
        return Compiled((theta1, theta2), list(map(self._completed, (h11, h12, h22))))

    @cached_property
    def _compiled_rounding(self) -> Compiled:
        return Compiled((theta1, theta2), [rounding_of(self.formula)])

    def rounding(self, theta) -> np.ndarray:
        """How far the loss at points of shape (2, *batch) may be off by rounding: shape (*batch,)."""
        theta = as_points(theta)
        # Below the smallest number with all its digits, digits are lost whatever the size.
        return _filled(np.asarray(_values(self._compiled_rounding, theta)[0]) + np.finfo(float).tiny, theta.shape[1:])

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
        return self._mended_gradient(result, theta)

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
        return value, self._mended_gradient(gradient, theta)

    def _mended_gradient(self, gradient: np.ndarray, theta: np.ndarray) -> np.ndarray:
        """The gradient with the declared subgradients, and with one-sided limits where the formula gives no number."""
        for point, subgradient in self.subgradients.items():
            self._fill(gradient, theta, point, np.array(subgradient))
        if self._has_tips and not np.isfinite(gradient).all():
            self._set_limits(gradient, theta, self._compiled, ((1, 0, self.value), (2, 1, self.value)))
        return gradient

    @cached_property
    def _has_tips(self) -> bool:
        """True where the derivatives may be no numbers at points at which the loss has a value."""
        return self.formula.has(Cornered, Partial) or any(
            not (part.exp.is_Integer and part.exp > 0) for part in self.formula.atoms(sympy.Pow)
        )

    def _set_limits(
        self, result: np.ndarray, theta: np.ndarray, compiled: Compiled, entries: tuple[tuple[int, int, Callable], ...]
    ) -> None:
        """Puts one-sided limits for what is not finite in derivatives (k, *batch), where the loss has a value.

        entries: for each row its place among the compiled functions, the axis along which it is a derivative, and of
        which function.
        """
        points, rows = theta.reshape(2, -1), result.reshape(len(result), -1)
        size = diagonal_length(self.view)
        for row, (place, axis, value) in zip(rows, entries, strict=True):
            missing = np.flatnonzero(~np.isfinite(row))
            missing = missing[np.isfinite(self.value(points[:, missing]))]
            if missing.size:
                entry = partial(_only_entry, compiled.only(place))
                row[missing] = one_sided_limits(entry, value, points[:, missing], axis, size)

    def hessian(self, theta) -> np.ndarray:
        """The exact Hessian at points of shape (2, *batch): shape (2, 2, *batch), symmetric."""
        theta = as_points(theta)
        entries = np.empty((3, *theta.shape[1:]))
        entries[0], entries[1], entries[2] = _values(self._compiled_hessian, theta)
        if self._has_tips and not np.isfinite(entries).all():
            first, second = (partial(_only_entry, self._compiled.only(1 + axis)) for axis in (0, 1))
            self._set_limits(entries, theta, self._compiled_hessian, ((0, 0, first), (1, 1, first), (2, 1, second)))
        result = np.array([entries[:2], entries[1:]])
        for point in self.subgradients:
            self._fill(result, theta, point, np.zeros((2, 2)))
        return result

    def critical_points(self, frame: Frame | None = None, most: float = np.inf) -> tuple[CriticalPoint, ...]:
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
        at_point = (np.abs(theta[0] - point[0]) < TINY) & (np.abs(theta[1] - point[1]) < TINY)
        result[..., at_point] = entry[..., None]


def declared(title: str, formula) -> sympy.Expr:
    """A formula in theta1 and theta2, whatever symbols of these names it came with, with corners as `corners` has them.

    Raises ValueError where it is no expression, or holds a function that cannot be evaluated or differentiated twice.
    """
    try:
        expression = sympy.sympify(formula)
    except (sympy.SympifyError, TypeError, SyntaxError):
        expression = None
    if not isinstance(expression, sympy.Expr):
        raise ValueError(f"The formula of {title!r} is a sympy expression, not {formula!r}.")
    own = {variable.name: variable for variable in (theta1, theta2)}
    named = {symbol: own[symbol.name] for symbol in expression.free_symbols if symbol.name in own}
    expression = with_corners(expression.xreplace(named))
    unknown = unknown_functions(expression)
    if unknown:
        names = ", ".join(unknown)
        raise ValueError(f"The formula of {title!r} holds {names}, which has no values or no two derivatives here.")
    return expression


def _intervals(name: str, values) -> Frame:
    try:
        box = np.array(values, dtype=float)
    except (TypeError, ValueError):
        box = np.array(np.nan)
    if box.shape != (2, 2) or not np.isfinite(box).all() or not (box[:, 0] < box[:, 1]).all():
        raise ValueError(
            f"The {name} is ((low, high) of theta1, (low, high) of theta2), finite and low below high, not {values!r}."
        )
    return tuple(map(tuple, values))


def _point(values) -> np.ndarray:
    point = np.array(values, dtype=float)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise ValueError(f"A point is two finite numbers (theta1, theta2), not {values!r}.")
    point.flags.writeable = False
    return point


def _only_entry(compiled: Compiled, theta: np.ndarray) -> np.ndarray:
    return np.broadcast_to(compiled.on_batch(*theta)[0], theta.shape[1:])


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
