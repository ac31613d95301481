"""A parabola with a point on it, the tangent there, and the step that reaches the minimum."""

import numpy as np
import plotly.graph_objects as go

from figures.meta import draggable
from figures.theme import MARK_FILL, MARK_RIM, Theme, figure
from optimizers.parabola import Parabola


def parabola_curve(
    parabola: Parabola,
    x0: float,
    theme: Theme,
    *,
    symbol: str = "x",
    reach: float = 4.0,
    highest: float | None = None,
    height: int = 330,
) -> go.Figure:
    """The parabola between -reach and reach; the point x0 can be dragged.

    symbol: what the variable is called. highest: the upper end of the vertical axis; the parabola's own highest value
    where it is not given.
    """
    x = np.linspace(-reach, reach, 201)
    y = parabola.value(x)
    here, slope, minimum = parabola.value(x0), parabola.slope(x0), parabola.minimizer
    lowest = min(float(parabola.value(minimum)) if abs(minimum) <= reach else float(y.min()), here)
    top = float(y.max()) if highest is None else highest
    pad = 0.12 * (top - lowest) or 1.0
    width = 0.28 * reach
    hover = f"{symbol} = %{{x:.4g}}<br>y = %{{y:.4g}}<extra></extra>"
    traces = [
        _line("parabola", x, y, theme.path_colors[4] if theme.name == "light" else theme.path_colors[1], hover=hover),
        _line("tangent", [x0 - width, x0 + width], [here - slope * width, here + slope * width], theme.path_colors[0]),
        _line("best step", [x0, minimum], [lowest - pad / 2] * 2, theme.path_colors[2], width=5),
        _line(
            "distance",
            [x0, x0, None, minimum, minimum],
            [here, lowest - pad / 2, None, lowest - pad / 2, lowest],
            theme.muted,
            dash="dot",
            width=1.5,
        ),
        _mark("minimum", minimum, float(parabola.value(minimum)), "star", hover),
        {**_mark("point", x0, here, "circle", hover), **draggable()},
    ]
    layout = theme.layout(
        height,
        title=theme.title(f"L as a function of {symbol} alone"),
        xaxis=theme.axis(symbol, range=[-1.05 * reach, 1.05 * reach]),
        yaxis=theme.axis("L", range=[lowest - pad, top + pad / 2]),
        uirevision="parabola",
    )
    return figure(traces, layout)


def _line(name: str, x, y, color: str, *, width: float = 2.6, dash: str = "solid", hover: str = "") -> dict:
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": color, "width": width, "dash": dash, "simplify": False},
        **({"hovertemplate": hover} if hover else {"hoverinfo": "skip"}),
    }


def _mark(name: str, x: float, y: float, symbol: str, hover: str) -> dict:
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [x],
        "y": [y],
        "marker": {"symbol": symbol, "size": 14, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2}},
        "hovertemplate": f"{name}<br>{hover}",
    }
