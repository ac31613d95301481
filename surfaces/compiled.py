"""From sympy expressions to fast numerical functions.

One source text serves two namespaces. With numpy's functions it evaluates a whole batch at once. With plain floats it
evaluates one point several times faster, since numpy pays a fixed price for every call on a tiny array. Both do the
same IEEE operations in the same order, so a row of a batch equals the same point evaluated alone, bit for bit.
"""

import ast
import math
import re
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from functools import lru_cache, reduce

import numpy as np
import sympy
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean
from sympy.printing.numpy import NumPyPrinter

from surfaces.functions import spherical_values

LARGEST_MULTIPLIED_POWER = 16


class _Printer(NumPyPrinter):
    """Rounds every number once, by sympy, and prints integer powers as products.

    numpy's power is slow, and rounds differently on single numbers than on arrays.
    """

    def __init__(self):
        super().__init__({"fully_qualified_modules": False})

    def _print(self, expr, **settings):
        if isinstance(expr, sympy.Expr) and expr.is_number:
            value = expr.evalf(20)
            return f"({float(value)!r})" if value.is_extended_real else "nan"
        return super()._print(expr, **settings)

    def _as_ordered_terms(self, expr, order=None):
        # A sum that begins with a minus costs one more pass over the batch than one that ends with it.
        return sorted(super()._as_ordered_terms(expr, order=order), key=lambda term: term.could_extract_minus_sign())

    def _print_softplus(self, expr):
        return f"softplus({self._print(expr.args[0])})"

    def _print_Pow(self, expr, rational=False):  # noqa: N802
        base, exponent = expr.as_base_exp()
        text = f"({self._print(base)})"
        if abs(exponent) == sympy.S.Half:
            power = f"sqrt{text}"
        elif exponent.is_Integer and abs(exponent) <= LARGEST_MULTIPLIED_POWER:
            power = _product(text, abs(int(exponent)))
        else:
            return f"power({text}, {self._print(exponent)})"
        return power if exponent > 0 else f"(1/{power})"

    def _print_Piecewise(self, expr):  # noqa: N802
        text = "nan"
        for value, condition in reversed(expr.args):
            text = f"where({self._print(condition)}, {self._print(value)}, {text})"
        return text

    def _print_And(self, expr):  # noqa: N802
        return self._nested("logical_and", expr.args)

    def _print_Or(self, expr):  # noqa: N802
        return self._nested("logical_or", expr.args)

    def _nested(self, function: str, conditions: Sequence[sympy.Basic]) -> str:
        return reduce(lambda first, second: f"{function}({first}, {second})", map(self._print, conditions))


_printed = _Printer().doprint


def _product(base: str, exponent: int) -> str:
    if exponent == 1:
        return base
    if exponent % 2:
        return f"({_product(base, exponent - 1)}*{base})"
    return f"square({_product(base, exponent // 2)})"


class _HoistConstants(ast.NodeTransformer):
    """Computes constant subexpressions once and gives each a name, so that a namespace can choose their type."""

    def __init__(self):
        self.constants: dict[str, float] = {}

    def _hoisted(self, node: ast.expr) -> ast.expr:
        value = float(eval(compile(ast.Expression(node), "<constant>", "eval"), dict(_ON_FLOATS)))
        name = f"constant{len(self.constants)}"
        name = next((known for known, other in self.constants.items() if other == value), name)
        self.constants[name] = value
        return ast.copy_location(ast.Name(name, ast.Load()), node)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, (ast.Constant, ast.UnaryOp, ast.BinOp, ast.Call)) and _is_constant(node):
            return self._hoisted(node)
        return self.generic_visit(node)


def _is_constant(node: ast.expr) -> bool:
    leaves = {leaf.id for leaf in ast.walk(node) if isinstance(leaf, ast.Name)}
    return leaves <= _ON_FLOATS.keys()


def _on_floats(function: Callable) -> Callable:
    return lambda *arguments: float(function(*arguments))


def _softplus(x):
    # Four times as fast as logaddexp(0, x), and like it without overflow.
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def _of_each(function: Callable) -> Callable:
    """A function of floats, as one of arrays with the same digits."""
    ufunc = np.frompyfunc(function, 1, 1)
    return lambda x: np.asarray(ufunc(x), dtype=float)


def _sigmoid(x):
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def _logcosh(x):
    size = np.abs(x)
    near = np.log1p(2.0 * np.square(np.sinh(np.minimum(size, 1.0) / 2.0)))
    return np.where(size < 1.0, near, size + np.log1p(np.exp(-2.0 * size)) - np.log(2.0))


