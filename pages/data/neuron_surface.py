"""The error surface of a neuron: its data, its weights, and what each partial derivative says."""

from dataclasses import replace

import streamlit as st

from browser.hand import Live
from browser.live_runs import with_runs
from figures import contour_map, surface_3d
from figures.data_picture import data_picture
from figures.error_curves import error_curves, error_programs
from figures.following import START, UPDATE
from figures.sheet_arrow import sheet_arrow
from figures.slope_arrows import slope_arrows
from figures.thinned import drawn_updates, numbered, thinned
from lessons.experiment import outcome_on
from lessons.neuron_surface import HELD, LEARN, TRIES, WAY, held_out_in_words
from lessons.problems import errors
from optimizers import OPTIMIZERS, title_of
from surfaces.neurons import NEURONS
from ui.canvas import answers, canvas
from ui.data import Choice, choose_data, choose_start, live_rate_slider, problem
from ui.lesson import Lesson
from ui.long_runs import kept_run
from ui.neuron_words import gradient_lines, plain, saturation_words, slope_rounding, slope_verdicts
from ui.practice import names_in_list
from ui.report import number
from ui.theme import page_theme
from ui.verdicts import verdicts_of

RULES = ("GradientDescent", "Momentum", "Adagrad", "Adam")
STEPS = (10, 30, 100, 200, 500, 1000, 2000, 10_000, 100_000)
HEIGHT = 320
DEFAULT = Choice("linear_neuron", "plane", count=20, noise=0.8)

lesson = Lesson("neuron_surface", "The neuron is wrong. Which way should each of its two weights go?")
state = st.session_state
view = lesson.experiment((WAY, LEARN))
for name, value in (("rule", RULES[0]), ("steps", 100), ("held", True)):
    state.setdefault(lesson.key(name), value)
with lesson.settings:
    choice = choose_data(lesson, list(NEURONS), DEFAULT)
    rule_place, steps_place, held_place = st.columns(3, vertical_alignment="bottom")
    rule = rule_place.selectbox(
        "Rule", RULES, 0, key=lesson.key("rule"), format_func=names_in_list(lesson.key("rule")), bind="query-params"
    )
    steps = steps_place.selectbox("Updates", STEPS, STEPS.index(100), key=lesson.key("steps"), bind="query-params")
    held = held_place.toggle(
        "Hold out 3 in 10",
        True,
        key=lesson.key("held"),
        help="The model does not learn from these examples. Its error on them shows what it has really learned.",
        bind="query-params",
    )
    given = problem(replace(choice, held=HELD if held else 0.0))
    neuron, risk = given.neuron, given.risk
    with st.expander("Where the weights begin"):
        theta = choose_start(lesson, risk)
        st.caption("You can also click on the contour map, or drag the white point.")
slider = live_rate_slider(lesson, choice)
rate, theme = slider.value, page_theme()
with lesson.instrument:
    trajectory = kept_run((choice, held, rule, rate), OPTIMIZERS[rule](learning_rate=rate), risk, theta, steps)
result = outcome_on(risk, trajectory)
updates = drawn_updates(trajectory.theta, risk.view)
drawn = thinned(trajectory, updates)
ground, runs = given.mesh, {rule: drawn}
arrows = slope_arrows(risk, theta, theme, rule)
live = with_runs(
    Live(
        (slider,),
        bound={rule: {"learning_rate": slider.name}},
        points={"contour": START},
        # The arrows are those of the first update.
        inputs={UPDATE: 1},
    ),
    {rule: trajectory},
)
common = {
    "key": "neuron",
    "steps": steps,
    "clock": lesson.clock(steps),
    "revision": f"{choice}{held}",
    "on_pick": {"contour": lesson.move},
    "live": live,
    "title": lesson.title,
}
data = data_picture(neuron, given.data, theme, height=HEIGHT, runs={rule: (drawn, updates)}, held_out=given.held_out)
end = f"{title_of(rule)}, {steps} updates with η = {number(rate)}: {result.verdict}"
of_data = f"The data and the answers of the {neuron.title.lower()}. {end}"


def which_way() -> None:
    """The map with the gradient at the weights, and the slopes in words."""
    flat = contour_map(risk, ground, runs, theme, height=HEIGHT, arrows=arrows)
    space = surface_3d(risk, ground, runs, theme, height=HEIGHT)
    space.add_traces([trace for arrow in arrows for trace in sheet_arrow(arrow, risk, ground)])
    canvas(
        {"contour": numbered(flat, updates), "data": data, "surface": numbered(space, updates)},
        {
            "contour": f"The error surface from above, with the gradient and its opposite at the start. {end}",
            "data": of_data,
            "surface": f"The error surface over the two weights. {end}",
        },
        verdicts=slope_verdicts(neuron, risk.gradient(theta), slope_rounding(risk, theta)),
        **common,
    )
    names = "θ₁ is {} and θ₂ is {}.".format(*map(plain, neuron.parameters))
    with answers(lesson.key("outcome")):
        st.markdown(
            f"The slopes are those at the white point. {names} {saturation_words(neuron, given.data, theta, risk.view)}"
        )
        st.markdown(f"The path goes on from there. {end} {result.remedy}")


def learn() -> None:
    """The path on the map, what the neuron answers on its way, and its errors."""
    training, held_error = errors(given, drawn.theta.T)
    programs = error_programs(risk, given.mean_losses[1])
    curves = error_curves(updates, training, held_error, theme, height=HEIGHT, run=rule, programs=programs)
    flat = contour_map(risk, ground, runs, theme, height=HEIGHT)
    first, last = (number(float(training[place])) for place in (0, -1))
    canvas(
        {"contour": numbered(flat, updates), "data": data, "error": numbered(curves, updates)},
        {
            "contour": f"The error surface from above, and the path. {end}",
            "data": of_data,
            "error": f"Error against updates: it ends at {last} on the examples learned from.",
        },
        verdicts=verdicts_of({rule: result}, theme),
        **common,
    )
    with answers(lesson.key("outcome")):
        st.markdown(f"{result.remedy} The error per example went from {first} to {last}.")
        if held_error is not None:
            st.markdown(held_out_in_words(given, updates, training, held_error, len(updates) <= steps))
    if held and given.held_out is None:
        st.caption("There is only one example, so none is held out.")


with lesson.instrument:
    {WAY: which_way, LEARN: learn}[view]()
    if len(updates) <= steps:
        st.caption(
            f"Drawn: {len(updates)} of the {steps + 1} points of the path, more of them at the beginning. "
            "All are computed."
        )

lesson.try_this(*TRIES)

with lesson.derivation("the gradient of this neuron"):
    for sentence, latex in gradient_lines(neuron, risk):
        st.markdown(sentence)
        st.latex(latex)
    st.markdown("With the numbers of the white point:")
    slopes = ", ".join(f"{number(float(slope), 6)}" for slope in risk.gradient(theta))
    with answers(lesson.key("gradient")):
        st.latex(rf"\nabla L = ({slopes})".replace("−", "-"))
    st.markdown(f"Source of the data: {given.data.source}.")
lesson.end()
