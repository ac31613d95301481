"""The parabola of one parameter, its best step, and how past derivatives estimate its curvature."""

from dataclasses import dataclass
from numbers import Real

import numpy as np


@dataclass(frozen=True)
class Parabola:
    r"""$y = a x^2 + b x + c$ with $a > 0$; in a program, a, b and x are quantities.

    Raises ValueError where a is a number that is not greater than 0.
    """

    a: float
    b: float
    c: float = 0.0

    def __post_init__(self):
        if isinstance(self.a, Real) and not self.a > 0:
            raise ValueError(f"A parabola with a minimum has a greater than 0, not {self.a!r}.")

    def value(self, x) -> np.ndarray:
        """y at x, of any shape."""
        return self.a * np.square(x) + np.multiply(self.b, x) + self.c

    def slope(self, x) -> np.ndarray:
        """The first derivative $2ax + b$."""
        return np.multiply(2 * self.a, x) + self.b

    @property
    def curvature(self) -> float:
        """The second derivative $2a$."""
        return 2 * self.a

    @property
    def minimizer(self) -> float:
        r"""$-\frac{b}{2a}$."""
        return -self.b / self.curvature

    def best_step(self, x) -> np.ndarray:
        r"""The distance to the minimum: $\frac{|2ax + b|}{2a}$, |first derivative| over second derivative."""
        return np.abs(self.slope(x)) / self.curvature


def root_of_squares(slopes: np.ndarray) -> np.ndarray:
    r"""$\sqrt{\sum_i g_i^2}$ over the last axis: what Adagrad divides by in place of the second derivative."""
    return np.sqrt(np.sum(np.square(slopes), axis=-1))
