r"""The lines of an update rule, written once: as LaTeX, with numbers put in, and evaluated.

A line is an assignment such as Equation("velocity", "momentum * velocity + gradient"). The expression uses Python's
syntax with names of quantities, numbers, + - * / ** and the functions in FUNCTIONS.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from programs.matrices import solve, times

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
}

FUNCTIONS: dict[str, tuple[Callable, Callable[..., str]]] = {
    "sqrt": (np.sqrt, lambda a: rf"\sqrt{{{a}}}"),
    "abs": (np.abs, lambda a: rf"\left|{a}\right|"),
    "sign": (np.sign, lambda a: rf"\operatorname{{sign}}\left({a}\right)"),
    "max": (np.maximum, lambda a, b: rf"\max\left({a},\,{b}\right)"),
    "times": (times, lambda matrix, a: rf"{matrix}\,{a}"),
    "solve": (solve, lambda matrix, a: rf"{matrix}^{{-1}}\,{a}"),
    "diagonal": (
        lambda matrix: np.stack([matrix[0, 0], matrix[1, 1]]),
        lambda matrix: rf"\operatorname{{diag}}\,{matrix}",
    ),
}
# Of the numbers put into a line; EXACT digits tell every number from all others.
DIGITS, EXACT = 5, 17
_ON_WHOLE_VECTORS = {"times", "solve", "diagonal"}

_OPERATORS = {ast.Add: (np.add, 1), ast.Sub: (np.subtract, 1), ast.Mult: (np.multiply, 2), ast.Div: (np.divide, 2)}
_NEGATIVE, _PRODUCT, _ATOM = 1, 2, 9

# What a name is written as, and how tightly that text binds.
Naming = Callable[[str], tuple[str, int]]


@dataclass(frozen=True)
class Equation:
    r"""One line of an update rule: `result` becomes `expression`, where `condition` holds.

    result: the quantity that the line computes. expression: in the syntax above; the empty string where the quantity
    comes from a search, which `remark` then describes in words with mathematics between dollar signs. condition: an
    inequality such as "variance_length > 5". when: the condition in words, shown in its place. instead: for an
    expression that is a quotient, the value where the divisor is 0, as another expression; `remark` says it in words.
    """

    result: str
    expression: str
    condition: str = ""
    remark: str = ""
    when: str = ""
    instead: str = ""

    @cached_property
    def _tree(self) -> ast.expr:
        return ast.parse(self.expression, mode="eval").body

    @cached_property
    def _condition(self) -> ast.Compare:
        return ast.parse(self.condition, mode="eval").body

    @cached_property
    def names(self) -> frozenset[str]:
        """The quantities that the expression uses."""
        nodes = ast.walk(self._tree) if self.expression else ()
        return frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - FUNCTIONS.keys()

    def holds(self, values: Mapping[str, np.ndarray]) -> bool:
        """True where the line applies to these quantities."""
        if not self.condition:
            return True
        left, right = _evaluate(self._condition.left, values), _evaluate(self._condition.comparators[0], values)
        return bool(left > right) if isinstance(self._condition.ops[0], ast.Gt) else bool(left <= right)

    def evaluate(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """The value of the line for one point: numbers, vectors of shape (2,) and matrices of shape (2, 2)."""
        if not self.expression:
            return np.asarray(values[self.result])
        result = _evaluate(self._tree, values)
        if self.instead:
            instead = _evaluate(ast.parse(self.instead, mode="eval").body, values)
            result = np.where(self._has_no_divisor(values), instead, result)
        return np.asarray(result, dtype=float)

    def _has_no_divisor(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        """Where `instead` takes the place of the expression, by component."""
        return np.asarray(_evaluate(self._tree.right, values) == 0 if self.instead else False)

    def latex(self, symbols: Mapping[str, str]) -> str:
        """The line in symbols; `symbols` adds the hyperparameters of the rule."""

        def name(key: str) -> tuple[str, int]:
            return {**SYMBOLS, **symbols}[key], _ATOM

        right = _latex(self._tree, name, r"\,")[0] if self.expression else rf"\text{{{self.remark}}}"
        condition = rf"\quad\text{{if {self.when}}}" if self.when else ""
        if self.condition and not self.when:
            relation = ">" if isinstance(self._condition.ops[0], ast.Gt) else r"\le"
            sides = [_latex(side, name, r"\,")[0] for side in (self._condition.left, self._condition.comparators[0])]
            condition = rf"\quad\text{{if }} {sides[0]} {relation} {sides[1]}"
        return rf"{name(self.result)[0]} \leftarrow {right}{condition}"

    def with_numbers(self, values: Mapping[str, np.ndarray], symbols: Mapping[str, str]) -> list[str]:
        """The line with the numbers put in and the result: one text per component, or one with whole vectors.

        Numbers have DIGITS digits, and as many more as it takes until the printed ones give the printed result.
        """
        names = {**SYMBOLS, **symbols}
        symbol, result = names[self.result], self.evaluate(values)
        if not self.expression:
            return [self._stated(symbol, result)]
        digits = self._telling_digits(values, result)
        undefined = self._has_no_divisor(values)
        calls = {node.func.id for node in ast.walk(self._tree) if isinstance(node, ast.Call)}
        if result.ndim == 0 or calls & _ON_WHOLE_VECTORS:
            if undefined.any():
                return [self._stated(symbol, result)]
            right = _latex(self._tree, _naming(values, digits), r" \cdot ")[0]
            return [rf"{symbol} \leftarrow {right} = {_number(result)}"]
        undefined = np.broadcast_to(undefined, result.shape)
        return [
            self._stated(_with_index(symbol, i), result[i])
            if undefined[i]
            else rf"{_with_index(symbol, i)} \leftarrow "
            + _latex(self._tree, _naming(values, digits, i), r" \cdot ")[0]
            + f" = {_number(result[i])}"
            for i in range(2)
        ]

    def _telling_digits(self, values: Mapping[str, np.ndarray], result: np.ndarray) -> int:
        """How many digits the numbers need, so that whoever reckons with them gets the digits of the result."""
        if not np.isfinite(result).all():
            return DIGITS
        with np.errstate(divide="ignore"):
            last_digit = 10.0 ** (np.floor(np.log10(np.abs(result))) + 1 - DIGITS)
        for digits in range(DIGITS, EXACT):
            printed = {name: _rounded(values[name], digits) for name in self.names}
            with np.errstate(all="ignore"):
                if (np.abs(self.evaluate({**values, **printed}) - result) <= last_digit).all():
                    return digits
        return EXACT

    def _stated(self, symbol: str, value: np.ndarray) -> str:
        return rf"{symbol} = {_number(value)} \quad\text{{({self.remark})}}"


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


def _evaluate(node: ast.expr, values: Mapping[str, np.ndarray]):
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return np.negative(_evaluate(operand, values))
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return np.power(_evaluate(base, values), _evaluate(exponent, values))
        case ast.BinOp(left=left, op=operator, right=right):
            return _OPERATORS[type(operator)][0](_evaluate(left, values), _evaluate(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name][0](*(_evaluate(argument, values) for argument in arguments))
    raise ValueError(f"An equation cannot hold {ast.unparse(node)}.")


def _latex(node: ast.expr, name: Naming, product: str) -> tuple[str, int]:
    def inside(child: ast.expr, binding: int) -> str:
        text, own = _latex(child, name, product)
        return text if own >= binding else rf"\left({text}\right)"

    match node:
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
        case ast.Call(func=ast.Name(id=function), args=arguments):
            binding = _ATOM if function in _ON_WHOLE_VECTORS else 0
            return FUNCTIONS[function][1](*(inside(argument, binding) for argument in arguments)), 3
    raise ValueError(f"An equation cannot hold {ast.unparse(node)}.")
