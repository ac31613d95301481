"""Runs as data, and that node descends as numpy does."""

import json
import subprocess
from dataclasses import dataclass

import numpy as np
import pytest

from browser import program
from browser.descents import (
    MANY_NOISES,
    MOST_EXAMPLES,
    MOST_LOOKS,
    OWN_LOSS,
    OWN_SCHEDULE,
    OWN_STEP,
    TOO_LONG,
    TOO_MANY,
)
from lessons.experiment import noisy
from lessons.presets import PRESETS
from lessons.rates import rate_limit, suited_rate
from lessons.settings import built_optimizer
from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, Loss, Optimizer, Schedule, run
from optimizers.descent import Descent
from optimizers.lowering import lowered
from optimizers.noise import IndependentNoise
from optimizers.optimizer import ScheduledOptimizer
from optimizers.record import from_rows
from optimizers.sensitivity import departure, is_sensitive
from optimizers.single import rows_of_each
from optimizers.variants import rate_change
from surfaces import SURFACES, EmpiricalRisk, Surface, parse
from surfaces.names import surface_of
from tests.node import FOLDER, ROOT, answers_of, node_path

# Relative to the largest coordinate of the path up to there.
CLOSE = 1e-9
RUNS = FOLDER / "runs.js"


def numbers_of(answer: dict, *names: str) -> np.ndarray:
    """The columns of a run in node: (updates, columns)."""
    rows = np.array([float(number) for number in answer["rows"]]).reshape(-1, len(answer["columns"]))
    return rows[:, [answer["columns"].index(name) for name in names]]


def test_run_mjs_prints_the_paths():
    surface = SURFACES["rosenbrock"]
    rules = {"Adam": OPTIMIZERS["Adam"](), "Steep": OPTIMIZERS["GradientDescent"](learning_rate=1.0)}
    text = json.dumps(program(surface, rules, surface.start, 20), allow_nan=False)
    done = subprocess.run([node_path(), ROOT / "browser" / "run.mjs"], input=text, capture_output=True, text=True)
    assert done.stderr == ""
    paths = json.loads(done.stdout)
    assert [*paths] == [*rules]
    np.testing.assert_allclose(paths["Adam"], run(rules["Adam"], surface, surface.start, 20).theta, rtol=CLOSE)
    assert paths["Steep"][-1] == [None, None]


def assert_agree(runs: list[tuple[str, Loss, dict[str, Optimizer], np.ndarray, int]]) -> list[str]:
    """Runs rules by name from starts in node and in numpy, asserts that both record the same, and returns those that
    are sensitive, which need not."""
    questions = [program(loss, rules, start, steps) for _, loss, rules, start, steps in runs]
    sensitive = []
    for (title, loss, rules, start, steps), answer in zip(runs, answers_of(RUNS, questions), strict=True):
        assert [*answer] == [*rules], title
        for name, rule in rules.items():
            with np.errstate(all="ignore"):
                made, rows = rows_of_each(rule, loss, np.array(start, dtype=float), steps)
            path = from_rows(made, rows, np.array(start), rule, loss)
            if is_sensitive(path):
                sensitive.append(f"{title}: {name}")
                continue
            assert int(path.diverged_at) == answer[name]["divergedAt"], (title, name)
            assert departure(path.theta, numbers_of(answer[name], "theta1", "theta2")) <= CLOSE, (title, name)
            # What stands beside the point may change by more: beside a corner, the slope; of a search, the number of
            # halvings, once nothing is left to gain.
            if not (getattr(getattr(loss, "loss", loss), "mends", False) or lowered(type(rule)).search):
                assert_same_records(made, rows, int(path.diverged_at), answer[name])
    return sensitive


def assert_same_records(made: Descent, rows: np.ndarray, diverged_at: int, answer: dict) -> None:
    """All columns agree, relative to the largest number of each up to there, until the run diverges."""
    names = [*made.recurrence.carried, *made.recorded]
    seen = [name for name in names if name in answer["columns"]]
    assert set(names) - set(seen) <= {"seen_gradient1", "seen_gradient2"}
    end = diverged_at if diverged_at >= 0 else len(rows)
    expected = rows[:end, [names.index(name) for name in seen]]
    with np.errstate(all="ignore"):
        difference = np.abs(numbers_of(answer, *seen)[:end] - expected)
    is_close = difference <= 1e-6 * np.maximum.accumulate(np.abs(expected))
    assert is_close[np.isfinite(expected)].all(), (made.rule, dict(zip(seen, difference.max(axis=0), strict=True)))


