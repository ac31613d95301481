"""What an update does to the loss: falls, stays, rises, or nothing but rounding."""

import numpy as np
import pytest

from lessons.falling import Change, changes, first_failure
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES, parse


def kinds(surface, rate, start, steps=30):
    return changes(surface, run(OPTIMIZERS["GradientDescent"](learning_rate=rate), surface, start, steps))


@pytest.mark.parametrize(
    ("rate", "kind"), [(0.3, Change.FALLS), (0.9, Change.FALLS), (1.0, Change.STAYS), (1.1, Change.RISES)]
)
def test_the_bowl_falls_below_rate_one_stays_at_it_and_rises_above(rate, kind):
    assert (kinds(SURFACES["bowl"], rate, (3.0, 1.0)) == kind).all()


@pytest.mark.parametrize("name", SURFACES)
def test_at_a_minimum_and_after_convergence_nothing_fails(name):
    surface = SURFACES[name]
    for minimum in surface.minima[:2]:
        steepest = np.linalg.eigvalsh(surface.hessian(minimum))[-1]
        rate = 0.9 / steepest if 0 < steepest < np.inf else 1e-3
        seen = kinds(surface, rate, minimum + 1e-6 * np.ptp(surface.view, axis=1), 400)
        if surface.subgradients:  # a tip is overshot at any rate
            continue
        assert first_failure(seen) is None
        assert first_failure(kinds(surface, rate, minimum)) is None


def test_a_batch_is_judged_run_by_run():
    seen = kinds(SURFACES["bowl"], np.array([0.3, 1.0, 1.1]), (3.0, 1.0), 5)
    assert [first_failure(row) for row in seen.T] == [None, 1, 1]


def test_numbers_that_are_none_have_risen():
    assert first_failure(kinds(SURFACES["rosenbrock"], 10.0, (-1.0, 2.0))) == 1
    hole = parse("ln(x) + y^2")
    assert first_failure(kinds(hole, 0.5, (0.5, 0.0))) == 1
