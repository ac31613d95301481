"""Runs that rest: where they rest is what the verdict says it is."""

import numpy as np
import pytest

from optimizers import OPTIMIZERS, run
from optimizers.outcome import outcome
from surfaces import SURFACES, Surface, parse
from tests.judging import end_of, numbers_in
from tests.losses import diagonal

BOWL, HIMMELBLAU, TWO_WELLS, SADDLE = (SURFACES[name] for name in ("bowl", "himmelblau", "two_wells", "saddle"))
GradientDescent, Newton = (OPTIMIZERS[name] for name in ("GradientDescent", "Newton"))


def test_a_local_minimum_is_compared_with_the_global_one():
    found = end_of(GradientDescent(learning_rate=0.1), TWO_WELLS, (3.2, 2.5))
    assert "L* = −6.67" in found.verdict
    assert found.loss == pytest.approx(TWO_WELLS.value((2.0, 0.0)))
    assert found.distance == pytest.approx(4)


def test_where_no_minimum_is_known_none_is_named():
    two_wells = Surface("Unknown", TWO_WELLS.formula, TWO_WELLS.domain, (3.2, 2.5))
    found = end_of(GradientDescent(learning_rate=0.1), two_wells, (3.2, 2.5))
    assert found.kind == "local minimum"
    assert "L*" not in found.verdict
    assert np.isnan(found.distance)
    assert found.updates_to_tolerance == -1


@pytest.mark.parametrize("formula", ["x^2", "(x + y)^2", "x^2 y^2"])
def test_the_floor_of_a_valley_is_neither_a_saddle_nor_a_hollow_nor_a_plateau(formula):
    valley = parse(formula)
    path = run(GradientDescent(learning_rate=0.05), valley, (1.0, 0.5), 300)
    found = outcome(path, valley, (), ((-3, 3), (-3, 3)))
    assert found.kind == "valley"
    assert found.verdict.startswith("Converged: the slope is zero along a valley of minima.")
    assert "rate" not in found.remedy


def test_a_run_that_began_on_a_degenerate_saddle_is_stuck_there():
    monkey = SURFACES["monkey_saddle"]
    assert end_of(GradientDescent(learning_rate=0.05), monkey, (0.0, 0.0)).kind == "saddle"


def test_who_hardly_moved_beside_the_minimum_has_not_converged():
    found = end_of(GradientDescent(learning_rate=1e-4), BOWL, (0.1, 0.05), 50)
    assert found.updates_to_tolerance == -1
    assert found.kind == "still moving"


@pytest.mark.parametrize("rule", ["GradientDescent", "Momentum", "Adam", "BFGS"])
@pytest.mark.parametrize(
    "formula", ["(x+y-1)^2", "(x^2+y^2-1)^2", "(x y-1)^2", "(x-1)^2", "max(0,1-x-y)^2", "(x - 2y + 1)^2", "tanh(x-y)^2"]
)
def test_a_run_that_converged_on_a_valley_of_minima_is_told_so_and_advised_nothing(formula, rule):
    surface = parse(formula)
    found = end_of(OPTIMIZERS[rule](learning_rate=1.0 if rule == "BFGS" else 0.05), surface, (0.3, -0.8), 400)
    assert found.kind == "valley"
    assert found.verdict.startswith("Converged")
    assert found.loss == pytest.approx(0, abs=1e-5)
    assert found.remedy.startswith("Nothing needs to change")


def test_a_neuron_with_proportional_examples_converges_on_a_valley():
    valley = diagonal(0.0, 14.0)  # half the sum of (t * theta2)^2 for t = 1, 2, 3
    path = run(GradientDescent(learning_rate=0.05), valley, (1.0, 0.5), 100)
    found = outcome(path, valley, (), ((-2, 2), (-2, 2)))
    assert found.kind == "valley"
    assert numbers_in(found.verdict) == [1, pytest.approx(0, abs=1e-6)]


@pytest.mark.parametrize("formula", ["x^8+y^8", "(x^2+y^2)^1.5", "1+x^4 y^2+x^6+y^6", "|x|+|y|", "x^2+y^2"])
def test_a_run_that_began_at_a_degenerate_minimum_has_converged(formula):
    found = end_of(GradientDescent(learning_rate=0.01), parse(formula), (0.0, 0.0), 50)
    assert found.kind == "local minimum"
    assert found.verdict == "Converged to a minimum at (0, 0)."
    assert found.remedy.startswith("Nothing needs to change")


@pytest.mark.parametrize("steps", [5, 8, 12, 20])
def test_a_short_run_is_judged_by_where_it_rests(steps):
    assert end_of(Newton(), HIMMELBLAU, (-0.5, -1.0), steps).kind == "maximum"
    assert end_of(Newton(), SURFACES["branin"], (0.0, 5.0), steps + 2).kind == "saddle"
    assert end_of(Newton(), BOWL, (1.0, 2.0), steps).verdict == "Converged to the global minimum at (0, 0)."


def test_a_saddle_is_named_by_its_own_place_beside_that_of_the_point():
    found = end_of(GradientDescent(learning_rate=0.1), SADDLE, (-2.5, 0.0), 50)
    assert found.verdict.startswith("Stuck at a saddle at (0, 0). The point is at (−3.57e−5, 0)")


def test_no_update_is_no_arrival_anywhere_but_at_the_minimum():
    assert end_of(GradientDescent(), BOWL, (1.0, 2.0), 0).kind == "stopped"
    assert end_of(GradientDescent(), BOWL, (0.0, 0.0), 0).kind == "global minimum"
    assert end_of(GradientDescent(), BOWL, (9.0, 0.0), 0).kind == "left"
