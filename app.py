"""The frame of the app: page configuration and navigation, and what the server serves besides the pages."""

import contextlib

import streamlit as st

import ui.warm  # noqa: F401
from ui.canvas.routes import ROUTES
from ui.fields import note_page
from ui.navigation import PAGES, page_of
from ui.style import mark_in_navigation

with contextlib.suppress(ImportError):
    from streamlit.runtime.pages_manager import PagesManager

    # A folder called pages makes a fresh server expect one page per file, and complain of the first deep link it gets.
    PagesManager.uses_pages_directory = False

# `streamlit run` serves this application and lets it run this very file as its script.
app = st.App(__file__, routes=ROUTES)

if __name__ == "__main__":
    # Before the navigation, whose own icon a browser would ask the world for.
    st.set_page_config(page_icon="⛰️", layout="wide")
    sections = {}
    for page in PAGES:
        entry = st.Page(page.file, title=page.title, icon=page.icon, url_path=page.url_path, default=not page.url_path)
        sections.setdefault(page.section, []).append(entry)
    chosen = st.navigation(sections, position="top")
    st.set_page_config(page_title=f"{chosen.title} · Gradient descent, live")
    shown = page_of(chosen.url_path)
    mark_in_navigation(list(sections).index(shown.section) + 1, shown.section, shown.title)
    note_page(chosen.url_path)
    chosen.run()
