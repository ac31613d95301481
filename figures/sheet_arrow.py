"""An arrow that lies on the drawn surface."""

import numpy as np

from figures.contour_map import Arrow
from figures.mesh import Mesh
from figures.meta import Rows, also, following, waiting
from figures.path import draped
from figures.surface_3d import LIFT, on_sheet
from programs.program import Builder, Program
from programs.tracing import Quantity, outputs_of, quantity
from surfaces import Surface
from surfaces.traced import NoProgramError, TracedLoss

# Of an arrow that follows a hand.
PIECES = 16


def sheet_arrow(arrow: Arrow, surface: Surface, mesh: Mesh) -> list[dict]:
    """The arrow of the contour map once more, on the surface in space: a line and a tip."""
    tip = arrow.tail + arrow.vector
    line = draped(
        np.column_stack([arrow.tail, tip]),
        lambda points: on_sheet(points, surface, mesh),
        tolerance=0.01 * mesh.scale.top,
        longest=2 * mesh.cell,
        shortest=mesh.cell / 2,
    )
    common = {"type": "scatter3d", "hoverinfo": "name", "x": line[0], "y": line[1], "z": line[2]}
    ends = {axis: common[axis][-1:] for axis in "xyz"}
    shaft = {**common, "name": arrow.name, "mode": "lines", "line": {"width": 9, "color": arrow.color}}
    point = {
        **common,
        **ends,
        "name": f"{arrow.name}, tip",
        "mode": "markers",
        "marker": {"size": 7, "symbol": "diamond", "color": arrow.color},
    }
    return [
        _followed(shaft, arrow, surface, mesh, np.linspace(0, 1, PIECES + 1)),
        _followed(point, arrow, surface, mesh, np.ones(1)),
    ]


def _followed(trace: dict, arrow: Arrow, surface: Surface, mesh: Mesh, shares: np.ndarray) -> dict:
    """A trace of some points along an arrow, which follows a hand if the arrow does and the loss has a program."""
    if arrow.follows is None:
        return trace
    try:
        program = _program(Program.from_data(arrow.follows["program"]), surface, mesh)
    except NoProgramError:
        return also(trace, waiting())
    run, update = arrow.follows["run"], arrow.follows["update"]
    return following(trace, Rows.TABLE, program, table={"share": shares}, update=update, run=run)


def _program(ends: Program, surface: Surface, mesh: Mesh) -> Program:
    """From a share of the way between the ends of an arrow to a point on the surface."""
    builder = Builder()
    share = quantity(builder, "share")
    x0, y0, x1, y1 = (
        Quantity(builder, np.array(index)) for index in builder.include(ends, {}, ("x0", "y0", "x1", "y1")).values()
    )
    x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    z = mesh.scale.height(TracedLoss(surface).value(np.stack([x, y]))) + LIFT * mesh.scale.top
    return builder.program(outputs_of({"x": x, "y": y, "z": z}.items()))
