"""The contract between a rule, the loss that it descends, and the loop that runs it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

from optimizers.equations import Equation
from optimizers.hyperparameters import check_hyperparameters, hyperparameter
from optimizers.schedules import Constant, Schedule

State = dict[str, np.ndarray | int]


class Loss(Protocol):
    """What a rule may ask of a loss, at points of shape (2, *batch)."""

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss, shape (*batch,)."""

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient, shape (2, *batch)."""

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch)."""


def learning_rate_field(default: float, low: float = 1e-4, high: float = 10.0, help: str = "") -> float:
    """The learning rate of a rule, with its own default and slider range."""
    return hyperparameter(
        default,
        r"\eta",
        "learning rate",
        low=low,
        high=high,
        scale="log",
        help=help or "The larger it is, the longer the next step.",
    )


@dataclass(frozen=True, eq=False)
class Optimizer(ABC):
    """A rule that moves a point: two pure functions, `init` and `step`, over an explicit state.

    A hyperparameter is a number or an array of shape (*batch,). A state is a dict of arrays and counters by name; every
    array keeps its shape from update to update, so that a run can record it. state["update"] counts the updates made.

    learning_rate, schedule: the rate of update t is what the schedule makes of the learning rate.
    family: the heading under which the rule is listed.
    equations: one update, line by line, in terms of the names in the state and of the hyperparameters.
    intuition: one sentence for a student. source: paper and DOI. variant: which variant this is, and who differs.
    notes: for rules that can meet a special case, what each value of state["note"] says; 0 is the ordinary step.

    Raises ValueError where a hyperparameter is outside its range, or the schedule is none.
    """

    family: ClassVar[str]
    equations: ClassVar[tuple[Equation, ...]]
    intuition: ClassVar[str]
    source: ClassVar[str]
    variant: ClassVar[str]
    notes: ClassVar[dict[int, str]] = {}

    learning_rate: float = learning_rate_field(0.01)
    schedule: Schedule = field(default=Constant(), kw_only=True)

    def __post_init__(self):
        check_hyperparameters(self)
        if not isinstance(self.schedule, Schedule):
            raise ValueError(
                f"The schedule of {type(self).__name__} must be a Schedule such as Cosine(), not {self.schedule!r}."
            )

    @abstractmethod
    def init(self, theta: np.ndarray) -> State:
        """The state before the first update at points of shape (2, *batch)."""

    @abstractmethod
    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """One update: the new points, of the same shape, and the new state."""

    def learning_rate_at(self, update: int) -> np.ndarray:
        r"""The learning rate $\eta_t$ of one update, of the shape of `learning_rate`; the first update is number 0."""
        return self.schedule.rate(self.learning_rate, update)

    def learning_rates(self, updates: int) -> np.ndarray:
        """The learning rates of the first so many updates, (updates, *shape of `learning_rate`), to the bit those of
        `learning_rate_at`."""
        return self.schedule.rates(self.learning_rate, updates)

    def scheduled_learning_rate(self, state: State) -> np.ndarray:
        r"""The learning rate $\eta_t$ of the coming update."""
        return self.learning_rate_at(state["update"])

    def rate_limit(self, curvature: float) -> float:
        """The learning rate above which the rule cannot settle at a minimum whose largest curvature is this; nan where
        theory names none."""
        return np.nan


class ScheduledOptimizer(Optimizer):
    """A rule whose learning rate is a rate: pages offer a schedule for it, and rules can share it.

    The learning rate of the other rules is a share of a length that they find themselves.
    """
