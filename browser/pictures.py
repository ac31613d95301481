"""The pictures of an experiment, and what the browser gets of pictures: a ground that stays, and what moves over it."""

import hashlib
import pickle
from collections.abc import Mapping
from functools import cached_property, lru_cache

import numpy as np
import plotly.graph_objects as go

from browser.wire import packed
from figures import Mesh, contour_map, loss_curve, mesh_of, surface_3d
from figures.contour_map import Arrow
from figures.following import UPDATE, gradient_arrow, step_arrow, velocity_arrow
from figures.held_circle import of_update
from figures.mesh import true_heights
from figures.meta import arrow_following, is_still
from figures.red_circle import circle_line_in_space, circle_on_map
from figures.theme import Theme
from lessons.experiment import KEPT, Experiment, experiment, without_moment
from optimizers.arrows import update_vectors
from surfaces.names import surface_of

_STATIC = ("surface", "contour", "heatmap")


class Pictures(dict[str, go.Figure]):
    """Figures by name that do not change any more: what the browser gets of them is made once."""

    @cached_property
    def messages(self) -> tuple[str, str, str]:
        """The name of the ground, the ground, and what moves over it."""
        ground, moving = split(self)
        return *_ground_message(ground), packed(moving)


@lru_cache(maxsize=128)
def mesh(surface: str, heights: str) -> Mesh:
    """The mesh of a surface by its name, with "spaced" or "true" heights."""
    sampled = mesh_of(surface_of(surface))
    return sampled if heights == "spaced" else true_heights(sampled)


def pictures(done: Experiment, theme: Theme, height: int) -> Pictures:
    """The three Figures of an experiment by name."""
    settings = done.settings
    has_moment = settings.arrows or settings.circle
    return _pictures(done if has_moment else experiment(without_moment(settings)), theme, height)


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


def split(figures: Mapping[str, go.Figure]) -> tuple[list[dict], dict[str, dict]]:
    """The heavy traces, and the figures with {"ground": place} where these were."""
    ground: list[dict] = []
    moving = {}
    for name, figure in figures.items():
        traces = []
        # plotly's own to_plotly_json copies every list, for longer than the drawing took.
        for trace in figure._data:
            if is_heavy(trace):
                traces.append({"ground": len(ground)})
                ground.append(trace)
            else:
                traces.append(trace)
        moving[name] = {"data": traces, "layout": figure._layout}
    return ground, moving


def is_heavy(trace: dict) -> bool:
    """Whether a trace belongs to the ground: a surface, its colours, or what else stays while the runs change."""
    return trace["type"] in _STATIC or is_still(trace)


class _Content:
    """Traces that are looked up by their identity, so that an unchanged surface is packed once."""

    def __init__(self, name: str, traces: list[dict]):
        self.name, self.traces = name, traces

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def _ground_message(traces: list[dict]) -> tuple[str, str]:
    name = hashlib.blake2b(pickle.dumps(traces), digest_size=12).hexdigest()
    return name, _packed_once(_Content(name, traces))


@lru_cache(maxsize=64)
def _packed_once(content: _Content) -> str:
    return packed(content.traces)
