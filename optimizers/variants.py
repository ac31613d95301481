"""Rules that lessons compare with those of the catalogue, and a learning rate that changes during a run."""

import dataclasses
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from optimizers.adaptive import FAMILY, Moments, RootScaled, step_size
from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameters
from optimizers.optimizer import Optimizer, learning_rate_field, vector
from optimizers.schedules import Constant, Schedule
from programs.program import Builder, Program
from programs.tracing import quantity


@dataclass(frozen=True, eq=False)
class AdagradByRootMeanSquare(RootScaled):
    r"""Adagrad as a decaying learning rate over the root mean square of all derivatives so far.

    $\theta \leftarrow \theta - \frac{\eta^t}{\sigma^t + \epsilon/\sqrt{t+1}} g$ with $\eta^t = \eta_t/\sqrt{t+1}$ and
    $\sigma^t = \sqrt{\frac{1}{t+1} G}$, where $G \leftarrow G + g^2$. The two roots of t + 1 cancel, so this is
    `Adagrad` to rounding: its epsilon, which stands beside the root of the sum, is $\epsilon/\sqrt{t+1}$ here.
    Source: H.-y. Lee, Machine Learning lecture, Gradient Descent (2017).
    """

    family = FAMILY
    memory = {"squared_gradients": vector(0.0)}
    shown = ("root_mean_square", "decayed_learning_rate", "effective_step")
    equations = (
        Equation("squared_gradients", "squared_gradients + gradient ** 2"),
        Equation("root_mean_square", "sqrt(squared_gradients / (update + 1))"),
        Equation("decayed_learning_rate", "scheduled_learning_rate / sqrt(update + 1)"),
        step_size("decayed_learning_rate", "root_mean_square + epsilon / sqrt(update + 1)"),
        Equation("theta", "theta - effective_step * gradient"),
    )
    intuition = "A decaying learning rate, divided by how large the derivatives have been."
    source = "H.-y. Lee, Machine Learning lecture, Gradient Descent (2017)"
    variant = "The lecture's form of Adagrad; the simplified form is the catalogue's."

    learning_rate: float = learning_rate_field(0.1)


@dataclass(frozen=True, eq=False)
class UncorrectedAdam(Moments):
    r"""Adam without the bias correction: $\theta \leftarrow \theta - \eta_t\, m / (\sqrt{v} + \epsilon)$.

    Both moments start at zero and are too small at first, m by the factor $1-\beta_1^{t+1}$, v by $1-\beta_2^{t+1}$.
    With the usual values the root of v is much more too small than m, so the first steps are too long. See D. P. Kingma
    & J. Ba (2015), arXiv:1412.6980, section 3.
    """

    family = FAMILY
    equations = (
        Equation("first_moment", "beta1 * first_moment + (1 - beta1) * gradient"),
        Equation("second_moment", "beta2 * second_moment + (1 - beta2) * gradient ** 2"),
        step_size("scheduled_learning_rate", "sqrt(second_moment) + epsilon"),
        Equation("theta", "theta - effective_step * first_moment"),
    )
    intuition = "Adam that believes its averages from the first update on, although they began at zero."
    source = "D. P. Kingma & J. Ba (2015), arXiv:1412.6980, section 3"
    variant = "What PyTorch's and optax's Adam would be without its correction."


@dataclass(frozen=True, eq=False)
class RateChange(Schedule):
    """A schedule that goes on with another learning rate from some update on.

    learning_rate: the later one, a single number. update: the number of the first update made with it, which may be
    beyond the end of the run; update 0 means from the start. schedule: what multiplies the one rate and the other.

    Raises ValueError where the update is no whole number of at least 0, or the rate changes already.
    """

    learning_rate: float = learning_rate_field(0.01)
    update: int = 0
    schedule: Schedule = Constant()

    def __post_init__(self):
        super().__post_init__()
        if isinstance(self.schedule, RateChange):
            raise ValueError("The learning rate of this rule changes already, and it can change once only.")
        if not (isinstance(self.update, Integral) and self.update >= 0):
            raise ValueError(f"The rate changes at a whole number of updates of at least 0, not {self.update!r}.")

    @property
    def numbers(self) -> dict[str, float]:
        """The later rate, when it begins, and the hyperparameters of the schedule that multiplies both, by name."""
        return {**self.schedule.numbers, "later_rate": float(self.learning_rate), "changed_at": float(self.update)}

    def rate_program(self) -> Program | None:
        """From learning_rate, update and `numbers` to scheduled_learning_rate; None where `schedule` is no formula."""
        scheduled = self.schedule.rate_program()
        if scheduled is None:
            return None
        builder = Builder()
        update, before, later, changed_at = (
            quantity(builder, name) for name in ("update", "learning_rate", "later_rate", "changed_at")
        )
        rate = np.where(update < changed_at, before, later)
        return builder.program(builder.include(scheduled, {"learning_rate": int(rate.indices)}))

    def __call__(self, update: int) -> float:
        """The factor on the learning rate that holds at this update."""
        return self.schedule(update)

    def factors(self, updates: int) -> np.ndarray:
        """The factors of the first so many updates, shape (updates,)."""
        return self.schedule.factors(updates)

    def rate(self, learning_rate: np.ndarray, update: int) -> np.ndarray:
        """The learning rate at this update, which depends on the one given until the change only."""
        return self.schedule.rate(learning_rate if update < self.update else self.learning_rate, update)

    def rates(self, learning_rate: np.ndarray, updates: int) -> np.ndarray:
        """The learning rates of the first so many updates, shape (updates,), to the bit those of `rate`."""
        before, after = (self.schedule.rates(rate, updates) for rate in (learning_rate, self.learning_rate))
        return np.where(np.arange(updates) < self.update, before, after)


def rate_change(optimizer: Optimizer, learning_rate: float, update: int) -> Optimizer:
    """The rule with this learning rate from update number `update` on; its whole state is carried over.

    Raises ValueError where a hyperparameter is an array, or the rule's learning rate changes already.
    """
    if any(np.ndim(getattr(optimizer, name)) for name in hyperparameters(optimizer)):
        raise ValueError("The hyperparameters of a rule that changes its learning rate must be single numbers.")
    return dataclasses.replace(optimizer, schedule=RateChange(learning_rate, update, optimizer.schedule))
