"""Programs written as numpy: a function of arrays, called with quantities, writes down the operations that it does."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from programs.operations import OPERATIONS
from programs.program import CONSTANT, Builder, Program

# Of higher powers, numpy's own is faster than products.
LARGEST_MULTIPLIED_POWER = 16
_LOGICAL = {"bitwise_and": "logical_and", "bitwise_or": "logical_or", "invert": "logical_not"}


class Quantity(NDArrayOperatorsMixin):
    """A number, a vector or a matrix of values in a program under construction.

    numpy's operators and ufuncs, `np.where` and `np.stack` work on it as on an array of its shape: (), (2,) or (2, 2).
    Each entry becomes values of its own; a number is broadcast to a vector or a matrix.
    """

    def __init__(self, builder: Builder, indices):
        self.builder, self.indices = builder, np.asarray(indices)

    @property
    def shape(self) -> tuple[int, ...]:
        """() of a number, (2,) of a vector, (2, 2) of a matrix."""
        return self.indices.shape

    def __getitem__(self, key) -> "Quantity":
        return Quantity(self.builder, self.indices[key])

    def __len__(self) -> int:
        return len(self.indices)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if method != "__call__" or options:
            return NotImplemented
        name = _LOGICAL.get(ufunc.__name__, ufunc.__name__)
        if name == "frexp":
            exponent = self.applied("exponent", *inputs)
            return self.applied("scaled", inputs[0], -exponent), exponent
        return self.applied({"ldexp": "scaled"}.get(name, name), *inputs)

    def __array_function__(self, function: Callable, types, arguments, options):
        if function is np.where:
            return self.applied("where", *arguments)
        if function is np.stack and not options:
            (parts,) = arguments
            return Quantity(self.builder, np.stack([self._indices_of(part) for part in parts]))
        return NotImplemented

    def applied(self, name: str, *operands) -> "Quantity":
        """The result of an operation, entry by entry."""
        indices = np.broadcast_arrays(*map(self._indices_of, operands))
        results = [
            self._power(*entries) if name == "power" else self.builder.operation(name, *entries)
            for entries in zip(*(part.ravel().tolist() for part in indices), strict=True)
        ]
        return Quantity(self.builder, np.reshape(results, indices[0].shape))

    def _power(self, base: int, exponent: int) -> int:
        operation, operands = self.builder.values[exponent]
        product = _multiplied(Quantity(self.builder, base), *operands) if operation == CONSTANT else None
        return self.builder.operation("power", base, exponent) if product is None else int(product.indices)

    def _indices_of(self, operand) -> np.ndarray:
        if isinstance(operand, Quantity):
            return operand.indices
        numbers = np.asarray(operand, dtype=float)
        return np.reshape([self.builder.constant(number) for number in numbers.flat], numbers.shape).astype(int)


def _multiplied(base, exponent: float):
    """A power as products or roots; None where that takes too many.

    numpy's power is slow, and rounds differently on single numbers than on arrays.
    """
    if abs(exponent) == 0.5:
        result = np.sqrt(base)
    elif 0 < abs(exponent) <= LARGEST_MULTIPLIED_POWER and float(exponent).is_integer():
        result = _product(base, abs(int(exponent)))
    else:
        return None
    return result if exponent > 0 else np.divide(1.0, result)


def _product(base, exponent: int):
    if exponent == 1:
        return base
    if exponent % 2:
        return np.multiply(_product(base, exponent - 1), base)
    return np.square(_product(base, exponent // 2))


def applied(name: str, *operands):
    """An operation of the table on quantities, or on arrays where there is no quantity among the operands."""
    for operand in operands:
        if isinstance(operand, Quantity):
            return operand.applied(name, *operands)
    if name == "power" and isinstance(operands[1], (int, float)):
        product = _multiplied(*operands)
        if product is not None:
            return product
    return OPERATIONS[name].on_arrays(*operands)


@cache
def component_names(name: str, shape: tuple[int, ...]) -> tuple[str, ...]:
    """The names of the entries of a quantity: theta1 and theta2, hessian11 and so on; its own where it is a number."""
    return tuple(name + "".join(str(place + 1) for place in index) for index in np.ndindex(shape))


@cache
def components_of(name: str, shape: tuple[int, ...]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The name and the index of every entry of a quantity."""
    return tuple(zip(component_names(name, shape), np.ndindex(shape), strict=True))


def quantity(builder: Builder, name: str, shape: tuple[int, ...] = ()) -> Quantity:
    """An input, of which every entry is an input of the program."""
    indices = [builder.input(component) for component in component_names(name, shape)]
    return Quantity(builder, np.reshape(indices, shape))


def outputs_of(quantities: Iterable[tuple[str, Quantity]]) -> dict[str, int]:
    """The outputs of a program that these quantities are, every entry by its name."""
    return {
        component: int(index)
        for name, result in quantities
        for component, index in zip(component_names(name, result.shape), result.indices.ravel(), strict=True)
    }


def program_of(function: Callable[..., Mapping[str, "Quantity | float"]], *inputs: str) -> Program:
    """The program of a function of numbers, which returns its outputs by name.

    inputs: the names of the numbers that the function is called with, in order. Raises ValueError where a name has
    other signs than letters, digits and underscores.
    """
    builder = Builder()
    results = function(*(quantity(builder, name) for name in inputs))
    outputs = {
        name: int(result.indices) if isinstance(result, Quantity) else builder.constant(result)
        for name, result in results.items()
    }
    return builder.program(outputs)
