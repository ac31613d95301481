"""The button that gives the playground as one file."""

import streamlit as st

from browser.page import page_html
from lessons.settings import Settings


def take_home_button(settings: Settings, home: str) -> None:
    """Offers the playground with these settings as a file, which is made when it is asked for.

    home: the address of the playground, to which the file links back.
    """
    st.download_button(
        "Take it home (HTML)",
        lambda: page_html(settings, home),
        "descent.html",
        "text/html",
        icon=":material/home:",
        help="One file that works without a server and without a network: all rules on this surface, as live as here.",
        # A rerun would replace the file while the browser is asking for it.
        on_click="ignore",
    )
