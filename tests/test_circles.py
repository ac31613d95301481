"""The sentences about a circle follow from its numbers, on the lesson and for every update of the playground."""

import dataclasses

import numpy as np
import pytest
import sympy

from browser.circles import curvature_line, newton_words, path_line, ratio, verdict
from lessons.experiment import experiment
from lessons.settings import Settings
from optimizers import OPTIMIZERS, title_of
from optimizers.numbers import number
from surfaces import SURFACES, Surface, theta1, theta2
from surfaces.taylor import red_circle
from tests.hands import canvas_of
from tests.playground import answered, charts, names, numbers, opened, settings_of, trace

pytestmark = pytest.mark.slow


def with_changes(predicted: float, actual: float, order: int = 1):
    circle = red_circle(SURFACES["bowl"], (3, 4), 1)
    return dataclasses.replace(
        circle, order=order, predicted_change=np.float64(predicted), actual_change=np.float64(actual)
    )


@pytest.mark.parametrize(
    ("predicted", "actual", "order", "words"),
    [
        (-1.0, -0.97, 1, "small enough:** the plane explains 97 % of the drop"),
        (-1.0, -1.05, 2, "small enough:** the quadratic explains 95 % of the drop"),
        (-1.0, -0.9999, 1, "explains 99.9 % of the drop"),
        (-1.0, -1.0, 1, "explains 100 % of the drop"),
        (-2.0, -1.4, 1, "rather big:** the loss falls by only 70 % of what the plane promised"),
        (-2.0, -0.2, 1, "too big:** the loss falls by only 10 % of what the plane promised"),
        (-1.0, -2.5, 1, "rather big:** the loss falls by 2.5 times what the plane promised"),
        (-2.0, 0.5, 1, "Too big:** the plane promised a drop of 2, and the loss rose by 0.5"),
        (-2.0, np.inf, 1, "not a finite number"),
        (-2.0, np.nan, 2, "not a finite number"),
        (-1.0, -6812.0, 1, "too big:** the loss falls by 6800 times what the plane promised"),
        (-1.0, -1e9, 2, "too big:** the loss falls by more than 100 000 times what the quadratic promised"),
        (-1.0, -1e-4, 1, "too big:** the loss falls by only 1 % or less of what the plane promised"),
        (-1.0, -0.0, 1, "Too big:** the plane promised a drop of 1, and the loss stays the same"),
        (-1.0, 1e-16, 1, "and the loss stays the same"),
        (-1e-14, 3e-15, 1, "Nothing to compare:** the drop that the plane promises is lost in the computer's rounding"),
        (-1e-13, -1.0, 1, "more than 100 000 times"),
        (0.0, 0.0, 2, "promises no drop at all"),
    ],
)
def test_the_sentence_says_what_the_numbers_say(predicted, actual, order, words):
    assert words in verdict(with_changes(predicted, actual, order))


def test_the_ratio_is_actual_over_predicted():
    assert ratio(with_changes(-2.0, -1.0)) == 0.5
    assert np.isnan(ratio(with_changes(0.0, 0.0)))
    assert np.isnan(ratio(with_changes(-1e-15, -2e-15)))


@pytest.mark.parametrize("name", SURFACES)
def test_beside_a_minimum_no_circle_reports_rounding(name):
    """Where a step is as short as after convergence, there is nothing to say, or what is said is right to a tenth."""
    surface = SURFACES[name]
    for minimum in surface.minima[:2]:
        for away in (1e-12, 1e-9, 1e-6, 1e-3):
            center = minimum + away * np.array([1.0, 0.7])
            for radius in (away / 100, away / 3):
                try:
                    circle = red_circle(surface, center, radius)
                except ValueError:
                    continue
                words = verdict(circle)
                assert "Nothing to compare" in words or "small enough" in words or "only" in words, (words, circle)
                assert "-0 %" not in words.replace("−", "-")


def test_a_rate_above_the_limit_overshoots_along_the_steepest_axis():
    ellipse = SURFACES["ellipse"]
    above = curvature_line(ellipse, np.array([1.0, 1.0]), 0.05)
    assert "η = 0.05 is above 2/λₘₐₓ = 0.04 here: the step overshoots along (0, 1)" in above
    between = curvature_line(ellipse, np.array([1.0, 1.0]), 0.03)
    assert "below 2/λₘₐₓ = 0.04 here, but above half of it" in between
    assert "no overshoot" in curvature_line(ellipse, np.array([1.0, 1.0]), 0.01)
    assert "every direction" in curvature_line(SURFACES["bowl"], np.array([1.0, 1.0]), 2.0)


