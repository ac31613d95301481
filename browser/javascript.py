"""JavaScript cut into tokens, as far as it takes to move code about and to put it into a script element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

# What could end a script element, or begin a comment of HTML, which a classic script has, too.
_ENDS = re.compile(r"<(?=/script|!--)", re.IGNORECASE)
_ESCAPED = re.compile(rf"\\.|{_ENDS.pattern}", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>//[^\n\u2028\u2029]*|/\*.*?\*/)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>\#?[\w$]+(?:(?<=[0-9])\.[0-9]+)?)
    |(?P<regex>/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<mark>=>|\?\.(?![0-9])|\.\.\.|--|\+\+|.)""",
    re.VERBOSE | re.DOTALL,
)
# The text of a template up to where its code begins or it ends.
_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*(?P<end>`|\$\{)", re.DOTALL)
# Words behind which a slash begins a regular expression.
_BEFORE_REGEX = {
    "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "instanceof", "else", "do", "yield",
    "await",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A piece of a text: what it is, and the line on which it begins.

    kind: "space", "comment", "string", "name" (numbers and keywords, too), "regex", "template" or "mark".
    """

    kind: str
    text: str
    line: int

    @property
    def is_code(self) -> bool:
        """Whether it says something."""
        return self.kind not in ("space", "comment")

    def blank(self) -> "Token":
        """Nothing but the same lines, or a space."""
        return replace(self, kind="space", text="\n" * self.text.count("\n") or " ")


def tokens_of(text: str, name: str) -> list[Token]:
    """The tokens of a text, which together are the text. Raises ValueError where a template does not end."""
    return list(_tokens(text, name))


def _tokens(text: str, name: str) -> Iterator[Token]:
    place, line = 0, 1
    # How many braces are open in the code of each template around.
    open_braces: list[int] = []
    before: Token | None = None
    while place < len(text):
        token = (
            _template(text, place, line, name)
            if _goes_on(text, place, open_braces)
            else _next(text, place, line, before)
        )
        if token.text == "}" and token.kind == "mark" and open_braces:
            open_braces[-1] -= 1
        elif token.text == "{" and open_braces:
            open_braces[-1] += 1
        if token.kind == "template":
            if token.text[0] == "}":
                open_braces.pop()
            if token.text.endswith("${"):
                open_braces.append(0)
        yield token
        if token.is_code:
            before = token
        place += len(token.text)
        line += token.text.count("\n")


def _goes_on(text: str, place: int, open_braces: list[int]) -> bool:
    """Whether a template begins here, or goes on behind its code."""
    return text[place] == "`" or (text[place] == "}" and bool(open_braces) and not open_braces[-1])


def _template(text: str, place: int, line: int, name: str) -> Token:
    found = _TEMPLATE.match(text, place + 1)
    if not found:
        raise ValueError(f"{name}:{line}: a template does not end.")
    return Token("template", text[place : found.end()], line)


def _next(text: str, place: int, line: int, before: Token | None) -> Token:
    found = _TOKEN.match(text, place)
    if found.lastgroup == "regex" and not _may_be_regex(before):
        return Token("mark", "/", line)
    return Token(found.lastgroup, found.group(), line)


def _may_be_regex(before: Token | None) -> bool:
    if before is None or (before.kind == "template" and before.text.endswith("${")):
        return True
    if before.kind == "name":
        return before.text in _BEFORE_REGEX
    return before.kind == "mark" and before.text not in (")", "]", "}")


def without_script_ends(text: str, name: str) -> str:
    """The same program without `</script` and `<!--`, which mean something else inside a script element.

    Raises ValueError with the line of the name where one of them stands in a regular expression or in a template with
    a tag, which may read it letter by letter.
    """
    if not _ENDS.search(text):
        return text
    parts, before = [], None
    for token in tokens_of(text, name):
        parts.append(token.text)
        if token.kind in ("string", "template", "regex") and _ENDS.search(token.text):
            if token.kind == "regex" or (token.kind == "template" and _is_tagged(token, before)):
                raise ValueError(f"{name}:{token.line}: this could end the script: {token.text[:60]}")
            parts[-1] = _ESCAPED.sub(_in_quotes, token.text)
        elif token.kind == "comment":
            parts[-1] = _ENDS.sub("< ", token.text)
        if token.is_code:
            before = token
    # What is left stands between tokens.
    return _ENDS.sub("< ", "".join(parts))


def _in_quotes(sign: re.Match) -> str:
    """What an escaped sign, or one that could begin an end, becomes in a string or in a template."""
    return r"\x3c" if sign.group() in ("<", r"\<") else sign.group()


def _is_tagged(token: Token, before: Token | None) -> bool:
    """Whether a template has a tag, or may have one: its pieces behind code are not followed back."""
    if token.text[0] == "}" or before is None:
        return token.text[0] == "}"
    return (before.kind == "name" and before.text not in _BEFORE_REGEX) or before.text in (")", "]")
