"""The playground under the hand: its sliders, its runs as data, and the sentences that the canvas says of them."""

from collections.abc import Iterable
from dataclasses import replace

from browser import live_runs
from browser.circles import live_rate_of_update
from browser.hand import Live, Slider, positions
from figures.following import UPDATE
from lessons.defaults import defaults_for
from lessons.experiment import Experiment
from lessons.rates import numbers_of, rates_on
from lessons.settings import LEARNING_RATE, OWNERS, Settings, takes_schedule
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from optimizers.symbols import text_of
from surfaces.reading import written

_SHARED = "Learning rate η (for all)"


def with_runs(live: Live, done: Experiment) -> Live:
    """What follows the hand, with the runs of an experiment, their inputs and their sentences."""
    if not done.trajectories:
        return live
    inputs = {UPDATE: done.settings.chosen_update()}
    live = replace(live, inputs=inputs, clock=UPDATE, sentences=(live_rate_of_update(done),))
    return live_runs.with_runs(live, done.trajectories)


def live(settings: Settings) -> Live:
    """What the pictures follow while the hand moves: the learning rates, and folded, the other hyperparameters."""
    return Live(
        (*_rate_sliders(settings), *_folded_sliders(settings)),
        bound={name: _bound(settings, name) for name in settings.optimizers},
        points={"contour": ("start1", "start2")},
    )


def _rate_sliders(settings: Settings) -> list[Slider]:
    """The learning rate of all scheduled rules, or one for each chosen rule."""
    if settings.same_rate:
        return [shared_rate(settings)]
    return [
        slider_of(settings, name, LEARNING_RATE, f"Learning rate η · {title_of(name)}") for name in settings.optimizers
    ]


def shared_rate(settings: Settings) -> Slider:
    """The learning rate of all scheduled rules."""
    value, usual = float(settings.learning_rate), defaults_for(settings.surface).learning_rate
    numbers = positions(rates_on(settings.surface), usual, value)
    help = "Moves every path at once."
    return Slider("rate", LEARNING_RATE, _SHARED, numbers, value, usual, help, spoken="Learning rate η")


def _folded_sliders(settings: Settings) -> list[Slider]:
    """The hyperparameters of the rules and of the schedule, besides learning rates that always show."""
    sliders = []
    for owner in (*settings.optimizers, settings.schedule):
        is_rule = owner in OPTIMIZERS
        shown = is_rule and (takes_schedule(OPTIMIZERS[owner]) or not settings.same_rate)
        group = f"{title_of(owner)}: hyperparameters" if is_rule else f"Schedule: {title_of(owner)}"
        names = [name for name in hyperparameters(OWNERS[owner]) if name != LEARNING_RATE or not shown]
        sliders += [slider_of(settings, owner, name, group=group) for name in names]
    return sliders


def slider_of(settings: Settings, owner: str, name: str, label: str = "", group: str = "") -> Slider:
    """A slider for one hyperparameter of a rule or a schedule, from its field."""
    kind = OWNERS[owner]
    rates = rates_on(settings.surface) if name == LEARNING_RATE else ()
    value, default = settings.value(owner, name), defaults(kind)[name]
    return field_slider(kind, name, value, default, f"{owner}_{name}", f"{owner}.{name}", rates, label, group)


def field_slider(
    kind: type,
    name: str,
    value: float,
    default: float,
    input: str,
    key: str,
    others: Iterable[float] = (),
    label: str = "",
    group: str = "",
) -> Slider:
    """A slider for a hyperparameter of a class, from its field, over the field's numbers and others.

    input, key: the slider's name and its key, see `browser.hand.Slider`. label: the field's words and symbol unless it
    is given.
    """
    known = hyperparameters(kind)[name]
    value = int(value) if is_whole(kind, name) else float(value)
    numbers = positions({*numbers_of(kind, name), *others}, default, value)
    label = label or f"{known.label.capitalize()} {text_of(known.symbol)}"
    return Slider(input, key, label, numbers, value, default, known.help, group)


def _bound(settings: Settings, rule: str) -> dict[str, str]:
    """The name of the slider that each hyperparameter of a rule, and of its schedule, takes its value from."""
    sliders = {name: f"{rule}_{name}" for name in hyperparameters(OPTIMIZERS[rule])}
    if not takes_schedule(OPTIMIZERS[rule]):
        return sliders
    if settings.same_rate:
        sliders[LEARNING_RATE] = "rate"
    of_schedule = hyperparameters(SCHEDULES[settings.schedule])
    return sliders | {f"schedule.{name}": f"{settings.schedule}_{name}" for name in of_schedule}


def beyond_sliders(settings: Settings) -> list[str]:
    """A sentence for each number, of a link for one, that is further out than its slider goes by itself."""
    rates = rates_on(settings.surface)
    found = [("Learning rate η", settings.learning_rate, rates[0], rates[-1])] if settings.same_rate else []
    for owner in (*settings.optimizers, settings.schedule):
        for name, known in hyperparameters(OWNERS[owner]).items():
            scheduled = name == LEARNING_RATE and owner in OPTIMIZERS and takes_schedule(OPTIMIZERS[owner])
            low, high = known.low, known.high
            if name == LEARNING_RATE:
                low, high = min(low, rates[0]), max(high, rates[-1])
            if not (scheduled and settings.same_rate):
                found.append((f"{title_of(owner)}, {known.label.lower()}", settings.value(owner, name), low, high))
    return [
        f"{label}: {written(value)} is used as it is. Usual numbers, on the slider, go from {written(low)} to "
        f"{written(high)}."
        for label, value, low, high in found
        if not low <= value <= high
    ]
