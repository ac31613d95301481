"""How fast the pictures follow the hand in a real browser, and what a drag asks of the server."""

import json
import statistics
import time
from collections.abc import Callable, Iterator

from playwright.sync_api import CDPSession, Page

from benchmarks.measuring import Row, at_least, at_most, judged
from browser.hand import Live, data
from browser.playground import with_runs
from browser.wire import packed
from lessons.experiment import experiment
from lessons.settings import Settings
from tests.browser import chromium, pixel_of, serve, wait_for_drawing

LINK = "/?surface=himmelblau&optimizers=GradientDescent,Momentum,Adam&updates=200"
START = (-0.5, -1.0)
SECONDS, MOVES_A_SECOND, WITHIN = 3.0, 60, 33
PROGRAMS = 20  # kilobytes

# Every frame drawn from the hand counts its number up; it is late by the time since the first move that it answers.
WATCH = """() => {
  const canvas = document.querySelector('.canvas[data-drawn]');
  const found = window.found = {late: []};
  let waiting = null;
  const moved = (event) => { if (event.buttons || event.touches?.length) waiting ??= event.timeStamp; };
  for (const kind of ['pointermove', 'touchmove']) window.addEventListener(kind, moved, true);
  new MutationObserver(() => {
    if (waiting !== null) found.late.push(performance.now() - waiting);
    waiting = null;
  }).observe(canvas, {attributes: true, attributeFilter: ['data-live']});
}"""
LATE = "() => window.found.late"

Point = tuple[float, float]


def _opened(page: Page, address: str) -> list[str]:
    """Opens the playground; returns the list into which every message to the server goes."""
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.goto(address + LINK)
    wait_for_drawing(page, 0)
    page.wait_for_timeout(1500)
    return sent


def _by_mouse(page: Page) -> tuple[Callable, Callable, Callable]:
    return lambda at: (page.mouse.move(*at), page.mouse.down()), lambda at: page.mouse.move(*at), page.mouse.up


def _by_touch(page: Page) -> tuple[Callable, Callable, Callable]:
    devtools: CDPSession = page.context.new_cdp_session(page)

    def touch(kind: str, *at: Point) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return lambda at: touch("touchStart", at), lambda at: touch("touchMove", at), lambda: touch("touchEnd")


def _dragged(page: Page, sent: list[str], hand: tuple[Callable, Callable, Callable], begin: Point, end: Point) -> dict:
    """Frames and lateness of a drag back and forth for so many seconds, and the messages that it sends."""
    down, move, up = hand
    down(begin)
    move(begin)
    page.evaluate(WATCH)
    before, moves, begun = len(sent), 0, time.perf_counter()
    while (seconds := time.perf_counter() - begun) < SECONDS:
        share = abs((moves / MOVES_A_SECOND) % 2 - 1)
        move(tuple(a * share + b * (1 - share) for a, b in zip(begin, end, strict=True)))
        moves += 1
        if (due := moves / MOVES_A_SECOND - (time.perf_counter() - begun)) > 0:
            time.sleep(due)
    found = {"late": page.evaluate(LATE), "seconds": seconds, "moves": moves, "messages": len(sent) - before}
    up()
    return found


def _rows(what: str, found: dict) -> Iterator[Row]:
    late = found["late"]
    frames = len(late) / found["seconds"]
    details = (
        f"Median {statistics.median(late):.0f} ms, the latest {max(late):.0f} ms from the move to the frame; "
        f"the browser took {found['moves'] / found['seconds']:.0f} moves a second."
    )
    yield judged(f"{what}: frames", frames, at_least(30, " frames/s"), details, unit=" frames/s")
    in_time = 100 * sum(one <= WITHIN for one in late) / len(late)
    yield judged(f"{what}: frames within {WITHIN} ms", in_time, at_least(95, " %"), unit=" %")
    a_second = found["messages"] / found["seconds"]
    yield judged(f"{what}: messages to the server", a_second, at_most(4, " /s"), unit=" /s")


def _slider_ends(page: Page) -> tuple[Point, Point]:
    slider = page.get_by_role("slider", name="Learning rate").first
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    share = slider.evaluate("slider => (slider.value - slider.min) / (slider.max - slider.min)")
    return (box["x"] + 8 + share * (box["width"] - 16), middle), (box["x"] + 0.2 * box["width"], middle)


def _start_ends(page: Page) -> tuple[Point, Point]:
    return pixel_of(page, "contour", *START), pixel_of(page, "contour", 3.0, 2.5)


def programs() -> Iterator[Row]:
    """What a page sends so that its pictures can follow the hand: the programs of six rules and of its sentences."""
    rules = ("GradientDescent", "Momentum", "Nesterov", "RMSProp", "Adam", "NAdam")
    done = experiment(Settings(optimizers=rules))
    sent = data(with_runs(Live(), done))
    size = len(json.dumps({name: sent[name] for name in ("runs", "sentences")})) / 1024
    packed_size = len(packed(sent)) / 1024
    details = f"Packed, as it travels: {packed_size:.1f} KB."
    yield judged("programs of the playground, six rules", size, at_most(PROGRAMS, " KB"), details, unit=" KB")


def drags() -> Iterator[Row]:
    """Drags of the learning rate and of the start, by mouse and by touch, with three rules and 200 updates."""
    ways = {
        "learning rate by mouse": (_slider_ends, _by_mouse, False),
        "start by mouse": (_start_ends, _by_mouse, False),
        "learning rate by touch": (_slider_ends, _by_touch, True),
        "start by touch": (_start_ends, _by_touch, True),
    }
    with serve() as address, chromium() as browser:
        for what, (ends, hand, has_touch) in ways.items():
            context = browser.new_context(viewport={"width": 1366, "height": 768}, has_touch=has_touch)
            page = context.new_page()
            sent = _opened(page, address)
            yield from _rows(what, _dragged(page, sent, hand(page), *ends(page)))
            context.close()
