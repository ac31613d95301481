"""The canvas in a real browser: picking the start, one time for all pictures, a view that stays, and what can fail."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode

import numpy as np
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browser.pictures import pictures, split
from browser.wire import packed
from figures import DARK, LIGHT
from figures.meta import run_of
from figures.theme import style_of
from lessons.experiment import Experiment, experiment
from lessons.rates import LARGEST_RATE, SMALLEST_RATE, preferred_numbers
from lessons.settings import Settings, decoded
from optimizers import title_of
from surfaces import SURFACES
from tests.browser import FLAGS, PATIENCE, browser_path, drawn, eventually, go_to, wait_for_drawing, watch
from tests.test_browser_playground import (
    FITS,
    OVERFLOW,
    assert_pictures_show,
    open_expanders,
    rate_slider,
)
from ui.canvas.routes import address as address_of
from ui.report import descriptions

pytestmark = pytest.mark.browser

# Two paths that stay inside the frame.
LINK = {"surface": "himmelblau", "optimizers": "GradientDescent,Momentum", "learning_rate": "0.01", "updates": "40"}
# A path that leaves the frame at once and later the range of numbers.
LEAVES = {"surface": "himmelblau", "optimizers": "GradientDescent,Adam", "learning_rate": "0.1", "updates": "40"}
RUNS = ("GradientDescent", "Momentum")
FIGURES = ("contour", "surface", "loss")
HEIGHT = 430
PLAY, PAUSE = "Play (space)", "Pause (space)"
BACK, FORWARD = "One update back (left arrow)", "One update forward (right arrow)"


@pytest.fixture(scope="module", autouse=True)
def path() -> str:
    """The browser's program, looked up before a Playwright runs: there cannot be two at a time."""
    return browser_path()


@pytest.fixture
def opened(opened) -> Callable[..., Page]:
    """Opens the playground by a link in parts, and waits for its pictures."""
    return lambda link=LINK, **more: opened(f"?{urlencode({**link, **more})}")


@cache
def done_at(**link: str) -> Experiment:
    settings, complaints = decoded(link)
    assert not complaints
    return experiment(settings)


def shows(page: Page, settings: Settings, after: int) -> None:
    """Waits until a later message than this has been drawn and the pictures show the runs of these settings."""
    assert_pictures_show(page, settings)
    wait_for_drawing(page, after)
    for name, text in descriptions(experiment(settings)).items():
        expect(figure(page, name)).to_have_attribute("aria-label", text)


def next_rate(rate: float, places: int = 1) -> float:
    rates = preferred_numbers(SMALLEST_RATE, LARGEST_RATE)
    return rates[rates.index(rate) + places]


def press_rate(page: Page, settings: Settings, key: str = "ArrowRight") -> Settings:
    """Moves the learning rate by one place and waits for the pictures."""
    after = drawn(page)
    moved = replace(settings, learning_rate=next_rate(settings.learning_rate, 1 if key == "ArrowRight" else -1))
    rate_slider(page).press(key)
    shows(page, moved, after)
    return moved


# Pixels. What the browser draws is compared with what the axes' ranges and the rectangle of the picture say


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"[data-figure={name}]")


# The rectangle inside the axes, and their ranges.
AREA = """name => {
  const plot = document.querySelector(`[data-figure=${name}]`);
  const {x, y, width, height} = plot.querySelector(".nsewdrag").getBoundingClientRect();
  const {xaxis, yaxis} = plot._fullLayout;
  return {corner: [x, y], size: [width, height], ranges: [[...xaxis.range], [...yaxis.range]]};
}"""


class Area:
    """The plane of a flat picture: from pixels to coordinates and back."""

    def __init__(self, page: Page, name: str = "contour"):
        known = page.evaluate(AREA, name)
        self.corner, self.size = np.array(known["corner"]), np.array(known["size"])
        self.ranges = np.array(known["ranges"])
        self.pixel = np.ptp(self.ranges, axis=1) / self.size

    def at(self, point: Sequence[float]) -> np.ndarray:
        """The pixel of a point; the vertical axis of the screen points down."""
        right, up = (np.array(point) - self.ranges[:, 0]) / np.diff(self.ranges)[:, 0]
        return self.corner + self.size * [right, 1 - up]

    def point(self, pixel: Sequence[float]) -> np.ndarray:
        right, down = (np.array(pixel) - self.corner) / self.size
        return self.ranges[:, 0] + np.diff(self.ranges)[:, 0] * [right, 1 - down]


# The rectangle of the 3D picture, and its camera.
SPACE = """() => {
  const plot = document.querySelector("[data-figure=surface]");
  const {x, y, width, height} = plot.querySelector("canvas").getBoundingClientRect();
  return {corner: [x, y], size: [width, height], camera: plot._fullLayout.scene._scene.getCamera()};
}"""


def in_space(page: Page, layout: go.Layout, points: np.ndarray) -> np.ndarray:
    """The pixels (n, 2) of points (n, 3) of the 3D picture, as a pinhole camera with an angle of 45° sees them."""
    known = page.evaluate(SPACE)
    scene, camera = layout.scene, known["camera"]
    eye, center, up = (np.array([camera[name][axis] for axis in "xyz"]) for name in ("eye", "center", "up"))
    ranges = np.array([scene.xaxis.range, scene.yaxis.range, scene.zaxis.range], float)
    ratio = np.array([scene.aspectratio[axis] for axis in "xyz"])
    world = ratio * (points - ranges.mean(axis=1)) / np.ptp(ranges, axis=1)
    back = (eye - center) / np.linalg.norm(eye - center)
    right = np.cross(up, back) / np.linalg.norm(np.cross(up, back))
    away = world - eye
    width, height = known["size"]
    # From the middle of the picture, in units of half its height.
    seen = np.stack([away @ right, -(away @ np.cross(back, right))]) / -(away @ back) / math.tan(math.pi / 8)
    return np.array(known["corner"]) + np.array([width, height]) / 2 + seen.T * height / 2


CURSORS = """() => Object.fromEntries([...document.querySelectorAll("[data-figure]")].map(plot => {
  const marks = [...plot.parentElement.querySelectorAll(".canvas-overlay [data-run]")];
  const shown = marks.filter(mark => getComputedStyle(mark).display !== "none");
  return [plot.dataset.figure, Object.fromEntries(shown.map(mark => {
    const {x, y, width, height} = mark.getBoundingClientRect();
    return [mark.dataset.run, [x + width / 2, y + height / 2]];
  }))];
}))"""


def cursors(page: Page) -> dict[str, dict[str, list[float]]]:
    """The centres of the cursors that can be seen, by figure and run."""
    return page.evaluate(CURSORS)


def in_figure(done: Experiment, rule: str, update: int) -> np.ndarray:
    """The point of the 3D picture at which a run is after an update."""
    (trace,) = [trace for trace in surface_of(done).data if trace.name == title_of(rule)]
    (row,) = np.flatnonzero(trace.customdata[:, 0] == update)
    return np.array([trace.x[row], trace.y[row], trace.z[row]])


