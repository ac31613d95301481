"""Good and bad settings for every surface, each with what to look at, and the promises that this makes."""

from collections.abc import Mapping

import numpy as np

from lessons.claims import (
    Claim,
    Quantity,
    Runs,
    arrival,
    coordinate,
    crossings,
    detour,
    distance,
    ends_at,
    global_minima,
    instead,
    largest_curvature,
    last_crossing,
    learning_rate,
    limit,
    longest_step,
    loss,
    loss_at,
    lowest_loss,
    mean_step,
    nearest_approach,
    nearest_stationary,
    picture_width,
    rate_over_limit,
    share_of_loss_gone,
    slope,
    smallest_curvature,
    stationary_points,
    stays_in_picture,
    steepest,
    step_length,
    updates_in_picture,
    updates_of_falling_distance,
    updates_of_falling_loss,
    updates_of_growing_steps,
    updates_of_rising_loss,
    updates_of_shrinking_steps,
    updates_to_tolerance,
    way,
)
from lessons.formula_presets import formula_presets
from lessons.preset import Preset
from lessons.settings import Settings, arguments
from optimizers import SCHEDULES
from optimizers.hyperparameters import hyperparameters
from optimizers.kinds import OutcomeKind
from surfaces.names import is_typed

GLOBAL, LOCAL = OutcomeKind.GLOBAL_MINIMUM, OutcomeKind.LOCAL_MINIMUM
MOVING, OSCILLATES = OutcomeKind.STILL_MOVING, OutcomeKind.OSCILLATING
SADDLE, PLATEAU, MAXIMUM = OutcomeKind.SADDLE, OutcomeKind.PLATEAU, OutcomeKind.MAXIMUM
LEFT, DIVERGED = OutcomeKind.LEFT, OutcomeKind.DIVERGED

DESCENT, MOMENTUM, ADAM = "GradientDescent", "Momentum", "Adam"
ORIGIN, ALONG_1, ALONG_2 = (0.0, 0.0), (1.0, 0.0), (0.0, 1.0)

Kinds = Mapping[str, OutcomeKind]
Claims = tuple[Claim[Runs], ...]


def _good(surface: str, title: str, look_at: str, expects: Kinds, claims: Claims, **settings) -> Preset:
    return Preset(surface, title, True, look_at, expects, claims, settings)


def _bad(surface: str, title: str, look_at: str, expects: Kinds, claims: Claims, **settings) -> Preset:
    return Preset(surface, title, False, look_at, expects, claims, settings)


def _hollows_visited(rule: str) -> Quantity[Runs]:
    """How many squares around whole numbers a path has points in: each of them is a hollow of Rastrigin's surface."""
    return Quantity(
        f"The number of hollows that {rule} visits", lambda runs: len(np.unique(runs.path(rule).T.round(), axis=0))
    )


def _dents_nearer_to_the_tip(rule: str) -> Quantity[Runs]:
    """How many minima of Ackley's surface lie nearer to its tip than a run ends, without the tip itself."""

    def count(runs: Runs) -> int:
        away = np.hypot(*np.transpose(runs.stationary("minimum")))
        return int(((away > 0.1) & (away < np.hypot(*runs.path(rule)[:, -1]) - 0.01)).sum())

    return Quantity(f"The number of dents that are nearer to the tip than the end of {rule}", count)


def _angle_of_the_long_axis(point: tuple[float, float]) -> Quantity[Runs]:
    """The angle, in degrees from 0 to 90, between the direction of least curvature and the nearer of the two axes."""

    def angle(runs: Runs) -> float:
        _, directions = np.linalg.eigh(runs.surface.hessian(np.array(point)))
        return float(np.degrees(np.arctan2(*np.sort(np.abs(directions[:, 0])))))

    return Quantity("The angle between the long axis and the nearer parameter", angle)


def _to_the_floor(rule: str, update: int) -> Quantity[Runs]:
    """How far a run is from the curve θ₂ = sin θ₁, the floor of the ravine, along θ₂."""

    def height(runs: Runs) -> float:
        theta1, theta2 = runs.path(rule)[:, update]
        return abs(theta2 - np.sin(theta1))

    return Quantity(f"The distance of {rule} to the floor after update {update}", height)


