"""Long runs with fewer points: what is drawn of them looks the same."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from figures.meta import follow_at, grows, has_cursor, marks_exits, run_of, thin_out
from figures.path import first_far, visible_path
from optimizers import Trajectory
from programs.frame import Frame, inside

MOST = 600
# A step is left out where another one has drawn the same line already, to this share of the frame.
RESOLUTION = 1 / 400


def drawn_updates(theta: np.ndarray, frame: Frame, most: int = MOST) -> np.ndarray:
    """The updates of a long path theta (steps + 1, 2) that a picture needs: all, if there are no more than `most`.

    Otherwise those that draw a line that is not there yet, those that leave the frame, and moments at even and at
    growing distances, so that the beginning, where a path is fastest, is kept. Never more than `most` of the former.
    The step with which the drawn path ends is among them.
    """
    steps = len(theta) - 1
    if steps <= most:
        return np.arange(steps + 1)
    low, high = np.transpose(frame)
    with np.errstate(all="ignore"):
        cells = np.nan_to_num((theta - low) / (high - low) / RESOLUTION, posinf=1e9, neginf=-1e9).clip(-1e9, 1e9)
    cells = np.floor(cells).astype(np.int64)
    pairs = np.hstack([cells[:-1], cells[1:]])
    moves = np.flatnonzero((pairs[:, :2] != pairs[:, 2:]).any(axis=1))
    _, first = np.unique(pairs[moves], axis=0, return_index=True)
    new = np.sort(moves[first])[: most // 2]
    seen = inside(theta.T, frame)
    leaving = np.flatnonzero(seen[:-1] & ~seen[1:])[: most // 4]
    even = np.linspace(0, steps, most // 3)
    growing = np.geomspace(1, steps, most // 3)
    updates = np.concatenate([new, new + 1, leaving, leaving + 1, even, growing, _departure(theta, frame)])
    return np.unique(updates.round().astype(int))


def _departure(theta: np.ndarray, frame: Frame) -> list[int]:
    """The updates by which a path is known to end at an exit, and those before and after this; none where it goes
    nowhere far."""
    far = first_far(theta, frame)
    if far == len(theta):
        return []
    path = visible_path(theta, frame)
    return [far, *path.exit_updates[-1:] - 1, *path.exit_updates[-1:]]


def thinned(trajectory: Trajectory, updates: np.ndarray) -> Trajectory:
    """The trajectory at some of its updates only, which begin with 0; its own numbering starts anew.

    Of its state, only the number of updates that led to each point is kept.
    """
    diverged = int(trajectory.diverged_at)
    place = int(np.searchsorted(updates, diverged)) if diverged >= 0 else -1
    return replace(
        trajectory,
        theta=trajectory.theta[updates],
        loss=trajectory.loss[updates],
        gradient=trajectory.gradient[updates],
        seen_gradient=trajectory.seen_gradient[updates],
        state={"update": updates},
        diverged_at=np.array(min(place, len(updates) - 1)),
    )


def numbered(figure: go.Figure, updates: np.ndarray) -> go.Figure:
    """A picture of one thinned trajectory with the numbers of the updates as they were."""
    names = {run_of(trace) for trace in figure.data} - {None}
    if len(updates) <= updates[-1]:
        for trace in figure.data:
            follow_at(trace, updates)
    return with_times(figure, dict.fromkeys(names, updates))


def with_times(
    figure: go.Figure,
    times: Mapping[str, np.ndarray],
    unit: str = "update",
    horizontal: Mapping[str, np.ndarray] | None = None,
    axis: str = "update",
) -> go.Figure:
    """The picture with another time in place of the places of a trajectory's points.

    times: by run, the time of each of its points. unit: what is counted. horizontal: by run, where the points stand in
    a picture of the loss against time, whose axis gets the words `axis`; the times themselves unless they are given.
    """
    horizontal = horizontal or times
    for trace in figure.data:
        run = run_of(trace)
        if not grows(trace) or run not in times or not len(trace.customdata):
            continue
        if not (has_cursor(trace) or marks_exits(trace)):
            trace.customdata = _between(times[run], trace.customdata)
            continue
        data = np.array(trace.customdata, dtype=float).reshape(len(trace.customdata), -1)
        places = data[:, 0].astype(int)
        if has_cursor(trace) and trace.type == "scatter" and "lines" in trace.mode:  # the loss curve
            trace.x = horizontal[run][places]
        data[:, 0] = times[run][places]
        trace.customdata = data
        texts = np.array(trace.hovertemplate, dtype=object)
        trace.hovertemplate = np.char.replace(texts.astype(str), "<br>update %", f"<br>{unit} %").tolist()
        if has_cursor(trace):
            thin_out(trace, times[run])
    if figure.layout.xaxis.title.text == "update":
        last = max((float(values[-1]) for values in horizontal.values()), default=1.0) or 1.0
        figure.layout.xaxis.range = [-0.02 * last, 1.02 * last]
        figure.layout.xaxis.title.text = axis
        if axis != "update":
            figure.layout.title.text = figure.layout.title.text.replace("updates", axis)
    return figure


def _between(times: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The times of places that may lie between two points of a run, or be nan."""
    return np.interp(np.asarray(places, dtype=float), np.arange(len(times)), times)
