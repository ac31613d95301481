"""Programs of formulas: data only, and the same digits by numpy, by floats and after a journey as JSON."""

import json

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.evaluation import Evaluation
from programs.operations import OPERATIONS
from programs.program import CONSTANT, INPUT, Program
from surfaces import SURFACES, parse, theta1, theta2
from surfaces.lowering import FUNCTIONS, program_of
from surfaces.neurons import NEURONS, target
from surfaces.summed import VALUE_AND_GRADIENT, functions_of_examples
from tests.samples import assert_same_bits, awkward_points

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
