"""Rules that lessons compare with those of the catalogue, and a rule whose learning rate changes during a run."""

import dataclasses
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from optimizers.adaptive import FAMILY, Moments, RootScaled, step_size
from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameters
from optimizers.optimizer import Loss, Optimizer, State, learning_rate_field
from optimizers.trajectory import Tilted


@dataclass(frozen=True, eq=False)
class AdagradByRootMeanSquare(RootScaled):
    r"""Adagrad as a decaying learning rate over the root mean square of all derivatives so far.

    $\theta \leftarrow \theta - \frac{\eta^t}{\sigma^t} g^t$ with $\eta^t = \eta_t/\sqrt{t+1}$ and
    $\sigma^t = \sqrt{\frac{1}{t+1}\sum_{i \le t} (g^i)^2}$. The two roots of t + 1 cancel, so this is `Adagrad` to
    rounding: its epsilon, which stands beside the root of the sum, is $\epsilon/\sqrt{t+1}$ here.
    Source: H.-y. Lee, Machine Learning lecture, Gradient Descent (2017).
    """

    family = FAMILY
    equations = (
        Equation("squared_gradients", "squared_gradients + gradient ** 2"),
        Equation("theta", "", remark="the decaying rate over the root mean square of all derivatives so far"),
    )
    intuition = "A decaying learning rate, divided by how large the derivatives have been."
    source = "H.-y. Lee, Machine Learning lecture, Gradient Descent (2017)"
    variant = "The lecture's form of Adagrad; the simplified form is the catalogue's."

    learning_rate: float = learning_rate_field(0.1)

    def init(self, theta: np.ndarray) -> State:
        nothing = np.full_like(theta, np.nan)
        return {
            "update": 0,
            "squared_gradients": np.zeros_like(theta),
            "root_mean_square": nothing,
            "decayed_learning_rate": np.nan * self.learning_rate,
            "effective_step": nothing,
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient, count = loss.gradient(theta), state["update"] + 1
        squares = state["squared_gradients"] + gradient * gradient
        root_mean_square = np.sqrt(squares / count)
        decayed = self.scheduled_learning_rate(state) / np.sqrt(count)
        measure = root_mean_square + self.epsilon / np.sqrt(count)
        # With epsilon 0, a parameter that remembers no slope does not move.
        effective = decayed / np.where(measure == 0, np.inf, measure)
        return theta - effective * gradient, {
            "update": count,
            "squared_gradients": squares,
            "root_mean_square": root_mean_square,
            "decayed_learning_rate": decayed,
            "effective_step": effective,
        }


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
        step_size("scheduled_learning_rate / (sqrt(second_moment) + epsilon)"),
        Equation("theta", "theta - effective_step * first_moment"),
    )
    intuition = "Adam that believes its averages from the first update on, although they began at zero."
    source = "D. P. Kingma & J. Ba (2015), arXiv:1412.6980, section 3"
    variant = "What PyTorch's and optax's Adam would be without its correction."

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        rate = self.scheduled_learning_rate(state)
        state = self._advance(loss.gradient(theta), state)
        state["effective_step"] = self._over_root(rate, np.sqrt(state["second_moment"]))
        return theta - state["effective_step"] * state["first_moment"], state