def every_rule(surface: Surface) -> dict[str, Optimizer]:
    """Every rule as it is, and those with a learning rate at one that suits the surface."""
    rate = suited_rate(surface, rate_limit(surface))
    rules = {name: rule() for name, rule in OPTIMIZERS.items()}
    suited = {
        f"{name} {rate}": rule(learning_rate=rate)
        for name, rule in OPTIMIZERS.items()
        if issubclass(rule, ScheduledOptimizer)
    }
    return rules | suited


@pytest.mark.slow
def test_every_rule_descends_on_every_surface_as_in_numpy():
    runs = [(name, surface, every_rule(surface), surface.start, 200) for name, surface in SURFACES.items()]
    sensitive = assert_agree(runs)
    assert len(sensitive) <= sum(len(rules) for _, _, rules, _, _ in runs) / 10, sensitive


@pytest.mark.slow
def test_every_preset_descends_as_in_numpy():
    runs = []
    for preset in PRESETS:
        settings = preset.applied()
        loss = noisy(surface_of(settings.surface), settings)
        rules = {name: built_optimizer(settings, name) for name in settings.optimizers}
        runs.append((f"{preset.surface}, {preset.title}", loss, rules, settings.start, settings.updates))
    sensitive = assert_agree(runs)
    assert len(sensitive) <= sum(len(rules) for _, _, rules, _, _ in runs) / 10, sensitive


def test_schedules_travel():
    surface = SURFACES["himmelblau"]
    rules = {
        f"{rule} {name}": OPTIMIZERS[rule](schedule=schedule())
        for name, schedule in SCHEDULES.items()
        for rule in ("GradientDescent", "Adam")
    }
    rules |= {f"{name}, changed": rate_change(rule, 0.001, 100) for name, rule in rules.items()}
    assert assert_agree([("himmelblau", surface, rules, surface.start, 300)]) == []


def test_noise_and_samples_travel():
    rules = {name: rule() for name, rule in OPTIMIZERS.items()}
    line, neuron = SURFACES["line_fit"], SURFACES["tanh_neuron"]
    losses = [
        *(GaussianNoise(SURFACES[name], 0.1, seed=3) for name in ("booth", "ackley", "tanh_neuron")),
        *(neuron.sampled(4, 1), neuron.sampled(3, 1, replacement=True), line.sampled(3), line.sampled(line.count)),
    ]
    runs = [(repr(loss)[:40], loss, rules, SURFACES["booth"].start / 10, 40) for loss in losses]
    assert len(assert_agree(runs)) <= 7


# Gaps, poles, corners, jumps, tips, powers and functions of all kinds.
TYPED = (
    *("abs(x) + y^2", "sqrt(x^2 + y^2)", "abs(x)^1.5 + abs(y)", "log(x) + (y - 1)^2", "1/x + x + y^2", "x^2.5 + y^2"),
    *("max(x, y)^2 + abs(x - y)", "floor(x) + x^2 + y^2", "cbrt(x) + x^2 + y^4", "x^(1/3) + y^2", "exp(-1/x^2) + y^2"),
    *("erf(x) + y^2 + tanh(x y)", "arcsin(x/9)^2 + cosh(y)", "sinc(x) + y^2", "mod(x, 2) + y^2", "sign(x) x + y^2"),
    "log(1 + exp(x)) + gamma(2) y^2",
)


def test_typed_formulas_travel():
    rules = {name: OPTIMIZERS[name]() for name in ("GradientDescent", "Adam", "BFGS", "Newton", "LineSearch")}
    runs = [
        (text, surface, rules, start, 60)
        for text in TYPED
        for surface in [parse(text)]
        for start in (surface.start, (0.0, 0.0), (-1.0, 0.5))
    ]
    sensitive = assert_agree(runs)
    # Beside corners, more of them than elsewhere.
    assert len(sensitive) <= len(runs) * len(rules) / 6, sensitive


@dataclass(frozen=True, eq=False)
class OwnStep(Optimizer):
    """Gradient descent in Python."""

    def step(self, loss, theta, state):
        return theta - self.learning_rate * loss.gradient(theta), state


class OwnSchedule(Schedule):
    """The same rate, without a formula."""

    def __call__(self, update):
        return 1.0

    def factors(self, updates):
        return np.ones(updates)


class OwnLoss:
    """A bowl in Python."""

    value = staticmethod(lambda theta: (theta**2).sum(axis=0))
    gradient = staticmethod(lambda theta: 2 * theta)


