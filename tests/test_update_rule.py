"""The lesson on the update rule: the numbers in the formula are those of the run, on every surface."""

import re

import numpy as np
import pytest

from lessons.update_rule import arrows_in_words, in_words
from optimizers import OPTIMIZERS, run
from optimizers.numbers import number
from surfaces import SURFACES, parse
from tests.hands import assert_hand_agrees, canvas_of, painted
from tests.lesson_pages import lesson, said
from tests.playground import answered, charts, field, names, numbers, trace, warnings


@pytest.fixture(scope="module")
def app():
    return lesson("update_rule")


def press(app, label: str):
    (button,) = [button for button in app.button if button.label == label]
    button.click()
    return answered(app)


def set_rate(app, rate: float):
    app.session_state["update_rule.learning_rate"] = rate
    return answered(app)


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_the_numbers_in_the_formula_are_those_of_the_run(app, name):
    app.selectbox(key="update_rule.surface").set_value(name)
    answered(app)
    press(app, "Back to the start")
    for _ in range(2):
        press(app, "One update")
    rate = app.session_state["update_rule.learning_rate"]
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=rate), SURFACES[name], SURFACES[name].start, 3)
    dots = numbers(trace(charts(app)["contour"], "Gradient descent")["customdata"])
    if len(dots):
        np.testing.assert_allclose(dots[-1, 1:3], path.theta[int(dots[-1, 0])], rtol=1e-6, atol=1e-9)
    words = re.sub("<[^>]*>", "", said(app)).replace("−", "-")
    assert "Update 3, with the numbers put in:" in words
    for value in (*path.theta[2], *path.gradient[2], *path.theta[3]):
        assert number(value, 5).replace("−", "-") in words


@pytest.mark.parametrize(
    ("start", "rate", "words"),
    [
        ((-4, 3), 0.1, "Lime arrow"),
        ((-4, 3), 1e-3, "The next step −η ∇L is 0.01 long: too short to be seen"),
        ((-40, 3), 0.1, "outside the map"),
        ((0, 0), 0.1, "no next step"),
    ],
)
def test_arrows_are_spoken_of_as_they_are_seen(start, rate, words):
    bowl = SURFACES["bowl"]
    assert words in arrows_in_words(bowl, run(OPTIMIZERS["GradientDescent"](learning_rate=rate), bowl, start, 1))


def test_one_update_at_a_time_and_back(app):
    press(app, "Back to the start")
    assert app.session_state["update_rule.updates"] == 0
    press(app, "One update")
    assert app.session_state["update_rule.updates"] == 1
    app.session_state["update_rule.updates"] = 30
    answered(app)
    press(app, "One update")
    assert app.session_state["update_rule.updates"] == 30


def test_the_words_follow_the_loss(app):
    press(app, "Careful steps")
    assert "The loss falls with this update" in said(app)
    press(app, "Too large an amount")
    assert "The loss rises with this update" in said(app)
    press(app, "Straight to the minimum")
    assert "to **0**" in said(app)
    press(app, "One update")
    assert "The gradient is zero here" in said(app)
    app.selectbox(key="update_rule.surface").set_value("rosenbrock")
    app.session_state["update_rule.updates"] = 30
    answered(app)
    set_rate(app, 10.0)
    assert "too large for the computer" in said(app)
    press(app, "Careful steps")


def words_on(surface, rate, start, updates=1):
    return in_words(surface, run(OPTIMIZERS["GradientDescent"](learning_rate=rate), surface, start, updates))


