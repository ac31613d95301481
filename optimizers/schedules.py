"""Learning-rate schedules: a factor on the learning rate, as a function of the update number, which counts from 0."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import ClassVar

import numpy as np

from optimizers.equations import Equation
from optimizers.hyperparameters import check_hyperparameters, hyperparameter, hyperparameters
from programs.evaluation import Evaluation
from programs.program import Builder, Program
from programs.tracing import Quantity, outputs_of, quantity

BLOCK = 512


@dataclass(frozen=True, eq=False)
class Schedule(ABC):
    """A factor on the learning rate for every update.

    Raises ValueError where a hyperparameter is outside its range, or an array.
    """

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

    @abstractmethod
    def factors(self, updates: int) -> np.ndarray:
        """The factors of the first so many updates, shape (updates,)."""

    def rate_program(self) -> Program | None:
        """From learning_rate, update and `numbers` to scheduled_learning_rate; None where it is no formula."""
        return None

    @property
    def numbers(self) -> dict[str, float]:
        """The hyperparameters by name."""
        return {name: float(getattr(self, name)) for name in hyperparameters(self)}

    def rate(self, learning_rate: np.ndarray, update: int) -> np.ndarray:
        """The learning rate at this update, a number or an array as the one given: that times the factor."""
        factor = self(update)
        return learning_rate if factor == 1.0 else np.asarray(learning_rate * np.float64(factor))

    def rates(self, learning_rate: np.ndarray, updates: int) -> np.ndarray:
        """The learning rates of the first so many updates, shape (updates, *batch), to the bit those of `rate`."""
        return np.multiply.outer(self.factors(updates), learning_rate)


@cache
def _equation(schedule: type["FormulaSchedule"]) -> Equation:
    return Equation("scheduled_learning_rate", schedule.formula)


@cache
def _factor(schedule: type["FormulaSchedule"]) -> Evaluation:
    return Evaluation(schedule.program(), ["update", *hyperparameters(schedule)], ["factor"])


@cache
def _rate(schedule: type["FormulaSchedule"]) -> Program:
    return schedule.program().only("scheduled_learning_rate")


@lru_cache(maxsize=256)
def _block(schedule: type["FormulaSchedule"], numbers: tuple[float, ...], place: int) -> np.ndarray:
    """The factors of BLOCK updates in a row: all at once, in a tenth of the time that they take one by one."""
    updates = np.arange(place * BLOCK, (place + 1) * BLOCK, dtype=float)
    (factors,) = _factor(schedule).on_batch(updates, *numbers)
    return np.broadcast_to(factors, BLOCK)


class _Latex:
    """The formula of a class of schedules as LaTeX."""

    def __get__(self, instance: "FormulaSchedule | None", owner: type["FormulaSchedule"]) -> str:
        symbols = {name: known.symbol for name, known in hyperparameters(owner).items()}
        return _equation(owner).latex({"learning_rate": r"\eta", **symbols}).replace(r"\leftarrow", "=", 1)


@dataclass(frozen=True, eq=False)
class FormulaSchedule(Schedule):
    """A schedule that is its formula, from which its factors, its LaTeX and its program follow.

    formula: the rate in terms of learning_rate, of which it is a multiple, of `update` and of the hyperparameters, in
    the syntax of an Equation. latex: the same as LaTeX. intuition: one sentence for a student. source: paper or DOI.
    """

    intuition: ClassVar[str]
    source: ClassVar[str]
    latex = _Latex()

    @property
    @abstractmethod
    def formula(self) -> str:
        """What the learning rate of an update is."""

    @classmethod
    def program(cls) -> Program:
        """From learning_rate, update and the hyperparameters to `factor` and scheduled_learning_rate, their product."""
        builder = Builder()
        known = {name: quantity(builder, name) for name in ("update", *hyperparameters(cls))}
        # The formula at the learning rate 1, so that a rate of the schedule is to the bit that of a run with this rate.
        factor = _equation(cls).evaluate({**known, "learning_rate": Quantity(builder, builder.constant(1.0))})
        rate = quantity(builder, "learning_rate") * factor
        return builder.program(outputs_of([("factor", factor), ("scheduled_learning_rate", rate)]))

    def rate_program(self) -> Program:
        """From learning_rate, update and the hyperparameters to scheduled_learning_rate."""
        return _rate(type(self))

    def __call__(self, update: int) -> float:
        """The factor at this update; the first update is number 0."""
        place, within = divmod(update, BLOCK)
        return float(_block(type(self), self._numbers, place)[within])

    def factors(self, updates: int) -> np.ndarray:
        """The factors of the first so many updates, shape (updates,)."""
        blocks = [_block(type(self), self._numbers, place) for place in range(-(-updates // BLOCK))]
        return np.concatenate([*blocks, []])[:updates]

    @cached_property
    def _numbers(self) -> tuple[float, ...]:
        return tuple(self.numbers.values())


@dataclass(frozen=True, eq=False)
class Constant(FormulaSchedule):
    r"""The same learning rate at every update: $\eta_t = \eta$."""

    formula = "learning_rate"
    intuition = "The same learning rate at every update."
    source = "A. Cauchy (1847), Méthode générale pour la résolution des systèmes d'équations simultanées"


@dataclass(frozen=True, eq=False)
class InverseSqrt(FormulaSchedule):
    r"""The lecture's "1/t decay": $\eta_t = \frac{\eta}{\sqrt{t + 1}}$. Source: Zinkevich (2003), ICML."""

    formula = "learning_rate / sqrt(update + 1)"
    intuition = "A large rate first, a smaller and smaller one later."
    source = "M. Zinkevich, Online Convex Programming and Generalized Infinitesimal Gradient Ascent, ICML (2003)"


