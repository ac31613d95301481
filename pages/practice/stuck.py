"""Where descent gets stuck: three traps, the critical points of any surface, and basin maps."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from browser.hand import Live
from browser.live_runs import with_runs
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map, style_of, surface_3d
from figures.basin_picture import basin_picture
from figures.following import START
from figures.slope_curve import slope_curve
from lessons.experiment import outcome_on
from lessons.stuck import (
    MAPPED,
    MAPS,
    NOISES,
    POINTS,
    RULES,
    SEEDS,
    STRENGTHS,
    TRAPS,
    TRAPS_VIEW,
    TRIES,
    Trap,
    border_words,
    escape_words,
    trapped,
)
from lessons.words import counted, number
from optimizers import Trajectory, run, title_of
from surfaces.names import surface_of
from ui.canvas import answers, canvas
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.maps import drawn_map, rule_of
from ui.navigation import page_of
from ui.practice import MOST_POINTS, SCHEDULED, choose_rules, critical_points_of
from ui.sliders import live_rate_slider, live_slider
from ui.tables import table
from ui.theme import page_theme
from ui.traps import shares_escaped
from ui.verdicts import in_words, verdicts_of

HEIGHT = 340
VIEWS = (TRAPS_VIEW, POINTS, MAPS)
# A part that links may still name.
GRADIENTS = page_of("two_gradients")
RESOLUTIONS = (60, 120, 200, 300)

lesson = Lesson("stuck", "The gradient is nearly zero. Is this the minimum, or is descent stuck?")
theme, state = page_theme(), st.session_state
if st.query_params.get(lesson.key("view")) == GRADIENTS.title:
    lesson.complaints.page_link(
        GRADIENTS.file,
        label=f"“{GRADIENTS.title}” has a page of its own now: open it",
        icon=GRADIENTS.icon,
        query_params={
            key.replace(lesson.url_path, GRADIENTS.url_path, 1): text
            for key, text in st.query_params.to_dict().items()
            if key in map(lesson.reads, ("surface", "theta1", "theta2", "power"))
        },
    )
    lesson.reads("view")
view = lesson.experiment(VIEWS)


def bring_rate() -> None:
    """A new trap brings a learning rate that shows it."""
    lesson.show_end()
    state[lesson.key("rate")] = TRAPS[state[lesson.key("trap")]].rate


def traps() -> None:
    """One trap, its runs, the slope against updates, and who escapes with how much noise."""
    words = lesson.choose_in_line("Descent is …", list(TRAPS), next(iter(TRAPS)), "trap", bring_rate)
    trap = TRAPS[words]
    slider = live_rate_slider("Learning rate η", lesson.key("rate"), trap.surface, trap.rate)
    noise = live_slider("Noise on the gradient", lesson.key("noise"), STRENGTHS, 0.0, name="noise")
    rate = slider.value
    surface, ground = surface_of(trap.surface), mesh(trap.surface, "spaced")
    done = trapped(trap, rate, noise.value)
    runs = done.trajectories
    results = {rule: done.outcome(rule) for rule in runs}
    said = in_words(results)
    bound = {rule: {"learning_rate": slider.name, "noise": noise.name} for rule in runs}
    canvas(
        {
            "contour": contour_map(
                surface, ground, runs, theme, critical=critical_points_of(trap.surface), height=HEIGHT
            ),
            "surface": surface_3d(surface, ground, runs, theme, height=HEIGHT),
            "slope": slope_curve(runs, theme, height=HEIGHT),
        },
        {
            "contour": f"Contour map. {said}",
            "surface": f"{surface.title} in space. {said}",
            "slope": f"The slope against updates. {said}",
        },
        key=lesson.key("canvas traps"),
        steps=trap.updates,
        clock=lesson.clock(trap.updates),
        revision=words,
        live=with_runs(Live((slider, noise), bound=bound), runs),
        title=lesson.title,
        verdicts=verdicts_of(results, theme),
    )
    with answers(lesson.key("outcome")):
        _report_trap(trap, words, rate, runs)


def _report_trap(trap: Trap, words: str, rate: float, runs: Mapping[str, Trajectory]) -> None:
    """What holds the runs in a trap, and who escapes with how much noise."""
    slope = float(np.hypot(*runs["GradientDescent"].gradient[-1]))
    st.markdown(f"**{trap.explanation}** After {trap.updates} updates of gradient descent, |∇L| = {number(slope)}.")
    escaped = shares_escaped(words, rate, trap.updates)
    head = ("Out of the trap at the end", *(f"noise {level:g}" for level in NOISES))
    rows = [[title_of(rule), *(f"{count} of {SEEDS}" for count in escaped[rule])] for rule in RULES]
    table(head, rows)
    st.markdown(escape_words(escaped))
    st.caption(
        f"Each number counts {SEEDS} runs with different noise, all with η = {number(rate)}. "
        "What diverges is not counted."
    )


def points() -> None:
    """All critical points of a surface, marked and listed."""
    with lesson.settings:
        name = lesson.surface_picker("himmelblau")
    surface, ground, found = surface_of(name), mesh(name, "spaced"), critical_points_of(name)
    counts = {kind: sum(point.kind == kind for point in found) for kind in ("minimum", "saddle", "maximum")}
    said = f"{counted(counts['minimum'], 'minimum', 'minima')}, {counted(counts['saddle'], 'saddle', 'saddles')} and "
    said += counted(counts["maximum"], "maximum", "maxima")
    canvas(
        {
            "contour": contour_map(surface, ground, {}, theme, critical=found, height=HEIGHT + 40),
            "surface": surface_3d(surface, ground, {}, theme, height=HEIGHT + 40),
        },
        {"contour": f"Contour map of {surface.title} with {said}.", "surface": f"{surface.title} in space."},
        key=lesson.key("canvas points"),
        steps=0,
        revision=name,
        verdicts=(Verdict(f"{said} in the picture of {surface.title}."),),
    )
    st.markdown(
        "On the map: ▽ minimum, ✕ saddle, △ maximum. Newton's method found them from a grid of starts. The eigenvalues "
        "λ of the Hessian tell what they are: both positive, a minimum; both negative, a maximum; one of each, a "
        "saddle. Where one is zero, the loss around the point decides."
    )
    if len(found) > MOST_POINTS:
        st.warning("There are so many points that the search was stopped. Some of them are missing.")
    if not found:
        st.info("None was found here. (Valleys and corners are not listed.)")
    lesson.settings.dataframe(
        {
            "kind": [point.kind for point in found],
            "θ₁": [point.theta[0] for point in found],
            "θ₂": [point.theta[1] for point in found],
            "L": [point.loss for point in found],
            "λ₁": [point.eigenvalues[0] for point in found],
            "λ₂": [point.eigenvalues[1] for point in found],
        },
        hide_index=True,
        height=260,
        column_config=dict.fromkeys(("θ₁", "θ₂", "L", "λ₁", "λ₂"), st.column_config.NumberColumn(format="%.6g")),
    )


def maps() -> None:
    """Which minimum each rule reaches from where, and the path from a chosen start."""
    with lesson.settings:
        name = lesson.surface_and_start("himmelblau", (-0.5, -1.0), rate="map_rate")
    surface, start = surface_of(name), lesson.point()
    columns = lesson.settings.columns([4, 2, 2], vertical_alignment="bottom")
    rules = choose_rules(columns[0], "One map for each of", lesson.key("rules"), MAPPED, 3)
    slider = live_rate_slider("Learning rate η (for all)", lesson.key("map_rate"), name, 0.01, spoken="Learning rate η")
    rate = slider.value
    state.setdefault(lesson.key("resolution"), 120)
    resolution = columns[1].selectbox(
        "Starts a side", RESOLUTIONS, 1, key=lesson.key("resolution"), bind="query-params"
    )
    state.setdefault(lesson.key("updates"), 100)
    updates = int(columns[2].slider("Updates", 10, 500, 100, key=lesson.key("updates"), step=10, bind="query-params"))
    if not rules:
        st.info("Choose at least one optimizer to see a map.")
        return
    pictures, said, words, paths, verdicts = {}, {}, [], {}, []
    for rule in rules:
        known = drawn_map(rule, name, rate, resolution, updates)
        path = paths[rule] = run(rule_of(rule, rate), surface, start, updates)
        result = outcome_on(surface, path)
        key = f"map {rule}"
        of_map = (known.basins, known.reached, known.updates, known.minima)
        pictures[key] = basin_picture(
            surface, rule, *of_map, path, theme, height=HEIGHT + 50, rate=slider.name if rule in SCHEDULED else ""
        )
        reached = known.reached >= 0
        lost = int(known.basins.diverged.sum())
        line = f"{reached.sum()} of {reached.size} starts reach a minimum"
        if reached.any():
            line += f", half of them within {counted(int(np.median(known.updates[reached])), 'update')}"
        line += f"; {lost} diverge." if lost else "."
        line = f"{line} {border_words(known.reached)}".strip()
        said[key] = f"Basin map of {title_of(rule)}: {line} From the white circle: {result.verdict}"
        words.append(f"**{title_of(rule)}:** {line}")
        style, share = style_of(rule, theme), number(100 * float(reached.mean()), 3)
        outcome = f"{share} % of starts arrive. From the white circle: {result.verdict}"
        verdicts.append(Verdict(outcome, title_of(rule), style.color, style.symbol))
    canvas(
        pictures,
        said,
        key=lesson.key(f"canvas maps {len(rules)} {' '.join(rules)}"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=f"{name} {' '.join(rules)}",
        on_pick=dict.fromkeys(pictures, lesson.move),
        live=with_runs(
            Live(
                (slider,),
                bound={rule: {"learning_rate": slider.name} for rule in rules if rule in SCHEDULED},
                points=dict.fromkeys(pictures, START),
                hover=dict.fromkeys(pictures, START),
            ),
            paths,
        ),
        title=lesson.title,
        verdicts=verdicts,
    )
    with answers(lesson.key("outcome")):
        for line in words:
            st.markdown(line)
    st.caption(
        "The colour of a start is that of the minimum (star) where it ends: bright where it arrives soon, dark where "
        "it arrives late. A minimum outside the picture has a colour and no star; so has a valley of minima. Light "
        "grey: near no minimum after the last update. Dark grey: diverged. Click on a map to see the path from there. "
        "Rules that know their own step length, as Newton's does, take it in full."
    )


with lesson.instrument:
    {VIEWS[0]: traps, VIEWS[1]: points, VIEWS[2]: maps}[view]()

lesson.try_this(*TRIES)

with lesson.derivation("what the eigenvalues tell"):
    show_formulas(
        "{loss_gradient} = 0 at a critical point; the signs of the {eigenvalue} of {hessian} say which kind it is"
    )
    st.markdown(
        "At a critical point $\\theta^*$ the gradient is zero, so nearby the second derivatives matter most, where "
        "they are not zero, too:"
    )
    st.latex(r"L(\theta) \approx L(\theta^*) + \tfrac12\,(\theta - \theta^*)^\top H\,(\theta - \theta^*)")
    st.markdown(
        "Along an eigenvector of $H$ with eigenvalue $\\lambda$ the loss changes by $\\frac{\\lambda}{2}$ times the "
        "distance squared. Positive eigenvalues lead up, negative ones lead down."
    )
lesson.end()
