"""The lesson on Adagrad and its family: the runs that it shows, what they say in words, and its tries."""

from collections.abc import Mapping, Sequence

import numpy as np

from lessons.claims import Quantity, Runs, coordinate, is_true, largest_curvature, smallest_curvature
from lessons.tries import Try
from lessons.words import listed, number
from optimizers import OPTIMIZERS, Optimizer, Trajectory, run
from optimizers.noise import PrescribedGradients
from optimizers.variants import AdagradByRootMeanSquare, UncorrectedAdam
from surfaces import SURFACES, Surface

INSIDE, SURPRISE, FAMILY = "Inside Adagrad", "How surprising is it?", "RMSProp and Adam"
UPDATES = 60
SMALL = (0.001, 0.001, 0.003, 0.002, 0.1)
LARGE = (10.8, 20.9, 31.7, 12.1, 0.1)
COMPARED = ("GradientDescent", "Adagrad", "RMSProp", "Adam")
UNCORRECTED = "Adam without correction"
PARAMETERS = ("θ₁", "θ₂")
# A difference below this share of the largest coordinate is rounding that nothing has enlarged.
ROUNDING = 1e-9
# A slope so many times epsilon hides it.
ABOVE_EPSILON = 1e3
_ROOT_MEAN_SQUARE = "By the root mean square"


# Inside Adagrad


def two_forms(surface: Surface, start: Sequence[float], updates: int, rate: float) -> Runs:
    """Adagrad as it is computed and as it is meant, the decaying rate over the root mean square."""
    simplified = OPTIMIZERS["Adagrad"](learning_rate=rate)
    lecture = AdagradByRootMeanSquare(learning_rate=rate, epsilon=simplified.epsilon)
    return Runs.of(surface, {"Adagrad": simplified, _ROOT_MEAN_SQUARE: lecture}, start, updates)


def difference_words(runs: Runs) -> str:
    """How far the paths of both forms are apart, and what that is: rounding, or rounding that the path enlarges."""
    simplified, lecture = runs.trajectories.values()
    apart = _apart(simplified, lecture)
    if not apart.any():
        return f"Over the whole run of {simplified.steps} updates, their paths are the same to the last digit."
    head = (
        f"Over the whole run of {simplified.steps} updates, their paths differ by at most **{number(apart.max(), 2)}**"
    )
    largest = np.abs(simplified.theta[np.isfinite(simplified.theta)]).max(initial=0.0)
    if apart.max() <= ROUNDING * largest:
        return f"{head}, which is rounding."
    first = int(np.flatnonzero(apart)[0])
    start = simplified.theta[0]
    nudge = float(np.spacing(np.abs(start).max()))
    nudged = run(runs.optimizers["Adagrad"], runs.surface, start + nudge, simplified.steps)
    return (
        f"{head}. That began as rounding, with {number(apart[first], 2)} after update {first}, and this path enlarges "
        f"it. The same form, begun only {number(nudge, 2)} away, ends up to "
        f"{number(_apart(simplified, nudged).max(), 2)} from its own path."
    )


def epsilon_words(runs: Runs, update: int) -> str:
    """What epsilon does to one update that is written without it; empty where that does not show."""
    path, epsilon = runs.trajectories["Adagrad"], runs.optimizers["Adagrad"].epsilon
    root = np.sqrt(path.state["squared_gradients"][update + 1])
    faint = (root > 0) & (root < ABOVE_EPSILON * epsilon)
    if not faint.any():
        return ""
    steps = -path.state["effective_step"][update + 1] * path.gradient[update]
    taken = listed(f"{number(float(steps[place]))} in {PARAMETERS[place]}" for place in np.flatnonzero(faint))
    return f"So small a slope makes ε = {number(epsilon)}, which is left out here, count: the step taken is {taken}."


def _apart(one: Trajectory, other: Trajectory) -> np.ndarray:
    """The larger difference of both coordinates after every update, 0 where a number is missing."""
    with np.errstate(all="ignore"):
        apart = np.abs(one.theta - other.theta).max(axis=1)
    return np.where(np.isfinite(apart), apart, 0.0)


