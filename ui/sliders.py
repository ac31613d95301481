"""Sliders of a canvas that several lessons share, live under the hand."""

from collections.abc import Iterable

import streamlit as st

from browser.hand import Slider, positions
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
    spoken: str = "",
    in_link: bool = True,
) -> Slider:
    """A slider of a canvas over some numbers, the default and the present value, which is in the state under `key`.

    Whole numbers stay whole. in_link: whether the link carries the value under the name `key`; a number of a link from
    end to end of the slider has a place of its own. name, group, spoken: see `browser.hand.Slider`.
    """
    numbers = tuple(numbers)
    whole = all(isinstance(number, int) for number in (*numbers, default))
    if in_link:
        value = carried(key, default, min(numbers), max(numbers), whole=whole)
    else:
        value = (int if whole else float)(st.session_state.setdefault(key, default))
    return Slider(name, key, label, positions(numbers, default, value), value, default, help, group, spoken)


def live_rate_slider(
    label: str,
    key: str,
    surface: str,
    default: float | None = None,
    help: str = "",
    *,
    name: str = "rate",
    spoken: str = "",
) -> Slider:
    """A learning rate on the scale of a surface, by its name; at first the default, or the rate that suits it."""
    return live_slider(label, key, rates_on(surface), _usual_rate(surface, default), help, name=name, spoken=spoken)


def _usual_rate(surface: str, default: float | None) -> float:
    return rate_on(surface) if default is None else nearest_rate(default, rates_on(surface))
