"""What to change after a run that ends in the picture: the sentences, and what is tried out to find them."""

import numpy as np

from optimizers.adaptive import FAMILY as ADAPTIVE
from optimizers.advice import larger_rate, ratio_of_curvatures
from optimizers.ending import ARRIVED, Ending
from optimizers.kinds import StationaryKind
from optimizers.loss import Loss
from optimizers.trajectory import Trajectory, run
from optimizers.verdict import short
from programs.matrices import eigen


def scaling(trajectory: Trajectory, loss: Loss, theta: np.ndarray | None) -> str:
    """What a bad scaling at this minimum means for a rule with one rate for all directions; "" where it is not bad,
    or where no minimum is known."""
    if theta is None or not _takes_one_rate(trajectory):
        return ""
    kappa = ratio_of_curvatures(loss, theta, trajectory.steps)
    if kappa is None:
        return ""
    ratio = f"κ = λₘₐₓ/λₘᵢₙ = {short(kappa)}"
    return (
        f" But the loss is badly scaled: {ratio}. A rate that is small enough for the steep direction hardly moves "
        "along the flat one. Rescale the parameters, or use a rule that knows the curvature."
    )


def _takes_one_rate(trajectory: Trajectory) -> bool:
    rule = trajectory.optimizer
    # Rules whose limit falls as the curvature grows take the same rate along every direction.
    return rule is not None and bool(rule.rate_limit(1.0) > rule.rate_limit(2.0))


def _scaling_about(end: Ending) -> str:
    """As `scaling`, at the minimum that the run is about, which is looked for where it matters only."""
    return scaling(end.trajectory, end.loss, end.bottom) if _takes_one_rate(end.trajectory) else ""


def way_faster(end: Ending, theta: np.ndarray | None) -> str:
    """theta: the minimum ahead, None where none is known."""
    return _way_with_larger_rate(end) or f"Give it more updates.{scaling(end.trajectory, end.loss, theta)}"


def way_faster_to_bottom(end: Ending) -> str:
    """To the minimum that the run is about."""
    return _way_with_larger_rate(end) or f"Give it more updates.{_scaling_about(end)}"


def _way_with_larger_rate(end: Ending) -> str:
    larger = _larger_rate(end)
    if not larger:
        return ""
    rate, loss = map(short, larger)
    return f"Make the learning rate larger: with η = {rate} the loss falls to {loss}."


def _larger_rate(end: Ending) -> tuple[float, float] | None:
    first, last = float(end.trajectory.loss[0]), float(end.trajectory.loss[-1])
    lowest = end.goal.lowest if end.goal.is_known else last - max(first - last, last - end.lowest_in_frame)
    return larger_rate(end.trajectory, end.frame, lowest)


def way_on(end: Ending) -> str:
    """For a run that is on its way."""
    return f"Give it more updates, or change the learning rate.{_scaling_about(end)}"


def way_to_rest(end: Ending) -> str:
    """For a run whose steps do not shrink, however near it is."""
    if end.is_scheduled:
        return "With a constant rate it cannot rest: choose a schedule that lowers the rate."
    return "With this rule it cannot rest: choose one whose learning rate follows a schedule."


def way_to_calm(end: Ending) -> str:
    """For a run whose steps are too long to come to rest."""
    schedule = ", or choose a schedule that lowers it" if end.is_scheduled else ""
    return f"Make the learning rate smaller{schedule}.{_scaling_about(end)}"


def way_to_less_noise(end: Ending) -> str:
    """For a run that noise keeps moving."""
    if not end.is_scheduled:
        return "Choose less noise."
    if end.rate_share < 1:
        return "Give it more updates while the schedule lowers the rate, or choose less noise."
    return "With a constant rate it cannot rest: choose a schedule that lowers the rate, or less noise."


def way_off_plateau(end: Ending) -> str:
    """For a run that is stuck where the slope is small."""
    if end.slope == 0:
        return "Where the slope is zero, no rule that follows it can move: choose another start."
    larger = _larger_rate(end)
    if larger:
        rate, loss = map(short, larger)
        return f"Raise the learning rate: with η = {rate} the loss falls to {loss}."
    if end.rule is not None and end.rule.family != ADAPTIVE:
        return "Choose another start, or try a rule that rescales small gradients, such as Adam."
    return "Choose another start."


def way_lower(end: Ending) -> str:
    """For a run that rests in a hollow beside which there may be deeper ones."""
    if not end.way_lower_is_known:
        return "Nothing needs to change: nothing in the picture is lower."
    remembers = any(hasattr(end.rule, name) for name in ("momentum", "beta1"))
    means = [] if end.rule is None or remembers else ["momentum"]
    if end.trajectory.seen_gradient is end.trajectory.gradient:
        means.append("noise")
    is_hollow = end.beside.kind != StationaryKind.VALLEY
    ways = f", or use {' or '.join(means)} to leave the hollow" if means and is_hollow else ""
    return f"Start elsewhere{ways}: the picture holds a lower place."


def way_out(end: Ending) -> str:
    """For a run that is stuck at a saddle or a maximum."""
    if _is_drawn_back(end):
        return "This rule is drawn to any place without slope: move the start, or choose one that only goes downhill."
    return "Add a little noise, or move the start."


def _is_drawn_back(end: Ending) -> bool:
    """True where the rule comes back to the point beside the end from a little way down."""
    if end.rule is None:
        return False
    with np.errstate(all="ignore"):
        _, axes = eigen(np.asarray(end.loss.hessian(end.beside.theta), dtype=float))
        away = ARRIVED * end.size * axes[:, 0]
        path = run(end.rule, end.loss, end.beside.theta + away, 3).theta
        return bool(np.hypot(*(path[-1] - end.beside.theta)) < 0.9 * np.hypot(*away))
