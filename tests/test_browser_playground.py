"""The app in a real browser: cold deep links, the slider and the pictures that follow it, sizes, themes, downloads."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from figures import DARK, LIGHT
from lessons.experiment import experiment
from lessons.rates import LARGEST_RATE, SMALLEST_RATE, preferred_numbers
from lessons.settings import Settings, decoded
from optimizers import title_of
from tests import browser as browsers
from tests.browser import MISSING, ROOT, NoBrowserError, chromium, go_to, speaking
from ui.downloads import trajectories_csv
from ui.navigation import PAGES, page_of
from ui.navigation import Page as Place

pytestmark = pytest.mark.browser

SHARED_RATE = "Learning rate η (for all)"


def rate_slider(page: Page) -> Locator:
    return page.get_by_role("slider", name=SHARED_RATE)


# What plotly was given of one trace for each of the three pictures, in the order in which they stand on the page; where
# that is packed, what plotly has unpacked.
TRACES = """name => [...document.querySelectorAll(".js-plotly-plot")].map(plot => {
  const full = (plot._fullData ?? []).find(trace => trace.name === name);
  const trace = full?._input?.x?.bdata ? full : full?._input;
  return trace && {type: trace.type, x: Array.from(trace.x), y: Array.from(trace.y),
                   hover: Array.from(trace.customdata ?? [], row => Array.from(row))};
})"""
# True once the points of a run are these [update, theta1, theta2, loss] on all three pictures.
SHOWS = f"""([name, rows]) => {{
  const traces = ({TRACES})(name);
  const close = (a, b) => Math.abs(a - b) <= 1e-6 * Math.abs(b) + 1e-30;
  const shown = trace => trace?.hover.length === rows.length
    && rows.every((row, place) => row.every((number, column) => close(trace.hover[place][column], number)));
  const placed = trace => rows.every(([, x, y], place) => close(trace.x[place], x) && close(trace.y[place], y));
  return traces.length === 3 && traces.every(shown) && traces.slice(0, 2).every(placed);
}}"""
# Where the points of the only run on the contour map are drawn, and where its axes say that they belong, in pixels.
DOTS = """name => {
  const plot = document.querySelector("[data-figure=contour]");
  const {xaxis, yaxis} = plot._fullLayout;
  const corner = plot.getBoundingClientRect();
  const {x, y} = plot._fullData.find(trace => trace.name === name);
  const groups = [...plot.querySelectorAll(".cartesianlayer .scatterlayer .trace")];
  const dots = groups.map(group => [...group.querySelectorAll(".points path")]).find(dots => dots.length === x.length);
  const boxes = dots.map(dot => dot.getBoundingClientRect());
  return {
    drawn: boxes.map(box => [box.x + box.width / 2, box.y + box.height / 2]),
    due: Array.from(x, (_, place) => [corner.x + xaxis._offset + xaxis.d2p(x[place]),
                                      corner.y + yaxis._offset + yaxis.d2p(y[place])]),
  };
}"""


def assert_pictures_show(page: Page, settings: Settings) -> None:
    """Waits until the page shows the runs of these settings, all of which must stay inside the frame."""
    for name, path in experiment(settings).trajectories.items():
        rows = np.column_stack([np.arange(path.steps + 1), path.theta, path.loss]).tolist()
        page.wait_for_function(SHOWS, arg=[title_of(name), rows])


def wait_until_drawn(page: Page) -> None:
    page.wait_for_function(
        """() => {
          const plots = [...document.querySelectorAll(".js-plotly-plot")];
          return plots.length === 3 && plots.every(plot => plot._fullLayout && plot.querySelector("svg.main-svg"));
        }"""
    )


def assert_frame(page: Page, shown: Place) -> None:
    """The navigation is there with all its sections, and says which page is shown; the window's title says it, too."""
    for section in dict.fromkeys(known.section for known in PAGES):
        said = f"{section}: {shown.title}" if section == shown.section else section
        expect(page.get_by_role("button", name=said, exact=True)).to_be_visible()
    expect(page).to_have_title(f"{shown.title} · Gradient descent, live")


