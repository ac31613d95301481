"""From settings to what the page draws: the runs, their outcomes, and the mesh under them. Cached by names and
numbers."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
import streamlit as st

from figures import LIGHT, Mesh, contour_map, loss_curve, mesh_of, surface_3d
from figures.contour_map import Arrow
from figures.following import UPDATE, gradient_arrow, step_arrow, velocity_arrow
from figures.held_circle import of_update
from figures.mesh import true_heights
from figures.meta import arrow_following
from figures.red_circle import circle_line_in_space, circle_on_map
from figures.theme import THEMES, Theme
from optimizers import GaussianNoise, Optimizer, Trajectory, run
from optimizers.arrows import update_vectors
from optimizers.goal import Goal
from optimizers.loss import Loss
from optimizers.outcome import Outcome, outcome, outcome_by
from surfaces import Surface
from surfaces.taylor import RedCircle, red_circle
from ui.canvas import Pictures
from ui.choices import surface_of
from ui.settings import Settings, built_optimizer


@dataclass(frozen=True, eq=False)
class Experiment:
    """The runs of one setting side by side, by optimizer name, and what became of each."""

    settings: Settings
    surface: Surface
    optimizers: dict[str, Optimizer]
    trajectories: dict[str, Trajectory]
    outcomes: dict[str, Outcome]

    @property
    def loss(self) -> Loss:
        """What the rules descend: the surface, with noise on its gradient if the settings ask for it."""
        return noisy(self.surface, self.settings)

    @cached_property
    def circle(self) -> RedCircle | None:
        """The red circle of the chosen update, its radius the length of the step; None where it is off or there is
        none."""
        settings, name = self.settings, self.settings.chosen_rule()
        if not settings.circle or not name:
            return None
        update = settings.chosen_update()
        before, after = self.trajectories[name].theta[update - 1 : update + 1]
        with np.errstate(all="ignore"):
            radius = float(np.hypot(*(after - before)))
        try:
            return red_circle(self.surface, before, radius)
        except ValueError:
            return None


def noisy(surface: Surface, settings: Settings) -> Loss:
    """The surface, seen through noise where the settings ask for it."""
    return GaussianNoise(surface, settings.noise, settings.seed) if settings.noise else surface


# A class moves the same slider: what one student has seen is there for the next. At most 3 MB each.
KEPT = 64


@lru_cache(maxsize=KEPT)
def experiment(settings: Settings) -> Experiment:
    """Runs every chosen rule from the same start."""
    runs = _runs(replace(settings, heights=Settings.heights, arrows=False, circle=False, **_NO_MOMENT))
    return replace(runs, settings=settings)


# What is looked at changes no run, and without arrows and circle, no picture.
_NO_MOMENT = {"rule": Settings.rule, "update": Settings.update}


@lru_cache(maxsize=KEPT)
def _runs(settings: Settings) -> Experiment:
    surface = surface_of(settings.surface)
    loss = noisy(surface, settings)
    optimizers = {name: built_optimizer(settings, name) for name in settings.optimizers}
    runs = {name: run(rule, loss, settings.start, settings.updates) for name, rule in optimizers.items()}
    goal = Goal(surface, surface.minima)
    outcomes = {name: outcome_by(path, goal, surface.view) for name, path in runs.items()}
    return Experiment(settings, surface, optimizers, runs, outcomes)


def outcome_on(surface: Surface, path: Trajectory) -> Outcome:
    """What became of a run, judged in the frame that the pictures of its surface show."""
    return outcome(path, surface, surface.minima, surface.view)


@lru_cache(maxsize=128)
def mesh(surface: str, heights: str) -> Mesh:
    """The mesh of a surface by its name, with "spaced" or "true" heights."""
    sampled = mesh_of(surface_of(surface))
    return sampled if heights == "spaced" else true_heights(sampled)


def page_theme() -> Theme:
    """The theme that the browser shows."""
    return THEMES.get(st.context.theme.type or "", LIGHT)


def pictures(done: Experiment, theme: Theme, height: int) -> Pictures:
    """The three Figures of an experiment by name."""
    settings = done.settings
    has_moment = settings.arrows or settings.circle
    return _pictures(done if has_moment else experiment(replace(settings, **_NO_MOMENT)), theme, height)


@lru_cache(maxsize=KEPT)
def _pictures(done: Experiment, theme: Theme, height: int) -> Pictures:
    settings = done.settings
    ground = mesh(settings.surface, settings.heights)
    chosen = settings.chosen_update() if settings.arrows else None
    common = {"theme": theme, "height": height}
    circle, flat, solid = done.circle, [], []
    if circle:
        source = of_update(settings.chosen_rule())
        flat = circle_on_map(done.surface, circle, source)
        solid = [circle_line_in_space(done.surface, ground, circle.center, float(circle.radius), source)]
    figures = {
        "contour": contour_map(
            done.surface, ground, done.trajectories, arrows=_arrows(done, theme), overlays=flat, update=chosen, **common
        ),
        "surface": surface_3d(done.surface, ground, done.trajectories, overlays=solid, update=chosen, **common),
        "loss": loss_curve(done.surface, done.trajectories, **common),
    }
    return Pictures(figures)


_ARROWS = {"gradient": gradient_arrow, "velocity": velocity_arrow, "step": step_arrow}


def _arrows(done: Experiment, theme: Theme) -> list[Arrow]:
    settings, name = done.settings, done.settings.chosen_rule()
    if not settings.arrows or not name:
        return []
    trajectory, place = done.trajectories[name], settings.chosen_update() - 1
    tail = trajectory.theta[place]
    vectors = update_vectors(done.optimizers[name], trajectory, place)
    colors = theme.arrow_colors
    return [
        Arrow(label, tail, vector, colors[kind], arrow_following(name, _ARROWS[kind](), colors[kind], UPDATE))
        for kind, (label, vector) in vectors.items()
        if np.isfinite(tail).all() and np.isfinite(vector).all() and vector.any()
    ]
