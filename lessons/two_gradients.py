"""The lesson on numerical gradients: how wrong differences are for which width, in words, and its tries."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lessons.claims import Quantity, is_true
from lessons.tries import Try
from lessons.words import number
from optimizers.numerical_gradient import central, one_sided
from surfaces import SURFACES, Surface

WIDTHS = 10.0 ** np.arange(-16, 0.51, 0.25)
# An error so many times the least one is clearly larger; below this share of the largest one, it is rounding.
CLEARLY, ROUNDING = 10.0, 1e-9


def place_of(power: float) -> int:
    """The place among WIDTHS of 10 to this power, or of the nearest one."""
    return int(np.abs(np.log10(WIDTHS) - power).argmin())


def differences(surface: Surface, point: np.ndarray) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Both kinds of numerical gradient at a point (2,) for all WIDTHS, and the lengths of their errors, by kind."""
    exact = surface.gradient(point)
    with np.errstate(all="ignore"):
        estimates = {"one-sided": one_sided(surface, point, WIDTHS), "central": central(surface, point, WIDTHS)}
        errors = {kind: np.hypot(*(estimate - exact[:, None])) for kind, estimate in estimates.items()}
    return estimates, errors


def difference_words(surface: Surface, point: np.ndarray, errors: Mapping[str, np.ndarray]) -> str:
    """Which widths are best at this point, and what a larger and a smaller one would do here."""
    best = {kind: float(WIDTHS[np.nanargmin(error)]) for kind, error in errors.items()}
    largest = max(float(error[np.isfinite(error)].max()) for error in errors.values())
    rounding = ROUNDING * max(largest, float(np.hypot(*surface.gradient(point))))
    farther = {kind: _clearly(error[WIDTHS > best[kind]], error, rounding) for kind, error in errors.items()}
    nearer = {kind: _clearly(error[WIDTHS < best[kind]], error, 0.0) for kind, error in errors.items()}
    return (
        f"Of the widths drawn, none does better here than h = **{number(best['one-sided'], 2)}** for one-sided and h = "
        f"**{number(best['central'], 2)}** for central differences. {_farther(farther)} {_nearer(nearer)}"
    )


def _clearly(errors: np.ndarray, all_errors: np.ndarray, rounding: float) -> bool:
    """True where some of these errors are clearly above the least one."""
    most = errors[np.isfinite(errors)].max(initial=0.0)
    return bool(most > max(CLEARLY * float(np.nanmin(all_errors)), rounding))


def _farther(harmed: Mapping[str, bool]) -> str:
    kinds = [kind for kind, is_harmed in harmed.items() if is_harmed]
    if not kinds:
        return "A larger h does no harm here."
    spared = "" if len(kinds) == 2 else " For the other kind a larger h does no harm: its errors on both sides cancel."
    which = "the differences reach" if len(kinds) == 2 else f"the {kinds[0]} difference reaches"
    return f"With a larger h, {which} too far: on the way the slope changes.{spared}"


def _nearer(harmed: Mapping[str, bool]) -> str:
    kinds = [kind for kind, is_harmed in harmed.items() if is_harmed]
    if not kinds:
        return "A smaller h does no harm here."
    spared = "" if len(kinds) == 2 else f" The {next(kind for kind in harmed if kind not in kinds)} one is spared here."
    which = "the two losses" if len(kinds) == 2 else f"the two losses of the {kinds[0]} difference"
    return (
        f"With a smaller h, {which} agree in nearly all of their 16 digits, and the difference keeps only the rest."
        f"{spared}"
    )


# Try this

_START = {"surface": "himmelblau", "theta1": -0.5, "theta2": -1.0}


@dataclass(frozen=True)
class Errors:
    """The errors of both kinds of differences at the tries' point, by kind, for all WIDTHS."""

    of: Mapping[str, np.ndarray]

    def at(self, kind: str, power: float) -> float:
        """The error of a kind with h = 10 to this power."""
        return float(self.of[kind][place_of(power)])


def _errors() -> Errors:
    point = np.array([_START["theta1"], _START["theta2"]])
    return Errors(differences(SURFACES[_START["surface"]], point)[1])


def _ratio(kind: str, power: float, other: str, of_other: float) -> Quantity[Errors]:
    words = f"The {kind} error at 1e{power:g} by the {other} one at 1e{of_other:g}"
    return Quantity(words, lambda errors: errors.at(kind, power) / errors.at(other, of_other))


TRIES = (
    Try(
        "A wide difference",
        "With h = 0.1 the central difference is more than ten times better than the one-sided one: the bends on both "
        "sides of the point cancel.",
        {**_START, "power": -1.0},
        evidence=_errors,
        claims=(_ratio("one-sided", -1, "central", -1).at_least(10),),
    ),
    Try(
        "Ten times narrower",
        "From h = 0.1 to h = 0.01 the one-sided error falls to about a tenth, the central one to about a hundredth.",
        {**_START, "power": -2.0},
        evidence=_errors,
        claims=(
            _ratio("one-sided", -1, "one-sided", -2).between(8, 12),
            _ratio("central", -1, "central", -2).between(90, 110),
        ),
    ),
    Try(
        "Too narrow",
        "With h near 1e−15 both are worse than with h = 0.001: the two losses agree in nearly all of their digits, and "
        "rounding is all that is left of their difference.",
        {**_START, "power": -15.0},
        good=False,
        evidence=_errors,
        claims=(
            *(_ratio(kind, -15, kind, -3).at_least(2) for kind in ("one-sided", "central")),
            is_true("Both errors are there", lambda errors: all(errors.at(kind, -15) > 0 for kind in errors.of)),
        ),
    ),
)
