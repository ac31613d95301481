"""Basin maps for pages: kept by names and numbers, with a bar while they are made, given up when an input changes."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from optimizers import OPTIMIZERS, Optimizer, title_of
from optimizers.sweep import BasinMap, basin_map
from surfaces.names import surface_of
from ui.practice import SCHEDULED, critical_points_of

MOST_KEPT = 24
# No bar for what is done within this time, and no more often than this.
SILENT_SECONDS = 0.5
BETWEEN_SECONDS = 0.1


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A basin map with the minima of the picture and those outside it where starts end, the place of the one that each
    start reaches, and the number of updates that it takes.

    The place is -1 for none, and the number of minima for a valley of minima, which is no single point.
    """

    basins: BasinMap
    minima: tuple[np.ndarray, ...]
    reached: np.ndarray
    updates: np.ndarray


class _Kept:
    """The maps made last, shared by all sessions."""

    def __init__(self):
        self._maps: OrderedDict[tuple, DrawnMap] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple) -> DrawnMap | None:
        with self._lock:
            if key in self._maps:
                self._maps.move_to_end(key)
            return self._maps.get(key)

    def put(self, key: tuple, made: DrawnMap) -> None:
        with self._lock:
            self._maps[key] = made
            if len(self._maps) > MOST_KEPT:
                self._maps.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()


def rule_of(rule: str, rate: float) -> Optimizer:
    """The rule with this learning rate, or with its own full step where its rate is a share of that."""
    return OPTIMIZERS[rule](learning_rate=rate) if rule in SCHEDULED else OPTIMIZERS[rule]()


def drawn_map(rule: str, surface: str, rate: float, resolution: int, steps: int) -> DrawnMap:
    """The basin map of a rule over the picture of a surface.

    A bar shows how far it is. Streamlit ends this run of the page at the bar's next move when an input has changed, and
    the map is given up.
    """
    key = (rule, surface, rate, resolution, steps)
    # The bar's place is there for a known map too: what stands below it would be made anew if it moved up by one.
    place = st.empty()
    known = _kept().get(key)
    if known is None:
        known = _made(place, *key)
        _kept().put(key, known)
    return known


def _made(place: DeltaGenerator, rule: str, surface: str, rate: float, resolution: int, steps: int) -> DrawnMap:
    shown = time.monotonic() + SILENT_SECONDS - BETWEEN_SECONDS

    def progress(share: float) -> None:
        nonlocal shown
        if time.monotonic() - shown >= BETWEEN_SECONDS:
            shown = time.monotonic()
            place.progress(share, f"Map of {title_of(rule)}: {share:.0%}")

    loss = surface_of(surface)
    basins = basin_map(rule_of(rule, rate), loss, resolution, steps, loss.view, lambda share: progress(share / 2))
    updates = basins.updates_to_arrival(lambda share: progress(0.5 + share / 2))
    minima = tuple(point.theta for point in critical_points_of(surface) if point.kind == "minimum")
    minima += basins.further_minima(minima)
    reached = basins.reached(minima)
    reached = np.where(basins.in_valley(reached), len(minima), reached)
    place.empty()
    return DrawnMap(basins, minima, reached, updates)
