"""Who escapes from the traps of the lesson, cached by names and numbers."""

import streamlit as st

from lessons.stuck import TRAPS, escapes


@st.cache_data(show_spinner=False, max_entries=64)
def shares_escaped(trap: str, rate: float, updates: int) -> dict[str, list[int]]:
    """How many runs are out of a trap at their end, for every rule and every strength of noise; see `escapes`.

    updates: those of the trap, which the cache would not see in its code.
    """
    return escapes(TRAPS[trap], rate)
