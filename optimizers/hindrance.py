"""What keeps a run from arriving: the way it is set up, or a slope that is too small to lead it on."""

from functools import partial

import numpy as np

from optimizers.ending import ARRIVED, Ending
from optimizers.kinds import OutcomeKind, StationaryKind
from optimizers.remedies import way_faster, way_off_plateau
from optimizers.verdict import Judgement, point_words, short


def held_back(end: Ending, distance: str = "") -> Judgement | None:
    """The judgement on a run that rests, or keeps moving, where it does because of how it is set up; else None.

    distance: how far it is from where it would rest, in words; "" for the distance to the nearest global minimum.
    """
    where = f"{end.place_words}{end.outside_words}{f', {distance}' if distance else end.distance_words}"
    if end.is_held_by_decay:
        verdict = f"Rests at {where}: the weight decay pulls to the origin, against the slope."
        remedy = "Set the weight decay to 0. It keeps parameters small, and so it moves the goal."
        return Judgement(OutcomeKind.STOPPED, verdict, remedy)
    if end.schedule_ended:
        verdict = f"Stopped at {where}: the schedule lowered the learning rate to nearly 0 before it arrived."
        remedy = "Choose a slower schedule, or a larger learning rate to begin with."
        return Judgement(OutcomeKind.STOPPED, verdict, remedy)
    if end.walked == 0 and end.slope > 0:
        verdict = f"Stopped at {where}, although the slope is |∇L| = {short(end.slope)}: the steps are zero."
        return Judgement(OutcomeKind.STOPPED, verdict, "Change the schedule, the learning rate or the noise.")
    return None


def slowed(end: Ending) -> Judgement | None:
    """The judgement on a run where walking on along the slope would hardly lower the loss; None elsewhere."""
    if not end.is_flat:
        return None
    slope = f"|∇L| = {short(end.slope)}"
    kind = end.far_point.kind if end.slope > 0 and end.far_point else None
    if kind in (StationaryKind.MINIMUM, StationaryKind.VALLEY):
        return _slow_on_its_way(end, slope)
    if kind == StationaryKind.SADDLE:
        verdict = (
            f"Still moving at {end.place_words}, near a saddle at {point_words(end.far_point.theta)}. The slope is "
            f"small there: {slope}."
        )
        remedy = "Give it more updates. If it does not leave the saddle, add a little noise or move the start."
        return Judgement(OutcomeKind.STILL_MOVING, verdict, remedy)
    if not end.goal.is_known and end.slope > 0 and end.has_gained_nearly_all:
        verdict = f"Slow at {end.place_words}: the slope fades, {slope}, and hardly anything in the picture is lower."
        return Judgement(OutcomeKind.STILL_MOVING, verdict, "Nothing needs to change: more updates gain little.")
    verdict = f"Stuck on a plateau at {end.place_words}: the slope is only {slope}."
    return Judgement(OutcomeKind.PLATEAU, verdict, partial(way_off_plateau, end))


def _slow_on_its_way(end: Ending, slope: str) -> Judgement:
    point, minimum = end.far_point, end.far_point.theta
    name = "a minimum"
    if point.kind == StationaryKind.VALLEY:
        name, minimum = "a valley of minima", None
    if end.nearest is not None and np.hypot(*(point.theta - end.nearest)) <= ARRIVED * end.size:
        name = "the global minimum"
    away = f"{short(end.distance_to(point.theta))} away from {name} at {point_words(point.theta)}"
    verdict = f"Slow at {end.place_words}, {away}: the slope is {slope}."
    return Judgement(OutcomeKind.STILL_MOVING, verdict, partial(way_faster, end, minimum))
