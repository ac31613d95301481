"""A fast hand in a real browser: held keys and quick clicks on a slider of every page leave one set of pictures."""

import plotly.graph_objects as go
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.pictures import split
from browser.wire import packed
from tests.browser import number_of, wait_for_drawing, watch
from ui.canvas.routes import address as address_of
from ui.navigation import PAGES

pytestmark = pytest.mark.browser

# The slider that is moved, by the part of the link that opens its page.
SLIDERS = {
    "": "Learning rate",
    "update_rule": "Learning rate",
    "red_circle": "Radius",
    "two_gradients": "Power",
    "neuron_surface": "Learning rate",
    "stochastic_descent": "Learning rate",
    "feature_scaling?feature_scaling.rates=the same for both": "Learning rate",
    "learning_rate": "Learning rate",
    "adagrad": "Learning rate",
    "best_step": "Point",
    "stuck": "Learning rate",
    "own_surface": "Learning rate",
}
# They have none beside their pictures.
WITHOUT = {"catalogue", "sum_of_gradients"}

# What every canvas holds: its grids and time bars, and the cells and what they show.
PARTS = """() => [...document.querySelectorAll(".canvas")].filter(root => root.dataset.drawn).map(root => ({
  grids: root.querySelectorAll(".canvas-grid").length,
  bars: root.querySelectorAll(".canvas-time").length,
  names: [...root.querySelectorAll("[data-figure]")].map(plot => plot.dataset.figure),
}))"""
# Everything that is drawn: the numbers of all traces, and the words about them.
SHOWN = """() => {
  const plain = value => ArrayBuffer.isView(value) ? Array.from(value) : value;
  const numbers = trace => ["type", "name", "x", "y", "z", "customdata"].map(key => [key, trace[key]]);
  const text = value => JSON.stringify(value, (_, entry) => plain(entry));
  return Object.fromEntries([...document.querySelectorAll("[data-figure]")].map(plot =>
    [plot.dataset.figure, [plot.ariaLabel, ...(plot.data ?? []).map(trace => text(numbers(trace)))].join("\\n")]));
}"""
# What a student has chosen to see: the time, the range of a flat picture, and the runs that are not hidden.
CHOSEN = """() => {
  const plots = [...document.querySelectorAll("[data-figure]")];
  const runs = plots.flatMap(plot => plot._fullData).filter(trace => trace.meta?.run && trace.visible === true);
  return {
    time: [...document.querySelectorAll(".canvas-time input")].map(bar => bar.value),
    ranges: plots.map(plot => [...plot._fullLayout.xaxis?.range ?? []])[%d],
    runs: [...new Set(runs.map(trace => trace.meta.run))],
  };
}"""
# A value of the link is this number.
LINKED = "value => [...new URLSearchParams(location.search).values()].some(text => text && +text === value)"
AT_DEFAULT = "input => Boolean(input.closest('.canvas-slider')?.querySelector('.canvas-slider-at-default'))"


def slider_of(page: Page, name: str) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("slider", name=name).first


def at_rest(page: Page) -> None:
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()


def choose(page: Page) -> str:
    """Moves the time, zooms into a flat picture and hides a run, where there are such; returns what tells them."""
    for bar in page.locator(".canvas-time input:visible").all():
        bar.fill("1")
    flat = page.locator("[data-figure]:has(.nsewdrag)").first
    place = flat.evaluate("plot => [...document.querySelectorAll('[data-figure]')].indexOf(plot)")
    flat.evaluate("plot => plot.scrollIntoView({block: 'center'})")
    area = flat.locator(".nsewdrag").first.bounding_box()
    before = page.evaluate(CHOSEN % place)["ranges"]
    page.mouse.move(area["x"] + 0.7 * area["width"], area["y"] + 0.1 * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + 0.95 * area["width"], area["y"] + 0.4 * area["height"], steps=4)
    page.mouse.up()
    page.wait_for_function(f"before => ({CHOSEN % place})().ranges[0] !== before[0]", arg=before)
    entries = page.locator(".canvas-legend button:visible")
    if entries.count() > 1:
        entries.first.click()
    return CHOSEN % place


def hold(page: Page, slider: Locator, key: str, times: int) -> None:
    """What a held key sends: one press, repeats, and one release."""
    slider.focus()
    for _ in range(times):
        page.keyboard.down(key)
    page.keyboard.up(key)


def click_fast(page: Page, slider: Locator, times: int) -> None:
    """Clicks on the track, here and there."""
    # Streamlit's own input is hidden behind its track.
    x, width, y = slider.evaluate(
        """input => {
          const whole = (input.closest("[data-testid=stSlider]") ?? input).getBoundingClientRect();
          const box = input.getBoundingClientRect();
          return [whole.x, whole.width, box.y + box.height / 2];
        }"""
    )
    for place in range(times):
        page.mouse.click(x + width * (0.45 + 0.02 * place), y)


