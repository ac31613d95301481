"""Tables: what people paste and upload is read in one way that is said, or refused with the row and the column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surfaces.datasets import checked
from surfaces.tables import (
    MOST_BYTES,
    DataError,
    Table,
    column_names,
    read_table,
    text_of_file,
    typed_rows,
    usual_columns,
)

pytestmark = pytest.mark.slow

few = settings(max_examples=50, deadline=None, derandomize=True)


def read(text: str, inputs: int = 1, targets: tuple[float, ...] = (), columns: tuple[int, ...] = ()) -> Table:
    return read_table(typed_rows(text), inputs, targets, columns)


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
        ("1,2\n\n3,abc", "Row 3, column 2 cannot be used: “abc” is not a number."),
        (
            "0,5;1\n0.5;1\n1,234;1",
            "Row 3, column 1 cannot be used: “1,234” can be 1.234 or 1234, because this column "
            "has decimal commas and decimal points.",
        ),
        ("$1,$2\n3,4", "Row 1, column 1 cannot be used: “$1” is not a number."),
        ("10k;2\n20;3", "Row 1, column 1 cannot be used: “10k” is not a number."),
        ('1,"2\n3,4', 'Row 1, column 2 cannot be used: “"2” is not a number.'),
        ("1_000,2", "Row 1, column 1 cannot be used: “1_000” is not a number."),
        ("1,2\n3,abc", "Row 2, column 2 cannot be used: “abc” is not a number."),
        ("1,2\n,4", "Row 2, column 1 cannot be used: a number is missing."),
        ("size,price\n1,\n2,3", "Row 2, column 2 (price) cannot be used: a number is missing."),
        ("1,NA\n2,3", "Row 1, column 2 cannot be used: “NA” stands for a missing number."),
        ("1,nan", "Row 1, column 2 cannot be used: “nan” is not a finite number."),
        ("1,2\n3,inf", "Row 2, column 2 cannot be used: “inf” is not a finite number."),
        ("1,1e308", "Row 1, column 2 cannot be used: “1e308” is beyond ±1e+12."),
        ("1,1e400", "Row 1, column 2 cannot be used: “1e400” is too large for a number of the computer."),
        ("", "There is no row with numbers yet."),
        ("x,y", "There is no row with numbers yet."),
        ("1,2\n" + "z" * 40 + ",3", "Row 2, column 1 cannot be used: “" + "z" * 20 + "…” is not a number."),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_the_reason(text, reason):
    with pytest.raises(DataError) as caught:
        checked(typed_rows(text), inputs=1)
    assert caught.value.reasons == (reason,)


def test_all_wrong_rows_are_named():
    with pytest.raises(DataError) as caught:
        checked([[1, 2], ["a", 2], [3, 4], [5, None]], inputs=1)
    assert [reason.split()[1] for reason in caught.value.reasons] == ["2,", "4,"]


def test_a_stray_quote_spoils_its_own_row_only():
    with pytest.raises(DataError) as caught:
        checked(typed_rows('1,"2\n' + "1.23456,2.34567\n" * 9000), inputs=1)
    assert caught.value.reasons == ('Row 1, column 2 cannot be used: “"2” is not a number.',)


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
    ("text", "numbers"),
    [
        ("50,5;120", [[50.5, 120]]),
        ("1,5\t2\n3\t4", [[1.5, 2], [3, 4]]),
        ("−1;2\n3;−4,5", [[-1, 2], [3, -4.5]]),
        ("0,5 1,5\n1,0 2,5", [[0.5, 1.5], [1, 2.5]]),
        ("1, 2\n3, 4", [[1, 2], [3, 4]]),
        ("2104\t399,900\n1600\t329,900", [[2104, 399900], [1600, 329900]]),
        ("2104 399,900\n1600 329,900", [[2104, 399900], [1600, 329900]]),
        ("2,104, 399,900\n1,600, 329,900", [[2104, 399900], [1600, 329900]]),
        ('2104,"399,900"\n1600,"329,900"', [[2104, 399900], [1600, 329900]]),
        ("0,5;145,000\n0,7;146,000", [[0.5, 145], [0.7, 146]]),
        ("0.5;145,000\n0.7;146,000", [[0.5, 145000], [0.7, 146000]]),
        ("0,5;1.234\n0,7;2.345", [[0.5, 1234], [0.7, 2345]]),
        ("3;1.234\n4;2.345", [[3, 1.234], [4, 2.345]]),
        ("1 234,5;2\n2\u2009000;3", [[1234.5, 2], [2000, 3]]),
        ("1.234,5;1\n2;3", [[1234.5, 1], [2, 3]]),
        ("1,234.5;1\n2;3", [[1234.5, 1], [2, 3]]),
        ("0,5;0.5\n0.25;1,5", [[0.5, 0.5], [0.25, 1.5]]),
        ("size;price\n120 m²;$145,000\n90 m²;$99,500", [[120, 145000], [90, 99500]]),
        ("1;145.000 €\n2;99.500,5 €", [[1, 145000], [2, 99500.5]]),
        ("5000000;1e7\n-2000000;1", [[5e6, 1e7], [-2e6, 1]]),
        ("1;2;\n3;4;\n", [[1, 2], [3, 4]]),
        ("x;y\n1;2;\n3;4;;\n", [[1, 2], [3, 4]]),
        ("area\tprice\n1,200\t1,45,000\n900\t12,34,567", [[1200, 145000], [900, 1234567]]),
        ("1;CHF 145'000\n2;CHF 99'500.50", [[1, 145000], [2, 99500.5]]),
        ("1;145.000 EUR\n2;99.500 EUR", [[1, 145000], [2, 99500]]),
        ("1;$145,000\n2;$99,500", [[1, 145000], [2, 99500]]),
        ("| x | y |\n|---|:-:|\n| 1 | 2 |\n| 3 | 4 |", [[1, 2], [3, 4]]),
        ('"size\n(m²)"\tprice\n1\t2\n3\t4', [[1, 2], [3, 4]]),
        ('"a;b",1,2\n"c;d",3,4', [[1, 2], [3, 4]]),
        ("     x    y\n0  1.0  2.0\n1  3.0  4.0", [[0, 2], [1, 4]]),
        ("sep=;\n1,5;2", [[1.5, 2]]),
        ("x;y\n1;true\n2;FALSE", [[1, 1], [2, 0]]),
        ("yes,no\nno,yes\nyes,yes", [[1, 0], [0, 1], [1, 1]]),
    ],
)
def test_tables_are_read_as_their_columns_say(text, numbers):
    np.testing.assert_array_equal(read(text).numbers, numbers)


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("1.5,2\n3,4", ()),
        ("50,5;120", ("In column 1, “50,5” is read as 50.5.",)),
        (
            "size;price\n2104;399,900\n1600;329,900",
            (
                "In column 2 (price), “399,900” is read as 399900. If that is wrong, write a point before decimals, "
                "and nothing between thousands.",
            ),
        ),
        (
            "3;1.234\n4;2.345",
            (
                "In column 2, “1.234” is read as 1.234. If that is wrong, write a point before decimals, and nothing "
                "between thousands.",
            ),
        ),
        ("1;5 kg\n2;6 kg", ("In column 2, “5 kg” is read as 5.",)),
        ("1;Yes\n2;no", ("In column 2, “yes” is 1, and “no” is 0.",)),
    ],
)
def test_what_can_be_read_in_more_than_one_way_is_said(text, remarks):
    assert read(text).remarks == remarks


@pytest.mark.parametrize(
    ("labels", "classes", "remark"),
    [
        ("0,1,1", [0, 1, 1], ()),
        ("-1,1,-1", [0, 1, 0], ("In column 3, -1 is class 0 and 1 is class 1.",)),
        ("−1,+1,1", [0, 1, 1], ("In column 3, -1 is class 0 and 1 is class 1.",)),
        ("2,1,2", [1, 0, 1], ("In column 3, 1 is class 0 and 2 is class 1.",)),
        ("yes,no,yes", [1, 0, 1], ("In column 3, “yes” is 1, and “no” is 0.",)),
        ("True,False,True", [1, 0, 1], ("In column 3, “true” is 1, and “false” is 0.",)),
        ("+,-,+", [1, 0, 1], ("In column 3, “+” is 1, and “-” is 0.",)),
        ("high,low,high", [1, 0, 1], ("In column 3, “high” is 1, and “low” is 0.",)),
        ("dog,cat,Dog", [1, 0, 1], ("In column 3, “cat” is 0, and “dog” is 1.",)),
    ],
)
def test_the_names_of_two_classes_become_0_and_1(labels, classes, remark):
    text = "\n".join(f"{place};{place};{label}" for place, label in enumerate(labels.split(",")))
    found = read(text, 2, (0, 1))
    assert found.numbers[:, 2].tolist() == classes
    assert found.remarks == remark or found.remarks[0].endswith(remark[0])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1;1;a\n2;2;b\n3;3;c", "The target, column 3, holds 3 names: “a”, “b”, “c”. It needs two classes."),
        ("1;1;a\n2;2;a", "The target, column 3, holds 1 name: “a”. It needs two classes."),
        ("1;1;yes\n2;2;1", "Row 1, column 3 cannot be used: “yes” is not a number."),
        ("1;1;0\n2;2;3", "Row 2: the target must be 0 or 1 (a class), but it is 3."),
    ],
)
def test_a_target_that_is_not_of_two_classes_has_a_reason(text, reason):
    with pytest.raises(DataError) as caught:
        read(text, 2, (0, 1))
    assert caught.value.reasons == (reason,)


def test_of_more_columns_any_can_be_chosen_and_the_others_may_hold_words():
    text = "city;size;rooms;price\nRome;50;2;145,000\nParis;60;3;200,500"
    assert column_names(typed_rows(text)) == ("city", "size", "rooms", "price")
    np.testing.assert_array_equal(read(text, 2, columns=(1, 2, 3)).numbers, [[50, 2, 145000], [60, 3, 200500]])
    np.testing.assert_array_equal(read(text, 1, columns=(3, 1)).numbers, [[145000, 50], [200500, 60]])
    np.testing.assert_array_equal(read("1,2,3\n4,5,6").numbers, [[1, 3], [4, 6]])
    ragged = typed_rows("city,size,rooms,price\nRome,NA,2\nParis,60,3,200\nOslo")
    assert usual_columns(ragged, 2) == (1, 2, 3)
    assert usual_columns(typed_rows("city,size,rooms,price\nRome"), 2) == (0, 1, 3)
    assert column_names(typed_rows("     x    y\n0  1.0  2.0\n1  3.0  4.0")) == ("column 1", "x", "y")
    assert column_names(typed_rows("1,2\n3,4")) == ("column 1", "column 2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_files_are_read_in_the_usual_encodings(encoding):
    assert typed_rows(text_of_file("größe;y\r\n1,5;2\r\n".encode(encoding))) == [["größe", "y"], ["1,5", "2"]]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\x00\x00zz", b"\x00\x01\x02", bytes(range(256)), b"\xff\xfe1", b"1" * (MOST_BYTES + 1)]
)
def test_what_is_no_text_or_too_long_is_a_sentence(content):
    with pytest.raises(DataError, match=r"^The file is .*\.$"):
        text_of_file(content)


@few
@given(st.binary(max_size=60))
def test_any_file_is_text_or_a_sentence(content):
    said = ""
    try:
        typed_rows(text_of_file(content))
    except DataError as error:
        said = str(error)
    assert not said or said.endswith(".")
