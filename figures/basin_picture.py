"""A basin map: which minimum is reached from where, and how many updates it takes."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from figures.contour_map import path_traces, start_mark
from figures.meta import waiting
from figures.theme import BASIN_COLORS, MARK_RIM, NOWHERE_COLORS, Theme, figure, mixed, style_of
from optimizers import Trajectory, title_of
from optimizers.sweep import BasinMap
from surfaces import Surface

# The slowest start of a basin is this dark, the fastest is in full colour.
SHADE = 0.62


def basin_picture(
    surface: Surface,
    name: str,
    basins: BasinMap,
    reached: np.ndarray,
    updates: np.ndarray,
    targets: Sequence[np.ndarray],
    trajectory: Trajectory,
    theme: Theme,
    *,
    height: int = 380,
    rate: str = "",
) -> go.Figure:
    """The map of one rule, a path of it on top.

    name: the rule's. reached, updates: of `basins`, (n, n): the place of the target reached or -1, and the number of
    updates; a place behind the last target is reached without being a single point, as a valley is. Each place has a
    colour, from full for the fastest start to dark for the slowest. Starts that reach none are grey, those that diverge
    are darker grey. targets: marked in their colours. rate: the input on which the map itself
    depends, so that it waits for the server while a hand moves it.
    """
    shade = np.clip(updates / max(basins.steps, 1), 0, 1)
    diverged = basins.diverged
    # Two plain colours for what reaches nothing, then one ramp for each target.
    place = np.where(diverged, 0, np.where(reached < 0, 1, reached + 2))
    ramps = [(color, color) for color in NOWHERE_COLORS]
    places = max(len(targets), int(reached.max(initial=-1)) + 1)
    ramps += [(color_of(target), mixed(color_of(target), MARK_RIM, SHADE)) for target in range(places)]
    scale = []
    for ramp, (fast, slow) in enumerate(ramps):
        scale += [[ramp / len(ramps), fast], [(ramp + 1) / len(ramps), slow]]
    traces = [
        {
            "type": "heatmap",
            "name": "basins",
            **(waiting(rate) if rate else {}),
            "x": basins.theta1,
            "y": basins.theta2,
            "z": (place + 0.98 * shade).astype(np.float32),
            "zmin": 0,
            "zmax": len(ramps),
            "colorscale": scale,
            "showscale": False,
            "customdata": np.where(place >= 2, updates, -1).astype(np.int32),
            "hovertemplate": "start (%{x:.4g}, %{y:.4g})<br>updates until it arrives: %{customdata} (−1: nowhere)"
            "<extra></extra>",
        },
        *_targets(surface, targets),
        *path_traces(name, trajectory, surface, style_of(name, theme), None),
        *start_mark({name: trajectory}),
    ]
    (left, right), (bottom, top) = basins.frame
    layout = theme.layout(
        height,
        title=theme.title(title_of(name)),
        xaxis=theme.axis("θ₁", range=[left, right], constrain="domain", showgrid=False),
        yaxis=theme.axis("θ₂", range=[bottom, top], scaleanchor="x", scaleratio=1, constrain="domain", showgrid=False),
        uirevision=surface.title,
    )
    return figure(traces, layout)


def color_of(target: int) -> str:
    """The colour of the basin of this target."""
    return BASIN_COLORS[target % len(BASIN_COLORS)]


def _targets(surface: Surface, targets: Sequence[np.ndarray]) -> list[dict]:
    if not len(targets):
        return []
    points = np.array(targets)
    return [
        {
            "type": "scatter",
            "name": "minima",
            "mode": "markers",
            "x": points[:, 0],
            "y": points[:, 1],
            "customdata": [[float(surface.value(point))] for point in points],
            "marker": {
                "symbol": "star",
                "size": 14 if len(points) <= 30 else 8,
                "color": [color_of(place) for place in range(len(points))],
                "line": {"color": MARK_RIM, "width": 1.5},
            },
            "hovertemplate": "minimum<br>θ = (%{x:.5g}, %{y:.5g})<br>L = %{customdata[0]:.6g}<extra></extra>",
        }
    ]
