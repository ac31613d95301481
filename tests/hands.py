"""What follows a hand, compared with what the server draws when the hand has let go: by node, without a browser."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from streamlit.testing.v1 import AppTest

from tests.node import FOLDER, answers_of
from tests.playground import answered, charts, unpacked

# Shares of a picture: arrays travel with seven digits, and paths in space lie on the drawn surface.
FLAT, SPACE = 2e-4, 0.06
EDGE = 0.05
# Of such a trace, no more than the outline is painted.
OUTLINED = "mesh3d"
# In pictures.
FAR = 100.0


@dataclass(frozen=True)
class Canvas:
    """What a page gives the browser: its pictures, its time and what follows the hand."""

    figures: Mapping[str, dict]
    live: Mapping
    steps: int


def canvas_of(app: AppTest) -> Canvas:
    """The canvas of a page."""
    (data,) = [
        json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.component_name == "canvas"
    ]
    return Canvas(charts(app), unpacked(data["live"]), data["steps"])


def painted(canvas: Canvas, inputs: Mapping[str, float]) -> dict:
    """What the canvas paints where the hand has these inputs: of every figure traces and arrows, and the sentences."""
    question = {"figures": canvas.figures, "live": canvas.live, "inputs": dict(inputs), "now": canvas.steps}
    (answer,) = answers_of(FOLDER / "moved.js", [json.loads(json.dumps(question), parse_constant=lambda _: None)])
    return answer


def assert_hand_agrees(
    app: AppTest,
    inputs: Mapping[str, float],
    state: Mapping[str, object],
    *,
    waiting: Collection[str] = (),
    without: Collection[str] = (),
) -> Canvas:
    """Moves inputs by hand and the same in the session's state; fails where the pictures differ.

    waiting: how the names of runs begin that the server alone can make again; they are hidden meanwhile. without:
    pictures that are not compared. Returns the canvas as the server has drawn it after the release.
    """
    before = canvas_of(app)
    assert {*inputs} <= {*before.live["inputs"], *(slider["name"] for slider in before.live["sliders"])}
    by_hand = painted(before, inputs)
    for key, value in state.items():
        app.session_state[key] = value
    after = canvas_of(answered(app))
    for name in after.figures.keys() - {*without}:
        _compare(name, after.figures[name], before.figures[name], by_hand["pictures"][name], waiting)
    return after


def _compare(name: str, served: dict, before: dict, by_hand: dict, waiting: Collection[str]) -> None:
    """The server's traces that have a run, a start or a program against those that follow; what stays is the same."""
    kept = [before["data"][place] for place in by_hand["kept"]]
    for trace in kept:
        same = "follows" in _meta(trace) or any(
            all(trace.get(axis) == other.get(axis) for axis in ("name", "x", "y", "z")) for other in served["data"]
        )
        assert same, f"{name}: {trace['name']} stays, but the server draws it anew"
    assert not any(_waits(trace, waiting) for trace in kept)
    known = [trace for trace in served["data"] if "follows" in _meta(trace) and not _waits(trace, waiting)]
    assert [trace["name"] for trace in known] == [
        trace["name"] for trace in by_hand["traces"] if trace["rows"] != "exits"
    ]
    _compare_exits(name, served, by_hand, waiting)
    moving = [trace for trace in by_hand["traces"] if trace["rows"] != "exits"]
    for drawn, painted_one in zip(known, moving, strict=True):
        if _meta(drawn).get("cursor"):
            assert _meta(drawn).get("until") == painted_one["until"], f"{name}: {drawn['name']}"
        is_space = drawn["type"].endswith("3d")
        layouts = before["layout"], served["layout"]
        served_points, hand_points = (_points(trace, *layouts) for trace in (drawn, painted_one))
        tolerance = SPACE if is_space else FLAT
        where = f"{name}: {drawn['name']}"
        near = _near_line if "lines" in drawn.get("mode", "") else _near_points
        for points, others, wrong in (
            (served_points, hand_points, "the server's points are not by hand"),
            (hand_points, served_points, "points by hand are not the server's"),
        ):
            is_outline = drawn["type"] == OUTLINED
            if is_outline and points is served_points:
                continue
            # An outline has further corners where it is cut.
            distance = near(points[_inside(points, 1e-6 if is_outline else -1e-9)], others)
            assert distance <= tolerance, f"{where}: {wrong}, {distance:.2g} of the picture off"


