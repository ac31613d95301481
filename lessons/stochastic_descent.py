"""Full batch, mini-batches and single examples: how soon each comes near, how far away each ends, and why."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from figures.gradient_cloud import spread
from lessons.claims import Claim, Quantity
from lessons.problems import Choice, problem_of
from lessons.tries import Try
from lessons.words import counted, number
from optimizers import OPTIMIZERS, SCHEDULES, Trajectory, run
from optimizers.kinds import StationaryKind
from optimizers.optimizer import Optimizer
from optimizers.stationary import stationary_point_beside
from programs.frame import diagonal_length
from surfaces import EmpiricalRisk
from surfaces.risk import SampledRisk

# The parts of the lesson.
COST, NOISE = "Cost of an update", "Noise of a step"
FULL, MINI, ONE = "Full batch", "Mini-batch", "One example"
# What may be counted.
UPDATES, EXAMPLES, EPOCHS = "updates", "examples seen", "epochs"
# The share of the gap to the lowest loss that is left when a run counts as near.
NEAR = 0.1
# So far, as a share of the view, the minimum at which a run is may be from where it is on average.
BESIDE = 0.1
# Numbers that differ by less than this share are called about the same.
SAME = 0.05
# Noise whose distances grow more than so many times over half of the epochs is no noise ball: the rate is too large.
GROWS = 3.0

Running = Callable[[str, Optimizer, SampledRisk, np.ndarray, int], Trajectory]


@dataclass(frozen=True, eq=False)
class Comparison:
    """The three runs by name, each with the loss that it sees. size: of a mini-batch. again: drawn with replacement."""

    risk: EmpiricalRisk
    samples: Mapping[str, SampledRisk]
    runs: Mapping[str, Trajectory]
    size: int
    again: bool

    @cached_property
    def lowest(self) -> float:
        """The lowest known loss; nan where none is known."""
        return float(self.risk.value(self.risk.minima[0])) if self.risk.minima else math.nan

    @property
    def begins_at_minimum(self) -> bool:
        """True where there is no gap to close, or no more than rounding."""
        begin = self.runs[FULL].theta[0]
        return bool(float(self.risk.value(begin)) - self.lowest <= self.risk.rounding(begin))

    def needed(self, name: str) -> int | None:
        """How many examples a run had seen when it first had no more than NEAR of the gap left; None if never."""
        with np.errstate(all="ignore"):
            gap = self.runs[name].loss - self.lowest
            near = np.flatnonzero(gap <= NEAR * gap[0])
        if self.begins_at_minimum or not near.size:
            return None
        return int(self.samples[name].examples_seen(int(near[0])))

    def away(self, name: str, epoch: int = -1) -> float:
        """The root mean square distance of the points of an epoch, the last one unless another is given, from the
        minimum at which they are; nan where they are at none that is known."""
        with np.errstate(all="ignore"):
            return float(np.sqrt(np.mean(np.sum(self._from_minimum(name, epoch) ** 2, axis=1))))

    def hovers(self, name: str) -> bool:
        """True where the points of the last epoch lie around the minimum, so that their middle is much nearer to it,
        and no longer get further away from it."""
        epochs = self.runs[name].steps // self.samples[name].updates_per_epoch
        with np.errstate(all="ignore"):
            middle = np.hypot(*self._from_minimum(name, -1).mean(axis=0))
            grows = epochs > 1 and self.away(name) > GROWS * self.away(name, epochs // 2 - 1)
        return bool(middle <= self.away(name) / 2 and not grows)

    def _from_minimum(self, name: str, epoch: int) -> np.ndarray:
        """The points of an epoch, (n, 2), seen from the minimum at which they are; nan where that is not known."""
        updates = self.samples[name].updates_per_epoch
        last = self.runs[name].steps if epoch < 0 else (epoch + 1) * updates
        points = self.runs[name].theta[max(last - updates, 0) + 1 : last + 1]
        minimum = self._minimum_at(points)
        return points - (np.nan if minimum is None else minimum)

    def _minimum_at(self, points: np.ndarray) -> np.ndarray | None:
        """The nearest of the known minima and of the one, local perhaps, beside the middle of the points (n, 2)."""
        with np.errstate(all="ignore"):
            middle = points.mean(axis=0)
        if not np.isfinite(middle).all():
            return None
        known = list(self.risk.minima)
        if self.risk.degree != 2:
            reach = BESIDE * diagonal_length(self.risk.view)
            beside = stationary_point_beside(self.risk, middle, reach)
            known += [beside.theta] if beside and beside.kind == StationaryKind.MINIMUM else []
        return min(known, key=lambda minimum: float(np.hypot(*(minimum - middle))), default=None)


def compared(
    risk: EmpiricalRisk,
    rule: Optimizer,
    start: np.ndarray,
    *,
    size: int,
    epochs: int,
    seed: int = 0,
    again: bool = False,
    running: Running = lambda name, rule, loss, start, steps: run(rule, loss, start, steps),
) -> Comparison:
    """The three runs from one start. running: computes one of them, from its name, rule, loss, start and updates."""
    samples = {FULL: risk.sampled(risk.count), MINI: risk.sampled(size, seed, replacement=again)}
    samples[ONE] = risk.sampled(1, seed, replacement=again)
    runs = {
        name: running(name, rule, sampled, start, epochs * sampled.updates_per_epoch)
        for name, sampled in samples.items()
    }
    return Comparison(risk, samples, runs, size, again)


def cost_in_brief(known: Comparison, name: str) -> str:
    """After how many examples a run was near; or where it ended, if no lowest loss is known."""
    if math.isnan(known.lowest):
        return _last_loss(known, name)
    if known.begins_at_minimum:
        return "begins at the minimum."
    needed = known.needed(name)
    return "never comes near." if needed is None else f"near after {counted(needed, 'example')}."


def noise_in_brief(known: Comparison, name: str) -> str:
    """How far from the minimum a run was in its last epoch; or at what loss, if it is at no minimum that is known."""
    away = known.away(name)
    return f"{number(away, 3)} from the minimum." if math.isfinite(away) else _last_loss(known, name)


def _last_loss(known: Comparison, name: str) -> str:
    last = float(known.runs[name].loss[-1])
    return f"ends at L = {number(last)}." if math.isfinite(last) else "ends beyond all numbers."


def speed_in_words(known: Comparison) -> str:
    """How many examples single examples and the full batch needed; empty where no lowest loss is known."""
    if math.isnan(known.lowest):
        return ""
    if known.begins_at_minimum:
        return "The weights begin at the minimum, so there is no gap to close."
    both = {"single examples": known.needed(ONE), "the full batch": known.needed(FULL)}
    (first, sooner), (second, later) = sorted(both.items(), key=lambda item: math.inf if item[1] is None else item[1])
    rates = "All three have the same learning rate."
    if sooner is None:
        return f"Neither {first} nor {second} closed 90 % of the gap. {rates}"
    said = f"{first[0].upper()}{first[1:]} closed 90 % of the gap after {counted(sooner, 'example')}, {second}"
    if later is None:
        return f"{said} did not. {rates}"
    times = "about as many" if later <= (1 + SAME) * sooner else f"{number(later / sooner, 3)} times as many"
    return f"{said} after {later}: {times}. {rates}"


def distance_in_words(known: Comparison) -> str:
    """How far from the minimum single examples and the full batch were at the end; empty where none is known."""
    one, full = known.away(ONE), known.away(FULL)
    if not (math.isfinite(one) and math.isfinite(full)):
        return ""
    price = "The price is the noise: in" if known.hovers(ONE) and one > (1 + SAME) * full else "In"
    return (
        f"{price} the last epoch single examples were {number(one, 3)} away from the minimum, the full batch "
        f"{number(full, 3)}."
    )


def sample_spread(known: Comparison, slopes: np.ndarray) -> float:
    r"""How far the gradient of a mini-batch spreads, as the root mean square distance from its mean.

    slopes: the gradients of all examples, (2, N). With replacement $\sigma/\sqrt n$; without,
    $\frac{\sigma}{\sqrt n}\sqrt{\frac{N-n}{N-1}}$. Of a sum, n times as much.
    """
    size, count = known.size, known.risk.count
    missing = 1.0 if known.again or count == 1 else math.sqrt((count - size) / (count - 1))
    scale = 1 / math.sqrt(size) if known.risk.reduction == "mean" else math.sqrt(size)
    return spread(slopes) * missing * scale


def spread_in_words(known: Comparison, name: str) -> str:
    """How far the gradients of the examples spread at the end of a run, and how far that of a mini-batch does."""
    end = known.runs[name].theta[-1]
    with np.errstate(all="ignore"):
        slopes = known.risk.example_gradients(end)
        wide, long = spread(slopes), float(np.hypot(*slopes.mean(axis=1)))
    if not (math.isfinite(wide) and math.isfinite(long)):
        return f"The run “{name.lower()}” ended beyond all numbers."
    said = (
        f"At the end of the run “{name.lower()}” the gradients of the examples spread by {number(wide, 3)} around "
        f"their mean, which is {number(long, 3)} long."
    )
    size, kind = known.size, known.risk.reduction
    if size == 1:
        return said
    drawn = "with" if known.again else "without"
    of_sample = f"A {kind} of {size} examples, drawn {drawn} replacement, spreads by"
    if size == known.risk.count and not known.again:
        return f"{said} {of_sample} 0: it is always the {kind} of all."
    times = f"√{size} times {'less' if kind == 'mean' else 'more'}"
    twice = "" if known.again else f", {'and less again' if kind == 'mean' else 'but less'} because none comes twice"
    return f"{said} {of_sample} {number(sample_spread(known, slopes), 3)}: {times}{twice}."


@lru_cache(maxsize=8)
def _compared(choice: Choice, law: str, rate: float, start: tuple[float, float], size: int, epochs: int) -> Comparison:
    rule = OPTIMIZERS["GradientDescent"](learning_rate=rate, schedule=SCHEDULES[law]())
    return compared(problem_of(choice).risk, rule, np.array(start), size=size, epochs=epochs)


def _of(state: Mapping[str, object]) -> Comparison:
    choice = Choice(state["model"], state["data"], state["count"], state["noise"])
    start = (state["theta1"], state["theta2"])
    return _compared(choice, state["law"], state["rate"], start, state["batch"], state["epochs"])


def _try(title: str, look_at: str, state: dict, *claims: Claim, good: bool = True) -> Try:
    return Try(title, look_at, state, good, lambda: _of(state), claims)


def away(name: str) -> Quantity[Comparison]:
    """The distance from the minimum in the last epoch."""
    return Quantity(f"The distance of the run {name} in its last epoch", lambda known: known.away(name))


def _gone_in_one_epoch(known: Comparison) -> float:
    loss = known.runs[ONE].loss
    return float((loss[0] - loss[known.samples[ONE].updates_per_epoch]) / (loss[0] - known.lowest))


_FRESH = {"model": "linear_neuron", "data": "plane", "count": 20, "noise": 0.8, "theta1": -3.0, "theta2": 3.0}
_FRESH |= {"seed": 0, "again": False, "batch": 5}
_NOISE = {**_FRESH, "view": NOISE, "epochs": 20}
_DECAYING = {**_NOISE, "rate": 0.1, "law": "InverseTime"}

TRIES = (
    _try(
        "20 examples, 20 times faster?",
        "Count examples seen: when the full batch has made its first update, single examples have closed 90 % of the "
        "gap.",
        {**_FRESH, "view": COST, "rate": 0.05, "law": "Constant", "per": EXAMPLES, "epochs": 30},
        Quantity("The examples that the full batch sees for one update", lambda known: known.risk.count).exactly(20),
        Quantity("The share of the gap that single examples have closed then", _gone_in_one_epoch).at_least(0.9),
        Quantity("How many times as many the full batch needs", lambda k: k.needed(FULL) / k.needed(ONE)).about(
            20, 0.1
        ),
    ),
    _try(
        "Too large for one example",
        "The full batch comes to rest at this rate. Single examples do not: their steps never settle.",
        {**_NOISE, "rate": 0.3, "law": "Constant"},
        away(FULL).at_most(0.01),
        Quantity(
            "The least distance of single examples in any epoch", lambda k: min(k.away(ONE, e) for e in range(20))
        ).at_least(0.2),
        good=False,
    ),
    _try(
        "A decaying rate quiets the noise",
        "With a rate that falls like 1/t, single examples come to rest near the minimum. At a constant rate they stay "
        "more than ten times as far away.",
        _DECAYING,
        away(ONE).at_most(0.02),
        Quantity(
            "The distance at a constant rate, as a multiple",
            lambda known: _of({**_DECAYING, "law": "Constant"}).away(ONE) / known.away(ONE),
        ).at_least(10),
    ),
    _try(
        "Without noise in the data",
        "All examples agree on one minimum, so even single examples arrive there. There is no noise ball.",
        {**_NOISE, "noise": 0.0, "rate": 0.1, "law": "Constant"},
        away(ONE).at_most(1e-9),
        Quantity(
            "The longest example gradient at the minimum",
            lambda known: np.hypot(*known.risk.example_gradients(known.risk.minima[0])).max(),
        ).at_most(1e-12),
    ),
)
