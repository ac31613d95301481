"""Recurrences of plain floats: what is recorded, who is asked, and where the rounds end."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from programs.evaluation import Evaluation
from programs.float_rounds import FloatRounds
from programs.program import Builder
from programs.recurrence import Question, Recurrence
from tests.arithmetic import INPUTS, built, is_truth, lines, points, same_bits


def halving(divided: bool = False) -> Recurrence:
    """x becomes rate * x + step, and shows x squared, and 1 / x where `divided`."""
    builder = Builder()
    x, rate, step = map(builder.input, ("x", "rate", "step"))
    outputs = {
        "next": builder.operation("add", builder.operation("multiply", builder.operation("square", rate), x), step),
        "shown": builder.operation("divide" if divided else "multiply", builder.constant(1.0), x),
    }
    return Recurrence(builder.program(outputs), {"x": "next"}, ("step",))


def test_a_row_holds_what_is_carried_into_a_round_and_what_is_recorded_in_it():
    rounds = FloatRounds(halving(), ["shown"])
    rows = rounds(4, {"x": 8.0}, {"rate": 0.5}, {"step": [0.0, 1.0, 0.0, 0.0]})
    assert rounds.columns == ("x", "shown")
    np.testing.assert_array_equal(rows, [[8.0, 8.0], [2.0, 2.0], [1.5, 1.5], [0.375, 0.375]])


@pytest.mark.parametrize("count", [0, 1])
def test_few_rounds(count):
    rows = FloatRounds(halving(), ["shown"])(count, {"x": 8.0}, {"rate": 0.5}, {"step": [0.0] * 9})
    assert rows.shape == (count, 2)


def test_the_rounds_end_before_a_division_by_zero():
    rows = FloatRounds(halving(divided=True), ["shown"])(9, {"x": 4.0}, {"rate": 1.0}, {"step": [-2.0] * 9})
    np.testing.assert_array_equal(rows, [[4.0, 0.25], [2.0, 0.5]])


def test_a_division_by_zero_among_what_is_fixed_leaves_no_round():
    builder = Builder()
    x, rate = builder.input("x"), builder.input("rate")
    share = builder.operation("divide", builder.constant(1.0), rate)
    recurrence = Recurrence(builder.program({"next": builder.operation("multiply", share, x)}), {"x": "next"})
    rounds = FloatRounds(recurrence, [])
    assert len(rounds(5, {"x": 1.0}, {"rate": 0.0}, {})) == 0
    np.testing.assert_array_equal(rounds(3, {"x": 1.0}, {"rate": 4.0}, {})[:, 0], [1.0, 0.25, 0.0625])


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_the_rounds_end_before_what_has_to_be_finite_is_not(bad):
    steps = {"step": [1.0, bad, 1.0, 1.0]}
    rows = FloatRounds(halving(), ["shown"], finite=["shown"])(4, {"x": 2.0}, {"rate": 1.0}, steps)
    np.testing.assert_array_equal(rows[:, 0], [2.0, 3.0])
    assert len(FloatRounds(halving(), ["shown"])(4, {"x": 2.0}, {"rate": 1.0}, steps)) == 4


def test_a_recurrence_may_carry_nothing():
    recurrence = Recurrence(built([("square", [0, 0, 0], None)]), {}, ("a",))
    rows = FloatRounds(recurrence, ["o0"])(3, {}, {"b": 0.0, "c": 0.0}, {"a": [1.0, 2.0, 3.0]})
    np.testing.assert_array_equal(rows, [[1.0], [4.0], [9.0]])


@given(lines, points)
def test_rounds_have_the_bits_of_the_program_evaluated_again_and_again(drawn, point):
    program = built(drawn)
    numbers = [name for name, index in program.outputs.items() if not is_truth(program.values[index])]
    assume(numbers)
    carried = {"a": numbers[-1], "b": numbers[0]}
    rounds = FloatRounds(Recurrence(program, carried), list(program.outputs))
    start = dict(zip(INPUTS, map(float, point), strict=True))
    with np.errstate(all="ignore"):
        rows = rounds(4, start, start, {})
    evaluation = Evaluation(program, INPUTS, list(program.outputs))
    for row in rows:
        results = dict(zip(program.outputs, evaluation.at_point(*start.values()), strict=True))
        assert same_bits(row, [start["a"], start["b"], *results.values()]).all()
        start |= {name: float(results[output]) for name, output in carried.items()}


def asked_recurrence() -> Recurrence:
    builder = Builder()
    x, slope1, slope2, level, length = map(builder.input, ("x", "slope1", "slope2", "level", "length"))
    slope = builder.operation("add", slope1, slope2)
    outputs = {
        "here": x,
        "slope": slope,
        "level": level,
        "next": builder.operation("subtract", x, builder.operation("multiply", length, slope)),
    }
    questions = (
        Question("loss", (("here",),), (("level",), ("slope1", "slope2"))),
        Question("search", (("slope",), ("level",)), (("length",),)),
    )
    return Recurrence(builder.program(outputs), {"x": "next"}, (), questions)


def test_every_question_is_asked_once_a_round_with_floats():
    heard = []

    def loss(x):
        heard.append(("loss", x))
        return x * x, x, x

    def search(slope, level):
        heard.append(("search", slope, level))
        return (0.25,)

    rows = FloatRounds(asked_recurrence(), ["level"])(3, {"x": 4.0}, {}, {}, {"loss": loss, "search": search})
    np.testing.assert_array_equal(rows, [[4.0, 16.0], [2.0, 4.0], [1.0, 1.0]])
    assert heard == [
        *(("loss", 4.0), ("search", 8.0, 16.0)),
        *(("loss", 2.0), ("search", 4.0, 4.0)),
        *(("loss", 1.0), ("search", 2.0, 1.0)),
    ]


def test_a_question_that_nobody_needs_is_never_asked():
    recurrence = asked_recurrence()
    alone = Recurrence(recurrence.program, {"x": "here"}, (), recurrence.questions)
    rows = FloatRounds(alone, [])(3, {"x": 4.0}, {}, {}, {"loss": None, "search": None})
    np.testing.assert_array_equal(rows, [[4.0]] * 3)


def test_an_answer_of_another_length_is_an_error():
    with pytest.raises(TypeError):
        FloatRounds(asked_recurrence(), [])(1, {"x": 1.0}, {}, {}, {"loss": lambda x: None, "search": None})


def test_an_error_of_who_is_asked_comes_out():
    def loss(x):
        raise KeyError("the loss's own")

    with pytest.raises(KeyError, match="own"):
        FloatRounds(asked_recurrence(), [])(1, {"x": 1.0}, {}, {}, {"loss": loss, "search": None})


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_streams_go_through_unchanged(numbers):
    recurrence = Recurrence(built([("negative", [0, 0, 0], None)]), {}, ("a",))
    rows = FloatRounds(recurrence, ["o0"])(len(numbers), {}, {"b": 0.0, "c": 0.0}, {"a": numbers})
    assert same_bits(rows[:, 0], -np.array(numbers)).all()
