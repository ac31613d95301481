"""A real browser and a real server for the tests, the benchmarks and the screenshots.

`python -m tests.browser` makes sure that there is a browser: an installed Chromium or Chrome if there is one, else
Debian's package where we may install it, else Playwright's own.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, sync_playwright

ROOT = Path(__file__).parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = (
    "The tests need a browser and found none. Install Chromium or Google Chrome (Debian: apt-get install chromium), "
    "or run: python -m playwright install chromium"
)
# Software WebGL, and nothing that talks to the network.
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]


# Milliseconds. Software WebGL on a busy machine is slow; nothing waits longer than it must.
PATIENCE = 60_000
# The number of the last message that the page's canvas has drawn, 0 before the first one.
_DRAWN = "[...document.querySelectorAll('.canvas[data-drawn]')].map((canvas) => +canvas.dataset.drawn).at(-1) ?? 0"

_PIXEL = """([name, x, y]) => {
    const plot = document.querySelector(`[data-figure="${name}"]`);
    const box = plot.querySelector('.nsewdrag').getBoundingClientRect();
    const { xaxis, yaxis } = plot._fullLayout;
    return [box.left + xaxis.d2p(x), box.top + yaxis.d2p(y)];
}"""


class NoBrowserError(RuntimeError):
    """There is no browser, and the message says what to install."""


def browser_path() -> str:
    """The path of an installed Chromium or Chrome, or of Playwright's own.

    Raises NoBrowserError where there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    if MACOS.exists():
        return str(MACOS)
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    raise NoBrowserError(MISSING)


def install_browser() -> str:
    """Installs a browser where there is none, and returns its path."""
    with contextlib.suppress(NoBrowserError):
        return browser_path()
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return browser_path()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser with a fresh profile."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def drawn(page: Page) -> int:
    """The number of the last message that the canvas has drawn."""
    return page.evaluate(_DRAWN)


def wait_for_drawing(page: Page, after: int) -> None:
    """Waits until the canvas has drawn a later message than this."""
    page.wait_for_function(f"after => ({_DRAWN}) > after", arg=after)


def eventually(page: Page, check: Callable[[], None]) -> None:
    """Checks again and again while the page may still move, until the check holds or patience ends."""
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        page.wait_for_timeout(20)


def pixel_of(page: Page, figure: str, x: float, y: float) -> tuple[float, float]:
    """Where a point of a flat figure, in its own coordinates, is on the screen."""
    return tuple(page.evaluate(_PIXEL, [figure, x, y]))


def number_of(slider: Locator) -> float:
    """The number of a slider, which it speaks last, behind its name."""
    return float(slider.get_attribute("aria-valuetext").split()[-1])


def speaking(number: str) -> re.Pattern:
    """What a slider with this number speaks."""
    return re.compile(rf"\S {re.escape(number)}$")


def watch(page: Page, wrong: list[str]) -> None:
    """Collects what goes wrong on a page, and every request that would leave this machine."""

    def note(sentence: str) -> None:
        if sentence:
            wrong.append(sentence)

    page.on("console", lambda message: note(complaint_of(message)))
    page.on("pageerror", lambda error: note(f"uncaught: {error}"))
    page.on("dialog", lambda dialog: (note(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: note(foreign(request.url)))


def complaint_of(message: ConsoleMessage) -> str:
    """What the console says if it matters, else nothing."""
    place = message.location.get("url", "")
    # On a deep link, Streamlit's frontend looks for its server below the page's own path first.
    if "404" in message.text and re.search(r"/[a-z_]+/_stcore/(health|host-config)$", place):
        return ""
    about_formulas = "LaTeX" in message.text or "character metrics" in message.text
    return f"{message.text} ({place})" if message.type == "error" or about_formulas else ""


def foreign(address: str) -> str:
    """The address of a request that would leave this machine, else nothing."""
    parts = urlsplit(address)
    return "" if parts.scheme in ("data", "blob", "file") or parts.hostname == "127.0.0.1" else f"request: {address}"


def go_to(page: Page, section: str, title: str) -> None:
    """Chooses a page in the navigation above the page."""
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_role("menuitem", name=title, exact=True).click()


@contextlib.contextmanager
def serve(script: str | Path = ROOT / "app.py") -> Iterator[str]:
    """A fresh Streamlit server on a free port: yields its address."""
    with served(script) as (address, _):
        yield address


@contextlib.contextmanager
def served(script: str | Path = ROOT / "app.py", *options: str) -> Iterator[tuple[str, int]]:
    """A fresh Streamlit server on a free port: yields its address and the number of its process.

    options: further ones of the command, "--section.name=value".
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    place = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    server = subprocess.Popen(
        [*command, *place, *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", server)
        yield f"http://127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()


def _wait_until_healthy(address: str, server: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError(f"The server stopped with exit code {server.returncode}.")
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not answer within {seconds:g} seconds.")


if __name__ == "__main__":
    try:
        print(f"Browser: {install_browser()}")
    except NoBrowserError as error:
        sys.exit(str(error))
