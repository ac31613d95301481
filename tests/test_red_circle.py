"""The lesson on the red circle: its five parts over every surface, what they promise, and nonsense in the link."""

import math
import re

import numpy as np
import pytest
import sympy

from browser.pictures import mesh
from figures import LIGHT, contour_map, mesh_of, surface_3d
from figures.held_circle import HELD
from figures.red_circle import circle_in_space, circle_line_in_space, circle_on_map
from figures.theme import RED_CIRCLE
from lessons.falling import changes, first_failure
from lessons.red_circle import clear_errors
from lessons.series import series, series_words
from optimizers import OPTIMIZERS, run
from optimizers.numbers import number
from surfaces import SURFACES
from surfaces.curves import CURVES, polynomial_value, x
from surfaces.steps import newton_step
from surfaces.taylor import red_circle
from tests.lesson_pages import lesson, said
from tests.pictures import assert_valid, colors, only
from tests.playground import answered, charts, field, names, numbers, trace, warnings

pytestmark = pytest.mark.slow

PARTS = ("1 One variable", "2 Two variables", "3 Inside the circle", "4 Always smaller?", "5 Second order")


@pytest.fixture(scope="module")
def apps() -> dict:
    """One session for each part, shared by all tests of this file."""
    answers = {"4": {"answer": "Yes"}}
    return {part[0]: lesson("red_circle", part=part, **answers.get(part[0], {})) for part in PARTS}


def choose(app, name: str):
    """The surface by its name, with its own start."""
    app.selectbox(key="red_circle.surface").set_value(name)
    return answered(app)


def press(app, title: str):
    """A click on the button with these words."""
    (button,) = [button for button in app.button if button.label == title]
    button.click()
    return answered(app)


def test_the_first_screen_shows_the_red_circle_and_the_sentence_that_follows():
    app = lesson("red_circle")
    assert set(charts(app)) == {"contour", "surface"}
    assert trace(charts(app)["contour"], "red circle")["line"]["color"] == RED_CIRCLE
    assert "The circle is small enough:** the plane explains 94 % of the drop." in said(app)


@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("part", "2345")
def test_every_part_works_on_every_surface(apps, part, name):
    app = choose(apps[part], name)
    surface, shown = SURFACES[name], charts(app)
    if part == "4":
        assert "the loss falls at every one of 30 updates" in said(app)
        assert set(shown) == {"contour", "loss"}
        return
    center = np.array([app.session_state[f"red_circle.{key}"] for key in ("theta1", "theta2")])
    np.testing.assert_array_equal(center, surface.start)
    radius = app.session_state["red_circle.radius"]
    order = 2 if part == "5" else 1
    circle = red_circle(surface, center, radius, order)
    rim = trace(shown["contour"], "red circle")
    distance = np.hypot(numbers(rim["x"]) - center[0], numbers(rim["y"]) - center[1])
    np.testing.assert_allclose(distance, radius, rtol=1e-4)
    best = trace(shown["contour"], "lowest point of the model")
    np.testing.assert_allclose([best["x"][0], best["y"][0]], circle.model_minimizer, rtol=1e-5, atol=1e-6)
    lowest = trace(shown["contour"], "lowest point of the loss")
    np.testing.assert_allclose([lowest["x"][0], lowest["y"][0]], circle.true_minimizer, rtol=1e-5, atol=1e-6)
    if part == "3":
        values = [metric.value for metric in app.metric]
        assert values[0] == number(float(circle.predicted_change))
        assert values[1] == number(float(circle.actual_change))


# One variable


