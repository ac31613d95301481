"""Adagrad from the inside, the contrast that it makes, and where RMSProp and Adam depart from it."""

import math

import numpy as np
import streamlit as st

from figures import contour_map, loss_curve, style_of
from figures.effective_steps import effective_steps
from lessons.tries import Try
from optimizers import OPTIMIZERS, run, title_of
from optimizers.equations import number_latex
from optimizers.variants import AdagradByRootMeanSquare, PrescribedGradients, UncorrectedAdam
from ui.canvas import canvas
from ui.choices import surface_of
from ui.experiment import mesh, outcome_on, page_theme
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.report import number
from ui.sliders import rate_slider
from ui.tables import table

HEIGHT = 340
UPDATES = 60
VIEWS = ("Inside Adagrad", "How surprising is it?", "RMSProp and Adam")
SMALL = (0.001, 0.001, 0.003, 0.002, 0.1)
LARGE = (10.8, 20.9, 31.7, 12.1, 0.1)
LARGEST = 1e6

lesson = Lesson("adagrad", "Can every parameter have a learning rate of its own, without anybody choosing it?")
theme = page_theme()
left, right = st.columns([5, 4], vertical_alignment="bottom")
with left:
    view = lesson.experiment(VIEWS)
with right:
    chosen = st.session_state.get(lesson.key("surface"), "ellipse")
    rate = rate_slider("Learning rate η", lesson.key("rate"), chosen, 0.4)
st.session_state.setdefault(lesson.key("updates"), UPDATES)
updates = int(st.session_state[lesson.key("updates")])


def inside() -> None:
    """Both forms of one update with its numbers, the whole table, and the paths."""
    name = lesson.surface_and_start("ellipse", (-4.5, 1.0))
    surface, start = surface_of(name), lesson.point()
    rule = OPTIMIZERS["Adagrad"](learning_rate=rate)
    simplified = run(rule, surface, start, updates)
    lecture = run(AdagradByRootMeanSquare(learning_rate=rate, epsilon=rule.epsilon), surface, start, updates)
    runs = {"Adagrad": simplified}
    result = outcome_on(surface, simplified)
    said = f"Adagrad with learning rate {rate:.4g} on {surface.title}: {result.verdict}"
    canvas(
        {
            "steps": effective_steps({"Adagrad": simplified}, theme, height=HEIGHT),
            "contour": contour_map(surface, mesh(name, "spaced"), runs, theme, height=HEIGHT),
            "loss": loss_curve(surface, runs, theme, height=HEIGHT),
        },
        {
            "steps": "The effective step of both parameters against updates. It only shrinks.",
            "contour": f"Contour map. {said}",
            "loss": f"Loss against updates. {said}",
        },
        key=lesson.key("canvas inside"),
        steps=updates,
        revision=name,
        on_pick={"contour": lesson.move},
    )
    st.session_state[lesson.key("t")] = min(int(st.session_state.get(lesson.key("t"), 3)), updates - 1)
    update = st.slider("Update t", 0, updates - 1, min(3, updates - 1), key=lesson.key("t"), bind="query-params")
    two_forms(simplified, lecture, update)
    with st.expander("The whole table, update by update"):
        st.dataframe(all_updates(simplified, lecture), hide_index=True, height=320)


def two_forms(simplified, lecture, update: int) -> None:
    """One update, in both forms, with its numbers."""
    gradient = simplified.gradient[update]
    decayed = float(lecture.state["decayed_learning_rate"][update + 1])
    root_mean_square = lecture.state["root_mean_square"][update + 1]
    squares = simplified.state["squared_gradients"][update + 1]
    first, second = st.columns(2)
    with np.errstate(all="ignore"):
        by_mean, by_sum = -decayed / root_mean_square * gradient, -rate / np.sqrt(squares) * gradient
    lines = (
        [r"\Delta \theta_i &= -\frac{\eta^t}{\sigma_i^t}\,g_i^t"],
        [r"\Delta \theta_i &= -\frac{\eta}{\sqrt{\sum_k (g_i^k)^2}}\,g_i^t"],
    )
    for place in range(2):
        step, g = rf"\Delta \theta_{place + 1} &= -", _tex(gradient[place])
        lines[0].append(
            rf"{step}\frac{{{_tex(decayed)}}}{{{_tex(root_mean_square[place])}}}\cdot {g} = {_plain(by_mean[place])}"
        )
        lines[1].append(
            rf"{step}\frac{{{_tex(rate)}}}{{{_tex(math.sqrt(squares[place]))}}}\cdot {g} = {_plain(by_sum[place])}"
        )
    first.markdown("**As it is meant:** a decaying rate over the usual size of the derivative")
    first.latex(_below_one_another(lines[0]))
    second.markdown("**As it is computed:** both roots of t + 1 cancel")
    second.latex(_below_one_another(lines[1]))
    difference = float(np.nanmax(np.abs(lecture.theta - simplified.theta), initial=0.0))
    st.markdown(
        f"The two forms are one rule. Over the whole run of {updates} updates, their paths differ by at most "
        f"**{number(difference, 2)}**, which is rounding. At update {update}, "
        rf"$\eta^t = \eta/\sqrt{{{update + 1}}} = {_tex(decayed)}$."
    )


