"""Models with two parameters: what one neuron answers, and how wrong an answer is."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy

from programs.frame import Frame
from programs.program import Program
from surfaces.compiled import Compiled
from surfaces.datasets import DataSet
from surfaces.functions import sigmoid, softplus
from surfaces.parameters import theta1, theta2
from surfaces.risk import EmpiricalRisk
from surfaces.tables import DataError, wrong_target

x, x1, x2, target, output = sympy.symbols("x x1 x2 y output", real=True)


@dataclass(frozen=True, eq=False)
class Neuron:
    r"""A model: its answer $\hat y$ to an example, and the loss of that answer.

    title: the name on screen. inputs: the symbols of the inputs. prediction: the answer as an expression in theta1,
    theta2 and the inputs. error: the loss of one example as an expression in `output`, which stands for `inner`, and
    the target. reach: how far from 0 theta1 and theta2 go in a view, as expressions in the inputs and the target, which
    stand for their sizes in the data there. inner: the quantity that the error is written in; the prediction itself
    unless it is given. reduction: "mean" or "sum" over the examples. parameters: what theta1 and theta2 are called, as
    LaTeX. targets: the numbers that a target may be; every number where none are given.
    """

    title: str
    inputs: tuple[sympy.Symbol, ...]
    prediction: sympy.Expr
    error: sympy.Expr
    reach: tuple[sympy.Expr, sympy.Expr]
    inner: sympy.Expr | None = None
    reduction: str = "mean"
    parameters: tuple[str, str] = ("w_1", "w_2")
    targets: tuple[float, ...] = ()

    @cached_property
    def example_loss(self) -> sympy.Expr:
        """The loss of one example over theta1, theta2, the inputs and the target."""
        return self.error.xreplace({output: self.prediction if self.inner is None else self.inner})

    @cached_property
    def _compiled(self) -> Compiled:
        return Compiled((theta1, theta2, *self.inputs), [self.prediction], ("answer",))

    @property
    def program(self) -> Program:
        """From theta1, theta2 and the inputs, by their names, to the answer."""
        return self._compiled.program

    def predict(self, theta, inputs) -> np.ndarray:
        """The answers at points theta (2, *batch) to examples (K, N): shape (*batch, N)."""
        theta, inputs = np.asarray(theta, dtype=float), np.asarray(inputs, dtype=float)
        answers = self._compiled.on_batch(*theta[..., None], *inputs)[0]
        return np.array(np.broadcast_to(answers, (*theta.shape[1:], inputs.shape[1])))

    def risk(self, data: DataSet, domain, start: Sequence[float], **fields) -> EmpiricalRisk:
        """The loss of this model on a data set; the fields are those of an EmpiricalRisk.

        Raises DataError where the data have another number of inputs, or a target that is not allowed.
        """
        if len(data.inputs) != len(self.inputs):
            raise DataError(f"{self.title} takes {len(self.inputs)} inputs, but the data have {len(data.inputs)}.")
        others = ~np.isin(data.target, self.targets or data.target)
        if others.any():
            place = int(others.argmax())
            raise DataError(f"Example {place + 1}: {wrong_target(data.target[place], self.targets)}.")
        columns = dict(zip((*self.inputs, target), (*data.inputs, data.target), strict=True))
        fields = {"title": self.title, "source": data.source, "reduction": self.reduction} | fields
        return EmpiricalRisk(example_loss=self.example_loss, data=columns, domain=domain, start=start, **fields)


def frame(neuron: Neuron, data: DataSet) -> tuple[Frame, tuple[float, float]]:
    """A view for a model on any data, and a start in it.

    For a quadratic with one minimum: around that minimum, so wide that the origin is in it. For the others: weights
    that bend the neuron over the range of the inputs.
    """
    guess = neuron.risk(data, ((-1, 1), (-1, 1)), (0, 0))
    half = np.array(_reach(neuron, data))
    middle = np.zeros(2)
    if guess.bottom is not None:
        inverse = np.linalg.inv(guess.hessian(guess.bottom))
        rise = max(float(guess.value(np.zeros(2)) - guess.value(guess.bottom)), 0.0)
        around = 1.6 * np.sqrt(2 * rise * np.diagonal(inverse))
        if np.isfinite(around).all() and (around > 0).all():
            middle, half = guess.bottom, around
    low, high = middle - half, middle + half
    domain = tuple((float(a), float(b)) for a, b in zip(low, high, strict=True))
    return domain, tuple(map(float, middle + half * np.array([-0.75, 0.75])))


def _reach(neuron: Neuron, data: DataSet) -> tuple[float, ...]:
    """The reach of a model on data: an input is as large as its root mean square, the target as its largest number."""
    sizes = [*np.sqrt(np.mean(data.inputs**2, axis=1)), np.abs(data.target).max()]
    known = {symbol: max(float(size), 1e-6) for symbol, size in zip((*neuron.inputs, target), sizes, strict=True)}
    return tuple(float(reach.subs(known)) for reach in neuron.reach)


_SQUARED = (output - target) ** 2

LINE = Neuron(
    "Line",
    (x,),
    prediction=theta1 + theta2 * x,
    error=_SQUARED,
    reach=(3 * target, 3 * target / x),
    reduction="sum",
    parameters=("b", "w"),
)

LINEAR = Neuron(
    "Linear neuron",
    (x1, x2),
    prediction=theta1 * x1 + theta2 * x2,
    error=_SQUARED,
    reach=(3 * target / x1, 3 * target / x2),
)

LOGISTIC = Neuron(
    "Logistic neuron",
    (x1, x2),
    prediction=sigmoid(theta1 * x1 + theta2 * x2),
    # Cross-entropy -y log p - (1 - y) log(1 - p) with p = 1 / (1 + exp(-z)), in terms of z.
    error=softplus(output) - target * output,
    reach=(6 / x1, 6 / x2),
    inner=theta1 * x1 + theta2 * x2,
    # The loss of any other target has no lower bound.
    targets=(0, 1),
)

TANH = Neuron(
    "Tanh neuron",
    (x,),
    prediction=sympy.tanh(theta1 * x + theta2),
    error=_SQUARED,
    reach=(4 / x, sympy.Integer(4)),
    parameters=("w", "b"),
)

CHAIN = Neuron(
    "Two weights in a chain",
    (x,),
    prediction=theta2 * sympy.tanh(theta1 * x),
    error=_SQUARED,
    reach=(4 / x, 5 * target / 2),
)

NEURONS: dict[str, Neuron] = {
    "line_fit": LINE,
    "linear_neuron": LINEAR,
    "logistic_neuron": LOGISTIC,
    "tanh_neuron": TANH,
    "two_weight_chain": CHAIN,
}
