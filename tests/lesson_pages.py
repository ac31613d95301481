"""Lessons without a browser: one session that visits a page again and again with other settings."""

from streamlit.testing.v1 import AppTest

from tests.browser import ROOT
from tests.playground import answered, verdict_line
from ui.navigation import PAGES


def lesson(url_path: str, **link: str) -> AppTest:
    """A session on this lesson, opened with a link of the lesson's own keys."""
    (page,) = [page for page in PAGES if page.url_path == url_path]
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.context = {"theme": "light"}
    app.run()
    app.switch_page(page.file)
    app.query_params = {f"{url_path}.{key}": value for key, value in link.items()}
    return answered(app)


def said(app: AppTest) -> str:
    """All Markdown, captions, notes, formulas and verdicts of a page in one text."""
    parts = [*app.markdown, *app.caption, *app.info, *app.warning]
    return "\n".join(
        [verdict_line(app), *(part.value for part in parts), *(part.proto.body for part in app.get("html"))]
    )


def headings(app: AppTest) -> list[tuple[str, int]]:
    """The headings of a page in their order, each with its level: 1 for the page's own."""
    levels = {"title": 1, "header": 2, "subheader": 3}
    return [(element.value, levels[element.type]) for element in app.main if element.type in levels]
