"""The gradient of every example as an arrow from one point, and their mean as a bold one."""

import numpy as np
import plotly.graph_objects as go

from figures.meta import also, linked, moving, waiting
from figures.theme import MARK_FILL, MARK_RIM, Theme, figure
from surfaces import EmpiricalRisk

LINK = "examples"


def example_arrows(risk: EmpiricalRisk, theta: np.ndarray, theme: Theme, *, height: int, shown: int = 400) -> go.Figure:
    """The plane of gradients at a point (2,): both partial derivatives of every example's loss, and of the whole loss.

    At the shared time k the bold arrow is the mean (or sum) of the first k examples; at the end it is the gradient. All
    arrows begin at zero. shown: the most arrows that are drawn. Arrows light up together with the examples in other
    pictures.
    """
    slopes = risk.example_gradients(theta)
    colors = theme.arrow_colors
    divisor = np.arange(1, risk.count + 1) if risk.reduction == "mean" else 1
    partial = np.hstack([np.zeros((2, 1)), np.cumsum(slopes, axis=1) / divisor])
    partial[:, -1] = risk.gradient(theta)
    drawn = slopes[:, :shown]
    moments = np.unique(np.linspace(0, risk.count, min(risk.count, 400) + 1).astype(int))
    origin = np.zeros(len(moments))
    rows = np.column_stack([moments, origin, partial[0, moments], origin, partial[1, moments]])
    kind = "mean" if risk.reduction == "mean" else "sum"
    traces = [
        _arrows(drawn, theme, colors["step"]),
        {
            "type": "scatter",
            "name": f"{kind} as it grows",
            "mode": "lines",
            "x": partial[0],
            "y": partial[1],
            "line": {"color": colors["velocity"], "width": 1.2, "dash": "dot"},
            "hoverinfo": "skip",
        },
        moving(f"{kind} of the first k", kind, rows, 2, theme.ink, is_thinned=True, has_tip=True),
        {
            "type": "scatter",
            "name": "gradient ∇L",
            "mode": "markers",
            "x": partial[0, -1:],
            "y": partial[1, -1:],
            "marker": {"symbol": "star", "size": 15, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 1.5}},
            "hovertemplate": "gradient of the whole loss<br>(%{x:.6g}, %{y:.6g})<extra></extra>",
        },
    ]
    layout = theme.layout(
        height,
        title=theme.title("Gradients of the examples"),
        xaxis=theme.axis("∂L/∂θ₁", zeroline=True, zerolinecolor=theme.muted),
        yaxis=theme.axis("∂L/∂θ₂", zeroline=True, zerolinecolor=theme.muted),
        hovermode="closest",
        uirevision=f"{risk.title} {theta.tolist()}",
    )
    for axis, values in (("xaxis", np.append(drawn[0], partial[0])), ("yaxis", np.append(drawn[1], partial[1]))):
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        pad = 0.1 * (high - low) or 1.0
        layout[axis]["range"] = [low - pad, high + pad]
    # Of the examples' gradients the browser knows nothing: they wait for the server.
    return figure([also(trace, waiting()) for trace in traces], layout)


def _arrows(slopes: np.ndarray, theme: Theme, light: str) -> dict:
    """All arrows as one line with gaps: from zero to the tip, which bears the number of the example."""
    count = slopes.shape[1]
    points = np.full((2, 3 * count), np.nan)
    points[:, 0::3], points[:, 1::3] = 0, slopes
    at_tip = np.tile([0, 1, 0], count)
    known = linked(LINK, count, light, tail=[0.0, 0.0])
    # Every point needs a name of its own, or plotly takes one for the other.
    known["ids"] = [name for tip in known["ids"] for name in (f"tail {tip}", tip, f"gap {tip}")]
    return {
        "type": "scatter",
        "name": "examples",
        "mode": "lines+markers",
        "x": points[0],
        "y": points[1],
        "customdata": np.repeat(np.arange(1, count + 1), 3),
        "line": {"color": theme.muted, "width": 1.2},
        # Each marker points the way that its shaft came.
        "marker": {"symbol": "arrow", "size": 11 * at_tip, "color": theme.muted, "angleref": "previous", "opacity": 1},
        "hovertemplate": "example %{customdata}<br>gradient (%{x:.4g}, %{y:.4g})<extra></extra>",
        **known,
    }
