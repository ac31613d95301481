"""Numerical gradients: exact where mathematics says so, two regimes of error, and the orders of both kinds."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import LIGHT
from figures.gradient_error import gradient_error
from optimizers.numerical_gradient import central, one_sided
from surfaces import SURFACES
from tests.losses import diagonal
from tests.pictures import assert_valid, only

POINT = np.array([-0.7, 0.4])


@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.01, 2))
def test_on_a_quadratic(theta1, theta2, width):
    """The central difference is exact; the one-sided one is off by half the curvature times h."""
    loss = diagonal(3, 8)
    np.testing.assert_allclose(central(loss, (theta1, theta2), width), [3 * theta1, 8 * theta2], atol=1e-9)
    expected = [3 * theta1 + 1.5 * width, 8 * theta2 + 4 * width]
    np.testing.assert_allclose(one_sided(loss, (theta1, theta2), width), expected, atol=1e-9)


@pytest.mark.parametrize("name", ["rosenbrock", "mccormick", "hills", "branin"])
def test_errors_fall_like_h_and_like_its_square(name):
    loss = SURFACES[name]
    widths = np.array([1e-2, 1e-3])
    for kind, order in ((one_sided, 1), (central, 2)):
        error = np.hypot(*(kind(loss, POINT, widths) - loss.gradient(POINT)[:, None]))
        assert np.log10(error[0] / error[1]) == pytest.approx(order, abs=0.1)


@pytest.mark.parametrize(("kind", "best"), [(one_sided, 1e-8), (central, 1e-5)])
def test_rounding_takes_over_for_small_h(kind, best):
    loss, widths = SURFACES["himmelblau"], np.array([best, 1e-14])
    error = np.hypot(*(kind(loss, POINT, widths) - loss.gradient(POINT)[:, None]))
    assert error[1] > 100 * error[0]


@pytest.mark.parametrize(("kind", "most"), [(one_sided, 3), (central, 4)])
def test_a_numerical_gradient_costs_so_many_losses(kind, most):
    asked = []
    loss = SimpleNamespace(value=lambda theta: asked.append(theta) or diagonal(3, 8).value(theta))
    kind(loss, POINT, 0.1)
    assert len(asked) == most


def test_shapes():
    assert central(diagonal(1, 1), (1, 2), np.ones((4, 3))).shape == (2, 4, 3)
    assert one_sided(diagonal(1, 1), (1, 2), 0.5).shape == (2,)


def test_the_picture_keeps_zero_errors_on_its_lower_edge():
    widths = np.array([1e-3, 1e-2, 1e-1])
    figure = gradient_error(widths, {"central": np.array([0.0, 1e-6, np.nan])}, 1e-2, LIGHT)
    assert_valid(figure)
    assert only(figure, "central").y[0] == 5e-7
    assert np.isnan(only(figure, "central").y[2])
    assert only(figure, "the chosen h").x == (1e-2, 1e-2)