# How surprising is it?


def after_histories(histories: Sequence[Sequence[float]], rate: float) -> dict[str, Trajectory]:
    """What each rule makes of two histories of derivatives, those of θ₁ and of θ₂."""
    loss = PrescribedGradients(np.transpose(histories))
    return {name: run(OPTIMIZERS[name](learning_rate=rate), loss, (0.0, 0.0), len(histories[0])) for name in COMPARED}


def last_steps(path: Trajectory) -> np.ndarray:
    """How long the last step of each parameter is, (2,)."""
    return np.abs(path.theta[-1] - path.theta[-2])


def surprise_words(histories: Sequence[Sequence[float]], steps: np.ndarray) -> str:
    """How Adagrad's last steps (2,) compare after these two histories."""
    (first, second), (step1, step2) = ([history[-1] for history in histories], map(float, steps))
    head = (
        f"The last derivative is {'the same' if first == second else 'not the same'}: {number(first)} and "
        f"{number(second)}. Adagrad steps by **{number(step1)}** after the first history and by **{number(step2)}** "
        "after the second"
    )
    if step1 == step2:
        return f"{head}: {'it does not move' if step1 == 0 else 'just as far'}."
    compared = "infinitely many times" if step2 == 0 else f"**{number(step1 / step2)} times**"
    return (
        f"{head}, {compared} as far for θ₁ as for θ₂. It measures every derivative against those before it and itself: "
        "what is large for a quiet parameter is small for a loud one."
    )


# RMSProp and Adam


def family(surface: Surface, start: Sequence[float], updates: int, rate: float, corrected: bool) -> Runs:
    """Adagrad, RMSProp and Adam, the last with or without its correction."""
    rules = {name: OPTIMIZERS[name](learning_rate=rate) for name in ("Adagrad", "RMSProp")}
    adam = {"Adam": OPTIMIZERS["Adam"]} if corrected else {UNCORRECTED: UncorrectedAdam}
    rules |= {name: rule(learning_rate=rate) for name, rule in adam.items()}
    return Runs.of(surface, rules, start, updates)


def first_step_words(adam: Optimizer, path: Trajectory) -> str:
    """How long the first step of Adam is in each parameter, with or without its correction, and why."""
    slopes, steps = np.abs(path.gradient[0]), np.abs(path.theta[1] - path.theta[0])
    head = f"Adam's first step is {number(float(steps[0]))} in θ₁ and {number(float(steps[1]))} in θ₂."
    corrected = not isinstance(adam, UncorrectedAdam)
    root = 1.0 if corrected else float(np.sqrt(1 - adam.beta2))
    factor = 1.0 if corrected else (1 - adam.beta1) / root
    usual = np.isclose(steps, factor * adam.learning_rate, rtol=1e-2) & (root * slopes >= ABOVE_EPSILON * adam.epsilon)
    parts = [head]
    if usual.any():
        where = "The" if corrected else "Without the"
        where = where if usual.all() else f"In {_which(usual)}, {where.lower()}"
        parts.append(
            f"{where} correction makes it one learning rate long: the size of the slope cancels."
            if corrected
            else f"{where} correction it is (1 − β₁)/√(1 − β₂) = {number(factor, 3)} learning rates long: the average "
            "of squares began at zero and is still far too small."
        )
    still, faint = slopes == 0, (slopes > 0) & (root * slopes < ABOVE_EPSILON * adam.epsilon)
    if still.any():
        parts.append(f"In {_which(still)} there is no slope, and so no step.")
    if faint.any():
        parts.append(f"In {_which(faint)} the slope is so small that ε = {number(adam.epsilon)} shortens the step.")
    return " ".join(parts)


def _which(chosen: np.ndarray) -> str:
    return listed(name for name, is_chosen in zip(PARAMETERS, chosen, strict=True) if is_chosen)


def step_length_words(path: Trajectory, rate: float) -> str:
    """How many of a run's steps are about one learning rate long, in each parameter."""
    with np.errstate(all="ignore"):
        shares = np.abs(np.diff(path.theta, axis=0)) / rate
    about = ((shares >= 0.5) & (shares <= 1.5)).sum(axis=0)
    return (
        f"Of its {path.steps} steps, {about[0]} in θ₁ and {about[1]} in θ₂ are from half to one and a half learning "
        "rates long."
    )


