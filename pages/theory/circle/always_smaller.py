"""Part 4: “each update makes the loss smaller”, a run where it holds and one where it fails."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from figures import contour_map, loss_curve
from figures.red_circle import circle_on_map
from figures.theme import Theme, plain_style
from lessons.tries import Try
from optimizers import OPTIMIZERS, Trajectory, run
from pages.theory.circle.instrument import HEIGHT, place
from surfaces import Surface
from surfaces.taylor import red_circle
from ui.canvas import canvas
from ui.choices import surface_of
from ui.experiment import mesh
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.rates import rates_on
from ui.report import number
from ui.sliders import rate_slider

UPDATES = 30
STATEMENT = "“Each time we update the parameters, we obtain θ that makes L(θ) smaller.” Is this statement correct?"
ROUNDING = 1e-12


def show(lesson: Lesson, theme: Theme) -> None:
    """The question; after the answer, both runs and the first update that fails."""
    answer = st.radio(
        STATEMENT, ["Yes", "No"], index=None, key=lesson.key("answer"), horizontal=True, bind="query-params"
    )
    if answer is None:
        st.caption("Decide first. Then two runs show it.")
        return
    places, pace = st.columns([5, 5], vertical_alignment="bottom")
    with places:
        name, start = place(lesson)
    with pace:
        rate = rate_slider("Learning rate η of the second run", lesson.key("rate"), name, 0.02)
    surface = surface_of(name)
    descend = partial(run, loss=surface, start=start, steps=UPDATES)
    safe = _largest_rate_that_holds(surface, start, rates_on(name))
    first, second = f"Run 1, η = {safe:g}", f"Run 2, η = {rate:g}"
    runs = {first: descend(_descent(safe)), second: descend(_descent(rate))}
    failed = first_rise(runs[second].loss)
    overlays, said = _failure(surface, runs[second], failed)
    styles = {label: plain_style(color, theme) for color, label in zip((2, 0), runs, strict=True)}
    common = {"theme": theme, "height": HEIGHT, "styles": styles}
    canvas(
        {
            "contour": contour_map(surface, mesh(name, "spaced"), runs, overlays=overlays, **common),
            "loss": loss_curve(surface, runs, update=failed, **common),
        },
        {"contour": f"Two runs on {surface.title}. {said}", "loss": f"Loss against updates of two runs. {said}"},
        key=lesson.key("smaller canvas"),
        steps=UPDATES,
        revision=name,
        on_pick={"contour": lesson.move},
    )
    opinion = "Right: it is not." if answer == "No" else "Look again."
    st.markdown(
        f"**{opinion}** It holds only while every circle is small enough. "
        f"With η = {safe:g} the loss falls at every one of {UPDATES} updates. {said}"
    )
    _advice(lesson)


def _descent(rate: float | np.ndarray):
    return OPTIMIZERS["GradientDescent"](learning_rate=rate)


def _largest_rate_that_holds(surface: Surface, start: np.ndarray, rates: Sequence[float]) -> float:
    losses = run(_descent(np.array(rates)), surface, start, UPDATES).loss
    holding = [rate for rate, row in zip(rates, losses.T, strict=True) if first_rise(row) is None]
    return float(max(holding, default=rates[0]))


def first_rise(losses: np.ndarray) -> int | None:
    """The first update after which the loss (updates + 1,) is higher, by more than rounding; None where none is."""
    with np.errstate(all="ignore"):
        falls = np.diff(losses) <= ROUNDING * np.abs(losses[:-1])
    return None if falls.all() else int(np.argmin(falls)) + 1


def _failure(surface: Surface, path: Trajectory, failed: int | None) -> tuple[list[dict], str]:
    """The red circle of the first update that fails, and what happened there."""
    if failed is None:
        return [], "The second run holds too. Choose a larger η for it."
    center, after = path.theta[failed - 1], path.theta[failed]
    radius = float(np.hypot(*(after - center)))
    before, reached = (number(float(loss)) for loss in path.loss[failed - 1 : failed + 1])
    words = f"The second run fails first at **update {failed}**: the loss rises from {before} to {reached}."
    try:
        circle = red_circle(surface, center, radius)
    except ValueError:
        return [], words
    promised = number(-float(circle.predicted_change), 3)
    return circle_on_map(surface, circle), (
        f"{words} Its red circle had the radius **d = {number(radius, 3)}**; the plane promised a drop of {promised}."
    )


def _advice(lesson: Lesson) -> None:
    here = {"surface": "himmelblau", "theta1": -2.0, "theta2": -1.0}
    lesson.try_this(
        Try(
            "A large step that fails",
            "Look for the red circle: that is the first update after which the loss is higher than before.",
            {**here, "rate": 0.028},
            good=False,
        ),
        Try("A small step that holds", "The circles of this run are small enough, every time.", {**here, "rate": 0.01}),
    )
    with lesson.derivation("when the statement is true"):
        show_formulas(
            "#The plane promises this change for every η, however large:",
            "− {learning_rate} |{gradient}|<sup>2</sup>",
            "#The loss keeps the promise only inside a circle that is small enough for the plane. The length of the "
            "step is the radius:",
            "{d} = {learning_rate} |{gradient}|",
            "#So a fixed η makes big circles where the loss is steep, and there the statement fails first.",
        )
        symbol_table("learning_rate", "gradient", "d")