# Cold deep links


LESSONS = [known for known in PAGES if known.section != "Playground"]
DEEP_LINKS = ["/", "/?surface=booth&optimizers=GradientDescent&learning_rate=0.05", "/catalogue"]


@pytest.mark.parametrize("path", DEEP_LINKS)
def test_a_deep_link_opens_its_page_in_the_frame_on_a_fresh_server(fresh_address, visit, path):
    page = visit(fresh_address + path)
    assert_frame(page, page_of(urlsplit(path).path.strip("/")))
    if path.startswith("/catalogue"):
        expect(page.get_by_role("heading", name="Catalogue", exact=True)).to_be_visible()
        expect(page.get_by_role("heading", name="Gradient descent", exact=True)).to_be_visible()
    else:
        link = dict(part.split("=") for part in urlsplit(path).query.split("&") if part)
        settings = decoded(link)[0]
        wait_until_drawn(page)
        if link:
            assert_pictures_show(page, settings)
        expect(page.get_by_role("combobox", name="Surface")).to_be_visible()
        expect(rate_slider(page)).to_have_attribute("aria-valuetext", speaking(f"{settings.learning_rate:g}"))
        expect(page.locator("table.outcomes tbody tr")).to_have_count(len(settings.optimizers))
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.url_path)
def test_a_lesson_opens_by_its_address_on_a_fresh_server(fresh_address, visit, lesson):
    page = visit(f"{fresh_address}/{lesson.url_path}")
    assert_frame(page, lesson)
    expect(page.get_by_role("heading", name=lesson.title, exact=True)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_test_id("stSpinner")).to_have_count(0)
    expect(page.get_by_text("Where to go next")).to_be_visible()


# The slider

ONE_RULE = {"surface": "booth", "optimizers": "GradientDescent", "learning_rate": "0.05", "updates": "30"}


def of_rate(rate: float) -> Settings:
    return decoded({**ONE_RULE, "learning_rate": repr(rate)})[0]


def test_the_slider_moves_the_path_on_every_picture(address, visit):
    page = visit(f"{address}/?{urlencode({**ONE_RULE, 'learning_rate': '0.0517'})}")
    assert_pictures_show(page, of_rate(0.0517))
    plots = page.query_selector_all(".js-plotly-plot")
    slider = rate_slider(page)
    # A rate between the places of the slider has a place of its own, with the usual neighbours.
    expect(slider).to_have_attribute("aria-valuetext", speaking("0.0517"))
    for key, rate in (("ArrowRight", 0.056), ("ArrowLeft", 0.05), ("ArrowRight", 0.056)):
        slider.press(key)
        expect(slider).to_have_attribute("aria-valuetext", speaking(f"{rate:g}"))
        assert_pictures_show(page, of_rate(rate))
        expect(page).to_have_url(re.compile(rf"[?&]learning_rate={rate:g}(&|$)"))
    kinds = [trace["type"] for trace in page.evaluate(TRACES, "Gradient descent")]
    assert kinds == ["scatter", "scatter3d", "scatter"]
    dots = page.evaluate(DOTS, "Gradient descent")
    np.testing.assert_allclose(dots["drawn"], dots["due"], atol=1.0)
    # The pictures have moved in place: they are still the same elements, so camera and zoom are kept.
    assert [plot.evaluate("plot => plot.isConnected") for plot in plots] == [True, True, True]
    verdict = experiment(of_rate(0.056)).outcomes["GradientDescent"].verdict
    expect(page.locator("table.outcomes tbody tr")).to_contain_text(verdict)
    page.go_back()
    expect(slider).to_have_attribute("aria-valuetext", speaking("0.05"))
    assert_pictures_show(page, of_rate(0.05))


