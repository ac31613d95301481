"""What can be taken home: the trajectories, the pictures, and a script that makes the same run."""

import csv
import io
from collections.abc import Mapping
from html import escape

import numpy as np
import plotly.graph_objects as go

from figures.theme import Theme
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.hyperparameters import hyperparameters
from ui.choices import is_typed, surface_of, title_of_surface
from ui.experiment import Experiment
from ui.settings import Settings, arguments, takes_schedule


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


def pictures_html(figures: Mapping[str, go.Figure], settings: Settings, theme: Theme) -> str:
    """The pictures as one page that works without a network: plotly.js is inside, once."""
    parts = [
        figure.to_html(
            full_html=False, include_plotlyjs=place == 0, config={"displaylogo": False, "showSendToCloud": False}
        )
        for place, figure in enumerate(figures.values())
    ]
    surface, rules = title_of_surface(settings.surface), ", ".join(map(title_of, settings.optimizers))
    title = escape(f"Descent on {surface}: {rules}" if rules else f"Descent on {surface}")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title></head>"
        f'<body style="background:{theme.background};color:{theme.ink};font-family:sans-serif">'
        f"<h1>{title}</h1>{''.join(parts)}</body></html>"
    )


def script(settings: Settings) -> str:
    """A Python script that makes the same runs with this project's packages and prints where they end."""
    known, call = "SURFACES", f"SURFACES[{settings.surface!r}]"
    if is_typed(settings.surface):
        known, call = "parse", f"parse({surface_of(settings.surface).text!r})"
    lines = ["from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, run", f"from surfaces import {known}", ""]
    lines += [f"surface = {call}"]
    if settings.noise:
        lines += [f"loss = GaussianNoise(surface, scale={settings.noise!r}, seed={settings.seed!r})"]
    else:
        lines += ["loss = surface"]
    lines += [f"schedule = {_call('SCHEDULES', settings.schedule, _schedule_values(settings))}", "rules = {"]
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


def _schedule_values(settings: Settings) -> dict[str, float]:
    kind = SCHEDULES[settings.schedule]
    return {name: settings.value(settings.schedule, name) for name in hyperparameters(kind)}


def _call(registry: str, name: str, values: Mapping[str, float], extra: Mapping[str, str] | None = None) -> str:
    given = [f"{key}={value!r}" for key, value in values.items()]
    given += [f"{key}={text}" for key, text in (extra or {}).items()]
    return f"{registry}[{name!r}]({', '.join(given)})"
