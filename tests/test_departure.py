"""Runs that diverged or left: when, why, and the learning rate or start that would keep them in the picture."""

import re

import numpy as np
import pytest

from optimizers import OPTIMIZERS, GaussianNoise, run
from optimizers.outcome import outcome
from surfaces import SURFACES, parse
from tests.judging import end_of, is_outside, judged, typed
from tests.runs import recorded

BOWL, SADDLE = (SURFACES[name] for name in ("bowl", "saddle"))
GradientDescent, Momentum = (OPTIMIZERS[name] for name in ("GradientDescent", "Momentum"))


@pytest.mark.parametrize("rate", [1.05, 1.2, 1.5])
def test_a_run_leaves_at_the_update_that_a_plain_loop_finds(rate):
    theta, update = np.array([1.0, -2.0]), 0
    while (np.abs(theta) <= 5.12).all():
        theta, update = theta - rate * 2 * theta, update + 1
    found = end_of(GradientDescent(learning_rate=rate), BOWL, (1.0, -2.0), 50)
    assert found.kind == "left"
    assert f"at update {update}; the loss rose" in found.verdict
    assert "smaller" in found.remedy


def test_a_run_that_came_back_left_when_it_last_left():
    found = judged(recorded([[0, 0], [9, 0], [1, 0], [2, 0], [9, 0], [10, 0]], BOWL), BOWL)
    assert found.kind == "left"
    assert "update 4" in found.verdict


def test_a_run_that_falls_out_of_the_frame_needs_another_start():
    found = end_of(GradientDescent(learning_rate=0.1), SADDLE, (-2.5, 0.1))
    assert "the loss fell" in found.verdict
    assert "start" in found.remedy


def test_a_run_outside_the_frame_is_told_so():
    found = judged(recorded([[9, 9], [8, 9], [7, 9]], BOWL), BOWL)
    assert found.kind == "left"
    assert found.verdict.startswith("Began outside the frame")
    assert "inside" in found.remedy


def test_a_run_that_began_outside_and_diverged_needs_a_smaller_rate():
    remedy = end_of(GradientDescent(learning_rate=3.0), BOWL, (9, 9), 2000).remedy
    assert remedy == "Make the learning rate smaller."


def test_a_loss_that_is_as_it_was_neither_rose_nor_fell():
    found = typed("(x-1)^2", GradientDescent(learning_rate=1.0), (-1.4, 1.1), 1)
    assert found.verdict == "Left the frame at update 1; the loss is again 5.76."


def test_falling_below_the_lowest_loss_is_said_and_is_no_arrival():
    surface = SURFACES["mccormick"]
    found = end_of(Momentum(learning_rate=0.2), surface, surface.start, 100)
    assert found.kind == "left"
    assert "below L* = −1.91" in found.verdict
    assert found.updates_to_tolerance == -1


@pytest.mark.parametrize("rate", [2.0, 10.0])
def test_a_run_diverges_at_the_update_that_a_plain_loop_finds(rate):
    theta, update = np.array([-4.0, 3.0]), 0
    with np.errstate(all="ignore"):
        while np.isfinite([*theta, *BOWL.gradient(theta), BOWL.value(theta)]).all():
            theta, update = theta - rate * 2 * theta, update + 1
    found = end_of(GradientDescent(learning_rate=rate), BOWL, (-4.0, 3.0), 600)
    assert found.kind == "diverged"
    assert f"at update {update}" in found.verdict
    assert not np.isfinite(found.loss)
    assert "smaller" in found.remedy


@pytest.mark.parametrize("start", [(np.nan, 0), (np.inf, 0), (1e308, 1e308)])
def test_a_start_without_a_loss_is_to_blame_itself(start):
    found = end_of(GradientDescent(learning_rate=0.1), BOWL, start, 20)
    assert found.kind == "diverged"
    assert found.updates_to_tolerance == -1
    assert "start" in found.remedy
    assert "learning rate" not in found.remedy


