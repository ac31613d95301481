"""Every run, whatever computes it, is the rule's own `init` and `step` done again and again, to the last bit."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.equations import Equation
from optimizers.noise import GaussianNoise
from optimizers.optimizer import Optimizer, learning_rate_field
from optimizers.trajectory import points, run_to_end
from surfaces import SURFACES, parse
from surfaces.risk import SampledRisk
from tests.arithmetic import same_bits
from tests.losses import Quadratic, ValueAndGradient, diagonal

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)


@dataclass(frozen=True, eq=False)
class Plain:
    """A loss that is no program, with the numbers of another one."""

    loss: object

    def value(self, theta):
        return self.loss.value(theta)

    def gradient(self, theta):
        return self.loss.gradient(theta)

    def hessian(self, theta):
        return self.loss.hessian(theta)


@dataclass(frozen=True, eq=False)
class Lists(Plain):
    """A loss that answers with lists, and with a whole number."""

    def gradient(self, theta):
        return self.loss.gradient(theta).tolist()

    def hessian(self, theta):
        return self.loss.hessian(theta).tolist()

    def value(self, theta):
        return np.round(self.loss.value(theta)).astype(int).tolist()


@dataclass(frozen=True, eq=False)
class Single(Plain):
    """A loss that computes with 32 bits."""

    def value(self, theta):
        return np.asarray(self.loss.value(theta), dtype=np.float32)

    def gradient(self, theta):
        return self.loss.gradient(theta).astype(np.float32)

    def hessian(self, theta):
        return self.loss.hessian(theta).astype(np.float32)


def stepped(rule, loss, start, steps: int) -> dict[str, np.ndarray]:
    """The record of a run that is made by the rule's own functions alone."""
    theta = np.array(start, dtype=float)
    state = rule.init(theta)
    moments = []
    with np.errstate(all="ignore"):
        for update in range(steps + 1):
            seen = loss.sample(update) if hasattr(loss, "sample") else loss
            moments.append(
                {
                    "theta": theta,
                    "loss": np.asarray(loss.value(theta), dtype=float),
                    "gradient": np.asarray(loss.gradient(theta), dtype=float),
                    "seen_gradient": np.asarray(seen.gradient(theta), dtype=float),
                    **state,
                }
            )
            theta, state = rule.step(seen, theta, state)
    return {name: np.array([moment[name] for moment in moments]) for name in moments[0]}


def assert_run_is_stepping(rule, loss, start, steps: int = 12) -> None:
    path, expected = run(rule, loss, start, steps), stepped(rule, loss, start, steps)
    actual = {name: getattr(path, name) for name in ("theta", "loss", "gradient", "seen_gradient")} | path.state
    assert actual.keys() == expected.keys()
    for name, whole in actual.items():
        assert whole.shape == expected[name].shape, name
        wrong = np.flatnonzero(~same_bits(whole, expected[name]).reshape(steps + 1, -1).all(axis=1))
        assert not wrong.size, f"{name} of update {wrong[0]}: {whole[wrong[0]]}, stepped {expected[name][wrong[0]]}"


def assert_rows_are_runs(rule, loss, starts, steps: int = 8) -> None:
    """Row k of a batch equals the run alone."""
    together = run(rule, loss, starts, steps)
    for row in range(starts.shape[1]):
        alone = run(rule, loss, starts[:, row], steps)
        for name in ("theta", "loss", "gradient"):
            ours, theirs = getattr(together, name)[..., row], getattr(alone, name)
            assert same_bits(ours, theirs).all(), f"{name} of row {row}"
        for name, whole in together.state.items():
            # What is the same for all rows has no batch.
            own = whole[..., row] if whole.ndim > alone.state[name].ndim else whole
            assert same_bits(own, alone.state[name]).all(), f"{name} of row {row}"


LOSSES = {
    "a program": SURFACES["rosenbrock"],
    "a program with a curved valley": SURFACES["beale"],
    "a saddle": SURFACES["monkey_saddle"],
    "a sum over examples": SURFACES["line_fit"],
    "no program": Plain(SURFACES["himmelblau"]),
    "lists": Lists(SURFACES["himmelblau"]),
    "32 bits": Single(SURFACES["himmelblau"]),
    "a bowl by hand": Quadratic(np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -0.5])),
    "noise": GaussianNoise(SURFACES["himmelblau"], 0.7, seed=3),
    "noise on no program": GaussianNoise(Plain(SURFACES["himmelblau"]), 0.7, seed=3),
    "a sample": SampledRisk(SURFACES["line_fit"], batch_size=3, seed=2),
}
START = (1.25, -0.75)


