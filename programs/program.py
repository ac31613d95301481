"""A program: arithmetic as data, a straight line of operations with named inputs and outputs."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from programs.operations import HIGHEST_ORDER, OPERATIONS

INPUT, CONSTANT = "input", "constant"
# Data with more are refused.
MOST_VALUES = 100_000
# Of these, a + b and b + a are one value.
_COMMUTING = {"add", "multiply"}


class Value(NamedTuple):
    """One line of a program: an operation and the indices of its operands.

    For INPUT the only operand is its name, for CONSTANT its number.
    """

    operation: str
    operands: tuple


@dataclass(frozen=True)
class Program:
    """A straight line of operations over inputs, constants and earlier results.

    values: each an input, a constant or an operation on values that stand before it; no two are the same. outputs: the
    index of each result by name. It holds data only: names from the table of operations, numbers, and names of inputs
    and outputs, of letters, digits and underscores.

    Raises ValueError where a name has other signs.
    """

    values: tuple[Value, ...]
    outputs: Mapping[str, int]

    def __post_init__(self):
        for name in (*self.inputs, *self.outputs):
            check_name(name)

    @cached_property
    def inputs(self) -> dict[str, int]:
        """The index of each input by name."""
        return {value.operands[0]: index for index, value in enumerate(self.values) if value.operation == INPUT}

    def operands(self, index: int) -> tuple[int, ...]:
        """The indices of what a value is made of; none for an input or a constant."""
        value = self.values[index]
        return value.operands if value.operation in OPERATIONS else ()

    def needed_for(self, indices: Iterable[int]) -> set[int]:
        """These values and all that they are made of."""
        needed = set(indices)
        for index in range(max(needed, default=-1), -1, -1):
            if index in needed:
                needed.update(self.operands(index))
        return needed

    def depending_on(self, names: Iterable[str]) -> set[int]:
        """The values that change with any of these inputs."""
        depending = {self.inputs[name] for name in names if name in self.inputs}
        for index in range(len(self.values)):
            if not depending.isdisjoint(self.operands(index)):
                depending.add(index)
        return depending

    def only(self, *names: str) -> "Program":
        """The part that these outputs need; their values are the same to the last bit."""
        builder = Builder()
        indices = builder.include(self, {}, names)
        return builder.program({name: indices[name] for name in names})

    def data(self) -> dict:
        """The program as lists, texts and numbers for JSON, where inf and nan are texts."""
        values = [
            [operation, *(number_data(number) for number in operands)]
            if operation == CONSTANT
            else [operation, *operands]
            for operation, operands in self.values
        ]
        return {"values": values, "outputs": dict(self.outputs)}

    @classmethod
    def from_data(cls, data: Mapping) -> "Program":
        """The program of such data.

        Raises ValueError where the data hold anything else than operations of the table on values that stand before,
        or more than MOST_VALUES of them.
        """
        match data:
            case {"values": [*lines], "outputs": {**names}} if len(lines) <= MOST_VALUES:
                values: list[Value] = []
                for line in lines:
                    values.append(_value_of_data(values, line))
            case _:
                raise ValueError("A program has a list of values, not too long, and outputs by name.")
        if len({repr(value) for value in values}) < len(values):
            raise ValueError("A program has no value twice.")
        return cls(tuple(values), {name: _checked_index(index, len(values)) for name, index in names.items()})


def check_name(name: str) -> None:
    """Raises ValueError where a name has other signs than identifiers have, or is not in Python's normal form."""
    is_word = isinstance(name, str) and name != "" and f"_{name}".isidentifier()
    if not (is_word and unicodedata.normalize("NFKC", name) == name):
        raise ValueError(f"What goes into a program or out of it is named by letters, digits and _, not {name!r}.")


def number_data(number: float) -> float | str:
    """A number for JSON, which has no inf and no nan: these are texts."""
    return number if np.isfinite(number) else str(number)


def _value_of_data(before: Sequence[Value], line: list) -> Value:
    match line:
        case ["input", str(name)]:
            return Value(INPUT, (name,))
        case ["constant", ("inf" | "-inf" | "nan") as text]:
            return Value(CONSTANT, (float(text),))
        case ["constant", int() | float() as number] if not isinstance(number, bool):
            return Value(CONSTANT, (_float_of_data(number),))
        case [str(operation), *operands] if operation in OPERATIONS:
            operands = tuple(_checked_index(operand, len(before)) for operand in operands)
            _check_operands(before, operation, operands)
            if OPERATIONS[operation].has_order and not _is_order(before[operands[0]]):
                raise ValueError(f"{operation} has no order {before[operands[0]]!r}.")
            return Value(operation, operands)
    raise ValueError(f"Line {len(before)} of a program is no input, no constant and no operation: {line!r}.")


