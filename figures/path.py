"""A trajectory as it can be seen through a frame."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from programs.frame import Frame, inside

# Where between its ends a piece of a line is compared with the surface.
_SHARES = np.array([[0.25], [0.5], [0.75]])
_MIDDLE = 1
# A path that has been so many widths or heights of the frame outside of it is not drawn any further.
FAR = 100


@dataclass(frozen=True, eq=False)
class VisiblePath:
    """The part of a path inside a frame.

    points: the line (2, n), cut exactly at the frame, nan where it is interrupted. update: (n,), the update of each
    point of the line; fractional where the frame cuts a step. exits: (2, m), where the path left. exit_updates: (m,),
    the number of the update that crossed the frame. Of a thinned run, the numbers are places among its points.
    departs: whether the line ends at the last exit, since the path goes far away from there.
    """

    points: np.ndarray
    update: np.ndarray
    exits: np.ndarray
    exit_updates: np.ndarray
    departs: bool


def visible_path(theta: np.ndarray, frame: Frame, made: np.ndarray | None = None) -> VisiblePath:
    """The visible part of a path theta (steps + 1, 2).

    A path that goes as far away as `first_far` says ends before: at its first exit after which none of its points is in
    the frame until then. Where it has no such exit, it ends with its last point that is not so far.

    made: (steps + 1,), the number of updates that led to each point; one more each unless it is given. Where a thinned
    run leaves out updates between two points, the line between them is no step, and its end outside is no exit.
    """
    far = first_far(theta, frame)
    goes_far = far < len(theta)
    theta = theta[: far + 1] if goes_far and np.isfinite(theta[far]).all() else theta[:far]
    seen = inside(theta.T, frame)
    kept = np.flatnonzero(seen)
    line = np.column_stack([kept, theta[kept]])
    # The updates whose steps are not inside as a whole.
    cut = np.flatnonzero(~(seen[:-1] & seen[1:])) + 1
    if not cut.size:
        return VisiblePath(line[:, 1:].T, line[:, 0], np.empty((2, 0)), cut, departs=False)
    enter, leave, met = _visible_pieces(theta[cut - 1], theta[cut], frame)
    enter[:, 0], leave[:, 0] = _moments(cut, enter[:, 0]), _moments(cut, leave[:, 0])
    entered, left = met & ~seen[cut - 1], met & ~seen[cut]
    is_step = np.ones(cut.size, dtype=bool) if made is None else made[cut] - made[cut - 1] == 1
    last = np.flatnonzero(goes_far & left & (cut > kept.max(initial=-1)))[:1]
    if last.size:
        drawn = cut <= cut[last]
        entered, left = entered & drawn, left & drawn
    # A gap, where the step enters, and where it leaves.
    added = np.stack([np.full_like(enter, np.nan), enter, leave], axis=1)
    wanted = np.stack([entered, entered, left], axis=1)
    places = np.searchsorted(kept, cut).repeat(wanted.sum(axis=1))
    line = np.insert(line, places, added[wanted], axis=0)
    exits = left & is_step
    return VisiblePath(line[:, 1:].T, line[:, 0], leave[exits, 1:].T, cut[exits], departs=bool(is_step[last].any()))


def first_far(theta: np.ndarray, frame: Frame) -> int:
    """The first point of a path theta (steps + 1, 2) that is not finite, or more than FAR widths of the frame beside it
    or FAR heights above or below it; where there is none, the number of all points."""
    wide = tuple((low - FAR * (high - low), high + FAR * (high - low)) for low, high in frame)
    beyond = np.flatnonzero(~inside(theta.T, wide))
    return int(beyond[0]) if beyond.size else len(theta)


def _visible_pieces(before: np.ndarray, after: np.ndarray, frame: Frame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where steps between points (n, 2) enter the frame and where they leave it, and which of them meet it at all.

    The first two are rows of a share of the step and a point (Liang & Barsky 1984). It reckons with halves, and puts a
    crossing exactly on the edge, so that steps to 1e308 are cut where they should be.
    """
    enter, leave = np.insert(before, 0, 0, axis=1), np.insert(after, 0, 1, axis=1)
    met = np.ones(len(before), dtype=bool)
    # A step that does not move along an axis crosses none of its edges: its share is no number, and is not used.
    with np.errstate(all="ignore"):
        for axis, (low, high) in enumerate(frame):
            half = after[:, axis] / 2 - before[:, axis] / 2
            met &= (half != 0) | ((before[:, axis] >= low) & (before[:, axis] <= high))
            first, last = np.where(half > 0, [[low], [high]], [[high], [low]])
            for place, edge, is_inner in ((enter, first, np.greater), (leave, last, np.less)):
                crossing = _crossing(before, after, axis, edge, half)
                beyond = ~((place[:, 1 + axis] >= low) & (place[:, 1 + axis] <= high))
                inner = is_inner(crossing[:, 0], place[:, 0]) | ((crossing[:, 0] == place[:, 0]) & beyond)
                chosen = inner & (half != 0)
                place[chosen] = crossing[chosen]
        met &= enter[:, 0] <= leave[:, 0]
    lowest, highest = np.transpose(frame)
    for place in (enter, leave):
        place[:, 1:] = np.clip(place[:, 1:], lowest, highest)
    return enter, leave, met