PRESETS: tuple[Preset, ...] = (
    _good(
        "bowl",
        "Straight to the minimum",
        "On a round bowl the way downhill always points at the minimum: both paths are straight. Momentum runs past it "
        "and comes back.",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL},
        (
            largest_curvature(ORIGIN).over(smallest_curvature(ORIGIN)).about(1, 1e-9),
            detour(DESCENT).at_most(1e-6),
            detour(MOMENTUM).at_most(1e-6),
            updates_of_falling_distance(DESCENT, ORIGIN).exactly(200),
            crossings(DESCENT, ORIGIN, (-4, 3)).exactly(0),
            crossings(MOMENTUM, ORIGIN, (-4, 3)).at_least(2),
        ),
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "bowl",
        "The limit 2/λ",
        "The curvature is 2, so η = 1 is the limit: every step lands at the same height on the other side.",
        {DESCENT: OSCILLATES},
        (
            largest_curvature(ORIGIN).about(2, 1e-9),
            limit(ORIGIN).about(1, 1e-9),
            rate_over_limit(DESCENT, ORIGIN).about(1, 1e-9),
            crossings(DESCENT, ORIGIN, (-4, 3)).exactly(100),
            loss(DESCENT, 1).over(loss(DESCENT, 0)).about(1, 1e-9),
            loss(DESCENT).over(loss(DESCENT, 0)).about(1, 1e-9),
        ),
        learning_rate=1.0,
    ),
    _good(
        "ellipse",
        "Below the limit",
        "The limit is 2/50 = 0.04. After 10 updates the zigzag of gradient descent is narrower than 0.1, and it "
        "creeps. Momentum zigzags longer, but is sooner there.",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL},
        (
            largest_curvature(ORIGIN).reads("50"),
            limit(ORIGIN).reads("0.04"),
            rate_over_limit(DESCENT, ORIGIN).at_most(0.9),
            last_crossing(DESCENT, ORIGIN, ALONG_2, 0.1).reads("10"),
            crossings(MOMENTUM, ORIGIN, ALONG_2).at_least(50),
            step_length(DESCENT, 15).over(step_length(DESCENT)).at_most(0.1),
            last_crossing(MOMENTUM, ORIGIN, ALONG_2, 0.1).at_least(30),
            updates_to_tolerance(DESCENT).minus(updates_to_tolerance(MOMENTUM)).at_least(5),
            arrival(DESCENT, ORIGIN, 0.05).minus(arrival(MOMENTUM, ORIGIN, 0.05)).at_least(5),
        ),
        learning_rate=0.035,
        updates=200,
    ),
    _bad(
        "ellipse",
        "Just above the limit",
        "The limit is 2/50 = 0.04. At η = 0.041 each zigzag is a little wider than the last one.",
        {DESCENT: LEFT},
        (
            largest_curvature(ORIGIN).reads("50"),
            limit(ORIGIN).reads("0.04"),
            rate_over_limit(DESCENT, ORIGIN).between(1, 1.05),
            crossings(DESCENT, ORIGIN, ALONG_2).exactly(200),
            updates_of_growing_steps(DESCENT).exactly(199),
            step_length(DESCENT, 2).over(step_length(DESCENT)).between(1, 1.1),
        ),
        learning_rate=0.041,
        updates=200,
    ),
    _good(
        "tilted_ellipse",
        "Curvature knows the tilt",
        "Newton and conjugate gradient use the curvature, so the tilt does not matter: they need one and two updates. "
        "Gradient descent needs 57 to 0.1 %.",
        {"Newton": GLOBAL, "ConjugateGradient": GLOBAL, DESCENT: GLOBAL},
        (
            arrival("Newton", ORIGIN, 1e-9).exactly(1),
            arrival("ConjugateGradient", ORIGIN, 1e-9).exactly(2),
            updates_to_tolerance(DESCENT).reads("57"),
        ),
        learning_rate=0.05,
        updates=150,
    ),
    _bad(
        "tilted_ellipse",
        "One rate per parameter",
        "Adagrad and RMSProp scale θ₁ and θ₂ separately. The long axis lies between them, so at this η plain gradient "
        "descent ends ahead of both.",
        {"Adagrad": MOVING, "RMSProp": MOVING, DESCENT: GLOBAL},
        (
            distance("Adagrad", ORIGIN).over(distance(DESCENT, ORIGIN)).at_least(10),
            distance("RMSProp", ORIGIN).over(distance(DESCENT, ORIGIN)).at_least(10),
            _angle_of_the_long_axis(ORIGIN).about(45, 1e-6),
        ),
        learning_rate=0.03,
        updates=200,
    ),
    _good(
        "rosenbrock",
        "Along the curved valley",
        "After 2 updates gradient descent is in the valley, and creeps from there. BFGS learns the curvature and is at "
        "the end after 34 updates, Newton after 5.",
        {DESCENT: MOVING, "Newton": GLOBAL, "BFGS": GLOBAL},
        (
            slope(DESCENT, 2).over(slope(DESCENT, 0)).at_most(0.01),
            step_length(DESCENT, 3).at_most(0.002),
            distance(DESCENT, (1, 1)).at_least(1.5),
            arrival("BFGS", (1, 1), 1e-3).reads("34"),
            arrival("Newton", (1, 1), 1e-3).reads("5"),
        ),
        learning_rate=0.001,
        updates=200,
    ),
    _bad(
        "rosenbrock",
        "Too large for the walls",
        "The wall is steep: at the start η is 7.5 times 2/λ. Gradient descent climbs with every step. Adam takes small "
        "steps and stays, but is far from the goal.",
        {DESCENT: DIVERGED, ADAM: MOVING},
        (
            rate_over_limit(DESCENT, (-1.2, 1)).reads("7.5"),
            updates_of_rising_loss(DESCENT).at_least(5),
            longest_step(ADAM).at_most(0.0142),
            stays_in_picture(ADAM),
            distance(ADAM, (1, 1)).at_least(2),
        ),
        learning_rate=0.01,
        updates=200,
    ),
    _good(
        "himmelblau",
        "One start, two minima",
        "The same start and the same η: gradient descent stops at (3, 2). The ball rolls on into another valley, to "
        "(3.58, −1.85).",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL},
        (
            learning_rate(DESCENT).over(learning_rate(MOMENTUM)).exactly(1),
            ends_at(DESCENT, (3, 2)),
            nearest_approach(MOMENTUM, (3, 2)).at_most(0.5),
            ends_at(MOMENTUM, (3.58, -1.85)),
        ),
        learning_rate=0.01,
        start=(0.0, 0.0),
        updates=200,
    ),
    _good(
        "himmelblau",
        "A rate for each rule",
        "Adam’s longest update is 1.4 times its η, so it gets 0.2, and the others keep 0.01. Now it needs 67 updates "
        "to 0.1 %. With 0.01 it would need 316.",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL, ADAM: GLOBAL},
        (
            learning_rate(ADAM).reads("0.2"),
            learning_rate(DESCENT).reads("0.01"),
            learning_rate(MOMENTUM).reads("0.01"),
            longest_step(ADAM).over(learning_rate(ADAM)).reads("1.4"),
            updates_to_tolerance(ADAM).reads("67"),
            instead(updates_to_tolerance(ADAM), ADAM, updates=1000, learning_rate=0.01).reads("316"),
        ),
        learning_rate=0.01,
        same_rate=False,
        values={"Adam.learning_rate": 0.2},
        updates=200,
    ),
    _bad(
        "himmelblau",
        "Newton climbs",
        "The start lies near a hilltop. Newton looks for a place without slope, and the hilltop is the nearest one. "
        "Damped Newton turns downhill.",
        {"Newton": MAXIMUM, "DampedNewton": GLOBAL},
        (
            nearest_stationary("maximum", "Newton").at_most(0.3),
            nearest_stationary("saddle", "Newton").over(nearest_stationary("maximum", "Newton")).at_least(2),
            nearest_stationary("minimum", "Newton").over(nearest_stationary("maximum", "Newton")).at_least(2),
            nearest_stationary("maximum", "Newton", -1).at_most(1e-6),
            loss("Newton").minus(loss("Newton", 0)).at_least(1),
            updates_of_falling_loss("DampedNewton").at_least(7),
        ),
        updates=30,
    ),
    _good(
        "beale",
        "Patience on the flat floor",
        "After 20 updates of gradient descent the slope has fallen from 99 to 6, and it falls on. To 0.1 % of the loss "
        "it needs 291 updates, momentum 65.",
        {DESCENT: MOVING, MOMENTUM: GLOBAL},
        (
            slope(DESCENT, 0).reads("99"),
            slope(DESCENT, 20).reads("6"),
            slope(DESCENT).at_most(0.1),
            updates_to_tolerance(DESCENT).reads("291"),
            updates_to_tolerance(MOMENTUM).reads("65"),
        ),
        learning_rate=0.005,
        updates=600,
    ),
    _bad(
        "beale",
        "Over the wall",
        "The first step is 5 long and lands high on a wall, where the loss is 686 and not 41. From there the next step "
        "is 103 long.",
        {DESCENT: DIVERGED},
        (
            step_length(DESCENT).reads("5"),
            loss(DESCENT, 0).reads("41"),
            loss(DESCENT, 1).reads("686"),
            step_length(DESCENT, 2).reads("103"),
            updates_in_picture(DESCENT).exactly(1),
        ),
        learning_rate=0.05,
    ),
    _good(
        "booth",
        "The best rate",
        "The curvatures are 2 and 18, so η = 2/(2 + 18) = 0.1 is best: every update leaves 0.8 of the distance. "
        "Momentum swings and needs longer.",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL},
        (
            smallest_curvature(ORIGIN).reads("2"),
            largest_curvature(ORIGIN).reads("18"),
            learning_rate(DESCENT).reads("0.1"),
            distance(DESCENT, (1, 3), 1).over(distance(DESCENT, (1, 3), 0)).about(0.8, 1e-9),
            distance(DESCENT, (1, 3), 20).over(distance(DESCENT, (1, 3), 19)).about(0.8, 1e-9),
            *(
                instead(arrival(DESCENT, (1, 3), 0.01), DESCENT, learning_rate=other)
                .minus(arrival(DESCENT, (1, 3), 0.01))
                .at_least(1)
                for other in (0.05, 0.09, 0.095, 0.105, 0.11)
            ),
            crossings(MOMENTUM, (1, 3), (1, -1)).at_least(2),
            updates_to_tolerance(MOMENTUM).minus(updates_to_tolerance(DESCENT)).at_least(10),
        ),
        learning_rate=0.1,
        start=(-8.0, 6.0),
        updates=200,
    ),
    _bad(
        "booth",
        "Above the limit",
        "The largest curvature is 18, so the limit is 2/18 = 0.111. At η = 0.115 the zigzag grows.",
        {DESCENT: LEFT},
        (
            largest_curvature(ORIGIN).reads("18"),
            limit(ORIGIN).reads("0.111"),
            rate_over_limit(DESCENT, ORIGIN).at_least(1.01),
            crossings(DESCENT, (1, 3), (1, 1)).exactly(100),
            updates_of_growing_steps(DESCENT).exactly(99),
        ),
        learning_rate=0.115,
    ),
    _good(
        "matyas",
        "Momentum on the flat diagonal",
        "In 10 updates gradient descent loses 98 % of the loss, then it creeps. Momentum’s step is ten times as long "
        "by then: 63 updates to 0.1 %, not 166.",
        {DESCENT: MOVING, MOMENTUM: GLOBAL},
        (
            share_of_loss_gone(DESCENT, 10).scaled(100).reads("98"),
            step_length(MOMENTUM, 10).over(step_length(DESCENT, 10)).reads("10"),
            step_length(DESCENT, 20).over(step_length(DESCENT)).at_most(0.1),
            updates_to_tolerance(MOMENTUM).reads("63"),
            updates_to_tolerance(DESCENT).reads("166"),
        ),
        learning_rate=0.2,
        updates=200,
    ),
    _bad(
        "matyas",
        "Far too careful",
        "Nothing is wrong with the direction: every update comes nearer. But after 100 updates only 2 % of the loss is "
        "gone. The limit is 2, and η is 0.0001.",
        {DESCENT: MOVING},
        (
            updates_of_falling_distance(DESCENT, ORIGIN).exactly(100),
            share_of_loss_gone(DESCENT).scaled(100).reads("2"),
            limit(ORIGIN).reads("2"),
        ),
        learning_rate=0.0001,
    ),
    _good(
        "mccormick",
        "Into the hollow",
        "The wavy slope has two hollows. Both rules stop in the first, where the loss is 1.2. In the other one it is "
        "−1.9.",
        {DESCENT: LOCAL, ADAM: LOCAL},
        (
            stationary_points("minimum").exactly(2),
            ends_at(DESCENT, (2.594, 1.594)),
            ends_at(ADAM, (2.594, 1.594)),
            loss(DESCENT).reads("1.2"),
            loss(ADAM).reads("1.2"),
            lowest_loss().reads("-1.9"),
        ),
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "mccormick",
        "Too much speed",
        "The ball rolls past both hollows. At update 16 it leaves the picture, and out there the loss falls further "
        "than the minimum: to −42.",
        {MOMENTUM: LEFT},
        (
            stationary_points("minimum").exactly(2),
            nearest_approach(MOMENTUM, (2.594, 1.594)).at_most(0.7),
            nearest_approach(MOMENTUM, (-0.547, -1.547)).at_most(0.7),
            updates_in_picture(MOMENTUM).plus(1).reads("16"),
            loss(MOMENTUM).reads("-42"),
            lowest_loss().minus(loss(MOMENTUM)).at_least(1),
        ),
        learning_rate=0.1,
    ),
    _good(
        "three_hump_camel",
        "A step that jumps the hump",
        "With η = 0.05 the first step is 2 long. It jumps over the hollow and the hump behind it; with η = 0.04 the "
        "path is trapped there.",
        {DESCENT: GLOBAL},
        (
            step_length(DESCENT).reads("2"),
            coordinate(DESCENT, 1, 0).at_most(-1.75),
            coordinate(DESCENT, 1, 1).at_least(-1.07),
            *(instead(coordinate(DESCENT, 1), DESCENT, learning_rate=less).about(-1.75) for less in (0.01, 0.02, 0.04)),
        ),
        learning_rate=0.05,
    ),
    _bad(
        "three_hump_camel",
        "Trapped beside the goal",
        "With η = 0.01 the path enters the nearest hollow and stays. The global minimum is next door.",
        {DESCENT: LOCAL},
        (
            ends_at(DESCENT, (-1.75, 0.87), 0.05),
            distance(DESCENT, (-1.75, 0.87), 0).minus(nearest_stationary("minimum", DESCENT)).between(-0.01, 0.01),
            distance(DESCENT, ORIGIN).at_most(2),
            lowest_loss().minus(loss(DESCENT)).at_most(-0.2),
        ),
        learning_rate=0.01,
        updates=200,
    ),
    _good(
        "six_hump_camel",
        "Carried over the ridge",
        "Gradient descent stops in the nearest hollow. Momentum has the speed to cross into one of the two deepest.",
        {DESCENT: LOCAL, MOMENTUM: GLOBAL},
        (
            ends_at(DESCENT, (-1.704, 0.796)),
            distance(DESCENT, (-1.704, 0.796), 0).minus(nearest_stationary("minimum", DESCENT)).between(-0.01, 0.01),
            global_minima().exactly(2),
            ends_at(MOMENTUM, (0.09, -0.713)),
        ),
        learning_rate=0.05,
        updates=200,
    ),
    _bad(
        "six_hump_camel",
        "Too large",
        "The first step overshoots and lands on the wall that rises like θ₂⁴. From there the next one is 24 long, the "
        "third 32305.",
        {DESCENT: DIVERGED},
        (
            updates_in_picture(DESCENT).exactly(0),
            loss(DESCENT, 1).minus(loss(DESCENT, 0)).at_least(10),
            coordinate(DESCENT, 2, 2).size().over(coordinate(DESCENT, 1, 2).size()).at_least(10),
            step_length(DESCENT, 2).reads("24"),
            step_length(DESCENT, 3).reads("32305"),
        ),
        learning_rate=0.2,
    ),
    _good(
        "goldstein_price",
        "Steps that ignore the scale",
        "The slope at the start is 24388. Still the longest update is 0.028: Adam divides by the size of the slope, "
        "sign descent sees only its sign.",
        {ADAM: LOCAL, "SignDescent": OSCILLATES},
        (
            slope(ADAM, 0).reads("24388"),
            longest_step(ADAM).reads("0.028"),
            longest_step("SignDescent").reads("0.028"),
            instead(step_length(ADAM), ADAM, start=(1.2, 0.9)).over(step_length(ADAM)).about(1, 0.01),
        ),
        learning_rate=0.02,
        updates=200,
    ),
    _bad(
        "goldstein_price",
        "A small rate explodes",
        "η = 0.001 looks small. But at the start the slope is 24388, so the first step is 24 long, in a picture that "
        "is 4 wide.",
        {DESCENT: DIVERGED},
        (
            slope(DESCENT, 0).reads("24388"),
            step_length(DESCENT).reads("24"),
            picture_width().reads("4"),
        ),
        learning_rate=0.001,
    ),
    _good(
        "branin",
        "Along the valley",
        "Three equal minima lie in one curved valley. Gradient descent stops at the middle one. Momentum rolls on to "
        "the right one.",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL},
        (
            global_minima().exactly(3),
            ends_at(DESCENT, (3.142, 2.275)),
            ends_at(MOMENTUM, (9.425, 2.475)),
        ),
        learning_rate=0.02,
        updates=250,
    ),
    _bad(
        "branin",
        "Bouncing in the valley",
        "At the valley floor the limit is 0.18, and η is 0.2. The path bounces from side to side of the minimum and "
        "never settles.",
        {DESCENT: OSCILLATES},
        (
            limit((3.142, 2.275)).reads("0.18"),
            crossings(DESCENT, (3.142, 2.275), ALONG_1).at_least(140),
            mean_step(DESCENT, 20).at_least(1),
        ),
        learning_rate=0.2,
        updates=150,
    ),
    _good(
        "rastrigin",
        "The nearest hollow",
        "Both rules find the bottom of the hollow in which they began. There the loss is 8, but the lowest loss is 0.",
        {DESCENT: LOCAL, ADAM: LOCAL},
        (
            ends_at(DESCENT, (1.99, -1.99)),
            ends_at(ADAM, (1.99, -1.99), 0.03),
            _hollows_visited(DESCENT).exactly(1),
            _hollows_visited(ADAM).exactly(1),
            loss(DESCENT).reads("8"),
            loss(ADAM).reads("8"),
            lowest_loss().reads("0"),
        ),
        learning_rate=0.002,
        updates=200,
    ),
    _bad(
        "rastrigin",
        "Jumping without aim",
        "The curvature in the hollow is 396, so the limit is 0.005. At η = 0.02 the steps jump from hollow to hollow: "
        "58 of them in 100 updates.",
        {DESCENT: LEFT},
        (
            largest_curvature((1.99, -1.99)).reads("396"),
            limit((1.99, -1.99)).reads("0.005"),
            _hollows_visited(DESCENT).reads("58"),
        ),
        learning_rate=0.02,
    ),
    _good(
        "ackley",
        "Caught on the rough wall",
        "Gradient descent stops in the first dent of the wall. Momentum rolls through it and stops in the last dent "
        "before the tip.",
        {DESCENT: LOCAL, MOMENTUM: LOCAL},
        (
            ends_at(DESCENT, (1.974, -1.974)),
            nearest_stationary("minimum", DESCENT).minus(distance(DESCENT, (1.974, -1.974), 0)).between(-0.01, 0.01),
            nearest_approach(MOMENTUM, (1.974, -1.974)).at_most(0.6),
            ends_at(MOMENTUM, (0.952, 0)),
            _dents_nearer_to_the_tip(MOMENTUM).exactly(0),
        ),
        learning_rate=0.005,
        updates=200,
    ),
    _bad(
        "ackley",
        "The dent is too sharp",
        "The curvature in this dent is 53, so the limit is 2/53 = 0.038. At η = 0.05 the path swings in it in steps of "
        "0.28.",
        {DESCENT: OSCILLATES},
        (
            largest_curvature((1.974, -1.974)).reads("53"),
            limit((1.974, -1.974)).reads("0.038"),
            rate_over_limit(DESCENT, (1.974, -1.974)).at_least(1.1),
            mean_step(DESCENT, 20).reads("0.28"),
            distance(DESCENT, (1.974, -1.974)).at_most(0.2),
        ),
        learning_rate=0.05,
        updates=150,
    ),
    _good(
        "griewank",
        "A small hollow",
        "Both paths end in the hollow at (−3.14, 4.44). There the loss is 0.007, almost as low as the lowest one, 0.",
        {DESCENT: LOCAL, MOMENTUM: LOCAL},
        (
            ends_at(DESCENT, (-3.14, 4.44)),
            ends_at(MOMENTUM, (-3.14, 4.44)),
            loss(DESCENT).reads("0.007"),
            loss(MOMENTUM).reads("0.007"),
            lowest_loss().reads("0"),
        ),
        learning_rate=0.2,
        updates=200,
    ),
    _bad(
        "griewank",
        "Too long for the hollow",
        "The limit in the hollow is 2. At η = 2.5 the path swings from wall to wall for ever, in steps of 2.3.",
        {DESCENT: OSCILLATES},
        (
            limit((-3.14, 4.44)).reads("2"),
            mean_step(DESCENT, 20).reads("2.3"),
            crossings(DESCENT, (-3.14, 4.44), ALONG_1).at_least(90),
            step_length(DESCENT, 100).over(step_length(DESCENT, 50)).about(1, 1e-3),
        ),
        learning_rate=2.5,
    ),
    _good(
        "levy13",
        "Large steps pass the ripples",
        "Adam with η = 0.5 strides over the ripples: its first step is 0.71 long. It finds the global minimum behind "
        "them.",
        {ADAM: GLOBAL},
        (
            step_length(ADAM).reads("0.71"),
            ends_at(ADAM, (1, 1)),
            instead(distance(ADAM, (1, 1)), ADAM, learning_rate=0.003).at_least(2),
        ),
        learning_rate=0.5,
        updates=300,
    ),
    _bad(
        "levy13",
        "Stopped by a ripple",
        "Gradient descent and Adam stop in the ripple where they start. Momentum jumps it and stops in the next one.",
        {DESCENT: LOCAL, ADAM: LOCAL, MOMENTUM: LOCAL},
        (
            ends_at(DESCENT, (2.643, 2.615)),
            ends_at(ADAM, (2.643, 2.615)),
            nearest_stationary("minimum", DESCENT).minus(distance(DESCENT, (2.643, 2.615), 0)).between(-0.01, 0.01),
            nearest_approach(MOMENTUM, (2.643, 2.615)).at_most(0.05),
            ends_at(MOMENTUM, (2.647, 2.346)),
        ),
        learning_rate=0.003,
        updates=200,
    ),
    _good(
        "styblinski_tang",
        "The nearest of four wells",
        "Both rules end in the nearest well, at L = −50. The deepest one, at L = −78, is in the opposite corner.",
        {DESCENT: LOCAL, MOMENTUM: LOCAL},
        (
            stationary_points("minimum").exactly(4),
            ends_at(DESCENT, (2.747, 2.747)),
            ends_at(MOMENTUM, (2.747, 2.747)),
            distance(DESCENT, (2.747, 2.747), 0).minus(nearest_stationary("minimum", DESCENT)).between(-0.01, 0.01),
            loss(DESCENT).reads("-50"),
            loss(MOMENTUM).reads("-50"),
            lowest_loss().reads("-78"),
            Quantity("The larger coordinate of the deepest well", lambda runs: runs.surface.minima[0].max()).at_most(
                -2
            ),
        ),
        learning_rate=0.02,
        updates=150,
    ),
    _bad(
        "styblinski_tang",
        "Never quite at the bottom",
        "In this well the limit is 0.068, and η is 46 % above it. The path swings between the walls and never settles.",
        {DESCENT: OSCILLATES},
        (
            limit((2.747, 2.747)).reads("0.068"),
            rate_over_limit(DESCENT, (2.747, 2.747)).plus(-1).scaled(100).reads("46"),
            crossings(DESCENT, (2.747, 2.747), ALONG_1).at_least(50),
            mean_step(DESCENT, 20).at_least(1),
            nearest_approach(DESCENT, (2.747, 2.747)).at_least(0.05),
        ),
        learning_rate=0.1,
    ),
    _good(
        "easom",
        "The slope at the rim",
        "At the rim of the well it is almost flat, so the first step of gradient descent is 0.0023 long. Adam does not "
        "mind: its first step is 0.14 long.",
        {DESCENT: GLOBAL, ADAM: GLOBAL},
        (
            slope(DESCENT, 0).over(steepest(DESCENT)).at_most(0.03),
            step_length(DESCENT).reads("0.0023"),
            step_length(ADAM).reads("0.14"),
            updates_to_tolerance(DESCENT).minus(updates_to_tolerance(ADAM)).at_least(10),
        ),
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "easom",
        "Lost on the flat field",
        "Further out the slope is only 0.0000034. In 100 updates gradient descent moves by 0.000034: nobody sees it.",
        {DESCENT: PLATEAU},
        (
            slope(DESCENT, 0).reads("0.0000034"),
            way(DESCENT).reads("0.000034"),
            way(DESCENT).over(picture_width()).at_most(1e-4),
        ),
        learning_rate=0.1,
        start=(6.0, 5.6),
    ),
    _good(
        "saddle",
        "Noise leaves the ridge",
        "A little noise pushes the paths off the ridge. From then on the saddle throws them away faster and faster.",
        {DESCENT: LEFT, MOMENTUM: LEFT},
        (
            *(instead(coordinate(rule, 2).size(), rule).exactly(0) for rule in (DESCENT, MOMENTUM)),
            *(coordinate(rule, 2).size().at_least(3) for rule in (DESCENT, MOMENTUM)),
            *(step_length(rule, 80).over(step_length(rule, 60)).at_least(2) for rule in (DESCENT, MOMENTUM)),
            *(step_length(rule, 100).over(step_length(rule, 80)).at_least(2) for rule in (DESCENT, MOMENTUM)),
        ),
        learning_rate=0.05,
        noise=0.1,
    ),
    _bad(
        "saddle",
        "Stuck at the saddle",
        "The start lies on the ridge. There the way downhill leads exactly to the saddle, where the slope is zero.",
        {DESCENT: SADDLE, MOMENTUM: SADDLE, ADAM: SADDLE},
        (
            smallest_curvature(ORIGIN).reads("-2"),
            *(ends_at(rule, ORIGIN, 1e-4) for rule in (DESCENT, MOMENTUM, ADAM)),
            *(detour(rule).exactly(0) for rule in (DESCENT, MOMENTUM, ADAM)),
            *(slope(rule).at_most(1e-4) for rule in (DESCENT, MOMENTUM, ADAM)),
        ),
        learning_rate=0.1,
        updates=300,
    ),
    _good(
        "monkey_saddle",
        "Noise finds a way down",
        "Off the axis there is a way down. A little noise finds it, and then the loss falls without end.",
        {DESCENT: DIVERGED},
        (
            instead(loss(DESCENT), DESCENT).at_least(0),
            instead(coordinate(DESCENT, 2).size(), DESCENT).exactly(0),
            loss(DESCENT, 70).at_most(-10),
            loss(DESCENT, 75).at_most(-1e10),
        ),
        learning_rate=0.05,
        noise=0.2,
        updates=100,
    ),
    _bad(
        "monkey_saddle",
        "Slower and slower",
        "At this saddle the curvature is zero too. From update 100 to 200 the distance only halves, and the steps get "
        "3.8 times shorter.",
        {DESCENT: SADDLE},
        (
            largest_curvature(ORIGIN).exactly(0),
            smallest_curvature(ORIGIN).exactly(0),
            distance(DESCENT, ORIGIN, 200).over(distance(DESCENT, ORIGIN, 100)).about(0.5),
            step_length(DESCENT, 100).over(step_length(DESCENT, 200)).reads("3.8"),
            updates_of_shrinking_steps(DESCENT).exactly(199),
        ),
        learning_rate=0.05,
        updates=200,
    ),
    _good(
        "plateau",
        "Carried across the shelf",
        "Momentum brings its speed from the wall and crosses the shelf in 54 updates. After 300 updates gradient "
        "descent is still on it.",
        {DESCENT: PLATEAU, MOMENTUM: GLOBAL},
        (
            step_length(MOMENTUM, 2).over(step_length(DESCENT, 2)).at_least(5),
            arrival(MOMENTUM, (1, 0), 0.05).reads("54"),
            coordinate(DESCENT, 1).between(-0.25, 0.25),
            slope(DESCENT).at_most(0.1),
        ),
        learning_rate=0.01,
        updates=300,
    ),
    _bad(
        "plateau",
        "It looks finished",
        "The loss curve is flat at its end, but the slope is 0.047 and not zero. With 5000 updates the path would "
        "arrive.",
        {DESCENT: PLATEAU},
        (
            share_of_loss_gone(DESCENT).minus(share_of_loss_gone(DESCENT, 600)).at_most(0.005),
            slope(DESCENT).reads("0.047"),
            instead(distance(DESCENT, (1, 0)), DESCENT, updates=5000).at_most(1e-6),
        ),
        learning_rate=0.003,
        updates=1100,
    ),
    _good(
        "two_wells",
        "Over the hill",
        "Gradient descent stops in the nearer well. Momentum rolls over the hill into the deeper one.",
        {DESCENT: LOCAL, MOMENTUM: GLOBAL},
        (
            ends_at(DESCENT, (2, 0)),
            distance(DESCENT, (2, 0), 0).minus(distance(DESCENT, (-2, 0), 0)).at_most(-1),
            crossings(MOMENTUM, (0.5, 0), ALONG_1).exactly(1),
            ends_at(MOMENTUM, (-2, 0)),
            loss(MOMENTUM).minus(loss(DESCENT)).at_most(-1),
        ),
        learning_rate=0.02,
        updates=250,
    ),
    _bad(
        "two_wells",
        "The wrong well",
        "Both rules stop in the well on the side where they begin, at L = −1.3. In the other well L is −6.7.",
        {DESCENT: LOCAL, ADAM: LOCAL},
        (
            *(ends_at(rule, (2, 0)) for rule in (DESCENT, ADAM)),
            *(crossings(rule, (0.5, 0), ALONG_1).exactly(0) for rule in (DESCENT, ADAM)),
            *(loss(rule).reads("-1.3") for rule in (DESCENT, ADAM)),
            lowest_loss().reads("-6.7"),
        ),
        learning_rate=0.05,
        updates=250,
    ),
    _good(
        "hills",
        "Down one side",
        "The start is near the top of the hill. The paths go down the side on which they begin.",
        {DESCENT: GLOBAL, ADAM: GLOBAL},
        (
            distance(DESCENT, (0.129, 0.093), 0).at_most(0.75),
            largest_curvature((0.129, 0.093)).at_most(0),
            *(crossings(rule, (0.129, 0.093), (-0.479, -0.543)).exactly(0) for rule in (DESCENT, ADAM)),
            *(loss(rule).minus(loss(rule, 0)).at_most(-4) for rule in (DESCENT, ADAM)),
            instead(coordinate(DESCENT, 1), DESCENT, start=(0.6, 0.3)).at_least(1),
        ),
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "hills",
        "Thrown out of the hills",
        "The first step is 7.4 long and leaves the hills. Out there the field is flat: the next step is 0.000002 long, "
        "and nothing leads back.",
        {DESCENT: LEFT},
        (
            step_length(DESCENT).reads("7.4"),
            updates_in_picture(DESCENT).exactly(0),
            step_length(DESCENT, 2).reads("0.000002"),
            instead(way(DESCENT), DESCENT, updates=2000).at_most(7.5),
        ),
        learning_rate=3.0,
    ),
    _good(
        "ravine",
        "Follow the winding valley",
        "Newton measures the curvature and is there after 5 updates. From update 3 on gradient descent creeps along "
        "the floor, and follows its bends.",
        {DESCENT: MOVING, MOMENTUM: GLOBAL, "Newton": GLOBAL},
        (
            arrival("Newton", ORIGIN, 1e-3).reads("5"),
            *(_to_the_floor(DESCENT, update).at_most(0.005) for update in (3, 10, 100, 200, 300)),
            step_length(DESCENT, 5).at_most(0.01),
            distance(DESCENT, ORIGIN).at_least(1),
        ),
        learning_rate=0.02,
        updates=300,
    ),
    _bad(
        "ravine",
        "Thrown out of the valley",
        "The first step is 18 long, in a picture that is 8 wide. It leaves the valley, and every further step is "
        "longer.",
        {DESCENT: LEFT},
        (
            step_length(DESCENT).reads("18"),
            picture_width().reads("8"),
            updates_in_picture(DESCENT).exactly(0),
            updates_of_growing_steps(DESCENT).exactly(99),
        ),
        learning_rate=0.2,
    ),
    _good(
        "linear_neuron",
        "A bowl made of data",
        "Both paths run to the same weights, 1.46 and −0.91: the data have one best answer.",
        {DESCENT: GLOBAL, MOMENTUM: GLOBAL},
        (
            *(coordinate(rule, 1).reads("1.46") for rule in (DESCENT, MOMENTUM)),
            *(coordinate(rule, 2).reads("-0.91") for rule in (DESCENT, MOMENTUM)),
            smallest_curvature(ORIGIN).at_least(0.1),
        ),
        learning_rate=0.1,
        updates=200,
    ),
    _bad(
        "linear_neuron",
        "Too large for these data",
        "The data set the limit: 2/λ = 0.67. At η = 0.7 the path comes nearer for 6 updates, then the zigzag across "
        "the steep direction takes over and grows.",
        {DESCENT: LEFT},
        (
            limit(ORIGIN).reads("0.67"),
            updates_of_falling_distance(DESCENT, (1.4638, -0.9077)).reads("6"),
            step_length(DESCENT, 20).over(step_length(DESCENT, 10)).at_least(1.5),
            step_length(DESCENT, 100).over(step_length(DESCENT, 20)).at_least(100),
        ),
        learning_rate=0.7,
    ),
    _good(
        "line_fit",
        "Only curvature gets there",
        "Gradient descent zigzags for 20 updates. Then the weight rests at 2.47, and the bias hardly moves. BFGS "
        "learns the curvature and needs 4.",
        {DESCENT: MOVING, "BFGS": GLOBAL},
        (
            last_crossing(DESCENT, (-120, 2.473), ALONG_2, 0.04).reads("20"),
            coordinate(DESCENT, 2).reads("2.47"),
            coordinate(DESCENT, 1).minus(coordinate(DESCENT, 1, 0)).between(-0.1, 0.1),
            distance(DESCENT, (-188.43, 2.67)).at_least(60),
            arrival("BFGS", (-188.43, 2.67), 0.01).reads("4"),
        ),
        learning_rate=1e-6,
        updates=200,
    ),
    _bad(
        "line_fit",
        "Just above the limit",
        "The limit is 2/λ = 1.145e-6. At η = 1.2e-6 every step is longer than the last one.",
        {DESCENT: LEFT},
        (
            limit(ORIGIN).reads("1.145e-6"),
            rate_over_limit(DESCENT, ORIGIN).between(1, 1.05),
            updates_of_growing_steps(DESCENT).exactly(199),
        ),
        learning_rate=1.2e-6,
        updates=200,
    ),
    _good(
        "logistic_neuron",
        "Down the long slope",
        "Far away the slope hardly changes, so the first steps are alike: 0.74, 0.73 and 0.71 long. They shrink "
        "near the minimum.",
        {DESCENT: GLOBAL},
        (
            step_length(DESCENT, 1).reads("0.74"),
            step_length(DESCENT, 2).reads("0.73"),
            step_length(DESCENT, 3).reads("0.71"),
            updates_of_shrinking_steps(DESCENT).exactly(199),
            step_length(DESCENT, 20).over(step_length(DESCENT)).at_most(0.1),
        ),
        learning_rate=1.0,
        updates=200,
    ),
    _bad(
        "logistic_neuron",
        "Around the minimum",
        "The limit at the minimum is 18, and η is 20. The first step leaves the picture; then the path comes back and "
        "jumps around the minimum.",
        {DESCENT: OSCILLATES},
        (
            limit((1.8737, 0.7925)).reads("18"),
            updates_in_picture(DESCENT).exactly(0),
            crossings(DESCENT, (1.8737, 0.7925), ALONG_2).at_least(80),
            mean_step(DESCENT, 20).at_least(1),
            distance(DESCENT, (1.8737, 0.7925)).at_most(2),
        ),
        learning_rate=20.0,
    ),
    _good(
        "tanh_neuron",
        "On the right side",
        "From here the path follows the step up in the data. Its loss is 0.45; that of the step down would be 0.65.",
        {DESCENT: GLOBAL},
        (
            coordinate(DESCENT, 1).at_least(0.1),
            loss(DESCENT).reads("0.45"),
            instead(loss(DESCENT), DESCENT, start=(-2, -1)).reads("0.65"),
            instead(coordinate(DESCENT, 1), DESCENT, start=(-2, -1)).at_most(-0.1),
        ),
        learning_rate=1.0,
        start=(2.0, 1.0),
        updates=300,
    ),
    _bad(
        "tanh_neuron",
        "The wrong step",
        "With a negative weight the neuron learns the step down. It is a local minimum, and no small step leads out.",
        {DESCENT: LOCAL},
        (
            coordinate(DESCENT, 1).at_most(-0.1),
            ends_at(DESCENT, (-1.35, 1.82), 0.03),
            smallest_curvature((-1.35, 1.82)).at_least(1e-3),
            loss(DESCENT).minus(lowest_loss()).at_least(0.1),
            instead(coordinate(DESCENT, 1), DESCENT, updates=2000).at_most(-0.1),
        ),
        learning_rate=1.0,
        updates=200,
    ),
    _good(
        "two_weight_chain",
        "One of two twins",
        "Both weights positive or both negative: the answers are the same, and so is the loss. This path ends with "
        "both positive.",
        {DESCENT: GLOBAL},
        (
            global_minima().exactly(2),
            coordinate(DESCENT, 1).at_least(1),
            coordinate(DESCENT, 2).at_least(1),
            loss_at((1.3, 0.7)).over(loss_at((-1.3, -0.7))).exactly(1),
            loss_at((1.2438, 1.3913)).over(loss_at((-1.2438, -1.3913))).exactly(1),
        ),
        learning_rate=0.1,
        start=(1.0, -1.0),
        updates=300,
    ),
    _bad(
        "two_weight_chain",
        "Both weights zero",
        "At zero each weight hides the other. Both slopes are zero, so neither rule moves.",
        {DESCENT: SADDLE, ADAM: SADDLE},
        (
            *(slope(rule, 0).exactly(0) for rule in (DESCENT, ADAM)),
            *(way(rule).exactly(0) for rule in (DESCENT, ADAM)),
            loss_at((0, 2)).over(loss_at((0, -3))).exactly(1),
            loss_at((2, 0)).over(loss_at((-3, 0))).exactly(1),
        ),
        learning_rate=0.1,
        start=(0.0, 0.0),
    ),
)


def presets_for(surface: str) -> list[Preset]:
    """The presets of one surface, good ones first."""
    presets = (
        formula_presets(surface) if is_typed(surface) else [known for known in PRESETS if known.surface == surface]
    )
    return sorted(presets, key=lambda preset: not preset.good)


def look_at(settings: Settings) -> str:
    """What a preset asks the student to look at, as long as the runs are those of the preset; empty otherwise."""
    paths = _what_makes_the_paths(settings)
    presets = presets_for(settings.surface)
    return next((preset.look_at for preset in presets if _what_makes_the_paths(preset.applied()) == paths), "")


def _what_makes_the_paths(settings: Settings) -> tuple:
    schedule = {name: settings.value(settings.schedule, name) for name in hyperparameters(SCHEDULES[settings.schedule])}
    rules = {name: arguments(settings, name) for name in settings.optimizers}
    noise = (settings.noise, settings.seed if settings.noise else 0)
    return settings.surface, settings.start, settings.updates, settings.schedule, schedule, rules, noise
