"""The runs of single starts: rows of plain floats, recorded update by update."""

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from optimizers.asking import Remembering
from optimizers.descent import LOSS, NUDGE, SLOPE, THETA, Descent, asking, fused
from optimizers.equations import SEARCH
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.optimizer import Optimizer
from optimizers.search import armijo, armijo_of_one
from optimizers.stepped import moments_of_steps
from optimizers.stepping import State
from programs.evaluation import Evaluation
from programs.tracing import component_names, components_of


def rows_of_each(optimizer: Optimizer, loss: Loss, start: np.ndarray, steps: int) -> tuple[Descent, np.ndarray]:
    """The recurrence of runs from starts (2, *batch), and what they record: (steps + 1, columns, *batch).

    The columns are what the recurrence carries and what it records, by component. A loss that is no program answers
    one start only.
    """
    made, mends, answers = _joint_or_asking(optimizer, loss)
    rounds, batch = made.of_floats(mends), start.shape[1:]
    runs = []
    for first, own, given in _each_start(optimizer, loss, made, start, steps + 1):
        rows = rounds(steps + 1, first, own, given, answers)
        if len(rows) <= steps:
            alone = dataclasses.replace(optimizer, **{name: own[name] for name in hyperparameters(optimizer)})
            careful = np.array([*_careful_rows(alone, loss, made, first, rows, steps)])
            rows = np.concatenate([rows[:-1], careful])
        runs.append(rows)
    return made, np.stack(runs, axis=-1).reshape((*runs[0].shape, *batch)) if batch else runs[0]


def nudged_path(optimizer: Optimizer, loss: Loss, start: np.ndarray, nudges: np.ndarray) -> np.ndarray:
    """The path (n, 2) from one start of which every point, the first one too, is multiplied by its factors in nudges,
    which have the same shape."""
    made, mends, answers = _joint_or_asking(optimizer, loss)
    ((first, own, given),) = _each_start(optimizer, loss, made, start * nudges[0], len(nudges))
    # What an update makes is the next point.
    factors = np.append(nudges[1:], [[1.0, 1.0]], axis=0)
    given = given | dict(zip(NUDGE, factors.T.tolist(), strict=True))
    rows = made.nudged(mends)(len(nudges), first, own, given, answers)
    if len(rows) == len(nudges):
        return rows[:, :2]
    done, theta, state = _resumed(optimizer, made, first, rows)
    path = [*rows[:done, :2], theta]
    while len(path) < len(nudges):
        seen = Remembering(loss.sample(len(path) - 1) if hasattr(loss, "sample") else loss)
        theta, state = optimizer.step(seen, theta, state)
        theta = theta * nudges[len(path)]
        path.append(theta)
    return np.array(path)


def _joint_or_asking(optimizer: Optimizer, loss: Loss) -> tuple[Descent, bool, dict[str, Callable]]:
    """The recurrence of a rule and a loss, whether its derivatives are mended, and who answers which question."""
    joint = fused(optimizer, loss)
    if joint is None:
        made = asking(optimizer, loss)
        return made, False, _Asked(loss, made.view.is_stochastic, made.rule.asked).answers
    made, formula = joint
    return made, formula.mends, _Searched(formula).answers


def _each_start(
    optimizer: Optimizer, loss: Loss, made: Descent, start: np.ndarray, rounds: int
) -> Iterator[tuple[dict, dict, dict]]:
    """What is carried into the first round of each start, what is fixed, and what every round is given."""
    batch = start.shape[1:]
    numbers = {name: getattr(optimizer, name) for name in hyperparameters(optimizer)}
    carried = _by_start(_carried(optimizer, made, start), batch)
    fixed = _by_start(numbers | {"scheduled_learning_rate": optimizer.learning_rate}, batch)
    return zip(carried, fixed, _streams(optimizer, loss, made, rounds, batch), strict=True)


def are_few(optimizer: Optimizer, loss: Loss, theta: np.ndarray) -> bool:
    """Whether the starts (2, *batch) of a run are so few that it is faster to run each of them alone."""
    joint, count = fused(optimizer, loss), math.prod(theta.shape[1:])
    return joint is not None and 0 < count <= joint[0].few


def _by_start(numbers: Mapping[str, np.ndarray], batch: tuple[int, ...]) -> list[dict[str, float]]:
    """Numbers that are the same for a whole batch, or arrays of it, as those of each start."""
    count = math.prod(batch)
    columns = [
        np.broadcast_to(whole, batch).ravel().tolist() if np.ndim(whole) else [float(whole)] * count
        for whole in numbers.values()
    ]
    return [dict(zip(numbers, row, strict=True)) for row in zip(*columns, strict=True)]


