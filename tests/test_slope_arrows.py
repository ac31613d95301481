"""The arrows of steepest ascent and descent: their direction is that of the gradient, their length that of the view."""

import numpy as np
import pytest

from figures import LIGHT
from figures.sheet_arrow import sheet_arrow
from figures.slope_arrows import SHARE, slope_arrows
from surfaces import SURFACES
from tests.runs import mesh

every_surface = pytest.mark.parametrize("name", SURFACES)


@every_surface
def test_one_points_up_and_one_points_down(name):
    surface = SURFACES[name]
    gradient = surface.gradient(surface.start)
    arrows = slope_arrows(surface, surface.start, LIGHT)
    sides = np.ptp(surface.view, axis=1)
    for arrow, sign in zip(arrows, (1, -1), strict=True):
        np.testing.assert_allclose(arrow.vector / np.hypot(*arrow.vector), sign * gradient / np.hypot(*gradient))
        assert np.abs(arrow.vector / sides).max() == pytest.approx(SHARE)


@pytest.mark.parametrize("theta", [(0, 0), (np.nan, 0), (1e308, 1e308)])
def test_where_there_is_no_direction_there_is_no_arrow(theta):
    assert slope_arrows(SURFACES["two_weight_chain"], np.array(theta, float), LIGHT) == []


@pytest.mark.parametrize("name", ["linear_neuron", "line_fit", "two_weight_chain"])
def test_on_the_sheet_an_arrow_lies_on_the_surface_from_tail_to_tip(name):
    surface = SURFACES[name]
    for arrow in slope_arrows(surface, surface.start, LIGHT):
        shaft, tip = sheet_arrow(arrow, surface, mesh(name))
        assert [shaft["x"][0], shaft["y"][0]] == pytest.approx(list(arrow.tail))
        assert [tip["x"][0], tip["y"][0]] == pytest.approx(list(arrow.tail + arrow.vector))
        heights = mesh(name).scale.height(surface.value(np.array([shaft["x"], shaft["y"]])))
        assert (shaft["z"] >= heights - 1e-9).all()
