"""Rules that use the gradient and, at most, a memory of past gradients."""

from dataclasses import dataclass

from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameter
from optimizers.optimizer import ScheduledOptimizer, learning_rate_field, vector

FAMILY = "First order"


def momentum_field() -> float:
    """The share of the velocity that survives an update."""
    return hyperparameter(
        0.9, r"\mu", "momentum", low=0.0, high=0.99, at_least=0.0, below=1.0, help="The share of the velocity kept."
    )


@dataclass(frozen=True, eq=False)
class GradientDescent(ScheduledOptimizer):
    r"""Steps against the gradient: $\theta \leftarrow \theta - \eta_t g$.

    Source: A. Cauchy (1847), Comptes rendus 25, 536-538. The same as torch.optim.SGD without momentum and optax.sgd.
    """

    family = FAMILY
    aliases = ("SGD",)
    equations = (Equation("theta", "theta - scheduled_learning_rate * gradient"),)
    intuition = (
        "Find the steepest way down, and take a step that is the learning rate times as long as the slope is steep."
    )
    source = "A. Cauchy (1847), Comptes rendus 25, 536-538"
    variant = "The same in PyTorch (SGD without momentum) and optax (sgd)."

    def rate_limit(self, curvature: float) -> float:
        r"""$2/\lambda$: above it, every step along the steepest axis of a quadratic ends further away."""
        return 2 / curvature


@dataclass(frozen=True, eq=False)
class Momentum(ScheduledOptimizer):
    r"""A heavy ball: $v \leftarrow \mu v + g$, $\theta \leftarrow \theta - \eta_t v$.

    Source: B. T. Polyak (1964), doi:10.1016/0041-5553(64)90137-5. PyTorch's variant: the learning rate multiplies the
    whole velocity. In Polyak's and TensorFlow's, it multiplies the new gradient only, before that joins the velocity;
    the two paths differ when the learning rate changes during a run.
    """

    family = FAMILY
    aliases = ("heavy ball",)
    memory = {"velocity": vector(0.0)}
    equations = (
        Equation("velocity", "momentum * velocity + gradient"),
        Equation("theta", "theta - scheduled_learning_rate * velocity"),
    )
    intuition = "A heavy ball: it gathers speed where the slope keeps its direction and calms where it changes sign."
    source = "B. T. Polyak (1964), doi:10.1016/0041-5553(64)90137-5"
    variant = (
        "PyTorch's: the learning rate multiplies the whole velocity. Polyak and TensorFlow multiply only the new "
        "gradient by it; the paths differ when a schedule changes the rate."
    )

    momentum: float = momentum_field()

    def rate_limit(self, curvature: float) -> float:
        r"""$2(1+\mu)/\lambda$ on a quadratic. Source: G. Goh (2017), doi:10.23915/distill.00006."""
        return 2 * (1 + self.momentum) / curvature


@dataclass(frozen=True, eq=False)
class Nesterov(ScheduledOptimizer):
    r"""Momentum that looks ahead: $v \leftarrow \mu v + g$, $\theta \leftarrow \theta - \eta_t (g + \mu v)$.

    Source: Y. Nesterov (1983), Soviet Math. Dokl. 27, 372-376, in the form of Sutskever et al. (2013), ICML.
    PyTorch's variant (SGD with nesterov=True): theta is the point that looks ahead, so the gradient is taken where
    theta is drawn. Nesterov's own form takes it at theta + mu v.
    """

    family = FAMILY
    aliases = ("NAG",)
    memory = {"velocity": vector(0.0)}
    equations = (
        Equation("velocity", "momentum * velocity + gradient"),
        Equation("theta", "theta - scheduled_learning_rate * (gradient + momentum * velocity)"),
    )
    intuition = "Momentum that looks where it is about to be, and so brakes earlier."
    source = "Y. Nesterov (1983), Soviet Math. Dokl. 27, 372-376; I. Sutskever et al. (2013), ICML"
    variant = (
        "PyTorch's and optax's: theta is the look-ahead point, so the gradient is taken where theta is drawn. "
        "Nesterov's own form takes it one velocity further."
    )

    momentum: float = momentum_field()

    def rate_limit(self, curvature: float) -> float:
        r"""$2(1+\mu)/((1+2\mu)\lambda)$ on a quadratic. Source: L. Lessard, B. Recht & A. Packard (2016),
        doi:10.1137/15M1009597."""
        return 2 * (1 + self.momentum) / ((1 + 2 * self.momentum) * curvature)


@dataclass(frozen=True, eq=False)
class SignDescent(ScheduledOptimizer):
    r"""Only the sign of each partial derivative counts: $\theta \leftarrow \theta - \eta_t \operatorname{sign}(g)$.

    Source: J. Bernstein et al. (2018), signSGD, arXiv:1802.04434. The same as optax.sign_sgd. Rprop (Riedmiller &
    Braun 1993) also adapts the size of each step.
    """

    family = FAMILY
    equations = (Equation("theta", "theta - scheduled_learning_rate * sign(gradient)"),)
    intuition = "Every parameter with a slope moves against it by exactly the learning rate, however steep it is."
    source = "J. Bernstein et al. (2018), signSGD, arXiv:1802.04434"
    variant = "The same as optax's sign_sgd. Rprop (PyTorch) also adapts the size of each step."


@dataclass(frozen=True, eq=False)
class Lion(ScheduledOptimizer):
    r"""The sign of a moving average, with two memories: a short one to step, a long one to keep.

    $p \leftarrow \beta_1 m + (1-\beta_1) g$, $\theta \leftarrow \theta - \eta_t(\operatorname{sign}(p) +
    \lambda\theta)$, $m \leftarrow \beta_2 m + (1-\beta_2) g$. Source: X. Chen et al. (2023), arXiv:2302.06675. The
    same as optax.lion, except that weight decay is 0 unless it is asked for (optax: 0.001).
    """

    family = FAMILY
    memory = {"first_moment": vector(0.0)}
    equations = (
        Equation("direction", "beta1 * first_moment + (1 - beta1) * gradient"),
        Equation("theta", "theta - scheduled_learning_rate * (sign(direction) + weight_decay * theta)"),
        Equation("first_moment", "beta2 * first_moment + (1 - beta2) * gradient"),
    )
    intuition = "Like sign descent, but a memory of past gradients votes on the sign."
    source = "X. Chen et al. (2023), Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675"
    variant = "The paper's and optax's (lion), with weight decay 0 unless it is asked for; optax starts with 0.001."

    learning_rate: float = learning_rate_field(0.01)
    beta1: float = hyperparameter(
        0.9, r"\beta_1", "beta 1", low=0.0, high=0.999, at_least=0.0, below=1.0, help="The memory used for the step."
    )
    beta2: float = hyperparameter(
        0.99, r"\beta_2", "beta 2", low=0.0, high=0.9999, at_least=0.0, below=1.0, help="The memory that is kept."
    )
    weight_decay: float = hyperparameter(
        0.0, r"\lambda", "weight decay", low=0.0, high=0.5, help="Pulls theta to the origin, apart from the gradient."
    )