@pytest.mark.parametrize("curve", CURVES)
def test_every_function_of_one_variable_at_every_order(apps, curve):
    app = apps["1"]
    app.selectbox(key="red_circle.curve").set_value(curve)
    answered(app)
    for order in (0, 1, 5, 10):
        app.session_state["red_circle.order1"] = order
        answered(app)
        chart = charts(app)["curve"]
        center = float(CURVES[curve].center)
        places, shown = numbers(chart["data"][3]["x"]), numbers(chart["data"][3]["customdata"])
        coefficients = CURVES[curve].coefficients(CURVES[curve].center, order)
        np.testing.assert_allclose(shown, polynomial_value(coefficients, center, places), rtol=1e-4, atol=1e-4)
        assert f"With order {order} the error is at most" in said(app)
        assert any(r"\begin{aligned}" in formula.value for formula in app.latex)


def test_the_interval_in_words_is_the_band_in_the_picture(apps):
    app = press(apps["1"], "Ten terms of the sine")
    (band,) = charts(app)["curve"]["layout"]["shapes"]
    low, high = re.search(r"from x = \*\*(\S+)\*\* to x = \*\*(\S+)\*\*", said(app)).groups()
    assert float(low.replace("−", "-")) == pytest.approx(band["x0"], abs=0.01)
    assert float(high) == pytest.approx(band["x1"], abs=0.01)
    for end in (band["x0"], band["x1"]):
        coefficients = CURVES["sine"].coefficients(math.pi / 4, 10)
        value = polynomial_value(coefficients, math.pi / 4, np.array([end]))[0]
        assert abs(math.sin(end) - value) == pytest.approx(0.1, rel=1e-3)


def test_a_centre_outside_the_picture_is_a_sentence(apps):
    app = apps["1"]
    field(app, "red_circle.center").set_value("1e308")
    answered(app)
    (warning,) = warnings(app)
    assert warning.startswith("Centre x₀: “1e308” is above")
    press(app, "Only the first two terms")
    assert warnings(app) == []


# What the parts promise


@pytest.mark.parametrize(
    ("part", "title", "words"),
    [
        ("2", "A small circle", "small enough"),
        ("2", "A big circle", "Too big"),
        ("3", "Small enough", "small enough"),
        ("3", "Shrink it until they agree", "big"),
        ("3", "Promised a drop, and rose", "the loss rose"),
        ("4", "A large step that fails", "fails first at **update"),
        ("4", "A small step that holds", "The second run holds too"),
        ("5", "Newton wins", "**is** the lowest point"),
        ("5", "Newton climbs", "a hilltop"),
        ("5", "Far from the minimum", "leaves the circle"),
    ],
)
def test_a_button_shows_what_it_says(apps, part, title, words):
    assert words in said(press(apps[part], title))


def test_newton_wins_climbs_and_misleads_as_the_buttons_say():
    for name, center, falls in (
        ("ellipse", (-3, 0.5), True),
        ("himmelblau", (-0.5, -1), False),
        ("styblinski_tang", (1.9, 1.9), False),
    ):
        surface, center = SURFACES[name], np.array(center, dtype=float)
        after = center + newton_step(surface.gradient(center), surface.hessian(center))
        assert (surface.value(after) < surface.value(center)) == falls


def test_the_slopes_are_printed(apps):
    app = press(apps["3"], "Small enough")
    first, second = map(float, re.findall(r"slope \*\*(\d\.\d\d)\*\*", said(app)))
    assert first == pytest.approx(2, abs=0.1)
    assert second == pytest.approx(3, abs=0.1)
    assert f"plane, slope {first:.2f}" in names(charts(app)["error"])
    press(app, "Shrink it until they agree")
    app.selectbox(key="red_circle.surface").set_value("bowl")
    assert "no slope for the quadratic" in said(answered(app))


def test_before_the_answer_there_is_only_the_question():
    app = lesson("red_circle", part=PARTS[3])
    assert charts(app) == {}
    app.radio(key="red_circle.answer").set_value("No")
    assert set(charts(answered(app))) == {"contour", "loss"}
    assert "Right: it is not." in said(app)
    app.radio(key="red_circle.answer").set_value("Yes")
    assert "Look again." in said(answered(app))


