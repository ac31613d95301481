"""Level lines of a function that is known at the nodes of triangles."""

import numpy as np


def isolines(points: np.ndarray, values: np.ndarray, triangles: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Lines (2, m) along which the function has one of the levels, cut into pieces with nan between them.

    points: (2, n). values: (n,), the function at the points, which is taken as flat inside a triangle. triangles:
    (t, 3), the places of their corners. levels: (k,).
    """
    pieces = [np.empty((2, 0))]
    for level in levels:
        above = values[triangles] > level
        crossed = above.any(axis=1) & ~above.all(axis=1)
        corners, above = triangles[crossed], above[crossed]
        # The corner that lies alone on its side of the level.
        alone = np.argmax(above == (above.sum(axis=1) == 1)[:, None], axis=1)
        rows = np.arange(len(corners))
        tip = corners[rows, alone]
        ends = []
        for turn in (1, 2):
            foot = corners[rows, (alone + turn) % 3]
            share = (level - values[tip]) / (values[foot] - values[tip])
            ends.append(points[:, tip] + share * (points[:, foot] - points[:, tip]))
        gaps = np.full_like(ends[0], np.nan)
        pieces.append(np.stack([*ends, gaps], axis=2).reshape(2, -1))
    return np.hstack(pieces)
