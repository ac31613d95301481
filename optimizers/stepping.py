"""The two pure functions that follow from the equations of a rule: its first state, and one update."""

from collections.abc import Mapping

import numpy as np

from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import NOTE, RuleProgram, lowered
from optimizers.search import armijo
from programs.tracing import component_names, components_of

State = dict[str, np.ndarray | int]


def initial_state(optimizer, theta: np.ndarray) -> State:
    """What a rule remembers and shows before the first update at points of shape (2, *batch)."""
    program = lowered(type(optimizer))
    state: State = {"update": 0}
    for name, kept in optimizer.memory.items():
        batch = batch_of(optimizer, name, theta.shape[1:])
        start = _start(optimizer, kept.start, theta, len(batch))
        state[name] = np.array(np.broadcast_to(start, (*kept.shape, *batch)), dtype=float)
    for name, shape in program.shown.items():
        batch = batch_of(optimizer, name, theta.shape[1:])
        state[name] = np.zeros(batch, dtype=int) if name == NOTE else np.full((*shape, *batch), np.nan)
    return state


def _start(optimizer, start: float | str | tuple, theta: np.ndarray, dimensions: int) -> np.ndarray:
    """What memory starts with: the point, a hyperparameter, or numbers that are the same all over the batch."""
    if start == "theta":
        return theta
    if isinstance(start, str):
        return getattr(optimizer, start)
    return np.reshape(start, (*np.shape(start), *(1 for _ in range(dimensions))))


def batch_of(optimizer, name: str, batch: tuple[int, ...]) -> tuple[int, ...]:
    """The batch shape of what is remembered or shown: that of the points, `batch`, or of the hyperparameters that a
    number is made of where the points have no part in it."""
    program = lowered(type(optimizer))
    shared = program.shared_by_all(name)
    if shared is None:
        return batch
    names = [each for each in hyperparameters(optimizer) if each in shared]
    names += ["learning_rate"] * ("scheduled_learning_rate" in shared)
    return np.broadcast_shapes(*(np.shape(getattr(optimizer, each)) for each in names))


def one_update(optimizer, loss: Loss, theta: np.ndarray, state: State) -> tuple[np.ndarray, State]:
    """The points (2, *batch) and the state after one update."""
    program = lowered(type(optimizer))
    asked = {name: np.asarray(getattr(loss, name)(theta), dtype=float) for name in sorted(program.asked)}
    values = by_component(program, known_before(optimizer, theta, asked, state))
    if program.search:
        groups = program.search.arguments
        arguments = program.evaluated([name for group in groups for name in group], values)
        at, value, gradient, direction, first = _grouped(groups, arguments, theta.shape[1:])
        length = armijo(loss.value, at, value, gradient, direction, first)
        values |= dict(zip(program.search.answered, [length], strict=True))
    results = program.evaluated(program.results, values)
    moved = _whole((2,), [results[name] for name in component_names("theta", (2,))], theta.shape[1:])
    following: State = {"update": state["update"] + 1}
    for name, shape in {**program.memory, **program.shown}.items():
        entries = [results[component] for component in component_names(name, shape)]
        whole = _whole(shape, entries, np.shape(state[name])[len(shape) :])
        following[name] = whole.astype(int) if name == NOTE else whole
    return moved, following


def known_before(optimizer, theta: np.ndarray, asked: Mapping[str, np.ndarray], state: State) -> dict[str, np.ndarray]:
    """What the equations of an update are told: the point, what is asked of the loss there, what is remembered, the
    hyperparameters, the learning rate of the update and its number."""
    inputs = {name: np.asarray(getattr(optimizer, name), dtype=float) for name in hyperparameters(optimizer)}
    inputs["scheduled_learning_rate"] = np.asarray(optimizer.learning_rate_at(int(state["update"])), dtype=float)
    inputs["update"] = np.asarray(float(state["update"]))
    return inputs | {name: state[name] for name in lowered(type(optimizer)).memory} | dict(asked) | {"theta": theta}


def by_component(program: RuleProgram, quantities: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The inputs of the program, without the answer of a search."""
    return {
        component: np.asarray(whole[index], order="C")
        for name, whole in quantities.items()
        for component, index in components_of(name, program.shapes.get(name, ()))
    }


def _grouped(groups, values: Mapping[str, np.ndarray], batch: tuple[int, ...]) -> list[np.ndarray]:
    return [_whole((2,) if len(group) == 2 else (), [values[name] for name in group], batch) for group in groups]


def _whole(shape: tuple[int, ...], entries: list[np.ndarray], batch: tuple[int, ...]) -> np.ndarray:
    """A quantity of components, each broadcast to the batch."""
    whole = np.empty((len(entries), *batch))
    for place, entry in enumerate(entries):
        whole[place] = entry
    return whole.reshape((*shape, *batch))
