"""A loss in a program under construction: the same numbers as the surface's own."""

import numpy as np
import pytest

from programs.evaluation import Evaluation
from programs.tracing import program_of
from surfaces import SURFACES
from surfaces.traced import NoProgramError, TracedLoss


@pytest.mark.parametrize("name", ["himmelblau", "line_fit", "ackley"])
def test_the_numbers_at_a_point_that_is_computed_are_those_of_the_surface(name):
    surface = SURFACES[name]

    def numbers(x, y):
        loss, point = TracedLoss(surface), np.stack([x + 1.0, y * 2.0])
        (h11, h12), (_, h22) = loss.hessian(point)
        u, v = loss.gradient(point)
        return {"s": loss.value(point), "u": u, "v": v, "h11": h11, "h12": h12, "h22": h22}

    program = program_of(numbers, "x", "y")
    point = np.array([1.3, -0.4])
    (h11, h12), (_, h22) = surface.hessian(point)
    expected = [surface.value(point), *surface.gradient(point), h11, h12, h22]
    assert Evaluation(program, ("x", "y"), tuple(program.outputs)).at_point(0.3, -0.2) == pytest.approx(expected, 1e-14)


def test_a_loss_that_is_no_formula_says_so():
    surface = SURFACES["tanh_neuron"]
    for ask in (TracedLoss.value, TracedLoss.gradient):
        with pytest.raises(NoProgramError):
            program_of(lambda x, y, ask=ask: {"x": ask(TracedLoss(surface), np.stack([x, y]))}, "x", "y")
