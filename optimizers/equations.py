r"""The lines of an update rule, written once: as LaTeX, with numbers put in, and computed.

A line is an assignment such as Equation("velocity", "momentum * velocity + gradient"). The expression uses Python's
syntax with names of quantities, numbers, pi, + - * / **, comparisons, `and`, `or`, and the functions in FUNCTIONS.
It is computed on numbers and arrays, and on the quantities of a program, which it then becomes.
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from typing import NamedTuple

import numpy as np

from optimizers import primitives
from programs.matrices import solve, times
from programs.tracing import applied

SYMBOLS = {
    "theta": r"\theta",
    "gradient": "g",
    "hessian": "H",
    "update": "t",
    "scheduled_learning_rate": r"\eta_t",
    "velocity": "v",
    "first_moment": "m",
    "second_moment": "v",
    "corrected_first_moment": r"\hat m",
    "corrected_second_moment": r"\hat v",
    "largest_second_moment": r"v^{\max}",
    "squared_gradients": "G",
    "squared_steps": "D",
    "largest_gradient": "u",
    "beta1_power": r"\beta_1^{t+1}",
    "beta2_power": r"\beta_2^{t+1}",
    "effective_step": r"\alpha",
    "direction": "p",
    "previous_gradient": "g^-",
    "previous_direction": "p^-",
    "step_length": "a",
    "conjugacy": r"\beta",
    "inverse_hessian": "B",
    "move": r"\Delta",
    "momentum_now": r"\mu_t",
    "momentum_next": r"\mu_{t+1}",
    "momentum_product": r"\Pi_t",
    "variance_length": r"\rho_t",
    "variance_length_limit": r"\rho_\infty",
    "rectification": "r_t",
    "newton_step": "p",
    "root_mean_square": r"\sigma",
    "decayed_learning_rate": r"\eta^{t}",
}


class Function(NamedTuple):
    """What a function of the equations computes, and how it is written.

    compute: on arrays and on quantities alike. latex: from the LaTeX of its arguments. on_whole: whether it takes whole
    vectors and matrices. words: what the page has for it in place of LaTeX, with mathematics between dollar signs.
    """

    compute: Callable
    latex: Callable[..., str]
    on_whole: bool = False
    words: str = ""


def named(compute: Callable, words: str) -> Function:
    """A function of whole vectors and matrices that the page shows as words."""
    return Function(compute, lambda *_: rf"\text{{{words}}}", on_whole=True, words=words)


def _searched(*_):
    raise TypeError("What a search finds depends on the loss, not on the quantities of the equation alone.")


def _cases_latex(*parts: str) -> str:
    """Conditions, each followed by what holds then, and what holds otherwise: one case below the other."""
    rows = [rf"{value} & \text{{if }} {condition}" for condition, value in zip(parts[:-1:2], parts[1::2], strict=True)]
    return r"\begin{cases}" + r" \\ ".join([*rows, rf"{parts[-1]} & \text{{otherwise}}"]) + r"\end{cases}"


SEARCH = "armijo"
FUNCTIONS: dict[str, Function] = {
    "sqrt": Function(np.sqrt, lambda a: rf"\sqrt{{{a}}}"),
    "abs": Function(np.abs, lambda a: rf"\left|{a}\right|"),
    "sign": Function(np.sign, lambda a: rf"\operatorname{{sign}}\left({a}\right)"),
    "max": Function(np.maximum, lambda a, b: rf"\max\left({a},\,{b}\right)"),
    "min": Function(np.minimum, lambda a, b: rf"\min\left({a},\,{b}\right)"),
    "floor": Function(np.floor, lambda a: rf"\left\lfloor {a} \right\rfloor"),
    "cos": Function(np.cos, lambda a: rf"\cos\left({a}\right)"),
    # a / b, and the third where b is 0.
    "quotient": Function(partial(applied, "quotient"), lambda a, b, _: rf"\frac{{{a}}}{{{b}}}"),
    "where": Function(np.where, _cases_latex),
    "times": Function(times, lambda matrix, a: rf"{matrix}\,{a}", on_whole=True),
    "solve": Function(solve, lambda matrix, a: rf"{matrix}^{{-1}}\,{a}", on_whole=True),
    "diagonal": Function(
        lambda matrix: np.stack([matrix[0, 0], matrix[1, 1]]),
        lambda matrix: rf"\operatorname{{diag}}\,{matrix}",
        on_whole=True,
    ),
    SEARCH: named(_searched, r"the first of $\eta, \eta/2, \eta/4, \dots$ that lowers the loss enough"),
    "is_singular": Function(primitives.is_singular, lambda matrix: rf"{matrix} \text{{ is singular}}", on_whole=True),
    "flat_newton_step": named(
        primitives.flat_newton_step,
        "the Newton step along the curved direction, the gradient itself along the flat one",
    ),
    "absolute_newton_step": named(
        primitives.absolute_newton_step, "the gradient's share along each eigenvector, divided by |eigenvalue|"
    ),
    "polak_ribiere": named(
        primitives.polak_ribiere, "the share of the last direction, by Polak and Ribiere, at least 0"
    ),
    "downhill_inverse": named(primitives.downhill_inverse, "from the last move and the change of the gradient"),
    "length_to_minimum": named(primitives.length_to_minimum, "the minimiser of the parabola along the direction"),
    **{
        function.__name__: named(function, function.__name__.replace("_", " "))
        for function in (
            *(primitives.least, primitives.least_eigenvalue, primitives.slope_along, primitives.curves_up),
            *(primitives.begins_again, primitives.has_moved, primitives.has_turned, primitives.updated_inverse),
            primitives.goes_uphill,
        )
    },
}
# Of the numbers put into a line; EXACT digits tell every number from all others.
DIGITS, EXACT = 5, 17

_OPERATORS = {ast.Add: (np.add, 1), ast.Sub: (np.subtract, 1), ast.Mult: (np.multiply, 2), ast.Div: (np.divide, 2)}
_COMPARISONS = {
    ast.Gt: (np.greater, ">"),
    ast.GtE: (np.greater_equal, r"\ge"),
    ast.Lt: (np.less, "<"),
    ast.LtE: (np.less_equal, r"\le"),
    ast.Eq: (np.equal, "="),
}
_JOINED = {ast.And: (np.logical_and, "and"), ast.Or: (np.logical_or, "or")}
_NEGATIVE, _PRODUCT, _ATOM = 1, 2, 9

# What a name is written as, and how tightly that text binds.
Naming = Callable[[str], tuple[str, int]]


@dataclass(frozen=True)
class Equation:
    r"""One line of an update rule: `result` becomes `expression`.

    result: the quantity that the line computes. expression: in the syntax above. remark: words for what the expression
    does not say: what a quotient is where its divisor is 0, or what a search looks for, with mathematics between dollar
    signs. aside: whether the line is left out on the page, because it keeps books and moves nothing.

    Raises ValueError where the expression is not in that syntax.
    """

    result: str
    expression: str
    remark: str = ""
    aside: bool = False

    @cached_property
    def tree(self) -> ast.expr:
        """The expression as Python reads it."""
        return ast.parse(self.expression, mode="eval").body

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions that the expression calls."""
        return frozenset(node.func.id for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    @cached_property
    def names(self) -> frozenset[str]:
        """The quantities that the expression uses."""
        nodes = (node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        return frozenset(nodes) - self.functions - {"pi"}

    def evaluate(self, values: Mapping):
        """The value of the line: for numbers, vectors of shape (2,) and matrices of shape (2, 2), batches of these, or
        quantities of a program."""
        return evaluated(self.tree, values)

    def latex(self, symbols: Mapping[str, str]) -> str:
        """The line in symbols; `symbols` adds the hyperparameters of the rule."""

        def name(key: str) -> tuple[str, int]:
            return {**SYMBOLS, **symbols}[key], _ATOM

        is_search = _is_named(self.tree) and self.remark
        right = rf"\text{{{self.remark}}}" if is_search else _latex(self.tree, name, r"\,")[0]
        return rf"{name(self.result)[0]} \leftarrow {right}"

    def with_numbers(self, values: Mapping[str, np.ndarray], symbols: Mapping[str, str], result) -> list[str]:
        """The line with the numbers put in and its result: one text per component, or one with whole vectors.

        Numbers have DIGITS digits, and as many more as it takes until the printed ones give the printed result. Of
        several cases, the one that holds is shown.
        """
        symbol, result = {**SYMBOLS, **symbols}[self.result], np.asarray(result, dtype=float)
        on_whole = any(FUNCTIONS[function].on_whole for function in self.functions)
        if result.ndim == 0 or on_whole:
            return [self._line_with_numbers(symbol, values, result, None)]
        return [self._line_with_numbers(_with_index(symbol, i), values, result[i], i) for i in range(2)]

    def _line_with_numbers(self, symbol: str, values: Mapping, result: np.ndarray, component: int | None) -> str:
        case = _case(self.tree, values, component)
        if _is_named(case) or _divides_by_zero(case, values, component):
            words = self.remark or FUNCTIONS[case.func.id].words or "the divisor is 0"
            return rf"{symbol} = {_number(result)} \quad\text{{({words})}}"
        digits = _telling_digits(case, values, result, component)
        right = _latex(case, _naming(values, digits, component), r" \cdot ")[0]
        return rf"{symbol} \leftarrow {right} = {_number(result)}"


def _is_named(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and bool(FUNCTIONS[node.func.id].words)


def _case(node: ast.expr, values: Mapping, component: int | None) -> ast.expr:
    """Of several cases the one that holds, at one component where there are two."""
    while isinstance(node, ast.Call) and node.func.id == "where":
        condition, holds, otherwise = node.args
        node = holds if _at(evaluated(condition, values), component) else otherwise
    return node


def _divides_by_zero(node: ast.expr, values: Mapping, component: int | None) -> bool:
    if not (isinstance(node, ast.Call) and node.func.id == "quotient"):
        return False
    return bool(np.any(_at(evaluated(node.args[1], values), component) == 0))


def _at(value, component: int | None):
    return value[component] if component is not None and np.ndim(value) == 1 else value


def _telling_digits(node: ast.expr, values: Mapping, result: np.ndarray, component: int | None) -> int:
    """How many digits the numbers need, so that whoever reckons with them gets the digits of the result."""
    if not np.isfinite(result).all():
        return DIGITS
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} & values.keys()
    with np.errstate(divide="ignore"):
        last_digit = 10.0 ** (np.floor(np.log10(np.abs(result))) + 1 - DIGITS)
    for digits in range(DIGITS, EXACT):
        printed = {name: _rounded(values[name], digits) for name in names}
        with np.errstate(all="ignore"):
            reckoned = _at(np.asarray(evaluated(node, {**values, **printed})), component)
            if (np.abs(reckoned - result) <= last_digit).all():
                return digits
    return EXACT


def _with_index(symbol: str, component: int) -> str:
    return rf"{{{symbol}}}_{{{component + 1}}}"


def _rounded(value, digits: int) -> np.ndarray:
    """A number, vector or matrix as it is read from the page: with so many significant digits."""
    value = np.asarray(value, dtype=float)
    return np.array([float(f"{number:.{digits}g}") for number in value.flat]).reshape(value.shape)


def _naming(values: Mapping[str, np.ndarray], digits: int, component: int | None = None) -> Naming:
    def name(key: str) -> tuple[str, int]:
        value = np.asarray(values[key], dtype=float)
        if component is not None and value.ndim == 1:
            value = value[component]
        text = _number(value, digits)
        if value.ndim:
            return text, _ATOM
        return text, _NEGATIVE if text.startswith("-") else _PRODUCT if "cdot" in text else _ATOM

    return name


def _number(value, digits: int = DIGITS) -> str:
    value = np.asarray(value, dtype=float)
    if value.ndim:
        rows = value if value.ndim == 2 else value[:, None]
        texts = (" & ".join(_number(number, digits) for number in row) for row in rows)
        return r"\begin{pmatrix}" + r" \\ ".join(texts) + r"\end{pmatrix}"
    return number_latex(float(value), digits)


def number_latex(value: float, digits: int = DIGITS) -> str:
    """A number as LaTeX with this many significant digits."""
    if np.isnan(value):
        return r"\text{nan}"
    if np.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = f"{value:.{digits}g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def evaluated(node: ast.expr, values: Mapping):
    """What an expression gives for numbers, arrays or quantities."""
    match node:
        case ast.Name(id="pi"):
            return math.pi
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=number) if isinstance(number, (int, float)):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return np.negative(evaluated(operand, values))
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return applied("power", evaluated(base, values), evaluated(exponent, values))
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
            return _OPERATORS[type(operator)][0](evaluated(left, values), evaluated(right, values))
        case ast.Compare(left=left, ops=[comparison], comparators=[right]) if type(comparison) in _COMPARISONS:
            return _COMPARISONS[type(comparison)][0](evaluated(left, values), evaluated(right, values))
        case ast.BoolOp(op=joined, values=parts):
            return reduce(_JOINED[type(joined)][0], (evaluated(part, values) for part in parts))
        case ast.Call(func=ast.Name(id=name), args=arguments) if name in FUNCTIONS:
            return FUNCTIONS[name].compute(*(evaluated(argument, values) for argument in arguments))
    raise ValueError(f"An equation cannot hold {ast.unparse(node)}.")


def _latex(node: ast.expr, name: Naming, product: str) -> tuple[str, int]:
    def inside(child: ast.expr, binding: int) -> str:
        text, own = _latex(child, name, product)
        return text if own >= binding else rf"\left({text}\right)"

    match node:
        case ast.Name(id="pi"):
            return r"\pi", _ATOM
        case ast.Name(id=key):
            return name(key)
        case ast.Constant(value=number):
            return f"{number:g}", _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{inside(operand, 2)}", _NEGATIVE
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return f"{inside(base, _ATOM)}^{{{inside(exponent, 1)}}}", 3
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{inside(left, 0)}}}{{{inside(right, 0)}}}", 3
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return f"{inside(left, 2)}{product}{inside(right, 3)}", 2
        case ast.BinOp(left=left, op=operator, right=right):
            sign = "+" if isinstance(operator, ast.Add) else "-"
            return f"{inside(left, 1)} {sign} {inside(right, 2)}", 1
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return f"{inside(left, 1)} {_COMPARISONS[type(comparison)][1]} {inside(right, 1)}", 0
        case ast.BoolOp(op=joined, values=parts):
            return rf" \text{{ {_JOINED[type(joined)][1]} }} ".join(inside(part, 0) for part in parts), 0
        case ast.Call(func=ast.Name(id=function)) if function in FUNCTIONS:
            binding = _ATOM if FUNCTIONS[function].on_whole else 0
            return FUNCTIONS[function].latex(*(inside(argument, binding) for argument in _arguments(node))), 3
    raise ValueError(f"An equation cannot hold {ast.unparse(node)}.")


def _arguments(call: ast.Call) -> list[ast.expr]:
    """The arguments of a function; those of a `where` that is the last argument of another one follow on the others."""
    *others, last = call.args
    follows = isinstance(last, ast.Call) and call.func.id == last.func.id == "where"
    return [*others, *_arguments(last)] if follows else call.args
