"""A program done again and again: what it returns is what it is given in the next round."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from programs.program import Program, check_name


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

    Raises ValueError where a name has other signs than letters, digits and underscores.
    """

    program: Program
    carried: Mapping[str, str]
    streamed: tuple[str, ...] = ()
    questions: tuple[Question, ...] = field(default=())

    def __post_init__(self):
        answered = (name for question in self.questions for name in (question.name, *question.answered))
        for name in (*self.carried, *self.streamed, *answered):
            check_name(name)

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

        done: grows by what comes out here. Inputs that are not answered count as done; constants come out. Raises
        ValueError where a question shows what depends on its own answer.
        """
        yield from self._steps(outputs, done, ())

    def _steps(self, outputs: Iterable[str], done: set[int], waiting: tuple[Question, ...]) -> Iterator[int | Question]:
        for index in sorted(self.program.needed_for(self.program.outputs[name] for name in outputs)):
            if index in done:
                continue
            if index not in self._questions:
                done.add(index)
                yield index
                continue
            question = self._questions[index]
            if question in waiting:
                raise ValueError(f"What is shown with the question {question.name} depends on its own answer.")
            shown = [name for group in question.arguments for name in group]
            yield from self._steps(shown, done, (*waiting, question))
            done.update(self.program.inputs[name] for name in question.answered if name in self.program.inputs)
            yield question

    @cached_property
    def _questions(self) -> dict[int, Question]:
        """The question that is asked for each input that is answered."""
        inputs = self.program.inputs
        return {inputs[name]: each for each in self.questions for name in each.answered if name in inputs}
