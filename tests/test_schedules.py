"""Schedules: their formulas, what other libraries do with them, and that a rule uses them at the right update."""

import json
import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameter, hyperparameters
from optimizers.noise import PrescribedGradients
from optimizers.schedules import FormulaSchedule
from programs.evaluation import Evaluation
from programs.program import Program
from tests.losses import diagonal
from tests.recordings import assert_reproduced, recordings
from tests.samples import assert_same_bits

Constant, InverseSqrt, InverseTime, Exponential = (
    SCHEDULES[name] for name in ("Constant", "InverseSqrt", "InverseTime", "Exponential")
)
Step, Cosine, WarmupCosine = SCHEDULES["Step"], SCHEDULES["Cosine"], SCHEDULES["WarmupCosine"]

every_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)


@pytest.mark.parametrize("recording", recordings(scheduled=True))
def test_goes_where_the_other_library_went(recording):
    assert_reproduced(recording)


@pytest.mark.parametrize(
    ("schedule", "updates", "factors"),
    [
        (Constant(), (0, 1, 999), (1, 1, 1)),
        (InverseSqrt(), (0, 3, 8, 99), (1, 1 / 2, 1 / 3, 1 / 10)),
        (InverseTime(decay=0.5), (0, 1, 2, 18), (1, 2 / 3, 1 / 2, 1 / 10)),
        (Exponential(decay=0.5), (0, 1, 2, 10), (1, 1 / 2, 1 / 4, 2**-10)),
        (Step(decay=0.1, period=30), (0, 29, 30, 59, 60), (1, 1, 0.1, 0.1, 0.01)),
        (Cosine(period=60), (0, 20, 30, 40, 60, 61, 999), (1, 3 / 4, 1 / 2, 1 / 4, 0, 0, 0)),
        (WarmupCosine(warmup=3, period=63), (0, 1, 2, 3, 23, 33, 63, 64), (1 / 4, 1 / 2, 3 / 4, 1, 3 / 4, 1 / 2, 0, 0)),
        (WarmupCosine(warmup=0, period=60), (0, 30, 60), (1, 1 / 2, 0)),
    ],
)
def test_factors_by_hand(schedule, updates, factors):
    np.testing.assert_allclose([schedule(update) for update in updates], factors, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("period", [1, 5, 20])
def test_a_warm_up_that_is_not_shorter_than_the_period_is_cut_off_and_says_so(period):
    schedule = WarmupCosine(warmup=20, period=period)
    assert schedule(period - 1) == period / 21
    assert schedule(period) == schedule(20) == schedule(21) == 0
    assert f"at update {period}, and from then on the learning rate is 0" in schedule.remark


@every_schedule
def test_ordinary_hyperparameters_need_no_remark(schedule):
    assert schedule().remark == ""


@pytest.mark.slow
@every_schedule
@given(data=st.data(), update=st.integers(0, 10_000))
def test_factors_are_numbers_from_0_to_1(schedule, data, update):
    chosen = {name: data.draw(values_of(known, name), name) for name, known in hyperparameters(schedule).items()}
    factor = schedule(**chosen)(update)
    assert isinstance(factor, float)
    assert 0 <= factor <= 1


@pytest.mark.slow
@every_schedule
@given(data=st.data(), updates=st.integers(0, 300))
def test_the_table_of_the_rates_holds_the_rate_of_every_update(schedule, data, updates):
    rate = data.draw(
        st.sampled_from([0.3, np.float64(0.7), np.array(0.02), np.array([0.1, 0.7, 3e-4]), np.ones((2, 3))])
    )
    chosen = {name: data.draw(values_of(known, name), name) for name, known in hyperparameters(schedule).items()}
    rates = schedule(**chosen).rates(rate, updates)
    assert rates.shape == (updates, *np.shape(rate))
    for update in range(updates):
        assert_same_bits(rates[update], schedule(**chosen).rate(rate, update))
        assert_same_bits(rates[update], rate * schedule(**chosen)(update))


@every_schedule
@given(data=st.data(), rate=st.floats(1e-6, 1e3), update=st.integers(0, 10_000))
def test_the_formula_and_the_program_give_the_rate(schedule, data, rate, update):
    chosen = {name: data.draw(values_of(known, name), name) for name, known in hyperparameters(schedule).items()}
    values, expected = {"learning_rate": rate, "update": update, **chosen}, schedule(**chosen).rate(rate, update)
    with np.errstate(all="ignore"):  # in the cases that do not hold
        formula = Equation("scheduled_learning_rate", schedule.formula).evaluate(values)
    np.testing.assert_allclose(formula, expected, rtol=1e-13, atol=1e-15 * rate)
    program = Program.from_data(json.loads(json.dumps(schedule.program().data())))
    evaluation = Evaluation(program, list(values), ["scheduled_learning_rate", "factor"])
    scheduled, factor = evaluation.at_point(*map(float, values.values()))
    np.testing.assert_allclose([scheduled, factor], [expected, schedule(**chosen)(update)], rtol=1e-13)


@dataclass(frozen=True, eq=False)
class Restarts(FormulaSchedule):
    """Falls to a half and starts again."""

    formula = "learning_rate * (1 - (update / period - floor(update / period)) / 2)"
    period: int = hyperparameter(4, "p", "period", low=1, high=50, help="The number of updates between two restarts.")


def test_a_formula_is_all_that_a_schedule_needs():
    assert Restarts.latex == (
        r"\eta_t = \eta\,\left(1 - \frac{\frac{t}{p} - \left\lfloor \frac{t}{p} \right\rfloor}{2}\right)"
    )
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.5, schedule=Restarts())
    path = run(rule, PrescribedGradients(np.ones((8, 2))), (0.0, 0.0), 8)
    np.testing.assert_allclose(-np.diff(path.theta[:, 0]), [0.5, 0.4375, 0.375, 0.3125] * 2)


