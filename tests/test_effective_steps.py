"""Pictures of effective steps, slopes and schedules: their numbers are those of the runs."""

import numpy as np

from figures import LIGHT
from figures.effective_steps import effective_steps
from figures.schedule_curve import schedule_curve
from figures.slope_curve import slope_curve
from figures.theme import plain_style
from optimizers import OPTIMIZERS, SCHEDULES, run
from surfaces import SURFACES
from tests.pictures import assert_valid, only

SURFACE = SURFACES["ellipse"]
RUNS = {
    name: run(OPTIMIZERS[name](learning_rate=0.03), SURFACE, SURFACE.start, 30)
    for name in ("GradientDescent", "Adagrad", "Adam")
}


def test_each_rule_with_an_effective_step_has_two_lines():
    figure = effective_steps(RUNS, LIGHT)
    assert_valid(figure)
    assert [trace.name for trace in figure.data] == ["Adagrad, θ₁", "Adagrad, θ₂", "Adam, θ₁", "Adam, θ₂"]
    np.testing.assert_allclose(only(figure, "Adagrad, θ₂").y, RUNS["Adagrad"].state["effective_step"][1:, 1])
    assert [trace.line.dash for trace in figure.data[:2]] == ["solid", "dot"]


def test_the_slope_at_every_update():
    figure = slope_curve(RUNS, LIGHT)
    assert_valid(figure)
    np.testing.assert_allclose(only(figure, "Adam").y, np.hypot(*RUNS["Adam"].gradient.T))
    assert only(figure, "Adam").meta["cursor"]


def test_a_slope_of_zero_lies_on_the_lower_edge():
    still = run(OPTIMIZERS["GradientDescent"](), SURFACES["bowl"], (0, 0), 4)
    figure = slope_curve({"GradientDescent": still, "Adam": RUNS["Adam"]}, LIGHT)
    assert min(only(figure, "Gradient descent").y) > 0
    assert_valid(slope_curve({"GradientDescent": still}, LIGHT))
    assert_valid(slope_curve({}, LIGHT))


def test_schedules_as_curves():
    schedules = {name: kind() for name, kind in SCHEDULES.items()}
    styles = {name: plain_style(place, LIGHT) for place, name in enumerate(schedules)}
    figure = schedule_curve(schedules, 0.2, 50, LIGHT, styles)
    assert_valid(figure)
    np.testing.assert_allclose(only(figure, "Inverse sqrt").y, 0.2 / np.sqrt(np.arange(50) + 1))
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == len(SCHEDULES)
