"""The lesson on the learning rate: its sentences are those of the runs, and every experiment opens where it works."""

import numpy as np
import pytest

from lessons.learning_rate import (
    ALL_RATES,
    CHANGE,
    COMPARE,
    DECAY,
    ONE_RATE,
    OPENINGS,
    change_words,
    changed_on_the_way,
    decay_words,
    decayed,
    fairness_words,
    limit_words,
    lost_words,
    named_curves,
    sweep_words,
)
from lessons.rates import rate_on, rates_on
from lessons.words import lowest_words
from optimizers import OPTIMIZERS
from optimizers.sweep import learning_rate_sweep
from surfaces import SURFACES, parse
from surfaces.names import is_typed, surface_of
from tests.hands import assert_hand_agrees, canvas_of, painted
from tests.lesson_pages import lesson, said
from tests.playground import answered

pytestmark = pytest.mark.slow

ELLIPSE = (-4.5, 1.0)
SCHEDULES = ("Constant", "InverseSqrt", "Exponential", "Cosine")


def changed(rate, later, place, surface="ellipse", start=ELLIPSE, steps=200) -> str:
    runs = changed_on_the_way("GradientDescent", SURFACES[surface], start, steps, rate, later, place)
    return change_words(runs, rate, later, place)


@pytest.mark.parametrize(
    ("rate", "later", "place", "words"),
    [
        (
            0.04,
            0.01,
            150,
            ("the change helps", "With η = 0.04 kept, the path goes to and fro", "worse than with the change"),
        ),
        (0.0355, 0.01, 40, ("the change does harm", "still on its way", "worse than with the change")),
        (0.01, 0.0355, 40, ("the change helps", "the new rate takes the path further", "better than with")),
        (0.01, 0.1, 40, ("the change does harm", "ends outside the picture", "the same as with")),
        (0.1, 0.01, 40, ("the change helps", "The new rate keeps it in the picture.")),
        (0.01, 0.04, 1, ("the change does harm", "With the new rate, the path goes to and fro to its end.")),
        (0.1, 0.05, 40, ("the change does not help", "ends outside the picture")),
        (0.0355, 0.01, 200, ("both paths are the same",)),
        (0.0355, 0.01, 0, ("before the first update",)),
        (0.01, 0.01, 40, ("nothing changes",)),
    ],
)
def test_the_words_say_whether_a_change_helped(rate, later, place, words):
    assert [part for part in words if part not in changed(rate, later, place)] == []


@pytest.mark.parametrize(
    ("rule", "surface", "start", "rate", "words"),
    [
        (
            "GradientDescent",
            "ellipse",
            ELLIPSE,
            0.04,
            ("decay helps.", "goes to and fro", "Lowest in the picture: Cosine"),
        ),
        (
            "GradientDescent",
            "ellipse",
            ELLIPSE,
            0.0355,
            ("decay does harm", "small enough to arrive, and shorter steps do not lead as far"),
        ),
        ("Adam", "rosenbrock", (-1.2, 1), 0.05, ("decay does harm", "Shorter steps do not lead as far.")),
        ("GradientDescent", "ellipse", ELLIPSE, 0.045, ("decay helps.", "Smaller steps keep the path in the picture.")),
        ("GradientDescent", "bowl", (-4, 3), 0.25, ("decay makes no difference to the end",)),
        ("GradientDescent", "beale", (1, 1.5), 10.0, ("decay does not help", "run diverges")),
    ],
)
def test_the_words_say_whether_decay_helped(rule, surface, start, rate, words):
    text = decay_words(decayed(rule, SURFACES[surface], start, 200, rate, SCHEDULES))
    assert [part for part in words if part not in text] == []


def test_decay_is_compared_with_the_constant_rate_though_that_is_not_drawn():
    assert "Better: Cosine." in decay_words(
        decayed("GradientDescent", SURFACES["ellipse"], ELLIPSE, 200, 0.04, ["Cosine"])
    )
    assert "Choose another schedule" in decay_words(decayed("GradientDescent", SURFACES["bowl"], (1, 1), 20, 0.1, []))


