"""Functions of one variable: their series, and the interval in which a polynomial is good enough."""

import numpy as np
import pytest
import sympy

from surfaces.curves import CURVES, polynomial_value, small_error_interval


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_its_formula_and_its_centre_is_in_the_picture(name):
    curve = CURVES[name]
    low, high = curve.view
    assert low < float(curve.center) < high
    places = np.linspace(low, high, 9)
    (x,) = curve.formula.free_symbols
    expected = [float(curve.formula.subs(x, sympy.Rational(place))) for place in places]
    np.testing.assert_allclose(curve.value(places), expected, rtol=1e-13, atol=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("order", [0, 1, 5, 10])
def test_the_polynomial_agrees_with_sympys_series(name, order):
    curve = CURVES[name]
    (x,) = curve.formula.free_symbols
    series = sympy.series(curve.formula, x, curve.center, order + 1).removeO()
    places = np.linspace(*curve.view, 7)
    ours = polynomial_value(curve.coefficients(curve.center, order), float(curve.center), places)
    theirs = [float(sympy.sympify(series).subs(x, sympy.Rational(place))) for place in places]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


def test_the_interval_ends_where_the_error_exceeds_the_tolerance():
    low, high = small_error_interval(lambda x: x**3, 0.0, 0.008, (-1.0, 1.0))
    assert (low, high) == pytest.approx((-0.2, 0.2))
    assert small_error_interval(lambda x: 0 * x, 0.5, 1e-3, (-1.0, 1.0)) == (-1.0, 1.0)
    low, high = small_error_interval(lambda x: np.where(x > 0.5, np.nan, 0), 0.0, 0.1, (-1.0, 1.0))
    assert (low, high) == pytest.approx((-1.0, 0.5))


def test_the_first_exceeding_ends_the_interval_even_if_the_error_returns():
    low, high = small_error_interval(lambda x: np.sin(x), 0.0, 0.5, (-10.0, 10.0))
    assert high == pytest.approx(np.pi / 6)
    assert low == pytest.approx(-np.pi / 6)
