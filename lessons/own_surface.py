"""The lesson on a surface of one's own: the place that suits a formula, and its tries."""

from functools import partial

import numpy as np

from lessons.claims import Claim, Quantity, Runs, ends_as, is_true, nearest_approach
from lessons.tries import Try
from optimizers import OPTIMIZERS
from optimizers.kinds import OutcomeKind
from surfaces import TypedSurface, parse

FIRST = "x^4/4 - 2x^2 + x/2 + y^2"
SIDES = ("left", "right", "bottom", "top")
RULE = "GradientDescent"
UPDATES = 100
# Starts in the corners of a picture, as shares of its sides.
CORNERS = (0.05, 0.95)


def place_of(surface: TypedSurface) -> dict[str, float]:
    """The domain and the start that suit a formula, by the names of the widgets."""
    theta1, theta2 = map(float, surface.start)
    return {**dict(zip(SIDES, map(float, np.ravel(surface.domain)), strict=True)), "theta1": theta1, "theta2": theta2}


def descents(formula: str, start: tuple[float, float], *rates: float) -> Runs:
    """Gradient descent as the page shows it, by its learning rates."""
    return Runs.of(
        parse(formula), {f"{rate:g}": OPTIMIZERS[RULE](learning_rate=rate) for rate in rates}, start, UPDATES
    )


def _trial(
    title: str,
    look_at: str,
    formula: str,
    rates: tuple[float, ...],
    claims: tuple[Claim, ...],
    good: bool = True,
    **place: float,
) -> Try:
    """A button that puts a formula into the box, with the place that suits it unless another is given.

    rates: the learning rate that it sets, and others that its words speak of.
    """
    state = {**place_of(parse(formula)), **place}
    start = state["theta1"], state["theta2"]
    return Try(
        title,
        look_at,
        {"formula": formula, **state, "rate": rates[0], "updates": UPDATES},
        good,
        partial(descents, formula, start, *rates),
        claims,
    )


def _counted(kind: str) -> Quantity[Runs]:
    return Quantity(
        f"The number of points that are a {kind}",
        lambda runs: sum(point.kind == kind for point in runs.surface.critical_points()),
    )


def _is_reached_from_the_corners(runs: Runs) -> bool:
    surface, (rule, *_) = runs.surface, runs.optimizers.values()
    (minimum,) = (point.theta for point in surface.critical_points() if point.kind == "minimum")
    low, high = np.transpose(surface.view)
    starts = [(low[0] + a * (high[0] - low[0]), low[1] + b * (high[1] - low[1])) for a in CORNERS for b in CORNERS]
    made = [Runs.of(surface, {"corner": rule}, start, UPDATES).distances("corner", minimum)[-1] for start in starts]
    return max(made) < 0.01


def _moves(runs: Runs) -> np.ndarray:
    """How far θ₁ moves with every update."""
    return np.abs(np.diff(runs.path("0.25")[0]))


TRIES = (
    _trial(
        "Two hollows",
        "The surface has two hollows, and the path ends in the right one. Click on the map to move the start: which "
        "hollow is found from there?",
        FIRST,
        (0.063,),
        (
            _counted("minimum").exactly(2),
            ends_as("0.063", OutcomeKind.LOCAL_MINIMUM),
            Quantity("The last θ₁", lambda runs: runs.path("0.063")[0, -1]).about(1.934),
        ),
    ),
    _trial(
        "A neuron with two weights",
        "A cross-entropy, typed by hand: two examples, and a small penalty for large weights. It has one minimum, and "
        "the path finds it from every corner of the map.",
        "softplus(-w1 - 2w2) + softplus(w1 - w2) + 0.05(w1^2 + w2^2)",
        (0.45,),
        (
            _counted("minimum").exactly(1),
            _counted("saddle").exactly(0),
            ends_as("0.45", OutcomeKind.LOCAL_MINIMUM),
            is_true("Every corner leads to the minimum", _is_reached_from_the_corners),
        ),
    ),
    _trial(
        "A corner",
        "At θ₁ = 0 the slope jumps from −1 to 1. So every step along θ₁ is as long as η, and the path goes to and fro "
        "across the corner for ever.",
        "|x| + y^2",
        (0.25,),
        (
            *(
                Quantity(f"The slope at {theta1}", lambda runs, at=theta1: runs.surface.gradient((at, 0.5))[0]).exactly(
                    np.sign(theta1)
                )
                for theta1 in (-1e-9, 1e-9)
            ),
            Quantity("The longest move in θ₁", lambda runs: _moves(runs).max()).about(0.25, 1e-9),
            Quantity("The shortest move in θ₁", lambda runs: _moves(runs).min()).about(0.25, 1e-9),
            ends_as("0.25", OutcomeKind.OSCILLATING),
        ),
        good=False,
    ),
    _trial(
        "A gap",
        "A logarithm has values on one side only. With this η the first step crosses the edge at θ₁ = 0, and the run "
        "ends where there is no loss. With η = 0.5 it goes to the minimum at θ₁ = 1.",
        "x - ln(x) + y^2",
        (4.5, 0.5),
        (
            Quantity("θ₁ after the first step", lambda runs: runs.path("4.5")[0, 1]).at_most(0),
            Quantity("The update that ends the run", lambda runs: int(runs.trajectories["4.5"].diverged_at)).exactly(1),
            ends_as("4.5", OutcomeKind.DIVERGED),
            nearest_approach("0.5", (1.0, 0.0)).at_most(1e-6),
            ends_as("0.5", OutcomeKind.LOCAL_MINIMUM),
        ),
        good=False,
        theta1=1.9,
        theta2=0.0,
    ),
)
