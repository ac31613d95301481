"""What the eye makes of a colour: lightness, hue and how far apart two colours are."""

import colorsys

import numpy as np

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def rgb(color: str) -> np.ndarray:
    """Red, green and blue from 0 to 1 of "#rrggbb"."""
    assert len(color) == 7
    assert color[0] == "#"
    return np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])


def _linear(color: np.ndarray) -> np.ndarray:
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    """The ratio of contrast of two colours "#rrggbb", from 1 to 21 (WCAG 2)."""
    dark, light = sorted(float(_linear(rgb(color)) @ _TO_XYZ[1]) for color in (first, second))
    return (light + 0.05) / (dark + 0.05)


def lab(color: np.ndarray) -> np.ndarray:
    """CIELAB L*, a*, b* (D65) of an sRGB colour."""
    linear = _linear(color)
    x, y, z = (
        np.cbrt(share) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116
        for share in _TO_XYZ @ linear / _WHITE
    )
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(first: np.ndarray, second: np.ndarray) -> float:
    """The distance of two sRGB colours in CIELAB (CIE 1976): 2 can just be seen, 20 at a glance."""
    return float(np.linalg.norm(lab(first) - lab(second)))


def is_red(color: str) -> bool:
    """A strong colour within 15 degrees of red."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*rgb(color))
    return min(hue, 1 - hue) * 360 <= 15 and saturation > 0.5 and 0.15 < lightness < 0.85


def ramp(colorscale, count: int = 41) -> list[np.ndarray]:
    """Evenly spaced sRGB colours of a plotly colour scale."""
    places, stops = [place for place, _ in colorscale], np.array([rgb(color) for _, color in colorscale])
    return [np.array([np.interp(t, places, channel) for channel in stops.T]) for t in np.linspace(0, 1, count)]
