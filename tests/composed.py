"""Pictures that a page without a server makes, beside those that the server draws."""

import json

import numpy as np
import plotly.graph_objects as go

from browser.pictures import is_heavy

# Arrays travel with seven digits; heights of the drawn surface, on which points lie, with a share of 32768.
NEAR = 2e-5
# How far lines may be apart: in space, they have other corners on the drawn surface.
FLAT, SPACE = 1e-5, 0.02
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
    frame = _frame(layout)
    if served["mode"] == "lines":
        _compare_lines(served, made, frame, where)
        return
    assert _hover(served) == _hover(made), where
    points, others = (_inside(trace, frame) for trace in (served, made))
    assert points.shape == others.shape, where
    scale = np.array([[high - low] for low, high in frame])
    assert np.nanmax(np.abs(points - others) / scale, initial=0.0) <= NEAR, where


def _hover(trace: dict) -> list[str]:
    """What hovering over the marks of a run says; where it leaves the frame, the update's number stands elsewhere."""
    texts = trace.get("hovertemplate", "")
    return sorted({"exits"} if _name(trace) == "exits" else {texts} if isinstance(texts, str) else {*texts})


def _compare_lines(served: dict, made: dict, frame: list[tuple[float, float]], where: str) -> None:
    """Every corner of the server's line in the frame lies near a piece of the other line, as shares of the picture."""
    low, high = (np.array(end)[:, None] for end in zip(*frame, strict=True))
    points = (_inside(served, frame) - low) / (high - low)
    columns = [[np.nan if number is None else number for number in made[axis]] for axis in "xyz"[: len(frame)]]
    line = (np.array(columns, dtype=float) - low) / (high - low)
    starts, ways = line[:, :-1, None], np.diff(line)[:, :, None]
    with np.errstate(all="ignore"):
        share = ((points[:, None] - starts) * ways).sum(axis=0) / (ways**2).sum(axis=0)
        nearest = starts + ways * np.clip(np.nan_to_num(share), 0, 1)
        distance = np.sqrt(((points[:, None] - nearest) ** 2).sum(axis=0))
    far = np.nanmin(np.where(np.isfinite(distance), distance, np.inf), axis=0, initial=np.inf)
    assert (far <= (SPACE if len(frame) == 3 else FLAT)).all(), f"{where}: {far.max()}"


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
