"""Programs are data: built once for each value, the same after a journey as JSON, and nothing else can be one."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.evaluation import Evaluation
from programs.operations import HIGHEST_ORDER
from programs.program import CONSTANT, INPUT, MOST_VALUES, Builder, Program, Value
from tests.arithmetic import INPUTS, built, lines, points, same_bits


def values_at(program: Program, point) -> list[float]:
    outputs = list(program.outputs)
    return Evaluation(program, INPUTS, outputs).at_point(*point)


def on_batch(program: Program, rows) -> np.ndarray:
    results = Evaluation(program, INPUTS, list(program.outputs)).on_batch(*np.transpose(rows))
    return np.array([np.broadcast_to(result, len(rows)).astype(float) for result in results])


# Built


def test_common_subexpressions_are_one_value():
    builder = Builder()
    a, b = builder.input("a"), builder.input("b")
    assert builder.input("a") == a
    assert builder.operation("add", a, b) == builder.operation("add", b, a)
    assert builder.operation("multiply", a, b) == builder.operation("multiply", b, a)
    assert builder.operation("subtract", a, b) != builder.operation("subtract", b, a)


def test_zeros_of_both_signs_are_two_constants_and_nan_is_one():
    builder = Builder()
    assert builder.constant(0.0) != builder.constant(-0.0)
    assert builder.constant(math.nan) == builder.constant(-math.nan)
    assert builder.constant(1) == builder.constant(np.float64(1.0)) == builder.constant(True)


def test_what_is_constant_is_computed_at_once():
    builder = Builder()
    one, zero = builder.constant(1.0), builder.constant(0.0)
    assert builder.values[builder.operation("divide", one, zero)] == Value(CONSTANT, (math.inf,))
    assert builder.values[builder.operation("greater", one, zero)] == Value(CONSTANT, (1.0,))
    assert math.isnan(builder.values[builder.operation("log", builder.constant(-1.0))].operands[0])


@given(lines)
def test_no_two_values_are_the_same_and_all_stand_after_their_operands(drawn):
    program = built(drawn)
    assert len({repr(value) for value in program.values}) == len(program.values)
    for index in range(len(program.values)):
        assert all(operand < index for operand in program.operands(index))
        constants = [program.values[operand].operation == CONSTANT for operand in program.operands(index)]
        assert not constants or not all(constants)


@given(lines, points)
def test_a_part_has_the_same_values_and_nothing_that_it_does_not_need(drawn, point):
    program = built(drawn)
    name = list(program.outputs)[-1]
    part = program.only(name)
    place = list(program.outputs).index(name)
    assert same_bits(values_at(part, point)[0], values_at(program, point)[place])
    assert part.needed_for(part.outputs.values()) == set(range(len(part.values)))
    assert len(part.values) <= len(program.needed_for([program.outputs[name]]))


@given(lines, st.sampled_from(INPUTS))
def test_what_depends_on_an_input_is_what_needs_it(drawn, name):
    program = built(drawn)
    index = program.inputs[name]
    assert program.depending_on([name]) == {i for i in range(len(program.values)) if index in program.needed_for([i])}


def test_nothing_depends_on_an_input_that_is_not_there():
    program = built([("add", [0, 1, 2], None)])
    assert program.depending_on(["nobody"]) == program.depending_on([]) == set()
    assert program.needed_for([]) == set()


@given(lines, points)
def test_an_included_program_takes_values_for_its_inputs(drawn, point):
    program = built(drawn)
    builder = Builder()
    new = {"a": builder.operation("negative", builder.input("b")), "c": builder.constant(2.0)}
    joined = builder.program(builder.include(program, new))
    a, b, _ = point
    assert set(joined.inputs) <= {"b"}
    # Constants make constants, which are folded as arrays compute them.
    assert same_bits(values_at(joined, (a, b, 0.0)), values_at(program, (-b, b, 2.0))).all()


# As data


@given(lines, st.lists(points, min_size=1, max_size=9))
def test_arrays_floats_and_json_agree_bit_for_bit(drawn, rows):
    program = built(drawn)
    travelled = Program.from_data(json.loads(json.dumps(program.data(), allow_nan=False)))
    assert repr(travelled) == repr(program)
    batch = on_batch(program, rows)
    assert same_bits(on_batch(travelled, rows), batch).all()
    for place, row in enumerate(rows):
        assert same_bits(values_at(program, row), batch[:, place]).all()
        assert same_bits(on_batch(program, [row])[:, 0], batch[:, place]).all()


def test_numbers_that_json_does_not_know_are_texts():
    builder = Builder()
    outputs = {f"o{i}": builder.constant(number) for i, number in enumerate([math.inf, -math.inf, math.nan, -0.0])}
    data = builder.program(outputs).data()
    assert [line[1] for line in data["values"][:3]] == ["inf", "-inf", "nan"]
    assert same_bits(
        [value.operands[0] for value in Program.from_data(data).values], [math.inf, -math.inf, math.nan, -0.0]
    ).all()


A, TWO = [INPUT, "a"], [CONSTANT, 2.0]
REFUSED = {
    "an unknown operation": [A, ["__import__", 0]],
    "an operation that is code": [A, ["(lambda: 1)()", 0]],
    "an operation that is no text": [A, [["add"], 0, 0]],
    "too few operands": [A, ["add", 0]],
    "too many operands": [A, ["sqrt", 0, 0]],
    "a value that comes later": [A, ["add", 0, 2], TWO],
    "the value itself": [A, ["add", 0, 1]],
    "a negative index": [A, ["add", 0, -1]],
    "true as an index": [A, TWO, ["add", 0, True]],
    "a fraction as an index": [A, ["add", 0, 0.0]],
    "a text as an index": [A, ["add", 0, "0"]],
    "nothing as an index": [A, ["add", 0, None]],
    "a list as an index": [A, ["add", 0, [0]]],
    "an empty line": [A, []],
    "a line that is a text": [A, "input"],
    "a line that is an object": [A, {"operation": "add"}],
    "an input without a name": [[INPUT]],
    "an input with a number for a name": [[INPUT, 1]],
    "an input with two names": [[INPUT, "a", "b"]],
    "a constant that is a text": [A, [CONSTANT, "2.0"]],
    "a constant that is code": [A, [CONSTANT, "exit()"]],
    "a constant that is nothing": [A, [CONSTANT, None]],
    "a constant that is true": [A, [CONSTANT, True]],
    "a constant that is a list": [A, [CONSTANT, [1.0]]],
    "a constant beyond all numbers": [A, [CONSTANT, 10**400]],
    "an input twice": [A, A],
    "a value twice": [A, ["square", 0], ["square", 0]],
    "a truth as a number": [A, ["isfinite", 0], ["add", 0, 1]],
    "a number as a truth": [A, ["logical_not", 0]],
    "a constant number as a truth": [A, TWO, ["where", 1, 0, 0]],
    "an order that is not constant": [A, ["spherical", 0, 0]],
    "a negative order": [A, [CONSTANT, -1.0], ["spherical", 1, 0]],
    "an order that is not whole": [A, [CONSTANT, 0.5], ["spherical", 1, 0]],
    "an order that is none": [A, [CONSTANT, "nan"], ["spherical", 1, 0]],
    "an order that is too high": [A, [CONSTANT, HIGHEST_ORDER + 1], ["spherical", 1, 0]],
}


@pytest.mark.parametrize("values", REFUSED.values(), ids=REFUSED.keys())
def test_data_that_are_no_program_are_refused(values):
    with pytest.raises(ValueError, match=r"."):
        Program.from_data({"values": values, "outputs": {"result": 0}})


@pytest.mark.parametrize("index", [True, -1, 1, 1.0, "0", None, [0]])
def test_an_output_is_the_index_of_a_value(index):
    with pytest.raises(ValueError, match="refers to value"):
        Program.from_data({"values": [A], "outputs": {"result": index}})


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], "program", {}, {"values": [A]}, {"outputs": {}}, {"values": "aa", "outputs": {}}),
        *({"values": {"0": A}, "outputs": {}}, {"values": [A], "outputs": ["a"]}, {"values": [A], "outputs": None}),
    ],
)
def test_data_of_another_form_are_refused(data):
    with pytest.raises(ValueError, match="list of values"):
        Program.from_data(data)


def test_data_without_end_are_refused():
    with pytest.raises(ValueError, match="too long"):
        Program.from_data({"values": [A] * (MOST_VALUES + 1), "outputs": {}})


NO_NAMES = ["", "a b", 'a"', "a'b", "a\nb", "a=0;import os", "1-a", "a.b", "x, y", "a#", "\u212b", "\ufb01x", "a\0"]


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_could_become_code_or_another_name_is_refused(name):
    for data in (
        {"values": [[INPUT, name]], "outputs": {}},
        {"values": [A], "outputs": {name: 0}},
    ):
        with pytest.raises(ValueError, match="letters"):
            Program.from_data(data)
    with pytest.raises(ValueError, match="letters"):
        Builder().input(name)
    with pytest.raises(ValueError, match="letters"):
        Program((Value(INPUT, (name,)),), {})


def test_greek_names_are_names():
    assert Program.from_data({"values": [[INPUT, "α"]], "outputs": {"β": 0}}).outputs == {"β": 0}


def test_a_builder_refuses_what_data_may_not_hold():
    builder = Builder()
    a = builder.input("a")
    truth = builder.operation("greater", a, builder.constant(0.0))
    for name, operands in (("fmax", (a, a)), ("add", (a,)), ("add", (a, truth)), ("where", (a, a, a))):
        with pytest.raises(ValueError, match=name):
            builder.operation(name, *operands)
