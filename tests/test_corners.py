"""Functions with corners: exact beside the corner, PyTorch's subgradients on it, finite everywhere."""

import numpy as np
import pytest
import sympy

from surfaces import Surface, theta1, theta2
from surfaces.corners import absolute, exceeds, maximum, minimum, positive, relu, sign_of, with_corners
from tests.samples import assert_same_bits, awkward_points, random_points

SQUARE = ((-3, 3), (-3, 3))


def surface(formula) -> Surface:
    return Surface("Corners", formula, SQUARE, (1, 1))


# function, numpy's values, numpy's first and second partial derivatives beside the corner
CASES = {
    "abs": (absolute(theta1), lambda x, y: np.abs(x), lambda x, y: (np.sign(x), 0 * y)),
    "relu": (relu(theta1 - theta2), lambda x, y: np.maximum(x - y, 0), lambda x, y: (1.0 * (x > y), -1.0 * (x > y))),
    "max": (maximum(theta1, theta2), np.maximum, lambda x, y: (1.0 * (x > y), 1.0 * (y > x))),
    "min": (minimum(theta1, theta2), np.minimum, lambda x, y: (1.0 * (x < y), 1.0 * (y < x))),
}


@pytest.mark.parametrize("name", CASES)
def test_value_and_derivatives(name):
    formula, value, slopes = CASES[name]
    theta = random_points(SQUARE, 200)
    made = surface(formula)
    np.testing.assert_array_equal(made.value(theta), value(*theta))
    np.testing.assert_array_equal(made.gradient(theta), slopes(*theta))
    np.testing.assert_array_equal(made.hessian(theta), 0)


@pytest.mark.parametrize("name", CASES)
def test_the_square_has_the_second_derivative_of_its_pieces(name):
    formula, _, slopes = CASES[name]
    theta = random_points(SQUARE, 200)
    slope = np.array(slopes(*theta))
    np.testing.assert_allclose(surface(formula**2).hessian(theta), 2 * slope[:, None] * slope[None], atol=1e-12)


@pytest.mark.parametrize(
    ("formula", "slopes"),
    [
        (absolute(theta1), (0, 0)),
        (relu(theta1), (0, 0)),
        (maximum(theta1, theta2), (0.5, 0.5)),
        (minimum(theta1, theta2), (0.5, 0.5)),
    ],
    ids=str,
)
def test_on_the_corner_the_gradient_is_the_subgradient_of_pytorch(formula, slopes):
    np.testing.assert_array_equal(surface(formula).gradient((0, 0)), slopes)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (sympy.Abs(theta1 - theta2), absolute(theta1 - theta2)),
        (sympy.sign(theta1), sign_of(theta1)),
        (sympy.Max(theta1, theta2), maximum(theta1, theta2)),
        (sympy.Min(theta1, theta2), minimum(theta1, theta2)),
        (sympy.Heaviside(theta1), exceeds(theta1, 0)),
        (sympy.Heaviside(theta1, 0), positive(theta1)),
    ],
    ids=str,
)
def test_sympys_corners_become_these(theirs, ours):
    assert with_corners(1 + theirs * theta2) == 1 + ours * theta2
    theta = random_points(SQUARE, 20)
    np.testing.assert_array_equal(surface(theirs).value(theta), surface(ours).value(theta))
    np.testing.assert_allclose(surface(theirs**3).hessian(theta), surface(ours**3).hessian(theta), rtol=1e-12)


def test_the_largest_of_three():
    theta = random_points(SQUARE, 20)
    np.testing.assert_array_equal(surface(sympy.Max(theta1, theta2, 1)).value(theta), np.fmax(theta.max(axis=0), 1))


def test_an_even_power_of_bars_is_smooth():
    assert absolute(theta1) ** 2 == theta1**2
    assert surface(absolute(theta1) ** 2).hessian((0, 0))[0, 0] == 2


@pytest.mark.parametrize("name", CASES)
def test_a_row_of_a_batch_is_the_point_alone(name):
    made = surface(CASES[name][0] * theta1)
    theta = awkward_points()
    assert_same_bits(made.gradient(theta), np.stack([made.gradient(point) for point in theta.T], axis=-1))
    assert_same_bits(made.value(theta), np.array([made.value(point) for point in theta.T]))


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (absolute(sympy.Rational(-1, 2)), 0.5),
        (relu(sympy.Integer(-3)), 0),
        (maximum(2, sympy.Rational(5, 2)), 2.5),
        (minimum(2, sympy.Rational(5, 2)), 2),
        (sign_of(sympy.Integer(-2)), -1),
        (positive(sympy.Integer(0)), 0),
        (exceeds(sympy.Integer(3), sympy.Integer(3)), 0.5),
        (absolute(1 - sympy.sqrt(2)), 2**0.5 - 1),
    ],
    ids=str,
)
def test_numbers_are_put_in(number, value):
    assert float(number.evalf()) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_beside_the_corner_it_is_one_of_two_formulas(name):
    formula, _, _ = CASES[name]
    theta = random_points(SQUARE, 50)
    above, below = (surface(formula.beside(side)).value(theta) for side in (1, -1))
    is_above = surface(formula.level).value(theta) > 0
    np.testing.assert_array_equal(surface(formula).value(theta), np.where(is_above, above, below))


@pytest.mark.parametrize("function", [sign_of(theta1), positive(theta1), exceeds(theta1, theta2)], ids=str)
@pytest.mark.parametrize("side", [-1, 0, 1])
def test_a_step_has_its_own_value_where_it_steps(function, side):
    assert surface(function).value((side, 0)) == float(function.beside(side))


def test_there_is_no_taylor_polynomial_on_a_corner():
    assert surface(absolute(theta1)).taylor((2, 0), 1) == theta1
    with pytest.raises(ValueError, match="kink"):
        surface(absolute(theta1)).taylor((0, 0), 1)
    with pytest.raises(ValueError, match="kink"):
        surface(maximum(theta1, theta2)).taylor((1, 1), 1)


def test_latex_says_what_it_is():
    assert sympy.latex(absolute(theta1) ** 3) == r"\left|\theta_{1}\right|^{3}"
    assert r"\max" in sympy.latex(maximum(theta1, theta2) ** 2)
