"""Pages that work without a server, as a browser reads them: what they may run, fetch and say, and what they draw."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Route
from playwright.sync_api import Page as Tab

from optimizers import Trajectory
from tests.browser import PATIENCE, eventually, number_of, watch
from tests.playground import unpacked

SIZES = {"laptop": (1366, 768), "phone": (390, 844)}
PICTURES = ["contour", "loss", "surface"]
# What Plotly has of a run: for each picture update, theta1, theta2 and loss of its points, and where they are drawn.
_POINTS = """name => Object.fromEntries([...document.querySelectorAll(".js-plotly-plot")].map(plot => {
  const trace = plot.data.find(trace => trace.name === name && trace.mode.includes("markers"));
  const rows = Array.from(trace.customdata, row => Array.from(row).slice(0, 4));
  return [plot.dataset.figure, {rows, x: Array.from(trace.x), y: Array.from(trace.y)}];
}))"""


class Page(HTMLParser):
    """The elements of a page, by the rules of HTML for scripts and styles.

    scripts, data: the texts of its script elements, without type and of type JSON; sources: of scripts with an
    address; policy: what its Content-Security-Policy allows, by directive; errors: elements that end in disorder.
    """

    _EMPTY = ("meta", "link", "br", "img", "input")

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.data: list[str] = []
        self.sources: list[str] = []
        self.policy: dict[str, list[str]] = {}
        self.errors: list[str] = []
        self._open: list[str] = []
        self._text: list[str] | None = None
        self.feed(html)
        self.close()

    @property
    def contents(self) -> dict:
        """What the script of the page reads."""
        (text,) = self.data
        return json.loads(text)

    @property
    def hashes(self) -> list[str]:
        """The sources that a policy has to allow for its scripts."""
        digests = (hashlib.sha256(script.encode()).digest() for script in self.scripts)
        return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.elements.append((tag, known))
        if known.get("http-equiv") == "Content-Security-Policy":
            directives = (directive.split() for directive in known["content"].split(";"))
            self.policy = {name: sources for name, *sources in directives}
        if tag not in self._EMPTY:
            self._open.append(tag)
        if tag == "script" and "src" in known:
            self.sources.append(known["src"])
        elif tag == "script":
            self._text = self.data if known.get("type") == "application/json" else self.scripts
            self._text.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._EMPTY and (not self._open or self._open.pop() != tag):
            self.errors.append(tag)
        self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[-1] += data
        elif "style" not in self._open and "script" not in self._open:
            self.texts.append(data)


def part_of(text: str) -> Any:
    """What a packed part of a page holds: a surface, or the noise of a seed."""
    return restored(unpacked(text))


def restored(data: dict) -> Any:
    """What page/sharing.js does."""
    whole: list = []

    def filled(value):
        if isinstance(value, list):
            return [filled(part) for part in value]
        if isinstance(value, dict):
            return whole[value["shared"]] if "shared" in value else {name: filled(part) for name, part in value.items()}
        return value

    for part in data["table"]:
        whole.append(filled(part))
    return filled(data["content"])


@contextlib.contextmanager
def opening_files(browser: Browser) -> Iterator[Callable[..., Tab]]:
    """Opens files with the network cut. At the end, nothing may have gone wrong, and only files been asked for."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def only_files(route: Route) -> None:
        route.continue_() if route.request.url.startswith("file:") else route.abort()

    def open_it(
        file: Path,
        fragment: str = "",
        size: tuple[int, int] = SIZES["laptop"],
        theme: str = "light",
        asked: list[str] | None = None,
    ) -> Tab:
        width, height = size
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
        context.set_default_timeout(PATIENCE)
        context.route("**", only_files)
        contexts.append(context)
        page = context.new_page()
        watch(page, wrong)
        if asked is not None:
            page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri() + fragment)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []


def assert_draws(page: Tab | Frame, paths: Mapping[str, Trajectory], *, rtol: float = 1e-9) -> None:
    """Waits until all pictures have these runs, by the words for them. The lowest loss is 0.

    rtol: 1e-6 for runs that no hand has moved where they were packed with seven digits.
    """

    def check() -> None:
        for words, path in paths.items():
            rows = np.column_stack([np.arange(path.steps + 1), path.theta, path.loss])
            pictures = page.evaluate(_POINTS, words)
            assert sorted(pictures) == PICTURES
            for picture, points in pictures.items():
                # Points outside are drawn as losses alone.
                due = rows[[int(update) for update, *_ in points["rows"]]]
                assert len(due) == len(rows) if picture == "loss" else len(due) > len(rows) / 2
                np.testing.assert_allclose(points["rows"], due, rtol=rtol, atol=rtol / 1000)
                drawn = due[:, [0, 3]] if picture == "loss" else due[:, 1:3]
                np.testing.assert_allclose(np.column_stack([points["x"], points["y"]]), drawn, rtol=1e-6, atol=1e-9)

    eventually(page, check)


def pull(page: Tab, slider: Locator, share: float) -> float:
    """Pulls a slider with the mouse to this share of its length, and lets it go; returns its number there."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=8)
    held = number_of(slider)
    page.mouse.up()
    assert number_of(slider) == held
    return held