def surface_of(done: Experiment) -> go.Figure:
    return pictures(done, LIGHT, HEIGHT)["surface"]


def due(page: Page, done: Experiment, update: int) -> dict[str, dict[str, list[float]]]:
    """Where the cursors belong at an update, by figure and run: the run's recorded numbers, on each picture's axes."""
    flat = {name: Area(page, name) for name in ("contour", "loss")}
    lowest = min(float(done.surface.value(minimum)) for minimum in done.surface.minima)
    places: dict[str, dict[str, list[float]]] = {name: {} for name in FIGURES}
    for rule, path in done.trajectories.items():
        places["contour"][rule] = flat["contour"].at(path.theta[update])
        # A gap that is too small for the picture lies on its lower edge.
        gap = max(math.log10(max(path.loss[update] - lowest, 1e-300)), flat["loss"].ranges[1, 0])
        places["loss"][rule] = flat["loss"].at([update, gap])
        places["surface"][rule] = in_space(page, surface_of(done).layout, in_figure(done, rule, update)[None])[0]
    return places


def assert_cursors(page: Page, done: Experiment, update: int) -> None:
    """The cursors reach their places, on pictures that may still move."""

    def check() -> None:
        actual, expected = cursors(page), due(page, done, update)
        for name in FIGURES:
            assert set(actual[name]) == set(expected[name]), name
            for rule, place in expected[name].items():
                message = f"{rule} on {name} at {update}"
                np.testing.assert_allclose(actual[name][rule], place, atol=0.75, err_msg=message)

    eventually(page, check)


def update_label(page: Page) -> Locator:
    return page.locator(".canvas-update")


def time_slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Update", exact=True)


def expect_update(page: Page, update: int, of: int = 40) -> None:
    expect(update_label(page)).to_have_text(f"update {update} of {of}")
    expect(time_slider(page)).to_have_value(str(update))


def scrub(page: Page, update: int, of: int = 40) -> None:
    """Moves the time, and waits until the server has heard of it, which draws once more."""
    time_slider(page).fill(str(update))
    expect_update(page, update, of)
    page.wait_for_function("() => !document.documentElement.hasAttribute('data-canvas-ahead')")


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def middle_of(part: Locator) -> tuple[float, float]:
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, begin: Sequence[float], end: Sequence[float]) -> None:
    """Drags with the mouse and keeps the button down."""
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*((np.array(begin) + np.array(end)) / 2), steps=4)
    page.mouse.move(*end, steps=4)


# Coming


TOPS = """() => [...document.querySelectorAll("table.outcomes, [data-figure]")].map(
  part => part.getBoundingClientRect().top
)"""


def test_the_pictures_have_their_room_before_they_are_drawn(page, address):
    """Nothing below them jumps, however long plotly.js takes."""
    held = []
    page.route("**/plotly.js", lambda route: held.append(route))
    page.goto(f"{address}/?{urlencode(LINK)}")
    expect(page.locator("table.outcomes")).to_be_visible()
    page.wait_for_function(f"({TOPS})().length === 4")
    assert drawn(page) == 0
    before = page.evaluate(TOPS)
    (route,) = held
    route.continue_()
    wait_for_drawing(page, 0)
    np.testing.assert_allclose(page.evaluate(TOPS), before, atol=1.0)


# Picking the start


def number_of(page: Page, label: str) -> Locator:
    """A number input of the settings, which are folded unless a test opens them."""
    return page.get_by_label(label, exact=True)


MARKER = """() => {
  const plot = document.querySelector("[data-figure=contour]");
  const groups = [...plot.querySelectorAll(".cartesianlayer .scatterlayer .trace")];
  const {x, y, width, height} = groups.at(-1).querySelector(".points path").getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""


def start_marker(page: Page) -> list[float]:
    """The centre of the start's marker as it is drawn: the last trace of the contour map."""
    return page.evaluate(MARKER)


# The start in the page's link, or nothing.
LINKED = "(new URLSearchParams(location.search).get('start') ?? '').split(',').filter(Boolean).map(Number)"


def assert_start(page: Page, settings: Settings, area: Area, pixel: Sequence[float], after: int) -> Settings:
    """The start is where the pixel is: in the link, in the number inputs, on all pictures, and under the pointer."""
    page.wait_for_function(
        f"""([due, pixel]) => {{
          const start = {LINKED};
          return start.length === 2 && start.every((value, axis) => Math.abs(value - due[axis]) <= pixel[axis]);
        }}""",
        arg=[area.point(pixel).tolist(), area.pixel.tolist()],
    )
    settings = replace(settings, start=tuple(page.evaluate(LINKED)))
    # As many decimals as a pixel means.
    for value, size in zip(settings.start, area.pixel, strict=True):
        assert value == round(value, math.ceil(-math.log10(size)))
    shows(page, settings, after)
    for label, value in zip(("Start θ₁", "Start θ₂"), settings.start, strict=True):
        expect(number_of(page, label)).to_have_value(f"{value:.6g}")
    # No finger or mouse has changed what the map shows.
    np.testing.assert_allclose(Area(page).ranges, area.ranges)
    np.testing.assert_allclose(start_marker(page), pixel, atol=1.0)
    return settings


def test_a_click_on_the_map_sets_the_start_to_this_very_pixel(opened):
    page, settings = opened(), decoded(LINK)[0]
    np.testing.assert_allclose(Area(page).ranges, SURFACES["himmelblau"].view)
    np.testing.assert_allclose(start_marker(page), Area(page).at(settings.start), atol=0.75)
    for point in ((3.21, -1.87), (-2.5, 4.0)):
        area, after = Area(page), drawn(page)
        pixel = np.round(area.at(point))
        page.mouse.click(*pixel)
        settings = assert_start(page, settings, area, pixel, after)
    # The keyboard's way, and back with the browser's button.
    open_expanders(page)
    after = drawn(page)
    number_of(page, "Start θ₁").fill("1.5")
    number_of(page, "Start θ₁").press("Enter")
    typed = replace(settings, start=(1.5, settings.start[1]))
    shows(page, typed, after)
    np.testing.assert_allclose(start_marker(page), Area(page).at(typed.start), atol=0.75)
    page.wait_for_function(f"start => ({LINKED}).join() === start.join()", arg=list(typed.start))
    page.go_back()
    assert_pictures_show(page, settings)
    expect(number_of(page, "Start θ₁")).to_have_value(f"{settings.start[0]:.6g}")


def test_a_click_beside_the_start_moves_it_too(opened):
    """Anywhere on the map means anywhere, also where the marker could be taken and dragged."""
    page, settings = opened(), decoded(LINK)[0]
    area, after = Area(page), drawn(page)
    pixel = np.round(area.at(settings.start)) + np.array([11, -6])
    page.mouse.click(*pixel)
    assert_start(page, settings, area, pixel, after)


