"""The static site: what is written, that it is the same each time, and that nothing in it leaves its folder."""

import json
import re
from pathlib import Path

import pytest

from browser import site
from browser.contents import noise_of
from browser.document import LIBRARY_FILE, SCRIPT_FILE
from browser.files import FILES
from browser.site import SEEDS, USAGE, main, write_site
from lessons.settings import Settings
from surfaces import SURFACES
from tests.pages_alone import Page, part_of
from tests.playground import unpacked

FEW = ("bowl", "saddle")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, list[str]]:
    """A site of a few surfaces, and the lines that were said."""
    folder, lines = tmp_path_factory.mktemp("site") / "site", []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "SURFACES", {name: SURFACES[name] for name in FEW})
        write_site(folder, lines.append)
    return folder, lines


def content_of(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_site_has_a_file_for_every_surface_and_seed(written):
    folder, lines = written
    parts = [f"surfaces/{name}.js" for name in FEW] + [f"noise/{seed}.js" for seed in SEEDS]
    assert set(content_of(folder)) == {"index.html", "catalogue.html", LIBRARY_FILE, SCRIPT_FILE, *parts}
    assert [line.split()[3] for line in lines[: len(FEW)]] == list(FEW)


def test_a_part_is_a_script_that_hands_over_its_packed_text(written):
    folder, _ = written
    for name in ("surfaces/saddle", "noise/3"):
        said = re.fullmatch(
            r'\(globalThis\.parts \?\?= \{\}\)\["([^"]+)"\] = ("[A-Za-z0-9+/=]+");\n',
            (folder / f"{name}.js").read_text(encoding="utf-8"),
        )
        assert said[1] == name
        content = part_of(json.loads(said[2]))
        assert content == noise_of(3) if name == "noise/3" else content["name"] == "saddle"


def test_the_page_knows_all_seeds_and_holds_no_part(written):
    given = Page((written[0] / "index.html").read_text(encoding="utf-8")).contents
    assert given["seeds"] == [*SEEDS]
    assert given["parts"] == {}
    assert given["choosesSurface"] is True
    assert given["settings"] == {}
    assert list(unpacked(given["common"])["surfaces"]) == list(SURFACES)
    assert Settings.surface in SURFACES


def test_every_file_that_a_page_fetches_and_every_page_that_it_names_is_in_the_folder(written):
    folder, _ = written
    pages = {}
    for file in folder.glob("*.html"):
        read = Page(file.read_text(encoding="utf-8"))
        assert read.errors == []
        named = [known["href"] for tag, known in read.elements if tag == "a"]
        pages[file.name] = {address for address in named if not address.startswith(("#", "https://"))}
        for address in [*read.sources, *(address.partition("#")[0].partition("?")[0] for address in pages[file.name])]:
            assert (folder / address).is_file(), (file.name, address)
    assert "catalogue.html" in pages["index.html"]
    assert "index.html" in pages["catalogue.html"]


def test_the_catalogue_runs_nothing(written):
    read = Page((written[0] / "catalogue.html").read_text(encoding="utf-8"))
    assert read.policy["script-src"] == ["'none'"]
    assert [tag for tag, _ in read.elements].count("h1") == 1
    assert "Rosenbrock" in " ".join(read.texts)


def test_the_library_is_that_of_the_app(written):
    assert (written[0] / LIBRARY_FILE).read_bytes() == FILES["plotly.js"].read_bytes()


def test_two_builds_are_equal(written, tmp_path, monkeypatch):
    monkeypatch.setattr(site, "SURFACES", {name: SURFACES[name] for name in FEW})
    # Nothing is taken from the build before.
    site.packed_surface.cache_clear()
    site.packed_noise.cache_clear()
    write_site(tmp_path / "again", [].append)
    assert content_of(tmp_path / "again") == content_of(written[0])


def test_a_missing_folder_ends_with_a_sentence(capsys):
    assert main([]) == 2
    assert capsys.readouterr() == ("", f"{USAGE}\n")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path, capsys):
    (tmp_path / "taken").touch()
    assert main([str(tmp_path / "taken")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'taken'} cannot be written: File exists.\n"
