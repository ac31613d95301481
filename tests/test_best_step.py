"""The lesson on the best step: its sentences are those of the parabolas, samples and runs that it shows."""

import numpy as np
import pytest

from lessons.best_step import (
    ONE,
    OPENINGS,
    RULES,
    TWO,
    Facts,
    contrast_verdict,
    contrast_words,
    descents,
    estimates_at,
    ratio_verdict,
    ratio_words,
    rules_words,
    sampled_points,
    spread,
    spread_words,
    two_facts,
)
from optimizers.parabola import Parabola
from surfaces import SURFACES, parse
from tests.hands import assert_hand_agrees, canvas_of
from tests.lesson_pages import lesson, said
from tests.playground import answered


@pytest.mark.parametrize(("a", "b", "x"), [(0.5, -0.5, 2.5), (3.0, 3.0, -4.0), (0.1, 0.0, 0.0)])
def test_the_best_step_is_the_distance_to_the_minimum(a, b, x):
    facts = Facts.of(Parabola(a, b), x)
    assert facts.distance == pytest.approx(abs(x + b / (2 * a)))
    assert facts.slope == pytest.approx(facts.bend * facts.distance)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ((3.0, 0.5, 1.0, 4.0), "θ₂ has the larger first derivative, but θ₁ is farther"),
        ((1.0, 4.0, 3.0, 0.5), "θ₁ has the larger first derivative, but θ₂ is farther"),
        ((3.0, 0.5, 4.0, 4.0), "With θ₂ from 0.375 to 3 away from its minimum, it would be the other way round."),
        ((4.0, 4.0, 3.0, 0.5), "With θ₁ from 0.375 to 3 away"),
        ((3.0, 2.0, 1.0, 2.0), "Give the parabolas different curvatures"),
        ((2.0, 1.0, 1.0, 2.0), "Both first derivatives are the same, but the distances are not"),
        ((-2.0, 1.0, 2.0, 4.0), "Both are equally far"),
        ((0.0, 1.0, 0.0, 4.0), "Both first derivatives are the same, and so are the distances"),
        ((0.0, 1.0, 2.0, 4.0), "The larger first derivative is also farther away."),
    ],
)
def test_two_parameters_are_compared(settings, words):
    facts = two_facts(*settings)
    assert words in f"{contrast_verdict(*facts)} {contrast_words(*facts)}"


def test_the_advice_turns_it_round():
    """With the distance that is named, the larger derivative is the nearer one."""
    bend1, bend2 = 0.5, 4.0
    for distance in (0.376, 1.5, 2.99):
        assert "but θ₁ is farther" in contrast_verdict(*two_facts(3.0, bend1, distance, bend2))
    for distance in (0.374, 3.01):
        assert "also farther away" in contrast_verdict(*two_facts(3.0, bend1, distance, bend2))


@pytest.mark.parametrize("seed", [0, 7])
def test_more_samples_are_nearer_to_the_line_by_the_factor_that_is_said(seed):
    assert spread(50, seed) < spread(1, seed)
    assert "With 50 samples of each parabola, that factor would be 1.1" in spread_words(1, seed)
    assert "With 1 sample of each parabola" in spread_words(50, seed)


@pytest.mark.parametrize(
    ("surface", "words"),
    [
        ("ellipse", "the second derivatives are as 50 to 1"),
        ("ellipse", "The estimates tell rightly"),
        ("ravine", "The estimates do not tell which"),
        ("bowl", "Both parameters have about the same second derivative."),
    ],
)
def test_estimates_are_judged_by_the_true_ratio(surface, words):
    known = SURFACES[surface]
    estimates = estimates_at(known, sampled_points(known, 10, 0))
    assert words in f"{ratio_verdict(estimates)} {ratio_words(estimates)}"


def test_where_there_is_no_ratio_nothing_is_said():
    valley = parse("(x - 1)^2 + 0y")
    estimates = estimates_at(valley, sampled_points(valley, 10, 0))
    assert ratio_words(estimates) == ""
    assert "cannot be compared" in ratio_verdict(estimates)


