"""The picture of one variable: true curves, a shaded error, and a band."""

import numpy as np

from figures import DARK, LIGHT
from figures.taylor_curve import TaylorCurve, taylor_curve
from tests.pictures import assert_valid, only, without_colors


def curve_of(interval=(-0.5, 0.5)) -> TaylorCurve:
    x = np.linspace(-2, 2, 101)
    return TaylorCurve(x, np.sin(x), 1e9 * x**3, 0.0, 0.0, interval)


def test_function_polynomial_error_and_centre():
    figure = taylor_curve(curve_of(), "sin x", 3, LIGHT)
    assert_valid(figure)
    np.testing.assert_array_equal(only(figure, "sin x").y, np.sin(curve_of().x))
    polynomial = only(figure, "Taylor polynomial of order 3")
    np.testing.assert_array_equal(polynomial.customdata, curve_of().polynomial)
    inside = np.abs(curve_of().polynomial) < 2
    np.testing.assert_array_equal(polynomial.y[inside], curve_of().polynomial[inside])
    assert (np.abs(polynomial.y[~inside]) >= 2).all()
    assert only(figure, "error").fill == "tonexty"
    assert only(figure, "centre").meta == {"start": True}
    (band,) = figure.layout.shapes
    assert (band.x0, band.x1) == (-0.5, 0.5)


def test_without_an_interval_there_is_no_band_and_themes_differ_in_colours_only():
    assert not taylor_curve(curve_of(None), "sin x", 3, LIGHT).layout.shapes
    light, dark = (without_colors(taylor_curve(curve_of(), "sin x", 3, theme)) for theme in (LIGHT, DARK))
    assert light == dark
