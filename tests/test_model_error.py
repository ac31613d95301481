"""The chart of model errors: both orders, their slopes by name, rounding left out, the red radius."""

import numpy as np

from figures import DARK, LIGHT
from figures.model_error import model_error
from figures.theme import RED_CIRCLE
from tests.pictures import assert_valid, only

RADII = np.logspace(-3, 0, 31)


def chart(theme=LIGHT, errors=None, slopes=None):
    errors = errors or {1: RADII**2, 2: RADII**3}
    return model_error(RADII, errors, slopes or {1: 2.0, 2: 3.0}, 0.1, 1e-8, theme)


def test_lines_slopes_and_the_radius():
    for theme in (LIGHT, DARK):
        figure = chart(theme)
        assert_valid(figure)
        np.testing.assert_array_equal(only(figure, "plane, slope 2.00").y, RADII**2)
        cubic = only(figure, "quadratic, slope 3.00").y
        assert np.isnan(cubic[RADII**3 <= 1e-8]).all()
        line = only(figure, "radius of the red circle")
        assert list(line.x) == [0.1, 0.1]
        assert line.line.color == RED_CIRCLE
        assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"


def test_a_model_without_error_has_no_slope_and_the_chart_stands():
    figure = chart(errors={1: np.zeros(31), 2: np.full(31, np.nan)}, slopes={1: np.nan, 2: np.nan})
    assert_valid(figure)
    assert [trace.name for trace in figure.data] == ["plane", "quadratic", "radius of the red circle"]
