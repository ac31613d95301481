"""Newton and its relatives: rules that measure curvature, or the loss itself, to choose how far to go."""

from dataclasses import dataclass

import numpy as np

from optimizers.equations import Equation
from optimizers.optimizer import Loss, Optimizer, State, learning_rate_field
from programs.matrices import FLAT, components, dot, eigen, near_one, outer, solve, times

FAMILY = "Line search and curvature"

SUFFICIENT_DECREASE = 1e-4
# From 1 to the smallest number that a computer holds.
MOST_HALVINGS = 1100
# With so many it is time to look whether there is still a step: that costs as much as a trial.
FEW_HALVINGS = 30

_NO_DECREASE = "No step length made the loss smaller at working precision, so the point stayed."
_SEARCHED = r"the first of $\eta, \eta/2, \eta/4, \dots$ that lowers the loss enough"


def backtrack(
    loss: Loss, theta: np.ndarray, direction: np.ndarray, gradient: np.ndarray, first: np.ndarray
) -> np.ndarray:
    r"""The first step length a of first, first/2, first/4, ... with Armijo's sufficient decrease, shape (*batch,).

    $L(\theta + a p) \le L(\theta) + 10^{-4}\, a\, p^\top g$. Every row searches for itself; a row that finds no length
    before the step is lost in the rounding of theta gets 0. Source: L. Armijo (1966), doi:10.2140/pjm.1966.16.1.
    """
    here = loss.value(theta)
    # The slope along the direction may be too large for a number where that times the length is none.
    unit, exponent = near_one(direction)
    slope, scale = dot(unit, gradient), np.ldexp(SUFFICIENT_DECREASE, exponent)
    searching = np.isfinite(slope) & np.isfinite(first) & (here > -np.inf)
    length = np.where(searching, first, 0.0)
    for halvings in range(MOST_HALVINGS):
        there = theta + length * direction
        searching &= ~(loss.value(there) <= here + length * scale * slope)
        if not searching.any():
            return length
        length = np.where(searching, length / 2, length)
        if halvings >= FEW_HALVINGS:
            length = np.where(searching & (there == theta).all(axis=0), 0.0, length)
    return np.where(searching, 0.0, length)


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
    equations = (
        Equation("step_length", "", remark=_SEARCHED),
        Equation("theta", "theta - step_length * gradient"),
    )
    intuition = "Try a step; while the loss does not fall enough, halve it."
    source = "L. Armijo (1966), doi:10.2140/pjm.1966.16.1"
    variant = (
        "Halves the step and starts at the learning rate each time; optax multiplies by 0.8 and starts at 1.5 times "
        "the last length."
    )
    notes = {1: _NO_DECREASE}

    learning_rate: float = first_trial_field()

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "step_length": np.full(theta.shape[1:], np.nan),
            "note": np.zeros(theta.shape[1:], dtype=int),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        length = backtrack(loss, theta, -gradient, gradient, self.scheduled_learning_rate(state))
        return theta - length * gradient, {
            "update": state["update"] + 1,
            "step_length": length,
            "note": np.where(length == 0, 1, 0),
        }


