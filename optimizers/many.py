"""The runs of many starts, update by update in step."""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from optimizers.asking import Remembering
from optimizers.descent import LOSS, SLOPE, asking, fused
from optimizers.equations import SEARCH
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import NOTE
from optimizers.optimizer import Optimizer
from optimizers.record import Trajectory, in_own_shape
from optimizers.search import armijo
from optimizers.stepping import batch_of
from programs.blocks import Progress, in_blocks
from programs.registers import aligned, surely_finite
from programs.tracing import component_names, components_of

WHOLE = slice(None)


class ManyRuns:
    """The runs of one rule from many starts.

    optimizer: with hyperparameters that are numbers or arrays of shape (*batch,). start: (2, *batch). before: what is
    recorded of a point before its update ("value", "gradient", "seen_gradient"); after: what is recorded of the update.

    In here the batch is flat: (2, N) for (2, *batch).
    """

    def __init__(
        self,
        optimizer: Optimizer,
        loss: Loss,
        start: np.ndarray,
        before: tuple[str, ...] = (),
        after: tuple[str, ...] = (),
    ):
        self.optimizer, self.loss, self.batch = optimizer, loss, start.shape[1:]
        self.count, self.before, self.after = math.prod(self.batch), before, after
        joint = fused(optimizer, loss)
        self.is_asked = joint is None or joint[1].mends
        self.made = asking(optimizer, loss) if self.is_asked else joint[0]
        self.start = self._start(start)
        self.fixed = {name: self._flat(getattr(optimizer, name)) for name in hyperparameters(optimizer)}
        self.fixed["scheduled_learning_rate"] = self.fixed["learning_rate"]
        batch = [name for name, numbers in self.fixed.items() if np.ndim(numbers)]
        self.rounds = self.made.of_arrays(frozenset(batch), before, after)

    def _start(self, theta: np.ndarray) -> dict[str, np.ndarray | float]:
        """What is carried into the first update, by quantity."""
        state = self.optimizer.init(theta)
        carried = {"theta": theta.reshape(2, -1)}
        for name, shape in self.made.rule.memory.items():
            if shape == (2,):
                carried[name] = np.reshape(state[name], (2, -1))
            else:
                entries = components_of(name, shape)
                carried |= {component: self._flat(state[name][index]) for component, index in entries}
        return carried

    def _flat(self, number) -> np.ndarray | float:
        """A number as a float, an array as one number for each row."""
        number = np.asarray(number, dtype=float)
        return np.ascontiguousarray(np.broadcast_to(number, self.batch)).reshape(-1) if number.ndim else float(number)

    def moments(self, rows: slice, places: Mapping[str, Iterator[np.ndarray]]) -> Iterator[dict[str, np.ndarray]]:
        """What is known of these rows before each update, for ever: what is carried, and what is recorded before.

        places: where the arrays of what is recorded come from.
        """
        size = len(range(*rows.indices(self.count)))
        asked = _Asked(self) if self.is_asked else _Searching(self.loss, (size,))
        names = (*self.rounds.carried, *self.before)
        rounds = self.rounds(
            size,
            _rows_of(self.start, rows),
            _rows_of(self.fixed, rows),
            self._streams(rows),
            places,
            asked.answers,
        )
        return (dict(zip(names, moment, strict=True)) for moment in rounds)

    def _streams(self, rows: slice) -> dict[str, Iterator]:
        def rates() -> Iterator[np.ndarray | float]:
            for update in itertools.count():
                rate = self._flat(self.optimizer.learning_rate_at(update))
                yield rate[rows] if np.ndim(rate) else rate

        def slopes(axis: int) -> Iterator[float]:
            return (float(self.loss.slope(update)[axis]) for update in itertools.count())

        streams = {"update": itertools.count(0.0), "scheduled_learning_rate": rates()}
        return streams | {name: slopes(axis) for axis, name in enumerate(SLOPE)}

    def turns(self, rows: slice) -> dict[str, Iterator[np.ndarray]]:
        """Places for what is recorded that keep the present numbers only."""
        size, carried = len(range(*rows.indices(self.count))), set(self.rounds.carried)
        return {
            name: itertools.cycle([*aligned(self.shape(name, size), 2 if name in carried else 1)])
            for name in self.rounds.recorded
        }

    def shape(self, name: str, size: int) -> tuple[int, ...]:
        """The shape of a recorded quantity for so many rows."""
        return (2, size) if name in self.rounds.vectors else (size,)

    def work(self, work: Callable[[slice], Iterator], rounds: int, progress: Progress | None = None) -> None:
        """Does this work for all rows: in blocks and threads where the loss is a program, else for all at once."""
        in_blocks(work, self.count, rounds, progress, is_whole=self.is_asked)


def _rows_of(quantities: Mapping[str, np.ndarray | float], rows: slice) -> dict[str, np.ndarray | float]:
    return {name: entry[..., rows] if np.ndim(entry) else entry for name, entry in quantities.items()}


class _Searching:
    """A loss that is a program, where a rule searches along a line."""

    def __init__(self, loss: Loss, batch: tuple[int, ...]):
        self._seen, self._batch = loss, batch

    @property
    def answers(self) -> dict[str, Callable]:
        """Who answers which question."""
        return {SEARCH: self._searched}

    def _searched(self, theta, value, gradient, direction, first, length) -> None:
        theta, gradient, direction = (vector.reshape((2, *self._batch)) for vector in (theta, gradient, direction))
        value = np.reshape(value, self._batch)
        first = np.reshape(first, self._batch) if np.ndim(first) else np.float64(first)
        lengths = armijo(self._seen.value, theta, value, gradient, direction, first)
        np.copyto(length, np.reshape(lengths, -1))


