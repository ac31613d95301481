"""What the lessons on practice share: cached sweeps and points."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from figures.theme import KIND_SYMBOLS
from lessons.rates import rates_on
from optimizers import OPTIMIZERS, full_title_of, title_of
from optimizers.optimizer import ScheduledOptimizer
from optimizers.sweep import RateSweep, learning_rate_sweep
from surfaces.critical_points import CriticalPoint
from surfaces.names import surface_of

SCHEDULED = tuple(name for name, rule in OPTIMIZERS.items() if issubclass(rule, ScheduledOptimizer))
# A search that has found so many points goes no further: a class must not wait for it.
MOST_POINTS = 1000
_KIND_MARKS = {"circle": "●", "diamond": "◆", "circle-open": "○", "triangle-right": "▶", "x": "✖"}


@st.cache_resource(show_spinner=False, max_entries=48)
def swept(rule: str, surface: str, theta1: float, theta2: float, steps: int) -> RateSweep:
    """All rates of the slider with one rule from one start, everything else at its default."""
    loss = surface_of(surface)
    return learning_rate_sweep(
        OPTIMIZERS[rule](), loss, (theta1, theta2), rates_on(surface), steps, loss.minima, loss.view
    )


@st.cache_resource(show_spinner=False, max_entries=64)
def critical_points_of(surface: str) -> tuple[CriticalPoint, ...]:
    """The critical points in the part of a surface that pictures show; incomplete where more than MOST_POINTS."""
    known = surface_of(surface)
    return known.critical_points(known.view, MOST_POINTS)


def nearest_minimum(surface: str, theta: np.ndarray) -> CriticalPoint | None:
    """The minimum that is nearest to a point, or None where the picture has none."""
    minima = [point for point in critical_points_of(surface) if point.kind == "minimum"]
    return min(minima, key=lambda point: float(np.hypot(*(point.theta - theta))), default=None)


def kinds_legend() -> str:
    """What the markers of a sweep mean."""
    parts = [f"{_KIND_MARKS[symbol]} {kind}" for kind, symbol in KIND_SYMBOLS.items()]
    return "Markers, in the colour of their rule: " + ", ".join(parts) + "."


def names_in_list(key: str) -> Callable[[str], str]:
    """How a list of rules with this key names them: with the names under which students look for them.

    The link says the words of the list. One with the title alone is out in the world, so a session that comes with it
    has a list of titles.
    """
    longer = {title_of(name) for name in OPTIMIZERS if OPTIMIZERS[name].aliases}
    is_old = not longer.isdisjoint(st.query_params.get_all(key))
    return title_of if st.session_state.setdefault(f"{key} by title", is_old) else full_title_of


def choose_rules(place: DeltaGenerator, label: str, key: str, default: Sequence[str], most: int) -> list[str]:
    """Several rules at once, at most so many, which the link carries under the name `key`."""
    st.session_state.setdefault(key, list(default))
    return place.multiselect(
        label,
        list(OPTIMIZERS),
        default,
        key=key,
        format_func=names_in_list(key),
        max_selections=most,
        # Else the Enter key, after a few letters, takes all that begin with them.
        select_all=False,
        bind="query-params",
    )