def test_the_marker_of_the_start_can_be_dragged(opened):
    page, settings = opened(), decoded(LINK)[0]
    area, after = Area(page), drawn(page)
    target = np.round(area.at((1.4, 3.3)))
    drag(page, area.at(settings.start), target)
    layer = figure(page, "contour").locator("xpath=..").locator(".canvas-layer")
    # The marker is white in its middle, where the hand is.
    eventually(page, lambda: assert_white(layer, target))
    page.mouse.up()
    assert_start(page, settings, area, target, after)
    expect(layer).to_be_hidden()


def assert_white(layer: Locator, target: np.ndarray) -> None:
    pixel = layer.evaluate(
        "(layer, [x, y]) => { const box = layer.getBoundingClientRect(), ratio = layer.width / box.width;"
        " return [...layer.getContext('2d').getImageData((x - box.x) * ratio, (y - box.y) * ratio, 1, 1).data]; }",
        target.tolist(),
    )
    assert pixel == [255, 255, 255, 255]


def test_a_drag_that_ends_outside_the_map_or_begins_elsewhere_moves_no_start(opened):
    page, settings = opened(), decoded(LINK)[0]
    area = Area(page)
    drag(page, area.at(settings.start), area.corner + area.size * [0.5, -0.1])
    page.mouse.up()
    # A drag elsewhere is a zoom.
    drag(page, area.at((1.0, 1.0)), area.at((4.0, 4.0)))
    page.mouse.up()
    page.wait_for_function(f"left => ({AREA})('contour').ranges[0][0] > left", arg=0.5)
    # The other pictures choose nothing.
    page.mouse.click(*Area(page, "loss").at((20, 0)))
    page.mouse.click(*middle_of(figure(page, "surface")))
    # What follows is drawn after whatever these might have started.
    press_rate(page, settings)
    assert page.evaluate(LINKED) == []


def test_a_click_on_a_zoomed_map_sets_the_start_to_what_is_there(opened):
    page, settings = opened(), decoded(LINK)[0]
    area = Area(page)
    drag(page, area.at((-4.5, -4.5)), area.at((-1.5, -1.5)))
    page.mouse.up()
    page.wait_for_function(f"right => ({AREA})('contour').ranges[0][1] < right", arg=0.0)
    zoomed, after = Area(page), drawn(page)
    assert (zoomed.pixel < area.pixel / 2).all()
    pixel = np.round(zoomed.corner + zoomed.size * [0.7, 0.4])
    page.mouse.click(*pixel)
    assert_start(page, settings, zoomed, pixel, after)


