"""Compiled formulas: right to rounding, the same on one point as on a batch, and never an exception."""

import warnings

import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy import Abs, Integer, Rational, cos, exp, log, pi, sin, sqrt, tan

from surfaces import theta1, theta2
from surfaces.compiled import Compiled, unknown_functions
from tests.samples import assert_same_bits, awkward_points, random_points

BOX = ((0.25, 2), (0.25, 2))
EXPONENTS = [-31, -20, -17, -16, -7, -3, -2, -1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 20, 31]
FRACTIONS = [Rational(1, 2), Rational(-1, 2), Rational(1, 3), Rational(-3, 2), Rational(5, 2), Rational(7, 4)]
POINT = (0.8125, 1.375)


def alone(expression: sympy.Expr, *numbers: float) -> float:
    (value,) = Compiled((theta1, theta2), [expression]).at_point(*map(float, numbers))
    return float(value)


def in_batch(expression: sympy.Expr, points: np.ndarray) -> np.ndarray:
    (values,) = Compiled((theta1, theta2), [expression]).on_batch(*points)
    return np.array(np.broadcast_to(values, points.shape[1:]))


def one_by_one(expression: sympy.Expr, points: np.ndarray) -> np.ndarray:
    compiled = Compiled((theta1, theta2), [expression])
    return np.array([float(compiled.at_point(*point)[0]) for point in points.T.tolist()])


def exactly(expression: sympy.Expr, point: tuple[float, float]) -> sympy.Expr:
    return sympy.sympify(expression).evalf(
        30, subs={theta1: sympy.Float(point[0], 40), theta2: sympy.Float(point[1], 40)}
    )


def powers(expressions: st.SearchStrategy) -> st.SearchStrategy:
    return st.builds(sympy.Pow, expressions, st.sampled_from([*map(Integer, EXPONENTS), *FRACTIONS]))


def larger(expressions: st.SearchStrategy) -> st.SearchStrategy:
    functions = st.sampled_from([sin, cos, exp, log, sqrt, tan, Abs])
    return st.one_of(
        st.builds(sympy.Add, expressions, expressions),
        st.builds(sympy.Mul, expressions, expressions),
        st.builds(lambda a, b: a / (1 + b**2), expressions, expressions),
        st.builds(lambda function, argument: function(argument), functions, expressions),
        powers(expressions),
    )


numbers = st.sampled_from([Integer(-3), Integer(2), Rational(1, 3), Rational(-7, 10), sympy.Float(0.37), pi])
trees = st.recursive(st.one_of(st.just(theta1), st.just(theta2), numbers), larger, max_leaves=7)


def assume_well_conditioned(expression: sympy.Expr) -> None:
    """Rejects trees with a pole, a complex or a huge number on the way, where rounding alone changes the result."""
    for part in set(sympy.preorder_traversal(expression)):
        value = exactly(part, POINT)
        assume(value.is_Float or value.is_Rational or value.is_NumberSymbol)
        assume(abs(value) < 1000)
    for power in expression.atoms(sympy.Pow, log):
        assume(abs(exactly(power.args[0], POINT)) > 0.01)


@settings(max_examples=300)
@given(trees)
def test_random_formulas_agree_with_sympy(expression):
    assume_well_conditioned(expression)
    expected = float(exactly(expression, POINT))
    assert alone(expression, *POINT) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(trees)
def test_random_formulas_give_the_same_bits_alone_and_in_a_batch(expression):
    assume(expression.is_real is not False and not expression.has(sympy.I, sympy.zoo, sympy.nan, sympy.oo))
    assume(all(1e-300 < abs(number) < 1e300 for number in expression.atoms(sympy.Number) - {0}))
    points = np.hstack([random_points(BOX, 9), -random_points(BOX, 9), awkward_points()[:, ::7]])
    assert_same_bits(in_batch(expression, points), one_by_one(expression, points))


@pytest.mark.parametrize("exponent", [*EXPONENTS, 100, -100, 1001, *FRACTIONS, sympy.sqrt(2), sympy.Float(2.0)])
def test_every_power_is_right_to_rounding(exponent):
    for base in (1.2890625, 0.765625):
        expected = float(exactly(theta1**exponent, (base, 1)))
        assert alone(theta1**exponent, base, 1) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("exponent", [*EXPONENTS, 101, -101])
def test_an_integer_power_of_a_negative_number_has_the_right_sign(exponent):
    assert alone(theta1**exponent, -1.25, 1) == pytest.approx((-1.25) ** exponent, rel=1e-13)


@pytest.mark.parametrize("exponent", FRACTIONS)
def test_a_fractional_power_of_a_negative_number_is_nan(exponent):
    assert np.isnan(alone(theta1**exponent, -1.25, 1))


def test_one_value_comes_back_for_each_expression_in_order():
    expressions = [sin(theta1) + theta2, sin(theta1) * theta2, sin(theta1)]
    compiled, x, y = Compiled((theta1, theta2), expressions), np.array([1.0, 2.0]), np.array([3.0, 4.0])
    expected = np.array([np.sin(x) + y, np.sin(x) * y, np.sin(x)])
    np.testing.assert_allclose(compiled.on_batch(x, y), expected, rtol=1e-15)
    np.testing.assert_allclose(compiled.at_point(1.0, 3.0), expected[:, 0], rtol=1e-15)


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_variables_is_free(count):
    variables = sympy.symbols(f"v:{count}", real=True)
    compiled = Compiled(variables, [sum(k * variable for k, variable in enumerate(variables, start=1))])
    assert compiled.at_point(*[1.0] * count) == [count * (count + 1) / 2]
    np.testing.assert_array_equal(compiled.on_batch(*np.ones((count, 4)))[0], np.full(4, count * (count + 1) / 2))


