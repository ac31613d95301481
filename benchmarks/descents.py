"""How fast the loop is: one trajectory, many at once, a new surface, growth with updates and starts, and memory."""

import itertools
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from sympy.core.cache import clear_cache

from benchmarks import rivals
from benchmarks.measuring import (
    Row,
    Target,
    Timing,
    at_least,
    at_most,
    below,
    duration,
    exponent,
    fixed_and_growing,
    interleaved,
    judged,
    near,
    not_measured,
    ratio,
)
from optimizers import OPTIMIZERS, run
from optimizers.trajectory import run_to_end
from surfaces import SURFACES, Surface, theta1, theta2

ADAM = OPTIMIZERS["Adam"](
    learning_rate=rivals.LEARNING_RATE, beta1=rivals.BETA1, beta2=rivals.BETA2, epsilon=rivals.EPSILON
)
ROSENBROCK = SURFACES["rosenbrock"]
MANY_UPDATES = 500
# How much slower than optax a run of so many starts may be.
MANY = {1_000: at_most(2.5), 10_000: at_most(1.5)}
LINEAR = near(1.0, 0.15)
# Two polynomials, and the two of the catalogue's formulas with many exponentials that take longest.
NEW = ("rosenbrock", "himmelblau", "ackley", "hills")
FRESH_CONSTANTS = itertools.count(101)


def starts(count: int) -> np.ndarray:
    """Points (2, count) all over the domain, the same in every run."""
    (low1, high1), (low2, high2) = ROSENBROCK.domain
    return np.random.default_rng(0).uniform([[low1], [low2]], [[high1], [high2]], (2, count))


def _per_update(timing: Timing, count: int) -> str:
    return f"{timing.best / MANY_UPDATES / count * 1e9:.1f}"


def _difference(ours: np.ndarray, theirs: np.ndarray) -> str:
    return f"End points differ by at most {np.max(np.abs(ours - np.asarray(theirs))):.1g}."


def one_trajectory() -> Iterator[Row]:
    """1000 Adam updates from one start, everything recorded, against a loop of floats and torch.optim.Adam."""
    start, steps = ROSENBROCK.start, 1000
    contenders = {
        "ours": lambda: run(ADAM, ROSENBROCK, start, steps).theta[-1],
        "by hand": lambda: rivals.float_adam(start, steps),
    }
    reason = rivals.missing("torch")
    if not reason:
        contenders["torch"] = lambda: rivals.torch_adam(start, steps)
    times = interleaved(contenders, clock=time.process_time)
    ours = times["ours"].best
    known = f"run {duration(ours)} for {steps} updates"
    name, target = "torch.optim.Adam / run, in time", at_least(100)
    if reason:
        yield not_measured(name, target, reason)
    else:
        theirs = f"torch {duration(times['torch'].best)}, which keeps the last point only."
        agreement = _difference(contenders["ours"](), contenders["torch"]())
        faster, spread = ratio(times["torch"], times["ours"])
        yield judged(name, faster, target, f"{known}, {theirs} {spread} {agreement}")
    slower, spread = ratio(times["ours"], times["by hand"])
    details = f"{known}, a loop of plain floats that records nothing {duration(times['by hand'].best)}. {spread}"
    yield judged("run / a hand-written loop of floats", slower, at_most(2.5), details)


def many_recorded() -> Iterator[Row]:
    """Many starts, 500 Adam updates, all recorded, against optax under jit, vmap and scan, already compiled."""
    for count, target in MANY.items():
        yield from _many(count, target, record=True)


def many_end_points() -> Iterator[Row]:
    """Many starts, 500 Adam updates, end points, against optax under jit, vmap and scan, already compiled."""
    for count, target in MANY.items():
        yield from _many(count, target, record=False)


def _many(count: int, target: Target, record: bool) -> Iterator[Row]:
    begin, ours = starts(count), "run" if record else "run_to_end"
    descend = run if record else run_to_end
    contenders = {
        "ours": lambda: descend(ADAM, ROSENBROCK, begin, MANY_UPDATES),
        "by hand": lambda: rivals.numpy_adam(begin, MANY_UPDATES),
    }
    reason = rivals.missing("jax", "optax")
    if not reason:
        optax_adam = rivals.optax_adam(MANY_UPDATES, record)
        contenders["optax"] = lambda: optax_adam(begin)
    times = interleaved(contenders, rounds=10)
    per_update = {name: _per_update(timing, count) for name, timing in times.items()}
    known = f"ns per update and trajectory: {ours} {per_update['ours']}"
    kept = "every point, loss and gradient" if record else "end points"
    name = f"{ours} / optax, {count:,} starts, {kept}"
    if reason:
        yield not_measured(name, target, reason)
    else:
        theirs = contenders["optax"]()
        agreement = _difference(_ends(contenders["ours"](), record), theirs[0][-1] if record else theirs)
        extra = " run also records the state of the rule." if record else " run_to_end also watches for divergence."
        slower, spread = ratio(times["ours"], times["optax"])
        yield judged(name, slower, target, f"{known}, optax {per_update['optax']}.{extra} {spread} {agreement}")
    details = f"{known}, in-place numpy with end points and no loss {per_update['by hand']}."
    name = f"{ours} / a hand-written numpy loop, {count:,} starts"
    yield judged(name, times["ours"].best / times["by hand"].best, None, details)


def _ends(result, record: bool) -> np.ndarray:
    """The last points that optax's history knows: it holds the point before each update."""
    return result.theta[-2] if record else result.theta


