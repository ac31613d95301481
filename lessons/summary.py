"""What a run was made with, in words, for what is taken home."""

from collections.abc import Mapping

import sympy

from lessons.settings import HEIGHT_WORDS, Settings, arguments, takes_schedule
from lessons.words import listed
from optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Schedule, title_of
from optimizers.descent import is_scheduled
from optimizers.hyperparameters import hyperparameters
from surfaces import Surface, TypedSurface
from surfaces.names import surface_of, title_of_surface
from surfaces.reading import written


def title_of_settings(settings: Settings) -> str:
    """The surface and the rules, as the title of a page."""
    rules = ", ".join(map(title_of, settings.optimizers))
    title = f"Descent on {title_of_surface(settings.surface).removeprefix('= ')}"
    return f"{title}: {rules}" if rules else title


def summary(settings: Settings) -> list[tuple[str, str]]:
    """Every setting that a run depends on, in words: its name and its value."""
    schedule = _values_of(SCHEDULES[settings.schedule], schedule_values(settings))
    without = [title_of(name) for name in settings.optimizers if not takes_schedule(OPTIMIZERS[name])]
    apart = f". Not for {listed(without)}" if without and settings.schedule != Settings.schedule else ""
    rows = [
        ("Surface", title_of_surface(settings.surface)),
        ("Loss L(θ₁, θ₂)", formula_text(surface_of(settings.surface))),
        ("Start (θ₁, θ₂)", f"({', '.join(map(written, settings.start))})"),
        ("Updates", str(settings.updates)),
        *((title_of(name), _values_of(OPTIMIZERS[name], arguments(settings, name))) for name in settings.optimizers),
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


def made_with(settings: Settings) -> str:
    """The same in one line."""
    return f"Made with these settings. {' '.join(f'{name}: {value}.' for name, value in summary(settings))}"


def formula_text(surface: Surface) -> str:
    """The formula of a surface as plain text; as it was typed, where functions in it have no name of mathematics."""
    if isinstance(surface, TypedSurface) and any(map(_is_own, surface.formula.atoms(sympy.Function))):
        first, second = surface.names
        where = "" if surface.names == ("θ₁", "θ₂") else f" with {first} for θ₁ and {second} for θ₂"
        return f"{surface.text}{where}"
    return str(surface.formula).replace("**", "^").replace("theta1", "θ₁").replace("theta2", "θ₂")


def _is_own(function: sympy.Function) -> bool:
    return type(function).__module__.partition(".")[0] == "surfaces"


def schedule_values(settings: Settings) -> dict[str, float]:
    """The hyperparameters of the schedule."""
    kind = SCHEDULES[settings.schedule]
    return {name: settings.value(settings.schedule, name) for name in hyperparameters(kind)}


def values_of(optimizer: Optimizer) -> str:
    """The hyperparameters of an optimizer and their values, and its schedule where its learning rate changes."""
    values = _numbers_of(optimizer)
    if not is_scheduled(optimizer):
        return values
    schedule, numbers = title_of(type(optimizer.schedule).__name__), _numbers_of(optimizer.schedule)
    return f"{values}, schedule {schedule}{f' ({numbers})' if numbers else ''}"


def _numbers_of(owner: Optimizer | Schedule) -> str:
    kind = type(owner)
    return _values_of(kind, {name: float(getattr(owner, name)) for name in hyperparameters(kind)})


def _values_of(kind: type, values: Mapping[str, float]) -> str:
    known = hyperparameters(kind)
    return ", ".join(f"{known[name].label.lower()} = {written(value)}" for name, value in values.items())
