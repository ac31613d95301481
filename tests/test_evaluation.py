"""The programs of losses: the numbers that the surfaces themselves give, to the last bit."""

import numpy as np
import pytest
import sympy

from programs.evaluation import Evaluation
from programs.program import Program
from surfaces import SURFACES, Surface, parse, theta1, theta2
from tests.samples import assert_same_bits, awkward_points, domain_and_view

TYPED = ["|x|^1.5 + |y|", "max(x, y)^2 + relu(x - 1)", "{x < y: x^2, sqrt(y)}", "x^y", "sinc(x) erf(y)", "x + 3"]
CONE = Surface(
    "Two cones",
    sympy.sqrt(theta1**2 + theta2**2) * sympy.sqrt((theta1 - 1) ** 2 + theta2**2),
    ((-2, 2), (-2, 2)),
    (1, 1),
    subgradients={(0.0, 0.0): (0.25, -0.5), (1.0, 0.0): (0.0, 3.0)},
)
LOSSES = {**SURFACES, **{text: parse(text) for text in TYPED}, "two cones": CONE}


def run(program: Program, theta: np.ndarray) -> dict[str, np.ndarray]:
    results = Evaluation(program, ("theta1", "theta2"), tuple(program.outputs)).on_batch(*theta)
    return {name: np.broadcast_to(each, theta.shape[1:]) for name, each in zip(program.outputs, results, strict=True)}


@pytest.mark.parametrize("name", [name for name, loss in LOSSES.items() if loss.program])
def test_the_program_gives_the_numbers_of_the_surface(name):
    loss = LOSSES[name]
    theta = np.hstack([domain_and_view(loss, 40), awkward_points(), [[0.0, 1.0, 1e-200, 1.0], [0.0, 0.0, 0.0, 1e-200]]])
    gradient, hessian = loss.gradient(theta), loss.hessian(theta)
    expected = {"value": loss.value(theta), "gradient1": gradient[0], "gradient2": gradient[1]}
    curvatures = {"hessian11": hessian[0, 0], "hessian12": hessian[0, 1], "hessian22": hessian[1, 1]}
    for program, numbers in ((loss.program, expected), (loss.hessian_program, {**expected, **curvatures})):
        results = run(program, theta)
        assert results.keys() == numbers.keys()
        for output, number in numbers.items():
            same = np.isfinite(results[output]) | (not loss.mends)
            assert_same_bits(results[output][same], number[same])
            # What the surface mends is a derivative, not the loss.
            assert same.all() or output != "value" or not np.isfinite(number[~same]).any()


def test_a_declared_subgradient_is_in_the_program():
    at_tips = run(CONE.hessian_program, np.array([[0.0, 1.0, 1e-200, 2.0], [-0.0, 1e-200, 0.0, 0.0]]))
    np.testing.assert_array_equal(at_tips["gradient1"][:3], [0.25, 0.0, 0.25])
    np.testing.assert_array_equal(at_tips["gradient2"][:3], [-0.5, 3.0, -0.5])
    for name in ("hessian11", "hessian12", "hessian22"):
        np.testing.assert_array_equal(at_tips[name][:3], 0.0)
    assert at_tips["gradient1"][3] == pytest.approx(3)


@pytest.mark.parametrize("text", ["|x| + y^2", "sqrt(x) + y", "max(x, y)", "x^1.5 + y"])
def test_a_loss_with_tips_mends(text):
    assert parse(text).mends


@pytest.mark.parametrize("name", ["branin", "griewank"])
def test_a_root_of_a_number_has_no_tip(name):
    assert not SURFACES[name].mends


def test_a_loss_that_is_evaluated_by_examples_has_no_program():
    assert SURFACES["logistic_neuron"].degree is None
    assert SURFACES["logistic_neuron"].program is None
    assert SURFACES["logistic_neuron"].hessian_program is None