def _float_of_data(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        raise ValueError("A constant of a program is too large for a number.") from None


def _checked_index(index, end: int) -> int:
    if not (isinstance(index, int) and not isinstance(index, bool) and 0 <= index < end):
        raise ValueError(f"A program refers to value {index!r}, of which there are {end} at that place.")
    return index


def _check_operands(values: Sequence[Value], name: str, operands: Sequence[int]) -> None:
    """Raises ValueError where an operation does not go with these operands, or is not in the table."""
    operation = OPERATIONS.get(name)
    if operation is None or len(operands) != operation.operands:
        raise ValueError(f"There is no operation {name} of {len(operands)} operands.")
    for place, operand in enumerate(operands):
        if not (_may_be_truth(values[operand]) if place < operation.truths else not _is_truth(values[operand])):
            raise ValueError(f"{name} takes {operation.truths} truths, then numbers, but no {values[operand]!r}.")


def _is_truth(value: Value) -> bool:
    return value.operation in OPERATIONS and OPERATIONS[value.operation].is_truth


def _may_be_truth(value: Value) -> bool:
    # A truth that is constant is one of two numbers.
    return _is_truth(value) or (value.operation == CONSTANT and value.operands[0] in (0.0, 1.0))


def _is_order(value: Value) -> bool:
    return value.operation == CONSTANT and value.operands[0] in range(HIGHEST_ORDER + 1)


class Builder:
    """A program in the making: what is computed twice is one value, what is constant is computed at once."""

    def __init__(self):
        self.values: list[Value] = []
        self._indices: dict[tuple, int] = {}

    def input(self, name: str) -> int:
        """The index of an input; raises ValueError where its name has other signs than letters, digits and _."""
        check_name(name)
        return self._index(Value(INPUT, (name,)), (INPUT, name))

    def constant(self, number: float) -> int:
        """The index of a constant."""
        number = float(number)
        return self._index(Value(CONSTANT, (number,)), (CONSTANT, number.hex()))

    def operation(self, name: str, *operands: int) -> int:
        """The index of the result of an operation on values; raises ValueError where they do not fit it."""
        _check_operands(self.values, name, operands)
        if all(self.values[operand].operation == CONSTANT for operand in operands):
            numbers = [np.array([self.values[operand].operands[0]]) for operand in operands]
            with np.errstate(all="ignore"):
                result = OPERATIONS[name].on_arrays(*numbers)
            return self.constant(result[0])
        ordered = tuple(sorted(operands)) if name in _COMMUTING else operands
        return self._index(Value(name, operands), (name, *ordered))

    def _index(self, value: Value, key: tuple) -> int:
        if key not in self._indices:
            self._indices[key] = len(self.values)
            self.values.append(value)
        return self._indices[key]

    def include(
        self, program: Program, inputs: Mapping[str, int], names: Iterable[str] | None = None
    ) -> dict[str, int]:
        """Adds what some outputs of a program need, all where none are named, and returns their indices by name.

        inputs: the values that take the place of the program's inputs; the others stay inputs.
        """
        names = list(program.outputs if names is None else names)
        new: dict[int, int] = {}
        for index in sorted(program.needed_for(program.outputs[name] for name in names)):
            operation, operands = program.values[index]
            if operation == INPUT:
                (name,) = operands
                new[index] = inputs[name] if name in inputs else self.input(name)
            elif operation == CONSTANT:
                new[index] = self.constant(*operands)
            else:
                new[index] = self.operation(operation, *(new[operand] for operand in operands))
        return {name: new[program.outputs[name]] for name in names}

    def program(self, outputs: Mapping[str, int]) -> Program:
        """The finished program with these outputs."""
        return Program(tuple(self.values), dict(outputs))


def joined(*programs: Program) -> Program:
    """One program with the outputs of all of these; what they have in common is computed once."""
    builder = Builder()
    return builder.program({name: index for each in programs for name, index in builder.include(each, {}).items()})
