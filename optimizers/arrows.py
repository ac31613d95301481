"""The vectors that explain one update: what the gradient asks for, what the memory adds, where the point goes."""

import numpy as np

from optimizers.optimizer import Optimizer
from optimizers.trajectory import Trajectory


def update_vectors(optimizer: Optimizer, trajectory: Trajectory, update: int) -> dict[str, tuple[str, np.ndarray]]:
    r"""Three vectors in the units of theta for the update from point `update`, by kind: a label and a vector (2,).

    "gradient": $-\eta_t g$, the step of plain gradient descent at this learning rate. "velocity": $-\eta_t v$, where
    the rule keeps a velocity. "step": the step that the rule took. `update` counts from 0.
    """
    rate = float(optimizer.learning_rate_at(update))
    with np.errstate(all="ignore"):
        vectors = {"gradient": ("−η ∇L, the gradient's step", -rate * trajectory.seen_gradient[update])}
        if "velocity" in trajectory.state:
            vectors["velocity"] = ("−η v, the velocity's step", -rate * trajectory.state["velocity"][update + 1])
        vectors["step"] = ("the step taken", trajectory.theta[update + 1] - trajectory.theta[update])
    return vectors
