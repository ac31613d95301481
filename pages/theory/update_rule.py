"""The update rule: one formula, taken apart, and one update at a time with the numbers put in."""

import numpy as np
import streamlit as st

from browser.hand import Live
from browser.live_runs import with_runs
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map, surface_3d
from figures.contour_map import Arrow
from figures.following import START, descent_arrow, uphill_arrow
from figures.meta import arrow_following, has_cursor, without_cursor
from lessons.update_rule import MOST_UPDATES, RULE, TRIES, arrows_in_words, in_words
from lessons.words import counted
from optimizers import OPTIMIZERS, run
from programs.frame import shortest_side
from programs.program import Program
from surfaces.names import surface_of
from ui.canvas import answers, canvas
from ui.glossary import show_formulas, symbol_table
from ui.lesson import Lesson
from ui.report import number
from ui.sliders import live_rate_slider, live_slider
from ui.theme import page_theme

HEIGHT = 360
CODE = """\
theta = start
for update in range(updates):
    gradient = loss.gradient(theta)            # two slopes, one for each parameter
    theta = theta - learning_rate * gradient   # a small amount, downhill
"""

lesson = Lesson("update_rule", "We want a smaller loss. How should the parameters change?")
state = st.session_state


def one_more() -> None:
    state[lesson.key("updates")] = min(state[lesson.key("updates")] + 1, MOST_UPDATES)


def from_the_start() -> None:
    state[lesson.key("updates")] = 0


with lesson.settings:
    # On a slope, where the first step is long enough to be seen.
    name = lesson.surface_and_start("himmelblau", (1.5, -2.5), rate="learning_rate")
rate_slider = live_rate_slider("Learning rate η", lesson.key("learning_rate"), name, 0.01)
done_slider = live_slider("Updates done", lesson.key("updates"), range(MOST_UPDATES + 1), 0, name="updates")
rate, done = rate_slider.value, done_slider.value

surface, theme, start = surface_of(name), page_theme(), lesson.point()
rule = OPTIMIZERS[RULE](learning_rate=rate)
path = run(rule, surface, start, done + 1)
before, after = path.theta[done], path.theta[done + 1]
gradient = path.gradient[done]
walked = run(rule, surface, start, done)
live = with_runs(
    Live(
        sliders=(rate_slider, done_slider),
        bound={RULE: {"learning_rate": rate_slider.name, "steps": done_slider.name}},
        points={"contour": START},
    ),
    {RULE: walked},
)


def arrows() -> list[Arrow]:
    """Uphill with a fixed length, and the step of the next update in its true size."""
    length = np.hypot(*gradient)
    if not (np.isfinite(after).all() and length > 0):
        return []
    size = 0.12 * shortest_side(surface.view)
    colors = theme.arrow_colors

    def arrow(name: str, vector: np.ndarray, color: str, follows: Program) -> Arrow:
        return Arrow(name, before, vector, color, arrow_following(RULE, follows, color))

    uphill = size * (gradient / length)
    return [
        arrow("uphill, the direction of ∇L", uphill, colors["gradient"], uphill_arrow(size)),
        arrow("the next step, −η ∇L", after - before, colors["step"], descent_arrow(rate_slider.name)),
    ]


said = in_words(surface, path)
figures = {
    "contour": contour_map(surface, mesh(name, "spaced"), {RULE: walked}, theme, height=HEIGHT, arrows=arrows()),
    "surface": surface_3d(surface, mesh(name, "spaced"), {RULE: walked}, theme, height=HEIGHT),
}
for figure in figures.values():
    for trace in figure.data:
        # The end of the path is the present point; there is no other time on this page.
        if has_cursor(trace):
            without_cursor(trace)
place = (
    f"After {counted(done, 'update')} of gradient descent on {surface.title} the point is "
    f"({number(before[0])}, {number(before[1])})."
)
pictures, numbers = lesson.beside()
with pictures:
    canvas(
        figures,
        {"contour": f"Contour map. {place} {said}", "surface": f"The surface in space. {place}"},
        key=lesson.key("canvas"),
        steps=0,
        revision=name,
        on_pick={"contour": lesson.move},
        live=live,
        title=lesson.title,
        verdicts=(Verdict(said, f"Update {done + 1}:"),),
    )
    with answers(lesson.key("arrows")):
        st.caption(f"{arrows_in_words(surface, path)} Click on the map to start somewhere else.")
with numbers:
    with st.container(horizontal=True):
        st.button("One update", icon=":material/step:", key=lesson.key("one more"), on_click=one_more, type="primary")
        st.button("Back to the start", key=lesson.key("restart"), on_click=from_the_start)
    with answers(lesson.key("update")):
        slopes, here, there = ([number(value, 5) for value in pair] for pair in (gradient, before, after))
        step_size = number(rate, 5)
        show_formulas(
            "{theta} ← {theta} − {learning_rate} {loss_gradient}({theta})",
            f"#Update {done + 1}, with the numbers put in:",
            f"{{slope1}} = {slopes[0]}, {{slope2}} = {slopes[1]}",
            f"{{theta1}} ← {here[0]} − {step_size} · ({slopes[0]}) = <b>{there[0]}</b>",
            f"{{theta2}} ← {here[1]} − {step_size} · ({slopes[1]}) = <b>{there[1]}</b>",
        )
    st.caption("Point at a symbol, touch it, or reach it with Tab: it says what it means.")

lesson.try_this(*TRIES)

with lesson.derivation("from the gradient to the rule, in small steps"):
    show_formulas(
        "#1. The gradient collects the slopes. It points in the direction in which the loss grows the fastest.",
        "{loss_gradient}({theta}) = ( {slope1}, {slope2} )",
        "#2. We want the loss to fall, so we turn around. That is the minus.",
        "− {loss_gradient}({theta})",
        "#3. The slopes are only true near the point, so we go a small amount. That is the learning rate.",
        "− {learning_rate} {loss_gradient}({theta})",
        "#4. We add this step to where we are, and call the result θ again. That is the arrow.",
        "{theta} ← {theta} − {learning_rate} {loss_gradient}({theta})",
        "#The same rule with the number of the update written at the parameters:",
        "{theta}<sup>t+1</sup> = {theta}<sup>t</sup> − {learning_rate} {loss_gradient}({theta}<sup>t</sup>), "
        "{update} = 0, 1, 2, …",
    )
    st.markdown("**The same rule as code**")
    st.code(CODE, language="python")
    st.markdown(
        "Why is −∇L the best direction, and how small is “a small amount”? The next page answers with a red circle."
    )
    symbol_table("theta", "theta1", "theta2", "loss", "loss_gradient", "slope1", "slope2", "learning_rate", "update")

lesson.end()
