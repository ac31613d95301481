"""Pages without a server in a real browser, opened from the disk: alive under the hand, and silent on the network."""

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from playwright.sync_api import Frame, Locator, Page, Route, expect

from browser import site
from browser.contents import surface_contents
from browser.document import document
from browser.page import contents_of, page_html, settings_of
from browser.sharing import shared
from browser.site import write_site
from browser.wire import packed
from lessons.experiment import experiment
from lessons.settings import Settings, decoded
from optimizers import title_of
from surfaces import SURFACES
from tests.browser import eventually, number_of, wait_for_drawing
from tests.pages_alone import SIZES, assert_draws, opening_files, pull
from tests.test_document import HOSTILE

pytestmark = pytest.mark.browser

SETTINGS = Settings(surface="rosenbrock", start=(-1.2, 1.0), optimizers=("Adam", "Momentum"), learning_rate=0.001)


@pytest.fixture
def opened(browser) -> Iterator[Callable[..., Page]]:
    """Opens a file whose network is cut. At the end, nothing may have gone wrong, and only files been asked for."""
    with opening_files(browser) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    """A page to take home."""
    path = tmp_path_factory.mktemp("page") / "descent.html"
    path.write_text(page_html(SETTINGS, "https://example.org/app"), encoding="utf-8")
    return path


def rate_slider(page: Page | Frame) -> Locator:
    return page.get_by_role("slider", name="Learning rate")


def assert_shows(page: Page, settings: Settings) -> None:
    """Waits until all pictures have the runs of numpy."""
    assert_draws(page, {title_of(name): path for name, path in experiment(settings).trajectories.items()})


def with_rate(rate: float) -> Settings:
    return Settings(**{**vars(SETTINGS), "learning_rate": rate})


@pytest.mark.parametrize("size", SIZES)
def test_a_page_from_the_disk_follows_key_and_mouse_and_draws_what_numpy_computes(opened, file, size):
    asked: list[str] = []
    page = opened(file, size=SIZES[size], asked=asked)
    wait_for_drawing(page, 0)
    assert_shows(page, SETTINGS)
    slider = rate_slider(page)
    slider.press("ArrowRight")
    assert number_of(slider) == 0.0011
    assert_shows(page, with_rate(0.0011))
    rates = {0.001, 0.0011}
    for share in (0.2, 0.35):
        held = pull(page, slider, share)
        assert_shows(page, with_rate(held))
        rates.add(held)
    assert len(rates) == 4
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert asked == [file.as_uri()]


def test_the_address_carries_the_settings_to_the_same_file(opened, file):
    page = opened(file)
    wait_for_drawing(page, 0)
    rate_slider(page).press("ArrowLeft")
    rate = number_of(rate_slider(page))
    eventually(page, lambda: expect(page).to_have_url(f"{file.as_uri()}#{page.url.partition('#')[2]}"))
    page.wait_for_function("rate => location.hash.includes(`learning_rate=${rate}`)", arg=rate)
    again = opened(file, f"#{page.url.partition('#')[2]}")
    wait_for_drawing(again, 0)
    assert number_of(rate_slider(again)) == rate
    assert_shows(again, with_rate(rate))


def test_the_defaults_have_an_address_too_where_the_file_was_made_with_others(opened, tmp_path):
    path = tmp_path / "descent.html"
    path.write_text(page_html(Settings(learning_rate=0.05)), encoding="utf-8")
    page = opened(path)
    wait_for_drawing(page, 0)
    page.get_by_role("button", name="Reset").click()
    wait_for_drawing(page, 1)
    assert page.url.endswith("#surface=himmelblau")
    page.reload()
    wait_for_drawing(page, 0)
    assert_shows(page, Settings())


