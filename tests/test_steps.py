"""The lowest and the level points of models, against brute force over a disc."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surfaces.steps import linear_step, newton_step, quadratic_step, shortest_newton_step
from tests.samples import DISC, quadratic

pytestmark = pytest.mark.slow

numbers = st.floats(-50, 50, allow_subnormal=False)
radii = st.floats(1e-6, 1e3)


@settings(max_examples=200)
@given(numbers, numbers, radii)
def test_the_plane_is_lowest_where_no_point_of_the_rim_is_lower(first, second, radius):
    gradient = np.array([first, second])
    if not gradient.any():
        return
    step, change = linear_step(gradient, radius)
    assert np.hypot(*step) == pytest.approx(radius)
    assert change == pytest.approx(gradient @ step)
    assert change <= (gradient @ (radius * DISC)).min() + 1e-12 * abs(change)


@pytest.mark.parametrize("size", [5e-324, 1e-200, 1e200, 1e308])
def test_very_small_and_very_large_slopes_have_a_direction(size):
    step, _ = linear_step(np.array([size, -size]), 2.0)
    np.testing.assert_allclose(step, [-np.sqrt(2), np.sqrt(2)])


@settings(max_examples=300)
@given(st.tuples(numbers, numbers), st.tuples(numbers, numbers, numbers), radii)
def test_no_point_of_the_disc_is_lower_than_the_quadratics_minimiser(gradient, entries, radius):
    assert_minimises(np.array(gradient), np.array([entries[:2], entries[1:]]), radius)


@settings(max_examples=300)
@given(st.tuples(*[st.sampled_from([0.0, 1.0, -1.0, 1e-9, 3.0, -2.0])] * 5), st.sampled_from([0.01, 0.5, 1.0, 4.0]))
def test_special_cases_of_the_quadratic(entries, radius):
    first, second, *rest = entries
    assert_minimises(np.array([first, second]), np.array([rest[:2], rest[1:]]), radius)


def assert_minimises(gradient, hessian, radius):
    step, change = quadratic_step(gradient, hessian, radius)
    size = radius * np.abs(gradient).max() + radius**2 * np.abs(hessian).max()
    assert np.isfinite(step).all()
    assert np.hypot(*step) <= radius * (1 + 1e-12)
    assert change == pytest.approx(quadratic(gradient, hessian, step), abs=1e-12 * size)
    assert change <= quadratic(gradient, hessian, radius * DISC).min() + 1e-12 * size


def test_inside_the_circle_it_is_newtons_step():
    gradient, hessian = np.array([2.0, -1.0]), np.array([[5.0, 1.0], [1.0, 2.0]])
    step, _ = quadratic_step(gradient, hessian, 10.0)
    np.testing.assert_allclose(step, -np.linalg.solve(hessian, gradient), rtol=1e-14)
    step, _ = quadratic_step(gradient, hessian, 0.1)
    assert np.hypot(*step) == pytest.approx(0.1)


def test_the_hard_case_goes_to_the_rim_along_the_axis_that_curves_down():
    # No slope along the axis that curves down: the linear equations alone give (0, -1/3).
    gradient, hessian = np.array([0.0, 1.0]), np.diag([-1.0, 2.0])
    step, change = quadratic_step(gradient, hessian, 2.0)
    np.testing.assert_allclose(np.abs(step), [np.sqrt(4 - 1 / 9), 1 / 3], rtol=1e-12)
    assert step[1] < 0
    assert change == pytest.approx(quadratic(gradient, hessian, step))
    # In the easy case beside it, the step goes against the slope.
    assert quadratic_step(np.array([1e-12, 1.0]), hessian, 2.0)[0][0] == pytest.approx(-np.sqrt(4 - 1 / 9))
    assert quadratic_step(np.array([-1e-12, 1.0]), hessian, 2.0)[0][0] == pytest.approx(np.sqrt(4 - 1 / 9))


def test_without_slope_the_quadratic_stays_in_a_hollow_and_leaves_a_saddle():
    still = np.zeros(2)
    np.testing.assert_array_equal(quadratic_step(still, np.eye(2), 1.0)[0], [0, 0])
    np.testing.assert_array_equal(quadratic_step(still, np.zeros((2, 2)), 1.0)[0], [0, 0])
    np.testing.assert_allclose(np.abs(quadratic_step(still, np.diag([2.0, -2.0]), 3.0)[0]), [0, 3], atol=1e-15)
    np.testing.assert_allclose(quadratic_step(np.array([0.0, 2.0]), np.diag([0.0, 4.0]), 3.0)[0], [0, -0.5], atol=1e-15)


@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e-160, 1e160, 1e200, 1e308])
def test_very_small_and_very_large_quadratics_have_the_same_steps(size):
    gradient, hessian = np.array([0.5, -0.25]), np.array([[1.0, 0.25], [0.25, 0.5]])
    expected = newton_step(gradient, hessian)
    for step in (newton_step, shortest_newton_step):
        np.testing.assert_allclose(step(size * gradient, size * hessian), expected, rtol=1e-3)
    step, change = quadratic_step(size * gradient, size * hessian, 10.0)
    np.testing.assert_allclose(step, expected, rtol=1e-3)
    assert change < 0
    step, _ = quadratic_step(size * gradient, -size * hessian, 10.0)
    np.testing.assert_allclose(step, quadratic_step(gradient, -hessian, 10.0)[0], rtol=1e-3)


def test_a_level_quadratic_of_the_largest_numbers_is_left_alone():
    step, change = quadratic_step(np.zeros(2), np.full((2, 2), 1e308), 5.0)
    np.testing.assert_array_equal([*step, change], 0)


def test_in_a_valley_the_shortest_step_leads_across_it():
    valley = np.outer([1.3, 0.7], [1.3, 0.7])
    assert np.isnan(newton_step(2 * valley[0], valley)).all()
    np.testing.assert_allclose(shortest_newton_step(valley @ [1.3, 0.7], valley), [-1.3, -0.7], rtol=1e-12)
    np.testing.assert_array_equal(shortest_newton_step(np.ones(2), np.zeros((2, 2))), 0)