def touches(page: Page, *pixels: Sequence[float]) -> None:
    """One finger that goes from the first to the last pixel."""
    session = page.context.new_cdp_session(page)

    def send(kind: str, *points: Sequence[float]) -> None:
        places = [{"x": float(x), "y": float(y)} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", pixels[0])
    for begin, end in pairwise(pixels):
        for share in np.linspace(0.2, 1, 5):
            send("touchMove", np.array(begin) + share * (np.array(end) - begin))
    send("touchEnd")
    session.detach()


def test_the_marker_of_the_start_can_be_dragged_and_set_by_touch(address, visit):
    page, settings = visit(f"{address}/?{urlencode(LINK)}", has_touch=True), decoded(LINK)[0]
    wait_for_drawing(page, 0)
    area, after = Area(page), drawn(page)
    target = np.round(area.at((1.4, 3.3)))
    touches(page, area.at(settings.start), target)
    settings = assert_start(page, settings, area, target, after)
    after, pixel = drawn(page), np.round(area.at((-3.0, 0.5)))
    page.touchscreen.tap(*pixel)
    assert_start(page, settings, area, pixel, after)


# The view stays

VIEW = """() => {
  const layout = name => document.querySelector(`[data-figure=${name}]`)._fullLayout;
  const {eye, center, up} = layout("surface").scene._scene.getCamera();
  const ranges = name => [...layout(name).xaxis.range, ...layout(name).yaxis.range];
  const camera = [eye, center, up].flatMap(({x, y, z}) => [x, y, z]);
  return {camera, contour: ranges("contour"), loss: ranges("loss")};
}"""
# The runs that can be seen on each picture.
SEEN = """() => Object.fromEntries([...document.querySelectorAll("[data-figure]")].map(plot => {
  const traces = plot._fullData.filter(trace => trace.meta?.run && trace.visible === true);
  return [plot.dataset.figure, [...new Set(traces.map(trace => trace.meta.run))]];
}))"""


def view(page: Page) -> dict[str, list[float]]:
    return page.evaluate(VIEW)


def settled(page: Page) -> dict:
    """The view once the camera rests: on a busy machine its last frame comes after the mouse is up."""
    two_frames = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    known = None
    while known != (now := view(page)):
        known = now
        page.evaluate(two_frames)
    return known


def assert_same_view(actual: dict, expected: dict) -> None:
    for name, numbers in expected.items():
        np.testing.assert_allclose(actual[name], numbers, rtol=1e-6, atol=1e-9, err_msg=name)


def turn(page: Page) -> None:
    """Turns the 3D picture by dragging it, and leaves the button down."""
    before = view(page)["camera"]
    x, y = middle_of(figure(page, "surface"))
    drag(page, (x, y), (x + 90, y - 35))
    # How far it turns depends on how fast the hand is: one coordinate alone may come out where it was.
    page.wait_for_function(
        f"before => Math.max(...({VIEW})().camera.map((now, place) => Math.abs(now - before[place]))) > 0.1", arg=before
    )
    settled(page)


def legend_entry(page: Page, rule: str) -> Locator:
    legend = page.locator('.canvas-cell:has([data-figure="loss"]) .canvas-legend')
    return legend.get_by_role("button", name=title_of(rule), exact=True)


def choose_surface(page: Page, title: str) -> None:
    page.get_by_role("combobox", name="Surface").click()
    page.get_by_role("option", name=title, exact=True).click()


def test_the_view_stays_over_a_slider_change_and_begins_anew_with_another_surface(opened):
    page, settings = opened(), decoded(LINK)[0]
    fresh = view(page)
    turn(page)
    page.mouse.up()
    for name, begin, end in (("contour", (-4.5, -4.5), (0.0, 0.0)), ("loss", (5.0, 1.5), (30.0, -3.0))):
        area = Area(page, name)
        drag(page, area.at(begin), area.at(end))
        page.mouse.up()
        page.wait_for_function(
            f"([name, edge]) => ({AREA})(name).ranges[0][1] < edge", arg=[name, float(area.ranges[0, 1] - 1)]
        )
    legend_entry(page, "Momentum").click()
    page.wait_for_function(f"() => Object.values(({SEEN})()).every(runs => !runs.includes('Momentum'))")
    scrub(page, 7)
    chosen = settled(page)
    for name, numbers in fresh.items():
        assert np.abs(np.subtract(chosen[name], numbers)).max() > 0.1, name
    for _ in range(2):
        settings = press_rate(page, settings)
        assert_same_view(view(page), chosen)
        assert page.evaluate(SEEN) == {name: ["GradientDescent"] for name in FIGURES}
        expect_update(page, 7)
        assert all("Momentum" not in marks for marks in cursors(page).values())
    legend_entry(page, "Momentum").click()
    page.wait_for_function(f"() => Object.values(({SEEN})()).every(runs => runs.includes('Momentum'))")
    legend_entry(page, "GradientDescent").click()
    page.wait_for_function(f"() => Object.values(({SEEN})()).every(runs => !runs.includes('GradientDescent'))")
    after = drawn(page)
    choose_surface(page, SURFACES["booth"].title)
    expect(figure(page, "contour")).to_have_attribute("aria-label", re.compile(SURFACES["booth"].title))
    wait_for_drawing(page, after)
    expect_update(page, 40)
    assert page.evaluate(SEEN) == {name: list(RUNS) for name in FIGURES}
    page.wait_for_function("new URLSearchParams(location.search).get('surface') === 'booth'")
    link = dict(parse_qsl(page.evaluate("location.search.slice(1)")))
    drawn_now = pictures(done_at(**link), LIGHT, HEIGHT)
    camera = drawn_now["surface"].layout.scene.camera.to_plotly_json()
    expected = [*camera["eye"].values(), *camera["center"].values(), 0, 0, 1]
    np.testing.assert_allclose(view(page)["camera"], expected, atol=1e-6)
    np.testing.assert_allclose(Area(page).ranges, SURFACES["booth"].view)
    loss = drawn_now["loss"].layout
    np.testing.assert_allclose(view(page)["loss"], [*loss.xaxis.range, *loss.yaxis.range], rtol=1e-6)


def test_a_double_click_or_the_button_shows_the_whole_picture_again(opened):
    page, settings = opened(), decoded(LINK)[0]
    for back in ("double click", "button"):
        whole = Area(page)
        drag(page, whole.at((-4.5, -4.5)), whole.at((-1.5, -1.5)))
        page.mouse.up()
        page.wait_for_function(f"right => ({AREA})('contour').ranges[0][1] < right", arg=0.0)
        settings = press_rate(page, settings)
        if back == "button":
            figure(page, "contour").locator("[data-title='Show the whole picture']").click()
        else:
            page.mouse.dblclick(*whole.at((4.0, -4.0)))
        page.wait_for_function(f"right => ({AREA})('contour').ranges[0][1] >= right", arg=float(whole.ranges[0, 1]))
        np.testing.assert_allclose(Area(page).ranges, whole.ranges)


# Time


def test_the_cursors_agree_on_all_pictures_and_the_numbers_are_those_of_the_run(opened):
    page, done = opened(), done_at(**LINK)
    assert_cursors(page, done, 40)
    for update in (0, 7, 23):
        scrub(page, update)
        assert_cursors(page, done, update)
        assert_readout(page, done, update)
    # A narrower window has smaller pictures.
    width = figure(page, "contour").bounding_box()["width"]
    page.set_viewport_size({"width": 1180, "height": 768})
    page.wait_for_function(
        "width => document.querySelector('[data-figure=contour]')._fullLayout.width < width - 20", arg=width
    )
    assert_cursors(page, done, 23)


def test_the_cursors_follow_the_camera_while_it_moves(opened):
    page, done = opened(), done_at(**LINK)
    scrub(page, 23)
    before = cursors(page)["surface"]
    turn(page)
    # With the button still down.
    assert_cursors(page, done, 23)
    assert np.abs(np.subtract(cursors(page)["surface"]["Momentum"], before["Momentum"])).max() > 5
    page.mouse.up()
    assert_cursors(page, done, 23)
    page.mouse.move(*middle_of(figure(page, "surface")))
    away = math.hypot(*view(page)["camera"][:3])
    page.mouse.wheel(0, -20)
    page.wait_for_function(f"away => Math.hypot(...({VIEW})().camera.slice(0, 3)) < away - 0.01", arg=away)
    assert_cursors(page, done, 23)


def assert_readout(page: Page, done: Experiment, update: int) -> None:
    """The line below the time bar says the true numbers, with as many digits as it shows."""
    lines = page.locator(".canvas-read span").all_text_contents()
    assert len(lines) == len(done.trajectories)
    pattern = re.compile(r"(.+): θ = \((\S+), (\S+)\), L = (\S+), \|∇L\| = (\S+)")
    for line, (rule, path) in zip(lines, done.trajectories.items(), strict=True):
        title, *texts = pattern.fullmatch(line).groups()
        assert title == title_of(rule)
        true = [*path.theta[update], path.loss[update], math.hypot(*path.gradient[update])]
        for text, value in zip(texts, true, strict=True):
            shown = float(text.replace("−", "-"))
            assert shown == pytest.approx(value, rel=5.1e-3 if "e" in text else 5.1e-4)


def test_a_cursor_outside_the_frame_is_hidden_and_its_numbers_stay(opened):
    page, done = opened(LEAVES), done_at(**LEAVES)
    (low, high) = np.transpose(SURFACES["himmelblau"].view)
    path = done.trajectories["GradientDescent"]
    inside = ((path.theta >= low) & (path.theta <= high)).all(axis=1)
    gone = int(np.flatnonzero(~inside)[0])
    assert inside[:gone].all()
    assert np.isfinite(path.loss[gone])
    scrub(page, gone - 1)
    assert {name: sorted(marks) for name, marks in cursors(page).items()} == {
        name: ["Adam", "GradientDescent"] for name in FIGURES
    }
    scrub(page, gone)
    for name in ("surface", "contour"):
        assert list(cursors(page)[name]) == ["Adam"]
    assert_readout(page, done, gone)
    # Where there are no numbers any more, there is no cursor either.
    assert not np.isfinite(path.loss[40])
    scrub(page, 40)
    assert all(list(marks) == ["Adam"] for marks in cursors(page).values())
    expect(page.locator(".canvas-read")).to_contain_text(f"Gradient descent: diverged at update {path.diverged_at};")
    expect(page.locator(".canvas-read")).not_to_contain_text(re.compile("NaN|Infinity|∞"))
    # Inside the frame, but outside the part of it that is looked at.
    scrub(page, 0)
    assert sorted(cursors(page)["contour"]) == ["Adam", "GradientDescent"]
    area = Area(page)
    drag(page, area.at((1.0, 1.0)), area.at((4.0, 4.0)))
    page.mouse.up()
    page.wait_for_function(f"() => Object.keys(({CURSORS})().contour).length === 0")
    assert sorted(cursors(page)["surface"]) == ["Adam", "GradientDescent"]


def test_a_run_that_is_hidden_has_no_cursor(opened):
    page = opened()
    legend_entry(page, "GradientDescent").click()
    page.wait_for_function(f"() => Object.values(({SEEN})()).every(runs => runs.join() === 'Momentum')")
    for update in (40, 0, 12):
        scrub(page, update)
        assert {name: list(marks) for name, marks in cursors(page).items()} == {name: ["Momentum"] for name in FIGURES}
    legend_entry(page, "GradientDescent").click()
    page.wait_for_function(f"() => Object.values(({SEEN})()).every(runs => runs.length === 2)")
    page.wait_for_function(f"() => Object.values(({CURSORS})()).every(marks => Object.keys(marks).length === 2)")
    assert_cursors(page, done_at(**LINK), 12)


def test_buttons_slider_and_keys_move_the_time(opened):
    page, settings = opened(), decoded(LINK)[0]
    expect_update(page, 40)
    button(page, FORWARD).click()
    expect_update(page, 40)
    button(page, BACK).click()
    expect_update(page, 39)
    button(page, FORWARD).click()
    expect_update(page, 40)
    # The slider, with the mouse and with its own keys.
    box = time_slider(page).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_update(page, 20)
    for key, update in (("ArrowLeft", 19), ("ArrowRight", 20), ("Home", 0), ("ArrowLeft", 0), ("End", 40)):
        time_slider(page).press(key)
        expect_update(page, update)
    # Keys anywhere on the page; the page does not scroll.
    page.evaluate("document.activeElement.blur()")
    for key, update in (("ArrowLeft", 39), ("ArrowLeft", 38), ("ArrowRight", 39)):
        page.keyboard.press(key)
        expect_update(page, update)
    page.keyboard.press("Space")
    expect(button(page, PAUSE)).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, PLAY)).to_be_visible()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    # A button that has the focus is pressed once.
    scrub(page, 5)
    button(page, PLAY).focus()
    page.keyboard.press("Space")
    expect(button(page, PAUSE)).to_be_visible()
    page.keyboard.press("Space")
    expect(button(page, PLAY)).to_be_visible()
    # Keys that belong to something else stay there.
    scrub(page, 5)
    press_rate(page, settings)
    expect_update(page, 5)
    open_expanders(page)
    number_of(page, "Start θ₁").focus()
    for key in ("ArrowLeft", "ArrowRight", "Space", "ArrowLeft"):
        page.keyboard.press(key)
    expect_update(page, 5)
    expect(button(page, PLAY)).to_be_visible()


