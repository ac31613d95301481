"""How fast runs are in JavaScript, as node runs it, and how many bytes their data are."""

import json
import math
import subprocess
from collections.abc import Iterator

from benchmarks.measuring import Row, at_most, duration, interleaved, judged
from browser import program
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from tests.node import ROOT, node_path

RULES = ("GradientDescent", "Momentum", "Nesterov", "Adam", "RMSProp", "NAdam")
SWEPT = ("GradientDescent", "Momentum", "Adam")
# A polynomial, and the two formulas of the catalogue with many exponentials.
NAMES = ("rosenbrock", "ackley", "hills")
UPDATES, RATES, SWEPT_UPDATES = 2000, 121, 200
# The rules and the surface with the longest programs.
LONGEST, LONGEST_RULES, MOST_BYTES = "goldstein_price", ("BFGS", "ConjugateGradient", "NAdam"), 20_000
SCRIPT = ROOT / "benchmarks" / "engine.js"


def engine() -> Iterator[Row]:
    """Runs and sweeps in JavaScript, in milliseconds and against the same runs in numpy, and the bytes of a page."""
    for name in NAMES:
        yield from _times(name)
    surface = SURFACES[LONGEST]
    data = program(surface, {rule: OPTIMIZERS[rule]() for rule in LONGEST_RULES}, surface.start, SWEPT_UPDATES)
    size = len(json.dumps(data, separators=(",", ":")))
    yield judged(f"bytes of {len(LONGEST_RULES)} rules on {LONGEST}", size, at_most(MOST_BYTES))


def _times(name: str) -> Iterator[Row]:
    surface = SURFACES[name]
    rules = {rule: OPTIMIZERS[rule]() for rule in RULES}

    def in_numpy() -> None:
        for rule in rules.values():
            run(rule, surface, surface.start, UPDATES)

    seconds = interleaved({"numpy": in_numpy}, 1.0)["numpy"].best
    question = {
        "data": program(surface, rules, surface.start, UPDATES),
        "swept": SWEPT,
        "rates": [math.exp(place / RATES) * 1e-3 for place in range(RATES)],
        "updates": SWEPT_UPDATES,
    }
    done = subprocess.run([node_path(), SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    times = json.loads(done.stdout)
    details = f"The first time, compiled on the way: {duration(times['firstRuns'])}. In numpy: {duration(seconds)}."
    yield judged(
        f"{name}: {len(RULES)} rules x {UPDATES} updates", times["runs"] * 1e3, at_most(5, " ms"), details, " ms"
    )
    details = f"The first time: {duration(times['firstSweep'])}."
    label = f"{name}: {RATES} rates x {len(SWEPT)} rules x {SWEPT_UPDATES} updates"
    yield judged(label, times["sweep"] * 1e3, at_most(20, " ms"), details, " ms")
    yield judged(f"{name}: time in JavaScript / time in numpy", times["runs"] / seconds, None)
