"""Every rule: documentation, shapes, independence of rows, purity, bad input. A new rule is tested by being there."""

import dataclasses
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from optimizers import OPTIMIZERS, SCHEDULES, Optimizer, adaptive, first_order, full_title_of, run, run_to_end
from optimizers.hyperparameters import defaults, hyperparameters
from optimizers.optimizer import ScheduledOptimizer
from surfaces import SURFACES
from tests.losses import ValueAndGradient
from tests.recordings import recordings
from tests.samples import assert_same_bits, awkward_points

pytestmark = pytest.mark.filterwarnings("error")

BATCHES = [(), (1,), (3,), (2, 3), (0,)]
SURFACE_NAMES = ["rosenbrock", "himmelblau", "ackley", "branin", "saddle"]
NEED_THE_HESSIAN = {"BestStep", "ConjugateGradient", "Newton", "DampedNewton"}
FAST_SCHEDULES = {"Step": {"period": 7}, "Cosine": {"period": 20}, "WarmupCosine": {"warmup": 5, "period": 20}}
ADAPTIVE = {"Adagrad", "RMSProp", "Adadelta", "Adam", "AdamW", "AMSGrad", "Adamax", "NAdam", "RAdam"}
HIMMELBLAU = SURFACES["himmelblau"]

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)
many_surfaces = pytest.mark.parametrize("surface", SURFACE_NAMES)
every_hyperparameter = pytest.mark.parametrize(
    ("name", "field"), [(name, field) for name, rule in OPTIMIZERS.items() for field in hyperparameters(rule)]
)


def starts_around(surface, *batch: int) -> np.ndarray:
    start = surface.start.reshape(2, *(1 for _ in batch))
    return start + np.random.default_rng(len(batch)).uniform(-0.5, 0.5, (2, *batch))


def on_the_sliders(rule: type[Optimizer], *batch: int) -> dict[str, np.ndarray]:
    """A value from the slider's range for every hyperparameter and every row of a batch."""
    random = np.random.default_rng(17)
    values = {}
    for field, known in hyperparameters(rule).items():
        low, high = np.log([known.low, known.high]) if known.scale == "log" else (known.low, known.high)
        drawn = random.uniform(low, high, batch)
        values[field] = np.exp(drawn) if known.scale == "log" else drawn
    return values


def row(values: dict[str, np.ndarray], index: int) -> dict[str, float]:
    return {name: float(value[index]) for name, value in values.items()}


def assert_is_row(together, index: int, alone) -> None:
    """One row of a batch is the run made alone, to the last bit, its state included."""
    for entry in ("theta", "loss", "gradient"):
        assert_same_bits(getattr(together, entry)[..., index], getattr(alone, entry))
    assert together.diverged_at[index] == alone.diverged_at
    assert together.state.keys() == alone.state.keys()
    for entry, recorded in alone.state.items():
        shared = together.state[entry].ndim == recorded.ndim
        assert_same_bits(together.state[entry] if shared else together.state[entry][..., index], recorded)


# What a rule says about itself


def test_the_catalogue_holds_all_the_rules_and_schedules():
    assert OPTIMIZERS.keys() >= {
        *("GradientDescent", "Momentum", "Nesterov", "Adagrad", "RMSProp", "Adadelta", "Adam", "AdamW", "AMSGrad"),
        *("Adamax", "NAdam", "RAdam", "Lion", "SignDescent", "LineSearch", "BestStep", "ConjugateGradient", "Newton"),
        *("DampedNewton", "BFGS"),
    }
    assert SCHEDULES.keys() >= {
        *("Constant", "InverseSqrt", "InverseTime", "Exponential", "Step", "Cosine", "WarmupCosine"),
    }
    assert all(OPTIMIZERS[name].__name__ == name for name in OPTIMIZERS)


def test_a_rule_is_abstract_or_final():
    assert not [(a, b) for a, b in permutations(OPTIMIZERS, 2) if issubclass(OPTIMIZERS[a], OPTIMIZERS[b])]


@every_rule
def test_a_rule_explains_itself(name):
    rule = OPTIMIZERS[name]
    assert all([rule.family, rule.equations, rule.intuition, rule.source, rule.variant])
    assert rule.intuition.endswith(".")
    assert rule.variant.endswith(".")
    assert "Source" in vars(rule)["__doc__"]
    assert all(isinstance(note, int) and note > 0 and text.endswith(".") for note, text in rule.notes.items())


