"""The direction of steepest ascent and of steepest descent at a point, as arrows of a readable length."""

import numpy as np

from figures.contour_map import Arrow
from figures.theme import Theme
from surfaces import Surface

# The share of the view that the longer of the two coordinates of an arrow takes.
SHARE = 0.16


def slope_arrows(surface: Surface, theta: np.ndarray, theme: Theme) -> list[Arrow]:
    """The gradient and its opposite at a point (2,). Only their direction is true: the length is for the eye."""
    gradient = surface.gradient(theta)
    if not (np.isfinite(gradient).all() and gradient.any() and np.isfinite(theta).all()):
        return []
    sides = np.array([high - low for low, high in surface.view])
    vector = SHARE * gradient / np.abs(gradient / sides).max()
    colors = theme.arrow_colors
    return [
        Arrow("gradient ∇L, steepest ascent", theta, vector, colors["gradient"]),
        Arrow("−∇L, steepest descent", theta, -vector, colors["step"]),
    ]
