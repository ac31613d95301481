"""The red circle, in five parts: what is computed for each, and what its tries promise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lessons.claims import Quantity, is_true
from lessons.falling import Change, changes, first_failure
from lessons.series import Series, series
from lessons.tries import Try
from lessons.words import number
from optimizers import OPTIMIZERS, Trajectory, run
from surfaces import SURFACES, Surface
from surfaces.curves import CURVES
from surfaces.steps import newton_step
from surfaces.taylor import RedCircle, fitted_slope, model_errors, model_value, red_circle

RULE, UPDATES = "GradientDescent", 30
HIGHEST_ORDER = 10
_EPSILON = float(np.finfo(float).eps)


def circle(surface: str, theta1: float, theta2: float, radius: float, order: int = 1) -> RedCircle:
    """The red circle of a setting of the lesson."""
    return red_circle(SURFACES[surface], (theta1, theta2), radius, order)


def clear_errors(surface: Surface, center: np.ndarray, radii: np.ndarray, order: int) -> tuple[np.ndarray, float]:
    """The largest error of a model on circles of these radii (n,), nan where it is not above rounding, and its slope on
    logarithmic axes where the circles are small; nan where it has none."""
    angle = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    rim = center[:, None, None] + radii[:, None] * np.stack([np.cos(angle), np.sin(angle)])[:, None]
    errors = model_errors(surface, center, radii, order)
    with np.errstate(all="ignore"):
        model = np.abs(model_value(surface, center, rim, order))
        rounding = np.fmax(surface.rounding(rim), 4 * _EPSILON * model).max(axis=-1)
        return np.where(errors > rounding, errors, np.nan), fitted_slope(radii, errors, rounding)


@dataclass(frozen=True, eq=False)
class Step:
    """One step from the centre: its name, where it goes, what its model promised, and how the loss changed."""

    name: str
    end: np.ndarray
    promised: float
    happened: float


ON_THE_RIM, LOWEST, NEWTON = (
    "Gradient step, on the rim",
    "Lowest point of the quadratic in the circle",
    "Newton's full step",
)


def three_steps(surface: Surface, quadratic: RedCircle) -> list[Step]:
    """The gradient step, the lowest point of the quadratic in the circle, and Newton's step, those that exist."""
    center, gradient = quadratic.center, surface.gradient(quadratic.center)
    steps = []
    if gradient.any():
        plane = red_circle(surface, center, quadratic.radius, 1)
        steps.append(Step(ON_THE_RIM, plane.model_minimizer, plane.predicted_change, plane.actual_change))
    steps.append(Step(LOWEST, quadratic.model_minimizer, quadratic.predicted_change, quadratic.actual_change))
    step = newton_step(gradient, surface.hessian(center))
    if np.isfinite(step).all():
        change = float(surface.value(center + step) - surface.value(center))
        steps.append(Step(NEWTON, center + step, float(gradient @ step) / 2, change))
    return steps


# Part 4: always smaller?


def descent(rate: float | np.ndarray, surface: Surface, start: np.ndarray) -> Trajectory:
    """A run of this lesson."""
    return run(OPTIMIZERS[RULE](learning_rate=rate), surface, start, UPDATES)


def largest_rate_that_holds(surface: Surface, start: np.ndarray, rates: Sequence[float]) -> float:
    """The largest rate with which every update lowers the loss, if there is one; else the largest with which none
    fails; else the smallest of all."""
    kinds = changes(surface, descent(np.array(rates), surface, start))
    falling = [rate for rate, row in zip(rates, kinds.T, strict=True) if (row == Change.FALLS).all()]
    holding = [rate for rate, row in zip(rates, kinds.T, strict=True) if first_failure(row) is None]
    return float(max(falling or holding or rates[:1]))


def two_runs_in_words(surface: Surface, first: Trajectory, safe: float, second: Trajectory) -> str:
    """What the updates of the run with a safe rate do to the loss, and those of a second run."""
    falls = (changes(surface, second) == Change.FALLS).any()
    holds = first_failure(changes(surface, second)) is None
    said = held_in_words(surface, second)
    other = (
        f"The second run holds too: {said} Choose a larger η for it."
        if holds and falls
        else f"In the second run {said}"
    )
    return f"With η = {number(safe)} {held_in_words(surface, first)} {other}"