def wait_for_link(page: Page, slider: Locator) -> None:
    """Waits until the link says what the slider does; a default is left out of it."""
    page.wait_for_function("() => !document.querySelector('.canvas[data-held]')")
    at_rest(page)
    if not slider.evaluate(AT_DEFAULT):
        page.wait_for_function(LINKED, arg=number_of(slider))


def assert_pictures_of_the_link(page: Page, profile: BrowserContext) -> None:
    """The page shows what its link shows when it is opened anew, and nothing else."""
    other, wrong = profile.new_page(), []
    watch(other, wrong)
    other.goto(page.url)
    wait_for_drawing(other, 0)
    at_rest(other)
    due, parts = other.evaluate(SHOWN), other.evaluate(PARTS)
    other.close()
    assert wrong == []
    assert all(part["grids"] == part["bars"] == 1 for part in parts)
    page.wait_for_function(f"due => JSON.stringify(({SHOWN})()) === JSON.stringify(due)", arg=due)
    assert page.evaluate(PARTS) == parts


def test_every_page_with_a_slider_is_tried():
    assert {link.partition("?")[0] for link in SLIDERS} == {page.url_path for page in PAGES} - WITHOUT


@pytest.mark.parametrize("link", SLIDERS)
def test_a_held_key_and_quick_clicks_leave_one_set_of_pictures(page, address, profile, link):
    page.goto(f"{address}/{link}")
    wait_for_drawing(page, 0)
    slider, look = slider_of(page, SLIDERS[link]), choose(page)
    chosen = page.evaluate(look)
    hold(page, slider, "ArrowLeft", 15)
    click_fast(page, slider, 10)
    hold(page, slider, "ArrowRight", 7)
    wait_for_link(page, slider)
    assert_pictures_of_the_link(page, profile)
    assert page.evaluate(look) == chosen


# The module by itself: what Streamlit says, in every order in which it may arrive.
ORDERS = """async ([module, data]) => {
  const { keep, show, remove } = await import(module);
  const part = () => {
    const parentElement = document.createElement("div");
    parentElement.innerHTML = '<div class="canvas"><p class="canvas-sentence"></p></div>';
    document.body.append(parentElement);
    return parentElement;
  };
  const said = parentElement => ({ data: structuredClone(data), parentElement, setTriggerValue() {} });
  const grids = parent => parent.querySelectorAll(".canvas-grid").length;
  const bars = parent => parent.querySelectorAll(".canvas-time").length;
  const update = parent => parent.querySelector(".canvas-update")?.textContent;
  const seen = {};
  await keep({ data: { id: data.ground, content: data.heavy }, parentElement: part() });
  const [first, second, third] = [part(), part(), part()];
  let [before, after] = [said(first), said(first)];
  await show(before);
  first.querySelector(".canvas-time input").value = 1;
  first.querySelector(".canvas-time input").dispatchEvent(new Event("input"));
  const plot = first.querySelector("[data-figure]");
  await Promise.all([show(after), remove(before)]);
  seen.overtaken = [grids(first), bars(first), update(first), plot === first.querySelector("[data-figure]")];
  remove(after);
  await show((before = said(first)));
  seen.again = [grids(first), bars(first), update(first), plot === first.querySelector("[data-figure]")];
  first.remove();
  remove(before);
  await show(said(first));
  seen.gone = [grids(first), bars(first)];
  await show((after = said(second)));
  seen.elsewhere = [grids(second), bars(second), update(second)];
  const begun = show((before = said(third)));
  third.remove();
  remove(before);
  await begun;
  seen.early = [grids(third), bars(third)];
  remove(after);
  while (grids(second)) await new Promise(done => setTimeout(done, 50));
  seen.left = [grids(second), bars(second)];
  return seen;
}"""


def test_messages_in_every_order_leave_one_canvas_which_keeps_the_time(page, address):
    figures = {"loss": go.Figure(go.Scatter(x=[0, 1, 2], y=[3, 2, 1]), {"height": 300})}
    page.goto(f"{address}/_stcore/health")
    data = {
        "key": "a canvas",
        "style": address_of("canvas/canvas.css"),
        "plotly": address_of("plotly.js"),
        "ground": "ground",
        "heavy": packed([]),
        "content": packed(split(figures)[1]),
        "heights": {"loss": 300},
        "descriptions": {},
        "steps": 2,
        "unit": "update",
        "now": None,
        "verdicts": [],
        "revision": "a",
        "pick": [],
    }
    assert page.evaluate(ORDERS, [address_of("canvas/canvas.js"), data]) == {
        "overtaken": [1, 1, "update 1 of 2", True],
        "again": [1, 1, "update 1 of 2", True],
        "gone": [0, 0],
        "elsewhere": [1, 1, "update 1 of 2"],
        "early": [0, 0],
        "left": [0, 0],
    }
