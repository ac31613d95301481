"""The table of operations: plain floats have the digits of arrays, wherever the operands stand and the result goes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.floats import REFUSALS, function_of_floats
from programs.operations import HIGHEST_ORDER, OPERATIONS, spherical
from programs.program import Builder
from tests.arithmetic import operands_of, same_bits
from tests.node import FOLDER, answers_of
from tests.samples import assert_same_bits

every_operation = pytest.mark.parametrize("name", OPERATIONS)
# What divides, or takes roots or powers of two, may refuse; all else never does.
MAY_REFUSE = {"divide", "sqrt", "scaled"}


def columns_of(name: str) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*operands_of(name), strict=True)]


def on_arrays(name: str, *operands) -> np.ndarray:
    with np.errstate(all="ignore"):
        return OPERATIONS[name].on_arrays(*operands)


def on_floats(name: str):
    builder = Builder()
    inputs = [f"x{place}" for place in range(OPERATIONS[name].operands)]
    operands = [builder.constant(3.0) if OPERATIONS[name].has_order and i == "x0" else builder.input(i) for i in inputs]
    if OPERATIONS[name].truths:
        zero = builder.constant(0.0)
        for place in range(OPERATIONS[name].truths):
            operands[place] = builder.operation("not_equal", operands[place], zero)
    program = builder.program({"result": builder.operation(name, *operands)})
    return function_of_floats(program, inputs, ["result"])


@every_operation
def test_floats_have_the_digits_of_arrays_or_refuse(name):
    expected, refused = on_arrays(name, *columns_of(name)), []
    function = on_floats(name)
    for operands, wanted in zip(operands_of(name), expected, strict=True):
        try:
            with np.errstate(all="ignore"):
                (result,) = function(*map(float, operands))
        except REFUSALS:
            refused.append(operands)
        else:
            assert same_bits(result, wanted), f"{name}{operands}: {result}, but arrays have {wanted}"
    assert not refused or name in MAY_REFUSE
    assert len(refused) < len(expected) / 2


@every_operation
def test_a_single_number_called_as_an_array_has_the_same_digits(name):
    for operands, wanted in zip(operands_of(name), on_arrays(name, *columns_of(name)), strict=True):
        with np.errstate(all="ignore"):
            assert same_bits(OPERATIONS[name].function_of_floats(*operands), wanted), operands


@every_operation
def test_the_digits_of_a_row_do_not_depend_on_its_neighbours_or_on_the_memory(name):
    columns = columns_of(name)
    whole = on_arrays(name, *columns)
    turned = on_arrays(name, *(column[::-1].copy() for column in columns))[::-1]
    spread = [np.repeat(column, 3)[1::3] for column in columns]
    pairs = on_arrays(name, *(np.stack([column, column]) for column in columns))
    assert_same_bits(turned, whole)
    assert_same_bits(on_arrays(name, *spread), whole)
    assert_same_bits(pairs, np.stack([whole, whole]))
    for row in range(0, len(whole), 7):
        alone = on_arrays(name, *(column[row : row + 1] for column in columns))
        assert_same_bits(alone, whole[row : row + 1])


@pytest.mark.parametrize("name", [name for name, known in OPERATIONS.items() if known.operands == 2])
def test_one_number_for_all_rows_gives_the_digits_of_a_column_of_it(name):
    columns = columns_of(name)
    for place in range(2):
        for number in np.unique(columns[place])[:-1]:
            full = [*columns]
            full[place] = np.full(len(columns[0]), number)
            single = [*full]
            single[place] = np.array(number)
            if OPERATIONS[name].has_order and place:
                continue
            assert_same_bits(on_arrays(name, *single), on_arrays(name, *full))


@pytest.mark.parametrize("name", [name for name, known in OPERATIONS.items() if known.writes_in_place])
def test_a_result_may_be_written_into_any_array_also_over_an_operand(name):
    columns = columns_of(name)
    expected = on_arrays(name, *columns)
    targets = [None, *(place for place in range(len(columns)) if columns[place].dtype == expected.dtype)]
    for place in targets:
        operands = [column.copy() for column in columns]
        out = np.empty_like(expected) if place is None else operands[place]
        with np.errstate(all="ignore"):
            result = OPERATIONS[name].on_arrays(*operands, out=out)
        assert result is out
        assert_same_bits(out, expected)


def test_a_power_has_the_same_digits_whether_one_exponent_serves_all_rows_or_each_has_its_own():
    bases = np.array([-0.0, 0.1, 0.3, 710.0, np.inf, -np.inf])
    for exponent in (-1.0, 0.5, 1.0, 2.0):
        own = on_arrays("power", bases, np.full(6, exponent))
        assert_same_bits(on_arrays("power", bases, np.array(exponent)), own)
        assert_same_bits(on_arrays("power", bases, exponent), own)


@pytest.mark.parametrize("order", [0, 1, 2, 7])
def test_spherical_bessel_functions(order):
    mpmath = pytest.importorskip("mpmath")
    points = np.array([1e-8, 0.3, 1.9, order + 1.99, order + 2.01, 20.0, -3.0])
    exact = [
        float(mpmath.sqrt(mpmath.pi / (2 * mpmath.mpf(abs(u)))) * mpmath.besselj(order + 0.5, abs(u))) for u in points
    ]
    np.testing.assert_allclose(spherical(order, np.abs(points)), exact, rtol=1e-11, atol=1e-16)
    assert_same_bits(spherical(order, -points), (-1.0) ** order * spherical(order, points))


@given(st.floats(-700, 700))
def test_functions_of_our_own_agree_with_the_textbook(x):
    with np.errstate(all="ignore"):
        softplus, sigmoid, logcosh = (OPERATIONS[name].on_arrays(x) for name in ("softplus", "sigmoid", "logcosh"))
    assert softplus == pytest.approx(np.logaddexp(0.0, x), rel=1e-14)
    assert sigmoid == pytest.approx(1 / (1 + math.exp(-x)), rel=1e-14)
    assert logcosh == pytest.approx(np.logaddexp(x, -x) - math.log(2), rel=1e-12, abs=1e-15)


def test_a_quotient_by_zero_is_what_is_said():
    numerators, divisors = np.array([1.0, 0.0, np.nan, 4.0]), np.array([0.0, -0.0, 0.0, 2.0])
    assert_same_bits(on_arrays("quotient", numerators, divisors, 7.0), np.array([7.0, 7.0, 7.0, 2.0]))


@pytest.mark.parametrize("divisor", [0.0, 1.0])
def test_the_shape_of_a_quotient_does_not_depend_on_its_numbers(divisor):
    result = on_arrays("quotient", np.ones((1, 2)), np.full((1, 2), divisor), np.ones((3, 1)))
    assert_same_bits(result, np.ones((3, 2)))


def test_orders_of_the_formulas_are_among_those_of_the_table():
    assert HIGHEST_ORDER >= 20


# JavaScript

# All others may be off by a few units of the last digit, a spherical Bessel function by those of its terms.
EXACT_IN_JAVASCRIPT = {
    name for name, operation in OPERATIONS.items() if operation.on_floats or name in ("floor", "ceil", "rint")
}
DIGITS = 4 * np.finfo(float).eps


def test_javascript_has_the_same_table():
    (table,) = answers_of(FOLDER / "table.js", [{}])
    assert table == {
        name: [known.operands, known.is_truth, known.truths, known.has_order] for name, known in OPERATIONS.items()
    }


def test_javascript_has_the_numbers_of_arrays():
    random = np.random.default_rng(5)
    questions, expected = [], []
    for name, operation in OPERATIONS.items():
        rows = operands_of(name) + operands_like(name, random)
        builder = Builder()
        inputs = [f"x{place}" for place in range(operation.operands)]
        operands = list(map(builder.input, inputs))
        if operation.has_order:
            operands[0] = builder.constant(3.0)
        for place in range(operation.truths):
            operands[place] = builder.operation("not_equal", operands[place], builder.constant(0.0))
        program = builder.program({"result": builder.operation(name, *operands)})
        questions.append(
            {
                "program": program.data(),
                "inputs": inputs,
                "outputs": ["result"],
                "rows": [[text_of(float(number)) for number in row] for row in rows],
            }
        )
        expected.append(on_arrays(name, *(np.array(column) for column in zip(*rows, strict=True))).astype(float))
    for name, answer, wanted in zip(OPERATIONS, answers_of(FOLDER / "values.js", questions), expected, strict=True):
        results = np.array([float(number) for (number,) in answer])
        if name in EXACT_IN_JAVASCRIPT:
            assert_same_bits(results, wanted)
        else:
            size = np.maximum(np.abs(wanted), 1e-3 if name == "spherical" else 2.0**-1022)
            with np.errstate(all="ignore"):
                close = np.abs(results - wanted) <= DIGITS * size
            close |= (results == wanted) | (np.isnan(results) & np.isnan(wanted))
            assert close.all(), (name, results[~close], wanted[~close])


def operands_like(name: str, random: np.random.Generator) -> list[tuple]:
    """Rows of ordinary operands of all sizes."""
    known, count = OPERATIONS[name], 400
    columns = [random.normal(size=count) * 10.0 ** random.uniform(-12, 3, count) for _ in range(known.operands)]
    for place in range(known.truths):
        columns[place] = columns[place] > 0
    if known.has_order:
        columns[0] = np.full(count, 3.0)
    if name == "scaled":
        columns[1] = random.integers(-1100, 1100, count).astype(float)
    return list(zip(*columns, strict=True))


def text_of(number: float) -> float | str:
    """A number for JSON, where some are texts."""
    is_plain = np.isfinite(number) and (number or not np.signbit(number))
    return number if is_plain else str(number)
