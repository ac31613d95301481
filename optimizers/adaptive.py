"""Rules that give every parameter a step size of its own, learned from its past gradients."""

from dataclasses import dataclass

from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameter
from optimizers.optimizer import ScheduledOptimizer, learning_rate_field, number, vector

FAMILY = "Adaptive"

_NO_SLOPE = "there is no slope to divide by, so it stays"


def epsilon_field(default: float) -> float:
    """The small number that keeps a division finite."""
    return hyperparameter(
        default, r"\epsilon", "epsilon", low=1e-12, high=1.0, scale="log", help="Keeps the division finite."
    )


def decay_field(default: float) -> float:
    """The share of the average of squares that survives an update."""
    return hyperparameter(
        default,
        r"\rho",
        "decay",
        low=0.0,
        high=0.999,
        at_least=0.0,
        below=1.0,
        help="The memory for squared gradients.",
    )


def step_size(numerator: str, divisor: str) -> Equation:
    """The effective step, a quotient; with epsilon 0 it is 0 where no slope is remembered."""
    return Equation("effective_step", f"quotient({numerator}, {divisor}, 0)", remark=_NO_SLOPE)


@dataclass(frozen=True, eq=False)
class RootScaled(ScheduledOptimizer):
    """Rules that divide by the root of a measure of past squared gradients, plus epsilon.

    With epsilon = 0, a parameter that remembers no slope stays; PyTorch divides 0 by 0 there and goes to nan.
    """

    epsilon: float = epsilon_field(1e-8)


@dataclass(frozen=True, eq=False)
class Adagrad(RootScaled):
    r"""Divides the learning rate by the root of the sum of all squared gradients so far.

    $G \leftarrow G + g^2$, $\theta \leftarrow \theta - \eta_t\, g / (\sqrt{G} + \epsilon)$.
    Source: J. Duchi, E. Hazan & Y. Singer (2011), JMLR 12, 2121-2159. PyTorch's variant: G starts at
    initial_accumulator = 0 and epsilon = 1e-10 stands outside the root. Keras and optax start G at 0.1 with
    epsilon inside the root (TensorFlow up to 2.10: outside). Dive into Deep Learning has epsilon inside the root, which
    is initial_accumulator = epsilon here with epsilon = 0. With epsilon = 0, a parameter without a slope so far stays
    (PyTorch: nan).
    """

    family = FAMILY
    memory = {"squared_gradients": vector("initial_accumulator")}
    shown = ("effective_step",)
    equations = (
        Equation("squared_gradients", "squared_gradients + gradient ** 2"),
        step_size("scheduled_learning_rate", "sqrt(squared_gradients) + epsilon"),
        Equation("theta", "theta - effective_step * gradient"),
    )
    intuition = (
        "The more slope a parameter has seen, the smaller its effective step η/√Σg². At a constant η it never grows."
    )
    source = "J. Duchi, E. Hazan & Y. Singer (2011), JMLR 12, 2121-2159"
    variant = (
        "PyTorch's: the sum starts at 0, epsilon stands outside the root. Keras and optax start at 0.1 with epsilon "
        "inside. Dive into Deep Learning has it inside the root: that is initial accumulator = epsilon, "
        "epsilon = 0 here."
    )

    learning_rate: float = learning_rate_field(0.1)
    epsilon: float = epsilon_field(1e-10)
    initial_accumulator: float = hyperparameter(
        0.0, "G_0", "initial accumulator", low=0.0, high=1.0, help="Where the sum of squared gradients starts."
    )


