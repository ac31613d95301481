"""Programs as functions of arrays: every value a call of numpy, results in memory that is free again."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from programs.floats import compiled
from programs.operations import OPERATIONS
from programs.program import CONSTANT, Program

NAMESPACE = {name: operation.on_arrays for name, operation in OPERATIONS.items()}


def last_uses(program: Program, order: Sequence[int], kept: Iterable[int]) -> dict[int, int]:
    """The value whose computation needs each value last; none for those that are kept."""
    last = {operand: index for index in order for operand in program.operands(index)}
    return {operand: index for operand, index in last.items() if operand not in set(kept)}


def function_of_arrays(
    program: Program, inputs: Sequence[str], outputs: Sequence[str], groups: Sequence[int]
) -> Callable[..., list[np.ndarray]]:
    """Some outputs as a function from one array for each of these inputs to a list of arrays.

    groups: a number for each input; inputs with the same one have the same shape, those with 0 are single numbers.
    The result of an operation has the shape to which its operands are broadcast. An output that is constant is a 0-d
    array, one that is an input is that array itself.
    """
    names = {program.inputs[name]: place for place, name in enumerate(inputs) if name in program.inputs}
    wanted = [program.outputs[name] for name in outputs]
    order = sorted(program.needed_for(wanted))
    last, free, owned = last_uses(program, order, wanted), defaultdict(list), {}
    texts, shapes, constants, lines = {}, {}, {}, []
    for index in order:
        operation, operands = program.values[index]
        if index in names:
            texts[index] = f"x{names[index]}"
            shapes[index] = frozenset({groups[names[index]]} - {0})
            continue
        if operation == CONSTANT:
            # numpy multiplies an array by a 0-d array in half the time that a Python number takes.
            texts[index], shapes[index] = f"c{index}", frozenset()
            constants[f"c{index}"] = np.array(*operands)
            continue
        kind = OPERATIONS[operation]
        shapes[index] = frozenset().union(*(shapes[operand] for operand in operands))
        memory = free[shapes[index], kind.is_truth]
        arguments = [texts[operand] for operand in operands]
        for operand in set(operands):
            if last.get(operand) == index and operand in owned:
                free[owned[operand]].append(texts[operand])
        if kind.writes_in_place and memory:
            texts[index] = memory.pop()
            lines.append(f"{operation}({', '.join(arguments)}, {texts[index]})")
        else:
            texts[index] = f"r{index}"
            lines.append(f"r{index} = {operation}({', '.join(arguments)})")
        if shapes[index]:
            owned[index] = (shapes[index], kind.is_truth)
    lines.append(f"return [{', '.join(texts[index] for index in wanted)}]")
    arguments = [f"x{place}" for place in range(len(inputs))]
    return compiled("of_arrays", arguments, lines, {**NAMESPACE, **constants})
