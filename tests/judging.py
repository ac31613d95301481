"""Runs and the outcomes that they get, and what verdicts say in numbers."""

import re
import warnings

import numpy as np

from optimizers import Trajectory, run
from optimizers.outcome import Outcome, outcome
from programs.frame import diagonal_length
from surfaces import Surface, parse


def judged(path: Trajectory, surface: Surface) -> Outcome:
    """The outcome of a run, which neither complains nor warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return outcome(path, surface, surface.minima, surface.view)


def end_of(rule, surface: Surface, start, steps: int = 200) -> Outcome:
    return judged(run(rule, surface, start, steps), surface)


def size_of(surface: Surface) -> float:
    """The diagonal of the frame."""
    return diagonal_length(surface.view)


def numbers_in(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", text.replace("−", "-"))]


def is_outside(theta: np.ndarray, surface: Surface) -> np.ndarray:
    return np.array([not all(low <= x <= high for x, (low, high) in zip(p, surface.view, strict=True)) for p in theta])


def typed(formula: str, rule, start, steps: int) -> Outcome:
    surface = parse(formula)
    return end_of(rule, surface, start, steps)


def walked(points: np.ndarray) -> float:
    return float(np.hypot(*np.diff(points, axis=0).T).sum())
