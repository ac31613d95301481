"""The lesson on Adagrad and its family: its sentences are those of the runs that it shows."""

import numpy as np
import pytest

from lessons.adagrad import (
    FAMILY,
    INSIDE,
    LARGE,
    SMALL,
    SURPRISE,
    UNCORRECTED,
    after_histories,
    difference_words,
    epsilon_words,
    family,
    first_step_words,
    last_steps,
    step_length_words,
    surprise_words,
    two_forms,
)
from optimizers import OPTIMIZERS
from optimizers.variants import UncorrectedAdam
from surfaces import SURFACES, parse
from tests.hands import assert_hand_agrees, canvas_of
from tests.lesson_pages import lesson, said
from tests.playground import answered


def test_a_difference_of_rounding_is_called_so():
    words = difference_words(two_forms(SURFACES["ellipse"], (-4.5, 1), 60, 0.4))
    assert words.endswith(", which is rounding.")
    assert "60 updates" in words


@pytest.mark.parametrize(("surface", "rate"), [("ackley", 10.0), ("rastrigin", 4.0), ("levy13", 1.0)])
def test_rounding_that_a_path_enlarges_is_measured(surface, rate):
    known = SURFACES[surface]
    words = difference_words(two_forms(known, known.start, 500, rate))
    numbers = [
        float(part.replace("−", "-")) for part in words.replace("**", "").split() if part[0].isdigit() and "e" in part
    ]
    assert "began as rounding" in words
    # What it began with, and how far away the other start is.
    assert len(numbers) == 2
    assert max(numbers) < 1e-13


def test_epsilon_is_spoken_of_where_it_counts():
    assert epsilon_words(two_forms(SURFACES["bowl"], (1.0, 0.0), 5, 0.4), 0) == ""
    faint = two_forms(SURFACES["bowl"], (1.0, 1e-10), 5, 0.4)
    taken = faint.trajectories["Adagrad"].theta[1, 1] - 1e-10
    assert epsilon_words(faint, 0).endswith(f"the step taken is −{-taken:.4g} in θ₂.")
    # Epsilon is half of this slope. Without it the step would be 0.4.
    assert taken == pytest.approx(-0.4 * 2 / 3)


def test_a_path_without_numbers_differs_nowhere():
    assert difference_words(two_forms(SURFACES["bowl"], (1e308, 1e308), 5, 0.4)).endswith("the same to the last digit.")


@pytest.mark.parametrize(
    ("histories", "words"),
    [
        ((SMALL, LARGE), "**412.6 times** as far for θ₁ as for θ₂"),
        ((SMALL, SMALL), "after the second: just as far."),
        (((1, 0), (2, 0)), "after the second: it does not move."),
        (((1, 2), (2, 0)), "infinitely many times as far"),
        (((1, 0), (2, 1)), "**0 times** as far"),
    ],
)
def test_the_last_steps_are_compared(histories, words):
    assert words in surprise_words(histories, last_steps(after_histories(histories, 1.0)["Adagrad"]))


def first_words(surface, start, corrected: bool) -> str:
    runs = family(surface, start, 5, 0.4, corrected)
    return first_step_words(list(runs.optimizers.values())[-1], list(runs.trajectories.values())[-1])


@pytest.mark.parametrize(
    ("formula", "start", "corrected", "words"),
    [
        ("x^2 + y^2", (1, 2), True, ("0.4 in θ₁ and 0.4 in θ₂. The correction makes it one learning rate long",)),
        ("x^2 + y^2", (1, 2), False, ("1.265 in θ₁", "Without the correction it is (1 − β₁)/√(1 − β₂) = 3.16")),
        ("x^2 + y^2", (0, 2), True, ("In θ₂, the correction", "In θ₁ there is no slope, and so no step.")),
        ("x^2 + y^2", (0, 2), False, ("In θ₂, without the correction", "In θ₁ there is no slope")),
        (
            "x^2 + y^2",
            (1, 1e-9),
            True,
            ("In θ₁, the correction", "In θ₂ the slope is so small that ε = 1e−8 shortens"),
        ),
        ("x^2 + y^2", (0, 0), True, ("In θ₁ and θ₂ there is no slope, and so no step.",)),
    ],
)
def test_the_first_step_of_adam_is_explained(formula, start, corrected, words):
    text = first_words(parse(formula), start, corrected)
    assert [part for part in words if part not in text] == []
    assert "the size of the slope cancels" in text or not corrected or start == (0, 0)


