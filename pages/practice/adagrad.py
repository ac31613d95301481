"""Adagrad from the inside, the contrast that it makes, and where RMSProp and Adam depart from it."""

import math
from collections.abc import Mapping

import numpy as np
import streamlit as st

from browser.hand import Live
from browser.live_runs import with_runs
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map, loss_curve, style_of
from figures.effective_steps import effective_steps
from figures.following import START
from lessons.adagrad import (
    COMPARED,
    FAMILY,
    INSIDE,
    LARGE,
    PARAMETERS,
    SMALL,
    SURPRISE,
    TRIES,
    UPDATES,
    after_histories,
    difference_words,
    epsilon_words,
    family,
    first_step_words,
    last_steps,
    step_length_words,
    surprise_words,
    two_forms,
)
from lessons.moments import worked
from lessons.words import number
from optimizers import OPTIMIZERS, Trajectory, title_of
from optimizers.equations import number_latex
from surfaces import Surface
from surfaces.names import surface_of
from surfaces.reading import number_of, written
from ui.canvas import answers, canvas, moments
from ui.clock import now, stepper
from ui.fields import number_field, wrong
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.sliders import live_rate_slider
from ui.theme import page_theme
from ui.verdicts import in_words, verdicts_of

HEIGHT = 340
VIEWS = (INSIDE, SURPRISE, FAMILY)
LARGEST = 1e6
MOST_UPDATES = 500

lesson = Lesson("adagrad", "Can every parameter have a learning rate of its own, without anybody choosing it?")
theme = page_theme()
view = lesson.experiment(VIEWS)
chosen = st.session_state.get(lesson.key("surface"), "ellipse")
slider = live_rate_slider("Learning rate η", lesson.key("rate"), chosen, 0.4)
rate = slider.value


def set_once() -> tuple[str, Surface, np.ndarray, int]:
    """The surface by its name and as it is, the start, and the number of updates."""
    st.session_state.setdefault(lesson.key("updates"), UPDATES)
    with lesson.settings:
        name = lesson.surface_and_start("ellipse", (-4.5, 1.0))
        updates = st.slider(
            "Number of updates", 5, MOST_UPDATES, UPDATES, key=lesson.key("updates"), bind="query-params"
        )
    return name, surface_of(name), lesson.point(), int(updates)


def under_the_hand(runs: Mapping[str, Trajectory]) -> Live:
    """What follows the hand: these runs, all with the rate of the slider, from the point on the map."""
    bound = {name: {"learning_rate": slider.name} for name in runs}
    return with_runs(Live((slider,), bound=bound, points={"contour": START}), runs)


def take_update_of_old_links() -> None:
    """Lets the clock show the update t, counted from 0, of links from the time when it had a slider of its own."""
    key, query = lesson.key("t"), st.query_params
    if key in query and not wrong(query[key], 0, MOST_UPDATES - 1, whole=True):
        query.setdefault(lesson.key("update"), written(number_of(query[key]) + 1))
        del query[lesson.reads("t")]


def inside() -> None:
    """Both forms of one update with its numbers, the whole table, and the paths."""
    name, surface, start, updates = set_once()
    forms = two_forms(surface, start, updates, rate)
    simplified, lecture = forms.trajectories.values()
    runs = {"Adagrad": simplified}
    result = forms.outcome("Adagrad")
    take_update_of_old_links()
    clock = lesson.clock(updates)
    said = f"Adagrad with learning rate {number(rate)} on {surface.title}: {result.verdict}"
    canvas(
        {
            "contour": contour_map(surface, mesh(name, "spaced"), runs, theme, height=HEIGHT),
            "steps": effective_steps(runs, theme, height=HEIGHT),
            "loss": loss_curve(surface, runs, theme, height=HEIGHT),
        },
        {
            "steps": "The effective step η/√Σg² of both parameters against updates. It never grows.",
            "contour": f"Contour map. {said}",
            "loss": f"Loss against updates. {said}",
        },
        key=lesson.key("canvas inside"),
        steps=updates,
        clock=clock,
        revision=name,
        on_pick={"contour": lesson.move},
        live=under_the_hand(runs),
        title=lesson.title,
        verdicts=verdicts_of({"Adagrad": result}, theme),
    )
    # The lecture counts updates from 0.
    update = worked(now(clock, updates)) - 1
    stepper(clock, update + 1, updates, f"Update t = {update}")
    decayed = float(lecture.state["decayed_learning_rate"][update + 1])
    with moments(lesson.key("inside")):
        show_update(simplified, lecture, update)
        st.markdown(
            f"The two forms are one rule. {difference_words(forms)} At update {update}, "
            rf"$\eta^t = \eta/\sqrt{{{update + 1}}} = {_tex(decayed)}$. {epsilon_words(forms, update)}"
        )
    with lesson.settings.expander("The whole table, update by update"), answers(lesson.key("table")):
        st.dataframe(all_updates(simplified, lecture), hide_index=True, height=320)


