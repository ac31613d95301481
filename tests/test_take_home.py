"""The buttons that give the playground or a lesson as a file: which pages have one, and what is in the file."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

import ui.take_home
from tests.lesson_pages import lesson
from tests.pages_alone import Page
from tests.playground import opened
from ui.navigation import page_of

pytestmark = pytest.mark.slow

# Lessons whose pictures follow a hand, by their parts.
LIVE = [
    ("update_rule", {}, "Gradient descent"),
    ("red_circle", {"part": "2 Two variables"}, ""),
    ("red_circle", {"part": "5 Second order"}, ""),
    ("learning_rate", {}, "Gradient descent: learning rate"),
    ("learning_rate", {"view": "All rates"}, "Gradient descent: learning rate"),
    ("adagrad", {}, "Adagrad"),
    ("best_step", {}, ""),
    ("neuron_surface", {}, "Gradient descent"),
    ("stuck", {}, "Gradient descent"),
]
WAITING = ["feature_scaling", "stochastic_descent"]


@pytest.fixture
def made(monkeypatch) -> dict[str, Callable[[], str]]:
    """What the buttons of a page would make, by the names of the files."""
    offered: dict[str, Callable[[], str]] = {}
    monkeypatch.setattr(ui.take_home, "_button", lambda name, make, *_, **__: offered.update({name: make}))
    return offered


def buttons(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


@pytest.mark.parametrize(("url_path", "link", "words"), LIVE, ids=lambda part: str(part))
def test_a_lesson_that_is_alive_can_be_taken_home(url_path, link, words, made):
    app = lesson(url_path, **link)
    page = Page(made["lesson"]())
    assert not page.errors
    assert page_of(url_path).title in page.texts
    assert words in page.contents["made"]
    assert app.get("bidi_component")


@pytest.mark.parametrize("url_path", WAITING)
def test_a_lesson_whose_runs_wait_for_the_server_offers_no_file(url_path):
    assert "Take it home (HTML)" not in buttons(lesson(url_path))


@pytest.mark.parametrize("app", [lambda: opened(), lambda: lesson("own_surface")], ids=["playground", "own surface"])
def test_the_playground_and_an_own_surface_are_whole_files(app, made):
    app()
    page = Page(made["descent"]())
    assert not page.errors
    assert list(page.contents["parts"])[-1].startswith("surfaces/")


def test_a_page_has_one_button():
    for app in (opened(), lesson("own_surface"), lesson("learning_rate")):
        assert buttons(app).count("Take it home (HTML)") == 1
