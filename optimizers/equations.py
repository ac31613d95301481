r"""The lines of an update rule, written once: as LaTeX, with numbers put in, and computed.

A line is an assignment such as Equation("velocity", "momentum * velocity + gradient"). The expression uses Python's
syntax with names of quantities, numbers, pi, + - * / **, comparisons, `and`, `or`, and the functions in FUNCTIONS.
It is computed on numbers and arrays, and on the quantities of a program, which it then becomes.
"""

import ast
import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from inspect import signature
from typing import NamedTuple

import numpy as np

from optimizers import primitives
from optimizers.symbols import SYMBOLS
from programs.matrices import solve, times
from programs.tracing import applied

# How tightly a text binds: between any two of them a looser one needs brackets.
_CASES, _OR, _AND, _COMPARED, _SUM, _PRODUCT, _CALL, _ATOM = -3, -2, -1, 0, 1, 2, 3, 9


class Function(NamedTuple):
    """What a function of the equations computes, and how it is written.

    compute: on arrays and on quantities alike. latex: from the LaTeX of its arguments. on_whole: whether it takes whole
    vectors and matrices. words: what the page has for it in place of LaTeX, with mathematics between dollar signs.
    binding: how tightly an argument must bind to stand there without brackets.
    """

    compute: Callable
    latex: Callable[..., str]
    on_whole: bool = False
    words: str = ""
    binding: int = _CASES

    @property
    def arguments(self) -> int:
        """How many arguments it takes."""
        is_ufunc = isinstance(self.compute, np.ufunc)
        return self.compute.nin if is_ufunc else len(signature(self.compute).parameters)


def named(compute: Callable, words: str) -> Function:
    """A function of whole vectors and matrices that the page shows as words."""
    return Function(compute, lambda *_: rf"\text{{{words}}}", on_whole=True, words=words)


def _searched(direction, first):
    raise TypeError("What a search finds depends on the loss, not on the quantities of the equation alone.")


def _quotient(a, b, otherwise):
    return applied("quotient", a, b, otherwise)