def _carried(optimizer: Optimizer, made: Descent, start: np.ndarray) -> dict[str, np.ndarray]:
    state = optimizer.init(start)
    wholes = {"theta": start, **{name: state[name] for name in made.rule.memory}}
    shapes = {"theta": (2,), **made.rule.memory}
    return {
        component: wholes[name][index]
        for name, shape in shapes.items()
        for component, index in components_of(name, shape)
    }


def _streams(
    optimizer: Optimizer, loss: Loss, made: Descent, rounds: int, batch: tuple[int, ...]
) -> list[dict[str, Sequence[float]]]:
    """What every round is given, for each start."""
    shared = {"update": [float(update) for update in range(rounds)]}
    if made.view.is_tilted:
        shared |= dict(zip(SLOPE, loss.slopes(rounds).T.tolist(), strict=True))
    if not made.view.is_scheduled:
        return [shared] * math.prod(batch)
    rates = np.broadcast_to(np.moveaxis(optimizer.learning_rates(rounds), 0, -1), (*batch, rounds))
    return [shared | {"scheduled_learning_rate": column} for column in rates.reshape(-1, rounds).tolist()]


class _Asked:
    """A loss that answers the questions of a run, one update after another."""

    def __init__(self, loss: Loss, is_stochastic: bool, wanted: frozenset[str]):
        self._loss, self._wanted, self._update = loss, wanted, 0
        self._sample = loss.sample if is_stochastic else None
        self._seen = loss

    @property
    def answers(self) -> dict[str, Callable]:
        """Who answers which question."""
        return {LOSS: self._at, SEARCH: self._searched}

    def _at(self, theta1: float, theta2: float) -> list[float]:
        theta = np.array([theta1, theta2])
        self._seen = shown = Remembering(self._loss)
        value, gradient = shown.value_and_gradient(theta)
        answers = [value, *gradient]
        if self._sample is not None:
            self._seen = Remembering(self._sample(self._update))
            self._update += 1
            answers += [self._seen.value(theta) if "value" in self._wanted else np.nan, *self._seen.gradient(theta)]
        if "hessian" in self._wanted:
            (h11, h12), (_, h22) = self._seen.hessian(theta)
            answers += [h11, h12, h22]
        return [float(answer) for answer in answers]

    def _searched(self, theta1, theta2, value, gradient1, gradient2, direction1, direction2, first) -> tuple[float]:
        theta, gradient, direction = (
            np.array(pair) for pair in ((theta1, theta2), (gradient1, gradient2), (direction1, direction2))
        )
        with np.errstate(all="ignore"):
            return (float(armijo(self._seen.value, theta, np.float64(value), gradient, direction, np.float64(first))),)


class _Searched:
    """A loss that is a program, where a rule searches along a line."""

    def __init__(self, loss: Loss):
        self._value = Evaluation(loss.program, THETA, ("value",)).at_point

    @property
    def answers(self) -> dict[str, Callable]:
        """Who answers which question."""
        return {SEARCH: self._found}

    def _found(self, *numbers: float) -> tuple[float]:
        return (armijo_of_one(self._at, *numbers),)

    def _at(self, theta1: float, theta2: float) -> float:
        return self._value(theta1, theta2)[0]


def _careful_rows(
    optimizer: Optimizer, loss: Loss, made: Descent, carried: dict[str, float], rows: np.ndarray, steps: int
) -> Iterator[list[float]]:
    """The rows from the last one on that floats made, where they refused: step by step, as IEEE has it.

    The last row is made again, since what follows from it is not recorded.
    """
    first, theta, state = _resumed(optimizer, made, carried, rows)
    moments = moments_of_steps(optimizer, loss, theta, state, range(first, steps + 2))
    for (theta, value, gradient, seen, state), (*_, following) in itertools.pairwise(moments):
        wholes = [theta, *(state[name] for name in made.rule.memory), value, gradient]
        wholes += [seen] * ("seen_gradient1" in made.moments)
        wholes += [following[name] for name in made.rule.shown]
        yield [float(number) for whole in wholes for number in np.ravel(whole)]


def _resumed(
    optimizer: Optimizer, made: Descent, carried: Mapping[str, float], rows: np.ndarray
) -> tuple[int, np.ndarray, State]:
    """The number, the point and the state of the last of these rows, or of the start where there is none."""
    first = max(len(rows) - 1, 0)
    last = dict(zip(made.recurrence.carried, rows[first], strict=False)) if len(rows) else carried
    theta = np.array([last["theta1"], last["theta2"]])
    state = optimizer.init(theta) | {"update": first}
    for name, shape in made.rule.memory.items():
        state[name] = np.reshape([last[component] for component in component_names(name, shape)], shape)
    return first, theta, state
