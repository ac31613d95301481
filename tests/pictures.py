"""Reading Figures: their traces by name, their colours, and what remains without them."""

import re
from collections.abc import Iterator

import plotly.graph_objects as go

_COLOR = re.compile(r"#[0-9a-fA-F]{6}|rgba?\([^)]*\)")


def assert_valid(figure: go.Figure) -> None:
    """Plotly accepts the figure as a whole, and it can travel to the browser."""
    assert isinstance(figure, go.Figure)
    again = go.Figure(figure.to_dict())
    assert [(trace.type, trace.name) for trace in again.data] == [(trace.type, trace.name) for trace in figure.data]
    assert figure.to_json()


def named(figure: go.Figure, name: str) -> list:
    """The traces of exactly this name."""
    return [trace for trace in figure.data if trace.name == name]


def only(figure: go.Figure, name: str):
    """The one trace of this name."""
    (trace,) = named(figure, name)
    return trace


def lines_of(figure: go.Figure, rule: str) -> list:
    """The traces that draw the path of a rule as a line, the lowest first."""
    return [trace for trace in figure.data if has_only_lines(trace) and trace.name.startswith(f"{rule} ")]


def has_only_lines(trace) -> bool:
    """True for a path without markers."""
    return trace.type.startswith("scatter") and trace.mode == "lines"


def texts(part) -> Iterator[str]:
    """Every text in a figure's dict."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from texts(value)


def colors(figure: go.Figure) -> set[str]:
    """Every colour that the figure names as #rrggbb."""
    plain = figure.to_dict()
    plain["layout"].pop("template", None)
    return {text for text in texts(plain) if _COLOR.fullmatch(text) and text.startswith("#")}


def without_colors(figure: go.Figure) -> str:
    """The figure as text, with every colour replaced by the same word."""
    return _COLOR.sub("colour", figure.to_json())
