"""Recurrences of arrays: many rows in step, every operation one call of numpy into memory that is free again.

As for plain floats, the text of a function is printed from the table of operations; nothing of a program is text.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from programs.arrays import out_argument
from programs.floats import NAMESPACE as FLOATS
from programs.floats import REFUSALS, FloatLines, compiled, constant_text
from programs.operations import OPERATIONS
from programs.pairs import Pair, Pairs
from programs.program import CONSTANT, INPUT
from programs.recurrence import Question, Recurrence
from programs.registers import Registers, aligned, surely_finite

HOISTED, BEFORE, AFTER = "hoisted", "before", "after"
# What each array of a kind is made by; the names of registers are kinds with numbers.
_KINDS = {
    ("number", False): "number",
    ("number", True): "number_truth",
    ("pair", False): "pair",
    ("pair", True): "pair_truth",
}
_MADE_BY = {
    "number": "aligned((count,))",
    "number_truth": "aligned((count,), dtype=bool)",
    "pair": "aligned((2, count))",
    "pair_truth": "aligned((2, count), dtype=bool)",
}


class ArrayRounds:
    """A recurrence for N rows at once; each row has, to the last bit, the numbers that it would have alone.

    Here a quantity is a number of the recurrence, or two of them whose names end in 1 and 2. In arrays a number has
    shape (N,), a vector (2, N). A number that is the same for all rows is uniform: it is a float.

    vectors: the names of the vectors, without 1 and 2. batch: the quantities among the inputs that are given as arrays;
    all carried vectors and all answers are arrays anyway, and so is what is carried and depends on any of these.
    before: the quantities that are recorded in every round before the step is made. after: those that are recorded when
    it is. What neither they nor the carried quantities need is not computed.

    carried: the carried quantities. uniform: those of them that are floats.
    """

    def __init__(
        self,
        recurrence: Recurrence,
        vectors: Iterable[str],
        batch: Iterable[str],
        before: Iterable[str] = (),
        after: Iterable[str] = (),
    ):
        self.recurrence, self.vectors = recurrence, frozenset(vectors)
        self.before, self.after = tuple(before), tuple(after)
        self.carried = self.quantities(recurrence.carried)
        answers = [name for question in recurrence.questions for name in question.answered]
        arrays = {*self.components(batch), *self.components(self.vectors & {*self.carried}), *answers}
        self.arrays, self.varying = _varying(recurrence, arrays)
        self.uniform = tuple(name for name in self.carried if name not in self.vectors and name not in self.arrays)
        self.fixed = self.quantities(recurrence.fixed, self.arrays)
        self.streamed = self.quantities(recurrence.streamed, self.arrays)
        self.recorded = (*(name for name in self.carried if name not in self.uniform), *self.before, *self.after)
        self._rounds = _Text(self).function()

    def quantities(self, names: Iterable[str], within: Iterable[str] | None = None) -> tuple[str, ...]:
        """The quantities that these numbers are, vectors only where their numbers are within those."""
        within = within if within is None else set(within)
        return tuple(
            dict.fromkeys(
                name[:-1]
                if name[:-1] in self.vectors and name[-1] in "12" and (within is None or name in within)
                else name
                for name in names
            )
        )

    def components(self, quantities: Iterable[str]) -> list[str]:
        """The numbers that these quantities are."""
        return [name for quantity in quantities for name in self.numbers(quantity)]

    def numbers(self, quantity: str) -> tuple[str, ...]:
        """The name of a number, or the two names of a vector."""
        return (f"{quantity}1", f"{quantity}2") if quantity in self.vectors else (quantity,)

    def following(self, quantity: str) -> tuple[str, ...]:
        """The outputs that a carried quantity becomes."""
        return tuple(self.recurrence.carried[name] for name in self.numbers(quantity))

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
        is wasted. There are as many as streams have numbers, without streams no end.

        start: the carried quantities of the first round. fixed: by quantity. streams: one number or array for each
        round. places: for all of `recorded`, where its arrays come from: one for each round, in which the numbers are
        then written. The rows of a record keep all of them; two arrays in turn will do for what is carried, one again
        and again for the rest. They are fastest as `aligned` makes them. asked: who answers each question. It is called
        with what is shown, and then for each answer with an array to write it into, or None if nobody needs it.

        The caller tells numpy what to do about overflow and the like, with np.errstate around all rounds.
        """
        places = {name: iter(places[name]).__next__ for name in self.recorded}
        first = {name: float(start[name]) if name in self.uniform else places[name]() for name in self.carried}
        for name in self.carried:
            if name not in self.uniform:
                np.copyto(first[name], start[name])
        return self._rounds(
            count,
            zip(*(streams[name] for name in self.streamed), strict=False) if self.streamed else itertools.repeat(None),
            *places.values(),
            *(asked[question.name] for question in self.recurrence.questions),
            *first.values(),
            *(fixed[name] if self.is_array(name) else float(fixed[name]) for name in self.fixed),
        )

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


