"""How large should a step be? Many learning rates at once, a change on the way, decay, and fair comparisons."""

from dataclasses import replace

import numpy as np
import streamlit as st

from browser import program
from browser.hand import Live
from browser.live_runs import with_runs, with_start
from browser.pictures import mesh
from figures import contour_map, loss_curve, surface_3d
from figures.following import START
from figures.rate_sweep import final_loss_by_rate, updates_by_rate
from figures.schedule_curve import schedule_curve
from figures.theme import plain_style, quiet_style
from lessons.experiment import outcome_on
from lessons.learning_rate import (
    ALL_RATES,
    CHANGE,
    COMPARE,
    DECAY,
    ONE_RATE,
    OPENINGS,
    TRIES,
    UPDATES,
    change_titles,
    change_words,
    changed_on_the_way,
    decay_words,
    decayed,
    fairness_words,
    limit_words,
    lost_words,
    named_curves,
    sweep_words,
)
from lessons.rates import nearest_rate, rates_on
from lessons.words import lowest_words, number
from optimizers import OPTIMIZERS, SCHEDULES, run, title_of
from optimizers.evaluations import run_within
from optimizers.sweep import RateSweep
from surfaces.names import surface_of
from ui.canvas import answers, canvas
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.practice import (
    SCHEDULED,
    choose_rules,
    kinds_legend,
    nearest_minimum,
    swept,
)
from ui.sliders import live_rate_slider, live_slider
from ui.tables import table
from ui.theme import page_theme
from ui.verdicts import in_words, verdicts_of

HEIGHT = 290
COMPARED = ("GradientDescent", "Momentum", "Adam")
DECAYING = ("Constant", "InverseSqrt", "Exponential", "Cosine")
VIEWS = (ONE_RATE, ALL_RATES, CHANGE, DECAY, COMPARE)
FAIRNESS = ("the same rate for all", "each at its swept best", "the same number of gradient evaluations")

lesson = Lesson("learning_rate", "How large should a step be? Choose a learning rate η, and see what it does.")
view = lesson.experiment(VIEWS, OPENINGS)
opening = OPENINGS[view]
with lesson.settings:
    name = lesson.surface_and_start(opening["surface"], (opening["theta1"], opening["theta2"]), rate="rate")
    rules_place, updates_place = st.columns([3, 1], vertical_alignment="bottom")
    label = "Optimizers (parts with one path use the first)"
    chosen_rules = choose_rules(rules_place, label, lesson.key("rules"), COMPARED, 5) or ["GradientDescent"]
    st.session_state.setdefault(lesson.key("updates"), UPDATES)
    updates = int(
        updates_place.slider("Number of updates", 10, 500, UPDATES, key=lesson.key("updates"), bind="query-params")
    )
surface, theme, ground = surface_of(name), page_theme(), mesh(name, "spaced")
start = lesson.point()
rate_slider = live_rate_slider("Learning rate η", lesson.key("rate"), name, opening["rate"])
rate, rule = rate_slider.value, chosen_rules[0]
FROM_THE_MAP = {"contour": START}


def choose_rate(eta: float, _: float) -> None:
    """Takes the rate that was clicked on a chart."""
    st.session_state[lesson.key("rate")] = nearest_rate(eta, rates_on(name))


def at_the_rate(*runs: str) -> Live:
    """What follows the hand where all these runs have the rate of the slider."""
    bound = {run: {"learning_rate": rate_slider.name} for run in runs}
    return Live((rate_slider,), bound=bound, points=FROM_THE_MAP)


def sweeps() -> dict[str, RateSweep]:
    """All rates of the slider with every chosen rule, by its name."""
    return {known: swept(known, name, *map(float, start), updates) for known in chosen_rules}


