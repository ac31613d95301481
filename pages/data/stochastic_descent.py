"""Full batch, mini-batches and single examples side by side: what an update costs, and what its noise does."""

import numpy as np
import streamlit as st

from figures import contour_map, loss_curve
from figures.gradient_cloud import gradient_cloud, spread
from figures.theme import plain_style
from figures.thinned import drawn_updates, thinned, with_times
from lessons.tries import Try
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from ui.canvas import canvas
from ui.data import Choice, choose_data, choose_start, problem, rate_slider
from ui.experiment import page_theme
from ui.fields import number_field
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.long_runs import kept_run
from ui.report import number
from ui.settings import LARGEST_SEED
from ui.tables import table

HEIGHT = 350
MODELS = ["linear_neuron", "logistic_neuron", "tanh_neuron", "two_weight_chain", "line_fit"]
FULL, MINI, ONE = "Full batch", "Mini-batch", "One example"
UPDATES, EXAMPLES, EPOCHS = "updates", "examples seen", "epochs"
LAWS = ("Constant", "InverseTime", "InverseSqrt")
MOST_UPDATES = 20_000
# The record of an update looks at every example, unless their losses are one polynomial.
MOST_EXAMPLES = 5e7

lesson = Lesson("stochastic_descent", "Must a rule see all examples before it takes a step?")
state = st.session_state
for name, value in (("per", EXAMPLES), ("law", LAWS[0]), ("again", False), ("batch", 5)):
    state.setdefault(lesson.key(name), value)
choice = choose_data(lesson, MODELS, Choice("linear_neuron", "plane", count=20, noise=0.8))
given = problem(choice)
risk = given.risk

rate_place, batch_place, law_place, per_place = st.columns([3, 2, 2, 3], vertical_alignment="bottom")
with rate_place:
    rate = rate_slider(lesson, choice, by_example=True)
usual = min(5, risk.count)
state[lesson.key("batch")] = max(1, min(int(state[lesson.key("batch")] or 1), risk.count))
size = 1
if risk.count > 1:
    size = int(
        batch_place.slider("Size of a mini-batch", 1, risk.count, usual, key=lesson.key("batch"), bind="query-params")
    )
law = law_place.selectbox("Schedule", LAWS, key=lesson.key("law"), format_func=title_of, bind="query-params")
per = per_place.segmented_control(
    "Count", (UPDATES, EXAMPLES, EPOCHS), default=EXAMPLES, key=lesson.key("per"), required=True, bind="query-params"
)
per = per or EXAMPLES
view_place = st.container()

with st.expander("Start, epochs, seed, and draws with replacement"):
    theta = choose_start(lesson, risk)
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    most_updates = MOST_UPDATES if risk.degree is not None else min(MOST_UPDATES, MOST_EXAMPLES / risk.count)
    most = max(1, min(100, int(most_updates / risk.count)))
    whole = {"complaints": lesson.complaints, "whole": True}
    epochs = number_field(left, "Epochs (sweeps through the data)", lesson.key("epochs"), 30, 1, most, **whole)
    seed = number_field(middle, "Seed", lesson.key("seed"), 0, 0, LARGEST_SEED, **whole)
    again = right.toggle(
        "Draw with replacement",
        key=lesson.key("again"),
        help="Off: every epoch deals out each example exactly once, in a new order.",
        bind="query-params",
    )

theme = page_theme()
rule = OPTIMIZERS["GradientDescent"](learning_rate=rate, schedule=SCHEDULES[law]())
samples = {FULL: risk.sampled(risk.count), MINI: risk.sampled(size, seed, replacement=again)}
samples[ONE] = risk.sampled(1, seed, replacement=again)


with view_place:
    runs = {
        name: kept_run(
            (choice, name, sampled.batch_size, rate, law, seed, again),
            rule,
            sampled,
            theta,
            epochs * sampled.updates_per_epoch,
        )
        for name, sampled in samples.items()
    }

updates = {name: drawn_updates(found.theta, risk.view) for name, found in runs.items()}
drawn = {name: thinned(found, updates[name]) for name, found in runs.items()}
seen = {name: samples[name].examples_seen(updates[name]) for name in runs}
counts = {UPDATES: updates, EXAMPLES: seen, EPOCHS: {name: samples[name].epochs(updates[name]) for name in runs}}
styles = {name: plain_style(place, theme) for place, name in enumerate(runs)}
curves = loss_curve(risk, drawn, theme, height=HEIGHT, styles=styles)
cloud_of = ONE if size in (1, risk.count) else MINI
figures = {
    "contour": with_times(
        contour_map(risk, given.mesh, drawn, theme, height=HEIGHT, styles=styles), seen, "examples seen:"
    ),
    "loss": with_times(curves, seen, "examples seen:", counts[per], per),
    "cloud": gradient_cloud(risk, cloud_of, drawn[cloud_of], seen[cloud_of], theme, height=HEIGHT),
}