def held_in_words(surface: Surface, path: Trajectory) -> str:
    """What the updates of a run do to the loss, up to the first that fails."""
    kinds = changes(surface, path)
    failed = first_failure(kinds)
    if failed is not None:
        before, after = (float(loss) for loss in path.loss[failed - 1 : failed + 1])
        if not math.isfinite(after):
            end = f"after a loss of {number(before)} there is no finite number"
        elif kinds[failed - 1] == Change.STAYS:
            end = f"the loss stays at {number(before)}"
        else:
            end = f"the loss rises {_apart(before, after)}"
        return f"it fails first at **update {failed}**: {end}."
    falls = np.flatnonzero(kinds == Change.FALLS)
    if len(falls) == UPDATES:
        return f"the loss falls at every one of {UPDATES} updates."
    if not falls.size:
        return "no update changes the loss: the slope or the steps are too small."
    return f"the loss falls up to update {falls[-1] + 1}, and then no more than rounding is left."


def _apart(before: float, after: float) -> str:
    """Two numbers, with digits enough to tell them apart."""
    digits = next((count for count in range(4, 17) if number(before, count) != number(after, count)), 17)
    return f"from {number(before, digits)} to {number(after, digits)}"


# What the tries promise


def _series_try(title: str, look_at: str, state: dict, *claims, good: bool = True) -> Try:
    def evidence() -> Series:
        return series(CURVES[state["curve"]], state["center"], state["order1"], state["tolerance"])

    return Try(title, look_at, state, good, evidence, claims)


def _circle_try(title: str, look_at: str, state: dict, *claims, good: bool = True) -> Try:
    """A try of a part with a circle; the second-order part, whose state has no order, looks at the quadratic."""
    return Try(
        title, look_at, state, good, lambda: Circle(SURFACES[state["surface"]], circle(**{"order": 2, **state})), claims
    )


def _descent_try(title: str, look_at: str, state: dict, *claims, good: bool = True) -> Try:
    def evidence() -> np.ndarray:
        surface = SURFACES[state["surface"]]
        return changes(surface, descent(state["rate"], surface, np.array([state["theta1"], state["theta2"]])))

    return Try(title, look_at, state, good, evidence, claims)


@dataclass(frozen=True, eq=False)
class Circle:
    """A circle and the surface that it lies on."""

    surface: Surface
    circle: RedCircle

    def disc(self) -> np.ndarray:
        """Points that fill the disc evenly, (2, n)."""
        angle, share = np.meshgrid(np.linspace(0, 2 * np.pi, 60, endpoint=False), np.sqrt(np.linspace(0, 1, 40)))
        return self.circle.center[:, None] + self.circle.radius * share.ravel() * np.stack(
            [np.cos(angle).ravel(), np.sin(angle).ravel()]
        )

    def misfit(self, order: int) -> float:
        """The largest error of a model in the disc, as a share of the difference in height there."""
        points = self.disc()
        values = self.surface.value(points)
        return float(
            np.abs(model_value(self.surface, self.circle.center, points, order) - values).max() / np.ptp(values)
        )

    def likeness(self, order: int) -> float:
        """The correlation of a model with the loss in the disc."""
        points = self.disc()
        model = model_value(self.surface, self.circle.center, points, order)
        return float(np.corrcoef(model, self.surface.value(points))[0, 1])

    def newton(self) -> Step:
        """Newton's full step from the centre."""
        return next(step for step in three_steps(self.surface, self.circle) if step.name == NEWTON)

    def angle_to(self, point: np.ndarray) -> float:
        """The angle between -∇L and the way to a point, in degrees."""
        downhill, way = -self.surface.gradient(self.circle.center), point - self.circle.center
        return math.degrees(math.acos(downhill @ way / np.hypot(*downhill) / np.hypot(*way)))


