"""Your own surface: a formula is typed, read, differentiated, drawn and descended."""

from collections.abc import Mapping
from functools import partial

import streamlit as st
import sympy

from browser.hand import Live
from browser.live_runs import with_runs
from browser.pictures import mesh
from figures import contour_map, loss_curve, surface_3d
from figures.following import START
from lessons.experiment import outcome_on
from lessons.own_surface import FIRST, RULE, SIDES, TRIES, UPDATES, place_of
from lessons.rates import rate_on
from lessons.settings import Settings, encoded
from lessons.words import counted, number
from optimizers import OPTIMIZERS, run
from programs.frame import Frame
from surfaces import ExpressionError, TypedSurface, parse
from surfaces.differences import GradientCheck, gradient_check
from surfaces.names import is_domain, surface_of, typed_name
from surfaces.syntax import LONGEST, LONGEST_TAIL, reading_of
from ui.canvas import answers, canvas
from ui.choices import draft, offer
from ui.constants import constant_fields, constant_key, constant_values
from ui.fields import number_field, prepared, put_value
from ui.lesson import Lesson
from ui.navigation import PAGES
from ui.plus_signs import ask_about_plus
from ui.practice import critical_points_of
from ui.sliders import live_rate_slider
from ui.tables import table
from ui.take_home import take_home_button
from ui.theme import page_theme
from ui.verdicts import verdicts_of

HEIGHT = 310
LONGEST_LATEX = 1500
MOST_POINTS = 12

lesson = Lesson("own_surface", "What does your own formula look like, and where does descent end on it?")
state = st.session_state
theme = page_theme()


def suits(surface: TypedSurface) -> dict[str, float]:
    """The domain, start and learning rate that suit a formula, by the names of the widgets."""
    return {**place_of(surface), "rate": rate_on(typed_name(surface.text))}


def set_place(surface: TypedSurface) -> None:
    """Puts what suits a formula into the widgets."""
    for name, value in suits(surface).items():
        put_value(lesson.key(name), value)


def formula_changed() -> None:
    """A new formula brings its own domain and start; one that cannot be read changes nothing.

    A constant keeps its value unless the formula says another one.
    """
    lesson.keep_in_link("formula")
    state[lesson.key("typing")] = True
    try:
        reading = reading_of(state[lesson.key("formula")] or "")
        for name, value in reading.values.items():
            put_value(constant_key(lesson.url_path, name), float(value))
        kept = {name: state.get(constant_key(lesson.url_path, name), 1.0) for name in reading.constants}
        set_place(parse(state[lesson.key("formula")], kept))
    except ExpressionError:
        return


def choose_formula(text: str) -> None:
    """Puts a formula into the box; for a button's callback."""
    state[lesson.key("formula")] = text
    formula_changed()


def worded(constants: Mapping[str, float]) -> str:
    """The values of constants."""
    return ", ".join(f"{name} = {number(value)}" for name, value in constants.items())


def read_formula() -> tuple[TypedSurface, TypedSurface, ExpressionError | None]:
    """The formula in the box as it is typed, and with the constants of their fields; or the last one that could be
    read, and why the present one cannot."""
    last = state.get(lesson.key("good"), FIRST)
    try:
        as_typed = parse(state[lesson.key("formula")] or "")
    except ExpressionError as error:
        return parse(last), parse(last), error
    values = constant_values(as_typed.constants, lesson.url_path)
    try:
        surface = parse(as_typed.text, values)
    except ExpressionError as error:
        reason = f"With {worded(values)}: {error.reason}"
        return as_typed, parse(last), ExpressionError(reason, error.text, error.start, error.end)
    state[lesson.key("good")] = surface.text
    return as_typed, surface, None


def chosen_domain(surface: TypedSurface) -> Frame:
    """The domain in the widgets; where it cannot be drawn, a warning and the one that suits the formula."""
    left, right, bottom, top = (state[lesson.key(name)] for name in SIDES)
    domain = ((left, right), (bottom, top))
    if is_domain(domain):
        return domain
    lesson.complaints.warning(
        "Each side of the domain runs from a smaller number to a larger one, within ±1000000. It is not used."
    )
    return surface.domain


