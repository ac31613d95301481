"""Two learning rates beside the limit of a typed formula, which nobody has tried: what they do is measured."""

from functools import lru_cache

import numpy as np

from lessons.claims import Runs, limit, rate_over_limit, updates_of_falling_loss
from optimizers import OPTIMIZERS, Trajectory, run
from optimizers.outcome import LARGEST
from surfaces import Surface
from ui.choices import surface_of
from ui.preset import Preset

RULE = "GradientDescent"
OTHERS = ("Momentum", "Adam")
UPDATES_BELOW, UPDATES_ABOVE = 200, 100
# Shares of the limit, the first of which is taken that gradient descent bears.
BELOW, ABOVE = {"a quarter": 1 / 4, "a 16th": 1 / 16, "a 64th": 1 / 64}, 1.5
# Curvatures that rounding may have made, or whose rates no slider could show.
LEAST, MOST = 1e-9, 1e9
# A rise by this share of what the loss has fallen may be rounding.
ROUNDING = 1e-9


@lru_cache(maxsize=256)
def formula_presets(surface: str) -> tuple[Preset, ...]:
    """One rate below 2/λ at the start, with the largest curvature λ, and one above; none where nothing curves up."""
    shape = surface_of(surface)
    hessian = shape.hessian(shape.start)
    largest = float(np.linalg.eigvalsh(hessian)[-1]) if np.isfinite(hessian).all() else 0.0
    if not LEAST <= largest <= MOST:
        return ()
    bound = f"The largest curvature at the start is λ = {largest:.3g}, so the limit there is 2/λ = {2 / largest:.3g}."
    words, share, rate, path = _bearable(shape, 2 / largest)
    below = f"{bound} η = {rate:.3g} is {words} of it: {_said(shape, path)}"
    too_large, wild = _path(shape, ABOVE * 2 / largest, UPDATES_ABOVE)
    above = f"{bound} η = {too_large:.3g} is half as much again: {_said(shape, wild)}"
    return (
        _preset(shape, surface, "Below the limit", _is_calm(path), below, rate, share, path),
        _preset(shape, surface, "Above the limit", False, above, too_large, ABOVE, wild),
    )


def _bearable(surface: Surface, bound: float) -> tuple[str, float, float, Trajectory]:
    """The first of the shares BELOW, in words and as a number, that gradient descent bears, or else the last."""
    for words, share in BELOW.items():
        rate, path = _path(surface, share * bound, UPDATES_BELOW)
        if _is_calm(path):
            return words, share, rate, path
    return words, share, rate, path


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


def _preset(
    surface: Surface, name: str, title: str, good: bool, look_at: str, rate: float, share: float, path: Trajectory
) -> Preset:
    start = tuple(map(float, surface.start))
    claims = (
        limit(start).at_least(0),
        rate_over_limit(RULE, start).about(share, 0.01),
        updates_of_falling_loss(RULE).exactly(_falls(surface, path)),
    )
    settings = {"learning_rate": rate, "updates": path.steps}
    return Preset(name, title, good, look_at, dict.fromkeys((RULE, *OTHERS), ""), claims, settings)
