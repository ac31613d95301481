"""Numbers as people write them: one number for each text, or a reason, and never another number in silence."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surfaces.reading import NumberError, is_plain, number_of, readings, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0,5", 0.5),
        ("0.5", 0.5),
        (".5", 0.5),
        ("5.", 5),
        ("−3", -3),
        ("–3", -3),
        ("- 3", -3),
        ("－３", -3),
        ("+5", 5),
        (" 7 ", 7),
        ("1e-3", 1e-3),
        ("1,5E−3", 1.5e-3),
        ("2×10^-3", 2e-3),
        ("2·10⁻³", 2e-3),
        ("1,5 · 10^{3}", 1500),
        ("2*10**3", 2000),
        ("10⁻³", 1e-3),
        ("-10^2", -100),
        ("１２", 12),
        ("٣", 3),
        ("١٬٢٣٤٫٥", 1234.5),
        ("1,45,000", 145000),
        ("12,34,567.89", 1234567.89),
        ("½", 0.5),
        ("1½", 1.5),
        ("-1 1/2", -1.5),
        ("3/4", 0.75),
        ("1 000", 1000),
        ("1\u2009000,5", 1000.5),
        ("1\u00a0000\u202f000", 1e6),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1'234.5", 1234.5),
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1.234", 1.234),
        ("0,125", 0.125),
        ("1,2345", 1.2345),
        ("0", 0),
        ("0e-999", 0),
    ],
)
def test_what_people_write_is_read(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a number is missing"),
        (" \u200b", "a number is missing"),
        ("abc", "“abc” is not a number"),
        ("-", "“-” is not a number"),
        ("1,2,3", "“1,2,3” is not a number"),
        ("1 2", "“1 2” is not a number"),
        ("1,234 567", "“1,234 567” is not a number"),
        ("0x10", "“0x10” is not a number"),
        ("1_000", "“1_000” is not a number"),
        ("1e", "“1e” is not a number"),
        ("1/0", "“1/0” is not a number"),
        ("--3", "“--3” is not a number"),
        ("NaN", "“NaN” is not a finite number"),
        ("−Infinity", "“−Infinity” is not a finite number"),
        ("∞", "“∞” is not a finite number"),
        ("1e400", "“1e400” is too large for a number of the computer"),
        ("-2×10^999", "“-2×10^999” is too large for a number of the computer"),
        ("1e-400", "“1e-400” is too small for a number of the computer"),
        ("12,345", "“12,345” can be 12.345 or 12345: leave the comma out, or write a point"),
        ("z" * 40, "“" + "z" * 20 + "…” is not a number"),
    ],
)
def test_what_is_no_number_has_a_reason(text, reason):
    with pytest.raises(NumberError) as caught:
        number_of(text)
    assert str(caught.value) == reason


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_read_again_with_any_sign_and_mark(number):
    text = written(number)
    assert is_plain(text)
    assert number_of(text) == number
    assert number_of(text.replace("-", "−")) == number
    assert readings(text.replace(".", ","))[","] == number


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_thousands_may_be_set_apart(whole, cents):
    number = math.copysign(abs(whole) + cents / 100, whole)
    english = f"{whole:,}.{cents:02}"
    german = english.translate(str.maketrans(",.", ".,"))
    for text in (english, german, english.replace(",", "\u2009"), german.replace(".", "\u00a0")):
        assert number_of(text) == pytest.approx(number, rel=1e-15)


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_a_reason(text):
    reason = ""
    try:
        assert math.isfinite(number_of(text))
    except NumberError as error:
        reason = str(error)
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("text", "plain"), [("0.5", True), ("-3", True), ("1e-3", True), ("0,5", False), ("−3", False), ("½", False)]
)
def test_texts_that_everybody_reads_in_the_same_way_are_told_from_the_others(text, plain):
    assert is_plain(text) is plain
