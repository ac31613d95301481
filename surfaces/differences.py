"""The exact gradient checked against finite differences."""

from dataclasses import dataclass

import numpy as np

from programs.frame import Frame
from programs.matrices import largest_component
from surfaces.surface import Surface

POINTS = 200
# Steps as a share of the side of the frame; the differences over both must agree, or the point says nothing.
STEP, LONGER_STEP = 2e-4, 4e-4
AGREEMENT = 1e-5


@dataclass(frozen=True)
class GradientCheck:
    """What a comparison found.

    error: the largest difference between the gradient and the differences, as a share of the gradient's usual size.
    points: at how many points they were compared. left_out: at how many there is no value, or a corner or a pole so
    near that differences say nothing.
    """

    error: float
    points: int
    left_out: int

    @property
    def passed(self) -> bool:
        """True where there were points to compare and the gradient agrees with the differences."""
        return self.points > 0 and self.error <= AGREEMENT


def gradient_check(surface: Surface, frame: Frame) -> GradientCheck:
    r"""Compares the gradient with central differences of fourth order at random points of a frame, always the same.

    $L'(x) \approx \frac{8 (L(x+h) - L(x-h)) - (L(x+2h) - L(x-2h))}{12 h}$
    """
    low, high = np.transpose(frame)
    theta = np.random.default_rng(0).uniform(low, high, (POINTS, 2)).T
    with np.errstate(all="ignore"):
        gradient = surface.gradient(theta)
        slopes, coarser = (_differences(surface, theta, share * (high - low)) for share in (STEP, LONGER_STEP))
        known = np.isfinite(gradient).all(axis=0) & np.isfinite(slopes).all(axis=0) & np.isfinite(coarser).all(axis=0)
        size = largest_component(gradient)
        usual = float(np.median(size[known])) if known.any() else 0.0
        scale = np.maximum(size, usual) + 1e-300
        known &= (np.abs(slopes - coarser) <= AGREEMENT / 2 * scale).all(axis=0)
        errors = (np.abs(gradient - slopes) / scale)[:, known]
    return GradientCheck(float(errors.max(initial=0.0)), int(known.sum()), int(POINTS - known.sum()))


def _differences(surface: Surface, theta: np.ndarray, steps: np.ndarray) -> np.ndarray:
    slopes = np.empty_like(theta)
    for axis, step in enumerate(steps):
        offset = np.zeros((2, 1))
        offset[axis] = step
        near, far = (surface.value(theta + k * offset) - surface.value(theta - k * offset) for k in (1, 2))
        slopes[axis] = (8 * near - far) / (12 * step)
    return slopes
