"""The lessons on practice in a real browser: clicks on a chart of rates and on a basin map, and a dragged point."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser import drawn, eventually, number_of, pixel_of, wait_for_drawing

pytestmark = pytest.mark.browser


def click(page: Page, figure: str, x: float, y: float) -> None:
    """Clicks a figure at a point in its own coordinates."""
    page.mouse.click(*pixel_of(page, figure, x, y))


def test_a_click_on_the_chart_of_rates_chooses_the_rate(opened):
    """The axis is logarithmic: what arrives is the rate itself."""
    page = opened("learning_rate?learning_rate.view=All+rates+at+once&learning_rate.rules=Gradient+descent")
    before = drawn(page)
    click(page, "last", 0.001, 0.01)
    wait_for_drawing(page, before)
    expect(page.get_by_text("η = 0.001.")).to_be_visible()
    chosen = "() => document.querySelector('[data-figure=last]').data.at(-1)"
    assert page.evaluate(chosen)["x"][0] == pytest.approx(0.001)


# Of the layer over a picture: how many of its pixels are painted, all in all and no further than this from a point.
PAINTED = """([figure, [x, y], near]) => {
    const layer = document.querySelector(`[data-figure="${figure}"]`).parentElement.querySelector('.canvas-layer');
    if (layer.hidden || !layer.width) return [0, 0];
    const box = layer.getBoundingClientRect(), ratio = layer.width / box.width, context = layer.getContext('2d');
    const count = (...part) => context.getImageData(...part).data.filter((value, at) => at % 4 === 3 && value).length;
    const [left, top, side] = [(x - box.x - near) * ratio, (y - box.y - near) * ratio, 2 * near * ratio];
    return [count(0, 0, layer.width, layer.height), count(left, top, side, side)];
}"""
END = """() => {
    const overlay = document.querySelector('[data-figure=contour]').parentElement.querySelector('.canvas-overlay');
    return overlay.querySelector('[data-run=GradientDescent]')?.getBoundingClientRect().x;
}"""


def wait_for_frame(page: Page) -> None:
    page.wait_for_function("+(document.querySelector('.canvas[data-drawn]').dataset.live ?? 0) > 0")


def test_the_ring_of_the_rate_and_the_end_of_the_path_follow_the_slider_before_the_release(opened):
    page = opened("learning_rate?learning_rate.view=All+rates+at+once&learning_rate.rules=Gradient+descent")
    answer, end = drawn(page), page.evaluate(END)
    slider = page.get_by_role("slider", name="Learning rate").first
    x, y, width, height, share = slider.evaluate(
        "range => { const box = range.getBoundingClientRect();"
        " return [box.x, box.y, box.width, box.height, range.value / range.max]; }"
    )
    x, y = x + 8 + share * (width - 16), y + height / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=6)
    wait_for_frame(page)
    rate = number_of(slider)
    loss = page.evaluate(
        "rate => { const { x, y } = document.querySelector('[data-figure=last]').data[1];"
        " return y[x.findIndex((one) => Math.abs(one / rate - 1) < 1e-4)]; }",
        rate,
    )
    painted, near = page.evaluate(PAINTED, ["last", pixel_of(page, "last", rate, loss), 13])
    assert near > 50
    # The sweep itself has not changed, and is Plotly's as before.
    assert painted == near
    assert abs(page.evaluate(END) - end) > 5
    assert drawn(page) == answer
    page.mouse.up()
    wait_for_drawing(page, answer)
    expect(page.get_by_text(f"η = {rate:g}.")).to_be_visible()
    assert page.evaluate(PAINTED, ["last", [0, 0], 1])[0] == 0


def test_the_tangent_of_the_parabola_follows_the_dragged_point(opened):
    page = opened("best_step")
    answer = drawn(page)
    page.mouse.move(*pixel_of(page, "parabola", 2.5, 1.875))
    page.mouse.down()
    page.mouse.move(*pixel_of(page, "parabola", -1.5, 1.875), steps=5)
    wait_for_frame(page)
    # At -1.5 the loss is 1.875 and the slope -2; the parabola does not follow, since it does not change.
    for offset in (-1.0, 0.9):
        tangent = pixel_of(page, "parabola", -1.5 + offset, 1.875 - 2 * offset)
        assert page.evaluate(PAINTED, ["parabola", tangent, 3])[1] > 4
    for elsewhere in ((2.5, 1.875), (3.5, 4.375)):
        assert page.evaluate(PAINTED, ["parabola", pixel_of(page, "parabola", *elsewhere), 3])[1] == 0
    assert drawn(page) == answer
    page.mouse.up()
    wait_for_drawing(page, answer)
    expect(page.locator(".canvas-verdict")).to_contain_text("first derivative 2 / second derivative 1 = 2.")


def test_a_click_on_a_basin_map_shows_that_path(opened):
    page = opened("stuck?stuck.view=Basin+maps&stuck.rules=Gradient+descent&stuck.resolution=60")
    before = drawn(page)
    click(page, "map GradientDescent", 2.5, 3.0)
    wait_for_drawing(page, before)
    start = "() => document.querySelector('[data-figure=\"map GradientDescent\"]').data.find(t => t.meta?.start)"
    place = page.evaluate(start)
    assert (place["x"][0], place["y"][0]) == pytest.approx((2.5, 3.0), abs=0.05)
    expect(page.get_by_text("Converged to the global minimum at (3, 2)").first).to_be_visible()


def test_the_point_of_the_parabola_can_be_dragged(opened):
    page = opened("best_step")
    before = drawn(page)
    point = (
        "() => { const t = document.querySelector('[data-figure=parabola]').data.find(t => t.meta?.start);"
        " return [t.x[0], t.y[0]]; }"
    )
    x, y = page.evaluate(point)
    page.mouse.move(*pixel_of(page, "parabola", x, y))
    page.mouse.down()
    page.mouse.move(*pixel_of(page, "parabola", -1.5, 3), steps=5)
    page.mouse.up()
    wait_for_drawing(page, before)
    assert page.evaluate(point)[0] == pytest.approx(-1.5, abs=0.06)
    expect(page.locator(".canvas-verdict")).to_contain_text("first derivative 2 / second derivative 1 = 2.")


def test_a_change_of_view_brings_its_own_pictures(opened):
    page = opened("stuck")
    page.get_by_text("Critical points", exact=True).click()
    expect(page.get_by_text("4 minima, 4 saddles and 1 maximum")).to_be_visible()
    expect(page.locator("[data-figure=slope]")).to_have_count(0)


def test_an_experiment_opens_with_settings_of_its_own_which_its_link_opens_too(opened):
    page = opened("learning_rate")
    for view, words in (("Let it decay", "Here decay helps."), ("Change it on the way", "Here the change helps.")):
        page.get_by_text(view, exact=True).click()
        expect(page.get_by_text(words)).to_be_visible()
    page.get_by_text("Change it on the way", exact=True).click()
    page.wait_for_function("() => location.search.includes('Change')")
    page.reload()
    expect(page.get_by_text("Here the change helps.")).to_be_visible()
    page.get_by_text("One rate", exact=True).click()
    expect(page.get_by_text("η = 0.0355.", exact=True)).to_be_visible()
    page.wait_for_function("() => !location.search.includes('Change')")
    page.reload()
    expect(page.get_by_text("η = 0.0355.", exact=True)).to_be_visible()


# Points and losses that the contour map shows, every tenth of them.
MAP = """() => {
    const plot = document.querySelector('[data-figure=contour]');
    const trace = plot?.data?.find((trace) => trace.type === 'contour');
    const rows = [];
    if (!trace) return rows;
    for (let row = 0; row < trace.y.length; row += 10)
        for (let column = 0; column < trace.x.length; column += 10)
            rows.push([trace.x[column], trace.y[row], trace.customdata[row][column]]);
    return rows;
}"""


def assert_map_shows(page: Page, loss: Callable) -> None:
    def check() -> None:
        x, y, shown = np.array(page.evaluate(MAP)).reshape(-1, 3).T
        assert len(shown) > 20
        np.testing.assert_allclose(shown, loss(x, y), rtol=1e-5, atol=1e-5)

    eventually(page, check)


def test_a_typed_formula_is_drawn_and_a_broken_one_leaves_the_last_picture(opened):
    page = opened("own_surface")
    box = page.get_by_role("textbox", name="Your formula L")
    before = drawn(page)
    box.fill("x^2 + 3xy + 4y^2")
    wait_for_drawing(page, before)
    assert_map_shows(page, lambda x, y: x**2 + 3 * x * y + 4 * y**2)
    expect(page.get_by_text("The gradient agrees with finite differences")).to_be_visible()
    box.fill("x^2 + (y")
    expect(page.get_by_text("The pictures still show the last formula that could be read")).to_be_visible()
    assert_map_shows(page, lambda x, y: x**2 + 3 * x * y + 4 * y**2)
    before = drawn(page)
    box.fill("w^2 - b")
    wait_for_drawing(page, before)
    assert_map_shows(page, lambda w, b: w**2 - b)
    expect(page.get_by_text("The pictures still show")).to_have_count(0)


def test_a_typed_formula_goes_on_to_the_playground_with_its_start(opened):
    page = opened("own_surface?own_surface.formula=x^2%2By^4")
    before = drawn(page)
    click(page, "contour", 1.25, -1.0)
    wait_for_drawing(page, before)
    page.wait_for_function("() => location.search.includes('own_surface.theta1=')")
    page.get_by_role("link", name="Open it in the playground").click()
    page.wait_for_function("() => location.search.includes('start=')")
    theta1, theta2 = map(float, parse_qs(urlsplit(page.url).query)["start"][0].split(","))
    assert (theta1, theta2) == pytest.approx((1.25, -1.0), abs=0.05)
    # The page before draws the same map.
    expect(page.get_by_role("textbox", name="Your formula L")).to_have_count(0)
    wait_for_drawing(page, 0)
    assert_map_shows(page, lambda x, y: x**2 + y**4)


def test_formulas_without_a_value_somewhere_are_drawn_while_the_page_answers(opened):
    page = opened("own_surface")
    box = page.get_by_role("textbox", name="Your formula L")
    hole = "sqrt(x^2 + y^2 - 1)"
    for text in ("sin(x)/x + y^2", "1 - y/x", "x^2 ln(x^2) + y^2", "(x^2-y^2)/(x^2+y^2)", hole):
        before = drawn(page)
        box.fill(text)
        box.press("Enter")
        wait_for_drawing(page, before)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    # Inside the unit circle, away from the path, nothing is to be read, and outside there is a loss.
    page.mouse.move(*pixel_of(page, "contour", 2.0, 1.0))
    label = page.locator("[data-figure=contour] .hoverlayer .hovertext")
    expect(label).to_contain_text(re.compile(r"L = (1\.9|2)"))
    page.mouse.move(*pixel_of(page, "contour", 0.3, -0.2))
    expect(label).to_have_count(0)


# Where everything below the field stands on the page.
TOPS = """() => [...document.querySelectorAll("[data-figure], .canvas-time, [data-testid=stMain] h5")]
  .map((part) => part.getBoundingClientRect().top)"""


def test_a_formula_that_cannot_be_read_for_a_moment_moves_nothing(opened):
    page = opened("own_surface")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    before, number = page.evaluate(TOPS), drawn(page)
    box = page.get_by_role("textbox", name="Your formula L")
    box.fill("x^4/4 - 2x^2 + x/2 + y^2 + sn(")
    expect(page.get_by_text("The pictures still show the last formula that could be read")).to_be_visible()
    assert page.evaluate(TOPS) == pytest.approx(before, abs=1)
    box.fill("x^4/4 - 2x^2 + x/2 + y^2")
    expect(page.get_by_text("The pictures still show")).to_have_count(0)
    assert page.evaluate(TOPS) == pytest.approx(before, abs=1)
    assert number > 0
    expect(page.locator(".canvas-grid")).to_have_count(1)


@pytest.mark.parametrize(
    ("link", "label"),
    [("", "Optimizers (up to 6)"), ("stuck?stuck.view=Basin+maps&stuck.resolution=60", "One map for each of")],
)
def test_a_name_and_the_enter_key_choose_this_rule_alone(opened, link, label):
    page = opened(f"{link}{'&stuck.rules=Momentum' if link else '?optimizers=GradientDescent,Momentum'}")
    chosen = page.get_by_test_id("stMultiSelect").filter(has_text=label)
    page.get_by_role("combobox", name=label).click()
    page.keyboard.type("Adam")
    expect(page.get_by_role("option", name="Adam", exact=True)).to_be_visible()
    page.keyboard.press("Enter")
    expect(chosen).to_contain_text("Adam")
    page.keyboard.press("Escape")
    expect(chosen).not_to_contain_text(re.compile("AdamW|Adamax|NAdam|RAdam"))


# Under the hand

LAYER = """name => {
  const layer = document.querySelector(`[data-figure="${name}"]`).parentElement.querySelector("canvas.canvas-layer");
  if (layer.hidden || !layer.width) return 0;
  const { data } = layer.getContext("2d").getImageData(0, 0, layer.width, layer.height);
  return data.filter((value, place) => place % 4 === 3 && value > 0).length;
}"""
FRAMES = "() => +(document.querySelector('.canvas[data-drawn]').dataset.live ?? 0)"


def test_over_a_basin_map_the_pointer_paints_a_path_and_takes_it_away(opened):
    page = opened("stuck?stuck.view=Basin+maps&stuck.rules=Gradient+descent&stuck.resolution=60")
    name, before = "map GradientDescent", drawn(page)
    assert page.evaluate(LAYER, name) == 0
    page.mouse.move(*pixel_of(page, name, 2.5, 3.0))
    page.wait_for_function(f"name => ({LAYER})(name) > 100", arg=name)
    frames = page.evaluate(FRAMES)
    page.mouse.move(*pixel_of(page, name, -2.5, 2.0))
    page.wait_for_function(f"frames => ({FRAMES})() > frames", arg=frames)
    page.mouse.move(2, 2)
    page.wait_for_function(f"name => ({LAYER})(name) === 0", arg=name)
    assert drawn(page) == before


def test_the_colours_of_a_map_fade_while_its_rate_is_moved(opened):
    page = opened("stuck?stuck.view=Basin+maps&stuck.rules=Gradient+descent&stuck.resolution=60")
    before = drawn(page)
    opacity = "() => getComputedStyle(document.querySelector('.heatmaplayer')).opacity"
    assert page.evaluate(opacity) == "1"
    slider = page.get_by_role("slider", name="Learning rate")
    slider.focus()
    page.keyboard.down("ArrowRight")
    page.wait_for_function(f"() => ({opacity})() < 0.5")
    page.keyboard.up("ArrowRight")
    wait_for_drawing(page, before)
    page.wait_for_function(f"() => ({opacity})() === '1'")


def test_a_typed_formula_with_a_gap_follows_the_rate_and_the_start(opened):
    page = opened("own_surface?own_surface.formula=sqrt(x)%2B|y-1|")
    before = drawn(page)
    x, y = page.evaluate(
        "() => { const t = document.querySelector('[data-figure=contour]').data.find(t => t.meta?.start);"
        " return [t.x[0], t.y[0]]; }"
    )
    page.mouse.move(*pixel_of(page, "contour", x, y))
    page.mouse.down()
    for there in ((3, 0), (1, 2), (0.1, 1.5)):
        frames = page.evaluate(FRAMES)
        page.mouse.move(*pixel_of(page, "contour", *there), steps=3)
        page.wait_for_function(f"frames => ({FRAMES})() > frames", arg=frames)
        assert page.evaluate(LAYER, "contour") > 100
    page.mouse.up()
    wait_for_drawing(page, before)
    before, frames = drawn(page), page.evaluate(FRAMES)
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    wait_for_drawing(page, before)
    assert page.evaluate(FRAMES) > frames
