"""What a rule may ask of a loss."""

from typing import Protocol

import numpy as np


class Loss(Protocol):
    """A loss at points of shape (2, *batch)."""

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss, shape (*batch,)."""

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient, shape (2, *batch)."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch)."""
