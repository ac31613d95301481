"""The small data sets of the lessons, with their sources, and what is done to data before they are learned from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from surfaces.tables import DataError, read_table
from surfaces.tables import typed_rows as typed_rows

# Numbers that differ by less than this share of their size differ by little more than rounding.
CLOSE = 1e-12


@dataclass(frozen=True, eq=False)
class DataSet:
    """Examples: inputs (K, N), one row for each input, and the target of each, (N,).

    title: the name on screen. source: where the data come from.

    Raises DataError where there is no example, or where a number is not finite.
    """

    title: str
    inputs: np.ndarray
    target: np.ndarray
    source: str = ""

    def __post_init__(self):
        inputs, target = np.array(self.inputs, dtype=float, ndmin=2), np.array(self.target, dtype=float)
        if target.ndim != 1 or inputs.shape[1:] != target.shape or not target.size:
            raise DataError(f"Every example needs its inputs and a target: {inputs.shape} does not fit {target.shape}.")
        if not (np.isfinite(inputs).all() and np.isfinite(target).all()):
            raise DataError("Every number of the data must be finite.")
        for name, array in (("inputs", inputs), ("target", target)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def count(self) -> int:
        """The number of examples."""
        return len(self.target)

    def rows(self, chosen: np.ndarray, title: str) -> "DataSet":
        """Some of the examples, by their places."""
        return DataSet(title, self.inputs[:, chosen], self.target[chosen], self.source)


_OURS = "Made for this project: a formula with rounded noise"

LECTURE = DataSet(
    "The lecture's ten points",
    [(338, 333, 328, 207, 226, 25, 179, 60, 208, 606)],
    (640, 633, 619, 393, 428, 27, 193, 66, 226, 1591),
    "H. Lee, Machine Learning (National Taiwan University, 2016), the demo of the lecture on gradient descent",
)

# fmt: off
PLANE = DataSet(
    "Twenty points near a plane",
    [
        (-0.8, -1.3, -0.2, 0.4, 1.1, 0.1, -0.6, -0.8, 0.7, 1.6,
         0.3, -1.2, -1.0, 1.6, 0.2, -1.7, -0.1, -1.2, -0.6, -0.5),
        (-1.1, -0.1, -0.2, -0.4, 1.0, 0.9, -1.9, -0.7, -0.6, 0.6,
         -1.1, -0.6, -0.5, 0.5, -0.9, -1.2, -1.1, -2.0, -0.1, -1.4),
    ],
    (0.3, -1.5, -1.1, 1.1, 0.3, -0.6, 0.6, -1.6, 1.4, 1.8, 1.8, -1.9, -0.7, 1.5, 0.9, -2.0, 1.5, 0.1, 0.4, 0.7),
    f"{_OURS}: y = 1.5 x1 - 0.8 x2",
)

UNEQUAL = DataSet(
    "Two inputs, one of them 100 times as large",
    (PLANE.inputs - PLANE.inputs.mean(axis=1, keepdims=True)) * np.array([[1.0], [100.0]]),
    PLANE.target - PLANE.target.mean(),
    f"{PLANE.source}; all columns with mean 0, and x2 times 100",
)

TWO_CLASSES = DataSet(
    "Two classes that overlap",
    [
        (0.9, 0.2, 0.3, -1.7, 2.5, 1.8, 0.4, 1.5, 1.0, 0.1, 0.3, -1.0, -1.0, -1.5, -0.2, -0.8, -0.2, -1.3, -0.6, -1.6),
        (1.2, 0.6, 0.7, 0.8, -0.6, 1.2, 2.5, -1.2, -1.3, -1.1, 0.4, -0.3, 0.7, 0.3, -0.2, -0.1, -0.6, 0.5, -1.5, -0.8),
    ],
    (1,) * 10 + (0,) * 10,
    "Made for this project: ten points around (0.7, 0.4) with y = 1 and ten around (-0.7, -0.4) with y = 0",
)

HAT = DataSet(
    "A hat: low, high, low",
    [(-2.4, -2.1, -1.7, -0.9, -0.7, -0.5, -0.2, 0.0, 0.2, 0.3, 0.6, 0.8, 1.0, 1.8, 2.2)],
    (-0.8, -0.8, -0.7, 0.8, 0.7, 0.8, 0.9, 0.9, 0.7, 0.7, 0.7, 0.8, 0.6, -0.7, -0.8),
    "Made for this project: one tanh can follow the step up or the step down, not both",
)

BEND = DataSet(
    "A bend",
    [(-3.0, -2.4, -1.9, -1.5, -1.0, -0.6, -0.2, 0.3, 0.7, 1.1, 1.6, 2.2, 2.7, 3.1)],
    (-1.5, -1.5, -1.3, -1.4, -1.4, -0.9, -0.1, 0.7, 0.9, 1.0, 1.3, 1.5, 1.0, 1.5),
    f"{_OURS}: y = 1.5 tanh(1.2 x)",
)
# fmt: on


def noisy_plane(count: int, noise: float, seed: int = 0) -> DataSet:
    r"""Points around the plane $y = 1.5 x_1 - 0.8 x_2$.

    count: the number of examples. noise: the standard deviation of the Gaussian noise on y. The same seed gives the
    same inputs and the same noise, only larger or smaller.
    """
    random = np.random.default_rng((seed, count))
    inputs = random.normal(size=(2, count))
    target = 1.5 * inputs[0] - 0.8 * inputs[1] + noise * random.normal(size=count)
    return DataSet(f"A noisy plane of {count} points", inputs, target, "Drawn at random: y = 1.5 x1 - 0.8 x2 + noise")


def standardised(data: DataSet) -> tuple[DataSet, np.ndarray, np.ndarray]:
    r"""The data with inputs of mean 0 and variance 1, $x \leftarrow (x - m)/\sigma$, with m and sigma, each (K,).

    sigma is that of all examples, divided by N, not by N - 1.

    Raises DataError where an input is the same in every example, so that sigma would be 0, or where its numbers are so
    large or so close together that sigma would be rounding.
    """
    with np.errstate(all="ignore"):
        mean, deviation = data.inputs.mean(axis=1), data.inputs.std(axis=1)
        spread, size = np.ptp(data.inputs, axis=1), np.abs(data.inputs).max(axis=1)
    for place, column in enumerate(data.inputs):
        if spread[place] == 0:
            raise DataError(
                f"Input {place + 1} is {column[0]:g} in every example. Its standard deviation is 0, "
                "so it cannot be scaled to variance 1. Choose data in which it varies."
            )
        if not spread[place] > CLOSE * size[place] or not 0 < deviation[place] < np.inf:
            raise DataError(f"Input {place + 1} holds numbers too large or too close together to be scaled.")
    return (
        DataSet(f"{data.title}, standardised", _scaled(data.inputs, mean, deviation), data.target, data.source),
        mean,
        deviation,
    )


def _scaled(inputs: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    return (inputs - mean[:, None]) / deviation[:, None]


def split(data: DataSet, share: float, seed: int = 0) -> tuple[DataSet, DataSet]:
    """The examples dealt at random into those to learn from and those that are held out.

    share: of the examples that are held out, between 0 and 1; at least one example goes to either side. Raises
    DataError where there is only one example.
    """
    if data.count < 2:
        raise DataError("One example cannot be divided into examples to learn from and examples to test on.")
    order = np.random.default_rng(seed).permutation(data.count)
    held = min(max(1, round(share * data.count)), data.count - 1)
    kept, out = np.sort(order[held:]), np.sort(order[:held])
    return data.rows(kept, f"{data.title}, to learn from"), data.rows(out, f"{data.title}, held out")


def checked(
    rows: Iterable[Sequence[object]],
    inputs: int,
    title: str = "Your own data",
    targets: Sequence[float] = (),
    columns: Sequence[int] = (),
) -> DataSet:
    """The data set that typed rows hold, as `read_table` reads them. Raises DataError where a row cannot be used."""
    numbers = read_table(rows, inputs, targets, columns).numbers.T
    return DataSet(title, numbers[:-1], numbers[-1], title)
