"""Runs that are held back, or slowed by a small slope: the cause is named."""

import re

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.outcome import outcome
from surfaces import SURFACES, parse
from tests.judging import end_of, judged, typed, walked

BOWL = SURFACES["bowl"]
GradientDescent = OPTIMIZERS["GradientDescent"]


def test_the_far_field_of_a_hollow_is_a_plateau():
    hollow = parse("-exp(-(x^2+y^2))")
    path = run(GradientDescent(learning_rate=0.1), hollow, (4.0, 3.0), 100)
    assert outcome(path, hollow, (np.zeros(2),), ((-5, 5), (-5, 5))).kind == "plateau"


def test_a_plateau_whose_slope_is_zero_is_no_valley():
    found = end_of(GradientDescent(learning_rate=0.1), parse("min(1, x^2+y^2)"), (1.5, 1.5), 50)
    assert found.kind == "plateau"
    assert "start" in found.remedy
    assert "rate" not in found.remedy


def test_a_slope_that_fades_where_nearly_all_is_gained_is_no_plateau():
    fading = parse("ln(1 + exp(-2x - y))")
    found = outcome(run(GradientDescent(learning_rate=0.5), fading, (-1.0, 1.5), 300), fading, (), ((-4, 4), (-4, 4)))
    assert found.kind == "still moving"
    assert "the slope fades" in found.verdict
    assert "Nothing needs to change" in found.remedy


@pytest.mark.parametrize(
    ("formula", "start"),
    [("-exp(-x^2-y^2)", (1.9, -1.9)), ("-exp(-4x^2-4y^2)", (1.4, -1.4)), ("1/(1+exp(-10x))", (1, 0))],
)
def test_a_start_far_out_on_a_flat_field_is_on_a_plateau(formula, start):
    found = typed(formula, GradientDescent(learning_rate=0.01), start, 300)
    assert found.kind == "plateau"
    if rate := re.search(r"η = (\S+) the loss falls to (\S+)\.$", found.remedy):
        surface = parse(formula)
        after = run(GradientDescent(learning_rate=float(rate[1])), surface, start, 300).loss[-1]
        assert after == pytest.approx(float(rate[2].replace("−", "-")), rel=1e-2)
        assert found.loss - after > 0.05


def test_who_has_stopped_on_a_slope_does_not_crawl():
    """The schedule has brought the learning rate to zero: giving it more updates changes nothing."""
    rule = GradientDescent(learning_rate=0.01, schedule=SCHEDULES["Cosine"](period=50))
    path = run(rule, BOWL, (-4.0, 3.0), 400)
    assert walked(path.theta[-300:]) == 0
    found = judged(path, BOWL)
    assert "tiny" not in found.verdict
    assert "Crawling" not in found.verdict


def test_the_weight_decay_that_holds_a_run_back_is_named():
    rule = OPTIMIZERS["AdamW"](learning_rate=0.05, weight_decay=0.5)
    found = end_of(rule, SURFACES["booth"], (4.0, 1.0), 800)
    assert found.kind == "stopped"
    assert "weight decay" in found.verdict
    assert "away" in found.verdict


@pytest.mark.parametrize("surface", ["bowl", "ellipse", "matyas"])
def test_a_schedule_that_ends_a_run_early_is_named_with_the_distance(surface):
    rule = GradientDescent(learning_rate=0.01, schedule=SCHEDULES["Cosine"](period=100))
    path = run(rule, SURFACES[surface], SURFACES[surface].start, 200)
    found = judged(path, SURFACES[surface])
    assert found.kind == "stopped"
    assert "the schedule lowered the learning rate to nearly 0 before it arrived" in found.verdict
    assert f"{found.distance:.3g} away" in found.verdict