def _below_one_another(lines: list[str]) -> str:
    # The strut keeps the first line away from the edge of its box, which would cut it.
    return r"\begin{aligned}\rule{0pt}{2.2em}" + r"\\[10pt]".join(lines) + r"\end{aligned}"


def _plain(value: float) -> str:
    return number_latex(float(value), 4)


def _tex(value: float) -> str:
    """A factor as LaTeX: in brackets where it is negative."""
    return f"({_plain(value)})" if value < 0 else _plain(value)


def all_updates(simplified, lecture) -> dict[str, np.ndarray]:
    """Every update of both parameters: derivative, root mean square, rate, step, and the step of the other form."""
    columns = {"t": np.arange(updates), "ηᵗ": lecture.state["decayed_learning_rate"][1:]}
    for place, name in enumerate(("θ₁", "θ₂")):
        columns |= {
            f"gᵗ of {name}": simplified.gradient[:-1, place],
            f"σᵗ of {name}": lecture.state["root_mean_square"][1:, place],
            f"step of {name}": np.diff(lecture.theta[:, place]),
            f"step of {name}, simplified": np.diff(simplified.theta[:, place]),
        }
    return columns


def surprise() -> None:
    """Two histories with the same last derivative, and what each rule makes of it."""
    histories = []
    for row, (title, values) in enumerate((("Small so far", SMALL), ("Large so far", LARGE))):
        columns = st.columns([1.3, 1, 1, 1, 1, 1], vertical_alignment="bottom")
        columns[0].markdown(f"**{title}** (θ{'₁₂'[row]})")
        history = []
        for place, value in enumerate(values):
            key = lesson.key(f"g{row}{place}")
            st.session_state.setdefault(key, value)
            entered = columns[place + 1].number_input(
                f"g{'⁰¹²³⁴'[place]} of θ{'₁₂'[row]}",
                min_value=-LARGEST,
                max_value=LARGEST,
                value=value,
                key=key,
                format="%.6g",
                step=0.1,
                bind="query-params",
            )
            history.append(entered)
        histories.append(history)
    if any(value is None or not math.isfinite(value) for history in histories for value in history):
        lesson.complaints.warning("Every derivative is a number. What cannot be used counts as 0 here.")
    numbers = [[value if value is not None and math.isfinite(value) else 0.0 for value in row] for row in histories]
    loss = PrescribedGradients(np.array(numbers).T)
    rules = ("GradientDescent", "Adagrad", "RMSProp", "Adam")
    runs = {name: run(OPTIMIZERS[name](learning_rate=rate), loss, (0.0, 0.0), 5) for name in rules}
    last = {name: np.abs(path.theta[5] - path.theta[4]) for name, path in runs.items()}
    names = ("θ₁, small so far", "θ₂, large so far")
    small, large = last["Adagrad"]
    share = f"**{number(small / large)} times**" if large > 0 else "infinitely many times"
    same = numbers[0][-1] == numbers[1][-1]
    st.markdown(
        f"The last derivative is {'the same' if same else 'not the same'}: {number(numbers[0][-1])} and "
        f"{number(numbers[1][-1])}. Adagrad steps by **{number(small)}** after the first history and by "
        f"**{number(large)}** after the second, {share} as far for θ₁ as for θ₂. It measures every derivative against "
        "the ones before it: what is large for a quiet parameter is nothing for a loud one."
    )
    canvas(
        {"steps": effective_steps({name: runs[name] for name in rules[1:]}, theme, names=names, height=HEIGHT)},
        {"steps": f"Effective steps of three rules after both histories. The last Adagrad steps: {small}, {large}."},
        key=lesson.key("canvas surprise"),
        steps=0,
        revision="surprise",
    )
    rows = [[title_of(name), *(number(float(value)) for value in step)] for name, step in last.items()]
    table(("Last step, |Δθ|", *names), rows)


