"""Training and held-out error: true numbers, and a star at the lowest held-out error."""

import numpy as np
import pytest

from figures import DARK, LIGHT
from figures.error_curves import error_curves
from tests.pictures import assert_valid, named, only

UPDATES = np.array([0, 1, 2, 5, 9])
TRAINING = np.array([9.0, 4.0, 2.0, 1.0, 0.5])
HELD = np.array([8.0, 3.0, 2.5, 3.5, 4.0])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_both_curves_and_the_star(theme):
    figure = error_curves(UPDATES, TRAINING, HELD, theme, height=200, run="Adam")
    assert_valid(figure)
    np.testing.assert_array_equal(only(figure, "training error").y, TRAINING)
    np.testing.assert_array_equal(only(figure, "held-out error").x, UPDATES)
    star = only(figure, "lowest held-out error")
    assert (star.x[0], star.y[0]) == (2, 2.5)


def test_without_held_out_examples_there_is_one_curve():
    figure = error_curves(UPDATES, TRAINING, None, LIGHT, height=200, run="Adam")
    assert len(figure.data) == 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, 1e300])
def test_numbers_that_no_log_scale_can_show_leave_a_readable_picture(bad):
    training = np.array([9.0, 4.0, bad, bad, bad])
    figure = error_curves(UPDATES, training, training, LIGHT, height=200, run="Adam")
    assert_valid(figure)
    low, high = figure.layout.yaxis.range
    assert np.isfinite([low, high]).all()
    assert low < high
    assert high < 5
    assert len(named(figure, "training error")) == 1
