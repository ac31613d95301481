"""Pages that work without a server, as a browser reads them: what they may run, fetch and say."""

import base64
import hashlib
import json
from html.parser import HTMLParser
from typing import Any

from tests.playground import unpacked


class Page(HTMLParser):
    """The elements of a page, by the rules of HTML for scripts and styles.

    scripts, data: the texts of its script elements, without type and of type JSON; sources: of scripts with an
    address; policy: what its Content-Security-Policy allows, by directive; errors: elements that end in disorder.
    """

    _EMPTY = ("meta", "link", "br", "img", "input")

    def __init__(self, html: str):
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.data: list[str] = []
        self.sources: list[str] = []
        self.policy: dict[str, list[str]] = {}
        self.errors: list[str] = []
        self._open: list[str] = []
        self._text: list[str] | None = None
        self.feed(html)
        self.close()

    @property
    def contents(self) -> dict:
        """What the script of the page reads."""
        (text,) = self.data
        return json.loads(text)

    @property
    def hashes(self) -> list[str]:
        """The sources that a policy has to allow for its scripts."""
        digests = (hashlib.sha256(script.encode()).digest() for script in self.scripts)
        return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.elements.append((tag, known))
        if known.get("http-equiv") == "Content-Security-Policy":
            directives = (directive.split() for directive in known["content"].split(";"))
            self.policy = {name: sources for name, *sources in directives}
        if tag not in self._EMPTY:
            self._open.append(tag)
        if tag == "script" and "src" in known:
            self.sources.append(known["src"])
        elif tag == "script":
            self._text = self.data if known.get("type") == "application/json" else self.scripts
            self._text.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._EMPTY and (not self._open or self._open.pop() != tag):
            self.errors.append(tag)
        self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[-1] += data
        elif "style" not in self._open and "script" not in self._open:
            self.texts.append(data)


def part_of(text: str) -> Any:
    """What a packed part of a page holds: a surface, or the noise of a seed."""
    return restored(unpacked(text))


def restored(data: dict) -> Any:
    """What page/sharing.js does."""
    whole: list = []

    def filled(value):
        if isinstance(value, list):
            return [filled(part) for part in value]
        if isinstance(value, dict):
            return whole[value["shared"]] if "shared" in value else {name: filled(part) for name, part in value.items()}
        return value

    for part in data["table"]:
        whole.append(filled(part))
    return filled(data["content"])
