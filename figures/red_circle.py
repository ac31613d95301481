"""The red circle: the disc in which a Taylor model is trusted, on the map and in space."""

import numpy as np

from figures.isolines import isolines
from figures.mesh import Mesh
from figures.meta import draggable
from figures.surface_3d import LIFT, on_sheet
from figures.theme import MARK_FILL, MARK_RIM, RED_CIRCLE
from programs.frame import inside
from surfaces import Surface
from surfaces.taylor import RedCircle, model_value

RINGS, SPOKES, LEVELS, CORNERS = 10, 60, 9, 181
_RIM = {"color": MARK_RIM, "width": 1.5}
_POINT_HOVER = "θ = (%{x:.6g}, %{y:.6g})<br>L = %{customdata:.6g}<extra></extra>"


def circle_on_map(surface: Surface, circle: RedCircle) -> list[dict]:
    """Traces for a contour map: the circle, the model's own level lines inside it, its step, and both lowest points.

    The level lines are evenly spaced between the model's lowest and highest value in the disc.
    """
    points, triangles = _disc(circle)
    model = model_value(surface, circle.center, points, circle.order)
    levels = np.linspace(model.min(), model.max(), LEVELS + 2)[1:-1] if np.isfinite(model).all() else []
    lines = isolines(points, model, triangles, levels)
    step = np.column_stack([circle.center, circle.model_minimizer])
    flat = {"type": "scatter", "mode": "lines", "hoverinfo": "skip"}
    thin = {"color": RED_CIRCLE, "width": 1.4}
    return [
        {**flat, "name": "model's level lines", "x": lines[0], "y": lines[1], "line": thin, "opacity": 0.75},
        *circle_line(circle.center, float(circle.radius)),
        {**flat, "name": "step rim", "x": step[0], "y": step[1], "line": {"color": MARK_FILL, "width": 5.5}},
        {**flat, "name": "step", "x": step[0], "y": step[1], "line": {"color": RED_CIRCLE, "width": 3}},
        *(_mark(name, point, surface, mark) for name, point, mark in _lowest_points(circle)),
    ]


def circle_line(center: np.ndarray, radius: float) -> list[dict]:
    """The circle alone, with a light rim, so that it stands out on every height."""
    first, second = _circle(center, radius)
    line = {"type": "scatter", "mode": "lines", "x": first, "y": second, "hoverinfo": "skip"}
    return [
        {**line, "name": "red circle rim", "line": {"color": MARK_FILL, "width": 5.5}, "opacity": 0.85},
        {**line, "name": "red circle", "line": {"color": RED_CIRCLE, "width": 3}},
    ]


def center_mark(center: np.ndarray, loss: float) -> dict:
    """The centre, which can be dragged."""
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "centre",
        **draggable(),
        "x": [center[0]],
        "y": [center[1]],
        "customdata": [loss],
        "marker": {"symbol": "circle", "size": 12, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2.5}},
        "hovertemplate": f"centre (a, b)<br>{_POINT_HOVER}",
    }


def point_mark(name: str, point: np.ndarray, surface: Surface, color: str, symbol: str) -> dict:
    """One more point that is compared with the circle's own."""
    return _mark(name, point, surface, {"symbol": symbol, "size": 11, "color": color, "line": _RIM})


def _mark(name: str, point: np.ndarray, surface: Surface, marker: dict) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [point[0]],
        "y": [point[1]],
        "customdata": [float(surface.value(point))],
        "marker": marker,
        "hovertemplate": f"{name}<br>{_POINT_HOVER}",
    }


def circle_in_space(surface: Surface, mesh: Mesh, circle: RedCircle) -> list[dict]:
    """Traces for the surface in space: the model over the disc, the circle on the loss, and both lowest points."""
    points, triangles = _disc(circle)
    model = model_value(surface, circle.center, points, circle.order)
    with np.errstate(all="ignore"):
        height = mesh.scale.height(model) + LIFT * mesh.scale.top
    first, second, third = triangles.T
    patch = {
        "type": "mesh3d",
        "name": "model",
        "x": points[0],
        "y": points[1],
        "z": height,
        "i": first,
        "j": second,
        "k": third,
        "color": RED_CIRCLE,
        "customdata": model,
        "lighting": {"ambient": 0.9, "diffuse": 0.2},
        "hovertemplate": "model<br>θ = (%{x:.4g}, %{y:.4g})<br>L ≈ %{customdata:.6g}<extra></extra>",
    }
    centre = (
        "centre",
        circle.center,
        {"symbol": "circle", "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2}},
    )
    return [
        patch,
        circle_line_in_space(surface, mesh, circle.center, float(circle.radius)),
        *(
            {
                "type": "scatter3d",
                "mode": "markers",
                "name": name,
                "x": [point[0]],
                "y": [point[1]],
                "z": on_sheet(point[:, None], surface, mesh),
                "customdata": [float(surface.value(point))],
                "marker": {**mark, "size": 6},
                "hovertemplate": f"{name}<br>{_POINT_HOVER}",
            }
            for name, point, mark in [*_lowest_points(circle), centre]
        ),
    ]


def circle_line_in_space(surface: Surface, mesh: Mesh, center: np.ndarray, radius: float) -> dict:
    """The circle alone, lying on the surface, as far as it is in the picture."""
    points = _circle(center, radius)
    points = np.where(inside(points, surface.view), points, np.nan)
    return {
        "type": "scatter3d",
        "mode": "lines",
        "name": "red circle",
        "x": points[0],
        "y": points[1],
        "z": on_sheet(points, surface, mesh),
        "hoverinfo": "skip",
        "line": {"color": RED_CIRCLE, "width": 7},
    }


def _circle(center: np.ndarray, radius: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, CORNERS)
    return np.stack([center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)])


def _lowest_points(circle: RedCircle) -> list[tuple[str, np.ndarray, dict]]:
    loss = {"symbol": "square", "size": 12, "color": MARK_FILL, "line": _RIM}
    model = {"symbol": "diamond", "size": 11, "color": RED_CIRCLE, "line": _RIM}
    return [
        ("lowest point of the loss", circle.true_minimizer, loss),
        ("lowest point of the model", circle.model_minimizer, model),
    ]


def _disc(circle: RedCircle) -> tuple[np.ndarray, np.ndarray]:
    """Points (2, n) of the disc, the centre first and the rim last, and triangles (t, 3) between them."""
    angle = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)
    reach = circle.radius * np.arange(1, RINGS + 1)[:, None] / RINGS
    rings = np.stack([reach * np.cos(angle), reach * np.sin(angle)]).reshape(2, -1)
    points = circle.center[:, None] + np.column_stack([np.zeros(2), rings])
    here, there = np.arange(SPOKES), np.roll(np.arange(SPOKES), -1)
    fan = np.stack([np.zeros(SPOKES, int), 1 + here, 1 + there], axis=1)
    bands = []
    for ring in range(RINGS - 1):
        inner, outer = 1 + ring * SPOKES, 1 + (ring + 1) * SPOKES
        bands.append(np.stack([inner + here, outer + here, outer + there], axis=1))
        bands.append(np.stack([inner + here, outer + there, inner + there], axis=1))
    return points, np.concatenate([fan, *bands])
