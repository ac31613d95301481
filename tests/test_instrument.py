"""An instrument alone: what it shows after a hand has moved it is what the server would draw."""

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from browser.hand import Live
from browser.instrument import instrument_html
from browser.pictures import pictures
from browser.playground import live, with_runs
from browser.verdicts import Verdict
from figures.theme import DARK, LIGHT, THEMES
from lessons.defaults import defaults_for
from lessons.experiment import experiment
from lessons.moments import END
from lessons.settings import Settings
from tests.composed import assert_same_picture
from tests.node import FOLDER, answers_of
from tests.pages_alone import Page

pytestmark = pytest.mark.slow

HEIGHT = 430
SAID = Verdict("Converged.", "Adam", LIGHT.orange, "circle")


def html_of(settings: Settings, verdicts=(SAID,), title: str = "A lesson") -> str:
    done = experiment(settings)
    return instrument_html(
        title,
        pictures(done, LIGHT, HEIGHT),
        LIGHT,
        with_runs(live(settings), done),
        steps=settings.updates,
        now=settings.updates if settings.update == END else settings.update,
        made="L = 1",
        descriptions={"contour": "A map.", "surface": "A surface.", "loss": "A curve."},
        verdicts=verdicts,
        pick=("contour",),
    )


def answers(html: str, *questions: Mapping) -> list[dict]:
    return answers_of(FOLDER / "instrument.js", [{"pictures": Page(html).contents["pictures"]}, *questions])


def moved(settings: Settings, values: Mapping[str, float], theme: str = "light") -> dict:
    (answer,) = answers(html_of(settings), {"theme": theme, "heard": [["moved", {"values": dict(values)}]]})
    return answer


@pytest.mark.parametrize("theme", THEMES)
def test_untouched_it_shows_what_the_server_has_drawn(theme):
    settings = defaults_for("booth")
    (message,) = answers(html_of(settings), {"theme": theme})
    drawn = pictures(experiment(settings), THEMES[theme], HEIGHT)
    for name, figure in drawn.items():
        assert_same_picture(figure, message["content"][name])
    assert message["isUntouched"]
    assert message["descriptions"]["contour"] == "A map."
    assert [verdict["color"] for verdict in message["verdicts"]] == [THEMES[theme].orange]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("surface", "rate"), [("booth", 0.02), ("booth", 0.2), ("rosenbrock", 0.02), ("saddle", 0.3), ("himmelblau", 0.001)]
)
def test_a_moved_slider_shows_what_the_server_draws(surface, rate, theme):
    settings = defaults_for(surface)
    message = moved(settings, {"rate": rate}, theme)
    for name, figure in pictures(experiment(replace(settings, learning_rate=rate)), THEMES[theme], HEIGHT).items():
        assert_same_picture(figure, message["content"][name])
    assert message["live"]["sliders"][0]["value"] == rate


def test_a_picked_start_shows_what_the_server_draws():
    settings = defaults_for("himmelblau")
    (message,) = answers(
        html_of(settings), {"theme": "light", "heard": [["picked", {"figure": "contour", "x": 1.5, "y": 0.25}]]}
    )
    for name, figure in pictures(experiment(replace(settings, start=(1.5, 0.25))), LIGHT, HEIGHT).items():
        assert_same_picture(figure, message["content"][name])
    assert message["state"]["start"] == "1.5,0.25"


def test_what_was_said_of_other_settings_is_not_said_any_more():
    message = moved(defaults_for("booth"), {"rate": 0.02})
    assert message["verdicts"] == []
    assert "A map." not in message["descriptions"]["contour"]
    assert not message["isUntouched"]
    back = moved(defaults_for("booth"), {"rate": defaults_for("booth").learning_rate})
    assert back["isUntouched"]
    assert back["descriptions"]["contour"] == "A map."


def test_the_time_changes_nothing_that_was_said_of_the_runs():
    settings = replace(defaults_for("booth"), arrows=True, update=5)
    untouched, earlier = answers(
        html_of(settings), {"theme": "light"}, {"theme": "light", "heard": [["rested", {"now": 2}]]}
    )
    assert earlier["verdicts"] == untouched["verdicts"] != []
    assert earlier["descriptions"] == untouched["descriptions"]
    assert earlier["content"]["loss"] == untouched["content"]["loss"]
    assert earlier["content"]["contour"] != untouched["content"]["contour"]
    assert untouched["isUntouched"]
    assert not earlier["isUntouched"]


def test_the_outcome_is_that_of_numpy():
    settings = defaults_for("himmelblau")
    done = experiment(replace(settings, learning_rate=0.02))
    for run, outcome in moved(settings, {"rate": 0.02})["outcome"].items():
        path = done.trajectories[run]
        theta = np.array(outcome["theta"], dtype=float)
        np.testing.assert_allclose(theta, np.where(np.isfinite(path.theta[-1]), path.theta[-1], np.nan), rtol=1e-9)
        assert outcome["diverged_at"] == int(path.diverged_at)


@pytest.mark.parametrize(
    ("asked", "rate"),
    [
        ({"learning_rate": "0.02"}, 0.02),
        ({"learning_rate": "1e9"}, 0.01),
        ({"learning_rate": "x"}, 0.01),
        ({"a": "1"}, 0.01),
    ],
)
def test_the_page_around_may_ask_for_what_a_slider_reaches(asked, rate):
    (message,) = answers(html_of(Settings()), {"theme": "light", "set": asked})
    assert message["live"]["sliders"][0]["value"] == rate
    assert float(message["state"]["learning_rate"]) == rate


def test_what_cannot_follow_is_left_out():
    settings = replace(Settings(), circle=True, update=2)
    untouched, message = answers(
        html_of(settings), {"theme": "light"}, {"theme": "light", "heard": [["moved", {"values": {"rate": 0.02}}]]}
    )
    names = [{trace.get("name") for trace in one["content"]["contour"]["data"]} for one in (untouched, message)]
    assert "lowest point of the loss" in names[0]
    assert names[0] - names[1] == {"lowest point of the loss"}


def test_words_of_students_are_texts():
    hostile = "</script><img src=x onerror=alert(1)>"
    html = html_of(defaults_for("booth"), title=hostile)
    assert hostile not in html
    assert json.dumps(hostile)[1:-1] not in html
    assert "&lt;/script&gt;&lt;img" in html


def test_without_a_hand_there_is_nothing_to_move():
    figures = pictures(experiment(Settings()), DARK, HEIGHT)
    html = instrument_html("A", figures, DARK, Live(), steps=1, now=1, made="", descriptions={})
    (message,) = answers(html, {"theme": "dark"})
    assert message["live"]["sliders"] == []
