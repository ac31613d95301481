"""Hyperparameter fields: bounds, sentences, and what they tell the sliders."""

from dataclasses import dataclass

import numpy as np
import pytest

from optimizers.hyperparameters import (
    check_hyperparameters,
    defaults,
    hyperparameter,
    hyperparameters,
    is_whole,
)


@dataclass(frozen=True)
class Example:
    share: float = hyperparameter(0.5, r"\mu", "share", low=0.0, high=0.9, at_least=0.0, below=1.0, help="A share.")
    factor: float = hyperparameter(
        2.0, "f", "factor", low=0.1, high=10.0, scale="log", above=0.0, at_most=10.0, help="A."
    )
    size: float = hyperparameter(1.0, "s", "size", low=0.0, high=5.0, help="A size.")
    count: int = hyperparameter(3, "n", "count", low=1, high=9, at_least=1, at_most=10**6, help="A count.")
    other: str = "not a hyperparameter"


def complaint(**values) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the callers compare the whole text
        check_hyperparameters(Example(**values))
    return str(caught.value)


def test_fields_are_found_in_order_on_the_class_and_on_an_instance():
    assert list(hyperparameters(Example)) == ["share", "factor", "size", "count"]
    assert hyperparameters(Example()) == hyperparameters(Example)
    assert defaults(Example) == {"share": 0.5, "factor": 2.0, "size": 1.0, "count": 3}


def test_a_field_carries_what_the_slider_and_the_documentation_need():
    factor = hyperparameters(Example)["factor"]
    assert (factor.symbol, factor.label, factor.help, factor.low, factor.high, factor.scale) == (
        *("f", "factor", "A.", 0.1, 10.0, "log"),
    )
    assert hyperparameters(Example)["share"].scale == "linear"


@pytest.mark.parametrize(
    "good",
    [
        {"share": 0.0},
        {"share": 0.999999},
        {"factor": 1e-300},
        {"factor": 10.0},
        {"size": 0},
        {"size": 1e300},
        {"share": np.linspace(0, 0.9, 5)},
        {"factor": np.array(3.0)},
        {"size": [1, 2, 3]},
        {"size": np.zeros(0)},
        {"size": 10**30},
        {"size": [10**30, 0.5]},
        {"count": 4.0},
    ],
)
def test_accepts_everything_within_the_bounds(good):
    check_hyperparameters(Example(**good))


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"share": 1.0}, "share of Example must be a finite number of at least 0 and less than 1, but it is 1.0."),
        ({"share": -0.1}, "share of Example must be a finite number of at least 0 and less than 1, but it is -0.1."),
        ({"factor": 0.0}, "factor of Example must be a finite number greater than 0 and at most 10, but it is 0.0."),
        ({"factor": 10.1}, "factor of Example must be a finite number greater than 0 and at most 10, but it is 10.1."),
        ({"size": -1}, "size of Example must be a finite number of at least 0, but it is -1."),
        ({"size": float("nan")}, "size of Example must be a finite number of at least 0, but it is nan."),
        ({"size": float("inf")}, "size of Example must be a finite number of at least 0, but it is inf."),
        ({"size": 10**400}, f"size of Example must be a finite number of at least 0, but it is {10**400}."),
        ({"count": 2.5}, "count of Example must be a whole number of at least 1 and at most 1000000, but it is 2.5."),
        ({"count": 0}, "count of Example must be a whole number of at least 1 and at most 1000000, but it is 0."),
    ],
)
def test_says_what_is_wrong_in_one_sentence(bad, sentence):
    assert complaint(**bad) == sentence


@pytest.mark.parametrize("value", ["fast", "0.5", None, object(), [0.1, "a"], {"a": 1}, 1j, [[1], [2, 3]]])
def test_refuses_what_is_not_a_number(value):
    sentence = complaint(size=value)
    assert sentence.startswith("size of Example must be a ")
    assert sentence.endswith(".")


def test_one_bad_entry_of_an_array_is_enough():
    assert complaint(share=np.array([0.1, 0.2, 1.0])).startswith("share of Example must be")
    assert complaint(size=np.array([1.0, np.nan])).startswith("size of Example must be")


def test_says_everything_that_is_wrong_at_once():
    sentence = complaint(share=2.0, count=0)
    assert "share of Example" in sentence
    assert "count of Example" in sentence
    assert "factor" not in sentence


def test_counts_are_told_from_measures():
    assert [name for name in hyperparameters(Example) if is_whole(Example, name)] == ["count"]
