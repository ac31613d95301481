"""How fast many runs at once are: a basin map, its memory, and a learning-rate sweep."""

import tracemalloc
from collections.abc import Iterator

import numpy as np

from benchmarks import rivals
from benchmarks.measuring import Row, at_most, duration, interleaved, judged, not_measured, ratio
from optimizers import OPTIMIZERS
from optimizers.sweep import basin_map, learning_rate_sweep
from surfaces import SURFACES

HIMMELBLAU = SURFACES["himmelblau"]
MOMENTUM = OPTIMIZERS["Momentum"](learning_rate=rivals.MAP_RATE, momentum=rivals.MOMENTUM)
SIDE, UPDATES = 200, 300
SWEPT = ("GradientDescent", "Momentum", "RMSProp", "Adam")


def _map():
    return basin_map(MOMENTUM, HIMMELBLAU, SIDE, UPDATES)


def basin_maps() -> Iterator[Row]:
    """A basin map of 200 x 200 starts, 300 updates of Momentum, against optax under jit, vmap and scan, compiled."""
    contenders = {"ours": _map}
    starts = _map().start.reshape(2, -1)
    reason = rivals.missing("jax", "optax")
    if not reason:
        optax_momentum = rivals.optax_momentum(UPDATES)
        contenders["optax"] = lambda: optax_momentum(starts)
    times = interleaved(contenders, rounds=10)
    ours = times["ours"].best
    name = f"basin_map, {SIDE} x {SIDE} starts, {UPDATES} updates of Momentum"
    yield judged(name, ours, at_most(6, " s"), f"{ours / UPDATES / SIDE**2 * 1e9:.1f} ns per update and start.", " s")
    arrival = interleaved({"arrival": _map().updates_to_arrival}, seconds=2)["arrival"].best
    yield judged("its updates to arrival, which run it again", arrival, None, "", " s")
    target = at_most(4)
    if reason:
        yield not_measured("basin_map / optax", target, reason)
        return
    theirs, known = np.asarray(contenders["optax"]()), _map().theta.reshape(2, -1)
    slower, spread = ratio(times["ours"], times["optax"])
    details = f"ours {duration(ours)}, optax {duration(times['optax'].best)}, end points on both sides. {spread} "
    details += f"End points differ by at most {np.abs(known - theirs).max():.1g}."
    yield judged("basin_map / optax", slower, target, details)


def basin_map_memory() -> Iterator[Row]:
    """Peak memory of the same map, and of its updates to arrival."""
    _map()
    tracemalloc.start()
    try:
        known = _map()
        known.updates_to_arrival()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    yield judged("peak memory of a basin map", peak / 2**20, at_most(200, " MB"), "tracemalloc's peak.", " MB")


def rate_sweep() -> Iterator[Row]:
    """200 learning rates of four rules, 500 updates each, every run judged."""
    rates = np.geomspace(1e-4, 1.0, 200)

    def sweeps():
        for name in SWEPT:
            surface = HIMMELBLAU
            learning_rate_sweep(OPTIMIZERS[name](), surface, surface.start, rates, 500, surface.minima, surface.view)

    seconds = interleaved({"sweeps": sweeps}, seconds=3)["sweeps"].best
    yield judged(
        "sweep of 200 rates, four rules, 500 updates", seconds, at_most(0.6, " s"), ", ".join(SWEPT) + ".", " s"
    )
