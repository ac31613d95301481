"""Runs as data: what the browser needs to descend by itself, as numbers, lists and texts for JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from optimizers import Optimizer
from optimizers.descent import gives_its_program, is_scheduled
from optimizers.hyperparameters import hyperparameters
from optimizers.loss import Loss
from optimizers.lowering import RuleProgram, components, lowered
from optimizers.noise import GaussianNoise, NoisyLoss
from optimizers.stepped import has_own_step
from programs.frame import diagonal_length
from programs.program import joined, number_data
from programs.tracing import component_names, components_of
from surfaces import EmpiricalRisk
from surfaces.risk import SampledRisk
from surfaces.summed import HESSIAN, VALUE_AND_GRADIENT, functions_of_examples

# With so many, 200 updates take about 3 ms, with a rule that searches 8 ms: as much as a frame has for them.
MOST_EXAMPLES = 200
# So often may a run look at an example: about a tenth of a second.
MOST_LOOKS = 1_500_000

OWN_STEP = "This rule is written in Python, so its path waits for the server."
OWN_SCHEDULE = "The schedule of this rule is no formula, so its path waits for the server."
OWN_LOSS = "This loss is no formula, so the paths on it wait for the server."
TOO_MANY = f"This loss has more than {MOST_EXAMPLES} examples, so the paths on it wait for the server."
TOO_LONG = "So many updates on a loss of examples take too long for a moving hand, so the paths wait for the server."
MANY_NOISES = "The noise is another one for every start, so the paths wait for the server."


class WaitingError(ValueError):
    """What cannot travel; the sentence is for students."""


def program(surface: Loss, rules: Mapping[str, Optimizer], start: Sequence[float], steps: int) -> dict:
    """The runs of these rules as data, which browser/engine/descent.js describes and runs.

    surface: a Surface, or what makes another loss of one in every update, as a NoisyLoss or a SampledRisk does.
    start: theta1 and theta2. The numbers of noise and samples are drawn for so many steps. What cannot travel stands
    under "waiting", with a sentence that says why.

    Raises ValueError where the start is not two finite numbers, where the steps are no whole number of at least 0,
    where a rule is a class, or where a hyperparameter is an array.
    """
    point = np.asarray(start, dtype=float)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise ValueError(f"The start is two finite numbers (theta1, theta2), not {start!r}.")
    if isinstance(steps, bool) or not isinstance(steps, (int, np.integer)) or steps < 0:
        raise ValueError(f"The number of updates must be a whole number of at least 0, but it is {steps!r}.")
    for name, rule in rules.items():
        if isinstance(rule, type):
            raise ValueError(f"{name} is a class: make an optimizer of it, as {rule.__name__}() does.")
    shared, waiting, moving = _Shared(), {}, {}
    try:
        asked = frozenset().union(*(lowered(type(rule)).asked for rule in rules.values() if not has_own_step(rule)))
        loss, noise = _loss_data(surface, "hessian" in asked, steps)
    except WaitingError as reason:
        loss, noise, waiting = None, None, dict.fromkeys(rules, str(reason))
    # In their order: the same rules make the same data.
    for name in [name for name in rules if name not in waiting]:
        try:
            moving[name] = shared.rule(rules[name])
        except WaitingError as reason:
            waiting[name] = str(reason)
    return {
        "surface": loss,
        "noise": noise,
        "equations": shared.equations,
        "schedules": shared.schedules,
        "rules": {name: moving[name] for name in rules if name in moving},
        "waiting": {name: waiting[name] for name in rules if name in waiting},
        "start": point.tolist(),
        "steps": int(steps),
    }


class _Shared:
    """What several rules have in common, each once."""

    def __init__(self):
        self.equations: list[dict] = []
        self.schedules: list[dict] = []

    def rule(self, optimizer: Optimizer) -> dict:
        """The numbers of a rule, with the places of its equations and of its schedule's formula."""
        if has_own_step(optimizer):
            raise WaitingError(OWN_STEP)
        schedule = None
        if is_scheduled(optimizer):
            rates = optimizer.schedule.rate_program()
            if rates is None:
                raise WaitingError(OWN_SCHEDULE)
            schedule = {"program": _place(rates.data(), self.schedules), "values": optimizer.schedule.numbers}
        equations = _place(_equations(type(optimizer)), self.equations)
        return {"equations": equations, "schedule": schedule, "values": _numbers(optimizer)}


