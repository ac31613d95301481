"""What can be taken home: the trajectories, the pictures, and a script that makes the same run."""

import csv
import io
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

import numpy as np
import plotly.graph_objects as go

from figures.theme import Theme
from lessons.experiment import Experiment
from lessons.settings import HEIGHT_WORDS, Settings, arguments, encoded, takes_schedule
from lessons.words import listed
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.hyperparameters import hyperparameters
from surfaces.names import is_typed, surface_of, title_of_surface
from surfaces.reading import written


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


def pictures_html(figures: Mapping[str, go.Figure], settings: Settings, theme: Theme, address: str = "") -> str:
    """The pictures and the settings that made them as one page that works without a network: plotly.js is inside, once.

    address: of the playground, without a query, where it is known; the page then links back.
    """
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
        f"<h1>{title}</h1>{''.join(parts)}{_settings_html(settings, theme, address)}</body></html>"
    )


def said_settings(settings: Settings) -> list[tuple[str, str]]:
    """Every setting that a run depends on, in words: its name and its value."""
    surface = surface_of(settings.surface)
    schedule = _listed(SCHEDULES[settings.schedule], _schedule_values(settings))
    without = [title_of(name) for name in settings.optimizers if not takes_schedule(OPTIMIZERS[name])]
    apart = f". Not for {listed(without)}" if without and settings.schedule != Settings.schedule else ""
    rows = [
        ("Surface", title_of_surface(settings.surface)),
        ("Loss L(θ₁, θ₂)", str(surface.formula).replace("**", "^").replace("theta1", "θ₁").replace("theta2", "θ₂")),
        ("Start (θ₁, θ₂)", f"({', '.join(map(written, settings.start))})"),
        ("Updates", str(settings.updates)),
        *((title_of(name), _listed(OPTIMIZERS[name], arguments(settings, name))) for name in settings.optimizers),
        ("Schedule", f"{title_of(settings.schedule)}{f': {schedule}' if schedule else ''}{apart}"),
        ("Noise on the gradient", f"{written(settings.noise)}, seed {settings.seed}" if settings.noise else "none"),
        ("Heights", HEIGHT_WORDS[settings.heights]),
    ]
    if settings.arrows or settings.circle:
        drawn = " and ".join(["the arrows"] * settings.arrows + ["the red circle"] * settings.circle)
        rows.append(
            ("Also drawn", f"{drawn} of update {settings.chosen_update()} of {title_of(settings.chosen_rule())}")
        )
    return rows


def _listed(kind: type, values: Mapping[str, float]) -> str:
    known = hyperparameters(kind)
    return ", ".join(f"{known[name].label.lower()} = {written(value)}" for name, value in values.items())


def _settings_html(settings: Settings, theme: Theme, address: str) -> str:
    cell = f"style='text-align:left;font-weight:normal;padding:2px 16px 2px 0;border-bottom:1px solid {theme.grid}'"
    rows = "".join(
        f"<tr><th {cell}>{escape(name)}</th><td {cell}>{escape(value)}</td></tr>"
        for name, value in said_settings(settings)
    )
    link = f"{address}?{urlencode(encoded(settings))}"
    back = f'<a style="color:inherit" href="{escape(link)}">{escape(link)}</a>' if address else escape(link)
    return f"<h2>Settings</h2><table style='border-collapse:collapse'>{rows}</table><p>In the playground: {back}</p>"


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
