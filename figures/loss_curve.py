"""Loss against updates: the picture that exists whatever the number of parameters."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from figures.following import LOSS_FRAME, gap_program, loss_program
from figures.marks import point_data, point_hover
from figures.meta import Rows, following, with_cursor
from figures.theme import OPEN_WIDTH, Style, Theme, figure, style_of
from optimizers import Trajectory, title_of
from programs.frame import inside
from surfaces import Surface

# Gaps below this share of the largest one would leave the others no room; below zero they are rounding.
SMALLEST = 1e-16
BELOW = -1e-12
# A diverging run leaves the picture at the top once it is this many times higher than what is usual in the frame.
HIGHEST = 1e3
LARGEST = 1e307
# On each curve.
MOST_MARKERS = 13


def loss_curve(
    surface: Surface,
    trajectories: Mapping[str, Trajectory],
    theme: Theme,
    *,
    height: int = 430,
    update: int | None = None,
    styles: Mapping[str, Style] = MappingProxyType({}),
) -> go.Figure:
    """Loss against updates for every run.

    Where the global minimum is known, the vertical axis is the distance to it, L - L*, on a log scale; else it is L. A
    gap of zero, which a log scale cannot show, and gaps that are tiny beside the largest lie on the lower edge; a loss
    below L*, outside the frame, is not drawn; the axis then says so. Hover texts are true losses. update: a vertical
    line. styles: for runs that are not named after their optimizer.
    """
    best = surface.best_loss
    curves = {
        name: trajectory.loss if best is None else trajectory.loss - best for name, trajectory in trajectories.items()
    }
    framed = [curve[inside(trajectories[name].theta.T, surface.view)] for name, curve in curves.items()]
    low, high = _range(list(curves.values()), framed, log=best is not None)
    program = loss_program() if best is None else gap_program(best)
    numbers = {} if best is None else dict(zip(LOSS_FRAME, (low, BELOW * high), strict=True))
    traces = []
    for name, curve in curves.items():
        # A loss below L*, outside the domain, has no place on a log scale; it must not look like arrival.
        shown = curve if best is None else np.where(curve < BELOW * high, np.nan, np.maximum(curve, low))
        style = styles[name] if name in styles else style_of(name, theme)
        traces.append(following(_curve(name, shown, trajectories[name], style), Rows.RUN, program, numbers=numbers))
    steps = max((trajectory.steps for trajectory in trajectories.values()), default=1)
    if best is None:
        vertical, known, notes = theme.axis("L", range=[low, high]), "", []
    else:
        vertical, known = theme.log_axis("L − L*  (log scale)", low, high), f", L* = {best:.6g}"
        notes = _off_the_scale(list(curves.values()), low, BELOW * high)
    layout = theme.layout(
        height,
        title=theme.title(f"Loss against updates{known}"),
        xaxis=theme.axis("update", range=[-0.02 * steps, max(steps, 1) * 1.02]),
        yaxis=vertical,
        showlegend=True,
        shapes=[] if update is None else [_line(update, theme)],
        annotations=[_note("<br>".join(notes), theme)] if notes else [],
        hovermode="closest",
        uirevision=surface.title,
    )
    return figure(traces, layout)


def _off_the_scale(curves: list[np.ndarray], low: float, below: float) -> list[str]:
    """What a log scale from `low` does with smaller gaps, and with those that lie below zero by more than rounding."""
    notes = []
    if any(((curve < low) & (curve >= below)).any() for curve in curves):
        notes.append(f"on the lower edge: L − L* below {low:.0e}".replace("e-", "e−"))
    if any((curve < below).any() for curve in curves):
        notes.append("not drawn: losses below L*")
    return notes


def _note(text: str, theme: Theme) -> dict:
    place = {"xref": "paper", "yref": "paper", "x": 0.99, "y": 0.02, "xanchor": "right", "yanchor": "bottom"}
    return {**place, "text": text, "showarrow": False, "font": {"size": 11, "color": theme.ink}}


def _range(curves: list[np.ndarray], framed: list[np.ndarray], log: bool) -> tuple[float, float]:
    """The vertical range: all that is usual in the frame, and as much of the rest as leaves that readable."""
    known, near = _finite(curves), _finite(framed)
    near = near if near.size else known[:1]
    if not known.size:
        return (1e-17, 1.0) if log else (-1.0, 1.0)
    starts = _finite([curve[:1] for curve in curves])
    if log:
        usual = max(float(np.median(near)), float(starts.max(initial=0)), 0.0)
        high = min(max(float(known.max()), 1e-300), HIGHEST * usual or np.inf, LARGEST)
        low = max(float(known[known >= BELOW * high].min(initial=high)), SMALLEST * high, 1e-305)
        return min(low, high) / 2, high * 2
    start = float(starts[0]) if starts.size else float(near[0])
    margin = 20 * max(abs(start), min(float(np.abs(near).max()), 1.0))
    low = max(float(known.min()), start - margin, -LARGEST)
    high = min(float(known.max()), start + margin, LARGEST)
    pad = 0.05 * (high - low) or abs(high) * 0.05 or 1.0
    return low - pad, high + pad


def _finite(curves: list[np.ndarray]) -> np.ndarray:
    values = np.concatenate(curves) if curves else np.empty(0)
    return values[np.isfinite(values)]


def _curve(name: str, curve: np.ndarray, trajectory: Trajectory, style: Style) -> dict:
    updates = np.arange(len(curve))
    data = point_data(trajectory, updates)
    return {
        "type": "scatter",
        "name": title_of(name),
        **with_cursor(name),
        "mode": "lines+markers",
        "x": updates,
        "y": np.where(np.isfinite(curve), curve, np.nan),
        "customdata": data,
        "line": {"color": style.color, "width": 2.4, "dash": style.dash},
        # A browser takes longer for a thousand markers than for all the rest of the picture.
        "marker": {
            "symbol": style.symbol,
            "size": 7,
            "color": style.color,
            "line": {"color": style.color, "width": OPEN_WIDTH if style.is_open else 0.0},
            "maxdisplayed": MOST_MARKERS,
        },
        "hovertemplate": point_hover(data, curve, title_of(name)),
    }


def _line(update: int, theme: Theme) -> dict:
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": update,
        "x1": update,
        "y0": 0,
        "y1": 1,
        "line": {"color": theme.muted, "width": 1.5, "dash": "dot"},
    }
