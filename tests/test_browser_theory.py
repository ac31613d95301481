"""The theory pages in a real browser: symbols by mouse, touch and keyboard, the circle that follows the slider."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from figures import LIGHT
from figures.theme import RED_CIRCLE
from tests.browser import drawn, pixel_of, speaking, wait_for_drawing

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
    expect(page.get_by_role("slider", name=RADIUS)).to_have_attribute("aria-valuetext", speaking("0.56"))
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


# What is painted in the picture of the map, of any colour near the one that is asked for, in the axes' own units.
PAINTED = """([red, green, blue]) => {
  const cell = document.querySelector("[data-figure=contour]").closest(".canvas-cell");
  const layer = cell.querySelector("canvas.canvas-layer");
  const { data, width, height } = layer.getContext("2d").getImageData(0, 0, layer.width, layer.height);
  const { xaxis, yaxis } = cell.querySelector("[data-figure]")._fullLayout;
  const ratio = width / layer.clientWidth;
  const found = [];
  for (let place = 0; place < width * height; place += 1) {
    const [r, g, b, a] = data.slice(4 * place, 4 * place + 4);
    if (a < 250 || Math.abs(r - red) + Math.abs(g - green) + Math.abs(b - blue) > 24) continue;
    const at = [place % width, Math.floor(place / width)].map((pixel) => pixel / ratio);
    const [x, y] = [at[0] + layer.offsetLeft, at[1] + layer.offsetTop];
    found.push([xaxis.p2d(x - xaxis._offset), yaxis.p2d(y - yaxis._offset)]);
  }
  if (!found.length) return null;
  const columns = [0, 1].map((axis) => found.map((point) => point[axis]));
  return columns.map((column) => [column.reduce((a, b) => Math.min(a, b)), column.reduce((a, b) => Math.max(a, b))]);
}"""
HELD = "() => Number(document.querySelector('.canvas[data-held]')?.dataset.live ?? 0)"


def rgb(color: str) -> list[int]:
    return [int(color[place : place + 2], 16) for place in (1, 3, 5)]


def test_the_red_circle_follows_the_centre_before_it_is_let_go(opened):
    page = opened("red_circle?red_circle.radius=1")
    before = drawn(page)
    page.mouse.move(*pixel_of(page, "contour", -2.0, -1.0))
    page.mouse.down()
    page.mouse.move(*pixel_of(page, "contour", 1.5, 0.5), steps=8)
    page.wait_for_function(f"() => ({HELD})() > 0")
    page.wait_for_function(f"(red) => Math.abs((({PAINTED})(red)?.[0][1] ?? 0) - 2.5) < 0.2", arg=rgb(RED_CIRCLE))
    (left, right), (bottom, top) = page.evaluate(PAINTED, rgb(RED_CIRCLE))
    assert (left, right, bottom, top) == pytest.approx((0.5, 2.5, -0.5, 1.5), abs=0.2)
    assert drawn(page) == before
    page.mouse.up()
    wait_for_drawing(page, before)
    wait_for_radius(page, 1)
    expect(page.locator(".canvas[data-held]")).to_have_count(0)


def test_the_step_of_the_update_rule_follows_the_slider_before_it_is_let_go(opened):
    page = opened("update_rule")
    before, step = drawn(page), rgb(LIGHT.arrow_colors["step"])
    slider = page.get_by_role("slider", name="Learning rate")
    box = slider.bounding_box()
    share = slider.evaluate("slider => (slider.value - slider.min) / (slider.max - slider.min)")
    y = box["y"] + box["height"] / 2
    x = box["x"] + 8 + share * (box["width"] - 16)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y, steps=4)
    page.wait_for_function(f"(step) => ({PAINTED})(step) !== null", arg=step)
    (left, right), _ = page.evaluate(PAINTED, step)
    page.mouse.move(x + 25, y, steps=4)
    longer = f"([step, before]) => {{ const [[left, right]] = ({PAINTED})(step); return right - left > 1.3 * before; }}"
    page.wait_for_function(longer, arg=[step, right - left])
    assert drawn(page) == before
    page.mouse.up()
    wait_for_drawing(page, before)
