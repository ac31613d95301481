"""The error surface of a neuron: what held-out examples tell, and what the tries promise."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from lessons.claims import (
    Claim,
    Quantity,
    Runs,
    distance,
    rate_over_limit,
)
from lessons.problems import Choice, Problem, errors, problem_of
from lessons.tries import Try
from lessons.words import counted, number
from optimizers import OPTIMIZERS, Trajectory, run

# The parts of the lesson.
WAY, LEARN = "Which way?", "Learn"
HELD = 0.3
# Errors that differ by less than this share are called the same.
SEEN = 0.01
# Below this share of the squared targets, an error may be rounding.
ROUNDING = 1e-20


def held_out_in_words(
    given: Problem, updates: np.ndarray, training: np.ndarray, held: np.ndarray, thinned: bool
) -> str:
    """When the error on the held-out examples was lowest, and what it and the training error did from then on.

    updates, training, held: (n,), the numbers of some updates and the errors after them; thinned: they are not all.
    Empty where no error is finite.
    """
    with np.errstate(all="ignore"):
        known = np.where(np.isfinite(held), held, np.inf)
    best = int(np.argmin(known))
    if not np.isfinite(known[best]):
        return ""
    where = ", at the points that are drawn," if thinned else ""
    return (
        f"On the {counted(given.held_out.count, 'held-out example')}{where} the error was lowest at update "
        f"{updates[best]}: {number(float(held[best]))}.{_afterwards(given, training[best:], held[best:])} The lowest "
        "training error is not the goal: new examples are."
    )


def _afterwards(given: Problem, training: np.ndarray, held: np.ndarray) -> str:
    """What the errors did from the lowest held-out one to the end; empty where that is the end."""
    if len(held) == 1:
        return ""
    if not (np.isfinite(held[-1]) and np.isfinite(training[-1])):
        return " Later it grew beyond all numbers."
    floor = ROUNDING * float(np.mean(given.data.target**2))
    if held[-1] - held[0] <= SEEN * held[0] + floor:
        return " At the end it was the same again, or hardly higher."
    change = training[-1] - training[0]
    if abs(change) <= SEEN * training[0] + floor:
        other = "the training error hardly changed"
    else:
        way = "fell" if change < 0 else "rose"
        other = f"the training error {way} from {number(float(training[0]))} to {number(float(training[-1]))}"
    only_up = (np.diff(held) >= -floor).all()
    way = "From then on it rose" if only_up else "From then on it changed"
    return f" {way} to {number(float(held[-1]))}, while {other}."


@dataclass(frozen=True, eq=False)
class Trained(Runs):
    """A run on the examples that a neuron learns from, with its error on them and on those held out."""

    given: Problem

    def error(self) -> np.ndarray:
        """The training error per example after every update, (steps + 1,)."""
        (path,) = self.trajectories.values()
        return errors(self.given, path.theta.T)[0]


@lru_cache(maxsize=8)
def _trained(choice: Choice, rule: str, rate: float, start: tuple[float, float], steps: int) -> Trained:
    given = problem_of(choice)
    optimizer = OPTIMIZERS[rule](learning_rate=rate)
    return Trained(given.risk, {rule: optimizer}, {rule: run(optimizer, given.risk, start, steps)}, given)


def _try(title: str, look_at: str, state: dict, *claims: Claim, good: bool = True) -> Try:
    def evidence() -> Trained:
        of_plane = {name: state[name] for name in ("count", "noise") if name in state}
        choice = Choice(state["model"], state["data"], held=HELD if state["held"] else 0.0, **of_plane)
        return _trained(choice, state["rule"], state["rate"], (state["theta1"], state["theta2"]), state["steps"])

    return Try(title, look_at, state, good, evidence, claims)


def _lecture(rate: float, rule: str, steps: int) -> dict:
    """The state of the lecture's demo."""
    start = {"theta1": -120.0, "theta2": -4.0}
    state = {"view": LEARN, "model": "line_fit", "data": "line_fit", "rate": rate, "rule": rule, "steps": steps}
    return {**state, "held": False, **start}


def _minimum(runs: Runs) -> np.ndarray:
    return runs.surface.minima[0]


