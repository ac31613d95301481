"""What a run costs: the counts of rules that are known by heart, and runs cut where the budget ends."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from optimizers import OPTIMIZERS, GaussianNoise, Optimizer, run
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


@pytest.mark.parametrize("budget", [-1, -5, 2.5, "9", None])
def test_what_is_no_budget_is_refused(budget):
    said = f"The budget must be a whole number of at least 0 evaluations, but it is {budget!r}."
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        run_within(OPTIMIZERS["Adam"](), ROSENBROCK, ROSENBROCK.start, budget)


@dataclass(frozen=True, eq=False)
class Waiting(Optimizer):
    """A rule that looks at the loss alone, twice, and stays."""

    def init(self, theta):
        return {}

    def step(self, loss, theta, state):
        loss.value(theta)
        loss.value(theta)
        return theta + 0, state


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_only_what_the_rule_asks_for_is_counted(noise):
    loss = GaussianNoise(ROSENBROCK, noise) if noise else ROSENBROCK
    np.testing.assert_array_equal(run_within(Waiting(), loss, (1, 2), 3).evaluations, [0, 1, 2, 3])


class Asked:
    """A loss that knows how often it was asked for anything."""

    def __init__(self, loss):
        self.loss, self.times = loss, 0

    def value(self, theta):
        self.times += 1
        return self.loss.value(theta)

    def gradient(self, theta):
        self.times += 1
        return self.loss.gradient(theta)


@pytest.mark.parametrize("start", [(-1.2, 1.0), (np.nan, 0.0)])
@pytest.mark.parametrize("name", ["LineSearch", "BFGS", "Adam"])
def test_the_work_ends_where_the_budget_ends(name, start):
    """The budget, the update that exceeds it, and the same run with its record."""
    loss = Asked(ROSENBROCK)
    run_within(OPTIMIZERS[name](), loss, start, 500)
    assert loss.times < 4 * 500
