"""Memory for the arrays of a computation: aligned to the processor's cache lines, and used again once it is free."""

import math
from collections import defaultdict
from collections.abc import Sequence

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


def surely_finite(first: np.ndarray, second: np.ndarray | None = None) -> bool:
    """False where an entry is inf or nan, and also where products or sums of entries overflow.

    Whoever hears False looks closer: to say True takes less time than to compare every entry. second: another array of
    the same shape, of which the same is asked.
    """
    second = first if second is None else second
    if not (first.flags.c_contiguous and second.flags.c_contiguous) and first.ndim > 1:  # or they would be copied
        return all(map(surely_finite, first, second))
    # The linear algebra library would start threads for longer products, which costs more than it saves.
    if first.size <= MOST_MULTIPLIED:
        return math.isfinite(np.vdot(first, second))
    return all(math.isfinite(np.add.reduce(array, axis=None)) for array in (first, second))


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
