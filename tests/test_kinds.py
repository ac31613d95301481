"""The kinds of outcomes: their names are words, and the questions that lessons ask of them have one answer each."""

import json

import pytest

from optimizers.kinds import OutcomeKind, RateKind


def test_a_kind_is_its_own_name_in_words():
    assert f"{OutcomeKind.STILL_MOVING}" == OutcomeKind.STILL_MOVING == "still moving"
    assert json.dumps([OutcomeKind.LEFT]) == '["left"]'
    assert {"left": 1}[OutcomeKind.LEFT] == 1


@pytest.mark.parametrize("kind", OutcomeKind)
def test_a_kind_answers_no_two_questions_with_yes(kind):
    assert kind.has_converged + kind.is_lost + kind.is_unfinished <= 1


@pytest.mark.parametrize("kind", OutcomeKind)
def test_a_picture_of_rates_keeps_what_matters_of_a_kind(kind):
    coarse = kind.at_its_rate
    assert (coarse == RateKind.CONVERGED) == kind.has_converged
    assert (coarse in (RateKind.LEFT, RateKind.DIVERGED)) == kind.is_lost
    assert coarse != RateKind.STILL_MOVING or kind.is_unfinished or kind in ("saddle", "maximum", "stopped")
