"""Updates to tolerance are those of a plain loop."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizers import OPTIMIZERS
from optimizers.outcome import outcome
from surfaces import SURFACES
from tests.judging import end_of
from tests.runs import recorded

BOWL = SURFACES["bowl"]
GradientDescent = OPTIMIZERS["GradientDescent"]


@dataclass(frozen=True, eq=False)
class Line:
    """A loss whose value at (x, y) is x: a run can have any losses."""

    def value(self, theta):
        return np.asarray(theta, dtype=float)[0]

    def gradient(self, theta):
        return np.stack([np.ones(np.shape(theta)[1:]), np.zeros(np.shape(theta)[1:])])

    def hessian(self, theta):
        return np.zeros((2, *np.shape(theta)))


def first_within(losses, best: float) -> int:
    """The first update from which on the gap to the best loss stays within a thousandth of the first gap."""
    found = -1
    for update in range(len(losses) - 1, -1, -1):
        if not losses[update] - best <= 1e-3 * (losses[0] - best) + 8 * np.spacing(abs(best)):
            return found
        found = update
    return found


gaps = st.sampled_from([0.0, 1e-4, 9e-4, 1e-3, 1.1e-3, 0.5, 1.0, 7.0, np.inf, np.nan]) | st.floats(0, 2)


@given(st.lists(gaps, min_size=1, max_size=12), st.sampled_from([0.0, -3.0, 5.0]))
def test_updates_to_tolerance_are_those_of_a_plain_loop(gaps, best):
    losses = np.array(gaps) + best
    theta = np.column_stack([losses, np.zeros(len(losses))])
    path = recorded(theta, Line())
    found = outcome(path, Line(), (np.array([best, 0.0]),), ((-1e3, 1e3), (-1e3, 1e3)))
    assert found.updates_to_tolerance == first_within(losses, best)


@pytest.mark.parametrize(
    "rule", ["GradientDescent", "Momentum", "Nesterov", "LineSearch", "BestStep", "Newton", "BFGS"]
)
@pytest.mark.parametrize("name", ["himmelblau", "mccormick", "branin", "styblinski_tang"])
def test_a_run_that_starts_at_a_minimiser_and_stays_is_within_the_tolerance_from_the_start(name, rule):
    surface = SURFACES[name]
    for minimum in surface.minima:
        found = end_of(OPTIMIZERS[rule](), surface, minimum, 50)
        assert found.kind == "global minimum"
        assert found.updates_to_tolerance == 0


def test_updates_to_tolerance_on_a_bowl():
    # The gap shrinks by 0.8^2 at every update: 16 updates make it less than a thousandth.
    found = end_of(GradientDescent(learning_rate=0.1), BOWL, (-4, 3))
    assert found.updates_to_tolerance == 16
    assert end_of(GradientDescent(learning_rate=0.1), BOWL, (-4, 3), 15).updates_to_tolerance == -1
    assert end_of(GradientDescent(learning_rate=0.1), BOWL, (0, 0), 15).updates_to_tolerance == 0
