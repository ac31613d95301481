"""The update rule: what one update does to the loss, and what the tries promise."""

import numpy as np

from figures.theme import ARROW_COLOR_WORDS
from lessons.claims import Runs, crossings, distance, updates_of_falling_loss, updates_of_rising_loss
from lessons.falling import Change, changes
from lessons.tries import Try
from lessons.words import number
from optimizers import OPTIMIZERS, Trajectory
from optimizers.departure import LARGEST
from optimizers.outcome import outcome
from programs.frame import inside, shortest_side
from surfaces import SURFACES, Surface

RULE = "GradientDescent"
MOST_UPDATES = 30
# The white point covers a shorter step: a share of the frame's smaller side.
COVERED = 0.03


def in_words(surface: Surface, path: Trajectory) -> str:
    """What the last update of a run does to the loss, or why there is none."""
    if path.diverged:
        if not np.abs(path.theta[path.diverged_at]).max() < LARGEST:
            return f"At update {path.diverged_at} the numbers are too large for the computer. Choose a smaller η."
        result = outcome(path, surface, surface.minima, surface.view)
        return f"{result.verdict} {result.remedy}"
    if not path.gradient[-2].any():
        return "The gradient is zero here. The rule stays where it is: θ − η · 0 = θ."
    change, (before, after) = changes(surface, path)[-1], path.loss[-2:]
    if change == Change.ROUNDING:
        return f"The loss stays at **{number(before, 6)}**: this step is too small to change more than the last digit."
    if change == Change.STAYS:
        return f"The loss stays at **{number(before, 6)}**. The step was too long: choose a smaller η."
    digits = next((count for count in range(6, 17) if number(before, count) != number(after, count)), 17)
    texts = f"from {number(before, digits)} to **{number(after, digits)}**"
    if change == Change.FALLS:
        return f"The loss falls with this update, {texts}. Downhill, as it should be."
    return f"The loss rises with this update, {texts}. The step was too long: choose a smaller η."


def arrows_in_words(surface: Surface, path: Trajectory) -> str:
    """What the arrows of a run's last update mean on the map, and why one cannot be seen."""
    before, after = path.theta[-2:]
    if not (np.isfinite(after).all() and np.hypot(*path.gradient[-2]) > 0):
        return "There is no next step to draw."
    if not inside(before, surface.view):
        return "The point is outside the map, and so are its arrows."
    colors = {arrow: word.capitalize() for arrow, word in ARROW_COLOR_WORDS.items()}
    uphill = f"{colors['gradient']} arrow: uphill, the direction of ∇L (its length means nothing)."
    length = np.hypot(*(after - before))
    if length < COVERED * shortest_side(surface.view):
        return f"{uphill} The next step −η ∇L is {number(length, 3)} long: too short to be seen beside the point."
    return f"{uphill} {colors['step']} arrow: the next step −η ∇L in its true size."


def _try(title: str, look_at: str, state: dict, *claims, good: bool = True) -> Try:
    def evidence() -> Runs:
        rule = OPTIMIZERS[RULE](learning_rate=state["learning_rate"])
        start = (state["theta1"], state["theta2"])
        return Runs.of(SURFACES[state["surface"]], {RULE: rule}, start, MOST_UPDATES)

    return Try(title, look_at, state, good, evidence, claims)


TRIES = (
    _try(
        "Careful steps",
        "Small η: the loss falls with every update. Press “One update”, and compare the loss with the one before.",
        {"surface": "himmelblau", "theta1": -0.5, "theta2": -1.0, "learning_rate": 0.01, "updates": 3},
        updates_of_falling_loss(RULE).exactly(MOST_UPDATES),
    ),
    _try(
        "Straight to the minimum",
        "On this round bowl with η = 0.5 one update is enough: η times the slope is exactly the way to the minimum.",
        {"surface": "bowl", "theta1": -4.0, "theta2": 3.0, "learning_rate": 0.5, "updates": 0},
        distance(RULE, (0.0, 0.0), 1).exactly(0),
    ),
    _try(
        "Too large an amount",
        "The direction is right and the amount is not: every step lands higher on the other side.",
        {"surface": "ellipse", "theta1": -4.5, "theta2": 1.0, "learning_rate": 0.045, "updates": 4},
        updates_of_rising_loss(RULE).exactly(MOST_UPDATES),
        crossings(RULE, (0.0, 0.0), (0.0, 1.0)).exactly(MOST_UPDATES),
        good=False,
    ),
)
