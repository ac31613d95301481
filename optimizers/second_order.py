"""Newton and its relatives: rules that measure curvature, or the loss itself, to choose how far to go."""

from dataclasses import dataclass

from optimizers.equations import Equation
from optimizers.optimizer import IDENTITY, Optimizer, learning_rate_field, number, vector

FAMILY = "Line search and curvature"

_NO_DECREASE = "No step length made the loss smaller at working precision, so the point stayed."


def full_step_field() -> float:
    """The learning rate of a rule that knows its own step length: 1 is the full step."""
    return learning_rate_field(1.0, low=0.01, high=2.0, help="The share of the rule's own step; 1 is the full step.")


def first_trial_field() -> float:
    """The learning rate of a rule with a line search: the first length it tries."""
    return learning_rate_field(1.0, low=1e-3, high=10.0, help="The first step length that the search tries.")


@dataclass(frozen=True, eq=False)
class LineSearch(Optimizer):
    r"""Gradient descent that chooses its step length: $\theta \leftarrow \theta - a\, g$ with Armijo backtracking.

    a is the first of $\eta, \eta/2, \eta/4, \dots$ with $L(\theta - a g) \le L(\theta) - 10^{-4} a\, |g|^2$.
    Source: L. Armijo (1966), doi:10.2140/pjm.1966.16.1. Variants differ in the factor (1/2 here, 0.8 in optax's
    scale_by_backtracking_linesearch) and in where the next search begins (at eta again here).
    """

    family = FAMILY
    shown = ("step_length", "note")
    equations = (
        Equation("step_length", "armijo(-gradient, scheduled_learning_rate)"),
        Equation("theta", "theta - step_length * gradient"),
        Equation("note", "where(step_length == 0, 1, 0)", aside=True),
    )
    intuition = "Try a step; while the loss does not fall enough, halve it."
    source = "L. Armijo (1966), doi:10.2140/pjm.1966.16.1"
    variant = (
        "Halves the step and starts at the learning rate each time; optax multiplies by 0.8 and starts at 1.5 times "
        "the last length."
    )
    notes = {1: _NO_DECREASE}

    learning_rate: float = first_trial_field()


@dataclass(frozen=True, eq=False)
class BestStep(Optimizer):
    r"""Each parameter takes the best step of its own parabola: |first derivative| / second derivative.

    $\theta \leftarrow \theta - \eta\, g / |\operatorname{diag}(H)|$. Where a second derivative is zero, that parameter
    takes a plain gradient step. Source: H.-y. Lee, Machine Learning lecture, Gradient Descent (2017);
    as a method, the diagonal Newton step of Y. LeCun, L. Bottou, G. Orr & K.-R. Mueller, Efficient BackProp (1998).
    Not to be confused with the exact step along the gradient (Cauchy's), which has one length for both parameters.
    """

    family = FAMILY
    shown = ("effective_step", "note")
    equations = (
        Equation(
            "effective_step",
            "quotient(scheduled_learning_rate, abs(diagonal(hessian)), scheduled_learning_rate)",
            remark=r"where a second derivative is zero, $\eta$ itself",
        ),
        Equation("theta", "theta - effective_step * gradient"),
        Equation(
            "note",
            "where(least(abs(diagonal(hessian))) == 0, 2, where(least(diagonal(hessian)) < 0, 1, 0))",
            aside=True,
        ),
    )
    intuition = "On a parabola, the distance to the minimum is the first derivative divided by the second."
    source = "Y. LeCun, L. Bottou, G. Orr & K.-R. Mueller, Efficient BackProp (1998), the diagonal Newton step"
    variant = "One step size per parameter, from the diagonal of the Hessian; Cauchy's exact step has one for both."
    notes = {
        1: "A second derivative is negative: the step used its size and went against the slope.",
        2: "A second derivative is zero: that parameter took a plain gradient step.",
    }

    learning_rate: float = full_step_field()


