"""Adaptive rules: what other libraries, books and papers say they do."""

import numpy as np
import pytest

from optimizers import OPTIMIZERS, adaptive, run, run_to_end
from optimizers.noise import PrescribedGradients
from surfaces import SURFACES
from tests.losses import Quadratic, diagonal
from tests.recordings import assert_reproduced, recordings
from tests.samples import assert_same_bits

Adagrad, RMSProp, Adadelta = (OPTIMIZERS[name] for name in ("Adagrad", "RMSProp", "Adadelta"))
Adam, AdamW, AMSGrad, Adamax = (OPTIMIZERS[name] for name in ("Adam", "AdamW", "AMSGrad", "Adamax"))
RAdam = OPTIMIZERS["RAdam"]


@pytest.mark.parametrize("recording", recordings(adaptive, scheduled=False))
def test_goes_where_the_other_library_went(recording):
    assert_reproduced(recording)


def test_adagrad_prints_what_dive_into_deep_learning_prints():
    # The book has epsilon = 1e-6 inside the root.
    rule = Adagrad(learning_rate=0.4, epsilon=0.0, initial_accumulator=1e-6)
    end = run_to_end(rule, diagonal(0.2, 4), (-5, -2), 20)
    assert tuple(f"{x:.6f}" for x in end.theta) == ("-2.382563", "-0.158591")


def test_rmsprop_arrives_where_dive_into_deep_learning_does():
    # The book has epsilon = 1e-6 inside the root, which shows in the last digit that it prints.
    end = run_to_end(RMSProp(learning_rate=0.4, decay=0.9, epsilon=1e-6), diagonal(0.2, 4), (-5, -2), 20)
    np.testing.assert_allclose(end.theta, [-0.010599, 0], atol=1e-6)


def test_adagrad_divides_by_the_root_of_the_sum_of_squares():
    slopes = np.array([3.0, -4.0])
    path = run(Adagrad(learning_rate=2.0, epsilon=0.0), Quadratic(np.zeros((2, 2)), slopes), (1.0, 1.0), 50).theta
    lengths = np.cumsum(1 / np.sqrt(np.arange(1, 51)))[:, None]
    np.testing.assert_allclose(path[1:], 1 - 2 * lengths * np.sign(slopes), rtol=1e-13)


def test_the_effective_step_of_adagrad_only_shrinks():
    steps = run(Adagrad(), SURFACES["himmelblau"], (-0.5, -1.0), 100).state["effective_step"][1:]
    assert (np.diff(steps, axis=0) <= 0).all()
    assert (steps[-1] < steps[0]).all()


