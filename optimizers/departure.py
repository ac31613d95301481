"""Runs that do not end in the picture: they diverged, or they left the frame."""

import numpy as np

from optimizers.advice import leaves_from_everywhere, smaller_rate
from optimizers.goal import SAME, Goal
from optimizers.kinds import OutcomeKind, StationaryKind
from optimizers.remedies import scaling
from optimizers.stationary import stationary_point_beside
from optimizers.trajectory import Trajectory
from optimizers.verdict import Judgement, point_words, short
from programs.frame import Frame, diagonal_length, inside
from programs.matrices import dot

# A point further out than this has run away, and did not step into a gap of the loss.
LARGEST = 1e50


def diverged(trajectory: Trajectory, goal: Goal, frame: Frame) -> Judgement:
    """The judgement on a run that met numbers that are not finite."""
    update = int(trajectory.diverged_at)
    if update == 0:
        verdict = "The loss or its slope at the start is not a finite number."
        return Judgement(OutcomeKind.DIVERGED, verdict, "Choose another start.")
    theta, value, gradient = (array[update] for array in (trajectory.theta, trajectory.loss, trajectory.gradient))

    def stay() -> str:
        return _way_to_stay(trajectory, goal, frame, update, trajectory.loss[update - 1] < trajectory.loss[0])

    if not np.abs(theta).max() < LARGEST:
        verdict = f"Diverged at update {update}: the numbers grew beyond what a computer can hold."
        return Judgement(OutcomeKind.DIVERGED, verdict, stay)
    verdict = f"Ended at update {update}: the step led to {point_words(theta)}, where {_missing(value, gradient)}."
    if np.isfinite(value):
        remedy = "Change the learning rate or the start a little, so that no step ends there."
        return Judgement(OutcomeKind.DIVERGED, verdict, remedy)
    return Judgement(OutcomeKind.DIVERGED, verdict, stay)


def _missing(loss: np.ndarray, gradient: np.ndarray) -> str:
    if np.isnan(loss):
        return "the loss has no value"
    if np.isinf(loss):
        return "the loss is infinite, or too large for a computer to hold"
    if np.isnan(gradient).any():
        return "the loss has no slope"
    return "the slope is infinite, or too large for a computer to hold"


def left(trajectory: Trajectory, goal: Goal, frame: Frame) -> Judgement:
    """The judgement on a run that ends outside the frame, at no place where it would rest."""
    seen = inside(trajectory.theta.T, frame)
    if not seen.any():
        verdict = "Began outside the frame and does not end in it."
        return Judgement(OutcomeKind.LEFT, verdict, "Choose a start inside the frame.")
    update = int(np.flatnonzero(seen)[-1]) + 1
    last, first = trajectory.loss[-1], trajectory.loss[0]
    same = abs(last - first) <= SAME * abs(first)
    change = "is again" if same else "rose to" if last > first else "fell to"
    below = f", below {goal.name}, the lowest loss in the picture" if goal.gap(last) < 0 else ""
    verdict = f"Left the frame at update {update}; the loss {change} {short(last)}{below}."

    def stay() -> str:
        if not seen[0]:
            return "Choose a start inside the frame."
        first_out = int(np.flatnonzero(~seen)[0])
        outwards = trajectory.theta[-1] - np.clip(trajectory.theta[-1], *np.transpose(frame))
        with np.errstate(all="ignore"):
            downhill = dot(-trajectory.gradient[-1], outwards) > 0
        return _way_to_stay(trajectory, goal, frame, first_out, bool(downhill))

    return Judgement(OutcomeKind.LEFT, verdict, stay)


def _way_to_stay(trajectory: Trajectory, goal: Goal, frame: Frame, update: int, downhill: bool) -> str:
    """A smaller rate where one stays inside, or finite after a start outside, else another start."""
    began_inside = bool(inside(trajectory.theta[0], frame))
    if not began_inside:
        frame = ((-LARGEST, LARGEST), (-LARGEST, LARGEST))
    rate = smaller_rate(trajectory, frame, update, downhill)
    if rate is None:  # by the path alone: whoever only fell has followed the slope
        with np.errstate(all="ignore"):
            fell = (np.diff(trajectory.loss[: update + 1]) <= 0).all()
        rate = np.nan if downhill and fell else 0.0
    if np.isnan(rate):
        if downhill and began_inside and leaves_from_everywhere(trajectory, frame, update):
            return (
                "Downhill leads further out, with a smaller learning rate only later, and from other starts too: "
                "this loss has no lowest place inside the picture."
            )
        if downhill:
            return "Downhill leads further out, with a smaller learning rate only later: choose another start."
        return "It leaves with smaller learning rates too: choose another start."
    smaller = f": with η = {short(rate)} it stays in the frame." if rate and began_inside else "."
    start = trajectory.theta[0]
    bottom, _ = goal.nearest(start)
    if bottom is None and began_inside:
        point = stationary_point_beside(goal.loss, start, diagonal_length(frame))
        bottom = point.theta if point and point.kind == StationaryKind.MINIMUM else None
    return f"Make the learning rate smaller{smaller}{scaling(trajectory, goal.loss, bottom)}"
