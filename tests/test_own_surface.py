"""The page on which a formula is typed: what it shows, what it says, and that nothing typed does harm."""

import numpy as np
import pytest

from surfaces import parse
from surfaces.names import is_typed
from tests.formulas import HOSTILE
from tests.hands import assert_hand_agrees, canvas_of
from tests.lesson_pages import lesson
from tests.playground import answered, charts, field, numbers, table, trace, warnings

pytestmark = pytest.mark.slow

KEY = "own_surface"
SIDES = ("left", "right", "bottom", "top")


@pytest.fixture(scope="module")
def page():
    return lesson(KEY)


def typed(app, text: str):
    """The same session after this text was typed."""
    app.text_input(key=f"{KEY}.formula").set_value(text)
    return answered(app)


def latex(app) -> list[str]:
    return [element.value for element in app.latex]


def words(app) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.info))


FORMULAS = ["x^2 + 3xy", "(x^2+y-11)^2+(x+y^2-7)^2", "ln(w) + b^2", "|x| + |y|", "1/x", "e^(-x^2)", "w1 w2", "x", "x^y"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_shown_with_its_exact_derivatives(page, text):
    app = typed(page, text)
    surface = parse(text)
    assert warnings(app) == []
    assert surface.latex in latex(app)[0]
    assert "nabla" in latex(app)[1]
    assert "H = " in latex(app)[2]
    assert "agrees" in words(app)
    shown = charts(app)
    assert set(shown) == {"surface", "contour", "loss"}
    map_of = trace(shown["contour"], "surface")
    true = surface.value(np.stack(np.meshgrid(map_of["x"], map_of["y"])))
    np.testing.assert_array_equal(np.isfinite(numbers(map_of["z"])), np.isfinite(true))


def test_a_new_formula_brings_its_own_place(page):
    app = typed(page, "(x - 100)^2 + y^2")
    assert app.session_state[f"{KEY}.left"] < 100 < app.session_state[f"{KEY}.right"]
    app = typed(page, "x^2 + y^2")
    assert app.session_state[f"{KEY}.right"] < 10


def test_the_domain_can_be_changed_and_travels_in_the_name(page):
    app = typed(page, "x^2 + y^2")
    field(app, f"{KEY}.right").set_value("7,5")
    answered(app)
    assert charts(app)["contour"]["layout"]["xaxis"]["range"] == [-2, 7.5]
    (name,) = [name for name in app.session_state["_typed_formulas"] if name.endswith("@ -2, 7.5, -2, 2")]
    assert is_typed(name)


@pytest.mark.parametrize("value", [1e308, -1e308, -2.0, -2.5, 1e7])
def test_a_domain_that_cannot_be_drawn_is_a_sentence(page, value):
    app = typed(page, "x^2 + 2y^2")
    field(app, f"{KEY}.right").set_value(repr(value))
    answered(app)
    assert len(warnings(app)) == 1
    assert charts(app)["contour"]["layout"]["xaxis"]["range"] == [-2, 2]
    typed(page, "x^2 + y^2")


@pytest.mark.parametrize("value", ["nan", "-inf", "1e308", "", "x", "__import__('os')"])
def test_nonsense_in_the_link_costs_nothing_else(value):
    names = (*SIDES, "theta1", "theta2", "rate", "updates")
    app = lesson(KEY, formula="x^2 + 5y^2", **dict.fromkeys(names, value))
    assert len(charts(app)) == 3
    assert parse("x^2 + 5y^2").latex in latex(app)[0]
    assert len(warnings(app)) == (2 if value == "1e308" else 7)


def test_the_critical_points_are_listed_with_their_kind(page):
    app = typed(page, "(x^2+y-11)^2+(x+y^2-7)^2")
    rows = table(app)
    assert [kind for kind, *_ in rows] == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    assert "(3, 2)" in [place for _, place, _ in rows]


def test_a_failed_formula_leaves_the_last_good_picture_standing(page):
    app = typed(page, "x^2 + 17y^2")
    before = charts(app)
    app = typed(page, "x^2 + sn(y)")
    assert len(warnings(app)) == 1
    assert "sn" in warnings(app)[0]
    assert app.code[0].value.split("\n")[1].strip() == "^^"
    assert charts(app) == before
    assert "last formula" in warnings(app)[0]


def test_hostile_formulas_are_sentences(page):
    # No browser sends half a character.
    whole = [text for text in HOSTILE if text.encode(errors="ignore").decode() == text]
    for text in whole[::12]:
        app = typed(page, text[:400])
        assert len(warnings(app)) == 1, text
        assert len(charts(app)) == 3


def test_where_there_are_gaps_and_corners_is_said(page):
    assert "real only where" in words(typed(page, "ln(x) + y^2"))
    assert "slope jumps" in words(typed(page, "|x| + y^2"))
    assert "divides by zero" in words(typed(page, "1/x + y"))
    assert "w is θ₁, b is θ₂" in words(typed(page, "w^2 + b^2"))


def test_a_formula_comes_by_the_link_and_is_checked_again():
    app = lesson(KEY, formula="x^2 - 3 y^2")
    assert parse("x^2 - 3 y^2").latex in latex(app)[0]
    assert warnings(app) == []
    app = lesson(KEY, formula="__import__(1)", left="nan")
    assert 1 <= len(warnings(app)) <= 2
    assert len(charts(app)) == 3


def test_every_button_sets_what_it_promises(page):
    keys = [button.key for button in page.button if f"{KEY}.try" in (button.key or "")]
    assert len(keys) >= 2
    for key in keys:
        button = page.button(key=key)
        promise = button.help
        button.click()
        app = answered(page)
        assert warnings(app) == []
        assert promise in words(app)
        assert len(charts(app)) == 3


def test_the_formula_appears_in_the_other_selectors():
    app = typed(lesson(KEY), "x^2 + 23y^2")
    app.switch_page("pages/playground/descent.py")
    answered(app)
    assert "= x^2 + 23y^2" in app.selectbox(key="surface").options
    app.selectbox(key="surface").set_value("= x^2 + 23y^2")
    answered(app)
    assert app.query_params["surface"] in ("= x^2 + 23y^2", ["= x^2 + 23y^2"])
    app.switch_page("pages/practice/learning_rate.py")
    answered(app)
    boxes = [box for box in app.selectbox if "= x^2 + 23y^2" in box.options]
    assert boxes


def offered_on(app, page: str) -> list[str]:
    """The typed formulas in the selector of another page, which is opened."""
    app.switch_page(f"pages/practice/{page}.py")
    (surface,) = [box for box in answered(app).selectbox if box.label == "Surface"]
    return [option for option in surface.options if is_typed(option)]


def test_what_is_half_typed_fills_no_selector_and_the_last_formula_is_on_top():
    app = lesson(KEY)
    for text in ("x", "x^2", "x^2 +", "x^2 + 7", "x^2 + 7y^2", "x^2 + 7y^2 -"):
        app = typed(app, text)
    known = offered_on(app, "learning_rate")
    assert known[0] == "= x^2 + 7y^2"
    assert not {"= x", "= x^2", "= x^2 + 7"} & set(known)


def test_a_formula_that_was_used_stays_in_the_selectors():
    app = typed(lesson(KEY), "x^2 + 3y^2")
    app.slider(key=f"{KEY}.updates").set_value(50)
    app = typed(answered(app), "x^2 + 4")
    app = typed(app, "x^2 + 4y^4")
    assert offered_on(app, "learning_rate")[:2] == ["= x^2 + 4y^4", "= x^2 + 3y^2"]


# Under the hand


@pytest.mark.parametrize(
    "text",
    [
        "x^4/4 - 2x^2 + x/2 + y^2",
        "sqrt(x) + |y - 1|",
        "ln(w) + b^2",
        "(x^2 if x > 0 else -x) + y^2",
        "a x^2 + y^2; a = 3",
    ],
)
def test_what_follows_the_hand_is_what_the_server_draws(page, text):
    app = typed(page, text)
    before = canvas_of(app).live
    (rate,) = before["sliders"]
    assert rate["key"] == f"{KEY}.rate"
    assert rate["label"] == "Learning rate η"
    for factor in (0.2, 1.5):
        number = next(one for one in rate["numbers"] if one > factor * rate["default"])
        assert_hand_agrees(app, {"rate": number}, {f"{KEY}.rate": number})
    start = [before["inputs"][name] for name in ("start1", "start2")]
    app.session_state[f"{KEY}.rate"] = rate["default"]
    answered(app)
    for shift in (0.3, -0.4):
        theta = [value + shift for value in start]
        keys = {f"{KEY}.theta{place + 1}": value for place, value in enumerate(theta)}
        assert_hand_agrees(app, dict(zip(("start1", "start2"), theta, strict=True)), keys)


def test_a_run_that_is_sensitive_to_the_last_digit_says_so(page):
    app = typed(page, "sin(9x) cos(7y) + x^2 + y^2")
    app.session_state[f"{KEY}.rate"] = 0.5
    assert "sensitive to the last digit" in " ".join(one["text"] for one in canvas_of(answered(app)).live["sentences"])
    app.session_state[f"{KEY}.rate"] = 1e-3
    assert not canvas_of(answered(app)).live["sentences"]
