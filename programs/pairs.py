"""Which values of a program are the two rows of one array, so that one call of numpy computes both."""

import itertools
from collections.abc import Callable, Iterator, Sequence

from programs.program import Program

Pair = tuple[int, int]


class Pairs:
    """Values of a program that are kept as the rows of arrays of shape (2, N).

    joint: the pairs of which both rows come from one operation on operands that are pairs or the same for both.
    """

    def __init__(self, program: Program):
        self.program, self.joint = program, set()
        self._rows: dict[int, tuple[Pair, int]] = {}

    def keep(self, first: int, second: int) -> None:
        """Keeps two values in one array, unless they are one value or one of them is kept in another array."""
        if first != second and first not in self._rows and second not in self._rows:
            self._rows[first] = (first, second), 0
            self._rows[second] = (first, second), 1

    def array(self, index: int) -> int | Pair:
        """The array that a value is in: a pair, or the value itself where it has an array of its own."""
        return self._rows[index][0] if index in self._rows else index

    def row(self, index: int) -> int | None:
        """The row of a value in its array, None where it has an array of its own."""
        return self._rows[index][1] if index in self._rows else None

    def together(self, first: int, second: int) -> bool:
        """True where these two are, in this order, the rows of one array."""
        return self.array(first) == (first, second)

    def join(self, order: Sequence[int], is_number: Callable[[int], bool]) -> None:
        """Finds pairs among values that are computed in this order.

        Two values are kept together where they are the same operation on operands that are pairwise the rows of one
        array, or the same. They are joint, and then computed where the first one stood, if what both share are single
        numbers, as `is_number` says: numpy takes longer to broadcast an array to two rows than for two calls.
        """
        places, waiting = {}, {}
        for place, index in enumerate(order):
            places[index] = place
            first = next((waiting[key] for key in self._keys(index, 1) if key in waiting), None)
            if first is not None:
                self.keep(first, index)
            if first is not None and self.together(first, index):
                if self._may_join(first, index, places, is_number):
                    self.joint.add((first, index))
                    places[index] = places[first]
                continue
            waiting.update((key, index) for key in self._keys(index, 0))

    def _may_join(self, first: int, second: int, places: dict, is_number: Callable[[int], bool]) -> bool:
        operands = zip(self.program.operands(first), self.program.operands(second), strict=True)
        return all(is_number(one) if one == other else self.together(one, other) for one, other in operands) and all(
            places.get(operand, -1) < places[first] for operand in self.program.operands(second)
        )

    def _keys(self, index: int, row: int) -> Iterator[tuple]:
        """What a value has in common with its neighbour, if it is this row of a pair: there may be several ways."""
        choices = [
            (operand, self.array(operand)) if self.row(operand) == row else (operand,)
            for operand in self.program.operands(index)
        ]
        for operands in itertools.product(*choices):
            yield self.program.values[index].operation, operands
