"""Where one rate for all makes a rule late, the page says so, with numbers that the rule's own runs confirm."""

import re
from dataclasses import replace

import numpy as np
import pytest

from lessons.experiment import experiment
from lessons.settings import Settings
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES
from tests.playground import opened
from ui.fairness import unfair_rate

SAID = re.compile(
    r"One η for all is not fair to all: the longest update of (.+) is (\S+), that of (.+) (\S+)\. "
    r"With η = (\S+) of its own, \1 would need (\d+) updates to 0\.1 %\. .*"
)


def test_the_page_that_opens_first_says_that_its_rate_is_not_fair_to_adam():
    (sentence,) = [caption.value for caption in opened().caption if "not fair" in caption.value]
    assert sentence == unfair_rate(experiment(Settings()))


def test_the_numbers_are_those_of_the_runs():
    late, short, quick, long, rate, updates = SAID.fullmatch(unfair_rate(experiment(Settings()))).groups()
    assert (late, quick) == ("Adam", "Gradient descent")
    surface = SURFACES["himmelblau"]
    for name, said in (("Adam", short), ("GradientDescent", long)):
        path = run(OPTIMIZERS[name](learning_rate=0.01), surface, surface.start, 100)
        assert f"{np.linalg.norm(np.diff(path.theta, axis=0), axis=1).max():.2g}" == said
    gap = run(OPTIMIZERS["Adam"](learning_rate=float(rate)), surface, surface.start, 100).loss - surface.best_loss
    assert (gap[int(updates) :] <= 1e-3 * gap[0]).all()
    assert gap[int(updates) - 1] > 1e-3 * gap[0]


@pytest.mark.parametrize(
    "settings",
    [
        replace(Settings(), same_rate=False),
        replace(Settings(), optimizers=("GradientDescent", "Momentum")),
        replace(Settings(), optimizers=("Adam",)),
        replace(Settings(), optimizers=("GradientDescent", "Newton"), learning_rate=1e-6),
        replace(Settings(), optimizers=()),
        replace(Settings(), learning_rate=0.3),
        Settings(surface="saddle", start=(-2.5, 0.0)),
    ],
)
def test_nothing_is_said_where_no_rule_is_late_because_of_another(settings):
    assert unfair_rate(experiment(settings)) == ""
