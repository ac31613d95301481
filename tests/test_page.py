"""The playground as one file: what it holds, what the command line says, and that every surface can be taken home."""

import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest

from browser import page
from browser.contents import surface_contents
from browser.page import NOTHING_USABLE, USAGE, main, page_html, settings_of
from browser.sharing import shared
from browser.wire import packed
from lessons.settings import Settings, decoded, encoded
from surfaces import SURFACES
from tests.browser import ROOT
from tests.pages_alone import Page, part_of
from tests.playground import unpacked

LINK = "surface=rosenbrock&optimizers=Adam,Momentum&learning_rate=0.01"
PLAIN = Settings(surface="saddle", optimizers=("Adam",), start=(0.5, -0.25), noise=0.1, seed=7)


@pytest.fixture(scope="module")
def html() -> str:
    return page_html(PLAIN, "https://example.org/app?surface=booth")


def test_the_module_is_not_hidden_by_the_folder_of_its_name():
    assert (ROOT / "browser" / "page").is_dir()
    assert page.__file__ == str(ROOT / "browser" / "page.py")


def test_a_page_holds_its_surface_its_settings_and_the_noise_that_it_may_need(html):
    given = Page(html).contents
    # The presets of this surface have noise of the seed 0.
    assert given["seeds"] == [0, 7]
    assert list(given["parts"]) == ["noise/0", "noise/7", "surfaces/saddle"]
    assert given["parts"]["surfaces/saddle"] == packed(shared(surface_contents("saddle")), 6)
    assert decoded(given["settings"]) == (PLAIN, [])
    assert given["choosesSurface"] is False
    assert unpacked(given["common"])["surfaces"] == {"saddle": "Saddle"}
    assert given["home"] == "https://example.org/app"
    assert "Noise on the gradient: 0.1, seed 7." in given["made"]


def test_without_javascript_it_says_with_what_it_was_made_and_links_back(html):
    read = Page(html)
    said = " ".join(read.texts)
    assert "Descent on Saddle: Adam" in said
    assert read.contents["made"] in said
    assert ("a", {"href": "https://example.org/app"}) in read.elements


@pytest.mark.parametrize("home", ["javascript:alert(1)", "data:text/html,a", "//example.org", "http://[", "file:///a"])
def test_a_page_links_back_to_addresses_of_the_web_only(home):
    assert Page(page_html(PLAIN, home)).contents["home"] == ""


def zipped_size(html: str) -> int:
    """How many bytes a file has that is sent in an archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("descent.html", html)
    return len(file.getvalue())


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_can_be_taken_home(name):
    html = page_html(Settings(surface=name, start=tuple(map(float, SURFACES[name].start))))
    given = Page(html).contents
    assert part_of(given["parts"][f"surfaces/{name}"])["title"] == SURFACES[name].title
    assert SURFACES[name].title in given["made"]
    assert zipped_size(html) < 2e6


@pytest.mark.parametrize("formula", ["x^2 < 1", "</script><script>alert(1)</script>", "where(x < 0, -x, x) & y"])
def test_a_typed_formula_comes_home_or_is_refused_with_a_sentence(formula):
    name = f"= {formula}"
    settings, _, notes = settings_of(f"surface={name.replace('&', '%26').replace('+', '%2B')}&seed=1")
    if settings.surface == name:
        assert name in str(part_of(Page(page_html(settings)).contents["parts"][f"surfaces/{name}"])["name"])
    else:
        assert notes[0].startswith("Ignored: ")
        assert "is a formula that cannot be read" in notes[0]


# Links


@pytest.mark.parametrize(
    ("link", "query", "home"),
    [
        (LINK, LINK, ""),
        (f"?{LINK}", LINK, ""),
        (f"https://example.org/app/?{LINK}", LINK, "https://example.org/app/"),
        (f"https://example.org/site/#{LINK}", LINK, "https://example.org/site/"),
        (f"http://127.0.0.1:8501/?seed=3#{LINK}", f"seed=3&{LINK}", "http://127.0.0.1:8501/"),
        ("https://example.org/app", "", "https://example.org/app"),
        (f"https://example.org/?embed=true&{LINK}&origin=*", LINK, "https://example.org/"),
        ("surface=%3D+x%5E2+%2B+3xy", "surface=%3D x^2 %2B 3xy", ""),
        ("surface=%3D+x%5E2+@+-1,1,-2,2", "surface== x^2 @ -1,1,-2,2", ""),
    ],
)
def test_a_query_and_a_whole_link_say_the_same(link, query, home):
    settings, address, notes = settings_of(link)
    expected, _ = decoded(dict(parse_qsl(query)))
    assert (settings, address, notes) == (expected, home, [])


def test_every_setting_of_a_link_is_taken():
    settings = replace(PLAIN, updates=31, schedule="Cosine", heights="true", circle=True, update=4)
    assert settings_of(urlencode(encoded(settings)))[0] == settings


@pytest.mark.parametrize("link", ["", "nonsense", "foo=bar", "surface=nowhere", "optimizers=Nobody", "surface=%3D+)("])
def test_a_link_without_any_usable_part_has_no_settings(link):
    assert settings_of(link)[0] is None


def test_what_cannot_be_used_of_a_link_is_said_and_the_rest_is_taken():
    settings, _, notes = settings_of("surface=booth&optimizers=Adam,Nobody&learning_rate=-1&foo=bar")
    assert (settings.surface, settings.optimizers) == ("booth", ("Adam",))
    assert [note.partition(" ")[0] for note in notes] == ["Ignored:"] * 3


def test_a_plus_that_has_become_a_space_is_asked_about():
    _, _, notes = settings_of("surface== x^2+y^2")
    assert notes == ["In a link + is a space, and %2B is a plus. The formula in this one is: x^2 y^2"]
    assert settings_of("surface== x^2%2By^2")[2] == []


# The command line


@pytest.mark.slow
def test_the_command_writes_the_file_and_says_so(tmp_path):
    file = tmp_path / "lesson.html"
    command = [sys.executable, "-m", "browser.page", f"https://example.org/?{LINK}&foo=bar", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "Ignored: `foo` is not a setting.\n")
    settings, home, _ = settings_of(f"https://example.org/?{LINK}")
    assert file.read_bytes() == page_html(settings, home).encode()
    said, named = done.stdout.splitlines()
    assert said.startswith("Made with these settings. Surface: Rosenbrock.")
    assert named == f"{file}: {file.stat().st_size / 1e6:.1f} MB"


@pytest.mark.parametrize("arguments", [[], [LINK], [LINK, "a.html", "b.html"]])
def test_missing_arguments_end_with_a_sentence(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", f"{USAGE}\n")


def test_a_query_that_says_nothing_writes_no_file(tmp_path, capsys):
    assert main(["foo=bar", str(tmp_path / "a.html")]) == 2
    assert capsys.readouterr() == ("", f"Ignored: `foo` is not a setting.\n{NOTHING_USABLE}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    file = tmp_path / "nowhere" / "a.html"
    assert main([LINK, str(file)]) == 2
    assert capsys.readouterr() == ("", f"{file} cannot be written: No such file or directory.\n")