def show_update(simplified: Trajectory, lecture: Trajectory, update: int) -> None:
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
        if squares[place] == 0:
            for line in lines:
                line.append(rf"\Delta \theta_{place + 1} &= 0 \quad \text{{(no slope so far)}}")
            continue
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
    columns = {"t": np.arange(simplified.steps), "ηᵗ": lecture.state["decayed_learning_rate"][1:]}
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
    numbers = []
    for row, values in enumerate((SMALL, LARGE)):
        columns = lesson.settings.columns([1.3, 1, 1, 1, 1, 1], vertical_alignment="bottom")
        columns[0].markdown(f"**History of {PARAMETERS[row]}**")
        history = []
        for place, value in enumerate(values):
            label, key = f"g{'⁰¹²³⁴'[place]} of θ{'₁₂'[row]}", lesson.key(f"g{row}{place}")
            history.append(
                number_field(columns[place + 1], label, key, value, -LARGEST, LARGEST, complaints=lesson.complaints)
            )
        numbers.append(history)
    runs = after_histories(numbers, rate)
    last = {name: last_steps(path) for name, path in runs.items()}
    shown = {name: runs[name] for name in COMPARED[1:]}
    canvas(
        {"steps": effective_steps(shown, theme, height=HEIGHT)},
        {"steps": f"Effective steps of three rules after both histories. {surprise_words(numbers, last['Adagrad'])}"},
        key=lesson.key("canvas surprise"),
        steps=0,
        revision="surprise",
        live=under_the_hand(shown),
        title=lesson.title,
        verdicts=[last_step_verdict(name, step) for name, step in last.items()],
    )
    with answers(lesson.key("surprise")):
        st.markdown(surprise_words(numbers, last["Adagrad"]))


def last_step_verdict(rule: str, steps: np.ndarray) -> Verdict:
    """How long the last step of each parameter is, (2,)."""
    words = " and ".join(
        f"{number(float(step))} in {parameter}" for step, parameter in zip(steps, PARAMETERS, strict=True)
    )
    style = style_of(rule, theme)
    return Verdict(f"steps by {words}.", title_of(rule), style.color, style.symbol)


def relatives() -> None:
    """Adagrad, RMSProp and Adam side by side, Adam with and without its correction."""
    name, surface, start, updates = set_once()
    st.session_state.setdefault(lesson.key("corrected"), True)
    corrected = lesson.settings.toggle(
        "Bias correction of Adam", True, key=lesson.key("corrected"), bind="query-params"
    )
    done = family(surface, start, updates, rate, corrected)
    runs = done.trajectories
    styles = {known: style_of("Adam", theme) for known in runs if known not in OPTIMIZERS}
    results = {known: done.outcome(known) for known in runs}
    said = in_words(results)
    common = {"styles": styles, "height": HEIGHT}
    canvas(
        {
            "contour": contour_map(surface, mesh(name, "spaced"), runs, theme, **common),
            "steps": effective_steps(runs, theme, **common),
            "loss": loss_curve(surface, runs, theme, **common),
        },
        {
            "steps": f"Effective steps of each parameter. {said}",
            "contour": f"Contour map. {said}",
            "loss": f"Loss against updates. {said}",
        },
        key=lesson.key("canvas family"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=name,
        on_pick={"contour": lesson.move},
        live=under_the_hand(runs),
        title=lesson.title,
        verdicts=verdicts_of(results, theme, styles),
    )
    adam, path = list(done.optimizers.values())[-1], list(runs.values())[-1]
    with answers(lesson.key("family")):
        st.markdown(f"η = {number(rate)}. {first_step_words(adam, path)} {step_length_words(path, rate)}")


with lesson.instrument:
    {VIEWS[0]: inside, VIEWS[1]: surprise, VIEWS[2]: relatives}[view]()

lesson.try_this(*TRIES)

with lesson.derivation("from two ideas to one formula"):
    show_formulas(
        "{change} = −({learning_rate} / √({update} + 1)) / {root_mean_square} · {gradient_now}",
        "{change} = −{learning_rate} / √(sum of all ({gradient_now})² so far) · {gradient_now}",
    )
    st.markdown(
        "Two ideas. The learning rate decays, $\\eta^t = \\eta/\\sqrt{t+1}$: large at first, later smaller and "
        "smaller. And every parameter is measured by its own history, the root mean square of its derivatives:"
    )
    st.latex(r"\sigma^t = \sqrt{\tfrac{1}{t+1}\left[(g^0)^2 + \dots + (g^t)^2\right]}")
    st.latex(
        r"w^{t+1} \leftarrow w^t - \frac{\eta^t}{\sigma^t}\,g^t = w^t - \frac{\eta/\sqrt{t+1}}"
        r"{\sqrt{\frac{1}{t+1}\sum_{i=0}^t (g^i)^2}}\;g^t = w^t - \frac{\eta}{\sqrt{\sum_{i=0}^t (g^i)^2}}\;g^t"
    )
    st.markdown(
        "The sum never falls, so the effective step $\\eta/\\sqrt{\\sum_i (g^i)^2}$ never grows. The step itself is "
        "this factor times the slope $g^t$, so it can grow where the slope does. **RMSProp** replaces the sum by a "
        "moving average: it forgets old derivatives, and its effective step can grow again. **Adam** also averages the "
        "gradient itself. Both averages begin at zero, so at first they are too small: under a constant slope, a "
        "moving average with weight $\\beta$ holds only the share $1 - \\beta^t$ of its final size after $t$ updates. "
        "Adam divides by this share. That is the bias correction."
    )
    st.markdown(
        "The computed rule adds a tiny $\\epsilon$ below the fraction, so that a parameter whose derivative was always "
        "zero does not divide by zero."
    )
lesson.end()
