"""The one loop: what it records, when it says that a run diverged, and the inputs that it refuses."""

import re
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from optimizers import OPTIMIZERS, run, run_to_end
from optimizers.trajectory import points
from surfaces import SURFACES
from tests.losses import diagonal
from tests.samples import assert_same_bits

Adam, GradientDescent, Momentum = (OPTIMIZERS[name] for name in ("Adam", "GradientDescent", "Momentum"))
SADDLE, HIMMELBLAU = SURFACES["saddle"], SURFACES["himmelblau"]

# The record


def test_records_the_point_the_loss_and_the_gradient_before_the_first_update_and_after_each():
    path = run(Momentum(learning_rate=0.01), HIMMELBLAU, HIMMELBLAU.start, 30)
    assert path.steps == 30
    assert path.theta.shape == path.gradient.shape == (31, 2)
    assert path.loss.shape == (31,)
    np.testing.assert_array_equal(path.theta[0], HIMMELBLAU.start)
    for k in range(31):
        assert path.loss[k] == HIMMELBLAU.value(path.theta[k])
        np.testing.assert_array_equal(path.gradient[k], HIMMELBLAU.gradient(path.theta[k]))


def test_entry_k_of_the_state_is_the_state_after_k_updates():
    rule = Momentum(learning_rate=0.01, momentum=0.5)
    path = run(rule, HIMMELBLAU, HIMMELBLAU.start, 10)
    np.testing.assert_array_equal(path.state["update"], np.arange(11))
    np.testing.assert_array_equal(path.state["velocity"][0], [0, 0])
    for k in range(10):
        expected = 0.5 * path.state["velocity"][k] + path.gradient[k]
        np.testing.assert_array_equal(path.state["velocity"][k + 1], expected)


def test_no_updates_are_a_record_of_the_start():
    path = run(GradientDescent(), HIMMELBLAU, (1.0, 2.0), 0)
    np.testing.assert_array_equal(path.theta, [[1, 2]])
    assert path.loss == HIMMELBLAU.value((1.0, 2.0))
    assert path.steps == 0
    assert not path.diverged
    assert run_to_end(GradientDescent(), HIMMELBLAU, (1.0, 2.0), 0).loss == path.loss[0]


@pytest.mark.parametrize("start", [(1, 2), [1, 2], np.array([1, 2]), np.array([1, 2], dtype=np.float32)])
def test_any_two_numbers_are_a_start(start):
    path = run(GradientDescent(), HIMMELBLAU, start, 3)
    assert path.theta.dtype == np.float64
    assert_same_bits(path.theta, run(GradientDescent(), HIMMELBLAU, (1.0, 2.0), 3).theta)


def test_a_longer_run_begins_with_the_shorter_one():
    short, long = (run(Adam(), HIMMELBLAU, HIMMELBLAU.start, steps) for steps in (20, 50))
    assert_same_bits(long.theta[:21], short.theta)


@dataclass(frozen=True, eq=False)
class OfType:
    """A bowl whose numbers are given as something else than arrays of float64."""

    given: Callable

    def value(self, theta):
        return self.given(theta[0] ** 2 + 0.1 * theta[1] ** 2)

    def gradient(self, theta):
        return self.given(np.stack([2 * theta[0], 0.2 * theta[1]]))

    def hessian(self, theta):
        ones = np.ones(theta.shape[1:])
        return self.given(np.array([[2 * ones, 0 * ones], [0 * ones, 0.2 * ones]]))


@pytest.mark.parametrize("start", [(1.0, 2.0), ((1.0, 0.3), (2.0, -1.0))], ids=["one", "batch"])
@pytest.mark.parametrize("given", [np.float32, np.ndarray.tolist], ids=["float32", "lists"])
@pytest.mark.parametrize("name", ["Adam", "Newton", "BFGS"])
def test_whatever_numbers_a_loss_gives_the_record_has_float64(name, given, start):
    rule, loss = OPTIMIZERS[name](), OfType(lambda numbers: given(np.asarray(numbers)))
    path, end = (runner(rule, loss, start, 5) for runner in (run, run_to_end))
    for entry in ("theta", "loss", "gradient"):
        assert_same_bits(getattr(end, entry), np.asarray(getattr(path, entry)[-1]))
        assert getattr(end, entry).dtype == float
    (*_, last) = points(rule, loss, start, 5)
    assert_same_bits(last, end.theta)


def test_the_memory_of_an_endpoint_does_not_depend_on_the_number_of_updates():
    starts = np.random.default_rng(0).uniform(-3, 3, (2, 2000))

    def peak(steps: int) -> int:
        tracemalloc.start()
        run_to_end(Adam(), HIMMELBLAU, starts, steps)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(3)
    assert peak(100) < 1.1 * peak(10)


# Divergence