def misfit(order: int) -> Quantity[Circle]:
    """The largest error of the plane (1) or the quadratic (2) in the disc, as a share of the heights there."""
    return Quantity(
        f"The largest error of the model of order {order}, as a share of the heights", lambda c: c.misfit(order)
    )


def likeness(order: int) -> Quantity[Circle]:
    """How a model and the loss go together in the disc: 1 where they rise and fall alike, 0 where not at all."""
    return Quantity(f"The correlation of the model of order {order} with the loss", lambda c: c.likeness(order))


explained = Quantity[Circle](
    "The actual change over the predicted one", lambda c: float(c.circle.actual_change / c.circle.predicted_change)
)
low_curvature, high_curvature = (
    Quantity[Circle](
        f"Eigenvalue {place} of H", lambda c, at=place: np.linalg.eigvalsh(c.surface.hessian(c.circle.center))[at]
    )
    for place in (0, 1)
)
newton_change = Quantity[Circle]("The change of the loss by Newton's full step", lambda c: c.newton().happened)
newton_distance = Quantity[Circle](
    "The distance from Newton's step to the nearest minimum",
    lambda c: min(np.hypot(*(c.newton().end - minimum)) for minimum in c.surface.minima),
)
slope_left = Quantity[Circle](
    "The slope after Newton's full step, as a share of the slope before",
    lambda c: np.hypot(*c.surface.gradient(c.newton().end)) / np.hypot(*c.surface.gradient(c.circle.center)),
)
width = Quantity[Series]("The width of the band", lambda known: known.interval[1] - known.interval[0])
failure = Quantity[np.ndarray]("The first update that fails, 0 if none does", lambda kinds: first_failure(kinds) or 0)

