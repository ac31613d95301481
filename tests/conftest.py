"""What all tests share: hypothesis draws the same examples in every run, and a browser and a server for those that
need them."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import PATIENCE, chromium, serve, wait_for_drawing, watch

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.register_profile("quick", settings.get_profile("deterministic"), max_examples=10)
settings.load_profile("deterministic")
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests of a module."""
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(browser) -> Iterator[str]:
    """The address of a server for all tests of a module."""
    with serve() as started:
        yield started


@pytest.fixture
def fresh_address(browser) -> Iterator[str]:
    """A server that nobody has visited. It outlives the pages: name it before `visit`."""
    with serve() as started:
        yield started


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a fresh profile. At the end, the console must be clean, and no request sent elsewhere."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_it(address: str, width: int = 1366, height: int = 768, theme: str = "light", **options) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch(page, wrong)
        page.goto(address)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def profile(browser) -> Iterator[BrowserContext]:
    """One profile for a module: a browser that already knows plotly.js opens the next page sooner."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(profile) -> Iterator[Page]:
    """A new page in the module's profile. At the end, nothing may have gone wrong or left the machine."""
    wrong: list[str] = []
    page = profile.new_page()
    watch(page, wrong)
    yield page
    page.close()
    assert wrong == []


@pytest.fixture
def opened(page, address) -> Callable[[str], Page]:
    """Opens a page of the app by its link, and waits for its pictures."""

    def open_it(link: str) -> Page:
        page.goto(f"{address}/{link}")
        wait_for_drawing(page, 0)
        return page

    return open_it
