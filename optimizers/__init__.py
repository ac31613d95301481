"""Rules that move a point downhill, their learning-rate schedules, and the loop that runs them."""

import re
from functools import lru_cache

from optimizers import adaptive, first_order, schedules, second_order
from optimizers.loss import Loss
from optimizers.noise import GaussianNoise
from optimizers.optimizer import Optimizer
from optimizers.schedules import FormulaSchedule, Schedule
from optimizers.symbols import check_symbols
from optimizers.trajectory import Endpoint, Trajectory, run, run_to_end


def _rules(kind: type, *modules) -> dict[str, type]:
    return {
        name: rule
        for module in modules
        for name, rule in vars(module).items()
        if isinstance(rule, type) and issubclass(rule, kind) and hasattr(rule, "source")
    }


OPTIMIZERS: dict[str, type[Optimizer]] = _rules(Optimizer, first_order, adaptive, second_order)
for _rule in OPTIMIZERS.values():
    check_symbols(_rule)
SCHEDULES: dict[str, type[FormulaSchedule]] = _rules(FormulaSchedule, schedules)


@lru_cache(maxsize=256)
def title_of(name: str) -> str:
    """The words for a rule's or schedule's name: "GradientDescent" is "Gradient descent", "RMSProp" stays as it is.

    A word that is the name of another rule keeps its capital: "DampedNewton" is "Damped Newton".
    """
    first, *others = re.findall(r"[A-Z][a-z]+", name) or [name]
    if "".join([first, *others]) != name:
        return name
    return " ".join([first, *(word if word in OPTIMIZERS else word.lower() for word in others)])


def full_title_of(name: str) -> str:
    """The words for a rule's name with the other names under which people look for it: "Gradient descent (SGD)"."""
    aliases = ", ".join(OPTIMIZERS[name].aliases)
    return f"{title_of(name)} ({aliases})" if aliases else title_of(name)


__all__ = [
    "OPTIMIZERS",
    "SCHEDULES",
    "Endpoint",
    "GaussianNoise",
    "Loss",
    "Optimizer",
    "Schedule",
    "Trajectory",
    "full_title_of",
    "run",
    "run_to_end",
    "title_of",
]
