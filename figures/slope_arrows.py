"""The direction of steepest ascent and of steepest descent at a point, as arrows of a readable length."""

import numpy as np

from figures.contour_map import Arrow
from figures.following import UPDATE
from figures.meta import arrow_following
from figures.theme import Theme
from programs.frame import Frame
from programs.program import Program
from programs.tracing import program_of
from surfaces import Surface

# The share of the view that the longer of the two coordinates of an arrow takes.
SHARE = 0.16


def slope_arrows(surface: Surface, theta: np.ndarray, theme: Theme, run: str = "") -> list[Arrow]:
    """The gradient and its opposite at a point (2,). Only their direction is true: the length is for the eye.

    run: the run that begins there, and that the arrows follow while a hand moves.
    """
    gradient = surface.gradient(theta)
    if not (np.isfinite(gradient).all() and gradient.any() and np.isfinite(theta).all()):
        return []
    vector = np.array(readable(*gradient, surface.view))
    colors, arrows = theme.arrow_colors, []
    for name, kind, sign in (("gradient ∇L, steepest ascent", "gradient", 1), ("−∇L, steepest descent", "step", -1)):
        follows = arrow_following(run, _program(surface.view, sign), colors[kind], UPDATE) if run else None
        arrows.append(Arrow(name, theta, sign * vector, colors[kind], follows))
    return arrows


def readable(gradient1, gradient2, frame: Frame) -> tuple:
    """A gradient, of numbers or quantities, as long as can be read in a frame."""
    across, up = (high - low for low, high in frame)
    length = np.maximum(np.abs(gradient1 / across), np.abs(gradient2 / up))
    return SHARE * gradient1 / length, SHARE * gradient2 / length


def _program(frame: Frame, sign: int) -> Program:
    """From the point before an update and its gradient to the ends of an arrow."""

    def arrow(theta1, theta2, gradient1, gradient2):
        across, up = readable(gradient1, gradient2, frame)
        return {"x0": theta1, "y0": theta2, "x1": theta1 + sign * across, "y1": theta2 + sign * up}

    return program_of(arrow, "theta1", "theta2", "gradient1", "gradient2")
