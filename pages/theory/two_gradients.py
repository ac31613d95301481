"""Two ways to a gradient: by the rules of differentiation, and by differences of the loss, for any width."""

import numpy as np
import streamlit as st

from browser.hand import Live
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map
from figures.contour_map import mark_at
from figures.following import START
from figures.gradient_error import gradient_error
from lessons.two_gradients import TRIES, WIDTHS, difference_words, differences, place_of
from lessons.words import number
from surfaces.names import surface_of
from ui.canvas import answers, canvas
from ui.lesson import Lesson
from ui.sliders import live_slider
from ui.tables import table
from ui.theme import page_theme

HEIGHT = 370

lesson = Lesson("two_gradients", "The gradient by formula, or by trying out a small step h: how small should h be?")
lesson.try_this(*TRIES)
with lesson.settings:
    name = lesson.surface_and_start("himmelblau", (-0.5, -1.0))
power = live_slider(
    "Power p of the width h = 10^p",
    lesson.key("power"),
    map(float, np.log10(WIDTHS).round(2)),
    -5.0,
    name="power",
    spoken="Power p of 10",
)
surface, point, theme = surface_of(name), lesson.point(), page_theme()
exact = surface.gradient(point)
estimates, errors = differences(surface, point)


def compared() -> None:
    """The errors against h, where on the surface they are made, and both gradients in numbers."""
    place, words = place_of(power.value), difference_words(surface, point, errors)
    width = number(WIDTHS[place], 2)
    made = ", ".join(f"{kind} {number(float(error[place]), 2)}" for kind, error in errors.items())
    canvas(
        {
            "error": gradient_error(WIDTHS, errors, float(WIDTHS[place]), theme, height=HEIGHT),
            "contour": contour_map(surface, mesh(name, "spaced"), {}, theme, overlays=[mark_at(point)], height=HEIGHT),
        },
        {"error": f"Error against h. {words}", "contour": f"Contour map of {surface.title} with the point."},
        key=lesson.key("canvas gradients"),
        steps=0,
        revision=name,
        on_pick={"contour": lesson.move},
        live=Live((power,), points={"contour": START}, inputs=dict(zip(START, map(float, point), strict=True))),
        verdicts=(Verdict(f"With h = {width} the error is: {made}."),),
    )
    rows = [["analytic", *(number(float(value), 12) for value in exact), "0"]]
    for kind, estimate in estimates.items():
        values = [number(float(value), 12) for value in estimate[:, place]]
        rows.append([f"{kind}, h = {width}", *values, number(float(errors[kind][place]), 2)])
    with answers(lesson.key("outcome")):
        st.markdown(words)
        table(("Gradient", "∂L/∂θ₁", "∂L/∂θ₂", "error"), rows)


with lesson.instrument:
    if all(np.isfinite(error).any() for error in errors.values()):
        compared()
    else:
        st.warning(
            "The loss near this point is not a number, or too large for one, so there is no gradient to compare."
        )
with lesson.derivation("why h must not be too small"):
    st.markdown("Differences have two errors. With Taylor's series and 16 digits ($\\epsilon = 10^{-16}$):")
    st.latex(
        r"\frac{L(\theta + h) - L(\theta)}{h} = L' + \frac{h}{2} L'' + \dots \pm \frac{\epsilon |L|}{h} \qquad "
        r"\frac{L(\theta + h) - L(\theta - h)}{2h} = L' + \frac{h^2}{6} L''' + \dots \pm \frac{\epsilon |L|}{h}"
    )
    st.markdown(
        "As $h$ falls, the first error falls and the second grows. Where $L$ and its derivatives are of a size near 1, "
        "they are equal near $h = \\sqrt{\\epsilon} \\approx 10^{-8}$ for one-sided and near "
        "$h = \\sqrt[3]{\\epsilon} \\approx 5 \\cdot 10^{-6}$ for central differences. The "
        "analytic gradient has neither error. All runs in this app use it."
    )
lesson.end()