state.setdefault(lesson.key("formula"), FIRST)
with lesson.instrument:
    formula_place, sentence_place = st.columns([2, 3])
    # Has room for a sentence on what cannot be read: nothing below moves while a formula cannot be read.
    reading_place = sentence_place.container(key=lesson.key("reading"))
    constants_place = st.container()
formula_place.text_input(
    "Your formula L",
    key=lesson.key("formula"),
    max_chars=LONGEST + LONGEST_TAIL,
    on_change=formula_changed,
    live="400ms",
    help="Write x^2 + 3xy, 2 sin(x) y, e^(-x^2), |x|, √x, max(x, y), or paste LaTeX or Python. "
    "The parameters are x and y, or a pair such as w and b, u and v, w1 and w2, θ1 and θ2. The first one is θ₁. "
    "f(v, u) = in front sets another order. Every further letter is a constant with a slider: a x^2 + b y^2; a = 2. "
    "The app knows exp, ln (the same as log), log2, log10, sqrt, cbrt, sin, cos, tan, sinh, cosh, tanh and their "
    "inverses, atan2, abs, sign, floor, ceil, round, mod, step, min, max, hypot, erf, sinc, sigmoid, relu, softplus, "
    "pi and e. Pieces are where(x > 0, x, -x), x if x > 0 else -x, or {x > 0: x, -x}. 1/2x is (1/2)·x.",
    bind="query-params",
)
as_typed, typed, wrong = read_formula()
suited = place_of(typed)
for key in (*SIDES, "theta1", "theta2"):
    prepared(lesson.key(key), suited[key])
rate = live_rate_slider("Learning rate η", lesson.key("rate"), typed_name(typed.text))
ask_about_plus(lesson.complaints, lesson.key("formula"), choose_formula)


def shown_latex(left: str, right: str) -> None:
    """An equation, or a sentence where it would be too long to read."""
    if len(right) > LONGEST_LATEX:
        st.caption(f"This is too long to read: {len(right)} characters. It is computed all the same.")
    else:
        st.latex(f"{left} = {right}")


with reading_place:
    if wrong is None:
        shown_latex(r"L(\theta_1, \theta_2)", typed.latex)
    else:
        reason, place_in_text = st.columns([3, 2])
        reason.warning(f"{wrong.reason} The pictures still show the last formula that could be read.")
        place_in_text.code(wrong.marked, language=None)
constant_fields(constants_place, as_typed.constants, lesson.url_path, lesson.complaints)
words = [] if typed.names == ("θ₁", "θ₂") else [f"{typed.names[0]} is θ₁, {typed.names[1]} is θ₂."]
if typed.constants:
    words.append(f"Constants: {worded(typed.constants)}.")
domain = chosen_domain(typed)
start = tuple(state[lesson.key(name)] for name in ("theta1", "theta2"))
name = typed_name(typed.text, None if domain == typed.domain else domain)
# What is still being typed fills no selector.
if state.pop(lesson.key("typing"), False):
    draft(name)
else:
    draft("")
    offer(name)
surface = surface_of(name)
updates = int(state.setdefault(lesson.key("updates"), UPDATES))
path = run(OPTIMIZERS[RULE](learning_rate=rate.value), surface, start, updates)
result = outcome_on(surface, path)
critical = critical_points_of(name)
runs, ground = {RULE: path}, mesh(name, "spaced")
said = f"Gradient descent from ({number(start[0])}, {number(start[1])}) with η = {number(rate.value)}: {result.verdict}"
with lesson.instrument:
    canvas(
        {
            "contour": contour_map(surface, ground, runs, theme, height=HEIGHT, critical=critical[:100]),
            "surface": surface_3d(surface, ground, runs, theme, height=HEIGHT),
            "loss": loss_curve(surface, runs, theme, height=HEIGHT),
        },
        {
            "contour": f"Contour map of the loss {surface.title}. {said}",
            "surface": f"The loss {surface.title} as a surface in space. {said}",
            "loss": f"Loss against updates. {said}",
        },
        key=lesson.key("canvas"),
        steps=updates,
        clock=lesson.clock(updates),
        revision=name,
        on_pick={"contour": lesson.move},
        live=with_runs(Live((rate,), bound={RULE: {"learning_rate": rate.name}}, points={"contour": START}), runs),
        verdicts=verdicts_of({RULE: result}, theme),
    )
    with answers(lesson.key("outcome")):
        st.markdown(" ".join([*words, result.remedy]))
    for remark in surface.remarks():
        st.markdown(f":material/info: {remark}")

