"""Another learning rate for a run, tried out on the same start before it is advised."""

import dataclasses

import numpy as np

from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.optimizer import ScheduledOptimizer
from optimizers.trajectory import Trajectory, points
from programs.frame import Frame, inside
from programs.matrices import FLAT, eigenvalues

# So many rates of the series 1, 2, 5, 10 ... are tried on one side of the run's own.
MOST_RATES = 15
# So many updates are tried: at least, and at most for rules that a learning rate drives, and for those that find their
# own step length, which cost more.
LEAST_UPDATES, MOST_UPDATES, MOST_OF_OTHERS = 150, 300, 40
# So many updates are tried of all rates, and the rest of those that stay inside for so long.
SOON = 10
# Other starts that are tried: multiples of two irrational shares of the sides, which lie on no line of symmetry.
STARTS, SCATTERED = 24, (0.7548776662, 0.5698402910)
# Nothing is said about runs longer than this.
LONG = 5000
# Another rate must bring this share of what is left to gain, and a smaller one is preferred that brings all but this
# share of what the best one brings.
WORTH, AS_GOOD = 0.1, 1e-2
# A loss is badly scaled from this ratio of its curvatures on.
BADLY_SCALED = 100.0
# At its best rate, gradient descent needs about so many updates times the ratio until a thousandth of the gap is left.
UPDATES_TO_THOUSANDTH = np.log(1000) / 4


@dataclasses.dataclass(frozen=True, eq=False)
class Trial:
    """What other rates do from the start of a run.

    rates: (n,). updates: the number tried. left: (n,), the first update that lies outside the frame, or that is not
    finite, -1 where there is none. loss: (n,), after the last update, of those that stay inside.
    """

    rates: np.ndarray
    updates: int
    left: np.ndarray
    loss: np.ndarray


def smaller_rate(trajectory: Trajectory, frame: Frame, left: int, downhill: bool) -> float | None:
    """The largest round rate below that of a run with which it stays inside, nan where there is none.

    left: the update at which the run left the frame or ended. downhill: whether the slope led it out. Then it needs
    twice the updates at half the rate, and a rate counts as staying where it stays for longer than that; else, where it
    stays for as many updates as the run has. None where nothing can be said: the rule is not known or has no rate of
    its own, the run left too late, or it is too long.
    """
    least, most = _updates_tried(trajectory)
    updates = int(np.clip(6 * left, least, most))
    trial = _tried(trajectory, frame, updates, _round_rates(trajectory, down=True))
    rate = None if trial is None else _staying(trial, trajectory, left, downhill)
    if rate is not None and np.isfinite(rate) and updates < trajectory.steps:  # what stayed so long may leave later
        if trajectory.steps > LONG:
            return None
        longer = _tried(trajectory, frame, trajectory.steps, np.array([rate]))
        return rate if longer.left[0] < 0 else np.nan
    return rate


def leaves_from_everywhere(trajectory: Trajectory, frame: Frame, left: int) -> bool:
    """Whether the rule of a run that left the frame at update `left` leaves it from other starts all over it, too.

    False where the rule is not known.
    """
    if trajectory.optimizer is None or trajectory.objective is None:
        return False
    least, most = _updates_tried(trajectory)
    low, high = np.transpose(frame)[..., None]
    starts = low + (high - low) * (np.outer(SCATTERED, np.arange(1, STARTS + 1)) % 1)
    updates, staying = int(np.clip(6 * left, least, 5 * most)), np.full(STARTS, True)
    with np.errstate(all="ignore"):
        for theta in points(trajectory.optimizer, trajectory.objective, starts, updates):
            staying &= inside(theta, frame)
            if not staying.any():
                return True
    return False


