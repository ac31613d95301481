"""Part 4: “each update makes the loss smaller”, a run where it holds and one where it fails."""

import numpy as np
import streamlit as st

from browser.hand import Live
from browser.live_runs import with_runs
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map, loss_curve
from figures.following import START
from figures.red_circle import circle_on_map
from figures.theme import Theme, plain_style
from lessons.falling import changes, first_failure
from lessons.rates import rates_on
from lessons.red_circle import (
    ALWAYS_SMALLER,
    UPDATES,
    descent,
    held_in_words,
    largest_rate_that_holds,
    two_runs_in_words,
)
from optimizers import Trajectory
from pages.theory.circle.instrument import HEIGHT, place
from surfaces import Surface
from surfaces.names import surface_of
from surfaces.taylor import red_circle
from ui.canvas import answers, canvas
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.report import number
from ui.sliders import live_rate_slider

STATEMENT = "“Each time we update the parameters, we obtain θ that makes L(θ) smaller.” Is this statement correct?"


def show(lesson: Lesson, theme: Theme) -> None:
    """The question; after the answer, both runs and the first update that fails."""
    with lesson.instrument:
        answer = st.radio(
            STATEMENT, ["Yes", "No"], index=None, key=lesson.key("answer"), horizontal=True, bind="query-params"
        )
        if answer is None:
            st.caption("Decide first. Then two runs show it.")
            return
    with lesson.settings:
        name, start = place(lesson)
    slider = live_rate_slider("Learning rate η of the second run", lesson.key("rate"), name, 0.02)
    surface = surface_of(name)
    safe = largest_rate_that_holds(surface, start, rates_on(name))
    # The first run has another rate at every start, so it waits where the start moves.
    first, second = f"Run 1, η = {number(safe)}", "Run 2"
    runs = {first: descent(safe, surface, start), second: descent(slider.value, surface, start)}
    live = Live(sliders=(slider,), bound={second: {"learning_rate": slider.name}}, points={"contour": START})
    live = with_runs(live, {second: runs[second]})
    failed = first_failure(changes(surface, runs[second]))
    overlays, promise = _circle_of_failure(surface, runs[second], failed)
    said = two_runs_in_words(surface, runs[first], safe, runs[second]) + promise
    styles = {label: plain_style(color, theme) for color, label in zip((2, 0), runs, strict=True)}
    common = {"theme": theme, "height": HEIGHT, "styles": styles}
    with lesson.instrument:
        canvas(
            {
                "contour": contour_map(surface, mesh(name, "spaced"), runs, overlays=overlays, **common),
                "loss": loss_curve(surface, runs, update=failed, **common),
            },
            {"contour": f"Two runs on {surface.title}. {said}", "loss": f"Loss against updates of two runs. {said}"},
            key=lesson.key("smaller canvas"),
            steps=UPDATES,
            clock=lesson.clock(UPDATES),
            revision=name,
            on_pick={"contour": lesson.move},
            live=live,
            title=lesson.title,
            verdicts=tuple(
                Verdict(held_in_words(surface, path), label, styles[label].color, styles[label].symbol)
                for label, path in runs.items()
            ),
        )
        opinion = "Right: it is not." if answer == "No" else "Look again."
        with answers(lesson.key("smaller")):
            st.markdown(f"**{opinion}** It holds only while every circle is small enough. {said}")
    _advice(lesson)


def _circle_of_failure(surface: Surface, path: Trajectory, failed: int | None) -> tuple[list[dict], str]:
    """The red circle of the first update that fails, and what the plane promised inside it."""
    if failed is None:
        return [], ""
    center, after = path.theta[failed - 1], path.theta[failed]
    with np.errstate(all="ignore"):
        radius = float(np.hypot(*(after - center)))
    try:
        circle = red_circle(surface, center, radius)
    except ValueError:
        return [], ""
    promised = number(-float(circle.predicted_change), 3)
    return circle_on_map(surface, circle), (
        f" Its red circle had the radius **d = {number(radius, 3)}**; the plane promised a drop of {promised}."
    )


def _advice(lesson: Lesson) -> None:
    lesson.try_this(*ALWAYS_SMALLER)
    with lesson.derivation("when the statement is true"):
        show_formulas(
            "#The plane promises this change for every η, however large:",
            "− {learning_rate} |{loss_gradient}|<sup>2</sup>",
            "#The loss keeps the promise only inside a circle that is small enough for the plane. The length of the "
            "step is the radius:",
            "{d} = {learning_rate} |{loss_gradient}|",
            "#So a fixed η makes big circles where the loss is steep. Whether a circle is small enough depends on how "
            "much the loss curves inside it.",
        )
        symbol_table("learning_rate", "loss_gradient", "d")