def values_of(known, name: str) -> st.SearchStrategy:
    if name in ("period", "warmup"):
        return st.integers(int(known.low), int(known.high))
    return st.floats(known.low, known.high)


@every_schedule
def test_only_a_warm_up_ever_rises(schedule):
    factors = np.array([schedule()(update) for update in range(400)])
    beginning = 20 if schedule is WarmupCosine else 0
    assert (np.diff(factors[beginning:]) <= 0).all()
    assert (np.diff(factors[: beginning + 1]) > 0).all()
    assert factors.max() == 1


@every_schedule
def test_a_schedule_explains_itself(schedule):
    assert schedule.latex.startswith(r"\eta_t = ")
    assert schedule.latex.count("{") == schedule.latex.count("}")
    assert schedule.intuition.endswith(".")
    assert schedule.source
    assert f"${schedule.latex}$" in " ".join(schedule.__doc__.split())
    assert not schedule.__doc__.startswith(schedule.__name__)
    for name, known in hyperparameters(schedule).items():
        assert known.symbol.strip("\\") in schedule.latex, name


def test_the_first_update_has_number_0():
    rule = OPTIMIZERS["GradientDescent"](learning_rate=0.5, schedule=InverseTime(decay=1.0))
    path = run(rule, diagonal(1, 1), (1.0, 0.0), 3).theta[:, 0]
    np.testing.assert_allclose(path, [1, 1 / 2, 1 / 2 * 3 / 4, 1 / 2 * 3 / 4 * 5 / 6], rtol=1e-15)


def test_the_learning_rate_multiplies_the_whole_velocity_of_momentum():
    rule = OPTIMIZERS["Momentum"](learning_rate=1.0, momentum=0.5, schedule=Step(decay=0.25, period=1))
    path = run(rule, diagonal(1, 1), (4.0, 0.0), 2)
    # Velocities 4 and 0.5 * 4 + 0 = 2; the second is multiplied by 0.25.
    np.testing.assert_array_equal(path.theta[:, 0], [4, 0, -0.5])


@pytest.mark.parametrize(
    ("schedule", "bad"),
    [
        (InverseTime, {"decay": -0.1}),
        (InverseTime, {"decay": math.nan}),
        (Exponential, {"decay": 0.0}),
        (Exponential, {"decay": 1.01}),
        (Exponential, {"decay": "fast"}),
        (Step, {"decay": 0.0}),
        (Step, {"period": 0}),
        (Step, {"period": 2.5}),
        (Cosine, {"period": 2.5}),
        (WarmupCosine, {"warmup": 0.5}),
        (Cosine, {"period": math.inf}),
        (Cosine, {"period": 0}),
        (WarmupCosine, {"warmup": -1}),
        (WarmupCosine, {"period": None}),
    ],
)
def test_refuses_what_makes_no_sense_with_a_sentence(schedule, bad):
    (name,) = bad
    with pytest.raises(ValueError, match=rf"^{name} of {schedule.__name__} must be a .*\.$"):
        schedule(**bad)
