"""The best step of a parabola, why derivatives of different parameters do not compare, and two rules that use it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from browser.hand import Live, Slider
from browser.live_runs import with_runs
from browser.pictures import mesh
from browser.verdicts import Verdict
from figures import contour_map, loss_curve, surface_3d
from figures.contour_map import dots
from figures.curvature_estimate import curvature_estimate
from figures.following import START
from figures.parabola import Sketch, parabola_curve
from figures.theme import PATH_COLOR_WORDS
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
    contrast_verdict,
    contrast_words,
    descents,
    estimates_at,
    ratio_verdict,
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
from surfaces.names import surface_of
from ui.canvas import answers, canvas
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.sliders import live_rate_slider, live_slider
from ui.theme import page_theme
from ui.verdicts import in_words, verdicts_of

HEIGHT = 340
VIEWS = (ONE, TWO, ESTIMATE, RULES)
# From one position of a slider to the next.
GRAIN = 0.05
POINTS = "Points (you can also drag them)"

lesson = Lesson("best_step", "How far is it to the minimum? Can the derivatives at one point tell?")
theme = page_theme()
view = lesson.experiment(VIEWS, OPENINGS)


def slider(label: str, name: str, low: float, high: float, default: float, group: str = "") -> Slider:
    """A slider of the canvas. group: see `browser.hand.Slider`."""
    numbers = [on_grain(place * GRAIN) for place in range(round(low / GRAIN), round(high / GRAIN) + 1)]
    return live_slider(
        label, lesson.key(name), numbers, default, name=name, group=group, spoken=label.partition(":")[0]
    )


def on_grain(number: float) -> float:
    """The nearest number on which a slider has a position."""
    return round(round(number / GRAIN) * GRAIN, 2)


def values_of(*sliders: Slider) -> dict[str, float]:
    """The values of sliders by their names."""
    return {slider.name: slider.value for slider in sliders}


def put(name: str) -> Callable[[float, float], None]:
    """A callback of the canvas that moves the point of this name to where the student dropped it."""

    def moved(x: float, _: float) -> None:
        st.session_state[lesson.key(name)] = on_grain(float(np.clip(x, -REACH, REACH)))

    return moved


def one_parameter() -> None:
    """A parabola, its point, its tangent, and the distance to its minimum."""
    sliders = (
        slider("Point x₀", "x0", -REACH, REACH, 2.5),
        slider("a: how strongly it bends", "a", 0.1, 3.0, 0.5),
        slider("b: where its middle is", "b", -3.0, 3.0, -0.5),
    )
    inputs = values_of(*sliders)
    x0, a, b = inputs.values()
    known = Parabola(a, b)
    slope, best = float(known.slope(x0)), float(known.best_step(x0))
    said = (
        f"Best step: first derivative {number(abs(slope))} / second derivative {number(known.curvature)} = "
        f"{number(best)}."
    )
    canvas(
        {"parabola": parabola_curve(lambda x0, a, b: Sketch(Parabola(a, b), x0, REACH), inputs, theme, height=HEIGHT)},
        {"parabola": f"The parabola with the point x₀ = {number(x0)}. {said}"},
        key=lesson.key("canvas parabola"),
        steps=0,
        revision="parabola",
        on_pick={"parabola": put("x0")},
        live=Live(sliders, points={"parabola": ("x0", "")}),
        title=lesson.title,
        verdicts=(Verdict(said),),
    )
    with answers(lesson.key("one")):
        st.markdown(
            f"The first derivative is |2a·x₀ + b| = **{number(abs(slope))}**, the second is 2a = "
            f"**{number(known.curvature)}**. The best step is the one divided by the other, **{number(best)}**. It "
            f"ends exactly at the minimum, −b/2a = {number(known.minimizer)}. Drag the point: on one and the same "
            "parabola, twice the first derivative means twice the distance."
        )


def two_parameters() -> None:
    """Two parabolas of different curvature: the larger first derivative is nearer to its minimum."""
    sliders = (
        slider("Point θ₁", "first", -REACH, REACH, 3.0, POINTS),
        slider("Curvature of θ₁", "bend1", 0.1, 6.0, 0.5),
        slider("Point θ₂", "second", -REACH, REACH, 1.0, POINTS),
        slider("Curvature of θ₂", "bend2", 0.1, 6.0, 4.0),
    )
    inputs = values_of(*sliders)
    facts = two_facts(*inputs.values())

    def sketch(x, bend, other_bend) -> Sketch:
        highest = np.maximum(*(Parabola(each / 2, 0.0).value(REACH) for each in (bend, other_bend)))
        return Sketch(Parabola(bend / 2, 0.0), x, REACH, highest)

    sketches = {
        "θ₁": lambda first, bend1, second, bend2: sketch(first, bend1, bend2),
        "θ₂": lambda first, bend1, second, bend2: sketch(second, bend2, bend1),
    }
    canvas(
        {
            symbol: parabola_curve(sketch_of, inputs, theme, symbol=symbol, height=HEIGHT)
            for symbol, sketch_of in sketches.items()
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
        live=Live(sliders, points={"θ₁": ("first", ""), "θ₂": ("second", "")}),
        title=lesson.title,
        verdicts=(Verdict(contrast_verdict(*facts)),),
    )
    with answers(lesson.key("two")):
        for symbol, known in zip(PARAMETERS, facts, strict=True):
            st.markdown(
                f"**{symbol}:** first derivative {number(known.slope)}, second derivative {number(known.bend)}, "
                f"distance {number(known.slope)} / {number(known.bend)} = **{number(known.distance)}**."
            )
        st.markdown(contrast_words(*facts))


def cheap_estimate() -> None:
    """First derivatives at sampled points against the true second derivative, for many parabolas and for a surface."""
    places = lesson.settings.columns(2, vertical_alignment="bottom")
    with places[0]:
        name = lesson.surface_picker(OPENINGS[ESTIMATE]["surface"])
    st.session_state.setdefault(lesson.key("seed"), 0)
    seed = int(places[1].slider("Seed of the samples", 0, 100, 0, key=lesson.key("seed"), bind="query-params"))
    samples = live_slider("Number of sampled points", lesson.key("count"), range(FEWEST, MOST + 1), 10, name="count")
    count = int(samples.value)
    curvature, estimate = sampled_parabolas(count, seed)
    surface = surface_of(name)
    points = sampled_points(surface, count, seed)
    chosen = estimates_at(surface, points)
    shown = {key: pair for key, pair in chosen.items() if all(np.isfinite(value) and value > 0 for value in pair)}
    canvas(
        {
            "contour": contour_map(
                surface, mesh(name, "spaced"), {}, theme, overlays=[dots(points, samples.name)], height=HEIGHT
            ),
            "estimate": curvature_estimate(
                curvature, estimate, theme, chosen=shown, waits=[samples.name], height=HEIGHT
            ),
        },
        {
            "estimate": f"Root of summed squared derivatives at {counted(count, 'point')} against second derivatives.",
            "contour": f"Contour map of {surface.title}.",
        },
        key=lesson.key("canvas estimate"),
        steps=0,
        revision=name,
        live=Live((samples,)),
        verdicts=(Verdict(ratio_verdict(chosen)),),
    )
    with answers(lesson.key("estimate")):
        st.markdown(
            f"Every {PATH_COLOR_WORDS[1]} point is one parabola. Its first derivative was measured at "
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
    with lesson.settings:
        name = lesson.surface_and_start(opening["surface"], (opening["theta1"], opening["theta2"]), rate="rate")
    surface, start = surface_of(name), lesson.point()
    rate = live_rate_slider("Learning rate η of gradient descent", lesson.key("rate"), name, opening["rate"])
    share = slider("Share of the best step, and of Newton's", "share", 0.1, 1.5, 1.0)
    done = descents(surface, start, rate.value, share.value)
    runs = done.trajectories
    of_share = {"learning_rate": share.name}
    bound = {"BestStep": of_share, "Newton": of_share, "GradientDescent": {"learning_rate": rate.name}}
    results = {known: done.outcome(known) for known in runs}
    said = in_words(results)
    ground, common = mesh(name, "spaced"), {"theme": theme, "height": HEIGHT}
    canvas(
        {
            "contour": contour_map(surface, ground, runs, **common),
            "surface": surface_3d(surface, ground, runs, **common),
            "loss": loss_curve(surface, runs, **common),
        },
        {key: f"{key}: {said}" for key in ("surface", "contour", "loss")},
        key=lesson.key("canvas rules"),
        steps=UPDATES,
        clock=lesson.clock(UPDATES),
        revision=name,
        on_pick={"contour": lesson.move},
        live=with_runs(Live((rate, share), bound=bound, points={"contour": START}), runs),
        title=lesson.title,
        verdicts=verdicts_of(results, theme),
    )
    with answers(lesson.key("rules")):
        for known, result in results.items():
            if result.remedy:
                st.markdown(f"**{title_of(known)}:** {result.remedy}")
        st.markdown(rules_words(done))


with lesson.instrument:
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