def test_a_typed_formula_comes_home_alive(opened, tmp_path):
    settings, _, _ = settings_of("surface=%3D+a+x%5E2+%2B+%7Cy%7C;+a+=+3&optimizers=Adam&updates=20&start=1,0.75")
    path = tmp_path / "typed.html"
    path.write_text(page_html(settings), encoding="utf-8")
    page = opened(path)
    wait_for_drawing(page, 0)
    assert_shows(page, settings)
    expect(page.get_by_text("a x^2 + |y|; a = 3").first).to_be_visible()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_in_a_file_are_words(opened, tmp_path, text):
    held = {**surface_contents("rosenbrock"), "title": text, "lesson": text, "formula": text}
    given = contents_of(SETTINGS, {"surfaces/rosenbrock": packed(shared(held))}, [])
    path = tmp_path / "hostile.html"
    path.write_text(document(text, {**given, "made": text}), encoding="utf-8")
    page = opened(path)
    wait_for_drawing(page, 0)
    assert page.evaluate("document.querySelectorAll('img, main script, main [onload], main [onerror]').length") == 0
    for place in ("h1", ".page-said", ".page-made"):
        assert " ".join(text.split()) in " ".join(page.locator(place).text_content().split())


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "${alert(1)}"])
def test_hostile_words_in_an_address_are_words(opened, file, text):
    encoded = "".join(f"%{byte:02x}" for byte in text.encode())
    page = opened(file, f"#optimizers={encoded}&{encoded}={encoded}&rule={encoded}&Adam.beta1={encoded}")
    wait_for_drawing(page, 0)
    assert page.evaluate("document.querySelectorAll('img, main script').length") == 0
    assert "alert" in page.locator(".page-complaints").text_content()


def test_without_javascript_a_page_says_what_it_was_made_with(browser, file):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    said = page.locator("body").inner_text()
    assert "JavaScript, which is switched off" in said
    assert "Descent on Rosenbrock: Adam, Momentum" in said
    assert "Updates: 100. Adam: learning rate = 0.001" in said
    context.close()


# The static site

FEW = ("himmelblau", "rosenbrock", "saddle")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A site with few surfaces."""
    path = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "SURFACES", {name: SURFACES[name] for name in FEW})
        write_site(path, [].append)
    return path


def test_the_site_works_from_a_folder_and_fetches_what_it_needs(opened, folder):
    asked: list[str] = []
    page = opened(folder / "index.html", asked=asked)
    wait_for_drawing(page, 0)
    assert_shows(page, Settings())
    names = ["index.html", "plotly.min.js", "page.js", "surfaces/himmelblau.js"]
    assert asked == [(folder / name).as_uri() for name in names]


def test_another_surface_brings_its_own_view_to_the_map(opened, folder):
    """Axes with the same scale once kept the ranges of the first surface."""
    page = opened(folder / "index.html")
    wait_for_drawing(page, 0)
    for drawn, name in enumerate(("rosenbrock", "saddle", "himmelblau"), start=1):
        page.get_by_role("combobox", name="Surface").select_option(name)
        wait_for_drawing(page, drawn)
        layout = "document.querySelector('[data-figure=contour]')._fullLayout"
        ranges = page.evaluate(f"['xaxis', 'yaxis'].map(axis => {layout}[axis].range)")
        np.testing.assert_allclose(ranges, SURFACES[name].view, rtol=1e-9)


def test_the_last_surface_that_is_chosen_is_shown_however_late_another_one_comes(opened, folder):
    page = opened(folder / "index.html")
    wait_for_drawing(page, 0)
    late: list[Route] = []
    page.route("**/surfaces/rosenbrock.js", lambda route: late.append(route))
    surfaces = page.get_by_role("combobox", name="Surface")
    surfaces.select_option("rosenbrock")
    expect(page.locator(".stage-waits")).to_be_visible()
    surfaces.select_option("saddle")
    wait_for_drawing(page, 1)
    late[0].continue_()
    page.wait_for_function("globalThis.parts['surfaces/rosenbrock']")
    expect(surfaces).to_have_value("saddle")
    expect(page.locator(".stage-waits")).to_have_count(0)
    assert "surface=saddle" in page.url
    expect(page.locator(".page-made")).to_contain_text("Surface: Saddle.")


def test_the_site_knows_the_noise_of_its_seeds(opened, folder):
    link = "surface=saddle&optimizers=GradientDescent&learning_rate=0.1&updates=30&noise=0.1&seed=3"
    page = opened(folder / "index.html", f"#{link}")
    wait_for_drawing(page, 0)
    assert_shows(page, settings_of(link)[0])


def test_the_catalogue_and_the_playground_lead_to_each_other(opened, folder):
    page = opened(folder / "index.html")
    wait_for_drawing(page, 0)
    page.get_by_role("link", name="Catalogue").click()
    expect(page.get_by_role("heading", name="Catalogue", exact=True)).to_be_visible()
    page.get_by_role("link", name="The playground", exact=True).first.click()
    wait_for_drawing(page, 0)


# In another page

AROUND = """<!doctype html><title>Around</title><link rel="icon" href="data:,"><iframe width="800" height="600"
src="site/index.html?embed=true&origin={origin}#optimizers=Adam&updates=30"></iframe>
<script>
  const heard = [];
  addEventListener("message", ({{ data, origin }}) => heard.push({{ ...data, origin }}));
  const ask = (set) => frames[0].postMessage({{ set }}, "*");
