"""How wrong a Taylor model is, against the size of the circle, on logarithmic axes."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from figures.meta import Rows, following, waiting
from figures.theme import RED_CIRCLE, Theme, figure
from programs.tracing import program_of

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
    follows: str = "",
    waits: Sequence[str] = (),
    height: int = 430,
) -> go.Figure:
    """The largest error of the models on circles, against the radius, both on a log scale.

    errors: (n,) by the order of the model. slopes: of the straight part, by order; nan where there is none. radius: of
    the red circle, a red line. rounding: errors below this are due to the computer's numbers and are not drawn.
    follows: the input that is the radius while a hand moves, "" where there is none. waits: the
    inputs for which the curves wait.
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
                **(waiting(*waits) if waits else {}),
                "x": radii,
                "y": shown,
                "line": {"color": theme.path_colors[4 if order == 1 else 0], "width": 2.6, "dash": _DASHES[order]},
                "hovertemplate": f"{_NAMES[order]}<br>d = %{{x:.3g}}<br>error = %{{y:.3g}}<extra></extra>",
            }
        )
    known = np.concatenate([np.ravel(trace["y"]) for trace in traces])
    known = known[np.isfinite(known)]
    low, high = (known.min(), known.max()) if known.size else (1e-3, 1.0)
    low, high = low / 2, high * 2
    traces.append(_radius_line(radius, low, high, follows))
    layout = theme.layout(
        height,
        title=theme.title("Largest error of the model in the circle"),
        xaxis=theme.log_axis("radius d", *radii[[0, -1]]),
        yaxis=theme.axis("error", type="log", range=[np.log10(low), np.log10(high)], exponentformat="power"),
        showlegend=True,
    )
    return figure(traces, layout)


def _radius_line(radius: float, low: float, high: float, follows: str) -> dict:
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "radius of the red circle",
        "x": [radius, radius],
        "y": [low, high],
        "line": {"color": RED_CIRCLE, "width": 2.5},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    if not follows:
        return line
    program = program_of(lambda radius, end: {"x": radius, "y": end}, follows, "end")
    return following(line, Rows.TABLE, program, table={"end": (low, high)})
