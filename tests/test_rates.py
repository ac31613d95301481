"""Learning rates that suit a loss, over the catalogue and over typed quadratics of every conditioning."""

from itertools import pairwise

import numpy as np
import pytest

from lessons.rates import even_numbers, limit_on, nearest_rate, rate_on, rates_beside, rates_on
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from surfaces.names import surface_of

QUADRATICS = {
    "= x^2 + y^2": 2,
    "= 1e6 x^2 + y^2": 2e6,
    "= 1e-6 (x^2 + y^2)": 2e-6,
    "= (x - 1000)^2 + 1e-6 (y + 3)^2": 2,
    "= 1e-6 x^2 + 1e6 (y - 30)^2": 2e6,
    "= (x + y)^2 + 1e-4 (x - y)^2": 4,
    "= x^2 - 10 y^2": 2,
    "= 1e-12 (x - 3)^2 + 1e-12 y^2": 2e-12,
}


@pytest.mark.parametrize(("name", "curvature"), QUADRATICS.items())
def test_the_rate_of_a_quadratic_is_a_quarter_of_the_limit_and_the_slider_reaches_beyond_it(name, curvature):
    limit = 2 / curvature
    assert limit_on(name) == pytest.approx(limit, rel=1e-9)
    assert 0.2 * limit < rate_on(name) <= 0.25 * limit
    assert rates_on(name)[0] <= limit / 10
    assert rates_on(name)[-1] >= 5 * limit


@pytest.mark.parametrize("name", SURFACES)
def test_the_rate_of_a_surface_is_below_the_limit_at_the_start_and_goes_down_from_there(name):
    surface = SURFACES[name]
    steepest = np.linalg.eigvalsh(surface.hessian(surface.start))[1]
    assert rate_on(name) * steepest < 2
    losses = run(OPTIMIZERS["GradientDescent"](learning_rate=rate_on(name)), surface, surface.start, 50).loss
    assert (np.diff(losses) < 1e-9 * np.abs(losses[:-1])).any()
    assert losses[-1] < losses[0]
    assert rate_on(name) in rates_on(name)


@pytest.mark.parametrize("name", ["= x + y", "= -x^2 - y^2", "= e^(-x) + y", "= |x| + |y|", "= sqrt(x) + y^2"])
def test_without_a_curvature_upwards_there_is_a_rate_all_the_same(name):
    surface = surface_of(name)
    first = run(OPTIMIZERS["GradientDescent"](learning_rate=rate_on(name)), surface, surface.start, 1)
    assert 0 < np.hypot(*(first.theta[1] - first.theta[0])) < 0.5 * np.hypot(*np.diff(surface.view, axis=1)[:, 0])


@pytest.mark.parametrize("limit", [1e-300, 1e-30, 1e-9, 1.0, 1e7, 1e30, 1e300])
def test_every_slider_is_of_a_length_that_can_be_swept(limit):
    assert 100 < len(rates_beside(limit)) <= 400


@pytest.mark.parametrize("rate", [1e-9, 1e-5, 0.0123, 3.0, 1e9, 0.0, -1.0, float("nan"), float("inf")])
def test_every_click_gives_a_rate_of_the_slider(rate):
    rates = rates_on("bowl")
    known = nearest_rate(rate, rates)
    assert known in rates
    if 1e-5 <= rate <= 10:
        assert abs(np.log(known / rate)) <= np.log(1.26) / 2


@pytest.mark.parametrize(
    ("low", "high", "whole", "first", "last", "count"),
    [
        (0.0, 0.99, False, (0.0, 0.01, 0.02), 0.99, 100),
        (0.0, 0.9999, False, (0.0, 0.01, 0.02), 0.9999, 101),
        (0.0, 0.1, False, (0.0, 0.001, 0.002), 0.1, 101),
        (0.8, 1.0, False, (0.8, 0.801, 0.802), 1.0, 201),
        (1, 500, True, (1, 2, 3), 500, 500),
        (10, 2000, True, (10, 20, 30), 2000, 200),
    ],
)
def test_even_numbers_by_hand(low, high, whole, first, last, count):
    numbers = even_numbers(low, high, whole=whole)
    assert tuple(numbers[:3]) == first
    assert numbers[-1] == last
    assert len(numbers) == count
    assert all(isinstance(number, int) for number in numbers) == whole
    assert all(after > before for before, after in pairwise(numbers))