@dataclass(frozen=True, eq=False)
class RMSProp(RootScaled):
    r"""Adagrad that forgets: a moving average of squared gradients in place of their sum.

    $v \leftarrow \rho v + (1-\rho) g^2$, $\theta \leftarrow \theta - \eta_t\, g / (\sqrt{v} + \epsilon)$.
    Source: T. Tieleman & G. Hinton (2012), Coursera lecture 6.5. PyTorch's variant: epsilon outside the root, no bias
    correction. TensorFlow, optax's default and Dive into Deep Learning have it inside, $\sqrt{v + \epsilon}$. With
    epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    memory = {"second_moment": vector(0.0)}
    shown = ("effective_step",)
    equations = (
        Equation("second_moment", "decay * second_moment + (1 - decay) * gradient ** 2"),
        step_size("scheduled_learning_rate", "sqrt(second_moment) + epsilon"),
        Equation("theta", "theta - effective_step * gradient"),
    )
    intuition = "Adagrad that forgets: recent gradients count most in the effective step."
    source = "T. Tieleman & G. Hinton (2012), Neural Networks for Machine Learning, lecture 6.5"
    variant = (
        "PyTorch's: epsilon outside the root, decay 0.99. TensorFlow, optax and Dive into Deep Learning put epsilon "
        "inside the root and start with decay 0.9."
    )

    decay: float = decay_field(0.99)


@dataclass(frozen=True, eq=False)
class Adadelta(ScheduledOptimizer):
    r"""Steps measured by past steps: the ratio of two root mean squares replaces the learning rate.

    $v \leftarrow \rho v + (1-\rho) g^2$, $\Delta = \sqrt{D + \epsilon}\, g / \sqrt{v + \epsilon}$,
    $D \leftarrow \rho D + (1-\rho)\Delta^2$, $\theta \leftarrow \theta - \eta_t \Delta$.
    Source: M. D. Zeiler (2012), arXiv:1212.5701. PyTorch's variant: the paper's with a learning rate, 1 by default;
    epsilon inside both roots. With epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    memory = {"second_moment": vector(0.0), "squared_steps": vector(0.0)}
    shown = ("effective_step",)
    equations = (
        Equation("second_moment", "decay * second_moment + (1 - decay) * gradient ** 2"),
        step_size("scheduled_learning_rate * sqrt(squared_steps + epsilon)", "sqrt(second_moment + epsilon)"),
        Equation(
            "move",
            "quotient(sqrt(squared_steps + epsilon) * gradient, sqrt(second_moment + epsilon), 0)",
            remark=_NO_SLOPE,
        ),
        Equation("squared_steps", "decay * squared_steps + (1 - decay) * move ** 2"),
        Equation("theta", "theta - scheduled_learning_rate * move"),
    )
    intuition = (
        "The past steps of a parameter set the scale of the next one; the first ones are tiny, because epsilon is."
    )
    source = "M. D. Zeiler (2012), arXiv:1212.5701"
    variant = "PyTorch's: the paper's rule times a learning rate of 1; epsilon stands inside both roots."

    learning_rate: float = learning_rate_field(1.0, high=100.0)
    decay: float = decay_field(0.9)
    epsilon: float = epsilon_field(1e-6)


@dataclass(frozen=True, eq=False)
class Moments(RootScaled):
    """The Adam family: moving averages of the gradient and of its square, both corrected for their start at zero."""

    memory = {
        "first_moment": vector(0.0),
        "second_moment": vector(0.0),
        "beta1_power": number(1.0),
        "beta2_power": number(1.0),
    }
    shown = ("effective_step",)

    learning_rate: float = learning_rate_field(0.05)
    beta1: float = hyperparameter(
        0.9, r"\beta_1", "beta 1", low=0.0, high=0.999, at_least=0.0, below=1.0, help="The memory for the gradient."
    )
    beta2: float = hyperparameter(
        0.999,
        r"\beta_2",
        "beta 2",
        low=0.0,
        high=0.9999,
        at_least=0.0,
        below=1.0,
        help="The memory for the squared gradient.",
    )


_FIRST_MOMENT = Equation("first_moment", "beta1 * first_moment + (1 - beta1) * gradient")
_FIRST_POWER = Equation("beta1_power", "beta1_power * beta1", aside=True)
_MOMENTS = (
    _FIRST_MOMENT,
    Equation("second_moment", "beta2 * second_moment + (1 - beta2) * gradient ** 2"),
    _FIRST_POWER,
    Equation("beta2_power", "beta2_power * beta2", aside=True),
)
_CORRECTED_FIRST = Equation("corrected_first_moment", "first_moment / (1 - beta1_power)")
_CORRECTED = (_CORRECTED_FIRST, Equation("corrected_second_moment", "second_moment / (1 - beta2_power)"))
_EFFECTIVE = step_size("scheduled_learning_rate", "sqrt(corrected_second_moment) + epsilon")
_MOVE = Equation("theta", "theta - effective_step * corrected_first_moment")