@every_rule
def test_all_fields_are_hyperparameters_but_the_schedule(name):
    fields = {field.name for field in dataclasses.fields(OPTIMIZERS[name])}
    assert fields - {"schedule"} == hyperparameters(OPTIMIZERS[name]).keys()
    assert "learning_rate" in fields


@every_hyperparameter
def test_a_hyperparameter_has_all_that_a_slider_needs(name, field):
    rule = OPTIMIZERS[name]
    known, default = hyperparameters(rule)[field], defaults(rule)[field]
    assert all([known.symbol, known.label, known.help])
    assert known.help.endswith(".")
    assert known.scale in ("linear", "log")
    assert known.low < known.high
    assert known.low <= default <= known.high
    assert known.low > 0 or known.scale == "linear"
    for value in (known.low, known.high, default):
        assert getattr(rule(**{field: value}), field) == value


def test_rules_without_a_length_of_their_own_are_offered_a_schedule():
    scheduled = {name for name, rule in OPTIMIZERS.items() if issubclass(rule, ScheduledOptimizer)}
    modules = {first_order.__name__, adaptive.__name__}
    assert scheduled == {name for name, rule in OPTIMIZERS.items() if rule.__module__ in modules}


@every_rule
def test_a_rule_cannot_be_changed(name):
    rule = OPTIMIZERS[name]()
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.learning_rate = 0.5
    assert rule != OPTIMIZERS[name]()


@pytest.mark.parametrize("module", [first_order, adaptive], ids=["first order", "adaptive"])
def test_other_libraries_are_recorded_for_every_rule_that_they_have(module):
    recorded = [parameter.values[0] for parameter in recordings(module, scheduled=False)]
    known = {"GradientDescent", "Momentum", "Nesterov", "SignDescent", "Lion"} if module is first_order else ADAPTIVE
    assert {recording["rule"] for recording in recorded} == known
    for name in known:
        assert len({recording["surface"] for recording in recorded if recording["rule"] == name}) >= 3


# Shapes


@every_rule
@pytest.mark.parametrize("batch", BATCHES)
def test_shapes_and_types(name, batch):
    rule, starts = OPTIMIZERS[name](), starts_around(HIMMELBLAU, *batch)
    path, end = run(rule, HIMMELBLAU, starts, 4), run_to_end(rule, HIMMELBLAU, starts, 4)
    assert path.theta.shape == path.gradient.shape == path.seen_gradient.shape == (5, 2, *batch)
    assert path.loss.shape == (5, *batch)
    assert end.theta.shape == end.gradient.shape == (2, *batch)
    assert np.shape(end.loss) == path.diverged.shape == path.diverged_at.shape == end.diverged_at.shape == batch
    for floats in (path.theta, path.loss, path.gradient, end.theta, end.loss, end.gradient):
        assert floats.dtype == np.float64
    assert path.diverged.dtype == bool
    assert np.issubdtype(path.diverged_at.dtype, np.integer)
    assert all(len(entry) == 5 for entry in path.state.values())


@every_rule
def test_a_state_keeps_its_names_shapes_and_types(name):
    rule, theta = OPTIMIZERS[name](), starts_around(HIMMELBLAU, 3)
    state = rule.init(theta)
    expected = {entry: (np.shape(value), np.asarray(value).dtype) for entry, value in state.items()}
    for _ in range(3):
        theta, state = rule.step(HIMMELBLAU, theta, state)
        assert theta.shape == (2, 3)
        assert {entry: (np.shape(value), np.asarray(value).dtype) for entry, value in state.items()} == expected


@every_rule
@settings(max_examples=12)
@given(batch=array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), data=st.data())
def test_any_setting_of_the_sliders_runs_on_any_batch(name, batch, data):
    rule = OPTIMIZERS[name]
    chosen = {field: data.draw(st.floats(k.low, k.high), field) for field, k in hyperparameters(rule).items()}
    varied = {field: value * np.ones(batch) for field, value in chosen.items()}
    starts = starts_around(HIMMELBLAU, *batch)
    path = run(rule(**varied), HIMMELBLAU, starts, 6)
    flat = run(rule(**chosen), HIMMELBLAU, starts.reshape(2, -1), 6)
    assert_same_bits(path.theta[0], starts)
    assert_same_bits(path.theta.reshape(7, 2, -1), flat.theta)
    assert_same_bits(path.diverged_at.ravel(), flat.diverged_at)


