"""Pictures under the hand in a real browser: they follow before the release, and the release agrees with the server."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import drawn, eventually, pixel_of, wait_for_drawing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOOTH = "/?surface=booth&optimizers=GradientDescent,Adam&learning_rate=0.05&updates=20"
# The logarithm has no value on the left, and there is a corner along y = 1.
TYPED = "/?surface=%3D%20log(x)%5E2%20%2B%20abs(y%20-%201)&optimizers=GradientDescent&learning_rate=0.05&updates=30"

# Where the cursor of a run is on a picture, in pixels of the page.
_CURSOR = """([figure, run]) => {
    const overlay = document.querySelector(`[data-figure="${figure}"]`).parentElement.querySelector('.canvas-overlay');
    const box = overlay.querySelector(`[data-run="${run}"]`)?.getBoundingClientRect();
    return box && box.width ? [box.x + box.width / 2, box.y + box.height / 2] : null;
}"""
# How many pixels of the layer over a picture are painted.
_PAINTED = """figure => {
    const layer = document.querySelector(`[data-figure="${figure}"]`).parentElement.querySelector('.canvas-layer');
    if (layer.hidden || !layer.width) return 0;
    const {data} = layer.getContext('2d').getImageData(0, 0, layer.width, layer.height);
    let count = 0;
    for (let place = 3; place < data.length; place += 4) count += data[place] > 0;
    return count;
}"""


@pytest.fixture
def opened(visit, address) -> Callable[..., Page]:
    """Opens a link in a fresh profile, and waits for its pictures."""

    def open_it(link: str, **options) -> Page:
        page = visit(address + link, **options)
        wait_for_drawing(page, 0)
        return page

    return open_it


def live(page: Page) -> int:
    """The number of frames drawn from the hand."""
    return int(page.locator(".canvas[data-drawn]").get_attribute("data-live") or 0)


def cursor(page: Page, figure: str, run: str) -> tuple[float, float] | None:
    found = page.evaluate(_CURSOR, [figure, run])
    return tuple(found) if found else None


def wait_for_frame(page: Page, after: int) -> None:
    page.wait_for_function(f"+(document.querySelector('.canvas[data-drawn]').dataset.live ?? 0) > {after}")


def rate(page: Page):
    return page.get_by_role("slider", name="Learning rate").first


def grasp(page: Page) -> tuple[float, float]:
    """Presses the mouse on the thumb of the learning rate."""
    x, y, width, height, share = rate(page).evaluate(
        "range => { const box = range.getBoundingClientRect();"
        " return [box.x, box.y, box.width, box.height, range.value / range.max]; }"
    )
    at = x + 8 + share * (width - 16), y + height / 2
    page.mouse.move(*at)
    page.mouse.down()
    return at


def near(one: tuple[float, float], other: tuple[float, float], pixels: float = 2.0) -> None:
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) <= pixels, (one, other)


def apart(one: tuple[float, float], other: tuple[float, float]) -> None:
    assert max(abs(a - b) for a, b in zip(one, other, strict=True)) > 5, (one, other)


@pytest.mark.parametrize(("figure", "run"), [("contour", "Adam"), ("surface", "Adam"), ("loss", "GradientDescent")])
def test_the_end_of_a_path_moves_before_the_release_and_the_release_agrees(opened, figure, run):
    page = opened(BOOTH)
    start, answer = cursor(page, figure, run), drawn(page)
    x, y = grasp(page)
    before = live(page)
    page.mouse.move(x - 60, y, steps=6)
    wait_for_frame(page, before)
    eventually(page, lambda: apart(cursor(page, figure, run), start))
    page.wait_for_timeout(200)  # scenes follow a little later than flat pictures
    held = cursor(page, figure, run)
    assert page.evaluate(_PAINTED, figure) > 50
    assert drawn(page) == answer
    page.mouse.up()
    wait_for_drawing(page, answer)
    expect(page.locator(".canvas[data-held]")).to_have_count(0)
    assert page.evaluate(_PAINTED, figure) == 0
    if figure != "loss":  # its axis has moved to where the numbers are now
        eventually(page, lambda: near(cursor(page, figure, run), held))


def test_the_axes_rest_while_the_hand_moves(opened):
    page = opened(BOOTH)
    ranges = (
        "() => [...document.querySelectorAll('.js-plotly-plot')].map(plot => String(plot._fullLayout.yaxis?.range))"
    )
    before = page.evaluate(ranges)
    x, y = grasp(page)
    page.mouse.move(x + 90, y, steps=6)
    wait_for_frame(page, 0)
    assert page.evaluate(ranges) == before
    page.mouse.up()


def test_the_start_follows_the_mouse(opened):
    page = opened(BOOTH)
    answer = drawn(page)
    begin = pixel_of(
        page,
        "contour",
        *page.evaluate(
            "() => { const plot = document.querySelector('[data-figure=contour]');"
            " const start = plot.data.find(({name}) => name === 'start'); return [start.x[0], start.y[0]]; }"
        ),
    )
    before = cursor(page, "contour", "GradientDescent")
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(begin[0] + 40, begin[1] - 50, steps=5)
    wait_for_frame(page, 0)
    held = cursor(page, "contour", "GradientDescent")
    assert held != before
    assert drawn(page) == answer
    page.mouse.up()
    wait_for_drawing(page, answer)
    eventually(page, lambda: near(cursor(page, "contour", "GradientDescent"), held))


def touch(page: Page):
    devtools = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        touched = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

    return send


def test_a_finger_drags_the_learning_rate_and_a_second_one_does_no_harm(opened):
    page = opened(BOOTH, has_touch=True, width=390, height=844)
    slider = rate(page)
    slider.scroll_into_view_if_needed()
    x, y, width, height, share = slider.evaluate(
        "range => { const box = range.getBoundingClientRect();"
        " return [box.x, box.y, box.width, box.height, range.value / range.max]; }"
    )
    at = x + 12 + share * (width - 24), y + height / 2
    send, answer = touch(page), drawn(page)
    send("touchStart", at)
    for step in range(1, 6):
        send("touchMove", (at[0] - 10 * step, at[1]))
    wait_for_frame(page, 0)
    assert drawn(page) == answer
    send("touchStart", (at[0] - 50, at[1]), (at[0], at[1] + 200))
    send("touchMove", (at[0] - 50, at[1]), (at[0], at[1] + 210))
    send("touchEnd")
    wait_for_drawing(page, answer)
    expect(page.locator(".canvas[data-held]")).to_have_count(0)


def test_keys_move_the_pictures_at_once(opened):
    page = opened(BOOTH)
    before = cursor(page, "contour", "Adam")
    rate(page).focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    wait_for_frame(page, 0)
    assert cursor(page, "contour", "Adam") != before
    wait_for_drawing(page, 1)
    expect(page.locator(".canvas[data-held]")).to_have_count(0)


def test_an_answer_in_the_middle_of_a_drag_is_drawn_after_it(opened):
    page = opened(BOOTH)
    x, y = grasp(page)
    page.mouse.move(x - 30, y, steps=3)
    wait_for_frame(page, 0)
    answer, held = drawn(page), rate(page).get_attribute("aria-valuetext")
    # Another widget asks the server while the hand holds on.
    page.evaluate("() => document.querySelector('[data-testid=stExpander] summary').click()")
    page.wait_for_timeout(1500)
    assert drawn(page) == answer
    assert rate(page).get_attribute("aria-valuetext") == held
    before = live(page)
    page.mouse.move(x - 60, y, steps=3)
    wait_for_frame(page, before)
    page.mouse.up()
    wait_for_drawing(page, answer)
    expect(page.locator(".canvas[data-held]")).to_have_count(0)


def test_a_typed_formula_with_a_gap_and_a_corner_is_live(opened):
    page = opened(TYPED)
    before = cursor(page, "contour", "GradientDescent")
    x, y = grasp(page)
    page.mouse.move(x + 60, y, steps=6)
    wait_for_frame(page, 0)
    assert cursor(page, "contour", "GradientDescent") != before
    assert page.evaluate(_PAINTED, "contour") > 50
    page.mouse.up()
    wait_for_drawing(page, 1)
    expect(page.locator(".canvas[data-held]")).to_have_count(0)


def test_who_wants_no_motion_still_sees_what_the_hand_moves(opened):
    page = opened(BOOTH, reduced_motion="reduce")
    before = cursor(page, "contour", "Adam")
    x, y = grasp(page)
    page.mouse.move(x - 60, y, steps=6)
    wait_for_frame(page, 0)
    assert cursor(page, "contour", "Adam") != before
    page.mouse.up()


# Of a picture, in pixels: the heights of map and colour bar, how far apart their upper edges are, and how far its
# labels and its axis title are beyond it.
_SHAPE = """figure => {
    const plot = document.querySelector(`[data-figure="${figure}"]`), box = plot.getBoundingClientRect();
    const marks = plot.closest('.canvas-cell').querySelectorAll(`.canvas-exit, [data-figure="${figure}"] .xtitle`);
    const beyond = [...marks].map(mark => mark.getBoundingClientRect()).map(mark =>
        Math.max(box.left - mark.left, mark.right - box.right, box.top - mark.top, mark.bottom - box.bottom));
    const [bar, area] = ['.cbfills', '.nsewdrag'].map(part => plot.querySelector(part)?.getBoundingClientRect());
    const apart = bar && Math.abs(bar.top - area.top);
    return {map: plot._fullLayout.yaxis?._length, bar: bar?.height, apart, beyond: Math.max(...beyond),
        labels: [...plot.closest('.canvas-cell').querySelectorAll('.canvas-exit')].map(label => label.textContent)};
}"""


@pytest.mark.parametrize("width", [1366, 1024])
def test_paths_that_go_far_are_labelled_at_their_exits_and_the_bar_is_as_tall_as_the_map(opened, width):
    page = opened("/?surface=rosenbrock&optimizers=GradientDescent,Adam&learning_rate=0.02&updates=20")
    page.set_viewport_size({"width": width, "height": 768})

    def is_in_order() -> None:
        for figure in ("contour", "surface"):
            shape = page.evaluate(_SHAPE, figure)
            assert len(shape["labels"]) == 1
            assert shape["labels"][0].endswith("left at update 1")
            assert shape["beyond"] <= 0.5
        shape = page.evaluate(_SHAPE, "contour")
        assert abs(shape["map"] - shape["bar"]) <= 2
        assert shape["apart"] <= 2

    eventually(page, is_in_order)
    x, y = grasp(page)
    before = live(page)
    page.mouse.move(x + 20, y, steps=3)
    wait_for_frame(page, before)
    eventually(page, is_in_order)
    page.mouse.up()
