"""Numbers as a student reads them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizers.numbers import number


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1260.4, 3, "1260"),
        (-26234.0, 3, "−26200"),
        (-1000.0, 3, "−1000"),
        (999999.0, 3, "1e6"),
        (4.56e22, 3, "4.56e22"),
        (-1.19e-8, 3, "−1.19e−8"),
        (1e-6, 4, "1e−6"),
        (-0.0, 4, "0"),
        (0.1, 4, "0.1"),
        (math.nan, 4, "–"),
        (math.inf, 4, "∞"),
        (-math.inf, 4, "−∞"),
    ],
)
def test_a_number_is_written_without_a_padded_power_or_a_signed_zero(value, digits, text):
    assert number(value, digits) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 12))
def test_a_written_number_is_the_rounded_one(value, digits):
    text = number(value, digits)
    assert float(text.replace("−", "-")) == float(f"{value:.{digits}g}")
    assert "e+" not in text
    assert text != "−0"
