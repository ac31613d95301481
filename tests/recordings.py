"""The trajectories of other libraries that tests/oracles/record.py recorded, and how a rule is compared with them."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, run
from surfaces import SURFACES

TOLERANCE = 1e-10


@cache
def _file() -> dict:
    return json.loads((Path(__file__).parent / "oracles" / "trajectories.json").read_text())


def recordings(module=None, *, scheduled: bool) -> list:
    """The recorded runs, with or without a schedule, of the rules in a module (all rules by default), as parameters."""
    return [
        pytest.param(recording, id=f"{recording['library']}-{recording['call']}-{recording['surface']}-{number}")
        for number, recording in enumerate(_file()["runs"])
        if (recording["schedule"] is not None) == scheduled
        and (module is None or OPTIMIZERS[recording["rule"]].__module__ == module.__name__)
    ]


def assert_reproduced(recording: dict) -> None:
    """This project's rule goes where the other library went."""
    expected = np.array(recording["theta"])
    updates = _file()["updates"]
    start = _file()["starts"][recording["surface"]]
    path = run(_rule(recording), SURFACES[recording["surface"]], start, updates[-1]).theta[updates]
    error = np.abs(path - expected) / np.maximum(1, np.abs(expected))
    assert error.max() <= TOLERANCE, f"first differs at update {updates[int((error > TOLERANCE).any(axis=1).argmax())]}"


def _rule(recording: dict):
    schedule = dict(recording["schedule"] or {"name": "Constant"})
    scheduled = SCHEDULES[schedule.pop("name")](**schedule)
    return OPTIMIZERS[recording["rule"]](**recording["hyperparameters"], schedule=scheduled)
