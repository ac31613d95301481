"""What a judgement on a run is made of, and how its sentences write points and numbers."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optimizers.kinds import OutcomeKind
from optimizers.numbers import number

# A remedy, or what finds it where it is asked for.
Advice = str | Callable[[], str]


class Judgement(NamedTuple):
    """The kind of an outcome, what happened in words, and the advice."""

    kind: OutcomeKind
    verdict: str
    advice: Advice


def short(value: float) -> str:
    """A number with the three digits that a verdict needs."""
    return number(float(value), 3)


def point_words(theta: np.ndarray) -> str:
    """A point (2,) as it is read: "(1.5, −2)"."""
    return f"({short(theta[0])}, {short(theta[1])})"
