"""A model and the data from which it learns: the choice as names and numbers, and the loss that comes of it."""

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np

from surfaces import SURFACES, EmpiricalRisk
from surfaces.datasets import BEND, HAT, LECTURE, PLANE, TWO_CLASSES, UNEQUAL, DataSet, noisy_plane, split
from surfaces.neurons import NEURONS, Neuron, frame

OWN, DRAWN, UNLIKE = "own", "plane", "unequal"
BUILT_IN = {
    "line_fit": LECTURE,
    "linear_neuron": PLANE,
    "logistic_neuron": TWO_CLASSES,
    "tanh_neuron": HAT,
    "two_weight_chain": BEND,
}


@dataclass(frozen=True)
class Rows:
    """A student's rows (N, K + 1), which are compared, hashed and printed by a short digest of their numbers."""

    numbers: np.ndarray = field(repr=False, compare=False)
    digest: str = field(init=False)

    def __post_init__(self):
        numbers = np.array(self.numbers, dtype=float)
        numbers.flags.writeable = False
        object.__setattr__(self, "numbers", numbers)
        content = repr(numbers.shape).encode() + numbers.tobytes()
        object.__setattr__(self, "digest", blake2b(content, digest_size=16).hexdigest())


@dataclass(frozen=True)
class Choice:
    """A model and its data, in names and numbers only.

    model: the name of a neuron. data: the same name for its own data, "plane", "unequal" or "own". count, noise,
    seed: of the plane. rows: of the student's own data. held: the share of the examples that are held out.
    """

    model: str
    data: str
    count: int = 20
    noise: float = 0.5
    seed: int = 0
    rows: Rows | None = None
    held: float = 0.0


@dataclass(frozen=True, eq=False)
class Problem:
    """What comes of a choice: the neuron, the examples that it learns from and those held out, and the loss."""

    neuron: Neuron
    data: DataSet
    held_out: DataSet | None
    risk: EmpiricalRisk

    @cached_property
    def mean_losses(self) -> tuple[EmpiricalRisk, EmpiricalRisk | None]:
        """The mean loss of the examples that are learned from, and of those held out."""
        return self._mean_loss(self.data), self.held_out and self._mean_loss(self.held_out)

    def _mean_loss(self, data: DataSet) -> EmpiricalRisk:
        return self.neuron.risk(data, ((-1, 1), (-1, 1)), (0, 0), reduction="mean")


def problem_of(choice: Choice) -> Problem:
    """The problem of a choice. Raises DataError where the data cannot be used."""
    model, data, held = choice.model, choice.data, choice.held
    neuron, known = NEURONS[model], SURFACES[model]
    if data == OWN:
        *inputs, target = choice.rows.numbers.T
        examples = DataSet("Your own data", inputs, target, "Your own data")
    elif data == DRAWN:
        examples = noisy_plane(choice.count, choice.noise, choice.seed)
    else:
        examples = UNEQUAL if data == UNLIKE else BUILT_IN[model]
    kept, out = split(examples, held, seed=1) if held and examples.count > 1 else (examples, None)
    if kept is BUILT_IN[model]:
        return Problem(neuron, kept, None, known)
    view, start = frame(neuron, examples) if data in (OWN, UNLIKE) else (known.domain, known.start)
    return Problem(neuron, kept, out, neuron.risk(kept, view, start, title=f"{neuron.title}: {kept.title}"))


def errors(given: Problem, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
    """The mean loss of an example at points (2, n): of those learned from, and of those held out."""
    training, held = given.mean_losses
    return training.value(theta), held and held.value(theta)
