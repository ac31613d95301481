"""First-order rules: what other libraries, books and closed forms say they do."""

import dataclasses

import numpy as np
import pytest

from optimizers import OPTIMIZERS, first_order, run, run_to_end
from surfaces import SURFACES
from tests.losses import Quadratic, diagonal
from tests.recordings import assert_reproduced, recordings
from tests.samples import assert_same_bits

GradientDescent, Momentum, Nesterov = (OPTIMIZERS[name] for name in ("GradientDescent", "Momentum", "Nesterov"))
SignDescent, Lion = OPTIMIZERS["SignDescent"], OPTIMIZERS["Lion"]
CURVATURES = np.array([0.3, 1.0, 7.0, 50.0])


@pytest.mark.parametrize("recording", recordings(first_order, scheduled=False))
def test_goes_where_the_other_library_went(recording):
    assert_reproduced(recording)


@pytest.mark.parametrize(
    ("curvatures", "learning_rate", "printed"),
    [((2, 4), 0.1, ("-0.057646", "-0.000073")), ((0.2, 4), 0.4, ("-0.943467", "-0.000073"))],
)
def test_gradient_descent_prints_what_dive_into_deep_learning_prints(curvatures, learning_rate, printed):
    end = run_to_end(GradientDescent(learning_rate=learning_rate), diagonal(*curvatures), (-5, -2), 20)
    assert tuple(f"{x:.6f}" for x in end.theta) == printed


@pytest.mark.parametrize("learning_rate", [0.001, 0.02, 0.039])
@pytest.mark.parametrize("steep", CURVATURES)
def test_gradient_descent_follows_distills_closed_form(learning_rate, steep):
    curvatures = np.array([0.7, steep])
    path = run(GradientDescent(learning_rate=learning_rate), diagonal(*curvatures), (3, -2), 100).theta
    expected = (1 - learning_rate * curvatures) ** np.arange(101)[:, None] * [3, -2]
    np.testing.assert_allclose(path, expected, rtol=1e-11, atol=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize("steep", CURVATURES)
@pytest.mark.parametrize("turn", [0.0, 0.4])
def test_gradient_descent_converges_just_below_two_over_the_largest_curvature(steep, turn):
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    loss = Quadratic(rotation @ np.diag([0.2 * steep, steep]) @ rotation.T, np.zeros(2))
    rates = np.array([0.995, 1.005]) * 2 / steep
    below, above = np.hypot(*run_to_end(GradientDescent(learning_rate=rates), loss, (1, 1), 3000).theta)
    assert below < 1e-6
    assert above > 1e6


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9, 0.99])
def test_momentum_follows_distills_matrix_powers(momentum):
    rate, curvatures, start = 0.03, (0.5, 20.0), np.array([3.0, -2.0])
    path = run(Momentum(learning_rate=rate, momentum=momentum), diagonal(*curvatures), start, 60)
    for i, curvature in enumerate(curvatures):
        update = np.array([[momentum, curvature], [-rate * momentum, 1 - rate * curvature]])
        expected = [np.linalg.matrix_power(update, k) @ (0, start[i]) for k in range(61)]
        recorded = np.stack([path.state["velocity"][:, i], path.theta[:, i]], axis=1)
        np.testing.assert_allclose(recorded, expected, atol=1e-11)


def test_nesterov_is_the_look_ahead_point_of_his_own_form():
    rate, momentum, loss = 0.01, 0.8, SURFACES["himmelblau"]
    path = run(Nesterov(learning_rate=rate, momentum=momentum), loss, loss.start, 80).theta
    point, move = loss.start.copy(), np.zeros(2)
    for looked_from in path:
        np.testing.assert_allclose(point + momentum * move, looked_from, rtol=1e-12)
        move = momentum * move - rate * loss.gradient(point + momentum * move)
        point = point + move


@pytest.mark.parametrize("rule", [Momentum, Nesterov])
@pytest.mark.parametrize("surface", ["rosenbrock", "himmelblau", "ackley", "branin"])
def test_without_momentum_it_is_gradient_descent_bit_for_bit(rule, surface):
    loss = SURFACES[surface]
    starts = loss.start[:, None] + np.linspace(-1, 1, 9)
    rates = np.geomspace(1e-4, 1e-1, 9)
    plain = run(GradientDescent(learning_rate=rates), loss, starts, 60)
    heavy = run(rule(learning_rate=rates, momentum=0.0), loss, starts, 60)
    # Beyond the largest float 0 * inf is nan, so there only the fact of divergence is the same.
    np.testing.assert_array_equal(heavy.diverged_at, plain.diverged_at)
    for row in range(9):
        last = plain.diverged_at[row] + 1 or None
        assert_same_bits(heavy.theta[:last, :, row], plain.theta[:last, :, row])
        assert_same_bits(heavy.loss[:last, row], plain.loss[:last, row])


def test_sign_descent_moves_every_parameter_by_the_learning_rate():
    path = run(SignDescent(learning_rate=0.25), diagonal(1e-6, 1e6), (2.0, -3.0), 4).theta
    np.testing.assert_array_equal(np.diff(path, axis=0), np.tile([-0.25, 0.25], (4, 1)))


@pytest.mark.parametrize("rule", [SignDescent, Lion])
def test_a_parameter_without_slope_stays(rule):
    path = run(rule(), SURFACES["saddle"], (-2.5, 0.0), 20).theta
    assert (path[:, 1] == 0).all()
    assert path[-1, 0] > -2.5


def test_the_weight_decay_of_lion_pulls_to_the_origin():
    flat = Quadratic(np.zeros((2, 2)), np.zeros(2))
    path = run(Lion(learning_rate=0.1, weight_decay=0.5), flat, (2.0, -4.0), 30).theta
    np.testing.assert_allclose(path, 0.95 ** np.arange(31)[:, None] * [2, -4], rtol=1e-13)


def test_lion_keeps_another_memory_than_it_steps_with():
    path = run(Lion(learning_rate=1.0, beta1=0.75, beta2=0.5), diagonal(1, 1), (1.25, 8.0), 3)
    # Gradients of theta1: 1.25, 0.25, -0.75; memories 0.625, 0.4375; votes 0.75 * memory + 0.25 * gradient.
    np.testing.assert_array_equal(path.theta[:, 0], [1.25, 0.25, -0.75, -1.75])
    np.testing.assert_array_equal(path.state["first_moment"][:, 0], [0, 0.625, 0.4375, -0.15625])


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule", [GradientDescent(), Momentum(momentum=0.9), Momentum(momentum=0.5), Nesterov(momentum=0.8)]
)
@pytest.mark.parametrize("curvature", [0.5, 40.0])
def test_the_limit_of_theory_is_where_runs_stop_settling(rule, curvature):
    rates = rule.rate_limit(curvature) * np.array([0.97, 1.03])
    changed = dataclasses.replace(rule, learning_rate=rates)
    path = run(changed, diagonal(curvature, curvature), (1, 1), 3000)
    assert path.loss[-1, 0] < 1e-6
    assert not path.loss[-1, 1] < 1e3


def test_theory_is_silent_about_other_rules():
    assert np.isnan(SignDescent().rate_limit(3.0))
    assert np.isnan(OPTIMIZERS["Adam"]().rate_limit(3.0))
    assert OPTIMIZERS["Newton"]().rate_limit(3.0) == 2
