"""How wrong a Taylor model is, against the size of the circle, on logarithmic axes."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from figures.theme import RED_CIRCLE, Theme, figure

_DASHES = {1: "solid", 2: "dash"}
_NAMES = {1: "plane", 2: "quadratic"}


def model_error(
    radii: np.ndarray,
    errors: Mapping[int, np.ndarray],
    slopes: Mapping[int, float],
    radius: float,
    rounding: float,
    theme: Theme,
    *,
    height: int = 430,
) -> go.Figure:
    """The largest error of the models on circles, against the radius, both on a log scale.

    errors: (n,) by the order of the model. slopes: of the straight part, by order; nan where there is none. radius: of
    the red circle, a red line. rounding: errors below this are due to the computer's numbers and are not drawn.
    """
    traces = []
    for order, error in errors.items():
        shown = np.where(np.isfinite(error) & (error > rounding), error, np.nan)
        slope = f", slope {slopes[order]:.2f}" if np.isfinite(slopes[order]) else ""
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": f"{_NAMES[order]}{slope}",
                "x": radii,
                "y": shown,
                "line": {"color": theme.path_colors[4 if order == 1 else 0], "width": 2.6, "dash": _DASHES[order]},
                "hovertemplate": f"{_NAMES[order]}<br>d = %{{x:.3g}}<br>error = %{{y:.3g}}<extra></extra>",
            }
        )
    known = np.concatenate([np.ravel(trace["y"]) for trace in traces])
    known = known[np.isfinite(known)]
    low, high = (known.min(), known.max()) if known.size else (1e-3, 1.0)
    layout = theme.layout(
        height,
        title=theme.title("Largest error of the model in the circle"),
        xaxis=theme.log_axis("radius d", *radii[[0, -1]]),
        yaxis=theme.axis(
            "error", type="log", range=[np.log10(low) - 0.3, np.log10(high) + 0.3], exponentformat="power"
        ),
        showlegend=True,
        shapes=[
            {
                "type": "line",
                "xref": "x",
                "yref": "paper",
                "x0": radius,
                "x1": radius,
                "y0": 0,
                "y1": 1,
                "line": {"color": RED_CIRCLE, "width": 2.5},
            }
        ],
    )
    return figure(traces, layout)
