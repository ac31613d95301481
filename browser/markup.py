r"""Texts and formulas as HTML that needs neither JavaScript nor a font of its own; for pages that are built beforehand.

A text is Markdown: bold, emphasis, code, links and lists, with formulas between $ or $$. A formula is LaTeX and becomes
MathML, which browsers set by themselves. The libraries behind both are there where pages are built, not where the app
runs.
"""

import re
import unicodedata
from functools import cache
from html import unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

# What latex2mathml does not know, in what it knows: formulas within words, aligned lines, rows further apart (which a
# page's style can do), and a single upright letter.
_REPLACED = (
    (re.compile(r"\\text(?=\{[^{}]*\$)"), r"\\hbox"),
    (re.compile(r"(\\(?:begin|end))\{aligned\}"), r"\1{split}"),
    (re.compile(r"\\\\\[[^\]]*\]"), r"\\\\"),
    (re.compile(r"\\rule\{0pt\}\{[^{}]*\}"), ""),
    (re.compile(r"\\mathrm\{(\w)\}"), r"\\text{\1}"),
)
# The name of a function, such as "cos".
_FUNCTION = re.compile("[A-Za-z][A-Za-z\u2009\u2006]+")
# So many letters and signs are seen without scrolling on a phone, too.
_SHORT = 24
_THIN = "0.167em"
# A raised asterisk is raised once.
_SIGNS = {"*": "∗"}
# What makes brackets grow, and what a minus sign does not subtract from.
_TALL = {"mfrac", "mtable", "msqrt", "mroot", "munder", "munderover"}
_BEFORE_A_SIGN = {"=", "←", "≈", "(", "[", "{", ","}
_SPACED = ("mo", "mspace")
_SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
# What a formula has no need of, and what could do more than show it.
_UNWANTED = ("xmlns", "href", "style", "class")


def formula_html(latex: str, display: bool = True) -> str:
    """A formula as MathML: on lines of its own, in a box that scrolls where it is too wide, or within a sentence.

    Raises ValueError where the LaTeX is incomplete or has a command that is not known.
    """
    if not display:
        return _mathml(latex, False)
    formula = _mathml(latex, True)
    # Safari lets the keyboard scroll only what can be focused.
    reachable = " tabindex='0'" if len(re.sub("<[^>]*>", "", formula)) > _SHORT else ""
    # A span may stand in a paragraph, where a div may not.
    return f"<span class='math'{reachable}>{formula}</span>"


def html_of(text: str) -> str:
    """A text in Markdown as HTML; HTML in it is shown as it stands, and an image as a link, since nothing is fetched.

    Raises ValueError where a formula in it is none, as formula_html does.
    """
    return _reader().render(text)


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).disable("image")
    dollarmath_plugin(reader, allow_labels=False, double_inline=True)
    reader.add_render_rule("math_inline", lambda _, tokens, place, *__: _mathml(tokens[place].content, False))
    reader.add_render_rule("math_inline_double", lambda _, tokens, place, *__: formula_html(tokens[place].content))
    reader.add_render_rule("math_block", lambda _, tokens, place, *__: formula_html(tokens[place].content))
    return reader


@cache
def _mathml(latex: str, display: bool) -> str:
    known = latex
    for pattern, replacement in _REPLACED:
        known = pattern.sub(replacement, known)
    try:
        formula = Converter(display="block" if display else "inline").convert_to_element(known)
    # The library has no common exception, and runs into Python's own at the end of an incomplete formula.
    except Exception as error:
        raise ValueError(f"This is no complete formula: {latex!r}.") from error
    for element in formula.iter():
        _mend(element)
    if strays := [text for text in formula.itertext() if "\\" in text or text == "&"]:
        raise ValueError(f"No formula can be made with {', '.join(strays)} in {latex!r}.")
    # Written by ElementTree itself: the library's own way takes text for markup.
    return tostring(formula, encoding="unicode", short_empty_elements=False)


def _mend(element: Element) -> None:
    """Sets right what an element and its children say, as the library writes it for a browser."""
    for name in _UNWANTED:
        element.attrib.pop(name, None)
    text = unescape(element.text or "")
    if element.get("mathvariant") == "bold":
        text = "".join(map(_bold, text))
    element.text = _SIGNS.get(text, text)
    if text == "/":
        element.attrib.update(lspace="0", rspace="0")
    if not any(inner.tag in _TALL for inner in element.iter()):
        for bracket in element.findall("mo[@fence='true']"):
            bracket.set("stretchy", "false")
    children = [*element]
    if element.tag in _SCRIPTED:
        # The first stands in the row of the element itself.
        for script in children[1:]:
            _mend_operator(script, None, None)
    else:
        for before, child, after in zip([None, *children], children, [*children[1:], None], strict=False):
            _mend_operator(child, before, after)


def _mend_operator(child: Element, before: Element | None, after: Element | None) -> None:
    """Sets the space around the name of a function or behind a sign, which stands between its neighbours in a row."""
    name = _base(child)
    text = unescape(name.text or "")
    if name.tag in ("mi", "mo") and _FUNCTION.fullmatch(text):
        name.tag = "mo"
        name.set("lspace", "0" if before is None or _base(before).tag in _SPACED else _THIN)
        name.set("rspace", "0" if after is None or _first(after).tag in _SPACED else _THIN)
    elif text == "−" and before is not None and unescape(before.text or "") in _BEFORE_A_SIGN:
        name.set("form", "prefix")


def _bold(letter: str) -> str:
    """A letter or digit in bold, or as it is where there is none: browsers no longer do that by themselves."""
    plain = re.sub("LATIN |GREEK |LETTER ", "", unicodedata.name(letter, ""))
    try:
        return unicodedata.lookup(f"MATHEMATICAL BOLD {plain}")
    except KeyError:
        return letter


def _base(element: Element) -> Element:
    """What indices and exponents stand at."""
    return _base(element[0]) if element.tag in _SCRIPTED else element


def _first(element: Element) -> Element:
    """The first element that holds text."""
    return _first(element[0]) if len(element) else element
