"""The one clock: in the state of the session, in the link, and in the words of a lesson."""

import pytest

from lessons.adagrad import INSIDE
from lessons.learning_rate import COMPARE
from lessons.moments import END, within, worked
from lessons.stuck import SADDLE
from tests.lesson_pages import lesson, said
from tests.playground import answered, warnings


def test_from_its_end_on_a_run_is_at_the_end():
    assert [within(moment, 5) for moment in (-7, END, 0, 4, 5, 6)] == [END, END, 0, 4, END, END]


def test_the_update_that_is_worked_out_is_the_one_that_led_there():
    assert [worked(moment) for moment in (0, 1, 2)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("link", "shown"),
    [({}, 59), ({"update": "4"}, 3), ({"update": "0"}, 0), ({"t": "7"}, 7), ({"t": "7", "update": "4"}, 3)],
)
def test_adagrad_works_out_the_update_of_the_clock_which_the_lecture_counts_from_0(link, shown):
    app = lesson("adagrad", view=INSIDE, **link)
    assert f"Update t = {shown}" in said(app)
    assert f"At update {shown}, " in said(app)
    assert "adagrad.t" not in app.query_params
    assert warnings(app) == []


@pytest.mark.parametrize("text", ["abc", "-1", "2.5", "500"])
def test_an_old_update_that_is_none_is_named(text):
    app = lesson("adagrad", view=INSIDE, t=text)
    assert warnings(app) == [f"The link could not be used as a whole. Ignored: `t` = `{text}`."]


@pytest.mark.parametrize(
    ("page", "choice", "option"),
    [
        ("stuck", "trap", SADDLE),
        ("feature_scaling", "model", "linear_neuron"),
        ("learning_rate", "fair", "each at its swept best"),
    ],
)
def test_where_other_runs_are_chosen_the_clock_shows_their_end(page, choice, option):
    app = lesson(page, update="4", **({"view": COMPARE} if page == "learning_rate" else {}))
    assert app.session_state[f"{page}.update"] == 4
    (widget,) = [
        widget for kind in ("selectbox", "button_group") for widget in app.get(kind) if widget.key == f"{page}.{choice}"
    ]
    widget.set_value(option)
    assert answered(app).session_state[f"{page}.update"] == END


def test_the_link_of_a_lesson_carries_its_clock_and_a_try_lets_it_show_the_end():
    app = lesson("adagrad", update="4")
    assert app.query_params["adagrad.update"] == "4"
    app.button(key="adagrad.update one update on").click().run()
    assert app.query_params["adagrad.update"] == "5"
    next(button for button in app.button if button.key.startswith("adagrad.try ")).click().run()
    assert "adagrad.update" not in app.query_params
