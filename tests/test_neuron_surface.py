"""The page about the error surface of a neuron: what it says and draws is true of the data and the weights."""

import re
from dataclasses import replace

import numpy as np
import pytest

from lessons.neuron_surface import LEARN, WAY, held_out_in_words
from lessons.problems import Choice, errors, problem_of
from optimizers import OPTIMIZERS, run
from optimizers.numbers import number
from surfaces import SURFACES
from surfaces.neurons import NEURONS
from tests.hands import assert_hand_agrees, canvas_of, painted
from tests.lesson_pages import lesson, said
from tests.playground import answered, charts, numbers, trace

pytestmark = pytest.mark.slow

PAGE = "neuron_surface"


def pressed(app, title: str):
    """The page after a click on a "try this" button."""
    (button,) = [button for button in app.button if button.label == title]
    button.click()
    return answered(app)


PICTURES = {WAY: ["contour", "data", "surface"], LEARN: ["contour", "data", "error"]}


@pytest.mark.parametrize("view", PICTURES)
@pytest.mark.parametrize("model", NEURONS)
@pytest.mark.parametrize("data", ["", "own"])
def test_every_model_has_its_pictures_in_each_part(model, data, view):
    app = lesson(PAGE, model=NEURONS[model].title, view=view)
    if data:
        app.selectbox(key=f"{PAGE}.data").set_value(data)
        answered(app)
    assert list(charts(app)) == PICTURES[view]
    assert app.session_state[f"{PAGE}.model"] == model
    assert ("∂L/∂" in said(app)) == (view == WAY)
    assert not app.warning


def test_the_words_about_each_slope_are_those_of_the_gradient():
    app = lesson(PAGE, model="Line", held="false")
    text, (b, w) = said(app).replace("−", "-"), SURFACES["line_fit"].gradient((-120, -4))
    for name, slope in (("b", b), ("w", w)):
        found = re.search(rf"∂L/∂{name} = (\S+) (\w+) {name}", text)
        assert float(found[1]) == pytest.approx(slope, rel=1e-3)
        assert found[2] == ("raise" if slope < 0 else "lower")
    assert f"{w / b:.3g} times as steep as b" in text


def test_the_gradient_arrow_points_up_and_its_opposite_down():
    chart = charts(lesson(PAGE, model="Two weights in a chain", held="false"))["contour"]
    risk = SURFACES["two_weight_chain"]
    for arrow in chart["layout"]["annotations"]:
        vector = np.array([arrow["x"] - arrow["ax"], arrow["y"] - arrow["ay"]])
        gradient = risk.gradient((arrow["ax"], arrow["ay"]))
        cosine = vector @ gradient / np.hypot(*vector) / np.hypot(*gradient)
        assert cosine == pytest.approx(-1 if "descent" in arrow["hovertext"] else 1)


def test_the_lecture_arrives_and_its_long_run_is_honestly_thinned():
    app = pressed(lesson(PAGE), "The lecture: Adagrad arrives")
    drawn = trace(charts(app)["contour"], "Adagrad")
    rows = numbers(drawn["customdata"])
    assert rows[-1, 0] == 100_000
    assert rows[-1, 1:3] == pytest.approx([-188.433197, 2.669455], abs=0.1)
    assert f"Drawn: {len(rows)} of the 100001 points" in said(app)
    again = run(OPTIMIZERS["Adagrad"](learning_rate=1.0), SURFACES["line_fit"], (-120, -4), 2000)
    for row in rows[rows[:, 0] <= 2000][::40]:
        assert row[1:3] == pytest.approx(again.theta[int(row[0])], rel=1e-5)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The lecture: 1e-7 crawls", "moving|[Cc]rawl"),
        ("The lecture: 1e-6 crawls faster", "moving|[Cc]rawl"),
        ("The lecture: 1e-5 diverges", "Left|[Dd]iverged"),
    ],
)
def test_the_lecture_crawls_and_diverges(title, words):
    assert re.search(words, said(pressed(lesson(PAGE), title)))


def test_the_error_on_held_out_points_is_that_of_points_not_learned_from():
    app = lesson(PAGE, view=LEARN)
    chart = charts(app)["error"]
    training, held = (numbers(trace(chart, f"{name} error")["y"]) for name in ("training", "held-out"))
    assert (np.diff(training) <= 1e-6).all()
    assert held.argmin() < len(held) - 1
    assert f"lowest at update {held.argmin()}" in said(app)
    assert "held-out" not in "".join(t["name"] for t in charts(lesson(PAGE, held="false", view=LEARN))["error"]["data"])


