"""A student's formula: typed text in, an exactly differentiated Surface out, and nothing that was typed is ever run.

The text becomes a tree of our own (syntax.py). The tree is measured before anything is computed: what would be too
large, too deep or too slow is not begun. Only then sympy objects are built by a walk over the tree.
"""

import math
import operator
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial

import numpy as np
import sympy

from programs.frame import Frame, inside
from programs.operations import spherical as spherical_values
from surfaces.constant import is_constant
from surfaces.corners import (
    Cornered,
    Jumping,
    absolute,
    chosen,
    exceeds,
    floored,
    gap,
    maximum,
    minimum,
    positive,
    relu,
    rounded,
    sign_of,
)
from surfaces.critical_points import GRIDS, CriticalPoint, critical_points, only_critical_point
from surfaces.declarations import canonical, with_constants
from surfaces.flat import defined, flat_where_flat
from surfaces.formula import Formula
from surfaces.framing import centre_of_quadratic, chosen_frame, chosen_start
from surfaces.functions import (
    acos,
    acosh,
    angle,
    asin,
    atanh,
    cube_root,
    erf,
    erfc,
    log,
    power,
    root,
    sigmoid,
    softplus,
    spherical,
)
from surfaces.parameters import theta1, theta2
from surfaces.spots import (
    FROM_ONE,
    INSIDE_ONE,
    NOT_NEGATIVE,
    POSITIVE,
    UP_TO_ONE,
    Condition,
    Corner,
    Gap,
    Pole,
    Spot,
    Steep,
    Tip,
    Uncovered,
    remarks,
)
from surfaces.stable import is_positive, root_of_square, stable, with_sigmoids
from surfaces.surface import Surface
from surfaces.syntax import Reading, reading_of
from surfaces.tokens import LARGEST_NUMBER, MOST_DIGITS, SMALLEST_NUMBER
from surfaces.tree import (
    Call,
    Choice,
    Comparison,
    Constant,
    ExpressionError,
    Junction,
    Named,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Variable,
)
from surfaces.vocabulary import GREEK_LATEX, PAIRS, SUBSCRIPTS

__all__ = ["LARGEST_EXPONENT", "LARGEST_SIZE", "ExpressionError", "TypedSurface", "parse"]

LARGEST_EXPONENT = 100
SAME_EVERYWHERE = "This is the same everywhere: the variables cancel out, and there is nothing to descend."
# The number of symbols and operations in the second derivatives, before anything is simplified. At this limit
# differentiating and compiling take from half a second to one.
LARGEST_SIZE = 3000


@dataclass(frozen=True)
class _Known:
    """A function: how sympy builds it, how numpy computes it, its LaTeX, where it is defined.

    growth: how many symbols its derivative has besides its argument, None where that is zero wherever there is one.
    pole: of what the argument must not be a zero. jumps: the level that is zero where the function jumps or has a
    corner.
    """

    build: Callable
    compute: Callable
    latex: str
    growth: int | None = 1
    condition: Condition | None = None
    pole: Callable | None = None
    jumps: Callable | None = None


def _opaque(function: Callable) -> Callable:
    """Without sympy's simplification, which costs time and may lose where the function is not defined."""
    return lambda u: function(u) if u.is_number else function(u, evaluate=False)


def _inverse_of(function: Callable) -> Callable:
    return lambda u: sympy.Pow(_opaque(function)(u), -1)


def _logarithm(base: int) -> Callable:
    return lambda u: stable(log(u)) / sympy.log(base)


def _same(u: sympy.Expr) -> sympy.Expr:
    return u


def _modulo(u: sympy.Expr, v: sympy.Expr) -> sympy.Expr:
    return u - v * floored(u / v)


def _truncated(u: sympy.Expr) -> sympy.Expr:
    return sign_of(u) * floored(absolute(u))


def _level_of_stairs(u: sympy.Expr) -> sympy.Expr:
    return floored(u).level if not u.is_number else u


def _on_numbers(function: Callable) -> Callable:
    return lambda *numbers: np.float64(function(*map(float, numbers)))


