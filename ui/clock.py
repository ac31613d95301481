"""The one clock of a page: how many updates are done at the moment that its pictures show."""

import streamlit as st

from lessons.moments import END, within
from ui.fields import carried


def now(key: str, steps: int) -> int:
    """The number of updates, from 0 to steps, that the clock shows whose state has this key; the end unless it is set.

    A clock that stands at the end of a run, or beyond, goes with the end from now on.
    """
    set_clock(key, st.session_state.get(key, END), steps)
    moment = st.session_state[key]
    return steps if moment == END else moment


def set_clock(key: str, moment: int, steps: int) -> None:
    """Sets a clock over a run with so many updates; for a callback."""
    st.session_state[key] = within(moment, steps)


def to_end(key: str) -> None:
    """Lets a clock show the end, of whatever run there is."""
    st.session_state[key] = END


def carry(key: str, steps: int) -> None:
    """Lets the link carry a clock over a run with so many updates under the name of its key, unless it shows the
    end."""
    set_clock(key, st.session_state.get(key, END), steps)
    carried(key, END, 0, steps, whole=True)


def stepper(key: str, update: int, steps: int, words: str) -> None:
    """Buttons for the update before and the one after the one that is worked out, with words beside them."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_stepper"):
        for sign, help, other in (("−", "One update back", update - 1), ("+", "One update on", update + 1)):
            how = {"on_click": set_clock, "args": (key, other, steps), "disabled": not 1 <= other <= steps}
            st.button(sign, key=f"{key} {help.lower()}", help=help, **how)
        st.markdown(words, width="content")
