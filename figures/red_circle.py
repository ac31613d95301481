"""The red circle: the disc in which a Taylor model is trusted, on the map and in space."""

from dataclasses import replace
from functools import partial

import numpy as np

from figures.held_circle import CircleSource, Disc, InSpace, Shape, held, with_model
from figures.isolines import isolines
from figures.mesh import Mesh
from figures.meta import above, draggable
from figures.surface_3d import LIFT, on_sheet
from figures.theme import MARK_FILL, MARK_RIM, RED_CIRCLE
from programs.frame import inside
from programs.tracing import Quantity
from surfaces import Surface
from surfaces.taylor import RedCircle, model_value

RINGS, SPOKES, LEVELS, CORNERS = 10, 60, 9, 181
_RIM = {"color": MARK_RIM, "width": 1.5}
# What is painted of the model in space while a hand moves, over the surface instead of through it.
_OUTLINE = {
    "type": "scatter3d",
    "mode": "lines",
    "line": {"color": RED_CIRCLE, "width": 1.5},
    "fill": "toself",
    "fillcolor": RED_CIRCLE,
    "opacity": 0.45,
}
_EVERYWHERE = ((-np.inf, np.inf), (-np.inf, np.inf))
_POINT_HOVER = "θ = (%{x:.6g}, %{y:.6g})<br>L = %{customdata:.6g}<extra></extra>"


def circle_on_map(surface: Surface, circle: RedCircle, source: CircleSource | None = None) -> list[dict]:
    """Traces for a contour map: the circle, the model's own level lines inside it, its step, and both lowest points.

    The level lines are evenly spaced between the model's lowest and highest value in the disc. source: of what follows
    a hand; the loss's own lowest point never does.
    """
    follow = partial(held, source=source, surface=surface, order=circle.order)
    points, triangles = _disc(circle)
    model = model_value(surface, circle.center, points, circle.order)
    levels = np.linspace(model.min(), model.max(), LEVELS + 2)[1:-1] if np.isfinite(model).all() else []
    lines = isolines(points, model, triangles, levels)
    rim = _circle(circle.center, float(circle.radius))
    step = np.column_stack([circle.center, circle.model_minimizer])
    thin, usual, wide = ({"color": RED_CIRCLE, "width": width} for width in (1.4, 3, 5.5))
    wide["color"] = MARK_FILL
    return [
        follow(_line("model's level lines", lines, thin, opacity=0.75), _node, with_model, **_NODES),
        follow(_line("red circle rim", rim, wide, opacity=0.85), _corner, corner=range(CORNERS)),
        follow(_line("red circle", rim, usual), _corner, corner=range(CORNERS)),
        follow(_line("step rim", step, wide), _on_step, share=(0, 1)),
        follow(_line("step", step, usual), _on_step, share=(0, 1)),
        *(follow(_mark(name, point, surface, mark), shape) for name, point, mark, shape in _lowest_points(circle)),
    ]


def center_mark(surface: Surface, center: np.ndarray, source: CircleSource | None = None) -> dict:
    """The centre, which can be dragged."""
    marker = {"symbol": "circle", "size": 12, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2.5}}
    mark = _mark("centre", center, surface, marker) | {"hovertemplate": f"centre (a, b)<br>{_POINT_HOVER}"}
    return held({**mark, **draggable()}, Disc.middle, source=source, surface=surface)


def point_mark(
    name: str,
    point: np.ndarray,
    surface: Surface,
    color: str,
    symbol: str,
    shape: Shape,
    source: CircleSource | None = None,
) -> dict:
    """One more point that is compared with the circle's own. shape: from the circle to the point."""
    mark = _mark(name, point, surface, {"symbol": symbol, "size": 11, "color": color, "line": _RIM})
    return held(mark, shape, source=source, surface=surface)


def _line(name: str, points: np.ndarray, line: dict, **fields) -> dict:
    x, y = points
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": line,
        "hoverinfo": "skip",
        **fields,
    }


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


def circle_in_space(surface: Surface, mesh: Mesh, circle: RedCircle, source: CircleSource | None = None) -> list[dict]:
    """Traces for the surface in space: the model over the disc, the circle on the loss, and both lowest points.

    source: as of `circle_on_map`.
    """
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
    follow = partial(held, source=source, surface=surface, order=circle.order)
    on_loss = _in_space(surface, mesh)
    center = {"symbol": "circle", "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2}}
    return [
        follow(
            patch, _corner, replace(on_loss, frame=_EVERYWHERE, is_model=True), look=_OUTLINE, corner=range(CORNERS)
        ),
        circle_line_in_space(surface, mesh, circle.center, float(circle.radius), source),
        *(
            follow(
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
                    # The disc and the walls around it would hide half of them.
                    **above(),
                },
                shape,
                on_loss,
            )
            for name, point, mark, shape in [*_lowest_points(circle), ("centre", circle.center, center, Disc.middle)]
        ),
    ]


def circle_line_in_space(
    surface: Surface, mesh: Mesh, center: np.ndarray, radius: float, source: CircleSource | None = None
) -> dict:
    """The circle alone, lying on the surface, as far as it is in the picture. source: as of `circle_on_map`."""
    points = _circle(center, radius)
    points = np.where(inside(points, surface.view), points, np.nan)
    line = {
        "type": "scatter3d",
        "mode": "lines",
        "name": "red circle",
        "x": points[0],
        "y": points[1],
        "z": on_sheet(points, surface, mesh),
        "hoverinfo": "skip",
        "line": {"color": RED_CIRCLE, "width": 7},
    }
    return held(line, _corner, _in_space(surface, mesh), source=source, surface=surface, corner=range(CORNERS))


def _in_space(surface: Surface, mesh: Mesh) -> InSpace:
    return InSpace(mesh.scale, LIFT * mesh.scale.top, surface.view)


def _circle(center: np.ndarray, radius: float) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, CORNERS)
    return np.stack([center[0] + radius * np.cos(angle), center[1] + radius * np.sin(angle)])


def _lowest_points(circle: RedCircle) -> list[tuple[str, np.ndarray, dict, Shape | None]]:
    loss = {"symbol": "square", "size": 12, "color": MARK_FILL, "line": _RIM}
    model = {"symbol": "diamond", "size": 11, "color": RED_CIRCLE, "line": _RIM}
    return [
        ("lowest point of the loss", circle.true_minimizer, loss, None),
        ("lowest point of the model", circle.model_minimizer, model, Disc.lowest),
    ]


# The same points of a circle under the hand, by the numbers of a table


def _corner(disc: Disc, corner: Quantity) -> Quantity:
    return disc.at(1.0, corner * (2 * np.pi / (CORNERS - 1)))


def _on_step(disc: Disc, share: Quantity) -> Quantity:
    return disc.center + (disc.lowest() - disc.center) * share


# Nodes of a grid with a row for the centre and for each ring, in which the first spoke is the last one, too.
_RING, _SPOKE = (part.ravel().tolist() for part in np.mgrid[: RINGS + 1, : SPOKES + 1])
_NODES = {"levels": (SPOKES + 1, LEVELS), "ring": _RING, "spoke": _SPOKE}


def _node(disc: Disc, ring: Quantity, spoke: Quantity) -> Quantity:
    return disc.at(ring / RINGS, spoke * (2 * np.pi / SPOKES))


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
