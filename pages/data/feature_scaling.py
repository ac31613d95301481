"""The same data raw and standardised: the shape of the loss, the largest stable rate, and both descents."""

import streamlit as st

from browser.hand import Live
from figures import contour_map, loss_curve, mesh_of
from figures.theme import plain_style
from figures.thinned import drawn_updates, thinned, with_times
from lessons.experiment import outcome_on
from lessons.feature_scaling import BEST, RAW, SAME, SCALED, TRIES, conditions_in_words, end_in_words, kappa
from lessons.scaling import curvature, scaling
from optimizers import OPTIMIZERS
from surfaces.datasets import DataError
from ui.canvas import answers, canvas
from ui.data import Choice, choose_data, choose_start, live_rate_slider, problem
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.long_runs import kept_run
from ui.neuron_words import plain
from ui.report import number
from ui.sliders import live_slider
from ui.tables import table
from ui.theme import page_theme
from ui.verdicts import verdicts_of

HEIGHT = 340
STEPS = (10, 30, 100, 300, 1000, 10_000, 100_000)
SHARES = [place / 20 for place in range(1, 31)]
SHARE_HELP = "1 is the rate 2/(λₘᵢₙ + λₘₐₓ), with which the slowest direction shrinks the fastest."

lesson = Lesson("feature_scaling", "One input counts in hundreds, the other in ones. What does that do to descent?")
st.session_state.setdefault(lesson.key("steps"), 100)
with lesson.settings:
    choice = choose_data(lesson, ["line_fit", "linear_neuron"], Choice("line_fit", "line_fit"))
    given = problem(choice)
    risk = given.risk
    steps = st.selectbox("Updates", STEPS, STEPS.index(100), key=lesson.key("steps"), bind="query-params")
    with st.expander("Where the raw weights begin"):
        theta = choose_start(lesson, risk)
same_rate = live_rate_slider(lesson, choice)
share = live_slider("Share of its own best rate", lesson.key("share"), SHARES, 1.0, SHARE_HELP, name="share")
rates = lesson.choose_in_line("Learning rates", (SAME, BEST), BEST, "rates", lesson.show_end)
slider = share if rates == BEST else same_rate

try:
    scaled = scaling(given, theta)
except DataError as error:
    for reason in error.reasons:
        lesson.complaints.warning(reason)
    lesson.end()
    st.stop()

theme = page_theme()
losses = {RAW: risk, SCALED: scaled.risk}
begins = {RAW: theta, SCALED: scaled.risk.start}
shapes = {name: curvature(loss) for name, loss in losses.items()}
used = {name: share.value * shape.best if rates == BEST else same_rate.value for name, shape in shapes.items()}
rule = OPTIMIZERS["GradientDescent"]
with lesson.instrument:
    runs = {
        name: kept_run((choice, name, used[name]), rule(learning_rate=used[name]), loss, begins[name], steps)
        for name, loss in losses.items()
    }
outcomes = {name: outcome_on(loss, runs[name]) for name, loss in losses.items()}
back = scaled.raw_path(runs[SCALED], risk)
styles = {name: plain_style(place, theme) for place, name in ((2, RAW), (4, SCALED))}


def shown(paths: dict, surface) -> tuple[dict, dict]:
    """The paths as they are drawn on a surface, and the number of each drawn update."""
    updates = {name: drawn_updates(found.theta, surface.view) for name, found in paths.items()}
    return {name: thinned(found, updates[name]) for name, found in paths.items()}, updates


on_raw, raw_updates = shown({RAW: runs[RAW], SCALED: back}, risk)
on_scaled, scaled_updates = shown({SCALED: runs[SCALED]}, scaled.risk)
common = {"height": HEIGHT, "styles": styles}
first = contour_map(risk, given.mesh, on_raw, theme, **common)
second = contour_map(scaled.risk, mesh_of(scaled.risk), on_scaled, theme, **common)
first.layout.title.text = f"Raw: κ = {kappa(shapes[RAW])}"
second.layout.title.text = f"Standardised: κ = {kappa(shapes[SCALED])}"
for axis, name in zip((second.layout.xaxis, second.layout.yaxis), given.neuron.parameters, strict=True):
    axis.title.text = f"scaled {plain(name)}"
