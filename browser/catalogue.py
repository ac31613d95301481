"""The catalogue as a page that needs no server: every rule, schedule, surface and symbol, with its formulas."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote

from browser.markup import formula_html, html_of
from browser.symbol_table import table_html
from lessons.facts import facts_of_kind, facts_of_surface, families, loss_latex
from lessons.glossary import GLOSSARY, symbols_in
from lessons.titles import TITLES
from optimizers import OPTIMIZERS, SCHEDULES, full_title_of, title_of
from optimizers.symbols import Symbol
from optimizers.worked import symbols_of, written_lines
from surfaces import SURFACES

# Where what a source names can be read in the web, by how it begins there.
_SITES = {"doi:": "https://doi.org/", "arXiv:": "https://arxiv.org/abs/", "https://": "https://"}
_NAMED = re.compile(rf"({'|'.join(_SITES)})([^\s;,]*[^\s;,.])")


def catalogue_html() -> str:
    """The content of the page, from its title on, which is its only heading of the first level.

    Every rule, schedule and surface has its name as its anchor.
    """
    return "\n".join([f"<h1>{TITLES['catalogue']}</h1>", _contents(), _rules(), _schedules(), _surfaces(), _symbols()])


def _contents() -> str:
    rules = "".join(f"<li>{escape(family)}: {_anchors(names)}</li>" for family, names in families().items())
    lines = (
        f"{_jump('optimizers', 'Optimizers')}<ul>{rules}</ul>",
        f"{_jump('schedules', 'Schedules')}: {_anchors(SCHEDULES)}",
        f"{_jump('surfaces', 'Surfaces')}: {_anchors(SURFACES)}",
        _jump("symbols", "Symbols"),
    )
    return f"<nav class='contents' aria-label='Contents'><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul></nav>"


def _anchors(names: Iterable[str]) -> str:
    return ", ".join(_jump(name, SURFACES[name].title if name in SURFACES else title_of(name)) for name in names)


def _jump(anchor: str, words: str) -> str:
    return f"<a href='#{escape(anchor)}'>{escape(words)}</a>"


def _section(title: str, content: str) -> str:
    return f"<section aria-labelledby='{title.lower()}'><h2 id='{title.lower()}'>{title}</h2>\n{content}\n</section>"


def _rules() -> str:
    parts = []
    for family, names in families().items():
        parts += [f"<h3>{escape(family)}</h3>", *map(_rule, names)]
    return _section("Optimizers", "\n".join(parts))


def _rule(name: str) -> str:
    rule = OPTIMIZERS[name]
    equations = "".join(formula_html(line.latex(symbols_of(rule))) for line in written_lines(rule))
    content = f"{html_of(rule.intuition)}{equations}{_meanings(symbols_in(rule))}{_facts(facts_of_kind(rule))}"
    return _entry(name, full_title_of(name), 4, content + _opened("optimizers", name))


def _schedules() -> str:
    return _section("Schedules", "\n".join(map(_schedule, SCHEDULES)))


def _schedule(name: str) -> str:
    kind = SCHEDULES[name]
    content = f"{html_of(kind.intuition)}{formula_html(kind.latex)}{_facts(facts_of_kind(kind))}"
    return _entry(name, title_of(name), 3, content)


def _surfaces() -> str:
    return _section("Surfaces", "\n".join(map(_surface, SURFACES)))


def _surface(name: str) -> str:
    surface = SURFACES[name]
    content = f"{html_of(surface.lesson)}{formula_html(loss_latex(surface))}{_facts(facts_of_surface(surface))}"
    return _entry(name, surface.title, 3, content + _opened("surface", name))


def _symbols() -> str:
    return _section("Symbols", table_html(GLOSSARY.values(), _symbol))


def _symbol(symbol: Symbol) -> str:
    return formula_html(symbol.latex, display=False)


def _entry(name: str, title: str, level: int, content: str) -> str:
    heading = f"<h{level} id='{escape(name)}'>{escape(title)}</h{level}>"
    return f"<article class='entry' aria-labelledby='{escape(name)}'>{heading}{content}</article>"


def _meanings(symbols: Iterable[Symbol]) -> str:
    """What symbols mean, folded together."""
    meanings = "".join(
        f"<dt>{_symbol(symbol)}</dt><dd><b>{escape(symbol.name)}</b>. {escape(symbol.meaning)}</dd>"
        for symbol in symbols
    )
    return f"<details class='meanings'><summary>Symbols</summary><dl>{meanings}</dl></details>"


def _facts(facts: Mapping[str, str]) -> str:
    told = {words: _linked(fact) if words == "Source" else fact for words, fact in facts.items()}
    return html_of("  \n".join(f"**{words}:** {fact}" for words, fact in told.items()))


def _linked(source: str) -> str:
    """A source in which what can be read in the web is a link of Markdown."""
    return _NAMED.sub(lambda named: f"[{named[0]}](<{_SITES[named[1]]}{named[2]}>)", source)


def _opened(field: str, name: str) -> str:
    return f"<p><a href='index.html#{field}={quote(name)}'>Open it in the playground</a></p>"
