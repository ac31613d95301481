"""The stationary point beside a point: the nearest one that Newton's method finds, of a clear kind or none."""

import warnings

import numpy as np
import pytest

from optimizers.stationary import stationary_point_beside
from surfaces import SURFACES, parse

pytestmark = pytest.mark.slow


def beside(loss, theta, reach: float = 0.1):
    """What is found beside this point, without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return stationary_point_beside(loss, np.array(theta, dtype=float), reach)


@pytest.mark.parametrize("name", ["two_wells", "hills", "himmelblau", "six_hump_camel", "goldstein_price", "saddle"])
def test_every_critical_point_of_a_surface_is_found_with_its_kind(name):
    surface = SURFACES[name]
    for point in surface.critical_points():
        found = beside(surface, point.theta + np.array([2e-3, -1e-3]), 0.02)
        assert found.kind == point.kind
        np.testing.assert_allclose(found.theta, point.theta, atol=2e-4)


@pytest.mark.parametrize(
    ("formula", "start", "kind"),
    [
        ("y^3 - 3x^2 y", (0.02, 0.03), "saddle"),
        ("y^3 - 3x^2 y", (0, 0), "saddle"),
        ("x^4 + y^2", (0.04, 0), "minimum"),
        ("-x^4 - y^4", (0.01, 0.02), "maximum"),
    ],
)
def test_a_degenerate_point_has_the_kind_of_its_surroundings(formula, start, kind):
    found = beside(parse(formula), start)
    assert found.kind == kind
    np.testing.assert_allclose(found.theta, [0, 0], atol=1e-3)


@pytest.mark.parametrize(
    ("formula", "start", "kind", "place"),
    [
        ("x^2", (0.01, 0.5), "valley", (0, 0.5)),
        ("(x + y)^2", (0.3, -0.29), "valley", (0.295, -0.295)),
        ("x^2 y^2", (0.8, 1e-3), "valley", (0.8, 0)),
        ("(x^2+y^2-1)^2", (0.8, 0.601), "valley", (0.8 / 1.00060, 0.601 / 1.00060)),
        ("(x y - 1)^2", (0.8, 1.2501), "valley", (0.79997, 1.25005)),
        ("(x - 1)^4", (1.05, 0.2), "valley", (1, 0.2)),
        ("max(0, 1-x-y)^2", (0.5, 0.4999), "valley", (0.50005, 0.49995)),
        ("x^3 + y^2", (0.02, 0), "saddle", (0, 0)),
        ("x^3 + y^2", (0, 0), "saddle", (0, 0)),
        ("x^8 + y^8", (0.05, 0.02), "minimum", (0, 0)),
        ("1 + x^8 + y^8", (0, 0), "minimum", (0, 0)),
        ("x^10 + y^2", (0.05, 0.01), "minimum", (0, 0)),
        ("(x^2+y^2)^1.5", (0, 0), "minimum", (0, 0)),
        ("|x| + |y|", (0, 0), "minimum", (0, 0)),
        ("-x^2", (0, 0.4), "maximum", (0, 0.4)),
        ("x^4 - y^4", (0, 0), "saddle", (0, 0)),
        ("max(0, 1-x-y)^2", (1, 1), "flat", (1, 1)),
        ("-exp(-900 (x^2 + y^2))", (2, 2), "flat", (2, 2)),
    ],
)
def test_valleys_and_degenerate_points_have_a_kind_too(formula, start, kind, place):
    found = beside(parse(formula), start)
    assert found.kind == kind
    np.testing.assert_allclose(found.theta, place, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("formula", "start"),
    [
        ("(1 - x)^2 + 100 (y - x^2)^2", (1.03, 1.12)),
        ("-exp(-(x^2 + y^2))", (4, 3)),
        ("exp(-20 x) + y^2", (0, 0)),
        ("x + y", (0, 0)),
        ("y + x^2", (0, 0)),
        ("x^1.5 + y^2", (0, 0)),
        ("log(x) + y^2", (-1, 0)),
    ],
)
def test_a_short_first_jump_is_not_yet_an_arrival(formula, start):
    assert beside(parse(formula), start) is None


def test_the_reach_is_a_limit():
    assert beside(SURFACES["bowl"], (0.3, 0.4), 0.49) is None
    assert beside(SURFACES["bowl"], (0.3, 0.4), 0.51).kind == "minimum"


def test_a_coordinate_that_is_zero_up_to_rounding_is_zero():
    surface = SURFACES["monkey_saddle"]
    assert beside(surface, (6e-31, 0)).theta.tolist() == [0, 0]
    assert beside(surface, (1e-3, 0)).theta[1] == 0


@pytest.mark.parametrize(
    ("formula", "theta", "kind"),
    [
        ("abs(x+y)", (0.3, -0.29), "valley"),
        ("abs(x+y)", (0.0, 0.0), "valley"),
        ("5 + abs(sin(x))", (3.13, 1.0), "valley"),
        ("abs(x^2+y^2-1)", (0.7, 0.71), "valley"),
        ("max(0, abs(x)-1)", (1.01, 0.0), "valley"),
        ("max(x,y)^2", (1e-5, 1e-5), "valley"),
        ("max(x,y)^2", (-2.06e-10, -6e-17), "valley"),
        ("x^2 y^2", (0.0, 0.0), "valley"),
        ("abs(x y)", (0.0, 0.0), "valley"),
        ("abs(x)+abs(y)", (0.01, 0.02), "minimum"),
        ("abs(x)+y^2", (0.01, 0.02), "minimum"),
        ("max(abs(x), abs(y))", (0.01, 0.0), "minimum"),
        ("(x+y)^4+x^4", (0.0, 0.0), "minimum"),
        ("x^10+y^4", (0.0, 0.0), "minimum"),
        ("x^6+y^6-x^3 y^3", (0.0, 0.0), "minimum"),
    ],
)
def test_a_valley_is_told_from_a_minimum_where_nothing_is_curved(formula, theta, kind):
    assert stationary_point_beside(parse(formula), np.array(theta), 0.113).kind == kind


def test_the_point_of_a_valley_is_the_one_straight_across():
    across = stationary_point_beside(parse("abs(x+y)"), np.array([0.3, -0.29]), 0.113)
    np.testing.assert_allclose(across.theta, (0.295, -0.295), atol=1e-9)
    assert across.is_kink
    smooth = stationary_point_beside(parse("x^2 y^2"), np.array([-1.08, 0.264]), 2.83)
    assert smooth.kind == "valley"
    assert np.hypot(*(smooth.theta - (-1.08, 0.264))) < 0.3