def frozen(page: Page) -> Callable[[float], None]:
    """Stops the page's clock, and returns what lets it run for some seconds."""
    page.clock.install()
    page.clock.pause_at("2100-01-01")
    return lambda seconds: page.clock.run_for(int(seconds * 1000))


def shown_update(page: Page) -> int:
    return int(re.fullmatch(r"update (\d+) of 40", update_label(page).text_content()).group(1))


def test_play_pause_speed_and_repeat(address, visit):
    page = visit(f"{address}/?{urlencode(LINK)}")
    wait_for_drawing(page, 0)
    run_for = frozen(page)
    button(page, PLAY).click()
    # From the end it begins anew: 40 updates in eight seconds, five in one.
    run_for(1.15)
    assert shown_update(page) == 5
    run_for(1)
    assert shown_update(page) == 10
    assert_cursors(page, done_at(**LINK), 10)
    button(page, PAUSE).click()
    run_for(2)
    expect_update(page, 10)
    # From where it stands, and at another speed.
    page.get_by_role("combobox", name="Speed", exact=True).select_option("2×")
    button(page, PLAY).click()
    run_for(1.15)
    assert shown_update(page) == 21
    page.get_by_role("combobox", name="Speed", exact=True).select_option("0.25×")
    button(page, PAUSE).click()
    button(page, PLAY).click()
    run_for(1)
    assert shown_update(page) == 22
    # A step stops the play.
    button(page, BACK).click()
    run_for(2)
    expect_update(page, 21)
    expect(button(page, PLAY)).to_be_visible()
    # At the end it stops by itself.
    page.get_by_role("combobox", name="Speed", exact=True).select_option("4×")
    button(page, PLAY).click()
    run_for(3)
    expect_update(page, 40)
    expect(button(page, PLAY)).to_be_visible()
    # Unless it repeats.
    repeat = button(page, "Repeat")
    expect(repeat).to_have_attribute("aria-pressed", "false")
    repeat.click()
    expect(repeat).to_have_attribute("aria-pressed", "true")
    button(page, PLAY).click()
    seen = []
    for _ in range(6):
        run_for(1)
        seen.append(shown_update(page))
    assert seen != sorted(seen)
    expect(button(page, PAUSE)).to_be_visible()
    repeat.click()
    run_for(3)
    expect_update(page, 40)
    expect(button(page, PLAY)).to_be_visible()


def test_with_reduced_motion_it_plays_in_still_steps(address, visit):
    page = visit(f"{address}/?{urlencode(LINK)}", reduced_motion="reduce")
    wait_for_drawing(page, 0)
    run_for = frozen(page)
    button(page, PLAY).click()
    seen = []
    for _ in range(35):
        run_for(0.1)
        seen.append(shown_update(page))
    assert list(dict.fromkeys(seen)) == [0, 5, 10, 15]
    assert_cursors(page, done_at(**LINK), 15)
    run_for(6)
    expect_update(page, 40)
    expect(button(page, PLAY)).to_be_visible()


def test_hovering_over_a_point_reads_the_true_numbers(opened):
    page, path = opened(), done_at(**LINK).trajectories["Momentum"]
    places = {"contour": path.theta[3], "loss": [8, math.log10(path.loss[8])]}
    for name, update in (("contour", 3), ("loss", 8)):
        page.mouse.move(*Area(page, name).at(places[name]))
        label = figure(page, name).locator(".hoverlayer .hovertext")
        expect(label).to_contain_text(f"update {update}")
        text = label.first.text_content().replace("−", "-")
        assert text.startswith("Momentum")
        first, second, loss, slope = map(
            float, re.search(r"θ = \((\S+), (\S+)\).*?L = (\S+?)\|∇L\| = (\S+)", text).groups()
        )
        true = [*path.theta[update], path.loss[update], math.hypot(*path.gradient[update])]
        assert [first, second, loss, slope] == pytest.approx(true, rel=1e-3)


# Screen readers


def test_every_picture_says_its_outcome_to_a_screen_reader(opened):
    page, done = opened(), done_at(**LINK)
    for name, text in descriptions(done).items():
        expect(page.get_by_role("img", name=text, exact=True)).to_have_count(1)
        expect(figure(page, name)).to_have_role("img")
        for rule, result in done.outcomes.items():
            assert f"{title_of(rule)}: {result.verdict}" in text
    # The cursors are for the eye.
    assert page.locator(".canvas-overlay:not([aria-hidden=true])").count() == 0
    expect(page.get_by_role("group", name="Time")).to_be_visible()


# What may go wrong


@pytest.fixture
def without_webgl(browser, path) -> Iterator[Browser]:
    flags = [flag for flag in FLAGS if "gl" not in flag and "swiftshader" not in flag]
    other = browser.browser_type.launch(executable_path=path, args=[*flags, "--disable-gpu", "--disable-3d-apis"])
    yield other
    other.close()