def test_the_first_update_that_fails_has_its_circle(apps):
    app = press(apps["4"], "A large step that fails")
    rate, surface = app.session_state["red_circle.rate"], SURFACES["himmelblau"]
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=rate), surface, (-2.0, -1.0), 30)
    failed = first_failure(changes(surface, path))
    assert path.loss[failed] > path.loss[failed - 1]
    assert (np.diff(path.loss[:failed]) < 0).all()
    assert f"**update {failed}**" in said(app)
    rim = trace(charts(app)["contour"], "red circle")
    distance = np.hypot(numbers(rim["x"]) - path.theta[failed - 1, 0], numbers(rim["y"]) - path.theta[failed - 1, 1])
    np.testing.assert_allclose(distance, np.hypot(*(path.theta[failed] - path.theta[failed - 1])), rtol=1e-4)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"surface": "Bowl", "rate": "1"}, "it fails first at **update 1**: the loss stays at"),
        ({"surface": "Bowl", "rate": "0.5"}, "the loss falls up to update 1, and then no more than rounding is left"),
        ({"surface": "Bowl", "rate": "10"}, "it fails first at **update 1**: the loss rises from"),
        ({"surface": "Bowl", "rate": "0.1", "theta1": "0", "theta2": "0"}, "no update changes the loss"),
        ({"surface": "Rosenbrock", "rate": "10", "theta1": "50", "theta2": "90"}, "it fails first at **update 1**"),
    ],
)
def test_what_the_second_run_does_is_what_is_said(link, words):
    text = said(lesson("red_circle", part=PARTS[3], answer="No", **link))
    assert words in text
    held = "With η = 10 no update" if link.get("theta1") == "0" else "the loss falls at every one of 30 updates"
    assert held in text


# One variable, around any centre


@pytest.mark.parametrize(
    ("curve", "center", "words", "others"),
    [
        ("cosine_wave", 0.0, "every other term is zero", "Further out"),
        ("cosine_wave", 1.0, "Good everywhere", "every other term"),
        ("sine", 0.0, "every other term is zero", "Further out"),
        ("bell", 0.0, "Between x = −1 and x = 1 a high order", "zzz"),
        ("bell", 1.5, "Between x = −0.303 and x = 3.3 a high order", "every other term"),
        ("logarithm", 0.5, "Between x = −1 and x = 2 a high order", "Good everywhere"),
    ],
)
def test_the_line_on_a_series_is_that_of_its_centre(curve, center, words, others):
    text = series_words(series(CURVES[curve], center, 5, 0.1))
    assert words in text
    assert others not in text


@pytest.mark.parametrize("name", CURVES)
def test_inside_its_reach_a_high_order_is_good_and_outside_it_gets_worse(name):
    curve = CURVES[name]
    for center in (float(curve.center), 0.3):
        reach = min(float(curve.reach.subs(x, center)), 1.0)
        errors = [
            np.abs(series(curve, center, order, 0.1).error(np.array([center + 0.8 * reach]))) for order in (2, 30)
        ]
        assert errors[1] < max(1e-2 * errors[0], 1e-9)
        if curve.reach != sympy.oo:
            outside = np.array([center + 1.3 * float(curve.reach.subs(x, center))])
            errors = [np.abs(series(curve, center, order, 0.1).error(outside)) for order in (8, 30)]
            assert errors[1] > 10 * errors[0]


def test_the_error_of_an_exact_quadratic_is_not_drawn_from_rounding():
    radii = np.logspace(-3, 1, 41)
    for name in ("booth", "bowl", "matyas", "line_fit"):
        surface = SURFACES[name]
        for center in (surface.minima[0], surface.start):
            errors, slope = clear_errors(surface, np.asarray(center), radii, 2)
            assert np.isnan(errors).all(), name
            assert np.isnan(slope)


