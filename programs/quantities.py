"""The numbers and vectors of a recurrence, and which of them are arrays where it is done for many rows at once."""

from collections.abc import Iterable

from programs.recurrence import Recurrence


class Quantities:
    """What a recurrence for N rows is given, carries and records.

    A quantity is a number of the recurrence, or a vector: two of them whose names end in 1 and 2. In arrays a number
    has shape (N,), a vector (2, N). A number that is the same for all rows is uniform: it is a float.

    vectors: the names of the vectors, without 1 and 2. batch: the quantities among the inputs that are given as arrays;
    all carried vectors and all answers are arrays anyway, and so is what is carried and depends on any of these.
    before, after: what is recorded in every round before the step is made, and when it is.

    carried, fixed, streamed: the inputs, as quantities; of those that are fixed or streamed, a vector that is no array
    is two numbers. uniform: the carried quantities that are floats. recorded: all that is written into arrays, which
    are the other carried quantities, and what is recorded before and after. arrays: the inputs that are arrays, by
    component. varying: the values of the program that are.
    """

    def __init__(
        self,
        recurrence: Recurrence,
        vectors: Iterable[str],
        batch: Iterable[str],
        before: Iterable[str],
        after: Iterable[str],
    ):
        self.recurrence, self.vectors = recurrence, frozenset(vectors)
        self.before, self.after = tuple(before), tuple(after)
        self.carried = self._grouped(recurrence.carried, recurrence.carried)
        answers = [name for question in recurrence.questions for name in question.answered]
        arrays = {*self.components(batch), *self.components(self.vectors & {*self.carried}), *answers}
        self.arrays, self.varying = _varying(recurrence, arrays)
        self.uniform = tuple(name for name in self.carried if name not in self.vectors and name not in self.arrays)
        self.fixed = self._grouped(recurrence.fixed, self.arrays)
        self.streamed = self._grouped(recurrence.streamed, self.arrays)
        self.recorded = (*(name for name in self.carried if name not in self.uniform), *self.before, *self.after)

    def _grouped(self, names: Iterable[str], together: Iterable[str]) -> tuple[str, ...]:
        """The quantities that these numbers are, vectors where their numbers are among those that stand together."""
        whole = {name for name in together if name[:-1] in self.vectors and name[-1] in "12"}
        return tuple(dict.fromkeys(name[:-1] if name in whole else name for name in names))

    def components(self, quantities: Iterable[str]) -> list[str]:
        """The numbers that these quantities are."""
        return [name for quantity in quantities for name in self.numbers(quantity)]

    def numbers(self, quantity: str) -> tuple[str, ...]:
        """The name of a number, or the two names of a vector."""
        return (f"{quantity}1", f"{quantity}2") if quantity in self.vectors else (quantity,)

    def following(self, quantity: str) -> tuple[str, ...]:
        """The outputs that a carried quantity becomes."""
        return tuple(self.recurrence.carried[name] for name in self.numbers(quantity))

    def is_array(self, quantity: str) -> bool:
        """Whether a quantity among the inputs is an array."""
        return self.arrays.issuperset(self.numbers(quantity))


def _varying(recurrence: Recurrence, arrays: Iterable[str]) -> tuple[frozenset[str], set[int]]:
    """The inputs that are arrays if these are, and the values that are."""
    arrays, outputs = set(arrays), recurrence.program.outputs
    while True:
        varying = recurrence.program.depending_on(arrays)
        new = {name for name, output in recurrence.carried.items() if outputs[output] in varying} - arrays
        if not new:
            return frozenset(arrays), varying
        arrays |= new
