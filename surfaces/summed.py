"""A mean or a sum over examples in numbers: as the polynomial that they add up to, or example by example."""

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
import sympy

from programs.evaluation import Evaluation
from programs.program import Builder, Program, joined
from surfaces.compiled import Compiled
from surfaces.evaluation import Function
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES, theta1, theta2
from surfaces.rounding import DIGIT, rounding_of

HIGHEST_DEGREE = 6
# A quadratic, scaled to curvatures of 1, has one minimum where no curvature is below this. Below, it may be rounding.
SINGULAR = 1e-12
# Numbers that a chunk of points times examples holds: its intermediate results stay in the processor's cache.
CHUNK = 1 << 15
# The places of a loss and its derivatives among the functions that are compiled for it.
VALUE, GRADIENT, HESSIAN, VALUE_AND_GRADIENT = range(4)

Columns = Mapping[sympy.Symbol, Sequence[float]]
# A polynomial in theta, and the symbols of its centre and of its coefficients.
Shape = tuple[sympy.Expr, tuple[sympy.Symbol, ...]]


class SumOfExamples:
    """The functions of a loss that is a sum over examples: those of an `evaluation.Evaluator`.

    example_loss, data: as of an `EmpiricalRisk`. divisor: by which the sum is divided. middle: around which a
    polynomial without a minimum is expanded, and from where the minimum of a quadratic is looked for.
    """

    def __init__(self, example_loss: sympy.Expr, data: Columns, divisor: int, middle: np.ndarray):
        self._example_loss, self._data, self._divisor, self._middle = example_loss, data, divisor, middle

    @property
    def degree(self) -> int | None:
        """The degree of a polynomial in theta, at most HIGHEST_DEGREE; None where the loss is evaluated by examples."""
        return _degree(self._example_loss)

    def taylor_coefficients(self, center: Sequence[float], order: int) -> dict[tuple[int, int], float]:
        """As of an `EmpiricalRisk`."""
        compiled = _taylor_of_examples(self._example_loss, tuple(self._data), order)
        sums = Summed(compiled, self._data, self._divisor).at_point(*map(float, center))
        return dict(zip(_powers(order), sums, strict=True))

    @cached_property
    def bottom(self) -> np.ndarray | None:
        """The minimum of a quadratic, None where there is none or where the loss is no quadratic."""
        if self.degree != 2:
            return None
        middle = self._middle
        for _ in range(3):  # the second and third step mend the rounding of the one before
            c = self.taylor_coefficients(middle, 2)
            step = _step_down(np.array([c[1, 0], c[0, 1]]), np.array([[2 * c[2, 0], c[1, 1]], [c[1, 1], 2 * c[0, 2]]]))
            if step is None:
                return None
            middle = middle + step
        return middle

    @cached_property
    def polynomial(self) -> sympy.Expr | None:
        """The polynomial that the examples add up to; None where the loss is no polynomial."""
        if self._shaped is None:
            return None
        (formula, variables), numbers = self._shaped
        return formula.xreplace(dict(zip(variables, map(exact_number, numbers), strict=True)))

    @cached_property
    def _shaped(self) -> tuple[Shape, list[float]] | None:
        """A shape and its numbers, of which the first two are the centre; None where the loss is no polynomial."""
        if self.degree is None:
            return None
        center = tuple(map(float, self._middle if self.bottom is None else self.bottom))
        residuals = _residuals(self._example_loss)
        if residuals is None:
            return _power_shape(self.degree), [*center, *self.taylor_coefficients(center, self.degree).values()]
        triangle = _triangle(residuals, self.degree // 2, self._data, center) / np.sqrt(self._divisor)
        return _square_shape(self.degree // 2), [*center, *triangle[np.triu_indices(len(triangle))].tolist()]

    def _evaluated(self, derivative: int) -> Function:
        if self._shaped is None:
            compiled = functions_of_examples(self._example_loss, tuple(self._data))[derivative]
            return Summed(compiled, self._data, self._divisor)
        shape, numbers = self._shaped
        return _Filled(_polynomials(shape)[derivative], numbers)

    @cached_property
    def value(self) -> Function:
        """The loss."""
        return self._evaluated(VALUE)

    @cached_property
    def gradient(self) -> Function:
        """Its slopes."""
        return self._evaluated(GRADIENT)

    @cached_property
    def value_and_gradient(self) -> Function:
        """The loss and its slopes."""
        return self._evaluated(VALUE_AND_GRADIENT)

    @cached_property
    def hessian(self) -> Function:
        """Its curvatures: along theta1, mixed, along theta2."""
        return self._evaluated(HESSIAN)

    @cached_property
    def program(self) -> Program | None:
        """The loss and its slopes as a program; None where the loss is no polynomial."""
        return None if self.degree is None else self.value_and_gradient.program

    @cached_property
    def hessian_program(self) -> Program | None:
        """The loss, its slopes and its curvatures as a program; None where the loss is no polynomial."""
        return None if self.degree is None else joined(self.program, self.hessian.program)

    @cached_property
    def rounding(self) -> Function:
        """How far the loss may be off by rounding."""
        if self.polynomial is not None:
            return Compiled((theta1, theta2), [rounding_of(self.polynomial)])
        # Sums of many examples are made in pairs: each number is rounded once for every doubling.
        doublings = len(next(iter(self._data.values()))).bit_length()
        example_loss, columns = _renamed(self._example_loss, tuple(self._data))
        own = rounding_of(example_loss) + DIGIT * doublings * sympy.Abs(example_loss)
        return Summed(Compiled((theta1, theta2, *columns), [own]), self._data, self._divisor)


def exact_number(value: float) -> sympy.Number:
    """A number as sympy has it: a whole one where it is whole."""
    return sympy.Integer(int(value)) if float(value).is_integer() else sympy.Float(float(value))


def _step_down(slope: np.ndarray, hessian: np.ndarray) -> np.ndarray | None:
    """The step from a slope to the minimum of a quadratic, None where it has no single one.

    In units of theta that make both curvatures 1: whether two directions differ does not depend on the units of x.
    """
    with np.errstate(all="ignore"):
        unit = 1 / np.sqrt(np.diagonal(hessian))
        scaled = hessian * np.outer(unit, unit)
        if not np.isfinite(scaled).all() or not np.linalg.eigvalsh(scaled)[0] > SINGULAR:
            return None
        step = -unit * np.linalg.solve(scaled, unit * slope)
    return step if np.isfinite(step).all() else None


@lru_cache(maxsize=128)
def functions_of_examples(example_loss: sympy.Expr, symbols: tuple[sympy.Symbol, ...]) -> tuple[Evaluation, ...]:
    """The functions of one example's loss, compiled once for all data."""
    example_loss, columns = _renamed(example_loss, symbols)
    return _with_derivatives(example_loss, (theta1, theta2, *columns))


@lru_cache(maxsize=16)
def _polynomials(shape: Shape) -> tuple[Evaluation, ...]:
    """The functions of a polynomial whose centre and coefficients are variables too."""
    formula, variables = shape
    return _with_derivatives(formula, (theta1, theta2, *variables))


def _monomials(powers: Sequence[tuple[int, int]]) -> tuple[list[sympy.Expr], tuple[sympy.Symbol, ...]]:
    """Powers of theta around a centre, and the symbols of that centre."""
    center = sympy.symbols("center1 center2", real=True)
    return [(theta1 - center[0]) ** i * (theta2 - center[1]) ** j for i, j in powers], center


@lru_cache(maxsize=8)
def _power_shape(degree: int) -> Shape:
    """A polynomial of a degree as a sum of powers, each with its coefficient."""
    powers = _powers(degree)
    monomials, center = _monomials(powers)
    coefficients = sympy.symbols([f"coefficient{i}{j}" for i, j in powers], real=True)
    return sympy.Add(*map(sympy.Mul, coefficients, monomials)), (*center, *coefficients)


@lru_cache(maxsize=8)
def _square_shape(degree: int) -> Shape:
    """A sum of squares of polynomials of a degree, of which each lacks one power more than the one before."""
    monomials, center = _monomials(_falling_powers(degree))
    places = list(zip(*np.triu_indices(len(monomials)), strict=True))
    entries = dict(
        zip(places, sympy.symbols([f"entry{row}_{column}" for row, column in places], real=True), strict=True)
    )
    squares = [
        sympy.Add(*(entries[row, column] * monomials[column] for column in range(row, len(monomials)))) ** 2
        for row in range(len(monomials))
    ]
    return sympy.Add(*squares), (*center, *entries.values())


@lru_cache(maxsize=128)
def _residuals(example_loss: sympy.Expr) -> tuple[tuple[float, sympy.Expr], ...] | None:
    """Factors $c > 0$ and polynomials p of a loss that is written as a sum of squares $c p^2$; None for every other."""
    found = []
    for term in sympy.Add.make_args(example_loss):
        factor, square = term.as_coeff_Mul()
        base, exponent = square.as_base_exp()
        if not (factor > 0 and exponent == 2):
            return None
        found.append((float(factor), base))
    return tuple(found)


def _triangle(
    residuals: Sequence[tuple[float, sympy.Expr]], degree: int, data: Columns, center: tuple[float, float]
) -> np.ndarray:
    r"""The triangle R of $\sum_i c\,p_i(\theta)^2 = |R\,m|^2$, with the falling powers m of theta - center.

    By Householder's reflections of the matrix A of the examples' coefficients (Golub 1965): A itself would have to be
    squared for sums of products, which loses half of the digits, and with them the sign.
    """
    powers, count = _falling_powers(degree), len(next(iter(data.values())))
    blocks = []
    for factor, residual in residuals:
        terms = _taylor_of_examples(residual, tuple(data), degree).on_batch(*map(np.array, center), *data.values())
        known = dict(zip(_powers(degree), terms, strict=True))
        blocks.append(np.sqrt(factor) * np.stack([np.broadcast_to(known[power], count) for power in powers], axis=1))
    rows = np.concatenate([*blocks, np.zeros((len(powers), len(powers)))])
    return np.linalg.qr(rows, mode="r")


def _falling_powers(degree: int) -> list[tuple[int, int]]:
    """The powers up to a degree, the highest ones first."""
    return sorted(_powers(degree), key=lambda power: (-sum(power), -power[0]))


def _with_derivatives(formula: sympy.Expr, variables: tuple[sympy.Symbol, ...]) -> tuple[Evaluation, ...]:
    slopes = [sympy.diff(formula, variable) for variable in (theta1, theta2)]
    curvatures = [sympy.diff(slopes[0], theta1), sympy.diff(slopes[0], theta2), sympy.diff(slopes[1], theta2)]
    first = Compiled(variables, [formula, *slopes], VALUE_AND_SLOPES)
    return first.only(0), first.only(1, 2), Compiled(variables, curvatures, CURVATURES), first


def _powers(degree: int) -> list[tuple[int, int]]:
    return [(i, j) for i, j in product(range(degree + 1), repeat=2) if i + j <= degree]


@lru_cache(maxsize=128)
def _degree(example_loss: sympy.Expr) -> int | None:
    """The degree of a loss that is a polynomial in theta, None for every other loss."""
    if not example_loss.is_polynomial(theta1, theta2):
        return None
    degree = int(sympy.Poly(example_loss, theta1, theta2).total_degree())
    return degree if degree <= HIGHEST_DEGREE else None


@lru_cache(maxsize=128)
def _taylor_of_examples(example_loss: sympy.Expr, symbols: tuple[sympy.Symbol, ...], order: int) -> Compiled:
    """The Taylor coefficients of one example's loss at theta."""
    example_loss, columns = _renamed(example_loss, symbols)
    coefficients = [
        sympy.diff(example_loss, theta1, i, theta2, j) / (sympy.factorial(i) * sympy.factorial(j))
        for i, j in _powers(order)
    ]
    return Compiled((theta1, theta2, *columns), coefficients)


def _renamed(
    example_loss: sympy.Expr, symbols: tuple[sympy.Symbol, ...]
) -> tuple[sympy.Expr, tuple[sympy.Symbol, ...]]:
    """The loss in symbols with names that a program can hold, as it cannot hold x', and these symbols."""
    columns = tuple(sympy.Symbol(f"column{place}", **symbol.assumptions0) for place, symbol in enumerate(symbols))
    return example_loss.xreplace(dict(zip(symbols, columns, strict=True))), columns


class _Filled:
    """A polynomial with numbers for its centre and its coefficients, which are its inputs after theta1 and theta2."""

    def __init__(self, polynomial: Evaluation, numbers: Sequence[float]):
        self._polynomial, self._numbers = polynomial, tuple(numbers)
        # numpy multiplies an array by a 0-d array in half the time that a Python number takes.
        self._arrays = tuple(map(np.array, self._numbers))

    def at_point(self, *theta: float) -> list[float]:
        return self._polynomial.at_point(*theta, *self._numbers)

    def on_batch(self, *theta: np.ndarray) -> list:
        return self._polynomial.on_batch(*theta, *self._arrays)

    @property
    def program(self) -> Program:
        builder = Builder()
        _, _, *names = self._polynomial.inputs
        constants = {name: builder.constant(number) for name, number in zip(names, self._numbers, strict=True)}
        return builder.program(builder.include(self._polynomial.program, constants, self._polynomial.outputs))


class Summed:
    """Compiled functions of one example, summed over all of them and divided."""

    def __init__(self, compiled: Evaluation, data: Columns, divisor: int):
        self._compiled, self._columns, self._divisor = compiled, list(data.values()), divisor

    def at_point(self, first: float, second: float) -> list[float]:
        """The sums at one point, the same to the last bit as in a batch, in less time."""
        with np.errstate(all="ignore"):
            sums = self._sums((np.array([[first]]), np.array([[second]])))
        return [float(part[0]) / self._divisor for part in sums]

    def on_batch(self, first: np.ndarray, second: np.ndarray) -> list[np.ndarray]:
        """The sums at points theta1, theta2 of one shape.

        Points are taken in chunks. Each is summed by itself along contiguous memory, whatever stands beside it.
        """
        count = len(self._columns[0])
        points = np.stack([first.ravel(), second.ravel()])[..., None]
        rows = max(1, CHUNK // count)
        with np.errstate(all="ignore"):
            chunks = [self._sums(points[:, begin : begin + rows]) for begin in range(0, max(points.shape[1], 1), rows)]
            return [part.reshape(first.shape) / self._divisor for part in np.concatenate(chunks, axis=1)]

    def _sums(self, points: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The sums at points theta1, theta2 of shape (n, 1), each of shape (n,)."""
        shape = (len(points[0]), len(self._columns[0]))
        return [_sum(part, shape) for part in self._compiled.on_batch(*points, *self._columns)]


def _sum(part: np.ndarray | float, shape: tuple[int, int]) -> np.ndarray:
    """The sums of the rows of an array, which is broadcast to this shape where it has another one."""
    if np.shape(part) != shape:
        part = np.ascontiguousarray(np.broadcast_to(part, shape))
    return np.add.reduce(part, axis=1)
