"""Runs in a notebook: what cannot be shown is said in words, and what is shown starts with numpy's runs."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from browser import live
from figures.theme import LIGHT
from optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Trajectory, run
from surfaces import SURFACES
from tests.node import FOLDER, answers_of
from tests.notebooks import CELLS, shown
from tests.pages_alone import PICTURES, Page

Adam, GradientDescent = OPTIMIZERS["Adam"], OPTIMIZERS["GradientDescent"]
BOOTH = SURFACES["booth"]
NAMES = (
    "fast η",
    "<b>slow</b>",
    "</script><script>alert(1)</script>",
    "\"q\" 'r' `${s}`",
    "%{x} & %{fullData.name}",
    "__proto__",
    "constructor",
)


@dataclass(frozen=True, eq=False)
class Halving(Optimizer):
    """A rule that is written in Python, not in equations."""

    title = "Halving"

    def step(self, loss, theta, state):
        return theta / 2, state


def message_of(html: str, **question) -> dict:
    """What the page of this HTML shows after a question, see tests/node/instrument.js."""
    pictures = {"pictures": Page(html).contents["pictures"]}
    (answer,) = answers_of(FOLDER / "instrument.js", [pictures, {"theme": "light", **question}])
    return answer


def rows_of(message: dict, picture: str, run: str) -> list:
    """Update, theta1, theta2 and loss of the points that a picture shows of a run."""
    traces = message["content"][picture]["data"]
    (trace,) = [trace for trace in traces if trace.get("name") == run and "markers" in trace["mode"]]
    return [row[:4] for row in trace["customdata"]]


def table(path: Trajectory) -> np.ndarray:
    """The same of all points of a run."""
    return np.column_stack([range(path.steps + 1), path.theta, path.loss])


def finite(numbers: np.ndarray) -> np.ndarray:
    """Numbers, with nan for those that seven digits cannot hold."""
    return np.where(np.abs(numbers) < 1e30, numbers, np.nan)


# What cannot be shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"surface": "booth"}, "as SURFACES"),
        ({"surface": SURFACES["line_fit"].sampled(batch_size=2, seed=1)}, "as SURFACES"),
        ({"optimizers": {}}, "at least one optimizer by its name"),
        ({"optimizers": Adam()}, "at least one optimizer by its name"),
        ({"optimizers": [Adam()]}, "at least one optimizer by its name"),
        ({"optimizers": {"Adam": Adam}}, r"is a class: make an optimizer of it, as Adam\(\) does"),
        ({"optimizers": {"Adam": "Adam"}}, "Adam must be an optimizer, but it is 'Adam'"),
        ({"optimizers": {0.1: Adam()}}, "must be a text, but one is 0.1"),
        ({"optimizers": {" ": Adam()}}, "must be a text, but one is ' '"),
        ({"optimizers": {"A": Adam(beta1=np.array([0.1, 0.9]))}}, "A must have one value for beta1"),
        ({"start": (1, 2, 3)}, "two finite numbers"),
        ({"start": (1, np.nan)}, "two finite numbers"),
        ({"start": "ab"}, "two finite numbers .* not 'ab'"),
        ({"start": (1, [2, 3])}, "two finite numbers"),
        ({"start": None}, "two finite numbers"),
        ({"steps": 0}, "whole number of at least 1, but it is 0"),
        ({"steps": 1.5}, "whole number of at least 1, but it is 1.5"),
        ({"steps": True}, "whole number of at least 1, but it is True"),
        ({"optimizers": {"Adam": Adam(), "Halving": Halving()}}, "no server.* Halving: This rule is written in Python"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_sentence(change, words):
    given = {"surface": BOOTH, "optimizers": {"Adam": Adam()}, "start": BOOTH.start, "steps": 5} | change
    with pytest.raises(ValueError, match=words) as error:
        live(**given)
    assert re.fullmatch(r"[A-Z].*\.", str(error.value), re.DOTALL)


# What is shown


def test_a_notebook_gets_a_frame_that_holds_the_page():
    runs = live(BOOTH, {"Adam": Adam()}, BOOTH.start, 5)
    frames = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            frames.append((tag, dict(attrs)))

    Reader().feed(runs._repr_html_())
    ((tag, attributes),) = frames
    assert tag == "iframe"
    assert attributes["srcdoc"] == runs.html()
    assert attributes["title"] == "Descent on Booth: Adam"
    page = Page(runs.html())
    assert page.errors == []
    assert page.sources == []
    assert set(page.hashes) < set(page.policy["script-src"])


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_is_shown_with_the_runs_of_numpy(name):
    surface = SURFACES[name]
    rules = {"GradientDescent": GradientDescent(learning_rate=1e-3), "mine": Adam(), "BFGS": OPTIMIZERS["BFGS"]()}
    runs = live(surface, rules, surface.start, 12)
    message = message_of(runs.html())
    assert sorted(message["content"]) == PICTURES
    assert message["isUntouched"]
    for run_name, rule in rules.items():
        expected = run(rule, surface, surface.start, 12)
        np.testing.assert_array_equal(runs.trajectories[run_name].theta, expected.theta)
        theta = np.array(message["outcome"][run_name]["theta"], dtype=float)
        np.testing.assert_allclose(finite(theta), finite(expected.theta[-1]), rtol=1e-9, atol=1e-12)
        words = {"GradientDescent": "Gradient descent"}.get(run_name, run_name)
        rows = np.array(rows_of(message, "loss", words), dtype=float)
        # What no hand has moved travels with seven digits.
        np.testing.assert_allclose(finite(rows), finite(table(expected)), rtol=1e-6, atol=1e-9)


def test_every_rule_keeps_its_own_schedule_when_its_slider_moves():
    rules = {"falls": GradientDescent(schedule=SCHEDULES["Cosine"]()), "Adam": Adam(schedule=SCHEDULES["Constant"]())}
    html = live(BOOTH, rules, BOOTH.start, 30).html()
    moved = {"run0_learning_rate": 0.02, "run1_learning_rate": 0.5, "run1_beta1": 0.5}
    message = message_of(html, heard=[["moved", {"values": moved}]])
    expected = {
        "falls": GradientDescent(learning_rate=0.02, schedule=SCHEDULES["Cosine"]()),
        "Adam": Adam(learning_rate=0.5, beta1=0.5),
    }
    for name, rule in expected.items():
        path = run(rule, BOOTH, BOOTH.start, 30)
        np.testing.assert_allclose(rows_of(message, "loss", name), table(path), rtol=1e-9, atol=1e-12)
    made = Page(html).contents["made"]
    assert "schedule Cosine (period = " in made
    assert made.count("schedule") == 1


def test_what_this_was_made_with_is_said():
    made = Page(live(BOOTH, {"Adam": Adam(learning_rate=0.25)}, (1, -2.5), 7).html()).contents["made"]
    assert made.startswith("Made with these settings. L(θ₁, θ₂) = ")
    assert "Adam: learning rate = 0.25, epsilon = 1e-08, beta 1 = 0.9, beta 2 = 0.999." in made
    assert made.endswith("Start (θ₁, θ₂): (1, -2.5). Updates: 7.")


def test_names_of_students_are_texts():
    rules = {name: GradientDescent(learning_rate=0.01 * (place + 1)) for place, name in enumerate(NAMES)}
    runs = live(BOOTH, rules, BOOTH.start, 5)
    html = runs.html()
    assert Page(html).errors == []
    assert len(Page(html).scripts) == 2
    assert unescape(re.search(r'srcdoc="([^"]*)"', runs._repr_html_())[1]) == html
    rates = {f"run{place}_learning_rate": 0.005 * (place + 1) for place in range(len(NAMES))}
    message = message_of(html, heard=[["moved", {"values": rates}]])
    for name, rate in zip(NAMES, rates.values(), strict=True):
        path = run(GradientDescent(learning_rate=rate), BOOTH, BOOTH.start, 5)
        np.testing.assert_allclose(rows_of(message, "loss", name), table(path), rtol=1e-9, atol=1e-12)
    labels = [slider["label"] for slider in message["live"]["sliders"]]
    assert labels == [f"Learning rate η · {name}" for name in NAMES]
    templates = {trace.get("hovertemplate") for figure in message["content"].values() for trace in figure["data"]}
    assert not [text for text in templates if text and ("<b>slow" in text or "<script" in text or "%{x} &" in text)]
    assert any("&#60;b&#62;slow" in text for text in templates if text)


def test_a_run_that_leaves_the_picture_is_named_as_a_text():
    html = live(BOOTH, {"<b>far</b>": GradientDescent(learning_rate=0.05)}, BOOTH.start, 5).html()
    for heard in ([], [["moved", {"values": {"run0_learning_rate": 0.5}}]]):
        message = message_of(html, heard=heard)
        templates = [trace.get("hovertemplate") or "" for trace in message["content"]["contour"]["data"]]
        left = [text for text in templates if "left the frame" in text]
        assert left == [text for text in left if text.startswith("<b>&#60;b&#62;far&#60;/b&#62;</b> left")]
    assert left


def test_runs_have_different_colours_as_long_as_there_are_some():
    names = ("mine", "Adam", "yours", "GradientDescent", "theirs", "ours", "his")
    message = message_of(live(BOOTH, dict.fromkeys(names, Adam()), BOOTH.start, 5).html())
    loss = message["content"]["loss"]["data"]
    colors = [trace["line"]["color"] for trace in loss if "markers" in trace["mode"]]
    assert sorted(colors) == sorted(LIGHT.path_colors)


def test_a_slider_shows_exactly_what_the_page_around_asks_for():
    html = live(BOOTH, {"Adam": Adam()}, BOOTH.start, 5).html()
    message = message_of(html, set={"Adam.learning_rate": "0.0333"})
    rate, *others = message["live"]["sliders"]
    assert rate["value"] == 0.0333
    assert 0.0333 in rate["numbers"]
    assert [slider["value"] for slider in others] == [slider["default"] for slider in others]


@pytest.mark.slow
def test_a_kernel_shows_what_a_teacher_writes():
    html = shown(*CELLS)
    assert html.startswith('<iframe title="Descent on Booth: Adam, fast, η falls"')
    page = unescape(re.search(r'srcdoc="([^"]*)"', html)[1])
    message = message_of(page)
    path = run(Adam(learning_rate=0.1), BOOTH, BOOTH.start, 40)
    last = [40, *path.theta[-1], path.loss[-1]]
    np.testing.assert_allclose(rows_of(message, "loss", "Adam")[-1], last, rtol=1e-6, atol=1e-9)
