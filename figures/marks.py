"""What the contour map and the 3D surface share of a path: its points, and what hovering over one says."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from figures.path import VisiblePath, visible_path
from optimizers import Trajectory
from programs.frame import Frame

_NAME = "%{fullData.name}"
_IN_HOVER = {ord(sign): f"&#{ord(sign)};" for sign in "&<>%"}
POINT_HOVER = (
    f"<b>{_NAME}</b><br>"
    "update %{customdata[0]:d}<br>"
    "θ = (%{customdata[1]:.5g}, %{customdata[2]:.5g})<br>"
    "L = %{customdata[3]:.6g}<br>|∇L| = %{customdata[4]:.4g}<extra></extra>"
)


@dataclass(frozen=True, eq=False)
class DrawnPath:
    """A path in a frame: its line, the updates (n,) whose points are inside, these points (2, n), and their
    `point_data` (n, 5). until: the update with which the line ends at an exit, None where it does not."""

    line: VisiblePath
    updates: np.ndarray
    points: tuple[np.ndarray, np.ndarray]
    data: np.ndarray
    until: int | None


@lru_cache(maxsize=16)
def drawn_path(trajectory: Trajectory, frame: Frame) -> DrawnPath:
    """What is drawn of a run; the pictures that stand beside one another ask for the same."""
    line = visible_path(trajectory.theta, frame, trajectory.state.get("update"))
    updates = line.update[whole_updates(line.update)].astype(int)
    data = point_data(trajectory, updates)
    until = int(line.exit_updates[-1]) if line.departs else None
    return DrawnPath(line, updates, (data[:, 1], data[:, 2]), data, until)


def point_data(trajectory: Trajectory, updates: np.ndarray) -> np.ndarray:
    """Update, theta1, theta2, loss and gradient norm at these updates, (n, 5), in true values."""
    with np.errstate(all="ignore"):
        steepness = np.hypot(trajectory.gradient[updates, 0], trajectory.gradient[updates, 1])
    return np.column_stack([updates, trajectory.theta[updates], trajectory.loss[updates], steepness])


def hover_name(name: str) -> str:
    """A name for hover texts: none of its signs is taken for markup, or for the field of a template."""
    return name.translate(_IN_HOVER)


def point_hover(data: np.ndarray, heights: np.ndarray | float = 0.0, name: str = "") -> str | list[str]:
    """What hovering over points with these data says: one text for all, or one for each where a point has no loss or
    no slope that is a number, and words stand for it. heights: (n,), nan where a point is not drawn. name: the trace's,
    of which every sign is shown."""
    text = POINT_HOVER if hover_name(name) == name else POINT_HOVER.replace(_NAME, hover_name(name))
    if np.isfinite(data[:, 3:]).all():
        return text
    drawn = np.isfinite(data[:, 1:3]).all(axis=1) & np.isfinite(heights)
    strange = drawn & ~np.isfinite(data[:, 3:]).all(axis=1)
    if not strange.any():
        return text
    return [_in_words(row, text) if odd else text for row, odd in zip(data, strange, strict=True)]


def _in_words(row: np.ndarray, text: str) -> str:
    for field, value in (("%{customdata[3]:.6g}", row[3]), ("%{customdata[4]:.4g}", row[4])):
        if not np.isfinite(value):
            text = text.replace(field, "no value" if np.isnan(value) else "too large for a computer")
    return text


def whole_updates(update: np.ndarray) -> np.ndarray:
    """True where a point of a path is an update, not a place where the frame cuts a step."""
    return np.isfinite(update) & (update == np.floor(update))