class _Asked(_Searching):
    """A loss that answers the questions of many runs, one update after another."""

    def __init__(self, runs: ManyRuns):
        super().__init__(runs.loss, runs.batch)
        self._loss, self._update = runs.loss, 0
        self._sample = runs.loss.sample if runs.made.view.is_stochastic else None

    @property
    def answers(self) -> dict[str, Callable]:
        """Who answers which question."""
        return {LOSS: self._at, **super().answers}

    def _at(self, here: np.ndarray, *places: np.ndarray | None) -> None:
        theta, places = here.reshape((2, *self._batch)), list(places)
        shown = Remembering(self._loss)
        _answer(shown, theta, places.pop(0), places.pop(0))
        if self._sample is None:
            self._seen = shown
        else:
            self._seen = Remembering(self._sample(self._update))
            self._update += 1
            _answer(self._seen, theta, places.pop(0), places.pop(0))
        if any(place is not None for place in places):
            (h11, h12), (_, h22) = self._seen.hessian(theta)
            for place, entry in zip(places, (h11, h12, h22), strict=True):
                if place is not None:
                    np.copyto(place, np.reshape(entry, -1))


def _answer(loss: Remembering, theta: np.ndarray, value: np.ndarray | None, gradient: np.ndarray | None) -> None:
    """Writes the loss and its gradient where there is a place for them."""
    if value is not None and gradient is not None:
        both = loss.value_and_gradient(theta)
    else:
        both = None if value is None else loss.value(theta), None if gradient is None else loss.gradient(theta)
    for place, numbers in zip((value, gradient), both, strict=True):
        if place is not None:
            np.copyto(place, np.reshape(np.broadcast_to(numbers, (*place.shape[:-1], *theta.shape[1:])), place.shape))


class Records:
    """All that is recorded of many runs."""

    def __init__(self, runs: ManyRuns, steps: int):
        self._runs, self._steps = runs, steps
        rounds, count = runs.rounds, steps + 1
        # An array for each, of which many are small enough to be made of memory that was used before.
        self._arrays = {name: aligned(runs.shape(name, runs.count), count) for name in rounds.recorded}
        self._uniform = {name: np.empty(count) for name in rounds.uniform}
        self._diverged_at = np.full(runs.count, -1)

    def filled(self, rows: slice) -> Iterator[None]:
        """Records these rows, update by update."""
        runs = self._runs
        # What an update shows stands beside the point that it leads to.
        places = {
            name: iter(array[1 if name in runs.after else 0 :, ..., rows]) for name, array in self._arrays.items()
        }
        for update, moment in enumerate(itertools.islice(runs.moments(rows, places), self._steps + 1)):
            for name, numbers in self._uniform.items():
                numbers[update] = moment[name]
            watch(self._diverged_at[rows], update, moment["theta"], moment["value"], moment["gradient"])
            yield

    def trajectory(self, rule: Optimizer) -> Trajectory:
        """The records in the shape of the batch."""
        runs, program = self._runs, self._runs.made.rule
        state = {}
        for name, shape in program.memory.items():
            parts = [self._whole(component) for component in _recorded_names(name, shape)]
            whole = (self._steps + 1, *shape, *runs.batch)
            state[name] = parts[0] if len(parts) == 1 else np.stack(parts, 1).reshape(whole)
        for name in program.shown:
            shown = self._whole(name)
            shown[0] = 0 if name == NOTE else np.nan
            state[name] = shown.astype(int) if name == NOTE else shown
        for name in state.keys() - self._uniform.keys():
            own = batch_of(runs.optimizer, name, runs.batch)
            state[name] = in_own_shape(state[name], runs.batch, own)
        theta, value, gradient = map(self._whole, ("theta", "value", "gradient"))
        seen = self._whole("seen_gradient") if "seen_gradient" in runs.before else gradient
        diverged_at = self._diverged_at.reshape(runs.batch)
        state = {"update": np.arange(self._steps + 1), **state}
        return Trajectory(theta, value, gradient, seen, state, diverged_at, rule, runs.loss)

    def _whole(self, name: str) -> np.ndarray:
        if name in self._uniform:
            return self._uniform[name]
        array = self._arrays[name]
        return array.reshape((*array.shape[:-1], *self._runs.batch))


def _recorded_names(name: str, shape: tuple[int, ...]) -> list[str]:
    """The names under which something is recorded: vectors as a whole, matrices by entry."""
    return [name] if len(shape) < 2 else component_names(name, shape)


def watch(diverged_at: np.ndarray, update: int, theta: np.ndarray, value: np.ndarray, gradient: np.ndarray) -> None:
    """Writes the number of this update into `diverged_at` (n,) where it is the first one that is not finite."""
    if surely_finite(theta, gradient) and surely_finite(value):
        return
    finite = np.isfinite(value) & np.isfinite(theta).all(axis=0) & np.isfinite(gradient).all(axis=0)
    diverged_at[(diverged_at < 0) & ~finite] = update
