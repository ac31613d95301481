"""The buttons that give the playground, or the pictures of a lesson, as one file."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import plotly.graph_objects as go
import streamlit as st

from browser.hand import Live
from browser.instrument import instrument_html
from browser.page import page_html
from lessons.settings import Settings
from ui.theme import page_theme


def take_home_button(settings: Settings, home: str) -> None:
    """Offers the playground with these settings as a file, which is made when it is asked for.

    home: the address of the playground, to which the file links back.
    """
    _button("descent", lambda: page_html(settings, home), "All rules on this surface, as live as here.")


def instrument_button(title: str, figures: Mapping[str, go.Figure], live: Live, *, key: str, **shown) -> None:
    """Offers the pictures of a lesson as a file, which is made when it is asked for.

    title: of the lesson. shown: further arguments of `browser.instrument.instrument_html`.
    """
    theme, query = page_theme(), st.query_params.to_dict()
    home = f"{st.context.url}?{urlencode(query)}" if st.context.url else ""

    def made() -> str:
        return instrument_html(title, figures, theme, live, made=live.made, home=home, **shown)

    _button("lesson", made, "These pictures, as live as here.", key=key)


def _button(name: str, made: Callable[[], str], words: str, key: str | None = None) -> None:
    st.download_button(
        "Take it home (HTML)",
        made,
        f"{name}.html",
        "text/html",
        key=key,
        icon=":material/home:",
        help=f"One file that works without a server and without a network. {words}",
        # A rerun would replace the file while the browser is asking for it.
        on_click="ignore",
    )
