"""What each learning rate of a sweep does: the last loss, and the updates it takes, against the rate."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from figures.following import START
from figures.meta import Rows, following, of_run, waiting
from figures.theme import KIND_SYMBOLS, Theme, figure, style_of
from optimizers import title_of
from optimizers.goal import TOLERANCE
from optimizers.sweep import RateSweep
from programs.frame import inside
from programs.tracing import program_of

# A loss that diverged lies on the upper edge: so many times higher than the highest one that stayed.
HEADROOM = 30.0
# Smaller gaps than this share of the first one are rounding.
ROUNDING = 1e-16


def final_loss_by_rate(
    sweeps: Mapping[str, RateSweep],
    best_loss: float | None,
    theme: Theme,
    *,
    limits: Mapping[str, float] = MappingProxyType({}),
    chosen: Mapping[str, float] = MappingProxyType({}),
    height: int = 280,
) -> go.Figure:
    """The last loss of every rate, one line per optimizer, its markers by what became of the run.

    best_loss: L*, where it is known: then the vertical axis is L - L*, on a log scale. What is not finite, far above
    all that stayed in the frame, or below L* outside it, lies on the upper edge; hover texts are true losses. limits:
    the learning rate, by optimizer, above which theory says that it cannot settle. chosen: by optimizer, one of its
    rates. While the start moves, the lines follow, and the markers, whose kinds are judged by whole runs, are hidden.
    """
    gaps = {name: sweep.loss - (best_loss or 0.0) for name, sweep in sweeps.items()}
    low, high = _loss_range(sweeps, gaps, log=best_loss is not None)

    def height_of(loss, arrival, is_lost):
        gap = loss - (best_loss or 0.0)
        shown = np.where(np.isfinite(gap), np.minimum(gap, high), high)
        # A loss below L*, outside the frame, is no arrival.
        return shown if best_loss is None else np.where(is_lost & (gap < 0), high, np.maximum(shown, low))

    if best_loss is None:
        pad = 0.06 * (high - low)
        axis = theme.axis("last loss L", range=[low - pad, high + pad])
    else:
        ends = [np.log10(low) - 0.3, np.log10(high) + 0.3]
        axis = theme.axis("last L − L*", type="log", range=ends, exponentformat="power", nticks=6)
    return _chart("Last loss against learning rate", sweeps, height_of, axis, theme, limits, chosen, height)


def updates_by_rate(
    sweeps: Mapping[str, RateSweep],
    theme: Theme,
    *,
    limits: Mapping[str, float] = MappingProxyType({}),
    chosen: Mapping[str, float] = MappingProxyType({}),
    height: int = 280,
) -> go.Figure:
    """The updates that every rate takes until L - L* stays below its tolerance; those that never get there lie on top.

    limits, chosen: as in `final_loss_by_rate`.
    """
    steps = max((sweep.trajectory.steps for sweep in sweeps.values()), default=1)
    never = 1.12 * max(steps, 1)

    def height_of(loss, arrival, is_lost):
        return np.where((arrival >= 0) & np.logical_not(is_lost), arrival, never)

    ticks = np.unique(np.round(np.linspace(0, steps, 5)).astype(int)).tolist()
    axis = theme.axis(
        "updates to 0.1 %",
        range=[-0.05 * never, 1.06 * never],
        tickvals=[*ticks, never],
        ticktext=[*map(str, ticks), "never"],
    )
    return _chart("Updates needed against learning rate", sweeps, height_of, axis, theme, limits, chosen, height)


def _loss_range(sweeps: Mapping[str, RateSweep], gaps: Mapping[str, np.ndarray], log: bool) -> tuple[float, float]:
    stayed = [gap[np.isfinite(gap) & ~sweeps[name].lost] for name, gap in gaps.items()]
    firsts = np.array([sweep.trajectory.loss[0, 0] for sweep in sweeps.values()])
    first = float(firsts[0]) if len(firsts) and np.isfinite(firsts[0]) else 1.0
    known = np.concatenate([*stayed, [first]]) if stayed else np.array([first])
    if not log:
        low, high = float(known.min()), float(known.max())
        return low, high if high > low else low + 1.0
    positive = known[known > 0]
    high = HEADROOM * float(positive.max()) if positive.size else 1.0
    low = float(positive.min()) if positive.size else high / 10
    return max(low, ROUNDING * high), high


def _chart(
    title: str,
    sweeps: Mapping[str, RateSweep],
    height_of: Callable,
    vertical: dict,
    theme: Theme,
    limits: Mapping[str, float],
    chosen: Mapping[str, float],
    height: int,
) -> go.Figure:
    traces, shapes = [], []
    values = {name: height_of(sweep.loss, sweep.updates_to_tolerance, sweep.lost) for name, sweep in sweeps.items()}
    for name, sweep in sweeps.items():
        style = style_of(name, theme)
        arrival = [str(count) if count >= 0 else "never" for count in sweep.updates_to_tolerance]
        line = {"type": "scatter", "name": title_of(name), "x": sweep.rates, "y": values[name]}
        drawn = {
            **line,
            **of_run(name),
            "mode": "lines",
            "line": {"color": style.color, "width": 3, "dash": style.dash},
            "hoverinfo": "skip",
        }
        traces.append(_following_ends(drawn, sweep, height_of, table={"learning_rate": sweep.rates}))
        traces.append(
            {
                **line,
                # What became of a run is judged by the whole of it.
                **waiting(*START),
                "mode": "markers",
                "showlegend": False,
                "marker": {
                    "color": style.color,
                    "symbol": [KIND_SYMBOLS[kind] for kind in sweep.kinds],
                    "size": 8,
                    "line": {"color": style.color, "width": 1.5},
                },
                "text": [
                    f"{kind}<br>last L = {loss:.6g}<br>updates to 0.1 %: {count}"
                    for kind, loss, count in zip(sweep.kinds, sweep.loss, arrival, strict=True)
                ],
                "hovertemplate": "<b>%{fullData.name}</b><br>η = %{x:.4g}<br>%{text}<extra></extra>",
            }
        )
        if np.isfinite(limits.get(name, np.nan)):
            shapes.append(_vertical(limits[name], style.color, "dot"))
    for name, rate in chosen.items():
        place = int(np.abs(np.log(sweeps[name].rates / rate)).argmin())
        ring = {
            "type": "scatter",
            "name": "chosen rate",
            **of_run(name),
            "mode": "markers",
            "showlegend": False,
            "x": [rate],
            "y": [values[name][place]],
            "marker": {"symbol": "circle-open", "size": 17, "color": theme.ink, "line": {"width": 2.5}},
            "hoverinfo": "skip",
        }
        traces.append(_following_ends(ring, sweeps[name], height_of))
    rates = np.concatenate([sweep.rates for sweep in sweeps.values()]) if sweeps else np.array([1e-3, 1.0])
    ends = [float(np.log10(rates.min())) - 0.05, float(np.log10(rates.max())) + 0.05]
    layout = theme.layout(
        height,
        title=theme.title(title),
        xaxis=theme.axis("learning rate η", type="log", range=ends, exponentformat="power", dtick=1),
        yaxis=vertical,
        shapes=shapes,
        hovermode="closest",
        showlegend=True,
        uirevision=title,
    )
    return figure(traces, layout)


def _following_ends(trace: dict, sweep: RateSweep, height_of: Callable, **fields) -> dict:
    """A trace that follows the ends of runs at all rates of a table, or at the one that the run of the trace has."""

    def point(learning_rate, theta1, theta2, value, arrival):
        # Who has come to rest outside the frame is taken for one who has left it, until the server judges the run.
        is_lost = np.logical_not(inside((theta1, theta2), sweep.frame))
        return {"x": learning_rate, "y": height_of(value, arrival, is_lost)}

    goal = sweep.goal
    known = {"lowest": goal.lowest, "share": TOLERANCE, "rounding": goal.rounding} if goal.is_known else None
    program = program_of(point, "learning_rate", "theta1", "theta2", "value", "arrival")
    return following(trace, Rows.SWEEP, program, goal=known, **fields)


def _vertical(x: float, color: str, dash: str) -> dict:
    line = {"color": color, "width": 2, "dash": dash}
    return {"type": "line", "xref": "x", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}
