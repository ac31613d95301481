"""The best step of a parabola, why derivatives of different parameters do not compare, and two rules that use it."""

import numpy as np
import streamlit as st

from figures import contour_map, loss_curve, surface_3d
from figures.curvature_estimate import curvature_estimate
from figures.parabola import parabola_curve
from lessons.tries import Try
from optimizers import OPTIMIZERS, run, title_of
from optimizers.parabola import Parabola, root_of_squares
from ui.canvas import canvas
from ui.choices import surface_of
from ui.experiment import mesh, outcome_on, page_theme
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.report import number
from ui.sliders import rate_slider

HEIGHT = 340
REACH = 4.0
VIEWS = ("One parameter", "Two parameters", "A cheap estimate", "Two rules that use it")

lesson = Lesson("best_step", "How far is it to the minimum? Can the derivatives at one point tell?")
theme = page_theme()
view = lesson.experiment(VIEWS)


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
        f"−b/2a = {number(known.minimizer)}. Drag the point: as long as the parabola is the same, a larger first "
        "derivative means farther from the minimum."
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
    facts = {
        symbol: (abs(float(known.slope(x))), known.curvature, float(known.best_step(x)))
        for symbol, (known, x) in parabolas.items()
    }
    canvas(
        {
            symbol: parabola_curve(known, x, theme, symbol=symbol, reach=REACH, highest=highest, height=HEIGHT)
            for symbol, (known, x) in parabolas.items()
        },
        {
            symbol: f"The loss along {symbol}: first derivative {number(slope)}, distance to the minimum {number(way)}."
            for symbol, (slope, _, way) in facts.items()
        },
        key=lesson.key("canvas two"),
        steps=0,
        revision="two",
        on_pick={"θ₁": put("first"), "θ₂": put("second")},
    )
    for symbol, (slope, bend, way) in facts.items():
        st.markdown(
            f"**{symbol}:** first derivative {number(slope)}, second derivative {number(bend)}, "
            f"distance {number(slope)} / {number(bend)} = **{number(way)}**."
        )
    (slope1, _, way1), (slope2, _, way2) = facts.values()
    if (slope1 - slope2) * (way1 - way2) < 0:
        steeper, nearer = ("θ₁", "θ₂") if slope1 > slope2 else ("θ₂", "θ₁")
        st.markdown(
            f"**{steeper} has the larger first derivative, but {nearer} is farther from its minimum.** Across "
            "parameters, the first derivative alone misleads. Divided by the second, it tells the distance."
        )
    else:
        st.markdown("Here the larger first derivative is also farther away. Make the steep parabola's point move in.")


def cheap_estimate() -> None:
    """First derivatives at sampled points against the true second derivative, for many parabolas and for a surface."""
    columns = st.columns(3, vertical_alignment="bottom")
    with columns[0]:
        name = lesson.surface_picker("ellipse")
    with columns[1]:
        count = int(slider("Number of sampled points", "count", 1, 50, 10, 1))
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
            "estimate": f"Root of summed squared derivatives at {count} points against second derivatives.",
            "contour": f"Contour map of {surface.title}.",
        },
        key=lesson.key("canvas estimate"),
        steps=0,
        revision=name,
    )
    spread = float(np.std(np.log10(estimate / curvature)))
    st.markdown(
        f"Every light blue point is one parabola. Its first derivative was measured at {count} random places between "
        f"−{REACH:g} and {REACH:g}. The root of their summed squares grows with the second derivative: the points lie "
        f"along the line, within a factor of about {number(10**spread, 3)}. More samples, less spread."
    )
    for symbol, (bend, root) in chosen.items():
        st.markdown(
            f"**{symbol} of {surface.title}:** mean |second derivative| {number(bend)}, estimate {number(root)}."
        )
    st.caption(
        "This is what Adagrad divides by: it costs nothing, since the first derivatives are known anyway. On a wider "
        "surface all slopes are larger, and both its points lie higher. What counts is θ₁ against θ₂."
    )


def sampled_parabolas(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Second derivatives of 60 parabolas with minima near the middle, and their estimates from sampled slopes."""
    random = np.random.default_rng(seed)
    curvature = np.geomspace(0.05, 50, 60)
    minimizer = random.uniform(-1, 1, (60, 1))
    places = random.uniform(-REACH, REACH, (60, count))
    return curvature, root_of_squares(curvature[:, None] * (places - minimizer))


def sampled_points(surface, count: int, seed: int) -> np.ndarray:
    """Random points (2, count) of the part of a surface that the picture shows."""
    low, high = np.transpose(surface.view)
    return np.random.default_rng(seed).uniform(low, high, (count, 2)).T


def estimates_at(surface, points: np.ndarray) -> dict[str, tuple[float, float]]:
    """For each parameter of a surface: the mean size of its second derivative at these points, and the estimate."""
    slopes, hessian = surface.gradient(points), surface.hessian(points)
    return {
        symbol: (float(np.abs(hessian[place, place]).mean()), float(root_of_squares(slopes[place])))
        for place, symbol in enumerate(("θ₁", "θ₂"))
    }


def rules_that_use_it() -> None:
    """BestStep and Newton beside gradient descent."""
    name = lesson.surface_and_start("ravine", (-3.2, -1.5), rate="rate")
    surface, start = surface_of(name), lesson.point()
    columns = st.columns(2)
    with columns[0]:
        rate = rate_slider("Learning rate η of gradient descent", lesson.key("rate"), name, 0.02)
    with columns[1]:
        share = slider("Share of the best step, and of Newton's", "share", 0.1, 1.5, 1.0)
    rules = {
        "BestStep": OPTIMIZERS["BestStep"](learning_rate=share),
        "Newton": OPTIMIZERS["Newton"](learning_rate=share),
        "GradientDescent": OPTIMIZERS["GradientDescent"](learning_rate=rate),
    }
    steps = 60
    runs = {known: run(rule, surface, start, steps) for known, rule in rules.items()}
    results = {known: outcome_on(surface, path) for known, path in runs.items()}
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
        steps=steps,
        revision=name,
        on_pick={"contour": lesson.move},
    )
    for known, result in results.items():
        st.markdown(f"**{title_of(known)}:** {result.verdict} {result.remedy}")
    st.caption(
        "The best step looks at each parameter alone. Newton's rule also knows how one slope changes with the other "
        "parameter, so it can follow a valley that is not parallel to an axis."
    )


{VIEWS[0]: one_parameter, VIEWS[1]: two_parameters, VIEWS[2]: cheap_estimate, VIEWS[3]: rules_that_use_it}[
    view or VIEWS[0]
]()

lesson.try_this(
    Try(
        "Same parabola, farther out",
        "The first derivative doubles when the distance doubles.",
        {"view": VIEWS[0], "a": 0.5, "b": 0.0, "x0": 4.0},
    ),
    Try(
        "Larger derivative, but nearer",
        "θ₂ has the larger first derivative, because its parabola is steep. Yet θ₁ has three times as far to go.",
        {"view": VIEWS[1], "first": 3.0, "bend1": 0.5, "second": 1.0, "bend2": 4.0},
        good=False,
    ),
    Try(
        "Along the ravine",
        "Newton follows the winding valley. The best step does not know that both parameters must move together.",
        {"view": VIEWS[3], "surface": "ravine", "theta1": -3.2, "theta2": -1.5, "share": 1.0, "rate": 0.02},
    ),
)

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
        "parabola is larger than that of a flat one. So $\\sqrt{\\sum_i (g_i)^2}$ over many points grows with the "
        "second derivative, and can stand in for it below the fraction. That is Adagrad's idea."
    )
lesson.end()