def first_use() -> Iterator[Row]:
    """One update of every rule on a surface never seen before: above all what it takes to compile the two."""
    for name in NEW:
        seconds = {rule: min(_first_update(rule, name) for _ in range(3)) for rule in OPTIMIZERS}
        slowest = max(seconds, key=seconds.get)
        details = f"The slowest of {len(seconds)} rules, {slowest}; Adam {duration(seconds['Adam'])}."
        yield judged(f"first use of a rule on a new {name}", seconds[slowest] * 1e3, at_most(60, " ms"), details, " ms")


def _first_update(rule: str, name: str) -> float:
    """The processor time of one update on a variant of this surface with a constant that nobody has compiled yet."""
    surface = SURFACES[name]
    formula = surface.formula + next(FRESH_CONSTANTS) * theta1
    clear_cache()  # or sympy would remember derivatives of the surface before
    begin = time.process_time()
    run(OPTIMIZERS[rule](), Surface("new", formula, surface.domain, surface.start), surface.start, 1)
    return time.process_time() - begin


def new_surface() -> Iterator[Row]:
    """Many starts, 500 Adam updates, end points, on a surface never seen before: both sides compile it first."""
    for count in MANY:
        yield from _new_surface(count)


def _new_surface(count: int) -> Iterator[Row]:
    begin = starts(count)

    def ours():
        clear_cache()  # or sympy would remember derivatives of the surface before
        formula = rivals.rosenbrock(theta1, theta2, next(FRESH_CONSTANTS))
        surface = Surface("new", formula, ROSENBROCK.domain, ROSENBROCK.start)
        return run_to_end(ADAM, surface, begin, MANY_UPDATES)

    def theirs():
        return rivals.optax_adam(MANY_UPDATES, False, next(FRESH_CONSTANTS))(begin)

    name, target = f"run_to_end / optax, a new surface, {count:,} starts", below(1)
    reason = rivals.missing("jax", "optax")
    if reason:
        known = interleaved({"ours": ours}, seconds=2)["ours"].best
        yield not_measured(name, target, f"{reason}. Ours: {duration(known)} with sympy's compilation.")
        return
    times = interleaved({"ours": ours, "optax": theirs})
    slower, spread = ratio(times["ours"], times["optax"])
    details = (
        f"With compilation: ours {duration(times['ours'].best)}, optax {duration(times['optax'].best)}. {spread} "
        "sympy's cache is emptied before each new surface."
    )
    yield judged(name, slower, target, details)


def linear_in_updates() -> Iterator[Row]:
    """How time grows from 500 to 4000 updates: the exponent, 1 where twice the updates take twice the time."""
    sizes, begin = (500, 1000, 2000, 4000), starts(1_000)
    single = {size: lambda size=size: run(ADAM, ROSENBROCK, ROSENBROCK.start, size) for size in sizes}
    yield _growth("exponent in updates: run, one start", _best(single), "a call", "update")
    many = {size: lambda size=size: run_to_end(ADAM, ROSENBROCK, begin, size) for size in sizes}
    yield _growth("exponent in updates: run_to_end, 1,000 starts", _best(many), "a call", "update")


def linear_in_starts() -> Iterator[Row]:
    """How the time of an update grows from 1,000 to 100,000 starts, end points: the exponent."""
    updates = 50
    begins = {count: starts(count) for count in (1_000, 3_000, 10_000, 30_000, 100_000)}
    times = _best(
        {count: lambda begin=begin: run_to_end(ADAM, ROSENBROCK, begin, updates) for count, begin in begins.items()}
    )
    times = {count: known / updates for count, known in times.items()}
    yield _growth("exponent in starts: run_to_end, 1,000 to 100,000", times, "an update", "start")
    large = {count: known for count, known in times.items() if count >= 10_000}
    yield _growth("exponent in starts: run_to_end, 10,000 to 100,000", large, "an update", "start")


def _best(calls: Mapping[int, Callable[[], object]]) -> dict[int, float]:
    """The processor time of calls by their size; all of them work in one thread."""
    times = interleaved({str(size): call for size, call in calls.items()}, clock=time.process_time)
    return {size: times[str(size)].best for size in calls}


def _growth(name: str, times: Mapping[int, float], whole: str, part: str) -> Row:
    """The exponent of times by size, and the straight line through them: a fixed cost, and a cost for each part."""
    sizes, seconds = list(times), list(times.values())
    slope, (fixed, growing) = exponent(sizes, seconds), fixed_and_growing(sizes, seconds)
    details = ", ".join(f"{size:,}: {duration(known)}" for size, known in times.items())
    details += f". Fitted: {duration(max(fixed, 0.0))} for {whole} and {duration(growing)} for each {part}."
    if slope < 0.95 and fixed > 0:
        details += f" Below 1 as far as what {whole} costs anyway weighs on the small sizes."
    return judged(name, slope, LINEAR, details)


def map_memory() -> Iterator[Row]:
    """Peak memory of a map of 100 x 100 end points after 1000 updates against 100 updates."""
    begin = starts(10_000)
    run_to_end(ADAM, ROSENBROCK, begin, 1)
    peaks = {updates: _peak(begin, updates) for updates in (100, 1000)}
    details = ", ".join(f"{updates} updates: {peak / 2**20:.2f} MB" for updates, peak in peaks.items())
    details += f" (tracemalloc's peak); the points alone take {begin.nbytes / 2**20:.2f} MB."
    yield judged("memory of 1000 / 100 updates, 10,000 starts", peaks[1000] / peaks[100], at_most(1.1), details)


def _peak(begin: np.ndarray, updates: int) -> int:
    tracemalloc.start()
    try:
        run_to_end(ADAM, ROSENBROCK, begin, updates)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