def many_examples() -> EmpiricalRisk:
    risk = SURFACES["tanh_neuron"]
    data = {symbol: np.resize(column, MOST_EXAMPLES + 1) for symbol, column in risk.data.items()}
    return EmpiricalRisk("Many", risk.example_loss, data, risk.domain, risk.start)


@pytest.mark.parametrize(
    ("loss", "rule", "sentence"),
    [
        (SURFACES["bowl"], OwnStep(), OWN_STEP),
        (SURFACES["bowl"], OPTIMIZERS["Adam"](schedule=OwnSchedule()), OWN_SCHEDULE),
        (OwnLoss(), OPTIMIZERS["Adam"](), OWN_LOSS),
        (GaussianNoise(OwnLoss(), 0.1), OPTIMIZERS["Adam"](), OWN_LOSS),
        (many_examples(), OPTIMIZERS["Adam"](), TOO_MANY),
        (IndependentNoise(SURFACES["bowl"], np.ones(3)), OPTIMIZERS["Adam"](), MANY_NOISES),
    ],
)
def test_what_cannot_travel_waits_and_says_why(loss, rule, sentence):
    data = program(loss, {"Mine": rule}, (0, 0), 3)
    assert data["rules"] == {}
    assert data["waiting"] == {"Mine": sentence}
    assert answers_of(RUNS, [data]) == [{}]


def test_one_rule_waits_and_the_other_runs():
    rules = {"Mine": OwnStep(), "Adam": OPTIMIZERS["Adam"]()}
    data = program(SURFACES["bowl"], rules, (1, 2), 3)
    assert ([*data["rules"]], [*data["waiting"]]) == (["Adam"], ["Mine"])


def test_rules_share_their_programs():
    rules = {f"{rate}": OPTIMIZERS["Adam"](learning_rate=rate, schedule=SCHEDULES["Cosine"]()) for rate in (0.1, 0.2)}
    data = program(SURFACES["bowl"], rules, (1, 2), 3)
    assert (len(data["equations"]), len(data["schedules"])) == (1, 1)


def test_the_same_rules_make_the_same_data_in_every_process():
    rules = program(SURFACES["bowl"], {name: rule() for name, rule in OPTIMIZERS.items()}, (0, 0), 1)["rules"]
    assert list(rules) == list(OPTIMIZERS)
    assert [rule["equations"] for rule in rules.values()] == list(range(len(OPTIMIZERS)))


def test_the_programs_of_three_rules_are_small():
    """Those with the longest ones, on the surface with the longest formula, with the Hessian."""
    rules = {name: OPTIMIZERS[name]() for name in ("BFGS", "ConjugateGradient", "NAdam")}
    for surface in SURFACES.values():
        assert len(json.dumps(program(surface, rules, surface.start, 200))) <= 20_000


@pytest.mark.parametrize(
    ("start", "steps"), [((0, np.nan), 3), ((0, 1, 2), 3), ((0, 1), -1), ((0, 1), 1.5), ((0, 1), True)]
)
def test_a_wrong_start_or_number_of_steps_is_refused(start, steps):
    with pytest.raises(ValueError, match=r"start|updates"):
        program(SURFACES["bowl"], {}, start, steps)


def test_a_run_that_looks_at_examples_too_often_waits():
    risk, rule = SURFACES["tanh_neuron"], OPTIMIZERS["Adam"]()
    steps = MOST_LOOKS // risk.count
    assert program(risk, {"Adam": rule}, risk.start, steps)["waiting"] == {}
    assert program(risk, {"Adam": rule}, risk.start, steps + risk.count)["waiting"] == {"Adam": TOO_LONG}


def test_noise_without_end_travels_as_text():
    data = program(GaussianNoise(SURFACES["bowl"], 1e308), {"Adam": OPTIMIZERS["Adam"]()}, (1.0, 1.0), 200)
    assert {*map(type, data["noise"]["slopes"][0])} <= {float, str}
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_what_is_no_optimizer_of_one_value_is_refused_in_a_sentence():
    surface = SURFACES["bowl"]
    with pytest.raises(ValueError, match="Adam is a class"):
        program(surface, {"Adam": OPTIMIZERS["Adam"]}, (0.0, 0.0), 1)
    with pytest.raises(ValueError, match="several values of learning_rate"):
        program(surface, {"Adam": OPTIMIZERS["Adam"](learning_rate=np.array([0.1, 0.2]))}, (0.0, 0.0), 1)
