"""Sliders of a canvas: their value in the session, in the link and among their positions."""

import pytest
from streamlit.testing.v1 import AppTest

from lessons.rates import nearest_rate, rate_on, rates_on
from tests.playground import answered


def _page(numbers: tuple, default: float) -> None:
    """A page with one slider, and a button that puts 0.5 there."""
    import streamlit as st

    from ui.fields import note_page, put_value
    from ui.sliders import live_slider

    note_page(st.query_params.get("page", "here"))
    st.button("Half", on_click=put_value, args=("k", 0.5))
    st.session_state["slider"] = vars(live_slider("Size", "k", numbers, default, name="size"))


def page(numbers: tuple = (0.1, 0.2, 1.0), default: float = 0.2, **link: str) -> AppTest:
    app = AppTest.from_function(_page, args=(numbers, default))
    app.query_params = link
    return answered(app)


def value(app: AppTest) -> float:
    slider = app.session_state["slider"]
    assert slider["value"] == app.session_state["k"]
    assert slider["value"] in slider["numbers"]
    return slider["value"]


def put(app: AppTest, number: float) -> AppTest:
    app.session_state["k"] = number
    return answered(app)


def test_the_default_is_no_part_of_the_link_and_any_other_value_is():
    app = page()
    assert (value(app), app.query_params) == (0.2, {})
    assert (value(put(app, 1.0)), app.query_params) == (1.0, {"k": "1"})
    assert (value(put(app, 0.2)), app.query_params) == (0.2, {})


@pytest.mark.parametrize(("text", "number"), [("1", 1.0), ("0.2", 0.2), ("0.15", 0.15), ("0,15", 0.15), ("1e-1", 0.1)])
def test_a_number_of_the_link_has_a_place_of_its_own(text, number):
    assert value(page(k=text)) == number


@pytest.mark.parametrize("text", ["abc", "", "0.05", "1.5", "nan", "1e400", "9" * 1000])
def test_what_the_slider_does_not_reach_or_nobody_can_read_is_not_taken(text):
    app = page(k=text)
    assert (value(app), app.query_params) == (0.2, {})


def test_a_value_from_code_has_a_place_of_its_own_and_goes_into_the_link():
    app = page()
    app.button[0].click()
    assert (value(answered(app)), app.query_params) == (0.5, {"k": "0.5"})
    assert app.session_state["slider"]["numbers"] == (0.1, 0.2, 0.5, 1.0)


def test_whole_numbers_stay_whole():
    app = page((1, 2, 3), 2, k="3.0")
    assert isinstance(value(app), int)
    assert all(isinstance(number, int) for number in app.session_state["slider"]["numbers"])
    assert value(page((1, 2, 3), 2, k="2.5")) == 2


def test_a_late_link_does_not_undo_what_was_moved_since():
    app = put(page(k="0.1"), 1.0)
    app.query_params = {"k": "0.1"}
    assert value(answered(app)) == 1.0


def test_a_link_that_somebody_brings_to_another_page_is_read():
    app = put(page(k="0.1"), 1.0)
    app.query_params = {"k": "0.1", "page": "there"}
    assert value(answered(app)) == 0.1


def _rate_page(surface: str, default: float | None) -> None:
    import streamlit as st

    from ui.sliders import live_rate_slider

    st.session_state["slider"] = vars(live_rate_slider("Learning rate η", "page.rate", surface, default))


@pytest.mark.parametrize("surface", ["booth", "rosenbrock", "= 1e6 x^2 + y^2"])
def test_a_learning_rate_is_on_the_scale_of_its_surface(surface):
    suited = answered(AppTest.from_function(_rate_page, args=(surface, None)))
    assert suited.session_state["slider"]["numbers"] == rates_on(surface)
    assert value_of_rate(suited) == rate_on(surface)
    given = answered(AppTest.from_function(_rate_page, args=(surface, 0.0301)))
    assert value_of_rate(given) == nearest_rate(0.0301, rates_on(surface))


def value_of_rate(app: AppTest) -> float:
    slider = app.session_state["slider"]
    assert (slider["name"], slider["key"]) == ("rate", "page.rate")
    assert slider["value"] == slider["default"] == app.session_state["page.rate"]
    return slider["value"]
