"""Values that are the two rows of one array, found by what they are made of."""

import numpy as np
import pytest

from programs.pairs import Pairs
from programs.program import Builder
from programs.tracing import quantity


@pytest.fixture
def builder():
    return Builder()


def joined(builder, *kept, numbers=()) -> Pairs:
    program = builder.program({})
    pairs = Pairs(program)
    for vector in kept:
        pairs.keep(*vector.indices)
    order = [index for index in range(len(program.values)) if program.operands(index)]
    pairs.join(order, lambda index: index in {int(number.indices) for number in numbers})
    return pairs


def test_the_same_operation_on_both_rows_is_one(builder):
    theta, rate = quantity(builder, "theta", (2,)), quantity(builder, "rate")
    result = np.sqrt(theta * rate)
    pairs = joined(builder, theta, numbers=[rate])
    assert pairs.together(*result.indices)
    assert tuple(result.indices) in pairs.joint
    assert not pairs.together(*result.indices[::-1])
    assert [pairs.row(index) for index in result.indices] == [0, 1]
    assert pairs.array(int(rate.indices)) == int(rate.indices)
    assert pairs.row(int(rate.indices)) is None


def test_what_shares_an_array_of_numbers_is_kept_together_and_computed_apart(builder):
    theta, rates = quantity(builder, "theta", (2,)), quantity(builder, "rate")
    result = theta * rates
    pairs = joined(builder, theta)
    assert pairs.together(*result.indices)
    assert not pairs.joint


def test_rows_of_different_operations_or_of_other_arrays_are_no_pair(builder):
    theta, velocity = quantity(builder, "theta", (2,)), quantity(builder, "velocity", (2,))
    different = [np.exp(theta[0]), np.sqrt(theta[1])]
    crossed = [theta[0] * velocity[1], theta[1] * velocity[0]]
    pairs = joined(builder, theta, velocity)
    for first, second in (different, crossed):
        assert not pairs.together(int(first.indices), int(second.indices))


def test_a_row_that_needs_the_other_is_not_computed_with_it(builder):
    theta = quantity(builder, "theta", (2,))
    first = np.exp(theta[0])
    between = quantity(builder, "between", (2,))
    second = np.sqrt(first)
    rows = np.stack([np.square(first), np.square(second)])
    pairs = joined(builder, theta, between, np.stack([first, second]))
    assert pairs.together(*rows.indices)
    assert tuple(rows.indices) in pairs.joint
    late = np.stack([np.sin(first), np.sin(np.sin(first) + second)])
    pairs = joined(builder, np.stack([first, late[1] - 1.0]), theta)
    assert not pairs.joint & {tuple(late.indices)}


def test_one_value_is_no_pair_and_stays_in_its_first_array(builder):
    theta = quantity(builder, "theta", (2,))
    pairs = joined(builder, theta)
    pairs.keep(*theta.indices[::-1])
    assert pairs.together(*theta.indices)
    other = int(quantity(builder, "other").indices)
    pairs.keep(other, other)
    assert pairs.row(other) is None
