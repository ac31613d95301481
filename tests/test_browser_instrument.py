"""A lesson as one file in a real browser: all of it moves without a server, and it talks with the page around it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from figures.theme import THEMES
from lessons.defaults import defaults_for
from lessons.experiment import experiment
from lessons.settings import Settings
from optimizers import title_of
from tests.browser import eventually, number_of, pixel_of
from tests.pages_alone import SIZES, assert_draws, opening_files, pull
from tests.test_instrument import html_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SETTINGS = replace(defaults_for("booth"), updates=40)
HOSTILE = "</script></title><img src=x onerror=alert(1)>"
STARTS = "(() => { const plot = document.querySelector('[data-figure=contour]');\
 const start = plot.data.find(({name}) => name === 'start'); return [start.x[0], start.y[0]]; })()"


@pytest.fixture
def opened(browser) -> Iterator[Callable[..., Page]]:
    """Opens a file whose network is cut."""
    with opening_files(browser) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A lesson that was taken home, beside pages that show it in a frame."""
    folder = tmp_path_factory.mktemp("lesson")
    (folder / "lesson.html").write_text(html_of(SETTINGS, title=HOSTILE), encoding="utf-8")
    for name, options in {"any": "#origin=*", "none": ""}.items():
        (folder / f"{name}.html").write_text(
            f'<!doctype html><title>Around</title><iframe width="900" height="700" src="lesson.html{options}"></iframe>'
            '<script>const heard = []; addEventListener("message", ({data}) => heard.push(data));</script>'
        )
    return folder / "lesson.html"


def wait_for_pictures(page: Page | Frame) -> None:
    page.wait_for_selector(".canvas[data-drawn]")


def rate_slider(page: Page | Frame) -> Locator:
    return page.get_by_role("slider", name="Learning rate")


def assert_shows(page: Page | Frame, settings: Settings, **how) -> None:
    paths = experiment(settings).trajectories
    assert_draws(page, {title_of(name): path for name, path in paths.items()}, **how)


@pytest.mark.parametrize(("size", "theme"), [("laptop", "light"), ("phone", "dark")])
def test_a_lesson_from_the_disk_follows_every_hand(opened, file, size, theme):
    asked: list[str] = []
    page = opened(file, size=SIZES[size], theme=theme, asked=asked)
    wait_for_pictures(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ink = page.evaluate("document.querySelector('[data-figure=contour]')._fullLayout.font.color")
    assert ink == THEMES[theme].ink
    assert_shows(page, SETTINGS, rtol=1e-6)
    held = pull(page, rate_slider(page), 0.2)
    assert held != SETTINGS.learning_rate
    assert_shows(page, replace(SETTINGS, learning_rate=held))
    # The start goes where the mouse brings it.
    x, y = pixel_of(page, "contour", *page.evaluate(STARTS))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y - 50, steps=5)
    page.mouse.up()
    eventually(page, lambda: np.testing.assert_array_less(list(SETTINGS.start), page.evaluate(STARTS)))
    assert_shows(page, replace(SETTINGS, learning_rate=held, start=tuple(page.evaluate(STARTS))))
    time = page.get_by_role("slider", name="Update", exact=True)
    time.fill("35")
    page.get_by_role("button", name="Play (space)").click()
    expect(time).to_have_attribute("aria-valuetext", "update 40 of 40")
    time.fill("7")
    time.press("ArrowRight")
    expect(time).to_have_attribute("aria-valuetext", "update 8 of 40")
    page.evaluate("new Promise((done) => setTimeout(done, 400))")  # until the time is at rest
    page.get_by_role("button", name="Reset", exact=True).click()
    assert_shows(page, SETTINGS, rtol=1e-6)
    assert number_of(rate_slider(page)) == SETTINGS.learning_rate
    expect(time).to_have_attribute("aria-valuetext", "update 40 of 40")
    # The title is a text.
    expect(page.get_by_role("heading", name=HOSTILE)).to_be_visible()
    assert page.evaluate("document.querySelectorAll('img, main script').length") == 0
    assert asked == [file.as_uri()]


def test_the_address_brings_back_what_a_hand_has_moved(opened, file):
    page = opened(file)
    wait_for_pictures(page)
    held = pull(page, rate_slider(page), 0.3)
    page.wait_for_function("location.hash.length > 1")
    again = opened(file, f"#{page.url.partition('#')[2]}")
    wait_for_pictures(again)
    assert number_of(rate_slider(again)) == held
    assert_shows(again, replace(SETTINGS, learning_rate=held))
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_function("location.hash === ''")


def test_the_page_around_sets_a_slider_and_hears_what_became_of_the_runs(opened, file):
    page = opened(file.with_name("any.html"))
    inside = page.frames[1]
    wait_for_pictures(inside)
    page.evaluate("frames[0].postMessage({set: {learning_rate: '0.0234'}}, '*')")
    assert_shows(inside, replace(SETTINGS, learning_rate=0.0234))
    assert number_of(rate_slider(inside)) == 0.0234
    held = pull(page, rate_slider(inside), 0.2)
    page.wait_for_function("heard.length === 2")
    for heard, rate in zip(page.evaluate("heard"), (0.0234, held), strict=True):
        assert heard["state"] == {"learning_rate": f"{rate:g}", **heard["state"]}
        assert float(heard["state"]["learning_rate"]) == rate
        assert heard["state"]["start"] == ",".join(f"{number:g}" for number in SETTINGS.start)
        for run, path in experiment(replace(SETTINGS, learning_rate=rate)).trajectories.items():
            np.testing.assert_allclose(heard["outcome"][run]["theta"], path.theta[-1], rtol=1e-9)
            np.testing.assert_allclose(heard["outcome"][run]["loss"], path.loss[-1], rtol=1e-9)
            assert heard["outcome"][run]["diverged_at"] == -1


def test_a_page_around_that_is_not_named_neither_sets_nor_hears(opened, file):
    page = opened(file.with_name("none.html"))
    inside = page.frames[1]
    wait_for_pictures(inside)
    page.evaluate("frames[0].postMessage({set: {learning_rate: '0.0234'}}, '*')")
    rate_slider(inside).press("ArrowRight")
    inside.wait_for_function("location.hash.length > 1")
    assert number_of(rate_slider(inside)) != 0.0234
    assert page.evaluate("heard") == []
