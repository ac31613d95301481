"""The order in which a recurrence for many rows is done, and which of its values share an array."""

from collections.abc import Iterable, Iterator, Sequence

from programs.pairs import Pair, Pairs
from programs.quantities import Quantities
from programs.recurrence import Question

HOISTED, BEFORE, AFTER = "hoisted", "before", "after"


class RoundOrder:
    """What is done when: values and questions in the order of their doing, and how long arrays are needed.

    sections: once before all rounds, in each before the moment at which it is shown, and in each after it.
    """

    def __init__(self, quantities: Quantities):
        self.quantities, self.recurrence = quantities, quantities.recurrence
        self.program = self.recurrence.program
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
        outputs, quantities = self.program.outputs, self.quantities
        recorded = quantities.before if section == BEFORE else quantities.after
        named = {f"o_{name}": quantities.numbers(name) for name in recorded}
        if section == AFTER:
            named |= {
                f"n_{name}": quantities.following(name) for name in quantities.carried if name not in quantities.uniform
            }
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
        return {self.pairs.array(index) for index in read if index in self.quantities.varying}

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
            *self.quantities.components((*self.quantities.fixed, *self.quantities.streamed)),
            *answers,
        ]
        missing = [name for name in names if name not in self.program.inputs]
        return {**self.program.inputs, **{name: -1 - place for place, name in enumerate(missing)}}

    def _steps(self) -> list[tuple[str, list[int | Question]]]:
        quantities, recurrence = self.quantities, self.recurrence
        done = recurrence.hoisted | {self.inputs[name] for name in (*recurrence.carried, *recurrence.streamed)}
        after = [*quantities.components(quantities.after), *recurrence.carried.values()]
        wanted = {BEFORE: quantities.components(quantities.before), AFTER: after}
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
            if isinstance(step, Question) or (step in self.quantities.varying and self.program.operands(step))
        ]

    def _pairs(self) -> Pairs:
        pairs, quantities, recurrence = Pairs(self.program), self.quantities, self.recurrence
        answers = [group for question in recurrence.questions for group in question.answers]
        given = [quantities.numbers(name) for name in (*quantities.carried, *quantities.fixed, *quantities.streamed)]
        for names in (*given, *answers):
            if len(names) == 2:
                pairs.keep(*(self.inputs[name] for name in names))
        for group in self._groups_of_outputs():
            if len(group) == 2 and self._stand_in_one_section(group):
                pairs.keep(*group)
        for steps in self.sections.values():
            values = [step for step in steps if not isinstance(step, Question)]
            pairs.join(values, lambda index: index not in quantities.varying)
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
        for names in map(self.quantities.numbers, self.quantities.vectors):
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
