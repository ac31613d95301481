"""Noise on the gradient: drawn, one for all or one for each row, or prescribed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizers import OPTIMIZERS, GaussianNoise, run, run_to_end
from optimizers.noise import IndependentNoise, PrescribedGradients
from surfaces import SURFACES
from tests.samples import assert_same_bits

HIMMELBLAU, SADDLE = SURFACES["himmelblau"], SURFACES["saddle"]
Adam, GradientDescent, Momentum = (OPTIMIZERS[name] for name in ("Adam", "GradientDescent", "Momentum"))


# Every kind


seeds, sizes = st.integers(0, 2**32), st.floats(0, 1e6)
scales = arrays(float, st.sampled_from([(), (3,), (2, 4)]), elements=sizes)
gradients = arrays(float, st.tuples(st.integers(1, 9), st.just(2)), elements=st.floats(-1e6, 1e6))
noisy_losses = st.one_of(
    st.builds(GaussianNoise, st.just(SADDLE), sizes, seeds),
    st.builds(IndependentNoise, st.just(SADDLE), scales, seeds),
    st.builds(PrescribedGradients, gradients),
)


@given(noisy_losses, st.integers(0, 12))
def test_the_table_of_the_slopes_holds_the_slope_of_every_update(noisy, updates):
    slopes = noisy.slopes(updates)
    assert slopes.shape == (updates, *noisy.slope(0).shape)
    for update in range(updates):
        assert_same_bits(slopes[update], noisy.slope(update))


@given(noisy_losses, st.integers(0, 1000))
def test_a_rule_sees_the_loss_plus_the_slope_and_the_record_shows_the_loss(noisy, update):
    seen, slope = noisy.sample(update), noisy.slope(update)
    theta = np.multiply.outer([1.5, -0.5], np.ones(slope.shape[1:]))
    assert_same_bits(noisy.value(theta), noisy.loss.value(theta))
    assert_same_bits(noisy.gradient(theta), noisy.loss.gradient(theta))
    assert_same_bits(noisy.hessian(theta), noisy.loss.hessian(theta))
    assert_same_bits(seen.gradient(theta), noisy.loss.gradient(theta) + slope)
    assert_same_bits(seen.value(theta), noisy.loss.value(theta) + (slope[0] * theta[0] + slope[1] * theta[1]))
    assert_same_bits(seen.hessian(theta), noisy.loss.hessian(theta))


# The same noise for all


@given(st.integers(0, 2**32), st.integers(0, 1000))
def test_a_seed_gives_the_same_noise_again(seed, update):
    theta = np.zeros(2)
    noise = [GaussianNoise(SADDLE, 0.5, seed).sample(update).gradient(theta) for _ in range(2)]
    assert_same_bits(*noise)
    others = (GaussianNoise(SADDLE, 0.5, seed + 1).sample(update), GaussianNoise(SADDLE, 0.5, seed).sample(update + 1))
    assert all((other.gradient(theta) != noise[0]).all() for other in others)


def test_a_noisy_run_can_be_repeated():
    first, again = (run(Adam(), GaussianNoise(HIMMELBLAU, 3.0, 7), HIMMELBLAU.start, 40) for _ in range(2))
    assert_same_bits(again.theta, first.theta)
    other = run(Adam(), GaussianNoise(HIMMELBLAU, 3.0, 8), HIMMELBLAU.start, 40)
    assert (other.theta[-1] != first.theta[-1]).all()


@pytest.mark.parametrize("scale", [0.01, 2.0])
def test_the_noise_is_normal_with_the_given_scale(scale):
    noisy = GaussianNoise(SADDLE, scale, 11)
    noise = np.array([noisy.sample(update).gradient(np.zeros(2)) for update in range(4000)]) / scale
    assert np.abs(noise.mean(axis=0)).max() < 4 / np.sqrt(4000)
    np.testing.assert_allclose(noise.std(axis=0), 1, atol=4 / np.sqrt(8000))
    assert np.abs(np.corrcoef(noise.T)[0, 1]) < 4 / np.sqrt(4000)
    assert np.abs(np.corrcoef(noise[1:, 0], noise[:-1, 0])[0, 1]) < 4 / np.sqrt(4000)
    np.testing.assert_allclose((np.abs(noise) < 1).mean(), 0.6827, atol=0.025)


def noise_of(path) -> np.ndarray:
    return path.seen_gradient - path.gradient


def test_all_rows_and_all_rules_meet_the_same_noise():
    noisy = GaussianNoise(SADDLE, 0.1, 3)
    starts = np.array([[-2.5, 0.1, 1.0], [0.5, 0.2, -1.0]])
    expected = noise_of(run(GradientDescent(learning_rate=0.01), noisy, (0.0, 0.0), 30))
    assert np.abs(expected).min() > 0
    for rule in (GradientDescent(learning_rate=0.1), Adam(), Momentum()):
        noise = noise_of(run(rule, noisy, starts, 30))
        np.testing.assert_allclose(noise, np.broadcast_to(expected[..., None], (31, 2, 3)), atol=1e-9)


def test_the_rule_follows_the_noisy_gradient_and_the_record_shows_the_loss_itself():
    path = run(GradientDescent(learning_rate=0.01), GaussianNoise(HIMMELBLAU, 2.0, 3), (1.0, 1.0), 30)
    np.testing.assert_array_equal(path.theta[1:], path.theta[:-1] - 0.01 * path.seen_gradient[:-1])
    np.testing.assert_array_equal(path.loss, HIMMELBLAU.value(path.theta.T))
    np.testing.assert_array_equal(path.gradient.T, HIMMELBLAU.gradient(path.theta.T))
    assert np.abs(noise_of(path)).max() > 1


def test_what_a_rule_sees_belongs_together():
    seen = GaussianNoise(HIMMELBLAU, 2.0, 3).sample(5)
    theta, small = np.array([1.0, -0.5]), 1e-6
    slopes = [seen.value(theta + step) - seen.value(theta - step) for step in small * np.eye(2)]
    np.testing.assert_allclose(np.array(slopes) / (2 * small), seen.gradient(theta), rtol=1e-7)
    np.testing.assert_array_equal(seen.hessian(theta), HIMMELBLAU.hessian(theta))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_noise_is_no_noise(name):
    silent = run(OPTIMIZERS[name](), GaussianNoise(HIMMELBLAU, 0.0, 3), HIMMELBLAU.start, 30)
    plain = run(OPTIMIZERS[name](), HIMMELBLAU, HIMMELBLAU.start, 30)
    assert_same_bits(silent.theta, plain.theta)
    assert_same_bits(silent.seen_gradient, plain.gradient)
    assert plain.seen_gradient is plain.gradient


def test_a_little_noise_leaves_the_ridge_of_the_saddle():
    rule = GradientDescent(learning_rate=0.1)
    still = run(rule, SADDLE, SADDLE.start, 100).theta[-1]
    np.testing.assert_allclose(still, [0, 0], atol=1e-8)
    for seed in range(5):
        moved = run_to_end(rule, GaussianNoise(SADDLE, 1e-3, seed), SADDLE.start, 100)
        assert abs(moved.theta[1]) > 1
        assert moved.loss < -1


def test_noise_changes_from_update_to_update_in_run_to_end_too():
    noisy = GaussianNoise(HIMMELBLAU, 2.0, 3)
    path, end = (runner(Momentum(learning_rate=0.01), noisy, (1.0, 1.0), 30) for runner in (run, run_to_end))
    assert_same_bits(end.theta, path.theta[-1])
    assert_same_bits(end.gradient, path.gradient[-1])


@pytest.mark.parametrize("scale", [np.float32(0.5), np.int64(2), 3, True])
def test_noise_has_any_real_number_as_its_scale(scale):
    noise = GaussianNoise(SADDLE, scale, np.uint8(7)).sample(1).gradient(np.zeros(2))
    assert_same_bits(noise, GaussianNoise(SADDLE, float(scale), 7).sample(1).gradient(np.zeros(2)))


@pytest.mark.parametrize("seed", [-1, 1.5, "7", None])
def test_refuses_a_seed_that_is_no_count(seed):
    with pytest.raises(ValueError, match=r"^The seed must be a whole number of at least 0, but it is"):
        GaussianNoise(SADDLE, 1.0, seed)


@pytest.mark.parametrize("scale", [-1.0, np.nan, np.inf, "1", None, 1j])
def test_refuses_noise_without_a_size(scale):
    with pytest.raises(ValueError, match=r"^The noise scale must be a finite number of at least 0, but it is"):
        GaussianNoise(SADDLE, scale)


# Noise of one's own, and gradients that are prescribed


def test_every_row_meets_noise_of_its_own():
    surface = SURFACES["bowl"]
    scales = np.array([0.0, 0.5, 0.5, 2.0])
    start = np.repeat(np.array(surface.start)[:, None], 4, axis=1)
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.1), IndependentNoise(surface, scales, seed=4), start, 400)
    noise = path.seen_gradient[:-1] - path.gradient[:-1]
    quiet = run(OPTIMIZERS["GradientDescent"](learning_rate=0.1), surface, surface.start, 400)
    assert_same_bits(path.theta[..., 0], quiet.theta)
    np.testing.assert_allclose(noise.std(axis=0), np.stack([scales, scales]), rtol=0.15)
    assert abs(np.corrcoef(noise[:, 0, 1], noise[:, 0, 2])[0, 1]) < 0.2


@pytest.mark.parametrize("scales", [-1.0, [0.1, -0.1], np.nan, np.inf])
def test_noise_of_a_negative_scale_is_refused(scales):
    with pytest.raises(ValueError, match=r"^The scales of the noise must be"):
        IndependentNoise(SURFACES["bowl"], scales)


@pytest.mark.parametrize("gradients", [[], np.empty((0, 2)), [1.0, 2.0], np.ones((3, 3)), np.ones((3, 2, 4)), 1.0])
def test_gradients_of_another_shape_are_refused(gradients):
    with pytest.raises(ValueError, match=r"^The gradients have shape \(steps, 2\)"):
        PrescribedGradients(gradients)


def test_a_list_of_gradients_is_prescribed_too():
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=1.0), PrescribedGradients([(1, 2), (3, 4)]), (0, 0), 3)
    np.testing.assert_array_equal(path.theta, [(0, 0), (-1, -2), (-4, -6), (-7, -10)])
