"""An experiment is run and drawn once for all who ask for the same settings, and never for others."""

from dataclasses import replace

import pytest

from browser.pictures import pictures
from figures import DARK, LIGHT
from lessons.experiment import experiment
from lessons.settings import Settings

SETTINGS = Settings(optimizers=("Momentum",), updates=5, values={"Momentum.momentum": 0.5})


def test_the_same_settings_are_run_and_drawn_once():
    again = replace(SETTINGS, values=dict(SETTINGS.values))
    assert experiment(again) is experiment(SETTINGS)
    assert pictures(experiment(again), LIGHT, 430) is pictures(experiment(SETTINGS), LIGHT, 430)


@pytest.mark.parametrize(
    "change",
    [
        {"values": {"Momentum.momentum": 0.6}},
        {"values": {}},
        {"learning_rate": 0.02},
        {"start": (1.0, 2.0)},
        {"noise": 0.1},
        {"schedule": "Cosine"},
        {"surface": "booth"},
    ],
)
def test_settings_that_differ_in_anything_are_run_for_themselves(change):
    known, other = experiment(SETTINGS), experiment(replace(SETTINGS, **change))
    assert (known.trajectories["Momentum"].theta != other.trajectories["Momentum"].theta).any()


def test_every_theme_has_its_own_pictures():
    light, dark = (pictures(experiment(SETTINGS), theme, 430) for theme in (LIGHT, DARK))
    assert light["loss"].layout.font.color == LIGHT.ink
    assert dark["loss"].layout.font.color == DARK.ink


def test_what_the_browser_gets_of_pictures_is_made_once():
    drawn = pictures(experiment(SETTINGS), LIGHT, 430)
    assert drawn.messages is drawn.messages
