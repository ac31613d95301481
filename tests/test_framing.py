"""Where to look at a formula: its stationary points in view, its gaps cropped, and a start from which it moves."""

import numpy as np
import pytest
from sympy import Float, exp, log, sin, sqrt

from surfaces import Surface, parse, theta1, theta2
from surfaces.framing import centre_of_quadratic, chosen_frame, chosen_start, stationary_points

ANY = ((-1, 1), (-1, 1))


def surface(formula) -> Surface:
    return Surface("Framed", formula, ANY, (0, 0))


@pytest.mark.parametrize(
    ("formula", "points"),
    [
        (theta1**2 + theta2**2, {(0, 0)}),
        ((theta1 - 30) ** 2 + (theta2 + 70) ** 2, {(30, -70)}),
        ((theta1 - 5000) ** 2 + theta2**2, {(5000, 0)}),
        ((theta1 - 200) * (theta2 - 300), {(200, 300)}),
        ((1 - theta1) ** 2 + 100 * (theta2 - theta1**2) ** 2, {(1, 1)}),
        (theta1**3 - 3 * theta1 + theta2**2, {(1, 0), (-1, 0)}),
        (theta1**2 + 0 * theta2, {(0, 0)}),
        (theta1 + theta2, set()),
        (exp(theta1) + theta2**2, set()),
    ],
    ids=str,
)
def test_newton_finds_the_points_without_slope(formula, points):
    assert {tuple(point) for point in stationary_points(surface(formula)).T.round(6).tolist()} == points


@pytest.mark.parametrize(
    ("formula", "inside"),
    [
        ((theta1 - 30) ** 2 + (theta2 + 70) ** 2, (30, -70)),
        (theta1**3 - 3 * theta1 + theta2**2, (1, 0)),
        ((1 - theta1) ** 2 + 100 * (theta2 - theta1**2) ** 2, (1, 1)),
        (1e6 * (theta1**2 + theta2**2), (0, 0)),
        (log(theta1) + theta2**2, (0.1, 0)),
    ],
    ids=str,
)
def test_the_frame_holds_what_matters(formula, inside):
    for (low, high), number in zip(chosen_frame(surface(formula)), inside, strict=True):
        assert low < number < high


@pytest.mark.parametrize("formula", [log(theta1) + theta2, sqrt(theta1 - 1) + theta2, sqrt(1 - theta1**2 - theta2**2)])
def test_most_of_the_frame_has_values(formula):
    (low1, high1), (low2, high2) = chosen_frame(surface(formula))
    grid = np.stack(np.meshgrid(np.linspace(low1, high1, 50), np.linspace(low2, high2, 50)))
    assert np.isfinite(surface(formula).value(grid)).mean() > 0.4


def test_where_there_is_no_value_there_is_no_frame():
    assert chosen_frame(surface(sqrt(-1 - theta1**2) + theta2)) is None


def test_a_far_away_domain_is_found():
    (low, high), _ = chosen_frame(surface(log(theta1 - 100) + theta2))
    assert low < 110 < high


@pytest.mark.parametrize(
    "formula",
    [sqrt(theta1 - 4), sqrt(theta1 - 10), sqrt(theta1 - 200), sqrt(-4 - theta1), log(theta1 - 9.99), log(theta1 - 3.9)],
    ids=str,
)
def test_a_shifted_domain_is_not_seen_as_a_sliver(formula):
    made = surface(formula + theta2**2)
    frame = chosen_frame(made)
    (low, high), _ = frame
    assert high - low > 1
    start = chosen_start(made, frame)
    assert np.isfinite(made.value(start))
    assert np.isfinite(made.gradient(start)).all()


@pytest.mark.parametrize("frame", [((0, 100), (0.52, 0.58)), ((-1000, 1000), (0.001, 0.002)), ((-5, 5), (1, 1.01))])
def test_the_start_of_a_flat_frame_lies_inside(frame):
    start = chosen_start(surface(theta1**2 + theta2**2), frame)
    for (low, high), number in zip(frame, start, strict=True):
        assert low < number < high


def test_a_picture_is_not_ruined_by_one_corner():
    (_, high), _ = chosen_frame(surface(exp(exp(theta1)) + theta2**2))
    assert high < 4


@pytest.mark.parametrize("formula", [theta1**2 - theta2**2, sin(theta1) * theta2, theta1 * theta2, theta1**2 + 1e-9])
def test_the_start_has_a_slope_and_lies_inside(formula):
    made = surface(formula)
    frame = chosen_frame(made)
    start = chosen_start(made, frame)
    assert np.hypot(*made.gradient(start)) > 0
    for (low, high), number in zip(frame, start, strict=True):
        assert low < number < high


def test_without_any_slope_the_start_is_still_a_point():
    assert np.isfinite(chosen_start(surface(0 * theta1 + 1), ANY)).all()


# Quadratics of any conditioning


@pytest.mark.slow
@pytest.mark.parametrize("turn", [0.0, 0.3, 0.785])
@pytest.mark.parametrize("center", [(0, 0), (3, -2), (1000, -3), (1e5, 40)])
@pytest.mark.parametrize("curvatures", [(1, 1), (1e6, 1), (1, 1e-6), (1e-6, 1e6), (1e-6, 1e-6), (1e6, 1e6), (50, 2)])
def test_a_quadratic_is_framed_round_its_minimum_and_shows_its_shape(curvatures, center, turn):
    first, second = theta1 - center[0], theta2 - center[1]
    along, across = (
        Float(np.cos(turn)) * first + Float(np.sin(turn)) * second,
        Float(np.cos(turn)) * second - Float(np.sin(turn)) * first,
    )
    made = surface(curvatures[0] * along**2 + curvatures[1] * across**2)
    frame = chosen_frame(made)
    start = chosen_start(made, frame)
    for (low, high), middle, number in zip(frame, center, start, strict=True):
        assert low < middle < high
        assert low < number < high
    # Neither side is so long that what the other parameter does cannot be seen.
    right, top = (high for _, high in frame)
    rise = [made.value((right, center[1])), made.value((center[0], top))]
    assert 1e-3 < rise[0] / rise[1] < 1e3


def test_the_centre_of_a_quadratic_is_exact():
    made = surface((theta1 + theta2 - 300) ** 2 + (theta1 - theta2) ** 2 / 10**12)
    center, _ = centre_of_quadratic(made)
    np.testing.assert_array_equal(center, (150, 150))


@pytest.mark.parametrize(
    "formula", [theta1**2, (theta1 + theta2) ** 2, theta1 + theta2, theta1**4 + theta2**2, exp(theta1)]
)
def test_what_is_no_quadratic_with_one_centre_has_none(formula):
    assert centre_of_quadratic(surface(formula)) is None


def test_two_far_hollows_are_framed():
    (left, right), (bottom, top) = parse("((x-300)^2-1)^2 + (y-300)^2").domain
    assert left < 299 < 301 <= right < 310
    assert bottom < 300 < top < 310


def test_the_sides_of_a_frame_are_written_short():
    surface = parse("(b+1000w-3)^2 + (b+2000w-5)^2")
    assert all(len(f"{side!r}") <= 8 for sides in surface.domain for side in sides)