def one_rate() -> None:
    """The run with the chosen rate, beside four rates named by what they do."""
    sweep = swept(rule, name, *map(float, start), updates)
    path = run(OPTIMIZERS[rule](learning_rate=rate), surface, start, updates)
    result = outcome_on(surface, path)
    curves = {words: sweep.single(place) for words, place in named_curves(sweep).items()}
    styles = {words: quiet_style(place, theme) for place, words in enumerate(curves)}
    said = f"{title_of(rule)} with learning rate {number(rate)} on {surface.title}: {result.verdict}"
    canvas(
        {
            "contour": contour_map(surface, ground, {rule: path}, theme, height=HEIGHT),
            "surface": surface_3d(surface, ground, {rule: path}, theme, height=HEIGHT),
            "loss": loss_curve(surface, {rule: path, **curves}, theme, styles=styles, height=HEIGHT),
        },
        {
            "contour": f"Contour map. {said}",
            "surface": f"The surface in space. {said}",
            "loss": f"Loss against updates for the chosen learning rate and {len(curves)} others. {said}",
        },
        key=lesson.key("canvas one"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=name,
        on_pick={"contour": lesson.move},
        live=with_runs(at_the_rate(rule), {rule: path}),
        title=lesson.title,
        verdicts=verdicts_of({rule: result}, theme),
    )
    with answers(lesson.key("one")):
        st.markdown(f"**η = {number(rate)}.** {result.remedy} {sweep_words(sweep)} {_limit(sweep)}")


def _limit(sweep: RateSweep) -> str:
    """What theory says of the first rule near the minimum that its best rate reaches."""
    minimum = nearest_minimum(name, sweep.trajectory.theta[-1, :, sweep.best])
    return limit_words(rule, surface, minimum) if minimum else ""


def all_rates() -> None:
    """Every rate of the slider at once with all chosen rules, and their runs with the chosen one."""
    by_rule = sweeps()
    minimum = nearest_minimum(name, by_rule[rule].trajectory.theta[-1, :, by_rule[rule].best])
    steepest = float(minimum.eigenvalues[1]) if minimum else 0.0
    limits = {known: OPTIMIZERS[known]().rate_limit(steepest) for known in chosen_rules} if steepest > 0 else {}
    runs = {known: run(OPTIMIZERS[known](learning_rate=rate), surface, start, updates) for known in chosen_rules}
    results = {known: outcome_on(surface, path) for known, path in runs.items()}
    said = in_words(results)
    best = sweep_words(by_rule[rule])
    common = {"limits": limits, "chosen": dict.fromkeys(runs, rate), "height": HEIGHT}
    canvas(
        {
            "contour": contour_map(surface, ground, runs, theme, height=HEIGHT),
            "last": final_loss_by_rate(by_rule, surface.best_loss, theme, **common),
            "updates": updates_by_rate(by_rule, theme, **common),
        },
        {
            "contour": f"Contour map of the paths with learning rate {number(rate)}. {said}",
            "last": f"Last loss against learning rate. {best}",
            "updates": f"Updates to tolerance against learning rate. {best}",
        },
        key=lesson.key("canvas all"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=name,
        on_pick={"contour": lesson.move, "last": choose_rate, "updates": choose_rate},
        live=with_runs(at_the_rate(*runs), runs),
        title=lesson.title,
        verdicts=verdicts_of(results, theme),
    )
    with answers(lesson.key("all")):
        st.markdown(f"**η = {number(rate)}.** {results[rule].remedy} {_limit(by_rule[rule])}")
        st.markdown("  \n".join(f"**{title_of(known)}:** {sweep_words(sweep)}" for known, sweep in by_rule.items()))
    dotted = " Dotted lines: the limits that theory names." if any(map(np.isfinite, limits.values())) else ""
    st.caption(
        f"{kinds_legend()}{dotted} Click on a chart of the rates to choose one, or on the map to move the start."
    )


def change_on_the_way() -> None:
    """Two rates in one run, and the run that keeps the first one."""
    change = live_slider(
        "Change the rate from update k on",
        lesson.key("from"),
        range(501),
        opening["from"],
        name="change",
        spoken="Change the rate from update",
    )
    later_slider = live_rate_slider(
        "Learning rate from then on", lesson.key("later"), name, opening["later"], name="later"
    )
    place, later = int(change.value), later_slider.value
    done = changed_on_the_way(rule, surface, start, updates, rate, later, place)
    runs, titles = done.trajectories, change_titles(rate, later, place)
    kept, changed, alone = runs
    bound = {
        kept: {"learning_rate": "rate"},
        changed: {"learning_rate": "rate", "schedule.later_rate": "later", "schedule.changed_at": "change"},
        alone: {"learning_rate": "later"},
    }
    live = Live((rate_slider, change, later_slider), bound=bound, points=FROM_THE_MAP)
    styles = {words: plain_style(order + 2, theme) for order, words in enumerate(runs)}
    results = {words: done.outcome(words) for words in runs}
    said = " ".join(f"{titles[words]}: {result.verdict}" for words, result in results.items())
    common = {"styles": styles, "height": HEIGHT + 60}
    canvas(
        {
            "contour": contour_map(surface, ground, runs, theme, **common),
            "surface": surface_3d(surface, ground, runs, theme, **common),
            "loss": loss_curve(surface, runs, theme, **common),
        },
        {"contour": f"Contour map. {said}", "surface": f"Surface. {said}", "loss": f"Loss against updates. {said}"},
        key=lesson.key("canvas change"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=name,
        on_pick={"contour": lesson.move},
        live=with_runs(live, runs),
        title=lesson.title,
        verdicts=verdicts_of(results, theme, styles, titles),
    )
    with answers(lesson.key("change")):
        st.markdown(change_words(done, rate, later, place))
    st.caption(
        f"At the change the run is not started over: {title_of(rule)} keeps its point and its whole memory, and only η "
        "is new."
    )


def decay() -> None:
    """Schedules as curves and as paths."""
    st.session_state.setdefault(lesson.key("schedules"), list(DECAYING))
    chosen = lesson.settings.multiselect(
        "Schedules",
        list(SCHEDULES),
        DECAYING,
        key=lesson.key("schedules"),
        format_func=title_of,
        select_all=False,
        bind="query-params",
    )
    base = rule if rule in SCHEDULED else "GradientDescent"
    schedules = {known: SCHEDULES[known]() for known in chosen}
    order = list(SCHEDULES)
    styles = {known: plain_style(order.index(known), theme) for known in chosen}
    done = decayed(base, surface, start, updates, rate, chosen)
    runs = {known: done.trajectories[known] for known in chosen}
    results = {known: done.outcome(known) for known in runs}
    said = in_words(results)
    common = {"styles": styles, "height": HEIGHT + 50}
    canvas(
        {
            "contour": contour_map(surface, ground, runs, theme, **common),
            "rates": schedule_curve(schedules, rate, updates, theme, styles, height=HEIGHT + 50),
            "loss": loss_curve(surface, runs, theme, **common),
        },
        {
            "rates": "The learning rate of each update under every schedule.",
            "contour": f"Contour map. {said}",
            "loss": f"Loss against updates. {said}",
        },
        key=lesson.key("canvas decay"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=name,
        on_pick={"contour": lesson.move},
        live=with_runs(at_the_rate(*runs), runs) if runs else at_the_rate(),
        title=lesson.title,
        verdicts=verdicts_of(results, theme, styles),
    )
    if base != rule:
        st.info(f"{title_of(rule)} knows its own step length and takes no schedule, so gradient descent is shown.")
    with answers(lesson.key("decay")):
        for known in runs:
            st.markdown(f"**{title_of(known)}:** ${SCHEDULES[known].latex}$")
        st.markdown(decay_words(done))


def compare() -> None:
    """The chosen rules under three ideas of fairness."""
    fair = lesson.choose_in_line("What is the same?", FAIRNESS, FAIRNESS[0], "fair", lesson.show_end)
    is_shared = fair == FAIRNESS[0]
    runs, rows, results = {}, [], {}
    by_rule = sweeps()
    for known, sweep in by_rule.items():
        eta = rate if is_shared else float(sweep.rates[sweep.best])
        optimizer = OPTIMIZERS[known](learning_rate=eta)
        if fair == FAIRNESS[2]:
            counted = run_within(optimizer, surface, start, updates)
            path, spent = counted.trajectory, str(counted.evaluations[-1])
        else:
            path, spent = run(optimizer, surface, start, updates), "–"
        runs[known], results[known] = path, (result := outcome_on(surface, path))
        rows.append([title_of(known), number(eta), str(path.steps), spent, number(result.loss)])
    said = " ".join(
        f"{row[0]} with learning rate {row[1]}: {result.verdict}"
        for row, result in zip(rows, results.values(), strict=True)
    )
    common, steps = {"height": HEIGHT + 30}, max((path.steps for path in runs.values()), default=0)
    # The best rate from another start is known to the server alone, and the runs with it.
    live = (
        with_runs(at_the_rate(*runs), runs)
        if is_shared
        else with_start(replace(at_the_rate(), runs=program(surface, {}, start, updates)), runs)
    )
    canvas(
        {
            "contour": contour_map(surface, ground, runs, theme, **common),
            "surface": surface_3d(surface, ground, runs, theme, **common),
            "loss": loss_curve(surface, runs, theme, **common),
        },
        {"contour": f"Contour map. {said}", "surface": f"Surface. {said}", "loss": f"Loss against updates. {said}"},
        key=lesson.key("canvas compare"),
        steps=steps,
        clock=lesson.clock(steps),
        revision=name,
        on_pick={"contour": lesson.move},
        live=live,
        title=lesson.title,
        verdicts=verdicts_of(results, theme),
    )
    head = ("Optimizer", "η", "Updates", "Evaluations", "Last loss L")
    with answers(lesson.key("compared")):
        table(head, rows)
        if is_shared:
            own = {known: sweep.outcomes[sweep.best] for known, sweep in by_rule.items()}
            st.markdown(fairness_words(results, own, float(surface.value(start))))
        else:
            st.markdown(f"{lowest_words(results, float(surface.value(start)))} {lost_words(by_rule)}")
    if fair == FAIRNESS[2]:
        st.caption(
            f"Every rule may spend {updates} evaluations, at its swept best rate. A gradient counts 1, a loss that a "
            "line search asks for counts 1, a Hessian counts 2: one gradient for each parameter."
        )


with lesson.instrument:
    dict(zip(VIEWS, (one_rate, all_rates, change_on_the_way, decay, compare), strict=True))[view]()

lesson.try_this(*TRIES)

with lesson.derivation("why 2/λ is the limit"):
    show_formulas("{learning_rate} < 2 / {largest_eigenvalue}")
    st.markdown(
        "Near a minimum that is curved in every direction, the loss is nearly a parabola along each eigenvector of its "
        "Hessian: $L = \\frac{\\lambda}{2} x^2$ with curvature $\\lambda$. Its slope is $\\lambda x$. So one step of "
        "gradient descent is"
    )
    st.latex(r"x \leftarrow x - \eta\,\lambda x = (1 - \eta\lambda)\,x")
    st.markdown(
        "The distance $x$ is multiplied by $1 - \\eta\\lambda$ at every update. It shrinks only if "
        "$|1 - \\eta\\lambda| < 1$, that is, $0 < \\eta < 2/\\lambda$. The steepest direction has the largest "
        "curvature, so it decides:"
    )
    st.latex(r"\eta < \frac{2}{\lambda_{\max}}")
    st.markdown(
        "All directions shrink best together where the slowest one, $1 - \\eta\\lambda_{\\min}$, and the one that "
        "overshoots, $1 - \\eta\\lambda_{\\max}$, are equally large: $\\eta = 2/(\\lambda_{\\min} + \\lambda_{\\max})$."
    )
lesson.end()
