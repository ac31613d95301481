"""What a rule may ask of a loss."""

from typing import Protocol

import numpy as np

from programs.program import Program


class Loss(Protocol):
    """A loss at points of shape (2, *batch)."""

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss, shape (*batch,)."""

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient, shape (2, *batch)."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch)."""


class ProgrammedLoss(Loss, Protocol):
    """A loss whose class gives the same numbers as programs, too.

    program: from theta1 and theta2 to "value", "gradient1" and "gradient2". hessian_program: the same with "hessian11",
    "hessian12" and "hessian22". Both are None where there are no such programs. mends: whether derivatives that are
    not finite in a program may be other numbers here.
    """

    program: Program | None
    hessian_program: Program | None
    mends: bool
