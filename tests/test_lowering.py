"""From formulas and from equations to programs: data only, the same digits however they are run, and sentences where an
equation does not fit."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import OPTIMIZERS
from optimizers.equations import Equation
from optimizers.lowering import ASKED, NOTE, components, line_name, lowered
from optimizers.optimizer import IDENTITY, Optimizer, number, vector
from programs.evaluation import Evaluation
from programs.operations import OPERATIONS
from programs.program import CONSTANT, INPUT, Program
from programs.tracing import component_names
from surfaces import SURFACES, parse, theta1, theta2
from surfaces.lowering import FUNCTIONS, program_of
from surfaces.neurons import NEURONS, target
from surfaces.summed import VALUE_AND_GRADIENT, functions_of_examples
from tests.samples import assert_same_bits, awkward_points

# Formulas

TYPED = [
    *(
        "|x|^1.5 + sign(y)",
        "max(x, y)^2 + relu(x - 1) min(x, 2)",
        "{x < y: x^2, sqrt(y)}",
        "x^y",
        "mod(x, y) + round(x)",
    ),
    *("sinc(x) erf(y) + erfc(x)", "log(1 + exp(x)) + log(cosh(y))", "atan2(y, x) + cbrt(x)", "acosh(x) + asin(y)"),
]
PROGRAMS = {
    **{name: loss.hessian_program for name, loss in SURFACES.items() if loss.hessian_program},
    **{text: parse(text).hessian_program for text in TYPED},
    **{
        f"one example of the {name}": functions_of_examples(neuron.example_loss, (*neuron.inputs, target))[
            VALUE_AND_GRADIENT
        ].program
        for name, neuron in NEURONS.items()
    },
}
numbers = st.one_of(st.floats(-10, 10), st.sampled_from([*np.unique(awkward_points()), -0.0, 2.0, 0.5]))


def alone(evaluation: Evaluation, point: list[float]) -> np.ndarray:
    return np.array(evaluation.at_point(*point), dtype=float)


@pytest.mark.parametrize("name", PROGRAMS)
@settings(max_examples=15)
@given(data=st.data())
def test_numpy_floats_and_json_give_the_same_digits(name, data):
    program = PROGRAMS[name]
    returned = Program.from_data(json.loads(json.dumps(program.data(), allow_nan=False)))
    inputs = tuple(program.inputs)
    points = np.array(data.draw(st.lists(st.tuples(*[numbers] * len(inputs)), min_size=1, max_size=9)))
    here, there = (Evaluation(each, inputs, tuple(program.outputs)) for each in (program, returned))
    together = np.array([np.broadcast_to(result, len(points)) for result in here.on_batch(*points.T.copy())])
    for row, point in enumerate(points.tolist()):
        assert_same_bits(alone(here, point), together[:, row])
        assert_same_bits(alone(there, point), together[:, row])


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_holds_names_of_the_table_and_numbers_only(name):
    program = PROGRAMS[name]
    for place, (operation, operands) in enumerate(program.values):
        if operation == INPUT:
            assert set(map(type, operands)) == {str}
        elif operation == CONSTANT:
            assert set(map(type, operands)) == {float}
        else:
            assert len(operands) == OPERATIONS[operation].operands
            assert all(type(operand) is int and 0 <= operand < place for operand in operands)


@pytest.mark.parametrize("name", SURFACES)
def test_the_program_of_a_surface_asks_for_theta_only(name):
    program = SURFACES[name].program
    assert program is None or {*program.inputs} <= {"theta1", "theta2"}


def value_of(formula: sympy.Expr, numbers: dict[sympy.Symbol, float]) -> float:
    """The formula at numbers for its variables."""
    variables = sorted(formula.free_symbols, key=str)
    run = Evaluation(program_of(variables, [formula], ["f"]), [variable.name for variable in variables], ["f"])
    return run.at_point(*(numbers[variable] for variable in variables))[0]


NUMBERS = {theta1: 0.3, theta2: 0.7}
RELATIONS = [sympy.Gt, sympy.Ge, sympy.Lt, sympy.Le, sympy.Eq, sympy.Ne]
CURVES = [function for function in FUNCTIONS if function not in (*RELATIONS, sympy.Not)]


@pytest.mark.parametrize("function", CURVES, ids=lambda function: function.__name__)
def test_every_function_of_sympy_is_the_operation_that_it_is_said_to_be(function):
    arguments = (theta1, theta2)[: OPERATIONS[FUNCTIONS[function]].operands]
    formula = function(*arguments) if function is not sympy.acosh else function(1 + theta1)
    assert value_of(formula, NUMBERS) == pytest.approx(float(formula.subs(NUMBERS)), rel=1e-14)


@pytest.mark.parametrize("name", ["cot", "sec", "csc", "acot", "coth", "sech", "csch", "asech", "acsch"])
def test_functions_that_are_made_of_others(name):
    formula = getattr(sympy, name)(theta1)
    assert value_of(formula, NUMBERS) == pytest.approx(float(formula.subs(NUMBERS)), rel=1e-13)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.__name__)
@pytest.mark.parametrize("second", [0.2, 0.3, 0.7])
def test_every_comparison_decides(relation, second):
    formula = sympy.Piecewise((1, relation(theta1, theta2)), (0, True))
    assert value_of(formula, {theta1: 0.3, theta2: second}) == float(
        bool(relation(sympy.Float(0.3), sympy.Float(second)))
    )


@pytest.mark.parametrize(("first", "second"), [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)])
def test_conditions_are_joined(first, second):
    above, right = theta1 > 0, theta2 > 0
    formula = sympy.Piecewise((3, above & right), (2, above | right), (1, sympy.Not(sympy.Eq(theta1, 0))))
    expected = 1 + (first > 0 or second > 0) + (first > 0 and second > 0)
    assert value_of(formula, {theta1: first, theta2: second}) == expected


UNDONE = sympy.Derivative(theta1**2, theta1)


@pytest.mark.parametrize("formula", [sympy.gamma(theta1), sympy.Function("f")(theta1), UNDONE], ids=str)
def test_what_no_operation_stands_for_is_refused(formula):
    with pytest.raises(TypeError, match="No operation stands for"):
        program_of([theta1], [formula + theta1], ["f"])


def operations_of(formula: sympy.Expr) -> list[str]:
    program = program_of((theta1, theta2), [formula], ["f"])
    return [value.operation for value in program.values if value.operation in OPERATIONS]


def test_a_small_power_is_a_product_and_a_root_is_a_root():
    assert operations_of(theta1**6) == ["square", "multiply", "square"]
    assert operations_of(1 / sympy.sqrt(theta1)) == ["sqrt", "divide"]
    assert operations_of(theta1**17) == ["power"]


def test_a_difference_is_one_operation():
    assert operations_of(theta1 - theta2) == ["subtract"]
    assert operations_of(-theta1 + theta2) == ["subtract"]
    assert operations_of(theta1**2 - 3 * theta2) == ["square", "multiply", "subtract"]


def test_what_is_there_twice_is_computed_once():
    first, second = sympy.sin(theta1 * theta2), sympy.sin(theta1 * theta2) ** 2
    program = program_of((theta1, theta2), [first, second], ["first", "second"])
    assert [value.operation for value in program.values].count("sin") == 1


# Rules

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)


def rule_of(*lines: tuple[str, str], **attributes) -> type:
    equations = tuple(Equation(*line) for line in lines)
    return dataclass(frozen=True, eq=False)(type("Made", (Optimizer,), {"equations": equations, **attributes}))


STEP = ("theta", "theta - scheduled_learning_rate * gradient")


@every_rule
def test_a_rule_is_data(name):
    program = lowered(OPTIMIZERS[name]).program
    assert repr(Program.from_data(program.data())) == repr(program)


@every_rule
def test_the_outputs_are_the_next_point_what_is_remembered_and_shown_and_every_line(name):
    rule = lowered(OPTIMIZERS[name])
    outputs = set(rule.program.outputs)
    lines = {f"{line_name(i)}{end}" for i, shape in enumerate(rule.lines) for end in component_names("", shape)}
    assert outputs >= {"theta1", "theta2", *components(rule.memory), *components(rule.shown)} | lines
    assert len(rule.lines) == len(OPTIMIZERS[name].equations)
    assert rule.results == [*rule.carried, *components(rule.shown)]
    assert set(rule.carried) == {"theta1", "theta2", *components(rule.memory)}
    assert set(rule.memory) == set(OPTIMIZERS[name].memory)
    assert set(rule.shown) == set(OPTIMIZERS[name].shown)


@every_rule
def test_no_rule_needs_what_it_does_not_ask_for(name):
    rule = lowered(OPTIMIZERS[name])
    of_loss = {
        component[:-2] if component.startswith("hessian") else component.rstrip("12")
        for component in rule.program.inputs
    } & set(ASKED)
    assert of_loss <= rule.asked
    assert (rule.search is not None) == (rule.searched != "")


def test_a_rule_of_one_line():
    rule = lowered(rule_of(STEP))
    assert rule.asked == {"gradient"}
    assert rule.memory == rule.shown == {}
    values = {"theta1": 1.0, "theta2": 2.0, "gradient1": 3.0, "gradient2": -1.0, "scheduled_learning_rate": 0.5}
    assert rule.evaluated(["theta1", "theta2"], values) == {"theta1": -0.5, "theta2": 2.5}
    values["gradient1"] = np.array([3.0, 5.0])
    np.testing.assert_array_equal(rule.evaluated(["theta1"], values)["theta1"], [-0.5, -1.5])


def test_a_line_may_use_the_lines_before_it_and_what_was_remembered():
    made = rule_of(
        ("velocity", "velocity / 2 + gradient"), ("theta", "theta - velocity"), memory={"velocity": vector(0.0)}
    )
    values = {"theta1": 1.0, "velocity1": 4.0, "gradient1": 3.0}
    assert lowered(made).evaluated(["theta1", "velocity1"], values) == {"theta1": -4.0, "velocity1": 5.0}


@pytest.mark.parametrize("expression", ["theta - velocity", "theta - step_length * direction", "newton_step"])
def test_a_quantity_that_nobody_gives_is_refused_with_the_rule_and_the_line(expression):
    with pytest.raises(ValueError, match=r"Made: line 2 uses '\w+', which nothing computes"):
        lowered(rule_of(("direction", "gradient"), ("theta", expression)))


def test_numbers_are_broadcast_to_what_is_remembered():
    made = rule_of(STEP, ("second_moment", "2 * learning_rate"), memory={"second_moment": vector(0.0)})
    values = {"learning_rate": 0.5}
    names = ["second_moment1", "second_moment2"]
    assert lowered(made).evaluated(names, values) == dict.fromkeys(names, 1.0)


def test_a_vector_is_no_number():
    made = rule_of(STEP, ("root_mean_square", "gradient"), memory={"root_mean_square": number(0.0)})
    with pytest.raises(ValueError, match=r"Made: root_mean_square has shape \(2,\), which does not fit \(\)"):
        lowered(made)


def test_what_is_shown_is_computed():
    with pytest.raises(ValueError, match="Made shows 'effective_step', which nothing computes"):
        lowered(rule_of(STEP, shown=("effective_step",)))


def test_a_matrix_may_be_remembered():
    made = rule_of(STEP, ("inverse_hessian", "inverse_hessian * 2"), memory={"inverse_hessian": IDENTITY})
    assert lowered(made).memory == {"inverse_hessian": (2, 2)}
    state = made().init(np.ones((2, 3)))
    assert state["inverse_hessian"].shape == (2, 2, 3)


@pytest.mark.parametrize(
    ("name", "quantity", "expected"),
    [
        ("Adam", "beta1_power", {"beta1_power", "beta1"}),
        ("Adam", "second_moment", None),
        ("LineSearch", "step_length", None),
        ("Newton", NOTE, None),
    ],
)
def test_what_all_points_share(name, quantity, expected):
    rule = lowered(OPTIMIZERS[name])
    if quantity in rule.shapes:
        assert rule.shared_by_all(quantity) == expected
    else:
        pytest.fail(f"{name} has no {quantity}")


def test_a_rule_is_lowered_once():
    assert lowered(OPTIMIZERS["Adam"]) is lowered(OPTIMIZERS["Adam"])
