"""The presets of typed formulas: the limit comes from a curvature that curves up, and the words from the runs."""

import math

import numpy as np
import pytest

from lessons.formula_presets import formula_presets
from lessons.preset import Preset
from lessons.presets import presets_for
from optimizers import OPTIMIZERS, run
from optimizers.numbers import number
from surfaces.names import surface_of, typed_name

# The largest curvature, which is the same everywhere.
QUADRATICS = {"x^2 - 10y^2": 2, "x^2 + y^2": 2, "x y": 1, "(x+y-1)^2": 4, "100x^2 + y^2": 200, "1e8 x^2 + y^2": 2e8}
CURVED = ["x^4 + y^2", "e^(x^4)", "x^2 y^2", "(1-x)^2 + 100(y-x^2)^2", "x^3 + y^3", "1/x + y^2", "cos(x) + y^4"]
WITHOUT = ["-x^2 - y^2", "x + 2y", "ln(x) + y", "|x|"]


def below_and_above(text: str) -> tuple[Preset, Preset]:
    below, above = formula_presets(typed_name(text))
    return below, above


@pytest.mark.parametrize(("text", "largest"), QUADRATICS.items())
def test_the_limit_is_two_over_the_largest_curvature_whatever_curves_down(text, largest):
    below, above = below_and_above(text)
    assert (below.title, above.title) == ("Below the limit", "Above the limit")
    assert 0.2 < below.applied().learning_rate / (2 / largest) <= 0.25
    assert above.applied().learning_rate == pytest.approx(3 / largest, rel=0.01)
    for preset in (below, above):
        assert f"λ = {number(largest, 3)}, so the limit there is 2/λ = {number(2 / largest, 3)}." in preset.look_at
        assert f"η = {number(preset.applied().learning_rate, 3)} " in preset.look_at


@pytest.mark.parametrize("text", WITHOUT)
def test_where_no_direction_curves_up_there_is_no_limit_and_no_preset(text):
    assert presets_for(typed_name(text)) == []


@pytest.mark.parametrize("text", [*QUADRATICS, *CURVED])
def test_what_the_words_say_about_the_first_updates_is_what_happens(text):
    surface = surface_of(typed_name(text))
    for preset in below_and_above(text):
        settings = preset.applied()
        losses = run(
            OPTIMIZERS["GradientDescent"](learning_rate=settings.learning_rate),
            surface,
            surface.start,
            settings.updates,
        ).loss
        falls = next((place for place in range(settings.updates) if not losses[place + 1] < losses[place]), None)
        if falls is None:
            assert f"lowers the loss at each of the {settings.updates} updates." in preset.look_at
            continue
        assert f"pdate {falls + 1} " in preset.look_at
        assert falls < 2 or f"lowers the loss at the first {falls} updates." in preset.look_at
        assert ("rises" in preset.look_at) == (math.isfinite(losses[falls + 1]) and losses[falls + 1] > losses[falls])
        assert ("stays equal" in preset.look_at) == (
            math.isfinite(losses[falls + 1]) and losses[falls + 1] == losses[falls]
        )


@pytest.mark.parametrize("text", [*QUADRATICS, *CURVED])
def test_the_claims_of_the_words_are_kept(text):
    for preset in below_and_above(text):
        assert preset.claims
        assert preset.complaints() == []


@pytest.mark.parametrize("text", [*QUADRATICS, *(text for text in CURVED if text != "1/x + y^2")])
def test_the_rate_below_the_limit_suits_gradient_descent(text):
    below, _ = below_and_above(text)
    path = below.runs().trajectories["GradientDescent"]
    assert below.good
    finite = path.loss[: path.diverged_at] if path.diverged else path.loss
    assert np.diff(finite).max() <= 1e-9 * np.ptp(finite)


def test_a_rate_below_the_limit_with_which_the_loss_rises_later_is_not_called_good():
    """Downhill leads to the pole of 1/x, and over it."""
    below, _ = below_and_above("1/x + y^2")
    assert not below.good
    assert "it rises." in below.look_at


def test_a_rate_below_the_limit_that_leads_into_a_gap_is_not_called_good():
    """Downhill leads into the gap of the square root, where the loss ends, after 50 updates and before 200."""
    below, above = below_and_above("sqrt(x) + y^2")
    assert not below.good
    assert not above.good
    assert "is no number any more." in below.look_at
