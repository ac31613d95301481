"""The widgets that are made from fields, and what they do with values that no widget can hold."""

import math
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from lessons.rates import LARGEST_RATE, RENARD, SMALLEST_RATE, preferred_numbers
from lessons.settings import Settings
from optimizers import OPTIMIZERS
from optimizers.hyperparameters import hyperparameters
from surfaces import SURFACES
from tests.playground import opened, warnings
from ui.controls import MOST_COMPLAINTS

pytestmark = pytest.mark.slow


def _read(key: str, value) -> None:
    """A page without widgets: one value of the session is not what a widget would have left there."""
    import streamlit as st

    from lessons.settings import Settings
    from ui import controls

    controls.put(Settings())
    st.session_state[key] = value
    st.session_state["read"], st.session_state["complaints"] = controls.current()


def read(key: str, value) -> tuple[Settings, list[str]]:
    app = AppTest.from_function(_read, args=(key, value)).run()
    assert not app.exception
    return app.session_state["read"], app.session_state["complaints"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None])
@pytest.mark.parametrize("key", ["start1", "start2"])
def test_a_start_that_is_no_point_is_replaced_with_a_sentence(key, value):
    settings, complaints = read(key, value)
    assert settings.start == tuple(map(float, SURFACES["himmelblau"].start))
    assert len(complaints) == 1
    assert "(-0.5, -1)" in complaints[0]


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, None])
def test_noise_that_is_no_deviation_is_left_out_with_a_sentence(value):
    settings, complaints = read("noise", value)
    assert settings.noise == 0
    assert len(complaints) == 1
    assert "without noise" in complaints[0]


def test_an_empty_seed_is_seed_zero():
    assert read("seed", None) == (read("seed", 0)[0], [])


@pytest.mark.parametrize(("key", "value"), [("start1", 1e308), ("start2", -5e-324), ("noise", 1e308), ("seed", 7)])
def test_what_can_be_used_is_used_without_a_word(key, value):
    settings, complaints = read(key, value)
    assert complaints == []
    assert value in (*settings.start, settings.noise, settings.seed)


def test_the_learning_rates_on_the_slider_are_preferred_numbers_twenty_to_a_decade():
    rates = preferred_numbers(SMALLEST_RATE, LARGEST_RATE)
    assert rates[0] == 1e-6
    assert rates[-1] == 10
    assert len(rates) == 7 * len(RENARD) + 1
    assert all(1.09 < after / before < 1.15 for before, after in pairwise(rates))
    assert all(float(f"{rate:.6g}") == rate for rate in rates)


@pytest.mark.parametrize(
    ("low", "high"),
    sorted(
        {
            (known.low, known.high)
            for rule in OPTIMIZERS.values()
            for known in hyperparameters(rule).values()
            if known.scale == "log"
        }
    ),
)
def test_every_logarithmic_slider_reaches_from_end_to_end(low, high):
    numbers = preferred_numbers(low, high)
    assert numbers[0] == low
    assert numbers[-1] == high
    assert numbers == sorted(set(numbers))


def test_a_setting_that_is_called_like_a_lesson_is_read_and_the_settings_of_lessons_are_left_alone():
    link = {"learning_rate": "0.115", "learning_rate.rate": "0.5", "red_circle.radius": "2.5"}
    app = opened(link)
    assert app.session_state["learning_rate"] == 0.115
    assert warnings(app) == []
    assert app.query_params == link


@pytest.mark.parametrize(
    ("link", "label"),
    [
        ({"learning_rate": "1e308"}, "Learning rate η: 1e+308"),
        ({"learning_rate": "1e-320"}, "Learning rate η: 1e-320"),
        ({"optimizers": "Adam", "Adam.epsilon": "1e300"}, "Adam, epsilon: 1e+300"),
        ({"optimizers": "Momentum", "Momentum.momentum": "0.9999"}, "Momentum, momentum: 0.9999"),
        ({"optimizers": "Adam", "same_rate": "no", "Adam.learning_rate": "1e308"}, "Adam, learning rate: 1e+308"),
    ],
)
def test_a_number_that_no_slider_reaches_by_itself_is_used_and_named(link, label):
    app = opened({**link, "updates": "10"})
    assert warnings(app) == []
    (said,) = [caption.value for caption in app.caption if "is used as it is" in caption.value]
    assert said.startswith(f"{label} is used as it is. Usual numbers, on the slider, go from ")


def test_a_link_full_of_nonsense_gets_a_short_answer():
    (warning,) = warnings(opened({f"nonsense{place}": "1" for place in range(200)}))
    assert warning.endswith(f"; and {200 - MOST_COMPLAINTS} more.")
    assert len(warning) < 2000
