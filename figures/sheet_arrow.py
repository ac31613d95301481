"""An arrow that lies on the drawn surface."""

import numpy as np

from figures.contour_map import Arrow
from figures.mesh import Mesh
from figures.path import draped
from figures.surface_3d import on_sheet
from surfaces import Surface


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
    return [
        {**common, "name": arrow.name, "mode": "lines", "line": {"width": 9, "color": arrow.color}},
        {
            **common,
            **ends,
            "name": f"{arrow.name}, tip",
            "mode": "markers",
            "marker": {"size": 7, "symbol": "diamond", "color": arrow.color},
        },
    ]