_FUNCTIONS: dict[str, _Known] = {
    "exp": _Known(_opaque(sympy.exp), np.exp, r"\exp"),
    "log": _Known(log, np.log, r"\ln", condition=POSITIVE),
    "log2": _Known(_logarithm(2), np.log2, r"\log_{2}", condition=POSITIVE),
    "log10": _Known(_logarithm(10), np.log10, r"\log_{10}", condition=POSITIVE),
    "sqrt": _Known(root, np.sqrt, r"\sqrt", condition=NOT_NEGATIVE),
    "cbrt": _Known(cube_root, np.cbrt, r"\sqrt[3]", growth=3),
    "abs": _Known(absolute, np.abs, "", jumps=_same),
    "sigmoid": _Known(sigmoid, lambda u: np.exp(-np.logaddexp(0, -u)), r"\sigma", growth=3),
    "relu": _Known(relu, lambda u: np.maximum(u, 0), r"\operatorname{relu}", jumps=_same),
    "sign": _Known(sign_of, np.sign, r"\operatorname{sign}", growth=None, jumps=_same),
    "step": _Known(
        lambda u: exceeds(u, sympy.S.Zero),
        lambda u: np.heaviside(u, 0.5),
        r"\operatorname{step}",
        growth=None,
        jumps=_same,
    ),
    "floor": _Known(floored, np.floor, "", growth=None, jumps=_level_of_stairs),
    "ceil": _Known(lambda u: -floored(-u), np.ceil, "", growth=None, jumps=_level_of_stairs),
    "trunc": _Known(_truncated, np.trunc, r"\operatorname{trunc}", growth=None, jumps=_level_of_stairs),
    "round": _Known(
        rounded, np.rint, r"\operatorname{round}", growth=None, jumps=lambda u: u if u.is_number else rounded(u).level
    ),
    "mod": _Known(_modulo, np.mod, "", growth=6, jumps=lambda u, v: _level_of_stairs(u / v)),
    "erf": _Known(erf, _on_numbers(math.erf), r"\operatorname{erf}", growth=6),
    "erfc": _Known(erfc, _on_numbers(math.erfc), r"\operatorname{erfc}", growth=6),
    "sinc": _Known(lambda u: spherical(0, u), lambda u: spherical_values(0.0, u), r"\operatorname{sinc}", growth=6),
    "atan2": _Known(angle, np.arctan2, r"\operatorname{atan2}", growth=6, jumps=lambda v, u: angle(v, u).level),
    "softplus": _Known(softplus, lambda u: np.logaddexp(0, u), r"\operatorname{softplus}"),
    "sin": _Known(_opaque(sympy.sin), np.sin, r"\sin"),
    "cos": _Known(_opaque(sympy.cos), np.cos, r"\cos"),
    "tan": _Known(_opaque(sympy.tan), np.tan, r"\tan", growth=4, pole=np.cos),
    "cot": _Known(_inverse_of(sympy.tan), lambda u: 1 / np.tan(u), r"\cot", growth=6, pole=np.sin),
    "sec": _Known(_inverse_of(sympy.cos), lambda u: 1 / np.cos(u), r"\sec", growth=5, pole=np.cos),
    "csc": _Known(_inverse_of(sympy.sin), lambda u: 1 / np.sin(u), r"\csc", growth=5, pole=np.sin),
    "asin": _Known(asin, np.arcsin, r"\arcsin", growth=6, condition=UP_TO_ONE),
    "acos": _Known(acos, np.arccos, r"\arccos", growth=6, condition=UP_TO_ONE),
    "atan": _Known(_opaque(sympy.atan), np.arctan, r"\arctan", growth=5),
    "sinh": _Known(_opaque(sympy.sinh), np.sinh, r"\sinh"),
    "cosh": _Known(_opaque(sympy.cosh), np.cosh, r"\cosh"),
    "tanh": _Known(_opaque(sympy.tanh), np.tanh, r"\tanh", growth=4),
    "coth": _Known(_inverse_of(sympy.tanh), lambda u: 1 / np.tanh(u), r"\coth", growth=6, pole=lambda u: u),
    "sech": _Known(_inverse_of(sympy.cosh), lambda u: 1 / np.cosh(u), r"\operatorname{sech}", growth=5),
    "csch": _Known(
        _inverse_of(sympy.sinh), lambda u: 1 / np.sinh(u), r"\operatorname{csch}", growth=5, pole=lambda u: u
    ),
    "asinh": _Known(_opaque(sympy.asinh), np.arcsinh, r"\operatorname{arsinh}", growth=6),
    "acosh": _Known(acosh, np.arccosh, r"\operatorname{arcosh}", growth=8, condition=FROM_ONE),
    "atanh": _Known(atanh, np.arctanh, r"\operatorname{artanh}", growth=5, condition=INSIDE_ONE),
    "max": _Known(maximum, np.maximum, r"\max", growth=3),
    "min": _Known(minimum, np.minimum, r"\min", growth=3),
}


# Functions of an angle. Of larger angles, as rounding counts, nobody can tell whether they are multiples of pi.
_CIRCULAR = ("sin", "cos", "tan", "cot", "sec", "csc")
LARGEST_ROUNDING = 1e-12


# Before anything is computed: how large it would be


@dataclass(frozen=True)
class _Measure:
    """What is known of a part before it is built.

    number: its value, where it holds no variable. height: the largest product of exponents that stand above one
    another. sizes: bounds for the number of symbols in it, in its derivative and in its second derivative.
    """

    number: float | None
    height: float
    sizes: tuple[float, float, float]


