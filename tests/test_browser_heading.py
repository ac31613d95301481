"""The first line of a page in a real browser: its link can be copied, with or without leave to write the clipboard, and
a line of HTML that shows its pictures alone in another page, as `?embed=true` does."""

import html
import re

import pytest
from playwright.sync_api import expect

from tests.browser import drawn, eventually, pixel_of, wait_for_drawing

pytestmark = pytest.mark.browser

SLIDE = {"width": 800, "height": 450}
# What is on the screen besides pictures and sliders, what a key reaches there, what scrolls, and what is not whole.
BESIDES = """() => {
    const kept = ".canvas-cell, .canvas-slider";
    const isSeen = (box) => box.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const box = walker.currentNode.parentElement;
        const isText = walker.currentNode.data.trim() && !box.closest("style, script, noscript");
        if (isText && isSeen(box) && !box.closest(kept)) texts.push(walker.currentNode.data);
    }
    const seen = [...document.querySelectorAll("*")].filter(isSeen);
    const takesFocus = (box) => box.matches("a[href], button, input, select, textarea, summary") && box.tabIndex >= 0;
    const scrolls = (box) => {
        const { overflowX, overflowY } = getComputedStyle(box);
        return (/auto|scroll/.test(overflowY) && box.scrollHeight > box.clientHeight + 1)
            || (/auto|scroll/.test(overflowX) && box.scrollWidth > box.clientWidth + 1);
    };
    const sticksOut = (box) => {
        const { left, top, right, bottom } = box.getBoundingClientRect();
        return left < 0 || top < 0 || right > innerWidth || bottom > innerHeight || right - left < 80;
    };
    const named = (boxes) => boxes.map((box) => box.outerHTML.slice(0, 100));
    return {
        texts,
        focus: named(seen.filter((box) => takesFocus(box) && !box.closest(kept))),
        scrolling: named(seen.filter(scrolls)),
        outside: named(seen.filter((box) => box.matches(".canvas-plot, .canvas-legend, .canvas-slider")
            && sticksOut(box))),
    };
}"""
NOTHING = {"texts": [], "focus": [], "scrolling": [], "outside": []}
FORBIDDEN = "() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed')); }"


def test_the_link_of_a_page_is_copied_with_its_settings(address, visit):
    page = visit(f"{address}/update_rule?update_rule.theta1=1.25", permissions=["clipboard-read", "clipboard-write"])
    wait_for_drawing(page, 0)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    assert "theta1=1.25" in link


@pytest.mark.parametrize(
    ("button", "name", "expected"),
    [
        ("Copy link", "Link of this page", re.compile(r"^http\S+/update_rule$")),
        ("Copy iframe", "Line of HTML that shows these pictures", re.compile(r"^<iframe src=.*></iframe>$")),
    ],
)
def test_where_the_clipboard_is_closed_the_text_stands_in_a_field_and_is_selected(
    address, visit, button, name, expected
):
    page = visit(f"{address}/update_rule")
    copying = page.get_by_role("button", name=button)
    expect(copying).to_be_visible()
    page.evaluate(FORBIDDEN)
    copying.click()
    field = page.get_by_role("textbox", name=name)
    expect(field).to_have_value(expected)
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionEnd - field.selectionStart") == len(field.input_value())


def test_a_page_without_pictures_has_no_line_that_shows_them_and_is_embedded_as_it_is(address, visit):
    page = visit(f"{address}/catalogue?embed=true")
    expect(page.get_by_role("button", name="Copy link")).to_be_visible()
    expect(page.get_by_role("button", name="Copy iframe")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize(("path", "theme", "pictures"), [("", "light", 3), ("red_circle?red_circle.part=2", "dark", 2)])
def test_a_slide_shows_the_pictures_and_their_sliders_alone(address, visit, path, theme, pictures):
    page = visit(f"{address}/{path}{'&' if '?' in path else '?'}embed=true", **SLIDE, theme=theme)
    wait_for_drawing(page, 0)
    eventually(page, lambda: nothing_besides(page))
    tops = page.locator(".canvas-plot").evaluate_all("plots => plots.map(plot => plot.getBoundingClientRect().top)")
    assert len(tops) == pictures
    assert len(set(tops)) == 1
    expect(page.get_by_role("slider")).to_have_count(1)


@pytest.mark.parametrize(("width", "height", "tabs"), [(600, 340, 0), (390, 600, 3)])
def test_a_narrow_slide_shows_one_picture_at_a_time(address, visit, width, height, tabs):
    page = visit(f"{address}/?embed=true", width, height)
    wait_for_drawing(page, 0)
    expect(page.locator(".canvas-tabs button:visible")).to_have_count(tabs)
    expect(page.get_by_role("slider")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-figure=contour]")).to_be_in_viewport(ratio=1)
    shown = page.locator(".canvas-plot").evaluate_all(
        "plots => plots.filter((plot) => plot.getBoundingClientRect().right <= innerWidth).length"
    )
    assert shown == (1 if tabs else 3)


def test_a_slide_is_alive(address, visit):
    page = visit(f"{address}/?surface=booth&optimizers=Adam&embed=true", **SLIDE)
    wait_for_drawing(page, 0)
    first = drawn(page)
    rate = page.get_by_role("slider", name="Learning rate")
    box = rate.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2, steps=5)
    page.wait_for_function("+document.querySelector('.canvas[data-drawn]').dataset.live > 0")
    page.mouse.up()
    wait_for_drawing(page, first)
    expect(page).to_have_url(re.compile(r"(?=.*learning_rate=)(?=.*embed=true)"))
    second = drawn(page)
    page.mouse.click(*pixel_of(page, "contour", 2.0, -3.0))
    wait_for_drawing(page, second)
    expect(page).to_have_url(re.compile(r"(?=.*start)(?=.*embed=true)"))
    nothing_besides(page)


def test_the_copied_line_shows_the_pictures_in_another_page(address, visit):
    page = visit(f"{address}/?surface=booth&updates=30", permissions=["clipboard-read", "clipboard-write"])
    wait_for_drawing(page, 0)
    page.get_by_role("button", name="Copy iframe").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    line = page.evaluate("navigator.clipboard.readText()")
    (source,) = re.findall(r'<iframe src="([^"]*)" width="800" height="450" ', line)
    assert html.unescape(source) == f"{page.url}&embed=true"
    page.set_content(line)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".canvas[data-drawn]")).to_be_visible()
    expect(frame.locator(".canvas-plot:visible")).to_have_count(3)
    expect(frame.get_by_role("slider", name="Learning rate")).to_be_in_viewport(ratio=1)
    expect(frame.get_by_role("heading", level=1)).to_be_hidden()


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


def nothing_besides(page) -> None:
    assert page.evaluate(BESIDES) == NOTHING
