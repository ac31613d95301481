"""How a run asks a loss: once for each thing at a point, for arrays of float64."""

from collections import Counter

import numpy as np

from optimizers.asking import Remembering


class Counting:
    """A loss that counts what it is asked for, and answers with whole numbers and lists."""

    def __init__(self):
        self.asked = Counter()

    def value(self, theta):
        self.asked["value"] += 1
        return 3

    def gradient(self, theta):
        self.asked["gradient"] += 1
        return [1, np.float32(0.5)]

    def hessian(self, theta):
        self.asked["hessian"] += 1
        return [[1, 0], [0, 2]]


class Both(Counting):
    """A loss that gives value and gradient at once."""

    def value_and_gradient(self, theta):
        self.asked["both"] += 1
        return np.array(7.0), np.array([2.0, 3.0])


def test_value_and_gradient_are_asked_for_once_at_a_point():
    loss = Counting()
    remembering, theta = Remembering(loss), np.zeros(2)
    for _ in range(3):
        remembering.value(theta)
        remembering.gradient(theta)
        remembering.value_and_gradient(theta)
    assert loss.asked == {"value": 1, "gradient": 1}


def test_another_point_is_asked_about_anew_even_if_it_is_the_same_place():
    loss = Counting()
    remembering = Remembering(loss)
    for _ in range(2):
        remembering.value(np.zeros(2))
    assert loss.asked == {"value": 2}


def test_a_loss_that_gives_both_at_once_is_asked_for_both():
    loss = Both()
    remembering, theta = Remembering(loss), np.zeros(2)
    value, gradient = remembering.value_and_gradient(theta)
    assert remembering.value(theta) is value
    assert remembering.gradient(theta) is gradient
    assert loss.asked == {"both": 1}


def test_whatever_a_loss_gives_is_an_array_of_float64():
    remembering, theta = Remembering(Counting()), np.zeros(2)
    for answer, expected in (
        (remembering.value(theta), 3.0),
        (remembering.gradient(theta), [1.0, 0.5]),
        (remembering.hessian(theta), [[1.0, 0.0], [0.0, 2.0]]),
    ):
        assert answer.dtype == np.float64
        np.testing.assert_array_equal(answer, expected)