class _Measuring:
    """Measures every part of a formula and refuses what is too large, with its place."""

    def __init__(self, text: str, values: Mapping[str, float]):
        self.text, self.values = text, values
        self.known: dict[int, _Measure] = {}

    def fail(self, reason: str, node: Node) -> ExpressionError:
        return ExpressionError(reason, self.text, node.start, node.end)

    def of(self, node: Node) -> _Measure:
        parts = [self.of(part) for part in node.parts]
        number = self._number(node, [part.number for part in parts])
        height = max((part.height for part in parts), default=1.0)
        if isinstance(node, Power) and parts[1].number is not None:
            height = self._height(node, parts)
        sizes = _sizes(node, parts) if number is None else (max(1, sum(part.sizes[0] for part in parts)), 0, 0)
        if max(sizes) > LARGEST_SIZE:
            reason = (
                f"The derivatives of this part would have about {max(sizes):.0f} symbols. The limit is {LARGEST_SIZE}. "
                "Use fewer factors or fewer functions inside one another."
            )
            raise self.fail(reason, node)
        self.known[id(node)] = _Measure(number, height, sizes)
        return self.known[id(node)]

    def _number(self, node: Node, parts: list[float | None]) -> float | None:
        if isinstance(node, Variable) or None in parts:
            return None
        with np.errstate(all="ignore"):
            try:
                number = float(self.values[node.name] if isinstance(node, Named) else _computed(node, parts))
            except (OverflowError, ZeroDivisionError):
                number = math.inf
        if math.isnan(number):
            divides = isinstance(node, (Quotient, Call)) and len(parts) > 1 and parts[1] == 0
            raise self.fail("This divides by zero." if divides else "This has no real value.", node)
        if math.isinf(number) and isinstance(node, Quotient) and parts[1] == 0:
            raise self.fail("This divides by zero.", node)
        if abs(number) > LARGEST_NUMBER or 0 < abs(number) < SMALLEST_NUMBER:
            reason = f"This number is outside the limits, from {SMALLEST_NUMBER:g} to {LARGEST_NUMBER:g}."
            raise self.fail(reason, node)
        return number

    def _height(self, node: Power, parts: list[_Measure]) -> float:
        base, exponent = parts
        if abs(exponent.number) > LARGEST_EXPONENT:
            raise self.fail(f"The exponent is beyond the limit of {LARGEST_EXPONENT}.", node.exponent)
        height = max(1.0, abs(exponent.number)) * base.height
        if height > LARGEST_EXPONENT:
            reason = f"These powers above one another multiply to {height:g}. The limit is {LARGEST_EXPONENT}."
            raise self.fail(reason, node)
        return max(height, exponent.height)


def _computed(node: Node, parts: list[float]) -> float:
    """The value of a part without variables, in floating point."""
    match node:
        case Number():
            return float(node.value)
        case Constant():
            return math.pi if node.name == "pi" else math.e
        case Negative():
            return -parts[0]
        case Sum():
            return sum(parts)
        case Product():
            return math.prod(parts)
        case Quotient():
            return np.divide(*parts)
        case Power():
            return np.power(*parts) if abs(parts[1]) <= LARGEST_EXPONENT else 1.0
        case Comparison():
            return float(_COMPARED[node.sign](*parts))
        case Junction():
            return float(all(parts) if node.word == "and" else any(parts))
        case Choice():
            return _chosen_number(node, parts)
        case Call() if node.name in ("atan2", "mod"):
            return _FUNCTIONS[node.name].compute(*parts)
        case Call():
            compute = _FUNCTIONS[node.name].compute
            value = parts[0] if len(parts) > 1 else compute(np.float64(parts[0]))
            for part in parts[1:]:
                value = compute(value, part)
            return _without_rounding(parts[0], value) if node.name in _CIRCULAR else value


_COMPARED = {"<": operator.lt, ">": operator.gt, "≤": operator.le, "≥": operator.ge}


def _chosen_number(node: Choice, parts: list[float]) -> float:
    count = len(node.conditions)
    chosen_part = next((place for place in range(count) if parts[place]), count)
    values = parts[count:]
    return values[chosen_part] if chosen_part < len(values) else math.nan


def _without_rounding(angle: float, value: float) -> float:
    """0 for the sine of pi, which is not zero only because pi is rounded, and inf for its reciprocal."""
    rounding = sys.float_info.epsilon * abs(angle)
    if rounding > LARGEST_ROUNDING:
        return value
    return 0.0 if abs(value) <= rounding else math.inf if abs(value) * rounding >= 1 else value


