"""Runs in a notebook that follow the hand, without a server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from browser.descents import program
from browser.hand import Live, Slider, positions
from browser.instrument import instrument_html
from browser.live_runs import with_runs
from figures import LIGHT, contour_map, loss_curve, mesh_of, surface_3d
from figures.following import START
from figures.theme import Style, Theme, plain_style, style_of
from lessons.rates import numbers_of, rate_limit, rates_beside
from lessons.settings import LEARNING_RATE
from lessons.summary import formula_text, values_of
from optimizers import OPTIMIZERS, Optimizer, Trajectory, run, title_of
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from optimizers.symbols import text_of
from surfaces import Surface

HEIGHT = 340
# Of the frame in the notebook, in pixels.
FRAME_HEIGHT = 760


@dataclass(frozen=True, eq=False)
class LiveRuns:
    """Runs on a surface, with sliders for their hyperparameters; a notebook shows them.

    trajectories: the runs as numpy makes them, by their names, with the numbers that the sliders begin with.
    """

    surface: Surface
    trajectories: Mapping[str, Trajectory]

    def html(self) -> str:
        """The page alone, as a file."""
        return _html(self.surface, self.trajectories)

    def _repr_html_(self) -> str:
        page = escape(self.html())
        look = f"width:100%;height:{FRAME_HEIGHT}px;border:0"
        title = escape(_title(self.surface, self.trajectories))
        return f'<iframe title="{title}" style="{look}" allow="clipboard-write" srcdoc="{page}"></iframe>'


def live(surface: Surface, optimizers: Mapping[str, Optimizer], start: Sequence[float], steps: int) -> LiveRuns:
    """Runs side by side that follow sliders and a start that can be dragged, where a notebook shows them.

    optimizers: by the names that the pictures show, of which those of OPTIMIZERS have their usual colours. start:
    theta1 and theta2. steps: the number of updates, at least 1.

    Raises ValueError where there is no optimizer, where the start is not two finite numbers, where the steps are no
    whole number of at least 1, and with the reason where a run cannot be made in the browser.
    """
    if not optimizers:
        raise ValueError("There is nothing to show: give at least one optimizer, {name: optimizer}.")
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise ValueError(f"The number of updates must be a whole number of at least 1, but it is {steps!r}.")
    waiting = program(surface, optimizers, start, steps)["waiting"]
    if waiting:
        raise ValueError(" ".join(f"{name}: {reason}" for name, reason in waiting.items()))
    point = np.asarray(start, dtype=float)
    return LiveRuns(surface, {name: run(rule, surface, point, steps) for name, rule in optimizers.items()})


def _html(surface: Surface, runs: Mapping[str, Trajectory]) -> str:
    theme, mesh = LIGHT, mesh_of(surface)
    styles = {name: _style(name, place, theme) for place, name in enumerate(runs)}
    look = {"theme": theme, "height": HEIGHT, "styles": styles}
    figures = {
        "contour": contour_map(surface, mesh, runs, **look),
        "surface": surface_3d(surface, mesh, runs, **look),
        "loss": loss_curve(surface, runs, **look),
    }
    steps = next(iter(runs.values())).steps
    titles = " ".join(f"{title_of(name)}." for name in runs)
    descriptions = {
        "contour": f"Contour map of the loss {surface.title}, with the paths of these rules. {titles}",
        "surface": f"The loss {surface.title} as a surface in space, with the same paths.",
        "loss": "Loss against updates.",
    }
    return instrument_html(
        _title(surface, runs),
        figures,
        theme,
        with_runs(_live(surface, runs), runs),
        steps=steps,
        now=steps,
        made=_made(surface, runs),
        descriptions=descriptions,
        pick=("contour",),
    )


def _title(surface: Surface, runs: Mapping[str, Trajectory]) -> str:
    return f"Descent on {surface.title}: {', '.join(map(title_of, runs))}"


def _made(surface: Surface, runs: Mapping[str, Trajectory]) -> str:
    rules = "; ".join(f"{title_of(name)}: {values_of(path.optimizer)}" for name, path in runs.items())
    return f"L(θ₁, θ₂) = {formula_text(surface)}. {rules}."


def _style(name: str, place: int, theme: Theme) -> Style:
    return style_of(name, theme) if name in OPTIMIZERS else plain_style(place, theme)


def _live(surface: Surface, runs: Mapping[str, Trajectory]) -> Live:
    """A slider for each learning rate, and folded, one for each other hyperparameter."""
    rates = rates_beside(rate_limit(surface))
    sliders, bound = [], {}
    for place, (name, path) in enumerate(runs.items()):
        owner = type(path.optimizer)
        made = {key: _slider(f"run{place}_{key}", name, key, path.optimizer, rates) for key in hyperparameters(owner)}
        sliders += made.values()
        bound[name] = {key: slider.name for key, slider in made.items()}
    return Live(tuple(sorted(sliders, key=lambda slider: slider.group != "")), bound=bound, points={"contour": START})


def _slider(name: str, run: str, key: str, optimizer: Optimizer, rates: Sequence[float]) -> Slider:
    owner, known = type(optimizer), hyperparameters(type(optimizer))[key]
    value = getattr(optimizer, key)
    value = int(value) if is_whole(owner, key) else float(value)
    is_rate = key == LEARNING_RATE
    label = f"{known.label.capitalize()} {text_of(known.symbol)}"
    numbers = positions({*numbers_of(owner, key), *(rates if is_rate else ())}, defaults(owner)[key], value)
    title = title_of(run)
    group = "" if is_rate else f"{title}: hyperparameters"
    return Slider(
        name, f"{run}.{key}", f"{label} · {title}" if is_rate else label, numbers, value, value, known.help, group
    )