curves, times = on_raw, raw_updates
if scaled.lost:  # then the way back loses something, and the scaled loss is not that of the raw weights
    curves, times = {RAW: on_raw[RAW], **on_scaled}, {RAW: raw_updates[RAW], **scaled_updates}
figures = {
    "raw": with_times(first, raw_updates),
    "scaled": with_times(second, scaled_updates),
    "loss": with_times(loss_curve(risk, curves, theme, **common), times),
}
ends = {name: number(float(found.loss[-1])) for name, found in runs.items()}
parameters = [plain(name) for name in given.neuron.parameters]
with lesson.instrument:
    canvas(
        figures,
        {
            "raw": f"The loss over the raw weights, condition number {kappa(shapes[RAW])}.",
            "scaled": f"The loss over the scaled weights, condition number {kappa(shapes[SCALED])}.",
            "loss": f"Loss against updates: raw ends at {ends[RAW]}, standardised at {ends[SCALED]}.",
        },
        key="feature_scaling",
        steps=steps,
        clock=lesson.clock(steps),
        revision=f"{choice}",
        on_pick={"raw": lesson.move},
        # The way between the weights is the server's, so both runs wait while the slider moves.
        live=Live((slider,), bound={name: {"learning_rate": slider.name} for name in runs}),
        verdicts=verdicts_of(outcomes, theme, styles),
    )
    with answers(lesson.key("outcome")):
        st.markdown(f"{conditions_in_words(shapes[RAW], shapes[SCALED])} {end_in_words(back.theta[-1], parameters)}")

rows = []
for name, shape in shapes.items():
    near = outcomes[name].updates_to_tolerance
    rates_of = (number(shape.limit, 6), number(used[name], 6))
    arrived = str(near) if near >= 0 else "not yet" if losses[name].minima else "–"
    rows.append((f"{name} data", kappa(shape), *rates_of, ends[name], arrived))
head = ("Data", "Condition number κ", "Largest stable rate 2/λₘₐₓ", "Rate used", "Final loss L", "Updates to 0.1 %")
with answers(lesson.key("runs")):
    table(head, rows)
if risk.minima:
    best = ", ".join(f"{name} = {number(float(x), 9)}" for name, x in zip(parameters, risk.minima[0], strict=True))
    st.markdown(f"The best answer, by least squares: {best}.")
if scaled.lost:
    st.warning(
        "This neuron has no bias. To subtract the means changes its answers by a constant, which raw weights cannot "
        "undo. So the two losses are different functions here, and the way back need not end at the raw minimum."
    )

lesson.try_this(*TRIES)

with lesson.derivation("what standardising does"):
    show_formulas(
        "# For each input, subtract its mean and divide by its standard deviation:",
        "{input} ← ({input} − {mean}) / {deviation}",
        "# Then its mean is 0 and its variance is 1. Here:",
    )
    for place, (mean, deviation) in enumerate(zip(scaled.mean, scaled.deviation, strict=True), start=1):
        st.markdown(f"Input {place}: m = {number(float(mean), 6)}, σ = {number(float(deviation), 6)}.")
    if given.neuron.parameters == ("b", "w"):
        show_formulas(
            "# The way back: the same line, written with raw weights.",
            "{prediction} = b′ + w′ · ({input} − {mean}) / {deviation}",
            "{weight} = w′ / {deviation}",
            "{bias} = b′ − w′ · {mean} / {deviation}",
        )
    show_formulas(
        "# Gradient descent on a quadratic is stable below one rate, which the steepest direction sets:",
        "{learning_rate} < 2 / {largest_eigenvalue}",
        "# Just below it, the distance along the flattest direction shrinks by the factor e in about κ/2 updates, with "
        "κ = λₘₐₓ / λₘᵢₙ. Where inputs differ in size, scaling brings κ down.",
    )
lesson.end()
