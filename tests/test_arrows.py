"""The arrows of one update: the gradient's step, the velocity's, and the one that was taken."""

import warnings

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, run
from optimizers.arrows import update_vectors
from optimizers.optimizer import ScheduledOptimizer
from optimizers.variants import rate_change
from surfaces import SURFACES
from tests.runs import read_only

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)
HIMMELBLAU = SURFACES["himmelblau"]
SCHEDULED = [name for name, rule in OPTIMIZERS.items() if issubclass(rule, ScheduledOptimizer)]
UPDATES = (0, 1, 7, 19)


def vectors_of(path, rule, update: int) -> dict[str, np.ndarray]:
    """The vectors by kind, each with a label of its own."""
    found = update_vectors(rule, path, update)
    labels = [label for label, _ in found.values()]
    assert len(set(labels)) == len(labels)
    assert all(label.strip() for label in labels)
    return {kind: vector for kind, (_, vector) in found.items()}


def run_of(rule, noise: float = 0.0):
    loss = GaussianNoise(HIMMELBLAU, noise, 3) if noise else HIMMELBLAU
    return read_only(run(rule, loss, HIMMELBLAU.start, 20))


@pytest.mark.parametrize("noise", [0.0, 2.0])
@every_rule
def test_the_step_is_the_move(name, noise):
    rule = OPTIMIZERS[name]()
    path = run_of(rule, noise)
    for update in UPDATES:
        np.testing.assert_array_equal(
            vectors_of(path, rule, update)["step"], path.theta[update + 1] - path.theta[update]
        )


@pytest.mark.parametrize("noise", [0.0, 2.0])
@every_rule
def test_the_gradients_step_is_minus_the_learning_rate_times_the_gradient_seen(name, noise):
    rule = OPTIMIZERS[name](learning_rate=0.05)
    path = run_of(rule, noise)
    for update in UPDATES:
        expected = -0.05 * path.seen_gradient[update]
        np.testing.assert_allclose(vectors_of(path, rule, update)["gradient"], expected, rtol=1e-14)


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", SCHEDULED)
def test_the_learning_rate_is_that_of_the_update(name, schedule):
    factor = SCHEDULES[schedule]()
    rule = OPTIMIZERS[name](learning_rate=0.02, schedule=factor)
    path = run_of(rule)
    for update in UPDATES:
        expected = -0.02 * factor(update) * path.gradient[update]
        np.testing.assert_allclose(vectors_of(path, rule, update)["gradient"], expected, rtol=1e-14)


@every_rule
def test_only_rules_with_a_velocity_have_its_arrow(name):
    rule = OPTIMIZERS[name]()
    path = run_of(rule)
    kinds = list(vectors_of(path, rule, 3))
    assert kinds == (["gradient", "velocity", "step"] if "velocity" in path.state else ["gradient", "step"])
    assert ("velocity" in path.state) == any(equation.result == "velocity" for equation in rule.equations)


@pytest.mark.parametrize("schedule", ["Constant", "InverseSqrt", "WarmupCosine"])
def test_momentum_goes_where_its_velocity_points(schedule):
    rule = OPTIMIZERS["Momentum"](learning_rate=0.005, schedule=SCHEDULES[schedule]())
    path = run_of(rule, 1.0)
    for update in UPDATES:
        vectors = vectors_of(path, rule, update)
        np.testing.assert_allclose(vectors["velocity"], vectors["step"], rtol=0, atol=1e-14)


def test_nesterov_goes_by_the_gradient_and_a_share_of_its_velocity():
    rule = OPTIMIZERS["Nesterov"](learning_rate=0.005, momentum=0.8)
    path = run_of(rule)
    for update in UPDATES:
        vectors = vectors_of(path, rule, update)
        expected = vectors["gradient"] + 0.8 * vectors["velocity"]
        np.testing.assert_allclose(vectors["step"], expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", ["GradientDescent", "Momentum", "Newton"])
def test_after_a_change_of_the_learning_rate_the_arrows_have_the_new_one(name):
    rule = rate_change(OPTIMIZERS[name](learning_rate=0.02), 0.005, 7)
    path = run_of(rule)
    for update in UPDATES:
        expected = -(0.02 if update < 7 else 0.005) * path.gradient[update]
        np.testing.assert_allclose(vectors_of(path, rule, update)["gradient"], expected, rtol=1e-14)


def test_gradient_descent_goes_where_the_gradient_points():
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.005, schedule=SCHEDULES["InverseTime"]())
    path = run_of(rule, 1.0)
    for update in UPDATES:
        vectors = vectors_of(path, rule, update)
        np.testing.assert_allclose(vectors["gradient"], vectors["step"], rtol=0, atol=1e-14)


@every_rule
def test_a_diverged_run_has_arrows_without_a_warning(name):
    rule = OPTIMIZERS[name](learning_rate=9.0)
    path = run(rule, SURFACES["goldstein_price"], (1e60, -2e60), 6)
    assert path.diverged
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for update in range(6):
            assert all(vector.shape == (2,) for vector in vectors_of(path, rule, update).values())


def test_extreme_numbers_make_no_noise_in_the_log():
    path = run_of(OPTIMIZERS["Momentum"](learning_rate=10.0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for update in range(20):
            update_vectors(OPTIMIZERS["Momentum"](learning_rate=10.0), path, update)
