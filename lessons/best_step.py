"""The lesson on the best step: what a parabola, two parabolas, sampled slopes and three rules say, and its tries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lessons.claims import Quantity, Runs, arrival, ends_as, is_true
from lessons.tries import Try
from lessons.words import lowest_words, number
from optimizers import OPTIMIZERS
from optimizers.kinds import OutcomeKind
from optimizers.parabola import Parabola, root_of_squares
from programs.matrices import largest_entry
from surfaces import SURFACES, Surface

ONE, TWO, ESTIMATE, RULES = "One parameter", "Two parameters", "A cheap estimate", "Two rules that use it"
REACH = 4.0
UPDATES = 60
FEWEST, MOST = 1, 50
_RAVINE = {"surface": "ravine", "theta1": -3.2, "theta2": -1.5, "rate": 0.02}
# What each experiment opens with, so that none inherits the surface of another one.
OPENINGS = {ESTIMATE: {"surface": "ellipse"}, RULES: _RAVINE}
PARAMETERS = ("θ₁", "θ₂")
# A mixed second derivative below this share of the largest entry of the Hessian is rounding.
ROUNDING = 1e-12
# Second derivatives whose logarithms differ by less are about the same.
ALIKE = 0.01


@dataclass(frozen=True)
class Facts:
    """One parameter of a separable loss: first and second derivative at its point, and the distance to its minimum."""

    slope: float
    bend: float
    distance: float

    @classmethod
    def of(cls, parabola: Parabola, x: float) -> "Facts":
        """Those of a parabola at a point."""
        return cls(abs(float(parabola.slope(x))), parabola.curvature, float(parabola.best_step(x)))


def two_facts(first: float, bend1: float, second: float, bend2: float) -> tuple[Facts, Facts]:
    """θ₁ and θ₂, each on a parabola with its minimum at 0: points and second derivatives."""
    return Facts.of(Parabola(bend1 / 2, 0.0), first), Facts.of(Parabola(bend2 / 2, 0.0), second)


def contrast_verdict(first: Facts, second: Facts) -> str:
    """Whether the larger first derivative belongs to the larger distance."""
    slopes, ways = _order(first.slope, second.slope), _order(first.distance, second.distance)
    if slopes * ways < 0:
        steeper, farther = PARAMETERS if slopes > 0 else PARAMETERS[::-1]
        return f"{steeper} has the larger first derivative, but {farther} is farther from its minimum."
    if slopes == 0:
        distances = "but the distances are not" if ways else "and so are the distances"
        return f"Both first derivatives are the same, {distances}."
    if ways == 0:
        return "Both are equally far from their minimum, but the first derivatives are not the same."
    return "The larger first derivative is also farther away."


def contrast_words(first: Facts, second: Facts) -> str:
    """What a comparison across parameters tells, and what would turn it round; empty where it tells nothing."""
    slopes, ways = _order(first.slope, second.slope), _order(first.distance, second.distance)
    if slopes * ways < 0:
        return "Across parameters, the first derivative alone misleads. Divided by the second, it tells the distance."
    if slopes == 0 or ways == 0:
        return "Only the second derivatives tell." if ways else ""
    return _advice(first, second)


def _advice(first: Facts, second: Facts) -> str:
    """Between which distances the parameter that bends more would have the larger derivative and yet be nearer."""
    if _order(first.bend, second.bend) == 0:
        return "Give the parabolas different curvatures, and it need not be so."
    bent, flat, name = (second, first, PARAMETERS[1]) if second.bend > first.bend else (first, second, PARAMETERS[0])
    if flat.distance == 0:
        return ""
    near, far = flat.slope / bent.bend, flat.distance
    between = f"from {number(near, 3)} to {number(far, 3)}"
    return f"With {name} {between} away from its minimum, it would be the other way round."


def _order(one: float, other: float) -> int:
    """-1, 0 or 1, equal to rounding being 0."""
    return 0 if np.isclose(one, other, rtol=1e-9, atol=1e-9) else int(np.sign(one - other))


# A cheap estimate


def sampled_parabolas(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Second derivatives of 60 parabolas with minima near the middle, and their estimates from sampled slopes."""
    random = np.random.default_rng(seed)
    curvature = np.geomspace(0.05, 50, 60)
    minimizer = random.uniform(-1, 1, (60, 1))
    places = random.uniform(-REACH, REACH, (60, count))
    return curvature, root_of_squares(curvature[:, None] * (places - minimizer))


