"""A program evaluated at one point and at many; the programs of losses have the numbers of the surfaces."""

import warnings

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from programs.evaluation import Evaluation
from programs.program import Builder, Program
from surfaces import SURFACES, Surface, parse, theta1, theta2
from tests.arithmetic import INPUTS, built, lines, points, same_bits
from tests.samples import assert_same_bits, awkward_points, domain_and_view


def evaluation_of(outputs: dict, builder: Builder, *inputs: str) -> Evaluation:
    return Evaluation(builder.program(outputs), inputs, list(outputs))


@given(lines, st.lists(points, min_size=1, max_size=5))
def test_a_point_has_the_bits_of_a_row_and_nothing_warns(drawn, rows):
    program = built(drawn)
    evaluation = Evaluation(program, INPUTS, list(program.outputs))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batch = evaluation.on_batch(*np.transpose(rows))
        for place, row in enumerate(rows):
            for result, whole in zip(evaluation.at_point(*row), batch, strict=True):
                assert same_bits(result, np.broadcast_to(whole, len(rows))[place])


@pytest.mark.parametrize(("x", "expected"), [(0.0, np.inf), (-0.0, -np.inf), (2.0, 0.5)])
def test_a_division_by_zero_is_done_as_ieee_does_it(x, expected):
    builder = Builder()
    outputs = {"y": builder.operation("divide", builder.constant(1.0), builder.input("x"))}
    assert evaluation_of(outputs, builder, "x").at_point(x) == [expected]


def test_arrays_of_any_shapes_that_fit_one_after_another():
    builder = Builder()
    a, b = builder.input("a"), builder.input("b")
    total = builder.operation("add", a, b)
    evaluation = evaluation_of({"y": builder.operation("multiply", total, total)}, builder, "a", "b")
    for first, second in [((), ()), ((3,), (3,)), ((3,), ()), ((), (3,)), ((2, 1), (3,)), ((1,), (4,)), ((0,), (0,))]:
        a, b = np.full(first, 1.5), np.full(second, 2.0)
        (result,) = evaluation.on_batch(a, b)
        np.testing.assert_array_equal(result, (a + b) ** 2)


def test_the_results_of_one_call_are_not_touched_by_the_next():
    builder = Builder()
    evaluation = evaluation_of({"y": builder.operation("sin", builder.input("x"))}, builder, "x")
    (first,) = evaluation.on_batch(np.ones(4))
    evaluation.on_batch(np.zeros(4))
    np.testing.assert_array_equal(first, np.sin(np.ones(4)))


@pytest.mark.parametrize("name", ["arccos", "arctanh", "expm1", "log1p", "cbrt"])
def test_a_row_has_the_same_bits_however_the_rows_lie_in_memory(name):
    builder = Builder()
    evaluation = evaluation_of({"y": builder.operation(name, builder.input("x"))}, builder, "x")
    x = np.linspace(-0.99, 0.99, 997)
    (expected,) = evaluation.on_batch(x)
    for view in (x[::-1].copy()[::-1], np.stack([x, x], axis=1)[:, 0], np.stack([x, x]).T[::-1][::-1, 1]):
        assert same_bits(evaluation.on_batch(view)[0], expected).all()


def test_a_constant_is_a_number():
    builder = Builder()
    evaluation = evaluation_of({"y": builder.constant(3.0)}, builder, "x")
    assert np.shape(evaluation.on_batch(np.ones(5))[0]) == ()
    assert evaluation.at_point(1.0) == [3.0]


# The programs of losses


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
