"""The contour map of a surface, with paths, marks and arrows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from figures.following import UPDATE, after_update
from figures.marks import drawn_path, hover_name, point_hover
from figures.mesh import Mesh
from figures.meta import Rows, arrows_following, draggable, following, growing, of_exits, of_run, waiting, with_cursor
from figures.path import VisiblePath
from figures.theme import MARK_FILL, MARK_RIM, OPEN_WIDTH, SURFACE_COLORS, Style, Theme, figure, rim_of, style_of
from optimizers import Trajectory, title_of
from surfaces import Surface
from surfaces.critical_points import CriticalPoint

LEVELS = 22
CRITICAL_SYMBOLS = {"minimum": "triangle-down", "saddle": "x", "maximum": "triangle-up"}
LONGEST = 5
CROWDED = 250
# The last point of a path is so large.
LAST = 11


@dataclass(frozen=True, eq=False)
class Arrow:
    """An arrow on the map: from a point (2,) by a vector (2,), with a name and a colour.

    follows: how it follows a hand, as `figures.meta.arrow_following` says it; None where it does not.
    """

    name: str
    tail: np.ndarray
    vector: np.ndarray
    color: str
    follows: dict | None = None


def contour_map(
    surface: Surface,
    mesh: Mesh,
    trajectories: Mapping[str, Trajectory],
    theme: Theme,
    *,
    height: int = 430,
    arrows: Sequence[Arrow] = (),
    update: int | None = None,
    styles: Mapping[str, Style] = MappingProxyType({}),
    critical: Sequence[CriticalPoint] = (),
    overlays: Sequence[dict] = (),
) -> go.Figure:
    """The contour map over the surface's view.

    Both axes have the same scale, so that the gradient stands at right angles to the level lines. Only where one side
    of the view is more than LONGEST times the other they differ, and the title says so.

    trajectories: one run each by optimizer name, from one start. Level lines are evenly spaced on the mesh's LossScale,
    which the colour bar names; its labels and all hover texts are true losses. Stars mark the known minima, a circle
    the start, a larger marker each end, a cross the place where a path left the frame; one that goes far away from
    there ends at it, as `figures.path.visible_path` says. arrows: drawn in the map's own units. update: marked on every
    path. styles: for runs that are not named after their optimizer. critical: marked by their kind. overlays: further
    traces, above the paths.
    """
    traces = [_map(mesh, theme), *_known_minima(surface, mesh), *critical_marks(critical)]
    for name, trajectory in trajectories.items():
        style = styles[name] if name in styles else style_of(name, theme)
        traces.extend(path_traces(name, trajectory, surface, style, update))
    traces.extend(overlays)
    traces.extend(start_mark(trajectories))
    (left, right), (bottom, top) = surface.view
    alike = 1 / LONGEST <= (right - left) / (top - bottom) <= LONGEST
    title = "Contour map, from above" if alike else "Contour map; the axes have different scales"
    same_scale = {"scaleanchor": "x", "scaleratio": 1} if alike else {}
    layout = theme.layout(
        height,
        title=theme.title(title),
        # Beside the colour bar, however wide the picture is.
        xaxis=theme.axis("θ₁", range=[left, right], constrain="domain", constraintoward="right", showgrid=False),
        yaxis=theme.axis(
            "θ₂", range=[bottom, top], constrain="domain", constraintoward="top", showgrid=False, **same_scale
        ),
        annotations=[_annotation(arrow) for arrow in arrows],
        **arrows_following([arrow.follows for arrow in arrows if arrow.follows]),
        uirevision=surface.title,
    )
    return figure(traces, layout)


def _map(mesh: Mesh, theme: Theme) -> dict:
    heights, labels = mesh.scale.ticks()
    step = mesh.scale.top / LEVELS
    return {
        "type": "contour",
        "name": "surface",
        "x": mesh.theta1,
        "y": mesh.theta2,
        "z": mesh.compact_height,
        "customdata": mesh.compact_loss,
        "colorscale": SURFACE_COLORS,
        "zmin": 0.0,
        "zmax": mesh.scale.top,
        "autocontour": False,
        "contours": {"start": step / 2, "end": mesh.scale.top, "size": step},
        "line": {"width": 0.6, "color": "rgba(255,255,255,0.35)"},
        # Where there is no value, there is nothing to read.
        "hoverongaps": False,
        "hovertemplate": "θ = (%{x:.4g}, %{y:.4g})<br>L = %{customdata:.6g}<extra></extra>",
        "colorbar": {
            "title": {"text": mesh.scale.name, "side": "right", "font": {"size": 12}},
            "tickvals": heights,
            "ticktext": labels,
            "thickness": 10,
            "outlinewidth": 0,
            "xpad": 4,
            "len": 1,
            "ypad": 0,
            # Where the map stands in its room.
            "y": 1,
            "yanchor": "top",
        },
    }


def _known_minima(surface: Surface, mesh: Mesh) -> list[dict]:
    if not surface.minima:
        return []
    minima = np.array(surface.minima)
    losses = surface.value(minima.T)[:, None].tolist()
    return [
        {
            "type": "scatter",
            "name": "global minimum",
            "mode": "markers",
            "x": minima[:, 0],
            "y": minima[:, 1],
            "customdata": losses,
            "marker": {"symbol": "star", "size": 15, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 1.5}},
            "hovertemplate": "global minimum<br>θ* = (%{x:.6g}, %{y:.6g})<br>L* = %{customdata[0]:.6g}<extra></extra>",
        }
    ]


def critical_marks(points: Sequence[CriticalPoint]) -> list[dict]:
    """One trace of marks for each kind of critical point that there is."""
    traces = []
    for kind, symbol in CRITICAL_SYMBOLS.items():
        chosen = [point for point in points if point.kind == kind]
        if chosen:
            place = np.array([point.theta for point in chosen])
            mark = {"symbol": symbol, "size": 11, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 1.5}}
            traces.append(
                {
                    "type": "scatter",
                    "name": kind,
                    "mode": "markers",
                    "x": place[:, 0],
                    "y": place[:, 1],
                    "customdata": [[point.loss, *point.eigenvalues] for point in chosen],
                    "marker": mark,
                    "hovertemplate": f"{kind}<br>θ = (%{{x:.6g}}, %{{y:.6g}})<br>L = %{{customdata[0]:.6g}}"
                    "<br>λ = %{customdata[1]:.4g}, %{customdata[2]:.4g}<extra></extra>",
                }
            )
    return traces


def dots(points: np.ndarray, *waits: str) -> dict:
    """The trace of small dots at some points (2, n), which waits for the server while these inputs are moved."""
    return {
        **(waiting(*waits) if waits else {}),
        "type": "scatter",
        "name": "points",
        "mode": "markers",
        "x": points[0],
        "y": points[1],
        "marker": {"symbol": "circle", "size": 8, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 1.5}},
        "hovertemplate": "θ = (%{x:.4g}, %{y:.4g})<extra></extra>",
    }


def path_traces(name: str, trajectory: Trajectory, surface: Surface, style: Style, update: int | None) -> list[dict]:
    """The traces of one path: a line with a rim, its updates, and where it left the frame."""
    drawn = drawn_path(trajectory, surface.view)
    path, updates, data = drawn.line, drawn.updates, drawn.data
    line = {"type": "scatter", "mode": "lines", "x": path.points[0], "y": path.points[1]}
    line |= {"hoverinfo": "skip", **of_run(name)}
    line = growing(following(line, Rows.SEEN), path.update)
    rim = {**line, "name": f"{name} rim", "line": {"width": 5.5, "color": rim_of(style.color)}}
    line |= {"name": f"{name} line", "line": {"width": 2.8, "color": style.color}}
    # The rims of many points would hide the path.
    rim_width = OPEN_WIDTH if style.is_open else 0.0 if len(updates) > CROWDED else 1.0
    usual = 6.0 if len(updates) <= 60 else 4.0
    sizes = np.full(len(updates), usual)
    if len(updates) and updates[-1] == trajectory.steps:
        sizes[-1] = LAST
    traces = [
        rim,
        line,
        following(
            {
                "type": "scatter",
                "name": title_of(name),
                "mode": "markers",
                **with_cursor(name, drawn.until),
                "x": drawn.points[0],
                "y": drawn.points[1],
                "customdata": data,
                "marker": {
                    "symbol": style.symbol,
                    "size": sizes,
                    "color": style.color,
                    "line": {"color": rim_of(style.color), "width": rim_width},
                },
                "hovertemplate": point_hover(data, name=title_of(name)),
            },
            Rows.SEEN,
            sizes=(usual, LAST),
            exit_marker=_exit_marker(style.color),
        ),
    ]
    if path.exits.size:
        traces.append(_exits(name, path, style.color))
    if update is not None and update in updates:
        chosen = _chosen(name, data[updates == update], style.color)
        traces.append(following(chosen, Rows.ROW, after_update(), update=UPDATE))
    return traces


def _exits(name: str, path: VisiblePath, color: str) -> dict:
    words = f"<b>{hover_name(title_of(name))}</b> left the frame at"
    return {
        "type": "scatter",
        "name": f"{name} left the frame",
        **of_exits(name, title_of(name) if path.departs else None),
        "mode": "markers",
        "x": path.exits[0],
        "y": path.exits[1],
        "customdata": path.exit_updates[:, None],
        "marker": _exit_marker(color),
        "cliponaxis": False,
        "hovertemplate": f"{words}<br>update %{{customdata[0]}}<extra></extra>",
    }


def _exit_marker(color: str) -> dict:
    return {"symbol": "x-thin", "size": 13, "line": {"color": color, "width": 3}}


def _chosen(name: str, data: np.ndarray, color: str) -> dict:
    return {
        "type": "scatter",
        "name": f"{name} chosen update",
        **of_run(name),
        "mode": "markers",
        "x": data[:, 1],
        "y": data[:, 2],
        "marker": {"symbol": "circle-open", "size": 17, "color": MARK_FILL, "line": {"color": MARK_FILL, "width": 2.5}},
        "hoverinfo": "skip",
    }


def start_mark(trajectories: Mapping[str, Trajectory]) -> list[dict]:
    """The mark of the start that all paths share; none where there is no path."""
    return [mark_at(trajectory.theta[0]) for trajectory in list(trajectories.values())[:1]]


def mark_at(theta: np.ndarray) -> dict:
    """The mark of a point (2,) that can be dragged."""
    mark = {
        "type": "scatter",
        "name": "start",
        **draggable(),
        "mode": "markers",
        "x": [theta[0]],
        "y": [theta[1]],
        "marker": {"symbol": "circle", "size": 11, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2.5}},
        "hovertemplate": "start<br>θ = (%{x:.6g}, %{y:.6g})<extra></extra>",
    }
    return following(mark, Rows.START)


def _annotation(arrow: Arrow) -> dict:
    tip = arrow.tail + arrow.vector
    return {
        "x": tip[0],
        "y": tip[1],
        "ax": arrow.tail[0],
        "ay": arrow.tail[1],
        "xref": "x",
        "yref": "y",
        "axref": "x",
        "ayref": "y",
        "arrowhead": 2,
        "arrowsize": 1.1,
        "arrowwidth": 2.6,
        "arrowcolor": arrow.color,
        "text": "",
        "hovertext": arrow.name,
    }
