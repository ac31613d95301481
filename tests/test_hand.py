"""What follows the hand: sliders that hold together, what travels of them, and which messages are believed."""

import json
import math

import pytest

from browser.hand import Live, Sentence, Slider, data, moved, positions

RATE = Slider("rate", "learning_rate", "Learning rate η (for all)", (0.01, 0.02, 0.05), 0.02, 0.01, "Moves all.")
PERIOD = Slider("Step_period", "Step.period", "Period p", (1, 2, 3), 2, 3, group="Step", spoken="Period of")


def changed(**changes) -> Slider:
    return Slider(**{**vars(RATE), **changes})


@pytest.mark.parametrize("name", ["", "1st", "a b", "β", "Adam.beta1", "a;b", "_proto_"])
def test_a_name_that_programs_could_not_use_is_refused(name):
    with pytest.raises(ValueError, match="no name of an input"):
        changed(name=name)


@pytest.mark.parametrize("numbers", [(0.02, 0.01), (0.01, 0.01, 0.02), (0.01, 0.02, math.inf), (0.01, math.nan, 0.02)])
def test_positions_rise_and_are_finite(numbers):
    with pytest.raises(ValueError, match="must be finite and rise"):
        changed(numbers=numbers)


@pytest.mark.parametrize("field", ["value", "default"])
def test_value_and_default_are_positions(field):
    with pytest.raises(ValueError, match="must be among its numbers"):
        changed(**{field: 0.03})


def test_a_number_between_the_positions_gets_one_of_its_own():
    assert positions((0.01, 0.02, 0.05), 0.03, 0.02) == (0.01, 0.02, 0.03, 0.05)


@pytest.mark.parametrize("field", ["name", "key"])
def test_no_two_sliders_share_a_name_or_a_key(field):
    with pytest.raises(ValueError, match=f"the same {field}"):
        Live(sliders=(RATE, Slider(**{**vars(PERIOD), field: getattr(RATE, field)})))


def test_what_travels_is_json():
    sentence = Sentence("Above 0.2.", {"outputs": {}}, ("Below {limit}.", "Above {limit}."))
    live = Live((RATE, PERIOD), {"Adam": {}}, {"Adam": {"learning_rate": "rate"}}, sentences=(sentence,))
    sent = json.loads(json.dumps(data(live)))
    assert sent["sliders"][0] == {
        "name": "rate",
        "key": "learning_rate",
        "label": "Learning rate η (for all)",
        "numbers": [0.01, 0.02, 0.05],
        "value": 0.02,
        "default": 0.01,
        "help": "Moves all.",
        "group": "",
        "spoken": "Learning rate η (for all)",
    }
    assert sent["sliders"][1]["spoken"] == "Period of"
    assert sent["bound"] == {"Adam": {"learning_rate": "rate"}}
    assert sent["start"] == ["start1", "start2"]
    assert sent["sentences"][0]["cases"] == ["Below {limit}.", "Above {limit}."]
    assert sent["sentences"][0]["text"] == "Above 0.2."


def test_a_message_is_written_by_the_keys_of_the_session_with_numbers_of_the_right_kind():
    taken = moved(Live((RATE, PERIOD)), {"rate": 0.05, "Step_period": 3.0})
    assert taken == {"learning_rate": 0.05, "Step.period": 3}
    assert isinstance(taken["Step.period"], int)


@pytest.mark.parametrize(
    "values",
    [None, 3, "rate", [0.05], {}, {"other": 0.05}, {"learning_rate": 0.05}, {"rate": 0.03}, {"rate": "0.05"}]
    + [{"rate": value} for value in (None, True, math.nan, math.inf, -1, [0.05], {"a": 1}, "x" * 10**6)],
)
def test_what_is_no_position_of_a_slider_of_ours_is_not_believed(values):
    assert moved(Live((RATE,)), values) == {}


def test_true_is_not_the_number_1():
    assert moved(Live((PERIOD,)), {"Step_period": True}) == {}
