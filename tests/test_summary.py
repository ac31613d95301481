"""The words for what a run was made with: every setting is in them, with its exact number."""

import pytest

from lessons.settings import Settings, arguments
from lessons.summary import made_with, summary, title_of_settings
from optimizers import title_of
from surfaces.reading import written

SETTINGS = [
    Settings(),
    Settings(
        surface="rosenbrock",
        start=(1 / 3, -2e-9),
        optimizers=("Adam", "Newton", "LineSearch"),
        same_rate=False,
        updates=7,
        schedule="Step",
        noise=0.125,
        seed=11,
        values={"Adam.beta1": 0.123, "Step.period": 3},
    ),
    Settings(surface="= a x^2 + y^2; a = 3", optimizers=()),
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_setting_of_a_run_is_said(settings):
    said = made_with(settings)
    values = [*settings.start, settings.updates, *([settings.noise, settings.seed] if settings.noise else [])]
    for name in settings.optimizers:
        assert title_of(name) in said
        values += arguments(settings, name).values()
    for value in values:
        assert written(value) in said
    assert title_of(settings.schedule) in said
    assert "\n" not in said


def test_the_surface_is_said_with_its_formula():
    assert "Rosenbrock. Loss L(θ₁, θ₂): (1 - θ₁)^2 + 100*(-θ₁^2 + θ₂)^2. " in made_with(SETTINGS[1])
    assert "Loss L(θ₁, θ₂): 3*θ₁^2 + θ₂^2. " in made_with(SETTINGS[2])


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        (SETTINGS[1], "Descent on Rosenbrock: Adam, Newton, Line search"),
        (SETTINGS[2], "Descent on a x^2 + y^2; a = 3"),
    ],
)
def test_the_title_is_the_surface_and_the_rules(settings, title):
    assert title_of_settings(settings) == title


@pytest.mark.parametrize(
    ("schedule", "words"),
    [("Step", "Step: decay = 0.5, period = 50. Not for Newton and BFGS"), ("Constant", "Constant")],
)
def test_a_schedule_is_named_with_the_rules_that_take_none(schedule, words):
    assert ("Schedule", words) in summary(Settings(optimizers=("Adam", "Newton", "BFGS"), schedule=schedule))


def test_what_is_drawn_of_an_update_is_said():
    settings = Settings(optimizers=("Adam",), arrows=True, circle=True, update=3)
    assert ("Also drawn", "the arrows and the red circle of update 3 of Adam") in summary(settings)
