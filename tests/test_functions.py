"""softplus and the logistic function: true to the last digits, and finite where exp is not."""

import mpmath
import numpy as np
import pytest
import sympy

from programs.operations import spherical as spherical_values
from surfaces import Surface, parse, theta1, theta2
from surfaces.functions import acos, acosh, asin, atanh, log, power, root, sigmoid, softplus

LOSS = Surface("Softplus", softplus(theta1) + 0 * theta2, ((-9, 9), (-9, 9)), (1, 1))
POINTS = np.array([-800.0, -40.0, -3.0, -1e-9, 0.0, 0.5, 2.0, 40.0, 800.0, 1e300])


@pytest.mark.parametrize("point", POINTS)
def test_value_and_derivatives_agree_with_many_digits(point):
    with mpmath.workdps(400):
        power = mpmath.exp(-abs(mpmath.mpf(point)))
        value = float(max(mpmath.mpf(point), 0) + mpmath.log1p(power))
        slope = float(1 / (1 + power) if point >= 0 else power / (1 + power))
        bend = float(power / (1 + power) ** 2)
    assert LOSS.value((point, 0)) == pytest.approx(value, rel=1e-15)
    assert LOSS.gradient((point, 0))[0] == pytest.approx(slope, rel=1e-14, abs=1e-15)
    assert LOSS.hessian((point, 0))[0, 0] == pytest.approx(bend, rel=1e-13, abs=1e-15)


def test_a_batch_rounds_like_a_point():
    theta = np.array([POINTS, np.zeros(len(POINTS))])
    np.testing.assert_array_equal(LOSS.value(theta), [LOSS.value(point) for point in theta.T])


def test_sympy_can_differentiate_and_evaluate_it():
    assert sympy.diff(softplus(2 * theta1), theta1) == 2 * sigmoid(2 * theta1)
    assert float(softplus(sympy.Integer(1)).evalf()) == pytest.approx(np.log1p(np.e), rel=1e-14)
    assert sympy.latex(softplus(theta1)) == r"\log\left(1 + e^{\theta_{1}}\right)"


@pytest.mark.parametrize("point", POINTS)
def test_the_sigmoid_is_exact_however_small_it_is(point):
    loss = Surface("Sigmoid", sigmoid(theta1) + 0 * theta2, ((-9, 9), (-9, 9)), (1, 1))
    with mpmath.workdps(400):
        value = 1 / (1 + mpmath.exp(-mpmath.mpf(point)))
        slope, bend = value * (1 - value), value * (1 - value) * (1 - 2 * value)
    tolerance = 1e-13 * max(1, min(abs(point), 1000))
    assert loss.value((point, 0)) == pytest.approx(float(value), rel=tolerance)
    assert loss.gradient((point, 0))[0] == pytest.approx(float(slope), rel=tolerance, abs=1e-320)
    assert loss.hessian((point, 0))[0, 0] == pytest.approx(float(bend), rel=1e-6, abs=1e-320)


def test_sympy_can_evaluate_the_sigmoid():
    assert float(sigmoid(sympy.sqrt(2)).evalf()) == pytest.approx(1 / (1 + np.exp(-np.sqrt(2))), rel=1e-14)
    assert float(sigmoid(sympy.Integer(0))) == 0.5
    assert sympy.latex(sigmoid(theta1)) == r"\sigma\left(\theta_{1}\right)"


# function of theta1, numpy's values and derivatives, sympy's own function
PARTIAL = {
    "log": (log(theta1), np.log, lambda x: 1 / x, sympy.log),
    "asin": (asin(theta1), np.arcsin, lambda x: 1 / np.sqrt(1 - x**2), sympy.asin),
    "acos": (acos(theta1), np.arccos, lambda x: -1 / np.sqrt(1 - x**2), sympy.acos),
    "acosh": (acosh(theta1), np.arccosh, lambda x: 1 / np.sqrt(x - 1) / np.sqrt(x + 1), sympy.acosh),
    "atanh": (atanh(theta1), np.arctanh, lambda x: 1 / (1 - x**2), sympy.atanh),
    "root": (root(theta1), np.sqrt, lambda x: 0.5 / np.sqrt(x), sympy.sqrt),
    "power": (power(theta1, 0.3), lambda x: x**0.3, lambda x: 0.3 * x**-0.7, lambda x: x**0.3),
}


@pytest.mark.parametrize("name", PARTIAL)
def test_a_partial_function_has_the_values_and_slopes_of_numpy(name):
    formula, value, slope, _ = PARTIAL[name]
    loss = Surface("Partial", formula + 0 * theta2, ((-3, 3), (-3, 3)), (1, 1))
    theta = np.stack([np.linspace(-3.03, 3.07, 100), np.zeros(100)])
    with np.errstate(all="ignore"):
        known = value(theta[0])
        assert 0 < np.isfinite(known).sum() < 100
        np.testing.assert_array_equal(loss.value(theta), known)
        has_value = np.isfinite(known)
        np.testing.assert_allclose(loss.gradient(theta)[0][has_value], slope(theta[0])[has_value], rtol=1e-14)


@pytest.mark.parametrize("name", PARTIAL)
def test_of_a_number_it_is_sympys_number_or_none(name):
    formula, _, _, exact = PARTIAL[name]
    for number in (sympy.Rational(1, 2), sympy.sqrt(3), sympy.Integer(-5), -sympy.sqrt(2) / 2):
        true = complex(exact(number))
        made = formula.subs(theta1, number)
        assert made is sympy.nan if true.imag else float(made) == pytest.approx(true.real, rel=1e-14)


@pytest.mark.parametrize(
    "formula",
    [
        sympy.exp(log(theta1)),
        sympy.sin(asin(theta1)),
        sympy.cosh(acosh(theta1)),
        root(theta1) ** 2,
        log(theta1 * theta2),
    ],
    ids=str,
)
def test_sympy_leaves_it_as_it_is(formula):
    assert formula.atoms(log, asin, acosh, root)
    assert formula.func(*formula.args) == formula


@pytest.mark.parametrize("order", range(5))
def test_spherical_bessel_functions_are_those_of_mpmath(order):
    points = np.array([0.0, 1e-9, -0.3, 1.0, 2.5, -4.0, order + 1.99, order + 2.01, 17.0, 300.0])
    half = mpmath.mpf(1) / 2

    def exact(x: float) -> float:
        size = mpmath.sqrt(mpmath.pi / (2 * abs(x))) * mpmath.besselj(order + half, abs(x)) if x else order == 0
        return float(size) * (-1 if x < 0 and order % 2 else 1)

    np.testing.assert_allclose(
        spherical_values(order, points), [exact(float(x)) for x in points], rtol=1e-10, atol=1e-14
    )
    assert [float(spherical_values(order, x)) for x in points] == spherical_values(order, points).tolist()


@pytest.mark.parametrize(
    "text", ["sinc(x) y", "erf(x) + erfc(y)", "atan2(y, x)", "cbrt(x) + round(y)", "{x<y: x, mod(y, 2)}"]
)
def test_a_row_of_a_batch_is_the_point_alone(text):
    surface, points = parse(text), np.random.default_rng(5).uniform(-5, 5, (2, 40))
    for function in (surface.value, surface.gradient, surface.hessian):
        alone = np.stack([function(point) for point in points.T], axis=-1)
        np.testing.assert_array_equal(function(points), alone)