ONE_VARIABLE = (
    _series_try(
        "Only the first two terms",
        "Order 1 is the tangent. It is good near the centre. Further out it leaves the curve: keep the circle small.",
        {"curve": "sine", "center": math.pi / 4, "order1": 1, "tolerance": 0.1},
        Quantity("The number of terms", lambda known: known.order + 1).exactly(2),
        width.between(0.5, 1.5),
        Quantity(
            "The error at the edges of the picture", lambda known: np.abs(known.error(np.array(known.curve.view))).min()
        ).at_least(1),
    ),
    _series_try(
        "Ten terms of the sine",
        "The lecture's example: around π/4, order 10 adds ten terms to the constant. It follows the sine for more than "
        "a whole wave.",
        {"curve": "sine", "center": math.pi / 4, "order1": 10, "tolerance": 0.1},
        Quantity(
            "The number of terms beside the constant", lambda known: sum(c != 0 for c in known.coefficients[1:])
        ).exactly(10),
        width.at_least(2 * math.pi),
    ),
    _series_try(
        "More terms do not help",
        "The function is smooth, yet no order keeps the error below 0.1 beyond |x| = 1. A model is local, whatever its "
        "order.",
        {"curve": "bell", "center": 0.0, "order1": 10, "tolerance": 0.1},
        Quantity(
            "The farthest end of the bands of all orders",
            lambda known: max(
                abs(end)
                for order in range(HIGHEST_ORDER + 1)
                for end in series(known.curve, known.center, order, 0.1).interval
            ),
        ).at_most(1),
        good=False,
    ),
)
TWO_VARIABLES = (
    _circle_try(
        "A small circle",
        "Inside a small circle the plane stays close to the surface: its error is less than a tenth of the heights "
        "there.",
        {"surface": "himmelblau", "theta1": -2.0, "theta2": -1.0, "radius": 0.5, "order": 1},
        misfit(1).at_most(0.1),
    ),
    _circle_try(
        "The quadratic bends with the surface",
        "A model with curvature: its level lines bend much as the lines of the map do. Compare it with the plane.",
        {"surface": "himmelblau", "theta1": 0.0, "theta2": 2.5, "radius": 1.0, "order": 2},
        likeness(2).at_least(0.98),
        likeness(1).at_most(0.8),
    ),
    _circle_try(
        "A big circle",
        "The straight red lines have nothing to do with the map any more.",
        {"surface": "rastrigin", "theta1": 2.3, "theta2": -1.7, "radius": 1.0, "order": 1},
        likeness(1).between(-0.2, 0.2),
        good=False,
    ),
)
INSIDE = (
    _circle_try(
        "Small enough",
        "Predicted and actual change agree. Make the circle bigger, step by step, and compare them again.",
        {"surface": "himmelblau", "theta1": -2.0, "theta2": -1.0, "radius": 0.5, "order": 1},
        explained.about(1, 0.01),
    ),
    _circle_try(
        "Shrink it until they agree",
        "In the narrow valley the loss falls by 81 % of what the plane promised. How small must the circle be for "
        "90 %?",
        {"surface": "ravine", "theta1": -1.0, "theta2": 0.5, "radius": 0.5, "order": 1},
        explained.reads("0.81"),
        Quantity[Circle](
            "The actual change over the predicted one with radius 0.25",
            lambda c: explained.measure(Circle(c.surface, red_circle(c.surface, c.circle.center, 0.25))),
        ).at_least(0.9),
    ),
    _circle_try(
        "Promised a drop, and rose",
        "The plane only knows the slope at the centre. Across the valley the wall is waiting.",
        {"surface": "rosenbrock", "theta1": -1.2, "theta2": 1.0, "radius": 0.5, "order": 1},
        explained.at_most(0),
        Quantity[Circle]("The predicted change", lambda c: c.circle.predicted_change).at_most(0),
        good=False,
    ),
)
_HERE = {"surface": "himmelblau", "theta1": -2.0, "theta2": -1.0}
ALWAYS_SMALLER = (
    _descent_try(
        "A large step that fails",
        "Look for the red circle: that is the first update after which the loss is higher than before.",
        {**_HERE, "rate": 0.028},
        failure.between(1, UPDATES),
        is_true("The loss rises there", lambda kinds: kinds[first_failure(kinds) - 1] == Change.RISES),
        good=False,
    ),
    _descent_try(
        "A small step that holds",
        "The circles of this run are small enough, every time.",
        {**_HERE, "rate": 0.01},
        Quantity("The number of updates that lower the loss", lambda kinds: (kinds == Change.FALLS).sum()).exactly(
            UPDATES
        ),
    ),
)
SECOND_ORDER = (
    _circle_try(
        "Newton wins",
        "In the long valley −∇L points at the wall, far from the way to the minimum. Newton's step goes there at once.",
        {"surface": "ellipse", "theta1": -3.0, "theta2": 0.5, "radius": 4.0},
        newton_distance.at_most(1e-12),
        Quantity[Circle](
            "The angle between −∇L and the way to the minimum", lambda c: c.angle_to(c.surface.minima[0])
        ).between(60, 90),
    ),
    _circle_try(
        "Newton climbs",
        "Near the hilltop both curvatures are negative. Newton's full step goes up, close to the top, where the slope "
        "is zero.",
        {"surface": "himmelblau", "theta1": -0.5, "theta2": -1.0, "radius": 1.0},
        high_curvature.at_most(0),
        newton_change.at_least(0),
        slope_left.at_most(0.05),
        good=False,
    ),
    _circle_try(
        "Far from the minimum",
        "Both curvatures are positive, but small beside those at the minimum. So the quadratic has its bottom far "
        "away, where the loss has a wall. Inside the circle the quadratic is good.",
        {"surface": "styblinski_tang", "theta1": 1.9, "theta2": 1.9, "radius": 0.5},
        low_curvature.at_least(0),
        Quantity[Circle](
            "The largest curvature, as a share of that at the minimum",
            lambda c: high_curvature.measure(c) / np.linalg.eigvalsh(c.surface.hessian(c.surface.minima[0]))[1],
        ).at_most(0.25),
        Quantity[Circle](
            "The length of Newton's step over the radius",
            lambda c: np.hypot(*(c.newton().end - c.circle.center)) / c.circle.radius,
        ).at_least(5),
        newton_change.at_least(50),
        explained.about(1, 0.1),
        good=False,
    ),
)
TRIES = (*ONE_VARIABLE, *TWO_VARIABLES, *INSIDE, *ALWAYS_SMALLER, *SECOND_ORDER)
