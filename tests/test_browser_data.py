"""The pages about data in a real browser: what lights up together, and what moves with the shared time."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drawn, pixel_of, wait_for_drawing

pytestmark = pytest.mark.browser

# Where point number `place` of a picture's first linked trace is on the screen.
PLACE = """([figure, id]) => {
  const plot = document.querySelector(`[data-figure=${figure}]`);
  const trace = plot.data.find((trace) => trace.meta?.link);
  const place = trace.ids.indexOf(id);
  const { xaxis, yaxis } = plot._fullLayout;
  const box = plot.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(trace.x[place]), box.top + yaxis._offset + yaxis.d2p(trace.y[place])];
}"""
LINE = (
    "() => document.querySelector('[data-figure=data]').parentElement.querySelector('polyline').getAttribute('points')"
)

# From now on, how often Plotly has drawn a picture.
COUNT_PLOTS = """() => {
  globalThis.plots = 0;
  for (const plot of document.querySelectorAll("[data-figure]")) plot.on("plotly_afterplot", () => { plots += 1; });
}"""


def lit(page: Page, figure: str):
    return page.locator(f".canvas-cell:has([data-figure={figure}]) .canvas-linked")


def test_an_arrow_and_its_data_point_light_up_together_and_back(opened):
    page = opened("sum_of_gradients")
    for hovered in ("data", "arrows"):
        x, y = page.evaluate(PLACE, [hovered, "6"])
        page.mouse.move(x - 3, y)
        page.mouse.move(x, y)
        for figure in ("data", "arrows"):
            expect(lit(page, figure)).to_have_count(1)
            circle = lit(page, figure).bounding_box()
            at = page.evaluate(PLACE, [figure, "6"])
            middle = (circle["x"] + circle["width"] / 2, circle["y"] + circle["height"] / 2)
            assert middle == pytest.approx(at, abs=2)
        page.mouse.move(5, 5)
        for figure in ("data", "arrows"):
            expect(lit(page, figure)).to_have_count(0)


def test_the_line_in_the_data_follows_the_shared_time_and_nothing_is_drawn_anew(opened):
    page = opened("neuron_surface?neuron_surface.model=Line&neuron_surface.steps=30")
    before = page.evaluate(LINE)
    page.evaluate(COUNT_PLOTS)
    page.locator(".canvas-time input[type=range]").fill("0")
    page.wait_for_function(f"(old) => ({LINE})() !== old", arg=before)
    # The server hears of the time, and has nothing else to draw.
    page.wait_for_url(re.compile(r"\bneuron_surface\.update=0\b"))
    page.locator(".canvas-time input[type=range]").fill("30")
    page.wait_for_function(f"(old) => ({LINE})() === old", arg=before)
    assert page.evaluate("globalThis.plots") == 0


def test_a_number_is_read_as_it_is_written_and_own_data_travel_in_the_link(opened):
    page = opened("neuron_surface?neuron_surface.model=Line")
    page.get_by_text("Where the weights begin").click()
    field = page.get_by_label("Start θ₁")
    for text, said in (("0,5", "Read as 0.5"), ("−3", "Read as -3"), ("1e400", "“1e400” is too large")):
        field.fill(text)
        field.press("Enter")
        expect(page.get_by_text(said)).to_be_visible()
        expect(field).to_have_value(text)
    expect(page.get_by_text("The page uses -3.")).to_be_visible()
    data = page.get_by_label("Data", exact=True)
    data.scroll_into_view_if_needed()
    # A list that is open while the page still scrolls closes.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    data.click()
    page.get_by_role("option", name="Your own data").click()
    page.get_by_role("button", name="Type, paste or upload your data").click()
    page.get_by_text("Pasted text").click()
    area = page.get_by_role("textbox", name="One example in each line")
    area.fill("size;price\n50,5;145.000\n60;200.500\n70;301.250")
    area.press("Control+Enter")
    expect(page.get_by_text("3 examples are used.")).to_be_visible()
    page.wait_for_function("() => location.search.includes('neuron_surface.rows=')")
    page.goto(page.url)
    expect(page.get_by_text("does not carry")).to_have_count(0)
    page.get_by_role("button", name="Type, paste or upload your data").click()
    expect(page.get_by_text("3 examples are used. In column 1 (size), “50,5” is read as 50.5.")).to_be_visible()


def test_the_fitted_line_moves_while_the_weights_are_dragged(opened):
    page = opened("neuron_surface?neuron_surface.model=Line&neuron_surface.steps=30")
    first = drawn(page)
    page.locator(".canvas-time input[type=range]").fill("0")
    page.wait_for_url(re.compile(r"\bneuron_surface\.update=0\b"))
    wait_for_drawing(page, first)
    turn, lines = drawn(page), [page.evaluate(LINE)]
    page.mouse.move(*pixel_of(page, "contour", -120, -4))
    page.mouse.down()
    for there in ((-130, 0), (-150, 2), (-110, 3)):
        page.mouse.move(*pixel_of(page, "contour", *there), steps=3)
        page.wait_for_function(f"old => ({LINE})() !== old", arg=lines[-1])
        lines.append(page.evaluate(LINE))
    assert drawn(page) == turn
    page.mouse.up()
    wait_for_drawing(page, turn)
    page.wait_for_function("() => !document.querySelector('.canvas[data-held]')")
    served = [[float(part) for part in point.split(",")] for point in page.evaluate(LINE).split()]
    by_hand = [[float(part) for part in point.split(",")] for point in lines[-1].split()]
    for point, other in zip(served, by_hand, strict=True):
        assert point == pytest.approx(other, abs=3)
