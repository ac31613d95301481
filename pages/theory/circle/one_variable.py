"""Part 1: Taylor polynomials of a function of one variable."""

import math

import numpy as np
import streamlit as st

from browser.hand import Live, Slider
from browser.verdicts import Verdict
from figures.taylor_curve import TaylorCurve, taylor_curve
from figures.theme import Theme
from lessons.rates import preferred_numbers
from lessons.red_circle import HIGHEST_ORDER, ONE_VARIABLE
from lessons.series import interval_words, series, series_words
from lessons.words import number
from pages.theory.circle.instrument import HEIGHT
from surfaces.curves import CURVES, Curve
from ui.canvas import answers, canvas
from ui.fields import number_field, put_value
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.series import series_latex
from ui.sliders import live_slider

CURVE, CENTER, ORDER, TOLERANCE = "sine", math.pi / 4, 3, 0.1
SMALLEST_TOLERANCE = 1e-4
SAMPLES = 801


def show(lesson: Lesson, theme: Theme) -> None:
    """The function, its polynomial, the error, and the interval where the error is small."""
    curve, order, tolerance, center = _controls(lesson)
    known = series(curve, center, int(order.value), tolerance.value)
    places = np.linspace(*curve.view, SAMPLES)
    height = float(curve.value(np.array([center]))[0])
    shown = TaylorCurve(places, curve.value(places), known.values(places), center, height, known.interval)
    title = f"{curve.title} and its Taylor polynomial of order {order.value}"
    words = interval_words(known, tolerance.value)
    with lesson.instrument:
        canvas(
            {"curve": taylor_curve(shown, curve.title, int(order.value), theme, height=HEIGHT)},
            {"curve": f"{title} around x₀ = {number(center)}. {words}"},
            key=lesson.key("curve canvas"),
            steps=0,
            revision=curve.title,
            on_pick={"curve": lambda x, _: _move(lesson, x)},
            live=Live((order, tolerance)),
            verdicts=(Verdict(words),),
        )
        with answers(lesson.key("one")):
            st.markdown(series_words(known))
        st.caption(
            "Shaded: the error. Green band: how far from the centre it stays within the tolerance. Drag the white "
            "point, or click."
        )
        with answers(lesson.key("series")):
            st.latex(series_latex(known.coefficients, center))
    _advice(lesson)


def _controls(lesson: Lesson) -> tuple[Curve, Slider, Slider, float]:
    state = st.session_state
    # The default is given twice: the session's is the value, and the widget's is what the link leaves out.
    state.setdefault(lesson.key("curve"), CURVE)
    with lesson.settings:
        left, right = st.columns(2, vertical_alignment="bottom")
    name = left.selectbox(
        "Function h(x)",
        list(CURVES),
        list(CURVES).index(CURVE),
        key=lesson.key("curve"),
        format_func=lambda key: CURVES[key].title,
        on_change=lambda: _to_own_center(lesson),
        bind="query-params",
    )
    curve = CURVES[name]
    order = live_slider("Order k", lesson.key("order1"), range(HIGHEST_ORDER + 1), ORDER, name="order")
    tolerances = preferred_numbers(SMALLEST_TOLERANCE, 1.0)
    tolerance = live_slider("Tolerance for the error", lesson.key("tolerance"), tolerances, TOLERANCE, name="tolerance")
    center = number_field(right, "Centre x₀", lesson.key("center"), CENTER, *curve.view, complaints=lesson.complaints)
    return curve, order, tolerance, center


def _to_own_center(lesson: Lesson) -> None:
    lesson.keep_in_link("curve")
    curve = CURVES[st.session_state[lesson.key("curve")]]
    put_value(lesson.key("center"), float(curve.center))


def _move(lesson: Lesson, x: float) -> None:
    put_value(lesson.key("center"), float(f"{x:.3g}"))


def _advice(lesson: Lesson) -> None:
    lesson.try_this(*ONE_VARIABLE)
    with lesson.derivation("Taylor's series of one variable"):
        show_formulas(
            "#A smooth function is, near a centre, a sum of powers. Each derivative gives one term:",
            "{h}({x}) = {h}({x0}) + {h}′({x0}) ({x} − {x0}) + {h}″({x0})/2 · ({x} − {x0})<sup>2</sup> + …",
            "#The term of order k is the k-th derivative at the centre, divided by k!, times a power:",
            "{h}<sup>(k)</sup>({x0})/k! · ({x} − {x0})<sup>k</sup>",
            "#When x is close to the centre, high powers are tiny, and two terms are enough:",
            "{h}({x}) ≈ {h}({x0}) + {h}′({x0}) ({x} − {x0})",
        )
        symbol_table("h", "x", "x0", "order")
