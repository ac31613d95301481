"""Runs that depend on the last digit are told from those that do not."""

from dataclasses import dataclass

import numpy as np
import pytest

from optimizers import OPTIMIZERS, GaussianNoise, Optimizer, run
from optimizers.sensitivity import departure, is_sensitive, sensitivity
from surfaces import SURFACES, parse


def path_of(surface: str, rule: str, steps: int = 200, start=None, noise: float = 0.0, **values):
    loss = SURFACES[surface]
    seen = GaussianNoise(loss, noise) if noise else loss
    return run(OPTIMIZERS[rule](**values), seen, loss.start if start is None else start, steps)


def test_a_calm_run_is_not_sensitive():
    for surface, rule in (
        ("bowl", "GradientDescent"),
        ("rosenbrock", "Adam"),
        ("ackley", "Adam"),
        ("line_fit", "BFGS"),
    ):
        assert sensitivity(path_of(surface, rule)) < 1e-10


def test_a_chaotic_run_is_sensitive():
    jumping = path_of("rastrigin", "GradientDescent", start=(2.3, 1.4), learning_rate=0.04)
    assert sensitivity(jumping) > 0.01
    assert is_sensitive(jumping)
    assert is_sensitive(path_of("rastrigin", "GradientDescent", start=(2.3, 1.4), learning_rate=0.04, noise=0.1))


def test_a_run_grows_more_sensitive_with_its_length():
    assert not is_sensitive(path_of("rastrigin", "GradientDescent", 3, start=(2.3, 1.4), learning_rate=0.04))


def test_losses_that_are_asked_and_rules_that_search_are_nudged_too():
    for surface, rule in (("logistic_neuron", "Adam"), ("himmelblau", "DampedNewton"), ("bowl", "LineSearch")):
        assert 0 <= sensitivity(path_of(surface, rule)) < 1e-9
    assert is_sensitive(path_of("mccormick", "LineSearch"))


def test_zero_stays_zero():
    assert sensitivity(path_of("saddle", "GradientDescent", start=(0.0, 0.0))) == 0
    assert sensitivity(path_of("saddle", "Momentum", start=(1.0, 0.0))) < 1e-12


@dataclass(frozen=True, eq=False)
class OwnStep(Optimizer):
    """Gradient descent in Python."""

    def step(self, loss, theta, state):
        return theta - self.learning_rate * loss.gradient(theta), {"update": state["update"] + 1}

    def init(self, theta):
        return {"update": 0}


def test_a_rule_that_writes_its_own_step_starts_nudged():
    assert not is_sensitive(run(OwnStep(0.01), SURFACES["bowl"], (1, 2), 50))
    assert is_sensitive(run(OwnStep(0.04), SURFACES["rastrigin"], (2.3, 1.4), 200))


def test_where_floats_refuse_the_run_goes_on():
    """A run along a ridge of corners, and one whose loss overflows."""
    for text, start in (("abs(x)^1.5 + y^2", (0, 1)), ("abs(x) y^2 + y^2", (0, 1))):
        assert sensitivity(run(OPTIMIZERS["Momentum"](0.1), parse(text), start, 60)) < 1e-12
    assert sensitivity(run(OPTIMIZERS["Momentum"](0.1), parse("exp(x^2) + y"), (3, 1), 9)) < 1e-12


def test_a_run_that_diverges_is_compared_up_to_there():
    run_away = path_of("rosenbrock", "GradientDescent", learning_rate=0.01)
    assert run_away.diverged
    assert sensitivity(run_away) < 1e-9


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ([[1, 0], [4, 2]], [[1, 0], [4, 3]], 0.25),
        ([[8, 0], [1, 1]], [[8, 0], [1, 3]], 0.25),
        ([[0, 0], [0, 0]], [[0, 0], [0, 0]], 0.0),
        ([[0, 0], [0, 0]], [[0, 0], [0, 1]], np.inf),
        ([[1, 1], [np.inf, 1]], [[1, 1], [5, 1]], 0.0),
        ([[1, 1], [2, 1]], [[1, 1], [np.nan, 1]], np.inf),
        ([[np.nan, 1]], [[np.nan, 1]], 0.0),
    ],
)
def test_departure_is_relative_to_the_size_of_the_path(path, other, expected):
    assert departure(np.array(path, dtype=float), np.array(other, dtype=float)) == expected
