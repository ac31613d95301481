"""The marks that the contour map and the 3D surface share: what hovering over a point says."""

import numpy as np

from optimizers import Trajectory

POINT_HOVER = (
    "<b>%{fullData.name}</b><br>update %{customdata[0]:d}<br>"
    "θ = (%{customdata[1]:.5g}, %{customdata[2]:.5g})<br>"
    "L = %{customdata[3]:.6g}<br>|∇L| = %{customdata[4]:.4g}<extra></extra>"
)


def point_data(trajectory: Trajectory, updates: np.ndarray) -> np.ndarray:
    """Update, theta1, theta2, loss and gradient norm at these updates, (n, 5), in true values."""
    with np.errstate(all="ignore"):
        steepness = np.hypot(trajectory.gradient[updates, 0], trajectory.gradient[updates, 1])
    return np.column_stack([updates, trajectory.theta[updates], trajectory.loss[updates], steepness])


def whole_updates(update: np.ndarray) -> np.ndarray:
    """True where a point of a path is an update, not a place where the frame cuts a step."""
    return np.isfinite(update) & (update == np.floor(update))
