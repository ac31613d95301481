"""The frame of a lesson: what it says of a link that brings what no widget can take."""

import pytest

from lessons import adagrad, best_step, learning_rate
from surfaces import SURFACES
from surfaces.reading import written
from tests.lesson_pages import lesson
from tests.playground import answered, field, warnings
from ui.navigation import PAGES, next_lessons

pytestmark = pytest.mark.slow

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


@pytest.mark.parametrize("page", [page.url_path for page in PAGES if page.section != "Playground"])
def test_a_part_of_a_link_that_no_lesson_has_is_named(page):
    app = lesson(page, thetta1="3", rows="`x`")
    (warning,) = warnings(app)
    assert warning == "The link could not be used as a whole. Ignored: `thetta1` = `3`; `rows` = `?x?`."
    assert warnings(answered(app)) == [warning]


def test_a_part_of_a_link_that_belongs_to_another_page_is_named():
    app = lesson("update_rule", theta1="2")
    app.query_params = {"surface": "booth", "best_step.theta1": "1", "update_rule.theta1": "2"}
    (warning,) = warnings(answered(app))
    assert "Ignored: `surface` = `booth`; `best_step.theta1` = `1`." in warning


def test_the_link_leaves_out_a_number_whose_field_is_not_shown_and_brings_it_back():
    app = lesson("adagrad", theta1="1,25")
    assert app.query_params["adagrad.theta1"] == "1.25"
    app.session_state["adagrad.view"] = adagrad.SURPRISE
    assert "adagrad.theta1" not in answered(app).query_params
    app.session_state["adagrad.view"] = adagrad.INSIDE
    app.query_params = {}
    assert answered(app).query_params["adagrad.theta1"] == "1.25"
    assert warnings(app) == []


@pytest.mark.parametrize(
    ("page", "openings"), [("learning_rate", learning_rate.OPENINGS), ("best_step", best_step.OPENINGS)]
)
def test_a_start_that_another_experiment_opens_with_travels_in_the_link(page, openings):
    with_start = {view: values for view, values in openings.items() if "theta1" in values}
    starts = {(values["theta1"], values["theta2"]) for values in with_start.values()}
    starts.add(tuple(map(float, SURFACES["himmelblau"].start)))
    for view in with_start:
        app = lesson(page, view=view)
        for start in starts:
            for name, number in zip(("theta1", "theta2"), start, strict=True):
                field(app, f"{page}.{name}").set_value(written(number))
            link = {key.removeprefix(f"{page}."): text for key, text in answered(app).query_params.items()}
            fresh = lesson(page, **link)
            assert tuple(fresh.session_state[f"{page}.{name}"] for name in ("theta1", "theta2")) == start


@pytest.mark.parametrize("page", [page.url_path for page in PAGES if page.section != "Playground"])
def test_each_part_leads_to_the_next_and_the_lesson_to_the_next_lesson(page):
    app, key = lesson(page), f"{page}.next part"
    (parts,) = [group.options for group in app.get("button_group") if getattr(group, "label", "") == "Part"] or [[""]]
    labels = []
    while button := next((button for button in app.button if button.key == key), None):
        labels.append(button.label)
        button.click()
        answered(app)
    assert labels == [f"Next part: {part}" for part in parts[len(parts) - len(labels) :]]
    assert len(labels) >= min(len(parts) - 1, 3)
    after = [page.url_path for page in next_lessons(page)]
    assert [link.proto.page for link in app.get("page_link")][-len(after) :] == after
