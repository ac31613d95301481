"""Part 3: the lowest point inside the circle, what the model promises, and how its error shrinks with the circle."""

import math

import numpy as np
import streamlit as st

from browser.circles import MODELS, ratio, verdict
from figures.held_circle import HELD
from figures.model_error import model_error
from figures.red_circle import circle_on_map
from figures.theme import Theme
from lessons.red_circle import INSIDE, clear_errors
from pages.theory.circle.instrument import (
    HEIGHT,
    circle_canvas,
    circle_of,
    controls,
    legend,
    map_of,
    size_of,
    verdict_of,
)
from surfaces import Surface
from surfaces.names import surface_of
from surfaces.taylor import RedCircle
from ui.canvas import answers
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.report import number

DECADES, RADII = 4, 61


def show(lesson: Lesson, theme: Theme) -> None:
    """Predicted against actual change, and the error against the radius."""
    name, center, radius, order = controls(lesson)
    surface = surface_of(name)
    circle = circle_of(lesson, name, center, radius.value, order)
    radii = np.logspace(-DECADES, 0, RADII) * size_of(name)
    errors, slopes = {}, {}
    for model in MODELS:
        errors[model], slopes[model] = clear_errors(surface, center, radii, model)
    said = verdict(circle) if circle else ""
    with lesson.instrument:
        circle_canvas(
            lesson,
            "inside canvas",
            {
                "contour": map_of(name, center, circle_on_map(surface, circle, HELD) if circle else [], theme),
                "error": model_error(
                    radii,
                    errors,
                    slopes,
                    radius.value,
                    0.0,
                    theme,
                    follows=radius.name,
                    waits=HELD.names[:2],
                    height=HEIGHT,
                ),
            },
            {
                "contour": f"Map of {surface.title} with a red circle of radius {number(radius.value)}. {said}",
                "error": f"Error of plane and quadratic against the radius. {_slopes_in_words(slopes, errors)}",
            },
            name,
            center,
            radius,
            verdict_of(circle),
        )
        with answers(lesson.key("inside")):
            if circle:
                _changes(circle)
                if order == 1:
                    _step(surface, circle)
            st.markdown(_slopes_in_words(slopes, errors))
        st.caption(legend(name))
    _advice(lesson)


def _changes(circle: RedCircle) -> None:
    texts = {
        f"The {MODELS[circle.order]} predicts": number(float(circle.predicted_change)),
        "The loss really changes by": number(float(circle.actual_change)),
        "Actual / predicted": number(ratio(circle), 3),
        "Best possible in the disc": number(float(circle.true_change)),
    }
    for column, (label, text) in zip(st.columns(len(texts)), texts.items(), strict=True):
        column.metric(label, text)


def _step(surface: Surface, circle: RedCircle) -> None:
    slopes = surface.gradient(circle.center)
    radius, steepness = float(circle.radius), float(np.hypot(*slopes))
    rate = number(radius / steepness)
    a, b = (number(float(value)) for value in circle.center)
    u, v = (number(float(value)) for value in slopes)
    first, second = (number(float(value)) for value in circle.model_minimizer)
    show_formulas(
        f"{{learning_rate}} = {{d}} / |{{loss_gradient}}| = {number(radius)} / {number(steepness)} = {rate}",
        f"({{theta1}}, {{theta2}}) = ({{a}}, {{b}}) − {{learning_rate}} ({{u}}, {{v}}) = "
        f"({a}, {b}) − {rate} · ({u}, {v}) = <b>({first}, {second})</b>",
    )


def _slopes_in_words(slopes: dict[int, float], errors: dict[int, np.ndarray]) -> str:
    parts = []
    for order, slope in slopes.items():
        if not math.isnan(slope):
            parts.append(f"slope **{slope:.2f}** for the {MODELS[order]}")
        elif np.isnan(errors[order]).all():
            parts.append(f"no slope for the {MODELS[order]}, whose error is nothing but rounding")
        else:
            parts.append(f"no slope for the {MODELS[order]}, whose error in small circles cannot be measured")
    return (
        f"The chart of the errors: {', '.join(parts)}. "
        "With slope 2, half the radius makes a quarter of the error; with slope 3, an eighth."
    )


def _advice(lesson: Lesson) -> None:
    lesson.try_this(*INSIDE)
    with lesson.derivation("the lowest point of a plane in a disc"):
        show_formulas(
            "#Inside the circle we minimise the plane. s is a constant, so only this counts:",
            "{u} {change1} + {v} {change2}, where {change1}<sup>2</sup> + {change2}<sup>2</sup> ≤ {d}<sup>2</sup>",
            "#This is the scalar product of (u, v) with the step. It is smallest when the step points against (u, v) "
            "and is as long as allowed:",
            "({change1}, {change2}) = − {d} ({u}, {v}) / |{loss_gradient}|",
            "#Write η for d / |∇L|, and it is the step of gradient descent:",
            "({theta1}, {theta2}) = ({a}, {b}) − {learning_rate} ({u}, {v}), "
            "with {learning_rate} = {d} / |{loss_gradient}|",
            "#All this holds if the circle is small enough. Where the loss is smooth, half the radius makes the error "
            "of the plane about four times smaller, or more, and that of the quadratic eight times.",
        )
        symbol_table("change1", "change2", "u", "v", "d", "learning_rate", "loss_gradient")
