"""Runs that still move at their end: on their way, settling, going to and fro, or led by noise."""

from functools import partial

import numpy as np

from optimizers.ending import MANY, STANDSTILL, Ending
from optimizers.hindrance import held_back, slowed
from optimizers.kinds import OutcomeKind, StationaryKind
from optimizers.remedies import way_on, way_to_calm, way_to_less_noise, way_to_rest
from optimizers.rest import on_flat_ground
from optimizers.verdict import Judgement, point_words

# Who walks no more than this share of the diagonal of the frame at its end is slow.
SLOW = 2e-2


def in_motion(end: Ending) -> Judgement:
    """The judgement on a run that does not rest."""
    if end.is_led_by_noise:
        return _wandering(end)
    if end.oscillates:
        return _oscillating(end)
    if end.is_by_known_minimum:
        return _settling(end, end.nearest, f"the global minimum {point_words(end.nearest)}")
    kind = end.beside.kind if end.beside else None
    if kind == StationaryKind.MINIMUM:
        return _settling_at_minimum(end)
    if kind == StationaryKind.VALLEY:
        return _settling(end, end.beside.theta, f"a valley of minima near {point_words(end.beside.theta)}")
    if kind == StationaryKind.FLAT and not end.something_is_lower:
        return on_flat_ground(end)
    slow = slowed(end) if end.walked <= SLOW * end.size else None
    if slow:
        return slow
    if end.schedule_ended:
        return held_back(end)
    verdict = f"Still moving at {end.place_words}{end.outside_words}."
    return Judgement(OutcomeKind.STILL_MOVING, verdict, partial(way_on, end))


def _settling_at_minimum(end: Ending) -> Judgement:
    kind, theta = end.kind_of_minimum, end.beside.theta
    name = "a minimum"
    if end.goal.is_known:
        name = f"{'the' if kind == OutcomeKind.GLOBAL_MINIMUM else 'a'} {kind}"
    return _settling(end, theta, f"{name} near {point_words(theta)}", end.depth_words)


def _settling(end: Ending, theta: np.ndarray, name: str, deeper: str = "") -> Judgement:
    step, distance = end.lengths[-1], end.distance_to(theta)
    if end.gets_calmer and (step <= 2 * distance or step <= STANDSTILL / MANY * end.size):
        verdict = f"Settling at {name}{end.outside_words}.{deeper}"
        return Judgement(OutcomeKind.STILL_MOVING, verdict, "Give it a few more updates.")
    verdict = f"Still moving, now beside {name}{end.outside_words}.{deeper}"
    remedy = "Give it more updates; if it does not settle, make the learning rate smaller."
    return Judgement(OutcomeKind.STILL_MOVING, verdict, remedy)


def _oscillating(end: Ending) -> Judgement:
    verdict = f"Oscillating around {end.swing_words}"
    if end.beside and end.beside.is_kink:
        cause = "the loss has a kink here, so the slope does not shrink towards the lowest place"
        return Judgement(OutcomeKind.OSCILLATING, f"{verdict}: {cause}.", partial(way_to_rest, end))
    if end.takes_equal_steps:
        cause = "each is η long along an axis, however small the slope"
        return Judgement(OutcomeKind.OSCILLATING, f"{verdict}: {cause}.", partial(way_to_rest, end))
    return Judgement(OutcomeKind.OSCILLATING, f"{verdict}.", partial(way_to_calm, end))


def _wandering(end: Ending) -> Judgement:
    cause = "the noise of the gradient is larger than the slope"
    if end.turns(end.moves) >= 3 and end.net < 0.5 * end.walked:
        kind, what = OutcomeKind.OSCILLATING, f"Wandering around {end.swing_words}"
    else:
        place = f"{end.place_words}{end.outside_words}{end.distance_words}"
        kind, what = OutcomeKind.STILL_MOVING, f"Still moving at {place}"
    return Judgement(kind, f"{what}: {cause}.", partial(way_to_less_noise, end))