@dataclass(frozen=True, eq=False)
class ConjugateGradient(Optimizer):
    r"""Directions that do not undo each other: $p \leftarrow \beta p^- - g$, $\theta \leftarrow \theta + a\,p$.

    $\beta = \max(0, g^\top(g - g^-)/|g^-|^2)$ (Polak-Ribiere, never negative). The length a is $\eta$ times the
    minimiser of the loss's parabola along p, $-p^\top g / p^\top H p$, then halved until the loss falls enough
    (Armijo); where the parabola opens downwards, the search begins at $\eta$. On a convex quadratic, the full step of
    $\eta = 1$ arrives in two updates.
    Source: E. Polak & G. Ribiere (1969); J. R. Shewchuk (1994), CMU-CS-94-125. SciPy's CG uses a Wolfe line search.
    """

    family = FAMILY
    memory = {"previous_gradient": vector(0.0), "previous_direction": vector(0.0)}
    shown = ("conjugacy", "step_length", "note")
    equations = (
        Equation("conjugacy", "polak_ribiere(gradient, previous_gradient, previous_direction)"),
        Equation("direction", "conjugacy * previous_direction - gradient"),
        Equation(
            "step_length",
            "armijo(direction, scheduled_learning_rate * length_to_minimum(hessian, direction, gradient))",
            remark="the minimiser of the parabola along p, halved until the loss falls enough",
        ),
        Equation("theta", "theta + step_length * direction"),
        Equation(
            "note",
            "where(step_length == 0, 1, where(begins_again(gradient, previous_gradient, previous_direction), 3,"
            " where(curves_up(hessian, direction) or slope_along(direction, gradient) == 0, 0, 2)))",
            aside=True,
        ),
        Equation("previous_gradient", "gradient", aside=True),
        Equation("previous_direction", "direction", aside=True),
    )
    intuition = "Keep a share of the last direction, just enough not to spoil what it achieved."
    source = "E. Polak & G. Ribiere (1969), doi:10.1051/m2an/196903R100351; J. R. Shewchuk (1994), CMU-CS-94-125"
    variant = "Polak-Ribiere+ with a Newton step along the line and Armijo backtracking; SciPy uses a Wolfe search."
    notes = {
        1: _NO_DECREASE,
        2: "The loss does not curve up along the direction: the search began at the learning rate.",
        3: "The combined direction pointed uphill: the rule started again from the gradient.",
    }

    learning_rate: float = full_step_field()


@dataclass(frozen=True, eq=False)
class Newton(Optimizer):
    r"""Jumps to the stationary point of the quadratic model: $\theta \leftarrow \theta - \eta H^{-1} g$.

    Pure Newton: where the Hessian is indefinite, the model's stationary point is a saddle or a maximum, and the rule
    goes there; `notes` says so. Where the Hessian is singular (an eigenvalue below 1e-12 of the larger one), the rule
    takes the Newton step along the curved direction and a plain gradient step along the flat one.
    Source: J. Nocedal & S. Wright, Numerical Optimization (2006), section 3.3, doi:10.1007/978-0-387-40065-5.
    """

    family = FAMILY
    shown = ("newton_step", "note")
    equations = (
        Equation(
            "newton_step",
            "where(is_singular(hessian), flat_newton_step(hessian, gradient), solve(hessian, gradient))",
        ),
        Equation("theta", "theta - scheduled_learning_rate * newton_step"),
        Equation("note", "where(is_singular(hessian), 2, where(least_eigenvalue(hessian) < 0, 1, 0))", aside=True),
    )
    intuition = "Fit a parabola with the same slope and curvature, and jump to the point where it is level."
    source = "J. Nocedal & S. Wright, Numerical Optimization (2006), section 3.3, doi:10.1007/978-0-387-40065-5"
    variant = "Pure Newton, without a line search: it also goes to saddles and maxima."
    notes = {
        1: "The Hessian has a negative eigenvalue: the model has no minimum, the step led to its saddle or maximum.",
        2: "The Hessian is singular: a gradient step was taken along its flat direction.",
    }

    learning_rate: float = full_step_field()

    def rate_limit(self, curvature: float) -> float:
        """2 full steps, whatever the curvature: twice the way to the minimum ends as far beyond it."""
        return 2.0