@pytest.mark.parametrize(
    ("surface", "start", "rates", "words"),
    [
        ("bowl", (-4, 3), (0.1, 0.5, 0.9), "Of 3 rates, **η = 0.5** needs the fewest updates to come within 0.1 %: 1."),
        ("bowl", (-4, 3), (0.001, 0.002), "Of 2 rates, **η = 0.002** ends lowest in the picture, at L = "),
        ("bowl", (-4, 3), (2.0, 3.0, 4.0), "Not one of 3 rates stays in the picture."),
        ("saddle", (-2.5, 0), (0.1, 0.2), "Of 2 rates, **η = "),
    ],
)
def test_the_best_rate_is_named_with_the_sense_in_which_it_is_best(surface, start, rates, words):
    known = SURFACES[surface]
    sweep = learning_rate_sweep(OPTIMIZERS["GradientDescent"](), known, start, rates, 60, known.minima, known.view)
    assert sweep_words(sweep).startswith(words)


def test_theory_is_quoted_only_where_there_is_curvature():
    (curved,) = SURFACES["ellipse"].critical_points()
    assert "only below η = **0.04** (2/λₘₐₓ)" in limit_words("GradientDescent", SURFACES["ellipse"], curved)
    assert "Momentum settles only below η = **0.076**" in limit_words("Momentum", SURFACES["ellipse"], curved)
    assert limit_words("Adam", SURFACES["ellipse"], curved) == ""
    flat = parse("x^4 + y^4")
    for point in flat.critical_points():
        assert "no direction is curved" in limit_words("GradientDescent", flat, point)


def test_a_rule_that_ends_outside_the_picture_is_not_the_lowest():
    runs = decayed("GradientDescent", SURFACES["ellipse"], ELLIPSE, 200, 0.045, ["Cosine"])
    ends = {name: runs.outcome(name) for name in runs.trajectories}
    first = float(runs.trajectories["Cosine"].loss[0])
    assert lowest_words(ends, first).startswith("Lowest in the picture: Cosine, L = ")
    assert lowest_words({"Constant": ends["Constant"]}, first) == "No run ends in the picture."
    assert fairness_words(ends, ends, first).endswith("the answer is the same.")
    assert fairness_words(ends, {"Constant": ends["Constant"]}, first).endswith("No run ends in the picture.")


def test_differences_of_rounding_make_no_run_the_lowest():
    runs = decayed("GradientDescent", SURFACES["bowl"], (-4, 3), 200, 0.25, ["Cosine"])
    ends = {name: runs.outcome(name) for name in runs.trajectories}
    assert ends["Cosine"].loss != ends["Constant"].loss
    assert lowest_words(ends, 25.0).startswith("Lowest in the picture: Cosine and Constant, L = ")


@pytest.mark.parametrize(("rates", "words"), [((0.01, 0.1, 0.45), "just right"), ((1e-4, 2e-4), "lowest at the end")])
def test_the_best_of_rates_that_do_not_arrive_is_not_called_just_right(rates, words):
    known = SURFACES["bowl"]
    sweep = learning_rate_sweep(OPTIMIZERS["GradientDescent"](), known, (-4, 3), rates, 60, known.minima, known.view)
    assert [name for name in named_curves(sweep) if name.startswith(words)] == [f"{words}, η = {rates[-1]:.4g}"]
    assert lost_words({"GradientDescent": sweep}) == ""


def test_rules_that_no_rate_keeps_in_the_picture_are_named():
    known = SURFACES["bowl"]
    sweep = learning_rate_sweep(OPTIMIZERS["Momentum"](), known, (-4, 3), (5.0, 6.0), 60, known.minima, known.view)
    assert lost_words({"Momentum": sweep}) == "Not one rate of the slider keeps Momentum in the picture."


