"""The runs of a page under the hand: where they begin, and what is said of them."""

import numpy as np
import pytest

from browser.descents import MOST_EXAMPLES, TOO_MANY
from browser.hand import Live, data
from browser.live_runs import with_runs
from lessons.problems import Choice, Rows, problem_of
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from tests.hands import Canvas, painted

LIVE = Live(bound={"Adam": {"learning_rate": "rate"}}, inputs={"rate": 0.1})


def descents(surface, start, **rates) -> dict:
    return {name: run(OPTIMIZERS[name](learning_rate=rate), surface, start, 50) for name, rate in rates.items()}


def test_runs_travel_with_their_start_and_the_inputs_of_the_page():
    made = with_runs(LIVE, descents(SURFACES["bowl"], (1.0, 2.0), Adam=0.1, Momentum=0.2))
    assert made.inputs == {"rate": 0.1, "start1": 1.0, "start2": 2.0}
    assert set(made.runs["rules"]) == {"Adam", "Momentum"}
    assert made.runs["steps"] == 50
    assert made.sentences == ()


def test_sensitive_runs_are_named_together():
    runs = descents(SURFACES["rastrigin"], (3.3, -2.7), GradientDescent=0.5, Momentum=0.5, Adam=1e-3)
    (sentence,) = with_runs(LIVE, runs).sentences
    assert sentence.text.startswith("Gradient descent and Momentum: sensitive to the last digit")


@pytest.mark.parametrize("count", [20, MOST_EXAMPLES + 1])
def test_what_waits_says_so_also_while_the_hand_moves(count):
    risk = problem_of(Choice("logistic_neuron", "own", rows=rows(count))).risk
    made = with_runs(LIVE, descents(risk, risk.start, GradientDescent=0.1))
    said = [TOO_MANY] if count > MOST_EXAMPLES else []
    assert [sentence.text for sentence in made.sentences] == said
    assert painted(Canvas({}, data(made), 50), {"start1": 0.0})["sentences"] == said


def rows(count: int) -> Rows:
    inputs = np.random.default_rng(0).normal(size=(count, 2))
    return Rows(np.column_stack([inputs, (inputs[:, 0] > 0.3 * inputs[:, 1]).astype(float)]))
