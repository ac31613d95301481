"""What is said about an experiment: the special cases that its rules met."""

import re

import pytest

from lessons.experiment import experiment
from lessons.settings import Settings
from ui.report import change_of_loss, notes


def notes_of(surface: str, rule: str, start: tuple[float, float], updates: int):
    """The run, and what is said about its special cases."""
    done = experiment(Settings(surface=surface, optimizers=(rule,), start=start, updates=updates))
    return done.trajectories[rule], notes(done)


def test_the_notes_count_the_updates_that_met_them():
    path, (sentence,) = notes_of("saddle", "Newton", (1.0, 2.0), 30)
    assert (path.state["note"][1:] == 1).all()
    assert sentence.startswith("**Newton**, 30 of 30 updates: The Hessian has a negative eigenvalue")


@pytest.mark.parametrize("rule", ["LineSearch", "BFGS"])
def test_no_update_after_a_divergence_is_counted(rule):
    path, sentences = notes_of("monkey_saddle", rule, (-1.0, 0.3), 100)
    assert 0 < path.diverged_at < 100
    assert not any("made the loss smaller" in sentence for sentence in sentences)
    for sentence in sentences:
        times, updates = map(int, re.search(r"(\d+) of (\d+) updates", sentence).groups())
        assert times <= updates == path.diverged_at


def test_a_run_that_begins_without_a_loss_has_no_notes():
    path, sentences = notes_of("bowl", "LineSearch", (1e308, 1e308), 20)
    assert path.diverged_at == 0
    assert sentences == []


def test_rules_without_special_cases_have_no_notes():
    _, sentences = notes_of("bowl", "Adam", (1.0, 2.0), 20)
    assert sentences == []


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (2.0, 1.5, "The loss falls: from L = 2 to L = 1.5."),
        (2.0, 2.0, "The loss does not change: L = 2."),
        (1.0, 1.0 + 1e-9, "The loss rises: from L = 1 to L = 1.000000001."),
        (
            2.0,
            float("inf"),
            "The loss before the update is L = 2. After it, the loss is too large for a computer to hold.",
        ),
        (2.0, float("nan"), "The loss before the update is L = 2. After it, the loss is not a number."),
    ],
)
def test_what_an_update_did_is_told_with_numbers_that_show_it(before, after, sentence):
    assert change_of_loss(before, after) == sentence
