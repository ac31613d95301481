"""The fixed table of operations that programs are made of.

Every operation is known twice, as numpy does it on arrays and as plain floats do it, with the same digits: + - * / and
square roots are exact to rounding everywhere, and for all else both ask numpy. Where numpy divides by zero as IEEE
does, plain floats refuse, with an ArithmeticError or a ValueError.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

HIGHEST_ORDER = 100


@dataclass(frozen=True)
class Operation:
    """One operation.

    operands: how many it has. on_arrays: what does it on arrays. on_floats: the expression over floats, with {0}, {1}
    for the operands; empty where `function_of_floats` is called. is_truth: whether the result is true or false. truths:
    how many operands are, the first ones; all others are numbers. has_order: whether the first operand is an order, the
    same whole number from 0 to HIGHEST_ORDER for all rows.
    """

    operands: int
    on_arrays: Callable
    on_floats: str = ""
    is_truth: bool = False
    truths: int = 0
    has_order: bool = False

    @property
    def writes_in_place(self) -> bool:
        """True where an array for the result can be given."""
        return isinstance(self.on_arrays, np.ufunc) or self.on_arrays in (quotient, larger, smaller, power)

    def function_of_floats(self, *numbers: float) -> float:
        """The result for single numbers, with the digits that arrays have."""
        return float(self.on_arrays(*numbers))


def quotient(numerator, divisor, otherwise, out: np.ndarray | None = None) -> np.ndarray:
    """numerator / divisor, and `otherwise` where the divisor is zero."""
    if out is None:
        out = np.empty(np.broadcast(numerator, divisor, otherwise).shape)
    # These are arrays of their own: `out` may be any of the operands.
    zeros = None if np.all(divisor) else (np.equal(divisor, 0.0), np.array(otherwise))
    np.divide(numerator, divisor, out)
    if zeros:
        is_zero, otherwise = zeros
        np.copyto(out, otherwise, where=is_zero)
    return out


def power(base, exponent, out: np.ndarray | None = None) -> np.ndarray:
    """base ** exponent, with the digits that arrays of exponents have.

    Where one exponent serves a whole array, numpy itself has short cuts for some, which round differently.
    """
    shape = np.broadcast(base, exponent).shape
    exponents = np.empty(shape or 1)
    exponents[...] = exponent
    result = np.power(base, exponents, out)
    return result if shape else result.reshape(())


def larger(a, b, out: np.ndarray | None = None) -> np.ndarray:
    """The larger one of two numbers; of zeros 0.0, since numpy takes one or the other by its place in the array."""
    return np.add(np.maximum(a, b, out=out), 0.0, out=out)


def smaller(a, b, out: np.ndarray | None = None) -> np.ndarray:
    """The smaller one of two numbers; of zeros 0.0, as for the larger one."""
    return np.add(np.minimum(a, b, out=out), 0.0, out=out)


def exponent(x) -> np.ndarray:
    """The power of two that brings a number between 1/2 and 1, as `frexp` finds it."""
    return np.frexp(x)[1].astype(float)


def scaled(x, power) -> np.ndarray:
    """x * 2^power for whole numbers `power`."""
    return np.ldexp(x, np.asarray(power).astype(np.intc))


def softplus(x) -> np.ndarray:
    """log(1 + exp(x)), four times as fast as logaddexp(0, x), and like it without overflow."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def sigmoid(x) -> np.ndarray:
    """1 / (1 + exp(-x)), exact to rounding however small it is."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def logcosh(x) -> np.ndarray:
    """log(cosh(x)) without overflow."""
    size = np.abs(x)
    near = np.log1p(2.0 * np.square(np.sinh(np.minimum(size, 1.0) / 2.0)))
    return np.where(size < 1.0, near, size + np.log1p(np.exp(-2.0 * size)) - np.log(2.0))


def spherical(order: float, u) -> np.ndarray:
    """The spherical Bessel function j_n: a power series near 0, else the recurrence upwards, which is stable there."""
    n, u = int(np.ravel(order)[0]), np.asarray(u, dtype=float)
    near = np.abs(u) < n + 2
    small, large = np.where(near, u, 1.0), np.where(near, n + 2.0, u)
    term = np.ones_like(small)
    for k in range(n):
        term = term * small / (2 * k + 3)
    series = term
    for k in range(1, 14 + n):
        term = -term * small * small / (2 * k * (2 * n + 2 * k + 1))
        series = series + term
    below, this = np.cos(large) / large, np.sin(large) / large
    for k in range(n):
        below, this = this, (2 * k + 1) / large * this - below
    return np.where(near, series, np.where(np.isinf(u), 0.0, this))


def _of_each(function: Callable[[float], float]) -> Callable:
    """A function of floats, as one of arrays with the same digits."""
    ufunc = np.frompyfunc(function, 1, 1)
    return lambda x: np.asarray(ufunc(x), dtype=float)


OPERATIONS: dict[str, Operation] = {
    "add": Operation(2, np.add, "{0} + {1}"),
    "subtract": Operation(2, np.subtract, "{0} - {1}"),
    "multiply": Operation(2, np.multiply, "{0} * {1}"),
    "divide": Operation(2, np.divide, "{0} / {1}"),
    "quotient": Operation(3, quotient, "{0} / {1} if {1} != 0.0 else {2}"),
    "negative": Operation(1, np.negative, "-{0}"),
    "absolute": Operation(1, np.absolute, "abs({0})"),
    "square": Operation(1, np.square, "{0} * {0}"),
    "sqrt": Operation(1, np.sqrt, "sqrt({0})"),
    "sign": Operation(1, np.sign, "1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else 0.0 if {0} == 0.0 else {0}"),
    "heaviside": Operation(2, np.heaviside, "1.0 if {0} > 0.0 else 0.0 if {0} < 0.0 else {1} if {0} == 0.0 else {0}"),
    "maximum": Operation(2, larger, "({0} if {0} >= {1} or {0} != {0} else {1}) + 0.0"),
    "minimum": Operation(2, smaller, "({0} if {0} <= {1} or {0} != {0} else {1}) + 0.0"),
    "greater": Operation(2, np.greater, "{0} > {1}", is_truth=True),
    "greater_equal": Operation(2, np.greater_equal, "{0} >= {1}", is_truth=True),
    "less": Operation(2, np.less, "{0} < {1}", is_truth=True),
    "less_equal": Operation(2, np.less_equal, "{0} <= {1}", is_truth=True),
    "equal": Operation(2, np.equal, "{0} == {1}", is_truth=True),
    "not_equal": Operation(2, np.not_equal, "{0} != {1}", is_truth=True),
    "logical_and": Operation(2, np.logical_and, "{0} and {1}", is_truth=True, truths=2),
    "logical_or": Operation(2, np.logical_or, "{0} or {1}", is_truth=True, truths=2),
    "logical_not": Operation(1, np.logical_not, "not {0}", is_truth=True, truths=1),
    "isfinite": Operation(1, np.isfinite, "{0} - {0} == 0.0", is_truth=True),
    "where": Operation(3, np.where, "{1} if {0} else {2}", truths=1),
    "power": Operation(2, power),
    "exponent": Operation(1, exponent, "float(frexp({0})[1])"),
    "scaled": Operation(2, scaled, "ldexp({0}, int({1}))"),
    "hypot": Operation(2, np.hypot),
    "arctan2": Operation(2, np.arctan2),
    "softplus": Operation(1, softplus),
    "sigmoid": Operation(1, sigmoid),
    "logcosh": Operation(1, logcosh),
    "spherical": Operation(2, spherical, has_order=True),
    "error_function": Operation(1, _of_each(math.erf)),
    "error_function_beside_one": Operation(1, _of_each(math.erfc)),
    **{
        ufunc.__name__: Operation(1, ufunc)
        for ufunc in (
            *(np.cbrt, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.floor, np.ceil, np.rint),
            *(np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan),
            *(np.sinh, np.cosh, np.tanh, np.arcsinh, np.arccosh, np.arctanh),
        )
    },
}
