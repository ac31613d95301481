"""Runs that take long enough for a progress bar."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from optimizers import Optimizer, Trajectory, run
from optimizers.loss import Loss

# A run of fewer updates is over before a bar could be read.
SHORT = 5_000
EVERY = 2_000
MOST_KEPT = 24


class _Watched:
    """A loss that reports how many updates have asked for its value."""

    def __init__(self, loss: Loss, report: Callable[[int], None]):
        self._loss, self._report, self._asked = loss, report, 0

    def value_and_gradient(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self._asked += 1
        if self._asked % EVERY == 0:
            self._report(self._asked)
        return self._loss.value_and_gradient(theta)

    def __getattr__(self, name: str):
        return getattr(self._loss, name)


def kept_run(name: tuple, optimizer: Optimizer, loss: Loss, start: np.ndarray, steps: int) -> Trajectory:
    """The same as `run`, computed once, with a progress bar while it lasts if it is long.

    name: names and numbers that tell this optimizer and this loss from all others.
    """
    place = st.empty()  # always there, or the pictures below it would move and be made anew
    key, kept = (name, tuple(map(float, start)), steps), _kept()
    if key not in kept:
        if len(kept) >= MOST_KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = _computed(optimizer, loss, start, steps, place)
    return kept[key]


# By hand and not by st.cache_resource, which would show the whole progress again whenever a run is taken from it.
@st.cache_resource(show_spinner=False)
def _kept() -> dict[tuple, Trajectory]:
    return {}


def _computed(optimizer: Optimizer, loss: Loss, start: np.ndarray, steps: int, place) -> Trajectory:
    if steps < SHORT:
        return run(optimizer, loss, start, steps)
    bar = place.progress(0.0, "Computing the updates")
    try:
        watched = _Watched(loss, lambda done: bar.progress(min(done / steps, 1.0)))
        return replace(run(optimizer, watched, start, steps), objective=loss)
    finally:
        place.empty()
