"""The surfaces that a page offers: the catalogue, and the formulas of the session and of its link."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from surfaces import SURFACES
from surfaces.declarations import with_constants
from surfaces.names import AT, is_known, is_typed

MOST_TYPED = 12
# So many of them may come with one link, each of which may take a second to read.
MOST_LINKED = 3
_SESSION, _DRAFT = "_typed_formulas", "_formula_being_typed"


def surface_names() -> list[str]:
    """Every surface that can be chosen now: the formulas of this session and of its link, and the catalogue."""
    return [*reversed(typed_names()), *SURFACES]


def typed_names() -> list[str]:
    """The formulas that were typed in this session or came with its link, the oldest first."""
    if get_script_run_ctx() is None:
        return []
    linked = [value for value in st.query_params.to_dict().values() if is_typed(value)]
    for name in linked[:MOST_LINKED]:
        if is_known(name):
            offer(name)
    if draft := st.session_state.pop(_DRAFT, ""):
        offer(draft)
    return offered()


def offered() -> list[str]:
    """The formulas that this session has listed so far."""
    return list(st.session_state.get(_SESSION, []))


def draft(name: str) -> None:
    """Keeps a formula that is still being typed, in place of its last version: it is listed once its page is left."""
    st.session_state[_DRAFT] = name


def offer(name: str) -> None:
    """Lists a typed formula in this session's selectors, in place of the same one with other values of its constants.

    Of too many formulas, those that no widget shows are dropped.
    """
    known = offered()
    if is_typed(name) and name not in known:
        shown = {value for value in map(st.session_state.get, map(str, st.session_state)) if isinstance(value, str)}
        spare = [other for other in known if other not in shown and _without_values(other) == _without_values(name)]
        spare += [other for other in known if other not in shown][: max(0, len(known) + 1 - MOST_TYPED)]
        st.session_state[_SESSION] = [*(other for other in known if other not in spare), name]


def _without_values(name: str) -> str:
    """The name without the values of its constants and without its domain; of a formula without constants, the name."""
    text = name.partition(AT)[0]
    formula = with_constants(text, {})
    return name if formula == text else formula
