"""Surfaces and trajectories in, plotly Figures out."""

from figures.contour_map import contour_map
from figures.loss_curve import loss_curve
from figures.mesh import Mesh, mesh_of
from figures.surface_3d import surface_3d
from figures.theme import DARK, LIGHT, Theme, style_of

__all__ = ["DARK", "LIGHT", "Mesh", "Theme", "contour_map", "loss_curve", "mesh_of", "style_of", "surface_3d"]