@pytest.mark.parametrize(
    ("formula", "rate", "start", "missing", "remedy"),
    [
        ("sqrt(x)+y^2", 2.0, (1.0, 0.0), "the slope is infinite", "a little"),
        ("log(x)+y^2", 1.0, (1.0, 1.0), "the loss is infinite", "smaller"),
        ("sqrt(x)+y^2", 3.0, (1.0, 0.0), "the loss has no value", "smaller"),
    ],
)
def test_a_run_that_ends_at_a_gap_of_the_loss_says_what_is_missing_there(formula, rate, start, missing, remedy):
    surface = parse(formula)
    path = run(GradientDescent(learning_rate=rate), surface, start, 6)
    found = outcome(path, surface, (), ((-2, 2), (-2, 2)))
    assert found.kind == "diverged"
    assert f"Ended at update {path.diverged_at}: the step led to (" in found.verdict
    assert f"where {missing}" in found.verdict
    assert remedy in found.remedy


class Tip:
    """The distance to the origin, whose slope there is no number."""

    def value(self, theta):
        return np.hypot(*theta)

    def gradient(self, theta):
        return theta / np.hypot(*theta)

    def hessian(self, theta):
        return np.zeros((2, *np.shape(theta)))


def test_a_run_that_ends_where_the_loss_has_no_slope_says_so():
    found = outcome(run(GradientDescent(learning_rate=0.5), Tip(), (1.0, 0.0), 6), Tip(), (), ((-2, 2), (-2, 2)))
    assert found.kind == "diverged"
    assert "Ended at update 2: the step led to (0, 0), where the loss has no slope" in found.verdict
    assert "a little" in found.remedy


def stays(rule, surface, start, steps) -> bool:
    path = run(rule, surface, start, steps)
    return not path.diverged and not is_outside(path.theta, surface).any()


@pytest.mark.parametrize("name", ["GradientDescent", "Momentum", "Nesterov", "Adam", "RMSProp", "SignDescent"])
def test_who_is_advised_a_smaller_rate_stays_with_it_and_who_is_sent_elsewhere_would_leave_later(name):
    advised = set()
    for surface_name in (
        "ellipse",
        "rosenbrock",
        "mccormick",
        "saddle",
        "himmelblau",
        "monkey_saddle",
        "six_hump_camel",
    ):
        surface = SURFACES[surface_name]
        for rate in (0.02, 0.2, 2.0):
            rule, steps = OPTIMIZERS[name](learning_rate=rate), 60
            found = end_of(rule, surface, surface.start, steps)
            if found.kind not in ("left", "diverged"):
                continue
            smaller = re.search(r"smaller: with η = (\S+) it stays", found.remedy)
            if smaller:
                advised.add("smaller")
                assert stays(OPTIMIZERS[name](learning_rate=float(smaller[1])), surface, surface.start, steps)
            elif found.remedy.startswith("Downhill leads further out"):
                advised.add("start")
                for part in (2, 4):
                    calmer = OPTIMIZERS[name](learning_rate=rate / part)
                    assert not stays(calmer, surface, surface.start, 3 * part * steps), (surface_name, rate, part)
    assert "smaller" in advised


def test_noise_that_leads_off_a_ridge_is_not_blamed_on_the_rate():
    noisy = GaussianNoise(SADDLE, 0.1, 0)
    path = run(GradientDescent(learning_rate=0.1), noisy, (-2.5, 0.0), 100)
    found = judged(path, SADDLE)
    assert found.kind == "left"
    assert found.remedy.startswith("Downhill leads further out")


@pytest.mark.parametrize(("formula", "falls"), [("x y", True), ("x^2+y", True), ("-x^2-y^2", True), ("x^3-3x", False)])
def test_who_leaves_a_loss_that_falls_everywhere_is_not_sent_to_another_start(formula, falls):
    remedy = typed(formula, GradientDescent(learning_rate=0.05), (-1.3, -1.1), 400).remedy
    assert ("from other starts too" in remedy) == falls
    assert ("choose another start" in remedy) == (not falls)