def _divided(numerator, divisor, otherwise, out: np.ndarray) -> None:
    """The operation `quotient` for an `out` that is neither the divisor nor `otherwise`."""
    np.divide(numerator, divisor, out)
    if not surely_finite(out):
        np.copyto(out, otherwise, where=np.equal(divisor, 0.0))


_NAMESPACE = {
    **FLOATS,
    **{f"ieee_{name}": operation.function_of_floats for name, operation in OPERATIONS.items()},
    **{f"array_{name}": operation.on_arrays for name, operation in OPERATIONS.items()},
    "array_quotient": _divided,
    "aligned": aligned,
    "array": np.array,
    "copyto": np.copyto,
    "REFUSALS": REFUSALS,
}


class _Unpacking(NamedTuple):
    """A line that names the rows of an array, if anybody refers to them."""

    array: str


class _Order:
    """What is done when: values and questions in the order of their doing, and how long arrays are needed.

    sections: once before all rounds, in each before the moment at which it is shown, and in each after it.
    """

    def __init__(self, rounds: ArrayRounds):
        self.rounds, self.recurrence, self.program = rounds, rounds.recurrence, rounds.recurrence.program
        self.inputs = self._inputs()
        steps = self._steps()
        self.needed = self._needed(steps)
        hoisted = sorted(self.recurrence.hoisted & self.needed)
        self.sections = {HOISTED: self._computed(hoisted), **{name: self._computed(part) for name, part in steps}}
        self.section_of = {
            self.inputs[name] if name else step: section
            for section, steps in self.sections.items()
            for step in steps
            for name in (step.answered if isinstance(step, Question) else [""])
        }
        self.pairs = self._pairs()
        self.nodes = {section: list(self._nodes(steps)) for section, steps in self.sections.items()}
        self.last = {
            array: node for section in self.nodes.values() for node in section for array in self.arrays_read_by(node)
        }
        self.kept = self._kept()

    def outputs(self, section: str) -> dict[str, tuple[int, ...]]:
        """The values of each quantity that is written down in this section."""
        outputs, rounds = self.program.outputs, self.rounds
        recorded = rounds.before if section == BEFORE else rounds.after
        named = {f"o_{name}": rounds.numbers(name) for name in recorded}
        if section == AFTER:
            named |= {f"n_{name}": rounds.following(name) for name in rounds.carried if name not in rounds.uniform}
        return {text: tuple(outputs[name] for name in names) for text, names in named.items()}

    def shown(self, question: Question) -> list[tuple[int, ...]]:
        """The values of what is shown with a question."""
        return [tuple(self.program.outputs[name] for name in group) for group in question.arguments]

    def arrays_read_by(self, node: tuple[int, ...] | Question) -> set[int | Pair]:
        """The arrays that are read when this is done."""
        read = (
            [index for group in self.shown(node) for index in group]
            if isinstance(node, Question)
            else [operand for value in node for operand in self.program.operands(value)]
        )
        return {self.pairs.array(index) for index in read if index in self.rounds.varying}

    def _kept(self) -> set[int | Pair]:
        """The arrays that are needed beyond their last use in an operation: from round to round, or to be copied."""
        hoisted = [value for node in self.nodes[HOISTED] for value in node]
        outputs = [index for name in (BEFORE, AFTER) for group in self.outputs(name).values() for index in group]
        return {self.pairs.array(index) for index in (*hoisted, *outputs)}

    def _inputs(self) -> dict[str, int]:
        """The index of every input; one that the program does not have gets a number that no value has."""
        answers = [name for question in self.recurrence.questions for name in question.answered]
        names = [
            *self.recurrence.carried,
            *self.rounds.components((*self.rounds.fixed, *self.rounds.streamed)),
            *answers,
        ]
        missing = [name for name in names if name not in self.program.inputs]
        return {**self.program.inputs, **{name: -1 - place for place, name in enumerate(missing)}}

    def _steps(self) -> list[tuple[str, list[int | Question]]]:
        rounds, recurrence = self.rounds, self.recurrence
        done = recurrence.hoisted | {self.inputs[name] for name in (*recurrence.carried, *recurrence.streamed)}
        after = [*rounds.components(rounds.after), *recurrence.carried.values()]
        wanted = {BEFORE: rounds.components(rounds.before), AFTER: after}
        return [(name, list(recurrence.steps(outputs, done))) for name, outputs in wanted.items()]

    def _needed(self, steps: list[tuple[str, list[int | Question]]]) -> set[int]:
        done = [step for _, part in steps for step in part]
        shown = [index for step in done if isinstance(step, Question) for group in self.shown(step) for index in group]
        outputs = [index for name in (BEFORE, AFTER) for group in self.outputs(name).values() for index in group]
        return self.program.needed_for([*(step for step in done if not isinstance(step, Question)), *shown, *outputs])

    def _computed(self, steps: Iterable[int | Question]) -> list[int | Question]:
        """Those of these steps that are not done by plain floats."""
        return [
            step
            for step in steps
            if isinstance(step, Question) or (step in self.rounds.varying and self.program.operands(step))
        ]

    def _pairs(self) -> Pairs:
        pairs, rounds, recurrence = Pairs(self.program), self.rounds, self.recurrence
        answers = [group for question in recurrence.questions for group in question.answers]
        given = [rounds.numbers(name) for name in (*rounds.carried, *rounds.fixed, *rounds.streamed)]
        for names in (*given, *answers):
            if len(names) == 2:
                pairs.keep(*(self.inputs[name] for name in names))
        for group in self._groups_of_outputs():
            if len(group) == 2 and self._stand_in_one_section(group):
                pairs.keep(*group)
        for steps in self.sections.values():
            values = [step for step in steps if not isinstance(step, Question)]
            pairs.join(values, lambda index: index not in rounds.varying)
        return pairs

    def _stand_in_one_section(self, group: tuple[int, ...]) -> bool:
        first, second = (self.section_of.get(index) for index in group)
        return first == second is not None and all(self.program.operands(index) for index in group)

    def _groups_of_outputs(self) -> Iterator[tuple[int, ...]]:
        outputs = self.program.outputs
        for section in (BEFORE, AFTER):
            yield from self.outputs(section).values()
        for question in self.recurrence.questions:
            yield from self.shown(question)
        for names in map(self.rounds.numbers, self.rounds.vectors):
            if outputs.keys() >= {*names}:
                yield tuple(outputs[name] for name in names)

    def _nodes(self, steps: Sequence[int | Question]) -> Iterator[tuple[int, ...] | Question]:
        """What is done at once: a question, a value, or a pair."""
        for step in steps:
            array = None if isinstance(step, Question) else self.pairs.array(step)
            if isinstance(step, Question):
                yield step
            elif array not in self.pairs.joint:
                yield (step,)
            elif self.pairs.row(step) == 0:
                yield array


