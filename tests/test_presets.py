"""The presets: one good and one bad at least for every surface, and each keeps what its words promise."""

import re

import pytest

from optimizers import OPTIMIZERS
from surfaces import SURFACES
from ui.experiment import experiment
from ui.presets import PRESETS, Preset, presets_for
from ui.settings import MOST_OPTIMIZERS, MOST_UPDATES, Settings, decoded, encoded

every_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: f"{preset.surface}: {preset.title}")


@pytest.mark.parametrize("surface", SURFACES)
def test_every_surface_has_good_and_bad_settings_the_good_ones_first(surface):
    kinds = [preset.good for preset in presets_for(surface)]
    assert True in kinds
    assert False in kinds
    assert kinds == sorted(kinds, reverse=True)
    assert {preset.surface for preset in presets_for(surface)} == {surface}


def test_every_preset_belongs_to_a_surface():
    assert sum(len(presets_for(surface)) for surface in SURFACES) == len(PRESETS)


@every_preset
def test_what_a_preset_promises_is_what_happens(preset):
    done = experiment(preset.applied())
    assert {name: result.kind for name, result in done.outcomes.items()} == dict(preset.expects)


@every_preset
def test_a_bad_preset_ends_with_something_to_change(preset):
    done = experiment(preset.applied())
    if not preset.good:
        assert any(result.remedy for result in done.outcomes.values())


@every_preset
def test_a_preset_says_in_whole_sentences_what_to_look_at(preset):
    assert preset.look_at.endswith(".")
    assert re.match(r"[A-Zη]", preset.look_at)
    assert preset.look_at.isprintable()
    assert 20 < len(preset.look_at) <= 160
    assert not re.search(r"[`$<>*_\[\]]", preset.look_at)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_buttons_of_a_surface_differ_and_are_short(surface):
    titles = [preset.title for preset in presets_for(surface)]
    assert len(set(titles)) == len(titles)
    for title in titles:
        assert 0 < len(title) <= 40
        assert not title.endswith(".")
        assert not re.search(r"[`$<>*_\[\]:]", title)


@every_preset
def test_a_preset_survives_the_link(preset):
    settings = preset.applied()
    assert decoded(encoded(settings)) == (settings, [])


@every_preset
def test_a_preset_stays_within_what_the_page_can_show(preset):
    settings = preset.applied()
    assert settings.surface == preset.surface
    assert settings.optimizers == tuple(preset.expects)
    assert 1 <= len(settings.optimizers) <= MOST_OPTIMIZERS
    assert set(settings.optimizers) <= set(OPTIMIZERS)
    assert 1 <= settings.updates <= MOST_UPDATES
    (low1, high1), (low2, high2) = SURFACES[preset.surface].view
    assert low1 <= settings.start[0] <= high1
    assert low2 <= settings.start[1] <= high2


def test_a_preset_begins_from_the_defaults_and_the_start_of_its_surface():
    preset = Preset("booth", "Title", True, "Look.", {"Newton": "global minimum"}, {"updates": 7})
    start = tuple(map(float, SURFACES["booth"].start))
    assert preset.applied() == Settings(surface="booth", start=start, optimizers=("Newton",), updates=7)
