"""The README is true: its tables, its commands, its code and its pictures."""

import re
import struct
import subprocess
import sys

import pytest

from browser.page import settings_of
from tests.browser import ROOT
from tests.readme import README, written
from tests.screenshots import FOLDER, SHOTS

TEXT = README.read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_counts_and_tables_are_those_of_the_registries():
    assert written(TEXT) == TEXT, "README.md is behind the registries: `make readme` writes it."


@pytest.mark.parametrize("target", re.findall(r"`?make ([a-z]+)`?", TEXT))
def test_make_targets_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r'python -m browser\.page "([^"]+)"', TEXT))
def test_links_to_take_home_say_what_can_be_used(link):
    settings, _, notes = settings_of(link)
    assert settings is not None
    assert notes == []


def test_files_named_in_the_layout_exist():
    for name in re.findall(r"^    ([a-z]+(?:\.py|/))", TEXT, re.MULTILINE):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("shot", SHOTS)
def test_screenshots_are_those_of_the_script(shot):
    assert f"docs/screenshots/{shot}.png" in TEXT
    header = (FOLDER / f"{shot}.png").read_bytes()[:24]
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", header[16:24]) == SHOTS[shot][1:3]


@pytest.mark.slow
def test_notebook_example_runs():
    example = next(block for block in BLOCKS if "run_to_end" in block)
    done = subprocess.run([sys.executable, "-W", "error", "-c", example], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 3


def test_live_example_shows_its_runs():
    example = next(block for block in BLOCKS if "import live" in block)
    *before, last = example.splitlines()
    source = "\n".join([*before, f"print({last}._repr_html_()[:200])"])
    done = subprocess.run([sys.executable, "-W", "error", "-c", source], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert 'title="Descent on Rosenbrock: fast, slow"' in done.stdout


def test_recipes_make_a_surface_and_a_rule():
    surface, rule = (next(block for block in BLOCKS if word in block) for word in ("Surface(", "class "))
    imports = [
        "import numpy as np",
        "from dataclasses import dataclass",
        "from optimizers import run",
        "from optimizers.equations import Equation",
        "from optimizers.first_order import FAMILY",
        "from optimizers.optimizer import ScheduledOptimizer",
        "from optimizers.worked import worked_update",
        "from surfaces import Surface, theta1, theta2",
    ]
    check = [
        "t = run(BoundedDescent(learning_rate=0.1), valley, valley.start, 5)",
        "assert (np.abs(np.diff(t.theta, axis=0)) < 0.1).all()",
        "assert np.allclose(worked_update(BoundedDescent(learning_rate=0.1), valley, t, 2)[-1].value, t.theta[3])",
    ]
    source = "\n".join([*imports, surface, rule, *check])
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
