"""What the canvas moves with time, and what it lets light up together: conventions of a trace's `meta`."""

import numpy as np

from figures.theme import rim_of

LINES, MARKERS = "lines", "markers"


def moving(name: str, run: str, rows: np.ndarray, count: int, color: str, mode: str = LINES, **fields) -> dict:
    """A curve, or points, that follow the shared time; as a plain picture it shows the last moment, thin and dotted.

    rows: (moments, 1 + 2 * count): an update, then all x, then all y. run: the run to which it belongs.
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
        "meta": {"run": run, "moves": count, "color": color, "rim": rim_of(color), **fields.pop("meta", {})},
        **look,
        **fields,
    }


def linked(link: str, count: int, light: str, **meta) -> dict:
    """The parts of a trace whose points light up together with those of the same number in other pictures.

    light: the colour of the light. tail, in meta: the point from which a line leads to a lit point.
    """
    return {"ids": [str(place) for place in range(count)], "meta": {"link": link, "light": light, **meta}}