</script>"""


@pytest.fixture(scope="module")
def around(folder) -> Iterator[str]:
    """The address of a server with the site in a folder of its own, and of pages around it."""
    (folder.parent / "around").mkdir()
    (folder.parent / "around" / "site").symlink_to(folder)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder.parent / "around"))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    for name, origin in (("any", "*"), ("same", address), ("other", "https://example.org"), ("none", "")):
        text = AROUND.format(origin=origin)
        (folder.parent / "around" / f"{name}.html").write_text(text, encoding="utf-8")
    yield address
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", ["any", "same"])
def test_a_page_around_sets_what_it_likes_and_hears_what_became_of_the_runs(visit, around, name):
    page = visit(f"{around}/{name}.html")
    inside = page.frames[1]
    inside.wait_for_function("document.querySelector('.canvas')?.dataset.drawn > 0")
    expect(rate_slider(inside)).to_be_visible()
    expect(inside.locator(".page-toolbar")).to_be_hidden()
    page.evaluate("ask({ learning_rate: '0.05', updates: 40, optimizers: '</script><img onerror=alert(1)>,Adam' })")
    page.wait_for_function("heard.at(-1)?.state.learning_rate === '0.05'")
    heard = page.evaluate("heard.at(-1)")
    settings = Settings(optimizers=("Adam",), learning_rate=0.05, updates=40)
    assert decoded(heard["state"]) == (settings, [])
    path = experiment(settings).trajectories["Adam"]
    assert heard["origin"] == around
    assert set(heard["outcome"]) == {"Adam"}
    np.testing.assert_allclose(heard["outcome"]["Adam"]["theta"], path.theta[-1], rtol=1e-9)
    np.testing.assert_allclose(heard["outcome"]["Adam"]["loss"], path.loss[-1], rtol=1e-9)
    assert heard["outcome"]["Adam"]["diverged_at"] == -1


def test_a_page_around_may_ask_as_soon_as_the_frame_is_there_and_again_at_once(visit, around):
    page = visit(f"{around}/any.html")
    page.evaluate("""() => {
      const frame = Object.assign(document.createElement("iframe"), { width: 800, height: 600 });
      frame.src = "site/index.html?embed=true&origin=*#optimizers=Adam";
      frame.onload = () => {
        for (const set of [{ surface: "saddle" }, { start: "0.5,0.25", arrows: true }]) {
          frame.contentWindow.postMessage({ set }, "*");
        }
      };
      document.body.append(frame);
    }""")
    page.wait_for_function("heard.some(({ state }) => state.surface === 'saddle' && state.start === '0.5,0.25')")
    assert page.evaluate("heard.at(-1).state.arrows") == "yes"


@pytest.mark.parametrize("name", ["other", "none"])
def test_a_page_around_that_is_not_named_is_not_heard(visit, around, name):
    page = visit(f"{around}/{name}.html")
    inside = page.frames[1]
    inside.wait_for_function("document.querySelector('.canvas')?.dataset.drawn > 0")
    before = inside.url
    page.evaluate("ask({ learning_rate: '0.05' })")
    rate_slider(inside).press("ArrowRight")
    inside.wait_for_function("before => location.href !== before", arg=before)
    assert "learning_rate=0.011" in inside.url
    assert page.evaluate("heard") == []
