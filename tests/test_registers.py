"""Memory that begins with cache lines, and names of arrays that are taken and given back."""

import numpy as np
import pytest

from programs.registers import LINE, Registers, aligned, surely_finite


@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 3), (2, 1000), (2, 0)])
@pytest.mark.parametrize("kind", [float, bool])
def test_every_array_begins_with_a_cache_line_and_is_contiguous(shape, kind):
    alone, record = aligned(shape, dtype=kind), aligned(shape, 5, kind)
    assert alone.shape == shape
    assert record.shape == (5, *shape)
    assert record.dtype == alone.dtype == kind
    for array in (alone, *(record[update, ...] for update in range(5))):
        assert array.flags.c_contiguous
        assert array.ctypes.data % LINE == 0 or not array.size


def test_arrays_of_a_record_do_not_overlap():
    record = aligned((2, 3), 4)
    record[...] = np.arange(24.0).reshape(4, 2, 3)
    assert np.array_equal(record.ravel(), np.arange(24.0))


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 6_000), (20_000,)])
@pytest.mark.parametrize("number", [np.inf, -np.inf, np.nan])
def test_nothing_that_is_not_finite_is_overlooked(shape, number):
    array = np.ones(shape)
    assert surely_finite(array)
    assert surely_finite(array[..., ::2])
    array[..., -1] = number
    assert not surely_finite(array)
    assert not surely_finite(array[..., ::-1])
    others = np.zeros(shape)
    for pair in ((array, others), (others, array), (array[..., ::-1], others)):
        assert not surely_finite(*pair)
    assert surely_finite(others, others)


def test_what_is_given_back_is_taken_again():
    registers = Registers()
    first, second = registers.take("pair"), registers.take("pair")
    registers.give_back(first)
    registers.give_back("theirs")
    assert registers.take("number") not in (first, second)
    assert registers.take("pair") == first
    assert registers.take("pair") not in (first, second)
    assert registers.made == {"pair": 3, "number": 1}