def test_without_webgl_map_and_curve_work_and_a_sentence_stands_for_the_surface(address, without_webgl):
    page, wrong = without_webgl.new_page(viewport={"width": 1366, "height": 768}), []
    page.set_default_timeout(PATIENCE)
    watch(page, wrong)
    page.goto(f"{address}/?{urlencode(LINK)}")
    wait_for_drawing(page, 0)
    assert page.evaluate("document.createElement('canvas').getContext('webgl')") is None
    sentence = "This browser has no WebGL, so the 3D surface cannot be drawn."
    expect(figure(page, "surface")).to_contain_text(sentence)
    expect(page.locator(".canvas-sentence").last).to_have_text("")
    cells = [figure(page, name).locator("xpath=..").bounding_box() for name in FIGURES]
    assert len({cell["height"] for cell in cells}) == 1
    assert figure(page, "surface").bounding_box()["height"] == figure(page, "contour").bounding_box()["height"]
    done = done_at(**LINK)
    scrub(page, 7)
    for name in ("contour", "loss"):
        assert set(cursors(page)[name]) == set(RUNS)
    for rule, path in done.trajectories.items():
        np.testing.assert_allclose(cursors(page)["contour"][rule], Area(page).at(path.theta[7]), atol=0.75)
    assert cursors(page)["surface"] == {}
    after, pixel = drawn(page), np.round(Area(page).at((3.2, -1.9)))
    page.mouse.click(*pixel)
    expect(page).to_have_url(re.compile(r"[?&]start=3\.[12]"))
    wait_for_drawing(page, after)
    np.testing.assert_allclose(start_marker(page), pixel, atol=1.0)
    expect_update(page, 7)
    expect(figure(page, "surface")).to_contain_text(sentence)
    legend_entry(page, "Momentum").click()
    page.wait_for_function(f"() => !Object.keys(({CURSORS})().contour).includes('Momentum')")
    assert wrong == []


def visible_sentences(page: Page) -> Locator:
    return page.locator(".canvas-sentence:visible")


