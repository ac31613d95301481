"""Whether a formula is the same everywhere, but for rounding."""

import numpy as np
import sympy

from surfaces.compiled import Compiled
from surfaces.corners import absolute
from surfaces.parameters import theta1, theta2
from surfaces.surface import Surface

# Half the widths of squares round the origin on which the values are compared, and the points along a side.
HALVES, RESOLUTION = (0.5, 4.0, 40.0, 1000.0, 1e6), 15
# Values that differ by less than this share of the largest term that was added up differ by rounding.
ROUNDING = 64 * float(np.finfo(float).eps)


# Functions of slope 1 at most, which pass on what their argument is off by.
_NEVER_STEEP = (sympy.sin, sympy.cos, sympy.atan, sympy.tanh)


def is_constant(surface: Surface) -> bool:
    """True where the values of a formula differ by rounding only, near the origin and far out, as for
    (x + y)^3 - x^3 - 3x^2 y - 3x y^2 - y^3."""
    compiled = Compiled((theta1, theta2), [surface.formula, _size(surface.formula)])
    seen = False
    for half in HALVES:
        side = half * np.linspace(-1, 1, RESOLUTION) + half / 100
        theta = np.stack(np.meshgrid(side, side * 0.97))
        values, sizes = (np.broadcast_to(part, theta.shape[1:]) for part in compiled.on_batch(*theta))
        known = np.isfinite(values) & np.isfinite(sizes)
        if not known.any():
            continue
        seen = True
        if np.ptp(values[known]) > ROUNDING * sizes[known].max():
            return False
    return seen


def _size(expression: sympy.Expr) -> sympy.Expr:
    """How large the terms of an expression are before they cancel."""
    if isinstance(expression, (sympy.Add, sympy.Mul)):
        return expression.func(*map(_size, expression.args))
    if isinstance(expression, sympy.Pow) and expression.exp.is_Integer and expression.exp > 0:
        return _size(expression.base) ** expression.exp
    if isinstance(expression, _NEVER_STEEP):
        return absolute(expression) + _size(expression.args[0])
    return absolute(expression)
