"""Learning-rate schedules: a factor on the learning rate, as a function of the update number, which counts from 0."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from optimizers.hyperparameters import check_hyperparameters, hyperparameter, hyperparameters


@dataclass(frozen=True, eq=False)
class Schedule(ABC):
    """A factor on the learning rate for every update; its formula is `latex`, with t for the update number.

    Raises ValueError where a hyperparameter is outside its range.
    """

    latex: ClassVar[str]
    intuition: ClassVar[str]
    source: ClassVar[str]

    def __post_init__(self):
        check_hyperparameters(self)
        if any(np.ndim(getattr(self, name)) for name in hyperparameters(self)):
            raise ValueError(
                f"The hyperparameters of {type(self).__name__} must be single numbers, the same for all runs."
            )

    @property
    def remark(self) -> str:
        """What is unusual about these hyperparameters, in one sentence; empty where nothing is."""
        return ""

    @abstractmethod
    def __call__(self, update: int) -> float:
        """The factor at this update; the first update is number 0."""

    def rate(self, learning_rate: np.ndarray, update: int) -> np.ndarray:
        """The learning rate at this update, a number or an array as the one given: that times the factor."""
        factor = self(update)
        return learning_rate if factor == 1.0 else np.asarray(learning_rate * np.float64(factor))

    def rates(self, learning_rate: np.ndarray, updates: int) -> np.ndarray:
        """The learning rates of the first so many updates, shape (updates, *batch), to the bit those of `rate`."""
        return np.multiply.outer([self(update) for update in range(updates)], learning_rate)


@dataclass(frozen=True, eq=False)
class Constant(Schedule):
    r"""The same learning rate at every update: $\eta_t = \eta$."""

    latex = r"\eta_t = \eta"
    intuition = "The same learning rate at every update."
    source = "A. Cauchy (1847), Méthode générale pour la résolution des systèmes d'équations simultanées"

    def __call__(self, update: int) -> float:
        return 1.0


@dataclass(frozen=True, eq=False)
class InverseSqrt(Schedule):
    r"""The lecture's "1/t decay": $\eta_t = \eta / \sqrt{t+1}$. Source: Zinkevich (2003), ICML."""

    latex = r"\eta_t = \frac{\eta}{\sqrt{t+1}}"
    intuition = "A large rate first, a smaller and smaller one later."
    source = "M. Zinkevich, Online Convex Programming and Generalized Infinitesimal Gradient Ascent, ICML (2003)"

    def __call__(self, update: int) -> float:
        return 1 / math.sqrt(update + 1)


@dataclass(frozen=True, eq=False)
class InverseTime(Schedule):
    r"""$\eta_t = \eta / (1 + \delta t)$. Source: Robbins & Monro (1951), doi:10.1214/aoms/1177729586."""

    latex = r"\eta_t = \frac{\eta}{1 + \delta t}"
    intuition = (
        "Falls like 1/t in the end: fast enough to quiet noise, slow enough to reach any distance under a steady slope."
    )
    source = "H. Robbins & S. Monro (1951), doi:10.1214/aoms/1177729586"

    decay: float = hyperparameter(0.05, r"\delta", "decay", low=0.001, high=1.0, scale="log", help="How fast it falls.")

    def __call__(self, update: int) -> float:
        return 1 / (1 + self.decay * update)


@dataclass(frozen=True, eq=False)
class Exponential(Schedule):
    r"""$\eta_t = \eta\,\gamma^t$. torch.optim.lr_scheduler.ExponentialLR."""

    latex = r"\eta_t = \eta\,\gamma^t"
    intuition = "Every update keeps the same fraction of the learning rate."
    source = "torch.optim.lr_scheduler.ExponentialLR"

    decay: float = hyperparameter(
        0.98, r"\gamma", "decay", low=0.8, high=1.0, above=0.0, at_most=1.0, help="The fraction kept at every update."
    )

    def __call__(self, update: int) -> float:
        return self.decay**update


