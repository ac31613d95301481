"""Losses over two parameters: written once, differentiated exactly."""

from surfaces import catalog
from surfaces.expression import ExpressionError, TypedSurface, parse
from surfaces.parameters import theta1, theta2
from surfaces.risk import EmpiricalRisk
from surfaces.surface import Surface

SURFACES: dict[str, Surface] = {name: s for name, s in vars(catalog).items() if isinstance(s, Surface)}

__all__ = [
    "SURFACES",
    "EmpiricalRisk",
    "ExpressionError",
    "Surface",
    "TypedSurface",
    "parse",
    "theta1",
    "theta2",
]