@every_rule
@pytest.mark.parametrize("kind", LOSSES)
def test_a_run_is_stepping(name, kind):
    assert_run_is_stepping(OPTIMIZERS[name](), LOSSES[kind], START)


@every_rule
@pytest.mark.parametrize("kind", ["a program", "lists", "noise", "a sample"])
def test_a_row_of_a_batch_is_a_run_alone(name, kind):
    starts = np.array([[1.25, 0.0, -3.0, 1e160, np.nan], [-0.75, 0.0, 1e-200, 2.0, 1.0]])
    if kind == "lists":
        starts = starts[:, :3]
    assert_rows_are_runs(OPTIMIZERS[name](), LOSSES[kind], starts)


@every_rule
def test_a_run_that_diverges_is_stepping(name):
    rule = OPTIMIZERS[name](learning_rate=1e3)
    for loss in (SURFACES["rosenbrock"], Plain(SURFACES["rosenbrock"])):
        assert_run_is_stepping(rule, loss, (3.0, -4.0))


@pytest.mark.parametrize("start", [(0.0, -0.0), (-0.0, 1e-300), (1e154, 1e200), (np.nan, np.inf)])
@every_rule
def test_an_awkward_start_is_stepping(name, start):
    for loss in (diagonal(1.0, 4.0), SURFACES["bowl"]):
        assert_run_is_stepping(OPTIMIZERS[name](), loss, start, 6)


@pytest.mark.parametrize("text", ["1/x + y^2", "sqrt(x) + |y|", "(x^2)^1.3 + y^2"])
@every_rule
def test_a_run_through_a_place_without_a_derivative_is_stepping(name, text):
    loss = parse(text)
    for start in ((0.0, 1.0), (1e-320, 0.0)):
        assert_run_is_stepping(OPTIMIZERS[name](), loss, start, 4)
    if name in ("Adam", "Newton", "DampedNewton"):
        assert_rows_are_runs(OPTIMIZERS[name](), loss, np.array([[0.0, 1.0, 0.5], [1.0, 0.0, -0.5]]), 4)


WITHOUT_EPSILON = [name for name, rule in OPTIMIZERS.items() if hasattr(rule, "epsilon")]


@pytest.mark.parametrize("name", WITHOUT_EPSILON)
def test_no_epsilon_is_stepping(name):
    rule = OPTIMIZERS[name](epsilon=0.0)
    for loss in (SURFACES["rosenbrock"], diagonal(0.0, 1.0)):
        for start in (START, (0.0, 0.0), (1.0, 1.0)):
            assert_run_is_stepping(rule, loss, start)
    assert_rows_are_runs(rule, SURFACES["rosenbrock"], np.array([[1.25, 1.0, 0.0], [-0.75, 1.0, 0.0]]))


@pytest.mark.parametrize("beta2", [0.0, 0.6, 0.9, 0.999])
def test_radam_is_stepping_before_and_after_its_variance_counts(beta2):
    assert_run_is_stepping(OPTIMIZERS["RAdam"](beta2=beta2), SURFACES["rosenbrock"], START, 12)


def test_rows_with_exponents_of_their_own_have_the_bits_of_runs_alone():
    decays = np.array([0.5, 0.25, 1.0, 0.004])
    start = np.array(START)
    together = run(OPTIMIZERS["NAdam"](momentum_decay=decays), SURFACES["rosenbrock"], start, 12)
    for row, decay in enumerate(decays):
        alone = run(OPTIMIZERS["NAdam"](momentum_decay=decay), SURFACES["rosenbrock"], start, 12)
        assert same_bits(together.theta[..., row], alone.theta).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_is_stepping(schedule):
    for name in ("Adam", "LineSearch", "NAdam"):
        rule = OPTIMIZERS[name](learning_rate=0.3, schedule=SCHEDULES[schedule]())
        for kind in ("a program", "no program", "noise"):
            assert_run_is_stepping(rule, LOSSES[kind], START, 40)


