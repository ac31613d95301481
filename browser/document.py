"""The HTML file around a page that works without a server: what it may do, how it looks, what it holds."""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from browser.bundle import bundle
from browser.files import FILES

ENTRY = "page/page.js"
STYLES = ("canvas/canvas.css", "page/page.css")
# The files that a page of the static site fetches from its own folder.
LIBRARY_FILE, SCRIPT_FILE = "plotly.min.js", "page.js"
# The page asks nobody for anything: what is typed into it stays there, and what it says was in the file.
_POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "data: blob:",
    "font-src": "'none'",
    "connect-src": "'none'",
}
# The engine compiles programs, whose operations it takes from its own table.
_COMPILES = "'unsafe-eval'"
# A browser may count no other file in a folder as the page's own.
_OWN_FILES = "'self' file:"
_NO_SCRIPT = "This page draws with JavaScript, which is switched off here."
_IN_JSON = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
Links = Iterable[tuple[str, str]]


def document(
    title: str, contents: Mapping[str, Any], *, entry: str = ENTRY, alone: bool = True, links: Links = ()
) -> str:
    """A page with these contents, plain JSON, which its script reads.

    entry: the module that begins; page/page.js is the playground.

    contents["made"] and contents["home"] can be read without JavaScript, too. alone: everything is in the one file;
    else it fetches LIBRARY_FILE, SCRIPT_FILE and its parts from its own folder. links: words and addresses of other
    pages, which stand below.
    """
    scripts = [library(), bundle(entry)] if alone else []
    allowed = " ".join(map(_hash, scripts)) if alone else _OWN_FILES
    elements = (
        [f"<script>{script}</script>" for script in scripts]
        if alone
        else [f'<script src="{name}"></script>' for name in (LIBRARY_FILE, SCRIPT_FILE)]
    )
    main = f'<h1>{escape(title)}</h1>\n<p class="page-made">{escape(contents["made"])}</p>'
    if contents["home"]:
        main += f'\n<p><a href="{escape(contents["home"])}">The playground</a></p>'
    data = json.dumps(contents, separators=(",", ":"), sort_keys=True).translate(_IN_JSON)
    body = [
        f"<noscript><p>{_NO_SCRIPT}</p></noscript>",
        f'<main id="page">\n{main}\n</main>',
        _links(links),
        f'<script type="application/json" id="contents">{data}</script>',
        *elements,
    ]
    return _html(title, f"{allowed} {_COMPILES}", body)


def plain_document(title: str, content: str, *, links: Links = ()) -> str:
    """A page without scripts. content: HTML, whose texts are escaped already; links: as above, but on top."""
    return _html(title, "'none'", [_links(links), f'<main id="page">\n{content}\n</main>'])


def library() -> str:
    """plotly.js, as it stands in a script element. Raises ValueError where it would end that."""
    text = FILES["plotly.js"].read_text(encoding="utf-8")
    if re.search(r"</script|<!--|\r", text, re.IGNORECASE):
        raise ValueError("This plotly.js cannot stand in a script element.")
    return text


def _html(title: str, scripts: str, body: Iterable[str]) -> str:
    policy = "; ".join(f"{kind} {sources}" for kind, sources in {**_POLICY, "script-src": scripts}.items())
    lines = [
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">',
        # Else a browser asks the server for one.
        '<link rel="icon" href="data:,">',
        f"<title>{escape(title)}</title>",
        f"<style>{_styles()}</style>",
        "</head>",
        "<body>",
        *filter(None, body),
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _styles() -> str:
    text = "\n".join(FILES[name].read_text(encoding="utf-8") for name in STYLES)
    if "</" in text:
        raise ValueError("A style sheet would end its element.")
    return text


def _links(links: Links) -> str:
    anchors = " ".join(f'<a href="{escape(address)}">{escape(words)}</a>' for words, address in links)
    return f'<nav class="page-links" aria-label="Pages">{anchors}</nav>' if anchors else ""


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
