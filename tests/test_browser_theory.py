"""The theory pages in a real browser: symbols by mouse, touch and keyboard, the circle that follows the slider."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drawn, pixel_of, wait_for_drawing

pytestmark = pytest.mark.browser

RADIUS = "Radius d of the red circle"
# The largest distance of the red circle's line from its centre, as drawn.
DRAWN_RADIUS = """() => {
  const plot = document.querySelector("[data-figure=contour]");
  const find = name => plot?._fullData?.find(trace => trace.name === name);
  const [circle, centre] = [find("red circle"), find("centre")];
  if (!circle || !centre) return 0;
  return Math.max(...Array.from(circle.x, (x, place) => Math.hypot(x - centre.x[0], circle.y[place] - centre.y[0])));
}"""


def wait_for_radius(page: Page, radius: float) -> None:
    page.wait_for_function(f"(radius) => Math.abs(({DRAWN_RADIUS})() - radius) < 1e-3 * radius", arg=radius)


def test_a_symbol_explains_itself_to_mouse_and_keyboard(address, visit):
    page = visit(f"{address}/update_rule")
    wait_for_drawing(page, 0)
    rate = page.locator(".symbol").filter(has_text="learning rate").first
    tip = rate.locator(".symbol-tip")
    expect(tip).to_be_hidden()
    rate.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("How much of the gradient is one step.")
    expect(tip).to_contain_text("Shape: a number.")
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.locator(".symbol").first.focus()
    expect(page.locator(".symbol-tip").first).to_be_visible()
    # Tab goes on to the link in the explanation, and then to the next symbol.
    page.keyboard.press("Tab")
    expect(page.locator(".symbol-tip a").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".symbol").nth(1)).to_be_focused()
    expect(page.locator(".symbol-tip").first).to_be_hidden()
    expect(page.locator(".symbol-tip").nth(1)).to_be_visible()


def test_a_symbol_explains_itself_to_a_finger_and_stays_on_the_screen(address, visit):
    page = visit(f"{address}/update_rule", width=390, height=844, has_touch=True, is_mobile=True)
    expect(page.get_by_text("Where to go next")).to_be_visible()
    symbol = page.locator(".symbol:visible").nth(3)
    symbol.tap()
    tip = symbol.locator(".symbol-tip")
    expect(tip).to_be_visible()
    box = tip.bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def test_the_circle_follows_the_slider_and_survives_a_visit_to_the_playground(address, visit):
    page = visit(f"{address}/red_circle?red_circle.radius=0.5&red_circle.surface=Booth")
    wait_for_radius(page, 0.5)
    page.get_by_role("slider", name=RADIUS).press("ArrowRight")
    wait_for_radius(page, 0.56)
    expect(page).to_have_url(re.compile("red_circle.radius=0.56"))
    page.get_by_role("link", name="Descent playground").last.click()
    expect(page.get_by_role("slider", name="Learning rate η (for all)")).to_be_attached()
    expect(page.locator("table.outcomes")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_text("Theory", exact=True).first.click()
    page.get_by_text("The red circle", exact=True).first.click()
    wait_for_radius(page, 0.56)
    expect(page.get_by_role("slider", name=RADIUS)).to_have_attribute("aria-valuetext", "0.56")
    expect(page.get_by_role("combobox", name="Surface")).to_have_value("Booth")


def test_the_centre_of_the_polynomial_can_be_dragged(opened):
    page = opened("red_circle?red_circle.part=1+One+variable")
    centre = (
        "() => { const t = document.querySelector('[data-figure=curve]').data.find(t => t.meta?.start);"
        " return [t.x[0], t.y[0]]; }"
    )
    before = drawn(page)
    page.mouse.move(*pixel_of(page, "curve", *page.evaluate(centre)))
    page.mouse.down()
    page.mouse.move(*pixel_of(page, "curve", 2.0, 0.5), steps=5)
    page.mouse.up()
    wait_for_drawing(page, before)
    x, y = page.evaluate(centre)
    assert (x, y) == pytest.approx((2.0, math.sin(2.0)), abs=0.05)
    expect(page.get_by_label("Centre x₀")).to_have_value(re.compile(r"^(1\.9|2)"))
