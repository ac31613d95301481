"""What a trace tells the canvas beside what Plotly draws: a trace's `meta`, which is written here alone.

Every writer returns a part of a trace, to be merged into it. The canvas reads it in browser/canvas/meta.js.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseTraceType

from figures.theme import rim_of
from programs.program import Program

LINES, MARKERS = "lines", "markers"
Trace = Mapping[str, Any] | BaseTraceType


# Writing


def of_run(run: str) -> dict:
    """A trace that is hidden and shown together with a run.

    run: its name, the same in all pictures.
    """
    return _meta(run=run)


def with_cursor(run: str, until: int | None = None) -> dict:
    """A trace of a run along which a cursor follows the shared time.

    cursor: true. Rows of customdata are the update of a point, theta1, theta2, loss and slope, which are read out. It
    grows, see `growing`. until: the update at which the drawn path has ended, from which on there is no cursor.
    """
    return _meta(run=run, cursor=True, grows=0, until=until)


def of_exits(run: str, left: str | None = None) -> dict:
    """The marks where a run leaves the frame.

    exits: true. The first column of customdata is the update of each mark. They grow, see `growing`. left: where the
    path ends at the last one, the name in which a label beside it says so.
    """
    return _meta(run=run, exits=True, grows=0, left=left)


def growing(trace: Mapping[str, Any], updates: np.ndarray, lag: int = 0) -> dict:
    """A trace of a run, of which only what has come to pass at the shared time is drawn in full.

    updates: (n,), rising: the update of each point, nan where a line is interrupted, as the trace's customdata. lag: a
    point has come to pass so many updates after its own. In meta, grows: the lag.
    """
    return also({**trace, "customdata": updates}, _meta(grows=lag))


def draggable() -> dict:
    """A trace whose only point can be dragged, and is reported where it is let go.

    start: true.
    """
    return _meta(start=True)


def still() -> dict:
    """A trace that stays while the runs change, and travels with the ground: once, as surfaces and contours do.

    static: true.
    """
    return _meta(static=True)


def moving(
    name: str,
    run: str,
    rows: np.ndarray,
    count: int,
    color: str,
    mode: str = LINES,
    *,
    is_thinned: bool = False,
    has_tip: bool = False,
    **fields,
) -> dict:
    """A curve, or points, that follow the shared time; as a plain picture it shows the last moment, thin and dotted.

    rows: (moments, 1 + 2 * count): an update, then all x, then all y. run: the run to which it belongs. is_thinned:
    between two moments the former one is shown; otherwise nothing is. has_tip: the curve ends as an arrow. In meta,
    moves: the count; color and rim: of what is drawn; thinned, arrow: true or false.
    """
    last = rows[-1] if len(rows) else np.full(1 + 2 * count, np.nan)
    look = (
        {"line": {"color": color, "width": 1.5, "dash": "dot"}}
        if mode == LINES
        else {"marker": {"color": color, "size": 8, "symbol": "circle-open"}}
    )
    return {
        "type": "scatter",
        "name": name,
        "mode": mode,
        "x": last[1 : 1 + count],
        "y": last[1 + count :],
        "customdata": rows,
        "hoverinfo": "skip",
        **_meta(run=run, moves=count, color=color, rim=rim_of(color), thinned=is_thinned, arrow=has_tip),
        **look,
        **fields,
    }


class Rows(StrEnum):
    """Where the rows come from that a trace shows while a hand moves."""

    RUN = "run"  # every update of the trace's run
    SEEN = "seen"  # the same, unless it goes far away: up to the one with which the drawn path ends
    PATH = "path"  # these with points in between, as far as it is in the frame
    END = "end"  # the last finite point of the run
    START = "start"  # where all runs begin
    ROW = "row"  # what is known before one update of the run, and as next_... after it
    TABLE = "table"  # the rows of a table, each with what is known before one update of the run, if there is a run
    SWEEP = "sweep"  # the end of the run with each learning rate of a table, or with its own
    ONCE = "once"  # one row of inputs alone


def following(
    trace: Mapping[str, Any],
    rows: Rows,
    program: Program | None = None,
    *,
    table: Mapping[str, Sequence[float]] | None = None,
    update: str = "",
    sizes: Sequence[float] = (),
    exit_marker: Mapping[str, Any] | None = None,
    levels: tuple[int, int] | None = None,
    look: Mapping[str, Any] | None = None,
    goal: Mapping[str, float] | None = None,
    run: str = "",
    lift: float | None = None,
    numbers: Mapping[str, float] = MappingProxyType({}),
) -> dict:
    """A trace that the canvas paints anew while a hand moves, in its own look.

    follows: a record. rows: where the numbers come from. program: from the columns of a row, else the inputs of the
    page, to outputs among x, y and z; without one, x and y are theta1 and theta2. table: columns by name, of plain
    numbers. update: the input that says which update is meant, if not the one of the shared time. sizes: of the
    markers, and of the last one. exit_marker: how it is marked where the run leaves the frame. levels: the rows of the
    table are the nodes of a grid, so many in a row; drawn are so many level lines of z, evenly spaced. look: fields
    that replace the trace's own; in space, what is filled is cut at the axes. goal: {"lowest", "share", "rounding"}, of
    a sweep: its rows know as `arrival` the update after which L - lowest stays within this share of its first value, or
    of rounding, and -1 where it never does. run: whose rows they are, where the trace itself belongs to none
    and is not hidden with it. lift: so much its points lie above the drawn surface, at least, where it is drawn in
    space and not painted. numbers: further inputs of the program, by name, which are the picture's own.
    """
    follows = {"rows": rows, "program": program and program.data(), "update": update}
    if table is not None:
        follows["table"] = {name: list(map(float, column)) for name, column in table.items()}
    if len(sizes):
        follows["sizes"] = list(map(float, sizes))
    if exit_marker is not None:
        follows["exitMarker"] = dict(exit_marker)
    if levels is not None:
        follows["levels"] = dict(zip(("across", "count"), levels, strict=True))
    if run:
        follows["run"] = run
    if lift is not None:
        follows["lift"] = float(lift)
    if numbers:
        follows["numbers"] = {name: float(number) for name, number in numbers.items()}
    if look is not None:
        follows["look"] = dict(look)
    if goal is not None:
        follows["goal"] = dict(goal)
    return also(trace, _meta(follows=follows))


def also(trace: Mapping[str, Any], part: Mapping[str, Any]) -> dict:
    """A trace with one more part, which leaves in place what others have written."""
    return {**trace, "meta": {**trace.get("meta", {}), **part["meta"]}}


def follow_at(trace: BaseTraceType, updates: Sequence[int]) -> None:
    """Says of a trace that follows a whole run which of its updates are drawn: without it, all are."""
    follows = _field(trace, "follows")
    if follows and follows["rows"] in (Rows.RUN, Rows.SEEN, Rows.PATH):
        others = {name: value for name, value in trace["meta"].items() if name != "follows"}
        trace.update(_meta(**others, follows={**follows, "updates": list(map(int, updates))}))


def above() -> dict:
    """Markers in space that the canvas draws once more over the picture, so that no slope hides them or a half of them.

    above: true.
    """
    return _meta(above=True)


def waiting(*inputs: str) -> dict:
    """A trace that the server alone can draw anew: it is hidden while a hand has moved one of these inputs.

    waits: their names; none where any input counts.
    """
    return _meta(waits=list(inputs))


def arrows_following(arrows: Sequence[Mapping[str, Any]]) -> dict:
    """The part of a flat picture's layout that says which arrows are painted anew while a hand moves.

    arrows: records made by `arrow_following`.
    """
    return _meta(arrows=list(arrows))


def arrow_following(run: str, program: Program, color: str, update: str = "") -> dict:
    """An arrow of one update of a run. program: from the columns of its row to x0, y0, where it begins, and x1, y1.

    update: the input that names it; without one, it is the update that would come after the run.
    """
    rows = Rows.ROW if update else Rows.END
    return {"rows": rows, "run": run, "program": program.data(), "update": update, "color": color}


def linked(link: str, count: int, light: str, tail: Sequence[float] | None = None) -> dict:
    """Points that light up together with those of the same number in other pictures.

    link: what they have in common. light: the colour of the light. tail: from where a line leads to a lit point, if
    there is one.
    """
    return {"ids": [str(place) for place in range(count)], **_meta(link=link, light=light, tail=tail)}


def thin_out(trace: BaseTraceType, times: np.ndarray) -> None:
    """Gives a trace with a cursor other times (n,) in place of the places of its run's points.

    thinned: true or false: where some are left out, the cursor stays at the last one that there is.
    """
    others = {name: value for name, value in trace["meta"].items() if name not in ("thinned", "until")}
    until = trace["meta"].get("until")
    is_thinned = not np.array_equal(times, np.arange(len(times)))
    trace.update(_meta(**others, until=None if until is None else int(times[until]), thinned=is_thinned))


def without_cursor(trace: BaseTraceType) -> None:
    """Takes the cursor off a trace whose last point is the only moment that its page shows."""
    trace.update(_meta(**{name: value for name, value in trace["meta"].items() if name != "cursor"}))


def _meta(**fields: Any) -> dict:
    return {"meta": {name: value for name, value in fields.items() if value is not None}}


# Reading


def run_of(trace: Trace) -> str | None:
    """The run to which a trace belongs."""
    return _field(trace, "run")


def has_cursor(trace: Trace) -> bool:
    """Whether a cursor follows a trace."""
    return bool(_field(trace, "cursor"))


def marks_exits(trace: Trace) -> bool:
    """Whether a trace marks where a run leaves the frame."""
    return bool(_field(trace, "exits"))


def grows(trace: Trace) -> bool:
    """Whether a trace is drawn in full only as far as it has come at the shared time."""
    return _field(trace, "grows") is not None


def follows(trace: Trace) -> bool:
    """Whether the canvas can paint a trace anew."""
    return _field(trace, "follows") is not None


def is_still(trace: Trace) -> bool:
    """Whether a trace stays while the runs change."""
    return bool(_field(trace, "static"))


def moves(trace: Trace) -> bool:
    """Whether a trace is drawn anew at every update."""
    return bool(_field(trace, "moves"))


def _field(trace: Trace, name: str) -> Any:
    if "meta" not in trace:
        return None
    return (trace["meta"] or {}).get(name)
