"""Runs that still move: what they do, and why, is what the verdict says."""

import numpy as np
import pytest

from optimizers import OPTIMIZERS, GaussianNoise, run
from surfaces import SURFACES
from tests.judging import end_of, judged, typed
from tests.runs import recorded

BOWL, TWO_WELLS = (SURFACES[name] for name in ("bowl", "two_wells"))
GradientDescent, Newton = (OPTIMIZERS[name] for name in ("GradientDescent", "Newton"))


def test_one_jump_to_the_minimum_is_not_yet_rest():
    found = end_of(Newton(), BOWL, (1.0, 2.0), 1)
    assert found.distance < 1e-12
    assert found.kind == "still moving"
    assert "global minimum (0, 0)" in found.verdict


def test_who_settles_in_a_hollow_is_on_no_plateau():
    """Small steps towards the bottom of the well on the right, and nearly there."""
    path = recorded([(2, 0.4 * 0.85**update) for update in range(21)], TWO_WELLS)
    assert judged(path, TWO_WELLS).kind in ("still moving", "local minimum")


def test_one_turn_is_no_oscillation():
    out, back = np.linspace(0, 1, 11), np.linspace(0.9, 0.05, 10)
    path = recorded([(2 + x, 3) for x in (*out, *back)], BOWL)
    assert judged(path, BOWL).kind == "still moving"


@pytest.mark.parametrize(
    ("surface", "rule", "start", "steps"),
    [
        ("rosenbrock", OPTIMIZERS["Adam"](learning_rate=1e-4), (1.024, 1.126), 50),
        ("rosenbrock", OPTIMIZERS["Adam"](learning_rate=1e-4), (0.922, 0.819), 50),
        ("rosenbrock", OPTIMIZERS["Adam"](), (2.048, -0.186), 100),
        ("beale", OPTIMIZERS["NAdam"](), (1.227, 4.5), 100),
    ],
)
def test_a_short_jump_of_newton_on_a_steep_slope_is_no_arrival(surface, rule, start, steps):
    found = end_of(rule, SURFACES[surface], start, steps)
    assert found.kind == "still moving"
    assert "minimum" not in found.verdict


@pytest.mark.parametrize("name", ["SignDescent", "Lion"])
def test_steps_that_do_not_shrink_are_named(name):
    found = end_of(OPTIMIZERS[name](learning_rate=0.3), BOWL, (-4.1, 3.2))
    assert found.kind == "oscillating"
    assert "however small the slope" in found.verdict
    assert "schedule" in found.remedy


@pytest.mark.parametrize("name", ["GradientDescent", "Momentum", "Adam", "RMSProp", "NAdam"])
def test_the_noise_that_keeps_a_run_moving_is_named(name):
    path = run(OPTIMIZERS[name](learning_rate=0.05), GaussianNoise(BOWL, 1.0, 3), (-4.0, 3.0), 400)
    found = judged(path, BOWL)
    assert found.kind in ("oscillating", "still moving")
    assert "noise of the gradient is larger than the slope" in found.verdict
    assert "constant rate" in found.remedy


@pytest.mark.parametrize("formula", ["abs(x)", "2 abs(x)", "abs(x+y)", "abs(x)+y^2", "sqrt(x^2+y^2)"])
def test_who_swings_over_a_kink_is_told_so(formula):
    found = typed(formula, GradientDescent(learning_rate=0.01), (-2.8, 2.2), 1000)
    assert found.kind == "oscillating"
    assert "kink" in found.verdict
    assert "however small the slope" not in found.verdict
    assert "κ" not in found.remedy
    assert "e−" not in found.verdict


def test_plain_descent_is_not_said_to_ignore_the_slope():
    assert "however small" not in typed("abs(x)", GradientDescent(learning_rate=1.0), (0.4, 0), 100).verdict


def test_who_drifts_on_flat_ground_where_nothing_is_lower_has_converged():
    found = typed("max(0,1-x-y)", OPTIMIZERS["Adam"](learning_rate=0.01), (-2.8, 2.2), 100)
    assert (found.kind, found.loss) == ("valley", 0)