def _sizes(node: Node, parts: list[_Measure]) -> tuple[float, float, float]:
    """Bounds for the sizes of a part and of its derivatives, from those of its parts, by the rules of calculus."""
    sizes = [part.sizes for part in parts]
    match node:
        case Variable():
            return (1, 1, 0)
        case Negative():
            return tuple(size + 1 if size else 0 for size in sizes[0])
        case Sum():
            return tuple(sum(column) for column in zip(*sizes, strict=True))
        case Product():
            return _size_of_product(sizes)
        case Quotient() if parts[1].number is None:
            return _size_of_product([sizes[0], _size_of_call(sizes[1], 3)])
        case Quotient():
            return _size_of_product(sizes)
        case Power() if parts[1].number is None:
            u, v = sizes
            logarithm = _size_of_product([v, _size_of_call(u, 1)])
            return _size_of_call(logarithm, u[0] + v[0])
        case Power():
            return _size_of_call(sizes[0], 3)
        case Comparison() | Junction():
            return _size_of_stairs(sizes)
        case Choice():
            conditions = _size_of_stairs(sizes[: len(node.conditions)])[0]
            values = [sum(column) for column in zip(*sizes[len(node.conditions) :], strict=True)]
            return tuple(conditions + size if size else 0 for size in values)
        case Call() if _FUNCTIONS[node.name].growth is None:
            return _size_of_stairs(sizes)
        case Call():
            combined = sizes[0]
            for size in sizes[1:]:
                combined = tuple(map(sum, zip(combined, size, strict=True)))
            return _size_of_call(combined, _FUNCTIONS[node.name].growth * max(1, len(sizes) - 1))


