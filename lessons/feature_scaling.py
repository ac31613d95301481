"""Feature scaling: what it does to the shape of the loss in words, and what the tries promise."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from lessons.claims import Claim, Quantity, Runs
from lessons.problems import Choice, problem_of
from lessons.scaling import Curvature, curvature, scaling
from lessons.tries import Try
from lessons.words import number
from optimizers import OPTIMIZERS
from surfaces import EmpiricalRisk

RAW, SCALED = "Raw", "Standardised"
SAME, BEST = "the same for both", "each its own best"
# Condition numbers that differ by less than this share are called about the same.
ALIKE = 0.05


def kappa(shape: Curvature) -> str:
    """The condition number as it is read."""
    return "∞" if math.isinf(shape.condition) else number(shape.condition)


def conditions_in_words(raw: Curvature, scaled: Curvature) -> str:
    """What scaling did to the condition number."""
    if math.isinf(raw.condition) and math.isinf(scaled.condition):
        return "One direction is flat before and after: no scaling can tell what the data do not say."
    if math.isinf(raw.condition):
        return "Raw, one direction is flat, but for rounding. Scaling made it curved."
    if math.isinf(scaled.condition):
        return "Scaling made one direction flat: without their means, the inputs say the same."
    times = raw.condition / scaled.condition
    if abs(math.log(times)) <= ALIKE:
        return "Scaling hardly changed the condition number."
    size, way = (times, "smaller") if times > 1 else (1 / times, "larger")
    return f"Scaling made the condition number {number(size, 3)} times {way}."


def end_in_words(end: np.ndarray, names: Sequence[str]) -> str:
    """Where the scaled path ends, in raw weights (2,)."""
    if not np.isfinite(end).all():
        return "The scaled path diverges."
    weights = " and ".join(f"{name} = {number(float(value), 9)}" for name, value in zip(names, end, strict=True))
    return f"Mapped back to raw weights, the scaled path ends at {weights}."


@dataclass(frozen=True, eq=False)
class Descents:
    """Both descents. losses, starts: by RAW and SCALED. rate: the same for both; None where each has this share of its
    own best one."""

    losses: Mapping[str, EmpiricalRisk]
    starts: Mapping[str, np.ndarray]
    rate: float | None
    share: float
    steps: int

    @cache  # noqa: B019 - a few of these are made, and they are kept
    def run(self, name: str) -> Runs:
        """One of the two descents."""
        loss = self.losses[name]
        rule = OPTIMIZERS["GradientDescent"](learning_rate=self.rate or self.share * curvature(loss).best)
        return Runs.of(loss, {name: rule}, self.starts[name], self.steps)

    def share_of_gap_left(self, name: str, update: int = -1) -> float:
        """The share of the first loss, counted from the lowest, that is left after an update."""
        loss = self.run(name).trajectories[name].loss
        lowest = self.losses[name].best_loss
        return float((loss[update] - lowest) / (loss[0] - lowest))

    def way_of_bias(self) -> float:
        """The share of its way to the minimum that the raw bias has gone."""
        (first, last), home = self.run(RAW).path(RAW)[0][[0, -1]], self.losses[RAW].minima[0][0]
        return float((last - first) / (home - first))


def _try(title: str, look_at: str, state: Mapping[str, object], *claims: Claim, good: bool = True) -> Try:
    def evidence() -> Descents:
        given, theta = problem_of(Choice(state["model"], state["data"])), np.array([state["theta1"], state["theta2"]])
        scaled = scaling(given, theta).risk
        rate = state["rate"] if state["rates"] == SAME else None
        share = state.get("share", 1.0)
        starts = {RAW: theta, SCALED: scaled.start}
        return Descents({RAW: given.risk, SCALED: scaled}, starts, rate, share, state["steps"])

    return Try(title, look_at, state, good, evidence, claims)


def first_outside(name: str) -> Quantity[Descents]:
    """The first update that ends outside the picture; 0 if none does."""

    def update(known: Descents) -> int:
        inside = known.run(name).inside(name)
        return 0 if inside.all() else int(np.argmin(inside))

    return Quantity(f"The first update of {name} that ends outside the picture", update)


def gap_left(name: str, update: int = -1) -> Quantity[Descents]:
    """The share of the gap that is left after an update; at the end unless another is given."""
    return Quantity(
        f"The share of the gap of {name} after update {update}", lambda known: known.share_of_gap_left(name, update)
    )


bias = Quantity[Descents]("The share of its way that the raw bias has gone", lambda known: known.way_of_bias())
swings = Quantity[Descents](
    "The share of updates with which the raw weight jumps across the valley",
    lambda known: (np.diff(np.sign(np.diff(known.run(RAW).path(RAW)[1]))) != 0).mean(),
)
_LECTURE = {"model": "line_fit", "data": "line_fit", "theta1": -120.0, "theta2": -4.0}

TRIES = (
    _try(
        "Each its own best rate",
        "Raw data: the weight jumps across the valley and out of the picture, the bias creeps. Standardised: one step.",
        {**_LECTURE, "rates": BEST, "share": 1.0, "steps": 100},
        swings.exactly(1),
        first_outside(RAW).exactly(1),
        bias.at_most(0.01),
        gap_left(SCALED, 1).between(-1e-12, 1e-12),
    ),
    _try(
        "The lecture's rate for both",
        "At 1e-6 raw data soon crawl along the valley. For the standardised data the same rate is far too small: 96 % "
        "of the gap is left.",
        {**_LECTURE, "rates": SAME, "rate": 1e-6, "steps": 1000},
        gap_left(RAW, 30).at_most(0.01),
        bias.at_most(0.01),
        gap_left(SCALED).reads("0.96"),
        good=False,
    ),
    _try(
        "A rate that only scaling allows",
        "At 0.05 the standardised path arrives. The raw path leaves the picture with its first step.",
        {**_LECTURE, "rates": SAME, "rate": 0.05, "steps": 30},
        gap_left(SCALED).between(-1e-12, 1e-12),
        first_outside(RAW).exactly(1),
        good=False,
    ),
    _try(
        "100 000 updates on raw data",
        "Even so many updates do not bring the bias home: it has gone less than half its way.",
        {**_LECTURE, "rates": BEST, "share": 1.0, "steps": 100_000},
        bias.at_most(0.5),
        good=False,
    ),
)
