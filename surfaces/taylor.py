"""Local models of a loss, and their minimisers inside the red circle."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import sympy
from sympy.core.relational import Relational

from surfaces.corners import Cornered, Jumping, with_corners
from surfaces.functions import power
from surfaces.loss import SmoothLoss
from surfaces.lowest import kinks, lowest_in_disc
from surfaces.parameters import theta1, theta2
from surfaces.steps import linear_step, quadratic_step

DIGITS = 60
# Where more corners meet in a point, it counts as a kink. Coefficients closer than SAME are the same.
MOST_CORNERS = 4
SAME = sympy.Rational(1, 10**40)
# As many radii, the smallest ones, decide the slope of the model's error.
FITTED = 6
# What a function of one variable is written in.
_Z = sympy.Dummy("z", real=True)
# A truncated power series: exact coefficients by the powers of the steps from the centre.
Series = dict[tuple[int, ...], sympy.Expr]


# Taylor polynomials


def taylor_coefficients(formula: sympy.Expr, center: Mapping[sympy.Symbol, object], order: int) -> Series:
    r"""$\frac{1}{k!}\,\partial^k f(c)$ for all powers k = (k1, k2, ...) up to an order, one for each variable.

    center: a finite real number for each variable. At whole numbers, fractions and sympy's numbers every coefficient is
    exact. Floats, here and in the formula, are taken as the binary fractions that they are, and coefficients that are
    not fractions are computed with DIGITS digits. The series of the formula's parts are combined by the rules for sums,
    products and compositions (B. Taylor 1715; Griewank & Walther, Evaluating Derivatives, 2008, chapter 13).

    Raises ValueError where the order is no whole number of at least 0, the centre is not finite, or the formula has no
    value or not enough derivatives there.
    """
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or order < 0:
        raise ValueError(f"The order must be a whole number of at least 0, but it is {order!r}.")
    point = {variable: _exact(value) for variable, value in center.items()}
    formula = with_corners(sympy.sympify(formula))
    floats = formula.atoms(sympy.Float)
    formula = formula.xreplace({number: sympy.Rational(number) for number in floats})
    numerical = bool(floats) or any(isinstance(value, (float, np.floating)) for value in center.values())
    try:
        series = _series(formula, point, int(order), numerical)
    except _KinkError:
        reason = "the function has a kink there"
    else:
        if all(_is_number(coefficient) for coefficient in series.values()):
            return series
        reason = "no finite value or derivative"
    place = ", ".join(f"{float(value):.6g}" for value in point.values())
    raise ValueError(f"At ({place}) there is no Taylor polynomial of order {order}: {reason}.")


def taylor(formula: sympy.Expr, center: Mapping[sympy.Symbol, object], order: int) -> sympy.Expr:
    """The Taylor polynomial of a formula, from `taylor_coefficients`, in powers of (variable - centre)."""
    series = taylor_coefficients(formula, center, order)
    steps = [variable - _exact(value) for variable, value in center.items()]
    return sympy.Add(
        *(
            series[powers] * sympy.Mul(*(step**power for step, power in zip(steps, powers, strict=True)))
            for powers in sorted(series)
        )
    )


def _exact(value) -> sympy.Expr:
    number = value if isinstance(value, sympy.Expr) else None
    if isinstance(value, (int, float, np.integer, np.floating)) and math.isfinite(value):
        number = sympy.Rational(value if isinstance(value, int) else value.item() if hasattr(value, "item") else value)
    if number is not None and number.is_Float:
        number = sympy.Rational(number)
    if number is None or not _is_number(number):
        raise ValueError(f"The centre of a Taylor polynomial must be finite real numbers, but it holds {value!r}.")
    return number


def _is_number(value: sympy.Expr) -> bool:
    return value.is_number and not value.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo) and value.is_real is not False


class _KinkError(ValueError):
    """A part of the formula has no derivative at the centre."""


def _series(formula: sympy.Expr, point: Mapping[sympy.Symbol, sympy.Expr], order: int, numerical: bool) -> Series:
    """The series of a formula; at a corner, that of either side, if they are the same."""
    expansion = _Expansion(point, order, numerical)
    series = expansion.of(formula)
    if not expansion.corners or not all(map(_is_number, series.values())):
        return series
    if len(expansion.corners) > MOST_CORNERS:
        raise _KinkError
    for sides in product((-1, 1), repeat=len(expansion.corners)):
        beside = _Expansion(point, order, numerical, dict(zip(expansion.corners, sides, strict=True)))
        if not _are_equal(series, beside.of(formula)):
            raise _KinkError
    value = _Expansion(point, 0, numerical).of(formula)
    if not _are_equal({powers: series[powers] for powers in value}, value):
        raise _KinkError
    return series


def _are_equal(left: Series, right: Series) -> bool:
    differences = (left.get(powers, sympy.S.Zero) - right.get(powers, sympy.S.Zero) for powers in left | right)
    return all(_is_number(difference) and abs(difference.evalf(DIGITS)) < SAME for difference in differences)


class _Expansion:
    """Series of formulas around one point, up to one order; with DIGITS digits where it is numerical, else exact.

    sides: {level of a corner: 1 or -1}, on which side of the corners that go through the point to look; `corners`
    are those that were met. Of the value alone, no side is taken.
    """

    def __init__(
        self,
        point: Mapping[sympy.Symbol, sympy.Expr],
        order: int,
        numerical: bool,
        sides: Mapping[sympy.Expr, int] | None = None,
    ):
        self._point, self._order, self._numerical = point, order, numerical
        self._sides, self.corners = sides or {}, []
        self._variables = tuple(point)
        self._zero = (0,) * len(point)
        self._known: dict[sympy.Expr, Series] = {}

    def of(self, formula: sympy.Expr) -> Series:
        if formula not in self._known:
            self._known[formula] = self._expanded(formula)
        return self._known[formula]

    def _expanded(self, formula: sympy.Expr) -> Series:
        if not formula.free_symbols:
            return {self._zero: self._number(formula)}
        if formula in self._variables:
            unit = tuple(int(formula == variable) for variable in self._variables)
            return self._cut({self._zero: self._point[formula], unit: sympy.S.One})
        if isinstance(formula, sympy.Add):
            return _sum(*map(self.of, formula.args))
        if isinstance(formula, sympy.Mul):
            return self._product(*map(self.of, formula.args))
        if isinstance(formula, sympy.Pow) and formula.exp.is_Integer and formula.exp > 0:
            return self._product(*[self.of(formula.base)] * int(formula.exp))
        if isinstance(formula, sympy.Pow) and not formula.exp.free_symbols:
            return self._composed(_Z**formula.exp, self.of(formula.base))
        if isinstance(formula, sympy.Pow):
            return self.of(sympy.exp(formula.exp * sympy.log(formula.base), evaluate=False))
        if isinstance(formula, power):
            return self.of(formula.as_pow)
        if isinstance(formula, Cornered):
            return self._beside(formula)
        if isinstance(formula, Jumping) and self._order and self._value(formula.level).equals(0):
            raise _KinkError
        if isinstance(formula, sympy.Function) and len(formula.args) == 1:
            return self._composed(formula.func(_Z), self.of(formula.args[0]))
        return self._differentiated(formula)

    def _value(self, formula: sympy.Expr) -> sympy.Expr:
        return _Expansion(self._point, 0, self._numerical).of(formula).get(self._zero, sympy.S.Zero)

    def _beside(self, formula: Cornered) -> Series:
        level = self.of(formula.level).get(self._zero, sympy.S.Zero)
        if not _is_number(level):
            return {self._zero: sympy.nan}
        if not level.equals(0):
            return self.of(formula.beside(1 if level > 0 else -1))
        if not self._order:
            return self.of(formula.beside(0))
        # The corners of u and of -u are one.
        turned = formula.level.could_extract_minus_sign()
        corner = -formula.level if turned else formula.level
        if corner not in self.corners:
            self.corners.append(corner)
        side = self._sides.get(corner, 1)
        return self.of(formula.beside(-side if turned else side))

    def _number(self, value: sympy.Expr) -> sympy.Expr:
        return value.evalf(DIGITS) if self._numerical and not value.is_Rational else value

    def _composed(self, function: sympy.Expr, inner: Series) -> Series:
        r"""$f(g) = \sum_k \frac{f^{(k)}(g_0)}{k!} (g - g_0)^k$."""
        middle = inner.get(self._zero, sympy.S.Zero)
        if self._order and function.has(sympy.floor, sympy.ceiling) and middle.equals(0):
            raise _KinkError
        steps = {powers: value for powers, value in inner.items() if powers != self._zero}
        # Powers first, for they hold the numbers of g alone: their products are shorter than those of Horner's rule.
        power: Series = {self._zero: sympy.S.One}
        terms = []
        for degree in range(self._order + 1):
            scale = self._number(_derivative(function, degree).subs(_Z, middle) / math.factorial(degree))
            terms.append(self._product({self._zero: scale}, power))
            power = self._product(power, steps) if degree < self._order else power
        return _sum(*terms)

    def _product(self, *factors: Series) -> Series:
        result: Series = {self._zero: sympy.S.One}
        for factor in factors:
            parts: dict[tuple[int, ...], list[sympy.Expr]] = {}
            for first, left in result.items():
                for second, right in factor.items():
                    powers = tuple(map(sum, zip(first, second, strict=True)))
                    if sum(powers) <= self._order:
                        parts.setdefault(powers, []).append(_times(left, right))
            result = {powers: sympy.Add(*values) for powers, values in parts.items()}
        return result

    def _cut(self, series: Series) -> Series:
        return {powers: value for powers, value in series.items() if sum(powers) <= self._order}

    def _differentiated(self, formula: sympy.Expr) -> Series:
        """The series of a part that no rule above knows, from its partial derivatives."""
        borders = (condition.lhs - condition.rhs for condition in formula.atoms(Relational))
        if self._order and any(border.subs(self._point).equals(0) for border in borders):
            raise _KinkError
        derivatives = {self._zero: formula}
        for _ in range(self._order):
            for powers, known in list(derivatives.items()):
                for place, variable in enumerate(self._variables):
                    higher = tuple(power + (place == index) for index, power in enumerate(powers))
                    if higher not in derivatives:
                        derivatives[higher] = sympy.diff(known, variable)
        return {
            powers: self._number(derivative.subs(self._point) / math.prod(map(math.factorial, powers)))
            for powers, derivative in self._cut(derivatives).items()
        }


@lru_cache(maxsize=1024)
def _derivative(function: sympy.Expr, order: int) -> sympy.Expr:
    return sympy.diff(_derivative(function, order - 1), _Z) if order else function


def _times(left: sympy.Expr, right: sympy.Expr) -> sympy.Expr:
    # Sums are multiplied out, or the coefficients of later products would hold ever longer products of sums.
    return left * right if left.is_Number and right.is_Number else sympy.expand_mul(left * right)


def _sum(*summands: Series) -> Series:
    parts: dict[tuple[int, ...], list[sympy.Expr]] = {}
    for summand in summands:
        for powers, value in summand.items():
            parts.setdefault(powers, []).append(value)
    return {powers: sympy.Add(*values) for powers, values in parts.items()}


# The red circle


@dataclass(frozen=True, eq=False)
class RedCircle:
    """What a Taylor model promises inside a disc, and what the loss does there.

    center: (2, *batch). radius: (*batch,). order: 1 for the plane, 2 for the quadratic. model_minimizer: (2, *batch),
    where the model is lowest inside the disc. predicted_change: (*batch,), the model's change from the centre to there.
    actual_change: (*batch,), the loss's change from the centre to there. true_minimizer: (2, *batch), where the loss is
    lowest inside the disc. true_change: (*batch,), the loss's change from the centre to there. rounding: (*batch,), the
    size of a change of the loss that may be nothing but rounding.
    """

    center: np.ndarray
    radius: np.ndarray
    order: int
    model_minimizer: np.ndarray
    predicted_change: np.ndarray
    actual_change: np.ndarray
    true_minimizer: np.ndarray
    true_change: np.ndarray
    rounding: np.ndarray


def red_circle(surface: SmoothLoss, center, radius, order: int = 1) -> RedCircle:
    r"""The minimiser of the Taylor model inside the disc $|\theta - c| \le d$, and the minimiser of the loss there.

    center: points of shape (2, *batch). radius: finite numbers greater than 0 that broadcast to (*batch,). Order 1:
    $c - d\,\nabla L / |\nabla L|$. Order 2: the trust-region problem $\min g^\top p + \frac12 p^\top H p$, $|p| \le d$,
    solved exactly by the eigenvalues of H, the hard case included (Conn, Gould & Toint, Trust-Region Methods, 2000,
    chapter 7). Where several points minimise the quadratic, it is the one nearest to the centre, or one of the two on
    the rim. The loss's own minimiser comes from samples that are refined until they resolve the loss, and from Newton's
    method; its loss is exact to 1e-8, but for the two cases that `lowest_in_disc` names.

    Raises ValueError, for the whole batch, where the order is neither 1 nor 2, a radius is not a finite number above 0,
    a centre is not finite, the loss, its gradient or (order 2) its Hessian is not finite at a centre, or has no
    derivative there, or where the order is 1 and the gradient at a centre is zero: a flat plane has no lowest point.
    """
    if isinstance(order, bool) or np.ndim(order) or order not in (1, 2):
        raise ValueError(f"The order of the model must be 1 (a plane) or 2 (a quadratic), but it is {order!r}.")
    center, radius = _disc(center, radius)
    value, gradient = surface.value(center), surface.gradient(center)
    _refuse(~np.isfinite(value), center, "the loss is not finite")
    for kink in surface.subgradients:
        _refuse((center[0] == kink[0]) & (center[1] == kink[1]), center, "the loss has no derivative")
    _refuse(~np.isfinite(gradient).all(axis=0), center, "the gradient is not finite")
    _refuse_kinks(surface.formula, center, int(order))
    if order == 1:
        _refuse(
            (gradient == 0).all(axis=0), center, "the gradient is zero, so the plane is flat and has no lowest point"
        )
        step, predicted = linear_step(gradient, radius)
    else:
        hessian = surface.hessian(center)
        _refuse(~np.isfinite(hessian).all(axis=(0, 1)), center, "the Hessian is not finite")
        step, predicted = quadratic_step(gradient, hessian, radius)
    minimizer = center + step
    lowest, lowest_value = lowest_in_disc(surface, center, radius, minimizer)
    with np.errstate(all="ignore"):
        actual, true = surface.value(minimizer) - value, lowest_value - value
        # The step to the lowest point is rounded too.
        noise = (np.abs(gradient) * np.spacing(np.abs(center))).sum(axis=0)
        noise = noise + surface.rounding(center) + surface.rounding(minimizer)
    return RedCircle(center, radius, int(order), minimizer, predicted, actual, lowest, true, noise)


def _disc(center, radius) -> tuple[np.ndarray, np.ndarray]:
    center, radius = _numbers("centre", center), _numbers("radius", radius)
    if not center.ndim or len(center) != 2:
        raise ValueError(
            f"Centres have shape (2, *batch): theta1 and theta2 first. This array has shape {center.shape}."
        )
    try:
        radius = np.array(np.broadcast_to(radius, center.shape[1:]))
    except ValueError:
        raise ValueError(
            f"A radius of shape {radius.shape} does not fit centres with the batch shape {center.shape[1:]}."
        ) from None
    if not np.isfinite(center).all():
        raise ValueError("The centre of the red circle must be two finite numbers.")
    wrong = radius[~(np.isfinite(radius) & (radius > 0))]
    if wrong.size:
        raise ValueError(f"The radius of the red circle must be a finite number above 0, but it is {wrong[0]:g}.")
    return center, radius


def _numbers(name: str, values) -> np.ndarray:
    try:
        return np.array(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"The {name} of the red circle must be numbers, but it is {values!r}.") from None


def _refuse(wrong: np.ndarray, center: np.ndarray, reason: str) -> None:
    if np.any(wrong):
        first = center.reshape(2, -1)[:, np.flatnonzero(wrong)[0]]
        raise ValueError(f"At ({first[0]:.6g}, {first[1]:.6g}) {reason}.")


def _refuse_kinks(formula: sympy.Expr, center: np.ndarray, order: int) -> None:
    points = center.reshape(2, -1)
    for kink in kinks(formula):
        for place in np.flatnonzero(np.broadcast_to(kink.on_batch(*points)[0] == 0, points.shape[1:])):
            taylor_coefficients(formula, dict(zip((theta1, theta2), points[:, place], strict=True)), order)


def model_value(surface: SmoothLoss, center, theta, order: int) -> np.ndarray:
    r"""The Taylor model of order 1 or 2 around one centre (2,), at points theta (2, *batch): shape (*batch,)."""
    center, theta = np.asarray(center, dtype=float), np.asarray(theta, dtype=float)
    step = theta - center.reshape(2, *(1 for _ in theta.shape[1:]))
    with np.errstate(all="ignore"):
        return surface.value(center) + model_change(surface, center, step, order)


def model_change(surface: SmoothLoss, center, step, order: int):
    """The change of the Taylor model of order 1 or 2 along steps (2, *batch) from one centre (2,): shape (*batch,)."""
    u, v = surface.gradient(center)
    change = u * step[0] + v * step[1]
    if order == 2:
        (h11, h12), (_, h22) = surface.hessian(center)
        change = change + (h11 * step[0] ** 2 + h22 * step[1] ** 2) / 2 + h12 * step[0] * step[1]
    return change


def model_errors(surface: SmoothLoss, center, radii, order: int) -> np.ndarray:
    r"""The largest $|L(\theta) - m(\theta)|$ of the Taylor model m of order 1 or 2 on circles around one centre.

    center: (2,). radii: (n,). Returns (n,), of which a part below about 1e-13 of the losses is rounding.
    """
    center, radii = np.asarray(center, dtype=float), np.asarray(radii, dtype=float)
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    theta = center[:, None, None] + radii[:, None] * np.stack([np.cos(angle), np.sin(angle)])[:, None]
    with np.errstate(all="ignore"):
        return np.abs(surface.value(theta) - model_value(surface, center, theta, order)).max(axis=-1)


def fitted_slope(radii: np.ndarray, errors: np.ndarray, rounding: float) -> float:
    """The slope of log(error) against log(radius) where it is lowest and still far above rounding; nan where it is
    nowhere."""
    clear = np.flatnonzero(np.isfinite(errors) & (errors > 1e3 * rounding))[:FITTED]
    if len(clear) < FITTED or np.any(np.diff(clear) != 1):
        return float("nan")
    return float(np.polyfit(np.log(radii[clear]), np.log(errors[clear]), 1)[0])
