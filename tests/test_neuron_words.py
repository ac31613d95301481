"""What is said about a neuron: signs and sizes of slopes, and a derivation whose last line is the gradient."""

import numpy as np
import pytest

from surfaces import SURFACES
from surfaces.datasets import DataSet
from surfaces.neurons import NEURONS
from ui.neuron_words import gradient_lines, saturation_words, slope_rounding, slope_verdicts

LINEAR = NEURONS["linear_neuron"]


def told(*arguments) -> list[tuple[str, str]]:
    """Name and text of the verdict on each slope."""
    return [(verdict.name, verdict.text) for verdict in slope_verdicts(LINEAR, *arguments)]


def test_the_sign_says_which_way_and_the_size_how_steep():
    assert told(np.array([-3.2, 1.6])) == [
        ("∂L/∂w₁ = −3.2", "raise w₁. 2 times as steep as w₂."),
        ("∂L/∂w₂ = 1.6", "lower w₂."),
    ]


def test_a_slope_of_zero_leaves_its_weight_alone():
    first, second = told(np.array([0.0, 5.0]))
    assert first == ("∂L/∂w₁ = 0", "leave w₁ as it is.")
    assert second == ("∂L/∂w₂ = 5", "lower w₂.")


@pytest.mark.parametrize("slope", [np.nan, np.inf])
def test_a_slope_that_is_no_number_is_a_sentence(slope):
    assert told(np.array([slope, 1.0]))[0] == ("∂L/∂w₁", "is not a finite number here.")


def test_a_slope_that_is_rounding_has_no_direction_and_nothing_is_compared_with_it():
    first, second = told(np.array([3e-17, 5.0]), (1e-15, 1e-15))
    assert first == ("∂L/∂w₁ = 3e−17, which is rounding", "leave w₁ as it is.")
    assert second == ("∂L/∂w₂ = 5", "lower w₂.")


@pytest.mark.parametrize("name", NEURONS)
def test_at_a_minimum_the_slopes_are_rounding_and_beside_it_they_are_not(name):
    risk = SURFACES[name]
    for minimum in risk.minima[:1]:
        beside = minimum + 1e-3 * np.ptp(risk.view, axis=1)
        for theta, is_rounding in ((minimum, True), (beside, False)):
            slopes, noise = risk.gradient(theta), slope_rounding(risk, theta)
            assert ((np.abs(slopes) <= noise) == is_rounding).all(), (slopes, noise)


def test_one_example_that_is_answered_right_leaves_its_weights_alone():
    one = DataSet("One", [(0.1,)], (0.7,))
    risk = NEURONS["line_fit"].risk(one, ((-1, 1), (-1, 1)), (0, 0))
    theta = np.array([0.1, 6.0])
    words = slope_verdicts(NEURONS["line_fit"], risk.gradient(theta), slope_rounding(risk, theta))
    assert all("leave" in verdict.text for verdict in words)


@pytest.mark.parametrize(
    ("name", "theta", "saturated"),
    [
        ("tanh_neuron", (0.0, 12.0), True),
        ("tanh_neuron", (1.0, 0.5), False),
        ("logistic_neuron", (40.0, 40.0), False),
        ("linear_neuron", (0.0, 0.0), False),
        ("two_weight_chain", (50.0, 1.0), False),
    ],
)
def test_a_tanh_that_answers_all_alike_is_called_saturated(name, theta, saturated):
    neuron, risk = NEURONS[name], SURFACES[name]
    inputs = np.array([risk.data[symbol] for symbol in neuron.inputs])
    data = DataSet("Data", inputs, list(risk.data.values())[-1])
    words = saturation_words(neuron, data, np.array(theta), risk.view)
    assert ("saturated" in words) == saturated
    if saturated:
        assert np.hypot(*risk.gradient(theta)) < 1e-3


@pytest.mark.parametrize("name", NEURONS)
def test_the_derivation_ends_with_both_slopes_as_sums_over_the_examples(name):
    lines = gradient_lines(NEURONS[name], SURFACES[name])
    whole = [latex for _, latex in lines if latex.startswith(r"\frac{\partial L}{")]
    assert len(whole) == 2
    for latex in whole:
        assert rf"_{{i=1}}^{{{SURFACES[name].count}}}" in latex
        assert r"\hat y_{i} - y_{i}" in latex or r"- y_{i} + \hat y_{i}" in latex
    for sentence, latex in lines:
        assert sentence.endswith(("with", "is", "computes", ":"))
        assert "output" not in latex
        assert "theta1" not in latex


@pytest.mark.parametrize("name", NEURONS)
def test_the_slope_that_the_derivation_uses_is_the_derivative_of_the_loss(name):
    """Answer minus target, times two for squared errors, times how the answer changes."""
    neuron, risk, theta = NEURONS[name], SURFACES[name], SURFACES[name].start
    inputs = np.array([risk.data[symbol] for symbol in neuron.inputs])
    targets = list(risk.data.values())[-1]
    step = 1e-6
    inner = neuron.predict if neuron.inner is None else lambda theta, inputs: theta @ inputs
    factor = 2 if neuron.inner is None else 1
    for axis, along in enumerate(np.eye(2) * step):
        share = (inner(theta + along, inputs) - inner(theta - along, inputs)) / (2 * step)
        expected = factor * (neuron.predict(theta, inputs) - targets) * share
        np.testing.assert_allclose(risk.example_gradients(theta)[axis], expected, rtol=1e-5, atol=1e-6)
