"""The size of the gradient against updates: where descent gets stuck, it is next to nothing."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from figures.marks import point_data, point_hover
from figures.meta import Rows, following, with_cursor
from figures.theme import Theme, figure, style_of
from optimizers import Trajectory, title_of
from programs.program import Program
from programs.tracing import program_of

# Slopes below this share of the largest one lie on the lower edge.
LOWEST = 1e-18
# Decades of the axis below the lowest slope and above the highest.
MARGIN = 0.2


def slope_curve(trajectories: Mapping[str, Trajectory], theme: Theme, *, height: int = 340) -> go.Figure:
    """|grad L| at every point of every run, on a log axis; a slope of zero lies on the lower edge."""
    slopes = {}
    for name, trajectory in trajectories.items():
        with np.errstate(all="ignore"):
            slopes[name] = np.hypot(trajectory.gradient[:, 0], trajectory.gradient[:, 1])
    known = np.concatenate([*slopes.values(), np.array([])])
    known = known[np.isfinite(known) & (known > 0)]
    firsts = [slope[0] for slope in slopes.values() if np.isfinite(slope[0]) and slope[0] > 0]
    high = min(float(known.max(initial=1e-300)), 1e3 * max(firsts, default=1.0)) if known.size else 1.0
    low = max(float(known.min(initial=high)), LOWEST * high, 1e-300)
    steps = max((trajectory.steps for trajectory in trajectories.values()), default=1)
    traces = []
    for name, slope in slopes.items():
        style, updates = style_of(name, theme), np.arange(len(slope))
        data = point_data(trajectories[name], updates)
        curve = {
            "type": "scatter",
            "name": title_of(name),
            **with_cursor(name),
            "mode": "lines",
            "x": updates,
            "y": np.where(np.isfinite(slope), np.maximum(slope, low), np.nan),
            "customdata": data,
            "line": {"color": style.color, "width": 2.4, "dash": style.dash},
            "marker": {"color": style.color},
            "hovertemplate": point_hover(data, slope),
        }
        traces.append(following(curve, Rows.RUN, _program(low / 10**MARGIN)))
    layout = theme.layout(
        height,
        title=theme.title("Slope |∇L| against updates"),
        xaxis=theme.axis("update", range=[-0.02 * steps, max(steps, 1) * 1.02]),
        yaxis=theme.log_axis("|∇L|", low, high, margin=MARGIN),
        showlegend=True,
        uirevision="slope",
    )
    return figure(traces, layout)


def _program(low: float) -> Program:
    """From an update and the gradient after it to a point of the curve, not below `low`."""

    def point(update, gradient1, gradient2):
        return {"x": update, "y": np.maximum(np.hypot(gradient1, gradient2), low)}

    return program_of(point, "update", "gradient1", "gradient2")