@dataclass(frozen=True, eq=False)
class RateChange(Optimizer):
    """A rule with one learning rate up to some update and another one from there on; its whole state is carried over.

    before, after: the same kind of rule, each with single numbers as hyperparameters. update: the number of the first
    update made by `after`, which may be beyond the end of the run; update 0 means from the start.

    Raises ValueError where the two rules are of different kinds, a hyperparameter is an array, or the update is no
    whole number of at least 0.
    """

    before: Optimizer = None
    after: Optimizer = None
    update: int = 0

    family = "Compositions"
    equations = ()
    intuition = "The same rule, with another learning rate from one update on."
    source = "Designed for this project"
    variant = "No restart: velocities and averages stay as they are."

    def __post_init__(self):
        if type(self.before) is not type(self.after) or not isinstance(self.before, Optimizer):
            raise ValueError("The learning rate of a rule can change during a run, but not the rule itself.")
        if any(np.ndim(getattr(rule, name)) for rule in (self.before, self.after) for name in hyperparameters(rule)):
            raise ValueError("The hyperparameters of a rule that changes its learning rate must be single numbers.")
        if not (isinstance(self.update, Integral) and self.update >= 0):
            raise ValueError(f"The rate changes at a whole number of updates of at least 0, not {self.update!r}.")
        super().__post_init__()

    def init(self, theta: np.ndarray) -> State:
        return {**self.before.init(theta), "updates_made": 0}

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        own = {name: entry for name, entry in state.items() if name != "updates_made"}
        theta, own = self._rule_at(state["updates_made"]).step(loss, theta, own)
        return theta, {**own, "updates_made": state["updates_made"] + 1}

    def learning_rate_at(self, update: int) -> np.ndarray:
        """The learning rate of the rule that makes this update."""
        return self._rule_at(update).learning_rate_at(update)

    def _rule_at(self, update: int) -> Optimizer:
        return self.before if update < self.update else self.after


def rate_change(optimizer: Optimizer, learning_rate: float, update: int) -> RateChange:
    """The rule with this learning rate from update number `update` on, without starting over.

    Raises ValueError where the rule's learning rate changes already.
    """
    if isinstance(optimizer, RateChange):
        raise ValueError("The learning rate of this rule changes already, and it can change once only.")
    return RateChange(optimizer, dataclasses.replace(optimizer, learning_rate=learning_rate), update)


@dataclass(frozen=True, eq=False)
class PrescribedGradients:
    """A loss that shows a rule the given gradients, one after another, wherever the point is.

    gradients: (steps, 2), one for each update; the last one is repeated. `seen_gradient` of a run holds them.

    Raises ValueError where there is none, or where they have another shape.
    """

    gradients: np.ndarray

    def __post_init__(self):
        gradients = np.array(self.gradients, dtype=float)
        if not gradients.size or gradients.shape[1:] != (2,):
            raise ValueError(f"The gradients have shape (steps, 2), at least one of them, not {gradients.shape}.")
        object.__setattr__(self, "gradients", gradients)

    def value(self, theta: np.ndarray) -> np.ndarray:
        """Zero: there is no loss behind these gradients."""
        return np.zeros(theta.shape[1:])

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """Zero, as the gradient of this value is."""
        return np.zeros_like(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """Zero."""
        return np.zeros((2, *theta.shape))

    def sample(self, update: int) -> Loss:
        """The plane with the gradient of this update."""
        return Tilted(self, self.gradients[min(update, len(self.gradients) - 1)])


@dataclass(frozen=True, eq=False)
class IndependentNoise:
    """A loss whose gradient is seen with Gaussian noise, another one in every row of a batch.

    scales: the standard deviation of the noise of each row, (*batch,), at least 0. seed: a whole number of at least 0.
    `GaussianNoise` shows all rows the same noise.

    Raises ValueError where a scale is negative or not finite.
    """

    loss: Loss
    scales: np.ndarray
    seed: int = 0

    def __post_init__(self):
        scales = np.array(self.scales, dtype=float)
        if not ((scales >= 0) & (scales < np.inf)).all():
            raise ValueError(
                f"The scales of the noise must be finite numbers of at least 0, but they are {self.scales!r}."
            )
        object.__setattr__(self, "scales", scales)

    def value(self, theta: np.ndarray) -> np.ndarray:
        """The loss without noise."""
        return self.loss.value(theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """The gradient without noise."""
        return self.loss.gradient(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        """The Hessian, which the noise does not change."""
        return self.loss.hessian(theta)

    def sample(self, update: int) -> Loss:
        """The loss with the noise of this update."""
        noise = np.random.default_rng((self.seed, update)).normal(size=(2, *np.shape(self.scales)))
        return Tilted(self.loss, self.scales * noise)
