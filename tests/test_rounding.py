"""What may be rounding of a loss: never less than what rounding really does, and not much more."""

import numpy as np
import pytest
import sympy

from surfaces import SURFACES, Surface, parse, theta1, theta2
from surfaces.neurons import NEURONS
from surfaces.rounding import rounding_of

pytestmark = pytest.mark.slow

POLYNOMIALS = ["bowl", "himmelblau", "rosenbrock", "beale", "goldstein_price", "booth", "styblinski_tang"]


@pytest.mark.parametrize("name", SURFACES)
def test_it_is_at_least_the_last_digit_and_far_below_what_the_loss_does(name):
    surface = SURFACES[name]
    (low1, high1), (low2, high2) = surface.view
    points = np.random.default_rng(0).uniform((low1, low2), (high1, high2), (20, 2)).T
    noise, values = surface.rounding(points), surface.value(points)
    assert noise.shape == (20,)
    assert (noise <= 1e-12 * (np.ptp(values) + np.abs(values).max())).all()
    if type(surface) is Surface:
        assert (noise >= 0.5 * np.spacing(np.abs(values))).all()
    np.testing.assert_array_equal(surface.rounding(points[:, 3]), noise[3])


@pytest.mark.parametrize("name", POLYNOMIALS)
@pytest.mark.parametrize("away", [0.0, 1e-12, 1e-9, 1e-3])
def test_it_covers_the_error_beside_a_minimum_where_little_is_left_of_large_numbers(name, away):
    surface = SURFACES[name]
    floats = surface.formula.atoms(sympy.Float)
    exact = surface.formula.xreplace({number: sympy.Rational(float(number)) for number in floats})
    for point in surface.minima[0] + away * np.random.default_rng(1).normal(size=(8, 2)):
        true = exact.xreplace({theta1: sympy.Rational(point[0]), theta2: sympy.Rational(point[1])})
        error = abs(sympy.Rational(float(surface.value(point))) - true)
        assert error <= surface.rounding(point)


def test_the_rest_of_large_numbers_is_as_uncertain_as_they_are():
    assert parse("(1000000 + x)^2 - 1000000^2 + y").rounding((1e-3, 0.0)) >= 1e-4
    # 20 - 10 cos 2πx - 10 cos 2πy near 0, whose value is 0 there to the last digit.
    assert 1e-15 < SURFACES["rastrigin"].rounding((1e-12, 1e-12)) < 1e-13


@pytest.mark.parametrize(
    "formula",
    [
        "abs(x) + max(x, y)",
        "exp(x) * sin(y)",
        "sqrt(x^2 + y^2 + 1)",
        "x^0.5 + 2^y",
        "sqrt(max(0, x)) + y^2",
        "ln(x) * tanh(y)",
        "abs(x)^1.5 + x^y",
    ],
)
def test_every_kind_of_part_has_its_share(formula):
    surface = parse(formula)
    noise = surface.rounding(np.array([[0.3, 2.0], [0.7, 1.1]]))
    assert ((noise > 0) & (noise < 1e-14)).all()


def test_no_value_no_rounding():
    assert not np.isfinite(parse("ln(x) + y").rounding((-1.0, 0.0)))
    assert rounding_of(theta1) == 0


@pytest.mark.parametrize("name", NEURONS)
def test_a_loss_of_examples_is_off_by_a_few_last_digits(name):
    risk = SURFACES[name]
    noise = risk.rounding(risk.start) / np.spacing(risk.value(risk.start))
    assert 0.5 < noise < 1000
