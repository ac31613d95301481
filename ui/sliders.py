"""Sliders that several lessons share."""

import math
from collections.abc import Iterable

import streamlit as st

from surfaces.reading import readings
from ui.rates import nearest_rate, preferred_numbers, rate_on, rates_on


def log_slider(label: str, key: str, low: float, high: float, default: float, help: str | None = None) -> float:
    """A slider over preferred numbers from low to high, carried by the link; returns its value."""
    return number_slider(label, key, preferred_numbers(low, high), default, help)


def rate_slider(label: str, key: str, surface: str, default: float | None = None, help: str = "") -> float:
    """A learning rate on the scale of a surface, by its name; at first the default, or the rate that suits it."""
    default = rate_on(surface) if default is None else nearest_rate(default, rates_on(surface))
    return number_slider(label, key, rates_on(surface), default, help or None)


def number_slider(label: str, key: str, numbers: Iterable[float], default: float, help: str | None = None) -> float:
    """A slider over some numbers, the default and the present value, carried by the link; returns its value."""
    state, numbers = st.session_state, tuple(numbers)
    state.setdefault(key, default)
    options = sorted({*numbers, default, float(state[key]), *_linked(key, min(numbers), max(numbers))})
    return float(
        st.select_slider(
            label,
            options,
            default,
            key=key,
            format_func=lambda value: f"{value:.6g}",
            help=help,
            bind="query-params",
        )
    )


def _linked(key: str, low: float, high: float) -> tuple[float, ...]:
    """The number of the link, where the slider reaches so far: it gets a place of its own."""
    found = readings(st.query_params.get(key, "")).get(".", math.nan)
    return (found,) if low <= found <= high else ()
