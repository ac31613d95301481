"""Full batch, mini-batches and single examples side by side: what an update costs, and what its noise does."""

import streamlit as st

from browser.hand import Live
from browser.verdicts import Verdict
from figures import contour_map, loss_curve
from figures.following import START
from figures.gradient_cloud import gradient_cloud
from figures.theme import plain_style
from figures.thinned import drawn_updates, thinned, with_times
from lessons.rates import even_numbers
from lessons.settings import LARGEST_SEED
from lessons.stochastic_descent import (
    COST,
    EPOCHS,
    EXAMPLES,
    MINI,
    NOISE,
    ONE,
    TRIES,
    UPDATES,
    compared,
    cost_in_brief,
    distance_in_words,
    noise_in_brief,
    speed_in_words,
    spread_in_words,
)
from lessons.words import counted
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from ui.canvas import answers, canvas
from ui.data import Choice, choose_data, choose_start, live_rate_slider, problem
from ui.fields import number_field
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.long_runs import kept_run
from ui.report import number
from ui.sliders import live_slider
from ui.tables import table
from ui.theme import page_theme

HEIGHT = 350
MODELS = ["linear_neuron", "logistic_neuron", "tanh_neuron", "two_weight_chain", "line_fit"]
LAWS = ("Constant", "InverseTime", "InverseSqrt")
MOST_UPDATES = 20_000
# The record of an update looks at every example, unless their losses are one polynomial.
MOST_EXAMPLES = 5e7

lesson = Lesson("stochastic_descent", "Must a rule see all examples before it takes a step?")
state = st.session_state
view = lesson.experiment((COST, NOISE))
for name, value in (("law", LAWS[0]), ("again", False), ("batch", 5)):
    state.setdefault(lesson.key(name), value)
with lesson.settings:
    choice = choose_data(lesson, MODELS, Choice("linear_neuron", "plane", count=20, noise=0.8))
    given = problem(choice)
    risk = given.risk
    law = st.selectbox("Schedule", LAWS, key=lesson.key("law"), format_func=title_of, bind="query-params")
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
sliders = [live_rate_slider(lesson, choice, by_example=True)]
rate, size = sliders[0].value, 1
if risk.count > 1:
    state[lesson.key("batch")] = max(1, min(int(state[lesson.key("batch")] or 1), risk.count))
    sizes = even_numbers(1, risk.count, whole=True)
    sliders.append(
        live_slider(
            "Size of a mini-batch",
            lesson.key("batch"),
            sizes,
            min(5, risk.count),
            name="batch",
            spoken="Examples in a mini-batch",
        )
    )
    size = int(sliders[1].value)
theme = page_theme()
rule = OPTIMIZERS["GradientDescent"](learning_rate=rate, schedule=SCHEDULES[law]())


def computed(name, rule, sampled, start, steps):
    """A run of the page, kept by all that tells it from others."""
    return kept_run((choice, name, sampled.batch_size, rate, law, seed, again), rule, sampled, start, steps)


with lesson.instrument:
    known = compared(risk, rule, theta, size=size, epochs=epochs, seed=seed, again=again, running=computed)
samples, runs = known.samples, known.runs
updates = {name: drawn_updates(found.theta, risk.view) for name, found in runs.items()}
drawn = {name: thinned(found, updates[name]) for name, found in runs.items()}
seen = {name: samples[name].examples_seen(updates[name]) for name in runs}
styles = {name: plain_style(place, theme) for place, name in enumerate(runs)}
flat = contour_map(risk, given.mesh, drawn, theme, height=HEIGHT, styles=styles)
cloud_of = ONE if size in (1, risk.count) else MINI


