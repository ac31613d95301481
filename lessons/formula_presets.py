"""Two learning rates beside the limit of a typed formula, which nobody has tried: what they do is measured."""

from functools import lru_cache

import numpy as np

from lessons.claims import Claim, Runs, rate_over_limit, updates_of_falling_loss
from lessons.preset import Preset
from lessons.rates import suited_rate
from lessons.words import number
from optimizers import OPTIMIZERS, Trajectory, run
from optimizers.departure import LARGEST
from surfaces import Surface
from surfaces.curvature import largest_curvature
from surfaces.names import surface_of

RULE = "GradientDescent"
OTHERS = ("Momentum", "Adam")
UPDATES_BELOW, UPDATES_ABOVE = 200, 100
# The rate above the limit, as a share of it.
ABOVE = 1.5
# Curvatures that rounding may have made, or whose rates no slider could show.
LEAST, MOST = 1e-9, 1e9
# A rise by this share of what the loss has fallen may be rounding.
ROUNDING = 1e-9


@lru_cache(maxsize=256)
def formula_presets(surface: str) -> tuple[Preset, ...]:
    """One rate below 2/λ at the start, with the largest curvature λ, and one above; none where nothing curves up."""
    shape = surface_of(surface)
    largest = largest_curvature(shape, shape.start[:, None])
    if not LEAST <= largest <= MOST:
        return ()
    curvature, limit = number(largest, 3), number(2 / largest, 3)
    bound = f"The largest curvature at the start is λ = {curvature}, so the limit there is 2/λ = {limit}."
    rate, path = _path(shape, suited_rate(shape, 2 / largest), UPDATES_BELOW)
    below = f"{bound} η = {number(rate, 3)} is below it: {_said(shape, path)}"
    too_large, wild = _path(shape, ABOVE * 2 / largest, UPDATES_ABOVE)
    above = f"{bound} η = {number(too_large, 3)} is {ABOVE:g} times as large: {_said(shape, wild)}"
    share = rate_over_limit(RULE, tuple(map(float, shape.start)))
    return (
        _preset(surface, "Below the limit", _is_calm(path), below, rate, path, share.at_most(0.25)),
        _preset(surface, "Above the limit", False, above, too_large, wild, share.about(ABOVE, 0.01)),
    )


def _path(surface: Surface, rate: float, updates: int) -> tuple[float, Trajectory]:
    """The rate with three digits, and gradient descent with it."""
    rate = float(f"{rate:.3g}")
    return rate, run(OPTIMIZERS[RULE](learning_rate=rate), surface, surface.start, updates)


def _is_calm(path: Trajectory) -> bool:
    """True where the loss never rises by more than rounding, and the path does not step into a gap."""
    end = int(path.diverged_at) if path.diverged else path.steps
    fallen = path.loss[0] - path.loss[: max(end, 1)]
    never_rises = (np.diff(fallen) >= -ROUNDING * np.abs(fallen).max()).all()
    return bool(never_rises) and (not path.diverged or _runs_away_downhill(path, end))


def _runs_away_downhill(path: Trajectory, end: int) -> bool:
    return not path.loss[end] > path.loss[0] and not np.abs(path.theta[end]).max() < LARGEST


def _said(surface: Surface, path: Trajectory) -> str:
    """What the loss does at the first updates."""
    falls = _falls(surface, path)
    if falls == path.steps:
        return f"gradient descent lowers the loss at each of the {falls} updates."
    before, after = path.loss[falls : falls + 2]
    change = "stays equal" if after == before else "rises"
    then = change if np.isfinite(after) else "is no number any more"
    if not falls:
        return f"look at update 1 of gradient descent, where the loss {then}."
    first = f"the first {falls} updates" if falls > 1 else "the first update"
    return f"gradient descent lowers the loss at {first}. At update {falls + 1} it {then}."


def _falls(surface: Surface, path: Trajectory) -> int:
    return int(updates_of_falling_loss(RULE).measure(Runs(surface, {}, {RULE: path})))


def _preset(surface: str, title: str, good: bool, look_at: str, rate: float, path: Trajectory, share: Claim) -> Preset:
    falls = updates_of_falling_loss(RULE).exactly(_falls(surface_of(surface), path))
    settings = {"learning_rate": rate, "updates": path.steps}
    return Preset(surface, title, good, look_at, dict.fromkeys((RULE, *OTHERS), ""), (share, falls), settings)
