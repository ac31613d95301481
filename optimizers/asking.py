"""How a run asks a loss: each thing once at a point, in arrays of float64."""

import numpy as np

from optimizers.loss import Loss


class Remembering:
    """A loss that computes its value and its gradient at the current point once, however often they are asked for.

    Whatever numbers the loss gives, these are arrays of float64; a loss that gives both at once gives such arrays.
    """

    def __init__(self, loss: Loss):
        self._loss = loss
        self._both = getattr(loss, "value_and_gradient", None)
        self._value_at = self._gradient_at = self._value = self._gradient = None

    def value_and_gradient(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Both at points (2, *batch)."""
        if self._both is None:
            return self.value(theta), self.gradient(theta)
        self._value_at = self._gradient_at = theta
        self._value, self._gradient = both = self._both(theta)
        return both

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss, shape (*batch,)."""
        if theta is not self._value_at:
            self._value_at, self._value = theta, np.asarray(self._loss.value(theta), dtype=float)
        return self._value

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient, shape (2, *batch)."""
        if theta is not self._gradient_at:
            self._gradient_at, self._gradient = theta, np.asarray(self._loss.gradient(theta), dtype=float)
        return self._gradient

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch)."""
        return np.asarray(self._loss.hessian(theta), dtype=float)
