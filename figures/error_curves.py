"""The error on the examples that are learned from, and on those that are held out."""

import numpy as np
import plotly.graph_objects as go

from figures.meta import of_run
from figures.theme import MARK_FILL, MARK_RIM, Theme, figure


def error_curves(
    updates: np.ndarray, training: np.ndarray, held_out: np.ndarray | None, theme: Theme, *, height: int, run: str
) -> go.Figure:
    """Both errors per example against updates; a star stands where the held-out error is lowest.

    updates, training, held_out: one number for each drawn update; None where nothing is held out.
    """
    curves = {"training error": (training, "solid", "circle")}
    if held_out is not None:
        curves["held-out error"] = (held_out, "dash", "x-thin-open")
    traces = [_line(name, updates, *curve, theme, run) for name, curve in curves.items()]
    if held_out is not None and np.isfinite(held_out).any():
        best = int(np.nanargmin(np.where(np.isfinite(held_out), held_out, np.nan)))
        traces.append(
            {
                "type": "scatter",
                "name": "lowest held-out error",
                "mode": "markers",
                "x": [updates[best]],
                "y": [held_out[best]],
                "marker": {"symbol": "star", "size": 14, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 1.5}},
                "hovertemplate": "lowest held-out error<br>update %{x:d}<br>%{y:.6g}<extra></extra>",
            }
        )
    known = np.concatenate([values[np.isfinite(values) & (values > 0)] for values, *_ in curves.values()])
    low, high = (float(known.min()), float(known.max())) if known.size else (1e-3, 1.0)
    start = float(training[0]) if np.isfinite(training[0]) and training[0] > 0 else high
    high = min(high, 1e3 * start)
    layout = theme.layout(
        height,
        title=theme.title("Error per example against updates"),
        xaxis=theme.axis("update", range=[-0.02 * updates[-1], 1.02 * max(updates[-1], 1)]),
        yaxis=theme.log_axis("error (log scale)", min(low, high), high, margin=0.1),
        showlegend=True,
        hovermode="closest",
    )
    return figure(traces, layout)


def _line(name: str, updates: np.ndarray, values: np.ndarray, dash: str, symbol: str, theme: Theme, run: str) -> dict:
    with np.errstate(all="ignore"):
        shown = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    return {
        "type": "scatter",
        "name": name,
        **of_run(run),
        "mode": "lines",
        "x": updates,
        "y": shown,
        "line": {"color": theme.ink, "width": 2.4, "dash": dash},
        "hovertemplate": f"<b>{name}</b><br>update %{{x:d}}<br>%{{y:.6g}}<extra></extra>",
    }
