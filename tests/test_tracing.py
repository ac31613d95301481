"""Quantities: numpy written once, as arrays and as a program."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.evaluation import Evaluation
from programs.program import Builder
from programs.tracing import (
    LARGEST_MULTIPLIED_POWER,
    Quantity,
    applied,
    component_names,
    outputs_of,
    program_of,
    quantity,
)
from tests.arithmetic import NUMBERS, same_bits

SHAPES = {"a": (), "v": (2,), "m": (2, 2)}
entries = st.lists(st.one_of(st.sampled_from(NUMBERS), st.floats(-3, 3)), min_size=7, max_size=7)


def traced(function, names=tuple(SHAPES)) -> Evaluation:
    """A function of a number, a vector and a matrix as a program; the result is called y."""
    builder = Builder()
    result = function(*(quantity(builder, name, SHAPES[name]) for name in names))
    program = builder.program(outputs_of([("y", result)]))
    inputs = [component for name in names for component in component_names(name, SHAPES[name])]
    return Evaluation(program, inputs, list(program.outputs))


def spread(function, number, vector, matrix):
    """The function on arrays, where a number goes with each entry."""
    with np.errstate(all="ignore"):
        return np.asarray(function(np.float64(number), np.array(vector), np.array(matrix)), dtype=float)


FUNCTIONS = {
    "operators": lambda a, v, m: (a + v) * v - v / (1.0 + v) + -v,
    "reflected operators": lambda a, v, m: 1.0 - v + (2.0 / v) * (3.0 * a),
    "comparisons": lambda a, v, m: np.where((v > a) & ~(v <= 0.5) | (v == 1.0), v, -a),
    "unequal": lambda a, v, m: np.where((v != a) & (a < v) | (v >= 2.0), 1.0, v),
    "functions": lambda a, v, m: np.maximum(np.abs(v), np.sqrt(np.abs(a))) + np.minimum(v, a) + np.sign(v),
    "frexp": lambda a, v, m: np.ldexp(*np.frexp(v)) + np.frexp(a)[1],
    "entries": lambda a, v, m: m[0, 1] * v[0] - m[1, 0] * v[1],
    "rows": lambda a, v, m: m[0] * v + m[:, 1],
    "stacks": lambda a, v, m: np.stack([np.stack([a, v[0]]), np.stack([v[1], m[1, 1]])]),
    "a matrix": lambda a, v, m: m * a + m,
    "infinities": lambda a, v, m: np.where(np.isfinite(v), v, np.inf),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=25)
@given(numbers=entries)
def test_a_traced_function_has_the_bits_of_the_function_of_arrays(name, numbers):
    number, vector, matrix = numbers[0], numbers[1:3], [numbers[3:5], numbers[5:7]]
    evaluation = EVALUATIONS.setdefault(name, traced(FUNCTIONS[name]))
    results = evaluation.at_point(*numbers)
    expected = spread(FUNCTIONS[name], number, vector, matrix)
    assert tuple(evaluation.outputs) == component_names("y", expected.shape)
    assert same_bits(results, expected.ravel()).all()


EVALUATIONS: dict[str, Evaluation] = {}


@given(st.integers(-LARGEST_MULTIPLIED_POWER, LARGEST_MULTIPLIED_POWER), st.floats(-20, 20))
def test_a_whole_power_is_made_of_products(exponent, x):
    evaluation = traced(lambda a: a**exponent, "a")
    operations = {value.operation for value in evaluation.program.values}
    assert "power" not in operations or exponent == 0
    (result,) = evaluation.at_point(x)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(result, np.float64(x) ** exponent, rtol=1e-14)
        assert same_bits(applied("power", np.float64(x), exponent), result)
        assert same_bits(applied("power", np.full(5, x), exponent)[4], result)


@pytest.mark.parametrize("exponent", [0.5, -0.5])
def test_a_root_is_a_root(exponent):
    evaluation = traced(lambda a: a**exponent, "a")
    for x in (2.0, 1e-300, 710.0):
        assert same_bits(evaluation.at_point(x)[0], np.sqrt(x) if exponent > 0 else 1 / np.sqrt(x))
        assert same_bits(applied("power", np.float64(x), exponent), evaluation.at_point(x)[0])


def test_other_powers_are_powers():
    for exponent in (17, 1.5, -2.25, 0.0):
        evaluation = traced(lambda a, exponent=exponent: a**exponent, "a")
        assert "power" in {value.operation for value in evaluation.program.values}
        assert evaluation.at_point(3.0)[0] == pytest.approx(3.0**exponent, rel=1e-15)
    evaluation = traced(lambda a, v: v ** (a + 1.0), "av")
    assert evaluation.at_point(1.0, 3.0, -2.0) == [9.0, 4.0]


def test_a_number_is_broadcast_and_shared():
    builder = Builder()
    vector, number = quantity(builder, "v", (2,)), quantity(builder, "a")
    before = len(builder.values)
    total = (vector + number) + (number + vector)
    assert total.shape == (2,)
    # Two sums, each of which is doubled.
    assert len(builder.values) == before + 4


def test_what_numpy_does_otherwise_is_refused():
    builder = Builder()
    vector = quantity(builder, "v", (2,))
    for wrong in (
        lambda: np.add(vector, 1.0, out=np.zeros(2)),
        lambda: np.add.reduce(vector),
        lambda: np.sum(vector),
        lambda: np.concatenate([vector, vector]),
        lambda: np.stack([vector, vector], axis=1),
    ):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(ValueError, match="no operation fmax"):
        np.fmax(vector, 1.0)
    with pytest.raises(ValueError, match="broadcast"):
        vector + np.ones(3)


def test_applied_without_quantities_is_the_operation_of_the_table():
    a, b = np.array([1.0, 2.0]), np.array([0.0, 4.0])
    with np.errstate(divide="ignore"):
        np.testing.assert_array_equal(applied("quotient", a, b, 7.0), [7.0, 0.5])


def test_names_of_components():
    assert component_names("a", ()) == ("a",)
    assert component_names("v", (2,)) == ("v1", "v2")
    assert component_names("m", (2, 2)) == ("m11", "m12", "m21", "m22")
    builder = Builder()
    matrix = quantity(builder, "m", (2, 2))
    assert isinstance(matrix[0], Quantity)
    assert len(matrix) == 2
    assert tuple(builder.program({}).inputs) == component_names("m", (2, 2))


def test_a_function_of_numbers_is_a_program_with_its_outputs():
    program = program_of(lambda a, b: {"sum": a + b, "seven": 7.0, "a": a}, "a", "b")
    assert list(program.inputs) == ["a", "b"]
    assert Evaluation(program, ("a", "b"), ("sum", "seven", "a")).at_point(1.5, 2.0) == [3.5, 7.0, 1.5]