def overflow(start: float, rate: float, curvature: float) -> int:
    """The first update after which x, half of curvature * x^2, or its slope is no longer finite, in plain floats."""
    x = start
    for update in range(10_000):
        if not all(abs(number) < float("inf") for number in (x, curvature * x / 2 * x, curvature * x)):
            return update
        x -= rate * (curvature * x)
    return -1


@pytest.mark.slow
@pytest.mark.parametrize("steep", [3.0, 30.0, 1e6])
def test_says_at_which_update_it_diverged(steep):
    rates = np.array([0.1, 1.0, 2.1, 5.0]) / steep
    path = run(GradientDescent(learning_rate=rates), diagonal(steep, 0), (1.0, 0.0), 5000)
    expected = [overflow(1.0, rate, steep) for rate in rates.tolist()]
    assert expected[:2] == [-1, -1]
    assert min(expected[2:]) > 10
    np.testing.assert_array_equal(path.diverged_at, expected)
    np.testing.assert_array_equal(path.diverged, [False, False, True, True])


def test_the_diverged_numbers_are_not_touched():
    path = run(GradientDescent(learning_rate=1.5), diagonal(2, 2), (1.0, -3.0), 700)
    finite = int(path.diverged_at)
    np.testing.assert_array_equal(path.theta[:finite], (-2.0) ** np.arange(finite)[:, None] * [1, -3])
    assert np.abs(path.theta[finite - 1]).max() > 1e150
    assert path.loss[finite] == np.inf
    assert not np.isfinite(path.loss[finite:]).any()


@pytest.mark.parametrize("start", [(np.nan, 0), (np.inf, 0), (1, -np.inf), (1e308, 1e308)])
def test_a_start_without_a_finite_loss_diverged_at_update_0(start):
    path = run(Adam(), HIMMELBLAU, start, 5)
    assert path.diverged_at == 0
    np.testing.assert_array_equal(path.theta[0], start)
    assert run_to_end(Adam(), HIMMELBLAU, start, 5).diverged_at == 0


@dataclass(frozen=True, eq=False)
class Hole:
    """Half the squared distance to the origin, but one of its numbers is missing left of -1."""

    missing: str

    def value(self, theta):
        value = (theta[0] ** 2 + theta[1] ** 2) / 2
        return np.where((theta[0] < -1) & (self.missing == "value"), np.nan, value)

    def gradient(self, theta):
        return np.where((theta[0] < -1) & (self.missing == "gradient"), np.nan, theta)


@pytest.mark.parametrize(("missing", "last_finite"), [("value", True), ("gradient", False)])
@pytest.mark.parametrize("runner", [run, run_to_end])
def test_the_first_missing_number_counts_even_if_the_run_recovers(missing, last_finite, runner):
    # theta1 goes 4, -2, 1, -0.5, ...: the hole is met at update 1 only.
    end = runner(GradientDescent(learning_rate=1.5), Hole(missing), np.array([[4.0, 0.5], [0.0, 0.0]]), 10)
    np.testing.assert_array_equal(end.diverged_at, [1, -1])
    assert np.isfinite(end.theta[-1] if runner is run else end.theta)[..., 0].all() == last_finite


# Bad input


@pytest.mark.parametrize("runner", [run, run_to_end])
@pytest.mark.parametrize("start", [1.0, (1.0,), (1.0, 2.0, 3.0), np.zeros((3, 2)), np.zeros((0,)), [[1.0, 2.0]]])
def test_refuses_a_start_of_another_shape(runner, start):
    with pytest.raises(ValueError, match=r"^The start has shape \(2, \*batch\): theta1 and theta2 first\."):
        runner(GradientDescent(), HIMMELBLAU, start, 3)


@pytest.mark.parametrize("runner", [run, run_to_end])
def test_refuses_hyperparameters_that_do_not_fit_the_start(runner):
    rule = Momentum(learning_rate=np.full(4, 0.1), momentum=np.full(5, 0.1))
    with pytest.raises(ValueError, match=r"one batch shape.*start has \(3,\).*learning_rate \(4,\), momentum \(5,\)"):
        runner(rule, HIMMELBLAU, np.zeros((2, 3)), 3)


@pytest.mark.parametrize("runner", [run, run_to_end])
@pytest.mark.parametrize("steps", [-1, 2.0, "3", None])
def test_refuses_what_is_no_number_of_updates(runner, steps):
    said = f"The number of updates must be a whole number of at least 0, but it is {steps!r}."
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        runner(GradientDescent(), HIMMELBLAU, (1.0, 1.0), steps)


def test_a_large_whole_number_is_a_learning_rate():
    path, expected = (run(GradientDescent(learning_rate=rate), HIMMELBLAU, (3.0, 2.1), 1) for rate in (10**30, 1e30))
    assert_same_bits(path.theta, expected.theta)
