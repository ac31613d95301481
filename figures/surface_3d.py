"""The loss as a surface in space, with the paths lying on it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go

from figures.following import UPDATE, after_update_on_sheet, on_sheet_program
from figures.marks import DrawnPath, drawn_path, hover_name, point_hover
from figures.mesh import Mesh, compact
from figures.meta import Rows, above, also, following, growing, of_exits, of_run, still, with_cursor
from figures.path import all_draped
from figures.theme import MARK_FILL, MARK_RIM, SURFACE_COLORS, Style, Theme, figure, rim_of, style_of
from optimizers import Trajectory, title_of
from programs.frame import inside
from surfaces import Surface

# Lines are lifted by this share of the height of the picture, or the surface would hide half of their width.
LIFT = 0.008
RIM_DEPTH = 0.003
LEVELS = 22
# The last point of a path is so large.
LAST = 7
LEVEL_LINE = {"color": "#74849b", "width": 1}


def surface_3d(
    surface: Surface,
    mesh: Mesh,
    trajectories: Mapping[str, Trajectory],
    theme: Theme,
    *,
    height: int = 430,
    update: int | None = None,
    styles: Mapping[str, Style] = MappingProxyType({}),
    overlays: Sequence[dict] = (),
    opacity: float = 1.0,
) -> go.Figure:
    """The surface over its view, with every path draped over it.

    Heights are on the mesh's LossScale, which the title names; the labels and all hover texts are true losses.
    A path follows the drawn surface between updates, so that it is never inside or beside it. Marks as on the contour
    map. styles: for runs that are not named after their optimizer. overlays: further traces.
    opacity: of the surface, below 1 where something behind it must be seen.
    """
    traces = [{**_sheet(mesh), "opacity": opacity}]
    if mesh.has_gaps:
        traces.append(_level_lines(mesh))
    if surface.minima:
        minima = np.array(surface.minima).T
        traces.append(also(_mark("global minimum", minima, symbol="diamond", size=6), above()))
    traces.extend(overlays)
    paths = {name: drawn_path(trajectory, surface.view) for name, trajectory in trajectories.items()}
    for (name, drawn), line in zip(paths.items(), _draped(paths.values(), surface, mesh), strict=True):
        style = styles[name] if name in styles else style_of(name, theme)
        traces.extend(_path(name, drawn, line, mesh, style, trajectories[name].steps))
        traces.extend(_marks_of(name, drawn, mesh, style, update))
    first = next(iter(trajectories.values()), None)
    if first is not None and inside(first.theta[0], surface.view):
        mark = also(_mark("start", first.theta[:1].T, symbol="circle", size=6), above())
        lift = LIFT * mesh.scale.top
        traces.append(following(mark, Rows.START, on_sheet_program(mesh.scale, lift), lift=lift))
    _lift(traces, surface, mesh)
    heights, labels = mesh.scale.ticks()
    axis = {"gridcolor": theme.grid, "showbackground": False, "color": theme.ink, "zeroline": False}
    layout = theme.layout(
        height,
        title=theme.title(f"Error surface, upwards {mesh.scale.short_name}"),
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        scene={
            "xaxis": {**axis, "title": {"text": "θ₁"}, "range": list(surface.view[0])},
            "yaxis": {**axis, "title": {"text": "θ₂"}, "range": list(surface.view[1])},
            "zaxis": {
                **axis,
                # The title says it: beside the labels, a narrow picture has no room for more words.
                "title": {"text": ""},
                "tickvals": heights,
                "ticktext": labels,
                "range": [-0.03 * mesh.scale.top, 1.05 * mesh.scale.top],
            },
            "aspectmode": "manual",
            "aspectratio": {"x": 1, "y": 1, "z": 0.7},
            "camera": _camera(surface, mesh),
        },
        uirevision=surface.title,
    )
    return figure(traces, layout)


def _draped(paths: Iterable[DrawnPath], surface: Surface, mesh: Mesh) -> list[np.ndarray]:
    return all_draped(
        [np.vstack([drawn.line.points, drawn.line.update]) for drawn in paths],
        lambda points: on_sheet(points, surface, mesh),
        tolerance=0.01 * mesh.scale.top,
        longest=6 * mesh.cell,
        shortest=mesh.cell / 2,
    )


def _camera(surface: Surface, mesh: Mesh) -> dict:
    """A view over the lowest corner, which hides the least; among equally low corners, over the one next to the
    start."""
    corners = [(row, column) for row in (0, -1) for column in (0, -1)]

    def hidden(corner: tuple[int, int]) -> tuple[float, float]:
        row, column = corner
        low = round(float(mesh.height[row, column]) / mesh.scale.top, 1)
        away = np.hypot(surface.start[0] - mesh.theta1[column], surface.start[1] - mesh.theta2[row])
        return low, float(away)

    row, column = min(corners, key=hidden)
    eye = {"x": 1.3 if column else -1.3, "y": 1.45 if row else -1.45, "z": 1.25}
    return {"eye": eye, "center": {"x": 0, "y": 0, "z": -0.16}}


def _sheet(mesh: Mesh) -> dict:
    step = mesh.scale.top / LEVELS
    # plotly.js may not come back from level lines where samples have no value: they are our own there.
    lines = {"show": not mesh.has_gaps, "start": step / 2, "end": mesh.scale.top, "size": step} | LEVEL_LINE
    return {
        "type": "surface",
        "name": "surface",
        "x": mesh.theta1,
        "y": mesh.theta2,
        "z": mesh.compact_height,
        "customdata": mesh.compact_loss,
        "colorscale": SURFACE_COLORS,
        "cmin": 0.0,
        "cmax": mesh.scale.top,
        "showscale": False,
        "contours": {"z": lines},
        "lighting": {"ambient": 0.75, "diffuse": 0.45, "specular": 0.05, "roughness": 0.9},
        "hovertemplate": "θ = (%{x:.4g}, %{y:.4g})<br>L = %{customdata:.6g}<extra></extra>",
    }


# It takes fifty times as long as the rest of the picture, and is the same whatever the paths are.
@lru_cache(maxsize=32)
def _level_lines(mesh: Mesh) -> dict:
    """The level lines of a surface with gaps, a little above it."""
    x, y, z = mesh.level_lines((np.arange(LEVELS) + 0.5) * mesh.scale.top / LEVELS)
    return {
        "type": "scatter3d",
        "name": "level lines",
        **still(),
        "mode": "lines",
        "x": compact(x),
        "y": compact(y),
        "z": compact(z + RIM_DEPTH * mesh.scale.top),
        "line": LEVEL_LINE,
        "hoverinfo": "skip",
    }


def on_sheet(points: np.ndarray, surface: Surface, mesh: Mesh) -> np.ndarray:
    """Heights for points (2, n) in the picture: true ones, or the drawn surface's where that would hide the point."""
    with np.errstate(all="ignore"):
        return _over_sheet(points, surface.value(points), mesh)


