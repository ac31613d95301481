"""Losses made of data: the mean or the sum of one loss per example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

import numpy as np
import sympy
from sympy.printing.conventions import split_super_sub
from sympy.printing.latex import translate

from programs.frame import Frame, inside
from surfaces.compiled import Compiled
from surfaces.rounding import DIGIT, rounding_of
from surfaces.surface import Surface, as_points, declared, theta1, theta2

REDUCTIONS = ("mean", "sum")
HIGHEST_DEGREE = 6
MOST_EXPANDED = 100
# A quadratic, scaled to curvatures of 1, has one minimum where no curvature is below this. Below, it may be rounding.
SINGULAR = 1e-12
# Numbers that a chunk of points times examples holds: its intermediate results stay in the processor's cache.
CHUNK = 1 << 15
# The places of a loss and its derivatives among the functions that are compiled for it.
VALUE, GRADIENT, HESSIAN, VALUE_AND_GRADIENT = range(4)

Columns = Mapping[sympy.Symbol, Sequence[float]]
# A polynomial in theta, and the symbols of its centre and of its coefficients.
Shape = tuple[sympy.Expr, tuple[sympy.Symbol, ...]]


class EmpiricalRisk(Surface):
    r"""The mean or the sum of one loss per example, $L(\theta) = \frac1N \sum_i L_i(\theta)$.

    example_loss: $L_i$, a real sympy expression in theta1, theta2 and the symbols of the data.
    data: {symbol: its value in every example}; N finite numbers for each symbol.
    reduction: "mean" or "sum".
    minima: as of a Surface. Where none are given and the loss is a quadratic with one minimum in the domain, it is
        found here.
    The other fields are those of a Surface.

    A loss that is a polynomial in theta is evaluated as the polynomial that the examples add up to, expanded around its
    minimum or around the middle of the view: exact but for rounding, at a price that does not depend on N. Squared
    errors add up to a few squares, and so are never negative. Every other loss is evaluated example by example.

    Raises ValueError where the loss holds symbols that the data do not have, where the data are not given by symbols of
    their own, where the columns are empty, not equally long or not finite, or where the reduction is another word.
    """

    def __init__(
        self,
        title: str,
        example_loss: sympy.Expr,
        data: Columns,
        domain: Frame,
        start: Sequence[float],
        *,
        reduction: str = "mean",
        minima: Sequence[Sequence[float]] = (),
        lesson: str = "",
        source: str = "",
        view: Frame | None = None,
    ):
        if reduction not in REDUCTIONS:
            raise ValueError(f"The reduction is 'mean' or 'sum', not {reduction!r}.")
        example_loss, columns = declared(title, example_loss), _checked(data)
        strangers = example_loss.free_symbols - {theta1, theta2} - columns.keys()
        if strangers:
            names = ", ".join(sorted(map(str, strangers)))
            raise ValueError(f"The loss of {title!r} holds {names}, for which there are no data.")
        own = {"example_loss": example_loss, "data": columns, "reduction": reduction}
        known = {"title": title, "domain": domain, "start": start, "minima": minima, "lesson": lesson}
        for name, value in {**own, **known, "source": source, "view": view, "subgradients": {}}.items():
            object.__setattr__(self, name, value)
        self._settle()
        if not self.minima and self.bottom is not None and inside(self.bottom, domain):
            object.__setattr__(self, "minima", (self.bottom,))
            self._settle()

    @property
    def _has_tips(self) -> bool:
        return False

    @property
    def count(self) -> int:
        """The number of examples N."""
        return len(next(iter(self.data.values())))

    @property
    def examples(self) -> "Examples":
        """All examples, each evaluated by itself."""
        return Examples(self.example_loss, self.data, self.reduction)

    @cached_property
    def formula(self) -> sympy.Expr:
        """The loss as an expression in theta1 and theta2 alone: the examples' losses with their numbers put in, or, for
        more than MOST_EXPANDED examples, the polynomial that they add up to, if it is one."""
        if self._polynomial is not None and self.count > MOST_EXPANDED:
            return self._collected()
        rows = zip(*(map(_number, column) for column in self.data.values()), strict=True)
        losses = [self.example_loss.xreplace(dict(zip(self.data, row, strict=True))) for row in rows]
        return sympy.Add(*losses) / (self.count if self.reduction == "mean" else 1)

    def _collected(self) -> sympy.Expr:
        shape, numbers = self._polynomial
        formula, variables = shape
        return formula.xreplace(dict(zip(variables, map(_number, numbers), strict=True)))

    @cached_property
    def latex(self) -> str:
        """The loss as LaTeX: a sum over the examples i."""
        return self.sum_latex(self.example_loss)

    @cached_property
    def gradient_latex(self) -> tuple[str, str]:
        r"""$\partial L/\partial\theta_1$ and $\partial L/\partial\theta_2$ as LaTeX: sums over the examples."""
        slopes = (sympy.diff(self.example_loss, variable) for variable in (theta1, theta2))
        return tuple(self.sum_latex(sympy.factor_terms(slope)) for slope in slopes)

    def sum_latex(self, term: sympy.Expr, plain: Sequence[sympy.Symbol] = ()) -> str:
        """A term of one example, added up over all examples as the loss is; plain: as of `example_latex`."""
        share = rf"\frac{{1}}{{{self.count}}} " if self.reduction == "mean" else ""
        body = example_latex(term, plain)
        body = rf"\left({body}\right)" if isinstance(term, sympy.Add) else body
        return rf"{share}\sum_{{i=1}}^{{{self.count}}} {body}"

    def taylor_coefficients(self, center: Sequence[float], order: int) -> dict[tuple[int, int], float]:
        r"""{(i, j): $\frac{1}{i!\,j!}\,\partial_1^i \partial_2^j L(c)$} for i + j up to the order.

        Each is the mean or the sum of the examples' own.
        """
        return _taylor_coefficients(self.example_loss, self.data, self._divisor, tuple(map(float, center)), order)

    @property
    def _divisor(self) -> int:
        return self.count if self.reduction == "mean" else 1

    @property
    def degree(self) -> int | None:
        """The degree of a polynomial in theta, at most HIGHEST_DEGREE; None where the loss is evaluated by examples."""
        return _degree(self.example_loss)

    @cached_property
    def bottom(self) -> np.ndarray | None:
        """The minimum of a quadratic, None where there is none or where the loss is no quadratic."""
        if self.degree != 2:
            return None
        middle = np.mean(self.view, axis=1)
        for _ in range(3):  # the second and third step mend the rounding of the one before
            c = self.taylor_coefficients(middle, 2)
            step = _step_down(np.array([c[1, 0], c[0, 1]]), np.array([[2 * c[2, 0], c[1, 1]], [c[1, 1], 2 * c[0, 2]]]))
            if step is None:
                return None
            middle = middle + step
        return middle

    @cached_property
    def _polynomial(self) -> tuple[Shape, list[float]] | None:
        """A shape and its numbers, of which the first two are the centre; None where the loss is no polynomial."""
        if self.degree is None:
            return None
        center = tuple(map(float, np.mean(self.view, axis=1) if self.bottom is None else self.bottom))
        residuals = _residuals(self.example_loss)
        if residuals is None:
            return _power_shape(self.degree), [*center, *self.taylor_coefficients(center, self.degree).values()]
        triangle = _triangle(residuals, self.degree // 2, self.data, center) / np.sqrt(self._divisor)
        return _square_shape(self.degree // 2), [*center, *triangle[np.triu_indices(len(triangle))].tolist()]

    def _evaluated(self, derivative: int):
        if self._polynomial is None:
            return _Summed(_of_examples(self.example_loss, tuple(self.data))[derivative], self.data, self._divisor)
        shape, numbers = self._polynomial
        return _Filled(_polynomials(shape)[derivative], numbers)

    @cached_property
    def _compiled(self):
        return self._evaluated(VALUE_AND_GRADIENT)

    @cached_property
    def _compiled_value(self):
        return self._evaluated(VALUE)

    @cached_property
    def _compiled_gradient(self):
        return self._evaluated(GRADIENT)

    @cached_property
    def _compiled_hessian(self):
        return self._evaluated(HESSIAN)

    @cached_property
    def _compiled_rounding(self):
        if self._polynomial is not None:
            return Compiled((theta1, theta2), [rounding_of(self._collected())])
        # Sums of many examples are made in pairs: each number is rounded once for every doubling.
        own = rounding_of(self.example_loss) + DIGIT * self.count.bit_length() * sympy.Abs(self.example_loss)
        return _Summed(Compiled((theta1, theta2, *self.data), [own]), self.data, self._divisor)

    def example_losses(self, theta) -> np.ndarray:
        """The loss of every example at points of shape (2, *batch): shape (*batch, N)."""
        return self.examples.losses(theta)

    def example_gradients(self, theta) -> np.ndarray:
        """The gradient of every example's loss at points of shape (2, *batch): shape (2, *batch, N)."""
        return self.examples.gradients(theta)

    def sampled(self, batch_size: int, seed: int = 0, *, replacement: bool = False) -> "SampledRisk":
        """The stochastic loss of which a rule sees `batch_size` examples at every update."""
        return SampledRisk(self, batch_size, seed, replacement)


