"""Every page and part in a real browser, in windows of many sizes: slider, picture and verdict are seen together, and
nothing is cut, covered or wider than the window. What is measured, and how, is in views.js."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import PATIENCE
from tests.views import PHONE, SCRIPT, SIZES, View, open_at, resize, views
from ui.navigation import PAGES

pytestmark = pytest.mark.browser

# What a finger meets differs from what a mouse meets, also on the same window: one page of each section.
TOUCHED = {page.section: page for page in PAGES}.values()
UPRIGHT, LYING = (390, 844), (844, 390)


def complaints(page: Page, view: View, sizes) -> list[str]:
    """What is wrong with a view in each of the windows."""
    wrong = []
    for width, height in sizes:
        resize(page, width, height)
        wrong += [f"{view.name} {width}x{height}: {text}" for text in page.evaluate("() => views.complaints()")]
    return wrong


def complaints_of_page(context: BrowserContext, address: str, path: str, sizes) -> list[str]:
    """What is wrong with a page of the app in all its parts."""
    wrong = []
    for view in views():
        if view.page.url_path == path:
            page = open_at(context, address + view.link)
            wrong += complaints(page, view, sizes)
            page.close()
    return wrong


@pytest.fixture
def phone(browser):
    """A window that is touched."""
    context = browser.new_context(viewport={"width": UPRIGHT[0], "height": UPRIGHT[1]}, **PHONE)
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.mark.parametrize("path", [page.url_path for page in PAGES], ids=lambda path: path or "playground")
def test_control_picture_and_verdict_are_seen_together_and_whole(profile, address, path):
    assert complaints_of_page(profile, address, path, SIZES) == []


@pytest.mark.parametrize("path", [page.url_path for page in TOUCHED])
def test_under_a_finger_too(phone, address, path):
    assert complaints_of_page(phone, address, path, (UPRIGHT, LYING)) == []


def test_the_toolbar_takes_the_place_of_the_title(opened):
    page = opened("")
    picture = page.locator("[data-figure=contour]")
    expect(picture.locator(".gtitle")).to_have_css("opacity", "1")
    picture.hover()
    expect(picture.locator(".modebar")).to_have_css("opacity", "1")
    expect(picture.locator(".gtitle")).to_have_css("opacity", "0")


def test_every_page_has_a_view_and_every_view_a_name_of_its_own():
    assert list(dict.fromkeys(view.page for view in views())) == list(PAGES)
    assert len({view.name for view in views()}) == len({view.link for view in views()}) == len(views())
    assert {"learning_rate", "red_circle"} <= {view.page.url_path for view in views() if view.part}


# The measures themselves: pages on which they find nothing but what is wrong


CANVAS = """<div class="canvas" data-drawn="1">
  <div class="canvas-cell"><div data-figure="contour" style="width: 300px; height: %(height)dpx; background: #ddd">
    <svg class="main-svg" width="300" height="200">%(svg)s</svg></div></div>
  <div style="height: %(between)dpx"></div>
  <div class="canvas-strip"><p class="canvas-verdict" style="margin: 0">%(verdict)s</p>
    <input type="range" aria-label="Learning rate"></div></div>%(below)s"""
USUAL = {"height": 250, "svg": "", "between": 0, "verdict": "Converged.", "below": ""}
TICK = '<g class="xtick"><text x="%d" y="100">10</text></g>'
FRAME = """<body style="margin: 0"><div data-testid="stMain" style="height: 100vh; overflow: auto">%s</div></body>"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, None),
        ({"between": 450}, "together with the rest, the window never shows: no picture (the best: 300 x"),
        ({"height": 80}, "never shows: no picture (the best: 300 x 80, 100 %)"),
        ({"verdict": ""}, "never shows: there is no verdict"),
        ({"between": 300}, "without scrolling, the strip is not seen"),
        (
            {"below": "<div style='position: fixed; bottom: 0; top: 0; width: 100%; background: #fff'></div>"},
            "no slider",
        ),
        ({"below": "<p style='width: 700px'>wide</p>"}, "sticks out of the window: p “wide”"),
        ({"below": "<button style='width: 30px; overflow: hidden'>Unpronounceable</button>"}, "is cut: button"),
        ({"below": "<p style='height: 8px; overflow: hidden'>low</p>"}, "is cut: p “low”"),
        (
            {"below": "<button>a</button><button style='margin-left: -9px'>b</button>"},
            "button “a” and button “b” overlap",
        ),
        ({"below": "<div data-testid='stException'>NameError</div>"}, "fails: NameError"),
        ({"svg": TICK % 295 + TICK % 100}, "picture contour: g.xtick “10”"),
        ({"svg": TICK % 100 + TICK % 108}, "g.xtick “10” and g.xtick “10” overlap"),
    ],
)
def test_what_is_wrong_would_be_seen(page, change, complaint):
    page.set_viewport_size({"width": 600, "height": 560})
    page.set_content(FRAME % (CANVAS % {**USUAL, **change}))
    page.add_script_tag(path=SCRIPT)
    wrong = page.evaluate("() => views.complaints()")
    assert any(complaint in sentence for sentence in wrong) if complaint else wrong == [], wrong
