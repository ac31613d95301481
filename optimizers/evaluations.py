"""What a run costs: how often a rule asked for the loss, its gradient and its Hessian."""

import dataclasses
from dataclasses import dataclass

import numpy as np

from optimizers.optimizer import Loss, Optimizer
from optimizers.trajectory import Trajectory, run

# What one request costs, in gradients. A Hessian of two parameters is as much as two gradients: one for each column.
COSTS = {"value": 1, "gradient": 1, "hessian": 2}


@dataclass(frozen=True, eq=False)
class CountedRun:
    """A single run and its costs: `evaluations[k]` is what the first k updates cost, in gradients."""

    trajectory: Trajectory
    evaluations: np.ndarray


class _Counting:
    """A loss that adds up what a rule asks of it, update by update. What the recording asks is not counted."""

    def __init__(self, loss: Loss, steps: int):
        self._loss = loss
        self.costs = np.zeros(steps + 2, dtype=int)

    def value(self, theta: np.ndarray) -> np.ndarray:
        return self._loss.value(theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return self._loss.gradient(theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        return self._loss.hessian(theta)

    def sample(self, update: int) -> Loss:
        loss = self._loss.sample(update) if hasattr(self._loss, "sample") else self._loss
        return _Counted(loss, self.costs[update + 1 : update + 2])


class _Counted:
    """What a rule sees at one update: the same loss, and a cost that grows with every request."""

    def __init__(self, loss: Loss, cost: np.ndarray):
        self._loss, self._cost, self._known = loss, cost, {}

    def _asked(self, what: str, theta: np.ndarray) -> np.ndarray:
        # The same request at the same point is answered from memory and costs nothing more.
        if self._known.get(what, (None,))[0] is not theta:
            self._cost += COSTS[what]
            self._known[what] = theta, getattr(self._loss, what)(theta)
        return self._known[what][1]

    def value(self, theta: np.ndarray) -> np.ndarray:
        return self._asked("value", theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return self._asked("gradient", theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        return self._asked("hessian", theta)


def run_within(optimizer: Optimizer, loss: Loss, start, evaluations: int) -> CountedRun:
    """Runs one rule from one start (2,) for as many updates as a budget of `evaluations` gradients allows.

    A loss counts as one gradient and a Hessian as two, one for each parameter. Only what the rule asks for is counted.

    Raises ValueError where the budget is negative.
    """
    counting = _Counting(loss, evaluations)
    whole = run(optimizer, counting, start, evaluations)
    costs = np.cumsum(counting.costs[: evaluations + 1])
    count = int(np.searchsorted(costs, evaluations, side="right"))
    arrays = {name: getattr(whole, name)[:count] for name in ("theta", "loss", "gradient", "seen_gradient")}
    state = {name: entry[:count] for name, entry in whole.state.items()}
    diverged_at = np.where(whole.diverged_at < count, whole.diverged_at, -1)
    cut = dataclasses.replace(whole, **arrays, state=state, diverged_at=diverged_at)
    return CountedRun(cut, costs[:count])