@pytest.fixture
def careless(browser) -> Iterator[Page]:
    """A page whose console may complain."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_without_plotly_there_is_a_sentence_and_the_next_try_mends_it(address, careless):
    careless.route("**/plotly.js", lambda route: route.abort())
    careless.goto(f"{address}/?{urlencode(LINK)}")
    expect(visible_sentences(careless)).to_have_text(
        "The pictures could not be drawn: plotly.js did not arrive. Change a setting or reload the page to try again."
    )
    expect(visible_sentences(careless)).to_have_role("status")
    careless.unroute("**/plotly.js")
    rate_slider(careless).press("ArrowRight")
    assert_pictures_show(careless, replace(decoded(LINK)[0], learning_rate=next_rate(0.01)))
    expect(visible_sentences(careless)).to_have_count(0)


def test_without_its_own_module_there_is_a_sentence(address, careless):
    careless.route("**/canvas.js", lambda route: route.abort())
    careless.goto(f"{address}/?{urlencode(LINK)}")
    expect(visible_sentences(careless).first).to_contain_text("The pictures could not be loaded:")
    expect(visible_sentences(careless).first).to_contain_text("Reload the page to try again.")


# The module by itself, on an empty page of the server.
SHOW = """async ([module, data]) => {
  const {keep, show} = await import(module);
  const part = () => {
    const parent = document.createElement("div");
    parent.innerHTML = '<div class="canvas"><p class="canvas-sentence"></p></div>';
    document.body.append(parent);
    return parent;
  };
  const parent = part();
  if (data.heavy) await keep({data: {id: data.ground, content: data.heavy}, parentElement: part()});
  await show({data, parentElement: parent, setTriggerValue() {}});
  return parent.querySelector(".canvas-sentence").textContent;
}"""


def alone(figures: dict[str, go.Figure], **changed) -> dict:
    """What the canvas is told of figures without Streamlit."""
    ground, moving = split(figures)
    return {
        "style": address_of("canvas/canvas.css"),
        "plotly": address_of("plotly.js"),
        "ground": "ground",
        "heavy": packed(ground),
        "content": packed(moving),
        "heights": dict.fromkeys(figures, 300),
        "descriptions": {},
        "steps": 2,
        "revision": "a",
        "pick": [],
        "unit": "update",
        "now": None,
        "verdicts": [],
        **changed,
    }


def shown_alone(page: Page, address: str, figures: dict[str, go.Figure], **changed) -> str:
    """Shows figures without Streamlit, and returns the sentence of the canvas."""
    page.goto(f"{address}/_stcore/health")
    return page.evaluate(SHOW, [address_of("canvas/canvas.js"), alone(figures, **changed)])


MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script><b id=bold>bold</b>"
# Plotly understands a few tags in texts; whatever could run or load is none of them.
DANGEROUS = """() => [...document.querySelectorAll("body *")].filter(element =>
  ["img", "script", "iframe", "object"].includes(element.localName) || element.id === "bold"
  || [...element.attributes].some(({name, value}) => name.startsWith("on") || /^\\s*javascript:/i.test(value))
).map(element => element.outerHTML)"""


def test_no_text_is_ever_markup(page, address):
    rows = np.column_stack([np.arange(3), np.zeros((3, 4))])
    path = {"x": [0, 1, 2], "y": [0, 1, 2], "name": MARKUP, "customdata": rows, "mode": "markers"}
    figures = {
        MARKUP: go.Figure(
            [{**path, "type": "scatter", "meta": {"run": MARKUP, "cursor": True}, "showlegend": True}],
            {"title": {"text": MARKUP}, "height": 300, "xaxis": {"title": {"text": MARKUP}}},
        )
    }
    sentence = shown_alone(page, address, figures, descriptions={MARKUP: MARKUP}, revision=MARKUP)
    assert sentence == ""
    expect(page.locator(".canvas-read span")).to_contain_text(MARKUP)
    expect(page.locator("[data-figure]")).to_have_attribute("aria-label", MARKUP)
    page.mouse.move(*middle_of(page.locator(".points path").nth(1)))
    expect(page.locator(".hoverlayer .hovertext")).not_to_have_count(0)
    assert page.evaluate(DANGEROUS) == []


def test_an_error_is_a_sentence_and_never_markup(page, address):
    figures = {"loss": go.Figure(go.Scatter(x=[1, 2], y=[1, 2]), {"height": 300})}
    whole = packed(split(figures)[1])
    for broken in ("not base64 at all!", whole[: len(whole) // 2], packed({"loss": {"data": MARKUP, "layout": None}})):
        sentence = shown_alone(page, address, figures, content=broken)
        assert sentence.startswith("The pictures could not be drawn: ")
        assert sentence.endswith("Change a setting or reload the page to try again.")
    assert page.evaluate(DANGEROUS) == []
    assert shown_alone(page, address, figures) == ""


# The ground that a picture needs comes when the page asks for it, and not before.
LATE = """async ([module, data]) => {
  const {keep, show} = await import(module);
  const part = () => {
    const parent = document.createElement("div");
    parent.innerHTML = '<div class="canvas"><p class="canvas-sentence"></p></div>';
    document.body.append(parent);
    return parent;
  };
  const parent = part();
  globalThis.drawn = show({data, parentElement: parent, setTriggerValue() {}});
  globalThis.arrive = () => keep({data: {id: data.ground, content: data.heavy}, parentElement: part()});
}"""


def test_a_ground_that_does_not_arrive_is_a_sentence_until_it_does(page, address):
    data = alone({"contour": go.Figure(go.Contour(z=np.eye(3)), {"height": 300})}, ground="late")
    page.goto(f"{address}/_stcore/health")
    page.evaluate(LATE, [address_of("canvas/canvas.js"), data])
    sentence = page.locator(".canvas-sentence").first
    expect(sentence).to_have_text(
        "Part of the pictures has not arrived from the server yet. If it does not come, reload the page."
    )
    page.evaluate("arrive().then(() => drawn)")
    expect(sentence).to_have_text("")
    expect(page.locator("[data-figure=contour] .contour")).not_to_have_count(0)


# What of a picture's runs is to be seen: the traces of a flat one, and the objects of a scene, in their order.
HIDDEN = """async ([plot, assets, messages, plotly, text]) => {
  const [{Plot}, {library}, {unpack}] = await Promise.all([plot, assets, messages].map(module => import(module)));
  const [Plotly, figures] = [await library(plotly), await unpack(text)];
  const seen = [];
  for (const {data, layout} of Object.values(figures)) {
    const element = document.createElement("div");
    document.body.append(element);
    const picture = new Plot(element);
    const draw = () => picture.react(Plotly, data, {...layout, width: 400}, {});
    const note = () => {
      const groups = [...element.querySelectorAll(".scatterlayer .trace")];
      const all = element._fullLayout.scene?._scene.glplot.objects ?? [];
      const objects = all.filter(object => object.isOpaque() || object.isTransparent());
      seen.push([...groups.filter(group => getComputedStyle(group).visibility !== "hidden"), ...objects].length);
    };
    const order = () => element._fullLayout.scene?._scene.glplot.objects.map(object => object._trace.data.name).join();
    await draw();
    note();
    const before = order();
    picture.hide(trace => trace.meta?.run === "Momentum");
    note();
    await draw();
    note();
    picture.hide(() => false);
    note();
    seen.push(before === order());
    picture.release();
  }
  return seen;
}"""


def test_the_traces_of_a_run_can_be_hidden_at_once_and_stay_hidden_when_the_picture_is_drawn_anew(page, address):
    page.goto(f"{address}/_stcore/health")
    modules = [address_of(f"canvas/{name}.js") for name in ("plot", "assets", "messages")]
    figures = {name: pictures(done_at(**LINK), LIGHT, HEIGHT)[name] for name in ("contour", "surface")}
    whole = {name: {"data": figure._data, "layout": figure._layout} for name, figure in figures.items()}
    seen = page.evaluate(HIDDEN, [*modules, address_of("plotly.js"), packed(whole)])
    for name, (all_of_them, hidden, again, back, is_in_order) in zip(whole, (seen[:5], seen[5:]), strict=True):
        of_the_run = [trace for trace in figures[name].data if run_of(trace) == "Momentum"]
        assert len(of_the_run) >= 3
        assert (hidden, again, back, is_in_order) == (all_of_them - len(of_the_run), hidden, all_of_them, True), name


UNPACKED = """async ([module, text]) => {
  const {unpack} = await import(module);
  const plain = value => {
    if (ArrayBuffer.isView(value)) return {kind: value.constructor.name, numbers: Array.from(value, String)};
    if (Array.isArray(value)) return value.map(plain);
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  };
  return plain(await unpack(text));
}"""


def unpacked(page: Page, address: str, content) -> dict:
    page.goto(f"{address}/_stcore/health")
    return page.evaluate(UNPACKED, [address_of("canvas/messages.js"), packed(content)])


def row(kind: str, *numbers: str) -> dict:
    return {"kind": f"{kind}Array", "numbers": list(numbers)}


def test_the_browser_reads_what_python_packs(page, address):
    content = {
        "θ": ["a", None, True, 3, -0.5, float("nan"), []],
        "small": np.array([1.5, np.nan, -np.inf, 0.25]),
        "again": {"deep": [np.array([1.5, np.nan, -np.inf, 0.25])]},
        "odd": np.arange(3),
        "large": np.array([1e300, 1e-300, 0.1]),
        "table": np.arange(6.0).reshape(2, 3),
        "tall": np.arange(3).reshape(3, 1),
        "none": np.empty((0, 5)),
        "array": {"array": [1, 2]},
    }
    small = row("Float32", "1.5", "NaN", "-Infinity", "0.25")
    assert unpacked(page, address, content) == {
        "θ": ["a", None, True, 3, -0.5, None, []],
        "small": small,
        "again": {"deep": [small]},
        "odd": row("Int32", "0", "1", "2"),
        "large": row("Float64", "1e+300", "1e-300", "0.1"),
        "table": [row("Float32", "0", "1", "2"), row("Float32", "3", "4", "5")],
        "tall": [row("Int32", "0"), row("Int32", "1"), row("Int32", "2")],
        "none": [],
        "array": {"array": [1, 2]},
    }


def test_the_browser_reads_arrays_of_more_dimensions(page, address):
    cube = np.arange(8).reshape(2, 2, 2)
    expected = [[row("Int32", "0", "1"), row("Int32", "2", "3")], [row("Int32", "4", "5"), row("Int32", "6", "7")]]
    assert unpacked(page, address, {"cube": cube}) == {"cube": expected}


# Small screens


# True where the page has not scrolled since this was asked last.
RESTS = """() => {
  const {scrollTop} = document.querySelector("[data-testid=stMain]");
  const rests = globalThis.lastTop === scrollTop;
  globalThis.lastTop = scrollTop;
  return rests;
}"""


def test_on_a_phone_the_page_scrolls_over_the_map_and_the_time_bar_can_be_used(address, visit):
    page = visit(f"{address}/?{urlencode(LINK)}", width=390, height=844, has_touch=True, is_mobile=True)
    settings = decoded(LINK)[0]
    wait_for_drawing(page, 0)
    open_expanders(page)
    page.wait_for_function(f"({OVERFLOW})().main === 0")
    assert page.evaluate(OVERFLOW) == FITS
    # A finger on the map, away from the start, scrolls the page and picks nothing.
    main = page.get_by_test_id("stMain")
    figure(page, "contour").evaluate("plot => plot.scrollIntoView({block: 'center'})")
    top, area = main.evaluate("main => main.scrollTop"), Area(page)
    below = area.at((2.0, -3.0))
    touches(page, below, below - [0, 120])
    page.wait_for_function("top => document.querySelector('[data-testid=stMain]').scrollTop > top + 50", arg=top)
    assert page.evaluate(LINKED) == []
    # A finger on the start drags it and scrolls nothing, once the page has come to rest.
    page.wait_for_function(RESTS, polling=300)
    figure(page, "contour").evaluate("plot => plot.scrollIntoView({block: 'center'})")
    page.wait_for_function(RESTS, polling=300)
    top, area, after = main.evaluate("main => main.scrollTop"), Area(page), drawn(page)
    target = np.round(area.at((1.0, 2.5)))
    touches(page, area.at(settings.start), target)
    settings = assert_start(page, settings, area, target, after)
    assert main.evaluate("main => main.scrollTop") == top
    # Every part of the time bar is large enough for a finger, on the screen, and works.
    bar = page.get_by_role("group", name="Time")
    bar.evaluate("bar => bar.scrollIntoView({block: 'center'})")
    button(page, "Single updates, speed, repeat and later updates").tap()
    for part in (*bar.get_by_role("button").all(), bar.get_by_role("combobox")):
        box = part.bounding_box()
        assert min(box["width"], box["height"]) >= 24
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    button(page, BACK).tap()
    expect_update(page, 39)
    box = time_slider(page).bounding_box()
    assert box["width"] >= 90
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_update(page, 20)
    button(page, PLAY).tap()
    expect(button(page, PAUSE)).to_be_visible()
    button(page, PAUSE).tap()
    expect(button(page, PLAY)).to_be_visible()
    assert page.evaluate(OVERFLOW) == FITS


# Many changes

# The WebGL contexts that were made and are neither lost nor forgotten.
CONTEXTS = """(() => {
  const made = [];
  const {getContext} = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = getContext.call(this, kind, ...rest);
    const known = made.some(reference => reference.deref() === context);
    if (context && /webgl/.test(kind) && !known) made.push(new WeakRef(context));
    return context;
  };
  globalThis.livingContexts = () => made.filter(reference => reference.deref()?.isContextLost() === false).length;
})()"""


def living_contexts(page: Page) -> int:
    """How many WebGL contexts live, once what nobody holds has been thrown away."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.detach()
    return page.evaluate("livingContexts()")


