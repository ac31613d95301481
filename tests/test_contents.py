"""What a page without a server holds: of the same settings, it makes the pictures and sliders that the server makes."""

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from browser.contents import HEIGHT, LENGTHS, common, noise_of, stated, surface_contents
from browser.hand import data
from browser.page import packed_surface
from browser.pictures import mesh, pictures
from browser.playground import live, with_runs
from browser.wire import packed
from figures.theme import THEMES
from lessons.defaults import defaults_for
from lessons.experiment import experiment
from lessons.presets import PRESETS
from lessons.settings import HEIGHTS, MOST_UPDATES, Settings
from lessons.summary import made_with
from optimizers import OPTIMIZERS, GaussianNoise, title_of
from optimizers.sensitivity import SENSITIVE, is_sensitive
from surfaces import SURFACES
from tests.composed import assert_same_picture
from tests.node import FOLDER, answers_of

pytestmark = pytest.mark.slow

RULES = tuple(OPTIMIZERS)
SETTINGS = {
    "the first": Settings(),
    "other rules": replace(defaults_for("rosenbrock"), optimizers=("BFGS", "LineSearch", "Newton", "RMSProp")),
    "six more": replace(defaults_for("booth"), optimizers=RULES[12:18], updates=59),
    "long": replace(defaults_for("ackley"), optimizers=RULES[:6], updates=max(LENGTHS)),
    "true heights": replace(defaults_for("beale"), heights="true", updates=60),
    "no lowest loss": defaults_for("saddle"),
    "examples": replace(defaults_for("tanh_neuron"), optimizers=("Adam", "Momentum")),
    "noise": replace(defaults_for("himmelblau"), noise=5.0, seed=3),
    "a schedule": replace(defaults_for("booth"), schedule="Step", values={"Step.period": 7, "Step.decay": 0.25}),
    "own rates": replace(
        defaults_for("bowl"),
        same_rate=False,
        optimizers=("Adam", "BestStep"),
        values={"Adam.learning_rate": 0.123, "Adam.beta1": 0.55, "BestStep.learning_rate": 0.5},
    ),
    "arrows and circle": replace(defaults_for("ackley"), arrows=True, circle=True, update=3, rule="Momentum"),
    "at its end": replace(defaults_for("himmelblau"), circle=True),
    "a moment": replace(defaults_for("himmelblau"), update=17),
    "it diverges": replace(defaults_for("rosenbrock"), learning_rate=0.02),
    "below the lowest loss": replace(defaults_for("booth"), learning_rate=0.2, updates=30),
    "a typed formula": defaults_for("= sqrt(x) + abs(y - 1)"),
    "nothing": replace(defaults_for("bowl"), optimizers=()),
}


@cache
def messages(theme: str) -> dict[str, dict]:
    return dict(zip(SETTINGS, composed(list(SETTINGS.values()), theme), strict=True))


def composed(every: Sequence[Settings], theme: str = "light") -> list[dict]:
    """The messages that a page makes of settings, and what became of the runs, by node."""
    surfaces = sorted({settings.surface for settings in every})
    held = [{"common": packed(common())}, *({"surface": packed_surface(name)} for name in surfaces)]
    cases = [
        {
            "settings": stated(settings),
            "theme": theme,
            "noise": noise_of(settings.seed) if settings.noise else None,
        }
        for settings in every
    ]
    return answers_of(FOLDER / "compose.js", [*held, *cases])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", SETTINGS)
def test_the_page_draws_what_the_server_draws(name, theme):
    message, done = messages(theme)[name], experiment(SETTINGS[name])
    drawn = pictures(done, THEMES[theme], HEIGHT)
    assert list(message["content"]) == list(drawn)
    for kind, figure in drawn.items():
        assert_same_picture(figure, message["content"][kind])


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "nothing"])
def test_the_page_has_the_sliders_and_runs_of_the_server(name):
    settings = SETTINGS[name]
    served, made = data(with_runs(live(settings), experiment(settings))), messages("light")[name]["live"]
    served = json.loads(json.dumps(served))
    assert made["sliders"] == served["sliders"]
    assert made["bound"] == served["bound"]
    assert made["points"] == served["points"]
    assert {**made["inputs"], **served["inputs"]} == made["inputs"]
    assert [sentence["program"] for sentence in made["sentences"] if sentence["program"]] == [
        sentence["program"] for sentence in served["sentences"] if sentence["run"]
    ]


@pytest.mark.parametrize("name", SETTINGS)
def test_the_page_says_what_is_shown_in_the_words_of_the_file(name):
    assert messages("light")[name]["made"] == made_with(SETTINGS[name])


def test_every_preset_ends_where_numpy_ends_or_says_that_it_may_not():
    every = [preset.applied() for preset in PRESETS]
    for settings, message in zip(every, composed(every), strict=True):
        for run, trajectory in experiment(settings).trajectories.items():
            outcome = message["outcome"][run]
            assert outcome["diverged_at"] == int(trajectory.diverged_at)
            sensitive = is_sensitive(trajectory)
            said = [sentence["text"] for sentence in message["live"]["sentences"] if SENSITIVE in sentence["text"]]
            assert any(title_of(run) in text for text in said) == sensitive
            if outcome["diverged_at"] < 0 and not sensitive:
                np.testing.assert_allclose(outcome["theta"], trajectory.theta[-1], rtol=1e-9, atol=1e-12)


def test_a_seed_brings_the_noise_of_numpy():
    slopes = GaussianNoise(SURFACES["bowl"], 1.0, 7).slopes(MOST_UPDATES + 1)
    np.testing.assert_array_equal(np.array(noise_of(7)).T, slopes)


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_is_held(name):
    contents = surface_contents(name)
    assert contents["loss"]["waits"] == contents["curvedLoss"]["waits"] == ""
    assert len(packed(contents)) < 600_000


# Slopes that are zero, or none, in most of the picture.
FLAT = ["(x-y)^2", "|x-y|", "max(x,y)", "cos(x-y)", "ln(x-y)", "sqrt(x-y)", "floor(x)+floor(y)", "where(x<y, x, 0)"]


@pytest.mark.parametrize("text", FLAT)
def test_a_formula_may_be_flat_or_have_no_value(text):
    contents = surface_contents(f"= {text}")
    assert contents["pictures"]["light"]["spaced"]["update"]["circle"]["contour"]


def test_the_ground_keeps_what_can_be_seen():
    ground = [trace for trace in surface_contents("beale")["ground"] if trace["type"] == "surface"]
    for heights, trace in zip(HEIGHTS, ground, strict=True):
        exact = mesh("beale", heights)
        assert np.abs(trace["z"] - exact.height).max() <= 2**-15 * exact.scale.top
        np.testing.assert_allclose(trace["customdata"], exact.loss, rtol=2e-6)
