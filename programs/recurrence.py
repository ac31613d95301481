"""A program done again and again: what it returns is what it is given in the next round."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from programs.program import Program


@dataclass(frozen=True)
class Question:
    """Inputs that somebody else answers in the middle of a round, from what the program knows by then.

    name: whom to ask. arguments: the outputs that are shown, each a group of one name or of the two of a vector.
    answers: the inputs that are answered, in groups likewise.
    """

    name: str
    arguments: tuple[tuple[str, ...], ...]
    answers: tuple[tuple[str, ...], ...]

    @cached_property
    def answered(self) -> tuple[str, ...]:
        """The names of all inputs that are answered."""
        return tuple(name for group in self.answers for name in group)


@dataclass(frozen=True, eq=False)
class Recurrence:
    """A program in rounds.

    carried: for each input that changes from round to round by the program's own doing, the output that it becomes.
    streamed: the inputs with a number of their own for every round, known before. questions: what is asked in every
    round. All other inputs are fixed.
    """

    program: Program
    carried: Mapping[str, str]
    streamed: tuple[str, ...] = ()
    questions: tuple[Question, ...] = field(default=())

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """The inputs that stay the same."""
        changing = {*self.carried, *self.streamed, *(name for each in self.questions for name in each.answered)}
        return tuple(name for name in self.program.inputs if name not in changing)

    @cached_property
    def hoisted(self) -> set[int]:
        """The values that are the same in every round."""
        return set(range(len(self.program.values))) - self.program.depending_on(
            self.program.inputs.keys() - {*self.fixed}
        )

    def steps(self, outputs: Iterable[str], done: set[int]) -> Iterator[int | Question]:
        """What has to be done for these outputs beyond what is done, in an order that serves: values and questions.

        done: grows by what comes out here. Inputs that are not answered count as done; constants come out.
        """
        questions = {
            self.program.inputs[name]: question
            for question in self.questions
            for name in question.answered
            if name in self.program.inputs
        }
        wanted = sorted(self.program.needed_for(self._indices(outputs, questions)))
        for index in wanted:
            yield from self._step(index, questions, done)

    def _indices(self, outputs: Iterable[str], questions: Mapping[int, Question]) -> Sequence[int]:
        """The outputs, and what has to be shown for the answers that they need."""
        indices = {self.program.outputs[name] for name in outputs}
        while True:
            asked = {questions[index] for index in self.program.needed_for(indices) if index in questions}
            shown = {self.program.outputs[name] for each in asked for group in each.arguments for name in group}
            if shown <= indices:
                return sorted(indices)
            indices |= shown

    def _step(self, index: int, questions: Mapping[int, Question], done: set[int]) -> Iterator[int | Question]:
        if index in done:
            return
        if index in questions:
            question = questions[index]
            for name in (name for group in question.arguments for name in group):
                yield from self._step(self.program.outputs[name], questions, done)
            done.update(self.program.inputs[name] for name in question.answered if name in self.program.inputs)
            yield question
            return
        for operand in self.program.operands(index):
            yield from self._step(operand, questions, done)
        done.add(index)
        yield index
