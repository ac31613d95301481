"""Part 2: the tangent plane and the quadratic around a point, clipped to the disc."""

import numpy as np
import streamlit as st

from browser.circles import MODELS, verdict
from browser.pictures import mesh
from figures.held_circle import HELD
from figures.red_circle import circle_in_space, circle_on_map
from figures.theme import Theme
from lessons.red_circle import TWO_VARIABLES
from pages.theory.circle.instrument import (
    circle_canvas,
    circle_of,
    controls,
    legend,
    on_map_and_surface,
    verdict_of,
)
from surfaces.names import surface_of
from ui.canvas import answers
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.report import number

PLANE = "{loss}({theta}) ≈ {s} + {u} ({theta1} − {a}) + {v} ({theta2} − {b})"


def show(lesson: Lesson, theme: Theme) -> None:
    """The model on the surface and on the map, and its numbers."""
    name, center, radius, order = controls(lesson)
    circle = circle_of(lesson, name, center, radius.value, order)
    surface, ground = surface_of(name), mesh(name, "true")
    flat = circle_on_map(surface, circle, HELD) if circle else []
    solid = circle_in_space(surface, ground, circle, HELD) if circle else []
    said = verdict(circle) if circle else ""
    place = ", ".join(map(number, center))
    place = f"The {MODELS[order]} at ({place}) in a circle of radius {number(radius.value)}. {said}"
    with lesson.instrument:
        circle_canvas(
            lesson,
            "two canvas",
            on_map_and_surface(name, center, flat, solid, theme),
            {"contour": f"Map of {surface.title}. {place}", "surface": f"{surface.title} in space. {place}"},
            name,
            center,
            radius,
            verdict_of(circle),
        )
        with answers(lesson.key("two")):
            if circle:
                st.markdown(
                    f"Inside the circle the red lines are the level lines of the {MODELS[order]}. "
                    "The closer they follow the lines of the map, the better the model."
                )
            _numbers(name, center, order)
        st.caption(legend(name))
    _advice(lesson)


def _numbers(name: str, center: np.ndarray, order: int) -> None:
    surface = surface_of(name)
    (u, v), s = surface.gradient(center), surface.value(center)
    first, second = (f"({{{name}}}{_minus(value)})" for name, value in zip(("theta1", "theta2"), center, strict=True))
    symbols = PLANE
    figures = f"{number(s, 5)}{_plus(u)} {first}{_plus(v)} {second}"
    if order == 2:
        (h11, h12), (_, h22) = surface.hessian(center)
        symbols += " + ½ {change} · {hessian} {change}"
        figures += (
            f"{_plus(h11 / 2)} {first}<sup>2</sup>{_plus(h12)} {first} {second}{_plus(h22 / 2)} {second}<sup>2</sup>"
        )
    show_formulas(
        f"{{s}} = {{loss}}({{a}}, {{b}}) = {number(s, 6)}, \u2003 {{u}} = {{slope1}} = {number(u, 6)}, \u2003 "
        f"{{v}} = {{slope2}} = {number(v, 6)}",
        symbols,
        f"{{loss}}({{theta}}) ≈ {figures}",
    )


def _plus(value: float) -> str:
    """A summand with its sign."""
    return f" {'−' if value < 0 else '+'} {number(abs(float(value)), 4)}"


def _minus(value: float) -> str:
    return "" if value == 0 else _plus(-value)


def _advice(lesson: Lesson) -> None:
    lesson.try_this(*TWO_VARIABLES)
    with lesson.derivation("Taylor's series of two variables"):
        show_formulas(
            "#Near the centre (a, b), the loss is its value there, plus one slope for each parameter, plus smaller "
            "terms:",
            "{loss}({theta}) = {loss}({a}, {b}) + {slope1} ({theta1} − {a}) + {slope2} ({theta2} − {b}) + …",
            "#With short names for the three numbers:",
            "{s} = {loss}({a}, {b}), \u2003 {u} = {slope1} at ({a}, {b}), \u2003 {v} = {slope2} at ({a}, {b})",
            "#If the red circle is small enough, inside it:",
            PLANE,
            "#The disc inside the red circle holds the points with",
            "({theta1} − {a})<sup>2</sup> + ({theta2} − {b})<sup>2</sup> ≤ {d}<sup>2</sup>",
        )
        symbol_table("theta1", "theta2", "loss", "a", "b", "d", "s", "u", "v", "change", "hessian")
