"""Sliders that several lessons share: those of a canvas, live under the hand, and Streamlit's."""

import math
from collections.abc import Iterable

import streamlit as st

from browser.hand import Slider, positions
from surfaces.reading import readings
from ui.fields import carried
from ui.rates import nearest_rate, rate_on, rates_on


def live_slider(
    label: str,
    key: str,
    numbers: Iterable[float],
    default: float,
    help: str = "",
    *,
    name: str,
    group: str = "",
    in_link: bool = True,
) -> Slider:
    """A slider of a canvas over some numbers, the default and the present value, which is in the state under `key`.

    Whole numbers stay whole. in_link: whether the link carries the value under the name `key`; a number of a link from
    end to end of the slider has a place of its own. name, group: see `browser.hand.Slider`.
    """
    numbers = tuple(numbers)
    whole = all(isinstance(number, int) for number in (*numbers, default))
    if in_link:
        value = carried(key, default, min(numbers), max(numbers), whole=whole)
    else:
        value = (int if whole else float)(st.session_state.setdefault(key, default))
    return Slider(name, key, label, positions(numbers, default, value), value, default, help, group)


def live_rate_slider(
    label: str, key: str, surface: str, default: float | None = None, help: str = "", *, name: str = "rate"
) -> Slider:
    """A learning rate on the scale of a surface, by its name; at first the default, or the rate that suits it."""
    return live_slider(label, key, rates_on(surface), _usual_rate(surface, default), help, name=name)


def rate_slider(label: str, key: str, surface: str, default: float | None = None, help: str = "") -> float:
    """A learning rate on the scale of a surface, by its name; at first the default, or the rate that suits it."""
    return number_slider(label, key, rates_on(surface), _usual_rate(surface, default), help or None)


def _usual_rate(surface: str, default: float | None) -> float:
    return rate_on(surface) if default is None else nearest_rate(default, rates_on(surface))


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
