"""The page on the sum of gradients: the numbers that it prints are the mean of the arrows, and the gradient."""

import re

import numpy as np
import pytest

from lessons.sum_of_gradients import Arrows, arrows_in_words, sum_in_words
from surfaces import SURFACES
from surfaces.neurons import NEURONS
from tests.hands import assert_hand_agrees, canvas_of, painted
from tests.lesson_pages import lesson, said
from tests.playground import charts, numbers, trace

pytestmark = pytest.mark.slow

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


def arrows(slopes, kind="mean"):
    slopes = np.array(slopes, dtype=float)
    return Arrows(slopes, slopes.mean(axis=1) if kind == "mean" else slopes.sum(axis=1), kind)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (arrows([[1, 2, 3], [0, 0, 1]]), "Example 3 has the longest arrow: 3.162. No example would go the other way"),
        (arrows([[1, -2, 5], [0, 0, 1]]), "1 of 3 examples would go the other way: its arrow makes an angle"),
        (arrows([[-1, -2, 9], [0, 0, 1]], "sum"), "2 of 3 examples would go the other way: their arrows make an angle"),
        (arrows([[1, -1], [2, -2]]), "The arrows cancel: the mean is zero but for rounding"),
        (arrows([[0, 0], [0, 0]]), "All arrows are zero: at these weights no example pulls."),
        (arrows([[2], [1]]), "There is only one example, so its arrow is the mean."),
    ],
)
def test_what_is_said_about_the_arrows(known, words):
    assert words in arrows_in_words(known)


def test_one_arrow_is_one_and_numbers_beyond_all_are_not_called_rounding():
    assert sum_in_words(arrows([[2], [1]])).startswith("The mean of the 1 arrow: **(2, 1)**.")
    assert "Difference: none." in sum_in_words(arrows([[2], [1]]))
    assert "rounding" not in sum_in_words(arrows([[1e308, 1e308], [1, 1]], "sum"))
    assert "too large for the computer" in sum_in_words(arrows([[1e308, 1e308], [1, 1]], "sum"))


def test_a_saturated_neuron_has_no_arrows_and_the_page_says_so():
    assert "All arrows are zero" in said(lesson(PAGE, theta1="0", theta2="400"))
    assert "has the longest arrow" in said(lesson(PAGE))


@pytest.mark.parametrize("value", ["nan", "inf", "1e308", "abc", ""])
@pytest.mark.parametrize("key", ["model", "data", "theta2"])
def test_nonsense_in_the_link_leaves_the_page_whole(key, value):
    assert set(charts(lesson(PAGE, **{key: value}))) == {"data", "arrows", "contour"}


# Under the hand


@pytest.mark.parametrize("model", NEURONS)
def test_the_point_and_its_slopes_follow_the_hand_and_the_arrows_of_the_examples_wait(model):
    app = lesson(PAGE, model=NEURONS[model].title)
    theta = [float(value) + 0.1 for value in SURFACES[model].start]
    moved = dict(zip(("start1", "start2"), theta, strict=True))
    pictures = painted(canvas_of(app), moved)["pictures"]
    assert len(pictures["contour"]["arrows"]) == 2
    assert not pictures["arrows"]["kept"]
    state = {f"{PAGE}.theta{place}": value for place, value in enumerate(theta, start=1)}
    assert_hand_agrees(app, moved, state, without=["arrows"], waiting=["added"])