lesson.try_this(*TRIES)


def check_sentence(check: GradientCheck) -> str:
    """The comparison of the gradient with finite differences, in words."""
    left_out = (
        f" {counted(check.left_out, 'more point says', 'more points say')} nothing: no value, or too near a corner or "
        "a pole."
        if check.left_out
        else ""
    )
    if not check.points:
        return f":material/help: The gradient could not be compared with differences.{left_out}"
    mark = ":material/check_circle:" if check.passed else ":material/error:"
    verb = "agrees" if check.passed else "does not agree"
    return (
        f"{mark} The gradient {verb} with finite differences at {counted(check.points, 'point')} of the domain: "
        f"the largest error is **{number(check.error, 2)}** of the usual slope.{left_out}"
    )


with lesson.settings, st.expander("Domain, start and number of updates"):
    columns = st.columns(4)
    for column, key, label in zip(columns, SIDES, ("θ₁ from", "θ₁ to", "θ₂ from", "θ₂ to"), strict=True):
        number_field(column, label, lesson.key(key), suited[key], complaints=lesson.complaints)
    columns = st.columns(3)
    for column, key, label in zip(columns, ("theta1", "theta2"), ("Start θ₁", "Start θ₂"), strict=False):
        number_field(column, label, lesson.key(key), suited[key], complaints=lesson.complaints)
    columns[2].slider("Number of updates", 1, 1000, key=lesson.key("updates"), bind="query-params")
    st.button("Use what suits the formula", on_click=set_place, args=(typed,))

derivatives, points = st.columns([3, 2], gap="large")
with derivatives:
    st.header("Its derivatives, exactly", anchor=False)
    # A logarithm has the name that it has in the formula above.
    written = partial(sympy.latex, ln_notation=True)
    first, second = map(written, surface.gradient_formula)
    shown_latex(r"\nabla L", rf"\begin{{pmatrix}} {first} \\[4pt] {second} \end{{pmatrix}}")
    (h11, h12), (_, h22) = (map(written, row) for row in surface.hessian_formula)
    shown_latex("H", rf"\begin{{pmatrix}} {h11} & {h12} \\[4pt] {h12} & {h22} \end{{pmatrix}}")
    st.markdown(check_sentence(gradient_check(surface, domain)))
with points:
    st.header("Where the slope is zero", anchor=False)
    if critical:
        rows = [
            (point.kind, f"({number(point.theta[0])}, {number(point.theta[1])})", number(point.loss))
            for point in critical[:MOST_POINTS]
        ]
        table(("Kind", "θ", "L"), rows)
        if len(critical) > MOST_POINTS:
            st.caption(f"And {len(critical) - MOST_POINTS} more, marked on the map where there are not too many.")
    else:
        st.markdown(
            "No single point with the slope zero was found in this domain. (Valleys and corners are not listed.)"
        )

with lesson.derivation("how a text becomes a gradient"):
    st.markdown(
        "1. The text is cut into numbers, names and signs. A name that is not on the app's list ends it here.\n"
        "2. A small tree is built: what is added, what is multiplied, what is a power of what.\n"
        "3. The tree is measured before anything is computed. What would take too long is not begun.\n"
        "4. The rules of calculus go over the tree: sums, products, powers, the chain rule. No limit is taken, "
        "no step size is chosen, so there is no error but rounding.\n"
        "5. The finite differences above know nothing of these rules. That they agree is the check."
    )
    st.latex(
        r"\frac{\partial L}{\partial \theta_1} \approx \frac{L(\theta_1 + h, \theta_2) - L(\theta_1 - h, \theta_2)}{2h}"
    )

in_the_playground = Settings(surface=name, start=start, learning_rate=rate.value, optimizers=(RULE, "Momentum", "Adam"))
with st.container(horizontal=True, vertical_alignment="center"):
    st.page_link(
        PAGES[0].file,
        label="Open it in the playground",
        icon=PAGES[0].icon,
        query_params=encoded(in_the_playground),
    )
    take_home_button(in_the_playground, (st.context.url or "").removesuffix(lesson.url_path))
lesson.end()
