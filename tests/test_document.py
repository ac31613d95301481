"""The file around a page without a server: what it may do, what it holds, and that no text in it becomes markup."""

import pytest

from browser.document import LIBRARY_FILE, SCRIPT_FILE, document, library, plain_document
from browser.files import FILES
from tests.pages_alone import Page

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></main><script>alert(1)</script>",
    "]]><!--<script>",
    "${alert(1)} `",
    "\u2028alert(1)\u2029",
    "\" onload='alert(1)' x=\"",
    "&lt;b&gt; &amp;",
    "\\u003c/script> \\",
]


def contents(**changes) -> dict:
    made = {
        "common": "AA==",
        "parts": {},
        "seeds": [0],
        "choosesSurface": False,
        "settings": {},
        "home": "",
        "made": "",
    }
    return {**made, **changes}


@pytest.fixture(autouse=True)
def small_page(monkeypatch, tmp_path):
    """A page of one line: what is tested is the file around it."""
    module = tmp_path / "page.js"
    module.write_text('document.body.dataset.ran = "</script>";\n', encoding="utf-8")
    monkeypatch.setitem(FILES, "page/page.js", module)
    style = tmp_path / "page.css"
    style.write_text("main { margin: 0 }\n", encoding="utf-8")
    monkeypatch.setitem(FILES, "page/page.css", style)


@pytest.fixture(params=[True, False], ids=["alone", "beside its files"])
def alone(request) -> bool:
    return request.param


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(text, alone):
    plain = Page(document("a", contents(made="b", home="https://example.org/c"), alone=alone))
    given = contents(made=text, settings={"surface": text}, parts={f"surfaces/{text}": "AA=="}, home=text)
    read = Page(document(text, given, alone=alone))
    assert read.errors == []
    assert [tag for tag, _ in read.elements] == [tag for tag, _ in plain.elements]
    assert read.contents == given
    assert "".join(read.texts).count(text) == 3
    assert [script[:40] for script in read.scripts] == [script[:40] for script in plain.scripts]


def test_one_file_holds_everything_and_may_ask_for_nothing():
    read = Page(document("Title", contents()))
    assert read.sources == []
    assert read.scripts[0] == library()
    assert 'dataset.ran = "\\x3c/script>"' in read.scripts[1]
    assert read.policy["default-src"] == ["'none'"]
    assert read.policy["connect-src"] == ["'none'"]
    assert read.policy["script-src"] == [*read.hashes, "'unsafe-eval'"]
    assert read.policy["img-src"] == ["data:", "blob:"]
    addresses = [known[name] for _, known in read.elements for name in ("src", "href") if name in known]
    assert addresses == ["data:,"]


def test_a_page_beside_its_files_fetches_them_from_its_own_folder():
    read = Page(document("Title", contents(), alone=False, links=[("The catalogue", "catalogue.html")]))
    assert read.sources == [LIBRARY_FILE, SCRIPT_FILE]
    assert read.scripts == []
    assert read.policy["script-src"] == ["'self'", "file:", "'unsafe-eval'"]
    assert ("a", {"href": "catalogue.html"}) in read.elements


def test_without_javascript_the_page_says_what_it_is():
    given = contents(made="Made with care.", home="https://example.org/app?a=1&b=2")
    read = Page(document("Booth & Co", given))
    assert ("html", {"lang": "en"}) in read.elements
    assert ("main", {"id": "page"}) in read.elements
    said = " ".join(read.texts)
    assert said.count("Booth & Co") == 2
    assert "Made with care." in said
    assert "JavaScript" in said
    assert ("a", {"href": given["home"]}) in read.elements


def test_a_page_of_words_runs_nothing():
    read = Page(plain_document("<i>", "<h1>Words</h1>", links=[("Back", "index.html")]))
    assert read.policy["script-src"] == ["'none'"]
    assert [tag for tag, _ in read.elements if tag in ("script", "i", "h1", "a")] == ["a", "h1"]


def test_a_style_sheet_cannot_end_its_element(monkeypatch, tmp_path):
    file = tmp_path / "bad.css"
    file.write_text("/* </style> */", encoding="utf-8")
    monkeypatch.setitem(FILES, "page/page.css", file)
    with pytest.raises(ValueError, match="style sheet"):
        document("a", contents())


def test_a_library_that_would_end_its_element_is_refused(monkeypatch, tmp_path):
    file = tmp_path / "plotly.js"
    file.write_text("'</SCRIPT>'", encoding="utf-8")
    monkeypatch.setitem(FILES, "plotly.js", file)
    with pytest.raises(ValueError, match="script element"):
        library()
