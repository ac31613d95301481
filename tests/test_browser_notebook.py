"""The output of a real notebook in a real browser, in the frames that notebooks put it into: alive, and silent on the
network."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Frame, Page, expect

from optimizers import OPTIMIZERS, SCHEDULES, run
from surfaces import SURFACES
from tests.browser import eventually, number_of
from tests.notebooks import CELLS, shown
from tests.pages_alone import assert_draws, opening_files, pull

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOOTH = SURFACES["booth"]
RULES = {
    "Adam": OPTIMIZERS["Adam"](learning_rate=0.1),
    "fast, η falls": OPTIMIZERS["GradientDescent"](learning_rate=0.05, schedule=SCHEDULES["Cosine"]()),
}
# As Jupyter shows an output, and as strict as anybody does: in a sandbox, which has no origin of its own, and under the
# rules of VS Code's views.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob: https:"
)
AROUND = {
    "open": "{output}",
    "strict": f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{{sandboxed}}',
}
# Width and height of the pictures in view, in pixels.
_BOXES = """[...document.querySelectorAll('.js-plotly-plot')].map(plot => plot.getBoundingClientRect())
  .filter(box => box.left >= 0 && box.right <= innerWidth).map(({width, height}) => [width, height])"""
SLIDERS = 5  # two learning rates, and three other hyperparameters of Adam


@pytest.fixture
def opened(browser) -> Iterator[Callable[..., Page]]:
    """Opens a file whose network is cut."""
    with opening_files(browser) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def output() -> str:
    """What a notebook shows."""
    return shown(*CELLS)


@pytest.fixture
def notebook(opened, output, tmp_path) -> Callable[..., tuple[Page, Frame]]:
    """Opens the output inside another page, and waits for its pictures."""

    def open_it(around: str = "open", **options) -> tuple[Page, Frame]:
        sandboxed = output.replace("<iframe", '<iframe sandbox="allow-scripts"', 1)
        body = AROUND[around].format(output=output, sandboxed=sandboxed)
        file = tmp_path / "notebook.html"
        file.write_text(f'<!doctype html><meta charset="utf-8"><title>Notebook</title>{body}', encoding="utf-8")
        page = opened(file, **options)
        page.wait_for_selector("iframe")
        frame = page.frames[1]
        frame.wait_for_selector(".canvas[data-drawn]")
        return page, frame

    return open_it


def assert_shows_given(frame: Frame) -> None:
    assert_draws(frame, {name: run(rule, BOOTH, BOOTH.start, 40) for name, rule in RULES.items()}, rtol=1e-6)


def assert_moved(frame: Frame, rate: float) -> None:
    assert_draws(frame, {"Adam": run(replace(RULES["Adam"], learning_rate=rate), BOOTH, BOOTH.start, 40)})


def assert_fits(frame: Frame, pictures: int) -> None:
    """Waits until nothing has to be scrolled. So many pictures are in view, none of them squashed."""
    root = "document.documentElement"
    frame.wait_for_function(f"{root}.scrollHeight <= innerHeight && {root}.scrollWidth <= innerWidth")

    def check() -> None:
        boxes = frame.evaluate(_BOXES)
        assert len(boxes) == pictures
        assert min(map(min, boxes)) > 280

    eventually(frame, check)
    expect(frame.get_by_role("slider", name="Learning rate η · Adam")).to_be_in_viewport()


@pytest.mark.parametrize("around", AROUND)
def test_the_output_follows_key_and_mouse_with_the_runs_of_numpy(notebook, around):
    asked: list[str] = []
    page, frame = notebook(around, size=(1000, 900), asked=asked)
    assert_fits(frame, 3)
    assert_shows_given(frame)
    slider = frame.get_by_role("slider", name="Learning rate η · Adam")
    slider.press("ArrowRight")
    rates = [number_of(slider)]
    assert_moved(frame, rates[0])
    for share in (0.2, 0.45):
        rates.append(pull(page, slider, share))
        assert_moved(frame, rates[-1])
    assert len({0.1, *rates}) == 4
    expect(frame.locator(".canvas-slider")).to_have_count(SLIDERS)
    # There is no address to copy.
    expect(frame.get_by_role("button", name="Copy")).to_have_count(0)
    frame.get_by_role("button", name="Reset").click()
    assert_shows_given(frame)
    assert number_of(slider) == 0.1
    for theme in ("light", "dark"):
        frame.get_by_role("button", name="Theme").click()
        expect(frame.locator("html")).to_have_attribute("data-theme", theme)
    assert [address for address in asked if not address.startswith("file:")] == []
    if around == "open":
        page.set_viewport_size({"width": 600, "height": 900})
        assert_fits(frame, 1)
