"""The first line of every page: its name, a few words where they are needed, and buttons that copy the link."""

from collections.abc import Mapping

import streamlit as st

from ui.canvas.routes import address
from ui.navigation import Page
from ui.style import page_style

_START = """
export default function ({ data, parentElement }) {
  import(new URL(data.module, document.baseURI).href).then((heading) => heading.show({ data, parentElement }));
}
"""
_beside = st.components.v2.component("heading", html='<div class="heading"></div>', js=_START, isolate_styles=False)


def heading(page: Page, words: str = "", links: Mapping[str, Page] = {}) -> None:
    """The heading of a page, and its style.

    words: what the page is for, in a sentence. links: where else to begin, by their labels.
    """
    page_style()
    with st.container(key="heading", horizontal=True, vertical_alignment="center"):
        st.title(page.title, anchor=False, width="content")
        if words:
            st.caption(words, width="content")
        for label, other in links.items():
            st.page_link(other.file, label=label, icon=other.icon, width="content")
        _beside(
            data={
                "module": address("heading/heading.js"),
                "page": page.url_path,
                "section": page.section,
                "embedded": bool(st.context.is_embedded),
                "arrivals": st.session_state.get(_arrivals(page.url_path), 0),
            },
            key="copy link",
            width="content",
        )


def bring_up(url_path: str) -> None:
    """Brings the reader back to the heading of the page with this part of the address; for a callback."""
    st.session_state[_arrivals(url_path)] = st.session_state.get(_arrivals(url_path), 0) + 1


def _arrivals(url_path: str) -> str:
    return f"{url_path} arrivals"
