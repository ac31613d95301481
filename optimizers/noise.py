"""Losses whose gradient is seen with something added: at every update the loss that a rule meets is tilted anew."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

from optimizers.loss import Loss
from programs.program import Program
from programs.tracing import program_of

VALUE_AND_GRADIENT = ("value", "gradient1", "gradient2")


@dataclass(frozen=True, eq=False)
class Tilted:
    r"""A loss plus a linear function, $L(\theta) + s^\top \theta$ with a slope s of shape (2,) or (2, *batch)."""

    loss: Loss
    slope: np.ndarray

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss plus the linear function."""
        return self.loss.value(theta) + (self.slope[0] * theta[0] + self.slope[1] * theta[1])

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient plus the slope."""
        return self.loss.gradient(theta) + self.slope.reshape(2, *self.slope.shape[1:] or (1 for _ in theta.shape[1:]))

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, which a linear function does not change."""
        return self.loss.hessian(theta)


class NoisyLoss(ABC):
    r"""A loss of which a rule sees $L(\theta) + s_t^\top \theta$ at update t, while the record shows L itself.

    A kind of noise is what it adds to the gradient, `slope`; the value and the Hessian that a rule sees belong to it.
    """

    loss: Loss

    @abstractmethod
    def slope(self, update: int) -> np.ndarray:
        """The slope $s_t$, shape (2,) or (2, *batch); the first update is number 0."""

    def slopes(self, updates: int) -> np.ndarray:
        """The slopes of the first so many updates, shape (updates, 2) or (updates, 2, *batch)."""
        table = np.empty((updates, *self.slope(0).shape))
        for update in range(updates):
            table[update] = self.slope(update)
        return table

    def sample(self, update: int) -> Tilted:
        """The loss with the slope of this update."""
        return Tilted(self.loss, self.slope(update))

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss without noise."""
        return self.loss.value(theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient without noise."""
        return self.loss.gradient(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, which the noise does not change."""
        return self.loss.hessian(theta)


class _Drawn(NoisyLoss):
    """Noise that is drawn anew for every update, from a seed and the number of the update."""

    seed: int

    def __post_init__(self):
        if not (isinstance(self.seed, Integral) and self.seed >= 0):
            raise ValueError(f"The seed must be a whole number of at least 0, but it is {self.seed!r}.")

    def _generator(self, update: int) -> np.random.Generator:
        return np.random.default_rng((self.seed, update))


def _are_sizes(scales) -> bool:
    """True for a finite number of at least 0, or an array of them."""
    return all(isinstance(scale, Real) and 0 <= scale < math.inf for scale in np.asarray(scales, dtype=object).flat)


@dataclass(frozen=True, eq=False)
class GaussianNoise(_Drawn):
    r"""A loss whose gradient is seen with Gaussian noise: at update t a rule sees $L(\theta) + \xi_t^\top \theta$.

    So it sees the gradient $g + \xi_t$ with $\xi_t \sim N(0, \text{scale}^2 I)$, and a value and a Hessian that
    belong to it. All rows of a batch, and all rules that run with the same seed, meet the same noise: a row still
    equals the same run made alone, and rules are compared fairly.

    Raises ValueError where the scale is negative or not finite, or the seed is not a whole number of at least 0.
    """

    loss: Loss
    scale: float
    seed: int = 0

    def __post_init__(self):
        if np.ndim(self.scale) or not _are_sizes(self.scale):
            raise ValueError(f"The noise scale must be a finite number of at least 0, but it is {self.scale!r}.")
        super().__post_init__()

    def slope(self, update: int) -> np.ndarray:
        """The noise of this update, shape (2,)."""
        return self._generator(update).normal(scale=self.scale, size=2)


@dataclass(frozen=True, eq=False)
class IndependentNoise(_Drawn):
    """A loss whose gradient is seen with Gaussian noise, another one in every row of a batch.

    scales: the standard deviation of the noise of each row, (*batch,), at least 0. seed: a whole number of at least 0.
    `GaussianNoise` shows all rows the same noise.

    Raises ValueError where a scale is negative or not finite, or the seed is not a whole number of at least 0.
    """

    loss: Loss
    scales: np.ndarray
    seed: int = 0

    def __post_init__(self):
        if not _are_sizes(self.scales):
            raise ValueError(
                f"The scales of the noise must be finite numbers of at least 0, but they are {self.scales!r}."
            )
        super().__post_init__()

    def slope(self, update: int) -> np.ndarray:
        """The noise of this update, shape (2, *batch)."""
        scales = np.asarray(self.scales, dtype=float)
        return scales * self._generator(update).normal(size=(2, *scales.shape))


def _level(*names: str) -> Program:
    return program_of(lambda: dict.fromkeys(names, 0.0))


class _Level:
    """No loss at all: 0 everywhere."""

    program = _level(*VALUE_AND_GRADIENT)
    hessian_program = _level(*VALUE_AND_GRADIENT, "hessian11", "hessian12", "hessian22")
    mends = False

    def value(self, theta: np.ndarray) -> np.ndarray:
        return np.zeros(theta.shape[1:])

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return np.zeros_like(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        return np.zeros((2, *theta.shape))


@dataclass(frozen=True, eq=False)
class PrescribedGradients(NoisyLoss):
    """A loss that shows a rule the given gradients, one after another, wherever the point is; the loss itself is 0.

    gradients: (steps, 2), one for each update; the last one is repeated. `seen_gradient` of a run holds them.

    Raises ValueError where there is none, or where they have another shape.
    """

    loss = _Level()
    gradients: np.ndarray

    def __post_init__(self):
        gradients = np.array(self.gradients, dtype=float)
        if not gradients.size or gradients.shape[1:] != (2,):
            raise ValueError(f"The gradients have shape (steps, 2), at least one of them, not {gradients.shape}.")
        object.__setattr__(self, "gradients", gradients)

    def slope(self, update: int) -> np.ndarray:
        """The gradient of this update, shape (2,)."""
        return self.gradients[min(update, len(self.gradients) - 1)]
