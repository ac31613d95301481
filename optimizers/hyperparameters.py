"""Hyperparameter fields: from one declaration come the constructor argument, the slider and the documentation."""

import dataclasses
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np

# The types of a field that counts something.
_WHOLE = (int, "int")


@dataclass(frozen=True)
class Hyperparameter:
    """What is known about one hyperparameter besides its value.

    symbol: LaTeX. label: the words beside the symbol. low, high: the range of the slider. scale: "linear" or "log".
    above, at_least, below, at_most: the values that the rule accepts, where None means no bound.
    """

    symbol: str
    label: str
    help: str
    low: float
    high: float
    scale: str = "linear"
    above: float | None = None
    at_least: float | None = None
    below: float | None = None
    at_most: float | None = None

    def complaint(self, name: str, value: Any, whole: bool = False) -> str | None:
        """A sentence on what is wrong with this value (a number or an array), or None where nothing is.

        whole: whether only whole numbers are accepted.
        """
        if type(value) is float:  # as nearly always, and much quicker
            right = math.isfinite(value) and (not whole or value.is_integer())
            if right and all(holds(value, bound) for bound, holds, _ in self._bounds):
                return None
        numbers = _numbers(value)
        if numbers is None:
            return f"{name} must be a number or an array of numbers, not {value!r}."
        right = np.isfinite(numbers) & (not whole or numbers == np.floor(numbers))
        if right.all() and all(holds(numbers, bound).all() for bound, holds, _ in self._bounds):
            return None
        kind = "whole" if whole else "finite"
        limits = " and ".join(f"{words} {bound:.7g}" for bound, _, words in self._bounds)
        return f"{name} must be a {kind} number{' ' + limits if limits else ''}, but it is {value!r}."

    @cached_property
    def _bounds(self) -> list[tuple[float, Callable, str]]:
        bounds = (
            (self.above, operator.gt, "greater than"),
            (self.at_least, operator.ge, "of at least"),
            (self.below, operator.lt, "less than"),
            (self.at_most, operator.le, "at most"),
        )
        return [(bound, holds, words) for bound, holds, words in bounds if bound is not None]


def _numbers(value: Any) -> np.ndarray | None:
    """The value as an array of floats, or None where it holds something else than numbers."""
    try:
        array = np.asarray(value)
        # Whole numbers of more than 64 bits come as objects.
        known = array.dtype.kind in "biuf" or all(isinstance(entry, Real) for entry in array.flat)
        return array.astype(float) if known else None
    except ValueError:  # lists of unequal lengths
        return None
    except OverflowError:  # more than a float can hold
        return np.asarray(np.inf)


def hyperparameter(
    default: float, symbol: str, label: str, *, low: float, high: float, scale: str = "linear", help: str, **bounds
) -> Any:
    """A dataclass field that carries its Hyperparameter; a value below `low` of a log scale is still accepted above 0.

    With no bounds given, the values must be at least 0.
    """
    bounds = bounds or {"at_least": 0.0}
    return dataclasses.field(
        default=default, metadata={"hyperparameter": Hyperparameter(symbol, label, help, low, high, scale, **bounds)}
    )


def hyperparameters(owner: Any) -> Mapping[str, Hyperparameter]:
    """The hyperparameters of a rule or a schedule (class or instance) by field name, in order of declaration."""
    return _hyperparameters(owner if isinstance(owner, type) else type(owner))


@lru_cache(maxsize=256)
def _hyperparameters(owner: type) -> Mapping[str, Hyperparameter]:
    return MappingProxyType({f.name: f.metadata["hyperparameter"] for f in _fields(owner)})


@lru_cache(maxsize=256)
def defaults(owner: type) -> Mapping[str, float]:
    """The default value of each hyperparameter by field name."""
    return MappingProxyType({f.name: f.default for f in _fields(owner)})


@lru_cache(maxsize=256)
def _wholes(owner: type) -> frozenset[str]:
    """The names of the hyperparameters that count something."""
    return frozenset(f.name for f in _fields(owner) if f.type in _WHOLE)


def _fields(owner: type) -> list[dataclasses.Field]:
    return [f for f in dataclasses.fields(owner) if "hyperparameter" in f.metadata]


def check_hyperparameters(owner: Any) -> None:
    """Raises ValueError with one sentence for every hyperparameter that is outside its range."""
    kind, wholes = type(owner), _wholes(type(owner))
    complaints = [
        known.complaint(f"{name} of {kind.__name__}", getattr(owner, name), name in wholes)
        for name, known in hyperparameters(kind).items()
    ]
    if any(complaints):
        raise ValueError(" ".join(filter(None, complaints)))


def is_whole(owner: type, name: str) -> bool:
    """True where the hyperparameter counts something."""
    return name in _wholes(owner)
