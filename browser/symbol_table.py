"""Symbols in a table of HTML, the same wherever pages are made."""

from collections.abc import Callable, Iterable
from html import escape

from lessons.titles import TITLES
from optimizers.symbols import Symbol

_COLUMNS = ("Symbol", "Name", "Meaning", "Shape", "Page")


def table_html(symbols: Iterable[Symbol], written: Callable[[Symbol], str] = lambda symbol: symbol.html) -> str:
    """Symbols in a table: symbol, name, meaning, shape, page. written: a symbol as HTML."""
    head = "".join(f"<th scope='col'>{column}</th>" for column in _COLUMNS)
    rows = "".join(_row(symbol, written(symbol)) for symbol in symbols)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f"<div class='symbols-frame'><table class='symbols'>{body}</table></div>"


def _row(symbol: Symbol, written: str) -> str:
    # The name heads the row: not every reader can say a formula.
    told = "".join(f"<td>{escape(cell)}</td>" for cell in (symbol.meaning, symbol.shape, TITLES[symbol.page]))
    return f"<tr><td>{written}</td><th scope='row'>{escape(symbol.name)}</th>{told}</tr>"
