"""The vocabulary of promises: each quantity is measured on a run whose numbers are known by hand."""

from dataclasses import replace

import numpy as np
import pytest

from lessons.claims import (
    Claim,
    Quantity,
    Runs,
    arrival,
    complaints,
    coordinate,
    crossings,
    detour,
    distance,
    ends_as,
    ends_at,
    global_minima,
    instead,
    is_true,
    largest_curvature,
    last_crossing,
    learning_rate,
    limit,
    longest_step,
    loss,
    loss_at,
    lowest_loss,
    mean_step,
    nearest_approach,
    nearest_stationary,
    picture_width,
    rate_over_limit,
    returns_to_picture,
    share_of_loss_gone,
    slope,
    smallest_curvature,
    stationary_points,
    stays_in_picture,
    steepest,
    step_length,
    updates_in_picture,
    updates_of_falling_distance,
    updates_of_falling_loss,
    updates_of_growing_steps,
    updates_of_rising_loss,
    updates_of_shrinking_steps,
    updates_to_tolerance,
    way,
)
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES

ORIGIN = (0.0, 0.0)


def descended(learning_rate: float, start=(2.0, 0.0), steps: int = 4) -> Runs:
    """Gradient descent on the bowl, whose gradient is twice the point: each update multiplies it by 1 - 2 η."""
    rule, surface = OPTIMIZERS["GradientDescent"](learning_rate=learning_rate), SURFACES["bowl"]
    return Runs(surface, {"GradientDescent": rule}, {"GradientDescent": run(rule, surface, start, steps)})


@pytest.mark.parametrize(
    ("quantity", "rate", "value"),
    [
        (step_length("GradientDescent"), 0.25, 1),
        (step_length("GradientDescent", 2), 0.25, 0.5),
        (distance("GradientDescent", ORIGIN), 0.25, 0.125),
        (distance("GradientDescent", ORIGIN, 1), 0.25, 1),
        (nearest_approach("GradientDescent", (1.0, 0.0)), 0.25, 0),
        (updates_of_falling_distance("GradientDescent", ORIGIN), 0.25, 4),
        (updates_of_falling_distance("GradientDescent", ORIGIN), 1.25, 0),
        (updates_of_falling_distance("GradientDescent", (0.9, 0.0)), 0.25, 1),
        (share_of_loss_gone("GradientDescent"), 0.25, 1 - 0.125**2 / 4),
        (rate_over_limit("GradientDescent"), 0.25, 0.25),
        (rate_over_limit("GradientDescent", (1.0, 1.0)), 1.5, 1.5),
        (updates_of_falling_loss("GradientDescent"), 0.75, 4),
        (updates_of_falling_loss("GradientDescent"), 1.0, 0),
        (updates_of_growing_steps("GradientDescent"), 1.5, 3),
        (updates_of_growing_steps("GradientDescent"), 0.25, 0),
        (updates_of_shrinking_steps("GradientDescent"), 0.25, 3),
        (longest_step("GradientDescent"), 0.25, 1),
        (longest_step("GradientDescent"), 1.5, 48),
        (way("GradientDescent"), 0.25, 1.875),
        (detour("GradientDescent"), 0.25, 0),
        (coordinate("GradientDescent", 1), 0.75, 0.125),
        (coordinate("GradientDescent", 1, 1), 0.75, -1),
        (coordinate("GradientDescent", 2), 0.75, 0),
        (loss("GradientDescent"), 0.25, 1 / 64),
        (loss("GradientDescent", 0), 0.25, 4),
        (slope("GradientDescent"), 0.25, 0.25),
        (slope("GradientDescent", 1), 0.25, 2),
        (steepest("GradientDescent"), 0.25, 4),
        (steepest("GradientDescent"), 1.5, 64),
        (arrival("GradientDescent", ORIGIN, 0.5), 0.25, 2),
        (arrival("GradientDescent", ORIGIN, 3), 0.25, 0),
        (arrival("GradientDescent", ORIGIN, 0.1), 0.25, np.inf),
        (updates_to_tolerance("GradientDescent"), 0.25, np.inf),
        (updates_to_tolerance("GradientDescent"), 0.45, 2),
        (crossings("GradientDescent", ORIGIN, (1.0, 0.0)), 0.75, 4),
        (crossings("GradientDescent", ORIGIN, (1.0, 0.0)), 0.25, 0),
        (crossings("GradientDescent", (0.7, 0.0), (1.0, 0.0)), 0.25, 1),
        (crossings("GradientDescent", ORIGIN, (0.0, 1.0)), 0.75, 0),
        (last_crossing("GradientDescent", ORIGIN, (2.0, 0.0)), 0.75, 4),
        (last_crossing("GradientDescent", ORIGIN, (2.0, 0.0), 1.5), 0.75, 2),
        (last_crossing("GradientDescent", ORIGIN, (2.0, 0.0)), 0.25, 0),
        (updates_in_picture("GradientDescent"), 0.25, np.inf),
        (updates_in_picture("GradientDescent"), 1.5, 1),
        (returns_to_picture("GradientDescent"), 0.25, 0),
        (learning_rate("GradientDescent"), 0.25, 0.25),
        (largest_curvature((1.0, 1.0)), 0.25, 2),
        (smallest_curvature((1.0, 1.0)), 0.25, 2),
        (limit((1.0, 1.0)), 0.25, 1),
        (instead(coordinate("GradientDescent", 1), "GradientDescent", learning_rate=0.75), 0.25, 0.125),
        (instead(coordinate("GradientDescent", 1), "GradientDescent", updates=1, start=(8.0, 0.0)), 0.25, 4),
        (share_of_loss_gone("GradientDescent", 1), 0.25, 0.75),
        (updates_of_rising_loss("GradientDescent"), 1.5, 4),
        (updates_of_rising_loss("GradientDescent"), 0.25, 0),
        (mean_step("GradientDescent", 2), 0.25, 0.1875),
        (global_minima(), 0.25, 1),
        (lowest_loss(), 0.25, 0),
        (stationary_points("minimum"), 0.25, 1),
        (stationary_points("saddle"), 0.25, 0),
        (nearest_stationary("minimum", "GradientDescent"), 0.25, 2),
        (nearest_stationary("minimum", "GradientDescent", 1), 0.25, 1),
        (nearest_stationary("maximum", "GradientDescent"), 0.25, np.inf),
        (picture_width(), 0.25, 10.24),
        (loss_at((3.0, 4.0)), 0.25, 25),
        (loss_at((3.0, 4.0)).scaled(100), 0.25, 2500),
        (loss_at((3.0, 4.0)).plus(-1), 0.25, 24),
        (coordinate("GradientDescent", 1, 1).size(), 0.75, 1),
        (step_length("GradientDescent").over(step_length("GradientDescent", 3)), 0.25, 4),
        (step_length("GradientDescent").minus(step_length("GradientDescent", 2)), 0.25, 0.5),
    ],
    ids=lambda known: known.words if isinstance(known, Quantity) else None,
)
def test_a_quantity_is_what_its_words_say(quantity, rate, value):
    assert quantity.measure(descended(rate)) == pytest.approx(value, abs=1e-12)


