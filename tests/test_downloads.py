"""What can be taken home beside the page itself: the numbers exactly, and a script that makes the same run."""

import csv
import io
import os
import subprocess
import sys

import numpy as np
import pytest

from lessons.experiment import Experiment, experiment
from lessons.settings import Settings
from optimizers import OPTIMIZERS
from surfaces import SURFACES
from tests.browser import ROOT
from ui.downloads import script, trajectories_csv

pytestmark = pytest.mark.slow


def of(surface: str, *optimizers: str, **changes) -> Settings:
    """Settings on a surface, from its own start unless the changes say otherwise."""
    start = tuple(map(float, SURFACES[surface].start))
    return Settings(**{"surface": surface, "start": start, "optimizers": optimizers, "updates": 20, **changes})


RULES = tuple(OPTIMIZERS)
SETTINGS = {
    "the first six": of("himmelblau", *RULES[:6]),
    "the next six": of("rosenbrock", *RULES[6:12], learning_rate=1 / 3),
    "six more": of("booth", *RULES[12:18]),
    "the last ones": of("beale", *RULES[18:]),
    "noise": of("saddle", "GradientDescent", "Adam", "Newton", noise=0.1, seed=7),
    "a schedule": of("booth", "Adam", "LineSearch", schedule="Step", values={"Step.period": 3, "Step.decay": 0.7}),
    "warm-up": of("booth", "RAdam", schedule="WarmupCosine", values={"WarmupCosine.warmup": 4}, updates=30),
    "own rates": of(
        "ackley",
        "Adam",
        "Momentum",
        "BestStep",
        same_rate=False,
        values={
            "Adam.learning_rate": 0.123,
            "Adam.beta1": 0.5,
            "Momentum.momentum": 0.75,
            "BestStep.learning_rate": 0.5,
        },
    ),
    "the shared rate wins": of("booth", "Adam", learning_rate=0.2, values={"Adam.learning_rate": 0.9}),
    "a run that diverges": of("rosenbrock", "GradientDescent", "Newton", learning_rate=0.05),
    "awkward numbers": of("bowl", "GradientDescent", "Adam", start=(-1e308, 5e-324), learning_rate=5e-324),
    "one update": of("ravine", "Newton", "BFGS", updates=1),
    "no optimizer": of("bowl"),
}
every_setting = pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))

# The trajectories


def table_of(done: Experiment) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(trajectories_csv(done), newline=""), strict=True))


def column(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row[name]) for row in rows])


@every_setting
def test_the_csv_holds_every_number_of_every_run_exactly(settings):
    done = experiment(settings)
    rows = table_of(done)
    assert len(rows) == len(settings.optimizers) * (settings.updates + 1)
    for name, path in done.trajectories.items():
        own = [row for row in rows if row["optimizer"] == name]
        assert [row["update"] for row in own] == [str(update) for update in range(settings.updates + 1)]
        np.testing.assert_array_equal(column(own, "theta1"), path.theta[:, 0])
        np.testing.assert_array_equal(column(own, "theta2"), path.theta[:, 1])
        np.testing.assert_array_equal(column(own, "loss"), path.loss)
        np.testing.assert_array_equal(column(own, "gradient1"), path.gradient[:, 0])
        np.testing.assert_array_equal(column(own, "gradient2"), path.gradient[:, 1])


def test_the_csv_holds_what_a_rule_remembers_and_leaves_the_cells_of_other_rules_empty():
    done = experiment(of("himmelblau", "GradientDescent", "Momentum", "Adam", "BFGS"))
    rows = table_of(done)
    of_rule = {name: [row for row in rows if row["optimizer"] == name] for name in done.trajectories}
    for component, name in enumerate(("velocity1", "velocity2")):
        velocity = done.trajectories["Momentum"].state["velocity"]
        np.testing.assert_array_equal(column(of_rule["Momentum"], name), velocity[:, component])
        assert {row[name] for row in of_rule["GradientDescent"]} == {""}
    for name, path in done.trajectories.items():
        recorded = sum(int(np.prod(entry.shape[1:])) for key, entry in path.state.items() if key != "update")
        filled = {key for key, text in of_rule[name][0].items() if text}
        assert len(filled) == 7 + recorded


def test_every_line_of_the_csv_has_as_many_cells_as_its_head():
    text = trajectories_csv(experiment(of("himmelblau", *RULES[:6])))
    assert len({len(line) for line in csv.reader(io.StringIO(text, newline=""))}) == 1
    head = text.splitlines()[0].split(",")
    assert head[:7] == ["optimizer", "update", "theta1", "theta2", "loss", "gradient1", "gradient2"]
    assert len(set(head)) == len(head)


# The script


@every_setting
def test_the_script_prints_exactly_where_the_runs_of_the_page_end(settings, tmp_path):
    source = tmp_path / "descent.py"
    source.write_text(script(settings), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, str(source)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert answer.stderr == ""
    assert answer.returncode == 0
    expected = [
        " ".join(map(repr, [*path.theta[-1].tolist(), float(path.loss[-1]), int(path.diverged_at)]))
        for path in experiment(settings).trajectories.values()
    ]
    assert answer.stdout.splitlines() == [
        f"{name} {end}" for name, end in zip(settings.optimizers, expected, strict=True)
    ]


def test_the_script_says_where_to_run_it_when_it_is_run_elsewhere(tmp_path):
    source = tmp_path / "descent.py"
    source.write_text(script(SETTINGS["noise"]), encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "-E", str(source)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "Traceback" not in answer.stderr
    assert "Put it into the folder of the project, beside app.py, and run there" in answer.stderr
    (tmp_path / "app.py").touch()
    for package in ("programs", "surfaces", "optimizers"):
        (tmp_path / package).symlink_to(ROOT / package)
    answer = subprocess.run(
        [sys.executable, "-E", str(source)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.startswith("GradientDescent ")