@pytest.mark.parametrize(
    ("training", "held", "words"),
    [
        (
            [3, 2, 1, 0.5],
            [3, 2, 2.5, 4],
            "update 1: 2. From then on it rose to 4, while the training error fell",
        ),
        ([3, 2, 1, 0.5], [3, 2, 5, 4], "update 1: 2. From then on it changed to 4, while the training error fell"),
        ([3, 2, 2, 2], [3, 2, 2.5, 4], "while the training error hardly changed."),
        ([3, 2, 5, 9], [3, 2, 2.5, 4], "while the training error rose from 2 to 9."),
        ([3, 2, 1, 0.5], [3, 2, 1, 0.5], "update 3: 0.5. The lowest"),
        ([3, 2, 1, 0.5], [3, 2, 2.001, 2.002], "At the end it was the same again, or hardly higher."),
        ([3, 1, 1e-30, 2e-30], [3, 1, 1e-30, 5e-30], "At the end it was the same again, or hardly higher."),
        ([3, 2, np.inf, np.nan], [3, 2, np.inf, np.nan], "update 1: 2. Later it grew beyond all numbers."),
        ([3, 4, 5, 6], [3, 4, 5, 6], "update 0: 3. From then on it rose to 6, while the training error rose"),
    ],
)
def test_what_the_held_out_error_did_is_what_is_said(training, held, words):
    given = problem_of(Choice("linear_neuron", "plane", held=0.3))
    text = held_out_in_words(given, np.arange(4), np.array(training, float), np.array(held, float), False)
    assert words in text
    assert text.startswith("On the 6 held-out examples the error was lowest")


def test_one_held_out_example_is_one():
    given = problem_of(Choice("linear_neuron", "plane", count=4, held=0.3))
    assert "On the 1 held-out example, at the points that are drawn, the" in held_out_in_words(
        given, np.arange(2), np.ones(2), np.ones(2), True
    )


@pytest.mark.parametrize("model", NEURONS)
@pytest.mark.parametrize("rule", ["GradientDescent", "Adam"])
@pytest.mark.parametrize("factor", [0.1, 1.0, 30.0])
def test_the_sentence_on_held_out_examples_is_true_of_its_run(model, rule, factor):
    choice = Choice(model, "plane" if model == "linear_neuron" else model, held=0.3)
    given = problem_of(choice)
    rate = factor * (1e-7 if model == "line_fit" else 0.05)
    path = run(OPTIMIZERS[rule](learning_rate=rate), given.risk, given.risk.start, 200)
    training, held = errors(given, path.theta.T)
    text = held_out_in_words(given, np.arange(201), training, held, False).replace("−", "-")
    best = int(np.argmin(np.where(np.isfinite(held), held, np.inf)))
    assert f"update {best}: {number(held[best])}".replace("−", "-") in text
    assert ("From then on it rose" in text) <= (held[-1] > held[best] and (np.diff(held[best:]) >= -1e-12).all())
    assert ("error fell" in text) <= (training[-1] < training[best])
    assert ("beyond all numbers" in text) == (not np.isfinite(held[-1]))


@pytest.mark.parametrize("held", ["true", "false"])
def test_held_out_examples_are_spoken_of_where_there_are_any(held):
    text = said(lesson(PAGE, held=held, view=LEARN))
    assert "The error per example went from" in text
    assert ("On the 6 held-out examples" in text) == (held == "true")


@pytest.mark.parametrize("value", ["nan", "inf", "1e308", "-1e308", "abc", ""])
@pytest.mark.parametrize("key", ["model", "rate", "theta1", "steps", "noise"])
def test_nonsense_in_the_link_leaves_the_page_whole(key, value):
    assert set(charts(lesson(PAGE, **{key: value}))) == {"data", "surface", "contour"}


def test_a_link_carries_what_a_widget_has_by_itself():
    """A widget's own default is left out of links, so it has to be the page's default too."""
    app = lesson(PAGE, rate="1e-08", steps="10", held="false", model="Line")
    found = [app.session_state[f"{PAGE}.{key}"] for key in ("rate", "steps", "held", "model")]
    assert found == [1e-8, 10, False, "line_fit"]


def test_a_single_example_cannot_be_held_out():
    app = lesson(PAGE, model="Line", data="Your own data", view=LEARN)
    app.session_state[f"{PAGE}.own way"] = "Pasted text"
    app.session_state[f"{PAGE}.own text"] = "1, 2"
    assert "only one example" in said(answered(app))


def test_other_rows_bring_a_start_in_their_view_and_a_rate_that_suits_them():
    app = lesson(PAGE, model="Line", data="Your own data")
    app.session_state[f"{PAGE}.own way"] = "Pasted text"
    app.session_state[f"{PAGE}.own text"] = "1000, 5\n2000, 9\n3000, 14\n4000, 18"
    answered(app)
    chart = charts(app)["contour"]["layout"]
    for axis, key in (("xaxis", "theta1"), ("yaxis", "theta2")):
        low, high = chart[axis]["range"]
        assert low <= app.session_state[f"{PAGE}.{key}"] <= high
    assert app.session_state[f"{PAGE}.rate"] < 1e-6


def test_another_model_brings_its_own_start():
    app = lesson(PAGE)
    app.selectbox(key=f"{PAGE}.model").set_value("two_weight_chain")
    answered(app)
    start = [app.session_state[f"{PAGE}.{key}"] for key in ("theta1", "theta2")]
    assert start == list(SURFACES["two_weight_chain"].start)