@dataclass(frozen=True, eq=False)
class InverseTime(FormulaSchedule):
    r"""$\eta_t = \frac{\eta}{1 + \delta\,t}$. Source: Robbins & Monro (1951), doi:10.1214/aoms/1177729586."""

    formula = "learning_rate / (1 + decay * update)"
    intuition = (
        "Falls like 1/t in the end: fast enough to quiet noise, slow enough to reach any distance under a steady slope."
    )
    source = "H. Robbins & S. Monro (1951), doi:10.1214/aoms/1177729586"

    decay: float = hyperparameter(0.05, r"\delta", "decay", low=0.001, high=1.0, scale="log", help="How fast it falls.")


@dataclass(frozen=True, eq=False)
class Exponential(FormulaSchedule):
    r"""$\eta_t = \eta\,\gamma^{t}$. torch.optim.lr_scheduler.ExponentialLR."""

    formula = "learning_rate * decay ** update"
    intuition = "Every update keeps the same fraction of the learning rate."
    source = "torch.optim.lr_scheduler.ExponentialLR"

    decay: float = hyperparameter(
        0.98, r"\gamma", "decay", low=0.8, high=1.0, above=0.0, at_most=1.0, help="The fraction kept at every update."
    )


@dataclass(frozen=True, eq=False)
class Step(FormulaSchedule):
    r"""$\eta_t = \eta\,\gamma^{\left\lfloor \frac{t}{p} \right\rfloor}$. torch.optim.lr_scheduler.StepLR."""

    formula = "learning_rate * decay ** floor(update / period)"
    intuition = "Constant for a while, then a sudden drop, again and again."
    source = "torch.optim.lr_scheduler.StepLR"

    decay: float = hyperparameter(
        0.5, r"\gamma", "decay", low=0.05, high=1.0, above=0.0, at_most=1.0, help="The factor of each drop."
    )
    period: int = hyperparameter(
        50, "p", "period", low=1, high=500, at_least=1, at_most=10**6, help="The number of updates between two drops."
    )


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


@dataclass(frozen=True, eq=False)
class Cosine(FormulaSchedule):
    r"""$\eta_t = \frac{\eta}{2}\,\left(1 + \cos\left(\frac{\pi\,\min\left(t,\,T\right)}{T}\right)\right)$.

    Loshchilov & Hutter (2017), arXiv:1608.03983, without restarts; torch.optim.lr_scheduler.CosineAnnealingLR, which
    rises again after T where this one stays at 0.
    """

    formula = "learning_rate / 2 * (1 + cos(pi * min(update, period) / period))"
    intuition = "Slow at first, then quickly down, then gently to zero."
    source = "I. Loshchilov & F. Hutter (2017), arXiv:1608.03983, without restarts"

    period: int = period_field()


@dataclass(frozen=True, eq=False)
class WarmupCosine(FormulaSchedule):
    r"""A linear rise over w updates, then a cosine to zero at update T, and zero from then on.

    $\eta_t = \begin{cases}0 & \text{if } t \ge T \\ \frac{\eta\,\left(t + 1\right)}{w + 1} & \text{if } t < w \\
    \frac{\eta}{2}\,\left(1 + \cos\left(\frac{\pi\,\left(t - w\right)}{T - w}\right)\right) &
    \text{otherwise}\end{cases}$.
    A warm-up that is longer than the period is cut off at update T.
    Goyal et al. (2017), arXiv:1706.02677, and Loshchilov & Hutter (2017), arXiv:1608.03983. optax's
    warmup_cosine_decay_schedule starts the rise at a chosen value where this one starts at 1/(w+1).
    """

    formula = (
        "where(update >= period, 0, where(update < warmup, learning_rate * (update + 1) / (warmup + 1),"
        " learning_rate / 2 * (1 + cos(pi * (update - warmup) / (period - warmup)))))"
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