@dataclass(frozen=True, eq=False)
class Examples:
    """Some examples as a loss: each is evaluated by itself, and their mean or sum is taken.

    example_loss, data, reduction: as of an EmpiricalRisk.
    """

    example_loss: sympy.Expr
    data: Columns
    reduction: str

    def losses(self, theta) -> np.ndarray:
        """The loss of every example, shape (*batch, N)."""
        return np.array(self._each(VALUE, theta)[0])

    def gradients(self, theta) -> np.ndarray:
        """The gradient of every example's loss, shape (2, *batch, N)."""
        return np.stack(self._each(GRADIENT, theta))

    def hessians(self, theta) -> np.ndarray:
        """The Hessian of every example's loss, shape (2, 2, *batch, N)."""
        h11, h12, h22 = self._each(HESSIAN, theta)
        return np.array([[h11, h12], [h12, h22]])

    def value(self, theta) -> np.ndarray:
        """The mean or sum of the losses, shape (*batch,)."""
        return np.asarray(self._reduced(VALUE, theta)[0])

    def gradient(self, theta) -> np.ndarray:
        """Its gradient, shape (2, *batch)."""
        return np.array(self._reduced(GRADIENT, theta))

    def hessian(self, theta) -> np.ndarray:
        """Its Hessian, shape (2, 2, *batch)."""
        h11, h12, h22 = self._reduced(HESSIAN, theta)
        return np.array([[h11, h12], [h12, h22]])

    def _each(self, derivative: int, theta) -> list[np.ndarray]:
        theta = as_points(theta)
        columns = list(self.data.values())
        compiled = _of_examples(self.example_loss, tuple(self.data))[derivative]
        shape = (*theta.shape[1:], len(columns[0]))
        points = theta.reshape(2, -1, 1)
        return [
            np.broadcast_to(part, (points.shape[1], shape[-1])).reshape(shape)
            for part in compiled.on_batch(*points, *columns)
        ]

    def _reduced(self, derivative: int, theta) -> list[np.ndarray]:
        theta = as_points(theta)
        divisor = len(next(iter(self.data.values()))) if self.reduction == "mean" else 1
        summed = _Summed(_of_examples(self.example_loss, tuple(self.data))[derivative], self.data, divisor)
        return summed.at_point(*theta.tolist()) if theta.ndim == 1 else summed.on_batch(*theta)