def _crossing(before: np.ndarray, after: np.ndarray, axis: int, edge: np.ndarray, half: np.ndarray) -> np.ndarray:
    """Where steps cross an edge, as rows of a share of the step and a point on the edge."""
    share = ((edge / 2 - before[:, axis] / 2) / half)[:, None]
    crossing = np.hstack([share, before * (1 - share) + after * share])
    crossing[:, 1 + axis] = edge
    return crossing


def _moments(update: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Times strictly between two updates, so that a cut never counts as an update."""
    return np.clip(update - 1 + share, np.nextafter(update - 1, update), np.nextafter(update, update - 1))


def draped(
    points: np.ndarray,
    height: Callable[[np.ndarray], np.ndarray],
    *,
    tolerance: float,
    longest: float,
    shortest: float,
    most: int = 800,
) -> np.ndarray:
    """The line (2, n) with points added until it lies on a surface, as points in space (3, m).

    Further rows of the line, such as the time of each point, are carried along below the heights.

    height: the heights of points (2, k). A piece is divided while it is longer than `longest`, or while the surface is
    further than `tolerance` from it; never below `shortest`. Where `most` points would not be enough, the last pieces
    are left out: a line through the air would be worse than none.
    """
    (line,) = all_draped([points], height, tolerance=tolerance, longest=longest, shortest=shortest, most=most)
    return line


def all_draped(
    lines: Sequence[np.ndarray],
    height: Callable[[np.ndarray], np.ndarray],
    *,
    tolerance: float,
    longest: float,
    shortest: float,
    most: int = 800,
) -> list[np.ndarray]:
    """Several lines, each as `draped` has it; together they take hardly longer than one of them."""
    affordable = [_affordable(points, longest, most) for points in lines]
    ends = np.cumsum([points.shape[1] for points in affordable], dtype=int)
    line = np.hstack(affordable) if affordable else np.empty((2, 0))
    line = np.vstack([line[:2], height(line[:2]), line[2:]])
    # The pieces that may be too long or too far off, by the points where they begin: none leads to the next line.
    leads_on = np.ones(line.shape[1], dtype=bool)
    leads_on[ends[ends > 0] - 1] = False
    pieces = np.flatnonzero(leads_on)
    while True:
        # Most updates are steps too short to be divided: they need no heights.
        lengths = np.hypot(*(line[:2, pieces + 1] - line[:2, pieces]))
        long = lengths > shortest
        pieces, lengths = pieces[long], lengths[long]
        before, after = line[:, None, pieces], line[:, None, pieces + 1]
        between = before * (1 - _SHARES) + after * _SHARES
        heights = height(between[:2].reshape(2, -1)).reshape(between[2].shape)
        with np.errstate(invalid="ignore"):  # two heights without end are no distance apart
            off = (np.abs(heights - between[2]) > tolerance).any(axis=0)
        halved = np.flatnonzero((lengths > longest) | off)
        if not halved.size:
            return np.split(line, ends, axis=1)[:-1]
        between[2] = heights
        middle = between[:, _MIDDLE, halved]
        line = np.insert(line, pieces[halved] + 1, middle, axis=1)
        ends += np.searchsorted(pieces[halved], ends)
        first = pieces[halved] + np.arange(halved.size)
        pieces = np.column_stack([first, first + 1]).ravel()


def _affordable(points: np.ndarray, longest: float, most: int) -> np.ndarray:
    """The line with gaps from where its pieces, no longer than `longest`, would need more than `most` points."""
    pieces = np.fmax(np.ceil(np.hypot(*np.diff(points[:2])) / longest), 0)
    missing = np.flatnonzero((np.cumsum(pieces) > most) & (pieces > 1))
    return np.insert(points, missing + 1, np.nan, axis=1) if missing.size else points
