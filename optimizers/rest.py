"""Runs that hardly move any more: at a minimum, in a valley, stuck, held back or crawling."""

from functools import partial

import numpy as np

from optimizers.ending import STANDSTILL, UNSEEN, Ending
from optimizers.goal import TOLERANCE
from optimizers.hindrance import held_back, slowed
from optimizers.kinds import OutcomeKind, StationaryKind
from optimizers.remedies import way_faster, way_faster_to_bottom, way_lower, way_out
from optimizers.verdict import Judgement, point_words, short

# Shares of the diagonal of the frame: within how much of a minimum a run has converged, at once or where nearly all of
# the gap is gone.
CLOSE = 2e-3
NEAR = 5e-3


def at_rest(end: Ending) -> Judgement:
    """The judgement on a run that rests."""
    if end.is_by_known_minimum:
        return _at_minimum(end, end.nearest, OutcomeKind.GLOBAL_MINIMUM)
    kind = end.beside.kind if end.beside else None
    if kind == StationaryKind.MINIMUM:
        return _at_minimum(end, end.beside.theta, end.kind_of_minimum)
    if kind == StationaryKind.VALLEY:
        return _in_valley(end)
    if kind == StationaryKind.FLAT and not end.something_is_lower:
        return on_flat_ground(end)
    if kind == StationaryKind.SADDLE:
        return _stuck(end, OutcomeKind.SADDLE)
    if kind == StationaryKind.MAXIMUM:
        return _stuck(end, OutcomeKind.MAXIMUM)
    if end.trajectory.steps == 0:
        return Judgement(OutcomeKind.STOPPED, "No update was made.", "Set at least one update.")
    return held_back(end) or slowed(end) or _crawling(end)


def _at_minimum(end: Ending, theta: np.ndarray, kind: OutcomeKind) -> Judgement:
    is_global, distance = kind == OutcomeKind.GLOBAL_MINIMUM, end.distance_to(theta)
    name = f"the {kind}" if is_global else f"a {kind}" if end.goal.is_known else "a minimum"
    is_apart = distance > STANDSTILL * end.size
    held = held_back(end, f"{short(distance)} away from {name} at {point_words(theta)}") if is_apart else None
    if held:
        return held
    place = f"{name} at {point_words(theta)}{end.outside_words}"
    if distance <= CLOSE * end.size or (distance <= NEAR * end.size and _has_fallen_to(end, theta)):
        but = f", but for a distance of {short(distance)}" if is_apart else ""
        deeper = "" if is_global else end.depth_words
        return Judgement(kind, f"Converged to {place}{but}.{deeper}", "" if is_global else partial(way_lower, end))
    verdict = f"Near {place}, {short(distance)} away, but it hardly moves."
    return Judgement(OutcomeKind.STILL_MOVING, verdict, partial(way_faster, end, theta))


def _has_fallen_to(end: Ending, theta: np.ndarray) -> bool:
    """True where nearly all of the first gap to the loss at this point is gone."""
    first, last = end.trajectory.loss[[0, -1]] - float(end.loss.value(theta))
    return bool(last <= TOLERANCE * first)


def _in_valley(end: Ending) -> Judgement:
    distance = end.distance_to(end.beside.theta)
    place = f"{end.place_words}{end.outside_words}"
    if distance <= STANDSTILL * end.size:
        verdict = f"Converged: the slope is zero along a valley of minima. It rests at {place}.{end.depth_words}"
        return Judgement(OutcomeKind.VALLEY, verdict, partial(way_lower, end))
    held = held_back(end, f"{short(distance)} away from a valley of minima")
    if held:
        return held
    verdict = f"Near a valley of minima at {place}, but it hardly moves.{end.depth_words}"
    return Judgement(OutcomeKind.STILL_MOVING, verdict, partial(way_faster, end, None))


def on_flat_ground(end: Ending) -> Judgement:
    """The judgement on a run that has reached ground without slope where nothing is lower."""
    place = f"{end.place_words}{end.outside_words}{',' if end.outside_words else ''}"
    verdict = f"Converged: around {place} the slope is zero, and nothing in the picture is lower."
    return Judgement(OutcomeKind.VALLEY, verdict, "Nothing needs to change.")


def _stuck(end: Ending, kind: OutcomeKind) -> Judgement:
    theta, distance = end.beside.theta, end.distance_to(end.beside.theta)
    grows = len(end.lengths) > 3 and end.lengths[-1] > 1.02 * end.lengths[-4] > 0
    is_apart = distance > UNSEEN * end.size
    there = f" The point is at {end.place_words}, {short(distance)} away." if is_apart else ""
    place = f"a {kind} at {point_words(theta)}{end.outside_words}"
    if grows and is_apart:
        verdict = f"Near {place}, and leaving it: the steps grow.{there}"
        return Judgement(OutcomeKind.STILL_MOVING, verdict, "Give it more updates.")
    return Judgement(kind, f"Stuck at {place}.{there}", partial(way_out, end))


def _crawling(end: Ending) -> Judgement:
    place = f"{end.place_words}{end.outside_words}"
    verdict = f"Crawling at {place}: the slope is |∇L| = {short(end.slope)}, but the steps are tiny."
    return Judgement(OutcomeKind.STILL_MOVING, verdict, partial(way_faster_to_bottom, end))
