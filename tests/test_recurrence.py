"""Recurrences: what is done in which order, and who is asked when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.program import Builder
from programs.recurrence import Question, Recurrence
from tests.arithmetic import INPUTS, built, lines


def asking() -> Recurrence:
    """x becomes x - rate * slope, where a loss answers slope and level at x + shift, and a search the length."""
    builder = Builder()
    rate, x, slope, level, length, unused = map(builder.input, ("rate", "x", "slope", "level", "length", "unused"))
    twice = builder.operation("add", rate, rate)
    direction = builder.operation("multiply", twice, slope)
    moved = builder.operation("subtract", x, builder.operation("multiply", length, direction))
    outputs = {
        "here": builder.operation("add", x, builder.input("shift")),
        "direction": direction,
        "next": moved,
        "level": level,
        "odd": builder.operation("add", unused, x),
    }
    questions = (
        Question("search", (("direction",),), (("length",),)),
        Question("loss", (("here",),), (("slope",), ("level",))),
        Question("nobody", (("here",),), (("unused",),)),
    )
    return Recurrence(builder.program(outputs), {"x": "next"}, ("shift",), questions)


def names_of(recurrence: Recurrence, steps) -> list:
    return [step.name for step in steps if isinstance(step, Question)]


def test_what_is_fixed_and_what_can_be_done_once():
    recurrence = asking()
    program = recurrence.program
    assert recurrence.fixed == ("rate",)
    rate = program.inputs["rate"]
    assert recurrence.hoisted == {rate, rate + 6}
    assert program.operands(rate + 6) == (rate, rate)


def assert_in_order(recurrence: Recurrence, steps, done: set[int]) -> None:
    """Each step comes once, after all that it needs."""
    program = recurrence.program
    done = set(done)
    for step in steps:
        if isinstance(step, Question):
            assert all(program.outputs[name] in done for group in step.arguments for name in group)
            assert done.isdisjoint(program.inputs[name] for name in step.answered)
            done.update(program.inputs[name] for name in step.answered)
            continue
        assert step not in done
        assert done.issuperset(program.operands(step))
        done.add(step)


def test_a_question_is_asked_once_and_when_what_it_shows_is_there():
    recurrence = asking()
    done = {recurrence.program.inputs[name] for name in ("x", "shift")} | recurrence.hoisted
    before = set(done)
    first = list(recurrence.steps(["level"], done))
    assert names_of(recurrence, first) == ["loss"]
    later = list(recurrence.steps(["next", "level"], done))
    assert names_of(recurrence, later) == ["search"]
    assert_in_order(recurrence, first + later, before)


def test_a_question_that_nobody_needs_is_not_asked():
    recurrence = asking()
    assert names_of(recurrence, recurrence.steps(["here"], set(recurrence.hoisted))) == []
    assert names_of(recurrence, recurrence.steps(["direction"], set(recurrence.hoisted))) == ["loss"]
    assert names_of(recurrence, recurrence.steps(["odd"], set(recurrence.hoisted))) == ["nobody"]


@given(lines, st.lists(st.integers(0, 13), min_size=1, max_size=4))
def test_steps_of_any_program_serve(drawn, chosen):
    program = built(drawn)
    names = [f"o{place % len(program.outputs)}" for place in chosen]
    recurrence = Recurrence(program, {})
    done = {program.inputs[name] for name in INPUTS}
    before = set(done)
    steps = list(recurrence.steps(names, done))
    assert_in_order(recurrence, steps, before)
    assert set(steps) == program.needed_for(program.outputs[name] for name in names) - before
    assert list(recurrence.steps(names, done)) == []


def test_a_question_may_come_after_thousands_of_operations():
    builder = Builder()
    answer, x = builder.input("answer"), builder.input("x")
    value = x
    for _ in range(5000):
        value = builder.operation("sin", value)
    program = builder.program({"shown": value, "next": builder.operation("add", answer, x)})
    recurrence = Recurrence(program, {"x": "next"}, (), (Question("loss", (("shown",),), (("answer",),)),))
    steps = list(recurrence.steps(["next"], {x}))
    assert_in_order(recurrence, steps, {x})
    assert len(steps) == 5002


def test_a_question_that_waits_for_its_own_answer_is_refused():
    builder = Builder()
    first, second = builder.input("first"), builder.input("second")
    program = builder.program({"a": builder.operation("sin", second), "b": builder.operation("cos", first)})
    questions = (Question("one", (("a",),), (("first",),)), Question("two", (("b",),), (("second",),)))
    with pytest.raises(ValueError, match="its own answer"):
        list(Recurrence(program, {}, (), questions).steps(["a"], set()))


@pytest.mark.parametrize("bad", ["a b", "a\nimport os", "x'", ""])
def test_no_name_can_become_code(bad):
    program = built([("add", [0, 1, 2], None)])
    question = Question("loss", (("o0",),), (("a",),))
    for carried, streamed, questions in (
        ({bad: "o0"}, (), ()),
        ({}, (bad,), ()),
        ({}, (), (Question(bad, (), ()),)),
        ({}, (), (question, Question("other", (), ((bad,),)))),
    ):
        with pytest.raises(ValueError, match="letters"):
            Recurrence(program, carried, streamed, questions)
