"""The data sets, what scaling and splitting do to them, and the sentences for rows that cannot be used."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surfaces.datasets import (
    BEND,
    HAT,
    LECTURE,
    PLANE,
    TWO_CLASSES,
    DataError,
    DataSet,
    noisy_plane,
    split,
    standardised,
)

few = settings(max_examples=50, deadline=None, derandomize=True)


def test_the_lecture_has_its_ten_points():
    np.testing.assert_array_equal(LECTURE.inputs[0], [338, 333, 328, 207, 226, 25, 179, 60, 208, 606])
    np.testing.assert_array_equal(LECTURE.target, [640, 633, 619, 393, 428, 27, 193, 66, 226, 1591])


@pytest.mark.parametrize("data", [LECTURE, PLANE, TWO_CLASSES, HAT, BEND], ids=lambda data: data.title)
def test_data_sets_say_where_they_come_from_and_do_not_change(data):
    assert data.source
    assert data.inputs.shape[1] == data.count == len(data.target)
    with pytest.raises(ValueError, match="read-only"):
        data.target[0] = 1


def test_the_noisy_plane_is_replayed_and_its_noise_only_grows():
    quiet, loud = noisy_plane(50, 0.0, 3), noisy_plane(50, 2.0, 3)
    np.testing.assert_array_equal(quiet.inputs, loud.inputs)
    np.testing.assert_allclose(quiet.target, 1.5 * quiet.inputs[0] - 0.8 * quiet.inputs[1], rtol=1e-14)
    np.testing.assert_array_equal(loud.target, noisy_plane(50, 2.0, 3).target)
    np.testing.assert_allclose(loud.target - quiet.target, 2 * (noisy_plane(50, 1.0, 3).target - quiet.target))
    assert np.std(noisy_plane(5000, 2.0).target - noisy_plane(5000, 0.0).target) == pytest.approx(2, rel=0.05)


# Scaling


@few
@given(st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=2, max_size=40))
def test_standardised_inputs_have_mean_0_and_variance_1(rows):
    inputs = np.array(rows).T
    data = DataSet("Drawn", inputs, np.ones(len(rows)))
    spread = np.ptp(inputs, axis=1)
    if (spread < 1e-6 * (1 + np.abs(inputs).max())).any():
        return
    scaled, mean, deviation = standardised(data)
    np.testing.assert_allclose(scaled.inputs.mean(axis=1), 0, atol=1e-8)
    np.testing.assert_allclose(scaled.inputs.var(axis=1), 1, rtol=1e-8)
    np.testing.assert_allclose(scaled.inputs * deviation[:, None] + mean[:, None], inputs, atol=1e-9)
    np.testing.assert_array_equal(scaled.target, data.target)


@pytest.mark.parametrize("constant", [3.0, 0.0, 0.1])
def test_a_constant_column_is_a_sentence(constant):
    data = DataSet("Constant", [(1, 2, 3), (constant,) * 3], (1, 2, 3))
    with pytest.raises(DataError, match=rf"^Input 2 is {constant:g} in every example\. Its standard deviation is 0"):
        standardised(data)


@pytest.mark.parametrize("inputs", [(1, 1 + 2.3e-16), (1e200, -1e200, 3), (1e-200, 2e-200), (1e15, 1e15 + 1)])
@pytest.mark.filterwarnings("error")
def test_a_column_whose_deviation_would_be_rounding_is_a_sentence(inputs):
    data = DataSet("Odd", [inputs], np.ones(len(inputs)))
    with pytest.raises(DataError, match=r"^Input 1 holds numbers too large or too close together to be scaled\.$"):
        standardised(data)


# Splitting


@few
@given(st.integers(2, 40), st.floats(0, 1), st.integers(0, 5))
def test_a_split_loses_nothing_and_both_sides_have_examples(count, share, seed):
    data = DataSet("Numbers", [np.arange(count)], np.arange(count))
    kept, out = split(data, share, seed)
    assert kept.count >= 1
    assert out.count >= 1
    assert sorted([*kept.target, *out.target]) == list(range(count))
    np.testing.assert_array_equal(kept.inputs[0], kept.target)


def test_one_example_cannot_be_split():
    with pytest.raises(DataError, match=r"^One example cannot be divided"):
        split(DataSet("One", [(1,)], (1,)), 0.5)


# Examples


@pytest.mark.parametrize(
    ("inputs", "target"), [([()], ()), ([(1, 2)], (1,)), ([(1, np.inf)], (1, 2)), ([(1, 2)], (1, np.nan))]
)
def test_a_data_set_needs_finite_examples(inputs, target):
    with pytest.raises(DataError):
        DataSet("Odd", inputs, target)
