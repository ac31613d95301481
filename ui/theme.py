"""Which theme the browser shows."""

import streamlit as st

from figures import LIGHT
from figures.theme import THEMES, Theme


def page_theme() -> Theme:
    """The theme that the browser shows."""
    return THEMES.get(st.context.theme.type or "", LIGHT)
