"""The contract between a rule, the loss that it descends, and the loop that runs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from optimizers.equations import Equation
from optimizers.hyperparameters import check_hyperparameters, hyperparameter
from optimizers.loss import Loss
from optimizers.schedules import Constant, Schedule
from optimizers.stepping import State, initial_state, one_update


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


class Memory(NamedTuple):
    """Something that a rule remembers from update to update.

    start: its value before the first update: a number, a matrix, "theta" or the name of a hyperparameter. shape: () for
    one number, (2,) for one per parameter, (2, 2) for a matrix.
    """

    start: float | str | tuple
    shape: tuple[int, ...]


def number(start: float | str) -> Memory:
    """One remembered number."""
    return Memory(start, ())


def vector(start: float | str) -> Memory:
    """One remembered number per parameter, all with the same start, or the point that is named."""
    return Memory(start, (2,))


IDENTITY = Memory(((1.0, 0.0), (0.0, 1.0)), (2, 2))


@dataclass(frozen=True, eq=False)
class Optimizer:
    """A rule that moves a point: what it remembers, and its equations, from which `init` and `step` follow.

    A hyperparameter is a number or an array of shape (*batch,). A state is a dict of arrays and counters by name: what
    the rule remembers and what it shows. Every array keeps its shape from update to update, so that a run can record
    it. state["update"] counts the updates made.

    learning_rate, schedule: the rate of update t is what the schedule makes of the learning rate.
    family: the heading under which the rule is listed. aliases: other names under which people look for it.
    memory: what the rule remembers, by name. shown: what else is recorded of every update, such as the step that each
    parameter effectively gets; it is nan before the first.
    equations: one update, line by line, in terms of theta, of the loss's gradient, hessian and value at theta, of what
    is remembered, of the hyperparameters, scheduled_learning_rate and update.
    intuition: one sentence for a student. source: paper and DOI. variant: which variant this is, and who differs.
    A rule may write its own `init` and `step` in place of equations; it then runs more slowly.
    notes: for rules that can meet a special case, what each value of state["note"] says; 0 is the ordinary step.

    Raises ValueError where a hyperparameter is outside its range, or the schedule is none.
    """

    family: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    memory: ClassVar[Mapping[str, Memory]] = {}
    shown: ClassVar[tuple[str, ...]] = ()
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

    def init(self, theta: np.ndarray) -> State:
        """The state before the first update at points of shape (2, *batch)."""
        return initial_state(self, theta)

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """One update: the new points, of the same shape, and the new state."""
        return one_update(self, loss, theta, state)

    def learning_rate_at(self, update: int) -> np.ndarray:
        r"""The learning rate $\eta_t$ of one update, of the shape of `learning_rate`; the first update is number 0."""
        return self.schedule.rate(self.learning_rate, update)

    def learning_rates(self, updates: int) -> np.ndarray:
        """The learning rates of the first so many updates, (updates, *shape of `learning_rate`), to the bit those of
        `learning_rate_at`."""
        return self.schedule.rates(self.learning_rate, updates)

    def rate_limit(self, curvature: float) -> float:
        """The learning rate above which the rule cannot settle at a minimum whose largest curvature is this; nan where
        theory names none."""
        return np.nan


class ScheduledOptimizer(Optimizer):
    """A rule whose learning rate is a rate: pages offer a schedule for it, and rules can share it.

    The learning rate of the other rules is a share of a length that they find themselves.
    """
