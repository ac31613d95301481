"""Two forms of Adagrad, Adam without its correction, and a rate that changes on the way."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.noise import PrescribedGradients
from optimizers.variants import (
    AdagradByRootMeanSquare,
    RateChange,
    UncorrectedAdam,
    rate_change,
)
from surfaces import SURFACES
from tests.samples import assert_same_bits

SMALL = [0.001, 0.001, 0.003, 0.002, 0.1]
LARGE = [10.8, 20.9, 31.7, 12.1, 0.1]


@pytest.mark.parametrize("name", ["himmelblau", "ellipse", "beale", "rastrigin", "ravine"])
@pytest.mark.parametrize("schedule", ["Constant", "Cosine"])
def test_the_two_forms_of_adagrad_are_one(name, schedule):
    surface, schedule = SURFACES[name], SCHEDULES[schedule]()
    rule = {"learning_rate": 0.3, "schedule": schedule}
    simplified = run(OPTIMIZERS["Adagrad"](**rule), surface, surface.start, 300)
    lecture = run(AdagradByRootMeanSquare(epsilon=1e-10, **rule), surface, surface.start, 300)
    np.testing.assert_allclose(lecture.theta, simplified.theta, rtol=0, atol=1e-12)
    steps = (path.state["effective_step"][1:] for path in (lecture, simplified))
    np.testing.assert_allclose(*steps, rtol=1e-12)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    st.lists(st.tuples(*[st.floats(-1e3, 1e3)] * 2), min_size=1, max_size=30),
    st.sampled_from([0.0, 1e-10, 1e-3]),
)
def test_the_two_forms_agree_on_any_gradients(gradients, epsilon):
    loss = PrescribedGradients(np.array(gradients))
    first = run(OPTIMIZERS["Adagrad"](epsilon=epsilon), loss, (0, 0), len(gradients))
    second = run(AdagradByRootMeanSquare(epsilon=epsilon), loss, (0, 0), len(gradients))
    np.testing.assert_allclose(first.theta, second.theta, rtol=1e-12, atol=1e-12)


def test_the_root_mean_square_is_that_of_all_derivatives_so_far():
    gradients = np.array([SMALL, LARGE]).T
    path = run(AdagradByRootMeanSquare(learning_rate=0.7), PrescribedGradients(gradients), (0, 0), 5)
    for t in range(5):
        expected = [math.sqrt(math.fsum(g * g for g in column[: t + 1]) / (t + 1)) for column in (SMALL, LARGE)]
        np.testing.assert_allclose(path.state["root_mean_square"][t + 1], expected, rtol=1e-14)
        assert path.state["decayed_learning_rate"][t + 1] == pytest.approx(0.7 / math.sqrt(t + 1), rel=1e-15)
    np.testing.assert_array_equal(path.seen_gradient[:5], gradients)


def test_the_contrast_of_the_lecture():
    """The same last gradient, 0.1: a full step after small derivatives, next to none after large ones."""
    rule = OPTIMIZERS["Adagrad"](learning_rate=1.0, epsilon=0.0)
    path = run(rule, PrescribedGradients(np.array([SMALL, LARGE]).T), (0, 0), 5)
    last = path.theta[4] - path.theta[5]
    np.testing.assert_allclose(last, [0.1 / math.sqrt(0.010015), 0.1 / math.sqrt(1704.76)], rtol=1e-10)
    assert last[0] / last[1] == pytest.approx(412.6, abs=0.05)


def test_uncorrected_adam_by_hand():
    gradients = np.array([[2.0, -3.0], [1.0, 0.0], [0.5, 4.0]])
    rule = UncorrectedAdam(learning_rate=0.1, beta1=0.9, beta2=0.99, epsilon=1e-8)
    path = run(rule, PrescribedGradients(gradients), (1, 1), 3)
    theta, m, v = np.ones(2), np.zeros(2), np.zeros(2)
    for update, g in enumerate(gradients, 1):
        m, v = 0.9 * m + 0.1 * g, 0.99 * v + 0.01 * g * g
        theta = theta - 0.1 * m / (np.sqrt(v) + 1e-8)
        np.testing.assert_allclose(path.theta[update], theta, rtol=1e-13)
    # The first step: (1 - beta1) / sqrt(1 - beta2) = 1 learning rate here, sqrt(10) of them with the usual beta2.
    assert path.theta[0, 0] - path.theta[1, 0] == pytest.approx(0.1, rel=1e-6)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_rate_change_carries_everything_over(name):
    surface = SURFACES["ravine"]
    rule = OPTIMIZERS[name](learning_rate=0.02)
    other = dataclasses.replace(rule, learning_rate=0.005)
    changed = run(rate_change(rule, 0.005, 12), surface, surface.start, 30)
    assert_same_bits(changed.theta[:13], run(rule, surface, surface.start, 12).theta)
    theta, state = np.array(surface.start), None
    state = rule.init(theta)
    for update in range(30):
        theta, state = (rule if update < 12 else other).step(surface, theta, state)
        assert_same_bits(changed.theta[update + 1], theta)
    assert changed.state.keys() == state.keys()


@pytest.mark.parametrize("name", ["Momentum", "Adam", "Newton"])
def test_a_change_at_the_start_or_after_the_end_is_no_change(name):
    surface = SURFACES["himmelblau"]
    slow, fast = (OPTIMIZERS[name](learning_rate=rate) for rate in (0.001, 0.01))
    first = run(rate_change(slow, 0.01, 0), surface, surface.start, 20)
    assert_same_bits(first.theta, run(fast, surface, surface.start, 20).theta)
    never = run(rate_change(slow, 0.01, 20), surface, surface.start, 20)
    assert_same_bits(never.theta, run(slow, surface, surface.start, 20).theta)


def test_the_schedule_goes_on_after_a_change():
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.1, schedule=SCHEDULES["InverseSqrt"]())
    loss = PrescribedGradients(np.ones((6, 2)))
    path = run(rate_change(rule, 0.3, 4), loss, (0, 0), 6)
    rates = [0.1 / math.sqrt(t + 1) if t < 4 else 0.3 / math.sqrt(t + 1) for t in range(6)]
    np.testing.assert_allclose(-np.diff(path.theta[:, 0]), rates, rtol=1e-14)


@pytest.mark.parametrize("name", SCHEDULES)
@given(before=st.floats(0, 1e3), after=st.floats(0, 1e3), update=st.integers(0, 40), updates=st.integers(0, 40))
def test_each_rate_is_that_of_the_schedule_with_the_rate_that_holds(name, before, after, update, updates):
    rule = OPTIMIZERS["Adam"](learning_rate=before, schedule=SCHEDULES[name]())
    later = dataclasses.replace(rule, learning_rate=after)
    changed = rate_change(rule, after, update)
    expected = [(rule if t < update else later).learning_rate_at(t) for t in range(updates)]
    assert_same_bits([changed.learning_rate_at(t) for t in range(updates)], expected)
    assert_same_bits(changed.learning_rates(updates), np.reshape(expected, updates))


def test_something_else_than_a_rate_or_a_negative_update_is_refused():
    adam = OPTIMIZERS["Adam"]()
    for update in (-1, 2.5, None):
        with pytest.raises(ValueError, match=rf"^The rate changes at a whole number of updates .* not {update}\.$"):
            rate_change(adam, 0.1, update)
    with pytest.raises(ValueError, match="learning_rate"):
        rate_change(adam, -0.1, 3)


def test_a_learning_rate_changes_once_only():
    once = rate_change(OPTIMIZERS["Adam"](), 0.1, 3)
    with pytest.raises(ValueError, match="once only"):
        rate_change(once, 0.2, 5)


def test_a_rate_change_is_not_in_the_catalogue():
    assert RateChange.__name__ not in SCHEDULES


@pytest.mark.parametrize("hyperparameter", ["learning_rate", "momentum"])
def test_a_change_for_many_rates_at_once_is_refused(hyperparameter):
    rule = OPTIMIZERS["Momentum"](**{hyperparameter: np.array([0.1, 0.2, 0.3])})
    with pytest.raises(ValueError, match="must be single numbers"):
        rate_change(rule, 0.01, 5)
    with pytest.raises(ValueError, match="must be single numbers"):
        rate_change(OPTIMIZERS["Momentum"](), np.array([0.1, 0.2, 0.3]), 5)


def test_a_batch_of_starts_changes_its_rate_together():
    surface, rule = SURFACES["himmelblau"], rate_change(OPTIMIZERS["Momentum"](learning_rate=0.01), 0.001, 5)
    starts = np.array([[1.0, -2.0, 0.5], [2.0, 1.0, -3.0]])
    together = run(rule, surface, starts, 12)
    for row in range(3):
        assert_same_bits(together.theta[..., row], run(rule, surface, starts[:, row], 12).theta)