@pytest.mark.parametrize(
    ("surface", "rate", "start", "words"),
    [
        (SURFACES["bowl"], 1.0, (3, 1), "The loss stays at **10**. The step was too long"),
        (SURFACES["bowl"], 1e-17, (3, 1), "The loss stays at **10**: this step is too small"),
        (SURFACES["bowl"], 1e-8, (3, 1), "falls with this update, from 10 to **9.9999996**"),
        (SURFACES["bowl"], 1.1, (3, 1), "rises with this update, from 10 to **14.4**"),
        (parse("x^2 + y^2 + 1"), 0.45, (1e-9, 1e-9), "this step is too small to change more than the last digit"),
        (parse("ln(x) + y^2"), 0.5, (0.5, 0), "the step led to (−0.5, 0), where the loss has no value"),
    ],
)
def test_an_update_is_called_what_it_is(surface, rate, start, words):
    assert words in words_on(surface, rate, start)


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_after_convergence_no_step_is_called_too_long(name):
    surface = SURFACES[name]
    if surface.subgradients or not surface.minima:
        return
    steepest = np.linalg.eigvalsh(surface.hessian(surface.minima[0]))[-1]
    for updates in (1, 50, 400):
        assert "too long" not in words_on(surface, 0.5 / max(steepest, 1), surface.minima[0] + 1e-7, updates)


def test_every_symbol_of_every_formula_is_explained(app):
    formulas = [part.proto.body for part in app.get("html") if "class='formula'" in part.proto.body]
    assert len(formulas) == 2
    for html in formulas:
        assert html.count("class='symbol'") == html.count("class='symbol-tip'") > 4
    code = [block.value for block in app.code]
    assert any("theta = theta - learning_rate * gradient" in text for text in code)


@pytest.mark.parametrize(
    "link",
    [
        {"learning_rate": "nan", "updates": "1e9", "theta1": "inf", "surface": "nope"},
        {"theta1": "1e308", "theta2": "-1e308"},
        {"theta1": "", "theta2": "x", "learning_rate": "<b>", "updates": "-3"},
    ],
)
def test_nonsense_in_the_link_leaves_a_whole_page(link):
    app = lesson("update_rule", **link)
    assert set(charts(app)) == {"contour", "surface"}
    assert "start" in names(charts(app)["contour"])


@pytest.mark.parametrize("value", ["nan", "inf", "1e308"])
def test_a_point_that_is_no_point_leaves_a_whole_page(app, value):
    field(app, "update_rule.theta1").set_value(value)
    answered(app)
    assert set(charts(app)) == {"contour", "surface"}
    app.session_state["update_rule.theta2"] = float(value)
    answered(app)
    assert set(charts(app)) == {"contour", "surface"}
    press(app, "Careful steps")
    assert warnings(app) == []


# Under the hand


@pytest.mark.parametrize(
    ("surface", "moved"),
    [
        ("himmelblau", {"rate": 0.02}),
        ("himmelblau", {"updates": 7}),
        ("himmelblau", {"updates": 0}),
        ("himmelblau", {"start1": 1.5, "start2": 0.5}),
        ("himmelblau", {"start1": 4.9, "start2": -4.9}),
        ("saddle", {"start1": 0.01, "start2": 2.0}),
        ("hills", {"rate": 0.1, "updates": 12}),
        ("line_fit", {"start1": 1.0, "start2": 0.5, "updates": 5}),
        ("tanh_neuron", {"start1": 1.0, "start2": 0.5, "updates": 5}),
        ("ackley", {"rate": 0.5}),
    ],
    ids=str,
)
def test_path_and_arrows_follow_rate_updates_and_start(surface, moved):
    app = lesson("update_rule", surface=SURFACES[surface].title, updates="3")
    keys = {"rate": "learning_rate", "updates": "updates", "start1": "theta1", "start2": "theta2"}
    arrows = painted(canvas_of(app), moved)["pictures"]["contour"]["arrows"]
    after = assert_hand_agrees(app, moved, {f"update_rule.{keys[name]}": value for name, value in moved.items()})
    notes = after.figures["contour"]["layout"]["annotations"]
    assert len(arrows) == len(notes) == 2
    for arrow, note in zip(arrows, notes, strict=True):
        ends = [note["ax"], note["ay"], note["x"], note["y"]]
        assert [*arrow["from"], *arrow["to"]] == pytest.approx(ends, rel=1e-6, abs=1e-6)


def test_a_run_that_diverges_under_the_hand_has_no_arrow_in_the_picture():
    canvas = canvas_of(lesson("update_rule", updates="20"))
    arrows = painted(canvas, {"rate": 1.0})["pictures"]["contour"]["arrows"]
    assert all(max(map(abs, arrow["from"])) > 100 for arrow in arrows)