def test_the_words_on_the_curvature_are_true_for_a_step_on_a_quadratic():
    surface = SURFACES["tilted_ellipse"]
    limit = 2 / np.linalg.eigvalsh(surface.hessian(np.zeros(2)))[-1]
    start = np.array([1.0, -1.0])  # along the steepest axis
    for rate, further in ((0.9 * limit, False), (1.1 * limit, True)):
        after = start - rate * surface.gradient(start)
        assert (np.hypot(*after) > np.hypot(*start)) == further
        assert ("is above" in curvature_line(surface, start, rate)) == further


@pytest.mark.parametrize("name", ["bowl", "ellipse", "tilted_ellipse", "booth", "matyas"])
def test_at_two_over_the_curvature_the_rate_is_exactly_at_the_limit(name):
    surface = SURFACES[name]
    theta = surface.minima[0] + np.array([0.7, -0.4])
    values, axes = np.linalg.eigh(surface.hessian(theta))
    limit = 2 / values[1]
    words = curvature_line(surface, theta, limit)
    assert "is exactly at 2/λₘₐₓ" in words
    # The part along the steep axis lands as far away on the other side.
    before = axes[:, 1] @ (theta - surface.minima[0])
    after = axes[:, 1] @ (theta - limit * surface.gradient(theta) - surface.minima[0])
    assert after == pytest.approx(-before)
    assert "is below" in curvature_line(surface, theta, limit * (1 - 1e-6))
    assert "is above" in curvature_line(surface, theta, limit * (1 + 1e-6))


def test_a_direction_without_slope_does_not_overshoot():
    words = curvature_line(SURFACES["ellipse"], np.array([3.0, 0.0]), 0.05)
    assert "overshoots" not in words
    assert "the slope along (0, 1) is zero, so the step does not move along it" in words
    assert "would grow" in words
    assert "so is the step" in curvature_line(SURFACES["bowl"], np.zeros(2), 0.1)


def test_a_change_of_the_curvature_on_the_way_is_mentioned():
    assert "as far as this curvature goes" in curvature_line(SURFACES["rosenbrock"], np.array([-1.2, 1.0]), 0.01)
    assert "as far as" not in curvature_line(SURFACES["ellipse"], np.array([1.0, 1.0]), 0.05)


@pytest.mark.parametrize(
    ("surface", "start", "rate"),
    [("himmelblau", (-0.3, -0.9), 0.1), ("himmelblau", (-0.3, -0.9), 0.01), ("ellipse", (1.0, 1.0), 0.05)],
)
def test_the_words_on_the_path_name_the_first_rate_above_the_limit(surface, start, rate):
    done = experiment(
        Settings(surface=surface, start=start, optimizers=("GradientDescent",), learning_rate=rate, updates=30)
    )
    words = path_line(done, "GradientDescent")
    first = None
    for update, theta in enumerate(done.trajectories["GradientDescent"].theta[:-1]):
        hessian = done.surface.hessian(theta)
        if np.isfinite(hessian).all() and rate * np.linalg.eigvalsh(hessian)[1] > 2:
            first = update + 1
            break
    if first is None:
        assert words.startswith(" On the whole path η is never above 2/λₘₐₓ")
    elif surface == "ellipse":
        assert words == " It is above 2/λₘₐₓ at every point of this path."
    else:
        assert f"above 2/λₘₐₓ for the first time at update {first}," in words


def test_where_nothing_curves_up_there_is_no_limit():
    assert "curves up in no direction" in curvature_line(SURFACES["himmelblau"], np.array([-0.3, -0.9]), 0.1)
    plane = Surface("plane", theta1 + theta2, ((-1, 1), (-1, 1)), (0, 0))
    assert "curves up in no direction" in curvature_line(plane, np.zeros(2), 0.1)
    assert "not a finite number" in curvature_line(SURFACES["bowl"], np.array([np.nan, 0]), 0.1)
    spike = Surface("spike", sympy.log(theta1), ((-1, 1), (-1, 1)), (1, 0))
    assert "not a finite number" in curvature_line(spike, np.array([-np.inf, 0]), 0.1)


