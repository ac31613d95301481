"""The contract between a rule, the loss that it descends, and the loop that runs it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Optimizer(ABC):
    """A rule that moves a point: two pure functions, `init` and `step`, over an explicit state.

    A hyperparameter is a number or an array of shape (*batch,). A state is a dict of arrays and counters by name; every
    array keeps its shape from update to update, so that a run can record it.

    family: the heading under which the rule is listed.
    equations: one update, line by line, in terms of the names in the state and of the hyperparameters.
    intuition: one sentence for a student. source: paper and DOI. variant: which variant this is, and who differs.
    notes: for rules that can meet a special case, what each value of state["note"] says; 0 is the ordinary step.

    Raises ValueError where a hyperparameter is outside its range.
    """

    family: ClassVar[str]
    equations: ClassVar[tuple[Equation, ...]]
    intuition: ClassVar[str]
    source: ClassVar[str]
    variant: ClassVar[str]
    notes: ClassVar[dict[int, str]] = {}

    def __post_init__(self):
        check_hyperparameters(self)

    @abstractmethod
    def init(self, theta: np.ndarray) -> State:
        """The state before the first update at points of shape (2, *batch)."""

    @abstractmethod
    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """One update: the new points, of the same shape, and the new state."""

    def learning_rate_at(self, update: int) -> np.ndarray:
        """The learning rate of one update; the first update is number 0."""
        return self.learning_rate

    def rate_limit(self, curvature: float) -> float:
        """The learning rate above which the rule cannot settle at a minimum whose largest curvature is this; nan where
        theory names none."""
        return np.nan


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
class ScheduledOptimizer(Optimizer):
    """A rule whose learning rate follows a schedule. Its state counts the updates."""

    learning_rate: float = learning_rate_field(0.01)
    schedule: Schedule = Constant()

    def __post_init__(self):
        super().__post_init__()
        if not isinstance(self.schedule, Schedule):
            raise ValueError(
                f"The schedule of {type(self).__name__} must be a Schedule such as Cosine(), not {self.schedule!r}."
            )

    def learning_rate_at(self, update: int) -> np.ndarray:
        r"""The learning rate $\eta_t$ of one update; the first update is number 0."""
        factor = self.schedule(update)
        return self.learning_rate if factor == 1.0 else np.asarray(self.learning_rate * np.float64(factor))

    def scheduled_learning_rate(self, state: State) -> np.ndarray:
        r"""The learning rate $\eta_t$ of the coming update."""
        return self.learning_rate_at(state["update"])
