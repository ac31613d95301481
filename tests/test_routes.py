"""What the server gives the browser besides pages: plotly.js of the installed package and the canvas's own files."""

import os
import re
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import plotly
import pytest
from plotly.offline import get_plotlyjs, get_plotlyjs_version

from tests import browser as browsers
from tests.browser import ROOT, serve
from ui.canvas import routes

pytestmark = pytest.mark.slow

NAMES = ("plotly.js", "canvas.js", "canvas.css")
FOLDER = ROOT / "ui" / "canvas"
# The name of SVG, which looks like an address. Nobody fetches it.
SVG = "http://www.w3.org/2000/svg"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serve() as started:
        yield started


@pytest.mark.parametrize("name", NAMES)
def test_the_server_gives_the_file_to_be_kept_for_a_year(server, name):
    with urllib.request.urlopen(server + routes.address(name)) as answer:
        assert answer.status == 200
        kept = {part.strip() for part in answer.headers["Cache-Control"].split(",")}
        assert kept == {"public", "max-age=31536000", "immutable"}
        assert answer.headers.get_content_type() == ("text/css" if name.endswith("css") else "text/javascript")
        assert answer.headers.get_content_charset() == "utf-8"
        body = answer.read()
    expected = get_plotlyjs().encode() if name == "plotly.js" else (FOLDER / name).read_bytes()
    assert body == expected


def fetched(address: str) -> tuple[int, str, bytes]:
    """Status, media type and content of an answer."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


@pytest.mark.parametrize("path", ["/canvas/x/routes.py", "/canvas/x/..%2Froutes.py", "/canvas/x/%2e%2e/%2e%2e/app.py"])
def test_the_server_gives_nothing_else(server, path):
    status, kind, body = fetched(server + path)
    # Streamlit answers what it does not know with its own page.
    assert status in (400, 403, 404) or kind == "text/html"
    assert b"import streamlit" not in body


def test_a_server_below_a_base_path_gives_the_files_too(monkeypatch):
    healthy = browsers._wait_until_healthy

    def healthy_below(address: str, *rest) -> None:
        healthy(address.replace("/_stcore", "/class/_stcore"), *rest)

    monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "class")
    monkeypatch.setattr(browsers, "_wait_until_healthy", healthy_below)
    monkeypatch.setattr(routes.st, "get_option", {"server.baseUrlPath": "class"}.get)
    with serve() as server:
        for name in NAMES:
            status, kind, _ = fetched(server + routes.address(name))
            assert (status, kind) == (200, "text/css" if name.endswith("css") else "text/javascript")


def test_plotly_is_the_one_of_the_installed_package():
    text = routes._FILES["plotly.js"].read_text(encoding="utf-8")
    assert text == get_plotlyjs()
    assert re.search(rf"plotly\.js v{re.escape(get_plotlyjs_version())}\b", text[:200])
    assert routes._FILES["plotly.js"].is_relative_to(Path(plotly.__file__).parent)


@pytest.mark.parametrize("name", NAMES)
def test_an_address_stays_while_the_content_stays_and_changes_with_it(monkeypatch, tmp_path, name):
    def written(content: bytes, moment: int) -> str:
        file.write_bytes(content)
        # Written twice within a tick of the clock, it would look unchanged.
        os.utime(file, ns=(moment, moment))
        return routes.address(name)

    file = tmp_path / name
    monkeypatch.setitem(routes._FILES, name, file)
    first = written(b"one", 10**18)
    assert re.fullmatch(rf"/canvas/[0-9a-f]{{16}}/{re.escape(name)}", first)
    assert written(b"one", 2 * 10**18) == first
    other = written(b"two", 3 * 10**18)
    assert other != first
    assert written(b"one", 4 * 10**18) == first


def test_files_have_addresses_of_their_own():
    assert len({routes.address(name).split("/")[-2] for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize(("base", "prefix"), [("", ""), ("class", "/class"), ("/a/b/", "/a/b")])
def test_an_address_begins_where_the_server_does(monkeypatch, base, prefix):
    monkeypatch.setattr(routes.st, "get_option", {"server.baseUrlPath": base}.get)
    assert routes.address("canvas.js").startswith(f"{prefix}/canvas/")


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


@pytest.mark.parametrize("name", ["canvas.js", "canvas.css"])
def test_nothing_comes_from_another_host(name):
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert hosts(text) == []
    assert not re.search(r"@import|^\s*import\s.*\sfrom\b", text, re.M)


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
