"""A + in a link that was typed by hand arrives as a space: the page says so, and lets the person choose."""

import pytest

from surfaces.syntax import plus_for_spaces
from tests.lesson_pages import lesson
from tests.playground import answered, opened, settings_of, warnings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("arrived", "meant"),
    [
        ("x^2   y^2", "x^2 + y^2"),
        ("x^2 y^2", "x^2 + y^2"),
        ("x^2   3 y^2", "x^2 + 3 y^2"),
        ("x^2 3xy", "x^2 + 3xy"),
        ("sin(x) |y|", "sin(x) + |y|"),
        ("x", None),
        ("x^2 + y", None),
        ("a x^2 + b y^2", None),
        ("x^2 ln(x^2)+y^2", None),
        ("x * y", None),
        ("sin x", None),
        ("x^2   (", None),
        ("", None),
        ("x y" * 1000, None),
    ],
)
def test_spaces_between_factors_may_have_been_plus_signs(arrived, meant):
    assert plus_for_spaces(arrived) == meant


def notes(app) -> str:
    return " ".join(note.value for note in app.info)


def test_a_typed_formula_is_asked_for():
    app = lesson("own_surface", formula="x^2   y^2")
    assert "`x^2 y^2` or as `x^2 + y^2`" in notes(app)
    app.button(key="own_surface.formula as x^2 + y^2").click()
    app = answered(app)
    assert app.session_state["own_surface.formula"] == "x^2 + y^2"
    assert "address" not in notes(app)


def test_the_first_reading_may_stay():
    app = lesson("own_surface", formula="x^2 y^2")
    app.button(key="own_surface.formula as x^2 y^2").click()
    app = answered(app)
    assert app.session_state["own_surface.formula"] == "x^2 y^2"
    assert "address" not in notes(app)


def test_a_formula_that_can_only_be_read_with_plus_is_offered():
    app = opened({"surface": "= x^2   3 y^2 @ -1, 1, -1, 1"})
    assert "only with +: as `x^2 + 3 y^2`" in notes(app)
    app.button(key="surface as x^2 + 3 y^2").click()
    app = answered(app)
    assert settings_of(app).surface == "= x^2 + 3 y^2 @ -1, 1, -1, 1"
    assert warnings(app) == []


def test_a_lesson_asks_too_and_a_whole_link_is_not_asked_about():
    app = lesson("learning_rate", surface="= x^2   y^2")
    app.button(key="learning_rate.surface as x^2 + y^2").click()
    assert answered(app).session_state["learning_rate.surface"] == "= x^2 + y^2"
    assert "address" not in notes(lesson("learning_rate", surface="= x^2 + y^2"))


def test_a_formula_that_only_its_spaces_make_readable_is_not_asked_about():
    app = opened({"surface": "= 1e100 x"})
    assert "address" not in notes(app)
