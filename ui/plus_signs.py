"""A link that was typed by hand: its + signs arrive as spaces, and the page asks which formula was meant."""

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from surfaces import ExpressionError, parse
from surfaces.names import AT, TYPED
from surfaces.syntax import plus_for_spaces
from ui.choices import offered

_CAME, _ANSWERED = " came with the link", " is answered"


def note_link(key: str) -> str:
    """What the link says under a key when a page is first seen; nothing where the app itself wrote it there.

    For the beginning of a page: before the formula of the link is offered in the selectors.
    """
    state, linked = st.session_state, st.query_params.get(key, "")
    return state.setdefault(key + _CAME, "" if linked in offered() else linked)


def ask_about_plus(place: DeltaGenerator, key: str, choose: Callable[[str], None]) -> None:
    """Says so where a formula of the session's link reads as another one with + for its spaces, and offers that one.

    key: of the widget that shows the formula or its name, and of the link. choose: called in the callback of a button
    with the formula, or the name, as it would be with +.
    """
    came, state = note_link(key), st.session_state
    text = came.removeprefix(TYPED).partition(AT)[0]
    other = plus_for_spaces(text)
    if other is None or state.get(key + _ANSWERED):
        return
    readings = [formula for formula in (text, other) if _is_readable(formula)]
    if other not in readings or (text in readings and state.get(key) != came):
        return
    meant = "reads as {} or as {}" if text in readings else "can be read only with +: as {}"
    said = f"This formula {meant.format(*map(_shown, readings))}."
    place.info(f"In an address + becomes a space; write %2B for it. {said}")

    def chosen(formula: str) -> None:
        state[key + _ANSWERED] = True
        if formula != text:
            choose(came.replace(text, formula))

    with place.container(horizontal=True):
        for formula in readings:
            st.button(f"Read {_shown(formula)}", key=f"{key} as {formula}", on_click=chosen, args=(formula,))


def _is_readable(formula: str) -> bool:
    try:
        parse(formula)
    except ExpressionError:
        return False
    return True


def _shown(formula: str, longest: int = 60) -> str:
    """A formula as code, harmless for Markdown."""
    clean = " ".join("".join(sign if sign.isprintable() and sign != "`" else "?" for sign in formula).split())
    return f"`{clean[:longest]}{'…' if len(clean) > longest else ''}`"