@pytest.mark.parametrize(
    ("surface", "words"),
    [
        ("ravine", "∂²L/∂θ₁∂θ₂, which is 39.93 at the start. Lowest in the picture: Newton, L = 0."),
        ("himmelblau", "∂²L/∂θ₁∂θ₂, which is −6 at the start. Lowest in the picture: Best step and Gradient descent"),
        ("bowl", "**Both rules take the same path here.** ∂²L/∂θ₁∂θ₂ is zero all along it"),
        ("styblinski_tang", "The rules differ only where a second derivative is negative"),
    ],
)
def test_the_words_say_why_the_two_rules_differ_or_not(surface, words):
    known = SURFACES[surface]
    runs = descents(known, known.start, 0.01, 1.0)
    assert words in rules_words(runs)
    same = np.array_equal(*(runs.trajectories[name].theta for name in ("BestStep", "Newton")))
    assert same == ("same path" in words)


# The page


def test_no_experiment_inherits_the_surface_of_another():
    app = lesson("best_step", view="A cheap estimate")
    assert app.session_state["best_step.surface"] == "ellipse"
    app.segmented_control(key="best_step.view").set_value(RULES)
    answered(app)
    assert {name: app.session_state[f"best_step.{name}"] for name in OPENINGS[RULES]} == OPENINGS[RULES]
    assert "∂²L/∂θ₁∂θ₂, which is" in said(app)
    app.session_state["best_step.surface"] = "bowl"
    assert "Both rules take the same path here." in said(answered(app))


def test_a_surface_chosen_by_hand_stays_and_the_page_says_that_the_rules_are_the_same():
    app = lesson("best_step", view="A cheap estimate")
    app.selectbox(key="best_step.surface").set_value("bowl")
    answered(app)
    app.segmented_control(key="best_step.view").set_value(RULES)
    assert "Both rules take the same path here." in said(answered(app))
    assert [app.session_state[f"best_step.{name}"] for name in ("surface", "theta1", "theta2")] == ["bowl", -4, 3]


# Under the hand


def keyed(state: dict) -> dict:
    return {f"best_step.{name}": value for name, value in state.items()}


@pytest.mark.parametrize(
    ("view", "moved"),
    [
        (ONE, {"x0": -2.0}),
        (ONE, {"a": 1.5}),
        (ONE, {"a": 0.1, "b": 3.0}),
        (TWO, {"first": -2.0}),
        (TWO, {"bend1": 3.0, "second": 4.0}),
        (TWO, {"bend2": 6.0}),
        (TWO, {"bend2": 0.1}),
        (RULES, {"rate": 0.01}),
        (RULES, {"share": 0.5}),
        (RULES, {"share": 1.4}),
    ],
)
def test_what_follows_the_hand_is_what_the_server_draws(view, moved):
    app = lesson("best_step", view=view)
    assert {*moved} <= {slider["name"] for slider in canvas_of(app).live["sliders"]}
    assert_hand_agrees(app, moved, keyed(moved))


@pytest.mark.parametrize("surface", ["ravine", "himmelblau", "easom"])
def test_the_two_rules_follow_the_start(surface):
    app = lesson("best_step", view=RULES)
    first = dict(zip(("theta1", "theta2"), map(float, SURFACES[surface].start), strict=True))
    for name, value in keyed({"surface": surface, **first, "rate": 0.002}).items():
        app.session_state[name] = value
    state = {name: value + 0.1 for name, value in first.items()}
    moved = dict(zip(("start1", "start2"), state.values(), strict=True))
    assert_hand_agrees(answered(app), moved, keyed(state))


def test_the_points_of_both_parabolas_can_be_dragged():
    for view, points in ((ONE, {"parabola": ["x0", ""]}), (TWO, {"θ₁": ["first", ""], "θ₂": ["second", ""]})):
        canvas = canvas_of(lesson("best_step", view=view))
        assert canvas.live["points"] == points
        for name in points:
            assert any((trace.get("meta") or {}).get("start") for trace in canvas.figures[name]["data"])
