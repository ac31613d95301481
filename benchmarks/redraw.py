"""How fast the pictures follow the slider in a real browser, and what five hundred changes leave behind."""

import contextlib
import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page

from benchmarks.measuring import Row, at_least, at_most, judged
from tests.browser import chromium, serve

PAGE = Path(__file__).with_name("drawn_page.py")
PRESSES = 12
CHANGES = 500

# From the key to the frame after which all that is asked for shows the new value. Plotly has drawn a figure when its
# full layout carries the new meta; two frames later it is on the screen.
LISTEN = """([pictures]) => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const rate = () => Number(document.querySelector('#answer')?.dataset.rate);
  const before = rate();
  window.pressed = new Promise(done => window.addEventListener('keydown', async () => {
    const begin = performance.now();
    const shown = () => {
      const plots = [...document.querySelectorAll('.js-plotly-plot')];
      return rate() === before + 1 && plots.length === pictures
        && plots.every(plot => plot._fullLayout?.meta === before + 1);
    };
    while (!shown() && performance.now() - begin < 30000) await frame();
    await frame();
    await frame();
    done(shown() ? performance.now() - begin : null);
  }, {capture: true, once: true}));
}"""
# The same traces once more by hand, as Plotly's own restyle does it.
RESTYLE = """async () => {
  const begin = performance.now();
  for (const plot of document.querySelectorAll('.js-plotly-plot')) {
    const places = plot.data.map((trace, place) => place);
    const moving = places.filter(place => !['surface', 'contour'].includes(plot.data[place].type));
    const update = {};
    for (const key of ['x', 'y', 'z', 'customdata']) {
      const numbers = moving.map(place => plot.data[place][key]?.slice());
      if (numbers.some(Boolean)) update[key] = numbers;
    }
    await Plotly.restyle(plot, update, moving);
  }
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - begin;
}"""
SCRUB = """async () => {
  const slider = document.querySelector('.canvas-time input');
  let frames = 0;
  const begin = performance.now();
  while (performance.now() - begin < 2000) {
    slider.value = frames % 200;
    slider.dispatchEvent(new Event('input'));
    await new Promise(done => requestAnimationFrame(done));
    frames += 1;
  }
  return frames / 2;
}"""


@contextlib.contextmanager
def _opened(browser: Browser, address: str, how: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(f"{address}/?how={how}")
    page.wait_for_selector("#answer", state="attached")
    if how != "nothing":
        page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 3")
    yield page
    page.close()


def _press(page: Page, pictures: int) -> float:
    page.get_by_role("slider").first.focus()
    page.evaluate(LISTEN, [pictures])
    page.keyboard.press("ArrowRight")
    milliseconds = page.evaluate("window.pressed")
    if milliseconds is None:
        raise RuntimeError("The page did not answer within 30 seconds.")
    return milliseconds


def redraw() -> Iterator[Row]:
    """From a slider press to the last redraw of surface, contour and curve: canvas, st.plotly_chart, and the floor."""
    times: dict[str, list[float]] = {"canvas": [], "plotly_chart": [], "nothing": [], "restyle": []}
    with serve(PAGE) as address, chromium() as browser, contextlib.ExitStack() as stack:
        for _ in range(3):
            for how, pictures in (("canvas", 3), ("plotly_chart", 3), ("nothing", 0)):
                with _opened(browser, address, how) as page:
                    _press(page, pictures)
                    times[how] += [_press(page, pictures) for _ in range(PRESSES // 3)]
                    if how == "canvas":
                        times["restyle"] += [page.evaluate(RESTYLE) for _ in range(PRESSES // 3)]
        stack.close()
    middle = {name: statistics.median(known) for name, known in times.items()}
    floor = middle["nothing"] + middle["restyle"]
    details = (
        f"Medians of {PRESSES} presses: canvas {middle['canvas']:.0f} ms, "
        f"st.plotly_chart {middle['plotly_chart']:.0f} ms, floor {floor:.0f} ms "
        f"(empty rerun {middle['nothing']:.0f} ms and Plotly.restyle {middle['restyle']:.0f} ms)."
    )
    yield judged(
        "slider press to last redraw / st.plotly_chart",
        middle["canvas"] / middle["plotly_chart"],
        at_most(0.3),
        details,
    )
    yield judged("slider press to last redraw / floor", middle["canvas"] / floor, at_most(1.3))


def scrubbing() -> Iterator[Row]:
    """Frames a second while the cursors are scrubbed over all three pictures."""
    with serve(PAGE) as address, chromium() as browser, _opened(browser, address, "canvas") as page:
        page.wait_for_selector("[data-drawn]", state="attached")
        frames = [page.evaluate(SCRUB) for _ in range(3)]
    yield judged("scrubbing", max(frames), at_least(30, " frames/s"), unit=" frames/s")


def many_changes() -> Iterator[Row]:
    """What five hundred slider changes leave behind in the browser."""
    with serve(PAGE) as address, chromium() as browser, _opened(browser, address, "canvas") as page:
        page.wait_for_selector("[data-drawn]", state="attached")
        devtools = page.context.new_cdp_session(page)
        for _ in range(20):
            _press(page, 3)
        heap, contexts = _heap(devtools), _contexts(page)
        for _ in range(CHANGES):
            _press(page, 3)
        growth = _heap(devtools) / heap
        yield judged(f"JavaScript heap after {CHANGES} changes / before", growth, at_most(1.2))
        yield judged(f"WebGL canvases after {CHANGES} changes", _contexts(page), at_most(contexts))


def _heap(devtools: CDPSession) -> float:
    devtools.send("HeapProfiler.collectGarbage")
    return devtools.send("Runtime.getHeapUsage")["usedSize"]


def _contexts(page: Page) -> int:
    return page.evaluate("document.querySelectorAll('.gl-container canvas').length")
