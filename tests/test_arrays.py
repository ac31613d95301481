"""Programs as functions of arrays: memory that is free is used again, and no operand or output is ever written over."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from programs.arrays import function_of_arrays, last_uses
from programs.program import Builder
from tests.arithmetic import INPUTS, built, lines, points
from tests.samples import assert_same_bits


@given(lines, st.lists(points, min_size=2, max_size=6))
def test_every_output_has_the_bits_that_it_has_alone(drawn, rows):
    program = built(drawn)
    names = list(program.outputs)
    columns = [np.array(column) for column in np.transpose(rows)]
    kept = [column.copy() for column in columns]
    with np.errstate(all="ignore"):
        together = function_of_arrays(program, INPUTS, names, (1, 1, 1))(*columns)
        alone = [function_of_arrays(program, INPUTS, [name], (1, 1, 1))(*columns)[0] for name in names]
    for one, other in zip(together, alone, strict=True):
        assert_same_bits(one, other)
    for column, before in zip(columns, kept, strict=True):
        assert_same_bits(column, before)


@given(lines, points)
def test_shapes_are_broadcast(drawn, point):
    program = built(drawn)
    names = list(program.outputs)
    a, b, c = point
    shapes = ((3, 1), (1, 2), ())
    spread = [np.full(shape, number) for shape, number in zip(shapes, point, strict=True)]
    with np.errstate(all="ignore"):
        results = function_of_arrays(program, INPUTS, names, (1, 2, 0))(*spread)
        alone = function_of_arrays(program, INPUTS, names, (1, 1, 1))(*(np.array([x]) for x in (a, b, c)))
    for result, single in zip(results, alone, strict=True):
        flat = np.ravel(result)
        assert_same_bits(flat.astype(float), np.full(flat.shape, np.ravel(single)[0], dtype=float))
        assert np.broadcast_shapes(np.shape(result), (3, 2)) == (3, 2)


def test_a_chain_needs_memory_once():
    builder = Builder()
    value = builder.input("x")
    for name in ("sin", "exp", "tanh", "cos"):
        value = builder.operation(name, value)
    x = np.linspace(0, 1, 100_000)
    function = function_of_arrays(builder.program({"y": value}), ["x"], ["y"], [1])
    (result,) = function(x)
    assert_same_bits(result, np.cos(np.tanh(np.exp(np.sin(x)))))


def test_an_output_that_is_an_input_is_that_array_and_one_that_is_constant_a_number():
    builder = Builder()
    outputs = {"x": builder.input("x"), "two": builder.constant(2.0)}
    x = np.ones(3)
    same, two = function_of_arrays(builder.program(outputs), ["x"], ["x", "two"], [1])(x)
    assert same is x
    assert two.shape == ()


def test_last_uses():
    builder = Builder()
    x = builder.input("x")
    sine = builder.operation("sin", x)
    total = builder.operation("add", sine, x)
    result = builder.operation("multiply", total, sine)
    program = builder.program({"y": result})
    assert last_uses(program, range(4), [result]) == {x: total, sine: result, total: result}
    assert last_uses(program, range(4), [result, sine]) == {x: total, total: result}
