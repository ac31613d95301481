"""The playground under the hand: what the browser paints is what the server draws after the release."""

import pytest

from tests.hands import assert_hand_agrees, canvas_of, painted
from tests.playground import opened

LINK = {"surface": "himmelblau", "optimizers": "GradientDescent,Momentum,Adam", "updates": "60"}


@pytest.mark.parametrize(
    ("inputs", "state"),
    [
        ({"rate": 0.02}, {"learning_rate": 0.02}),
        ({"rate": 0.1}, {"learning_rate": 0.1}),
        ({"Momentum_momentum": 0.5}, {"Momentum.momentum": 0.5}),
        ({"Adam_beta1": 0.5, "Adam_beta2": 0.9}, {"Adam.beta1": 0.5, "Adam.beta2": 0.9}),
        ({"start1": 1.5, "start2": 0.5}, {"start1": 1.5, "start2": 0.5}),
        ({"start1": 4.9, "start2": 4.9}, {"start1": 4.9, "start2": 4.9}),
    ],
    ids=["a larger rate", "a rate that diverges", "momentum", "two hyperparameters", "another start", "near the edge"],
)
def test_what_follows_is_what_the_server_draws(inputs, state):
    assert_hand_agrees(opened(LINK), inputs, state)


@pytest.mark.parametrize(
    "link",
    [
        {"surface": "ackley", "optimizers": "Adam,RMSProp"},
        {"surface": "rosenbrock", "optimizers": "BFGS,LineSearch,Newton", "same_rate": "false"},
        {"surface": "line_fit", "optimizers": "Adagrad", "heights": "true"},
        {"surface": "tanh_neuron", "optimizers": "GradientDescent"},
        {"surface": "himmelblau", "schedule": "Exponential", "noise": "5", "updates": "50"},
        {"surface": "= sqrt(x) + abs(y - 1)", "optimizers": "GradientDescent,Adam"},
    ],
    ids=lambda link: link["surface"],
)
def test_every_kind_of_surface_and_rule_follows_the_start(link):
    app = opened(link)
    start = canvas_of(app).live["inputs"]
    moved = {name: start[name] + 0.25 for name in ("start1", "start2")}
    assert_hand_agrees(app, moved, moved)


def test_a_path_that_goes_far_ends_at_the_same_exit_with_the_same_label():
    app = opened({"surface": "rosenbrock", "optimizers": "GradientDescent,Momentum,Adam", "updates": "60"})
    after = assert_hand_agrees(app, {"rate": 0.02}, {"learning_rate": 0.02})
    for name in ("contour", "surface"):
        left = {trace["meta"]["left"] for trace in after.figures[name]["data"] if "left" in trace.get("meta", {})}
        assert left == {"Gradient descent", "Momentum"}


def test_the_hyperparameters_of_a_schedule_follow():
    app = opened({**LINK, "schedule": "Exponential"})
    assert_hand_agrees(app, {"Exponential_decay": 0.9}, {"Exponential.decay": 0.9})


def test_arrows_and_the_sentence_on_the_rate_follow():
    app = opened({**LINK, "arrows": "yes", "update": "3"})
    moved = {"start1": 1.5, "start2": 0.5}
    before = canvas_of(app)
    by_hand = painted(before, moved)
    after = assert_hand_agrees(app, moved, moved)
    ends = [
        (note["ax"], note["ay"], note["x"], note["y"]) for note in after.figures["contour"]["layout"]["annotations"]
    ]
    arrows = [(*arrow["from"], *arrow["to"]) for arrow in by_hand["pictures"]["contour"]["arrows"]]
    assert arrows
    for arrow, end in zip(arrows, ends, strict=True):
        assert arrow == pytest.approx(end, rel=1e-9)
    said, text = by_hand["sentences"][0], after.live["sentences"][0]["text"]
    for words in ("is above 2/λₘₐₓ", "is below 2/λₘₐₓ", "curves up in no direction"):
        assert (words in said) == (words in text), (said, text)


def test_a_run_that_is_sensitive_to_the_last_digit_says_so():
    """A preset whose path another computer draws otherwise, and one of which every computer draws the same."""
    from lessons.presets import presets_for
    from lessons.settings import encoded

    said = {}
    for surface, title in (("rastrigin", "Jumping without aim"), ("himmelblau", None)):
        preset = next(one for one in presets_for(surface) if title in (None, one.title))
        sentences = canvas_of(opened(encoded(preset.applied()))).live["sentences"]
        said[surface] = " ".join(sentence["text"] for sentence in sentences)
    assert "sensitive to the last digit" in said["rastrigin"]
    assert "sensitive" not in said["himmelblau"]