def test_the_factor_without_correction_is_that_of_its_betas():
    rule = UncorrectedAdam(learning_rate=0.1, beta1=0.5, beta2=0.75)
    theta, state = np.array([1.0, 2.0]), rule.init(np.array([1.0, 2.0]))
    moved, _ = rule.step(SURFACES["bowl"], theta, state)
    np.testing.assert_allclose(theta - moved, 0.1 * 0.5 / np.sqrt(0.25), rtol=1e-6)


@pytest.mark.parametrize("rate", [0.01, 0.4])
def test_steps_of_about_one_learning_rate_are_counted(rate):
    runs = family(SURFACES["ellipse"], (-4.5, 1), 60, rate, corrected=True)
    path = runs.trajectories["Adam"]
    lengths = np.abs(path.theta[1:] - path.theta[:-1]) / rate
    counts = [sum(0.5 <= length <= 1.5 for length in lengths[:, place]) for place in (0, 1)]
    assert f"Of its 60 steps, {counts[0]} in θ₁ and {counts[1]} in θ₂" in step_length_words(path, rate)


# The page


@pytest.mark.slow
def test_a_start_on_an_axis_has_no_fraction_without_a_value():
    app = lesson("adagrad", surface="Bowl", theta1="2", theta2="0")
    assert r"\Delta \theta_2 &= 0 \quad \text{(no slope so far)}" in "\n".join(part.value for part in app.latex)


@pytest.mark.slow
def test_chaos_is_not_called_rounding_on_the_page():
    app = lesson("adagrad", surface="Ackley", theta1="2.4", theta2="-1.6", rate="10", updates="500")
    assert "began as rounding" in said(app)
    # Which of these rates leave a last digit that differs, depends on the computer.
    rates = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
    words = {rate: difference_words(two_forms(SURFACES["ackley"], (2.4, -1.6), 500, rate)) for rate in rates}
    app.session_state["adagrad.rate"] = next(rate for rate in rates if "to the last digit" not in words[rate])
    assert "which is rounding" in said(answered(app))


def test_the_effective_step_of_adagrad_never_grows():
    rule = OPTIMIZERS["Adagrad"]
    for surface in (SURFACES["ravine"], SURFACES["himmelblau"]):
        effective = two_forms(surface, surface.start, 200, 0.5).trajectories["Adagrad"].state["effective_step"][1:]
        assert (np.diff(effective, axis=0) <= 0).all()
    assert "never grows" in rule.intuition


# Under the hand


def keyed(state: dict) -> dict:
    return {f"adagrad.{name}": value for name, value in state.items()}


START = ({"start1": -3.0, "start2": 0.5}, {"theta1": -3.0, "theta2": 0.5})


@pytest.mark.parametrize(
    ("view", "inputs", "state"),
    [
        (INSIDE, {"rate": 0.2}, {"rate": 0.2}),
        (INSIDE, {"rate": 5.0}, {"rate": 5.0}),
        (INSIDE, *START),
        (SURPRISE, {"rate": 0.2}, {"rate": 0.2}),
        (SURPRISE, {"rate": 1.0}, {"rate": 1.0}),
        (FAMILY, {"rate": 0.2}, {"rate": 0.2}),
        (FAMILY, *START),
    ],
)
def test_what_follows_the_hand_is_what_the_server_draws(view, inputs, state):
    assert_hand_agrees(lesson("adagrad", view=view), inputs, keyed(state))


def test_adam_without_its_correction_follows_too():
    app = lesson("adagrad", view=FAMILY, corrected="false")
    assert UNCORRECTED in canvas_of(app).live["runs"]["rules"]
    assert_hand_agrees(app, *({"rate": 0.2}, keyed({"rate": 0.2})))
    assert_hand_agrees(app, START[0], keyed(START[1]))


def test_paths_on_data_follow():
    app = lesson("adagrad", view=FAMILY)
    for name, value in {"surface": "tanh_neuron", "theta1": 1.0, "theta2": 1.0, "rate": 0.1}.items():
        app.session_state[f"adagrad.{name}"] = value
    assert_hand_agrees(answered(app), {"start1": 1.5, "start2": 0.2}, keyed({"theta1": 1.5, "theta2": 0.2}))


def test_a_history_that_is_typed_travels():
    app = lesson("adagrad", view=SURPRISE)
    app.session_state["adagrad.g00"] = 2.5
    assert canvas_of(answered(app)).live["runs"]["noise"]["slopes"][0][:2] == [2.5, 0.001]
    assert_hand_agrees(app, {"rate": 0.2}, keyed({"rate": 0.2}))
