"""Programs as functions of plain floats."""

import math

import pytest

from programs.floats import REFUSALS, FloatLines, compiled, constant_text, function_of_floats
from programs.program import Builder


def of_floats(outputs: dict, builder: Builder, *inputs: str):
    return function_of_floats(builder.program(outputs), inputs, list(outputs))


@pytest.mark.parametrize("number", [0.0, -0.0, 1.5, -1.5, 1e308, 5e-324, math.inf, -math.inf, math.nan])
def test_a_constant_is_written_without_loss(number):
    read = compiled("read", [], [f"return {constant_text(number)}"], {"inf": math.inf, "nan": math.nan})()
    assert math.copysign(1.0, read) == math.copysign(1.0, number)
    assert read == number or math.isnan(number)


def test_a_negative_constant_keeps_its_sign_beside_operators():
    builder = Builder()
    x = builder.input("x")
    minus = builder.constant(-2.0)
    outputs = {"power": builder.operation("subtract", x, minus), "square": builder.operation("multiply", minus, x)}
    assert of_floats(outputs, builder, "x")(3.0) == [5.0, -6.0]


@pytest.mark.parametrize(
    ("name", "x"),
    [("divide", 0.0), ("sqrt", -1.0), ("scaled", 1e308)],
)
def test_where_ieee_goes_on_floats_refuse(name, x):
    builder = Builder()
    other = [builder.constant(2000.0)] if name == "scaled" else []
    first = [builder.constant(1.0)] if name == "divide" else []
    outputs = {"y": builder.operation(name, *first, builder.input("x"), *other)}
    with pytest.raises(REFUSALS):
        of_floats(outputs, builder, "x")(x)


def test_a_value_with_one_user_stands_inside_it_and_others_have_a_line():
    builder = Builder()
    x, y = builder.input("x"), builder.input("y")
    once = builder.operation("add", x, y)
    twice = builder.operation("multiply", once, x)
    squared = builder.operation("square", twice)
    result = builder.operation("subtract", squared, twice)
    program = builder.program({"z": result})
    printed = FloatLines(program, [result], {x: "x", y: "y"}).section(range(len(program.values)))
    assert printed == ["v3 = ((x + y) * x)", "v5 = ((v3 * v3) - v3)"]


def test_a_value_that_stands_twice_in_the_text_of_its_user_has_a_line():
    builder = Builder()
    x = builder.input("x")
    result = builder.operation("square", builder.operation("exp", x))
    program = builder.program({"z": result})
    assert FloatLines(program, [result], {x: "x"}).section(range(3)) == ["v1 = float(exp(x))", "v2 = (v1 * v1)"]


@pytest.mark.parametrize("name", ["add", "negative", "square", "sqrt", "sin", "maximum", "where"])
def test_a_chain_of_thousands_compiles(name):
    builder = Builder()
    x = value = builder.input("x")
    condition = builder.operation("greater", x, builder.constant(0.0))
    operands = {"add": lambda v: (v, x), "maximum": lambda v: (v, x), "where": lambda v: (condition, v, x)}
    for _ in range(3000):
        before = value
        value = builder.operation(name, *operands.get(name, lambda v: (v,))(value))
        if value == before:
            break
    assert math.isfinite(of_floats({"y": value}, builder, "x")(0.5)[0])


def test_inputs_that_a_program_does_not_have_are_ignored_and_outputs_may_be_inputs_or_constants():
    builder = Builder()
    outputs = {"x": builder.input("x"), "same": builder.input("x"), "one": builder.constant(1.0)}
    assert of_floats(outputs, builder, "nobody", "x")(7.0, 2.0) == [2.0, 2.0, 1.0]


def test_the_branch_that_is_not_taken_does_not_refuse():
    builder = Builder()
    x, zero, one = builder.input("x"), builder.constant(0.0), builder.constant(1.0)
    positive = builder.operation("greater", x, zero)
    outputs = {"y": builder.operation("where", positive, builder.operation("divide", one, x), zero)}
    assert of_floats(outputs, builder, "x")(0.0) == [0.0]
