"""The error on the examples that are learned from, and on those that are held out."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from figures.meta import Rows, also, following, growing, of_run, waiting
from figures.theme import MARK_FILL, MARK_RIM, Theme, figure
from programs.program import Program
from programs.tracing import program_of
from surfaces import EmpiricalRisk
from surfaces.traced import TracedLoss

TRAINING, HELD_OUT = "training error", "held-out error"


def error_curves(
    updates: np.ndarray,
    training: np.ndarray,
    held_out: np.ndarray | None,
    theme: Theme,
    *,
    height: int,
    run: str,
    programs: Mapping[str, Program] = MappingProxyType({}),
) -> go.Figure:
    """Both errors per example against updates; a star stands where the held-out error is lowest.

    updates, training, held_out: one number for each drawn update; None where nothing is held out. programs: by TRAINING
    and HELD_OUT, see `error_programs`; a curve without one waits for the server while a hand moves.
    """
    curves = {TRAINING: (training, "solid", "circle")}
    if held_out is not None:
        curves[HELD_OUT] = (held_out, "dash", "x-thin-open")
    lines = {name: _line(name, updates, *curve, theme, run) for name, curve in curves.items()}
    traces = [
        following(line, Rows.RUN, programs[name]) if name in programs else also(line, waiting())
        for name, line in lines.items()
    ]
    if held_out is not None and np.isfinite(held_out).any():
        best = int(np.nanargmin(np.where(np.isfinite(held_out), held_out, np.nan)))
        star = {
            "type": "scatter",
            "name": "lowest held-out error",
            "mode": "markers",
            "x": [updates[best]],
            "y": [held_out[best]],
            "marker": {"symbol": "star", "size": 14, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 1.5}},
            "hovertemplate": "lowest held-out error<br>update %{x:d}<br>%{y:.6g}<extra></extra>",
        }
        traces.append(also(star, waiting()))
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


def error_programs(risk: EmpiricalRisk, held_out: EmpiricalRisk | None) -> dict[str, Program]:
    """From an update and the point and the loss after it to the points of both curves;
    none where a loss has no program.

    risk: what the run descends. held_out: the mean over the examples that it does not see.
    """
    share = risk.count / risk.divisor
    programs = {TRAINING: program_of(lambda update, value: _point(update, value / share), "update", "value")}
    if held_out is not None and held_out.program is not None:

        def point(update, theta1, theta2):
            return _point(update, TracedLoss(held_out).value(np.stack([theta1, theta2])))

        programs[HELD_OUT] = program_of(point, "update", "theta1", "theta2")
    return programs


def _point(update, error) -> dict:
    return {"x": update, "y": np.where(error > 0, error, np.nan)}


def _line(name: str, updates: np.ndarray, values: np.ndarray, dash: str, symbol: str, theme: Theme, run: str) -> dict:
    with np.errstate(all="ignore"):
        shown = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    line = {
        "type": "scatter",
        "name": name,
        **of_run(run),
        "mode": "lines",
        "x": updates,
        "y": shown,
        "line": {"color": theme.ink, "width": 2.4, "dash": dash},
        "hovertemplate": f"<b>{name}</b><br>update %{{x:d}}<br>%{{y:.6g}}<extra></extra>",
    }
    # By the places of the points, as all of a thinned run is numbered.
    return growing(line, np.arange(len(updates)))
