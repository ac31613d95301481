"""A function of one variable, its Taylor polynomial, and the error between them."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from figures.meta import draggable
from figures.theme import MARK_FILL, MARK_RIM, Theme, faint, figure


@dataclass(frozen=True, eq=False)
class TaylorCurve:
    """What is drawn: x (n,), the function and the polynomial there (n,), the centre, and the interval of small errors.

    interval: (low, high) around the centre, cut at the frame, or None where there is none.
    """

    x: np.ndarray
    function: np.ndarray
    polynomial: np.ndarray
    center: float
    value: float
    interval: tuple[float, float] | None


def taylor_curve(curve: TaylorCurve, name: str, order: int, theme: Theme, *, height: int = 430) -> go.Figure:
    """The function, the polynomial of this order, the error shaded, and a band where the error is small enough.

    The vertical range follows the function; the polynomial leaves it where it is wrong. name: the function in words.
    """
    known = curve.function[np.isfinite(curve.function)]
    low, high = (known.min(), known.max()) if known.size else (-1.0, 1.0)
    pad = 0.35 * (high - low) or 1.0
    frame = [low - pad, high + pad]
    # Far outside the frame, straight pieces to enormous numbers would only cost precision.
    drawn = np.clip(np.nan_to_num(curve.polynomial, nan=np.nan), low - 40 * pad, high + 40 * pad)
    line = {"type": "scatter", "mode": "lines", "x": curve.x}
    hover = "x = %{x:.4g}<br>%{fullData.name} = %{customdata:.6g}<extra></extra>"
    traces = [
        {**line, "name": "lower edge of the error", "y": curve.function, "line": {"width": 0}, "hoverinfo": "skip"},
        {
            **line,
            "name": "error",
            "y": drawn,
            "line": {"width": 0},
            "fill": "tonexty",
            "fillcolor": faint(theme.orange, 0.28),
            "hoverinfo": "skip",
        },
        {
            **line,
            "name": name,
            "y": curve.function,
            "customdata": curve.function,
            "line": {"color": theme.ink, "width": 3},
            "hovertemplate": hover,
        },
        {
            **line,
            "name": f"Taylor polynomial of order {order}",
            "y": drawn,
            "customdata": curve.polynomial,
            "line": {"color": theme.path_colors[0], "width": 3, "dash": "dash"},
            "hovertemplate": hover,
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "centre",
            **draggable(),
            "x": [curve.center],
            "y": [curve.value],
            "marker": {"symbol": "circle", "size": 13, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2.5}},
            "hovertemplate": "centre x₀ = %{x:.6g}<br>h(x₀) = %{y:.6g}<extra></extra>",
        },
    ]
    layout = theme.layout(
        height,
        title=theme.title(f"{name} and its Taylor polynomial of order {order}"),
        xaxis=theme.axis("x", range=[curve.x[0], curve.x[-1]]),
        yaxis=theme.axis("h(x)", range=frame),
        shapes=[] if curve.interval is None else [_band(curve.interval, theme)],
        uirevision=name,
    )
    return figure(traces, layout)


def _band(interval: tuple[float, float], theme: Theme) -> dict:
    return {
        "type": "rect",
        "name": "error within the tolerance",
        "xref": "x",
        "yref": "paper",
        "x0": interval[0],
        "x1": interval[1],
        "y0": 0,
        "y1": 1,
        "fillcolor": faint(theme.green, 0.13),
        "line": {"width": 0},
        "layer": "below",
    }
