"""Part 5: Newton's step as the lowest point of the quadratic model, where it wins and where it misleads."""

import streamlit as st

from browser.circles import newton_words
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures.held_circle import HELD, Disc
from figures.red_circle import circle_in_space, circle_on_map, point_mark
from figures.theme import PATH_COLOR_WORDS, Theme
from lessons.red_circle import NEWTON, ON_THE_RIM, SECOND_ORDER, three_steps
from pages.theory.circle.instrument import (
    circle_canvas,
    circle_of,
    legend,
    on_map_and_surface,
    place,
    radius_slider,
)
from programs.frame import inside
from surfaces.names import surface_of
from ui.canvas import answers
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.report import number

# What a step is drawn as: its symbol, the place of its colour, what it is, and how it follows a hand.
MARKS = {
    ON_THE_RIM: ("circle", 0, "the gradient step", Disc.gradient_step),
    NEWTON: ("cross", 1, "Newton's full step", Disc.full_step),
}


def show(lesson: Lesson, theme: Theme) -> None:
    """Three steps from one point, side by side."""
    with lesson.settings:
        name, center = place(lesson)
    radius = radius_slider(lesson)
    surface, ground = surface_of(name), mesh(name, "true")
    circle = circle_of(lesson, name, center, radius.value, 2)
    steps = three_steps(surface, circle) if circle else []
    flat, solid, drawn = [], [], []
    if circle:
        flat = circle_on_map(surface, circle, HELD)
        for step in steps:
            if step.name in MARKS:
                symbol, color, what, shape = MARKS[step.name]
                flat.append(point_mark(step.name, step.end, surface, theme.path_colors[color], symbol, shape, HELD))
                seen = inside(step.end, surface.view)
                mark = f"{PATH_COLOR_WORDS[color]} {symbol}".capitalize()
                drawn.append(f"{mark}: {what}." if seen else f"{what[0].upper()}{what[1:]} ends outside the map.")
        solid = circle_in_space(surface, ground, circle, HELD)
    said = newton_words(surface, center, radius.value)
    with lesson.instrument:
        circle_canvas(
            lesson,
            "second canvas",
            on_map_and_surface(name, center, flat, solid, theme),
            {"contour": f"Map of {surface.title}. {said}", "surface": f"{surface.title} with the quadratic. {said}"},
            name,
            center,
            radius,
            (Verdict(said),),
        )
        with answers(lesson.key("second")):
            if steps:
                st.table(
                    {
                        "Step": [step.name for step in steps],
                        "Goes to": [f"({number(float(step.end[0]))}, {number(float(step.end[1]))})" for step in steps],
                        "Its model promised": [number(float(step.promised)) for step in steps],
                        "The loss changed by": [number(float(step.happened)) for step in steps],
                    }
                )
            st.caption(" ".join([*drawn, legend(name)]))
    _advice(lesson)


def _advice(lesson: Lesson) -> None:
    lesson.try_this(*SECOND_ORDER)
    with lesson.derivation("Newton's step"):
        show_formulas(
            "#If the circle is not small enough for the plane, one more term of the series helps:",
            "{loss}({theta}) ≈ {s} + {loss_gradient} · {change} + ½ {change} · {hessian} {change}",
            "#Where H has only positive eigenvalues, this is a bowl. At its bottom the slope is zero:",
            "{loss_gradient} + {hessian} {change} = 0, \u2003 so {change} = − {hessian}<sup>−1</sup> {loss_gradient}",
            "#If an eigenvalue is negative there is no bottom. Then the point without slope is a saddle or a hilltop, "
            "and the lowest point of the circle lies on its rim.",
        )
        symbol_table("s", "change", "loss_gradient", "hessian", "eigenvalue")
