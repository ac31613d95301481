"""The root of summed squared first derivatives against the true second derivative."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from figures.meta import waiting
from figures.theme import Theme, figure


def curvature_estimate(
    curvature: np.ndarray,
    estimate: np.ndarray,
    theme: Theme,
    *,
    chosen: Mapping[str, tuple[float, float]],
    waits: Sequence[str] = (),
    height: int = 330,
) -> go.Figure:
    """One point for each parabola, both axes on a log scale, and the line of exact proportion through their middle.

    curvature, estimate: (n,), greater than 0. chosen: further points by name, (curvature, estimate). waits:
    the inputs for which all of this waits while they are moved.
    """
    factor = float(np.exp(np.median(np.log(estimate / curvature))))
    ends = np.array([curvature.min() / 1.5, curvature.max() * 1.5])
    hover = "second derivative %{x:.4g}<br>estimate %{y:.4g}<extra></extra>"
    traces = [
        {
            "type": "scatter",
            "name": "in exact proportion",
            "mode": "lines",
            "x": ends,
            "y": factor * ends,
            "line": {"color": theme.muted, "width": 1.5, "dash": "dash"},
            "hoverinfo": "skip",
        },
        {
            "type": "scatter",
            "name": "parabolas",
            "mode": "markers",
            "x": curvature,
            "y": estimate,
            "marker": {"color": theme.path_colors[1], "size": 8},
            "hovertemplate": hover,
        },
    ]
    for (name, (x, y)), symbol, color in zip(
        chosen.items(), ("diamond", "square"), (theme.path_colors[0], theme.path_colors[3]), strict=False
    ):
        traces.append(
            {
                "type": "scatter",
                "name": name,
                "mode": "markers",
                "x": [x],
                "y": [y],
                "marker": {"color": color, "symbol": symbol, "size": 15, "line": {"color": theme.ink, "width": 1.5}},
                "hovertemplate": f"{name}<br>{hover}",
            }
        )
    layout = theme.layout(
        height,
        title=theme.title("First derivatives estimate the second"),
        xaxis=theme.axis("true second derivative", type="log", exponentformat="power", dtick=1),
        yaxis=theme.axis("estimate √Σ g²", type="log", exponentformat="power", dtick=1),
        showlegend=True,
        uirevision="estimate",
    )
    return figure([{**trace, **waiting(*waits)} if waits else trace for trace in traces], layout)
