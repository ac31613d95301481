"""The lesson on the learning rate: a sweep in words, a change on the way, decay, fair comparisons, and its tries."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lessons.claims import (
    Claim,
    Quantity,
    Runs,
    coordinate,
    ends_as,
    is_true,
    largest_curvature,
    limit,
    loss,
    rate_over_limit,
    smallest_curvature,
    updates_in_picture,
    updates_to_tolerance,
)
from lessons.tries import Try
from lessons.words import TELLS, listed, lowest_words, number
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.kinds import OutcomeKind
from optimizers.outcome import Outcome
from optimizers.sweep import RateSweep, named_rates
from optimizers.variants import rate_change
from surfaces import SURFACES, Surface
from surfaces.critical_points import CriticalPoint

ONE_RATE, ALL_RATES, CHANGE = "One rate", "All rates at once", "Change it on the way"
DECAY, COMPARE = "Let it decay", "Compare fairly"
UPDATES = 200
_ELLIPSE = {"surface": "ellipse", "theta1": -4.5, "theta2": 1.0}
_TWO_PHASES = {**_ELLIPSE, "rate": 0.04, "from": 150, "later": 0.01}
# What each experiment opens with: settings under which its idea can be seen.
OPENINGS = {
    ONE_RATE: {**_ELLIPSE, "rate": 0.0355},
    ALL_RATES: {**_ELLIPSE, "rate": 0.0355},
    CHANGE: _TWO_PHASES,
    DECAY: {**_ELLIPSE, "rate": 0.04},
    COMPARE: {**_ELLIPSE, "rate": 0.0355},
}
KEPT, CHANGED, ALONE = "First rate kept", "Changed on the way", "Second rate from the start"
# A largest curvature below this share of that at the usual start is none.
FLAT = 1e-9


def rate_words(rate: float) -> str:
    """A learning rate as it is read."""
    return f"η = {number(rate)}"


# One rate


def sweep_words(sweep: RateSweep) -> str:
    """Which rate of a sweep is the best one, and in what sense."""
    outcomes, best = sweep.outcomes, sweep.best
    if outcomes[best].kind.is_lost:
        return f"Not one of {len(outcomes)} rates stays in the picture."
    eta = f"**{rate_words(float(sweep.rates[best]))}**"
    arrived = int(sweep.updates_to_tolerance[best])
    if arrived >= 0:
        return f"Of {len(outcomes)} rates, {eta} needs the fewest updates to come within 0.1 %: {arrived}."
    return f"Of {len(outcomes)} rates, {eta} ends lowest in the picture, at L = {number(float(sweep.loss[best]))}."


def named_curves(sweep: RateSweep) -> dict[str, int]:
    """The places of some rates of a sweep by words that say what they do; see `named_rates`."""
    named = named_rates(sweep)
    if "just right" in named and sweep.updates_to_tolerance[sweep.best] < 0:
        named = {"lowest at the end" if words == "just right" else words: place for words, place in named.items()}
    return {f"{words}, {rate_words(float(sweep.rates[place]))}": place for words, place in named.items()}


def lost_words(sweeps: Mapping[str, RateSweep]) -> str:
    """For which rules no rate of its sweep stays in the picture; empty where there is none."""
    rules = [rule for rule, sweep in sweeps.items() if sweep.outcomes[sweep.best].kind.is_lost]
    return f"Not one rate of the slider keeps {listed(map(title_of, rules))} in the picture." if rules else ""


def limit_words(rule: str, surface: Surface, minimum: CriticalPoint) -> str:
    """What theory says about a rule near a minimum of the surface; empty where it says nothing."""
    curvature = float(minimum.eigenvalues[1])
    place = f"the minimum ({number(float(minimum.theta[0]), 3)}, {number(float(minimum.theta[1]), 3)})"
    # Beside the curvature elsewhere, that of a degenerate minimum is rounding.
    if curvature <= FLAT * float(np.abs(surface.hessian(surface.start)).max()):
        return f"At {place} no direction is curved, so theory names no limit there."
    bound = OPTIMIZERS[rule]().rate_limit(curvature)
    if not math.isfinite(bound):
        return ""
    named = " (2/λₘₐₓ)" if rule == "GradientDescent" else ""
    return (
        f"The largest curvature at {place} is λₘₐₓ = {number(curvature)}. Near it, theory says: {title_of(rule)} "
        f"settles only below η = **{number(bound)}**{named}."
    )


# Change it on the way


def changed_on_the_way(
    rule: str, surface: Surface, start: Sequence[float], updates: int, rate: float, later: float, place: int
) -> Runs:
    """Three runs: with the first rate kept, with the other one from update `place` on, and with that one alone.

    Their names hold whatever the numbers are, as a legend does while a hand moves them.
    """
    kept, alone = (OPTIMIZERS[rule](learning_rate=eta) for eta in (rate, later))
    optimizers = {KEPT: kept, CHANGED: rate_change(kept, later, place), ALONE: alone}
    return Runs.of(surface, optimizers, start, updates)


def change_titles(rate: float, later: float, place: int) -> dict[str, str]:
    """What distinguishes these three runs, with the numbers, by their names."""
    return {
        KEPT: f"{rate_words(rate)} kept",
        CHANGED: f"{rate_words(later)} from update {place}",
        ALONE: f"{rate_words(later)} from the start",
    }


def change_words(runs: Runs, rate: float, later: float, place: int) -> str:
    """Whether the change of the rate did any good in these runs of `changed_on_the_way`, and why."""
    kept, changed, alone = runs.trajectories
    if place >= runs.trajectories[changed].steps:
        return "The change comes after the last update, so both paths are the same: with it and without it."
    if place == 0:
        return "The change comes before the first update, so the last two paths are the same."
    if rate == later:
        return "Both rates are the same, so nothing changes."
    ends = {name: runs.outcome(name) for name in runs.trajectories}
    to_kept, to_alone = (_compared(runs, ends[changed], ends[other]) for other in (kept, alone))
    verdict = {-1: "helps", 0: _no_difference(ends[kept]), 1: "does harm"}[to_kept]
    beside = {-1: "worse than", 0: "the same as", 1: "better than"}[to_alone]
    why = _why_changed(runs, (ends[kept].kind, ends[changed].kind), rate, place, to_kept)
    return (
        f"**Here the change {verdict}.** With {rate_words(rate)} kept, the run {_end(ends[kept])}; with the change, it "
        f"{_end(ends[changed])}. With {rate_words(later)} from the start, it {_end(ends[alone])}, which is "
        f"{beside} with the "
        f"change.{why}"
    )


def _why_changed(runs: Runs, kinds: tuple[OutcomeKind, OutcomeKind], rate: float, place: int, to_kept: int) -> str:
    kept, changed, _ = runs.trajectories
    ways = [float(runs.step_lengths(name)[place:].sum()) for name in (kept, changed)]
    if to_kept < 0 and kinds[0] == OutcomeKind.OSCILLATING and kinds[1].has_converged:
        return f" With {rate_words(rate)} kept, the path goes to and fro to its end. With the new rate it settles."
    if to_kept < 0 and kinds[0].is_lost:
        return " The new rate keeps it in the picture."
    if to_kept < 0 and ways[1] > ways[0]:
        return f" From update {place} on, the new rate takes the path further."
    if to_kept > 0 and kinds[1] == OutcomeKind.OSCILLATING:
        return " With the new rate, the path goes to and fro to its end."
    loss = runs.trajectories[kept].loss
    if to_kept > 0 and not kinds[1].is_lost and loss[-1] < loss[place] and ways[1] < ways[0]:
        return f" At update {place} the path was still on its way, and from there on its steps are shorter."
    return ""


# Let it decay


def decayed(
    rule: str, surface: Surface, start: Sequence[float], updates: int, rate: float, schedules: Sequence[str]
) -> Runs:
    """One run for each schedule, by its name; the constant rate is always there."""
    optimizers = {
        name: OPTIMIZERS[rule](learning_rate=rate, schedule=SCHEDULES[name]())
        for name in dict.fromkeys((*schedules, "Constant"))
    }
    return Runs.of(surface, optimizers, start, updates)


def decay_words(runs: Runs) -> str:
    """Whether the schedules of these runs of `decayed` did any good, and why."""
    others = [name for name in runs.trajectories if name != "Constant"]
    if not others:
        return "Choose another schedule to compare it with the constant rate."
    ends = {name: runs.outcome(name) for name in runs.trajectories}
    constant = ends["Constant"]
    ranks = {name: _compared(runs, ends[name], constant) for name in others}
    better, same, worse = ([name for name in others if ranks[name] == rank] for rank in (-1, 0, 1))
    parts = [
        f"{how}: {listed(map(title_of, names))}."
        for how, names in (("Better", better), ("Equally good", same), ("Worse", worse))
        if names and (better or worse)
    ]
    lowest = f" {lowest_words(ends, float(runs.trajectories['Constant'].loss[0]))}" if parts else ""
    return (
        f"**Here decay {_verdict(better, same, worse) or _no_difference(constant)}.** With the constant rate, the run "
        f"{_end(constant)}. "
        f"{' '.join(parts)}{lowest}{_why_decayed(runs, constant.kind, better, worse)}"
    ).rstrip()


def _verdict(better: Sequence[str], same: Sequence[str], worse: Sequence[str]) -> str:
    if better:
        return "helps with some schedules only" if same or worse else "helps"
    if worse:
        return "does not help" if same else "does harm"
    return ""


def _why_decayed(runs: Runs, constant: OutcomeKind, better: Sequence[str], worse: Sequence[str]) -> str:
    if better and constant == OutcomeKind.OSCILLATING:
        return " The constant rate is too large: the path goes to and fro to its end."
    if better and constant.is_lost:
        return " Smaller steps keep the path in the picture."
    ways = {name: float(runs.step_lengths(name).sum()) for name in runs.trajectories}
    if worse and not constant.is_lost and all(ways[name] < ways["Constant"] for name in worse):
        arrives = "The constant rate is small enough to arrive, and shorter" if constant.has_converged else "Shorter"
        return f" {arrives} steps do not lead as far."
    return ""


def _no_difference(end: Outcome) -> str:
    return "does not help" if end.kind.is_lost else "makes no difference to the end"


# Compare fairly


def fairness_words(shared: Mapping[str, Outcome], own: Mapping[str, Outcome], first: float) -> str:
    """What one rate for all hides: who ends lowest with it, and who with a rate of its own. first: the first loss."""
    same, best = lowest_words(shared, first), lowest_words(own, first)
    if same == best:
        return f"{same} With each rule at its own best rate, the answer is the same."
    return f"With one rate for all: {same} With each rule at its own best rate: {best}"


def _compared(runs: Runs, one: Outcome, other: Outcome) -> int:
    """-1 where a run ends lower than another one, 1 where it ends higher, 0 where the difference says nothing.

    A run that does not end in the picture is higher than all that do.
    """
    losses = [math.inf if end.kind.is_lost or math.isnan(end.loss) else end.loss for end in (one, other)]
    if losses[0] == losses[1]:
        return 0
    first = float(next(iter(runs.trajectories.values())).loss[0])
    lowest = min(losses) if runs.surface.best_loss is None else runs.surface.best_loss
    if abs(losses[0] - losses[1]) <= TELLS * abs(first - lowest):
        return 0
    return -1 if losses[0] < losses[1] else 1


def _end(end: Outcome) -> str:
    if end.kind == OutcomeKind.DIVERGED:
        return "diverges"
    return (
        f"ends outside the picture, at L = {number(end.loss)}"
        if end.kind == OutcomeKind.LEFT
        else f"ends at L = {number(end.loss)}"
    )


# Try this


def _descents(*rates: float, rule: str = "GradientDescent") -> Runs:
    """Runs of one rule on the ellipse by their rates, as the page shows them."""
    optimizers = {f"{rate:g}": OPTIMIZERS[rule](learning_rate=rate) for rate in rates}
    return Runs.of(SURFACES["ellipse"], optimizers, (_ELLIPSE["theta1"], _ELLIPSE["theta2"]), UPDATES)


def _two_phases() -> Runs:
    start = (_ELLIPSE["theta1"], _ELLIPSE["theta2"])
    rates = _TWO_PHASES["rate"], _TWO_PHASES["later"], _TWO_PHASES["from"]
    return changed_on_the_way("GradientDescent", SURFACES["ellipse"], start, UPDATES, *rates)


def _two_rules() -> Runs:
    optimizers = {name: OPTIMIZERS[name](learning_rate=0.045) for name in ("Momentum", "GradientDescent")}
    return Runs.of(SURFACES["ellipse"], optimizers, (_ELLIPSE["theta1"], _ELLIPSE["theta2"]), UPDATES)


def _ratio_across(update: int) -> Quantity[Runs]:
    return coordinate("0.045", 2, update).over(coordinate("0.045", 2, update - 1))


def _leaves_as(rule: str) -> Claim[Runs]:
    return is_true(f"{rule} does not stay in the picture", lambda runs: runs.outcome(rule).kind.is_lost)


_MINIMUM = (0.0, 0.0)
_ALONE = {**_ELLIPSE, "view": ONE_RATE, "updates": UPDATES, "rules": ["GradientDescent"]}

TRIES = (
    Try(
        "Just right",
        "The curvatures are 1 and 50, so the limit is 2/50 = 0.04. A rate just below it needs fewer updates than its "
        "smaller neighbour on the slider, 0.0315. At 0.04 itself the path never settles.",
        {**_ALONE, "rate": 0.0355},
        evidence=lambda: _descents(0.0315, 0.0355, 0.04),
        claims=(
            smallest_curvature(_MINIMUM).exactly(1),
            largest_curvature(_MINIMUM).exactly(50),
            limit(_MINIMUM).exactly(0.04),
            rate_over_limit("0.0355", _MINIMUM).between(0.85, 0.999),
            updates_to_tolerance("0.0355").minus(updates_to_tolerance("0.0315")).at_most(-5),
            ends_as("0.0355", OutcomeKind.GLOBAL_MINIMUM),
            rate_over_limit("0.04", _MINIMUM).exactly(1),
            ends_as("0.04", OutcomeKind.OSCILLATING),
        ),
    ),
    Try(
        "Just above the limit",
        "The curvature across the valley is 50, so the limit is 2/50 = 0.04. Above it, every step across the valley "
        "lands a quarter further out on the other side. At update 8 the path leaves the picture.",
        {**_ALONE, "rate": 0.045},
        good=False,
        evidence=lambda: _descents(0.045),
        claims=(
            largest_curvature(_MINIMUM).exactly(50),
            limit(_MINIMUM).exactly(0.04),
            *(_ratio_across(update).about(-1.25, 1e-9) for update in range(1, 9)),
            updates_in_picture("0.045").exactly(7),
            ends_as("0.045", OutcomeKind.LEFT),
        ),
    ),
    Try(
        "Momentum bears more",
        "With momentum 0.9 the limit is 1.9 times as high: 0.076. With this rate gradient descent leaves the picture, "
        "and momentum arrives.",
        {**_ALONE, "view": ALL_RATES, "rules": ["Momentum", "GradientDescent"], "rate": 0.045},
        evidence=_two_rules,
        claims=(
            Quantity("The momentum", lambda runs: runs.optimizers["Momentum"].momentum).exactly(0.9),
            Quantity("The limit of momentum", lambda runs: runs.optimizers["Momentum"].rate_limit(50)).about(
                0.076, 1e-9
            ),
            Quantity("The limit of momentum", lambda runs: runs.optimizers["Momentum"].rate_limit(50))
            .over(limit(_MINIMUM))
            .about(1.9, 1e-9),
            ends_as("Momentum", OutcomeKind.GLOBAL_MINIMUM),
            _leaves_as("GradientDescent"),
        ),
    ),
    Try(
        "Large first, small later",
        "The large rate is fast along the valley, but goes to and fro across it. The small one settles, but is slow. "
        "Large first and small from update 150 on ends lower than either alone.",
        {**_TWO_PHASES, "updates": UPDATES, "view": CHANGE, "rules": ["GradientDescent"]},
        evidence=_two_phases,
        claims=(
            ends_as(KEPT, OutcomeKind.OSCILLATING),
            *(coordinate(KEPT, 2, place).over(coordinate(KEPT, 2, place - 1)).about(-1) for place in (1, 100, 200)),
            # Along the valley the large rate leaves a hundredth of what the small one does.
            coordinate(KEPT, 1).over(coordinate(ALONE, 1)).between(0, 0.01),
            coordinate(ALONE, 2).between(-1e-9, 1e-9),
            ends_as(ALONE, OutcomeKind.STILL_MOVING),
            ends_as(CHANGED, OutcomeKind.GLOBAL_MINIMUM),
            loss(CHANGED).over(loss(KEPT)).at_most(1e-3),
            loss(CHANGED).over(loss(ALONE)).at_most(1e-3),
        ),
    ),
)
