"""What is said about a neuron: signs and sizes of slopes, and a derivation whose last line is the gradient."""

import numpy as np
import pytest

from surfaces import SURFACES
from surfaces.neurons import NEURONS
from ui.neuron_words import gradient_lines, slope_words

LINEAR = NEURONS["linear_neuron"]


def test_the_sign_says_which_way_and_the_size_how_steep():
    assert slope_words(LINEAR, np.array([-3.2, 1.6])) == [
        "**∂L/∂w₁ = −3.2**: raise w₁. 2 times as steep as w₂.",
        "**∂L/∂w₂ = 1.6**: lower w₂.",
    ]


def test_a_slope_of_zero_leaves_its_weight_alone():
    first, second = slope_words(LINEAR, np.array([0.0, 5.0]))
    assert first == "**∂L/∂w₁ = 0**: leave w₁ as it is."
    assert second == "**∂L/∂w₂ = 5**: lower w₂."


@pytest.mark.parametrize("slope", [np.nan, np.inf])
def test_a_slope_that_is_no_number_is_a_sentence(slope):
    assert slope_words(LINEAR, np.array([slope, 1.0]))[0] == "**∂L/∂w₁** is not a finite number here."


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