# Try this

_ELLIPSE = {"surface": "ellipse", "theta1": -4.5, "theta2": 1.0, "updates": UPDATES, "rate": 0.4}
_START, _MINIMUM = (-4.5, 1.0), (0.0, 0.0)
_HISTORIES = {
    f"g{row}{place}": value for row, values in enumerate((SMALL, LARGE)) for place, value in enumerate(values)
}


def _both_adams() -> Runs:
    corrected, uncorrected = (family(SURFACES["ellipse"], _START, UPDATES, 0.4, known) for known in (True, False))
    return Runs(
        corrected.surface,
        {**corrected.optimizers, **uncorrected.optimizers},
        {**corrected.trajectories, **uncorrected.trajectories},
    )


def _ratio_of_slopes(runs: Runs) -> float:
    flat, steep = np.abs(runs.trajectories["Adagrad"].gradient[0])
    return steep / flat


def _first_step(rule: str, parameter: int) -> Quantity[Runs]:
    step = coordinate(rule, parameter, 1).minus(coordinate(rule, parameter, 0))
    return Quantity(f"The size of: {step.words}", lambda runs: abs(step.measure(runs)))


def _effective(runs: Runs) -> np.ndarray:
    return runs.trajectories["Adagrad"].state["effective_step"][1:]


def _steps_after(evidence: Mapping[str, Trajectory]) -> np.ndarray:
    return last_steps(evidence["Adagrad"])


TRIES = (
    Try(
        "Steep and flat alike",
        "The curvatures are 1 and 50, and one slope is eleven times the other. Adagrad gives the steep parameter the "
        "smaller effective step, so both parameters begin with steps of the same length.",
        {**_ELLIPSE, "view": INSIDE},
        evidence=lambda: two_forms(SURFACES["ellipse"], _START, UPDATES, 0.4),
        claims=(
            smallest_curvature(_MINIMUM).exactly(1),
            largest_curvature(_MINIMUM).exactly(50),
            Quantity("The ratio of the slopes at the start", _ratio_of_slopes).about(11),
            is_true(
                "The effective step of θ₂ is the smaller one at every update",
                lambda runs: (_effective(runs)[:, 1] < _effective(runs)[:, 0]).all(),
            ),
            _first_step("Adagrad", 1).over(_first_step("Adagrad", 2)).about(1, 1e-6),
        ),
    ),
    Try(
        "The lecture's two histories",
        "The same last derivative 0.1, and two very different steps: one is 413 times as long as the other. Change a "
        "number and compare again.",
        {**_HISTORIES, "view": SURPRISE, "rate": 1.0},
        evidence=lambda: after_histories((SMALL, LARGE), 1.0),
        claims=(
            is_true(
                "The last derivative is 0.1 for both",
                lambda paths: (paths["Adagrad"].seen_gradient[4] == 0.1).all(),
            ),
            Quantity("The ratio of the last steps", lambda paths: np.divide(*_steps_after(paths))).between(
                412.5, 413.5
            ),
        ),
    ),
    Try(
        "Adam without its correction",
        "The first step is 3.16 learning rates long in both parameters, and the path shoots past the minimum to "
        "θ₁ = 3. Switch the correction on and compare the start of the path.",
        {**_ELLIPSE, "view": FAMILY, "corrected": False},
        good=False,
        evidence=_both_adams,
        claims=(
            *(
                _first_step(UNCORRECTED, parameter).over(_first_step("Adam", parameter)).about(3.16, 1e-3)
                for parameter in (1, 2)
            ),
            Quantity("The largest θ₁", lambda runs: runs.path(UNCORRECTED)[0].max()).about(3),
            is_true(
                "With the correction, the first steps stay below one learning rate",
                lambda runs: (np.abs(np.diff(runs.path("Adam")[:, :10])) <= 0.4 * (1 + 1e-6)).all(),
            ),
        ),
    ),
)
