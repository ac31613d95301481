"""The effective step of each parameter against updates: what a rule multiplies its gradient by."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from figures.meta import Rows, following, growing, of_run
from figures.theme import Style, Theme, figure, style_of
from optimizers import Trajectory, title_of
from programs.program import Program
from programs.tracing import program_of

PARAMETERS = ("θ₁", "θ₂")
_DASHES = ("solid", "dot")


def effective_steps(
    trajectories: Mapping[str, Trajectory],
    theme: Theme,
    *,
    styles: Mapping[str, Style] = MappingProxyType({}),
    height: int = 330,
) -> go.Figure:
    """The effective step of both parameters under each rule that has one, on a log axis.

    Solid is the first parameter, dotted the second. styles: for runs that are not named after their optimizer. An
    effective step of zero has no place on the axis and is left out.
    """
    traces, steps, low, high = [], 1, np.inf, 0.0
    for name, trajectory in trajectories.items():
        if "effective_step" not in trajectory.state:
            continue
        style = styles[name] if name in styles else style_of(name, theme)
        effective = trajectory.state["effective_step"][1:]
        steps = max(steps, len(effective))
        for parameter, dash in enumerate(_DASHES):
            values = effective[:, parameter]
            shown = _shown(values)
            low, high = np.nanmin(shown, initial=low), np.nanmax(shown, initial=high)
            label = f"{title_of(name)}, {PARAMETERS[parameter]}"
            line = {
                "type": "scatter",
                "name": label,
                **of_run(name),
                "mode": "lines+markers" if len(values) <= 12 else "lines",
                "x": np.arange(len(values)),
                "y": shown,
                "line": {"color": style.color, "width": 2.4, "dash": dash},
                "marker": {"symbol": style.symbol, "size": 8, "color": style.color},
                "hovertemplate": f"<b>{label}</b><br>update %{{x:d}}<br>effective step %{{y:.4g}}<extra></extra>",
            }
            # The step of an update shows once it is made.
            line = growing(line, np.arange(len(values)), lag=1)
            traces.append(following(line, Rows.RUN, _program(parameter, len(values))))
    layout = theme.layout(
        height,
        title=theme.title("Effective step of each parameter"),
        xaxis=theme.axis("update t", range=[-0.02 * steps, 1.02 * steps]),
        yaxis=theme.log_axis("step per unit of gradient", *((low, high) if high > 0 else (1e-3, 1.0)), margin=0.1),
        showlegend=True,
        uirevision="effective steps",
    )
    return figure(traces, layout)


def _shown(steps):
    return np.where(np.isfinite(steps) & (steps > 0), steps, np.nan)


def _program(parameter: int, updates: int) -> Program:
    """From a row of a run to the effective step of its update; a run also knows that of one more."""

    def point(update, step):
        return {"x": update, "y": np.where(update < updates, _shown(step), np.nan)}

    return program_of(point, "update", f"effective_step{parameter + 1}")
