"""The best step of a parabola, why derivatives of different parameters do not compare, and two rules that use it."""

import numpy as np
import streamlit as st

from figures import contour_map, loss_curve, surface_3d
from figures.curvature_estimate import curvature_estimate
from figures.parabola import parabola_curve
from lessons.best_step import (
    ESTIMATE,
    FEWEST,
    MOST,
    ONE,
    OPENINGS,
    PARAMETERS,
    REACH,
    RULES,
    TRIES,
    TWO,
    UPDATES,
    contrast_words,
    descents,
    estimates_at,
    ratio_words,
    rules_words,
    sampled_parabolas,
    sampled_points,
    spread_words,
    two_facts,
)
from lessons.words import counted, number
from optimizers import title_of
from optimizers.parabola import Parabola
from ui.canvas import canvas
from ui.choices import surface_of
from ui.experiment import mesh, page_theme
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.sliders import rate_slider

HEIGHT = 340
VIEWS = (ONE, TWO, ESTIMATE, RULES)

lesson = Lesson("best_step", "How far is it to the minimum? Can the derivatives at one point tell?")
theme = page_theme()
view = lesson.experiment(VIEWS, OPENINGS)


def slider(label: str, name: str, low: float, high: float, default: float, step: float = 0.05) -> float:
    """A bound slider of this lesson."""
    st.session_state.setdefault(lesson.key(name), default)
    return float(st.slider(label, low, high, default, key=lesson.key(name), step=step, bind="query-params"))


def put(name: str):
    """A callback of the canvas that moves the point of this name to where the student dropped it."""

    def moved(x: float, _: float) -> None:
        st.session_state[lesson.key(name)] = round(float(np.clip(x, -REACH, REACH)) / 0.05) * 0.05

    return moved


def one_parameter() -> None:
    """A parabola, its point, its tangent, and the distance to its minimum."""
    columns = st.columns(3)
    with columns[0]:
        x0 = slider("Point x₀", "x0", -REACH, REACH, 2.5)
    with columns[1]:
        a = slider("a: how strongly it bends", "a", 0.1, 3.0, 0.5)
    with columns[2]:
        b = slider("b: where its middle is", "b", -3.0, 3.0, -0.5)
    known = Parabola(a, b)
    slope, best = float(known.slope(x0)), float(known.best_step(x0))
    said = (
        f"First derivative |2a·x₀ + b| = {number(abs(slope))}. Second derivative 2a = {number(known.curvature)}. "
        f"Best step {number(abs(slope))} / {number(known.curvature)} = {number(best)}."
    )
    canvas(
        {"parabola": parabola_curve(known, x0, theme, reach=REACH, height=HEIGHT)},
        {"parabola": f"The parabola with the point x₀ = {number(x0)}. {said}"},
        key=lesson.key("canvas parabola"),
        steps=0,
        revision="parabola",
        on_pick={"parabola": put("x0")},
    )
    st.markdown(
        f"The first derivative is |2a·x₀ + b| = **{number(abs(slope))}**, the second is 2a = "
        f"**{number(known.curvature)}**. The best step is the one divided by the other: "
        f"{number(abs(slope))} / {number(known.curvature)} = **{number(best)}**. It ends exactly at the minimum, "
        f"−b/2a = {number(known.minimizer)}. Drag the point: on one and the same parabola, twice the first derivative "
        "means twice the distance."
    )


def two_parameters() -> None:
    """Two parabolas of different curvature: the larger first derivative is nearer to its minimum."""
    columns = st.columns(4)
    with columns[0]:
        first_point = slider("Point θ₁", "first", -REACH, REACH, 3.0)
    with columns[1]:
        first_bend = slider("Curvature of θ₁", "bend1", 0.1, 6.0, 0.5)
    with columns[2]:
        second_point = slider("Point θ₂", "second", -REACH, REACH, 1.0)
    with columns[3]:
        second_bend = slider("Curvature of θ₂", "bend2", 0.1, 6.0, 4.0)
    parabolas = {
        "θ₁": (Parabola(first_bend / 2, 0.0), first_point),
        "θ₂": (Parabola(second_bend / 2, 0.0), second_point),
    }
    highest = max(float(known.value(REACH)) for known, _ in parabolas.values())
    facts = two_facts(first_point, first_bend, second_point, second_bend)
    canvas(
        {
            symbol: parabola_curve(known, x, theme, symbol=symbol, reach=REACH, highest=highest, height=HEIGHT)
            for symbol, (known, x) in parabolas.items()
        },
        {
            symbol: f"The loss along {symbol}: first derivative {number(known.slope)}, distance to the minimum "
            f"{number(known.distance)}."
            for symbol, known in zip(PARAMETERS, facts, strict=True)
        },
        key=lesson.key("canvas two"),
        steps=0,
        revision="two",
        on_pick={"θ₁": put("first"), "θ₂": put("second")},
    )
    for symbol, known in zip(PARAMETERS, facts, strict=True):
        st.markdown(
            f"**{symbol}:** first derivative {number(known.slope)}, second derivative {number(known.bend)}, "
            f"distance {number(known.slope)} / {number(known.bend)} = **{number(known.distance)}**."
        )
    st.markdown(contrast_words(*facts))


