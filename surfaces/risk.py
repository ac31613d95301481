"""Losses made of data: the mean or the sum of one loss per example."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import sympy
from sympy.printing.conventions import split_super_sub
from sympy.printing.latex import translate

from programs.frame import Frame, inside
from surfaces.evaluation import Evaluator, as_points
from surfaces.formula import declared
from surfaces.parameters import theta1, theta2
from surfaces.summed import (
    GRADIENT,
    HESSIAN,
    VALUE,
    Columns,
    Summed,
    SumOfExamples,
    exact_number,
    functions_of_examples,
)
from surfaces.surface import Surface, frame_of

REDUCTIONS = ("mean", "sum")
MOST_EXPANDED = 100


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
        self.example_loss, self.data, self.reduction = example_loss, columns, reduction
        domain = frame_of("domain", domain)
        view = domain if view is None else frame_of("view", view)
        self.functions = SumOfExamples(example_loss, columns, self.divisor, np.mean(view, axis=1))
        if not len(minima) and self.bottom is not None and inside(self.bottom, domain):
            minima = (self.bottom,)
        self._declare(title, domain, start, minima, lesson, source, view, {})

    @cached_property
    def evaluator(self) -> Evaluator:
        """What gives the numbers of the loss."""
        return Evaluator(self.functions)

    @property
    def count(self) -> int:
        """The number of examples N."""
        return len(next(iter(self.data.values())))

    @property
    def divisor(self) -> int:
        """What the sum over the examples is divided by: N for the mean, 1 for the sum."""
        return self.count if self.reduction == "mean" else 1

    @property
    def degree(self) -> int | None:
        """The degree of a polynomial in theta, at most HIGHEST_DEGREE; None where the loss is evaluated by examples."""
        return self.functions.degree

    @property
    def bottom(self) -> np.ndarray | None:
        """The minimum of a quadratic, None where there is none or where the loss is no quadratic."""
        return self.functions.bottom

    def taylor_coefficients(self, center: Sequence[float], order: int) -> dict[tuple[int, int], float]:
        r"""{(i, j): $\frac{1}{i!\,j!}\,\partial_1^i \partial_2^j L(c)$} for i + j up to the order.

        Each is the mean or the sum of the examples' own.
        """
        return self.functions.taylor_coefficients(center, order)

    @property
    def examples(self) -> "Examples":
        """All examples, each evaluated by itself."""
        return Examples(self.example_loss, self.data, self.reduction)

    @cached_property
    def formula(self) -> sympy.Expr:
        """The loss as an expression in theta1 and theta2 alone: the examples' losses with their numbers put in, or, for
        more than MOST_EXPANDED examples, the polynomial that they add up to, if it is one."""
        if self.degree is not None and self.count > MOST_EXPANDED:
            return self.functions.polynomial
        rows = zip(*(map(exact_number, column) for column in self.data.values()), strict=True)
        losses = [self.example_loss.xreplace(dict(zip(self.data, row, strict=True))) for row in rows]
        return sympy.Add(*losses) / self.divisor

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
        compiled = functions_of_examples(self.example_loss, tuple(self.data))[derivative]
        shape = (*theta.shape[1:], len(columns[0]))
        points = theta.reshape(2, -1, 1)
        return [
            np.broadcast_to(part, (points.shape[1], shape[-1])).reshape(shape)
            for part in compiled.on_batch(*points, *columns)
        ]

    def _reduced(self, derivative: int, theta) -> list[np.ndarray]:
        theta = as_points(theta)
        divisor = len(next(iter(self.data.values()))) if self.reduction == "mean" else 1
        summed = Summed(functions_of_examples(self.example_loss, tuple(self.data))[derivative], self.data, divisor)
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


@lru_cache(maxsize=64)
def _order(count: int, seed: int, epoch: int) -> np.ndarray:
    order = np.random.default_rng((seed, epoch)).permutation(count)
    order.flags.writeable = False
    return order
