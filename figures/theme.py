"""Every colour, marker, dash and font of the pictures."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import plotly.graph_objects as go
from plotly.optional_imports import get_module

from optimizers import OPTIMIZERS
from optimizers.kinds import RateKind

# plotly looks at pandas when it makes a Figure. Where one student's page is just importing it, another one's would fail
# on a module that is half there.
get_module("pandas")

# The rules that are compared most often come first and so have seven different colours; the others follow in order,
# relatives of the first ones so that they share no colour with these.
_FIRST = ("GradientDescent", "Momentum", "Nesterov", "Adagrad", "RMSProp", "Adam", "Newton")
_FIRST += ("SignDescent", "Adamax", "Adadelta", "AdamW", "AMSGrad", "Lion")
# plotly knows no others in space.
_SYMBOLS = ("circle", "square", "diamond", "cross", "x", "circle-open", "square-open", "diamond-open")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")

# Indigo to ivory with even steps of lightness (CIELAB L* from 18 to 95) and little chroma, so that paths stand out.
SURFACE_COLORS = (
    (0.0, "#1d2a4d"),
    (0.125, "#2c3d63"),
    (0.25, "#3d5278"),
    (0.375, "#51688b"),
    (0.5, "#687f9c"),
    (0.625, "#8397ab"),
    (0.75, "#a2afb9"),
    (0.875, "#c5cac8"),
    (1.0, "#ebe7da"),
)

RED_CIRCLE = "#d40000"
# What sentences call the colours of paths, by their places, and those of arrows.
PATH_COLOR_WORDS = ("orange", "light blue", "green", "purple", "blue", "black or white", "yellow")
ARROW_COLOR_WORDS = {"gradient": "brown", "velocity": "magenta", "step": "lime"}
# On a log axis.
MOST_POWERS = 6


@dataclass(frozen=True)
class Theme:
    """The colours of one appearance: page background, text, quiet text, grid lines, and the six hues of paths.

    These are of Okabe & Ito (2008), Color Universal Design, without their red (vermillion): red belongs to the red
    circle alone. On a white page, where theirs could not be seen, they are darker.
    """

    name: str
    background: str
    ink: str
    muted: str
    grid: str
    orange: str
    sky: str
    green: str
    purple: str
    blue: str
    yellow: str

    @property
    def path_colors(self) -> tuple[str, ...]:
        """The colours of paths: six hues, and the colour of text for Okabe and Ito's black."""
        return (self.orange, self.sky, self.green, self.purple, self.blue, self.ink, self.yellow)

    @property
    def arrow_colors(self) -> dict[str, str]:
        """The colour of each kind of arrow on the map, which no path has; see `ARROW_COLOR_WORDS`."""
        return {"gradient": "#a0522d", "velocity": "#e400ff", "step": "#5aa300"}

    def layout(self, height: int, **changes) -> dict:
        """The layout that all pictures share; zoom and camera belong to `uirevision`."""
        font = {"family": '"Source Sans", "Source Sans Pro", sans-serif', "size": 13, "color": self.ink}
        hover = {"bgcolor": self.background, "bordercolor": self.muted, "font": {"color": self.ink}}
        return {
            "height": height,
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": font,
            "hoverlabel": hover,
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": self.muted, "activecolor": self.ink},
            "margin": {"l": 8, "r": 8, "t": 34, "b": 8},
            "showlegend": False,
            # Below the axis title, as a share of the plot alone, of which a lower picture has less. (Where plotly finds
            # the place by itself, with yref "container", it lays out every redraw twice.)
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": -0.2 * (430 / height) ** 2,
                "yanchor": "top",
                "font": {"size": 12},
            },
            # Everything is said here, and plotly's own template would triple what a slider move sends and computes.
            "template": {},
            **changes,
        }

    def title(self, text: str) -> dict:
        """A quiet title in the upper left corner."""
        return {"text": text, "x": 0.01, "xanchor": "left", "y": 0.98, "yanchor": "top", "font": {"size": 14}}

    def axis(self, title: str, **changes) -> dict:
        """A plain axis with a thin grid."""
        return {
            "title": {"text": title, "standoff": 6},
            "gridcolor": self.grid,
            "zeroline": False,
            "linecolor": self.muted,
            "tickcolor": self.muted,
            "automargin": True,
            **changes,
        }

    def log_axis(self, title: str, low: float, high: float, *, margin: float = 0.0, **changes) -> dict:
        """A log axis from low to high, both above 0, and `margin` decades more on either side.

        Labels stand at powers of ten; where there are few of these, at 2 and 5 too.
        """
        ends = [float(np.log10(low)) - margin, float(np.log10(high)) + margin]
        decades = ends[1] - ends[0]
        if decades < 2:
            with np.errstate(over="ignore"):  # the last ones may be more than a number can hold
                powers = 10.0 ** np.arange(np.floor(ends[0]) - 1, np.ceil(ends[1]) + 1)
                ticks = np.outer(powers, (1, 2, 5)).ravel()
            ticks = ticks[np.isfinite(ticks)]
            labels = [f"{tick:g}".replace("-", "−") for tick in ticks]
            return self.axis(title, type="log", range=ends, tickvals=ticks, ticktext=labels, **changes)
        tick = max(1, int(np.ceil(decades / MOST_POWERS)))
        return self.axis(title, type="log", range=ends, exponentformat="power", dtick=tick, **changes)


