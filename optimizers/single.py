"""The run of one start: rows of plain floats, recorded update by update."""

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from optimizers.asking import Remembering
from optimizers.descent import LOSS, SLOPE, THETA, Descent, asking, fused
from optimizers.equations import SEARCH
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.optimizer import Optimizer
from optimizers.search import armijo, armijo_of_one
from programs.evaluation import Evaluation
from programs.tracing import component_names, components_of


def rows_of_one(optimizer: Optimizer, loss: Loss, start: np.ndarray, steps: int) -> tuple[Descent, np.ndarray]:
    """The recurrence of a run from a start (2,), and what it records: (steps + 1, columns).

    The columns are what the recurrence carries and what it records, by component.
    """
    known = fused(optimizer, loss)
    if known is None:
        made, mends = asking(optimizer, loss), False
        asked = _Asked(loss, made.view.is_stochastic, made.rule.asked)
    else:
        made, formula = known
        asked, mends = _Searched(formula), formula.mends
    rounds = made.of_floats(mends)
    carried = _carried(optimizer, made, start)
    rows = rounds(steps + 1, carried, _fixed(optimizer), _streams(optimizer, loss, made, steps + 1), asked.answers)
    if len(rows) <= steps:
        rows = np.concatenate([rows[:-1], np.array([*_careful_rows(optimizer, loss, made, carried, rows, steps)])])
    return made, rows


def are_few(optimizer: Optimizer, loss: Loss, theta: np.ndarray) -> bool:
    """Whether the starts (2, *batch) of a run are so few that it is faster to run each of them alone."""
    known, count = fused(optimizer, loss), math.prod(theta.shape[1:])
    return known is not None and 0 < count <= known[0].few


def each(optimizer: Optimizer, theta: np.ndarray) -> Iterator[tuple[Optimizer, np.ndarray]]:
    """For each start of a batch (2, *batch) the rule with its own hyperparameters, and the start alone."""
    batch = theta.shape[1:]
    arrays = {name: np.broadcast_to(getattr(optimizer, name), batch) for name in hyperparameters(optimizer)}
    for index in np.ndindex(batch):
        yield dataclasses.replace(optimizer, **{name: array[index] for name, array in arrays.items()}), theta[:, *index]


def _carried(optimizer: Optimizer, made: Descent, start: np.ndarray) -> dict[str, float]:
    state = optimizer.init(start)
    wholes = {"theta": start, **{name: state[name] for name in made.rule.memory}}
    return {
        component: float(whole[index])
        for name, whole in wholes.items()
        for component, index in components_of(name, np.shape(whole))
    }


def _fixed(optimizer: Optimizer) -> dict[str, float]:
    known = {name: float(getattr(optimizer, name)) for name in hyperparameters(optimizer)}
    return known | {"scheduled_learning_rate": float(optimizer.learning_rate)}


def _streams(optimizer: Optimizer, loss: Loss, made: Descent, rounds: int) -> dict[str, Sequence[float]]:
    streams = {"update": [float(update) for update in range(rounds)]}
    if made.view.is_scheduled:
        streams["scheduled_learning_rate"] = optimizer.learning_rates(rounds).tolist()
    if made.view.is_tilted:
        streams |= dict(zip(SLOPE, loss.slopes(rounds).T.tolist(), strict=True))
    return streams


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
    first = max(len(rows) - 1, 0)
    last = dict(zip(made.recurrence.carried, rows[first], strict=False)) if len(rows) else carried
    theta, sample = np.array([last["theta1"], last["theta2"]]), getattr(loss, "sample", None)
    state = optimizer.init(theta) | {"update": first}
    for name, shape in made.rule.memory.items():
        state[name] = np.reshape([last[component] for component in component_names(name, shape)], shape)
    shown = Remembering(loss)
    for update in range(first, steps + 1):
        seen = Remembering(sample(update)) if sample else shown
        value, gradient = shown.value_and_gradient(theta)
        moved, following = optimizer.step(seen, theta, state)
        wholes = [theta, *(state[name] for name in made.rule.memory), value, gradient]
        wholes += [seen.gradient(theta)] * ("seen_gradient1" in made.moments)
        wholes += [following[name] for name in made.rule.shown]
        yield [float(number) for whole in wholes for number in np.ravel(whole)]
        theta, state = moved, following
