"""What the server gives the browser besides pages: plotly.js of the installed package and the canvas's own files."""

import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from plotly.offline import get_plotlyjs

from browser.files import FILES
from tests import browser as browsers
from tests.browser import ROOT, serve
from ui.canvas import routes

pytestmark = pytest.mark.slow

NAMES = tuple(FILES)


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
    expected = get_plotlyjs().encode() if name == "plotly.js" else (ROOT / "browser" / name).read_bytes()
    assert body == expected


def fetched(address: str) -> tuple[int, str, bytes]:
    """Status, media type and content of an answer."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.headers.get_content_type(), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_content_type(), error.read()


def test_a_file_of_another_version_is_not_kept(server):
    """A page that is older than the server must not take the new file for the old one for a year."""
    with urllib.request.urlopen(f"{server}/canvas/0123456789abcdef/canvas/canvas.js") as answer:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/canvas/x/files.py",
        "/canvas/x/wire.py",
        "/canvas/x/run.mjs",
        "/canvas/x/canvas/",
        "/canvas/x/canvas/../files.py",
        "/canvas/x/..%2Ffiles.py",
        "/canvas/x/canvas%2F..%2F..%2Fapp.py",
        "/canvas/x/%2e%2e/%2e%2e/app.py",
    ],
)
def test_the_server_gives_nothing_else(server, path):
    status, kind, body = fetched(server + path)
    # Streamlit answers what it does not know with its own page.
    assert status in (400, 403, 404) or kind == "text/html"
    assert b"import " not in body or kind == "text/html"


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


@pytest.mark.parametrize(("base", "prefix"), [("", ""), ("class", "/class"), ("/a/b/", "/a/b")])
def test_an_address_begins_where_the_server_does(monkeypatch, base, prefix):
    monkeypatch.setattr(routes.st, "get_option", {"server.baseUrlPath": base}.get)
    assert routes.address("canvas/canvas.js").startswith(f"{prefix}/canvas/")
