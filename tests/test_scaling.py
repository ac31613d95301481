"""Standardised problems: the same function in other weights, rounder, and the way back is exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.scaling import curvature, scaling
from optimizers import OPTIMIZERS, run
from surfaces.datasets import DataError, DataSet
from surfaces.neurons import NEURONS
from ui.data import Choice, problem

LECTURE = problem(Choice("line_fit", "line_fit"))
few = settings(max_examples=25, deadline=None, derandomize=True)


def test_the_lecture_before_and_after():
    scaled = scaling(LECTURE, LECTURE.risk.start)
    raw, after = curvature(LECTURE.risk), curvature(scaled.risk)
    assert raw.condition == pytest.approx(3.134e5, rel=1e-4)
    assert raw.limit == pytest.approx(1.14493e-6, rel=1e-5)
    assert after.condition == pytest.approx(1, rel=1e-9)
    assert after.limit == pytest.approx(0.1, rel=1e-9)
    np.testing.assert_allclose(scaled.raw(scaled.risk.minima[0]), LECTURE.risk.minima[0], rtol=1e-9)


@few
@given(st.tuples(st.floats(-300, 300), st.floats(-9, 9)))
def test_scaled_weights_have_the_loss_of_their_raw_weights(theta):
    scaled = scaling(LECTURE, LECTURE.risk.start)
    weights = scaled.scaled(np.array(theta))
    np.testing.assert_allclose(scaled.raw(weights), theta, rtol=1e-9, atol=1e-9)
    assert scaled.risk.value(weights) == pytest.approx(LECTURE.risk.value(theta), rel=1e-9)


def test_the_path_that_is_mapped_back_arrives_at_least_squares():
    scaled = scaling(LECTURE, LECTURE.risk.start)
    rate = curvature(scaled.risk).best
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=rate), scaled.risk, scaled.risk.start, 20)
    back = scaled.raw_path(path, LECTURE.risk)
    np.testing.assert_allclose(back.theta[0], LECTURE.risk.start, rtol=1e-9)
    np.testing.assert_allclose(back.theta[-1], (-188.433197, 2.669455), atol=1e-5)
    np.testing.assert_allclose(back.loss, path.loss, rtol=1e-8)


def test_two_unlike_inputs_lose_nothing_when_their_means_are_zero():
    given = problem(Choice("linear_neuron", "unequal"))
    scaled = scaling(given, given.risk.start)
    assert scaled.lost == 0
    assert curvature(given.risk).condition > 1000 * curvature(scaled.risk).condition
    np.testing.assert_allclose(scaled.raw(scaled.risk.minima[0]), given.risk.minima[0], rtol=1e-8)


def test_a_neuron_without_a_bias_says_that_the_means_are_lost():
    given = problem(Choice("linear_neuron", "linear_neuron"))
    assert scaling(given, given.risk.start).lost > 0.1


def test_the_limit_is_where_descent_turns_to_divergence():
    limit = curvature(LECTURE.risk).limit
    for factor, grows in ((0.999, False), (1.001, True)):
        rule = OPTIMIZERS["GradientDescent"](learning_rate=factor * limit)
        loss = run(rule, LECTURE.risk, LECTURE.risk.start, 3000).loss
        assert (loss[-1] > loss[0]) == grows


@pytest.mark.parametrize("start", [(1e308, 1e308), (0.0, 1e308)])
def test_a_start_beyond_all_numbers_is_a_sentence(start):
    with pytest.raises(DataError, match="too far away"):
        scaling(LECTURE, np.array(start))


def test_with_a_flat_direction_the_best_rate_still_settles_the_other_one():
    risk = NEURONS["linear_neuron"].risk(DataSet("Proportional", [(1, 2), (2, 4)], (3, 6)), ((-9, 9), (-9, 9)), (5, 0))
    shape = curvature(risk)
    assert (shape.smallest, shape.condition) == (0, np.inf)
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=shape.best), risk, risk.start, 5)
    assert path.loss[-1] == pytest.approx(0, abs=1e-20)