lowest = float(risk.value(risk.minima[0])) if risk.minima else float("nan")
rows, needed = [], {}
for name, found in runs.items():
    with np.errstate(all="ignore"):
        gap = found.loss - lowest
        near = np.flatnonzero(gap <= 0.1 * gap[0])
        last = found.theta[-max(1, samples[name].updates_per_epoch) :].T
        away = np.sqrt(np.mean(np.sum((last.T - risk.minima[0]) ** 2, axis=1))) if risk.minima else np.nan
    needed[name] = int(samples[name].examples_seen(int(near[0]))) if near.size else None
    rows.append(
        (
            name,
            str(found.steps),
            str(int(samples[name].examples_seen(found.steps))),
            number(float(found.loss[-1])),
            str(needed[name]) if needed[name] is not None else "–",
            number(float(away), 3),
        )
    )
with view_place:
    canvas(
        figures,
        {
            "contour": "The paths of full batch, mini-batch and single examples on the same contour map.",
            "loss": "Loss of all examples: "
            + " ".join(f"{row[0]} ends at {row[3]} after {row[1]} updates." for row in rows),
            "cloud": f"The gradients of the examples where the run {cloud_of.lower()} is, with mean and spread.",
        },
        key="stochastic_descent",
        steps=int(max(values[-1] for values in seen.values())),
        unit="example",
        revision=f"{choice}",
        on_pick={"contour": lesson.move},
    )
    if any(len(updates[name]) <= runs[name].steps for name in runs):
        st.caption("Long paths are drawn with fewer points. What is left out would draw the same line again.")

reached = "Examples until 90 % of the gap is closed"
table(("Run", "Updates", "Examples seen", "Final loss L", reached, "Distance, last epoch"), rows)
answer = "“Distance, last epoch”: the root mean square distance from the minimum, the radius of the noise ball."
if needed[FULL] is not None and needed[ONE]:
    times = number(needed[FULL] / needed[ONE], 3)
    answer = (
        f"Single examples closed 90 % of the gap after {needed[ONE]} examples, the full batch after {needed[FULL]}: "
        f"{times} times as many. All three have the same learning rate. The price is the noise at the end. {answer}"
    )
st.markdown(answer)
final = risk.example_gradients(runs[cloud_of].theta[-1])
wide, long = spread(final), float(np.hypot(*final.mean(axis=1)))
st.markdown(
    f"At the end of the run “{cloud_of.lower()}” the gradients of the examples spread by {number(wide, 3)} around "
    f"their mean, which is {number(long, 3)} long. A mean of {size} examples, drawn with replacement, spreads by "
    f"{number(wide / size**0.5, 3)}: √{size} times less."
)

fresh = {"model": "linear_neuron", "data": "plane", "count": 20, "noise": 0.8, "theta1": -3.0, "theta2": 3.0}
lesson.try_this(
    Try(
        "20 examples, 20 times faster?",
        "Count examples seen: single examples are far down before the full batch has moved once.",
        {**fresh, "batch": 5, "rate": 0.05, "law": "Constant", "per": EXAMPLES, "epochs": 30},
    ),
    Try(
        "Too large for one example",
        "The full batch is stable at this rate. Single examples are not: their steps never settle.",
        {**fresh, "batch": 5, "rate": 0.3, "law": "Constant", "per": EPOCHS, "epochs": 20},
        good=False,
    ),
    Try(
        "A decaying rate quiets the noise",
        "With a rate that falls like 1/t the paths of single examples come to rest near the minimum.",
        {**fresh, "batch": 5, "rate": 0.1, "law": "InverseTime", "per": EPOCHS, "epochs": 20},
    ),
    Try(
        "Without noise in the data",
        "All examples agree on one minimum, so even single examples arrive there. There is no noise ball.",
        {**fresh, "noise": 0.0, "batch": 5, "rate": 0.1, "law": "Constant", "per": EPOCHS, "epochs": 20},
    ),
)

with lesson.derivation("why a sample is enough"):
    show_formulas(
        "# The full gradient is the mean over all examples:",
        "{gradient}({theta}) = 1/{examples} · Σ<sub>{example}</sub> ∇{example_loss}({theta})",
        "# The full batch sees all N examples before each update:",
        "{theta} ← {theta} − {learning_rate} · {gradient}({theta})",
        "# Stochastic gradient descent sees one, drawn at random:",
        "{theta} ← {theta} − {learning_rate} · ∇{example_loss}({theta})",
        "# On average over the examples this is the same step. But one update costs 1 example instead of N.",
        "# Far from the minimum the examples agree, so N cheap steps bring more than one expensive step.",
        "# At the minimum the mean is zero, but the examples still pull. With a constant rate the path keeps jumping.",
    )
    if risk.reduction == "sum":
        st.markdown(
            "The loss of this model is the sum over the examples, as in the lecture. A sample is then the sum over its "
            "own examples only, so its step is shorter than that of the full batch."
        )
lesson.end()
