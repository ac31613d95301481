"""Number fields: what is typed, put there by code or carried by the link, and the number that the page uses."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from tests.lesson_pages import lesson, said
from tests.playground import answered, field, opened, settings_of, warnings

pytestmark = pytest.mark.slow


def _page(low: float, high: float, whole: bool) -> None:
    """A page with one number field, and a button that puts 2 there."""
    import streamlit as st

    from ui.fields import number_field, put_value

    complaints = st.container()
    st.button("Two", on_click=put_value, args=("k", 2))
    used = number_field(st, "Size", "k", 1, low, high, complaints=complaints, whole=whole)
    st.session_state["used"] = used


def page(low: float = -math.inf, high: float = math.inf, whole: bool = False, **link: str) -> AppTest:
    app = AppTest.from_function(_page, args=(low, high, whole))
    app.query_params = link
    return answered(app)


def typed(app: AppTest, text: str) -> AppTest:
    field(app, "k").set_value(text)
    return answered(app)


def test_a_comma_is_read_kept_and_said():
    app = typed(page(), "0,5")
    assert app.session_state["k"] == app.session_state["used"] == 0.5
    assert field(app, "k").value == "0,5"
    assert [caption.value for caption in app.caption] == ["Read as 0.5"]
    assert app.query_params == {"k": "0.5"}
    assert not app.warning


NONSENSE = ["abc", "", "1,2,3", "1e400", "0x10", "-", "NaN", "inf", "12,345", "1 2", "<b>", "$x$"]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_gets_one_sentence_and_the_last_number_stays(text):
    app = typed(typed(page(), "1.5"), text)
    assert app.session_state["k"] == app.session_state["used"] == 1.5
    assert field(app, "k").value == text
    (warning,) = warnings(app)
    assert warning.startswith("Size: ")
    assert "The page uses 1.5. Write a number" in warning
    assert app.query_params == {"k": "1.5"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [("0", "“0” is below 1"), ("4", "“4” is above 3"), ("2.5", "“2.5” is not a whole number"), ("２", "")],
)
def test_limits_and_whole_numbers(text, reason):
    app = typed(page(1, 3, whole=True), text)
    assert [warning.split(".")[0] for warning in warnings(app)] == ([f"Size: {reason}".split(".")[0]] if reason else [])
    assert app.session_state["used"] == (1 if reason else 2)
    assert isinstance(app.session_state["used"], int)
    if reason:
        assert warnings(app)[0] == f"Size: {reason}. The page uses 1. Write a whole number from 1 to 3."


@pytest.mark.parametrize("text", ["0,5", "abc", "2.0"])
def test_a_number_from_code_takes_the_place_of_what_was_typed(text):
    app = typed(page(), text)
    app.button[0].click()
    answered(app)
    assert field(app, "k").value == "2"
    assert (app.session_state["used"], app.query_params) == (2, {"k": "2"})
    assert warnings(app) == []


@pytest.mark.parametrize(("text", "number"), [("2.5", 2.5), ("−3", -3), ("0,5", 0.5), ("1e308", 1e308)])
def test_a_link_brings_a_number(text, number):
    app = page(k=text)
    assert app.session_state["used"] == number
    assert float(app.query_params["k"]) == number
    assert answered(app).session_state["used"] == number


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_in_a_link_gets_a_sentence_and_the_default(text):
    app = page(k=text)
    assert app.session_state["used"] == 1
    assert len(warnings(app)) == 1
    assert app.query_params == {}


def test_a_link_of_a_moment_ago_does_not_undo_what_was_typed():
    app = typed(page(k="5"), "6")
    app.query_params = {"k": "5"}
    assert answered(app).session_state["used"] == 6
    assert app.query_params == {"k": "6"}


@pytest.mark.parametrize("number", [math.nan, math.inf, None, "x"])
def test_what_is_no_number_in_the_session_is_the_default(number):
    app = page()
    app.session_state["k"] = number
    assert answered(app).session_state["used"] == 1
    assert field(app, "k").value == "1"


def test_a_number_beyond_the_limits_of_the_moment_is_kept_and_the_nearest_one_is_used():
    app = page(1, 10)
    app.session_state["k"] = 30.0
    assert answered(app).session_state["used"] == 10
    assert app.session_state["k"] == 30
    assert warnings(app) == ["Size: 30 cannot be used here. The page uses 10."]


def test_what_was_typed_is_shown_as_it_was_typed():
    (warning,) = warnings(typed(page(), "[a](b) $x$ <b>"))
    assert warning.startswith(r"Size: “\[a\](b) \$x\$ \<b\>” is not a number.")


def test_the_playground_reads_its_fields_and_keeps_them_over_other_pages():
    app = opened({"surface": "booth", "updates": "20"})
    for key, text in (("start1", "−0,5"), ("noise", "1e-3"), ("seed", "７")):
        field(app, key).set_value(text)
        answered(app)
    settings = settings_of(app)
    assert (settings.start[0], settings.noise, settings.seed) == (-0.5, 1e-3, 7)
    for key, text in (("start1", "left"), ("noise", "-1"), ("seed", "1.5")):
        field(app, key).set_value(text)
        answered(app)
    assert settings_of(app) == settings
    assert len(warnings(app)) == 3


def test_a_lesson_remembers_a_typed_number_when_it_is_visited_again():
    app = lesson("update_rule", theta1="2.5")
    assert app.session_state["update_rule.theta1"] == 2.5
    field(app, "update_rule.theta1").set_value("1,25")
    answered(app)
    assert "Read as 1.25" in said(app)
    app.switch_page("pages/playground/catalogue.py")
    app.query_params = {}
    answered(app)
    app.switch_page("pages/theory/update_rule.py")
    app.query_params = {}
    answered(app)
    assert app.query_params["update_rule.theta1"] == "1.25"
    assert field(app, "update_rule.theta1").value == "1.25"