def spread(count: int, seed: int) -> float:
    """The factor within which nine of ten estimates are from the line of exact proportion."""
    curvature, estimate = sampled_parabolas(count, seed)
    off = np.log(estimate / curvature)
    return float(np.exp(np.quantile(np.abs(off - np.median(off)), 0.9)))


def spread_words(count: int, seed: int) -> str:
    """How well sampled slopes estimate second derivatives, and what another number of samples would do."""
    other = FEWEST if count == MOST else MOST
    samples = f"{other} samples" if other > 1 else "1 sample"
    return (
        "The root of the summed squares grows with the second derivative: nine of ten points are within a factor of "
        f"**{number(spread(count, seed), 3)}** of the line. With {samples} of each parabola, that factor would be "
        f"{number(spread(other, seed), 3)}."
    )


def sampled_points(surface: Surface, count: int, seed: int) -> np.ndarray:
    """Random points (2, count) of the part of a surface that the picture shows."""
    low, high = np.transpose(surface.view)
    return np.random.default_rng(seed).uniform(low, high, (count, 2)).T


def estimates_at(surface: Surface, points: np.ndarray) -> dict[str, tuple[float, float]]:
    """For each parameter of a surface: the mean size of its second derivative at these points, and the estimate."""
    slopes, hessian = surface.gradient(points), surface.hessian(points)
    return {
        symbol: (float(np.abs(hessian[place, place]).mean()), float(root_of_squares(slopes[place])))
        for place, symbol in enumerate(PARAMETERS)
    }


def ratios(estimates: Mapping[str, tuple[float, float]]) -> tuple[float, float] | None:
    """Second derivative and estimate of θ₂ by those of θ₁; None where they cannot be compared."""
    (bend1, root1), (bend2, root2) = estimates.values()
    if not all(0 < value < np.inf for value in (bend1, root1, bend2, root2)):
        return None
    return bend2 / bend1, root2 / root1


def ratio_verdict(estimates: Mapping[str, tuple[float, float]]) -> str:
    """Whether the estimates tell which parameter has the larger second derivative."""
    both = ratios(estimates)
    if not both:
        return "The second derivatives of this surface cannot be compared."
    true, estimated = both
    if abs(np.log(true)) < ALIKE:
        return "Both parameters have about the same second derivative."
    tell = "tell rightly" if (true - 1) * (estimated - 1) > 0 else "do not tell"
    return f"The estimates {tell} which parameter has the larger second derivative."


def ratio_words(estimates: Mapping[str, tuple[float, float]]) -> str:
    """How the second derivatives compare, and how their estimates; empty where they cannot be compared."""
    if not (both := ratios(estimates)):
        return ""
    true, estimated = (number(ratio, 3) for ratio in both)
    return f"θ₂ against θ₁: the second derivatives are as {true} to 1, the estimates as {estimated} to 1."


# Two rules that use it


def descents(surface: Surface, start: Sequence[float], rate: float, share: float) -> Runs:
    """The best step and Newton's, or this share of them, beside gradient descent."""
    rules = {name: OPTIMIZERS[name](learning_rate=share) for name in ("BestStep", "Newton")}
    rules["GradientDescent"] = OPTIMIZERS["GradientDescent"](learning_rate=rate)
    return Runs.of(surface, rules, start, UPDATES)