def _size_of_stairs(sizes: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    return 2 + sum(size for size, _, _ in sizes), 0, 0


def _size_of_product(sizes: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    whole = sum(size for size, _, _ in sizes)
    moving = [size for size in sizes if size[1]]
    first = sum(whole - size + slope for size, slope, _ in moving)
    second = sum(whole - size + bend for size, _, bend in moving if bend)
    pairs = len(moving) - 1
    second += sum(pairs * (whole - 2 * size + 2 * slope) for size, slope, _ in moving if pairs)
    return whole, first, max(second, 0)


def _size_of_call(inner: tuple[float, float, float], growth: float) -> tuple[float, float, float]:
    size, slope, bend = inner
    first = growth + size + slope
    return size + 1, first, 2 * growth + size + 2 * slope + (growth + size + bend)


# The walk that builds

_LARGEST_WHOLE = 2.0**53


def _number(value: float) -> sympy.Number:
    return sympy.Integer(value) if value.is_integer() and abs(value) <= _LARGEST_WHOLE else sympy.Float(value)


# Functions of numbers that sympy works out at once.
_QUICK = ("abs", "relu", "max", "min", "sign", "step")
# A power of a number keeps its exact base up to so many digits in base and exponent.
MOST_DIGITS_OF_A_POWER = 6


@dataclass
class _Builder:
    """Builds sympy's form of a tree, and notes where it may have gaps, poles and corners."""

    text: str
    measures: dict[int, _Measure]
    values: Mapping[str, float]
    spots: list[Spot] = field(default_factory=list)

    def built(self, node: Node) -> sympy.Expr:
        if self._is_slow(node):
            return _number(self.measures[id(node)].number)
        return stable(self._as_read(node))

    def _as_read(self, node: Node) -> sympy.Expr:
        match node:
            case Number():
                value = node.value
                return sympy.Rational(value.numerator, value.denominator)
            case Constant():
                return sympy.pi if node.name == "pi" else sympy.E
            case Named():
                return sympy.Rational(repr(self.values[node.name]))
            case Variable():
                return (theta1, theta2)[node.place]
            case Comparison() | Junction():
                return self._condition(node)
            case Choice():
                return self._choice(node)
            case Negative():
                return -self.built(node.operand)
            case Sum():
                return sympy.Add(*map(self.built, node.terms))
            case Product():
                return sympy.Mul(*map(self.built, node.factors))
            case Quotient():
                return self._quotient(node)
            case Power():
                return self._power(node)
            case Call():
                return self._call(node)
        raise TypeError(f"{type(node).__name__} is no part of a formula.")

    def _is_slow(self, node: Node) -> bool:
        """True for a number that sympy would work out digit by digit, or whose exact form would lead it to do so."""
        if self.measures[id(node)].number is None or not isinstance(node, (Call, Power)):
            return False
        if isinstance(node, Call) and node.name != "sqrt":
            return node.name not in _QUICK
        exponent = 0.5 if isinstance(node, Call) else abs(self.measures[id(node.exponent)].number)
        is_simple = exponent == 0.5 or exponent.is_integer()
        return not is_simple or self._digits(node.parts[0]) * max(exponent, 5) > MOST_DIGITS

    def _digits(self, node: Node) -> int:
        """How many digits the numbers in a part have."""
        texts = [part.text for part in _walk(node) if isinstance(part, Number)]
        return sum(map(len, texts + [repr(self.values[part.name]) for part in _walk(node) if isinstance(part, Named)]))

    def _quotient(self, node: Quotient) -> sympy.Expr:
        above, below = self.built(node.above), self.built(node.below)
        if self.measures[id(node.below)].number is None and not is_positive(below):
            self.spots.append(Pole("division", below, latex_of(node.below), lambda u: u))
        return above * stable(sympy.Pow(below, -1))

    def _power(self, node: Power) -> sympy.Expr:
        base, exponent = self.built(node.base), self.built(node.exponent)
        number, below = (self.measures[id(part)].number for part in (node.exponent, node.base))
        if below is not None and below <= 0 and number is None:
            reason = "A power with a variable in its exponent needs a base greater than 0."
            raise ExpressionError(reason, self.text, node.base.start, node.base.end)
        value = self._raised(node, base, exponent)
        if below is None and not is_positive(base):
            latex = latex_of(node.base)
            if number is not None and exponent.is_Integer:
                self.spots += [Pole("division", base, latex, lambda u: u)] if number < 0 else []
            else:
                has_tip = number is not None and number > 0
                self._note_gap("power", base, latex, NOT_NEGATIVE if has_tip else POSITIVE, value)
        return value

    def _raised(self, node: Power, base: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        number, below = (self.measures[id(part)].number for part in (node.exponent, node.base))
        if base == sympy.E:
            return _opaque(sympy.exp)(exponent)
        if exponent.is_Integer or (below is not None and number is not None):
            return sympy.Pow(base, exponent)
        if number is None and below is not None and self._digits(node) > MOST_DIGITS_OF_A_POWER:
            base = sympy.Float(below)
        return root(base) if exponent == sympy.S.Half else power(base, exponent)

    def _note_gap(self, name: str, argument: sympy.Expr, latex: str, condition: Condition, value: sympy.Expr) -> None:
        if is_positive(argument) and condition in (POSITIVE, NOT_NEGATIVE):
            return
        if isinstance(value, root) and (signed := root_of_square(argument)) is not None:
            self.spots.append(Corner(name, signed, latex))
            return
        self.spots.append(Gap(name, argument, latex, condition, value))
        if condition is NOT_NEGATIVE:
            self.spots.append(Tip(name, argument, latex))

    def _condition(self, node: Node) -> sympy.Expr:
        """1 where a condition holds, else 0."""
        if self.measures[id(node)].number is not None:
            return sympy.Integer(int(self.measures[id(node)].number))
        if isinstance(node, Comparison):
            left, right = self.built(node.left), self.built(node.right)
            latex = f"{latex_of(node.left)} = {latex_of(node.right)}"
            self.spots.append(Corner("comparison", left - right, latex))
            larger = positive(left - right if node.sign in (">", "≤") else right - left)
            return larger if node.sign in "<>" else 1 - larger
        holds = list(map(self.built, node.conditions))
        return sympy.Mul(*holds) if node.word == "and" else 1 - sympy.Mul(*(1 - each for each in holds))

    def _choice(self, node: Choice) -> sympy.Expr:
        holds = list(map(self.built, node.conditions))
        # Where a value is chosen: where its condition holds and none before it.
        cases = [sympy.Mul(each, *(1 - before for before in holds[:place])) for place, each in enumerate(holds)]
        if len(node.values) > len(holds):
            cases.append(sympy.Mul(*(1 - each for each in holds)))
        values = [self._value_in_case(value, case) for value, case in zip(node.values, cases, strict=True)]
        if len(values) > len(holds):
            result = values.pop()
        else:
            covered = sympy.Add(*cases) - sympy.S.Half
            if not covered.is_number:
                self.spots.append(Uncovered("piecewise", covered, latex_of(node), NOT_NEGATIVE, covered))
            result = values[-1] + gap(covered)
        for condition, value in zip(reversed(holds), reversed(values), strict=True):
            result = chosen(condition, value, result)
        return result

    def _value_in_case(self, node: Node, case: sympy.Expr) -> sympy.Expr:
        """A value that counts in a case only, as do its gaps, poles and corners."""
        outside, self.spots = self.spots, []
        value = self.built(node)
        self.spots = outside + [spot.within(case) for spot in self.spots]
        return value

    def _call(self, node: Call) -> sympy.Expr:
        known = _FUNCTIONS[node.name]
        arguments = [self.built(argument) for argument in node.arguments]
        if self.measures[id(node)].number is None:
            self._note_spots(node, known, arguments)
        while len(arguments) > 1 and node.name in ("max", "min"):  # pairs of pairs: many arguments stay shallow
            pairs = list(zip(arguments[::2], arguments[1::2], strict=False))
            if self.measures[id(node)].number is None:
                self.spots += [Corner(node.name, left - right, latex_of(node)) for left, right in pairs]
            arguments = [known.build(*pair) for pair in pairs] + arguments[2 * len(pairs) :]
            if len(arguments) == 1:
                return arguments[0]
        return known.build(*arguments)

    def _note_spots(self, node: Call, known: _Known, arguments: list[sympy.Expr]) -> None:
        latex = latex_of(node.arguments[0])
        if known.condition:
            self._note_gap(node.name, arguments[0], latex, known.condition, known.build(arguments[0]))
        if known.pole:
            self.spots.append(Pole(node.name, arguments[0], latex, known.pole))
        if node.name == "cbrt":
            self.spots.append(Steep(node.name, arguments[0], latex))
        if node.name == "mod" and self.measures[id(node.arguments[1])].number is None:
            self.spots.append(Pole("division", arguments[1], latex_of(node.arguments[1]), _same))
        if known.jumps:
            if node.name == "mod":
                latex = rf"\frac{{{latex}}}{{{latex_of(node.arguments[1])}}}"
            if node.name == "atan2":
                latex = rf"{latex} = 0 \ge {latex_of(node.arguments[1])}"
            self.spots.append(Corner(node.name, known.jumps(*arguments), latex))


# How it was read

_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def latex_of(node: Node) -> str:
    """The formula as it was read, in theta1 and theta2, as LaTeX."""
    return _latex(node)[0]


def _latex(node: Node) -> tuple[str, int]:
    """LaTeX, and how strongly it holds together."""
    match node:
        case Number():
            return _latex_number(node.text)
        case Constant():
            return (r"\pi", _ATOM) if node.name == "pi" else ("e", _ATOM)
        case Named():
            return latex_of_name(node.name), _ATOM
        case Comparison():
            sign = {"≤": r"\le", "≥": r"\ge"}.get(node.sign, node.sign)
            text = f"{latex_of(node.left)} {sign} {latex_of(node.right)}"
            return rf"\mathbf{{1}}_{{{text}}}", _ATOM
        case Junction():
            return rf"\mathbf{{1}}_{{{_latex_condition(node)}}}", _ATOM
        case Choice():
            return _latex_choice(node), _ATOM
        case Variable():
            return rf"\theta_{{{node.place + 1}}}", _ATOM
        case Negative():
            return f"-{_wrapped(node.operand, _PRODUCT, leading=False)}", _PRODUCT
        case Sum():
            first, *rest = node.terms
            texts = [
                f" - {_wrapped(term.operand, _PRODUCT, leading=False)}"
                if isinstance(term, Negative)
                else f" + {_wrapped(term, _PRODUCT, leading=False)}"
                for term in rest
            ]
            return latex_of(first) + "".join(texts), _SUM
        case Product():
            return _latex_product(node), _PRODUCT
        case Quotient():
            return rf"\frac{{{latex_of(node.above)}}}{{{latex_of(node.below)}}}", _POWER
        case Power():
            return _latex_power(node), _POWER
        case Call():
            return _latex_call(node)
    raise TypeError(f"{type(node).__name__} is no part of a formula.")


def latex_of_name(name: str) -> str:
    """A constant's name as LaTeX: a, \\alpha, c_{1}, \\mathit{lam}."""
    letters = name.rstrip("".join(SUBSCRIPTS))
    index = "".join(SUBSCRIPTS[digit] for digit in name[len(letters) :])
    shown = GREEK_LATEX.get(letters, letters if len(letters) == 1 else rf"\mathit{{{letters}}}".replace("_", r"\_"))
    return f"{shown}_{{{index}}}" if index else shown


def _latex_condition(node: Node) -> str:
    if isinstance(node, Junction):
        word = r"\text{ and }" if node.word == "and" else r"\text{ or }"
        return word.join(
            rf"\left({_latex_condition(part)}\right)" if isinstance(part, Junction) else _latex_condition(part)
            for part in node.conditions
        )
    return latex_of(node).removeprefix(r"\mathbf{1}_{")[:-1]


def _latex_choice(node: Choice) -> str:
    conditions = [rf"\text{{if }} {_latex_condition(condition)}" for condition in node.conditions]
    conditions += [r"\text{otherwise}"] * (len(node.values) - len(conditions))
    rows = [f"{latex_of(value)} & {condition}" for value, condition in zip(node.values, conditions, strict=True)]
    return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"


def _wrapped(node: Node, at_least: int, leading: bool = True) -> str:
    """LaTeX, in brackets where it would fall apart, or where a minus would stand behind another sign."""
    text, strength = _latex(node)
    return text if strength >= at_least and (leading or not text.startswith("-")) else rf"\left({text}\right)"


def _latex_number(text: str) -> tuple[str, int]:
    mantissa, _, exponent = text.lower().partition("e")
    mantissa = f"0{mantissa}" if mantissa.startswith(".") else mantissa.removesuffix(".")
    if not exponent:
        return mantissa, _ATOM
    if mantissa == "1":
        return f"10^{{{int(exponent)}}}", _POWER
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}", _PRODUCT


def _latex_product(node: Product) -> str:
    text = _wrapped(node.factors[0], _PRODUCT)
    for factor in node.factors[1:]:
        piece = _wrapped(factor, _POWER, leading=False)
        text += (r" \cdot " if piece[0].isdigit() or piece.startswith(r"\frac") else r" \, ") + piece
    return text


# Functions whose LaTeX encloses the argument, and e, beside whose name a power would be misread.
_DELIMITED = ("abs", "sqrt", "cbrt", "exp", "floor", "ceil", "mod", "sinc")
_AROUND = {
    "abs": (r"\left|", r"\right|"),
    "sqrt": (r"\sqrt{", "}"),
    "cbrt": (r"\sqrt[3]{", "}"),
    "floor": (r"\left\lfloor ", r" \right\rfloor"),
    "ceil": (r"\left\lceil ", r" \right\rceil"),
}


def _latex_power(node: Power) -> str:
    exponent = latex_of(node.exponent)
    base = node.base
    if isinstance(base, Call) and isinstance(node.exponent, Number) and base.name not in _DELIMITED:
        arguments = ", ".join(map(latex_of, base.arguments))
        return rf"{_FUNCTIONS[base.name].latex}^{{{exponent}}}\left({arguments}\right)"
    return f"{_wrapped(base, _ATOM)}^{{{exponent}}}"


def _latex_call(node: Call) -> tuple[str, int]:
    arguments = ", ".join(map(latex_of, node.arguments))
    if node.name in _AROUND:
        opening, closing = _AROUND[node.name]
        return f"{opening}{arguments}{closing}", _ATOM
    if node.name == "sinc":
        sine = Call(node.start, node.end, "sin", node.arguments)
        return latex_of(Quotient(node.start, node.end, sine, node.arguments[0])), _POWER
    if node.name == "mod":
        return " \\bmod ".join(_wrapped(argument, _ATOM) for argument in node.arguments), _SUM
    return rf"{_FUNCTIONS[node.name].latex}\left({arguments}\right)", _POWER


# The surface


class TypedSurface(Surface):
    """A Surface that was typed, over the domain that its pictures show.

    text: what was typed, with the values of the constants behind it. reading: how it was read, as LaTeX. names: what
    theta1 and theta2 were called. constants: {name: value} of the further names. spots: where it may have gaps, poles
    and corners.
    """

    def __init__(
        self,
        formula: sympy.Expr,
        domain: Frame,
        start: Sequence[float],
        lesson: str = "",
        *,
        text: str,
        reading: str,
        names: tuple[str, str],
        constants: Mapping[str, float],
        spots: tuple[Spot, ...],
    ):
        title = " ".join(text.replace("**", "^").replace("*", "·").replace("$", " ").split())
        super().__init__(title, formula, domain, start, lesson=lesson, source="A formula of your own")
        self.text, self.reading, self.names, self.constants, self.spots = text, reading, names, constants, spots

    @cached_property
    def compiled(self) -> Formula:
        """The formula with its derivatives, the same over every domain."""
        return _compiled(self.formula, self.spots)

    @property
    def latex(self) -> str:
        """The formula as it was read, as LaTeX, without the left-hand side."""
        return self.reading

    def framed(self, domain: Frame, start=None) -> "TypedSurface":
        """The same loss over another domain, which its pictures show; with a start that suits it if none is given."""
        own = {"text": self.text, "reading": self.reading, "names": self.names, "constants": self.constants}
        over = partial(TypedSurface, self.formula, domain, **own, spots=self.spots)
        seen = over(self.start)
        return over(chosen_start(seen, domain) if start is None else start, _lesson(seen))

    def critical_points(self, frame: Frame | None = None, most: float = np.inf) -> tuple[CriticalPoint, ...]:
        """The isolated critical points that one grid of starts finds, since nobody knows how many there are; the one of
        a quadratic is known."""
        if self._centre is None:
            return critical_points(self, frame, grids=GRIDS[:1], most=most)
        center, hessian = self._centre
        sides = self.domain if frame is None else frame
        return (only_critical_point(center, hessian, float(self.value(center))),) if inside(center, sides) else ()

    @cached_property
    def _centre(self) -> tuple[np.ndarray, np.ndarray] | None:
        return centre_of_quadratic(self)

    def remarks(self) -> tuple[str, ...]:
        """Sentences that say where in the view the loss has no value or no derivative, with LaTeX between $."""
        return tuple(remarks(self, self.spots))


@lru_cache(maxsize=128)
def _compiled(formula: sympy.Expr, spots: tuple[Spot, ...]) -> Formula:
    def completed(derivative: sympy.Expr) -> sympy.Expr:
        flat = flat_where_flat(derivative, formula)
        return flat if flat.has(defined) else _with_all_gaps(derivative, spots)

    return Formula(formula, completed if spots else None)


def _lesson(surface: TypedSurface) -> str:
    first, second = surface.names
    own = "" if surface.names == PAIRS[0] else f", with {first} = θ₁ and {second} = θ₂"
    values = ", ".join(f"{name} = {value:.6g}" for name, value in surface.constants.items())
    constants = [f"Its constants: {values}."] if values else []
    return " ".join([f"Your own formula{own}.", *constants, *surface.remarks()])


def parse(text: str, constants: Mapping[str, float] | None = None) -> Surface:
    """A formula as a Surface, exactly differentiated, with a domain, a view and a start that suit it.

    text: as on a blackboard, in LaTeX or in Python. Multiplication may be left out; powers are ^ or **, taken first and
    from the right; log is the natural logarithm. The parameters are named by a head such as f(u, v) =; else they are
    theta1 and theta2, or x and y, or the first known pair (w and b, w1 and w2, u and v, ...), whose first is theta1.
    Every further name is a constant. Its value is 1, or the one behind the formula, as in "a x^2 + y^2; a = 2".
    constants: {name: value}, which comes before these. Raises ExpressionError, whose message says what to change and
    where.
    """
    if not isinstance(text, str):
        raise ExpressionError(f"A formula is a text, not {type(text).__name__}.", "", 0, 0)
    given = {canonical(str(name)): value for name, value in (constants or {}).items()}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not math.isfinite(value):
            raise ExpressionError(f"The constant {name} is a finite number, not {value!r:.20}.", text, 0, len(text))
    return _parsed(text, tuple(sorted((name, float(value)) for name, value in given.items())))


@lru_cache(maxsize=128)
def _parsed(text: str, given: tuple[tuple[str, float], ...]) -> TypedSurface:
    reading = reading_of(text)
    values = _values_of(text, reading, dict(given))
    tree = reading.tree
    measuring = _Measuring(text, values)
    if measuring.of(tree).number is not None:
        reason = "This is a constant: the loss is the same everywhere, and there is nothing to descend. Use x and y."
        raise measuring.fail(reason, tree)
    try:
        surface = _built(text, reading, values, _Builder(text, measuring.known, values))
        frame = chosen_frame(surface)
    except ExpressionError:
        raise
    except (ArithmeticError, NotImplementedError, RecursionError, TypeError, ValueError) as error:
        raise measuring.fail("This formula has no derivative that could be worked out.", tree) from error
    if is_constant(surface):
        raise measuring.fail(SAME_EVERYWHERE, tree)
    if frame is None:
        raise measuring.fail("This formula has no finite value anywhere near (0, 0). Check its signs.", tree)
    return surface.framed(frame)


def _values_of(text: str, reading: Reading, given: dict[str, float]) -> dict[str, float]:
    """The value of each constant: what is given, or typed, or 1."""
    if strangers := [name for name in given if name not in reading.constants]:
        raise ExpressionError(f"There is no constant {strangers[0]} in this formula.", text, 0, len(text))
    values = {name: given.get(name, float(reading.values.get(name, 1))) for name in reading.constants}
    for name, value in values.items():
        if value and not SMALLEST_NUMBER <= abs(value) <= LARGEST_NUMBER:
            reason = f"The value of {name} is outside the limits, from {SMALLEST_NUMBER:g} to {LARGEST_NUMBER:g}."
            raise ExpressionError(reason, text, 0, len(text))
    return values


def _built(text: str, reading: Reading, values: dict[str, float], builder: _Builder) -> TypedSurface:
    tree = reading.tree
    formula = with_sigmoids(builder.built(tree))
    if formula.has(sympy.zoo, sympy.oo, -sympy.oo, sympy.nan, sympy.I):
        raise ExpressionError("This formula has no finite real value.", text, tree.start, tree.end)
    spots = tuple(builder.spots)
    text_with_values = with_constants(text, values) if values else text
    surface = TypedSurface(
        formula=_with_all_gaps(formula, spots),
        domain=((-1, 1), (-1, 1)),
        start=(0, 0),
        text=text_with_values,
        reading=latex_of(tree),
        names=reading.pair,
        constants=values,
        spots=spots,
    )
    if not any(slope for slope in surface.gradient_formula) and not _is_stepped(formula):
        raise ExpressionError(SAME_EVERYWHERE, text, tree.start, tree.end)
    return surface


def _is_stepped(formula: sympy.Expr) -> bool:
    """True where a formula without a slope still has two values, as a floor of x has."""
    return any(part.free_symbols for part in formula.atoms(Jumping, Cornered))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from _walk(part)


def _with_all_gaps(expression: sympy.Expr, spots: Sequence[Spot]) -> sympy.Expr:
    """An expression with the gaps of what is no longer in it, as in ln(x) - ln(x), or in the derivative of ln(x)."""
    for spot in reversed(spots):
        if isinstance(spot, Gap) and not spot.is_in(expression):
            expression += gap(spot.condition.excess(spot.argument))
    return expression