def test_targets_of_the_linear_neuron_are_not_taken_over_by_the_logistic_one():
    app = lesson(PAGE, model="Linear neuron", data="Your own data", held="false")
    app.session_state[f"{PAGE}.own way"] = "Pasted text"
    app.session_state[f"{PAGE}.own text"] = "0,1,3\n1,0,-2\n1,2,1"
    answered(app)
    assert not app.warning
    app.selectbox(key=f"{PAGE}.model").set_value("logistic_neuron")
    answered(app)
    assert [warning.value for warning in app.warning] == [
        "Row 1: the target must be 0 or 1 (a class), but it is 3.",
        "Row 2: the target must be 0 or 1 (a class), but it is -2.",
    ]
    assert set(charts(app)) == {"data", "surface", "contour"}


# Under the hand

CASES = {
    "a line": {"model": "Line"},
    "a line, nothing held out": {"model": "Line", "held": "false"},
    "a curve": {"model": "Tanh neuron", "rule": "Adam"},
    "two weights": {"model": "Two weights in a chain", "rule": "Momentum"},
    "classes": {"model": "Logistic neuron", "rule": "Adagrad"},
    "a diagonal": {"model": "Linear neuron"},
}


@pytest.mark.parametrize("view", PICTURES)
@pytest.mark.parametrize("case", CASES)
def test_what_follows_the_hand_is_what_the_server_draws(case, view):
    app = lesson(PAGE, **CASES[case], view=view)
    before = canvas_of(app)
    (rate,) = before.live["sliders"]
    for factor in (0.2, 1.5):
        number = next(one for one in rate["numbers"] if one > factor * rate["default"])
        assert_hand_agrees(app, {"rate": number}, {f"{PAGE}.rate": number})
    frame = [before.figures["contour"]["layout"][axis]["range"] for axis in ("xaxis", "yaxis")]
    for share in (0.3, 0.97):
        moved = {f"start{place}": low + share * (high - low) for place, (low, high) in enumerate(frame, start=1)}
        state = {f"{PAGE}.theta{place}": moved[f"start{place}"] for place in (1, 2)}
        assert_hand_agrees(app, moved, state)


@pytest.mark.parametrize("case", CASES)
def test_the_arrows_at_the_weights_follow_the_hand(case):
    app = lesson(PAGE, **CASES[case])
    moved = {"start1": 0.7, "start2": -1.2}
    by_hand = painted(canvas_of(app), moved)["pictures"]["contour"]["arrows"]
    app.session_state[f"{PAGE}.theta1"], app.session_state[f"{PAGE}.theta2"] = 0.7, -1.2
    served = charts(answered(app))["contour"]["layout"]["annotations"]
    assert len(by_hand) == len(served) == 2
    for arrow, note in zip(by_hand, served, strict=True):
        assert (*arrow["from"], *arrow["to"]) == pytest.approx((note["ax"], note["ay"], note["x"], note["y"]))


def test_the_answers_of_the_moment_follow_the_hand():
    canvas = canvas_of(lesson(PAGE, model="Tanh neuron", held="false", rule="Adam"))
    rate = canvas.live["sliders"][0]["value"]
    path = run(OPTIMIZERS["Adam"](learning_rate=rate), SURFACES["tanh_neuron"], (2.0, 1.0), 5)
    for update in (0, 5):
        (curve,) = painted(replace(canvas, steps=update), {"start1": 2.0, "start2": 1.0})["pictures"]["data"]["traces"]
        answers = NEURONS["tanh_neuron"].predict(path.theta[update], np.array([curve["x"]]))
        np.testing.assert_allclose(curve["y"], answers, rtol=1e-9)


def test_a_long_run_follows_with_the_updates_that_are_drawn():
    app = pressed(lesson(PAGE), "The lecture: 1e-6 crawls faster")
    (rate,) = canvas_of(app).live["sliders"]
    number = max(one for one in rate["numbers"] if one < rate["value"])
    by_hand = painted(canvas_of(app), {"rate": number})["pictures"]
    updates = numbers(trace(charts(app)["error"], "training error")["x"]).astype(int)
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=number), SURFACES["line_fit"], (-120, -4), 100_000)
    (drawn,) = [one for one in by_hand["contour"]["traces"] if one["name"] == "Gradient descent"]
    np.testing.assert_allclose([drawn["x"], drawn["y"]], path.theta[updates].T, rtol=1e-9)
    (error,) = [one for one in by_hand["error"]["traces"] if one["name"] == "training error"]
    np.testing.assert_allclose(error["x"], updates)
    np.testing.assert_allclose(error["y"], path.loss[updates] / 10, rtol=1e-9)


def test_what_waits_for_the_server_is_hidden():
    shown = charts(lesson(PAGE, model="Linear neuron", view=LEARN))
    traces = [trace for chart in shown.values() for trace in chart["data"]]
    waiting = [trace["name"] for trace in traces if "waits" in (trace.get("meta") or {})]
    assert waiting == ["examples", "lowest held-out error"]
