"""What became of a run, in one sentence, and what to change."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizers.departure import diverged, left
from optimizers.ending import ARRIVED, Ending
from optimizers.goal import Goal
from optimizers.kinds import OutcomeKind, StationaryKind
from optimizers.loss import Loss
from optimizers.motion import in_motion
from optimizers.rest import at_rest
from optimizers.trajectory import Trajectory
from optimizers.verdict import Advice, Judgement
from programs.frame import Frame, inside


@dataclass(frozen=True)
class Outcome:
    """The end of one run.

    kind: of what happened. verdict: the same in words. loss: the last one. distance: from the last point to the nearest
    known global minimum, whichever point the verdict names; nan where none is known. updates_to_tolerance: the first
    update after which L - L* stays within TOLERANCE of its first value, or of rounding, -1 where there is none, and for
    a run that left. advice: the remedy, or a function that finds it.
    """

    kind: OutcomeKind
    verdict: str
    loss: float
    distance: float
    updates_to_tolerance: int
    advice: Advice

    @cached_property
    def remedy(self) -> str:
        """What to change, empty where nothing needs to be. Other learning rates are tried out when it is asked for."""
        return self.advice if isinstance(self.advice, str) else self.advice()


def outcome(trajectory: Trajectory, loss: Loss, minima: Sequence[np.ndarray], frame: Frame) -> Outcome:
    """Judges a single run (batch shape ()) by its numbers alone, and advises by the rule that it knows.

    loss: with value, gradient and hessian, whatever the rule itself asked for.
    minima: the known global minimisers. frame: ((low, high), (low, high)), what the pictures show.
    """
    return outcome_by(trajectory, Goal(loss, minima), frame)


def outcome_by(trajectory: Trajectory, goal: Goal, frame: Frame) -> Outcome:
    """As `outcome`, by a goal that many runs may share."""
    with np.errstate(all="ignore"):
        kind, verdict, advice = _judged(trajectory, goal, frame)
        _, distance = goal.nearest(trajectory.theta[-1])
        updates = -1 if kind == OutcomeKind.LEFT else int(goal.updates_to_tolerance(trajectory.loss))
    return Outcome(kind, verdict, float(trajectory.loss[-1]), distance, updates, advice)


def _judged(trajectory: Trajectory, goal: Goal, frame: Frame) -> Judgement:
    if trajectory.diverged_at >= 0:
        return diverged(trajectory, goal, frame)
    is_outside = not inside(trajectory.theta[-1], frame)
    end = Ending(trajectory, goal, frame, is_outside)
    if is_outside:
        return _judged_outside(end) or left(trajectory, goal, frame)
    return at_rest(end) if end.rests else in_motion(end)


def _judged_outside(end: Ending) -> Judgement | None:
    """The judgement on a run that came to a stationary point outside the frame; None where it did not."""
    if not (end.rests or end.gets_calmer):
        return None
    kind = end.beside.kind if end.beside else None
    if end.distance <= ARRIVED * end.size:
        kind = StationaryKind.MINIMUM
    # A slope that fades far out is no valley.
    away = float(np.abs(end.last - np.clip(end.last, *np.transpose(end.frame))).max())
    is_level = kind in (StationaryKind.FLAT, StationaryKind.VALLEY)
    if kind is None or (is_level and (away > end.size or end.way_lower_is_known)):
        return None
    if end.rests:
        return at_rest(end)
    return in_motion(end) if kind in (StationaryKind.MINIMUM, StationaryKind.VALLEY) else None