class _Text:
    """The text of the function that makes the rounds."""

    def __init__(self, rounds: ArrayRounds):
        self.rounds, self.order = rounds, _Order(rounds)
        self.program, self.pairs = self.order.program, self.order.pairs
        self.registers, self.unpacked = Registers(), set()
        # Uniform values that meet arrays, and those that are needed as floats.
        self.beside_arrays: set[int] = set()
        self.floats = {self.program.outputs[name] for quantity in rounds.uniform for name in rounds.following(quantity)}
        self.texts = self._texts_of_inputs()
        self.targets = self._targets()

    def function(self) -> Callable:
        """The function: a generator."""
        hoisted, before, after = (self._section(name) for name in (HOISTED, BEFORE, AFTER))
        once, each = self._uniform_lines()
        rounds = self.rounds
        shown = [f"x_{name}" for name in rounds.carried] + [f"o_{name}" for name in rounds.before]
        streamed = "".join(f"x_{name}, " for name in rounds.streamed)
        inside = [
            *each,
            *(_Unpacking(f"x_{name}") for name in (*rounds.carried, *rounds.streamed)),
            *self._next(BEFORE),
            *before,
            f"yield ({''.join(f'{name}, ' for name in shown)})",
            *self._next(AFTER),
            *after,
            *self._handing_on(),
        ]
        lines = [
            *once,
            *self._making_registers(),
            *(_Unpacking(f"x_{name}") for name in rounds.fixed),
            *hoisted,
            f"for {streamed or '_'} in streams:",
        ]
        lines = [*self._printed(lines), *(f"    {line}" for line in self._printed(inside))]
        arguments = [
            *("count", "streams", *(f"next_{name}" for name in rounds.recorded)),
            *(f"ask_{question.name}" for question in rounds.recurrence.questions),
            *(f"x_{name}" for name in (*rounds.carried, *rounds.fixed)),
        ]
        return compiled("rounds", arguments, lines, _NAMESPACE)

    def _texts_of_inputs(self) -> dict[int | Pair, str]:
        inputs, rounds = self.order.inputs, self.rounds
        return {
            self.pairs.array(inputs[rounds.numbers(name)[0]] if rounds.is_array(name) else inputs[name]): f"x_{name}"
            for name in (*rounds.carried, *rounds.fixed, *rounds.streamed)
        }

    def _targets(self) -> dict[int | Pair, str]:
        """The arrays whose values are computed straight into a place of the caller's."""
        targets = {}
        for section in (BEFORE, AFTER):
            for text, group in self.order.outputs(section).items():
                array = self.pairs.array(group[0])
                whole = self.pairs.together(*group) if len(group) == 2 else array == group[0]
                if whole and self.order.section_of.get(group[0]) == section:
                    targets.setdefault(array, text)
        return targets

    def _next(self, section: str) -> Iterator[str | _Unpacking]:
        for text in self.order.outputs(section):
            yield f"{text} = next_{text[2:]}()"
            yield _Unpacking(text)

    def _making_registers(self) -> Iterator[str | _Unpacking]:
        for kind, number in self.registers.made.items():
            for place in range(number):
                yield f"{kind}{place} = {_MADE_BY[kind]}"
                yield _Unpacking(f"{kind}{place}")

    def _handing_on(self) -> Iterator[str]:
        rounds, outputs = self.rounds, self.program.outputs
        following = [
            self._float(*(outputs[name] for name in rounds.following(name_)))
            if name_ in rounds.uniform
            else f"n_{name_}"
            for name_ in rounds.carried
        ]
        if following:
            yield f"{', '.join(f'x_{name}' for name in rounds.carried)}, = {', '.join(following)},"

    def _printed(self, lines: Iterable[str | _Unpacking]) -> Iterator[str]:
        for line in lines:
            if not isinstance(line, _Unpacking):
                yield line
            elif line.array in self.unpacked:
                yield f"{line.array}_1, {line.array}_2 = {line.array}[0], {line.array}[1]"

    # What is the same for all rows

    def _uniform_lines(self) -> tuple[list[str], list[str]]:
        """The lines that compute it, before all rounds and at the beginning of each."""
        printer = FloatLines(
            self.program,
            self.beside_arrays | self.floats,
            {index: f"x_{name}" for name, index in self.program.inputs.items()},
        )
        hoisted = self.rounds.recurrence.hoisted
        once = self._guarded(printer, sorted(hoisted))
        each = self._guarded(printer, sorted(set(range(len(self.program.values))) - hoisted))
        for index in sorted(self.beside_arrays):
            if index in hoisted:
                once.append(f"u{index} = array({self._float(index)}, float)")
            else:
                once.append(f"u{index} = array(0.0)")
                each.append(f"u{index}[()] = {self._float(index)}")
        return once, each

    def _guarded(self, printer: FloatLines, indices: Sequence[int]) -> list[str]:
        """The lines for these values; where floats refuse, they are done once more as IEEE arithmetic does them."""
        lines = printer.section(indices)
        if not lines:
            return []
        others = []
        for index in indices:
            if index in printer.needed and self.program.operands(index):
                operands = ", ".join(self._float(operand) for operand in self.program.operands(index))
                others.append(f"v{index} = ieee_{self.program.values[index].operation}({operands})")
        return ["try:", *(f"    {line}" for line in lines), "except REFUSALS:", *(f"    {line}" for line in others)]

    def _float(self, index: int) -> str:
        operation, operands = self.program.values[index]
        if operation == CONSTANT:
            return constant_text(*operands)
        return f"x_{operands[0]}" if operation == INPUT else f"v{index}"

    # What is not

    def _section(self, section: str) -> list[str | _Unpacking]:
        lines = []
        for node in self.order.nodes[section]:
            lines += self._asking(node) if isinstance(node, Question) else self._computing(node)
        if section != HOISTED:
            lines += self._copies(section)
        return lines

    def _text(self, index: int) -> str:
        """What a value is called beside arrays."""
        if index not in self.rounds.varying:
            self.beside_arrays.add(index)
            return f"u{index}"
        return self._row(self.texts[self.pairs.array(index)], self.pairs.row(index))

    def _row(self, array: str, row: int | None) -> str:
        if row is None:
            return array
        self.unpacked.add(array)
        return f"{array}_{row + 1}"

    def _texts(self, values: Sequence[int]) -> str:
        """What one or two values are called, if there is a name for both at once."""
        first, *others = values
        if not others or others == [first]:
            return self._text(first)
        return self.texts[(first, *others)]

    def _computing(self, node: tuple[int, ...]) -> list[str | _Unpacking]:
        operation = self.program.values[node[0]].operation
        operands = list(zip(*(self.program.operands(value) for value in node), strict=True))
        (condition, *_), *choices = operands
        if operation == "where" and condition not in self.rounds.varying:
            return self._choosing(node, condition, choices)
        call = f"array_{operation}({', '.join(map(self._texts, operands))}"
        # What it reads for the last time, it may write over.
        if operation != "quotient":
            self._free(node)
        if OPERATIONS[operation].writes_in_place:
            lines = [f"{call}, {out_argument(operation, self._out(node))})"]
        elif self._has_place(node):
            lines = [f"copyto({self._out(node)}, {call}))"]
        else:
            text = self.texts[self.pairs.array(node[0])] = f"v{node[0]}"
            lines = [f"{text} = {call})", _Unpacking(text)]
        if operation == "quotient":
            self._free(node)
        return lines

    def _choosing(self, node: tuple[int, ...], condition: int, choices: list[tuple]) -> list[str]:
        self.floats.add(condition)
        yes, no = map(self._texts, choices)
        self._free(node)
        out, condition = self._out(node), self._float(condition)
        if out == yes:
            return [f"if not {condition}: copyto({out}, {no})"]
        return [f"copyto({out}, {yes} if {condition} else {no})"]

    def _has_place(self, node: tuple[int, ...]) -> bool:
        """Whether the result has to be in an array that is there before: a place of the caller's, or that of a pair."""
        array = self.pairs.array(node[0])
        return array in self.targets or (array != node[0] and array != node)

    def _out(self, node: tuple[int, ...]) -> str:
        """The array for a result."""
        array = self.pairs.array(node[0])
        if array not in self.texts:
            self.texts[array] = self._memory(array)
        return self.texts[array] if array == node else self._row(self.texts[array], self.pairs.row(node[0]))

    def _memory(self, array: int | Pair) -> str:
        if array in self.targets:
            return self.targets[array]
        first = array[0] if isinstance(array, tuple) else array
        operation = self.program.values[first].operation
        is_truth = operation in OPERATIONS and OPERATIONS[operation].is_truth
        return self.registers.take(_KINDS["pair" if isinstance(array, tuple) else "number", is_truth])

    def _free(self, node: tuple[int, ...] | Question) -> None:
        """Gives back the arrays that are not needed any more when this is done."""
        for array in self.order.arrays_read_by(node):
            if self.order.last[array] == node and array not in self.order.kept:
                self.registers.give_back(self.texts[array])

    def _asking(self, question: Question) -> list[str]:
        lines, arguments, made = [], [], []
        for group in self.order.shown(question):
            if len(group) == 1 and group[0] not in self.rounds.varying:
                self.floats.add(group[0])
                arguments.append(self._float(group[0]))
            elif len(group) == 1 or self.pairs.together(*group):
                arguments.append(self._texts(group))
            else:
                made.append(self.registers.take("pair"))
                arguments.append(made[-1])
                lines += self._copied(made[-1], group)
        answers = [self._answer(group) for group in question.answers]
        self._free(question)
        for text in made:
            self.registers.give_back(text)
        return [*lines, f"ask_{question.name}({', '.join([*arguments, *answers])})"]

    def _answer(self, names: tuple[str, ...]) -> str:
        indices = [self.order.inputs[name] for name in names]
        if self.order.needed.isdisjoint(indices):
            return "None"
        array = self.pairs.array(indices[0])
        self.texts[array] = self._memory(array)
        return self.texts[array]

    def _copies(self, section: str) -> list[str]:
        """The lines for what could not be computed where it has to be written down."""
        lines = []
        for text, group in self.order.outputs(section).items():
            if self.targets.get(self.pairs.array(group[0])) != text:
                lines += self._copied(text, group)
        return lines

    def _copied(self, text: str, group: tuple[int, ...]) -> list[str]:
        if len(group) == 1 or group[0] == group[1] or self.pairs.together(*group):
            return [f"copyto({text}, {self._texts(group)})"]
        return [f"copyto({self._row(text, row)}, {self._text(index)})" for row, index in enumerate(group)]