def test_no_step_of_a_slider_that_moves_fast_is_lost(address, visit):
    page = visit(f"{address}/?{urlencode({**ONE_RULE, 'learning_rate': '0.01'})}")
    assert_pictures_show(page, of_rate(0.01))
    rates = preferred_numbers(SMALLEST_RATE, LARGEST_RATE)
    last = rates[rates.index(0.01) + 12]
    for _ in range(12):
        rate_slider(page).press("ArrowRight")
    expect(page).to_have_url(re.compile(rf"[?&]learning_rate={last:g}(&|$)"))
    expect(rate_slider(page)).to_have_attribute("aria-valuetext", speaking(f"{last:g}"))
    assert_pictures_show(page, of_rate(last))


def test_a_visit_to_the_catalogue_and_a_reload_change_nothing(address, visit):
    page = visit(f"{address}/?{urlencode(ONE_RULE)}")
    assert_pictures_show(page, of_rate(0.05))
    rate_slider(page).press("ArrowRight")
    expect(page).to_have_url(re.compile("learning_rate=0.056"))
    go_to(page, "Playground", "Catalogue")
    expect(page.get_by_role("heading", name="Catalogue", exact=True)).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    go_to(page, "Playground", "Descent playground")
    assert_pictures_show(page, of_rate(0.056))
    expect(rate_slider(page)).to_have_attribute("aria-valuetext", speaking("0.056"))
    expect(page).to_have_url(re.compile("learning_rate=0.056"))
    page.reload()
    assert_pictures_show(page, of_rate(0.056))
    assert_frame(page, page_of(""))


# Sizes and themes

COLORS = """() => ({
  page: getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor,
  pictures: [...document.querySelectorAll(".js-plotly-plot")].map(plot => plot.layout.font.color),
})"""


def rgb(color: str) -> str:
    return "rgb({}, {}, {})".format(*(int(color[place : place + 2], 16) for place in (1, 3, 5)))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_on_a_laptop_slider_and_pictures_are_in_view_together_in_both_themes(address, visit, theme):
    page = visit(address, theme=theme.name)
    wait_until_drawn(page)
    page.wait_for_function(f"({COLORS})().pictures.every(color => color === '{theme.ink}')")
    assert page.evaluate(COLORS) == {"page": rgb(theme.background), "pictures": [theme.ink] * 3}
    for place in range(3):
        expect(page.locator(".js-plotly-plot").nth(place)).to_be_in_viewport(ratio=1)
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
    boxes = [rate_slider(page).bounding_box()]
    boxes += [page.locator(".js-plotly-plot").nth(place).bounding_box() for place in range(3)]
    for box in boxes:
        assert box["width"] > 0
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 1366
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 768
    for picture in boxes[1:]:
        assert picture["width"] > 300
        assert picture["height"] > 300


# Elements that stick out of the window to the right, unless a parent lets them scroll inside itself.
OVERFLOW = """() => {
  const hidden = element => {
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      const {overflowX} = getComputedStyle(parent);
      const box = parent.getBoundingClientRect();
      if (overflowX !== "visible" && box.right <= innerWidth + 1 && parent.dataset.testid !== "stMain") return true;
    }
    return false;
  };
  const main = document.querySelector("[data-testid=stMain]");
  const out = [...main.querySelectorAll("*")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.right > innerWidth + 1 && !hidden(element);
  });
  return {
    page: document.documentElement.scrollWidth - innerWidth,
    main: main.scrollWidth - main.clientWidth,
    out: out.slice(0, 5).map(element => element.outerHTML.slice(0, 120)),
  };
}"""
FITS = {"page": 0, "main": 0, "out": []}


def open_expanders(page: Page) -> None:
    for summary in page.locator("[data-testid=stExpander] summary").all():
        summary.click()
    expect(page.locator("[data-testid=stExpander] details[open]")).to_have_count(3)
    # The worked update comes when it is asked for.
    expect(page.get_by_text("Numbers are shown with 5 digits.")).to_be_visible()


PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}


def test_on_a_phone_nothing_is_wider_than_the_screen(address, visit):
    broken = {"surface": "<img src=x onerror=alert(1)>" + "m" * 5000, "k" * 500: "1", "optimizers": "BFGS,LineSearch"}
    page = visit(f"{address}/?{urlencode(broken)}", theme="dark", **PHONE)
    wait_until_drawn(page)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.get_by_role("alert").locator("img")).to_have_count(0)
    open_expanders(page)
    page.wait_for_function(f"({OVERFLOW})().main === 0")
    assert page.evaluate(OVERFLOW) == FITS
    for place in range(3):
        box = page.locator(".js-plotly-plot").nth(place).bounding_box()
        assert 300 < box["width"] <= 390


def test_on_a_phone_the_catalogue_fits(address, visit):
    page = visit(f"{address}/catalogue?surface=booth&nope=1", **PHONE)
    expect(page.get_by_role("heading", name="Gradient descent", exact=True)).to_be_visible()
    for tab in ("Optimizers", "Schedules", "Surfaces"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel").locator("h3").first).to_be_visible()
        assert page.evaluate(OVERFLOW) == FITS


# Downloads


def test_the_downloads_hold_the_runs_and_the_page_works_without_a_network(address, visit, browser, tmp_path):
    page = visit(f"{address}/?{urlencode(ONE_RULE)}")
    assert_pictures_show(page, of_rate(0.05))

    def saved(button: str, name: str) -> Path:
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
        return tmp_path / name

    table = saved("Trajectories (CSV)", "trajectories.csv")
    assert table.read_text(encoding="utf-8") == trajectories_csv(experiment(of_rate(0.05)))
    rate_slider(page).press("ArrowRight")
    assert_pictures_show(page, of_rate(0.056))
    table = saved("Trajectories (CSV)", "trajectories.csv")
    assert table.read_text(encoding="utf-8") == trajectories_csv(experiment(of_rate(0.056)))
    program = saved("Script (Python)", "descent.py")
    assert "OPTIMIZERS['GradientDescent'](learning_rate=0.056" in program.read_text(encoding="utf-8")
    offline = visit(saved("Take it home (HTML)", "descent.html").as_uri(), offline=True)
    assert_pictures_show(offline, of_rate(0.056))


# No browser


def test_a_missing_browser_is_an_error_that_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    monkeypatch.setattr(browsers, "MACOS", tmp_path / "none")
    monkeypatch.setattr(browsers, "sync_playwright", lambda: _NoPlaywright(tmp_path))
    with pytest.raises(NoBrowserError) as error:
        browsers.browser_path()
    assert str(error.value) == MISSING
    assert "Install Chromium or Google Chrome" in MISSING
    with pytest.raises(NoBrowserError), chromium():
        raise AssertionError("There must be no browser here.")


class _NoPlaywright:
    """A Playwright whose browser was never installed."""

    def __init__(self, folder: Path):
        self.chromium = self
        self.executable_path = str(folder / "nothing" / "chromium")

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        pass


def test_without_a_browser_the_tests_fail_with_this_sentence_and_do_not_skip(tmp_path):
    program = (
        "import sys, pathlib, pytest, tests.browser as b; "
        "b.MACOS = pathlib.Path('/nowhere'); b.shutil.which = lambda name: None; "
        "sys.exit(pytest.main(sys.argv[1:]))"
    )
    test = f"{Path(__file__).relative_to(ROOT)}::{test_no_step_of_a_slider_that_moves_fast_is_lost.__name__}"
    answer = subprocess.run(
        [sys.executable, "-c", program, test, "-p", "no:cacheprovider", "--tb=short"],
        cwd=ROOT,
        env={"PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert MISSING in answer.stdout
    assert "skipped" not in answer.stdout
