"""A loss with its known global minimisers, and when a run has come close enough to them."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from optimizers.loss import Loss
from optimizers.verdict import short

# The share of the first gap to the minimum at which a run counts as done.
TOLERANCE = 1e-3
# A difference of losses, as a share of them, that is none.
SAME = 1e-9

# A point, and the corners of a square around it.
_AND_CORNERS = np.array([[0, -1, -1, 1, 1], [0, -1, 1, -1, 1]])[:, None]


class Goal:
    """A loss, with value, gradient and hessian, and its known global minimisers, each (2,); there may be none."""

    def __init__(self, loss: Loss, minima: Sequence[np.ndarray]):
        self.loss, self.is_known = loss, len(minima) > 0
        self._minima = np.array(minima, dtype=float).reshape(-1, 2).T

    def nearest(self, theta: np.ndarray) -> tuple[np.ndarray | None, float]:
        """The known minimiser that is nearest to a point (2,), and its distance; None and nan where none is known."""
        if not self.is_known:
            return None, np.nan
        distances = np.hypot(theta[0] - self._minima[0], theta[1] - self._minima[1])
        index = distances.argmin()
        return self._minima[:, index], float(distances[index])

    @property
    def lowest(self) -> float:
        """L*."""
        return self._lowest_and_rounding[0]

    @property
    def rounding(self) -> float:
        """The gap that remains where a minimiser and its loss are known to the last digits only."""
        return self._lowest_and_rounding[1]

    @cached_property
    def _lowest_and_rounding(self) -> tuple[float, float]:
        theta = self._minima[..., None]
        with np.errstate(all="ignore"):
            values = np.asarray(self.loss.value(theta + 4 * np.spacing(np.abs(theta)) * _AND_CORNERS), dtype=float)
            here = values[:, :1]
            return min(here.ravel().tolist()), float((values[:, 1:] - here + 4 * np.spacing(np.abs(here))).max())

    def gap(self, loss: float) -> float:
        """L - L*, zero where it is rounding; nan where no minimum is known."""
        if not self.is_known:
            return np.nan
        gap = float(loss) - self.lowest
        return 0.0 if abs(gap) <= self.rounding + SAME * abs(self.lowest) else gap

    @property
    def name(self) -> str:
        """L* and its number."""
        return f"L* = {short(0.0 if abs(self.lowest) <= self.rounding else self.lowest)}"

    def updates_to_tolerance(self, losses: np.ndarray) -> np.ndarray:
        """The first update after which L - L* stays within TOLERANCE of its first value, or of rounding: (*batch,).

        losses: (steps + 1, *batch), of whole runs. -1 where there is no such update, or no known minimum.
        """
        if not self.is_known:
            return np.full(losses.shape[1:], -1)
        with np.errstate(all="ignore"):
            gap = losses - self.lowest
            far = ~(np.abs(gap) <= TOLERANCE * np.maximum(gap[0], 0) + self.rounding)
        updates = np.where(far.any(axis=0), len(far) - far[::-1].argmax(axis=0), 0)
        return np.where(far[-1], -1, updates)