def test_a_loss_without_a_hessian_serves_rules_that_do_not_ask():
    loss = ValueAndGradient(SURFACES["himmelblau"])
    for name in ("Momentum", "Adam", "LineSearch", "BFGS"):
        assert_run_is_stepping(OPTIMIZERS[name](), loss, START)
    with pytest.raises(AttributeError, match="hessian"):
        run(OPTIMIZERS["Newton"](), loss, START, 3)


@dataclass(frozen=True, eq=False)
class HighAndFast(Optimizer):
    """A rule whose step is as long as the loss is high."""

    equations = (
        Equation("effective_step", "value / (1 + sqrt(times(hessian, gradient) ** 2))", aside=True),
        Equation("theta", "theta - scheduled_learning_rate * effective_step * gradient"),
    )
    learning_rate: float = learning_rate_field(0.1)


@pytest.mark.parametrize("kind", LOSSES)
def test_a_rule_of_two_lines_that_asks_for_values_is_stepping(kind):
    assert_run_is_stepping(HighAndFast(), LOSSES[kind], START)
    assert_rows_are_runs(HighAndFast(), LOSSES[kind], np.array([[1.25, 0.5], [-0.75, 2.0]]))


def test_the_memory_of_a_state_is_its_own():
    rule, theta = OPTIMIZERS["BFGS"](), np.array([[1.0, 2.0], [3.0, 4.0]])
    state = rule.init(theta)
    kept = {name: np.array(whole) for name, whole in state.items()}
    moved, following = rule.step(SURFACES["rosenbrock"], theta, state)
    for name, whole in kept.items():
        np.testing.assert_array_equal(state[name], whole)
    assert following["update"] == 1
    assert not np.shares_memory(moved, theta)
    assert not np.shares_memory(rule.init(theta)["previous_theta"], theta)


def test_a_single_rate_for_a_batch_equals_an_array_of_it():
    starts = np.array([[1.25, 0.5], [-0.75, 2.0]])
    for name in OPTIMIZERS:
        rule = OPTIMIZERS[name]()
        one = run(rule, SURFACES["himmelblau"], starts, 15)
        each = run(replace(rule, learning_rate=np.full(2, rule.learning_rate)), SURFACES["himmelblau"], starts, 15)
        assert same_bits(one.theta, each.theta).all(), name


def test_points_are_those_of_the_run():
    rule, loss = OPTIMIZERS["Adam"](), SURFACES["rosenbrock"]
    path = run(rule, loss, START, 10)
    assert same_bits([np.array(point) for point in points(rule, loss, START, 10)], path.theta).all()


@pytest.mark.parametrize("columns", [2, 40])
@pytest.mark.parametrize("name", ["Adam", "NAdam", "Adamax"])
def test_hyperparameters_of_one_axis_have_states_of_that_axis(name, columns):
    rule = OPTIMIZERS[name](beta1=np.array([[0.9], [0.5], [0.0]]), learning_rate=np.full((1, columns), 0.1))
    starts = np.random.default_rng(0).normal(size=(2, 3, columns))
    assert_run_is_stepping(rule, SURFACES["rosenbrock"], starts)
    path = run(rule, SURFACES["rosenbrock"], starts, 3)
    assert path.state["beta1_power"].shape == (4, 3, 1)
    np.testing.assert_allclose(path.state["beta1_power"][3, :, 0], [0.9**3, 0.5**3, 0.0])


@dataclass(frozen=True, eq=False)
class Uphill(Optimizer):
    """A rule that is its own step: against the usual direction, and so out of all numbers."""

    def init(self, theta):
        return {"update": 0}

    def step(self, loss, theta, state):
        return theta + loss.gradient(theta), {"update": state["update"] + 1}


@pytest.mark.parametrize("start", [START, np.array([[1.25, 0.0], [-0.75, 0.0]])])
def test_the_end_of_a_rule_with_its_own_step_is_that_of_its_run(start):
    path, end = (ran(Uphill(), SURFACES["rosenbrock"], start, 8) for ran in (run, run_to_end))
    for name in ("theta", "loss", "gradient"):
        assert same_bits(getattr(end, name), getattr(path, name)[-1]).all(), name
    np.testing.assert_array_equal(end.diverged_at, path.diverged_at)
    assert np.ravel(end.diverged_at)[0] > 0