@pytest.mark.parametrize("name", ["himmelblau", "beale", "levy13", "two_wells", "line_fit", "monkey_saddle"])
@pytest.mark.parametrize("rate", [1e-3, 1e-2, 1e-1])
def test_helping_and_harming_is_a_matter_of_the_last_losses_in_the_picture(name, rate):
    surface = SURFACES[name]
    runs = changed_on_the_way("GradientDescent", surface, surface.start, 60, rate, rate / 4, 20)
    inside = {
        run: float(path.loss[-1]) if runs.outcome(run).kind not in ("left", "diverged") else np.inf
        for run, path in runs.trajectories.items()
    }
    kept, changed, _ = inside.values()
    words = change_words(runs, rate, rate / 4, 20)
    if "helps" in words:
        assert changed < kept
    elif "does harm" in words:
        assert changed > kept
    elif "does not help" in words:
        assert changed == kept == np.inf
    else:
        assert changed == kept or abs(changed - kept) <= 1e-9 * np.ptp(next(iter(runs.trajectories.values())).loss)


# The page


def test_the_neighbours_of_the_rate_that_is_just_right_are_those_that_the_try_names():
    rates = rates_on("ellipse")
    place = rates.index(0.0355)
    assert rates[place - 1 : place + 2] == (0.0315, 0.0355, 0.04)


def choose(app, view: str):
    app.segmented_control(key="learning_rate.view").set_value(view)
    return answered(app)


def test_every_experiment_opens_where_its_idea_works():
    app = lesson("learning_rate")
    for view, words in ((DECAY, "Here decay helps."), (CHANGE, "Here the change helps."), (ONE_RATE, "Converged")):
        choose(app, view)
        assert words in said(app)
        assert {name: app.session_state[f"learning_rate.{name}"] for name in OPENINGS[view]} == OPENINGS[view]


def test_what_was_chosen_by_hand_stays_when_another_experiment_is_chosen():
    app = lesson("learning_rate")
    app.session_state["learning_rate.rate"] = 0.01
    answered(app)
    choose(app, DECAY)
    assert app.session_state["learning_rate.rate"] == 0.01
    assert "Here decay does harm." in said(app)


def test_one_rate_for_all_is_compared_with_the_best_rate_of_each():
    app = lesson("learning_rate", view=COMPARE)
    assert "With one rate for all: Lowest in the picture" in said(app)
    app.session_state["learning_rate.fair"] = "each at its swept best"
    assert "With one rate for all" not in said(answered(app))
    assert "Lowest in the picture" in said(app)


def test_a_change_on_the_way_shows_both_rates_alone_too():
    runs = changed_on_the_way("GradientDescent", SURFACES["bowl"], (1, 1), 10, 0.1, 0.2, 5)
    kept, changed, alone = (runs.trajectories[name].theta for name in runs.trajectories)
    np.testing.assert_array_equal(kept[:6], changed[:6])
    np.testing.assert_allclose(kept[-1] / kept[-2], (0.8, 0.8))
    np.testing.assert_allclose(changed[-1] / changed[-2], alone[-1] / alone[-2])


# Under the hand


def keyed(state: dict) -> dict:
    return {f"learning_rate.{name}": value for name, value in state.items()}


def opened(view: str, **state):
    """The page with these settings, which it has shown once."""
    typed = {name: value for name, value in state.items() if is_typed(str(value))}
    app = lesson("learning_rate", view=view, **typed)
    for key, value in keyed(state).items():
        app.session_state[key] = value
    return answered(app)


START = ({"start1": -3.0, "start2": 0.5}, {"theta1": -3.0, "theta2": 0.5})
AT_THE_EDGE = ({"start1": -4.9, "start2": 1.9}, {"theta1": -4.9, "theta2": 1.9})


@pytest.mark.parametrize(
    ("view", "inputs", "state"),
    [
        (ONE_RATE, {"rate": 0.01}, {"rate": 0.01}),
        (ONE_RATE, {"rate": 0.045}, {"rate": 0.045}),
        (ONE_RATE, {"rate": 10.0}, {"rate": 10.0}),
        (ALL_RATES, {"rate": 0.01}, {"rate": 0.01}),
        (ALL_RATES, {"rate": 0.045}, {"rate": 0.045}),
        (CHANGE, {"rate": 0.01}, {"rate": 0.01}),
        (CHANGE, {"later": 0.02}, {"later": 0.02}),
        (CHANGE, {"change": 4}, {"from": 4}),
        (CHANGE, {"change": 0, "later": 0.025}, {"from": 0, "later": 0.025}),
        (CHANGE, *START),
        (DECAY, {"rate": 0.02}, {"rate": 0.02}),
        (DECAY, *START),
        (COMPARE, {"rate": 0.02}, {"rate": 0.02}),
        (COMPARE, *AT_THE_EDGE),
    ],
)
def test_what_follows_the_hand_is_what_the_server_draws(view, inputs, state):
    assert_hand_agrees(opened(view, updates=20), inputs, keyed(state))


