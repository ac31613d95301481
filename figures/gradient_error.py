"""The error of a numerical gradient against the width of its differences."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from figures.following import START
from figures.meta import Rows, following, waiting
from figures.theme import Theme, figure
from programs.tracing import program_of


def gradient_error(
    widths: np.ndarray, errors: Mapping[str, np.ndarray], chosen: float, theme: Theme, *, height: int = 360
) -> go.Figure:
    """|numerical - analytic| against h for each kind of difference, both axes on a log scale.

    widths: (n,). errors: by name, (n,). chosen: the width that is marked. An error of exactly zero lies on the lower
    edge.
    """
    known = np.concatenate([error[np.isfinite(error) & (error > 0)] for error in errors.values()])
    low, high = (float(known.min()), float(known.max())) if known.size else (1e-16, 1.0)
    traces = []
    looks = zip(errors.items(), (theme.path_colors[0], theme.path_colors[1]), ("circle", "square"), strict=False)
    for (name, error), color, symbol in looks:
        traces.append(
            {
                "type": "scatter",
                "name": name,
                # Differences would not be the server's to the last digit, which they are all about.
                **waiting(*START),
                "mode": "lines+markers",
                "x": widths,
                "y": np.where(np.isfinite(error), np.maximum(error, low / 2), np.nan),
                "customdata": error[:, None],
                "line": {"color": color, "width": 2.2},
                "marker": {"symbol": symbol, "size": 6, "color": color},
                "hovertemplate": f"<b>{name}</b><br>h = %{{x:.3g}}<br>error %{{customdata[0]:.3g}}<extra></extra>",
            }
        )
    ends = (10 ** (np.log10(low) - 0.5), 10 ** (np.log10(high) + 1.2))
    traces.append(_width_line(chosen, ends, theme))
    labels = [
        _label("← rounding:<br>losses too alike", 0.02, "left", theme),
        _label("truncation:<br>points too far apart →", 0.98, "right", theme),
    ]
    layout = theme.layout(
        height,
        title=theme.title("Error of the numerical gradient"),
        xaxis=theme.axis(
            "h, the width of the difference",
            type="log",
            range=list(np.log10([widths[0] / 2, widths[-1] * 2])),
            exponentformat="power",
            dtick=4,
            tickangle=0,
        ),
        yaxis=theme.axis("error", type="log", range=list(np.log10(ends)), exponentformat="power", nticks=8),
        annotations=labels,
        showlegend=True,
        uirevision="gradient error",
    )
    return figure(traces, layout)


def _width_line(width: float, ends: tuple[float, float], theme: Theme) -> dict:
    """The line at the chosen width, which follows its power of ten."""
    trace = {
        "type": "scatter",
        "name": "the chosen h",
        "showlegend": False,
        "mode": "lines",
        "x": [width, width],
        "y": list(ends),
        "line": {"color": theme.muted, "width": 2, "dash": "dot"},
        "hoverinfo": "skip",
    }
    program = program_of(lambda power, y: {"x": 10.0**power, "y": y}, "power", "y")
    return following(trace, Rows.TABLE, program, table={"y": ends})


def _label(text: str, x: float, anchor: str, theme: Theme) -> dict:
    place = {"x": x, "y": 0.99, "xref": "paper", "yref": "paper", "xanchor": anchor, "yanchor": "top"}
    return {**place, "text": text, "showarrow": False, "font": {"size": 12, "color": theme.muted}}
