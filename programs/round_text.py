"""A recurrence for many rows printed as a function: calls of numpy for arrays, plain floats for what all rows share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from programs.floats import NAMESPACE as FLOATS
from programs.floats import REFUSALS, compiled
from programs.operations import OPERATIONS
from programs.pairs import Pair
from programs.quantities import Quantities
from programs.recurrence import Question
from programs.registers import Registers, aligned, surely_finite
from programs.round_order import AFTER, BEFORE, HOISTED, RoundOrder
from programs.uniform import IEEE, UniformLines

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


def _divided(numerator, divisor, otherwise, out: np.ndarray) -> None:
    """The operation `quotient` for an `out` that is neither the divisor nor `otherwise`."""
    np.divide(numerator, divisor, out)
    if not surely_finite(out):
        np.copyto(out, otherwise, where=np.equal(divisor, 0.0))


_NAMESPACE = {
    **FLOATS,
    **IEEE,
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


class RoundText:
    """The text of the function that makes the rounds of these quantities."""

    def __init__(self, quantities: Quantities):
        self.quantities, self.order = quantities, RoundOrder(quantities)
        self.program, self.pairs = self.order.program, self.order.pairs
        self.registers, self.unpacked = Registers(), set()
        self.uniform = UniformLines(quantities.recurrence)
        self.texts = self._texts_of_inputs()
        self.targets = self._targets()

    def function(self) -> Callable:
        """The function: a generator."""
        hoisted, before, after = (self._section(name) for name in (HOISTED, BEFORE, AFTER))
        quantities, handing_on = self.quantities, list(self._handing_on())
        once, each = self.uniform.lines()
        shown = [f"x_{name}" for name in quantities.carried] + [f"o_{name}" for name in quantities.before]
        streamed = "".join(f"x_{name}, " for name in quantities.streamed)
        inside = [
            *each,
            *(_Unpacking(f"x_{name}") for name in (*quantities.carried, *quantities.streamed)),
            *self._next(BEFORE),
            *before,
            f"yield ({''.join(f'{name}, ' for name in shown)})",
            *self._next(AFTER),
            *after,
            *handing_on,
        ]
        lines = [
            *once,
            *self._making_registers(),
            *(_Unpacking(f"x_{name}") for name in quantities.fixed),
            *hoisted,
            f"for {streamed or '_'} in streams:",
        ]
        lines = [*self._printed(lines), *(f"    {line}" for line in self._printed(inside))]
        arguments = [
            *("count", "streams", *(f"next_{name}" for name in quantities.recorded)),
            *(f"ask_{question.name}" for question in quantities.recurrence.questions),
            *(f"x_{name}" for name in (*quantities.carried, *quantities.fixed)),
        ]
        return compiled("rounds", arguments, lines, _NAMESPACE)

    def _texts_of_inputs(self) -> dict[int | Pair, str]:
        inputs, quantities = self.order.inputs, self.quantities
        return {
            self.pairs.array(
                inputs[quantities.numbers(name)[0]] if quantities.is_array(name) else inputs[name]
            ): f"x_{name}"
            for name in (*quantities.carried, *quantities.fixed, *quantities.streamed)
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
        quantities, outputs = self.quantities, self.program.outputs
        following = [
            self.uniform.as_float(*(outputs[name] for name in quantities.following(carried)))
            if carried in quantities.uniform
            else f"n_{carried}"
            for carried in quantities.carried
        ]
        if following:
            yield f"{', '.join(f'x_{name}' for name in quantities.carried)}, = {', '.join(following)},"

    def _printed(self, lines: Iterable[str | _Unpacking]) -> Iterator[str]:
        for line in lines:
            if not isinstance(line, _Unpacking):
                yield line
            elif line.array in self.unpacked:
                yield f"{line.array}_1, {line.array}_2 = {line.array}[0], {line.array}[1]"

    def _section(self, section: str) -> list[str | _Unpacking]:
        lines = []
        for node in self.order.nodes[section]:
            lines += self._asking(node) if isinstance(node, Question) else self._computing(node)
        if section != HOISTED:
            lines += self._copies(section)
        return lines

    def _text(self, index: int) -> str:
        """What a value is called beside arrays."""
        if index not in self.quantities.varying:
            return self.uniform.beside_arrays(index)
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
        if operation == "where" and condition not in self.quantities.varying:
            return self._choosing(node, condition, choices)
        call = f"array_{operation}({', '.join(map(self._texts, operands))}"
        # What it reads for the last time, it may write over.
        if operation != "quotient":
            self._free(node)
        if OPERATIONS[operation].writes_in_place:
            lines = [f"{call}, {self._out(node)})"]
        elif self._has_place(node):
            lines = [f"copyto({self._out(node)}, {call}))"]
        else:
            text = self.texts[self.pairs.array(node[0])] = f"v{node[0]}"
            lines = [f"{text} = {call})", _Unpacking(text)]
        if operation == "quotient":
            self._free(node)
        return lines

    def _choosing(self, node: tuple[int, ...], condition: int, choices: list[tuple]) -> list[str]:
        yes, no = map(self._texts, choices)
        self._free(node)
        out, condition = self._out(node), self.uniform.as_float(condition)
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
            if len(group) == 1 and group[0] not in self.quantities.varying:
                arguments.append(self.uniform.as_float(group[0]))
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
