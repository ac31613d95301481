"""Every page of the app with every part of it, as links, and the windows in which they are looked at and measured.

Nothing is listed here: pages are those of the navigation, and parts are what a page itself offers to choose from.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import BrowserContext, Page
from streamlit.testing.v1 import AppTest

from tests.browser import PATIENCE, ROOT
from ui.navigation import PAGES
from ui.navigation import Page as AppPage

# The width and the height of a window in pixels. 683 x 384 is 1366 x 768 at a zoom of 200 %, and the next one a slide.
SIZES = ((1366, 768), (1024, 768), (820, 1180), (390, 844), (844, 390), (683, 384), (800, 450))
PHONE = {"has_touch": True, "is_mobile": True}
# What a lesson calls the choice of its parts.
PARTS = "Part"
SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True)
class View:
    """A page of the app, or one part of it: its link, and a name in which only letters, digits and _ are."""

    page: AppPage
    part: str = ""
    parameter: str = ""

    @property
    def link(self) -> str:
        """What stands behind the address of the server."""
        query = f"?{urlencode({self.parameter: self.part})}" if self.part else ""
        return f"/{self.page.url_path}{query}"

    @property
    def name(self) -> str:
        """The page and the part, as the name of a file."""
        words = f"{self.page.url_path or 'playground'} {self.part}"
        return "_".join("".join(letter if letter.isalnum() else " " for letter in words).lower().split())


@cache
def views() -> tuple[View, ...]:
    """Every page with each of its parts, in the order of the navigation."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.context = {"theme": "light"}
    app.run()
    return tuple(view for page in PAGES for view in _views_of(app, page))


def _views_of(app: AppTest, page: AppPage) -> list[View]:
    app.switch_page(page.file)
    app.run()
    parts = {choice.key: choice.options for choice in app.segmented_control if choice.label == PARTS}
    parts |= _linked_tabs(app)
    return [View(page, part, parameter) for parameter, names in parts.items() for part in names] or [View(page)]


def _linked_tabs(app: AppTest) -> dict[str, list[str]]:
    """The names of tabs, by the part of the link that says which one is open."""
    rows = {tabs.proto.tab_container.query_param_key: tabs.children.values() for tabs in app.get("tab_container")}
    return {parameter: [tab.label for tab in row] for parameter, row in rows.items() if parameter}


def open_at(context: BrowserContext, address: str) -> Page:
    """A new tab of the browser with a page that has come to rest. Its script has the functions of views.js."""
    page = context.new_page()
    page.add_init_script(path=SCRIPT)
    page.goto(address)
    settle(page)
    return page


def resize(page: Page, width: int, height: int) -> None:
    """Gives the window another size, and waits until the pictures have it, too."""
    page.set_viewport_size({"width": width, "height": height})
    settle(page)


def settle(page: Page) -> None:
    """Waits until all pictures are drawn and nothing moves any more."""
    page.wait_for_function("() => globalThis.views.isReady()", timeout=PATIENCE)
    page.evaluate("() => globalThis.views.settled()")
