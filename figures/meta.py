"""What a trace tells the canvas beside what Plotly draws: a trace's `meta`, which is written here alone.

Every writer returns a part of a trace, to be merged into it. The canvas reads it in browser/canvas/meta.js.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from plotly.basedatatypes import BaseTraceType

from figures.theme import rim_of

LINES, MARKERS = "lines", "markers"
Trace = Mapping[str, Any] | BaseTraceType


# Writing


def of_run(run: str) -> dict:
    """A trace that is hidden and shown together with a run.

    run: its name, the same in all pictures.
    """
    return _meta(run=run)


def with_cursor(run: str) -> dict:
    """A trace of a run along which a cursor follows the shared time.

    cursor: true. Rows of customdata are the update of a point, theta1, theta2, loss and slope, which are read out.
    """
    return _meta(run=run, cursor=True)


def of_exits(run: str) -> dict:
    """The marks where a run leaves the frame.

    exits: true. The first column of customdata is the update of each mark.
    """
    return _meta(run=run, exits=True)


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


def linked(link: str, count: int, light: str, tail: Sequence[float] | None = None) -> dict:
    """Points that light up together with those of the same number in other pictures.

    link: what they have in common. light: the colour of the light. tail: from where a line leads to a lit point, if
    there is one.
    """
    return {"ids": [str(place) for place in range(count)], **_meta(link=link, light=light, tail=tail)}


def thin_out(trace: BaseTraceType, is_thinned: bool) -> None:
    """Says of a trace with a cursor whether updates are left out, so that the cursor stays at the last one there is.

    thinned: true or false.
    """
    others = {name: value for name, value in trace["meta"].items() if name != "thinned"}
    trace.update(_meta(**others, thinned=is_thinned))


def _meta(**fields: Any) -> dict:
    return {"meta": fields}


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