DESCENT = "GradientDescent"
bias_way = Quantity[Runs](
    "The share of its way to the minimum that the bias has gone",
    lambda runs: _way_of_bias(runs, *runs.trajectories.values()),
)
updates_for_bias = Quantity[Runs](
    "The number of updates in which the flattest direction comes nearer by the factor e",
    lambda runs: 1 / (runs.optimizers[DESCENT].learning_rate * runs.curvatures(tuple(_minimum(runs)))[0]),
)
steep_factor = Quantity[Runs](
    "The factor of the steep direction in one update",
    lambda runs: 1 - runs.optimizers[DESCENT].learning_rate * runs.curvatures(tuple(_minimum(runs)))[1],
)


def _first_bias_step(runs: Runs) -> float:
    path = runs.trajectories["Adagrad"]
    limit = 2 / runs.curvatures(tuple(_minimum(runs)))[1]
    return abs(path.theta[1, 0] - path.theta[0, 0]) / abs(limit * path.gradient[0, 0])


first_bias_step = Quantity[Runs](
    "The first step of the bias with Adagrad, over that of gradient descent at the limit", _first_bias_step
)


def _way_of_bias(runs: Runs, path: Trajectory) -> float:
    first, last = path.theta[[0, -1], 0]
    return (last - first) / (_minimum(runs)[0] - first)


def _weight_settles(rule: str) -> Quantity[Runs]:
    """How much the weight still moves after update 100."""
    return Quantity(
        f"How much the weight still moves after update 100 of {rule}",
        lambda runs: np.ptp(runs.path(rule)[1][100:]),
    )


slope_ratio = Quantity[Runs](
    "How many times as steep as the bias the weight is at the start",
    lambda runs: float(np.divide(*runs.surface.gradient(runs.path(DESCENT)[:, 0])[::-1])),
)

TRIES = (
    _try(
        "One slope outweighs the other",
        "The weight is 352 times as steep as the bias. So the way down seems to go along the weight alone.",
        {**_lecture(1e-7, DESCENT, 30), "view": WAY},
        slope_ratio.reads("352"),
    ),
    _try(
        "A good fit",
        "The answers move to the diagonal as the weights go downhill. Move time back to see it happen.",
        {
            "view": LEARN,
            "model": "linear_neuron",
            "data": "plane",
            "count": 20,
            "noise": 0.8,
            "rate": 0.05,
            "rule": DESCENT,
            "steps": 100,
            "theta1": -3.0,
            "theta2": 3.0,
            "held": True,
        },
        Quantity[Trained]("The share of the first error that is left", lambda t: t.error()[-1] / t.error()[0]).at_most(
            0.05
        ),
        Quantity[Trained]("The largest change of the error in an update", lambda t: np.diff(t.error()).max()).at_most(
            1e-12
        ),
    ),
    _try(
        "The lecture: 1e-7 crawls",
        "The line turns within a hundred updates, and then nothing seems to move. The bias would need millions of "
        "updates.",
        _lecture(1e-7, DESCENT, 100_000),
        Quantity[Runs]("The way of the weight in 100 updates", lambda r: r.path(DESCENT)[1][100] + 4).at_least(6),
        _weight_settles(DESCENT).at_most(0.02),
        bias_way.at_most(0.1),
        updates_for_bias.at_least(1.5e6),
        good=False,
    ),
    _try(
        "The lecture: 1e-6 crawls faster",
        "Ten times as fast, and not far below the limit 2/λₘₐₓ. After 100 000 updates the bias is not half way.",
        _lecture(1e-6, DESCENT, 100_000),
        rate_over_limit(DESCENT).between(0.8, 1),
        bias_way.between(0.3, 0.5),
        updates_for_bias.about(1.8e5),
        good=False,
    ),
    _try(
        "The lecture: 1e-5 diverges",
        "Every update multiplies the error along the steep direction by −16.5.",
        _lecture(1e-5, DESCENT, 30),
        steep_factor.reads("-16.5"),
        good=False,
    ),
    _try(
        "The lecture: Adagrad arrives",
        "Adagrad gives the bias a large step of its own. After 100 000 updates it is within 0.1 of the least-squares "
        "answer.",
        _lecture(1.0, "Adagrad", 100_000),
        distance("Adagrad", (-188.433197, 2.669455)).at_most(0.1),
        first_bias_step.at_least(10),
    ),
)
