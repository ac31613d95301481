"""Derivatives by the chain rule: those of sympy, in programs that are no longer than sympy's, and made in no time."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, asinh, atan, cos, exp, pi, sin, sinh, sqrt, tanh

from programs.evaluation import Evaluation
from programs.operations import OPERATIONS
from programs.program import Program
from surfaces import SURFACES, parse, theta1, theta2
from surfaces.chain_rule import differentiated, is_smooth
from surfaces.compiled import Compiled
from surfaces.corners import absolute, maximum
from surfaces.formula import Formula
from surfaces.functions import erf, erfc, log, logcosh, power, root, sigmoid, softplus
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES
from tests.samples import random_points
from tests.test_compiled import POINT, assume_well_conditioned, exactly

NAMES = (*VALUE_AND_SLOPES, *CURVATURES)
SMOOTH = {name: surface.formula for name, surface in SURFACES.items() if is_smooth(surface.formula)}


def by_sympy(formula: sympy.Expr) -> list[sympy.Expr]:
    first, second = (sympy.diff(formula, variable) for variable in (theta1, theta2))
    return [formula, first, second, sympy.diff(first, theta1), sympy.diff(first, theta2), sympy.diff(second, theta2)]


def at(formula: sympy.Expr, *point: float) -> list[float]:
    """Value, slopes and curvatures at a point."""
    return Evaluation(differentiated(formula, True), ("theta1", "theta2"), NAMES).at_point(*map(float, point))


def length(program: Program) -> int:
    needed = program.needed_for(program.outputs.values())
    return sum(program.values[index].operation in OPERATIONS for index in needed)


def test_the_catalogue_is_smooth_but_for_what_is_no_formula():
    assert {"rosenbrock", "himmelblau", "ackley", "hills", "branin", "easom"} <= SMOOTH.keys()


@pytest.mark.parametrize("name", SMOOTH)
def test_the_catalogue_has_the_derivatives_of_sympy(name):
    points = random_points(SURFACES[name].domain, 50)
    expected = Compiled((theta1, theta2), by_sympy(SMOOTH[name])).on_batch(*points)
    results = Evaluation(differentiated(SMOOTH[name], True), ("theta1", "theta2"), NAMES).on_batch(*points)
    for result, number in zip(results, expected, strict=True):
        np.testing.assert_allclose(result, number, rtol=1e-12, atol=1e-13 * np.max(np.abs(number)))


@pytest.mark.slow
def test_the_programs_of_the_catalogue_are_shorter_than_those_of_sympy():
    ours = {name: length(differentiated(formula, True)) for name, formula in SMOOTH.items()}
    theirs = {name: length(Compiled((theta1, theta2), by_sympy(formula)).program) for name, formula in SMOOTH.items()}
    assert sum(ours.values()) < sum(theirs.values())
    assert all(ours[name] <= 1.2 * theirs[name] for name in SMOOTH)


FUNCTIONS = [exp, sin, cos, tanh, atan, asinh, sinh, softplus, sigmoid, logcosh, erf, erfc]
numbers = st.sampled_from([Integer(-3), Integer(2), Rational(1, 3), Rational(-7, 10), sympy.Float(0.37), pi])


def larger(expressions: st.SearchStrategy) -> st.SearchStrategy:
    exponents = st.sampled_from([Rational(1, 2), Rational(-3, 2), Rational(1, 3), Integer(-2), Integer(-1)])
    return st.one_of(
        st.builds(sympy.Add, expressions, expressions),
        st.builds(sympy.Mul, expressions, expressions),
        st.builds(lambda function, argument: function(argument), st.sampled_from(FUNCTIONS), expressions),
        st.builds(lambda base, exponent: base**exponent, expressions, st.sampled_from([2, 3, 5, 17])),
        st.builds(lambda a, b, exponent: (a + b**2 + 1) ** exponent, expressions, expressions, exponents),
    )


trees = st.recursive(st.one_of(st.just(theta1), st.just(theta2), numbers), larger, max_leaves=7).filter(is_smooth)


@pytest.mark.slow
@settings(max_examples=200)
@given(trees)
def test_random_formulas_have_the_derivatives_of_sympy(formula):
    derivatives = by_sympy(formula)
    assume_well_conditioned(formula)
    expected = [float(exactly(derivative, POINT)) for derivative in derivatives]
    assert at(formula, *POINT) == pytest.approx(expected, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize(
    "formula",
    [
        *(absolute(theta1), maximum(theta1, theta2), theta1**theta2, log(theta1), root(theta1), power(theta1, theta2)),
        *(sympy.tan(theta1), sqrt(theta1 * theta2), exp(-exp(-theta1)), 1 / sin(theta1), sin(absolute(theta1)) + 1),
        sympy.Piecewise((theta1, theta1 > 0), (0, True)),
    ],
    ids=str,
)
def test_what_has_corners_or_edges_is_left_to_sympy(formula):
    assert not is_smooth(formula)


def test_what_a_factor_and_its_slope_have_in_common_is_cancelled():
    _, slope, *_ = at((theta1 + 1) ** 2 * atan(1 / (theta1 + 1)), -1, 0)
    assert slope == 0


def test_roots_of_sums():
    size = theta1**2 + theta2**2
    assert at(size ** Rational(3, 2), 3, 4) == pytest.approx([125, 45, 60, 15 + 27 / 5, 36 / 5, 15 + 48 / 5], rel=1e-14)
    assert np.isnan(at(sqrt(size), 0, 0)[1])


@pytest.mark.parametrize("formula", [Integer(3), theta2, 2 * theta1, theta1 - theta2])
def test_derivatives_that_are_constant(formula):
    assert at(formula, *POINT) == [float(part.subs({theta1: POINT[0], theta2: POINT[1]})) for part in by_sympy(formula)]


def test_a_number_before_a_slope_is_rounded_once():
    assert at(Rational(1, 10) * theta1**3, 1, 0)[1] == 0.3


def test_a_number_too_large_for_floats_is_infinite():
    assert at(Integer(10) ** 200 * (Integer(10) ** 200 * theta1 + 1) ** 2, 1, 0)[1] == np.inf
    assert at(-(Integer(10) ** 200) * (Integer(10) ** 200 * theta1 + 1) ** 2, 1, 0)[1] == -np.inf


@pytest.mark.parametrize("name", SMOOTH)
def test_slopes_are_the_same_with_and_without_curvatures(name):
    without, together = (differentiated(SMOOTH[name], with_curvatures) for with_curvatures in (False, True))
    assert without.values == together.values[: len(without.values)]
    assert without.outputs.items() <= together.outputs.items()


def test_a_typed_formula_goes_the_same_way():
    surface = parse("(1 - x)^2 + 100 (y - x^2)^2")
    assert surface.program == differentiated(surface.formula, False)


def test_the_slopes_that_are_shown_are_not_made_to_compile():
    formula = Formula(SMOOTH["himmelblau"])
    formula.hessian.at_point(*POINT)
    assert not {"slopes", "curvatures"} & vars(formula).keys()
