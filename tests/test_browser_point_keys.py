"""The start of a picture under the keys: it moves live, the server answers once, and the focus stays."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import drawn, wait_for_drawing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LINK = "?surface=himmelblau&start=-0.5,-1&optimizers=GradientDescent"
TAB_STOPS = "[...document.querySelectorAll('[role=img] *')].filter(({ tabIndex }) => tabIndex >= 0).length"


def point(page: Page) -> Locator:
    return page.get_by_role("application")


def test_arrow_keys_move_the_start_live_and_are_answered_once(opened):
    page = opened(LINK)
    before, update = drawn(page), page.locator(".canvas-update").inner_text()
    point(page).focus()
    page.keyboard.down("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    page.wait_for_function("document.querySelector('.canvas[data-live]')")
    assert drawn(page) == before
    page.keyboard.up("ArrowRight")
    wait_for_drawing(page, before)
    expect(page).to_have_url(re.compile(r"start=-0.4%2C-?0(&|$)"))
    page.wait_for_timeout(500)
    assert drawn(page) == before + 1
    expect(point(page)).to_be_focused()
    expect(page.get_by_text("Point at -0.4, 0")).to_be_attached()
    assert page.locator(".canvas-update").inner_text() == update


def test_escape_takes_the_start_back(opened):
    page = opened(LINK)
    before, address = drawn(page), page.url
    point(page).focus()
    page.keyboard.down("ArrowRight")
    expect(page.locator(".canvas[data-held]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".canvas[data-held]")).to_have_count(0)
    page.keyboard.up("ArrowRight")
    page.wait_for_timeout(500)
    assert (drawn(page), page.url) == (before, address)


def test_a_picture_says_what_its_keys_do_and_holds_no_other_tab_stop(opened):
    page = opened("best_step")
    expect(point(page)).to_have_accessible_name(re.compile("^L as a function of x.*Arrow keys move the point"))
    expect(point(page)).to_have_accessible_description(re.compile(r"\S"))
    assert page.locator("[role=img] .modebar-btn").count() > 0
    assert page.evaluate(TAB_STOPS) == 0


def test_where_a_point_has_one_coordinate_all_arrow_keys_move_it(opened):
    page = opened("best_step")
    before = drawn(page)
    point(page).focus()
    page.keyboard.press("ArrowUp")
    wait_for_drawing(page, before)
    expect(page).to_have_url(re.compile("best_step.x0=2.6"))