@every_rule
def test_one_start_serves_a_thousand_learning_rates(name):
    rule, rates = OPTIMIZERS[name], np.geomspace(1e-4, 2, 1000)
    path = run(rule(learning_rate=rates), HIMMELBLAU, HIMMELBLAU.start, 8)
    assert path.theta.shape == (9, 2, 1000)
    for index in (0, 1, 500, 998, 999):
        assert_is_row(path, index, run(rule(learning_rate=rates[index]), HIMMELBLAU, HIMMELBLAU.start, 8))


@every_rule
def test_a_row_of_starts_meets_a_column_of_learning_rates(name):
    rule, rates, starts = OPTIMIZERS[name], np.array([[0.001], [0.1]]), starts_around(HIMMELBLAU, 3)
    path = run(rule(learning_rate=rates), HIMMELBLAU, starts, 5)
    assert path.theta.shape == (6, 2, 2, 3)
    for i in range(2):
        for j in range(3):
            alone = run(rule(learning_rate=rates[i, 0]), HIMMELBLAU, starts[:, j], 5)
            assert_same_bits(path.theta[..., i, j], alone.theta)


# Rows of a batch are independent


@every_rule
@many_surfaces
def test_rows_of_a_batch_are_independent_bit_for_bit(name, surface):
    rule, loss = OPTIMIZERS[name](), SURFACES[surface]
    starts = starts_around(loss, 9)
    together = run(rule, loss, starts, 30)
    for index in range(9):
        assert_is_row(together, index, run(rule, loss, starts[:, index], 30))


@every_rule
@many_surfaces
def test_rows_with_their_own_hyperparameters_are_independent_bit_for_bit(name, surface):
    rule, loss = OPTIMIZERS[name], SURFACES[surface]
    starts, settings_of_rows = starts_around(loss, 7), on_the_sliders(rule, 7)
    together = run(rule(**settings_of_rows), loss, starts, 30)
    for index in range(7):
        assert_is_row(together, index, run(rule(**row(settings_of_rows, index)), loss, starts[:, index], 30))


@every_rule
def test_awkward_starts_neither_raise_nor_touch_each_other(name):
    rule, starts = OPTIMIZERS[name](), awkward_points()
    together = run(rule, HIMMELBLAU, starts, 3)
    assert_same_bits(together.theta[0], starts)
    for index in range(0, starts.shape[1], 3):
        assert_is_row(together, index, run(rule, HIMMELBLAU, starts[:, index], 3))


# Purity


class ReadOnly:
    """A loss whose answers cannot be written to."""

    def __init__(self, loss):
        self.loss = loss

    def __getattr__(self, asked):
        return lambda theta: read_only(np.array(getattr(self.loss, asked)(theta)))


def read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array


@every_rule
def test_a_step_is_pure(name):
    rule = OPTIMIZERS[name](**{field: read_only(value) for field, value in on_the_sliders(OPTIMIZERS[name], 5).items()})
    loss, theta = ReadOnly(HIMMELBLAU), read_only(starts_around(HIMMELBLAU, 5))
    state = rule.init(theta)
    with np.errstate(all="ignore"):
        for _ in range(4):
            state = {entry: read_only(np.array(value)) for entry, value in state.items()}
            moved, following = rule.step(loss, theta, state)
            again, repeated = rule.step(loss, theta, state)
            assert_same_bits(again, moved)
            for entry, value in following.items():
                assert_same_bits(np.asarray(repeated[entry]), np.asarray(value))
            theta, state = read_only(moved), following


@every_rule
def test_a_run_leaves_its_inputs_alone_and_can_be_repeated(name):
    starts, chosen = starts_around(HIMMELBLAU, 6), on_the_sliders(OPTIMIZERS[name], 6)
    rule = OPTIMIZERS[name](**chosen)
    starts_before, chosen_before = starts.copy(), {field: value.copy() for field, value in chosen.items()}
    first, again = run(rule, HIMMELBLAU, starts, 20), run(rule, HIMMELBLAU, starts, 20)
    assert_same_bits(starts, starts_before)
    for field, value in chosen_before.items():
        assert getattr(rule, field) is chosen[field]
        assert_same_bits(chosen[field], value)
    for entry in ("theta", "loss", "gradient"):
        assert_same_bits(getattr(again, entry), getattr(first, entry))
    for entry, recorded in first.state.items():
        assert_same_bits(again.state[entry], recorded)


