"""The clock in a real browser: paths grow with it, arrows follow it before the server, and the link holds it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import eventually, wait_for_drawing

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BOOTH = "/?surface=booth&optimizers=GradientDescent&learning_rate=0.02&updates=20"
# How much is painted over the map: the sum of how opaque its pixels are.
_PAINTED = """() => {
    const layer = document.querySelector('[data-figure="contour"]').parentElement.querySelector('.canvas-layer');
    if (layer.hidden || !layer.width) return 0;
    const {data} = layer.getContext('2d').getImageData(0, 0, layer.width, layer.height);
    let sum = 0;
    for (let place = 3; place < data.length; place += 4) sum += data[place] / 255;
    return sum;
}"""
_AHEAD = "() => document.documentElement.hasAttribute('data-canvas-ahead')"


@pytest.fixture
def opened(visit, address):
    def open_it(link: str) -> Page:
        page = visit(address + link)
        wait_for_drawing(page, 0)
        return page

    return open_it


def time_slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Update", exact=True)


def test_a_path_grows_with_the_clock_and_what_comes_later_can_be_hidden(opened):
    page = opened(BOOTH)
    assert page.evaluate(_PAINTED) == 0
    page.get_by_role("button", name="Show later updates").click()
    grown = []
    for update in (2, 8, 14):
        time_slider(page).fill(str(update))
        grown.append(page.evaluate(_PAINTED))
    assert 0 < grown[0] < grown[1] < grown[2]
    # A class can guess first.
    expect(page.locator(".canvas-verdict")).to_have_text(re.compile(r"^(\S+( \S+)* \?)+$"))
    expect(page.get_by_role("table").first).to_be_hidden()
    time_slider(page).fill("2")
    page.get_by_role("button", name="Show later updates").click()
    assert page.evaluate(_PAINTED) > grown[0]
    time_slider(page).fill("20")
    assert page.evaluate(_PAINTED) == 0
    expect(page.locator(".canvas-verdict")).not_to_contain_text("?")
    expect(page.get_by_role("table").first).to_be_visible()


def test_the_link_holds_the_clock_and_opens_with_it(opened):
    page = opened(BOOTH)
    expect(time_slider(page)).to_have_attribute("aria-valuetext", "update 20 of 20")
    time_slider(page).fill("7")
    page.wait_for_url(re.compile(r"[?&]update=7\b"))
    page.reload()
    wait_for_drawing(page, 0)
    expect(time_slider(page)).to_have_attribute("aria-valuetext", "update 7 of 20")
    time_slider(page).fill("20")
    page.wait_for_url(lambda url: "update=" not in url)


def test_arrows_follow_the_clock_before_the_server_answers(opened):
    page = opened(f"{BOOTH}&arrows=yes&update=3")
    arrows = page.locator('[data-figure="contour"] .annotation').first
    expect(arrows).to_be_visible()
    time_slider(page).dispatch_event("pointerdown")
    time_slider(page).fill("5")
    assert page.evaluate(_AHEAD)
    expect(arrows).to_be_hidden()
    time_slider(page).dispatch_event("pointerup")
    page.wait_for_url(re.compile(r"[?&]update=5\b"))
    eventually(page, lambda: expect(arrows).to_be_visible())
    assert not page.evaluate(_AHEAD)