def test_the_pictures_return_from_another_page_and_leave_no_webgl_behind(page, opened):
    page.add_init_script(CONTEXTS)
    page, settings = opened(), decoded(LINK)[0]
    assert living_contexts(page) == 1
    for _ in range(2):
        go_to(page, "Playground", "Catalogue")
        expect(page.get_by_role("heading", name="Catalogue", exact=True)).to_be_visible()
        expect(page.locator(".js-plotly-plot")).to_have_count(0)
        page.keyboard.press("ArrowLeft")
        go_to(page, "Playground", "Descent playground")
        shows(page, settings, 0)
        assert_cursors(page, done_at(**LINK), 40)
        assert page.locator(".js-plotly-plot").count() == 3
    assert living_contexts(page) == 1
    # One key press is one step: the canvas that is gone does not listen any more.
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowLeft")
    expect_update(page, 39)
    press_rate(page, settings)
    assert living_contexts(page) == 1


def test_many_quick_presses_end_with_the_pictures_of_the_last_one(page, opened):
    page.add_init_script(CONTEXTS)
    page, settings = opened(learning_rate="0.0001"), replace(decoded(LINK)[0], learning_rate=0.0001)
    scrub(page, 9)
    for _ in range(30):
        rate_slider(page).press("ArrowRight")
    last = replace(settings, learning_rate=next_rate(0.0001, 30))
    expect(page).to_have_url(re.compile(rf"[?&]learning_rate={last.learning_rate:g}(&|$)"))
    shows(page, last, 1)
    expect_update(page, 9)
    assert_cursors(page, experiment(last), 9)
    assert living_contexts(page) == 1


def test_a_slider_change_sends_at_most_60_kb(page, opened):
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda payload: frames.append(size_of(payload))))
    link = {**LINK, "optimizers": "GradientDescent,Momentum,RMSProp,Adam", "updates": "200"}
    page, settings = opened(link), decoded(link)[0]
    assert max(frames) > 20_000
    for _ in range(2):
        frames.clear()
        settings = press_rate(page, settings)
        assert 5_000 < sum(frames) <= 60_000


def size_of(payload: str | bytes) -> int:
    return len(payload if isinstance(payload, bytes) else payload.encode())


INKS = """() => [...document.querySelectorAll("[data-figure]")].map(plot => plot._fullLayout.font.color)"""
FILLS = """() => [...document.querySelectorAll(".canvas-overlay [data-run]")]
  .map(mark => [mark.dataset.run, ["fill", "stroke"].map(name => mark.lastChild.getAttribute(name))])"""


def test_no_slope_hides_the_start_and_the_minima(opened):
    page = opened()
    minima = SURFACES[decoded(LINK)[0].surface].minima
    marks = page.locator('.canvas-cell:has([data-figure="surface"]) .canvas-above')
    expect(marks).to_have_count(1 + len(minima))
    assert len({marks.nth(order).get_attribute("transform") for order in range(1 + len(minima))}) == 1 + len(minima)


def test_the_theme_changes_the_colours_and_nothing_else(opened):
    page, settings = opened(), decoded(LINK)[0]
    turn(page)
    page.mouse.up()
    scrub(page, 7)
    chosen = settled(page)
    try:
        for theme, key in ((DARK, "ArrowRight"), (LIGHT, "ArrowLeft")):
            page.emulate_media(color_scheme=theme.name)
            page.wait_for_function(f"ink => ({INKS})().join() === [ink, ink, ink].join()", arg=theme.ink)
            settings = press_rate(page, settings, key)
            fills = {rule: style_of(rule, theme).color for rule in RUNS}
            page.wait_for_function(f"fills => ({FILLS})().every(([run, of]) => of.includes(fills[run]))", arg=fills)
            assert len(page.evaluate(FILLS)) == 6
            assert_same_view(view(page), chosen)
            expect_update(page, 7)
            assert_cursors(page, experiment(settings), 7)
    finally:
        page.emulate_media(color_scheme="light")


def test_nothing_that_arrives_turns_back_a_picture_in_the_hand(opened):
    page = opened()
    turn(page)
    held = settled(page)["camera"]
    try:
        page.emulate_media(color_scheme=DARK.name)
        page.wait_for_function(f"ink => ({INKS})().join() === [ink, ink, ink].join()", arg=DARK.ink)
        np.testing.assert_allclose(settled(page)["camera"], held, atol=1e-6)
        width = figure(page, "surface").bounding_box()["width"]
        page.set_viewport_size({"width": 1180, "height": 768})
        page.wait_for_function(
            "width => document.querySelector('[data-figure=surface]')._fullLayout.width < width - 20", arg=width
        )
        np.testing.assert_allclose(settled(page)["camera"], held, atol=1e-6)
    finally:
        page.emulate_media(color_scheme="light")
        page.mouse.up()


def test_pictures_in_other_colours_than_the_page_ask_for_its_theme_a_few_times(page, opened):
    """The end of the transition may be missed; the ink of the next pictures tells."""
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page, settings = opened(), decoded(LINK)[0]
    settings = press_rate(page, settings)
    page.add_style_tag(content=".canvas-grid { transition: none !important; color: rgb(1, 2, 3) !important; }")
    before = len(sent)
    for key in ("ArrowLeft", "ArrowRight", "ArrowLeft", "ArrowRight", "ArrowLeft"):
        settings = press_rate(page, settings, key)
    page.wait_for_timeout(1000)
    assert len(sent) - before == 5 + 3