_ERROR_FUNCTIONS = {"error_function": _of_each(math.erf), "error_function_beside_one": _of_each(math.erfc)}
_OWN = {
    "softplus": _softplus,
    "sigmoid": _sigmoid,
    "logcosh": _logcosh,
    "spherical": spherical_values,
    **_ERROR_FUNCTIONS,
}
_UFUNCS = {name: getattr(np, name) for name in dir(np) if isinstance(getattr(np, name), np.ufunc)}
_ON_ARRAYS = {**_UFUNCS, **_OWN, "where": np.where, "inf": np.inf, "nan": np.nan}
_ON_FLOATS = {
    **{name: _on_floats(ufunc) for name, ufunc in _UFUNCS.items()},
    **{name: _on_floats(function) for name, function in _OWN.items()},
    "square": lambda x: x * x,
    "where": lambda condition, yes, no: yes if condition else no,
    "inf": np.inf,
    "nan": np.nan,
}


class Compiled:
    """Real expressions of a few variables as functions from points to values, common subexpressions shared.

    `at_point` takes one number per variable, `on_batch` one array; both return a list with one value per expression.
    The value of a constant expression is a number, which the caller broadcasts. Where there is no finite value, it is
    inf or nan, without a warning.
    """

    def __init__(self, variables: Sequence[sympy.Symbol], expressions: Sequence[sympy.Expr]):
        shared, results = sympy.cse(list(expressions), symbols=sympy.numbered_symbols("shared", real=True))
        self._arguments = ", ".join(map(_printed, variables))
        self._shared = [(str(name), _printed(expression)) for name, expression in shared]
        self._results = [_printed(result) for result in results]
        self._build(range(len(results)))

    def only(self, *places: int) -> "Compiled":
        """The same, with some of the expressions only; their values are the same to the last bit."""
        part = copy(self)
        part._build(places)
        return part

    def _build(self, places: Iterable[int]) -> None:
        results = [self._results[place] for place in places]
        lines = [f"    return [{', '.join(results)}]"]
        for name, expression in reversed(self._shared):
            if any(re.search(rf"\b{name}\b", line) for line in lines):
                lines.insert(0, f"    {name} = {expression}")
        source = "\n".join([f"def compiled({self._arguments}):", *lines])
        hoist = _HoistConstants()
        tree = ast.fix_missing_locations(hoist.visit(ast.parse(source)))
        code = compile(tree, "<formula>", "exec")

        def function(namespace: dict, constant: Callable) -> Callable:
            scope = {**namespace, **{name: constant(value) for name, value in hoist.constants.items()}}
            exec(code, scope)
            return scope["compiled"]

        # numpy multiplies an array by a 0-d array in half the time that a Python number takes.
        self._on_arrays = function(_ON_ARRAYS, np.array)
        self._on_floats = function(_ON_FLOATS, float)
        # Sums and products of floats never warn; only numpy's functions do.
        self._may_warn = any(isinstance(node, ast.Call) and node.func.id != "square" for node in ast.walk(tree))

    def at_point(self, *numbers: float) -> list[float]:
        """The values at one point."""
        try:
            if not self._may_warn:
                return self._on_floats(*numbers)
            with np.errstate(all="ignore"):
                return self._on_floats(*numbers)
        except ZeroDivisionError:  # numpy divides by zero as IEEE does, plain floats refuse
            return [float(np.reshape(value, ())) for value in self.on_batch(*(np.array([x]) for x in numbers))]

    def on_batch(self, *arrays: np.ndarray) -> list:
        """The values at many points, each an array of the batch's shape or a number."""
        with np.errstate(all="ignore"):
            return self._on_arrays(*arrays)


def unknown_functions(expression: sympy.Expr) -> list[str]:
    """The names of what an expression holds that cannot be evaluated, or not be differentiated twice."""
    others = {
        (type(part), len(part.args)) for part in sympy.preorder_traversal(expression) if not isinstance(part, _KNOWN)
    }
    return sorted({kind.__name__ for kind, count in others if not _is_known(kind, count)})


_KNOWN = (sympy.Add, sympy.Mul, sympy.Pow, sympy.Atom, sympy.Piecewise, ExprCondPair, Boolean, sympy.Tuple)


@lru_cache(maxsize=256)
def _is_known(kind: type, count: int) -> bool:
    arguments = sympy.symbols(f"argument:{count}", real=True)
    try:
        value = kind(*arguments)
        first = [sympy.diff(value, argument) for argument in arguments]
        second = [sympy.diff(slope, argument) for slope in first for argument in arguments]
        Compiled(arguments, [value, *first, *second]).at_point(*[0.5] * count)
    except (NameError, NotImplementedError, TypeError, ValueError, SyntaxError):
        return False
    return True