def _over_sheet(points: np.ndarray, losses: np.ndarray, mesh: Mesh) -> np.ndarray:
    return np.fmax(mesh.scale.height(losses), mesh.drawn_height(points)) + LIFT * mesh.scale.top


def _path(name: str, drawn: DrawnPath, line: np.ndarray, mesh: Mesh, style: Style, last: int) -> list[dict]:
    """The line of a path with its rim, and its updates, of which the one that is the last of the run is larger.

    line: (4, n), points in space and the update of each.
    """
    updates, data = drawn.updates, drawn.data
    usual = 4.0 if len(updates) <= 60 else 2.5
    sizes = np.full(len(updates), usual)
    if len(updates) and updates[-1] == last:
        sizes[-1] = LAST
    lines = {"type": "scatter3d", "mode": "lines", "x": line[0], "y": line[1]}
    lines |= {"hoverinfo": "skip", **of_run(name)}
    lines = growing(lines, line[3])
    below = line[2] - RIM_DEPTH * mesh.scale.top
    lift = LIFT * mesh.scale.top
    program = on_sheet_program(mesh.scale, lift)
    low_lift = lift - RIM_DEPTH * mesh.scale.top
    rim = following(lines, Rows.PATH, on_sheet_program(mesh.scale, low_lift), lift=low_lift)
    lines = following(lines, Rows.PATH, program, lift=lift)
    points = {
        "type": "scatter3d",
        "name": title_of(name),
        **with_cursor(name, drawn.until),
        "mode": "markers",
        "x": drawn.points[0],
        "y": drawn.points[1],
        "customdata": data,
        "marker": {
            "symbol": style.symbol,
            "size": sizes,
            "color": style.color,
            "line": {"color": rim_of(style.color), "width": 1},
        },
        "hovertemplate": point_hover(data, name=title_of(name)),
    }
    return [
        {**rim, "name": f"{name} rim", "z": below, "line": {"width": 10, "color": rim_of(style.color)}},
        {**lines, "name": f"{name} line", "z": line[2], "line": {"width": 6, "color": style.color}},
        following(points, Rows.SEEN, program, sizes=(usual, LAST), exit_marker=_marker("x", 5, style.color), lift=lift),
    ]


