"""The numbers of a loss at points: its value, its derivatives, and how far rounding may put them off."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Protocol

import numpy as np

from programs.program import Builder, Program
from programs.tracing import Quantity, outputs_of, quantity
from surfaces.formula import Formula
from surfaces.onesided import one_sided_limits
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES

# The square of a smaller distance has lost its digits: so close to a point is at the point.
TINY = 1e-150

# The gradient that is declared at each of some points.
Subgradients = Mapping[tuple[float, float], tuple[float, float]]


class Function(Protocol):
    """Numbers that depend on theta1 and theta2, as of a `Compiled`."""

    def at_point(self, first: float, second: float) -> list[float]:
        """The numbers at one point."""

    def on_batch(self, first: np.ndarray, second: np.ndarray) -> list:
        """The numbers at many points, each an array of the batch's shape, or a number where it is constant."""


class Functions(Protocol):
    """What a loss is in numbers, with the derivatives as one list: (L1, L2) and (L11, L12, L22)."""

    value: Function
    gradient: Function
    value_and_gradient: Function
    hessian: Function
    rounding: Function
    program: Program | None
    hessian_program: Program | None


class Evaluator:
    """The functions of a loss at points of shape (2, *batch). Rows of a batch equal the same point alone.

    mends: whether derivatives that are not finite by the formula may be other numbers here than in the programs.
    """

    mends = False

    def __init__(self, functions: Functions):
        self.functions = functions

    @property
    def program(self) -> Program | None:
        """The loss and its gradient as a program, see `Surface.program`."""
        return self.functions.program

    @property
    def hessian_program(self) -> Program | None:
        """The same with the Hessian."""
        return self.functions.hessian_program

    def value(self, theta) -> np.ndarray:
        """The loss, shape (*batch,)."""
        theta = as_points(theta)
        if theta.ndim == 1:
            return np.float64(self.functions.value.at_point(*theta.tolist())[0])
        return _filled(self.functions.value.on_batch(*theta)[0], theta.shape[1:])

    def gradient(self, theta) -> np.ndarray:
        """The gradient, shape (2, *batch)."""
        theta = as_points(theta)
        result = np.empty(theta.shape)
        result[0], result[1] = _values(self.functions.gradient, theta)
        return result

    def value_and_gradient(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """Both together, the same to the last bit, in less time than one after the other."""
        theta = as_points(theta)
        gradient = np.empty(theta.shape)
        if theta.ndim == 1:
            value, gradient[0], gradient[1] = self.functions.value_and_gradient.at_point(*theta.tolist())
            return np.float64(value), gradient
        value, gradient[0], gradient[1] = self.functions.value_and_gradient.on_batch(*theta)
        return _filled(value, theta.shape[1:]), gradient

    def hessian(self, theta) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch), symmetric."""
        theta = as_points(theta)
        result = np.empty((2, *theta.shape))
        result[0, 0], result[0, 1], result[1, 1] = _values(self.functions.hessian, theta)
        result[1, 0] = result[0, 1]
        return result

    def rounding(self, theta) -> np.ndarray:
        """How far the loss may be off by rounding, shape (*batch,)."""
        theta = as_points(theta)
        # Below the smallest number with all its digits, digits are lost whatever the size.
        return _filled(np.asarray(_values(self.functions.rounding, theta)[0]) + np.finfo(float).tiny, theta.shape[1:])


class MendedEvaluator(Evaluator):
    """The functions of a loss with declared subgradients, and with one-sided limits where its derivatives are no
    numbers although it has a value.

    subgradients: {point: gradient}; the Hessian at these points is zero. size: of the picture, see `one_sided_limits`.
    """

    mends = True

    def __init__(self, formula: Formula, subgradients: Subgradients, size: float):
        super().__init__(formula)
        self._subgradients, self._size = subgradients, size

    @cached_property
    def program(self) -> Program:
        """The loss and its gradient as a program, see `Surface.program`."""
        return _with_subgradients(self.functions.program, self._subgradients)

    @cached_property
    def hessian_program(self) -> Program:
        """The same with the Hessian."""
        return _with_subgradients(self.functions.hessian_program, self._subgradients)

    def gradient(self, theta) -> np.ndarray:
        """The gradient, shape (2, *batch)."""
        theta = as_points(theta)
        return self._mended(super().gradient(theta), theta)

    def value_and_gradient(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """Both together, the same to the last bit, in less time than one after the other."""
        theta = as_points(theta)
        value, gradient = super().value_and_gradient(theta)
        return value, self._mended(gradient, theta)

    def _mended(self, gradient: np.ndarray, theta: np.ndarray) -> np.ndarray:
        for point, subgradient in self._subgradients.items():
            _fill(gradient, theta, point, np.array(subgradient))
        if not np.isfinite(gradient).all():
            for axis, slope in enumerate(self.functions.each_slope):
                self._set_limits(gradient[axis, ...], theta, _alone(slope), self.value, axis)
        return gradient

    def hessian(self, theta) -> np.ndarray:
        """The Hessian, shape (2, 2, *batch), symmetric."""
        theta = as_points(theta)
        result = super().hessian(theta)
        if not np.isfinite(result).all():
            for (row, column), curvature in zip(((0, 0), (0, 1), (1, 1)), self.functions.each_curvature, strict=True):
                slope = _alone(self.functions.each_slope[row])
                self._set_limits(result[row, column, ...], theta, _alone(curvature), slope, column)
            result[1, 0] = result[0, 1]
        for point in self._subgradients:
            _fill(result, theta, point, np.zeros((2, 2)))
        return result

    def _set_limits(self, derivative: np.ndarray, theta: np.ndarray, entry: Callable, of: Callable, axis: int) -> None:
        """Puts one-sided limits for what is not finite in a derivative (*batch,) along an axis, where the loss has a
        value.

        entry: the derivative as a function. of: what it is the derivative of.
        """
        points, row = theta.reshape(2, -1), derivative.reshape(-1)
        missing = np.flatnonzero(~np.isfinite(row))
        missing = missing[np.isfinite(self.value(points[:, missing]))]
        if missing.size:
            row[missing] = one_sided_limits(entry, of, points[:, missing], axis, self._size)


def _alone(function: Function) -> Callable[[np.ndarray], np.ndarray]:
    """The only number of a function, at points (2, *batch)."""
    return lambda theta: np.broadcast_to(function.on_batch(*theta)[0], theta.shape[1:])


def _is_at(theta, point: tuple[float, float]):
    return (np.abs(theta[0] - point[0]) < TINY) & (np.abs(theta[1] - point[1]) < TINY)


def _fill(result: np.ndarray, theta: np.ndarray, point: tuple[float, float], entry: np.ndarray) -> None:
    result[..., _is_at(theta, point)] = entry[..., None]


def _with_subgradients(program: Program, subgradients: Subgradients) -> Program:
    builder = Builder()
    outputs = {name: Quantity(builder, index) for name, index in builder.include(program, {}).items()}
    theta = quantity(builder, "theta", (2,))
    for point, subgradient in subgradients.items():
        at_point = _is_at(theta, point)
        for name, number in zip((*VALUE_AND_SLOPES[1:], *CURVATURES), (*subgradient, 0.0, 0.0, 0.0), strict=True):
            if name in outputs:
                outputs[name] = np.where(at_point, number, outputs[name])
    return builder.program(outputs_of(outputs.items()))


def _filled(value: float | np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The value as an array of its own, of this shape; a constant fills it."""
    if np.shape(value) == shape and value.base is None:
        return value
    return np.array(np.broadcast_to(value, shape))


def _values(function: Function, theta: np.ndarray) -> list:
    return function.at_point(*theta.tolist()) if theta.ndim == 1 else function.on_batch(*theta)


def as_points(theta) -> np.ndarray:
    """Points as an array (2, *batch) of float64; ValueError where the shape is another one."""
    # Contiguous, because numpy may take another code path, with another rounding, through strided memory.
    theta = np.ascontiguousarray(theta, dtype=float)
    if not theta.ndim or len(theta) != 2:
        raise ValueError(f"Points have shape (2, *batch): theta1 and theta2 first. This array has shape {theta.shape}.")
    return theta
