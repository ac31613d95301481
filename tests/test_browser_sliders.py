"""The sliders of the canvas in a real browser: mouse, keys, fingers, help, groups, and answers that come early."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import PATIENCE, drawn, eventually, number_of, speaking, wait_for_drawing, watch

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LINK = "/?surface=booth&optimizers=GradientDescent,Adam&learning_rate=0.05"


def opened(browser: Browser, address: str, **options) -> tuple[Page, list[str]]:
    page = browser.new_context(viewport={"width": 1366, "height": 768}, **options).new_page()
    page.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    watch(page, wrong)
    page.goto(address + LINK)
    wait_for_drawing(page, 0)
    return page, wrong


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    page, wrong = opened(browser, address)
    yield page
    assert wrong == []
    page.context.close()


def rate(page: Page) -> Locator:
    return page.get_by_role("slider", name="Learning rate η (for all)", exact=True)


def link(page: Page) -> str:
    return page.evaluate("location.search")


def thumb(slider: Locator) -> tuple[float, float]:
    """Where the thumb is on the screen."""
    x, y, width, height, share = slider.evaluate(
        "range => { const box = range.getBoundingClientRect();"
        " return [box.x, box.y, box.width, box.height, range.value / range.max]; }"
    )
    return x + 8 + share * (width - 16), y + height / 2


def test_a_drag_with_the_mouse_is_answered_once_after_the_release(page):
    slider, before = rate(page), drawn(page)
    expect(slider).to_have_attribute("aria-valuetext", speaking("0.05"))
    x, y = thumb(slider)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x - 5 * step, y)
    held = number_of(slider)
    assert held < 0.05
    expect(page.locator(".canvas[data-held]")).to_have_count(1)
    expect(page.locator(".st-key-outcome_answers")).to_have_css("opacity", "0.35")
    assert "learning_rate=0.05" in link(page)
    page.mouse.up()
    wait_for_drawing(page, before)
    eventually(page, lambda: expect_link(page, f"learning_rate={held:g}"))
    expect(page.locator(".canvas[data-held]")).to_have_count(0)
    expect(page.locator(".st-key-outcome_answers")).to_have_css("opacity", "1")
    assert number_of(slider) == held


def expect_link(page: Page, part: str) -> None:
    assert part in link(page)


def test_a_press_that_moves_nothing_asks_nothing(page):
    slider, before = rate(page), drawn(page)
    x, y = thumb(slider)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 1, y)
    page.mouse.up()
    expect(page.locator(".canvas[data-held]")).to_have_count(0)
    page.wait_for_timeout(500)
    assert drawn(page) == before
    assert number_of(slider) == 0.05


@pytest.mark.parametrize(
    ("key", "value"),
    [("ArrowRight", "0.056"), ("ArrowDown", "0.045"), ("Home", "1e-06"), ("End", "10"), ("PageUp", "0.25")],
)
def test_keys_move_the_slider_and_not_the_time(page, key, value):
    slider, time = rate(page), page.locator(".canvas-update").text_content()
    slider.press(key)
    expect(slider).to_have_attribute("aria-valuetext", speaking(value))
    eventually(page, lambda: expect_link(page, f"learning_rate={value}"))
    expect(slider).to_be_focused()
    assert page.locator(".canvas-update").text_content() == time


@pytest.mark.parametrize("how", ["double click", "Delete", "button"])
def test_the_default_comes_back(page, how):
    slider = rate(page)
    back = page.get_by_role("button", name="Back to", exact=False)
    slider.press("End")
    expect(back).to_have_count(1)
    if how == "double click":
        slider.dblclick(position={"x": 300, "y": 14})
    elif how == "Delete":
        slider.press("Delete")
    else:
        back.click()
    eventually(page, lambda: expect_default(page, slider))
    expect(back).to_have_count(0)


def expect_default(page: Page, slider: Locator) -> None:
    assert "learning_rate=0.025" in link(page)
    assert number_of(slider) == 0.025


def test_a_rerun_does_not_pull_the_slider_out_of_the_hand(page):
    slider, before = rate(page), drawn(page)
    element = slider.element_handle()
    x, y = thumb(slider)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y)
    held = number_of(slider)
    page.evaluate("[...document.querySelectorAll('button')].find((b) => b.textContent.includes('Reset')).click()")
    eventually(page, lambda: expect_link(page, "learning_rate=0.025"))
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    assert drawn(page) == before
    assert number_of(slider) == held
    page.mouse.move(x - 120, y)
    further = number_of(slider)
    assert further < held
    page.mouse.up()
    eventually(page, lambda: expect_link(page, f"learning_rate={further:g}"))
    assert number_of(slider) == further
    assert element.evaluate("element => element.isConnected")


def test_groups_unfold_and_stay_open_and_their_sliders_move_their_own_rule(page):
    group = page.locator("details", has_text="Adam: hyperparameters")
    beta = page.get_by_role("slider", name="Beta 1 β₁", exact=True)
    expect(beta).not_to_be_visible()
    group.locator("summary").focus()
    page.keyboard.press("Space")
    beta.press("ArrowLeft")
    expect(beta).to_have_attribute("aria-valuetext", speaking("0.89"))
    eventually(page, lambda: expect_link(page, "Adam.beta1=0.89"))
    expect(beta).to_be_focused()
    page.go_back()
    expect(beta).to_have_attribute("aria-valuetext", speaking("0.9"))
    expect(beta).to_be_visible()


def test_help_opens_by_keys_and_closes_by_escape(page):
    help = page.get_by_role("button", name="Help: Learning rate η (for all)")
    text = page.get_by_role("tooltip").filter(has_text="Moves every path at once.")
    help.press("Enter")
    expect(text).to_be_visible()
    help.press("Escape")
    expect(text).not_to_be_visible()


def test_an_own_rate_for_every_rule_and_back_keeps_every_slider_in_step(page):
    page.goto(page.url + "&same_rate=no")
    for name, value in (("Gradient descent", "0.01"), ("Adam", "0.05")):
        slider = page.get_by_role("slider", name=f"Learning rate η · {name}", exact=True)
        expect(slider).to_have_attribute("aria-valuetext", speaking(value))
    expect(rate(page)).to_have_count(0)


def test_a_finger_drags_the_slider_and_a_second_one_breaks_nothing(browser, address):
    page, wrong = opened(browser, address, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    slider, before = rate(page), drawn(page)
    slider.scroll_into_view_if_needed()
    assert slider.bounding_box()["height"] >= 44
    x, y = slider.evaluate(
        "range => { const box = range.getBoundingClientRect();"
        " return [box.x + 12 + (range.value / range.max) * (box.width - 24), box.y + box.height / 2]; }"
    )
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    touch("touchStart", (x, y))
    for step in range(1, 11):
        touch("touchMove", (x - 6 * step, y))
    eventually(page, lambda: expect_below(slider, 0.05))
    held = number_of(slider)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0
    touch("touchStart", (x - 60, y), (x, y + 200))
    touch("touchMove", (x - 60, y), (x, y + 220))
    touch("touchEnd", (x - 60, y))
    touch("touchEnd")
    wait_for_drawing(page, before)
    eventually(page, lambda: expect_link(page, f"learning_rate={number_of(slider):g}"))
    assert number_of(slider) <= held
    expect(page.locator(".canvas[data-held]")).to_have_count(0)
    assert wrong == []
    page.context.close()


def expect_below(slider: Locator, most: float) -> None:
    assert number_of(slider) < most


def test_a_slider_goes_on_after_the_pages_of_others(page):
    slider = rate(page)
    slider.press("ArrowRight")
    eventually(page, lambda: expect_link(page, "learning_rate=0.056"))
    page.get_by_test_id("stTopNavSection").filter(has_text="Playground").click()
    page.get_by_role("menuitem").nth(1).click()
    expect(slider).to_have_count(0)
    page.go_back()
    expect(slider).to_have_attribute("aria-valuetext", speaking("0.056"))
    slider.press("ArrowRight")
    eventually(page, lambda: expect_link(page, "learning_rate=0.063"))


# What fills an element: nothing of it is told apart from the page where the reader's colours leave it transparent.
_FILL = "element => getComputedStyle(element).backgroundColor"


def test_the_readers_own_colours_leave_sliders_and_what_is_chosen_visible(browser, address):
    """Every part of the slider's look is drawn by us, so the browser cannot know what to do with it."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, forced_colors="active").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{address}/learning_rate")
    wait_for_drawing(page, 0)
    segments = page.locator('[data-testid="stButtonGroup"]').first.locator("button")
    chosen, other = segments.nth(0), segments.nth(1)
    assert chosen.evaluate(_FILL) != other.evaluate(_FILL)
    slider = page.get_by_role("slider", name="Learning rate η", exact=True)
    slider.focus()
    slider.press("End")
    at_the_end = pixels(slider)
    slider.press("Home")
    # The thumb and the filled part of the track are drawn, and are elsewhere at the other end.
    assert len(set(at_the_end)) > 2
    assert at_the_end != pixels(slider)
    page.context.close()


def pixels(slider: Locator) -> list[tuple[int, ...]]:
    """The colours along the middle of a slider."""
    picture = Image.open(io.BytesIO(slider.screenshot())).convert("RGB")
    return [picture.getpixel((x, picture.height // 2)) for x in range(picture.width)]
