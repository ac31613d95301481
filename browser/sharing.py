"""Plain data in which equal records stand once: over more than 32 kB, no compression finds them again."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

# The key of a place in the table, for page/sharing.js.
SHARED = "shared"
# Smaller records are no longer than a place in the table.
LEAST = 3


def shared(content: Any) -> dict[str, Any]:
    """The content with {SHARED: place} for each record that it has more than once, and the table of these.

    A record in the table has only records in it that stand before.
    """
    return _Sharing(content).made


class _Sharing:
    def __init__(self, content: Any):
        # Equal parts have the same number, and an object is looked at once.
        self._numbers: dict[tuple, int] = {}
        self._known: dict[int, int] = {}
        self._sizes: dict[int, int] = {}
        self._counts: Counter[int] = Counter()
        self._places: dict[int, int] = {}
        self._table: list[Any] = []
        self._count(content)
        kept = self._replaced(content)
        self.made = {"content": kept, "table": self._table}

    def _number(self, value: Any) -> int:
        if isinstance(value, (Mapping, list, tuple)):
            if id(value) not in self._known:
                self._known[id(value)] = self._numbered(*self._key(value))
            return self._known[id(value)]
        if isinstance(value, np.ndarray):
            return self._numbered(("array", value.dtype.str, value.shape, value.tobytes()), 1)
        return self._numbered((type(value).__name__, repr(value)), 1)

    def _numbered(self, key: tuple, size: int) -> int:
        number = self._numbers.setdefault(key, len(self._numbers))
        self._sizes[number] = size
        return number

    def _key(self, value: Any) -> tuple[tuple, int]:
        """What equal parts have in common, and how many parts there are in them."""
        parts = _parts_of(value)
        numbers = list(map(self._number, parts))
        names = tuple(value) if isinstance(value, Mapping) else None
        return (names, *numbers), 1 + sum(self._sizes[number] for number in numbers)

    def _count(self, value: Any) -> None:
        if isinstance(value, Mapping):
            number = self._number(value)
            self._counts[number] += 1
            # What stands in a repeated record is repeated with it.
            if self._counts[number] > 1:
                return
        for part in _parts_of(value):
            self._count(part)

    def _replaced(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            number = self._number(value)
            if self._counts[number] == 1 or self._sizes[number] < LEAST:
                return self._record(value)
            if number not in self._places:
                # What stands in it comes first.
                record = self._record(value)
                self._places[number] = len(self._table)
                self._table.append(record)
            return {SHARED: self._places[number]}
        return list(map(self._replaced, value)) if isinstance(value, (list, tuple)) else value

    def _record(self, value: Mapping) -> dict[str, Any]:
        return {name: self._replaced(part) for name, part in value.items()}


def _parts_of(value: Any) -> list:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []
