"""Numbers and lists as they are read."""

import pytest

from lessons.words import counted, listed, number


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.0, 4, "0"), (-1.5, 4, "−1.5"), (1 / 3, 2, "0.33"), (1e-12, 4, "1e−12"), (float("nan"), 4, "–")],
)
def test_a_number_has_as_many_digits_as_it_means(value, digits, text):
    assert number(value, digits) == text


def test_a_list_is_read_as_a_sentence():
    assert [listed("ABC"[:count]) for count in range(4)] == ["", "A", "A and B", "A, B and C"]


def test_one_of_a_thing_is_not_plural():
    assert [counted(count, "example") for count in (0, 1, 2)] == ["0 examples", "1 example", "2 examples"]
    assert counted(2, "minimum", "minima") == "2 minima"
