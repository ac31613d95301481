"""What a run costs: how often a rule asked for the loss, its gradient and its Hessian."""

from collections import Counter
from dataclasses import dataclass
from numbers import Integral

import numpy as np

from optimizers.loss import Loss
from optimizers.optimizer import Optimizer
from optimizers.trajectory import Trajectory, points, run

# What one request costs, in gradients. A Hessian of two parameters is as much as two gradients: one for each column.
COSTS = {"value": 1, "gradient": 1, "hessian": 2}


@dataclass(frozen=True, eq=False)
class CountedRun:
    """A single run and its costs: `evaluations[k]` is what the first k updates cost, in gradients."""

    trajectory: Trajectory
    evaluations: np.ndarray


class _Counting:
    """A loss that enters the price of everything that a rule asks of it."""

    def __init__(self, loss: Loss, bill: Counter):
        self._loss, self._bill = loss, bill

    def _asked(self, what: str, theta: np.ndarray) -> np.ndarray:
        self._bill[what] += COSTS[what]
        return getattr(self._loss, what)(theta)

    def value(self, theta: np.ndarray) -> np.ndarray:
        return self._asked("value", theta)

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        return self._asked("gradient", theta)

    def hessian(self, theta: np.ndarray) -> np.ndarray:
        return self._asked("hessian", theta)

    def sample(self, update: int) -> Loss:
        return _Counting(self._loss.sample(update), self._bill) if hasattr(self._loss, "sample") else self


def run_within(optimizer: Optimizer, loss: Loss, start, evaluations: int) -> CountedRun:
    """Runs one rule from one start (2,) for as many updates as a budget of `evaluations` gradients allows.

    A loss counts as one gradient and a Hessian as two, one for each parameter. Only what the rule asks for is counted;
    what it asks again at the same point is known already.

    Raises ValueError where the budget is no whole number of at least 0.
    """
    if not (isinstance(evaluations, Integral) and evaluations >= 0):
        raise ValueError(f"The budget must be a whole number of at least 0 evaluations, but it is {evaluations!r}.")
    bill, costs = Counter(), []
    with np.errstate(all="ignore"):
        for _ in points(optimizer, _Counting(loss, bill), start, evaluations):
            if bill.total() > evaluations:
                break
            costs.append(bill.total())
    # Counted first and recorded then: what the recording asks is not on the bill.
    return CountedRun(run(optimizer, loss, start, len(costs) - 1), np.array(costs))
