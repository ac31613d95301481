"""Modules as one classic script, for pages that are opened without a server: browsers load no modules from a file.

Every module becomes a function that takes what it imports and returns what it exports. Only the forms that our modules
use are known: `import { a, b as c } from`, `import * as a from`, and `export` before a const, a function or a class.
"""

import os
from functools import lru_cache
from pathlib import PurePosixPath

from browser.files import FILES, version
from browser.javascript import Token, tokens_of, without_script_ends

_DECLARED = ("const", "function", "class", "async")
_OPENING, _CLOSING = ("{", "(", "["), ("}", ")", "]")


def bundle(entry: str) -> str:
    """The module of this name among FILES and all that it imports, as one script in strict mode.

    It can stand inside a script element. Raises KeyError where there is no such file, ValueError with file and line
    for what is not known here: other forms of import and export, circles, names that are not exported, and `await`
    outside a function.
    """
    return _bundle(entry, version(entry))


@lru_cache(maxsize=8)
def _bundle(entry: str, _version: str) -> str:
    modules: dict[str, _Module] = {}
    _collect(entry, modules, ())
    parts = [module.function(modules) for module in modules.values()]
    return without_script_ends(
        "\n".join(['(function () {\n"use strict";\nconst modules = {};', *parts, "})();\n"]), entry
    )


def _collect(name: str, modules: dict[str, "_Module"], importing: tuple[str, ...]) -> None:
    """Adds a module behind all that it imports."""
    if name in modules:
        return
    module = _Module(name)
    for other, line in module.imported.items():
        if other in (*importing, name):
            raise ValueError(f"{name}:{line}: {other} imports this module, too: a circle.")
        if other not in FILES:
            raise ValueError(f"{name}:{line}: there is no file {other}.")
        _collect(other, modules, (*importing, name))
    modules[name] = module


class _Module:
    """One module: what it imports and exports, and its text without these words."""

    def __init__(self, name: str):
        self.name = name
        self.imported: dict[str, int] = {}
        self.exported: list[str] = []
        # What the function takes, and from which modules; a name of another module with the line that asks for it.
        self._takes: list[tuple[str, str]] = []
        self._wanted: list[tuple[str, str, int]] = []
        self._tokens = tokens_of(FILES[name].read_text(encoding="utf-8"), name)
        self._code = [place for place, token in enumerate(self._tokens) if token.is_code]
        self._read()

    def function(self, modules: dict[str, "_Module"]) -> str:
        """The module as a call of its function."""
        for other, wanted, line in self._wanted:
            if wanted not in modules[other].exported:
                raise ValueError(f"{self.name}:{line}: {other} exports no {wanted}.")
        takes = ", ".join(pattern for pattern, _ in self._takes)
        given = ", ".join(f'modules["{other}"]' for _, other in self._takes)
        text = "".join((token.blank() if token.kind == "comment" else token).text for token in self._tokens)
        exported = ", ".join(self.exported)
        return f'modules["{self.name}"] = (({takes}) => {{\n{text}\nreturn {{ {exported} }};\n}})({given});'

    def _read(self) -> None:
        depth, is_async, before = 0, False, None
        place = 0
        while place < len(self._code):
            token = self._at(place)
            if not depth and (before is None or before.text in (";", "}")):
                is_async = False
            is_name = before is None or before.text not in (".", "?.")
            follows = self._text(place + 1)
            if token.text == "import" and is_name and follows != ":":
                place = self._import(place, depth)
                before = None
                continue
            if token.text == "export" and is_name and follows != ":":
                self._export(place, depth)
            elif token.text == "async":
                is_async = True
            elif token.text == "await" and is_name and not is_async:
                raise self._error(token, "await stands outside a function.")
            depth += (token.text in _OPENING or token.text == "${") - (token.text in _CLOSING)
            before, place = token, place + 1

    def _import(self, place: int, depth: int) -> int:
        """Reads and removes an import; the place behind it."""
        first = self._at(place)
        end = next((i for i in range(place, len(self._code)) if self._text(i) == ";"), len(self._code))
        words = [self._text(i) for i in range(place + 1, end)]
        if depth or len(words) < 4 or words[-2] != "from" or words[-1][0] not in "\"'":
            raise self._error(first, "this form of import is not known.")
        other = os.path.normpath(PurePosixPath(self.name).parent / words[-1][1:-1]).replace(os.sep, "/")
        self.imported.setdefault(other, first.line)
        self._takes.append((self._pattern(first, other, words[:-2]), other))
        for i in range(self._code[place], self._code[min(end, len(self._code) - 1)] + 1):
            self._tokens[i] = self._tokens[i].blank()
        return end + 1

    def _pattern(self, first: Token, other: str, words: list[str]) -> str:
        if words[:2] == ["*", "as"] and len(words) == 3:
            return words[2]
        if words[0] != "{" or words[-1] != "}":
            raise self._error(first, "this form of import is not known.")
        names = []
        for each in " ".join(words[1:-1]).split(","):
            match each.split():
                case []:
                    continue
                case [name]:
                    names.append(name)
                case [name, "as", own]:
                    names.append(f"{name}: {own}")
                case _:
                    raise self._error(first, "this form of import is not known.")
            self._wanted.append((other, each.split()[0], first.line))
        return f"{{ {', '.join(names)} }}"

    def _export(self, place: int, depth: int) -> None:
        """Notes what is exported here, and removes the word."""
        token, kind = self._at(place), self._text(place + 1)
        is_generator = kind == "function" and self._text(place + 2) == "*"
        if depth or kind not in _DECLARED or is_generator or (kind == "async" and self._text(place + 2) != "function"):
            raise self._error(token, "this form of export is not known.")
        if kind == "const":
            self.exported += self._constants(place + 2, token)
        else:
            self.exported.append(self._text(place + (3 if kind == "async" else 2)))
        self._tokens[self._code[place]] = token.blank()

    def _constants(self, place: int, first: Token) -> list[str]:
        """The names of one `const` from the place of the first one on."""
        names, depth, expected = [], 0, True
        for i in range(place, len(self._code)):
            text = self._text(i)
            if expected:
                if self._at(i).kind != "name":
                    raise self._error(first, "this form of export is not known.")
                names.append(text)
                expected = False
            elif not depth and text == ";":
                return names
            elif not depth and text == ",":
                expected = True
            depth += (text in _OPENING or text == "${") - (text in _CLOSING)
        raise self._error(first, "a const that is exported ends with a semicolon.")

    def _at(self, place: int) -> Token:
        return self._tokens[self._code[place]]

    def _text(self, place: int) -> str:
        return self._at(place).text if place < len(self._code) else ""

    def _error(self, token: Token, sentence: str) -> ValueError:
        return ValueError(f"{self.name}:{token.line}: {sentence}")
