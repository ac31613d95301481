"""What traces tell the canvas: written in one place, read in one place, and each knows every word of the other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from figures import meta
from figures.meta import (
    MARKERS,
    draggable,
    growing,
    grows,
    has_cursor,
    is_still,
    linked,
    marks_exits,
    moves,
    moving,
    of_exits,
    of_run,
    run_of,
    still,
    thin_out,
    with_cursor,
)
from tests.browser import ROOT

WRITER = Path(meta.__file__)
READER = ROOT / "browser" / "canvas" / "meta.js"
OURS = ("figures", "browser", "lessons", "ui", "pages")
# What concerns Python alone.
ONLY_HERE = {"static", "exits"}


def calls(name: str) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(WRITER.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def written() -> set[str]:
    return {keyword.arg for call in calls("_meta") for keyword in call.keywords} - {None}


def read_here() -> set[str]:
    return {call.args[1].value for call in calls("_field")}


def read_by_the_canvas(source: str) -> set[str]:
    return set(re.findall(r"\bmeta\??\.(\w+)", source))


def test_every_field_that_is_written_is_read_and_no_other():
    canvas = read_by_the_canvas(READER.read_text())
    assert written() == canvas | ONLY_HERE
    assert canvas.isdisjoint(ONLY_HERE)
    assert ONLY_HERE <= read_here() <= written()


def by_hand(source: str) -> list[int]:
    """The lines of a file in which the word is a key, an attribute or a keyword."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Constant) and node.value == "meta")
        or (isinstance(node, ast.Attribute) and node.attr == "meta")
        or (isinstance(node, ast.keyword) and node.arg == "meta")
    ]


def test_no_other_file_touches_it_by_hand():
    files = [ROOT / "app.py", *(path for folder in OURS for path in (ROOT / folder).rglob("*.py"))]
    assert WRITER in files
    assert {
        str(path): by_hand(path.read_text()) for path in files if path != WRITER and by_hand(path.read_text())
    } == {}


@pytest.mark.parametrize(
    "line", ['trace = {"x": x, "meta": {"run": run}}', "trace.meta = {}", "go.Scatter(meta=run)", 'trace["meta"] = {}']
)
def test_a_touch_would_be_seen(line):
    assert by_hand(line) == [1]


def test_no_other_module_of_the_canvas_reads_it():
    modules = [path for path in READER.parent.glob("*.js") if path != READER]
    assert len(modules) > 10
    for path in modules:
        assert not re.search(r"\bmeta\b(?!\.js\")", path.read_text(encoding="utf-8")), path


# What is written


@pytest.mark.parametrize("made", [dict, lambda part: go.Scatter(part)], ids=["a plain trace", "a trace of plotly"])
def test_what_is_written_can_be_read_again(made):
    assert run_of(made({})) is None
    assert run_of(made(of_run("Adam"))) == run_of(made(with_cursor("Adam"))) == run_of(made(of_exits("Adam"))) == "Adam"
    for is_so, part in ((has_cursor, with_cursor("Adam")), (marks_exits, of_exits("Adam")), (is_still, still())):
        assert is_so(made(part))
        assert not any(is_so(made(other)) for other in ({}, of_run("Adam"), draggable(), linked("examples", 1, "red")))


def test_a_cursor_is_told_whether_updates_are_missing():
    trace = go.Scatter(with_cursor("Adam"))
    for times, is_thinned in ((np.array([0, 5, 9]), True), (np.arange(3), False)):
        thin_out(trace, times)
        assert trace.meta == {**with_cursor("Adam")["meta"], "thinned": is_thinned}


@pytest.mark.parametrize("made", [dict, lambda part: go.Scatter(part)], ids=["a plain trace", "a trace of plotly"])
def test_what_grows_knows_the_update_of_each_point_and_keeps_what_others_have_written(made):
    trace = growing({"x": [5, 6, 7], **of_run("Adam")}, np.array([0, 1, 2]), lag=1)
    assert grows(made(trace))
    assert run_of(made(trace)) == "Adam"
    assert (list(trace["customdata"]), trace["meta"]["grows"]) == ([0, 1, 2], 1)
    assert all(grows(made(part)) for part in (with_cursor("Adam"), of_exits("Adam")))
    assert not any(grows(made(part)) for part in ({}, of_run("Adam"), still(), draggable()))


def test_a_cursor_ends_where_its_path_does_in_whatever_is_counted():
    trace = go.Scatter(with_cursor("Adam", 2))
    thin_out(trace, np.array([0, 5, 9]))
    assert trace.meta == {**with_cursor("Adam", 9)["meta"], "thinned": True}


def test_what_moves_shows_its_last_moment_where_nothing_moves_it():
    rows = np.array([[0, 1.0, 2.0, 3.0, 4.0], [5, 6.0, 7.0, 8.0, 9.0]])
    curve = moving("curve", "Adam", rows, 2, "#0072b2", has_tip=True)
    assert [*curve["x"], *curve["y"]] == [6, 7, 8, 9]
    assert moves(curve)
    points = moving("points", "Adam", rows[:0], 2, "#0072b2", MARKERS, is_thinned=True, showlegend=True)
    assert np.isnan([*points["x"], *points["y"]]).all()
    assert (points["mode"], points["showlegend"]) == (MARKERS, True)
    assert [trace["meta"]["thinned"] for trace in (curve, points)] == [False, True]


def test_points_that_light_up_together_are_known_by_their_numbers():
    part = linked("examples", 3, "#d55e00", tail=[0.0, 0.0])
    assert part["ids"] == ["0", "1", "2"]
    assert part["meta"] == {"link": "examples", "light": "#d55e00", "tail": [0.0, 0.0]}