def _place(data: dict, made: list[dict]) -> int:
    """Where data stand among others, to which they are added if they are new."""
    if data not in made:
        made.append(data)
    return made.index(data)


def _numbers(owner: Optimizer) -> dict[str, float | str]:
    for name in hyperparameters(type(owner)):
        if np.ndim(getattr(owner, name)):
            raise ValueError(f"{type(owner).__name__} has several values of {name}: only one can travel.")
    return {name: number_data(float(getattr(owner, name))) for name in hyperparameters(owner)}


@cache
def _equations(kind: type[Optimizer]) -> dict:
    """A rule as a program, and how its rounds go."""
    rule = lowered(kind)
    search = rule.search and {
        "arguments": [name for group in rule.search.arguments for name in group],
        "answers": list(rule.search.answered),
    }
    return {
        "program": rule.program.only(*rule.results, *(search["arguments"] if search else ())).data(),
        "carried": rule.carried,
        "shown": components(rule.shown),
        "asked": sorted(rule.asked),
        "search": search,
        "first": _first(kind, rule),
    }


def _first(kind: type[Optimizer], rule: RuleProgram) -> dict[str, float | str]:
    """What memory starts with, by component: numbers, or the names of the start and of hyperparameters."""
    first: dict[str, float | str] = {}
    for name, kept in kind.memory.items():
        for component, index in components_of(name, kept.shape):
            if kept.start == "theta":
                first[component] = component_names("theta", (2,))[index[0]]
            elif isinstance(kept.start, str):
                first[component] = kept.start
            else:
                first[component] = float(np.broadcast_to(kept.start, kept.shape)[index])
    return first


def _loss_data(loss: Loss, wants_hessian: bool, steps: int) -> tuple[dict, dict | None]:
    """The loss and what a rule sees in its place."""
    if isinstance(loss, NoisyLoss):
        return _surface_data(loss.loss, wants_hessian, False, steps), _noise_data(loss, steps)
    if isinstance(loss, SampledRisk):
        if loss.sample(0) is loss.risk:
            return _surface_data(loss.risk, wants_hessian, False, steps), None
        indices = [loss.indices(update).tolist() for update in range(steps + 1)]
        return _surface_data(loss.risk, wants_hessian, True, steps), {"indices": indices}
    if hasattr(loss, "sample"):
        raise WaitingError(OWN_LOSS)
    return _surface_data(loss, wants_hessian, False, steps), None


def _noise_data(loss: NoisyLoss, steps: int) -> dict:
    """What a rule sees beside the gradient, as slopes and how many times as strong as these it is."""
    unit, strength = (replace(loss, scale=1.0), loss.scale) if isinstance(loss, GaussianNoise) else (loss, 1.0)
    slopes = unit.slopes(steps + 1)
    if slopes.ndim > 2:
        raise WaitingError(MANY_NOISES)
    return {"slopes": _tables(slopes), "strength": float(strength)}


def _tables(slopes: np.ndarray) -> list[list[float | str]]:
    """Slopes (updates, 2) as two columns for JSON."""
    return [list(map(number_data, column)) for column in slopes.T.tolist()]


def _surface_data(loss: Loss, wants_hessian: bool, samples: bool, steps: int) -> dict:
    if not gives_its_program(loss):
        raise WaitingError(OWN_LOSS)
    program = loss.hessian_program if wants_hessian else loss.program
    if program is None and not isinstance(loss, EmpiricalRisk):
        raise WaitingError(OWN_LOSS)
    return {
        "program": program and program.data(),
        "mends": diagonal_length(loss.view) if program and loss.mends else None,
        "examples": _examples(loss, wants_hessian, steps) if program is None or samples else None,
    }


def _examples(risk: EmpiricalRisk, wants_hessian: bool, steps: int) -> dict:
    if risk.count > MOST_EXAMPLES:
        raise WaitingError(TOO_MANY)
    if risk.count * steps > MOST_LOOKS:
        raise WaitingError(TOO_LONG)
    functions = functions_of_examples(risk.example_loss, tuple(risk.data))
    parts = [functions[VALUE_AND_GRADIENT].program, *([functions[HESSIAN].program] if wants_hessian else [])]
    return {
        "program": joined(*parts).data(),
        "columns": [column.tolist() for column in risk.data.values()],
        "reduction": risk.reduction,
    }
