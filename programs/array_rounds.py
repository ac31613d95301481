"""Recurrences of arrays: many rows in step, every operation one call of numpy into memory that is free again.

As for plain floats, the text of a function is printed from the table of operations; nothing of a program is text.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

from programs.quantities import Quantities
from programs.recurrence import Recurrence
from programs.round_text import RoundText


class ArrayRounds:
    """A recurrence for N rows at once; each row has, to the last bit, the numbers that it would have alone.

    vectors, batch, before, after: as for `Quantities`. What neither is recorded nor needed for what is carried is not
    computed. vectors, carried, uniform, before, after, recorded: the names of its quantities.
    """

    def __init__(
        self,
        recurrence: Recurrence,
        vectors: Iterable[str],
        batch: Iterable[str],
        before: Iterable[str] = (),
        after: Iterable[str] = (),
    ):
        self.recurrence = recurrence
        self._quantities = quantities = Quantities(recurrence, vectors, batch, before, after)
        self.vectors, self.carried, self.uniform = quantities.vectors, quantities.carried, quantities.uniform
        self.before, self.after, self.recorded = quantities.before, quantities.after, quantities.recorded
        self._rounds = RoundText(quantities).function()

    def __call__(
        self,
        count: int,
        start: Mapping[str, np.ndarray | float],
        fixed: Mapping[str, np.ndarray | float],
        streams: Mapping[str, Iterable],
        places: Mapping[str, Iterator[np.ndarray]],
        asked: Mapping[str, Callable] | None = None,
    ) -> Iterator[tuple]:
        """Makes the rounds for `count` rows, each when it is asked for.

        Yields, in every round, what is carried into it and what is recorded before: arrays, and floats where they are
        uniform. The step is made when the next round is asked for, so a run of k updates takes k + 1 rounds and none
        is wasted. There are as many as streams have numbers, without streams no end. What is recorded before and is an
        operation or an answer may be changed in its array meanwhile: the step is made with that.

        start: the carried quantities of the first round. fixed: by quantity. streams: one number or array for each
        round. places: for all of `recorded`, where its arrays come from: one for each round, in which the numbers are
        then written. The rows of a record keep all of them; two arrays in turn will do for what is carried, one again
        and again for the rest. They are fastest as `aligned` makes them. asked: who answers each question. It is called
        with what is shown, and then for each answer with an array to write it into, or None if nobody needs it.

        The caller tells numpy what to do about overflow and the like, with np.errstate around all rounds.
        """
        quantities = self._quantities
        places = {name: iter(places[name]).__next__ for name in self.recorded}
        first = {name: float(start[name]) if name in self.uniform else places[name]() for name in self.carried}
        for name in self.carried:
            if name not in self.uniform:
                np.copyto(first[name], start[name])
        return self._rounds(
            count,
            zip(*(streams[name] for name in quantities.streamed), strict=False)
            if quantities.streamed
            else itertools.repeat(None),
            *places.values(),
            *(asked[question.name] for question in self.recurrence.questions),
            *first.values(),
            *(fixed[name] if quantities.is_array(name) else float(fixed[name]) for name in quantities.fixed),
        )
