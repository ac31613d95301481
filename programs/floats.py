"""Programs as functions of plain floats: several times faster for one point than arrays of one entry.

The text of a function is printed from the table of operations; nothing of a program itself is text. Where floats refuse
what IEEE arithmetic allows, such as a division by zero, the function raises one of REFUSALS.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from programs.operations import OPERATIONS
from programs.program import CONSTANT, Program

REFUSALS = (ArithmeticError, ValueError)
# Python's compiler takes only so many parentheses inside one another.
MOST_NESTED = 20
NAMESPACE = {
    **{name: operation.on_arrays for name, operation in OPERATIONS.items()},
    "sqrt": math.sqrt,
    "frexp": math.frexp,
    "ldexp": math.ldexp,
    "inf": math.inf,
    "nan": math.nan,
}


def constant_text(number: float) -> str:
    """A number as it is written in Python."""
    return f"({number!r})" if math.copysign(1.0, number) < 0 else repr(number)


def expression(operation: str, operands: Sequence[str]) -> str:
    """An operation over the texts of its operands."""
    template = OPERATIONS[operation].on_floats
    if template:
        return f"({template.format(*operands)})"
    # As `function_of_floats`, without its call.
    return f"float({operation}({', '.join(operands)}))"


class FloatLines:
    """The lines that compute values of a program one after another, in sections that may stand in different places.

    texts: what values are called that are there already, such as inputs; every line adds its own. A value that only
    one other value of its section needs stands inside that one.
    """

    def __init__(self, program: Program, outputs: Iterable[int], texts: Mapping[int, str]):
        self.program, self.texts = program, dict(texts)
        self.outputs = set(outputs)
        self.needed = program.needed_for(self.outputs)
        self._users = Counter(operand for index in self.needed for operand in program.operands(index))
        self._depth: dict[int, int] = {}

    def section(self, indices: Iterable[int]) -> list[str]:
        """The lines for these values, as far as they are needed."""
        section = [index for index in sorted(indices) if index in self.needed and index not in self.texts]
        inside = self._written_inside(section)
        lines = []
        for index in section:
            operation, operands = self.program.values[index]
            if operation == CONSTANT:
                self.texts[index] = constant_text(*operands)
                continue
            text = expression(operation, [self.texts[operand] for operand in operands])
            if index not in inside:
                lines.append(f"v{index} = {text}")
                text = f"v{index}"
            self.texts[index] = text
        return lines

    def _written_inside(self, section: Sequence[int]) -> set[int]:
        inside, depth = set(), dict.fromkeys(section, 0)
        for user in section:
            operation = self.program.values[user].operation
            template = OPERATIONS[operation].on_floats if operation in OPERATIONS else ""
            for place, operand in enumerate(self.program.operands(user)):
                if (
                    operand in depth
                    and self.program.operands(operand)
                    and operand not in self.outputs
                    and self._users[operand] == 1
                    and template.count(f"{{{place}}}") < 2
                    and depth[operand] < MOST_NESTED
                ):
                    inside.add(operand)
                    depth[user] = max(depth[user], depth[operand] + 1)
        return inside


def compiled(name: str, arguments: Iterable[str], lines: Iterable[str], namespace: Mapping) -> Callable:
    """The function of this name with these lines."""
    scope = dict(namespace)
    source = "\n".join([f"def {name}({', '.join(arguments)}):", *(f"    {line}" for line in lines)])
    exec(compile(source, "<formula>", "exec"), scope)
    return scope[name]


def function_of_floats(program: Program, inputs: Sequence[str], outputs: Sequence[str]) -> Callable[..., list[float]]:
    """Some outputs as a function from one float for each of these inputs to a list of floats; it may raise REFUSALS."""
    names = {program.inputs[name]: f"x{place}" for place, name in enumerate(inputs) if name in program.inputs}
    wanted = [program.outputs[name] for name in outputs]
    printer = FloatLines(program, wanted, names)
    lines = printer.section(range(len(program.values)))
    result = ", ".join(printer.texts[index] for index in wanted)
    arguments = [f"x{place}" for place in range(len(inputs))]
    return compiled("of_floats", arguments, [*lines, f"return [{result}]"], NAMESPACE)
