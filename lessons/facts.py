"""What the catalogue tells of every rule, schedule and surface: formulas as LaTeX, words as Markdown."""

from optimizers import OPTIMIZERS
from optimizers.hyperparameters import defaults, hyperparameters
from surfaces import Surface


def families() -> dict[str, list[str]]:
    """The names of the rules of each family, in the order of the registry."""
    named: dict[str, list[str]] = {}
    for name, rule in OPTIMIZERS.items():
        named.setdefault(rule.family, []).append(name)
    return named


def fields_of(kind: type) -> str:
    """The hyperparameters of a rule or schedule with their defaults, in one line; empty where there are none."""
    return ", ".join(
        f"{field.label} ${field.symbol}$ = {defaults(kind)[key]:g}" for key, field in hyperparameters(kind).items()
    )


def facts_of_kind(kind: type) -> dict[str, str]:
    """What is told of a rule or schedule besides its formulas, by the words before it."""
    facts = {"Hyperparameters": fields_of(kind), "Variant": getattr(kind, "variant", ""), "Source": kind.source}
    return {words: fact for words, fact in facts.items() if fact}


def facts_of_surface(surface: Surface) -> dict[str, str]:
    """What is told of a surface besides its formula, by the words before it."""
    minima = ", ".join(f"({theta1:.6g}, {theta2:.6g})" for theta1, theta2 in surface.minima)
    return {"Global minima": minima or "none", "Source": surface.source}


def loss_latex(surface: Surface) -> str:
    """The formula of a surface as an equation."""
    return rf"L(\theta_1, \theta_2) = {surface.latex}"
