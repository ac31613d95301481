"""The app without a browser: opens it by a link, reads what it shows, and lets no exception pass."""

import base64
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

import numpy as np
from streamlit.testing.v1 import AppTest

from lessons.settings import Settings, decoded
from tests.browser import ROOT
from ui.fields import typed_key

PAGES = {"descent": "pages/playground/descent.py", "catalogue": "pages/playground/catalogue.py"}
PICTURES = ("contour", "surface", "loss")


def opened(link: Mapping[str, str] | None = None, theme: str = "light") -> AppTest:
    """A fresh session that opens the playground by this link, with the worked update unfolded."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["worked_out"] = True
    app.context = {"theme": theme}
    app.query_params = dict(link or {})
    return answered(app)


def answered(app: AppTest) -> AppTest:
    """Runs the app once more; fails where the page shows a traceback or an error."""
    app.run()
    wrong = [element.value or "an exception, see the log" for element in (*app.exception, *app.error)]
    assert not wrong, wrong
    return app


def on_page(app: AppTest, page: str, link: Mapping[str, str] | None = None) -> AppTest:
    """The same session after a click in the navigation, which drops the link."""
    app.switch_page(PAGES[page])
    app.query_params = dict(link or {})
    return answered(app)


def settings_of(app: AppTest) -> Settings:
    """The settings that the page has written into its link."""
    settings, complaints = decoded(app.query_params)
    assert not complaints, complaints
    return settings


def charts(app: AppTest) -> dict[str, dict]:
    """The pictures on the page by name, each as plotly's {"data": [...], "layout": {...}} in plain lists."""
    parts = {part.proto.component_name: json.loads(part.proto.json) for part in app.get("bidi_component")}
    if "canvas" not in parts:
        return {}
    moving, ground = unpacked(parts["canvas"]["content"]), unpacked(parts["canvas_ground"]["content"])
    assert parts["canvas"]["ground"] == parts["canvas_ground"]["id"]
    return {
        name: {**figure, "data": [ground[trace["ground"]] if "ground" in trace else trace for trace in figure["data"]]}
        for name, figure in moving.items()
    }


def verdict_line(app: AppTest) -> str:
    """What the verdict lines of a page say, of all runs in one text."""
    messages = [json.loads(part.proto.json) for part in app.get("bidi_component")]
    parts = [part for message in messages for part in message.get("verdicts", [])]
    return "\n".join(f"{part['name']} {part['text']}".strip() for part in parts)


@lru_cache(maxsize=200)
def unpacked(text: str) -> list | dict:
    """What `packed` of the canvas has packed, in plain lists, with None for nan."""
    raw = zlib.decompress(base64.b64decode(text))
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    arrays = []
    for entry in header["arrays"]:
        kind = np.dtype(entry["type"].removesuffix("Array").lower())
        count = int(np.prod(entry["shape"]))
        sorted_bytes = np.frombuffer(raw, np.uint8, count * kind.itemsize, 4 + length + entry["at"])
        flat = np.frombuffer(sorted_bytes.reshape(kind.itemsize, count).T.tobytes(), kind)
        arrays.append(_plain(flat.reshape(entry["shape"])))

    def filled(value):
        if isinstance(value, list):
            return [filled(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return arrays[value["array"]] if set(value) == {"array"} else {key: filled(value[key]) for key in value}

    return filled(header["content"])


def _plain(array: np.ndarray) -> list:
    missing = np.isnan(array)
    return np.where(missing, None, array.astype(object)).tolist() if missing.any() else array.tolist()


def numbers(values: list | None) -> np.ndarray:
    """The numbers of a chart, nan where there is none."""
    return np.array(values or [], dtype=float)


def trace(chart: dict, name: str) -> dict:
    """The trace of a chart that has this name."""
    (found,) = [trace for trace in chart["data"] if trace["name"] == name]
    return found


def names(chart: dict) -> list[str]:
    """The names of all traces of a chart."""
    return [trace["name"] for trace in chart["data"]]


def table(app: AppTest) -> list[list[str]]:
    """The rows of the table of outcomes: name, verdict, remedy, loss, distance, updates to tolerance."""
    rows = []
    for element in app.get("html"):
        rows += [row for row in _Rows.of(element.proto.body) if row]
    return rows


class _Rows(HTMLParser):
    """Collects the texts of the body of a table."""

    @classmethod
    def of(cls, html: str) -> list[list[str]]:
        reader = cls()
        reader.rows, reader.in_body, reader.in_cell = [], False, False
        reader.feed(html)
        return reader.rows

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "tbody":
            self.in_body = True
        elif tag == "tr" and self.in_body:
            self.rows.append([])
        elif tag in ("td", "th") and self.in_body:
            self.rows[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.rows[-1][-1] += data


@dataclass
class LiveSlider:
    """A slider of the canvas, which a test moves as its callback does: Streamlit's AppTest cannot."""

    app: AppTest
    key: str
    label: str
    value: float
    options: list[float]
    default: float
    group: str

    def set_value(self, value: float) -> None:
        """Moves the slider to one of its positions; the next run of the app sees it."""
        self.app.session_state[self.key] = self.options[self.options.index(value)]


def live_sliders(app: AppTest) -> dict[str, LiveSlider]:
    """The sliders of the canvas by the keys of their values."""
    parts = {part.proto.component_name: json.loads(part.proto.json) for part in app.get("bidi_component")}
    packed = parts.get("canvas", {}).get("live")
    return {
        spec["key"]: LiveSlider(
            app, spec["key"], spec["label"], spec["value"], spec["numbers"], spec["default"], spec["group"]
        )
        for spec in (unpacked(packed)["sliders"] if packed else [])
    }


def live_slider(app: AppTest, key: str) -> LiveSlider:
    """The slider of the canvas whose value is under this key."""
    return live_sliders(app)[key]


def field(app: AppTest, key: str):
    """The text of the field for the number that the session holds under this key."""
    return app.text_input(key=typed_key(key))


def warnings(app: AppTest) -> list[str]:
    """The texts of the warnings on the page."""
    return [warning.value for warning in app.warning]


def assert_harmless(text: str) -> None:
    """Outside code spans, which Markdown shows as they are, there is nothing but words; inside, nothing invisible."""
    outside = re.sub(r"`([^`\n]+)`", "", text)
    assert re.fullmatch(r"[\w\s.,;:=()’—-]*", outside), outside
    assert text.isprintable()
    assert "$" not in text
