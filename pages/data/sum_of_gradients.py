"""The gradient of a mean is the mean of the gradients: every example's arrow, and how they add up."""

import numpy as np
import streamlit as st

from browser.hand import Live
from browser.live_runs import with_runs
from browser.verdicts import Verdict
from figures import contour_map
from figures.data_picture import data_picture
from figures.example_arrows import example_arrows
from figures.following import START, UPDATE
from figures.meta import MARKERS, moving
from figures.slope_arrows import slope_arrows
from lessons.sum_of_gradients import TRIES, Arrows, arrows_in_words, sum_in_words
from lessons.words import counted
from optimizers import OPTIMIZERS, run
from surfaces.neurons import NEURONS
from ui.canvas import answers, canvas
from ui.data import Choice, choose_data, choose_start, problem
from ui.glossary import show_formulas
from ui.lesson import Lesson
from ui.report import number
from ui.theme import page_theme

HEIGHT = 360
SHOWN = 400
RULE = "GradientDescent"

lesson = Lesson("sum_of_gradients", "The loss is a mean over all examples. What does one of them say?")
with lesson.settings:
    choice = choose_data(lesson, list(NEURONS), Choice("tanh_neuron", "tanh_neuron"))
    given = problem(choice)
    risk = given.risk
    theta = choose_start(lesson, risk, "Weights")

theme = page_theme()
# A run of no updates: the point itself, as the pictures know it.
here = run(OPTIMIZERS[RULE](), risk, theta, 0)
runs = {RULE: (here, np.array([0]))}
data = data_picture(given.neuron, given.data, theme, height=HEIGHT, runs=runs)
shown = [trace for trace in data.data if trace.name == "examples"]
for trace in shown:
    rows = np.column_stack([np.arange(1, risk.count + 1), trace.x, trace.y])
    light = theme.arrow_colors["velocity"]
    data.add_traces([moving("example that is added", "added", rows, 1, light, MARKERS, visible=True)])
figures = {
    "contour": contour_map(
        risk, given.mesh, {RULE: here}, theme, height=HEIGHT, arrows=slope_arrows(risk, theta, theme, RULE)
    ),
    "arrows": example_arrows(risk, theta, theme, height=HEIGHT, shown=SHOWN),
    "data": data,
}
arrows = Arrows.at(risk, theta)
kind = arrows.kind
end = f"The {kind} is ({', '.join(number(float(value)) for value in arrows.reduced)})."
with lesson.instrument:
    canvas(
        figures,
        {
            "contour": "The loss from above, with the point, the gradient and its opposite.",
            "arrows": f"{counted(risk.count, 'arrow')}, one for each example's gradient, and their {kind}. {end}",
            "data": f"The {counted(risk.count, 'example')}, and the answers at these weights.",
        },
        key="sum_of_gradients",
        steps=risk.count,
        clock=lesson.clock(risk.count),
        unit="example",
        revision=f"{choice}",
        on_pick={"contour": lesson.move},
        # The slopes at the point are those before a first update.
        live=with_runs(Live(points={"contour": START}, inputs={UPDATE: 1}), {RULE: here}),
        verdicts=[Verdict(sum_in_words(arrows))],
    )
    with answers(lesson.key("arrows")):
        st.markdown(arrows_in_words(arrows))
    st.caption(
        f"Move the time bar: each step adds one example, and the bold arrow is the {kind} so far. Click on the contour "
        "map, or drag the white point. Hover over an arrow or a data point: both light up."
    )
    if risk.count > SHOWN:
        st.caption(f"Drawn: the arrows of the first {SHOWN} of {risk.count} examples. The {kind} is over all of them.")

lesson.try_this(*TRIES)

with lesson.derivation("why the gradient of a mean is the mean of the gradients"):
    show_formulas(
        "# The empirical risk is the mean of the losses of all examples:",
        "{risk}({theta}) = 1/{examples} · Σ<sub>{example}</sub> {example_loss}({theta})",
        "# Its gradient holds both slopes:",
        "∇{risk} = (∂{risk}/∂{theta1}, ∂{risk}/∂{theta2})",
        "# Put the mean in. The slope of a sum is the sum of the slopes, and the constant 1/N stays in front:",
        "∂{risk}/∂{theta1} = 1/{examples} · Σ<sub>{example}</sub> ∂{example_loss}/∂{theta1}",
        "# The same holds for θ₂, so it holds for the whole gradient:",
        "∇{risk}({theta}) = 1/{examples} · Σ<sub>{example}</sub> ∇{example_loss}({theta})",
        "# One sweep through the data, adding one gradient after the other, is called an epoch.",
    )
    if risk.reduction == "sum":
        st.markdown("The lecture takes the sum instead of the mean. Then the factor 1/N is left out everywhere.")
    st.markdown("For this model:")
    for symbol, latex in zip((r"\theta_1", r"\theta_2"), risk.gradient_latex, strict=True):
        st.latex(rf"\frac{{\partial L}}{{\partial {symbol}}} = {latex}")
lesson.end()
