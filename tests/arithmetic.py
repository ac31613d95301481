"""Awkward numbers, and random programs over them."""

import itertools

import numpy as np
from hypothesis import strategies as st

from programs.operations import OPERATIONS
from programs.program import Builder, Program, Value

NUMBERS = [
    *(0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -3.0, 0.1, 0.7, np.inf, -np.inf, np.nan, 1e308, -1e308, 1e160),
    *(5e-324, -5e-324, 1e-200, -1e-8, 710.0, -745.2, 1100.0, 2.0**33),
]
WHOLES = [0.0, -0.0, 1.0, -1.0, 52.0, 1024.0, -1074.0, 2200.0, -2200.0]
INPUTS = ("a", "b", "c")


def operands_of(name: str) -> list[tuple]:
    """Every combination of awkward operands that an operation may meet."""
    known = OPERATIONS[name]
    kinds = [[False, True]] * known.truths + [NUMBERS] * (known.operands - known.truths)
    if known.has_order:
        kinds[0] = [3.0]
    if name == "scaled":
        kinds[1] = WHOLES
    return list(itertools.product(*kinds))


# Each line: an operation, which of the values so far are its operands, and a number that may stand for one of them.
lines = st.lists(
    st.tuples(
        st.sampled_from([name for name in OPERATIONS if name not in ("spherical", "scaled")]),
        st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
        st.one_of(st.none(), st.sampled_from(NUMBERS), st.floats(-4, 4)),
    ),
    min_size=1,
    max_size=14,
)
points = st.tuples(*[st.one_of(st.sampled_from(NUMBERS), st.floats(-4, 4))] * len(INPUTS))


def built(drawn: list[tuple]) -> Program:
    """The program of such lines, whose outputs o0, o1, ... are their results."""
    builder = Builder()
    numbers, truths = [builder.input(name) for name in INPUTS], []
    results = []
    for name, places, number in drawn:
        known = OPERATIONS[name]
        operands = []
        for place, choice in zip(range(known.operands), places, strict=False):
            if place < known.truths and not truths:
                truths.append(builder.operation("greater", numbers[choice % 3], numbers[0]))
            choices = truths if place < known.truths else numbers
            operands.append(choices[choice % len(choices)])
        if number is not None and known.operands > max(known.truths, 1):
            operands[-1] = builder.constant(number)
        results.append(builder.operation(name, *operands))
        # A truth that is constant is folded to a number.
        if is_truth(builder.values[results[-1]]):
            truths.append(results[-1])
        elif not known.is_truth:
            numbers.append(results[-1])
    return builder.program({f"o{place}": index for place, index in enumerate(results)})


def is_truth(value: Value) -> bool:
    """Whether a value of a program is true or false, and no number."""
    return value.operation in OPERATIONS and OPERATIONS[value.operation].is_truth


def same_bits(ours, theirs) -> np.ndarray:
    """True where two numbers are equal to the last bit, the sign of zero included, or are both nan."""
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    return ((ours == theirs) & (np.signbit(ours) == np.signbit(theirs))) | (np.isnan(ours) & np.isnan(theirs))