@dataclass(frozen=True, eq=False)
class SampledRisk:
    """An empirical risk of which a rule sees only some examples at every update; the record shows the risk itself.

    What is seen is the mean, or the sum, of the examples drawn, as the risk's own reduction has it. Without replacement
    the examples are shuffled anew for every epoch and dealt out in batches, the last of which may be smaller; every
    example is seen exactly once in each epoch. With replacement each update draws independently. The same seed gives
    the same examples, whatever the rule.

    Raises ValueError where the batch size is not a whole number from 1 to N, or the seed not one of at least 0.
    """

    risk: EmpiricalRisk
    batch_size: int
    seed: int = 0
    replacement: bool = False

    def __post_init__(self):
        size, count = self.batch_size, self.risk.count
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or not 1 <= size <= count:
            raise ValueError(f"The batch size must be a whole number from 1 to {count}, but it is {size!r}.")
        if isinstance(self.seed, bool) or not isinstance(self.seed, (int, np.integer)) or self.seed < 0:
            raise ValueError(f"The seed must be a whole number of at least 0, but it is {self.seed!r}.")

    @property
    def domain(self) -> Frame:
        """The domain of the risk."""
        return self.risk.domain

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss over all examples."""
        return self.risk.value(theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient over all examples."""
        return self.risk.gradient(theta)

    def value_and_gradient(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both over all examples."""
        return self.risk.value_and_gradient(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian over all examples."""
        return self.risk.hessian(theta)

    @property
    def updates_per_epoch(self) -> int:
        """The number of updates in which as many examples are seen as there are."""
        return -(-self.risk.count // self.batch_size)

    def indices(self, update: int) -> np.ndarray:
        """The places of the examples that a rule sees at this update; the first update is number 0."""
        if self.replacement:
            return np.random.default_rng((self.seed, update)).integers(self.risk.count, size=self.batch_size)
        epoch, batch = divmod(update, self.updates_per_epoch)
        order = _order(self.risk.count, self.seed, epoch)
        return order[batch * self.batch_size : (batch + 1) * self.batch_size].copy()

    def examples_seen(self, updates):
        """The number of examples processed in so many updates, a whole number or an array of them."""
        if self.replacement:
            return updates * self.batch_size
        epochs, batches = np.divmod(updates, self.updates_per_epoch)
        return epochs * self.risk.count + np.minimum(batches * self.batch_size, self.risk.count)

    def epochs(self, updates):
        """The number of sweeps through the data that so many updates are, a fraction within a sweep."""
        return self.examples_seen(updates) / self.risk.count

    def sample(self, update: int) -> "Examples | EmpiricalRisk":
        """The loss over the examples of this update."""
        if self.batch_size == self.risk.count and not self.replacement:
            return self.risk
        chosen = self.indices(update)
        columns = {symbol: column[chosen] for symbol, column in self.risk.data.items()}
        return Examples(self.risk.example_loss, columns, self.risk.reduction)


def example_latex(expression: sympy.Expr, plain: Sequence[sympy.Symbol] = ()) -> str:
    """An expression about one example as LaTeX: every symbol of the data has the index i. plain: symbols that are
    written as they are."""
    names = {symbol: _indexed(symbol) for symbol in expression.free_symbols - {theta1, theta2, *plain}}
    names |= {symbol: symbol.name for symbol in plain}
    return sympy.latex(expression, symbol_names=names)


def _indexed(symbol: sympy.Symbol) -> str:
    letter, *marks = split_super_sub(symbol.name)
    above, below = ([translate(mark) for mark in some] for some in marks)
    raised = f"^{{{' '.join(above)}}}" if above else ""
    return f"{translate(letter)}{raised}_{{{' '.join([*below, 'i'])}}}"


def _checked(data: Columns) -> dict[sympy.Symbol, np.ndarray]:
    for symbol in data:
        if not isinstance(symbol, sympy.Symbol) or symbol in (theta1, theta2):
            raise ValueError(f"The data are given by sympy symbols other than theta1 and theta2, not by {symbol!r}.")
    columns = {symbol: np.array(column, dtype=float) for symbol, column in data.items()}
    shapes = {column.shape for column in columns.values()}
    if len(shapes) != 1 or len(shape := shapes.pop()) != 1 or shape == (0,):
        raise ValueError("The data need at least one example, and one number for each symbol in every example.")
    for symbol, column in columns.items():
        if not np.isfinite(column).all():
            place = int(np.argmin(np.isfinite(column)))
            raise ValueError(f"Example {place + 1} of the data has no finite number for {symbol}.")
        column.flags.writeable = False
    return columns


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


def _number(value: float) -> sympy.Number:
    return sympy.Integer(int(value)) if float(value).is_integer() else sympy.Float(float(value))


@lru_cache(maxsize=64)
def _order(count: int, seed: int, epoch: int) -> np.ndarray:
    order = np.random.default_rng((seed, epoch)).permutation(count)
    order.flags.writeable = False
    return order


@lru_cache(maxsize=128)
def _of_examples(example_loss: sympy.Expr, symbols: tuple[sympy.Symbol, ...]) -> tuple[Compiled, ...]:
    """The functions of one example's loss, compiled once for all data."""
    example_loss, columns = _renamed(example_loss, symbols)
    return _with_derivatives(example_loss, (theta1, theta2, *columns))


@lru_cache(maxsize=16)
def _polynomials(shape: Shape) -> tuple[Compiled, ...]:
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


def _with_derivatives(formula: sympy.Expr, variables: tuple[sympy.Symbol, ...]) -> tuple[Compiled, ...]:
    slopes = [sympy.diff(formula, variable) for variable in (theta1, theta2)]
    curvatures = [sympy.diff(slopes[0], theta1), sympy.diff(slopes[0], theta2), sympy.diff(slopes[1], theta2)]
    first = Compiled(variables, [formula, *slopes])
    return first.only(0), first.only(1, 2), Compiled(variables, curvatures), first


def _powers(degree: int) -> list[tuple[int, int]]:
    return [(i, j) for i, j in product(range(degree + 1), repeat=2) if i + j <= degree]


@lru_cache(maxsize=128)
def _degree(example_loss: sympy.Expr) -> int | None:
    """The degree of a loss that is a polynomial in theta, None for every other loss."""
    if not example_loss.is_polynomial(theta1, theta2):
        return None
    degree = int(sympy.Poly(example_loss, theta1, theta2).total_degree())
    return degree if degree <= HIGHEST_DEGREE else None


def _taylor_coefficients(
    example_loss: sympy.Expr, data: Columns, divisor: int, center: tuple[float, ...], order: int
) -> dict[tuple[int, int], float]:
    compiled = _taylor_of_examples(example_loss, tuple(data), order)
    sums = _Summed(compiled, data, divisor).at_point(*center)
    return dict(zip(_powers(order), sums, strict=True))


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
    """The loss in symbols with names that a source text can hold, as it cannot hold x' or exp, and these symbols."""
    columns = tuple(sympy.Symbol(f"column{place}", **symbol.assumptions0) for place, symbol in enumerate(symbols))
    return example_loss.xreplace(dict(zip(symbols, columns, strict=True))), columns


class _Filled:
    """A compiled polynomial with its centre and its coefficients filled in."""

    def __init__(self, compiled: Compiled, numbers: Sequence[float]):
        self._compiled, self._numbers = compiled, tuple(numbers)
        # numpy multiplies an array by a 0-d array in half the time that a Python number takes.
        self._arrays = tuple(map(np.array, self._numbers))

    def at_point(self, *theta: float) -> list[float]:
        return self._compiled.at_point(*theta, *self._numbers)

    def on_batch(self, *theta: np.ndarray) -> list:
        return self._compiled.on_batch(*theta, *self._arrays)


class _Summed:
    """Compiled functions of one example, summed over all of them and divided."""

    def __init__(self, compiled: Compiled, data: Columns, divisor: int):
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