def family() -> None:
    """Adagrad, RMSProp and Adam side by side, Adam with and without its correction."""
    name = lesson.surface_and_start("ellipse", (-4.5, 1.0))
    surface, start = surface_of(name), lesson.point()
    st.session_state.setdefault(lesson.key("corrected"), True)
    corrected = st.toggle("Bias correction of Adam", True, key=lesson.key("corrected"), bind="query-params")
    adam = OPTIMIZERS["Adam"](learning_rate=rate) if corrected else UncorrectedAdam(learning_rate=rate)
    rules = {known: OPTIMIZERS[known](learning_rate=rate) for known in ("Adagrad", "RMSProp")}
    rules["Adam" if corrected else "Adam without correction"] = adam
    runs = {known: run(rule, surface, start, updates) for known, rule in rules.items()}
    styles = {known: style_of("Adam", theme) for known in runs if known not in OPTIMIZERS}
    results = {known: outcome_on(surface, path) for known, path in runs.items()}
    said = " ".join(f"{title_of(known)}: {result.verdict}" for known, result in results.items())
    common = {"styles": styles, "height": HEIGHT}
    canvas(
        {
            "steps": effective_steps(runs, theme, **common),
            "contour": contour_map(surface, mesh(name, "spaced"), runs, theme, **common),
            "loss": loss_curve(surface, runs, theme, **common),
        },
        {
            "steps": f"Effective steps of each parameter. {said}",
            "contour": f"Contour map. {said}",
            "loss": f"Loss against updates. {said}",
        },
        key=lesson.key("canvas family"),
        steps=updates,
        revision=name,
        on_pick={"contour": lesson.move},
    )
    path = runs[list(runs)[-1]]
    first = np.abs(path.theta[1] - path.theta[0]) if updates else np.zeros(2)
    st.markdown(
        f"η = {rate:.4g}. Adam's first step is {number(float(first[0]))} in θ₁ and {number(float(first[1]))} in θ₂. "
        + (
            "The correction makes it one learning rate long, however large or small the slope is."
            if corrected
            else "Without the correction it is (1 − β₁)/√(1 − β₂) = 0.1/√0.001 = 3.16 learning rates long: the average "
            "of squares began at zero and is still far too small."
        )
    )
    for known, result in results.items():
        st.markdown(f"**{title_of(known)}:** {result.verdict}")


{VIEWS[0]: inside, VIEWS[1]: surprise, VIEWS[2]: family}[view]()

_HISTORIES = {
    f"g{row}{place}": value for row, values in enumerate((SMALL, LARGE)) for place, value in enumerate(values)
}
_ELLIPSE = {"surface": "ellipse", "theta1": -4.5, "theta2": 1.0}
lesson.try_this(
    Try(
        "Steep and flat alike",
        "The curvatures are 1 and 50, and one slope is eleven times the other. Adagrad gives the steep parameter the "
        "smaller effective step, so both parameters begin with steps of the same length.",
        {**_ELLIPSE, "view": VIEWS[0], "rate": 0.4},
    ),
    Try(
        "The lecture's two histories",
        "The same last derivative 0.1, and two very different steps. Change a number and see what happens.",
        {**_HISTORIES, "view": VIEWS[1], "rate": 1.0},
    ),
    Try(
        "Adam without its correction",
        "The first steps are far too long. Switch the correction on and compare the start of the path.",
        {**_ELLIPSE, "view": VIEWS[2], "corrected": False, "rate": 0.4},
        good=False,
    ),
)

with st.expander("Settings: number of updates"):
    st.slider("Number of updates", 5, 500, UPDATES, key=lesson.key("updates"), bind="query-params")

with lesson.derivation("from two ideas to one formula"):
    show_formulas(
        "{change} = −({learning_rate} / √({update} + 1)) / {root_mean_square} · {gradient_now}",
        "{change} = −{learning_rate} / √(sum of all ({gradient_now})² so far) · {gradient_now}",
    )
    st.markdown(
        "Two ideas. The learning rate decays, $\\eta^t = \\eta/\\sqrt{t+1}$: far from the goal large steps, near it "
        "small ones. And every parameter is measured by its own history, the root mean square of its derivatives:"
    )
    st.latex(r"\sigma^t = \sqrt{\tfrac{1}{t+1}\left[(g^0)^2 + \dots + (g^t)^2\right]}")
    st.latex(
        r"w^{t+1} \leftarrow w^t - \frac{\eta^t}{\sigma^t}\,g^t = w^t - \frac{\eta/\sqrt{t+1}}"
        r"{\sqrt{\frac{1}{t+1}\sum_{i=0}^t (g^i)^2}}\;g^t = w^t - \frac{\eta}{\sqrt{\sum_{i=0}^t (g^i)^2}}\;g^t"
    )
    st.markdown(
        "The sum only grows, so the steps only shrink. **RMSProp** replaces the sum by a moving average: it forgets "
        "old derivatives, and its steps can grow again. **Adam** also averages the gradient itself. Both begin "
        "at zero, so at first they are too small: after $t$ updates a moving average with weight $\\beta$ holds only "
        "the share $1 - \\beta^t$ of its final size. Adam divides by this share. That is the bias correction."
    )
    st.markdown(
        "The computed rule adds a tiny $\\epsilon$ below the fraction, so that a parameter whose derivative was always "
        "zero does not divide by zero."
    )
lesson.end()
