"""What a page without a server holds: rules, schedules and surfaces as plain data, for browser/page/compose.js.

Pictures are drawn here once for every surface, with all rules in them and no points: the browser takes the traces of
the rules that are chosen, and fills them by the programs in their `meta`.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from typing import Any

import numpy as np
from plotly.graph_objects import Figure

from browser.circles import RATE_CASES, rate_program
from browser.descents import program
from browser.pictures import is_heavy, mesh
from browser.playground import shared_rate, slider_of
from browser.wire import packed
from figures import Mesh, contour_map, loss_curve, surface_3d
from figures.following import UPDATE, gradient_arrow, step_arrow, velocity_arrow
from figures.held_circle import of_update
from figures.meta import arrow_following, follows
from figures.red_circle import circle_line_in_space, circle_on_map
from figures.theme import THEMES, Theme
from lessons.defaults import defaults_for
from lessons.plain_words import plain_words
from lessons.presets import presets_for
from lessons.settings import (
    HEIGHT_WORDS,
    HEIGHTS,
    LARGEST_SEED,
    MOST_OPTIMIZERS,
    MOST_UPDATES,
    OWNERS,
    Settings,
    takes_schedule,
)
from lessons.summary import formula_text
from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, Optimizer, Trajectory, full_title_of, run, title_of
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from surfaces import SURFACES, Surface
from surfaces.names import surface_of, title_of_surface
from surfaces.taylor import RedCircle, red_circle

HEIGHT = 430
# The markers of runs of at least so many updates are smaller, or have no rim.
LENGTHS = (1, 60, 250)
# How finely the ground is told: heights in so many halvings of their range, losses with so many bits.
STEPS, BITS = 15, 20
# The run of a red circle, in whose place the browser puts the one that is looked at.
ANY_RUN = "any run"
_PLAIN, _CURVED = "GradientDescent", "Newton"
_BOUNDS = ("above", "at_least", "below", "at_most")


# Rules and schedules


@cache
def common() -> dict[str, Any]:
    """Rules, schedules and limits, which are the same for all surfaces."""
    runs = program(SURFACES["bowl"], {name: rule() for name, rule in OPTIMIZERS.items()}, (0.0, 0.0), 1)
    return {
        "rules": {
            name: {
                "title": title_of(name),
                "fullTitle": full_title_of(name),
                "family": rule.family,
                "isScheduled": takes_schedule(rule),
                "arrows": ["gradient", *(["velocity"] if "velocity" in rule.memory else []), "step"],
                "equations": runs["rules"][name]["equations"],
                "ranges": _ranges(rule),
            }
            for name, rule in OPTIMIZERS.items()
        },
        "equations": runs["equations"],
        "schedules": {
            name: {"title": title_of(name), "program": kind().rate_program().data(), "ranges": _ranges(kind)}
            for name, kind in SCHEDULES.items()
        },
        "surfaces": {name: surface.title for name, surface in SURFACES.items()},
        "defaults": stated(Settings()),
        "most": {"optimizers": MOST_OPTIMIZERS, "updates": MOST_UPDATES, "seed": LARGEST_SEED},
        "heights": HEIGHT_WORDS,
    }


def _ranges(owner: type) -> dict[str, dict[str, Any]]:
    """What a value of each hyperparameter has to be, and the one that it has by itself."""
    return {
        name: {
            "label": field.label,
            "default": defaults(owner)[name],
            "isWhole": is_whole(owner, name),
            **{bound: limit for bound in _BOUNDS if (limit := getattr(field, bound)) is not None},
        }
        for name, field in hyperparameters(owner).items()
    }


def stated(settings: Settings) -> dict[str, Any]:
    """The settings as plain data, under the names that they have in a link."""
    return {**asdict(settings), "values": dict(settings.values)}


def noise_of(seed: int, updates: int = MOST_UPDATES) -> list[list[float | str]]:
    """The noise of a seed with the strength 1: what is added to both partial derivatives at each update."""
    noisy = GaussianNoise(SURFACES["bowl"], 1.0, seed)
    return program(noisy, {_PLAIN: OPTIMIZERS[_PLAIN]()}, (0.0, 0.0), updates)["noise"]["slopes"]


# A surface


def surface_contents(name: str) -> dict[str, Any]:
    """All that belongs to a surface, by its name: its loss as a program, its sliders, presets, ground and pictures.

    Raises KeyError where there is no such surface.
    """
    surface = surface_of(name)
    meshes = {heights: mesh(name, heights) for heights in HEIGHTS}
    ground, pictures = _Ground(), {}
    for theme in THEMES.values():
        pictures[theme.name] = {
            heights: _pictures(surface, sampled, theme, ground) for heights, sampled in meshes.items()
        }
    plain, curved = (_loss(surface, rule) for rule in (_PLAIN, _CURVED))
    return {
        "name": name,
        "title": title_of_surface(name),
        "formula": formula_text(surface),
        "lesson": plain_words(surface.lesson),
        "defaults": stated(defaults_for(name)),
        "best": surface.best_loss,
        "view": surface.view,
        "loss": plain,
        "curvedLoss": curved,
        "sliders": _sliders(name),
        "presets": [
            {"title": preset.title, "good": preset.good, "lookAt": preset.look_at, "settings": stated(preset.applied())}
            for preset in presets_for(name)
        ],
        "rate": _rate_sentence(surface),
        "ground": ground.traces,
        "pictures": pictures,
    }


def _loss(surface: Surface, rule: str) -> dict[str, Any]:
    runs = program(surface, {rule: OPTIMIZERS[rule]()}, surface.start, 1)
    return {"program": runs["surface"], "waits": runs["waiting"].get(rule, "")}


def _rate_sentence(surface: Surface) -> dict[str, Any] | None:
    """What compares the learning rate of an update with 2/λ; None where the loss is no formula."""
    if surface.hessian_program is None:
        return None
    return {"program": rate_program(surface).data(), "cases": RATE_CASES}


def _sliders(surface: str) -> dict[str, Any]:
    """The sliders of all rules and schedules by their keys, as they stand where nothing is changed."""
    settings = defaults_for(surface)
    apart = replace(settings, same_rate=False)
    sliders = [shared_rate(settings)]
    sliders += [slider_of(apart, owner, name) for owner, kind in OWNERS.items() for name in hyperparameters(kind)]
    return {slider.key: vars(slider) for slider in sliders}


# Pictures


class _Ground:
    """What stays while the runs change, each trace once."""

    def __init__(self):
        self.traces: list[dict] = []
        self._places: dict[str, int] = {}

    def apart(self, figure: Figure) -> dict[str, Any]:
        """A figure with {"ground": place} where a heavy trace was."""
        data = [{"ground": self._place(trace)} if is_heavy(trace) else _without_points(trace) for trace in figure._data]
        return {"data": data, "layout": figure._layout}

    def _place(self, trace: dict) -> int:
        kept = _compact(trace)
        text = packed(kept)
        if text not in self._places:
            self._places[text] = len(self.traces)
            self.traces.append(kept)
        return self._places[text]


def _compact(trace: dict) -> dict:
    """A trace of the ground with as many digits as can be seen: heights are a share of the picture, and losses are read
    out with six digits."""
    if trace["type"] not in ("surface", "contour"):
        return trace
    return {**trace, "z": _in_steps(trace["z"]), "customdata": _rounded(trace["customdata"])}


def _in_steps(heights: np.ndarray) -> np.ndarray:
    """Heights in steps of a power of two that are smaller than 1/32768 of the range: their last bytes are equal."""
    finite = heights[np.isfinite(heights)]
    size = float(np.ptp(finite)) if finite.size else 0.0
    if heights.dtype != np.float32 or not 1e-30 < size < 1e30:
        return heights
    step = 2.0 ** (np.floor(np.log2(size)) - STEPS)
    return (np.round(heights / step) * step).astype(np.float32)


def _rounded(losses: np.ndarray) -> np.ndarray:
    """Numbers of 32 bits without their last bits, a share of two million or less."""
    if losses.dtype != np.float32:
        return losses
    mantissas, exponents = np.frexp(losses)
    return np.ldexp(np.round(mantissas * 2**BITS) / 2**BITS, exponents).astype(np.float32)


def _without_points(trace: dict) -> dict:
    """A trace that follows the runs, without the points of the runs that drew it."""
    if not follows(trace):
        return trace
    return {name: value for name, value in trace.items() if name not in ("x", "y", "z", "customdata")}


def _pictures(surface: Surface, sampled: Mesh, theme: Theme, ground: _Ground) -> dict[str, Any]:
    """The pictures with all rules in them, for short and for longer runs, and what is drawn of one update."""
    rules = {name: rule() for name, rule in OPTIMIZERS.items()}
    by_length = [
        {"from": length, **_drawn(surface, sampled, theme, ground, _resting(surface, rules, length))}
        for length in LENGTHS
    ]
    return {"byLength": by_length, "update": _of_update(surface, sampled, theme)}


def _drawn(surface, sampled, theme, ground: _Ground, runs: Mapping[str, Trajectory]) -> dict[str, Any]:
    how = {"theme": theme, "height": HEIGHT}
    figures = {
        "contour": contour_map(surface, sampled, runs, update=1, **how),
        "surface": surface_3d(surface, sampled, runs, update=1, **how),
        "loss": loss_curve(surface, runs, **how),
    }
    return {name: ground.apart(drawn) for name, drawn in figures.items()}


def _resting(surface: Surface, rules: Mapping[str, Optimizer], updates: int) -> dict[str, Trajectory]:
    """Runs that stay in the middle of the picture, where nothing leaves it."""
    middle = np.mean(surface.view, axis=1)
    runs = {}
    for name, rule in rules.items():
        moved = run(rule, surface, middle, 1)
        first = {field: getattr(moved, field)[:1] for field in ("theta", "loss", "gradient", "seen_gradient")}
        stayed = {field: np.repeat(numbers, updates + 1, axis=0) for field, numbers in first.items()}
        runs[name] = replace(moved, **stayed, state={}, diverged_at=np.array(-1))
    return runs


def _of_update(surface: Surface, sampled: Mesh, theme: Theme) -> dict[str, Any]:
    """What is drawn of one update: arrows by their kind, and the red circle."""
    colors = theme.arrow_colors
    arrows = {
        kind: arrow_following(ANY_RUN, made(), colors[kind], UPDATE)
        for kind, made in (("gradient", gradient_arrow), ("velocity", velocity_arrow), ("step", step_arrow))
    }
    circle, source = _any_circle(), of_update(ANY_RUN)
    flat = circle_on_map(surface, circle, source)
    solid = circle_line_in_space(surface, sampled, circle.center, float(circle.radius), source)
    return {
        "arrows": arrows,
        "circle": {"contour": list(map(_without_points, flat)), "surface": [_without_points(solid)]},
    }


@cache
def _any_circle() -> RedCircle:
    """A red circle whose traces any other one has, where there are no points in them."""
    return red_circle(SURFACES["bowl"], np.array([1.0, 1.0]), 0.5)