@dataclass(frozen=True, eq=False)
class Adam(Moments):
    r"""Momentum and RMSProp together, with a correction for the first updates.

    $m \leftarrow \beta_1 m + (1-\beta_1) g$, $v \leftarrow \beta_2 v + (1-\beta_2) g^2$,
    $\hat m = m/(1-\beta_1^{t+1})$, $\hat v = v/(1-\beta_2^{t+1})$,
    $\theta \leftarrow \theta - \eta_t\, \hat m / (\sqrt{\hat v} + \epsilon)$.
    Source: D. P. Kingma & J. Ba (2015), arXiv:1412.6980, algorithm 1; the same in PyTorch and optax. TensorFlow uses
    the paper's "epsilon hat", which adds epsilon before the correction of v. With epsilon = 0, a parameter without a
    slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    equations = (*_MOMENTS, *_CORRECTED, _EFFECTIVE, _MOVE)
    intuition = (
        "Momentum for the direction, RMSProp for the step size: under a steady slope, each parameter moves by about "
        "one learning rate at every update."
    )
    source = "D. P. Kingma & J. Ba (2015), arXiv:1412.6980"
    variant = "The paper's algorithm 1, as in PyTorch and optax. TensorFlow adds epsilon before v is corrected."


@dataclass(frozen=True, eq=False)
class AdamW(Moments):
    r"""Adam with weight decay beside the gradient, not inside it.

    $\theta \leftarrow (1 - \eta_t \lambda) \theta - \eta_t\, \hat m / (\sqrt{\hat v} + \epsilon)$, with Adam's moments
    of g alone.
    Source: I. Loshchilov & F. Hutter (2019), arXiv:1711.05101. PyTorch's variant: the learning rate multiplies the
    decay, and lambda = 0.01 (optax: 0.0001; the paper decays by the schedule's factor only). With lambda > 0 the rule
    does not stop at a minimum of L, but nearer to the origin. With epsilon = 0, a parameter without a slope so far
    takes no step but the decay (PyTorch: nan).
    """

    family = FAMILY
    equations = (
        *_MOMENTS,
        *_CORRECTED,
        _EFFECTIVE,
        Equation(
            "theta",
            "(1 - scheduled_learning_rate * weight_decay) * theta - effective_step * corrected_first_moment",
        ),
    )
    intuition = "Adam, and a steady pull towards the origin that the step sizes do not rescale."
    source = "I. Loshchilov & F. Hutter (2019), arXiv:1711.05101"
    variant = "PyTorch's: the learning rate multiplies the decay, lambda = 0.01. optax starts with 0.0001."

    weight_decay: float = hyperparameter(
        0.01, r"\lambda", "weight decay", low=0.0, high=0.5, help="The pull towards the origin."
    )


@dataclass(frozen=True, eq=False)
class AMSGrad(Moments):
    r"""Adam with the largest second moment so far in the root, so that a steep moment is never forgotten.

    $v^{\max} \leftarrow \max(v^{\max}, v)$,
    $\theta \leftarrow \theta - \eta_t\, \hat m / (\sqrt{v^{\max}/(1-\beta_2^{t+1})} + \epsilon)$.
    Source: S. J. Reddi, S. Kale & S. Kumar (2018), arXiv:1904.09237. PyTorch's variant (Adam with amsgrad=True): the
    maximum is taken before the bias correction; optax takes it after; the paper has no correction. With epsilon
    = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    memory = {**Moments.memory, "largest_second_moment": vector(0.0)}
    equations = (
        *_MOMENTS,
        Equation("largest_second_moment", "max(largest_second_moment, second_moment)"),
        _CORRECTED_FIRST,
        step_size("scheduled_learning_rate", "sqrt(largest_second_moment / (1 - beta2_power)) + epsilon"),
        _MOVE,
    )
    intuition = "Adam that divides by the largest average of squares so far, and so does not forget how steep it was."
    source = "S. J. Reddi, S. Kale & S. Kumar (2018), arXiv:1904.09237"
    variant = "PyTorch's: the maximum before the correction. optax takes it after; the paper does not correct."


@dataclass(frozen=True, eq=False)
class Adamax(ScheduledOptimizer):
    r"""Adam with the largest recent gradient in place of the root mean square.

    $u \leftarrow \max(\beta_2 u, |g| + \epsilon)$, $\theta \leftarrow \theta - \eta_t\, \hat m / u$.
    Source: D. P. Kingma & J. Ba (2015), arXiv:1412.6980, section 7.1. PyTorch's variant: epsilon inside the maximum;
    as in optax; the paper has none. With epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    memory = {"first_moment": vector(0.0), "largest_gradient": vector(0.0), "beta1_power": number(1.0)}
    shown = ("effective_step",)
    equations = (
        _FIRST_MOMENT,
        _FIRST_POWER,
        Equation("largest_gradient", "max(beta2 * largest_gradient, abs(gradient) + epsilon)"),
        _CORRECTED_FIRST,
        step_size("scheduled_learning_rate", "largest_gradient"),
        _MOVE,
    )
    intuition = (
        "Adam measured by its largest recent gradient: with the usual betas, no parameter moves by more than about one "
        "learning rate."
    )
    source = "D. P. Kingma & J. Ba (2015), arXiv:1412.6980, section 7.1"
    variant = "PyTorch's and optax's: epsilon inside the maximum. The paper has none."

    learning_rate: float = learning_rate_field(0.05)
    beta1: float = hyperparameter(
        0.9, r"\beta_1", "beta 1", low=0.0, high=0.999, at_least=0.0, below=1.0, help="The memory for the gradient."
    )
    beta2: float = hyperparameter(
        0.999, r"\beta_2", "beta 2", low=0.0, high=0.9999, at_least=0.0, below=1.0, help="The memory for the maximum."
    )
    epsilon: float = epsilon_field(1e-8)


@dataclass(frozen=True, eq=False)
class NAdam(Moments):
    r"""Adam with Nesterov's look-ahead, and a momentum that warms up.

    $\mu_t = \beta_1 (1 - 0.96^{(t+1)\psi}/2)$, $\mu_{t+1} = \beta_1 (1 - 0.96^{(t+2)\psi}/2)$,
    $\Pi_t \leftarrow \Pi_t \mu_t$,
    $\theta \leftarrow \theta - \alpha \left(\frac{1-\mu_t}{1-\Pi_t}\, g + \frac{\mu_{t+1}}{1-\Pi_t\mu_{t+1}}\,
    m\right)$ with $\alpha = \eta_t/(\sqrt{\hat v}+\epsilon)$. Source: T. Dozat (2016), ICLR workshop. PyTorch's
    variant, which follows the paper's momentum schedule; optax's nadam keeps the momentum constant. With
    epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    memory = {**Moments.memory, "momentum_product": number(1.0)}
    equations = (
        *_MOMENTS,
        Equation("momentum_now", "beta1 * (1 - 0.96 ** ((update + 1) * momentum_decay) / 2)"),
        Equation("momentum_next", "beta1 * (1 - 0.96 ** ((update + 2) * momentum_decay) / 2)"),
        Equation("momentum_product", "momentum_product * momentum_now"),
        _CORRECTED[1],
        _EFFECTIVE,
        Equation(
            "theta",
            "theta - effective_step * ((1 - momentum_now) / (1 - momentum_product) * gradient"
            " + momentum_next / (1 - momentum_product * momentum_next) * first_moment)",
        ),
    )
    intuition = "Adam that looks one step ahead, as Nesterov's rule does."
    source = "T. Dozat (2016), Incorporating Nesterov Momentum into Adam, ICLR workshop"
    variant = "PyTorch's, with the paper's momentum schedule. optax keeps the momentum constant."

    momentum_decay: float = hyperparameter(
        0.004, r"\psi", "momentum decay", low=0.0, high=0.1, help="How fast the momentum warms up."
    )


@dataclass(frozen=True, eq=False)
class RAdam(Moments):
    r"""Adam that does not trust its second moment until enough gradients have been seen.

    $\rho_\infty = 2/(1-\beta_2) - 1$, $\rho_t = \rho_\infty - 2(t+1)\beta_2^{t+1}/(1-\beta_2^{t+1})$. Where $\rho_t >
    5$: $\theta \leftarrow \theta - \eta_t\, r_t \sqrt{1-\beta_2^{t+1}}\, \hat m / (\sqrt{v} + \epsilon)$ with
    $r_t = \sqrt{\frac{(\rho_t-4)(\rho_t-2)\rho_\infty}{(\rho_\infty-4)(\rho_\infty-2)\rho_t}}$; else
    $\theta \leftarrow \theta - \eta_t \hat m$. Source: L. Liu et al. (2020), arXiv:1908.03265. PyTorch's variant: the
    threshold is 5 (the paper: 4) and epsilon is added before v is corrected. With epsilon = 0, a parameter
    without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    equations = (
        *_MOMENTS,
        _CORRECTED_FIRST,
        Equation("variance_length_limit", "2 / (1 - beta2) - 1"),
        Equation(
            "variance_length",
            "variance_length_limit - 2 * (update + 1) * beta2_power / (1 - beta2_power)",
        ),
        Equation(
            "rectification",
            "where(variance_length > 5, sqrt((variance_length - 4) * (variance_length - 2) * variance_length_limit"
            " / ((variance_length_limit - 4) * (variance_length_limit - 2) * variance_length)), 1)",
        ),
        Equation(
            "effective_step",
            "where(variance_length > 5, quotient(scheduled_learning_rate * rectification * sqrt(1 - beta2_power),"
            " sqrt(second_moment) + epsilon, 0), scheduled_learning_rate)",
            remark=_NO_SLOPE,
        ),
        _MOVE,
    )
    intuition = (
        "Adam with a built-in warm-up: first the mean gradient alone, then adaptive steps that grow to full size."
    )
    source = "L. Liu et al. (2020), arXiv:1908.03265"
    variant = "PyTorch's: the threshold is 5 (optax the same, the paper 4), epsilon is added before v is corrected."
