"""What is the same for all rows of a recurrence: plain floats, and 0-d arrays where they meet arrays."""

from collections.abc import Sequence

from programs.floats import FloatLines, constant_text
from programs.operations import OPERATIONS
from programs.program import CONSTANT, INPUT
from programs.recurrence import Recurrence

# What floats refuse is done by these.
IEEE = {f"ieee_{name}": operation.function_of_floats for name, operation in OPERATIONS.items()}


class UniformLines:
    """The lines that compute the uniform values of a recurrence that somebody has asked for."""

    def __init__(self, recurrence: Recurrence):
        self.recurrence, self.program = recurrence, recurrence.program
        self._floats: set[int] = set()
        self._beside_arrays: set[int] = set()

    def as_float(self, index: int) -> str:
        """What a value is called as a float."""
        self._floats.add(index)
        return self._text(index)

    def beside_arrays(self, index: int) -> str:
        """What a value is called where it meets arrays: numpy takes half the time that a float costs it."""
        self._beside_arrays.add(index)
        return f"u{index}"

    def lines(self) -> tuple[list[str], list[str]]:
        """The lines before all rounds, and those at the beginning of each."""
        printer = FloatLines(
            self.program,
            self._beside_arrays | self._floats,
            {index: f"x_{name}" for name, index in self.program.inputs.items()},
        )
        hoisted = self.recurrence.hoisted
        once = self._guarded(printer, sorted(hoisted))
        each = self._guarded(printer, sorted(set(range(len(self.program.values))) - hoisted))
        for index in sorted(self._beside_arrays):
            if index in hoisted:
                once.append(f"u{index} = array({self._text(index)}, float)")
            else:
                once.append(f"u{index} = array(0.0)")
                each.append(f"u{index}[()] = {self._text(index)}")
        return once, each

    def _text(self, index: int) -> str:
        operation, operands = self.program.values[index]
        if operation == CONSTANT:
            return constant_text(*operands)
        return f"x_{operands[0]}" if operation == INPUT else f"v{index}"

    def _guarded(self, printer: FloatLines, indices: Sequence[int]) -> list[str]:
        """The lines for these values; where floats refuse, they are done once more as IEEE arithmetic does them."""
        lines = printer.section(indices)
        if not lines:
            return []
        others = []
        for index in indices:
            if index in printer.needed and self.program.operands(index):
                operands = ", ".join(self._text(operand) for operand in self.program.operands(index))
                others.append(f"v{index} = ieee_{self.program.values[index].operation}({operands})")
        return ["try:", *(f"    {line}" for line in lines), "except REFUSALS:", *(f"    {line}" for line in others)]
