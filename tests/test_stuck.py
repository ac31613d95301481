"""The lesson on where descent gets stuck: its sentences are those of the runs, and maps that it shows."""

import numpy as np
import pytest

from lessons.stuck import (
    MINIMUM,
    NOISES,
    PLATEAU,
    RULES,
    SADDLE,
    SEEDS,
    TRAPS,
    border_share,
    border_words,
    escape_words,
    escapes,
)
from optimizers import OPTIMIZERS, GaussianNoise, run
from surfaces import SURFACES
from tests.hands import assert_hand_agrees, canvas_of
from tests.lesson_pages import lesson, said
from tests.playground import answered, warnings


def counts(**changed) -> dict[str, list[int]]:
    """No rule gets out of a trap, but for these."""
    return {**{rule: [0, 0, 0, 0] for rule in RULES}, **changed}


@pytest.mark.parametrize(
    ("outs", "words"),
    [
        (counts(), "none of these rules gets out. No noise of the table brings half of the runs of Gradient descent, "),
        ({rule: [20] * 4 for rule in RULES}, "Without noise, all of these rules get out."),
        (
            counts(Adam=[20] * 4),
            "Without noise, Adam gets out, and Gradient descent, Momentum, Nesterov and RMSProp do not.",
        ),
        (counts(Adam=[0, 9, 10, 20]), "A noise of 1 brings at least half of the runs of Adam out."),
        (counts(Adam=[1, 0, 0, 0]), "Adam gets out 1 time with noise 0, and 0 times with noise 0.1."),
        (counts(Adam=[0, 20, 20, 18]), "Adam gets out 20 times with noise 0.1, and 18 times with noise 10."),
    ],
)
def test_the_words_are_those_of_the_counts(outs, words):
    assert words in escape_words(outs)


def test_nothing_is_said_of_harm_where_more_noise_never_harms():
    assert "not always better" not in escape_words(counts(Adam=[0, 9, 10, 20]))


def test_the_counts_are_those_of_single_runs():
    trap = TRAPS[MINIMUM]
    made = escapes(trap, trap.rate)
    assert {rule: outs[0] for rule, outs in made.items()} == {
        rule: SEEDS
        * trap.escaped(
            run(OPTIMIZERS[rule](learning_rate=trap.rate), SURFACES[trap.surface], trap.start, trap.updates).theta[-1]
        )
        for rule in RULES
    }


def test_what_diverges_has_not_escaped():
    trap = TRAPS[PLATEAU]
    assert set(escapes(trap, 5.0)["GradientDescent"]) == {0}


def test_on_the_ridge_no_rule_moves_sideways_without_noise():
    trap, surface = TRAPS[SADDLE], SURFACES["saddle"]
    for name, rule in OPTIMIZERS.items():
        assert (run(rule(), surface, trap.start, 50).theta[:, 1] == 0).all(), name
    noisy = run(OPTIMIZERS["Momentum"](), GaussianNoise(surface, 0.1, 0), trap.start, 50)
    assert (noisy.theta[1:, 1] != 0).all()


def test_borders_are_counted():
    halves = np.array([[0, 1], [0, 1]])
    assert border_share(halves) == 0.5
    assert border_share(np.array([[0, -1], [0, 1]])) == 0.5
    assert border_share(np.array([[0, -1], [0, -1]])) == 0
    assert border_words(halves) == "50 % of neighbouring starts end in different minima."
    assert border_words(np.full((3, 3), -1)) == ""


# The page


@pytest.mark.slow
def test_the_words_under_the_table_follow_the_learning_rate():
    app = lesson("stuck", trap=SADDLE, rate="0.1")
    assert f"out {SEEDS} times with noise {NOISES[1]:g}" in said(app)
    assert "Without noise, none of these rules gets out." in said(app)
    app.session_state["stuck.rate"] = 0.2
    assert "More noise is not always better" not in said(answered(app))


@pytest.mark.slow
def test_every_map_says_how_frayed_its_borders_are():
    app = lesson("stuck", view="Basin maps", resolution="60", updates="50", rules="GradientDescent")
    assert " % of neighbouring starts end in different minima." in said(app)


# Under the hand


@pytest.mark.slow
@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("noise", ["0", "1"])
def test_in_a_trap_what_follows_the_rate_is_what_the_server_draws(trap, noise):
    app = lesson("stuck", trap=trap, noise=noise)
    rate, strength = canvas_of(app).live["sliders"]
    assert (rate["key"], rate["label"]) == ("stuck.rate", "Learning rate η")
    for noisy in {*strength["numbers"][::3]} - {strength["value"]}:
        assert_hand_agrees(app, {"noise": noisy}, {"stuck.noise": noisy})
    for factor in (0.3, 0.7):
        number = next(one for one in rate["numbers"] if one > factor * TRAPS[trap].rate)
        assert_hand_agrees(app, {"rate": number}, {"stuck.rate": number})


MAPPED_BY = {"view": "Basin maps", "resolution": "60", "updates": "50"}


@pytest.mark.slow
@pytest.mark.parametrize("rules", [{}, {"rules": "Adam"}])
def test_on_a_map_the_path_follows_the_rate_and_the_start(rules):
    app = lesson("stuck", **MAPPED_BY, **rules)
    canvas = canvas_of(app)
    (rate,) = canvas.live["sliders"]
    assert (rate["key"], rate["label"]) == ("stuck.map_rate", "Learning rate η (for all)")
    assert canvas.live["hover"] == canvas.live["points"] == {name: ["start1", "start2"] for name in canvas.figures}
    for theta in ((1.5, -0.5), (-4.9, 4.9)):
        inputs = dict(zip(("start1", "start2"), theta, strict=True))
        assert_hand_agrees(app, inputs, {"stuck.theta1": theta[0], "stuck.theta2": theta[1]})
    number = next(one for one in rate["numbers"] if one > rate["value"])
    assert_hand_agrees(app, {"rate": number}, {"stuck.map_rate": number})


@pytest.mark.slow
def test_a_map_waits_for_the_server_where_the_rate_moves_and_its_rule_has_one():
    canvas = canvas_of(lesson("stuck", **MAPPED_BY))
    waits = {name: (figure["data"][0].get("meta") or {}).get("waits") for name, figure in canvas.figures.items()}
    assert waits == {"map GradientDescent": ["rate"], "map Momentum": ["rate"], "map Newton": None}


@pytest.mark.slow
def test_a_link_to_the_part_that_has_a_page_of_its_own_leads_there():
    app = lesson("stuck", view="Two ways to a gradient", theta1="2", power="-8.0")
    (link, *_) = app.get("page_link")
    assert link.proto.page == "two_gradients"
    assert link.proto.query_string == "two_gradients.theta1=2&two_gradients.power=-8.0"
    assert warnings(app) == []
