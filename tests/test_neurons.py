"""The models: answers, losses of answers, and data that do not fit."""

from dataclasses import replace

import numpy as np
import pytest
import sympy

from surfaces.datasets import LECTURE, PLANE, TWO_CLASSES, DataError, DataSet
from surfaces.neurons import LINE, LINEAR, LOGISTIC, NEURONS, TANH, frame

BOX = ((-3, 3), (-3, 3))
ANSWERS = {
    "line_fit": lambda t, x: t[0] + t[1] * x[0],
    "linear_neuron": lambda t, x: t[0] * x[0] + t[1] * x[1],
    "logistic_neuron": lambda t, x: 1 / (1 + np.exp(-t[0] * x[0] - t[1] * x[1])),
    "tanh_neuron": lambda t, x: np.tanh(t[0] * x[0] + t[1]),
    "two_weight_chain": lambda t, x: t[1] * np.tanh(t[0] * x[0]),
}


@pytest.mark.parametrize("name", NEURONS)
def test_answers_are_those_of_the_hand_written_model(name):
    neuron = NEURONS[name]
    inputs = np.random.default_rng(0).normal(size=(len(neuron.inputs), 6))
    theta = np.random.default_rng(1).normal(size=(2, 4))
    expected = np.array([ANSWERS[name](point, inputs) for point in theta.T])
    np.testing.assert_allclose(neuron.predict(theta, inputs), expected, rtol=1e-13)
    np.testing.assert_allclose(neuron.predict(theta[:, 0], inputs), expected[0], rtol=1e-13)


def test_the_cross_entropy_is_that_of_the_probability():
    risk, theta = LOGISTIC.risk(TWO_CLASSES, BOX, (1, 1)), np.array([0.7, -1.2])
    p, t = LOGISTIC.predict(theta, TWO_CLASSES.inputs), TWO_CLASSES.target
    np.testing.assert_allclose(risk.example_losses(theta), -t * np.log(p) - (1 - t) * np.log(1 - p), rtol=1e-12)


def test_data_with_another_number_of_inputs_are_a_sentence():
    with pytest.raises(DataError, match=r"^Line takes 1 input.*, but the data have 2\.$"):
        LINE.risk(PLANE, BOX, (0, 0))


def test_a_target_that_is_no_class_is_a_sentence():
    """With it the cross-entropy would fall for ever."""
    data = DataSet("Odd", [(0, 1, 2), (1, 0, 2)], (0, 3, 1))
    with pytest.raises(DataError, match=r"^Example 2: the target must be 0 or 1 \(a class\), but it is 3\.$"):
        LOGISTIC.risk(data, BOX, (0, 0))
    assert LINEAR.risk(data, BOX, (0, 0)).count == 3


def test_the_view_of_a_model_is_as_wide_as_the_model_says():
    x, y = TANH.inputs[0], sympy.Symbol("y", real=True)
    data = DataSet("Sizes", [(-3, 4, 5, -5, 5)], (1, -2, 0, 1, 1))
    view, start = frame(replace(TANH, reach=(20 / x, 3 * y)), data)
    size = np.sqrt(np.mean(data.inputs**2))
    np.testing.assert_allclose(view, [(-20 / size, 20 / size), (-6, 6)], rtol=1e-14)
    np.testing.assert_allclose(start, (-15 / size, 4.5), rtol=1e-14)


def test_the_source_of_the_loss_is_that_of_its_data():
    assert LINE.risk(LECTURE, BOX, (0, 0)).source == LECTURE.source