def test_a_promise_is_kept_between_its_ends_and_at_them():
    quantity = Quantity("The number", lambda evidence: evidence)
    kept = {
        quantity.between(1, 2): (1, 1.5, 2),
        quantity.exactly(3): (3,),
        quantity.about(-10): (-10.4, -9.6),
        quantity.reads("0.28"): (0.275, 0.28, 0.285),
        quantity.reads("24"): (23.5, 24.4),
        quantity.reads("1.1e-6"): (1.05e-6, 1.149e-6),
        quantity.reads("-0.91"): (-0.9077,),
        quantity.at_least(4): (4, np.inf),
        quantity.at_most(4): (4, -np.inf),
    }
    broken = {
        quantity.between(1, 2): (0.9, 2.1, np.nan),
        quantity.exactly(3): (3.1,),
        quantity.about(-10): (-10.6,),
        quantity.reads("0.28"): (0.2749, 0.2851),
        quantity.reads("1.1e-6"): (1.151e-6, 1.1),
    }
    assert [claim.complaint(value) for claim, values in kept.items() for value in values] == [""] * 18
    assert all(claim.complaint(value) for claim, values in broken.items() for value in values)


def test_a_broken_promise_says_what_was_measured():
    claim = Claim("The first step", lambda evidence: evidence, 90, 110)
    assert claim.complaint(24) == "The first step is 24, and not from 90 to 110."


def test_what_is_true_or_not_is_a_promise_too():
    assert is_true("It is even", lambda number: number % 2 == 0).complaint(4) == ""
    assert is_true("It is even", lambda number: number % 2 == 0).complaint(3).startswith("It is even is 0")


def test_a_run_that_leaves_the_picture_does_not_stay_in_it():
    claim = stays_in_picture("GradientDescent")
    assert not claim.complaint(descended(0.25))
    assert claim.complaint(descended(1.5))


def test_a_path_that_leaves_the_picture_and_returns_is_counted():
    runs = descended(0.5, start=(5.0, 0.0), steps=60)
    outside, inside = np.array([[0.0, 6, 0, 7, 8, 0], [0.0] * 6]), np.zeros((2, 6))
    for path, returns, first in ((outside, 2, 0), (inside, 0, np.inf)):
        trajectory = replace(runs.trajectories["GradientDescent"], theta=path.T)
        swung = Runs(runs.surface, runs.optimizers, {"GradientDescent": trajectory})
        assert returns_to_picture("GradientDescent").measure(swung) == returns
        assert updates_in_picture("GradientDescent").measure(swung) == first


def test_a_detour_is_the_greatest_distance_to_the_line_between_the_ends():
    runs = descended(0.25)
    bent = replace(runs.trajectories["GradientDescent"], theta=np.array([[0.0, 0], [1, 2], [4, 0]]))
    assert detour("GradientDescent").measure(Runs(runs.surface, {}, {"GradientDescent": bent})) == 0.5


def test_a_run_ends_at_a_point_within_its_printed_digits():
    assert not ends_at("GradientDescent", (0.13, 0.0)).complaint(descended(0.25))
    assert ends_at("GradientDescent", (0.2, 0.0)).complaint(descended(0.25))


def test_only_broken_promises_are_complaints():
    quantity = Quantity("The number", lambda evidence: evidence)
    assert complaints((quantity.exactly(7), quantity.at_most(6)), 7) == ["The number is 7, and not from -inf to 6."]


def test_the_end_of_a_run_is_judged_as_on_the_page():
    assert not ends_as("GradientDescent", "global minimum").complaint(descended(0.25, steps=60))
    assert ends_as("GradientDescent", "local minimum").complaint(descended(0.25, steps=60))
