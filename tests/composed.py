"""Pictures that a page without a server makes, beside those that the server draws."""

import json

import numpy as np
import plotly.graph_objects as go

from browser.pictures import is_heavy

# Arrays travel with seven digits, and 32 bits of heights have as many.
NEAR = 2e-6
# What only the server draws.
SERVERS = {"lowest point of the loss"}


def assert_same_picture(served: go.Figure, made: dict) -> None:
    """Fails where a picture has other traces, another look, other points or another layout than the server's."""
    traces = [trace for trace in served._data if not is_heavy(trace) and trace["name"] not in SERVERS]
    others = [trace for trace in made["data"] if "ground" not in trace]
    assert [_name(trace) for trace in others] == [_name(trace) for trace in traces]
    for trace, other in zip(traces, others, strict=True):
        _compare(trace, other, served._layout)
    _compare_layouts(served._layout, made["layout"])


def _name(trace: dict) -> str:
    """The map calls exits by the name of the rule, the surface by its title."""
    return "exits" if trace["name"].endswith("left the frame") else trace["name"]


def _compare(served: dict, made: dict, layout: dict) -> None:
    """The same look, and the same points; lines may have other corners."""
    where = f"{served['name']} ({served['type']})"
    for part in ("type", "mode", "line", "opacity", "fill", "showlegend"):
        assert served.get(part) == made.get(part), f"{where}: {part}"
    marker, other = ({**trace.get("marker", {})} for trace in (served, made))
    marker.pop("size", None), other.pop("size", None)
    assert marker == other, where
    if served["mode"] == "lines":
        assert len(made["x"]) > 1
        return
    frame = _frame(layout)
    points, others = (_inside(trace, frame) for trace in (served, made))
    assert points.shape == others.shape, where
    scale = np.array([[high - low] for low, high in frame])
    assert np.nanmax(np.abs(points - others) / scale, initial=0.0) <= NEAR, where


def _frame(layout: dict) -> list[tuple[float, float]]:
    axes = (
        [layout["scene"][f"{axis}axis"] for axis in "xyz"] if "scene" in layout else [layout["xaxis"], layout["yaxis"]]
    )
    return [tuple(10.0 ** np.array(axis["range"]) if axis.get("type") == "log" else axis["range"]) for axis in axes]


def _inside(trace: dict, frame: list[tuple[float, float]]) -> np.ndarray:
    """The points (axes, n) of a trace in its frame; the browser also keeps some beside it, where nothing is drawn."""
    columns = [[np.nan if number is None else number for number in trace[axis]] for axis in "xyz"[: len(frame)]]
    points = np.array(columns, dtype=float)
    slack = np.array([1e-6 * (high - low) for low, high in frame])[:, None]
    low, high = (np.array(end)[:, None] for end in zip(*frame, strict=True))
    return points[:, ((points >= low - slack) & (points <= high + slack)).all(axis=0)]


def _compare_layouts(served: dict, made: dict) -> None:
    def plain(layout: dict) -> dict:
        kept = {name: value for name, value in layout.items() if name not in ("meta", "annotations")}
        return json.loads(json.dumps(kept, default=lambda value: value.tolist()))

    assert _rounded(plain(served)) == _rounded(plain(made))
    notes, others = (
        [{name: note[name] for name in note if name != "hovertext"} for note in layout.get("annotations") or []]
        for layout in (served, made)
    )
    assert [_rounded(note) for note in notes] == [_rounded(note) for note in others]


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return float(f"{float(value):.9g}") if isinstance(value, int | float) and not isinstance(value, bool) else value
