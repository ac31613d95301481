"""How curved a loss is where descent begins and where it ends."""

import numpy as np

from programs.matrices import eigenvalues, largest_entry
from surfaces.surface import Surface

RESOLUTION = 9


def largest_curvature(surface: Surface, points: np.ndarray) -> float:
    r"""The largest eigenvalue of the Hessian at points (2, n), $\lambda_{max}$; 0 where none of them is curved upwards.

    Points without a finite Hessian do not count.
    """
    hessian = surface.hessian(points)
    with np.errstate(all="ignore"):
        largest = eigenvalues(hessian)[1]
    return float(largest[np.isfinite(largest)].max(initial=0.0))


def usual_curvature(surface: Surface) -> float:
    """The median size of the largest second derivative over the view; 0 where it has none."""
    theta = np.stack(np.meshgrid(*(np.linspace(low, high, RESOLUTION) for low, high in surface.view)))
    bends = largest_entry(surface.hessian(theta))
    known = bends[np.isfinite(bends)]
    return float(np.median(known)) if known.size else 0.0
