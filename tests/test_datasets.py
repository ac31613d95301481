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
    checked,
    noisy_plane,
    split,
    standardised,
    typed_rows,
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


# Typed data


@pytest.mark.parametrize(
    "text",
    [
        "1,2\n3,4",
        "1;2\n3;4\n\n",
        "1\t2\n3\t4",
        " 1 2 \n 3   4 ",
        "x,y\n1,2\n3,4",
        "\n\nx1,y\n1,2\n3,4",
        "\ufeff1,2\n3,4",
        '"x", "y"\n"1","2"\n"3", "4"',
    ],
)
def test_pasted_numbers_are_read_whatever_separates_them(text):
    data = checked(typed_rows(text), inputs=1)
    np.testing.assert_array_equal(data.inputs, [[1, 3]])
    np.testing.assert_array_equal(data.target, [2, 4])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1,2\n3", "Row 2 has 1 cell, but it needs 2."),
        ("1,2\n3,4,5", "Row 2 has 3 cells, but it needs 2."),
        ("1,2\n\n3,abc", "Row 3 cannot be used: “abc” is not a number."),
        ("1,5;2,5\n3;4", "Row 1 cannot be used: “1,5”: write a point, 1.5."),
        ("1,5\t2\n3\t4", "Row 1 cannot be used: “1,5”: write a point, 1.5."),
        ("$1,$2\n3,4", "Row 1 cannot be used: “$1” is not a number."),
        ('1,"2\n3,4', 'Row 1 cannot be used: “"2” is not a number.'),
        ("1_000,2", "Row 1 cannot be used: “1_000” is not a number."),
        ("1,2\n3,abc", "Row 2 cannot be used: “abc” is not a number."),
        ("1,2\n,4", "Row 2 cannot be used: a number is missing."),
        ("1,nan", "Row 1 cannot be used: nan is not a finite number."),
        ("1,2\n3,inf", "Row 2 cannot be used: inf is not a finite number."),
        ("1,1e308", "Row 1 cannot be used: 1e308 is beyond ±1e+06."),
        ("-2000000,1", "Row 1 cannot be used: -2000000 is beyond ±1e+06."),
        ("", "There is no row with numbers yet."),
        ("x,y", "There is no row with numbers yet."),
        ("1,2\n" + "z" * 40 + ",3", "Row 2 cannot be used: “" + "z" * 20 + "…” is not a number."),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_the_reason(text, reason):
    with pytest.raises(DataError) as caught:
        checked(typed_rows(text), inputs=1)
    assert caught.value.reasons == (reason,)


def test_all_wrong_rows_are_named():
    with pytest.raises(DataError) as caught:
        checked([[1, 2], ["a", 2], [3, 4], [5, None]], inputs=1)
    assert [reason.split()[1] for reason in caught.value.reasons] == ["2", "4"]


def test_a_stray_quote_spoils_its_own_row_only():
    with pytest.raises(DataError) as caught:
        checked(typed_rows('1,"2\n' + "1.23456,2.34567\n" * 9000), inputs=1)
    assert caught.value.reasons == ('Row 1 cannot be used: “"2” is not a number.',)


def test_targets_that_are_no_classes_are_named_with_their_rows():
    with pytest.raises(DataError) as caught:
        checked([[0, 1], [1, 3], [2, 0], [3, -0.5]], inputs=1, targets=(0, 1))
    assert caught.value.reasons == (
        "Row 2: the target must be 0 or 1 (a class), but it is 3.",
        "Row 4: the target must be 0 or 1 (a class), but it is -0.5.",
    )


def test_rows_of_a_table_with_nothing_in_them_are_left_out():
    data = checked([[1.0, 2.0, 3.0], [None, None, None], [float("nan")] * 3, [4, 5, 6]], inputs=2)
    assert data.count == 2


def test_too_many_rows_are_a_sentence():
    with pytest.raises(DataError, match="The most that can be used is 10000"):
        checked([[1, 2]] * 10_001, inputs=1)


@few
@given(st.text(max_size=60))
def test_any_text_is_data_or_reasons(text):
    reasons = ()
    try:
        data = checked(typed_rows(text), inputs=1)
    except DataError as error:
        reasons = error.reasons
    if reasons:
        assert all(reason.endswith(".") for reason in reasons)
    else:
        assert np.isfinite(data.inputs).all()


@pytest.mark.parametrize(
    ("inputs", "target"), [([()], ()), ([(1, 2)], (1,)), ([(1, np.inf)], (1, 2)), ([(1, 2)], (1, np.nan))]
)
def test_a_data_set_needs_finite_examples(inputs, target):
    with pytest.raises(DataError):
        DataSet("Odd", inputs, target)
