"""The page on the sum of gradients: the numbers that it prints are the mean of the arrows, and the gradient."""

import re

import numpy as np
import pytest

from surfaces import SURFACES
from surfaces.neurons import NEURONS
from tests.lesson_pages import lesson, said
from tests.playground import charts, numbers, trace

PAGE = "sum_of_gradients"


@pytest.mark.parametrize("model", NEURONS)
def test_the_printed_mean_is_the_gradient(model):
    app, risk = lesson(PAGE, model=NEURONS[model].title), SURFACES[model]
    text, exact = said(app).replace("−", "-"), risk.gradient(risk.start)
    pairs = re.findall(r"\*\*\((\S+), (\S+)\)\*\*", text)
    assert len(pairs) == 2
    for pair in pairs:
        assert [float(number) for number in pair] == pytest.approx(list(exact), rel=1e-5)
    assert re.search(rf"The {risk.reduction} of the {risk.count} arrows", text)


@pytest.mark.parametrize("model", NEURONS)
def test_arrows_and_data_share_their_numbers(model):
    drawn = charts(lesson(PAGE, model=NEURONS[model].title))
    points, arrows = (trace(drawn[name], "examples") for name in ("data", "arrows"))
    assert points["meta"]["link"] == arrows["meta"]["link"]
    assert set(points["ids"]) <= set(arrows["ids"])
    slopes = SURFACES[model].example_gradients(SURFACES[model].start)
    tips = [arrows["ids"].index(name) for name in points["ids"]]
    np.testing.assert_allclose(numbers(arrows["x"])[tips], slopes[0], rtol=1e-5, atol=1e-6)


def test_the_sweep_adds_the_examples_one_by_one():
    drawn = charts(lesson(PAGE))
    risk = SURFACES["tanh_neuron"]
    rows = numbers(trace(drawn["arrows"], "mean of the first k")["customdata"])
    slopes = risk.example_gradients(risk.start)
    np.testing.assert_allclose(rows[4, [2, 4]], slopes[:, :4].mean(axis=1), rtol=1e-5)
    added = numbers(trace(drawn["data"], "example that is added")["customdata"])
    np.testing.assert_array_equal(added[:, 0], np.arange(1, 16))


def test_at_the_minimum_the_arrows_cancel():
    (theta1, theta2) = SURFACES["tanh_neuron"].minima[0]
    assert "The arrows cancel" in said(lesson(PAGE, theta1=repr(float(theta1)), theta2=repr(float(theta2))))


@pytest.mark.parametrize("value", ["nan", "inf", "1e308", "abc", ""])
@pytest.mark.parametrize("key", ["model", "data", "theta2"])
def test_nonsense_in_the_link_leaves_the_page_whole(key, value):
    assert set(charts(lesson(PAGE, **{key: value}))) == {"data", "arrows", "contour"}
