"""Where one learning rate for all rules is not fair to all, said with the numbers of the runs.

The playground opens with one rate for all, because one slider that moves every path is what it teaches with, and links
without a rate mean this one. What is small for one rule is large for another, so the page says where that decides.
"""

from functools import lru_cache

import numpy as np

from lessons.experiment import KEPT, Experiment
from lessons.settings import takes_schedule
from lessons.words import counted, number
from optimizers import title_of
from optimizers.sweep import RateSweep, learning_rate_sweep

# Rates of its own that are tried for a rule, as multiples of the common one.
FACTORS = (2, 5, 10, 20, 50, 100)
# So many times longer are the longest updates of the rule that is in time.
SPREAD = 5


@lru_cache(maxsize=KEPT)
def unfair_rate(done: Experiment) -> str:
    """A sentence where a rule is late only because it shares the rate of another that is in time; empty elsewhere."""
    shared = [name for name, rule in done.optimizers.items() if done.settings.same_rate and takes_schedule(type(rule))]
    updates = {name: done.outcomes[name].updates_to_tolerance for name in shared}
    quick = min((name for name in shared if updates[name] > 0), key=updates.get, default=None)
    late = next((name for name in shared if updates[name] < 0 and done.outcomes[name].kind.is_unfinished), None)
    if quick is None or late is None:
        return ""
    long, short = _longest(done, quick), _longest(done, late)
    if long < SPREAD * short:
        return ""
    own = _with_rates_of_its_own(done, late)
    if (own.updates_to_tolerance < 0).all():
        return ""
    return (
        f"One η for all is not fair to all: the longest update of {title_of(late)} is {number(short, 2)}, that of "
        f"{title_of(quick)} {number(long, 2)}. With η = {number(own.rates[own.best], 3)} of its own, "
        f"{title_of(late)} would need {counted(own.updates_to_tolerance[own.best], 'update')} to 0.1 %. "
        "In the settings each rule can get its own slider."
    )


def _with_rates_of_its_own(done: Experiment, name: str) -> RateSweep:
    settings, surface = done.settings, done.surface
    rates = settings.learning_rate * np.array(FACTORS)
    start, steps = settings.start, settings.updates
    return learning_rate_sweep(done.optimizers[name], done.loss, start, rates, steps, surface.minima, surface.view)


def _longest(done: Experiment, name: str) -> float:
    return float(np.hypot(*np.diff(done.trajectories[name].theta, axis=0).T).max())
