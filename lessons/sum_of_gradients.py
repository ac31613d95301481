"""The sum of gradients: what is said about the arrows of the examples, and what the tries promise."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lessons.claims import Claim, Quantity
from lessons.problems import Choice, problem_of
from lessons.tries import Try
from lessons.words import counted, number
from surfaces import SURFACES, EmpiricalRisk
from surfaces.datasets import LECTURE

# Arrows whose sum is this share of their lengths cancel: the rest is rounding.
CANCELLED = 1e-9


@dataclass(frozen=True, eq=False)
class Arrows:
    """The gradients of all examples at a point. slopes: (2, N). whole: the gradient of the loss, (2,)."""

    slopes: np.ndarray
    whole: np.ndarray
    kind: str

    @classmethod
    def at(cls, risk: EmpiricalRisk, theta: np.ndarray) -> "Arrows":
        """The arrows at a point theta (2,)."""
        return cls(risk.example_gradients(theta), risk.gradient(theta), risk.reduction)

    @property
    def count(self) -> int:
        """The number of examples."""
        return self.slopes.shape[1]

    @property
    def reduced(self) -> np.ndarray:
        """Their mean or sum, (2,)."""
        with np.errstate(all="ignore"):
            return self.slopes.mean(axis=1) if self.kind == "mean" else self.slopes.sum(axis=1)

    @property
    def lengths(self) -> np.ndarray:
        """How long each is, (N,)."""
        return np.hypot(*self.slopes)

    def against(self) -> int:
        """How many make an angle of more than 90° with the sum of all."""
        with np.errstate(all="ignore"):
            return int((self.reduced @ self.slopes < 0).sum())

    def agreement(self) -> np.ndarray:
        """The cosine of the angle between the sum of the first k and the sum of all, for k from 1, (N,)."""
        sums = np.cumsum(self.slopes, axis=1)
        return self.reduced @ sums / np.hypot(*sums) / np.hypot(*self.reduced)


def sum_in_words(arrows: Arrows) -> str:
    """The sum or mean beside the gradient of the whole loss."""
    reduced, whole = (", ".join(number(float(value), 6) for value in pair) for pair in (arrows.reduced, arrows.whole))
    with np.errstate(all="ignore"):
        difference = float(np.hypot(*(arrows.reduced - arrows.whole)))
    said = (
        f"The {arrows.kind} of the {counted(arrows.count, 'arrow')}: **({reduced})**. "
        f"The gradient of the whole loss: **({whole})**."
    )
    if not np.isfinite(difference):
        return f"{said} Some of these numbers are too large for the computer."
    return f"{said} Difference: {number(difference, 2) + ', which is rounding' if difference else 'none'}."


def arrows_in_words(arrows: Arrows) -> str:
    """Which example has the longest arrow, and how many go against the others."""
    lengths, kind, count = arrows.lengths, arrows.kind, arrows.count
    if not lengths.any():
        return "All arrows are zero: at these weights no example pulls."
    loudest = int(np.argmax(np.nan_to_num(lengths, nan=-1)))
    longest = f"Example {loudest + 1} has the longest arrow: {number(float(lengths[loudest]))}."
    if count == 1:
        return f"There is only one example, so its arrow is the {kind}."
    if float(np.hypot(*arrows.whole)) < CANCELLED * float(np.max(lengths)) * count:
        rest = f"The arrows cancel: the {kind} is zero but for rounding, and these weights are a stationary point."
    else:
        others, verb = arrows.against(), "makes" if arrows.against() == 1 else "make"
        arrow = "its arrow" if others == 1 else "their arrows"
        rest = (
            f"{others} of {count} examples would go the other way: {arrow} {verb} an angle of more than 90° with the "
            f"{kind}."
            if others
            else f"No example would go the other way: no arrow makes an angle of more than 90° with the {kind}."
        )
    return f"{longest} {rest}"


def _try(title: str, look_at: str, state: Mapping[str, object], *claims: Claim, good: bool = True) -> Try:
    def evidence() -> Arrows:
        risk = problem_of(Choice(state["model"], state["data"])).risk
        return Arrows.at(risk, np.array([state["theta1"], state["theta2"]]))

    return Try(title, look_at, state, good, evidence, claims)


def _tanh(theta: np.ndarray) -> dict[str, object]:
    return {"model": "tanh_neuron", "data": "tanh_neuron", "theta1": float(theta[0]), "theta2": float(theta[1])}


_HAT = SURFACES["tanh_neuron"]

pulling = Quantity[Arrows]("The share of examples with an arrow of some length", lambda a: (a.lengths > 0.005).mean())
left_over = Quantity[Arrows](
    "The length of the mean, as a share of the longest arrow", lambda a: np.hypot(*a.reduced) / a.lengths.max()
)

TRIES = (
    _try(
        "At the minimum",
        "Most examples still pull. But the arrows cancel: only their mean is zero.",
        _tanh(_HAT.minima[0]),
        pulling.at_least(0.6),
        left_over.at_most(1e-12),
    ),
    _try(
        "Far from the minimum",
        "Most arrows agree on the direction. From the fifth example on, the bold arrow has nearly its last direction.",
        _tanh(_HAT.start),
        Quantity("The share of examples against the mean", lambda a: a.against() / a.count).at_most(0.25),
        Quantity("The least agreement from the fifth example on", lambda a: a.agreement()[4:].min()).at_least(0.94),
    ),
    _try(
        "One loud example",
        "The lecture's point at x = 606 has an arrow more than three times as long as any other. It alone is as long "
        "as 44 % of the sum.",
        {"model": "line_fit", "data": "line_fit", "theta1": -120.0, "theta2": -4.0},
        Quantity("The input of the longest arrow", lambda a: LECTURE.inputs[0][a.lengths.argmax()]).exactly(606),
        Quantity("The longest over the second", lambda a: a.lengths.max() / np.sort(a.lengths)[-2]).at_least(3),
        Quantity("The longest over the sum", lambda a: a.lengths.max() / np.hypot(*a.reduced)).reads("0.44"),
        good=False,
    ),
)
