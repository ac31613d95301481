"""A red circle under the hand: what the browser paints is what the server draws after the release."""

import pytest

from surfaces import SURFACES
from tests.hands import assert_hand_agrees, canvas_of, painted
from tests.lesson_pages import lesson
from tests.playground import opened


def moved(app, theta1: float, theta2: float, radius: float):
    """Moves the centre and the radius by hand, and the same in the session's state."""
    inputs = {"theta1": theta1, "theta2": theta2, "radius": radius}
    return assert_hand_agrees(app, inputs, {f"red_circle.{name}": value for name, value in inputs.items()})


@pytest.mark.parametrize("order", ["plane", "quadratic"])
@pytest.mark.parametrize(
    ("theta1", "theta2", "radius"),
    [(-2.0, -1.0, 2.25), (1.5, 0.5, 1.0), (0.1, 2.9, 0.1), (-0.27, -0.92, 0.5), (4.9, -4.9, 1.6), (2.9, 2.1, 0.5)],
    ids=["a larger radius", "another centre", "beside a saddle", "on a hilltop", "at the edge", "beside a minimum"],
)
def test_the_circle_follows_centre_and_radius(theta1, theta2, radius, order):
    moved(lesson("red_circle", order=order), theta1, theta2, radius)


@pytest.mark.parametrize("part", ["3 Inside the circle", "5 Second order"])
def test_it_follows_in_every_part_with_a_circle(part):
    moved(lesson("red_circle", part=part, order="quadratic"), 0.5, 2.0, 0.8)


@pytest.mark.parametrize("order", ["plane", "quadratic"])
@pytest.mark.parametrize("name", ["rosenbrock", "monkey_saddle", "ackley", "line_fit", "ravine"])
def test_it_follows_on_other_surfaces(name, order):
    surface = SURFACES[name]
    app = lesson("red_circle", surface=surface.title, order=order)
    app.selectbox(key="red_circle.surface").set_value(name)
    first, second = (0.7 * low + 0.3 * high for low, high in surface.view)
    moved(app.run(), first, second, 0.5)


@pytest.mark.parametrize("order", ["plane", "quadratic"])
def test_it_follows_across_a_kink(order):
    app = lesson("red_circle", surface="abs(x) + (y - 1)^2", order=order, theta1="1", theta2="0")
    moved(app, -1.0, 0.5, 0.5)


def names(app, **inputs):
    traces = painted(canvas_of(app), inputs)["pictures"]["contour"]["traces"]
    return {trace["name"] for trace in traces}


def test_of_a_loss_that_is_no_formula_the_circle_alone_follows():
    app = lesson("red_circle")
    app.selectbox(key="red_circle.surface").set_value("tanh_neuron")
    app.run()
    assert names(app, radius=0.5) == {"red circle rim", "red circle", "centre"}


def test_the_lowest_point_of_the_loss_waits_for_the_server():
    app = lesson("red_circle")
    (mark,) = [trace for trace in canvas_of(app).figures["contour"]["data"] if "of the loss" in trace["name"]]
    assert mark["meta"] == {"waits": []}
    assert mark["name"] not in names(app, radius=0.5)


@pytest.mark.parametrize(
    ("inputs", "state"),
    [
        ({"rate": 0.02}, {"learning_rate": 0.02}),
        ({"start1": 1.5, "start2": 0.5}, {"start1": 1.5, "start2": 0.5}),
        ({"Momentum_momentum": 0.5}, {"Momentum.momentum": 0.5}),
    ],
)
def test_the_circle_of_an_update_follows_its_step(inputs, state):
    link = {"surface": "himmelblau", "optimizers": "Momentum", "circle": "yes", "update": "4", "updates": "20"}
    app = opened(link)
    assert "red circle" in names(app, **inputs)
    assert_hand_agrees(app, inputs, state)


def test_the_chart_of_errors_follows_the_radius_and_waits_for_another_centre():
    app = lesson("red_circle", part="3 Inside the circle")
    curves = [trace for trace in canvas_of(app).figures["error"]["data"] if "slope" in trace["name"]]
    assert [trace["meta"] for trace in curves] == [{"waits": ["theta1", "theta2"]}] * 2
    (line,) = painted(canvas_of(app), {"radius": 0.5})["pictures"]["error"]["traces"]
    assert line["x"] == [0.5, 0.5]


def test_the_second_run_follows_its_rate_and_the_first_waits_for_another_start():
    app = lesson("red_circle", part="4 Always smaller?", answer="No")
    traces = painted(canvas_of(app), {"start1": 1.0, "start2": 0.5})["pictures"]["contour"]["traces"]
    assert {trace["run"] for trace in traces if "run" in trace} == {"Run 2"}
    traces = painted(canvas_of(app), {"rate": 0.01})["pictures"]["contour"]["traces"]
    (line,) = [trace for trace in traces if trace["name"] == "Run 2 line"]
    app.session_state["red_circle.rate"] = 0.01
    served = canvas_of(app.run()).figures["contour"]["data"]
    (drawn,) = [trace for trace in served if trace["name"] == "Run 2 line"]
    assert [line["x"], line["y"]] == [pytest.approx(list(drawn[axis]), rel=1e-5) for axis in "xy"]
