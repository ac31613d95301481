"""Memory for the arrays of a computation: aligned to the processor's cache lines, and used again once it is free."""

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

# Bytes. numpy adds up to four times as fast where no two cache lines are touched at once.
LINE = 64
MOST_MULTIPLIED = 10_000


def aligned(shape: Sequence[int], rounds: int | None = None, dtype=float) -> np.ndarray:
    """An empty array of this shape, or so many of them along a first axis; each begins with a cache line.

    Each is contiguous; between two of them may be a gap.
    """
    size, entry = math.prod(shape), np.dtype(dtype).itemsize
    step = -(-size * entry // LINE) * LINE // entry
    count = 1 if rounds is None else rounds
    memory = np.empty(count * step * entry + LINE, np.uint8)
    begin = -memory.ctypes.data % LINE
    parts = memory[begin : begin + count * step * entry].view(dtype).reshape(count, step)[:, :size]
    parts = parts.reshape(count, *shape)
    return parts[0, ...] if rounds is None else parts


def neighbours(shapes: Mapping[str, Sequence[int]], rounds: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Records of these shapes, (rounds, *shape) each, in one block: all that belongs to one round stands together.

    Returns the block, (rounds, n), and the records by name, in their order in the block. Each array of a round begins
    with a cache line and is contiguous; what lies between two of them holds zeros, everything else is empty.
    """
    entry = LINE // np.dtype(float).itemsize
    sizes = {name: math.prod(shape) for name, shape in shapes.items()}
    ends = list(itertools.accumulate(-(-size // entry) * entry for size in sizes.values()))
    block, records = aligned((sum(ends[-1:]),), rounds), {}
    for (name, size), begin, end in zip(sizes.items(), [0, *ends], ends, strict=False):
        block[:, begin + size : end] = 0.0
        records[name] = block[:, begin : begin + size].reshape(rounds, *shapes[name])
    return block, records


def surely_finite(array: np.ndarray) -> bool:
    """False where an entry is inf or nan, and also where squares or sums of entries overflow.

    Whoever hears False looks closer: to say True takes less time than to compare every entry.
    """
    if not array.flags.c_contiguous and array.ndim > 1:  # or it would be copied
        return all(map(surely_finite, array))
    # The linear algebra library would start threads for longer products, which costs more than it saves.
    small = array.size <= MOST_MULTIPLIED
    return math.isfinite(np.vdot(array, array) if small else np.add.reduce(array, axis=None))


class Registers:
    """Names of arrays that are taken and given back while a computation is written down.

    made: how many there are of every kind; their names are the kind's with a number.
    """

    def __init__(self):
        self.made: dict[str, int] = defaultdict(int)
        self._free: dict[str, list[str]] = defaultdict(list)
        self._kinds: dict[str, str] = {}

    def take(self, kind: str) -> str:
        """The name of an array of this kind that is free."""
        if not self._free[kind]:
            name = f"{kind}{self.made[kind]}"
            self.made[kind] += 1
            self._kinds[name] = kind
            return name
        return self._free[kind].pop()

    def give_back(self, name: str) -> None:
        """Frees an array; names that are none of these arrays' are left alone."""
        if name in self._kinds:
            self._free[self._kinds[name]].append(name)
