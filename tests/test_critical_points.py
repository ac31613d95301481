"""Critical points against known answers, against winding numbers of the gradient, and where the Hessian is silent."""

from collections import Counter
from functools import cache

import numpy as np
import pytest
from sympy import Abs, exp, log, sin, sqrt, symbols

from surfaces import SURFACES, EmpiricalRisk, Surface, parse, theta1, theta2
from surfaces.critical_points import CriticalPoint, critical_points

pytestmark = pytest.mark.slow


# Where pictures and domain differ, the whole domain has up to 200,000 points.
@cache
def in_view(name: str) -> tuple[CriticalPoint, ...]:
    """The critical points that pictures of this surface show."""
    return SURFACES[name].critical_points(SURFACES[name].view)


def kinds(points) -> dict[str, int]:
    return dict(Counter(point.kind for point in points))


def made(formula, half_width: float = 5.0) -> Surface:
    side = (-half_width, half_width)
    return Surface("made", formula, (side, side), (1, 1))


KNOWN = {
    "himmelblau": (4, 4, 1),
    "six_hump_camel": (6, 7, 2),
    "three_hump_camel": (3, 2, 0),
    "styblinski_tang": (4, 4, 1),
    "branin": (3, 2, 0),
    "goldstein_price": (4, 4, 1),
    "rastrigin": (121, 220, 100),
    "two_wells": (2, 1, 0),
    "saddle": (0, 1, 0),
    "monkey_saddle": (0, 1, 0),
    "bowl": (1, 0, 0),
    "rosenbrock": (1, 0, 0),
    "plateau": (1, 0, 0),
    "beale": (1, 2, 0),
    "two_weight_chain": (2, 1, 0),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "counts"), KNOWN.items())
def test_the_known_points_of_the_whole_domain(name, counts):
    expected = dict(zip(("minimum", "saddle", "maximum"), counts, strict=True))
    assert kinds(SURFACES[name].critical_points()) == {kind: count for kind, count in expected.items() if count}


def test_the_camel_has_two_global_minima():
    losses = [point.loss for point in SURFACES["six_hump_camel"].critical_points()]
    np.testing.assert_allclose(losses[:2], -1.0316284534898774, rtol=1e-14)
    assert losses[2] > -0.3


@pytest.mark.parametrize("name", ["himmelblau", "levy13", "easom"])
def test_a_loss_that_may_be_nothing_but_rounding_is_zero(name):
    losses = np.array([point.loss for point in in_view(name)])
    assert (losses == 0).any()
    assert (np.abs(losses[losses != 0]) > 1e-9).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_every_declared_minimum_is_found(name):
    surface = SURFACES[name]
    minima = np.array([point.theta for point in in_view(name) if point.kind == "minimum"]).reshape(-1, 2)
    for minimum in surface.minima:
        assert np.hypot(*(minima - minimum).T).min() < 1e-7


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_the_gradient_vanishes_and_the_points_are_distinct_and_inside(name):
    surface, points = SURFACES[name], in_view(name)
    theta = np.array([point.theta for point in points]).T
    kinks = {tuple(kink) for kink in surface.subgradients}
    steepest = np.hypot(*surface.gradient(np.stack(np.meshgrid(*(np.linspace(*ends, 50) for ends in surface.view)))))
    assert (np.hypot(*surface.gradient(theta)) <= 1e-11 * steepest.max()).all()
    (low1, high1), (low2, high2) = surface.view
    assert ((low1 <= theta[0]) & (theta[0] <= high1) & (low2 <= theta[1]) & (theta[1] <= high2)).all()
    gaps = np.hypot(*(theta[:, :, None] - theta[:, None, :])) + np.eye(len(points)) * 9
    assert gaps.min() > 1e-4
    for point in points:
        # What is left of a loss by rounding is 0.
        assert point.loss in (0, surface.value(point.theta))
        assert abs(point.loss - surface.value(point.theta)) <= 1e-28
        if tuple(point.theta) not in kinks:
            np.testing.assert_allclose(point.eigenvalues, np.linalg.eigvalsh(surface.hessian(point.theta)), rtol=1e-9)


