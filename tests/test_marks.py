"""What hovering over a point of a path says."""

import math
import warnings

import numpy as np
import pytest

from figures.marks import POINT_HOVER, drawn_path, hover_name, point_data, point_hover, whole_updates
from figures.path import visible_path
from optimizers import OPTIMIZERS, run
from programs.frame import inside
from surfaces import SURFACES
from tests.runs import default_runs, recorded

pytestmark = pytest.mark.slow


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_the_data_of_a_point_are_its_update_place_loss_and_slope(name):
    surface = SURFACES[name]
    path = default_runs(name)["Adam"]
    updates = np.array([0, 3, 60])
    data = point_data(path, updates)
    assert data.shape == (3, 5)
    for line, update in zip(data, updates, strict=True):
        theta = path.theta[update]
        expected = [update, *theta, surface.value(theta), math.hypot(*surface.gradient(theta))]
        np.testing.assert_allclose(line, expected, rtol=1e-14)


def test_no_points_have_no_data():
    assert point_data(default_runs("bowl")["Adam"], np.array([], dtype=int)).shape == (0, 5)


def test_a_diverged_run_has_data_without_complaint():
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=10.0), SURFACES["himmelblau"], (1e150, -1e150), 5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        data = point_data(path, np.arange(6))
    assert not np.isfinite(data[:, 3]).any()


@pytest.mark.parametrize(
    ("words", "column"), [("update ", 0), ("θ = (", 1), (", ", 2), ("L = ", 3), ("|∇L| = ", 4), ("<b>", None)]
)
def test_the_hover_text_names_what_it_shows(words, column):
    shown = "%{fullData.name}" if column is None else f"%{{customdata[{column}]"
    assert POINT_HOVER.count(words + shown) == 1


def test_whole_updates_are_those_that_no_frame_has_cut():
    update = np.array([0.0, 1.0, 1.25, np.nan, 4.999, 5.0])
    np.testing.assert_array_equal(whole_updates(update), [True, True, False, False, False, True])


def test_the_slope_is_the_true_one_though_the_rule_saw_noise():
    path = recorded([[1.0, 2], [3, 4]], SURFACES["bowl"])
    path.gradient.setflags(write=False)
    np.testing.assert_allclose(point_data(path, np.arange(2))[:, 4], [2 * math.hypot(1, 2), 10])


def test_words_stand_for_a_loss_or_a_slope_that_is_no_number():
    fine, far = [1.0, 2.0, 3.0, 4.0, 5.0], [4.0, np.nan, np.nan, np.nan, np.nan]
    assert point_hover(np.array([fine, far])) == POINT_HOVER
    first, second, third, last = point_hover(
        np.array([fine, [2, 0, 0, np.nan, np.nan], [3, 0, 0, 5, np.inf], far], dtype=float)
    )
    assert first == last == POINT_HOVER
    assert "L = no value<br>|∇L| = no value" in second
    assert "L = %{customdata[3]:.6g}<br>|∇L| = too large for a computer" in third


@pytest.mark.parametrize("name", SURFACES)
def test_what_is_drawn_of_a_run_are_its_updates_in_the_frame(name):
    surface = SURFACES[name]
    for path in default_runs(name).values():
        drawn = drawn_path(path, surface.view)
        seen = np.flatnonzero(inside(path.theta.T, surface.view))
        np.testing.assert_array_equal(drawn.updates, seen)
        np.testing.assert_array_equal(drawn.points, path.theta[seen].T)
        np.testing.assert_array_equal(drawn.data, point_data(path, seen))
        np.testing.assert_array_equal(drawn.line.points, visible_path(path.theta, surface.view).points)
        assert drawn_path(path, surface.view) is drawn


def test_a_name_in_a_hover_text_is_neither_markup_nor_a_field():
    data = np.zeros((1, 5))
    assert point_hover(data, name="Adam") == POINT_HOVER
    name = "<i>a</i> & %{x}"
    assert hover_name(name) == "&#60;i&#62;a&#60;/i&#62; &#38; &#37;{x}"
    assert point_hover(data, name=name) == POINT_HOVER.replace("%{fullData.name}", hover_name(name))