def _compare_exits(name: str, served: dict, by_hand: dict, waiting: Collection[str]) -> None:
    """Where the runs leave the frame, at which updates, and what the labels say of those that end there."""
    left = {
        _meta(trace)["run"]: trace
        for trace in served["data"]
        if _meta(trace).get("exits") and not _waits(trace, waiting)
    }
    moved = {trace["run"]: trace for trace in by_hand["traces"] if trace["rows"] == "exits"}
    assert left.keys() == moved.keys(), name
    for run, trace in left.items():
        assert [row[0] for row in trace["customdata"]] == moved[run]["updates"], f"{name}: {run}"
        assert _meta(trace).get("left") == moved[run]["left"], f"{name}: {run}"
        points, others = (_points(one, served["layout"], served["layout"]) for one in (trace, moved[run]))
        assert np.abs(points[:, :2] - others[:, :2]).max() <= FLAT, f"{name}: {run}"


def _waits(trace: dict, waiting: Collection[str]) -> bool:
    return _meta(trace).get("run", "").startswith((*waiting,))


def _meta(trace: dict) -> dict:
    return trace.get("meta") or {}


def _inside(points: np.ndarray, edge: float) -> np.ndarray:
    return (points >= edge).all(axis=1) & (points <= 1 - edge).all(axis=1)


def _points(trace: dict, layout: dict, later: dict) -> np.ndarray:
    """The points of a trace (n, axes) as shares of the picture; a row of nan separates pieces of a line.

    later: the layout of the server's answer, whose log axes may begin further up.
    """
    axes = [(axis, layout["scene"][f"{axis}axis"]) for axis in "xyz"] if "scene" in layout else _flat(layout)
    columns = []
    for axis, settings in axes:
        column = np.array(trace[axis], dtype=float)
        if settings.get("type") == "log":
            with np.errstate(all="ignore"):
                column = np.log10(column)
        low, high = settings["range"]
        share = (column - low) / (high - low)
        if settings.get("type") == "log":
            # What is too small lies on the lower edge, which rests while the hand moves.
            first, last = later[f"{axis}axis"]["range"]
            share = np.maximum(share, max(EDGE, (first + EDGE * (last - first) - low) / (high - low)))
        columns.append(share)
    return np.column_stack(columns) if columns else np.empty((0, 2))


def _flat(layout: dict) -> Iterator[tuple[str, dict]]:
    return [(axis, layout[f"{axis}axis"]) for axis in "xy"]


def _finite(points: np.ndarray) -> np.ndarray:
    return points[(np.abs(points) <= FAR).all(axis=1)]


def _near_points(points: np.ndarray, others: np.ndarray) -> float:
    """How far the furthest of some points is from the nearest of others."""
    points, others = _finite(points), _finite(others)
    if not len(points):
        return 0.0
    if not len(others):
        return np.inf
    return float(np.linalg.norm(points[:, None] - others[None], axis=2).min(axis=1).max())


def _near_line(points: np.ndarray, line: np.ndarray) -> float:
    """How far the furthest of some points is from a line with gaps."""
    points = _finite(points)
    if not len(points):
        return 0.0
    # A point between two that are nowhere is a step of no length.
    begin, step = (
        np.concatenate(parts) for parts in zip(_steps(line), (_finite(line), np.zeros_like(_finite(line))), strict=True)
    )
    if not len(begin):
        return np.inf
    length = np.maximum((step**2).sum(axis=1), 1e-300)
    share = np.clip(((points[:, None] - begin[None]) * step[None]).sum(axis=2) / length, 0, 1)
    feet = begin[None] + share[..., None] * step[None]
    return float(np.linalg.norm(points[:, None] - feet, axis=2).min(axis=1).max())


def _steps(line: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the steps of a line begin and how they go on, both (n, axes); of long ones, what is near."""
    begin, end = line[:-1], line[1:]
    with np.errstate(all="ignore"):
        is_far = np.abs(begin).max(axis=1) > FAR
    begin, end = np.where(is_far[:, None], end, begin), np.where(is_far[:, None], begin, end)
    with np.errstate(all="ignore"):
        near = np.abs(begin).max(axis=1) <= FAR
        step = end - begin
        size = np.abs(step).max(axis=1, keepdims=True)
        step = np.where(size > FAR, step / size * FAR, step)
    kept = near & np.isfinite(begin).all(axis=1) & np.isfinite(step).all(axis=1)
    return begin[kept], step[kept]