@dataclass(frozen=True, eq=False)
class BestStep(Optimizer):
    r"""Each parameter takes the best step of its own parabola: |first derivative| / second derivative.

    $\theta_i \leftarrow \theta_i - \eta\, g_i / |\partial^2 L/\partial\theta_i^2|$. Where a second derivative is zero,
    that parameter takes a plain gradient step. Source: H.-y. Lee, Machine Learning lecture, Gradient Descent (2017);
    as a method, the diagonal Newton step of Y. LeCun, L. Bottou, G. Orr & K.-R. Mueller, Efficient BackProp (1998).
    Not to be confused with the exact step along the gradient (Cauchy's), which has one length for both parameters.
    """

    family = FAMILY
    equations = (
        Equation(
            "effective_step",
            "learning_rate / abs(diagonal(hessian))",
            instead="learning_rate",
            remark=r"where a second derivative is zero, $\eta$ itself",
        ),
        Equation("theta", "theta - effective_step * gradient"),
    )
    intuition = "On a parabola, the distance to the minimum is the first derivative divided by the second."
    source = "Y. LeCun, L. Bottou, G. Orr & K.-R. Mueller, Efficient BackProp (1998), the diagonal Newton step"
    variant = "One step size per parameter, from the diagonal of the Hessian; Cauchy's exact step has one for both."
    notes = {
        1: "A second derivative is negative: the step used its size and went against the slope.",
        2: "A second derivative is zero: that parameter took a plain gradient step.",
    }

    learning_rate: float = full_step_field()

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "effective_step": np.full_like(theta, np.nan),
            "note": np.zeros(theta.shape[1:], dtype=int),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        hessian = loss.hessian(theta)
        curvature = np.stack([hessian[0, 0], hessian[1, 1]])
        flat = curvature == 0
        effective = self.scheduled_learning_rate(state) / np.where(flat, 1.0, np.abs(curvature))
        note = np.where(flat.any(axis=0), 2, np.where((curvature < 0).any(axis=0), 1, 0))
        return theta - effective * loss.gradient(theta), {
            "update": state["update"] + 1,
            "effective_step": effective,
            "note": note,
        }