# Nonsense


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "link",
    [
        {"radius": "nan", "theta1": "inf", "theta2": "1e308", "order": "7", "surface": "nope", "answer": "Perhaps"},
        {"theta1": "1e308", "theta2": "-1e308", "radius": "1e308", "center": "1e308", "order1": "99", "rate": "10"},
        {"radius": "-1", "curve": "<b>", "tolerance": "0", "center": "nan", "order": "", "rate": "x", "answer": "Yes"},
    ],
)
def test_nonsense_in_the_link_leaves_a_whole_page(part, link):
    app = lesson("red_circle", part=part, **link)
    assert said(app)


@pytest.mark.parametrize("part", "235")
def test_at_a_minimum_the_plane_is_flat_and_the_page_says_so(apps, part):
    app = apps[part]
    app.selectbox(key="red_circle.surface").set_value("bowl")
    answered(app)
    for coordinate in ("theta1", "theta2"):
        field(app, f"red_circle.{coordinate}").set_value("0")
    answered(app)
    if part == "5":
        assert "promised" not in said(app)
    else:
        assert "There is no plane to follow here" in said(app)
    app.selectbox(key="red_circle.surface").set_value("himmelblau")
    answered(app)


def test_a_point_outside_the_picture_is_named():
    app = lesson("red_circle", surface=SURFACES["line_fit"].title)
    assert "The point lies outside the picture." in said(app)
    app.selectbox(key="red_circle.surface").set_value("booth")
    assert "outside the picture" not in said(answered(app))


# The figures


@pytest.mark.parametrize("order", [1, 2])
def test_the_circles_traces_are_valid_and_the_models_lines_stay_inside(order):
    surface, center, radius = SURFACES["himmelblau"], np.array([0.0, 2.5]), 1.3
    circle = red_circle(surface, center, radius, order)
    ground = mesh_of(surface)
    flat = contour_map(surface, ground, {}, LIGHT, overlays=circle_on_map(surface, circle))
    solid = surface_3d(surface, ground, {}, LIGHT, overlays=circle_in_space(surface, ground, circle), opacity=0.7)
    assert_valid(flat)
    assert_valid(solid)
    lines = only(flat, "model's level lines")
    distance = np.hypot(lines.x - center[0], lines.y - center[1])
    assert np.nanmax(distance) <= radius * (1 + 1e-9)
    patch = only(solid, "model")
    step = np.stack([patch.x, patch.y]) - center[:, None]
    change = surface.gradient(center) @ step
    if order == 2:
        change = change + 0.5 * (step * (surface.hessian(center) @ step)).sum(axis=0)
    np.testing.assert_allclose(patch.customdata, surface.value(center) + change, rtol=1e-12)
    assert np.hypot(*step).max() <= radius * (1 + 1e-9)
    corners = np.stack([patch.i, patch.j, patch.k])
    assert set(corners.ravel()) == set(range(len(patch.x)))


def test_red_belongs_to_the_circle_alone():
    surface = SURFACES["booth"]
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.05), surface, surface.start, 5)
    plain = contour_map(surface, mesh_of(surface), {"GradientDescent": path}, LIGHT)
    assert RED_CIRCLE not in colors(plain)


def test_far_outside_the_picture_the_line_in_space_is_left_out():
    surface = SURFACES["booth"]
    line = circle_line_in_space(surface, mesh_of(surface), np.array([1e6, 0.0]), 5.0)
    assert np.isnan(line["x"]).all()


@pytest.mark.parametrize("source", [None, HELD])
def test_neither_disc_nor_walls_hide_the_marks_of_a_circle_in_space(source):
    surface = SURFACES["himmelblau"]
    circle = red_circle(surface, (-2.0, -1.0), 1.0)
    traces = circle_in_space(surface, mesh("himmelblau", "true"), circle, source)
    marks = [trace for trace in traces if trace.get("mode") == "markers"]
    assert len(marks) == 3
    assert all(mark["meta"]["above"] for mark in marks)