@dataclass(frozen=True, eq=False)
class Step(Schedule):
    r"""$\eta_t = \eta\,\gamma^{\lfloor t/p \rfloor}$. torch.optim.lr_scheduler.StepLR."""

    latex = r"\eta_t = \eta\,\gamma^{\lfloor t/p \rfloor}"
    intuition = "Constant for a while, then a sudden drop, again and again."
    source = "torch.optim.lr_scheduler.StepLR"

    decay: float = hyperparameter(
        0.5, r"\gamma", "decay", low=0.05, high=1.0, above=0.0, at_most=1.0, help="The factor of each drop."
    )
    period: int = hyperparameter(
        50, "p", "period", low=1, high=500, at_least=1, at_most=10**6, help="The number of updates between two drops."
    )

    def __call__(self, update: int) -> float:
        return self.decay ** (update // self.period)


def period_field() -> int:
    """The update at which a cosine ends."""
    return hyperparameter(
        200,
        "T",
        "period",
        low=10,
        high=2000,
        at_least=1,
        at_most=10**6,
        help="The update at which the learning rate reaches zero.",
    )


def _half_cosine(progress: float) -> float:
    return (1 + math.cos(math.pi * min(progress, 1.0))) / 2


@dataclass(frozen=True, eq=False)
class Cosine(Schedule):
    r"""$\eta_t = \eta\,\frac{1}{2}(1 + \cos(\pi t/T))$ up to $t = T$, then 0.

    Loshchilov & Hutter (2017), arXiv:1608.03983, without restarts; torch.optim.lr_scheduler.CosineAnnealingLR, which
    rises again after T where this one stays at 0.
    """

    latex = r"\eta_t = \frac{\eta}{2}\left(1 + \cos\frac{\pi \min(t, T)}{T}\right)"
    intuition = "Slow at first, then quickly down, then gently to zero."
    source = "I. Loshchilov & F. Hutter (2017), arXiv:1608.03983, without restarts"

    period: int = period_field()

    def __call__(self, update: int) -> float:
        return _half_cosine(update / self.period)


@dataclass(frozen=True, eq=False)
class WarmupCosine(Schedule):
    r"""A linear rise over w updates, then a cosine to zero at update T, and zero from then on.

    $\eta_t = \eta\,(t+1)/(w+1)$ for $t < w$, then $\eta\,\frac{1}{2}(1 + \cos(\pi (t-w)/(T-w)))$ for $t < T$, then 0.
    A warm-up that is longer than the period is cut off at update T.
    Goyal et al. (2017), arXiv:1706.02677, and Loshchilov & Hutter (2017), arXiv:1608.03983. optax's
    warmup_cosine_decay_schedule starts the rise at a chosen value where this one starts at 1/(w+1).
    """

    latex = (
        r"\eta_t = \eta\,\frac{t+1}{w+1}\ (t < w),\quad "
        r"\frac{\eta}{2}\left(1 + \cos\frac{\pi\,(t-w)}{T-w}\right)\ (w \le t < T),\quad 0\ (t \ge T)"
    )
    intuition = "A small rate first, while nothing is known, then a large one, then gently to zero."
    source = "P. Goyal et al. (2017), arXiv:1706.02677; I. Loshchilov & F. Hutter (2017), arXiv:1608.03983"

    warmup: int = hyperparameter(
        20, "w", "warm-up", low=0, high=200, at_least=0, at_most=10**6, help="The updates of the linear rise."
    )
    period: int = period_field()

    @property
    def remark(self) -> str:
        if self.warmup < self.period:
            return ""
        return (
            f"The warm-up w = {self.warmup} is not shorter than the period T = {self.period}: the rise is cut off at "
            f"update {self.period}, and from then on the learning rate is 0. Choose a longer period."
        )

    def __call__(self, update: int) -> float:
        if update >= self.period:
            return 0.0
        if update < self.warmup:
            return (update + 1) / (self.warmup + 1)
        return _half_cosine((update - self.warmup) / (self.period - self.warmup))