def test_newtons_step_in_words():
    assert "**is** the lowest point" in newton_words(SURFACES["bowl"], np.array([1.0, 1.0]), 2.0)
    assert "leaves the circle" in newton_words(SURFACES["bowl"], np.array([1.0, 1.0]), 1.0)
    assert "saddle" in newton_words(SURFACES["saddle"], np.array([1.0, 1.0]), 1.0)
    assert "hilltop" in newton_words(SURFACES["himmelblau"], np.array([-0.3, -0.9]), 1.0)
    assert "no inverse" in newton_words(SURFACES["monkey_saddle"], np.zeros(2), 1.0)


# On the playground


@pytest.fixture(scope="module")
def playground():
    return opened({"surface": "booth", "circle": "yes", "update": "3", "updates": "12", "learning_rate": "0.05"})


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_every_rule_has_its_circle_on_the_playground(playground, rule):
    app = playground
    app.multiselect(key="optimizers").set_value([rule])
    settings = settings_of(answered(app))
    assert settings.circle
    done = experiment(settings)
    path = done.trajectories[rule].theta[settings.update - 1 : settings.update + 1]
    radius = np.hypot(*(path[1] - path[0]))
    words = " ".join(part.value for part in app.markdown)
    assert title_of(rule) in canvas_of(app).live["sentences"][0]["text"]
    if not radius:
        assert "there is none" in words
        return
    circle = red_circle(done.surface, path[0], radius)
    for change in (circle.predicted_change, circle.actual_change):
        assert number(float(change), 3) in words
    for picture in ("contour", "surface"):
        rim = trace(charts(app)[picture], "red circle")
        distance = np.hypot(numbers(rim["x"]) - path[0, 0], numbers(rim["y"]) - path[0, 1])
        np.testing.assert_allclose(distance[np.isfinite(distance)], radius, rtol=1e-4, atol=2e-6)


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_its_line_on_the_curvature(playground, surface):
    app = playground
    app.selectbox(key="surface").set_value(surface)
    sentences = canvas_of(answered(app)).live["sentences"]
    assert any("2/λₘₐₓ" in sentence["text"] for sentence in sentences)


def test_a_circle_is_shown_only_when_it_is_asked_for_and_never_without_an_optimizer():
    app = opened({"surface": "booth"})
    assert "red circle" not in names(charts(app)["contour"])
    app.toggle(key="circle").set_value(True)
    assert settings_of(answered(app)).circle
    assert "red circle" in names(charts(app)["contour"])
    app.multiselect(key="optimizers").set_value([])
    answered(app)
    assert "red circle" not in names(charts(app)["contour"])


def test_a_run_that_diverged_says_that_there_is_no_circle():
    app = opened({"surface": "rosenbrock", "circle": "yes", "learning_rate": "10", "update": "100"})
    assert "there is none" in " ".join(part.value for part in app.markdown)


@pytest.mark.parametrize(("update", "compared"), [("2", True), ("17", False)])
def test_after_convergence_the_circle_compares_nothing(update, compared):
    app = opened(
        {"surface": "styblinski_tang", "circle": "yes", "learning_rate": "0.04", "updates": "60", "update": update}
    )
    words = " ".join(part.value for part in app.markdown)
    assert "its radius is the length of the step" in words
    assert ("the loss there really changes by" in words) == compared
    assert ("lost in the computer's rounding" in words) == (not compared)


@pytest.mark.parametrize("name", ["mccormick", "six_hump_camel", "himmelblau", "rastrigin", "branin"])
def test_at_a_stationary_point_no_step_is_spoken_of(name):
    surface = SURFACES[name]
    for point in surface.critical_points():
        words = curvature_line(surface, point.theta, 1.0)
        if point.eigenvalues[1] > 0:
            assert "is zero, and so is the step" in words
        assert "overshoot" not in words


def test_a_slope_that_is_rounding_promises_nothing():
    surface = SURFACES["mccormick"]
    circle = red_circle(surface, (-0.5471975511965977, -1.5471975511965979), 0.1, 1)
    assert 0 < -float(circle.predicted_change) < 1e-15
    assert "promises no drop" in verdict(circle)
    assert np.isnan(ratio(circle))