def _marks_of(name: str, drawn: DrawnPath, mesh: Mesh, style: Style, update: int | None) -> list[dict]:
    """Where a path left the frame, and its chosen update."""
    marks = []
    if drawn.line.exits.size:
        title = f"{title_of(name)} left the frame"
        exits = _mark(title, drawn.line.exits, symbol="x", size=5, color=style.color)
        left = f"{hover_name(title)} at<br>update %{{customdata[0]}}<extra></extra>"
        data = drawn.line.exit_updates[:, None]
        end = of_exits(name, title_of(name) if drawn.line.departs else None)
        marks.append({**exits, **end, "customdata": data, "hovertemplate": left})
    if update is not None and update in drawn.updates:
        chosen = drawn.data[drawn.updates == update, 1:3].T
        mark = {**_mark(f"{name} chosen update", chosen, symbol="circle-open", size=9), **of_run(name)}
        lift = LIFT * mesh.scale.top
        program = after_update_on_sheet(mesh.scale, lift)
        marks.append(following(mark, Rows.ROW, program, update=UPDATE, lift=lift))
    return marks


def _mark(name: str, points: np.ndarray, *, symbol: str, size: int, color: str = MARK_FILL) -> dict:
    """A mark at points (2, n), which `_lift` completes."""
    return {
        "type": "scatter3d",
        "name": name,
        "mode": "markers",
        "x": points[0],
        "y": points[1],
        "marker": _marker(symbol, size, color),
        "hovertemplate": f"{name}<br>θ = (%{{x:.5g}}, %{{y:.5g}})<br>L = %{{customdata:.6g}}<extra></extra>",
    }


def _marker(symbol: str, size: int, color: str) -> dict:
    return {"symbol": symbol, "size": size, "color": color, "line": {"color": MARK_RIM, "width": 2}}


def _lift(traces: Sequence[dict], surface: Surface, mesh: Mesh) -> None:
    """Gives every trace without heights its own, and the losses where it has no data: all of them in one go."""
    marks = [trace for trace in traces if "z" not in trace]
    points = np.hstack([np.empty((2, 0)), *([mark["x"], mark["y"]] for mark in marks)])
    with np.errstate(all="ignore"):
        losses = surface.value(points)
        heights = _over_sheet(points, losses, mesh)
    end = 0
    for mark in marks:
        start, end = end, end + len(mark["x"])
        mark["z"] = heights[start:end]
        mark.setdefault("customdata", losses[start:end])
