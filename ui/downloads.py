"""What can be taken home beside the page itself: the trajectories, and a script that makes the same run."""

import csv
import io
from collections.abc import Mapping

import numpy as np

from lessons.experiment import Experiment
from lessons.settings import Settings, arguments, takes_schedule
from lessons.summary import schedule_values
from optimizers import OPTIMIZERS
from surfaces.names import is_typed, surface_of


def trajectories_csv(done: Experiment) -> str:
    """One row per optimizer and update: the point, loss, gradient and every recorded quantity of the rule."""
    names = sorted({name for path in done.trajectories.values() for name in path.state if name != "update"})
    columns = [column for name in names for column in _columns(name, done)]
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(["optimizer", "update", "theta1", "theta2", "loss", "gradient1", "gradient2", *columns])
    for optimizer, path in done.trajectories.items():
        recorded = {
            column: entry for name in names if name in path.state for column, entry in _entries(name, path.state[name])
        }
        for update in range(path.steps + 1):
            known = (repr(float(recorded[column][update])) if column in recorded else "" for column in columns)
            numbers = (*path.theta[update], path.loss[update], *path.gradient[update])
            writer.writerow([optimizer, update, *(repr(float(number)) for number in numbers), *known])
    return rows.getvalue()


def _columns(name: str, done: Experiment) -> list[str]:
    path = next(path for path in done.trajectories.values() if name in path.state)
    return [column for column, _ in _entries(name, path.state[name])]


def _entries(name: str, record: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """The numbers of a recorded quantity, one column each: name, name1 and name2, or name11 to name22."""
    if record.ndim == 1:
        return [(name, record)]
    indices = np.ndindex(record.shape[1:])
    return [(name + "".join(str(i + 1) for i in index), record[(slice(None), *index)]) for index in indices]


_NOT_HERE = (
    "This script needs the packages of the project and does not find them ({missing}). "
    "Put it into the folder of the project, beside app.py, and run there: .venv/bin/python descent.py"
)


def script(settings: Settings) -> str:
    """A Python script that makes the same runs with this project's packages and prints where they end."""
    known, call = "SURFACES", f"SURFACES[{settings.surface!r}]"
    if is_typed(settings.surface):
        known, call = "parse", f"parse({surface_of(settings.surface).text!r})"
    lines = [
        '"""The runs of a picture of the app once more: prints where each optimizer ends."""',
        "",
        "# Put this file into the folder of the project, beside app.py, and run it there:",
        "#     .venv/bin/python descent.py",
        "",
        "import sys",
        "",
        "try:",
        "    from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, run",
        f"    from surfaces import {known}",
        "except ImportError as missing:",
        f"    sys.exit(f{_NOT_HERE!r})",
        "",
        f"surface = {call}",
    ]
    if settings.noise:
        lines += [f"loss = GaussianNoise(surface, scale={settings.noise!r}, seed={settings.seed!r})"]
    else:
        lines += ["loss = surface"]
    lines += [f"schedule = {_call('SCHEDULES', settings.schedule, schedule_values(settings))}", "rules = {"]
    for name in settings.optimizers:
        extra = {"schedule": "schedule"} if takes_schedule(OPTIMIZERS[name]) else {}
        lines += [f"    {name!r}: {_call('OPTIMIZERS', name, arguments(settings, name), extra)},"]
    lines += [
        "}",
        "for name, rule in rules.items():",
        f"    trajectory = run(rule, loss, {list(settings.start)!r}, steps={settings.updates})",
        "    theta1, theta2 = trajectory.theta[-1].tolist()",
        "    print(name, theta1, theta2, float(trajectory.loss[-1]), int(trajectory.diverged_at))",
    ]
    return "\n".join(lines) + "\n"


def _call(registry: str, name: str, values: Mapping[str, float], extra: Mapping[str, str] | None = None) -> str:
    given = [f"{key}={value!r}" for key, value in values.items()]
    given += [f"{key}={text}" for key, text in (extra or {}).items()]
    return f"{registry}[{name!r}]({', '.join(given)})"
