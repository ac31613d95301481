"""From settings to runs: what every chosen rule does, and what becomes of it. Cached by names and numbers."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from lessons.settings import Settings, built_optimizer
from optimizers import GaussianNoise, Optimizer, Trajectory, run
from optimizers.goal import Goal
from optimizers.loss import Loss
from optimizers.outcome import Outcome, outcome, outcome_by
from surfaces import Surface
from surfaces.names import surface_of
from surfaces.taylor import RedCircle, red_circle


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
    runs = _runs(replace(without_moment(settings), heights=Settings.heights, arrows=False, circle=False))
    return replace(runs, settings=settings)


def without_moment(settings: Settings) -> Settings:
    """The settings without what is looked at, which changes no run, and without arrows and circle, no picture."""
    return replace(settings, rule=Settings.rule, update=Settings.update)


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
