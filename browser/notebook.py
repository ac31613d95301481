"""Runs in a notebook that follow the hand, without a server."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

import numpy as np

from browser.descents import program
from browser.hand import Live, Slider
from browser.instrument import instrument_html
from browser.live_runs import with_runs
from browser.playground import field_slider
from figures import LIGHT, contour_map, loss_curve, mesh_of, surface_3d
from figures.following import START
from figures.theme import Style, Theme, plain_style, style_of
from lessons.rates import rate_limit, rates_beside
from lessons.settings import LEARNING_RATE
from optimizers import OPTIMIZERS, Optimizer, Trajectory, run, title_of
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from surfaces import Surface
from surfaces.reading import written

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
        return f'<iframe title="{title}" style="{look}" srcdoc="{page}"></iframe>'


def live(surface: Surface, optimizers: Mapping[str, Optimizer], start: Sequence[float], steps: int) -> LiveRuns:
    """Runs side by side that follow sliders and a start that can be dragged, where a notebook shows them.

    optimizers: by the names that the pictures show, of which those of OPTIMIZERS have their usual colours. start:
    theta1 and theta2. steps: the number of updates, at least 1.

    Raises ValueError where the surface is none, where there is no optimizer or one without a name or with several
    values of a hyperparameter, where the start is not two finite numbers, where the steps are no whole number of at
    least 1, and with the reason where a run cannot be made in the browser.
    """
    if not isinstance(surface, Surface):
        raise ValueError(f'The surface must be one, as SURFACES["booth"] or parse("x^2 + y^2") is, not {surface!r}.')
    if not isinstance(optimizers, Mapping) or not optimizers:
        raise ValueError('Give at least one optimizer by its name, as {"Adam": OPTIMIZERS["Adam"]()} does.')
    for name, rule in optimizers.items():
        _check(name, rule)
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 1:
        raise ValueError(f"The number of updates must be a whole number of at least 1, but it is {steps!r}.")
    point = _point(start)
    waiting = program(surface, optimizers, point, steps)["waiting"]
    if waiting:
        reasons = " ".join(f"{name}: {reason}" for name, reason in waiting.items())
        raise ValueError(f"A notebook has no server that would make these runs again. {reasons}")
    return LiveRuns(surface, {name: run(rule, surface, point, steps) for name, rule in optimizers.items()})


def _check(name: object, rule: object) -> None:
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"The name of an optimizer must be a text, but one is {name!r}.")
    if isinstance(rule, type):
        raise ValueError(f"{name} is a class: make an optimizer of it, as {rule.__name__}() does.")
    if not isinstance(rule, Optimizer):
        raise ValueError(f"{name} must be an optimizer, but it is {rule!r}.")
    several = [key for key in hyperparameters(type(rule)) if np.ndim(getattr(rule, key))]
    if several:
        raise ValueError(f"{name} must have one value for {several[0]}: give each value an optimizer of its own.")


def _point(start: object) -> np.ndarray:
    try:
        point = np.asarray(start, dtype=float)
    except (TypeError, ValueError):
        point = np.empty(0)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise ValueError(f"The start is two finite numbers (theta1, theta2), not {start!r}.")
    return point


def _html(surface: Surface, runs: Mapping[str, Trajectory]) -> str:
    theme, mesh = LIGHT, mesh_of(surface)
    look = {"theme": theme, "height": HEIGHT, "styles": _styles(runs, theme)}
    figures = {
        "contour": contour_map(surface, mesh, runs, **look),
        "surface": surface_3d(surface, mesh, runs, **look),
        "loss": loss_curve(surface, runs, **look),
    }
    steps, live = next(iter(runs.values())).steps, with_runs(_live(surface, runs), runs)
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
        live,
        steps=steps,
        now=steps,
        made=_made(live, runs),
        descriptions=descriptions,
        pick=("contour",),
    )


def _title(surface: Surface, runs: Mapping[str, Trajectory]) -> str:
    return f"Descent on {surface.title}: {', '.join(map(title_of, runs))}"


def _made(live: Live, runs: Mapping[str, Trajectory]) -> str:
    path = next(iter(runs.values()))
    start = ", ".join(written(number) for number in path.theta[0])
    return f"Made with these settings. {live.made} Start (θ₁, θ₂): ({start}). Updates: {path.steps}."


def _styles(names: Iterable[str], theme: Theme) -> dict[str, Style]:
    """The usual styles of the catalogue's rules, and for others those whose colours are free, if any are."""
    styles = {name: style_of(name, theme) for name in names if name in OPTIMIZERS}
    others = [name for name in names if name not in OPTIMIZERS]
    taken = {style.color for style in styles.values()}
    plain = [plain_style(place, theme) for place in range(len(others) + len(theme.path_colors))]
    free = sorted(plain, key=lambda style: style.color in taken)
    return styles | dict(zip(others, free, strict=False))


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
    """A slider that begins with the number of an optimizer, and leads back to it."""
    kind, value, title = type(optimizer), getattr(optimizer, key), title_of(run)
    value = int(value) if is_whole(kind, key) else float(value)
    others = (*(rates if key == LEARNING_RATE else ()), defaults(kind)[key])
    slider = field_slider(kind, key, value, value, name, f"{run}.{key}", others)
    if key == LEARNING_RATE:
        return replace(slider, label=f"{slider.label} · {title}")
    return replace(slider, group=f"{title}: hyperparameters")
