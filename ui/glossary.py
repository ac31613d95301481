"""The symbols of the glossary on a page: formulas in which each can be read, and tables."""

import re
from html import escape
from string import Formatter

import streamlit as st

from browser.symbol_table import table_html
from lessons.glossary import GLOSSARY, symbols_in
from lessons.titles import TITLES
from optimizers import Optimizer
from optimizers.symbols import Symbol

_MARKUP = re.compile(r"&lt;(/?(?:sub|sup|b|i))&gt;")


def formula(text: str) -> str:
    """A formula as HTML: {name} in the text is that symbol of the glossary, which hover, touch and Tab explain.

    All else is shown as it stands, but for the plain tags sub, sup, b and i. A brace is written twice. Raises KeyError
    where the glossary has no such name.
    """
    parts = []
    for literal, name, _, _ in Formatter().parse(text):
        parts.append(_MARKUP.sub(r"<\1>", escape(literal)))
        if name is not None:
            parts.append(_explained(GLOSSARY[name]))
    return f"<div class='formula'>{''.join(parts)}</div>"


def show_formulas(*lines: str) -> None:
    """Shows formulas below one another; a line that begins with "#" is a sentence between them."""
    st.html("".join(_sentence(line[1:]) if line.startswith("#") else formula(line) for line in lines))


def _sentence(text: str) -> str:
    return f"<p class='formula-sentence'>{escape(text.strip())}</p>"


def _explained(symbol: Symbol) -> str:
    said = f"{symbol.name}. {symbol.meaning} Shape: {symbol.shape}."
    return (
        f"<span class='symbol' tabindex='0' role='note' aria-label='{escape(said)}'>{symbol.html}"
        f"<span class='symbol-tip'><b>{symbol.html}</b> <b>{escape(symbol.name)}</b><br>{escape(symbol.meaning)}"
        f"<br>Shape: {escape(symbol.shape)}.{_link(symbol.page)}</span></span>"
    )


def _link(url_path: str) -> str:
    # Relative, so that it also holds below a base path. In a tab of its own, because it would end this session.
    title = escape(TITLES[url_path])
    return f"<br>Explained on: <a href='./{url_path}' target='_blank' rel='noopener'>{title}</a>"


def show_symbols(rule: type[Optimizer]) -> None:
    """The symbols of a rule's equations in one line, each with its explanation."""
    explained = ", ".join(map(_explained, symbols_in(rule)))
    st.html(f"{_sentence('Symbols (hover, tap or Tab):')}<div class='formula'>{explained}</div>")


def symbol_table(*names: str) -> None:
    """The symbols of these names in a table: symbol, name, meaning, shape, page."""
    st.html(table_html(GLOSSARY[name] for name in names))