@pytest.mark.parametrize("constant", [Integer(0), Integer(7), Rational(1, 3), pi, exp(2), sqrt(2) - log(3)])
def test_a_constant_is_a_number(constant):
    np.testing.assert_allclose(in_batch(constant, np.zeros((2, 5))), np.full(5, float(constant)), rtol=1e-15)
    np.testing.assert_allclose(in_batch(constant, np.zeros((2, 0))), np.zeros(0))
    assert alone(constant, 0, 0) == pytest.approx(float(constant), rel=1e-15)


POLES = {
    "1/theta1": (1 / theta1, [(0.0, np.inf), (-0.0, -np.inf), (np.inf, 0.0)]),
    "theta1**-2": (theta1**-2, [(0.0, np.inf), (-0.0, np.inf), (-np.inf, 0.0)]),
    "theta1**-3": (theta1**-3, [(0.0, np.inf), (-0.0, -np.inf)]),
    "theta1**-40": (theta1**-40, [(0.0, np.inf)]),
    "1/sqrt(theta1)": (1 / sqrt(theta1), [(0.0, np.inf), (-1.0, np.nan)]),
    "log(theta1)": (log(theta1), [(0.0, -np.inf), (-1.0, np.nan), (np.inf, np.inf)]),
    "sqrt(theta1)": (sqrt(theta1), [(-1.0, np.nan), (np.inf, np.inf)]),
    "exp(1/theta1)": (exp(1 / theta1), [(0.0, np.inf), (-0.0, 0.0)]),
    "exp(theta1)": (exp(theta1), [(1000.0, np.inf), (-1000.0, 0.0)]),
    "sin(1/theta1)": (sin(1 / theta1), [(0.0, np.nan)]),
    "sin(theta1)/theta1": (sin(theta1) / theta1, [(0.0, np.nan), (np.inf, np.nan)]),
    "theta1**2 - theta1": (theta1**2 - theta1, [(1e200, np.inf), (np.inf, np.nan), (np.nan, np.nan)]),
}


@pytest.mark.parametrize("name", POLES)
def test_a_pole_is_inf_or_nan_alone_and_in_a_batch(name):
    expression, cases = POLES[name]
    points, expected = np.array([(x, 1.0) for x, _ in cases]).T, np.array([value for _, value in cases])
    assert_same_bits(in_batch(expression, points), expected)
    assert_same_bits(one_by_one(expression, points), expected)


def test_a_pole_in_one_expression_leaves_the_others_alone():
    assert Compiled((theta1, theta2), [1 / theta1, theta2 + 2]).at_point(0.0, 3.0) == [np.inf, 5.0]


@pytest.mark.parametrize("number", [10**400, Rational(1, 10**400), -(10**400)], ids=["huge", "tiny", "negative"])
def test_a_number_beyond_floats_acts_as_infinity_or_zero(number):
    value = alone(number * theta1, 0.5, 1)
    assert value in (np.inf, 0.0, -np.inf)
    assert value * float(sympy.sign(number)) == (np.inf if abs(number) > 1 else 0.0)


@pytest.mark.parametrize("name", POLES)
def test_compiling_and_evaluating_never_warns(name):
    expression, _ = POLES[name]
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        compiled = Compiled((theta1, theta2), [expression, expression.diff(theta1)])
        compiled.on_batch(*awkward_points())
        for point in awkward_points().T.tolist():
            compiled.at_point(*point)


CONSTANTS = [exp(Integer(1000)), exp(-Integer(1000)), log(3) ** 9999, sin(Integer(10) ** 22), sqrt(2) - pi]


@pytest.mark.parametrize("constant", CONSTANTS, ids=str)
def test_constants_are_computed_without_a_warning(constant):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        value = alone(constant * theta1, 1, 1)
    assert value == pytest.approx(min(float(constant.evalf()), np.inf), rel=1e-12)


def test_the_points_are_not_changed():
    theta = random_points(BOX, 5)
    before = theta.copy()
    in_batch(theta1**4 + exp(theta1) * theta2, theta)
    np.testing.assert_array_equal(theta, before)


PIECES = sympy.Piecewise(
    (theta1**2, theta1 > 1), (1 / theta2, (theta1 < 0) & (theta2 >= 0)), (3, sympy.Eq(theta2, 1) | (theta2 < -1))
)


def test_a_formula_of_pieces_is_the_first_one_that_applies():
    points = np.array([[2.0, -1.0, -1.0, 0.5, 0.5, 0.5], [0.0, 4.0, 0.0, 1.0, -2.0, 0.5]])
    np.testing.assert_array_equal(in_batch(PIECES, points), [4, 0.25, np.inf, 3, 3, np.nan])
    points = np.hstack([points, awkward_points(), random_points(((-3, 3), (-3, 3)), 50)])
    assert_same_bits(in_batch(PIECES, points), one_by_one(PIECES, points))


def test_what_cannot_be_evaluated_has_a_name():
    known = sin(theta1) * sympy.atan2(theta1, theta2) + PIECES + log(theta2)
    assert unknown_functions(known) == []
    assert unknown_functions(known + sympy.erf(theta1) * sympy.Function("f")(theta2)) == ["erf", "f"]
