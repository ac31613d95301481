"""What a measure is made of: interleaved timings, a target, and the row that says whether it was met."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SECONDS = 10.0


@dataclass(frozen=True)
class Target:
    """What a number should be, in words and as a test."""

    text: str
    holds: Callable[[float], bool]


def at_most(limit: float, unit: str = "") -> Target:
    """The number is this limit or smaller."""
    return Target(f"at most {limit:g}{unit}", lambda value: value <= limit)


def at_least(limit: float, unit: str = "") -> Target:
    """The number is this limit or larger."""
    return Target(f"at least {limit:g}{unit}", lambda value: value >= limit)


def below(limit: float) -> Target:
    """The number is smaller than this limit."""
    return Target(f"below {limit:g}", lambda value: value < limit)


def near(center: float, margin: float) -> Target:
    """The number is within this margin."""
    return Target(f"{center:g} ± {margin:g}", lambda value: abs(value - center) <= margin)


@dataclass(frozen=True)
class Row:
    """One line of the table, and below it the numbers that it comes from."""

    name: str
    measured: str
    target: str
    verdict: str
    details: str = ""


def judged(name: str, value: float, target: Target | None, details: str = "", unit: str = "") -> Row:
    """A number and whether it meets its target; without a target it is for information."""
    verdict = "for information" if target is None else "met" if target.holds(value) else "not met"
    return Row(name, f"{value:.3g}{unit}", target.text if target else "", verdict, details)


def not_measured(name: str, target: Target | None, reason: str) -> Row:
    """A number that there is not, and why."""
    return Row(name, "–", target.text if target else "", "not measured", reason)


@dataclass(frozen=True)
class Timing:
    """Seconds of every call, in order."""

    calls: tuple[float, ...]

    @property
    def best(self) -> float:
        """The shortest, which other work on the machine can only raise."""
        return min(self.calls)

    @property
    def median(self) -> float:
        """The middle one, which tells how busy the machine was."""
        return statistics.median(self.calls)


def interleaved(
    contenders: Mapping[str, Callable[[], object]],
    seconds: float = SECONDS,
    rounds: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Timing]:
    """Times all contenders in turn, round after round, until `seconds` are over and at least `rounds` rounds are done.

    In turn, so that all of them meet the same noise. One call of each comes before, uncounted, to warm every cache.
    clock: time.process_time leaves out what other programs do meanwhile, but adds up threads: for work of one thread.
    """
    for call in contenders.values():
        call()
    times: dict[str, list[float]] = {name: [] for name in contenders}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or min(map(len, times.values())) < rounds:
        for name, call in contenders.items():
            begin = clock()
            result = call()
            times[name].append(clock() - begin)
            del result
    return {name: Timing(tuple(known)) for name, known in times.items()}


def ratio(above: Timing, below: Timing) -> tuple[float, str]:
    """The ratio of the best times of two interleaved contenders, and a sentence on the ratios round by round."""
    rounds = np.divide(above.calls, below.calls)
    low, middle, high = np.percentile(rounds, (25, 50, 75))
    spread = f"Round by round {middle:.3g} (half of {len(rounds)} rounds from {low:.3g} to {high:.3g})."
    return above.best / below.best, spread


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """The p of the best fit of seconds = constant * size^p: the slope of the logarithms."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def fixed_and_growing(sizes: Sequence[float], seconds: Sequence[float]) -> tuple[float, float]:
    """The a and b of the best fit of seconds = a + b * size, all relative errors weighing alike."""
    sizes, seconds = np.asarray(sizes), np.asarray(seconds)
    equations = np.column_stack([1 / seconds, sizes / seconds])
    fixed, growing = np.linalg.lstsq(equations, np.ones(len(sizes)), rcond=None)[0]
    return float(fixed), float(growing)


def duration(seconds: float) -> str:
    """A time with three digits, in the unit that suits it."""
    unit, factor = next(
        (known for known in (("s", 1), ("ms", 1e3), ("µs", 1e6)) if abs(seconds) * known[1] >= 1), ("ns", 1e9)
    )
    return f"{seconds * factor:.3g} {unit}"
