"""Losses that tests write down by hand, so that what they expect does not come from the code under test."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Quadratic:
    r"""$\frac12 \theta^\top H \theta + b^\top \theta$: H has shape (2, 2) or (2, 2, *batch), b (2,) or (2, *batch)."""

    matrix: np.ndarray
    slope: np.ndarray

    def value(self, theta: np.ndarray) -> np.ndarray:
        bent, (b1, b2) = self._bent(theta), self.slope
        return (bent[0] / 2 + b1) * theta[0] + (bent[1] / 2 + b2) * theta[1]

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        bent, (b1, b2) = self._bent(theta), self.slope
        return np.stack([bent[0] + b1, bent[1] + b2])

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        return np.array([[np.broadcast_to(entry, theta.shape[1:]) for entry in line] for line in self.matrix])

    def _bent(self, theta: np.ndarray) -> list[np.ndarray]:
        return [first * theta[0] + second * theta[1] for first, second in self.matrix]

    def row(self, index: int) -> "Quadratic":
        """The loss of one row of the batch."""
        return Quadratic(self.matrix[..., index], self.slope[..., index])


def diagonal(*curvatures: float) -> Quadratic:
    """Half the sum of curvature_i * theta_i^2, with its minimum at the origin."""
    return Quadratic(np.diag(curvatures).astype(float), np.zeros(2))


@dataclass(frozen=True, eq=False)
class ValueAndGradient:
    """A loss that knows nothing but its value and its gradient."""

    loss: object

    def value(self, theta: np.ndarray) -> np.ndarray:
        return self.loss.value(theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return self.loss.gradient(theta)
