"""Runs and meshes that the tests of pictures and verdicts share, each made once and never written to."""

from functools import cache

import numpy as np

from figures import Mesh, mesh_of
from optimizers import OPTIMIZERS, Trajectory, run
from surfaces import SURFACES


def read_only(owner):
    """The same Trajectory or Mesh, whose arrays now refuse to be changed."""
    for array in vars(owner).values():
        if isinstance(array, np.ndarray):
            array.setflags(write=False)
    return owner


@cache
def mesh(surface: str) -> Mesh:
    """The mesh of a surface of the catalogue."""
    return read_only(mesh_of(SURFACES[surface]))


@cache
def default_runs(surface: str, steps: int = 60) -> dict[str, Trajectory]:
    """Every rule with its own defaults, from the surface's own start."""
    loss = SURFACES[surface]
    return {name: read_only(run(rule(), loss, loss.start, steps)) for name, rule in OPTIMIZERS.items()}


def row(path: Trajectory, index: int) -> Trajectory:
    """One run out of a batch of runs, without the rule's own state."""
    arrays = (path.theta, path.loss, path.gradient, path.seen_gradient)
    theta, loss, gradient, seen = (array[..., index] for array in arrays)
    return Trajectory(theta, loss, gradient, seen, {}, path.diverged_at[..., index])


def recorded(theta, loss) -> Trajectory:
    """A run through the given points (steps + 1, 2), as if some rule had gone there."""
    theta = np.array(theta, dtype=float)
    with np.errstate(all="ignore"):
        losses, gradients = loss.value(theta.T), np.ascontiguousarray(loss.gradient(theta.T).T)
    finite = np.isfinite(losses) & np.isfinite(theta).all(axis=1) & np.isfinite(gradients).all(axis=1)
    diverged_at = np.array(-1 if finite.all() else finite.argmin())
    return read_only(Trajectory(theta, losses, gradients, gradients, {}, diverged_at))
