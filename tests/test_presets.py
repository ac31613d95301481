"""The presets: one good and one bad at least for every surface, and each keeps what its words promise."""

import re

import pytest

from lessons.claims import ABOUT, Claim, Quantity
from lessons.experiment import experiment
from lessons.preset import Preset
from lessons.presets import PRESETS, presets_for
from lessons.settings import MOST_OPTIMIZERS, MOST_UPDATES, Settings, decoded, encoded
from optimizers import OPTIMIZERS
from surfaces import SURFACES

pytestmark = pytest.mark.slow

# "One" and "both" count nothing here.
NUMBER_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
NUMBER_WORDS |= {"twelve": 12, "twenty": 20, "hundred": 100, "thousand": 1000, "half": 0.5, "halves": 0.5, "doubles": 2}
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
def test_what_the_words_of_a_preset_promise_is_measured_on_its_runs(preset):
    assert preset.claims
    assert preset.complaints() == []


@every_preset
def test_a_number_that_a_preset_prints_is_one_of_its_settings_or_one_that_is_measured(preset):
    words = f"{preset.title}. {preset.look_at}"
    settings = preset.applied()
    runs = preset.runs()
    known = [
        len(settings.optimizers),
        settings.learning_rate,
        settings.updates,
        *settings.start,
        *settings.values.values(),
    ]
    known += [claim.measure(runs) for claim in preset.claims]
    spoken = " ".join(claim.words for claim in preset.claims)
    for printed in printed_numbers(words):
        measured = any(not reading(printed).complaint(number) for number in known)
        assert measured or printed in printed_numbers(spoken), f"{printed} in {words!r}"
    for word in NUMBER_WORDS.keys() & set(re.findall(r"[a-z]+", words.lower())):
        assert any(number == pytest.approx(NUMBER_WORDS[word], rel=ABOUT) for number in known), f"{word} in {words!r}"


def printed_numbers(words: str) -> list[str]:
    """The numbers in a text, without those of names (θ₁, 2/λ, 0.1 % of the loss as the table has it)."""
    plain = words.replace("−", "-").replace("2/", "").replace("to 0.1 %", "")
    return re.findall(r"(?<![\w.)])-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)


def reading(printed: str) -> Claim:
    """The promise that a number is this one up to its printed digits."""
    return Quantity("The number", lambda number: number).reads(printed)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (
            "The limit is 2/50 = 0.04. At η = 1.2e-6 it ends at (−3.14, 4.44).",
            ["50", "0.04", "1.2e-6", "-3.14", "4.44"],
        ),
        ("θ₁ rises like θ₂⁴: 2/λ = 0.67, and 66 updates to 0.1 %.", ["0.67", "66"]),
    ],
)
def test_printed_numbers_are_found(words, numbers):
    assert printed_numbers(words) == numbers


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
    preset = Preset("booth", "Title", True, "Look.", {"Newton": "global minimum"}, settings={"updates": 7})
    start = tuple(map(float, SURFACES["booth"].start))
    assert preset.applied() == Settings(surface="booth", start=start, optimizers=("Newton",), updates=7)
