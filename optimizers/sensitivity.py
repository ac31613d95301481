"""Whether a run depends on the last digit of its numbers, so that another computer draws another path."""

from functools import lru_cache

import numpy as np

from optimizers.single import nudged_path
from optimizers.stepped import has_own_step
from optimizers.trajectory import Trajectory, run

SENSITIVE = "sensitive to the last digit: another computer draws another path"
# Relative to the largest coordinate of the path so far.
THRESHOLD = 1e-10


def is_sensitive(trajectory: Trajectory) -> bool:
    """Whether a recorded run of one start changes when its last digits do, see `sensitivity`.

    Where exp, log, sin and so on are off by an ulp, as they are from numpy to browsers, a run may change ten times as
    much as by the nudges. So one that is below the threshold stays within 1e-9. Of the presets' runs, one in twenty is
    above, by a factor of 10 000 or more; of all rules on all surfaces with default learning rates, one in fifteen.
    """
    return sensitivity(trajectory) > THRESHOLD


def sensitivity(trajectory: Trajectory) -> float:
    r"""How far a second run departs, in which every point is multiplied by $1 \pm 2^{-52}$ in each component.

    The signs are random, but always the same; zero stays zero. What is returned is the largest distance between both
    paths along a parameter, relative to the largest coordinate of the path up to there. Of a run that diverges, the
    points before that are compared; a second run that diverges sooner is infinitely far away.
    """
    optimizer, loss, path = trajectory.optimizer, trajectory.objective, trajectory.theta
    nudges = _nudges(len(path))
    with np.errstate(all="ignore"):
        if has_own_step(optimizer):
            other = run(optimizer, loss, path[0] * nudges[0], trajectory.steps).theta
        else:
            other = nudged_path(optimizer, loss, path[0], nudges)
    return departure(path, other)


def departure(path: np.ndarray, other: np.ndarray) -> float:
    """The largest distance of another path from a path, both (n, 2), along a parameter, relative to the largest
    coordinate of the path up to there, as far as the path is finite."""
    finite = np.isfinite(path).all(axis=1)
    end = len(path) if finite.all() else int(finite.argmin())
    if not end:
        return 0.0
    size = np.maximum.accumulate(np.abs(path[:end]).max(axis=1))
    with np.errstate(all="ignore"):
        distance = np.abs(other[:end] - path[:end]).max(axis=1)
        relative = np.where(distance == 0, 0.0, distance / size)
    return float(np.nan_to_num(relative, nan=np.inf, posinf=np.inf).max())


@lru_cache(maxsize=16)
def _nudges(count: int) -> np.ndarray:
    """Factors (count, 2)."""
    return 1.0 + np.finfo(float).eps * np.random.default_rng(0).choice([-1.0, 1.0], size=(count, 2))
