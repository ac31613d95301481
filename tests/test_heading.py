"""The headings of every page: one at the top that names the page, and below it no level left out."""

import itertools

import pytest

from tests.lesson_pages import headings, lesson
from tests.playground import answered
from ui.navigation import PAGES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.url_path or "playground")
def test_a_page_has_one_heading_of_the_first_level_and_leaves_no_level_out(page):
    (name, first), *others = headings(lesson(page.url_path))
    assert (name, first) == (page.title, 1)
    levels = [first, *(level for _, level in others)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_start_page_says_where_to_begin():
    app = lesson("")
    assert "learning rate" in app.caption[0].value
    (begin, *_) = app.get("page_link")
    assert begin.proto.page == "update_rule"
    answered(app.switch_page(PAGES[2].file))
    assert app.title[0].value == "The update rule"