@pytest.mark.parametrize("name", ["Adam", "AMSGrad", "Adamax"])
@pytest.mark.parametrize("slope", [1e-4, 1.0, 1e4])
def test_under_a_steady_slope_every_parameter_moves_by_one_learning_rate(name, slope):
    plane = Quadratic(np.zeros((2, 2)), np.array([slope, -7 * slope]))
    path = run(OPTIMIZERS[name](learning_rate=0.05), plane, (1.0, 1.0), 100).theta
    np.testing.assert_allclose(np.abs(np.diff(path, axis=0)), 0.05, rtol=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_no_step_of_adamax_is_longer_than_about_one_learning_rate(seed):
    random = np.random.default_rng(seed)
    slopes = random.normal(size=(200, 2)) * 10.0 ** random.uniform(-3, 3, (200, 1))
    path = run(Adamax(learning_rate=0.05), PrescribedGradients(slopes), (0.0, 0.0), 200).theta
    # The longest geometric sum of beta 1 over beta 2.
    assert np.abs(np.diff(path, axis=0)).max() <= 0.05 * 0.1 / (1 - 0.9 / 0.999) * (1 + 1e-12)


@pytest.mark.parametrize("slope", [1e-2, 1.0, 1e4])
def test_the_first_step_of_adadelta_is_as_small_as_epsilon_makes_it(slope):
    path = run(Adadelta(), Quadratic(np.zeros((2, 2)), np.array([slope, -slope])), (1.0, 1.0), 1).theta
    assert np.abs(path[1] - path[0]).max() <= np.sqrt(1e-6 / 0.1)


@pytest.mark.parametrize("rule", [Adagrad, Adamax])
def test_a_parameter_that_never_had_a_slope_stays_even_without_epsilon(rule):
    path = run(rule(epsilon=0.0), SURFACES["saddle"], (-2.5, 0.0), 20).theta
    assert (path[:, 1] == 0).all()
    assert path[-1, 0] > -2.5


@pytest.mark.parametrize("name", ["RMSProp", "Adadelta", "Adam", "AdamW", "AMSGrad", "NAdam", "RAdam"])
def test_a_parameter_that_never_had_a_slope_stays(name):
    path = run(OPTIMIZERS[name](), SURFACES["saddle"], (-2.5, 0.0), 20).theta
    assert (path[:, 1] == 0).all()
    assert path[-1, 0] > -2.5


@pytest.mark.parametrize("name", ["Adam", "AMSGrad", "Adamax"])
def test_the_first_step_is_one_learning_rate_long_however_steep_it_is(name):
    path = run(OPTIMIZERS[name](learning_rate=0.25, epsilon=0.0), diagonal(1e-6, 1e6), (2.0, -3.0), 1).theta
    np.testing.assert_allclose(path[1], [1.75, -2.75], rtol=1e-14)


@pytest.mark.parametrize("name", ["Adagrad", "RMSProp", "Adam", "AdamW", "AMSGrad", "Adamax", "NAdam"])
def test_without_epsilon_the_scale_of_the_loss_does_not_matter(name):
    rule, points = OPTIMIZERS[name](epsilon=0.0), np.array([[-4.0, 1.0], [2.0, 3.0]])
    paths = [run(rule, diagonal(scale, 20 * scale), points, 40).theta for scale in (1.0, 4.0**10)]
    np.testing.assert_allclose(*paths, rtol=1e-9)


def test_the_step_sizes_of_adam_follow_from_its_moments():
    rule, loss = Adam(learning_rate=0.1, beta1=0.8, beta2=0.9, epsilon=0.01), SURFACES["himmelblau"]
    path = run(rule, loss, loss.start, 30)
    shares = [(0.8, "first_moment", path.gradient), (0.9, "second_moment", path.gradient**2)]
    for beta, moment, terms in shares:
        for update in (1, 2, 30):
            weights = (1 - beta) * beta ** np.arange(update)[::-1]
            np.testing.assert_allclose(path.state[moment][update], weights @ terms[:update], rtol=1e-12)
    corrected = np.sqrt(path.state["second_moment"][1:] / (1 - 0.9 ** np.arange(1, 31))[:, None])
    np.testing.assert_allclose(path.state["effective_step"][1:], 0.1 / (corrected + 0.01), rtol=1e-12)


def test_adamw_without_weight_decay_is_adam_bit_for_bit():
    loss = SURFACES["himmelblau"]
    assert_same_bits(run(AdamW(weight_decay=0.0), loss, loss.start, 60).theta, run(Adam(), loss, loss.start, 60).theta)


def test_adamw_decays_beside_the_gradient():
    flat = Quadratic(np.zeros((2, 2)), np.zeros(2))
    path = run(AdamW(learning_rate=0.1, weight_decay=0.5), flat, (2.0, -4.0), 30).theta
    np.testing.assert_allclose(path, 0.95 ** np.arange(31)[:, None] * [2, -4], rtol=1e-13)


def test_amsgrad_keeps_the_largest_second_moment():
    state = run(AMSGrad(beta2=0.5), SURFACES["himmelblau"], (-0.5, -1.0), 60).state
    np.testing.assert_array_equal(state["largest_second_moment"], np.maximum.accumulate(state["second_moment"]))
    assert (state["second_moment"][-1] < state["largest_second_moment"][-1]).all()


def test_adamax_remembers_the_largest_gradient():
    path = run(Adamax(beta2=0.9, epsilon=0.0), diagonal(1, 1), (1.0, -2.0), 60)
    decayed = [max(0.9 ** (k - i) * abs(g) for i, g in enumerate(path.gradient[: k + 1, 1])) for k in range(60)]
    np.testing.assert_allclose(path.state["largest_gradient"][1:, 1], decayed, rtol=1e-12)


@pytest.mark.parametrize(("beta2", "first_adaptive"), [(0.999, 6), (0.8, 7), (0.6, None), (0.5, None)])
def test_radam_trusts_its_second_moment_when_the_paper_says(beta2, first_adaptive):
    steps = run(RAdam(learning_rate=0.125, beta2=beta2), diagonal(1, 2), (-3.0, 2.0), 40).state["effective_step"][1:]
    plain = (steps == 0.125).all(axis=1)
    expected = np.arange(1, 41) < (first_adaptive or 41)
    np.testing.assert_array_equal(plain, expected)
    assert np.isfinite(steps).all()


@pytest.mark.parametrize("epsilon", [1e-8, 1e-6, 1e-4])
def test_the_first_step_of_adadelta_is_as_long_as_epsilon_says(epsilon):
    path = run(Adadelta(epsilon=epsilon), diagonal(1e3, 1e6), (-3.0, 2.0), 1).theta
    # sqrt(epsilon) g / sqrt(0.1 g^2 + epsilon), for any slope that is not tiny.
    np.testing.assert_allclose(path[1] - path[0], np.sqrt(10 * epsilon) * np.array([1, -1]), rtol=1e-8)
