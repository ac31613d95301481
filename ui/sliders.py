"""Sliders of a canvas that several lessons share, live under the hand."""

from collections.abc import Iterable

from browser.hand import Slider, positions
from lessons.rates import nearest_rate, rate_on, rates_on
from ui.fields import carried


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
) -> Slider:
    """A slider of a canvas over some numbers, the default and the present value, which is in the state under `key`.

    Whole numbers stay whole. The link carries the value under the name `key`; a number of a link from end to end of the
    slider has a place of its own. name, group, spoken: see `browser.hand.Slider`.
    """
    numbers = tuple(numbers)
    whole = all(isinstance(number, int) for number in (*numbers, default))
    value = carried(key, default, min(numbers), max(numbers), whole=whole)
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
