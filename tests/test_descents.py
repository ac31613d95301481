"""Runs as data, and that node descends as numpy does."""

import json
import subprocess

import numpy as np
import pytest

from browser import program
from browser.descents import MOST_EXAMPLES
from optimizers import OPTIMIZERS, GaussianNoise, run
from surfaces import SURFACES
from tests.node import FOLDER, ROOT, answers_of, node_path

# Relative to the largest coordinate of the path up to there.
CLOSE = 1e-9
RUNS = FOLDER / "runs.js"


def numbers_of(answer: dict, *names: str) -> np.ndarray:
    """The columns of a run in node: (updates, columns)."""
    rows = np.array([float(number) for number in answer["rows"]]).reshape(-1, len(answer["columns"]))
    return rows[:, [answer["columns"].index(name) for name in names]]


def departure(path: np.ndarray, other: np.ndarray) -> float:
    """How far one path (updates, 2) leads away from another one, as far as both are finite, relative to its size."""
    finite = np.isfinite(path).all(axis=1)
    end = len(path) if finite.all() else int(finite.argmin())
    size = np.maximum.accumulate(np.abs(path[:end]).max(axis=1))
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(np.abs(other[:end] - path[:end]).max(axis=1) / size, nan=0.0).max(initial=0.0))


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


@pytest.mark.parametrize("surface", ["rosenbrock", "line_fit", "ackley", "tanh_neuron"])
def test_rules_record_in_node_what_they_record_in_numpy(surface):
    surface = SURFACES[surface]
    rules = {name: OPTIMIZERS[name]() for name in ("Adam", "Momentum", "BFGS", "DampedNewton")}
    for loss in (surface, GaussianNoise(surface, 0.1)):
        (answer,) = answers_of(RUNS, [program(loss, rules, surface.start, 50)])
        for name, rule in rules.items():
            path = run(rule, loss, surface.start, 50)
            assert departure(path.theta, numbers_of(answer[name], "theta1", "theta2")) < CLOSE
            np.testing.assert_allclose(numbers_of(answer[name], "value")[:, 0], path.loss, rtol=1e-7, atol=1e-9)


def test_what_cannot_travel_waits():
    big = SURFACES["tanh_neuron"]
    assert big.count <= MOST_EXAMPLES

    class Plain:
        value = gradient = None

    data = program(Plain(), {"Adam": OPTIMIZERS["Adam"]()}, (0, 0), 3)
    assert data["rules"] == {}
    assert data["waiting"]["Adam"].endswith(".")


@pytest.mark.parametrize(
    ("start", "steps"), [((0, np.nan), 3), ((0, 1, 2), 3), ((0, 1), -1), ((0, 1), 1.5), ((0, 1), True)]
)
def test_a_wrong_start_or_number_of_steps_is_refused(start, steps):
    with pytest.raises(ValueError, match=r"start|updates"):
        program(SURFACES["bowl"], {}, start, steps)