def show(name: str, figure, description: str, in_brief) -> None:
    """The map and one picture beside it. in_brief: what is said of a run, by its name."""
    # The server alone draws samples: while a slider moves, its runs wait.
    follows = {run: {"learning_rate": "rate"} for run in runs}
    follows[MINI] = {"learning_rate": "rate", "batch_size": "batch"}
    start = dict(zip(START, map(float, theta), strict=True))
    examples = int(max(values[-1] for values in seen.values()))
    canvas(
        {"contour": with_times(flat, seen, "examples seen:"), name: figure},
        {
            "contour": "The paths of full batch, mini-batch and single examples on the same contour map.",
            name: description,
        },
        key="stochastic_descent",
        steps=examples,
        clock=lesson.clock(examples),
        unit="example",
        revision=f"{choice}",
        on_pick={"contour": lesson.move},
        live=Live(tuple(sliders), bound=follows, points={"contour": START}, inputs=start),
        verdicts=[Verdict(in_brief(known, run), run, styles[run].color, styles[run].symbol) for run in runs],
    )


def cost() -> None:
    """The loss against what is counted."""
    per = lesson.choose_in_line("Count", (UPDATES, EXAMPLES, EPOCHS), EXAMPLES, "per")
    counts = {UPDATES: updates, EXAMPLES: seen, EPOCHS: {name: samples[name].epochs(updates[name]) for name in runs}}
    curves = loss_curve(risk, drawn, theme, height=HEIGHT, styles=styles)
    ends = [
        f"{name} ends at {number(float(found.loss[-1]))} after {counted(found.steps, 'update')}."
        for name, found in runs.items()
    ]
    show(
        "loss",
        with_times(curves, seen, "examples seen:", counts[per], per),
        f"Loss of all examples: {' '.join(ends)}",
        cost_in_brief,
    )
    with answers(lesson.key("cost")):
        st.markdown(speed_in_words(known))


def noise() -> None:
    """The gradients of the examples where a run is."""
    show(
        "cloud",
        gradient_cloud(risk, cloud_of, drawn[cloud_of], seen[cloud_of], theme, height=HEIGHT),
        f"The gradients of the examples where the run {cloud_of.lower()} is, with mean and spread.",
        noise_in_brief,
    )
    with answers(lesson.key("noise")):
        st.markdown(f"{distance_in_words(known)} {spread_in_words(known, cloud_of)}")


with lesson.instrument:
    {COST: cost, NOISE: noise}[view]()
    if any(len(updates[name]) <= runs[name].steps for name in runs):
        st.caption(
            "Long paths are drawn with fewer points, more of them at the beginning. Every update is computed, and a "
            "noisy run moved between the points that are drawn, too."
        )

rows = []
for name, found in runs.items():
    needed = known.needed(name)
    rows.append(
        (
            name,
            str(found.steps),
            str(int(samples[name].examples_seen(found.steps))),
            number(float(found.loss[-1])),
            "–" if needed is None else str(needed),
            number(known.away(name), 3),
        )
    )
reached = "Examples until 90 % of the gap is closed"
with answers(lesson.key("runs")):
    table(("Run", "Updates", "Examples seen", "Final loss L", reached, "Distance, last epoch"), rows)
st.caption(
    "“Distance, last epoch”: the root mean square distance from the nearest minimum. For a run that has arrived, it is "
    "the radius of its noise ball."
)

lesson.try_this(*TRIES)

with lesson.derivation("why a sample is enough"):
    show_formulas(
        "# The full gradient is the mean over all examples:",
        "{loss_gradient}({theta}) = 1/{examples} · Σ<sub>{example}</sub> ∇{example_loss}({theta})",
        "# The full batch sees all N examples before each update:",
        "{theta} ← {theta} − {learning_rate} · {loss_gradient}({theta})",
        "# Stochastic gradient descent sees one, drawn at random:",
        "{theta} ← {theta} − {learning_rate} · ∇{example_loss}({theta})",
        "# On average over the examples this is the same step. But one update costs 1 example instead of N.",
        "# Far from the minimum the examples mostly agree, so N cheap steps may bring more than one expensive step.",
        "# At the minimum the mean is zero. Where no weights are right for all examples, they still pull, and with a "
        "constant rate the path keeps jumping.",
    )
    if risk.reduction == "sum":
        st.markdown(
            "The loss of this model is the sum over the examples, as in the lecture. A sample is then the sum over its "
            "own examples only. On average its step is shorter than that of the full batch, as many times as it holds "
            "fewer examples."
        )
lesson.end()
