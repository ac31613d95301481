"""Learning-rate schedules as curves: the rate of every update."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from figures.meta import Rows, following, growing, of_run
from figures.theme import Style, Theme, figure
from optimizers import Schedule, title_of
from programs.tracing import program_of


def schedule_curve(
    schedules: Mapping[str, Schedule],
    learning_rate: float,
    steps: int,
    theme: Theme,
    styles: Mapping[str, Style],
    *,
    height: int = 280,
) -> go.Figure:
    """The learning rate of every update under each schedule, by name. Hovering names the update and the rate."""
    updates = np.arange(max(steps, 1))

    def point(update, rate):
        # A run also knows the rate that one more update would have.
        return {"x": update, "y": np.where(update < len(updates), rate, np.nan)}

    lines = [
        {
            "type": "scatter",
            "name": title_of(name),
            **of_run(name),
            "mode": "lines",
            "x": updates,
            "y": [learning_rate * schedule(int(update)) for update in updates],
            "line": {"color": styles[name].color, "width": 2.4, "dash": styles[name].dash},
            "hovertemplate": "<b>%{fullData.name}</b><br>update %{x:d}<br>η = %{y:.4g}<extra></extra>",
        }
        for name, schedule in schedules.items()
    ]
    rates = program_of(point, "update", "scheduled_learning_rate")
    # The rate of an update shows once it is made.
    traces = [following(growing(line, updates, lag=1), Rows.RUN, rates) for line in lines]
    layout = theme.layout(
        height,
        title=theme.title("Learning rate of each update"),
        xaxis=theme.axis("update t", range=[-0.02 * steps, 1.02 * max(steps, 1)]),
        yaxis=theme.axis("η at update t", range=[-0.04 * learning_rate, 1.08 * learning_rate]),
        showlegend=True,
        uirevision="schedules",
    )
    return figure(traces, layout)