def winding_numbers(surface: Surface, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How often the gradient turns around each cell of a grid, anticlockwise, and the axes of the grid.

    A minimum or a maximum turns it once, an ordinary saddle minus once, a monkey saddle minus twice.
    """
    # A fine, lopsided grid, so that no critical point lies on the edge of a cell.
    axes = [low + (high - low) * (np.linspace(0, 1, side) * 1.0000317 - 0.0000127) for low, high in surface.view]
    angle = np.arctan2(*surface.gradient(np.stack(np.meshgrid(*axes)))[::-1])

    def turn(after, before):
        return (after - before + np.pi) % (2 * np.pi) - np.pi

    around = (
        turn(angle[:-1, 1:], angle[:-1, :-1])
        + turn(angle[1:, 1:], angle[:-1, 1:])
        + turn(angle[1:, :-1], angle[1:, 1:])
        + turn(angle[:-1, :-1], angle[1:, :-1])
    )
    return np.round(around / (2 * np.pi)).astype(int), *axes


# In these valleys the gradient turns faster than a coarse grid can follow.
FINE = {"rosenbrock": 1601, "beale": 1201, "goldstein_price": 801, "ravine": 801}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(SURFACES) - {"monkey_saddle"}))
def test_a_fine_grid_finds_the_same_points(name):
    """Where the gradient turns around a cell of a fine grid there is a point, and around every point it turns."""
    surface, points = SURFACES[name], in_view(name)
    turns, *axes = winding_numbers(surface, FINE.get(name, 401))
    rows, columns = np.nonzero(turns)
    expected = {"saddle": -1}
    assert sorted(turns[rows, columns]) == sorted(expected.get(point.kind, 1) for point in points)
    for point in points:
        column, row = (np.searchsorted(axis, place) - 1 for axis, place in zip(axes, point.theta, strict=True))
        same = turns[rows, columns] == expected.get(point.kind, 1)
        assert np.hypot(rows[same] - row, columns[same] - column).min() <= 4


def test_the_monkey_saddle_turns_the_gradient_twice():
    turns, *_ = winding_numbers(SURFACES["monkey_saddle"], 401)
    assert turns.sum() == -2
    (point,) = in_view("monkey_saddle")
    assert (point.kind, np.abs(point.theta).max() < 1e-9) == ("saddle", True)


def test_the_tip_of_ackley_is_a_declared_minimum():
    first = in_view("ackley")[0]
    assert (first.kind, *first.theta) == ("minimum", 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        (theta1**4 + theta2**4, "minimum"),
        (theta1**2 + theta2**4, "minimum"),
        (-(theta1**2) - theta2**4, "maximum"),
        (theta1**2 - theta2**4, "saddle"),
        (theta1**2 - theta2**6, "saddle"),
        (theta1**2 - theta2**8, "saddle"),
        (theta1**2 + theta2**8 + 1000, "minimum"),
        (theta2**6 - theta1**2, "saddle"),
        (-(theta1**2) - theta2**6, "maximum"),
        (theta1**2 + theta2**3, "saddle"),
        ((theta1 - 2 * theta2) ** 4 + (theta1 + theta2) ** 2, "minimum"),
        (theta1**3 - 3 * theta1 * theta2**2 + 7, "saddle"),
        (theta1**2 + theta2**2 / 10**9, "minimum"),
        ((theta1**2 + theta2**2) / 10**15, "minimum"),
        (exp(theta1**2 + theta2**2), "minimum"),
        (-exp(-(theta1**2) - theta2**2), "minimum"),
    ],
)
def test_what_the_hessian_does_not_say_is_looked_up_around_the_point(formula, kind):
    (point,) = made(formula).critical_points()
    assert point.kind == kind
    np.testing.assert_allclose(point.theta, 0, atol=1e-7)


@pytest.mark.parametrize(
    ("formula", "half_width", "kind"),
    [
        (theta1**2 - theta2**4, 0.3, "saddle"),
        ((theta2 - theta1**2) * (theta2 - 2 * theta1**2), 0.1, "saddle"),
        ((theta1 - 2 * theta2) ** 4 + (theta1 + theta2) ** 2, 1, "minimum"),
        ((theta1 + theta2) ** 2 - (theta1 - 2 * theta2) ** 4, 1, "saddle"),
    ],
)
def test_in_a_small_frame_too(formula, half_width, kind):
    (point,) = made(formula, half_width).critical_points()
    assert point.kind == kind
    np.testing.assert_allclose(point.theta, 0, atol=1e-7)


@pytest.mark.parametrize(
    "formula",
    [
        theta1**2,
        (theta1 + theta2) ** 2,
        (1.3 * theta1 + 0.7 * theta2 - 0.1) ** 2,
        (sin(theta1 + 0.7 * theta2) - 0.2) ** 2,
        1.7 * (exp(theta1) - theta2 - 0.1) ** 2,
        theta1 + theta2,
        3 + 0 * theta1,
        log(theta1),
        (theta2 - theta1**2) ** 2,
    ],
)
def test_valleys_slopes_and_plateaus_have_no_isolated_point(formula):
    assert made(formula).critical_points() == ()


def test_a_round_valley_leaves_only_the_hill_in_its_middle():
    (point,) = made((theta1**2 + theta2**2 - 1) ** 2).critical_points()
    assert (point.kind, *point.theta) == ("maximum", 0, 0)


def test_of_a_chain_of_two_weights_only_the_saddle_stands_alone():
    x, y = symbols("x y", real=True)
    data = {x: [1, 2, -1], y: [1, 1.5, -2]}
    chain = EmpiricalRisk("chain", (y - theta1 * theta2 * x) ** 2, data, ((-3, 3), (-3, 3)), (1, 1))
    (point,) = chain.critical_points()
    assert (point.kind, *point.theta) == ("saddle", 0, 0)


def test_an_undeclared_kink_is_not_found():
    assert made(Abs(theta1) + sqrt(theta2**2)).critical_points() == ()


def test_a_minimum_on_the_edge_counts_and_one_outside_does_not():
    assert kinds(made(theta1**2 + (theta2 - 5) ** 2).critical_points()) == {"minimum": 1}
    assert made(theta1**2 + (theta2 - 5.01) ** 2).critical_points() == ()


def test_a_frame_of_ones_own():
    (point,) = critical_points(SURFACES["himmelblau"], ((2, 4), (1, 3)))
    np.testing.assert_allclose(point.theta, (3, 2), atol=1e-12)


@pytest.mark.parametrize("name", ["himmelblau", "monkey_saddle"])
def test_minima_first_and_each_kind_from_the_lowest(name):
    points = in_view(name)
    order = [("minimum", "saddle", "maximum").index(point.kind) for point in points]
    assert order == sorted(order)
    for kind in {point.kind for point in points}:
        losses = [point.loss for point in points if point.kind == kind]
        assert losses == sorted(losses)


def test_a_search_can_stop_at_many_points():
    surface = made(sin(20 * theta1) * sin(20 * theta2))
    some = surface.critical_points(most=100)
    assert 100 < len(some) < 10_000
    assert (
        len(surface.critical_points(((0, 1), (0, 1)))) == len(surface.critical_points(((0, 1), (0, 1)), most=1000)) > 60
    )


# Degenerate points, and round numbers

DEGENERATE = {
    theta1**10 + theta2**2: ((0, 0), "minimum"),
    theta1**9 + theta2**2: ((0, 0), "saddle"),
    theta1**8 + theta2**8: ((0, 0), "minimum"),
    theta1**20 + theta2**2: ((0, 0), "minimum"),
    -(theta1**10) - theta2**10: ((0, 0), "maximum"),
    (theta1 - 1) ** 10 + (theta2 - 2) ** 2: ((1, 2), "minimum"),
    (theta1 + theta2) ** 10 + (theta1 - theta2) ** 2: ((0, 0), "minimum"),
    (theta1**2 + theta2**2) ** 5: ((0, 0), "minimum"),
    sqrt(theta1**2 + theta2**2) ** 3: ((0, 0), "minimum"),
    Abs(theta1) ** 3 + Abs(theta2) ** 3: ((0, 0), "minimum"),
    theta1**3 + theta2**2: ((0, 0), "saddle"),
    (theta1 - 1) ** 4 + (theta2 + 2) ** 4: ((1, -2), "minimum"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("formula", "expected"), DEGENERATE.items(), ids=map(str, DEGENERATE))
def test_a_degenerate_point_is_found_at_round_numbers(formula, expected):
    (point,) = made(formula).critical_points()
    assert (tuple(point.theta), point.kind) == expected


@pytest.mark.parametrize(
    "formula", [(theta1 + theta2 - 1) ** 2, (theta1**2 - theta2) ** 2, theta1**2 * theta2**2, theta1**2 + 0 * theta2]
)
def test_a_valley_is_no_point(formula):
    assert made(formula).critical_points() == ()


@pytest.mark.parametrize(
    "text", ["sin(x)/x + y^2", "x^2 ln(x^2) + y^2", "(x^3 - x^2)/x + y^2", "(1 - cos(x))/x^2 + y^2"]
)
def test_where_there_is_no_value_there_is_no_critical_point(text):
    surface = parse(text)
    for point in surface.critical_points():
        assert np.isfinite(surface.value(point.theta))
        assert np.hypot(*surface.gradient(point.theta)) < 1e-7
        assert np.hypot(*point.theta) > 1e-3


def test_a_number_that_is_not_round_stays():
    (point,) = made((theta1 - 1 / 3) ** 2 + (theta2 - 2 / 7) ** 2).critical_points()
    np.testing.assert_allclose(point.theta, (1 / 3, 2 / 7), rtol=1e-15)


@pytest.mark.parametrize(
    ("text", "kind", "theta"),
    [
        ("|x|^1.5 + y^2", "minimum", (0, 0)),
        ("|x - 1|^1.4 + |y + 2|^1.5", "minimum", (1, -2)),
        ("((x - 1)^2 + (y + 1)^2)^0.6", "minimum", (1, -1)),
        ("|x|^1.5 - |y|^1.5", "saddle", (0, 0)),
    ],
)
def test_a_point_of_infinite_curvature_is_found(text, kind, theta):
    (point,) = parse(text).critical_points()
    assert point.kind == kind
    np.testing.assert_array_equal(point.theta, theta)


@pytest.mark.parametrize(
    "text", ["max(0, x)^2 + y^2", "max(0, x - 1)^2 + max(0, y)^2", "max(0, x + y)^2 + (x - y)^2", "|x + y|^1.5"]
)
def test_the_end_of_a_level_piece_is_no_single_point(text):
    assert parse(text).critical_points() == ()


def test_a_loss_that_is_nothing_but_rounding_is_zero():
    minima = [point for point in parse("(x^2+y-11)^2 + (x+y^2-7)^2").critical_points() if point.kind == "minimum"]
    assert [point.loss for point in minima] == [0, 0, 0, 0]
    (small,) = parse("1e-30(x - 1)^2 + 1e-30 y^2 + 3e-40").critical_points()
    assert small.loss == pytest.approx(3e-40)
