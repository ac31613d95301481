"""A surface sampled over its view, as finely as its shape needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from figures.isolines import isolines
from figures.scale import LossScale, loss_scale, true_scale
from surfaces import Surface

RESOLUTIONS = (61, 121, 241)
# The drawn surface may differ from the true one by this share of the height of the picture.
TOLERANCE = 0.02


@dataclass(frozen=True, eq=False)
class Mesh:
    """Samples of a surface over its view: axes theta1 (n,), theta2 (n,), loss (n, n) with theta2 along the rows.

    error: the largest difference between the drawn and the true surface at the centres of the cells, as a share of the
    height of the picture.
    """

    theta1: np.ndarray
    theta2: np.ndarray
    loss: np.ndarray
    scale: LossScale
    error: float

    @cached_property
    def height(self) -> np.ndarray:
        """The heights of the drawn surface, (n, n)."""
        return self.scale.height(self.loss)

    @cached_property
    def compact_height(self) -> np.ndarray:
        """The heights as pictures carry them."""
        return compact(self.height)

    @cached_property
    def compact_loss(self) -> np.ndarray:
        """The losses as pictures carry them."""
        return compact(self.loss)

    @cached_property
    def has_gaps(self) -> bool:
        """True where the surface has no value at one of the samples or more."""
        return bool(np.isnan(self.loss).any())

    def level_lines(self, heights: Sequence[float]) -> np.ndarray:
        """Lines (3, m) on the drawn surface at these heights, cut into pieces by nan, around what has no value."""
        places, values = np.arange(self.loss.size).reshape(self.loss.shape), self.height.ravel()
        cells = np.stack([places[:-1, :-1], places[:-1, 1:], places[1:, 1:], places[1:, :-1]]).reshape(4, -1)
        cells = cells[:, np.isfinite(values[cells]).all(axis=0)]
        triangles = np.hstack([cells[[0, 1, 2]], cells[[0, 2, 3]]]).T
        points = np.stack(np.meshgrid(self.theta1, self.theta2)).reshape(2, -1)
        lines = [isolines(points, values, triangles, np.array([height])) for height in heights]
        flat = np.concatenate([np.full(line.shape[1], height) for line, height in zip(lines, heights, strict=True)])
        return np.vstack([np.hstack(lines), flat])

    @cached_property
    def cell(self) -> float:
        """The diagonal of a cell."""
        return float(np.hypot(self.theta1[1] - self.theta1[0], self.theta2[1] - self.theta2[0]))

    @cached_property
    def _axes(self) -> np.ndarray:
        """The first sample, the last one and the number of cells of both axes, (3, 2, 1)."""
        return np.transpose([(axis[0], axis[-1], len(axis) - 1) for axis in (self.theta1, self.theta2)])[:, :, None]

    def drawn_height(self, theta: np.ndarray, height: np.ndarray | None = None) -> np.ndarray:
        """The height of the drawn surface, flat between its samples, at points (2, n) inside the view."""
        height = self.height if height is None else height
        first, last, cells = self._axes
        place = np.minimum(np.maximum((theta - first) / (last - first) * cells, 0), cells)
        # A point that is not a number may lie in any cell: its share of the cell is none either.
        column, row = index = np.fmin(place, cells - 1).astype(int)
        across, up = place - index
        samples = height.ravel()
        corner = row * height.shape[1] + column
        above = corner + height.shape[1]
        lower = samples[corner] * (1 - across) + samples[corner + 1] * across
        upper = samples[above] * (1 - across) + samples[above + 1] * across
        return lower * (1 - up) + upper * up


def compact(values: np.ndarray) -> np.ndarray:
    """The values in 32 bits, or as they are where 32 bits could not hold their size."""
    with np.errstate(over="ignore"):
        small = values.astype(np.float32)
    return values if (np.isfinite(values) & ~np.isfinite(small)).any() else small


def mesh_of(surface: Surface) -> Mesh:
    """The coarsest mesh of RESOLUTIONS whose error is below TOLERANCE, or the finest."""
    for resolution in RESOLUTIONS:
        mesh = _sampled(surface, resolution)
        if mesh.error <= TOLERANCE:
            break
    return mesh


def _sampled(surface: Surface, resolution: int) -> Mesh:
    theta1, theta2 = (np.linspace(low, high, resolution) for low, high in surface.view)
    loss = surface.value(np.stack(np.meshgrid(theta1, theta2)))
    # A pole is a gap too: no picture can show a height without end.
    loss = np.where(np.isfinite(loss), loss, np.nan)
    lowest = np.inf if surface.best_loss is None else surface.best_loss
    scale = loss_scale(loss, lowest)
    height = scale.height(loss)
    centres = np.stack(np.meshgrid((theta1[1:] + theta1[:-1]) / 2, (theta2[1:] + theta2[:-1]) / 2))
    drawn = (height[1:, 1:] + height[1:, :-1] + height[:-1, 1:] + height[:-1, :-1]) / 4
    difference = np.abs(scale.height(surface.value(centres)) - drawn)
    return Mesh(theta1, theta2, loss, scale, float(difference[np.isfinite(difference)].max(initial=0.0)) / scale.top)


def true_heights(mesh: Mesh) -> Mesh:
    """The same samples at true heights."""
    return replace(mesh, scale=true_scale(mesh.scale))
