"""The frame of a lesson: what it says of a link that brings what no widget can take."""

import pytest

from tests.lesson_pages import lesson
from tests.playground import answered, warnings

NONSENSE = ["abc", "1e308", "-5", "nan", "1e400", ""]


@pytest.mark.parametrize("text", NONSENSE)
@pytest.mark.parametrize(
    ("page", "name"), [("update_rule", "learning_rate"), ("update_rule", "surface"), ("neuron_surface", "held")]
)
def test_a_part_of_a_link_that_no_widget_takes_is_named(page, name, text):
    app = lesson(page, **{name: text})
    (warning,) = warnings(app)
    assert f"`{name}` = {f'`{text}`' if text else 'nothing'}." in warning
    assert warnings(answered(app)) == [warning]


def test_all_parts_that_cannot_be_used_share_one_sentence_and_a_try_ends_it():
    app = lesson("update_rule", learning_rate="abc", updates="nan", surface="x`[a](b)$")
    (warning,) = warnings(app)
    assert warning == (
        "The link could not be used as a whole. "
        "Ignored: `learning_rate` = `abc`; `updates` = `nan`; `surface` = `x?[a](b)?`."
    )
    next(button for button in app.button if ".try " in (button.key or "")).click()
    assert warnings(answered(app)) == []


@pytest.mark.parametrize(
    "link",
    [
        {"updates": "20", "learning_rate": "0.0123", "surface": "Booth", "theta1": "2"},
        {"surface": "Himmelblau", "updates": "0"},
    ],
)
def test_a_link_that_can_be_used_is_used_without_a_word(link):
    app = lesson("update_rule", **link)
    assert warnings(app) == []
    assert app.session_state["update_rule.learning_rate"] == float(link.get("learning_rate", 0.01))
