"""Which updates lower the loss, which raise it, and which do nothing that a computer could tell."""

from enum import IntEnum

import numpy as np

from optimizers import Trajectory
from surfaces import Surface

# An update that promises a drop so many times as large as rounding should be seen in the loss.
CLEAR = 1e3


class Change(IntEnum):
    """What an update does to the loss. ROUNDING: no more than rounding, and it promised no more."""

    FALLS, STAYS, RISES, ROUNDING = range(4)


def changes(surface: Surface, path: Trajectory) -> np.ndarray:
    """The Change of every update of a run: (steps, *batch). A loss that is no finite number afterwards has risen.

    STAYS is for a loss that is the same although the slope and the length of the step promised a drop.
    """
    theta = np.moveaxis(path.theta, 1, 0)
    with np.errstate(all="ignore"):
        noise = surface.rounding(theta)
        noise, change = noise[:-1] + noise[1:], np.diff(path.loss, axis=0)
        promised = np.hypot(*np.diff(theta, axis=1)) * np.hypot(*np.moveaxis(path.gradient, 1, 0))[:-1]
        equal = np.where(promised > CLEAR * noise, Change.STAYS, Change.ROUNDING)
        # Comparisons with nan are false, so it ends up among what rises.
        return np.where(change < -noise, Change.FALLS, np.where(np.abs(change) <= noise, equal, Change.RISES))


def first_failure(kinds: np.ndarray) -> int | None:
    """The number of the first update (the first of all is 1) that should lower the loss and does not; None if none."""
    failed = np.flatnonzero((kinds == Change.STAYS) | (kinds == Change.RISES))
    return int(failed[0]) + 1 if failed.size else None