LIGHT = Theme(
    "light",
    background="#ffffff",
    ink="#1b2330",
    muted="#65707d",
    grid="#e3e7ec",
    orange="#c98500",
    sky="#2a9ad6",
    green="#009e73",
    purple="#c4689c",
    blue="#00588f",
    yellow="#6e6100",
)
DARK = Theme(
    "dark",
    background="#11161d",
    ink="#e8edf3",
    muted="#8b98a7",
    grid="#2b3440",
    orange="#e69f00",
    sky="#56b4e9",
    green="#009e73",
    purple="#cc79a7",
    blue="#0072b2",
    yellow="#f0e442",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


@dataclass(frozen=True)
class Style:
    """How one optimizer is drawn, the same on every page: a colour, and a marker and dash that survive without it."""

    color: str
    symbol: str
    dash: str

    @property
    def is_open(self) -> bool:
        """Whether its marker is a line of its own, around nothing."""
        return self.symbol.endswith("open")


@lru_cache(maxsize=128)
def style_of(optimizer: str, theme: Theme) -> Style:
    """The style of an optimizer by its name: no two of one colour share the shape of a marker, or a dash."""
    place = [*_FIRST, *(name for name in OPTIMIZERS if name not in _FIRST)].index(optimizer)
    color = theme.path_colors[place % len(theme.path_colors)]
    return Style(color, _SYMBOLS[place % len(_SYMBOLS)], _DASHES[place % len(_DASHES)])


def plain_style(place: int, theme: Theme) -> Style:
    """The style of the run at this place of a picture whose runs are not told apart by their optimizers."""
    return Style(theme.path_colors[place % len(theme.path_colors)], _SYMBOLS[place % 5], _DASHES[place % len(_DASHES)])


def quiet_style(place: int, theme: Theme) -> Style:
    """The style of a run beside one in the colour of their rule: a grey, and a marker and dash by its place."""
    grey = mixed(theme.ink, theme.background, 0.25 + 0.08 * (place % 4))
    return Style(grey, _SYMBOLS[(place + 1) % 5], _DASHES[(place + 1) % len(_DASHES)])


# What became of a run, as a marker: a colour would say which rule it is.
KIND_SYMBOLS = {
    RateKind.CONVERGED: "circle",
    RateKind.OSCILLATING: "diamond",
    RateKind.STILL_MOVING: "circle-open",
    RateKind.LEFT: "triangle-right",
    RateKind.DIVERGED: "x",
}

# The basins of a map: paler than the paths that cross them.
BASIN_COLORS = (
    "#74c8dc",
    "#e6d5bc",
    "#74dc74",
    "#7474dc",
    "#edb6ed",
    "#dcdc74",
    "#cf8181",
    "#74dcb3",
    "#dc74dc",
)
# Starts that diverge, and starts that reach nothing.
NOWHERE_COLORS = ("#4a5461", "#a9b2bd")


def mixed(color: str, other: str, share: float) -> str:
    """A colour with this share of another one in it."""
    parts = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(one * (1 - share) + two * share):02x}" for one, two in parts)


def faint(color: str, opacity: float) -> str:
    """A colour that lets through what lies below it, the more, the further its opacity is below 1."""
    return f"rgba({','.join(map(str, _channels(color)))},{opacity})"


def _channels(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


DARK_RIM, LIGHT_RIM = "#0b1020", "#ffffff"
# The line of a marker that is nothing but a line.
OPEN_WIDTH = 2.0
MARK_FILL, MARK_RIM = "#ffffff", "#0b1020"


@lru_cache(maxsize=256)
def rim_of(color: str) -> str:
    """The rim around a path: light around dark colours, dark around light ones, so one of the two always stands out."""
    red, green, blue = _channels(color)
    return DARK_RIM if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else LIGHT_RIM


class _Unmade(go.Figure):
    """A Figure that is still two plain dictionaries, and becomes a plain go.Figure as soon as anyone asks for more.

    plotly makes an object for every trace and copies every array, which takes longer than drawing them did; the canvas
    needs none of these objects.
    """

    def __init__(self, traces: list[dict], layout: dict):
        self._data, self._layout = traces, layout

    def __getattr__(self, name: str):
        # Reached only for what go.Figure's own __init__ would have set.
        self.__class__ = go.Figure
        # The traces may be shared with other Figures, and plotly takes their type out of them for a moment.
        go.Figure.__init__(self, {"data": list(map(dict, self._data)), "layout": self._layout}, _validate=False)
        return getattr(self, name)


def figure(traces: list[dict], layout: dict) -> go.Figure:
    """A Figure from plain dictionaries, which remain the caller's: the Figure copies them before it can change them.

    plotly's own validation takes six times as long as everything else that a moving slider asks for, so it is left to
    the tests, which validate every kind of Figure.
    """
    return _Unmade(traces, layout)
