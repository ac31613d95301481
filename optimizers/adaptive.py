"""Rules that give every parameter a step size of its own, learned from its past gradients."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameter
from optimizers.optimizer import Loss, ScheduledOptimizer, State, learning_rate_field

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


def moving_average(average: np.ndarray, new: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """kept * average + (1 - kept) * new."""
    result = kept * average
    result += np.asarray(1 - kept) * new
    return result


def _plain(value: np.ndarray) -> float | np.ndarray:
    """A single number as Python's own, which multiplies and divides single numbers faster; an array as it is."""
    return value if np.ndim(value) else float(value)


def step_size(expression: str, condition: str = "") -> Equation:
    """The effective step, a quotient; with epsilon 0 it is 0 where no slope is remembered."""
    return Equation("effective_step", expression, condition, remark=_NO_SLOPE, instead="0")


@dataclass(frozen=True, eq=False)
class RootScaled(ScheduledOptimizer):
    """Rules that divide by the root of a measure of past squared gradients, plus epsilon.

    With epsilon = 0, a parameter that remembers no slope stays; PyTorch divides 0 by 0 there and goes to nan.
    """

    epsilon: float = epsilon_field(1e-8)

    @cached_property
    def _epsilon_may_vanish(self) -> bool:
        return bool((np.asarray(self.epsilon) == 0).any())

    def _over_root(self, rate: np.ndarray, root: np.ndarray) -> np.ndarray:
        """rate / (root + epsilon), in the memory of `root`; 0 where no slope is remembered."""
        root += self.epsilon
        if self._epsilon_may_vanish:
            root[root == 0] = np.inf
        return np.divide(rate, root, root)


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
    equations = (
        Equation("squared_gradients", "squared_gradients + gradient ** 2"),
        step_size("scheduled_learning_rate / (sqrt(squared_gradients) + epsilon)"),
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

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "squared_gradients": np.zeros_like(theta) + self.initial_accumulator,
            "effective_step": np.full_like(theta, np.nan),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        squares = gradient * gradient
        squares += state["squared_gradients"]
        effective = self._over_root(self.scheduled_learning_rate(state), np.sqrt(squares))
        moved = theta - effective * gradient
        return moved, {"update": state["update"] + 1, "squared_gradients": squares, "effective_step": effective}


@dataclass(frozen=True, eq=False)
class RMSProp(RootScaled):
    r"""Adagrad that forgets: a moving average of squared gradients in place of their sum.

    $s \leftarrow \rho s + (1-\rho) g^2$, $\theta \leftarrow \theta - \eta_t\, g / (\sqrt{s} + \epsilon)$.
    Source: T. Tieleman & G. Hinton (2012), Coursera lecture 6.5. PyTorch's variant: epsilon outside the root, no bias
    correction. TensorFlow, optax's default and Dive into Deep Learning have it inside, $\sqrt{s + \epsilon}$. With
    epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    equations = (
        Equation("second_moment", "decay * second_moment + (1 - decay) * gradient ** 2"),
        step_size("scheduled_learning_rate / (sqrt(second_moment) + epsilon)"),
        Equation("theta", "theta - effective_step * gradient"),
    )
    intuition = "Adagrad that forgets: recent gradients count most in the effective step."
    source = "T. Tieleman & G. Hinton (2012), Neural Networks for Machine Learning, lecture 6.5"
    variant = (
        "PyTorch's: epsilon outside the root, decay 0.99. TensorFlow, optax and Dive into Deep Learning put epsilon "
        "inside the root and start with decay 0.9."
    )

    decay: float = decay_field(0.99)

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "second_moment": np.zeros_like(theta),
            "effective_step": np.full_like(theta, np.nan),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        second = moving_average(state["second_moment"], gradient * gradient, self.decay)
        effective = self._over_root(self.scheduled_learning_rate(state), np.sqrt(second))
        moved = theta - effective * gradient
        return moved, {"update": state["update"] + 1, "second_moment": second, "effective_step": effective}


@dataclass(frozen=True, eq=False)
class Adadelta(ScheduledOptimizer):
    r"""Steps measured by past steps: the ratio of two root mean squares replaces the learning rate.

    $s \leftarrow \rho s + (1-\rho) g^2$, $\Delta = \sqrt{D + \epsilon}\, g / \sqrt{s + \epsilon}$,
    $D \leftarrow \rho D + (1-\rho)\Delta^2$, $\theta \leftarrow \theta - \eta_t \Delta$.
    Source: M. D. Zeiler (2012), arXiv:1212.5701. PyTorch's variant: the paper's with a learning rate, 1 by default;
    epsilon inside both roots. With epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    equations = (
        Equation("second_moment", "decay * second_moment + (1 - decay) * gradient ** 2"),
        step_size(
            "scheduled_learning_rate * sqrt(squared_steps + epsilon) / sqrt(second_moment + epsilon)",
        ),
        Equation(
            "move",
            "sqrt(squared_steps + epsilon) * gradient / sqrt(second_moment + epsilon)",
            remark=_NO_SLOPE,
            instead="0",
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

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "second_moment": np.zeros_like(theta),
            "squared_steps": np.zeros_like(theta),
            "effective_step": np.full_like(theta, np.nan),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        second = moving_average(state["second_moment"], gradient * gradient, self.decay)
        measure = np.sqrt(second + self.epsilon)
        measure[measure == 0] = np.inf  # with epsilon 0, a parameter that remembers no slope does not move
        ratio = np.sqrt(state["squared_steps"] + self.epsilon) / measure
        move = ratio * gradient
        rate = self.scheduled_learning_rate(state)
        return theta - rate * move, {
            "update": state["update"] + 1,
            "second_moment": second,
            "squared_steps": moving_average(state["squared_steps"], move * move, self.decay),
            "effective_step": rate * ratio,
        }


@dataclass(frozen=True, eq=False)
class Moments(RootScaled):
    """The Adam family: moving averages of the gradient and of its square, both corrected for their start at zero."""

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

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "first_moment": np.zeros_like(theta),
            "second_moment": np.zeros_like(theta),
            "effective_step": np.full_like(theta, np.nan),
            "beta1_power": _plain(np.ones(np.shape(self.beta1))),
            "beta2_power": _plain(np.ones(np.shape(self.beta2))),
        }

    @cached_property
    def _fresh(self) -> tuple[np.ndarray, np.ndarray]:
        """1 - beta1 and 1 - beta2, the weights of what is new, as arrays: numpy multiplies faster by these."""
        return np.asarray(1 - self.beta1), np.asarray(1 - self.beta2)

    @cached_property
    def _betas(self) -> tuple[float | np.ndarray, float | np.ndarray]:
        """beta1 and beta2, the factors of their powers."""
        return _plain(self.beta1), _plain(self.beta2)

    def _advance(self, gradient: np.ndarray, state: State) -> State:
        """The state with both moments and the powers of beta moved one update on."""
        (fresh1, fresh2), (beta1, beta2) = self._fresh, self._betas
        first = self.beta1 * state["first_moment"]
        first += fresh1 * gradient
        squares = np.square(gradient)
        squares *= fresh2
        second = self.beta2 * state["second_moment"]
        second += squares
        state = state.copy()
        state["first_moment"], state["second_moment"] = first, second
        # New numbers, not in place: the state before keeps its own. Products, not powers: numpy may round a power
        # differently on a batch than on a single number.
        state["update"] = state["update"] + 1
        state["beta1_power"] = state["beta1_power"] * beta1
        state["beta2_power"] = state["beta2_power"] * beta2
        return state

    def _effective_step(self, second_moment: np.ndarray, state: State) -> np.ndarray:
        r"""$\eta_t / (\sqrt{\hat v} + \epsilon)$ after `_advance`."""
        root = second_moment * np.asarray(1 / (1 - state["beta2_power"]))
        np.sqrt(root, root)
        # The counter has moved on already; the schedule belongs to the update under way.
        return self._over_root(self.learning_rate_at(state["update"] - 1), root)


_MOMENTS = (
    Equation("first_moment", "beta1 * first_moment + (1 - beta1) * gradient"),
    Equation("second_moment", "beta2 * second_moment + (1 - beta2) * gradient ** 2"),
)
_CORRECTED_FIRST = Equation("corrected_first_moment", "first_moment / (1 - beta1_power)")
_CORRECTED = (_CORRECTED_FIRST, Equation("corrected_second_moment", "second_moment / (1 - beta2_power)"))
_EFFECTIVE = step_size("scheduled_learning_rate / (sqrt(corrected_second_moment) + epsilon)")
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

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        state = self._advance(loss.gradient(theta), state)
        state["effective_step"] = self._effective_step(state["second_moment"], state)
        return _moved(theta, state), state


def _moved(theta: np.ndarray, state: State) -> np.ndarray:
    """These points less the effective step times the corrected first moment."""
    move = state["first_moment"] * np.asarray(1 / (1 - state["beta1_power"]))
    move *= state["effective_step"]
    return np.subtract(theta, move, move)


@dataclass(frozen=True, eq=False)
class AdamW(Moments):
    r"""Adam with weight decay beside the gradient, not inside it.

    $\theta \leftarrow \theta - \eta_t \lambda \theta$, then Adam's step with the moments of g alone.
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

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        kept = 1 - self.scheduled_learning_rate(state) * self.weight_decay
        state = self._advance(loss.gradient(theta), state)
        state["effective_step"] = self._effective_step(state["second_moment"], state)
        return _moved(kept * theta, state), state


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
    equations = (
        *_MOMENTS,
        Equation("largest_second_moment", "max(largest_second_moment, second_moment)"),
        _CORRECTED_FIRST,
        step_size(
            "scheduled_learning_rate / (sqrt(largest_second_moment / (1 - beta2_power)) + epsilon)",
        ),
        _MOVE,
    )
    intuition = "Adam that divides by the largest average of squares so far, and so does not forget how steep it was."
    source = "S. J. Reddi, S. Kale & S. Kumar (2018), arXiv:1904.09237"
    variant = "PyTorch's: the maximum before the correction. optax takes it after; the paper does not correct."

    def init(self, theta: np.ndarray) -> State:
        return {**super().init(theta), "largest_second_moment": np.zeros_like(theta)}

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        state = self._advance(loss.gradient(theta), state)
        state["largest_second_moment"] = np.maximum(state["largest_second_moment"], state["second_moment"])
        state["effective_step"] = self._effective_step(state["largest_second_moment"], state)
        return _moved(theta, state), state


@dataclass(frozen=True, eq=False)
class Adamax(ScheduledOptimizer):
    r"""Adam with the largest recent gradient in place of the root mean square.

    $u \leftarrow \max(\beta_2 u, |g| + \epsilon)$, $\theta \leftarrow \theta - \eta_t\, \hat m / u$.
    Source: D. P. Kingma & J. Ba (2015), arXiv:1412.6980, section 7.1. PyTorch's variant: epsilon inside the maximum;
    as in optax; the paper has none. With epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
    equations = (
        _MOMENTS[0],
        Equation("largest_gradient", "max(beta2 * largest_gradient, abs(gradient) + epsilon)"),
        _CORRECTED_FIRST,
        step_size("scheduled_learning_rate / largest_gradient"),
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

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "first_moment": np.zeros_like(theta),
            "largest_gradient": np.zeros_like(theta),
            "effective_step": np.full_like(theta, np.nan),
            "beta1_power": np.ones(np.shape(self.beta1)),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        largest = np.maximum(self.beta2 * state["largest_gradient"], np.abs(gradient) + self.epsilon)
        rate = self.scheduled_learning_rate(state)
        state = {
            "update": state["update"] + 1,
            "first_moment": moving_average(state["first_moment"], gradient, self.beta1),
            "largest_gradient": largest,
            # With epsilon 0, a parameter that remembers no slope does not move.
            "effective_step": np.where(largest == 0, 0.0, rate / largest),
            "beta1_power": state["beta1_power"] * self.beta1,
        }
        return _moved(theta, state), state


@dataclass(frozen=True, eq=False)
class NAdam(Moments):
    r"""Adam with Nesterov's look-ahead, and a momentum that warms up.

    $\mu_t = \beta_1 (1 - \tfrac12 0.96^{(t+1)\psi})$, $\Pi_t = \prod_{i \le t}\mu_i$,
    $\theta \leftarrow \theta - \alpha \left(\frac{1-\mu_t}{1-\Pi_t}\, g + \frac{\mu_{t+1}}{1-\Pi_t\mu_{t+1}}\,
    m\right)$ with $\alpha = \eta_t/(\sqrt{\hat v}+\epsilon)$. Source: T. Dozat (2016), ICLR workshop. PyTorch's
    variant, which follows the paper's momentum schedule; optax's nadam keeps the momentum constant. With
    epsilon = 0, a parameter without a slope so far stays (PyTorch: nan).
    """

    family = FAMILY
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

    def init(self, theta: np.ndarray) -> State:
        product = np.ones(np.broadcast_shapes(np.shape(self.beta1), np.shape(self.momentum_decay)))
        return {**super().init(theta), "momentum_product": product}

    def _momentum(self, update: int) -> np.ndarray:
        # An array of at least one entry: on a single number, numpy rounds a power differently than in a batch.
        exponent = np.atleast_1d(np.asarray((update + 1) * self.momentum_decay, dtype=float))
        warmup = 1 - np.power(0.96, exponent) / 2
        return self.beta1 * np.reshape(warmup, np.shape(self.momentum_decay))

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient, update = loss.gradient(theta), state["update"]
        now, following = self._momentum(update), self._momentum(update + 1)
        state = self._advance(gradient, state)
        product = state["momentum_product"] * now
        state["momentum_product"] = product
        state["effective_step"] = self._effective_step(state["second_moment"], state)
        ahead = (1 - now) / (1 - product) * gradient + following / (1 - product * following) * state["first_moment"]
        return theta - state["effective_step"] * ahead, state


@dataclass(frozen=True, eq=False)
class RAdam(Moments):
    r"""Adam that does not trust its second moment until enough gradients have been seen.

    $\rho_\infty = 2/(1-\beta_2) - 1$, $\rho_t = \rho_\infty - 2(t+1)\beta_2^{t+1}/(1-\beta_2^{t+1})$. Where $\rho_t >
    5$: $\theta \leftarrow \theta - \eta_t\, r_t\, \hat m / (\sqrt{\hat v} + \epsilon)$ with
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
            "sqrt((variance_length - 4) * (variance_length - 2) * variance_length_limit"
            " / ((variance_length_limit - 4) * (variance_length_limit - 2) * variance_length))",
            condition="variance_length > 5",
        ),
        step_size(
            "scheduled_learning_rate * rectification * sqrt(1 - beta2_power) / (sqrt(second_moment) + epsilon)",
            condition="variance_length > 5",
        ),
        Equation("effective_step", "scheduled_learning_rate", condition="variance_length <= 5"),
        _MOVE,
    )
    intuition = (
        "Adam with a built-in warm-up: first the mean gradient alone, then adaptive steps that grow to full size."
    )
    source = "L. Liu et al. (2020), arXiv:1908.03265"
    variant = "PyTorch's: the threshold is 5 (optax the same, the paper 4), epsilon is added before v is corrected."

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        rate = self.scheduled_learning_rate(state)
        state = self._advance(loss.gradient(theta), state)
        power = state["beta2_power"]
        limit = 2 / (1 - self.beta2) - 1
        length = limit - 2 * state["update"] * power / (1 - power)
        trusted = length > 5
        rectification = np.sqrt(
            (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * np.where(trusted, length, np.nan))
        )
        adaptive = self._over_root(rate * rectification * np.sqrt(1 - power), np.sqrt(state["second_moment"]))
        state["effective_step"] = np.where(trusted, adaptive, np.broadcast_to(rate, theta.shape))
        return _moved(theta, state), state
