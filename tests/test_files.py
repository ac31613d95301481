"""The files that the browser fetches: whose addresses change together, and that nothing comes from elsewhere."""

import os
import re
import subprocess
from pathlib import Path, PurePosixPath

import plotly
import pytest
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from browser.files import FILES, version
from tests.browser import ROOT

MODULES = [name for name in FILES if name != "plotly.js"]
# The name of SVG, which looks like an address. Nobody fetches it.
SVG = "http://www.w3.org/2000/svg"
IMPORTED = re.compile(r'^(?:import|export)\b[^;]*?\bfrom\s*"([^"]+)"', re.M)


def test_plotly_is_the_one_of_the_installed_package():
    text = FILES["plotly.js"].read_text(encoding="utf-8")
    assert text == get_plotlyjs()
    assert re.search(rf"plotly\.js v{re.escape(get_plotlyjs_version())}\b", text[:200])
    assert FILES["plotly.js"].is_relative_to(Path(plotly.__file__).parent)


def test_every_module_is_served_that_a_module_imports():
    assert {"canvas/canvas.js", "canvas/canvas.css"} <= set(MODULES)
    for name in MODULES:
        for imported in IMPORTED.findall(FILES[name].read_text(encoding="utf-8")):
            assert imported.startswith(("./", "../")), (name, imported)
            assert os.path.normpath(PurePosixPath(name).parent / imported) in FILES, (name, imported)


# Versions


@pytest.fixture
def written(monkeypatch, tmp_path):
    """Writes a file anew in the place of one that is served."""

    def write(name: str, content: bytes, moment: int) -> None:
        file = tmp_path / name.replace("/", "_")
        file.write_bytes(content)
        # Written twice within a tick of the clock, it would look unchanged.
        os.utime(file, ns=(moment, moment))
        monkeypatch.setitem(FILES, name, file)

    return write


@pytest.mark.parametrize("name", FILES)
def test_a_version_stays_while_the_content_stays_and_changes_with_it(written, name):
    seen = []
    for moment, content in enumerate((b"one", b"one", b"two", b"one"), start=1):
        written(name, content, moment * 10**18)
        seen.append(version(name))
    assert re.fullmatch("[0-9a-f]{16}", seen[0])
    assert seen[0] == seen[1] == seen[3] != seen[2]


@pytest.mark.parametrize("changed", MODULES)
def test_all_modules_change_their_version_with_any_of_them_and_plotly_does_not(written, changed):
    before = {name: version(name) for name in FILES}
    assert len({before[name] for name in MODULES}) == 1
    written(changed, b"// something else", 10**18)
    after = {name: version(name) for name in FILES}
    assert {name for name in FILES if after[name] != before[name]} == set(MODULES)


def test_what_moves_from_one_file_to_another_is_a_change(written):
    seen = set()
    for first, second in ((b"ab", b"c"), (b"a", b"bc"), (b"c", b"ab")):
        written("canvas/clock.js", first, 10**18 + len(seen))
        written("canvas/dom.js", second, 10**18 + len(seen))
        seen.add(version("canvas/canvas.js"))
    assert len(seen) == 3


def test_a_file_that_is_not_served_has_no_version():
    with pytest.raises(KeyError):
        version("wire.py")


# Nothing from elsewhere, no copy


def test_there_is_no_copy_of_plotly_in_git():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    files = listed.strip("\0").split("\0")
    assert "app.py" in files
    names = [file.rpartition("/")[2].lower() for file in files]
    assert [name for name in names if name.startswith("plotly") and name.endswith(".js")] == []
    sizes = [(ROOT / file).stat().st_size for file in files if file.endswith(".js") and (ROOT / file).exists()]
    assert max(sizes) < 100_000


def hosts(text: str) -> list[str]:
    """Every address of another host, with or without its scheme."""
    return re.findall(r"(?:\b(?:https?|wss?)://|[\"'(`]//)[^\s\"'`)]+", text.replace(SVG, ""))


@pytest.mark.parametrize("name", MODULES)
def test_nothing_comes_from_another_host(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert hosts(text) == []
    assert not re.search(r"@import|\bimport\s*\(", text)


@pytest.mark.parametrize(
    "line",
    [
        'script.src = "https://cdn.plot.ly/plotly.js";',
        "@import url(//fonts.example.org/a.css);",
        "new WebSocket('wss://example.org')",
        "fetch(`http://example.org/${name}`)",
    ],
)
def test_another_host_would_be_seen(line):
    assert len(hosts(line)) == 1
