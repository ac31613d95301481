"""Three places where descent gets stuck, and who escapes from them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from optimizers import OPTIMIZERS, run_to_end
from optimizers.variants import IndependentNoise
from ui.choices import surface_of

RULES = ("GradientDescent", "Momentum", "Nesterov", "RMSProp", "Adam")
NOISES = (0.0, 0.1, 1.0, 10.0)
SEEDS = 20


@dataclass(frozen=True)
class Trap:
    """One trap.

    surface, start, rate, updates: a run that gets stuck. explanation: why. way_out: what to look at. escaped: whether a
    last point (2,) is out of the trap.
    """

    surface: str
    start: tuple[float, float]
    rate: float
    updates: int
    explanation: str
    way_out: str
    escaped: Callable[[np.ndarray], bool]


TRAPS = {
    "very slow on a plateau": Trap(
        "plateau",
        (-0.85, 0.9),
        0.02,
        150,
        "On the shelf the slope is nearly zero, and so are the steps. Descent has not stopped. It is only slow.",
        "Momentum carries on: it comes down the wall with speed and crosses the shelf.",
        lambda theta: bool(theta[0] > 0.5),
    ),
    "stuck at a saddle": Trap(
        "saddle",
        (-2.5, 0.0),
        0.1,
        100,
        "The start lies exactly on the ridge. There the gradient points straight at the saddle, where it is zero.",
        "Momentum cannot help, because it has no speed sideways. Any noise at all helps everybody.",
        lambda theta: bool(abs(theta[1]) > 0.5),
    ),
    "stuck in a local minimum": Trap(
        "two_wells",
        (3.2, 2.5),
        0.05,
        150,
        "All directions lead up, so the gradient is zero. The lower well is on the other side of the hill.",
        "Momentum may roll over the hill. Gradient descent needs so much noise that it cannot rest anywhere.",
        lambda theta: bool(theta[0] < 0.5),
    ),
}


@st.cache_data(show_spinner=False, max_entries=64)
def shares_escaped(trap: str, rate: float, updates: int) -> dict[str, list[int]]:
    """How many of SEEDS runs are out of a trap at their end, for every rule and every strength of noise."""
    known = TRAPS[trap]
    levels = np.repeat(NOISES, SEEDS)
    loss = IndependentNoise(surface_of(known.surface), levels)
    start = np.repeat(np.array(known.start)[:, None], levels.size, axis=1)
    counts = {}
    for rule in RULES:
        ends = run_to_end(OPTIMIZERS[rule](learning_rate=rate), loss, start, updates).theta
        out = np.array([known.escaped(ends[:, place]) for place in range(levels.size)])
        counts[rule] = [int(count) for count in out.reshape(len(NOISES), SEEDS).sum(axis=1)]
    return counts
