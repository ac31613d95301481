"""What the searches on a loss ask of it: no more than this of a surface."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import sympy

from programs.frame import Frame


class SmoothLoss(Protocol):
    """A formula, where it is looked at, what is declared about it, and its values at points of shape (2, *batch)."""

    formula: sympy.Expr
    domain: Frame
    minima: Sequence[np.ndarray]
    subgradients: Mapping[tuple[float, float], tuple[float, float]]

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss, shape (*batch,)."""

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient, shape (2, *batch)."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch)."""

    def rounding(self, theta: np.ndarray) -> np.ndarray:
        """How far the loss may be off by rounding, shape (*batch,)."""
