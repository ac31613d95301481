"""Armijo's search: the first halving with sufficient decrease, for every row by itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers.search import SUFFICIENT_DECREASE, armijo, armijo_of_one
from surfaces import SURFACES
from tests.arithmetic import same_bits
from tests.losses import diagonal

numbers = st.floats(-5, 5)


def searched(loss, theta, direction, first=1.0):
    theta, direction = np.array(theta, dtype=float), np.array(direction, dtype=float)
    with np.errstate(all="ignore"):
        value, gradient = loss.value(theta), loss.gradient(theta)
        return armijo(loss.value, theta, value, gradient, direction, np.float64(first))


def is_sufficient(loss, theta, direction, length) -> bool:
    with np.errstate(all="ignore"):
        promised = loss.value(theta) + length * SUFFICIENT_DECREASE * (direction @ loss.gradient(theta))
        return bool(loss.value(theta + length * direction) <= promised)


@given(st.sampled_from(["rosenbrock", "himmelblau", "rastrigin", "bowl"]), numbers, numbers, st.floats(0.01, 100))
def test_the_length_is_the_first_of_the_halvings_that_lowers_the_loss_enough(name, x, y, first):
    loss, theta = SURFACES[name], np.array([x, y])
    # The direction times a power of two is not rounded, so the textbook's product is the one that is computed.
    direction = -loss.gradient(theta)
    length = float(searched(loss, theta, direction, first))
    if length == 0:
        assert all((theta + first * 0.5**k * direction == theta).all() for k in range(900, 1075))
        return
    halvings = np.log2(first / length)
    assert halvings == int(halvings) >= 0
    slope = direction @ loss.gradient(theta)
    decrease = loss.value(theta) - loss.value(theta + length * direction)
    rounding = 4e-16 * abs(loss.value(theta))
    assert decrease >= -SUFFICIENT_DECREASE * length * slope * (1 - 1e-12) - rounding
    for k in range(int(halvings)):
        longer = first * 0.5**k
        rise = loss.value(theta + longer * direction) - loss.value(theta)
        assert not rise < SUFFICIENT_DECREASE * longer * slope * (1 + 1e-12) - rounding


def test_the_first_length_is_taken_where_it_will_do():
    assert searched(diagonal(1.0, 1.0), [1.0, 1.0], [-1.0, -1.0]) == 1.0
    assert searched(diagonal(1.0, 1.0), [1.0, 1.0], [-1.0, -1.0], first=8.0) == 1.0
    assert searched(diagonal(1.0, 1.0), [1.0, 1.0], [-1.0, -1.0], first=3.0) == 1.5


@pytest.mark.parametrize(
    ("theta", "direction", "first"),
    [
        ([1.0, 0.0], [-1.0, 0.0], np.inf),
        ([1.0, 0.0], [-1.0, 0.0], np.nan),
        ([1.0, 0.0], [np.nan, 0.0], 1.0),
        ([1.0, 0.0], [-np.inf, 0.0], 1.0),
        ([np.nan, 0.0], [-1.0, 0.0], 1.0),
    ],
)
def test_where_no_length_will_do_it_is_0(theta, direction, first):
    assert searched(diagonal(1.0, 1.0), theta, direction, first) == 0.0


def test_a_search_from_an_infinite_loss_takes_what_is_not_worse():
    class Wall:
        def value(self, theta):
            return np.where(theta[0] > 1, np.inf, theta[0])

        def gradient(self, theta):
            return np.stack([np.ones_like(theta[0]), np.zeros_like(theta[0])])

    assert searched(Wall(), [2.0, 0.0], [-1.0, 0.0]) == 1.0


def test_a_step_over_a_wall_is_halved_until_it_stays_before_it():
    class Wall:
        def value(self, theta):
            return np.where(theta[0] < 0, np.nan, theta[0])

        def gradient(self, theta):
            return np.stack([np.ones_like(theta[0]), np.zeros_like(theta[0])])

    assert searched(Wall(), [1.0, 0.0], [-1000.0, 0.0]) == 2.0**-10


def rows_for_search() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(4)
    theta = np.hstack([random.normal(size=(2, 20)) * 3, [[0.0, 1e160, np.nan, 1.0, 1.0], [0.0, 2.0, 1.0, 1.0, 1.0]]])
    with np.errstate(all="ignore"):
        direction = -SURFACES["rosenbrock"].gradient(theta)
    direction[:, 5] = -direction[:, 5]
    direction[:, 6] = 1e300
    return theta, direction


def test_rows_are_independent_bit_for_bit():
    theta, direction = rows_for_search()
    first = np.linspace(0.1, 9, theta.shape[1])
    together = searched(SURFACES["rosenbrock"], theta, direction)
    with np.errstate(all="ignore"):
        value, gradient = SURFACES["rosenbrock"].value(theta), SURFACES["rosenbrock"].gradient(theta)
        each = armijo(SURFACES["rosenbrock"].value, theta, value, gradient, direction, first)
    assert len(np.unique(together)) > 3
    for row in range(theta.shape[1]):
        assert same_bits(searched(SURFACES["rosenbrock"], theta[:, row], direction[:, row]), together[row])
        assert same_bits(searched(SURFACES["rosenbrock"], theta[:, row], direction[:, row], first[row]), each[row])


@settings(max_examples=60)
@given(
    st.sampled_from(["rosenbrock", "ackley", "goldstein_price"]),
    st.tuples(*[st.one_of(numbers, st.sampled_from([0.0, -0.0, 1e-300, 1e150]))] * 4),
    st.one_of(st.floats(1e-3, 1e3), st.sampled_from([0.0, np.inf, np.nan, 5e-324])),
)
def test_one_point_of_floats_has_the_bits_of_arrays_or_refuses(name, drawn, first):
    loss = SURFACES[name]
    theta, direction = np.array(drawn[:2]), np.array(drawn[2:])

    def value_at(theta1, theta2):
        return float(loss.value(np.array([theta1, theta2])))

    with np.errstate(all="ignore"):
        value, gradient = float(loss.value(theta)), loss.gradient(theta).tolist()
    expected = searched(loss, theta, direction, first)
    try:
        found = armijo_of_one(value_at, *theta.tolist(), value, *gradient, *direction.tolist(), float(first))
    except (OverflowError, ValueError):
        return
    assert same_bits(found, expected)


@pytest.mark.parametrize("bad", [np.inf, np.nan])
def test_floats_refuse_a_direction_that_is_not_finite(bad):
    for direction in ((bad, 1.0), (1.0, bad)):
        with pytest.raises((OverflowError, ValueError)):
            armijo_of_one(lambda *_: 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, *direction, 1.0)
