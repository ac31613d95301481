"""The best step of a parabola, its picture, and the estimate of its curvature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures import DARK, LIGHT
from figures.curvature_estimate import curvature_estimate
from figures.parabola import Sketch, parabola_curve
from optimizers.parabola import Parabola, root_of_squares
from tests.pictures import assert_valid, only

coefficients = st.builds(Parabola, st.floats(0.01, 50), st.floats(-20, 20), st.floats(-5, 5))


@given(coefficients, st.floats(-10, 10))
def test_the_best_step_ends_at_the_minimum(parabola, x):
    towards = np.sign(parabola.minimizer - x)
    assert x + towards * parabola.best_step(x) == pytest.approx(parabola.minimizer, abs=1e-9)
    assert parabola.value(parabola.minimizer) <= parabola.value(x)
    assert parabola.best_step(x) == pytest.approx(abs(2 * parabola.a * x + parabola.b) / (2 * parabola.a))


@pytest.mark.parametrize("a", [0.0, -1.0, np.nan])
def test_a_parabola_without_a_minimum_is_refused(a):
    with pytest.raises(ValueError, match="greater than 0"):
        Parabola(a, 1.0)


def test_the_picture_marks_point_minimum_and_step():
    figure = parabola_curve(lambda x0, a, b: Sketch(Parabola(a, b), x0), {"x0": 3.0, "a": 0.5, "b": -1.0}, DARK)
    assert_valid(figure)
    assert (only(figure, "point").x[0], only(figure, "point").y[0]) == (3.0, 1.5)
    assert only(figure, "point").meta["start"]
    assert only(figure, "minimum").x[0] == 1.0
    assert list(only(figure, "best step").x) == [3.0, 1.0]
    (left, right), (low, high) = only(figure, "tangent").x, only(figure, "tangent").y
    assert (high - low) / (right - left) == pytest.approx(2.0)


def test_the_estimate_is_proportional_when_the_places_are_the_same():
    places = np.linspace(-1, 2, 7)
    curvature = np.array([0.1, 1.0, 30.0])
    estimate = root_of_squares(curvature[:, None] * places)
    np.testing.assert_allclose(estimate / curvature, np.sqrt((places**2).sum()))
    figure = curvature_estimate(curvature, estimate, LIGHT, chosen={"θ₁": (2.0, 3.0)})
    assert_valid(figure)
    assert only(figure, "θ₁").y == (3.0,)
