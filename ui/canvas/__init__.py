"""Pictures that stay: one component keeps the Plotly figures alive in the browser and moves only what changed.

Surfaces and contours travel in a message of their own, which Streamlit's cache holds back while they stay the same.
What moves (paths, curves, layouts) travels in another. Time is shared by all pictures and lives in the browser.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from browser.hand import Live, data, moved
from browser.pictures import Pictures
from browser.verdicts import Verdict
from browser.wire import packed
from ui.canvas.routes import address
from ui.clock import now, set_clock
from ui.fields import put_value
from ui.take_home import instrument_button

# Inline code travels with every message, so it only calls the module that the browser has.
_START = """
export default function (component) {
  const { data, parentElement } = component;
  const module = import(new URL(data.module, document.baseURI).href);
  module.then((canvas) => canvas.%s(component)).catch((error) => {
    parentElement.querySelector(".canvas-sentence").textContent =
      "The pictures could not be loaded: " + error.message + " Reload the page to try again.";
  });
  return () => module.then((canvas) => canvas.remove(component));
}
"""
_HTML = '<div class="canvas"><p class="canvas-sentence" role="status"></p></div>'
_ground = st.components.v2.component("canvas_ground", html=_HTML, js=_START % "keep", isolate_styles=False)
_canvas = st.components.v2.component("canvas", html=_HTML, js=_START % "show", isolate_styles=False)


def canvas(
    figures: Mapping[str, go.Figure],
    descriptions: Mapping[str, str],
    *,
    key: str,
    steps: int,
    revision: str,
    on_pick: Mapping[str, Callable[[float, float], None]] = MappingProxyType({}),
    unit: str = "update",
    clock: str = "",
    live: Live | None = None,
    verdicts: Sequence[Verdict] = (),
    title: str = "",
) -> None:
    """Shows Figures side by side, with one time for all of them.

    figures: by name, in order; Pictures, where the same ones are shown again and again. What their traces tell the
    canvas is written in figures.meta. descriptions: a text for each figure that says the outcome without the picture;
    Markdown's bold is left out. steps: the last update; without updates, there is no time bar. revision: camera, zoom,
    hidden runs and time are kept while it stays the same. on_pick: by the name of a flat figure, what a click or a drag
    in it calls with the horizontal and the vertical coordinate. unit: what is counted by the time bar. clock: the key
    of the state of the page's clock, see `ui.clock`; without one, the time stays in the browser. live: sliders
    below the pictures, and what follows while they move; what a hand has moved is in the session's state under their
    keys when the page runs next. verdicts: what became of the runs, or what the pictures say, in the order of the runs.
    title: of the file in which the pictures can be taken home, alive; without one, none is offered.
    """
    shown = figures if isinstance(figures, Pictures) else Pictures(figures)
    ground_id, ground_text, moving = shown.messages
    module, style, plotly = (address(name) for name in ("canvas/canvas.js", "canvas/canvas.css", "plotly.js"))

    def answer(message: dict) -> None:
        # A click that nothing follows has the number 0, and a later message may be told of before an earlier one.
        if type(message.get("serial")) is int:
            number = f"{key} answered"
            st.session_state[number] = max(st.session_state.get(number, 0), message["serial"])

    def picked() -> None:
        point = st.session_state[key].get("picked")
        if point and point["figure"] in on_pick:
            answer(point)
            on_pick[point["figure"]](float(point["x"]), float(point["y"]))

    def let_go() -> None:
        message = st.session_state[key].get("moved")
        if live and isinstance(message, dict):
            for name, number in moved(live, message.get("values")).items():
                put_value(name, number)
            answer(message)

    def rested() -> None:
        message = st.session_state[key].get("rested")
        if clock and isinstance(message, dict) and type(message.get("now")) is type(message.get("serial")) is int:
            set_clock(clock, message["now"], steps)
            st.session_state[f"{key} told"] = max(st.session_state.get(f"{key} told", 0), message["serial"])

    with st.container(key=f"{key}_frame", gap=None):
        _ground(data={"module": module, "id": ground_id, "content": ground_text}, key=f"{key}_ground")
        _canvas(
            data={
                "key": key,
                "module": module,
                "style": style,
                "plotly": plotly,
                "ground": ground_id,
                "content": moving,
                "heights": {name: figure._layout["height"] for name, figure in shown.items()},
                "descriptions": {name: text.replace("**", "") for name, text in descriptions.items()},
                "steps": steps,
                "unit": unit,
                "revision": revision,
                "pick": tuple(on_pick),
                "verdicts": [asdict(verdict) for verdict in verdicts],
                "live": packed(data(live)) if live else "",
                "answered": st.session_state.get(f"{key} answered", 0),
                "now": now(clock, steps) if clock else None,
                "told": st.session_state.get(f"{key} told", 0),
            },
            key=key,
            on_picked_change=picked,
            on_moved_change=let_go,
            on_rested_change=rested,
            # Whatever is triggered, the page runs again and asks for the theme.
            on_theme_change=lambda: None,
        )
    if title and live:
        instrument_button(
            title,
            shown,
            live,
            steps=steps,
            unit=unit,
            now=now(clock, steps) if clock else steps,
            descriptions=descriptions,
            verdicts=verdicts,
            pick=tuple(on_pick),
            key=f"{key} file",
        )


def answers(name: str) -> DeltaGenerator:
    """A container for what the server says of the pictures, with a name of its own on the page.

    It is dim while a hand moves the pictures, of which it does not know yet.
    """
    return st.container(key=f"{name}_answers")


def moments(name: str) -> DeltaGenerator:
    """A container for what the server says of one moment, with a name of its own on the page.

    It is dim while the clock is ahead of the server, and while a hand moves the pictures.
    """
    return st.container(key=f"{name}_moments")