@pytest.mark.parametrize("surface", ["himmelblau", "line_fit", "saddle", "= sqrt(x) + |y - 1|"])
def test_every_view_follows_the_start_on_other_surfaces(surface):
    first = dict(zip(("theta1", "theta2"), map(float, surface_of(surface).start), strict=True))
    state = {name: value + 0.1 for name, value in first.items()}
    moved = dict(zip(("start1", "start2"), state.values(), strict=True))
    for view in (ONE_RATE, ALL_RATES, CHANGE, DECAY, COMPARE):
        app = opened(view, surface=surface, rate=0.5 * rate_on(surface), later=rate_on(surface), updates=30, **first)
        waiting = NAMED if view == ONE_RATE else ()
        assert_hand_agrees(app, moved, keyed(state), waiting=waiting, without=("last",))


# How the names of the curves begin that say what their rates do.
NAMED = ("very large", "large", "just right", "small", "lowest at the end")


@pytest.mark.parametrize("fair", ["each at its swept best", "the same number of gradient evaluations"])
def test_runs_at_their_best_rates_wait_for_a_new_start_and_stay_for_a_new_rate(fair):
    app = opened(COMPARE, fair=fair)
    assert_hand_agrees(app, {"rate": 0.01}, keyed({"rate": 0.01}))
    runs = {"GradientDescent", "Momentum", "Adam"}
    assert_hand_agrees(app, START[0], keyed(START[1]), waiting=runs)


def test_the_sweep_and_the_ring_follow_the_start():
    """Only the edges rest while the hand moves: on them lies what leaves the picture, and what rounding leaves."""
    app = lesson("learning_rate", view=ALL_RATES)
    by_hand = painted(canvas_of(app), START[0])["pictures"]["last"]["traces"]
    assert [trace["name"] for trace in by_hand] == ["Gradient descent", "Momentum", "Adam", *["chosen rate"] * 3]
    after = assert_hand_agrees(app, START[0], keyed(START[1]), waiting=NAMED, without=("last",))
    served = [trace for trace in after.figures["last"]["data"] if "follows" in trace["meta"]]
    heights, true = (np.array([trace["y"] for trace in part[:3]], dtype=float) for part in (by_hand, served))
    low, high = max(heights.min(), true.min()), min(heights.max(), true.max())
    inside = (true > low) & (true < high)
    assert inside.sum() > 0.5 * inside.size
    np.testing.assert_allclose(heights[inside], true[inside], rtol=1e-6)
    assert (np.clip(heights, low, high) == np.clip(true, low, high))[~inside].all()
    assert by_hand[-1]["y"] == pytest.approx(served[-1]["y"], rel=1e-6)


def test_the_markers_of_a_sweep_stay_for_a_new_rate_and_are_hidden_for_a_new_start():
    canvas = canvas_of(lesson("learning_rate", view=ALL_RATES))
    for inputs, stay in (({"rate": 0.01}, True), (START[0], False)):
        for name in ("last", "updates"):
            kept = [canvas.figures[name]["data"][place] for place in painted(canvas, inputs)["pictures"][name]["kept"]]
            assert any("marker" in trace for trace in kept) == stay


def test_a_run_that_is_sensitive_says_so():
    for view in (ONE_RATE, ALL_RATES, CHANGE, DECAY, COMPARE):
        app = opened(view, surface="rastrigin", theta1=3.3, theta2=-2.7, rate=0.6)
        sentences = " ".join(sentence["text"] for sentence in canvas_of(app).live["sentences"])
        assert "sensitive to the last digit" in sentences, view