@every_rule
@many_surfaces
def test_the_endpoint_is_the_last_record_of_the_run(name, surface):
    rule, loss = OPTIMIZERS[name], SURFACES[surface]
    starts = np.hstack([starts_around(loss, 6), [[1e200, np.nan], [1.0, 1.0]]])
    rule = rule(learning_rate=np.geomspace(1e-3, 10, 8))
    path, end = run(rule, loss, starts, 40), run_to_end(rule, loss, starts, 40)
    assert_same_bits(end.theta, path.theta[-1])
    assert_same_bits(end.loss, path.loss[-1])
    assert_same_bits(end.gradient, path.gradient[-1])
    assert_same_bits(end.diverged_at, path.diverged_at)
    assert_same_bits(end.diverged, path.diverged)


# What a rule asks of the loss


@pytest.mark.parametrize("name", sorted(OPTIMIZERS.keys() - NEED_THE_HESSIAN))
def test_any_object_with_a_value_and_a_gradient_is_a_loss(name):
    starts = starts_around(HIMMELBLAU, 4)
    path = run(OPTIMIZERS[name](), ValueAndGradient(HIMMELBLAU), starts, 20)
    assert_same_bits(path.theta, run(OPTIMIZERS[name](), HIMMELBLAU, starts, 20).theta)


@pytest.mark.parametrize("name", sorted(NEED_THE_HESSIAN))
def test_rules_that_ask_for_the_hessian_use_it(name):
    with pytest.raises(AttributeError, match="hessian"):
        run(OPTIMIZERS[name](), ValueAndGradient(HIMMELBLAU), HIMMELBLAU.start, 2)


@every_rule
def test_every_rule_goes_down_a_bowl(name):
    bowl = SURFACES["bowl"]
    path = run(OPTIMIZERS[name](), bowl, (-1.0, 0.75), 300)
    assert path.loss[-1] < 0.9 * path.loss[0]
    assert not path.diverged


# Schedules


@every_rule
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_scheduled_run_is_a_run_whose_learning_rate_is_set_anew_at_every_update(name, schedule):
    factor = SCHEDULES[schedule](**FAST_SCHEDULES.get(schedule, {}))
    rates, theta = np.array([0.002, 0.01, 0.05]), starts_around(HIMMELBLAU, 3)
    path = run(OPTIMIZERS[name](learning_rate=rates, schedule=factor), HIMMELBLAU, theta, 30)
    state = OPTIMIZERS[name](learning_rate=rates).init(theta)
    with np.errstate(all="ignore"):
        for update in range(30):
            theta, state = OPTIMIZERS[name](learning_rate=rates * factor(update)).step(HIMMELBLAU, theta, state)
            assert_same_bits(path.theta[update + 1], theta)


# Bad input


@every_hyperparameter
def test_refuses_a_bad_hyperparameter_with_a_sentence(name, field):
    for bad in (-1.0, np.nan, np.inf, -np.inf, "fast", None, np.array([0.5, -1.0])):
        with pytest.raises(ValueError, match=rf"^{field} of {name} must be a .*\.$"):
            OPTIMIZERS[name](**{field: bad})


@every_hyperparameter
def test_a_memory_is_less_than_1(name, field):
    if field in ("momentum", "beta1", "beta2", "decay"):
        with pytest.raises(ValueError, match=rf"^{field} of {name} must be .* less than 1, but it is 1\.0\.$"):
            OPTIMIZERS[name](**{field: 1.0})
    else:
        assert getattr(OPTIMIZERS[name](**{field: 1.0}), field) == 1


@every_rule
def test_refuses_shapes_that_do_not_fit(name):
    with pytest.raises(ValueError, match=r"start has \(3,\) and learning_rate \(4,\)"):
        run(OPTIMIZERS[name](learning_rate=np.full(4, 0.1)), HIMMELBLAU, np.zeros((2, 3)), 2)
    with pytest.raises(ValueError, match=r"This one has \(3, 2\)"):
        run(OPTIMIZERS[name](), HIMMELBLAU, np.zeros((3, 2)), 2)


def test_a_rule_is_found_under_its_other_names():
    assert full_title_of("GradientDescent") == "Gradient descent (SGD)"
    assert full_title_of("Adam") == "Adam"
    aliases = [alias for rule in OPTIMIZERS.values() for alias in rule.aliases]
    assert len({*aliases, *OPTIMIZERS}) == len(aliases) + len(OPTIMIZERS)
