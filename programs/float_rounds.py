"""Recurrences of plain floats: one row of numbers recorded in every round."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from programs.floats import NAMESPACE, REFUSALS, FloatLines, compiled
from programs.recurrence import Question, Recurrence


class FloatRounds:
    """A recurrence for single numbers.

    recorded: the outputs that are recorded in each round, beside what is carried into it. finite: the outputs that
    have to be finite numbers, or the rounds end before that one.
    """

    def __init__(self, recurrence: Recurrence, recorded: Sequence[str], finite: Sequence[str] = ()):
        self.recurrence, self.recorded = recurrence, tuple(recorded)
        self.columns = (*recurrence.carried, *recorded)
        self._row = struct.Struct(f"{len(self.columns)}d")
        self._rounds = self._compiled(finite)

    def __call__(
        self,
        rounds: int,
        carried: Mapping[str, float],
        fixed: Mapping[str, float],
        streams: Mapping[str, Sequence[float]],
        asked: Mapping[str, Callable] | None = None,
    ) -> np.ndarray:
        """The rows of so many rounds, shape (n, columns).

        They are fewer where a round divides by zero, or where something is not finite that has to be. carried: what the
        first round is given. streams: one number for each round. asked: who answers each question, with a tuple.
        """
        rows = np.empty((rounds, len(self.columns)))
        done = self._rounds(
            rows,
            self._row.pack_into,
            _by_round([streams[name] for name in self.recurrence.streamed], rounds),
            *(asked[question.name] for question in self.recurrence.questions),
            *(float(carried[name]) for name in self.recurrence.carried),
            *(float(fixed[name]) for name in self.recurrence.fixed),
        )
        return rows[:done]

    def _compiled(self, finite: Sequence[str]) -> Callable:
        recurrence, outputs = self.recurrence, self.recurrence.program.outputs
        inputs = recurrence.program.inputs
        shown = [name for question in recurrence.questions for group in question.arguments for name in group]
        wanted = [*recurrence.carried.values(), *self.recorded, *finite]
        printer = FloatLines(
            recurrence.program,
            [outputs[name] for name in (*wanted, *shown)],
            {index: f"x_{name}" for name, index in inputs.items()},
        )
        before = printer.section(recurrence.hoisted)
        done = recurrence.hoisted | {
            inputs[name] for name in (*recurrence.carried, *recurrence.streamed) if name in inputs
        }
        inside = self._lines(printer, recurrence.steps(finite, done))
        inside += [f"if {text} - {text} != 0.0: break" for text in (printer.texts[outputs[name]] for name in finite)]
        inside += self._lines(printer, recurrence.steps(wanted, done))
        carried = [f"x_{name}" for name in recurrence.carried]
        recorded = [printer.texts[outputs[name]] for name in self.recorded]
        following = [printer.texts[outputs[name]] for name in recurrence.carried.values()]
        inside += [
            f"pack(rows, offset, {', '.join([*carried, *recorded])})",
            f"offset += {self._row.size}",
            *([f"{', '.join(carried)}, = {', '.join(following)},"] if carried else []),
        ]
        lines = [
            "offset = 0",
            "try:",
            *(f"    {line}" for line in before),
            f"    for {''.join(f'x_{name}, ' for name in recurrence.streamed) or '_'} in streams:",
            *(f"        {line}" for line in inside),
            "except REFUSALS:",
            "    pass",
            f"return offset // {self._row.size}",
        ]
        arguments = [
            *("rows", "pack", "streams", *(f"ask_{question.name}" for question in recurrence.questions)),
            *(*carried, *(f"x_{name}" for name in recurrence.fixed)),
        ]
        return compiled("rounds", arguments, lines, {**NAMESPACE, "REFUSALS": REFUSALS})

    def _lines(self, printer: FloatLines, steps) -> list[str]:
        lines, section = [], []
        for step in steps:
            if not isinstance(step, Question):
                section.append(step)
                continue
            lines += printer.section(section)
            section = []
            outputs = self.recurrence.program.outputs
            shown = [printer.texts[outputs[name]] for group in step.arguments for name in group]
            lines.append(f"{', '.join(f'x_{name}' for name in step.answered)}, = ask_{step.name}({', '.join(shown)})")
        return lines + printer.section(section)


def _by_round(streams: Sequence[Sequence[float]], rounds: int) -> Iterable:
    """What every round is given: a tuple with a number of each stream."""
    return zip(*(stream[:rounds] for stream in streams), strict=True) if streams else range(rounds)
