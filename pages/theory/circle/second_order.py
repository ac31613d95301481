"""Part 5: Newton's step as the lowest point of the quadratic model, where it wins and where it misleads."""

import numpy as np
import streamlit as st

from figures import surface_3d
from figures.red_circle import circle_in_space, circle_on_map, point_mark
from figures.theme import Theme
from lessons.tries import Try
from pages.theory.circle.instrument import HEIGHT, OPACITY, circle_of, legend, map_of, place, radius_slider
from surfaces import Surface
from surfaces.taylor import RedCircle, newton_step, red_circle
from ui.canvas import canvas
from ui.choices import surface_of
from ui.circles import newton_words
from ui.experiment import mesh
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.report import number

# A step: its name, where it goes, what its model promised, and how the loss changed.
Row = tuple[str, np.ndarray, float, float]


def show(lesson: Lesson, theme: Theme) -> None:
    """Three steps from one point, side by side."""
    places, reach = st.columns([5, 6], vertical_alignment="bottom")
    with places:
        name, center = place(lesson)
    with reach:
        radius = radius_slider(lesson)
    surface, ground = surface_of(name), mesh(name, "true")
    circle = circle_of(lesson, name, center, radius, 2)
    rows = _steps(surface, circle) if circle else []
    marks = dict(zip(("Gradient step, on the rim", "Newton's full step"), ("circle", "cross"), strict=True))
    flat, solid = [], []
    if circle:
        flat = circle_on_map(surface, circle)
        flat += [
            point_mark(row[0], row[1], surface, theme.path_colors[0 if symbol == "circle" else 1], symbol)
            for row in rows
            if (symbol := marks.get(row[0]))
        ]
        solid = circle_in_space(surface, ground, circle)
    said = newton_words(surface, center, radius)
    canvas(
        {
            "contour": map_of(name, center, flat, theme),
            "surface": surface_3d(surface, ground, {}, theme, height=HEIGHT, overlays=solid, opacity=OPACITY),
        },
        {"contour": f"Map of {surface.title}. {said}", "surface": f"{surface.title} with the quadratic. {said}"},
        key=lesson.key("second canvas"),
        steps=0,
        revision=name,
        on_pick={"contour": lesson.move},
    )
    st.markdown(said)
    if rows:
        st.table(
            {
                "Step": [row[0] for row in rows],
                "Goes to": [f"({number(float(row[1][0]))}, {number(float(row[1][1]))})" for row in rows],
                "Its model promised": [number(float(row[2])) for row in rows],
                "The loss changed by": [number(float(row[3])) for row in rows],
            }
        )
    st.caption(f"Amber circle: the gradient step. Blue cross: Newton's full step. {legend(name)}")
    _advice(lesson)


def _steps(surface: Surface, circle: RedCircle) -> list[Row]:
    center = circle.center
    gradient = surface.gradient(center)
    rows = []
    if gradient.any():
        plane = red_circle(surface, center, circle.radius, 1)
        rows.append(("Gradient step, on the rim", plane.model_minimizer, plane.predicted_change, plane.actual_change))
    lowest = "Lowest point of the quadratic in the circle"
    rows.append((lowest, circle.model_minimizer, circle.predicted_change, circle.actual_change))
    step = newton_step(gradient, surface.hessian(center))
    if np.isfinite(step).all():
        change = float(surface.value(center + step) - surface.value(center))
        rows.append(("Newton's full step", center + step, float(gradient @ step) / 2, change))
    return rows


def _advice(lesson: Lesson) -> None:
    lesson.try_this(
        Try(
            "Newton wins",
            "In the long valley the gradient points at the wall. Newton's step goes to the minimum at once.",
            {"surface": "ellipse", "theta1": -3.0, "theta2": 0.5, "radius": 4.0},
        ),
        Try(
            "Newton climbs",
            "Near the hilltop both curvatures are negative. Newton's full step goes up to the top, where the slope is "
            "zero.",
            {"surface": "himmelblau", "theta1": -0.5, "theta2": -1.0, "radius": 1.0},
            good=False,
        ),
        Try(
            "Far from the minimum",
            "Both curvatures are positive but small here, so the quadratic has its bottom far away, where the loss has "
            "a wall. Inside the circle the quadratic is good.",
            {"surface": "styblinski_tang", "theta1": 1.9, "theta2": 1.9, "radius": 0.5},
            good=False,
        ),
    )
    with lesson.derivation("Newton's step"):
        show_formulas(
            "#If the circle is not small enough for the plane, one more term of the series helps:",
            "{loss}({theta}) ≈ {s} + {gradient} · {change} + ½ {change} · {hessian} {change}",
            "#Where H has only positive eigenvalues, this is a bowl. At its bottom the slope is zero:",
            "{gradient} + {hessian} {change} = 0, \u2003 so {change} = − {hessian}<sup>−1</sup> {gradient}",
            "#If an eigenvalue is negative there is no bottom. Then the point without slope is a saddle or a hilltop, "
            "and the lowest point of the circle lies on its rim.",
        )
        symbol_table("s", "change", "gradient", "hessian", "eigenvalue")
