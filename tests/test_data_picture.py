"""The picture of the data: the examples as they are, and answers that are those of the weights at every moment."""

import numpy as np
import plotly.graph_objects as go
import pytest

from figures import DARK, LIGHT
from figures.data_picture import LINK, data_picture
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from surfaces.datasets import BEND, HAT, LECTURE, PLANE, TWO_CLASSES, split
from surfaces.neurons import NEURONS
from tests.colors import is_red
from tests.pictures import assert_valid, colors

DATA = {
    "line_fit": LECTURE,
    "linear_neuron": PLANE,
    "logistic_neuron": TWO_CLASSES,
    "tanh_neuron": HAT,
    "two_weight_chain": BEND,
}
every_model = pytest.mark.parametrize("name", DATA)


def drawn(name: str, theme=LIGHT, steps: int = 12) -> tuple[go.Figure, object]:
    risk = SURFACES[name]
    path = run(OPTIMIZERS["Adam"](learning_rate=0.05), risk, risk.start, steps)
    kept, held = split(DATA[name], 0.3)
    runs = {"Adam": (path, np.arange(steps + 1))}
    return data_picture(NEURONS[name], kept, theme, height=300, runs=runs, held_out=held), path


def moving_traces(figure: go.Figure) -> list:
    return [trace for trace in figure.data if (trace.meta or {}).get("moves")]


@every_model
def test_it_is_a_valid_figure_and_nothing_is_red(name):
    for theme in (LIGHT, DARK):
        figure, _ = drawn(name, theme)
        assert_valid(figure)
        assert not any(is_red(color) for color in colors(figure))


@every_model
def test_the_examples_light_up_by_their_number(name):
    figure, _ = drawn(name)
    (points,) = [trace for trace in figure.data if trace.name == "examples"]
    kept, _ = split(DATA[name], 0.3)
    assert points.meta["link"] == LINK
    assert list(points.ids) == [str(place) for place in range(kept.count)]
    assert len(points.x) == kept.count


@pytest.mark.parametrize("name", ["line_fit", "tanh_neuron", "two_weight_chain"])
def test_the_curve_is_that_of_the_weights_of_its_moment(name):
    figure, path = drawn(name)
    (curve,) = moving_traces(figure)
    count = curve.meta["moves"]
    for row in np.array(curve.customdata):
        answers = NEURONS[name].predict(path.theta[int(row[0])], row[None, 1 : 1 + count])
        np.testing.assert_allclose(row[1 + count :], answers)
    np.testing.assert_array_equal(np.array(curve.customdata)[:, 0], np.arange(13))


def test_the_boundary_is_where_the_answer_is_one_half():
    figure, path = drawn("logistic_neuron")
    (line,) = moving_traces(figure)
    for row in np.array(line.customdata):
        answers = NEURONS["logistic_neuron"].predict(path.theta[int(row[0])], row[1:].reshape(2, 2))
        np.testing.assert_allclose(answers, 0.5, atol=1e-9)


def test_the_answers_of_a_linear_neuron_stand_over_their_targets():
    figure, path = drawn("linear_neuron")
    kept, held = split(PLANE, 0.3)
    for trace, data in zip(moving_traces(figure), (held, kept), strict=True):
        row = np.array(trace.customdata)[5]
        np.testing.assert_allclose(row[1 : 1 + data.count], data.target)
        answers = NEURONS["linear_neuron"].predict(path.theta[5], data.inputs)
        np.testing.assert_allclose(row[1 + data.count :], answers)


def test_weights_beyond_all_numbers_draw_nothing_and_break_nothing():
    risk = SURFACES["line_fit"]
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=1.0), risk, risk.start, 200)
    figure = data_picture(NEURONS["line_fit"], LECTURE, LIGHT, height=300, runs={"Adam": (path, np.arange(201))})
    assert np.isfinite(figure.layout.yaxis.range).all()
