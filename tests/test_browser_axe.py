"""axe-core looks at every page, as it is when its pictures are drawn, and finds nothing serious."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.browser import wait_for_drawing
from ui.navigation import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")
# Formulas that are wider than the page scroll. They are Streamlit's own, and browsers bring the focus to what scrolls.
EXCUSED = {("scrollable-region-focusable", ".katex-display")}
ADDRESSES = [page.url_path for page in PAGES]
DARK = ["", "red_circle", "learning_rate"]


def complaints(page: Page) -> list[str]:
    """What is wrong for those who do not see or point, a line for each rule and element: serious and critical alone."""
    page.evaluate(f"() => {{ {AXE} }}")
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{rule['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if (node["impact"] or rule["impact"]) in SERIOUS
        and not any(rule["id"] == excused and str(node["target"][-1]).endswith(end) for excused, end in EXCUSED)
    ]


@pytest.mark.parametrize(
    ("url_path", "theme"), [*((known, "light") for known in ADDRESSES), *((known, "dark") for known in DARK)]
)
def test_a_page_has_nothing_that_shuts_somebody_out(address, visit, url_path, theme):
    page = visit(f"{address}/{url_path}", theme=theme)
    if url_path != "catalogue":
        wait_for_drawing(page, 0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
    assert complaints(page) == []


def test_what_shuts_somebody_out_is_found(address, visit):
    page = visit(f"{address}/catalogue")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    heading.evaluate("heading => heading.insertAdjacentHTML('afterend', '<button></button>')")
    (complaint,) = complaints(page)
    assert complaint.startswith("button-name at ")
