"""What the parts in two variables share: the controls, the map with the circle, and its legend."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from browser.circles import MODELS, verdict
from browser.hand import Live, Slider
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map, surface_3d
from figures.held_circle import HELD
from figures.red_circle import center_mark
from figures.theme import Theme
from lessons.rates import preferred_numbers
from programs.frame import inside, shortest_side
from surfaces.names import surface_of
from surfaces.taylor import RedCircle, red_circle
from ui.canvas import canvas
from ui.lesson import Lesson
from ui.sliders import live_slider

HEIGHT = 370
SURFACE, CENTER, RADIUS = "himmelblau", (-2.0, -1.0), 1.0
SMALLEST_RADIUS, LARGEST_RADIUS = 1e-3, 100.0
# Through the surface one sees a plane that lies below it.
OPACITY = 0.72


def place(lesson: Lesson) -> tuple[str, np.ndarray]:
    """The surface and the point, for all parts the same. A surface chosen by hand brings a radius that suits."""

    def suit(name: str) -> None:
        st.session_state[lesson.key("radius")] = _suitable_radius(name)

    name = lesson.surface_and_start(SURFACE, CENTER, suit)
    center = lesson.point()
    if not inside(center, surface_of(name).view):
        start = ", ".join(f"{value:g}" for value in surface_of(name).start)
        lesson.complaints.info(f"The point lies outside the picture. Inside is, for example, ({start}).")
    return name, center


def _suitable_radius(name: str) -> float:
    wanted = 0.1 * size_of(name)
    return min(preferred_numbers(SMALLEST_RADIUS, LARGEST_RADIUS), key=lambda radius: abs(radius - wanted))


def size_of(name: str) -> float:
    """The shorter side of a surface's picture."""
    return shortest_side(surface_of(name).view)


def radius_slider(lesson: Lesson) -> Slider:
    """The one thing to move."""
    numbers = preferred_numbers(SMALLEST_RADIUS, LARGEST_RADIUS)
    return live_slider(
        "Radius d of the red circle", lesson.key("radius"), numbers, RADIUS, name="radius", spoken="Radius d"
    )


def _under_the_hand(center: np.ndarray, radius: Slider) -> Live:
    """What a hand moves on the map: the centre and the radius, which HELD names."""
    first, second, _ = HELD.names
    inputs = dict(zip((first, second), map(float, center), strict=True))
    return Live(sliders=(radius,), points={"contour": (first, second)}, inputs=inputs)


def circle_canvas(
    lesson: Lesson,
    key: str,
    figures: Mapping[str, go.Figure],
    descriptions: Mapping[str, str],
    name: str,
    center: np.ndarray,
    radius: Slider,
    verdicts: Sequence[Verdict],
) -> None:
    """The canvas of a part: pictures of a surface, whose map moves the centre, and the radius below them."""
    canvas(
        figures,
        descriptions,
        key=lesson.key(key),
        steps=0,
        revision=name,
        on_pick={"contour": lesson.move},
        live=_under_the_hand(center, radius),
        title=lesson.title,
        verdicts=verdicts,
    )


def verdict_of(circle: RedCircle | None) -> tuple[Verdict, ...]:
    """The verdict line: how far the model of a circle can be trusted."""
    return (Verdict(verdict(circle)),) if circle else ()


def controls(lesson: Lesson) -> tuple[str, np.ndarray, Slider, int]:
    """Surface, point, radius, and the order of the model."""
    with lesson.settings:
        places, model = st.columns([5, 2], vertical_alignment="bottom")
    with places:
        name, center = place(lesson)
    radius = radius_slider(lesson)
    st.session_state.setdefault(lesson.key("order"), 1)
    order = model.segmented_control(
        "Model",
        list(MODELS),
        default=1,
        key=lesson.key("order"),
        format_func=MODELS.get,
        required=True,
        bind="query-params",
    )
    return name, center, radius, order or 1


def circle_of(lesson: Lesson, name: str, center: np.ndarray, radius: float, order: int) -> RedCircle | None:
    """The circle, or None and a sentence where there is none."""
    try:
        return red_circle(surface_of(name), center, radius, order)
    except ValueError as error:
        lesson.complaints.info(f"There is no {MODELS[order]} to follow here. {error} Move the point a little.")
        return None


def map_of(name: str, center: np.ndarray, overlays: Sequence[dict], theme: Theme) -> go.Figure:
    """The contour map with overlays and the centre, which can be dragged."""
    surface = surface_of(name)
    mark = center_mark(surface, center, HELD)
    return contour_map(surface, mesh(name, "spaced"), {}, theme, height=HEIGHT, overlays=[*overlays, mark])


def on_map_and_surface(
    name: str, center: np.ndarray, flat: Sequence[dict], solid: Sequence[dict], theme: Theme
) -> dict[str, go.Figure]:
    """The map and the surface in space, with overlays on each."""
    ground, look = mesh(name, "true"), {"height": HEIGHT, "opacity": OPACITY}
    return {
        "contour": map_of(name, center, flat, theme),
        "surface": surface_3d(surface_of(name), ground, {}, theme, overlays=solid, **look),
    }


def legend(name: str) -> str:
    """What is red and what is white."""
    (left, right), (bottom, top) = surface_of(name).view
    scales = "" if right - left == top - bottom else " Where the axes have different scales, it looks like an ellipse."
    return (
        "Red: the circle, the model's own level lines inside it, and its lowest point (◆). White square: the lowest "
        f"point of the loss in the disc. Click on the map, or drag the white point, to move the centre.{scales}"
    )
