"""The lowest point of a disc: among many hollows, on the rim, and where samples must be fine to see it."""

import numpy as np
import pytest
import sympy

from surfaces import SURFACES, Surface, parse, theta1, theta2
from surfaces.lowest import RINGS, lowest_in_disc

pytestmark = pytest.mark.slow


def lowest(surface, center, radius):
    center = np.array(center, dtype=float)
    return lowest_in_disc(surface, center, np.array(float(radius)), center)


@pytest.mark.parametrize(("radius", "best"), [(0.4, None), (1.5, (1, -1)), (3.0, (0, 0))])
def test_among_the_hollows_of_rastrigin(radius, best):
    surface = SURFACES["rastrigin"]
    theta, loss = lowest(surface, (1.6, -1.5), radius)
    if best is None:
        assert np.hypot(*(theta - (1.6, -1.5))) == pytest.approx(radius)
        assert loss < surface.value((1.6, -1.5))
    else:
        np.testing.assert_allclose(theta, best, atol=0.02)


def test_waves_that_the_first_samples_do_not_see():
    waves = 40
    loss = sympy.cos(waves * theta1) + sympy.cos(waves * theta2) + (theta1 - 1) ** 2 / 50 + (theta2 + 2) ** 2 / 50
    surface = Surface("waves", loss, ((-5, 5), (-5, 5)), (0, 0))
    assert 2 * np.pi / waves < 2 * 4 / RINGS[0]
    theta, found = lowest(surface, (0.3, 0.2), 4)
    fine = np.linspace(-5, 5, 20_001)
    assert np.hypot(*(theta - (1, -2))) < 2 * np.pi / waves
    one = np.cos(waves * fine)
    best = (one + (fine - 1) ** 2 / 50).min() + (one + (fine + 2) ** 2 / 50).min()
    assert found == pytest.approx(best, abs=1e-4)
    assert found <= best + 1e-12


@pytest.mark.parametrize(
    ("formula", "center", "known"),
    [
        ("x^6+y^6+sin(20x)*sin(20y)+x/5-y/3", (-0.24, -2.0), (-0.5495270267, 0.5498580957)),
        ("exp(2x)+exp(2y)+cos(25x)+cos(25y)+x^2+y^2", (0.37, -0.73), (-0.37728847, -0.37728847)),
    ],
)
def test_waves_between_steep_walls(formula, center, known):
    assert lowest(parse(formula), center, 4.5)[1] <= parse(formula).value(known) + 1e-9


def test_a_narrow_curved_valley():
    theta, loss = lowest(SURFACES["rosenbrock"], (-1, 1), 1.5)
    rim = np.linspace(0, 2 * np.pi, 400_000)
    assert loss <= SURFACES["rosenbrock"].value(np.stack([-1 + 1.5 * np.cos(rim), 1 + 1.5 * np.sin(rim)])).min() + 1e-9
    assert np.hypot(*(theta - (-1, 1))) <= 1.5 + 1e-9


@pytest.mark.slow
@pytest.mark.parametrize(
    ("formula", "center", "best"),
    [
        ("10|x-y|+(x-1)^2", (1.5, -1), (1, 1)),
        ("|y-x^2|+(1-x)^2", (1.09, 1.78), (1, 1)),
        ("100|y-x^2|+(1-x)^2", (0.5, 2), (1, 1)),
        ("max(x^2+y, y^2-x)", (1.5, 0.5), (0.5, -0.5)),
        ("relu(1-x)^2+relu(1-y+x)+y^2/20", (0.5, 2), (19 / 21, 40 / 21)),
        ("|y-sin(x)|+x^2/10", (1.5, -1), (0, 0)),
        ("|x|^0.5+|y-x|", (1, 0.3), (0, 0)),
        ("|x*y|+(x-1)^2+(y-1)^2", (1, 2), (2 / 3, 2 / 3)),
    ],
)
def test_at_the_bottom_of_a_kink_that_runs_slantwise_or_bends(formula, center, best):
    theta, loss = lowest(parse(formula), center, 3)
    assert loss <= parse(formula).value(best) + 1e-12
    np.testing.assert_allclose(theta, best, atol=1e-7)


def test_where_a_kink_leaves_the_disc():
    surface = parse("100|y-x^2|-x")
    theta, _ = lowest(surface, (0, 0), 1)
    # x^2 + x^4 = 1
    x = np.sqrt((np.sqrt(5) - 1) / 2)
    np.testing.assert_allclose(theta, (x, x * x), atol=1e-10)
    assert np.hypot(*theta) <= 1


def test_a_valley_a_million_times_steeper_than_its_floor():
    theta, loss = lowest(parse("10^7 (y-x^2)^2+(1-x)^2"), (1.46, 1.78), 3)
    np.testing.assert_allclose(theta, (1, 1), atol=1e-8)
    assert loss <= 1e-12


def test_where_the_loss_ends():
    theta, loss = lowest(parse("acos(x) y"), (-0.85, -0.65), 3)
    assert theta[0] == pytest.approx(-1, abs=1e-9)
    assert loss == pytest.approx(np.pi * (-0.65 - np.sqrt(9 - 0.15**2)), abs=1e-7)


def test_a_level_loss_is_lowest_at_the_centre():
    theta, loss = lowest(Surface("level", sympy.Integer(3), ((-1, 1), (-1, 1)), (0, 0)), (0.2, 0.3), 1)
    np.testing.assert_array_equal(theta, [0.2, 0.3])
    assert loss == 3