def cheap_estimate() -> None:
    """First derivatives at sampled points against the true second derivative, for many parabolas and for a surface."""
    columns = st.columns(3, vertical_alignment="bottom")
    with columns[0]:
        name = lesson.surface_picker(OPENINGS[ESTIMATE]["surface"])
    with columns[1]:
        count = int(slider("Number of sampled points", "count", FEWEST, MOST, 10, 1))
    with columns[2]:
        seed = int(slider("Seed of the samples", "seed", 0, 100, 0, 1))
    curvature, estimate = sampled_parabolas(count, seed)
    surface = surface_of(name)
    points = sampled_points(surface, count, seed)
    chosen = estimates_at(surface, points)
    shown = {key: pair for key, pair in chosen.items() if all(np.isfinite(value) and value > 0 for value in pair)}
    canvas(
        {
            "estimate": curvature_estimate(curvature, estimate, theme, chosen=shown, height=HEIGHT),
            "contour": contour_map(surface, mesh(name, "spaced"), {}, theme, points=points, height=HEIGHT),
        },
        {
            "estimate": f"Root of summed squared derivatives at {counted(count, 'point')} against second derivatives.",
            "contour": f"Contour map of {surface.title}.",
        },
        key=lesson.key("canvas estimate"),
        steps=0,
        revision=name,
    )
    st.markdown(
        f"Every light blue point is one parabola. Its first derivative was measured at "
        f"{counted(count, 'random place')} between −{REACH:g} and {REACH:g}. {spread_words(count, seed)}"
    )
    for symbol, (bend, root) in chosen.items():
        st.markdown(
            f"**{symbol} of {surface.title}:** mean |second derivative| {number(bend)}, estimate {number(root)}."
        )
    st.markdown(ratio_words(chosen))
    st.caption(
        "Adagrad divides by such a root, of the first derivatives along its path. It costs nothing more, since they "
        "are known anyway. The root depends on the number of samples and on the region, too, so compare the parameters "
        "with each other."
    )


def rules_that_use_it() -> None:
    """BestStep and Newton beside gradient descent."""
    opening = OPENINGS[RULES]
    name = lesson.surface_and_start(opening["surface"], (opening["theta1"], opening["theta2"]), rate="rate")
    surface, start = surface_of(name), lesson.point()
    columns = st.columns(2)
    with columns[0]:
        rate = rate_slider("Learning rate η of gradient descent", lesson.key("rate"), name, opening["rate"])
    with columns[1]:
        share = slider("Share of the best step, and of Newton's", "share", 0.1, 1.5, 1.0)
    done = descents(surface, start, rate, share)
    runs = done.trajectories
    results = {known: done.outcome(known) for known in runs}
    said = " ".join(f"{title_of(known)}: {result.verdict}" for known, result in results.items())
    ground, common = mesh(name, "spaced"), {"theme": theme, "height": HEIGHT}
    canvas(
        {
            "surface": surface_3d(surface, ground, runs, **common),
            "contour": contour_map(surface, ground, runs, **common),
            "loss": loss_curve(surface, runs, **common),
        },
        {key: f"{key}: {said}" for key in ("surface", "contour", "loss")},
        key=lesson.key("canvas rules"),
        steps=UPDATES,
        revision=name,
        on_pick={"contour": lesson.move},
    )
    for known, result in results.items():
        st.markdown(f"**{title_of(known)}:** {result.verdict} {result.remedy}")
    st.markdown(rules_words(done))


{VIEWS[0]: one_parameter, VIEWS[1]: two_parameters, VIEWS[2]: cheap_estimate, VIEWS[3]: rules_that_use_it}[view]()

lesson.try_this(*TRIES)

with lesson.derivation("first derivative over second derivative"):
    show_formulas("best step from {x0} = |first derivative| / second derivative")
    st.latex(r"y = a x^2 + b x + c \qquad \left|\frac{dy}{dx}\right| = |2ax + b| \qquad \frac{d^2y}{dx^2} = 2a")
    st.markdown("The first derivative is zero at the minimum, $x = -\\frac{b}{2a}$. From $x_0$ it is as far as")
    st.latex(
        r"\left|x_0 + \frac{b}{2a}\right| = \frac{|2ax_0 + b|}{2a} = "
        r"\frac{|\text{first derivative}|}{\text{second derivative}}"
    )
    st.markdown(
        "A second derivative can be costly. At random points $x_i$ of the same region, the first derivative of a steep "
        "parabola is usually larger than that of a flat one. So $\\sqrt{\\sum_i (g_i)^2}$ over many points grows with "
        "the second derivative, and can stand in for it below the fraction. That is Adagrad's idea."
    )
lesson.end()