@dataclass(frozen=True, eq=False)
class DampedNewton(Optimizer):
    r"""Newton that always goes downhill: $\theta \leftarrow \theta - a\,|H|^{-1} g$.

    |H| has the eigenvectors of H and the absolute values of its eigenvalues, at least 1e-8 of the larger one; the
    length a is the first of $\eta, \eta/2, \dots$ with sufficient decrease (Armijo). Sources: Y. Dauphin et al. (2014),
    arXiv:1406.2572 (absolute values); Nocedal & Wright (2006), section 3.4. Variants add a multiple of the identity to
    H in place of the absolute values (Levenberg-Marquardt).
    """

    family = FAMILY
    shown = ("newton_step", "step_length", "note")
    equations = (
        Equation("newton_step", "absolute_newton_step(hessian, gradient)"),
        Equation("step_length", "armijo(-newton_step, scheduled_learning_rate)"),
        Equation("theta", "theta - step_length * newton_step"),
        Equation(
            "note",
            "where(step_length == 0, 1, where(is_singular(hessian), 3, where(least_eigenvalue(hessian) < 0, 2, 0)))",
            aside=True,
        ),
    )
    intuition = "Newton's direction, turned downhill where the loss curves down, and shortened until the loss falls."
    source = "Y. Dauphin et al. (2014), arXiv:1406.2572; Nocedal & Wright (2006), section 3.4"
    variant = "Absolute eigenvalues with Armijo backtracking; Levenberg and Marquardt add a multiple of the identity."
    notes = {
        1: _NO_DECREASE,
        2: "The Hessian has a negative eigenvalue: that direction was turned downhill.",
        3: "The Hessian is singular: its flat direction got the smallest curvature allowed.",
    }

    learning_rate: float = full_step_field()


@dataclass(frozen=True, eq=False)
class BFGS(Optimizer):
    r"""Learns the inverse Hessian from the gradients it meets: $\theta \leftarrow \theta - a\,B g$.

    With $s = \theta - \theta^-$, $y = g - g^-$, $\rho = 1/s^\top y$:
    $B \leftarrow (I - \rho s y^\top) B (I - \rho y s^\top) + \rho s s^\top$. B starts as the identity and is scaled by
    $s^\top y / y^\top y$ before its first update. Where $s^\top y$ is not positive, B is kept. The length a is the
    first of $\eta, \eta/2, \dots$ with sufficient decrease (Armijo). Source: J. Nocedal & S. Wright, Numerical
    Optimization (2006), algorithm 6.1, doi:10.1007/978-0-387-40065-5. SciPy and PyTorch (L-BFGS) use a Wolfe line
    search.
    """

    family = FAMILY
    memory = {
        "inverse_hessian": IDENTITY,
        "previous_theta": vector("theta"),
        "previous_gradient": vector(0.0),
        "scaled": number(0.0),
    }
    shown = ("step_length", "note")
    equations = (
        Equation(
            "learned",
            "where(has_turned(theta - previous_theta, gradient - previous_gradient) and update > 0, 1, 0)",
            aside=True,
        ),
        Equation("kept", "where(has_moved(theta - previous_theta) and learned == 0 and update > 0, 1, 0)", aside=True),
        Equation(
            "estimate",
            "updated_inverse(inverse_hessian, theta - previous_theta, gradient - previous_gradient, learned, scaled)",
            aside=True,
        ),
        Equation("scaled", "max(scaled, learned)", aside=True),
        Equation("inverse_hessian", "downhill_inverse(estimate, gradient)"),
        Equation("direction", "times(inverse_hessian, gradient)"),
        Equation("step_length", "armijo(-direction, scheduled_learning_rate)"),
        Equation("previous_theta", "theta", aside=True),
        Equation("previous_gradient", "gradient", aside=True),
        Equation("theta", "theta - step_length * direction"),
        Equation(
            "note",
            "where(step_length == 0, 1, where(goes_uphill(estimate, gradient), 3, where(kept == 1, 2, 0)))",
            aside=True,
        ),
    )
    intuition = "Watch how the gradient changes from point to point, and work out the curvature from that."
    source = "J. Nocedal & S. Wright, Numerical Optimization (2006), algorithm 6.1, doi:10.1007/978-0-387-40065-5"
    variant = "Armijo backtracking, the first update rescaled; SciPy and PyTorch (L-BFGS) use a Wolfe search."
    notes = {
        1: _NO_DECREASE,
        2: "The slope did not increase along the last move: the curvature estimate was kept as it was.",
        3: "The estimated direction pointed uphill: the rule started again from the gradient.",
    }

    learning_rate: float = first_trial_field()
