"""What a run costs: the counts of rules that are known by heart, and runs cut where the budget ends."""

import numpy as np
import pytest

from optimizers import OPTIMIZERS, GaussianNoise, run
from optimizers.evaluations import run_within
from surfaces import SURFACES
from tests.losses import diagonal
from tests.samples import assert_same_bits

ROSENBROCK = SURFACES["rosenbrock"]


@pytest.mark.parametrize(
    ("name", "cost"), [("GradientDescent", 1), ("Nesterov", 1), ("Adam", 1), ("Newton", 3), ("BestStep", 3)]
)
def test_rules_of_a_fixed_cost(name, cost):
    known = run_within(OPTIMIZERS[name](), ROSENBROCK, ROSENBROCK.start, 31)
    np.testing.assert_array_equal(known.evaluations, cost * np.arange(31 // cost + 1))
    assert known.trajectory.steps == 31 // cost


def test_a_line_search_pays_for_its_trials():
    """On half of theta^2 the first length 1 is accepted: one gradient, the loss here and the loss there."""
    known = run_within(OPTIMIZERS["LineSearch"](learning_rate=1.0), diagonal(1, 1), (1, 1), 10)
    assert known.evaluations[1] == 3
    halved = run_within(OPTIMIZERS["LineSearch"](learning_rate=4.0), diagonal(1, 1), (1, 1), 10)
    assert halved.evaluations[1] == 3 + 2


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_run_is_the_same_as_without_counting(name):
    rule = OPTIMIZERS[name]()
    known = run_within(rule, ROSENBROCK, ROSENBROCK.start, 40)
    steps = known.trajectory.steps
    alone = run(rule, ROSENBROCK, ROSENBROCK.start, steps)
    assert_same_bits(known.trajectory.theta, alone.theta)
    assert_same_bits(known.trajectory.loss, alone.loss)
    assert set(known.trajectory.state) == set(alone.state)
    assert all(len(entry) == steps + 1 for entry in known.trajectory.state.values())
    assert len(known.evaluations) == steps + 1
    assert known.evaluations[-1] <= 40


def test_noise_is_seen_and_not_paid_for_twice():
    rule, noisy = OPTIMIZERS["Momentum"](learning_rate=1e-3), GaussianNoise(ROSENBROCK, 1.0, seed=2)
    known = run_within(rule, noisy, ROSENBROCK.start, 20)
    assert_same_bits(known.trajectory.theta, run(rule, noisy, ROSENBROCK.start, 20).theta)
    assert known.evaluations[-1] == 20


def test_divergence_after_the_cut_is_not_reported():
    rule = OPTIMIZERS["Newton"](learning_rate=1.0)
    assert run_within(rule, ROSENBROCK, ROSENBROCK.start, 0).trajectory.diverged_at == -1
    wild = OPTIMIZERS["GradientDescent"](learning_rate=10.0)
    known = run_within(wild, ROSENBROCK, ROSENBROCK.start, 30)
    assert known.trajectory.diverged_at == run(wild, ROSENBROCK, ROSENBROCK.start, 30).diverged_at > 0


def test_a_negative_budget_is_refused():
    with pytest.raises(ValueError, match="at least 0"):
        run_within(OPTIMIZERS["Adam"](), ROSENBROCK, ROSENBROCK.start, -1)