def rules_words(runs: Runs) -> str:
    """What makes these two rules differ on their paths, or why they do not."""
    ends = lowest_words(
        {name: runs.outcome(name) for name in runs.trajectories}, float(runs.trajectories["Newton"].loss[0])
    )
    best, newton = (runs.trajectories[name].theta for name in ("BestStep", "Newton"))
    points = np.concatenate([best, newton]).T
    points = points[:, np.isfinite(points).all(axis=0)]
    with np.errstate(all="ignore"):
        hessian = runs.surface.hessian(points)
        mixed = np.abs(hessian[0, 1]) > ROUNDING * largest_entry(hessian)
        same = np.allclose(best, newton, rtol=1e-9, atol=1e-9, equal_nan=True)
    if same:
        return f"**Both rules take the same path here.** {'' if mixed.any() else _SAME}{ends}"
    if mixed.any():
        start = runs.surface.hessian(best[0])
        return (
            "The best step looks at each parameter alone. Newton's rule also takes into account how one slope changes "
            f"with the other parameter: ∂²L/∂θ₁∂θ₂, which is {number(float(start[0, 1]))} at the start. {ends}"
        )
    return (
        "∂²L/∂θ₁∂θ₂ is zero along these paths. The rules differ only where a second derivative is negative: there the "
        f"best step goes against the slope, and Newton's rule goes to the top of the parabola. {ends}"
    )


_SAME = (
    "∂²L/∂θ₁∂θ₂ is zero all along it, so Newton's rule, too, only divides each first derivative by its own second "
    "derivative. "
)


# Try this

_STEEP_AND_NEAR = {"first": 3.0, "bend1": 0.5, "second": 1.0, "bend2": 4.0}


def _off_the_floor(rule: str, after: int) -> Quantity[Runs]:
    """How far a run on the ravine is from its floor θ₂ = sin θ₁ at most, from an update on."""

    def most(runs: Runs) -> float:
        theta1, theta2 = runs.path(rule)[:, after:]
        return np.abs(theta2 - np.sin(theta1)).max()

    return Quantity(f"The largest distance of {rule} to the floor, from update {after} on,", most)


TRIES = (
    Try(
        "Same parabola, farther out",
        "At x₀ = 4 the first derivative is 4. At x₀ = 2, half as far from the minimum, it is 2.",
        {"view": ONE, "a": 0.5, "b": 0.0, "x0": 4.0},
        evidence=lambda: [Facts.of(Parabola(0.5, 0.0), x) for x in (4.0, 2.0)],
        claims=(
            Quantity("The first derivative at 4", lambda facts: facts[0].slope).exactly(4),
            Quantity("The first derivative at 2", lambda facts: facts[1].slope).exactly(2),
            Quantity("The distance from 4", lambda facts: facts[0].distance / facts[1].distance).exactly(2),
        ),
    ),
    Try(
        "Larger derivative, but nearer",
        "θ₂ has the larger first derivative, because its parabola is steep. Yet θ₁ has three times as far to go.",
        {"view": TWO, **_STEEP_AND_NEAR},
        good=False,
        evidence=lambda: two_facts(**_STEEP_AND_NEAR),
        claims=(
            is_true("θ₂ has the larger first derivative", lambda facts: facts[1].slope > facts[0].slope),
            is_true("θ₂ has the steeper parabola", lambda facts: facts[1].bend > facts[0].bend),
            Quantity("θ₁'s way by θ₂'s", lambda facts: facts[0].distance / facts[1].distance).about(3, 1e-9),
        ),
    ),
    Try(
        "Along the ravine",
        "From its second update on, the best step stays within 0.02 of the floor θ₂ = sin θ₁, and creeps along it. "
        "Newton's step leaves the floor by 2.4 on the way, and is at the minimum after five updates.",
        {"view": RULES, **_RAVINE, "share": 1.0},
        evidence=lambda: descents(SURFACES["ravine"], (-3.2, -1.5), 0.02, 1.0),
        claims=(
            _off_the_floor("BestStep", after=2).at_most(0.02),
            ends_as("BestStep", OutcomeKind.STILL_MOVING),
            _off_the_floor("Newton", after=1).about(2.4),
            arrival("Newton", (0.0, 0.0), 1e-3).exactly(5),
            ends_as("Newton", OutcomeKind.GLOBAL_MINIMUM),
        ),
    ),
)
