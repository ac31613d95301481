"""What is advised is right: it is tried out."""

import re

import numpy as np
import pytest

from optimizers import OPTIMIZERS, GaussianNoise, run
from surfaces import SURFACES, parse
from tests.judging import end_of, judged, typed

BOWL, TWO_WELLS = (SURFACES[name] for name in ("bowl", "two_wells"))
GradientDescent = OPTIMIZERS["GradientDescent"]


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["saddle", "easom", "two_wells", "plateau"])
def test_no_advice_recommends_the_rule_that_ran(surface, name):
    rule = OPTIMIZERS[name](learning_rate=0.05)
    for start in (SURFACES[surface].start, np.array(SURFACES[surface].view).mean(axis=1) + 0.3):
        remedy = end_of(rule, SURFACES[surface], start, 60).remedy
        assert not re.search(rf"\b{name}\b", remedy)
        if name in ("Momentum", "Nesterov", "Adam"):
            assert "momentum" not in remedy


@pytest.mark.parametrize("rate", [1e-7, 5e-7, 2e-6, 1e-5])
def test_badly_scaled_data_are_told_with_the_ratio_of_the_curvatures(rate):
    surface = SURFACES["line_fit"]
    low, high = np.linalg.eigvalsh(surface.hessian(surface.start))
    found = end_of(GradientDescent(learning_rate=rate), surface, surface.start, 200)
    kappa = re.search(r"κ = λₘₐₓ/λₘᵢₙ = (\S+)\.", found.remedy)
    assert float(kappa[1]) == pytest.approx(high / low, rel=0.01)


def test_a_well_scaled_loss_is_not_said_to_be_badly_scaled():
    for rate in (1e-3, 0.05, 1.2):
        assert "κ" not in end_of(GradientDescent(learning_rate=rate), BOWL, (-4.0, 3.0), 40).remedy


def test_the_scaling_of_a_valley_or_of_a_start_is_none():
    for formula, rate in (("(x^2-y)^2", 0.1), ("x^10+y^2", 0.1)):
        assert "badly scaled" not in typed(formula, GradientDescent(learning_rate=rate), (-2.8, 2.2), 3).remedy
    found = typed("x^2+1000y^2", GradientDescent(learning_rate=0.1), (-0.4, 0.05), 3)
    assert "κ = λₘₐₓ/λₘᵢₙ = 1000." in found.remedy


def test_who_is_advised_a_larger_rate_gets_lower_with_it():
    found = end_of(GradientDescent(learning_rate=1e-4), BOWL, (0.1, 0.05), 50)
    rate, loss = re.search(r"larger: with η = (\S+) the loss falls to (\S+)\.", found.remedy).groups()
    path = run(GradientDescent(learning_rate=float(rate)), BOWL, (0.1, 0.05), 50)
    assert path.loss[-1] < found.loss
    assert float(loss.replace("−", "-")) == pytest.approx(path.loss[-1], rel=0.01)


def test_no_lower_place_is_promised_where_there_is_none():
    assert "Nothing needs" in end_of(GradientDescent(learning_rate=0.1), parse("x^2+y^2"), (1.0, 1.0)).remedy
    assert "lower place" in end_of(GradientDescent(learning_rate=0.1), TWO_WELLS, (3.2, 2.5)).remedy


@pytest.mark.parametrize("name", ["LineSearch", "Newton", "BestStep", "BFGS"])
def test_a_schedule_is_advised_only_to_rules_that_take_one(name):
    branin = SURFACES["branin"]
    for noise in (0.01, 0.5, 5.0):
        path = run(OPTIMIZERS[name](), GaussianNoise(branin, noise, 0), (9.4, 2.4), 40)
        assert "choose a schedule" not in judged(path, branin).remedy
