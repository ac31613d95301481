"""Pictures in the colours of another theme, where what drew them is not at hand any more."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from figures.meta import marks_exits, run_of
from figures.theme import Theme, faint, quiet_style, rim_of

_OPAQUE = 1.0
# Greys of runs that are told apart by their markers.
_GREYS = 4
# What has the colour of the page, which marks may have in both themes.
_PAGE = "bgcolor"
# How a marker is drawn where a run leaves the frame: with the line of all marks.
_EXIT = "exitMarker"


def recolored(figure: Mapping[str, Any], before: Theme, after: Theme) -> dict[str, Any]:
    """A figure {"data", "layout"} as plain data with the colours of a theme in place of another's.

    What looks the same in both themes stays: surfaces, basins, arrows, the red circle. Rims are light around dark
    colours and dark around light ones, whatever the theme.
    """
    recoloring = _Recoloring(before, after)
    traces = [recoloring.of(trace, has_rims=not marks_exits(trace)) for trace in figure["data"]]
    colors = {run: trace["line"]["color"] for trace in traces if (run := run_of(trace)) and _is_line(trace)}
    return {"data": [_with_rim(trace, colors) for trace in traces], "layout": recoloring.of(figure["layout"])}


def with_other_colors(part: Any, before: Theme, after: Theme) -> Any:
    """Plain data with the colours of a theme in place of another's."""
    return _Recoloring(before, after).of(part)


def _is_line(trace: Mapping[str, Any]) -> bool:
    return str(trace.get("name", "")).endswith(" line") and "color" in trace.get("line", {})


def _with_rim(trace: dict[str, Any], colors: Mapping[str, str]) -> dict[str, Any]:
    """A trace; the rim of a path with the colour that belongs to that of the path."""
    run = run_of(trace)
    if run in colors and trace.get("name") == f"{run} rim":
        return {**trace, "line": {**trace["line"], "color": rim_of(colors[run])}}
    return trace


class _Recoloring:
    def __init__(self, before: Theme, after: Theme):
        names = {field.name for field in fields(Theme)} - {"name", "background"}
        pairs = {getattr(before, name): getattr(after, name) for name in names}
        pairs |= {quiet_style(place, before).color: quiet_style(place, after).color for place in range(_GREYS)}
        self._colors = pairs
        self._faint = {_channels(color): _channels(other) for color, other in pairs.items()}
        self._page = before.background, after.background

    def of(self, part: Any, has_rims: bool = True) -> Any:
        """A part of a figure. has_rims: whether the line of a marker is its rim, and not one that all marks share."""
        if isinstance(part, Mapping):
            return self._record(part, has_rims)
        if isinstance(part, str):
            return self._text(part)
        if isinstance(part, Sequence) and any(isinstance(entry, str | Mapping | Sequence) for entry in part):
            return [self.of(entry, has_rims) for entry in part]
        return part

    def _record(self, part: Mapping[str, Any], has_rims: bool) -> dict[str, Any]:
        made = {name: self.of(value, has_rims and name != _EXIT) for name, value in part.items()}
        before, after = self._page
        if part.get(_PAGE) == before:
            made[_PAGE] = after
        return self._with_rims(part, made) if has_rims else made

    def _with_rims(self, part: Mapping[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        """The rim that belongs to the new colour: of a marker, of what moves, or of a path."""
        color = part.get("color")
        if isinstance(color, str) and color in self._colors:
            line = part.get("line")
            if isinstance(line, Mapping) and line.get("color") == rim_of(color):
                made["line"] = {**made["line"], "color": rim_of(made["color"])}
            if part.get("rim") == rim_of(color):
                made["rim"] = rim_of(made["color"])
        return made

    def _text(self, text: str) -> str:
        if text in self._colors:
            return self._colors[text]
        start, comma, opacity = text.rpartition(",")
        if comma and start in self._faint:
            return f"{self._faint[start]},{opacity}"
        return text


def _channels(color: str) -> str:
    """The beginning of all faint forms of a colour."""
    return faint(color, _OPAQUE).rpartition(",")[0]