def _updates_tried(trajectory: Trajectory) -> tuple[int, int]:
    """So many updates are tried at least and at most."""
    scheduled = isinstance(trajectory.optimizer, ScheduledOptimizer)
    return (LEAST_UPDATES, MOST_UPDATES) if scheduled else (MOST_OF_OTHERS // 2, MOST_OF_OTHERS)


def _staying(trial: Trial, trajectory: Trajectory, left: int, downhill: bool) -> float | None:
    staying = np.flatnonzero((trial.left < 0) | (not downhill and trial.left > trajectory.steps))
    if not staying.size:
        return np.nan
    place = int(staying[0])
    if not downhill:
        return float(trial.rates[place])
    rate, left = (float(trial.rates[place - 1]), int(trial.left[place - 1])) if place else (_rate(trajectory), left)
    if left * rate / trial.rates[place] < 0.9 * trial.updates:
        return float(trial.rates[place])
    return np.nan if place or left < trial.updates else None


def larger_rate(trajectory: Trajectory, frame: Frame, lowest: float) -> tuple[float, float] | None:
    """A round rate above that of a run with which it stays inside and gets lower, and the loss it gets to.

    lowest: L*, or what comes nearest to it. None where there is no such rate on the rule's slider, or where the rule is
    not known or has no rate of its own.
    """
    updates = min(trajectory.steps, _updates_tried(trajectory)[1])
    trial = _tried(trajectory, frame, updates, _round_rates(trajectory, down=False))
    if trial is None:
        return None
    last = trajectory.loss[updates]
    reached = np.where((trial.left < 0) & np.isfinite(trial.loss), trial.loss, np.inf)
    best = reached.min()
    if not last - best > max(WORTH * (last - lowest), 64 * np.spacing(abs(last))):
        return None
    place = int(np.flatnonzero(reached <= best + AS_GOOD * (last - best))[0])
    return float(trial.rates[place]), float(reached[place])


def ratio_of_curvatures(loss: Loss, theta: np.ndarray, steps: int) -> float | None:
    """kappa, the largest curvature over the smallest, where it is so large that no learning rate serves both directions
    within this number of updates; else None, and where the loss does not curve up in all directions."""
    with np.errstate(all="ignore"):
        low, high = eigenvalues(np.asarray(loss.hessian(theta), dtype=float))
        kappa = high / low
    is_bad = low > FLAT * high and kappa >= BADLY_SCALED and UPDATES_TO_THOUSANDTH * kappa > steps
    return float(kappa) if is_bad and np.isfinite(kappa) else None


def _rate(trajectory: Trajectory) -> float:
    return float(trajectory.optimizer.learning_rate)


def _tried(trajectory: Trajectory, frame: Frame, updates: int, rates: np.ndarray) -> Trial | None:
    if not rates.size:
        return None
    left, loss = np.full(rates.shape, -1), np.full(rates.shape, np.nan)
    # Most large rates leave at once, and are not followed any further.
    for so_many in sorted({min(SOON, updates), updates}):
        staying = left < 0
        if staying.any():
            left[staying], loss[staying] = _run_through(trajectory, frame, so_many, rates[staying])
    return Trial(rates, updates, left, loss)


def _run_through(
    trajectory: Trajectory, frame: Frame, updates: int, rates: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The first update of each rate (n,) that lies outside the frame, -1 where there is none, and the last loss."""
    rule, loss = dataclasses.replace(trajectory.optimizer, learning_rate=rates), trajectory.objective
    with np.errstate(all="ignore"):
        path = np.stack([theta.copy() for theta in points(rule, loss, trajectory.theta[0], updates)], axis=1)
        outside = ~inside(path, frame)
        left = np.where(outside.any(axis=0), outside.argmax(axis=0), -1)
        return left, np.asarray(loss.value(path[:, -1]), dtype=float)


def _round_rates(trajectory: Trajectory, down: bool) -> np.ndarray:
    """Numbers 1, 2, 5 times a power of ten below the rate of a run, or above it on the rule's slider, the nearest
    first; none where the rule is not known or has no rate of its own."""
    rule = trajectory.optimizer
    field = None if rule is None or trajectory.objective is None else hyperparameters(rule).get("learning_rate")
    if field is None or not 1e-290 < _rate(trajectory) < 1e290:
        return np.empty(0)
    rate = _rate(trajectory)
    powers = int(np.floor(np.log10(rate))) + np.arange(-MOST_RATES // 3 - 1, MOST_RATES // 3 + 2)
    series = np.array([float(f"{digit}e{power}") for power in powers for digit in (1, 2, 5)])
    if down:
        return series[series < rate * (1 - 1e-9)][::-1][:MOST_RATES]
    return series[(series > rate * (1 + 1e-9)) & (series <= field.high)][:MOST_RATES]
