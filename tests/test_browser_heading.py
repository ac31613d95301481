"""The first line of a page in a real browser: its link can be copied, with or without leave to write the clipboard."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import wait_for_drawing

pytestmark = pytest.mark.browser

FORBIDDEN = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }"


def test_the_link_of_a_page_is_copied_with_its_settings(address, visit):
    page = visit(f"{address}/update_rule?update_rule.theta1=1.25", permissions=["clipboard-read", "clipboard-write"])
    wait_for_drawing(page, 0)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "theta1=1.25" in link


def test_where_the_clipboard_is_closed_the_link_stands_in_a_field_and_is_selected(address, visit):
    page = visit(f"{address}/catalogue")
    button = page.get_by_role("button", name="Copy link")
    expect(button).to_be_visible()
    page.evaluate(FORBIDDEN)
    button.click()
    field = page.get_by_role("textbox", name="Link of this page")
    expect(field).to_have_value(page.url)
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(page.url)


def test_the_navigation_says_in_which_section_the_reader_is(address, visit):
    page = visit(f"{address}/update_rule")
    wait_for_drawing(page, 0)
    expect(page.locator("[data-testid=stTopNavSection][aria-current=true]")).to_have_text(re.compile("Theory"))
    page.locator("[data-testid=stMain]").get_by_role("link", name="Playground: Descent playground").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Descent playground")
    expect(page.locator("[data-testid=stTopNavSection][aria-current=true]")).to_have_text(re.compile("Playground"))


def test_the_focus_stays_on_a_try_and_goes_up_with_the_next_part(address, visit):
    page = visit(f"{address}/red_circle")
    wait_for_drawing(page, 0)
    choice = page.locator("[class*=tries] [data-testid=stBaseButton-secondary]:visible").first
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[class*=tried_answers]")).to_be_visible()
    expect(choice).to_be_focused()
    page.get_by_role("button", name="Next part: ").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page).to_have_url(re.compile("red_circle.part=3"))
    page.locator("[data-testid=stMain]").get_by_role("link", name="Theory: Two ways to a gradient").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two ways to a gradient")
    wait_for_drawing(page, 0)
    expect(page.get_by_role("heading", level=1)).not_to_be_focused()
