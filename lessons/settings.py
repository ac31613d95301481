"""Everything a person can set on the playground, and the link that carries it."""

import math
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass, field

from lessons.moments import END, worked
from optimizers import OPTIMIZERS, SCHEDULES, Optimizer, Schedule
from optimizers.hyperparameters import defaults, hyperparameters, is_whole
from optimizers.optimizer import ScheduledOptimizer
from surfaces.names import LONGEST_NAME, is_known, is_typed, surface_of
from surfaces.reading import NumberError, number_of, written

MOST_OPTIMIZERS = 6
MOST_UPDATES = 2000
LARGEST_SEED = 10**6
HEIGHT_WORDS = {"spaced": "log-like spacing", "true": "true heights"}
HEIGHTS = tuple(HEIGHT_WORDS)
LEARNING_RATE = "learning_rate"
# Whatever has hyperparameters, by name.
OWNERS: Mapping[str, type] = ChainMap(OPTIMIZERS, SCHEDULES)
# A longer value in a link is nonsense; it is not even read.
LONGEST_VALUE = 200


@dataclass(frozen=True)
class Settings:
    """The whole state of the playground: names and numbers only.

    start: (theta1, theta2), finite. same_rate: every scheduled rule takes `learning_rate`. values: the hyperparameters
    of rules and schedules, {"Adam.beta1": 0.9}; what is missing has its default. noise: standard deviation of the
    noise on the gradient. heights: "spaced" (the documented loss scale) or "true". update: how many updates are done at
    the moment that is shown, END after the last one. arrows, circle: draw the arrows and the red circle of the update
    of `rule` that led there.
    """

    surface: str = "himmelblau"
    start: tuple[float, float] = (-0.5, -1.0)
    optimizers: tuple[str, ...] = ("GradientDescent", "Momentum", "Adam")
    learning_rate: float = 0.01
    same_rate: bool = True
    updates: int = 100
    schedule: str = "Constant"
    noise: float = 0.0
    seed: int = 0
    heights: str = "spaced"
    arrows: bool = False
    circle: bool = False
    rule: str = ""
    update: int = END
    values: Mapping[str, float] = field(default_factory=dict, hash=False)

    def value(self, owner: str, name: str) -> float:
        """The value of one hyperparameter of a rule or a schedule, by their names."""
        key = f"{owner}.{name}"
        return self.values[key] if key in self.values else defaults(OWNERS[owner])[name]

    def chosen_update(self) -> int:
        """The update that is worked out: the one that led to the moment that is shown."""
        return worked(self.updates if self.update == END else self.update)

    def chosen_rule(self) -> str:
        """The rule whose update is worked out: the first of all unless another one is chosen."""
        return self.rule if self.rule in self.optimizers else next(iter(self.optimizers), "")


def takes_schedule(rule: type[Optimizer]) -> bool:
    """True for the rules whose learning rate is a rate: it follows a schedule and can be shared."""
    return issubclass(rule, ScheduledOptimizer)


def built_schedule(settings: Settings) -> Schedule:
    """The schedule of these settings."""
    kind = SCHEDULES[settings.schedule]
    return kind(**{name: settings.value(settings.schedule, name) for name in hyperparameters(kind)})


def arguments(settings: Settings, name: str) -> dict[str, float]:
    """The hyperparameters that one of the chosen rules runs with."""
    rule = OPTIMIZERS[name]
    values = {key: settings.value(name, key) for key in hyperparameters(rule)}
    if settings.same_rate and takes_schedule(rule):
        values[LEARNING_RATE] = settings.learning_rate
    return values


def built_optimizer(settings: Settings, name: str) -> Optimizer:
    """One of the chosen rules with its hyperparameters and, where it takes one, the schedule."""
    rule = OPTIMIZERS[name]
    schedule = {"schedule": built_schedule(settings)} if takes_schedule(rule) else {}
    return rule(**arguments(settings, name), **schedule)


def encoded(settings: Settings) -> dict[str, str]:
    """The settings as parameters of a link, only what differs from the start of the chosen surface and the defaults.

    A page that is opened with its defaults keeps its bare address: one step back leads out of it.
    """
    plain = Settings(surface=settings.surface, start=_start_of(settings.surface))
    query = {} if settings.surface == Settings.surface else {"surface": settings.surface}
    if settings.start != plain.start:
        query["start"] = ",".join(map(_text, settings.start))
    if settings.optimizers != plain.optimizers:
        query["optimizers"] = ",".join(settings.optimizers)
    for name in ("learning_rate", "updates", "schedule", "noise", "seed", "heights", "rule", "update"):
        if getattr(settings, name) != getattr(plain, name):
            query[name] = _text(getattr(settings, name))
    for name in ("same_rate", "arrows", "circle"):
        if getattr(settings, name) != getattr(plain, name):
            query[name] = "yes" if getattr(settings, name) else "no"
    if settings.update == END and (settings.arrows or settings.circle):
        query["update"] = _text(settings.updates)
    used = {*settings.optimizers, settings.schedule}
    for key, value in settings.values.items():
        owner, name = key.split(".")
        if owner in used and value != defaults(OWNERS[owner])[name]:
            query[key] = _text(value)
    return query


def _start_of(surface: str) -> tuple[float, float]:
    return tuple(map(float, surface_of(surface).start))


def _text(value) -> str:
    return value if isinstance(value, str) else written(value)


