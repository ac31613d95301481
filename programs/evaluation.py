"""A program evaluated wherever it is asked: at one point by plain floats, at many by numpy, with the same digits."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from programs.arrays import function_of_arrays
from programs.floats import REFUSALS, function_of_floats
from programs.operations import OPERATIONS
from programs.program import Program


class Evaluation:
    """Some outputs of a program as functions of its inputs, in the order that is given.

    Both functions return a list with one value for each output. Where there is no finite value, it is inf or nan,
    without a warning. The value of a constant is a number, which the caller broadcasts.
    """

    def __init__(self, program: Program, inputs: Sequence[str], outputs: Sequence[str]):
        self.program, self.inputs, self.outputs = program, tuple(inputs), tuple(outputs)
        self._of_arrays = {}

    @cached_property
    def _of_floats(self):
        return function_of_floats(self.program, self.inputs, self.outputs)

    @cached_property
    def _may_warn(self) -> bool:
        """Sums and products of floats never warn; only numpy's functions do."""
        needed = self.program.needed_for(self.program.outputs[name] for name in self.outputs)
        operations = {self.program.values[index].operation for index in needed} & OPERATIONS.keys()
        return any(not OPERATIONS[operation].on_floats for operation in operations)

    def at_point(self, *numbers: float) -> list[float]:
        """The values at one point."""
        try:
            if not self._may_warn:
                return self._of_floats(*numbers)
            with np.errstate(all="ignore"):
                return self._of_floats(*numbers)
        except REFUSALS:
            return [float(np.reshape(value, ())) for value in self.on_batch(*(np.array([x]) for x in numbers))]

    def on_batch(self, *arrays: np.ndarray) -> list[np.ndarray]:
        """The values at many points, each an array of the shape to which the arrays are broadcast, or a number."""
        # Of what lies in memory backwards, some of numpy's functions have other last digits.
        arrays = [np.asarray(array, order="C") for array in arrays]
        numbers = {(): 0}
        groups = tuple([numbers.setdefault(array.shape, len(numbers)) for array in arrays])
        if groups not in self._of_arrays:
            self._of_arrays[groups] = function_of_arrays(self.program, self.inputs, self.outputs, groups)
        with np.errstate(all="ignore"):
            return self._of_arrays[groups](*arrays)

    def only(self, *places: int) -> "Evaluation":
        """The same, with some of the outputs only; their values are the same to the last bit."""
        return Evaluation(self.program, self.inputs, [self.outputs[place] for place in places])
