"""A problem with standardised inputs, and the way between its weights and the raw ones."""

from dataclasses import dataclass, replace

import numpy as np

from lessons.problems import Problem
from optimizers import Trajectory
from programs.matrices import eigenvalues
from surfaces import EmpiricalRisk
from surfaces.datasets import DataError, DataSet, standardised
from surfaces.neurons import LINE

# A curvature below this share of the other one is nothing but rounding.
FLAT = 1e-13


@dataclass(frozen=True, eq=False)
class Scaling:
    r"""Standardised data, their loss, and the raw weights of scaled ones, $\theta = A \theta'$.

    A line with bias b and weight w: $w = w'/\sigma$, $b = b' - w' m/\sigma$. A neuron without a bias: $w_k =
    w'_k/\sigma_k$; what the means would take to the bias is lost, and `lost` is the size of that, 0 where all means are
    0.
    """

    data: DataSet
    mean: np.ndarray
    deviation: np.ndarray
    risk: EmpiricalRisk
    matrix: np.ndarray
    lost: float

    def raw(self, theta: np.ndarray) -> np.ndarray:
        """Raw weights for scaled ones, (2, *batch)."""
        return np.stack([row[0] * theta[0] + row[1] * theta[1] for row in self.matrix])

    def scaled(self, theta: np.ndarray) -> np.ndarray:
        """Scaled weights for raw ones, (2,)."""
        return np.linalg.solve(self.matrix, theta)

    def raw_path(self, path: Trajectory, raw: EmpiricalRisk) -> Trajectory:
        """A path in scaled weights as one in raw weights, on the raw loss."""
        with np.errstate(all="ignore"):
            theta = self.raw(path.theta.T)
            value, gradient = raw.value_and_gradient(theta)
        return replace(path, theta=theta.T, loss=value, gradient=gradient.T, seen_gradient=gradient.T, state={})


def scaling(given: Problem, start: np.ndarray) -> Scaling:
    """The same problem with standardised inputs, in a square view around its minimum that holds the start.

    start: raw weights. Raises DataError where an input is the same in every example, or the start is too far away.
    """
    data, mean, deviation = standardised(given.data)
    if given.neuron is LINE:
        matrix = np.array([[1.0, -mean[0] / deviation[0]], [0.0, 1 / deviation[0]]])
        lost = 0.0
    else:
        matrix = np.diag(1 / deviation)
        lost = float(np.abs(mean / deviation).max())
        lost = lost if lost > 1e-9 else 0.0
    box = ((-1.0, 1.0), (-1.0, 1.0))
    bottom = given.neuron.risk(data, box, (0, 0)).bottom
    middle = np.zeros(2) if bottom is None else bottom
    begin = np.linalg.solve(matrix, start)
    if not np.isfinite(begin).all():
        raise DataError("The start is too far away: its scaled weights would not be finite numbers.")
    half = 1.25 * float(np.abs(begin - middle).max()) or 1.0
    view = tuple((float(center - half), float(center + half)) for center in middle)
    return Scaling(data, mean, deviation, given.neuron.risk(data, view, begin, title=f"{data.title}"), matrix, lost)


@dataclass(frozen=True)
class Curvature:
    """The eigenvalues of a quadratic loss and what follows: condition number, largest stable rate, best rate."""

    smallest: float
    largest: float

    @property
    def condition(self) -> float:
        """How many times the steepest direction is as curved as the flattest."""
        return self.largest / self.smallest if self.smallest > 0 else np.inf

    @property
    def limit(self) -> float:
        r"""$2/\lambda_{max}$: above it gradient descent diverges."""
        return 2 / self.largest if self.largest > 0 else np.inf

    @property
    def best(self) -> float:
        r"""$2/(\lambda_{min} + \lambda_{max})$: here the slowest direction shrinks fastest.

        $1/\lambda_{max}$ where a direction is flat, which nothing shrinks: then the other one is done at once.
        """
        if self.largest <= 0:
            return 1.0
        return 2 / (self.smallest + self.largest) if self.smallest > 0 else 1 / self.largest


def curvature(risk: EmpiricalRisk) -> Curvature:
    """The curvature of a loss at its start; that of a quadratic is the same everywhere."""
    smallest, largest = sorted(map(float, eigenvalues(risk.hessian(risk.start))))
    return Curvature(smallest if smallest > FLAT * largest else 0.0, largest)