def decoded(query: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """The settings of a link, and a sentence for every part of it that was ignored.

    A link with arrows or the red circle that does not say of which update means the first, where the most is seen.
    """
    reader = _Reader(query)
    surface = reader.surface("surface", Settings.surface)
    updates = reader.whole("updates", Settings.updates, 1, MOST_UPDATES)
    arrows, circle = (reader.yes_or_no(name, getattr(Settings, name)) for name in ("arrows", "circle"))
    settings = Settings(
        surface=surface,
        start=reader.point("start", _start_of(surface)),
        optimizers=reader.rules("optimizers", Settings.optimizers),
        learning_rate=reader.number("learning_rate", Settings.learning_rate, above=0.0),
        same_rate=reader.yes_or_no("same_rate", Settings.same_rate),
        updates=updates,
        schedule=reader.one_of("schedule", SCHEDULES, Settings.schedule),
        noise=reader.number("noise", Settings.noise, at_least=0.0),
        seed=reader.whole("seed", Settings.seed, 0, LARGEST_SEED),
        heights=reader.one_of("heights", HEIGHTS, Settings.heights),
        arrows=arrows,
        circle=circle,
        rule=reader.one_of("rule", OPTIMIZERS, Settings.rule),
        update=reader.moment("update", 1 if arrows or circle else END, updates),
        values=reader.hyperparameters(),
    )
    return settings, reader.complaints()


class _Reader:
    """Reads one link and remembers what it could not use."""

    def __init__(self, query: Mapping[str, str]):
        self._query = {str(key): str(value) for key, value in query.items()}
        self._ignored: list[str] = []
        self._read: set[str] = set()

    def complaints(self) -> list[str]:
        unknown = [f"{shown(key)} is not a setting" for key in self._query if key not in self._read]
        return self._ignored + unknown

    def _get(self, key: str) -> str | None:
        self._read.add(key)
        value = self._query.get(key)
        if value is not None and len(value) > (LONGEST_NAME if key == "surface" else LONGEST_VALUE):
            return self._ignore(key, "is too long")
        return value

    def _ignore(self, key: str, reason: str) -> None:
        self._ignored.append(f"{shown(key)} = {shown(self._query[key])} {reason}")

    def one_of(self, key: str, allowed, default: str) -> str:
        value = self._get(key)
        if value is None or value in allowed:
            return default if value is None else value
        self._ignore(key, "is not known")
        return default

    def surface(self, key: str, default: str) -> str:
        value = self._get(key)
        if value is None or is_known(value):
            return default if value is None else value
        self._ignore(key, "is a formula that cannot be read" if is_typed(value) else "is not known")
        return default

    def yes_or_no(self, key: str, default: bool) -> bool:
        value = self.one_of(key, ("yes", "no"), "")
        return value == "yes" if value else default

    def number(self, key: str, default: float, above: float = -math.inf, at_least: float = -math.inf) -> float:
        text = self._get(key)
        if text is None:
            return default
        value = _finite(text)
        if value is None or not (value > above and value >= at_least):
            self._ignore(key, "is not a number that can be used here")
            return default
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self.number(key, math.nan)
        if math.isnan(value):
            return default
        if value.is_integer() and low <= value <= high:
            return int(value)
        self._ignore(key, f"is not a whole number from {low} to {high}")
        return default

    def moment(self, key: str, default: int, updates: int) -> int:
        update = self.whole(key, default, 0, updates)
        return END if update == updates else update

    def point(self, key: str, default: tuple[float, float]) -> tuple[float, float]:
        text = self._get(key)
        if text is None:
            return default
        numbers = [_finite(part) for part in text.split(",")]
        if len(numbers) != 2 or None in numbers:
            self._ignore(key, "is not two finite numbers with a comma between them")
            return default
        return tuple(numbers)

    def rules(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        text = self._get(key)
        if text is None:
            return default
        if not text:
            return ()
        names = text.split(",")
        known = [name for name in dict.fromkeys(names) if name in OPTIMIZERS]
        if any(name not in OPTIMIZERS for name in names):
            self._ignore(key, "holds a name that is not known")
        elif len(known) < len(names):
            self._ignore(key, "holds a name twice")
        elif len(known) > MOST_OPTIMIZERS:
            self._ignore(key, f"holds more than {MOST_OPTIMIZERS} rules")
        return tuple(known[:MOST_OPTIMIZERS]) or default

    def hyperparameters(self) -> dict[str, float]:
        values = {}
        for owner, kind in OWNERS.items():
            for name, known in hyperparameters(kind).items():
                key = f"{owner}.{name}"
                text = self._get(key)
                value = None if text is None else _finite(text)
                if text is None:
                    continue
                if value is None or known.complaint(name, value) or (is_whole(kind, name) and not value.is_integer()):
                    self._ignore(key, "is outside its range")
                    continue
                values[key] = int(value) if is_whole(kind, name) else value
        return values


def _finite(text: str) -> float | None:
    try:
        return number_of(text)
    except NumberError:
        return None


def shown(text: str, longest: int = 40) -> str:
    """Text from a link, made harmless for Markdown: printable, short, in a code span."""
    if not text:
        return "nothing"
    clean = "".join(character if character.isprintable() and character not in "`$" else "?" for character in text)
    return f"`{clean[:longest]}{'…' if len(clean) > longest else ''}`"
