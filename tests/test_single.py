"""The run of one start: a recurrence of floats, and what happens where floats refuse."""

from collections import Counter
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.descent import View, asking_descent, descent, fused
from optimizers.noise import GaussianNoise, IndependentNoise
from optimizers.single import rows_of_each
from surfaces import SURFACES, Surface, parse
from surfaces.risk import SampledRisk
from tests.arithmetic import same_bits


@dataclass(frozen=True, eq=False)
class Counting:
    """A loss that is no program, and counts what it is asked for."""

    loss: object
    asked: Counter

    def value(self, theta):
        self.asked["value"] += 1
        return self.loss.value(theta)

    def gradient(self, theta):
        self.asked["gradient"] += 1
        return self.loss.gradient(theta)

    def hessian(self, theta):
        self.asked["hessian"] += 1
        return self.loss.hessian(theta)


def counted(name: str, steps: int) -> Counter:
    asked = Counter()
    run(OPTIMIZERS[name](), Counting(SURFACES["himmelblau"], asked), (1.0, 2.0), steps)
    return asked


@pytest.mark.parametrize("name", ["Adam", "Momentum"])
def test_value_and_gradient_are_asked_for_once_at_each_point(name):
    assert counted(name, 10) == {"value": 11, "gradient": 11}


def test_a_hessian_is_asked_for_once_at_each_point_by_rules_that_use_it():
    assert counted("Newton", 10) == {"value": 11, "gradient": 11, "hessian": 11}


def test_the_columns_are_what_is_carried_and_what_is_recorded():
    rule = OPTIMIZERS["Adam"]()
    made, rows = rows_of_each(rule, SURFACES["bowl"], np.array([1.0, 2.0]), 5)
    columns = [*made.recurrence.carried, *made.recorded]
    assert rows.shape == (6, len(columns))
    assert columns[:2] == ["theta1", "theta2"]
    assert rows[0, :2].tolist() == [1.0, 2.0]
    value, slope1 = columns.index("value"), columns.index("gradient1")
    assert same_bits(rows[:, value], SURFACES["bowl"].value(rows[:, :2].T)).all()
    assert same_bits(rows[:, slope1], SURFACES["bowl"].gradient(rows[:, :2].T)[0]).all()


@pytest.mark.parametrize("steps", [0, 1, 7])
@pytest.mark.parametrize("start", [(0.0, 1.0), (1.0, 0.0)])
def test_where_floats_refuse_the_rows_go_on(steps, start):
    loss = parse("1/x + sqrt(y)")
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.5), loss, start, steps)
    assert path.theta.shape == (steps + 1, 2)
    assert path.theta[0].tolist() == list(start)
    assert path.diverged_at == 0
    assert path.loss[0] == loss.value(np.array(start))


def test_floats_that_refuse_late_leave_the_early_rows_alone():
    # The slope of 1/x is negative everywhere, so from -1 the points go to 0, where 1 is divided by 0.
    path = run(OPTIMIZERS["SignDescent"](learning_rate=0.25), parse("1/x + y^2"), (-1.0, 0.0), 9)
    np.testing.assert_array_equal(path.theta[:5, 0], [-1.0, -0.75, -0.5, -0.25, 0.0])
    assert path.diverged_at == 4
    assert same_bits(path.loss[:5], [-1.0, -1 / 0.75, -2.0, -4.0, np.inf]).all()


@pytest.mark.parametrize("schedule", ["Constant", "Cosine"])
def test_each_of_a_few_starts_has_the_rows_of_its_own_run(schedule):
    rates, starts = np.array([[0.1], [0.3]]), np.array([[1.0, -2.0, 0.5], [2.0, 0.5, 1.0]])[:, None]
    rule = partial(OPTIMIZERS["Adam"], schedule=SCHEDULES[schedule]())
    _, rows = rows_of_each(rule(learning_rate=rates), SURFACES["bowl"], np.repeat(starts, 2, axis=1), 5)
    for place, index in np.ndindex(2, 3):
        _, alone = rows_of_each(rule(learning_rate=rates[place, 0]), SURFACES["bowl"], starts[:, 0, index], 5)
        assert same_bits(rows[:, :, place, index], alone).all()


def test_one_recurrence_serves_all_runs_of_a_rule_on_a_loss():
    loss, adam = SURFACES["bowl"], OPTIMIZERS["Adam"]
    first = rows_of_each(adam(), loss, np.zeros(2), 1)[0]
    assert rows_of_each(adam(learning_rate=0.5), loss, np.ones(2), 9)[0] is first
    assert rows_of_each(adam(schedule=SCHEDULES["Cosine"]()), loss, np.zeros(2), 1)[0] is not first
    assert descent(adam, loss, View()) is first
    assert asking_descent(adam, View()) is asking_descent(adam, View())


def test_which_losses_are_part_of_the_recurrence():
    bowl, line = SURFACES["bowl"], SURFACES["line_fit"]
    adam, search = OPTIMIZERS["Adam"](), OPTIMIZERS["LineSearch"]()
    noisy = GaussianNoise(bowl, 0.5)
    for loss, is_tilted in ((bowl, False), (noisy, True)):
        made, formula = fused(adam, loss)
        assert formula is bowl
        assert made.view.is_tilted == is_tilted
        assert made.recurrence.questions == ()
    # A rule that asks for values sees those of the tilted loss.
    assert fused(search, noisy) is None
    for loss in (IndependentNoise(bowl, np.ones(3)), SampledRisk(line, 2), Counting(bowl, Counter())):
        assert fused(adam, loss) is None


class Doubled(Surface):
    """A surface that has another gradient than its formula."""

    def value_and_gradient(self, theta):
        return self.value(theta), 2 * super().gradient(theta)


class HandingOn:
    """A loss that has all that a surface has, but a gradient of its own."""

    def __init__(self, surface: Surface):
        self._surface = surface

    def __getattr__(self, name: str):
        return getattr(self._surface, name)

    def value_and_gradient(self, theta):
        return self.value(theta), 2 * self._surface.gradient(theta)


class OtherProgram(Counting):
    """A loss that calls something else its program."""

    program = "descent"


@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 90)])
def test_a_program_does_not_stand_in_for_functions_that_a_class_has_changed(shape):
    bowl, start = SURFACES["bowl"], np.full(shape, 0.5)
    doubled = Doubled(bowl.title, bowl.formula, bowl.domain, bowl.start)
    for loss in (doubled, HandingOn(bowl)):
        assert (run(OPTIMIZERS["Adam"](), loss, start, 1).gradient[0] == 2 * bowl.gradient(start)).all()
    for loss in (bowl, OtherProgram(bowl, Counter())):
        assert (run(OPTIMIZERS["Adam"](), loss, start, 1).gradient[0] == bowl.gradient(start)).all()


def test_noise_is_seen_and_not_recorded():
    noisy = GaussianNoise(SURFACES["bowl"], 0.5, seed=1)
    path = run(OPTIMIZERS["GradientDescent"](), noisy, (1.0, 2.0), 6)
    assert same_bits(path.gradient, SURFACES["bowl"].gradient(path.theta.T).T).all()
    assert same_bits(path.seen_gradient, path.gradient + noisy.slopes(7)).all()