def _where(condition, holds, otherwise):
    return np.where(condition, holds, otherwise)


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
    "quotient": Function(_quotient, lambda a, b, _: rf"\frac{{{a}}}{{{b}}}"),
    "where": Function(_where, _cases_latex),
    "times": Function(times, lambda matrix, a: rf"{matrix}\,{a}", on_whole=True, binding=_ATOM),
    "solve": Function(solve, lambda matrix, a: rf"{matrix}^{{-1}}\,{a}", on_whole=True, binding=_ATOM),
    "diagonal": Function(
        lambda matrix: np.stack([matrix[0, 0], matrix[1, 1]]),
        lambda matrix: rf"\operatorname{{diag}}\left({matrix}\right)",
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
_JOINED = {ast.And: (np.logical_and, "and", _AND), ast.Or: (np.logical_or, "or", _OR)}

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

    def __post_init__(self):
        try:
            parts = list(ast.walk(self.tree))
        except SyntaxError:
            raise ValueError(f"An equation cannot be {self.expression!r}.") from None
        for part in parts:
            if isinstance(part, ast.expr) and not _is_allowed(part):
                raise ValueError(f"An equation cannot hold {ast.unparse(part)}.")
        if SEARCH in self.functions and not _is_named(self.tree):
            raise ValueError(f"A search is a line of its own, not a part of {self.expression}.")

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

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The quantities whose symbols stand in the line, those of the right side first."""
        return *sorted(_written(self.tree)), self.result

    def evaluate(self, values: Mapping):
        """The value of the line: for numbers, vectors of shape (2,) and matrices of shape (2, 2), batches of these, or
        quantities of a program."""
        return evaluated(self.tree, values)

    def latex(self, symbols: Mapping[str, str]) -> str:
        """The line in symbols; `symbols` adds the hyperparameters of the rule."""

        def name(key: str) -> tuple[str, int]:
            return _symbol(key, symbols), _ATOM

        is_search = _is_named(self.tree) and self.remark
        right = rf"\text{{{self.remark}}}" if is_search else _latex(self.tree, name, r"\,")[0]
        return rf"{name(self.result)[0]} \leftarrow {right}"

    def with_numbers(self, values: Mapping[str, np.ndarray], symbols: Mapping[str, str], result) -> list[str]:
        """The line with the numbers put in and its result: one text per component, or one with whole vectors.

        Numbers have DIGITS digits, and as many more as it takes until the printed ones give the printed result. Of
        several cases, the one that holds is shown.
        """
        symbol, result = _symbol(self.result, symbols), np.asarray(result, dtype=float)
        on_whole = any(FUNCTIONS[function].on_whole for function in self.functions)
        if result.ndim != 1 or on_whole:
            return [self._line_with_numbers(symbol, values, result, None)]
        return [self._line_with_numbers(_with_index(symbol, i), values, result[i], i) for i in range(2)]

    def _line_with_numbers(self, symbol: str, values: Mapping, result: np.ndarray, component: int | None) -> str:
        case = _case(self.tree, values, component)
        if _is_named(case) or _divides_by_zero(case, values, component):
            words = self.remark or FUNCTIONS[case.func.id].words or "the divisor is 0"
            return rf"{symbol} = {_number(result)} \quad\text{{({words})}}"
        held = _Held(values, component)
        case, values = held.visit(copy.deepcopy(case)), held.values
        digits = _telling_digits(case, values, result, component)
        right = _latex(case, _naming(values, digits, component), r" \cdot ")[0]
        return rf"{symbol} \leftarrow {right} = {_number(result)}"


def _symbol(name: str, symbols: Mapping[str, str]) -> str:
    return symbols[name] if name in symbols else SYMBOLS[name].latex


def _is_allowed(part: ast.expr) -> bool:
    match part:
        case ast.Constant(value=number):
            return type(number) in (int, float)
        case ast.UnaryOp(op=operator):
            return isinstance(operator, ast.USub)
        case ast.BinOp(op=operator):
            return isinstance(operator, (ast.Pow, *_OPERATORS))
        case ast.Compare(ops=[comparison]):
            return isinstance(comparison, (*_COMPARISONS,))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return len(arguments) == FUNCTIONS[name].arguments
    return isinstance(part, (ast.Name, ast.BoolOp))


def _is_named(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and bool(FUNCTIONS[node.func.id].words)


def _written(node: ast.expr) -> set[str]:
    match node:
        case ast.Name(id=name):
            return {name} - {"pi"}
        case ast.Call(args=arguments):
            return set() if _is_named(node) else set().union(*map(_written, arguments))
    return set().union(*(_written(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)))


def _case(node: ast.expr, values: Mapping, component: int | None) -> ast.expr:
    """Of several cases the one that holds, at one component where there are two."""
    while isinstance(node, ast.Call) and node.func.id == "where":
        condition, case, otherwise = node.args
        holds = _at(evaluated(condition, values), component)
        if np.any(holds) != np.all(holds):
            break
        node = case if np.all(holds) else otherwise
    return node


def _divides_by_zero(node: ast.expr, values: Mapping, component: int | None) -> bool:
    if not (isinstance(node, ast.Call) and node.func.id == "quotient"):
        return False
    return bool(np.any(_at(evaluated(node.args[1], values), component) == 0))


class _Held(ast.NodeTransformer):
    """Puts the case that holds in place of several, also what a quotient is where its divisor is 0, and the value of a
    named function in place of its words: as a quantity that is called by the text of the call."""

    def __init__(self, values: Mapping, component: int | None):
        self.values, self.component = dict(values), component

    def visit_Call(self, node: ast.Call) -> ast.expr:
        case = _case(node, self.values, self.component)
        if _divides_by_zero(case, self.values, self.component):
            case = case.args[2]
        if case is not node:
            return self.visit(case)
        if _is_named(node):
            text = ast.unparse(node)
            self.values[text] = evaluated(node, self.values)
            return ast.Name(text)
        node.args = [self.visit(argument) for argument in node.args]
        return node


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
        return text, _binding_of(text)

    return name


def _binding_of(number: str) -> int:
    return _SUM if number.startswith("-") else _PRODUCT if "cdot" in number else _ATOM


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
    return _scientific(f"{value:.{digits}g}")


def _scientific(number: str) -> str:
    mantissa, _, exponent = number.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def evaluated(node: ast.expr, values: Mapping):
    """What an expression gives for numbers, arrays or quantities."""

    def value(part: ast.expr):
        return evaluated(part, values)

    match node:
        case ast.Name(id=name):
            return math.pi if name == "pi" else values[name]
        case ast.Constant(value=number):
            return number
        case ast.UnaryOp(operand=operand):
            return np.negative(value(operand))
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return applied("power", value(base), value(exponent))
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)][0](value(left), value(right))
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return _COMPARISONS[type(comparison)][0](value(left), value(right))
        case ast.BoolOp(op=joined, values=parts):
            return reduce(_JOINED[type(joined)][0], map(value, parts))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name].compute(*map(value, arguments))


def _latex(node: ast.expr, name: Naming, product: str) -> tuple[str, int]:
    def inside(child: ast.expr, binding: int) -> str:
        text, own = _latex(child, name, product)
        return text if own >= binding else rf"\left({text}\right)"

    match node:
        case ast.Name(id=key):
            return (r"\pi", _ATOM) if key == "pi" else name(key)
        case ast.Constant(value=number):
            text = _scientific(repr(number).removesuffix(".0"))
            return text, _binding_of(text)
        case ast.UnaryOp(operand=operand):
            return f"-{inside(operand, _PRODUCT)}", _SUM
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return f"{inside(base, _ATOM)}^{{{inside(exponent, _SUM)}}}", _CALL
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{inside(left, _COMPARED)}}}{{{inside(right, _COMPARED)}}}", _CALL
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return f"{inside(left, _PRODUCT)}{product}{inside(right, _CALL)}", _PRODUCT
        case ast.BinOp(left=left, op=operator, right=right):
            sign = "+" if isinstance(operator, ast.Add) else "-"
            return f"{inside(left, _SUM)} {sign} {inside(right, _PRODUCT)}", _SUM
        case ast.Compare(left=left, ops=[comparison], comparators=[right]):
            return f"{inside(left, _SUM)} {_COMPARISONS[type(comparison)][1]} {inside(right, _SUM)}", _COMPARED
        case ast.BoolOp(op=joined, values=parts):
            _, word, binding = _JOINED[type(joined)]
            return rf" \text{{ {word} }} ".join(inside(part, binding) for part in parts), binding
        case ast.Call(func=ast.Name(id=key)) if _is_named(node):
            return FUNCTIONS[key].latex(), _CALL
        case ast.Call(func=ast.Name(id=key)):
            function = FUNCTIONS[key]
            text = function.latex(*(inside(argument, function.binding) for argument in _arguments(node)))
            return text, _CASES if key == "where" else _CALL


def _arguments(call: ast.Call) -> list[ast.expr]:
    """The arguments of a function; those of a `where` that is the last argument of another one follow on the others."""
    *others, last = call.args
    follows = isinstance(last, ast.Call) and call.func.id == last.func.id == "where"
    return [*others, *_arguments(last)] if follows else call.args