@dataclass(frozen=True, eq=False)
class ConjugateGradient(Optimizer):
    r"""Directions that do not undo each other: $p \leftarrow -g + \beta p$, $\theta \leftarrow \theta + a\,p$.

    $\beta = \max(0, g^\top(g - g^-)/|g^-|^2)$ (Polak-Ribiere, never negative). The length a is $\eta$ times the
    minimiser of the loss's parabola along p, $-p^\top g / p^\top H p$, then halved until the loss falls enough
    (Armijo); where the parabola opens downwards, the search begins at $\eta$. On a convex quadratic, the full step of
    $\eta = 1$ arrives in two updates.
    Source: E. Polak & G. Ribiere (1969); J. R. Shewchuk (1994), CMU-CS-94-125. SciPy's CG uses a Wolfe line search.
    """

    family = FAMILY
    equations = (
        Equation("conjugacy", "", remark="the share of the last direction, by Polak and Ribiere, at least 0"),
        Equation("direction", "conjugacy * previous_direction - gradient"),
        Equation("step_length", "", remark="the minimiser of the parabola along p, halved until the loss falls enough"),
        Equation("theta", "theta + step_length * direction"),
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

    def init(self, theta: np.ndarray) -> State:
        scalar = np.full(theta.shape[1:], np.nan)
        return {
            "update": 0,
            "previous_gradient": np.zeros_like(theta),
            "previous_direction": np.zeros_like(theta),
            "conjugacy": scalar,
            "step_length": scalar,
            "note": np.zeros(theta.shape[1:], dtype=int),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient, previous = loss.gradient(theta), state["previous_gradient"]
        conjugacy = _polak_ribiere(gradient, previous)
        direction = conjugacy * state["previous_direction"] - gradient
        unit, exponent = near_one(direction)
        uphill = dot(unit, gradient) >= 0
        if uphill.any():
            conjugacy = np.where(uphill, 0.0, conjugacy)
            direction = np.where(uphill, -gradient, direction)
            unit, exponent = near_one(direction)
        slope = dot(unit, gradient)
        hessian = loss.hessian(theta)
        bend = dot(unit, times(hessian, unit))
        # A bend at the level of rounding is no bend.
        convex = bend > FLAT * np.abs(hessian).sum(axis=(0, 1)) * dot(unit, unit)
        to_minimum = np.ldexp(-slope / np.where(convex, bend, 1), -exponent)
        first = self.scheduled_learning_rate(state) * np.where(convex, to_minimum, 1)
        length = backtrack(loss, theta, direction, gradient, first)
        restarted = uphill & (previous != 0).any(axis=0) & (slope < 0)
        note = np.where(length == 0, 1, np.where(restarted, 3, np.where(convex | (slope == 0), 0, 2)))
        return theta + length * direction, {
            "update": state["update"] + 1,
            "previous_gradient": gradient,
            "previous_direction": direction,
            "conjugacy": conjugacy,
            "step_length": length,
            "note": note,
        }


def _polak_ribiere(gradient: np.ndarray, previous: np.ndarray) -> np.ndarray:
    """The share of the last direction, at least 0, and 0 where there was none."""
    last, exponent = near_one(previous)
    change = dot(np.ldexp(gradient, -exponent), np.ldexp(gradient, -exponent) - last)
    known = dot(last, last) > 0
    return np.where(known, np.maximum(change / np.where(known, dot(last, last), 1), 0), 0)


@dataclass(frozen=True, eq=False)
class Newton(Optimizer):
    r"""Jumps to the stationary point of the quadratic model: $\theta \leftarrow \theta - \eta H^{-1} g$.

    Pure Newton: where the Hessian is indefinite, the model's stationary point is a saddle or a maximum, and the rule
    goes there; `notes` says so. Where the Hessian is singular (an eigenvalue below 1e-12 of the larger one), the rule
    takes the Newton step along the curved direction and a plain gradient step along the flat one.
    Source: J. Nocedal & S. Wright, Numerical Optimization (2006), section 3.3, doi:10.1007/978-0-387-40065-5.
    """

    family = FAMILY
    equations = (
        Equation("newton_step", "solve(hessian, gradient)", condition="note <= 1", when="H has an inverse"),
        Equation(
            "newton_step",
            "",
            condition="note > 1",
            remark="the gradient itself along the flat direction",
            when="H is singular",
        ),
        Equation("theta", "theta - learning_rate * newton_step"),
    )
    intuition = "Fit a parabola with the same slope and curvature, and jump to the point where it is level."
    source = "J. Nocedal & S. Wright, Numerical Optimization (2006), section 3.3, doi:10.1007/978-0-387-40065-5"
    variant = "Pure Newton, without a line search: it also goes to saddles and maxima."
    notes = {
        1: "The Hessian has a negative eigenvalue: the model has no minimum, the step led to its saddle or maximum.",
        2: "The Hessian is singular: a gradient step was taken along its flat direction.",
    }

    learning_rate: float = full_step_field()

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "newton_step": np.full_like(theta, np.nan),
            "note": np.zeros(theta.shape[1:], dtype=int),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient, hessian = loss.gradient(theta), loss.hessian(theta)
        values, vectors = eigen(hessian)
        largest = np.abs(values).max(axis=0)
        flat = np.abs(values) <= FLAT * largest
        singular = flat.any(axis=0)
        with np.errstate(all="ignore"):  # rows without an inverse, which take another step
            step = solve(hessian, gradient)
        if singular.any():
            step = np.where(singular, _along(vectors, gradient, np.where(flat, 1.0, values)), step)
        note = np.where(singular, 2, np.where(values[0] < 0, 1, 0))
        return theta - self.scheduled_learning_rate(state) * step, {
            "update": state["update"] + 1,
            "newton_step": step,
            "note": note,
        }

    def rate_limit(self, curvature: float) -> float:
        """2 full steps, whatever the curvature: twice the way to the minimum ends as far beyond it."""
        return 2.0


def _along(vectors: np.ndarray, gradient: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """The gradient's components along both eigenvectors, each divided by its curvature."""
    return times(vectors, components(vectors, gradient) / curvature)


@dataclass(frozen=True, eq=False)
class DampedNewton(Optimizer):
    r"""Newton that always goes downhill: $\theta \leftarrow \theta - a\,|H|^{-1} g$.

    |H| has the eigenvectors of H and the absolute values of its eigenvalues, at least 1e-8 of the larger one; the
    length a is the first of $\eta, \eta/2, \dots$ with sufficient decrease (Armijo). Sources: Y. Dauphin et al. (2014),
    arXiv:1406.2572 (absolute values); Nocedal & Wright (2006), section 3.4. Variants add a multiple of the identity to
    H in place of the absolute values (Levenberg-Marquardt).
    """

    family = FAMILY
    equations = (
        Equation("newton_step", "", remark="the gradient's share along each eigenvector, divided by |eigenvalue|"),
        Equation("step_length", "", remark=_SEARCHED),
        Equation("theta", "theta - step_length * newton_step"),
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

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "newton_step": np.full_like(theta, np.nan),
            "step_length": np.full(theta.shape[1:], np.nan),
            "note": np.zeros(theta.shape[1:], dtype=int),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        values, vectors = eigen(loss.hessian(theta))
        largest = np.abs(values).max(axis=0)
        floor = np.where(largest == 0, 1.0, 1e-8 * largest)
        step = _along(vectors, gradient, np.maximum(np.abs(values), floor))
        length = backtrack(loss, theta, -step, gradient, self.scheduled_learning_rate(state))
        singular = (np.abs(values) <= FLAT * largest).any(axis=0)
        note = np.where(length == 0, 1, np.where(singular, 3, np.where(values[0] < 0, 2, 0)))
        return theta - length * step, {
            "update": state["update"] + 1,
            "newton_step": step,
            "step_length": length,
            "note": note,
        }


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
    equations = (
        Equation("inverse_hessian", "", remark="from the last move and the change of the gradient"),
        Equation("direction", "times(inverse_hessian, gradient)"),
        Equation("step_length", "", remark=_SEARCHED),
        Equation("theta", "theta - step_length * direction"),
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

    def init(self, theta: np.ndarray) -> State:
        return {
            "update": 0,
            "inverse_hessian": _identity(theta.shape[1:]),
            "previous_theta": theta,
            "previous_gradient": np.zeros_like(theta),
            "scaled": np.zeros(theta.shape[1:], dtype=bool),
            "step_length": np.full(theta.shape[1:], np.nan),
            "note": np.zeros(theta.shape[1:], dtype=int),
        }

    def step(self, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        gradient = loss.gradient(theta)
        move, change = theta - state["previous_theta"], gradient - state["previous_gradient"]
        (move, size), (change, steepness) = near_one(move), near_one(change)
        moved = dot(move, move) > 0
        turned = dot(move, change) > 1e-12 * np.sqrt(dot(move, move) * dot(change, change))
        learned = turned & (state["update"] > 0)
        inverse = state["inverse_hessian"]
        inverse = _updated_inverse(inverse, move, change, size - steepness, learned, state["scaled"])
        direction, unit = times(inverse, gradient), near_one(gradient)[0]
        uphill = ~(dot(unit, direction) > 0) & (dot(unit, unit) > 0)
        if uphill.any():
            inverse = np.where(uphill, _identity(theta.shape[1:]), inverse)
            direction = np.where(uphill, gradient, direction)
        length = backtrack(loss, theta, -direction, gradient, self.scheduled_learning_rate(state))
        kept = moved & ~turned & (state["update"] > 0)
        return theta - length * direction, {
            "update": state["update"] + 1,
            "inverse_hessian": inverse,
            "previous_theta": theta,
            "previous_gradient": gradient,
            "scaled": state["scaled"] | learned,
            "step_length": length,
            "note": np.where(length == 0, 1, np.where(uphill, 3, np.where(kept, 2, 0))),
        }


def _identity(batch: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(np.eye(2).reshape(2, 2, *(1 for _ in batch)), (2, 2, *batch)).copy()


def _updated_inverse(
    inverse: np.ndarray,
    move: np.ndarray,
    change: np.ndarray,
    unit: np.ndarray,
    learned: np.ndarray,
    scaled: np.ndarray,
) -> np.ndarray:
    """The BFGS formula where `learned`, the old estimate elsewhere.

    move, change: each in a power of two as its unit, so that their products are numbers. unit: the exponent of the
    ratio of these units, which is that of the estimate once it is scaled.
    """
    product = np.where(learned, dot(move, change), 1.0)
    squares = np.where(learned, dot(change, change), 1.0)
    start = np.where(learned & ~scaled, product / squares, np.ldexp(1.0, -unit)) * inverse
    along = times(start, change)
    updated = (
        start
        - (outer(along, move) + outer(move, along)) / product
        + (1 + dot(change, along) / product) / product * outer(move, move)
    )
    return np.where(learned, np.ldexp(updated, unit), inverse)
