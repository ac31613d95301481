"""The lesson on where descent gets stuck: three traps, who escapes, borders of basins, and its tries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.claims import Quantity, Runs, coordinate, distance, ends_as, is_true, nearest_approach
from lessons.tries import Try
from lessons.words import counted, listed, number
from optimizers import OPTIMIZERS, GaussianNoise, run, run_to_end, title_of
from optimizers.kinds import OutcomeKind
from optimizers.noise import IndependentNoise
from optimizers.sweep import basin_map
from surfaces import SURFACES

TRAPS_VIEW, POINTS, MAPS = "Three traps", "Critical points", "Basin maps"
RULES = ("GradientDescent", "Momentum", "Nesterov", "RMSProp", "Adam")
SHOWN = ("GradientDescent", "Momentum", "Adam")
NOISES = (0.0, 0.1, 1.0, 10.0)
STRENGTHS = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
SEEDS = 20
MAPPED = ("GradientDescent", "Momentum", "Newton")


@dataclass(frozen=True)
class Trap:
    """One trap.

    surface, start, rate, updates: a run of gradient descent that gets stuck. explanation: what the trap is, whatever
    the learning rate. escaped: whether a last point (2,) is out of the trap.
    """

    surface: str
    start: tuple[float, float]
    rate: float
    updates: int
    explanation: str
    escaped: Callable[[np.ndarray], bool]


PLATEAU, SADDLE, MINIMUM = "very slow on a plateau", "stuck at a saddle", "stuck in a local minimum"
TRAPS = {
    PLATEAU: Trap(
        "plateau",
        (-0.85, 0.9),
        0.02,
        150,
        "Before the valley lies a shelf, where the slope is nearly zero. The steps of gradient descent follow the "
        "slope, so there they are much shorter than on the wall. It is slow, but not at rest.",
        lambda theta: bool(theta[0] > 0.5),
    ),
    SADDLE: Trap(
        "saddle",
        (-2.5, 0.0),
        0.1,
        100,
        "The start lies exactly on the ridge. There every slope points along the ridge, so without noise no rule gains "
        "any speed sideways. At the saddle the slope is zero.",
        lambda theta: bool(abs(theta[1]) > 0.5),
    ),
    MINIMUM: Trap(
        "two_wells",
        (3.2, 2.5),
        0.05,
        150,
        "The start lies above the right well. At its lowest point all directions lead up, so the gradient is zero. The "
        "left well is lower, on the other side of the hill.",
        lambda theta: bool(theta[0] < 0.5),
    ),
}


def trapped(trap: Trap, rate: float, noise: float) -> Runs:
    """The rules that the page draws, from the start of a trap, each with the same noise on its gradient."""
    surface = SURFACES[trap.surface]
    loss = GaussianNoise(surface, noise, 0)
    rules = {name: OPTIMIZERS[name](learning_rate=rate) for name in SHOWN}
    return Runs(surface, rules, {name: run(rule, loss, trap.start, trap.updates) for name, rule in rules.items()})


def escapes(trap: Trap, rate: float) -> dict[str, list[int]]:
    """How many of SEEDS runs are out of a trap at their end, for every rule and every strength of noise."""
    levels = np.repeat(NOISES, SEEDS)
    loss = IndependentNoise(SURFACES[trap.surface], levels)
    start = np.repeat(np.array(trap.start)[:, None], levels.size, axis=1)
    counts = {}
    for rule in RULES:
        end = run_to_end(OPTIMIZERS[rule](learning_rate=rate), loss, start, trap.updates)
        out = [end.diverged_at[row] < 0 and trap.escaped(end.theta[:, row]) for row in range(levels.size)]
        counts[rule] = [int(count) for count in np.reshape(out, (len(NOISES), SEEDS)).sum(axis=1)]
    return counts


def escape_words(counts: Mapping[str, Sequence[int]]) -> str:
    """Who gets out of a trap without noise, how much noise the others need, and whom noise harms."""
    free = [rule for rule in counts if counts[rule][0] == SEEDS]
    held = [rule for rule in counts if rule not in free]
    parts = [_without_noise(free, held)]
    for level, rules in _needed(counts, held).items():
        if level is not None:
            parts.append(f"A noise of {level:g} brings at least half of the runs of {_titles(rules)} out.")
        else:
            parts.append(f"No noise of the table brings half of the runs of {_titles(rules)} out.")
    return " ".join([*parts, *_harmed(counts)])


def _needed(counts: Mapping[str, Sequence[int]], held: Sequence[str]) -> dict[float | None, list[str]]:
    """These rules by the least noise that brings half of their runs out; None where there is none."""
    needed: dict[float | None, list[str]] = {level: [] for level in (*NOISES[1:], None)}
    for rule in held:
        enough = (level for level, out in zip(NOISES, counts[rule], strict=True) if 2 * out >= SEEDS)
        needed[next(enough, None)].append(rule)
    return {level: rules for level, rules in needed.items() if rules}


def _without_noise(free: Sequence[str], held: Sequence[str]) -> str:
    if not held:
        return "Without noise, all of these rules get out."
    if not free:
        return "Without noise, none of these rules gets out."
    return (
        f"Without noise, {_titles(free)} {'gets' if len(free) == 1 else 'get'} out, and {_titles(held)} "
        f"{'does' if len(held) == 1 else 'do'} not."
    )


def _harmed(counts: Mapping[str, Sequence[int]]) -> list[str]:
    """The rule that loses most from more noise, with its numbers; empty where none loses."""
    losses = {
        (rule, low, high): outs[low] - outs[high]
        for rule, outs in counts.items()
        for low in range(len(NOISES))
        for high in range(low + 1, len(NOISES))
    }
    (rule, low, high), lost = max(losses.items(), key=lambda entry: entry[1])
    if lost <= 0:
        return []
    outs = counts[rule]
    return [
        f"More noise is not always better: {title_of(rule)} gets out {counted(outs[low], 'time')} with noise "
        f"{NOISES[low]:g}, and {counted(outs[high], 'time')} with noise {NOISES[high]:g}."
    ]


def _titles(rules: Sequence[str]) -> str:
    return listed(title_of(rule) for rule in rules)


# Basin maps


def border_share(reached: np.ndarray) -> float:
    """The share of neighbouring starts (left and right, above and below) that end in different minima; nan where no
    two neighbours reach any. reached: as of a basin map, (n, n)."""
    pairs = [(reached[:, 1:], reached[:, :-1]), (reached[1:], reached[:-1])]
    both = sum(int(((one >= 0) & (other >= 0)).sum()) for one, other in pairs)
    apart = sum(int(((one >= 0) & (other >= 0) & (one != other)).sum()) for one, other in pairs)
    return apart / both if both else np.nan


def border_words(reached: np.ndarray) -> str:
    """How frayed the borders of a basin map are; empty where there is nothing to count."""
    share = border_share(reached)
    return "" if np.isnan(share) else f"{number(100 * share, 2)} % of neighbouring starts end in different minima."


# Try this

_SADDLE_POINT, _RIGHT, _LEFT = (0.0, 0.0), (2.0, 0.0), (-2.0, 0.0)
_HIMMELBLAU = {"surface": "himmelblau", "theta1": -0.5, "theta2": -1.0}
_MAP = {"rules": list(MAPPED), "map_rate": 0.01, "updates": 100, "resolution": 120}


def _largest_sideways(runs: Runs) -> float:
    return max(float(np.abs(runs.path(rule)[1]).max()) for rule in SHOWN)


def _borders() -> dict[str, float]:
    """For both rules with a learning rate, the share of neighbours that end apart, on the map that the try sets."""
    surface = SURFACES["himmelblau"]
    minima = [point.theta for point in surface.critical_points() if point.kind == "minimum"]
    shares = {}
    for rule in MAPPED[:2]:
        made = basin_map(
            OPTIMIZERS[rule](learning_rate=_MAP["map_rate"]), surface, _MAP["resolution"], _MAP["updates"], surface.view
        )
        shares[rule] = border_share(made.reached(minima))
    return shares


TRIES = (
    Try(
        "A saddle without noise",
        "All three rules stay exactly on the ridge. Gradient descent stops at the saddle, and the other two swing "
        "through it. Now choose a noise of 0.1 and compare.",
        {"view": TRAPS_VIEW, "trap": SADDLE, "rate": 0.1, "noise": 0.0},
        good=False,
        evidence=lambda: trapped(TRAPS[SADDLE], 0.1, 0.0),
        claims=(
            Quantity("The largest distance to the ridge", _largest_sideways).exactly(0),
            ends_as("GradientDescent", "saddle"),
            is_true(
                "Gradient descent does not pass the saddle", lambda runs: (runs.path("GradientDescent")[0] <= 0).all()
            ),
            *(
                is_true(f"{rule} passes the saddle", lambda runs, rule=rule: runs.path(rule)[0].max() > 0.1)
                for rule in SHOWN[1:]
            ),
            *(nearest_approach(rule, _SADDLE_POINT).at_most(0.01) for rule in SHOWN),
        ),
    ),
    Try(
        "Momentum carries on",
        "Gradient descent rests in the right well. Momentum has enough speed to roll over the hill into the lower one.",
        {"view": TRAPS_VIEW, "trap": MINIMUM, "rate": 0.05, "noise": 0.0},
        evidence=lambda: trapped(TRAPS[MINIMUM], 0.05, 0.0),
        claims=(
            ends_as("GradientDescent", OutcomeKind.LOCAL_MINIMUM),
            distance("GradientDescent", _RIGHT).at_most(1e-3),
            distance("Momentum", _LEFT).at_most(1e-2),
            coordinate("Momentum", 1).between(-2.1, -1.9),
            is_true(
                "The left well is the lower one",
                lambda runs: runs.surface.value(np.array(_LEFT)) < runs.surface.value(np.array(_RIGHT)),
            ),
        ),
    ),
    Try(
        "Basins of Himmelblau",
        "The borders of momentum's basins are frayed: more than ten times as many neighbouring starts end in different "
        "minima as with gradient descent.",
        {**_HIMMELBLAU, **_MAP, "view": MAPS},
        evidence=_borders,
        claims=(
            Quantity(
                "Momentum's borders by gradient descent's",
                lambda shares: shares["Momentum"] / shares["GradientDescent"],
            ).between(10, 15),
        ),
    ),
)
