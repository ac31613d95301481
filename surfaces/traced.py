"""A loss whose numbers at a point are part of a program under construction."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from programs.program import Program
from programs.tracing import Quantity
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES
from surfaces.surface import Surface


class NoProgramError(ValueError):
    """A surface is no formula, so that its numbers cannot be part of a program."""


@dataclass(frozen=True, eq=False)
class TracedLoss:
    """The loss of a surface at points that are quantities of shape (2,).

    Raises NoProgramError where a number is asked for of which the surface has no program.
    """

    surface: Surface

    def value(self, theta: Quantity) -> Quantity:
        """The loss, a number."""
        (value,) = _numbers(self.surface.program, theta, VALUE_AND_SLOPES[:1])
        return value

    def gradient(self, theta: Quantity) -> Quantity:
        """The gradient, (2,)."""
        return np.stack(_numbers(self.surface.program, theta, VALUE_AND_SLOPES[1:]))

    def hessian(self, theta: Quantity) -> Quantity:
        """The Hessian, (2, 2)."""
        h11, h12, h22 = _numbers(self.surface.hessian_program, theta, CURVATURES)
        return np.stack([np.stack([h11, h12]), np.stack([h12, h22])])


def _numbers(program: Program | None, theta: Quantity, names: Sequence[str]) -> list[Quantity]:
    if program is None:
        raise NoProgramError("This loss has no program.")
    inputs = dict(zip(("theta1", "theta2"), theta.indices.tolist(), strict=True))
    indices = theta.builder.include(program, inputs, names)
    return [Quantity(theta.builder, indices[name]) for name in names]
