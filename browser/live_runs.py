"""Runs under the hand: what a page's canvas needs to make them again, and what it says of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

from browser.descents import program
from browser.hand import Live, Sentence
from lessons.summary import formula_text, values_of
from optimizers import Trajectory, title_of
from optimizers.sensitivity import SENSITIVE, is_sensitive
from programs.tracing import program_of
from surfaces import Surface

LONGEST_FORMULA = 250


def with_runs(live: Live, trajectories: Mapping[str, Trajectory]) -> Live:
    """What follows the hand, with these runs from one start, of one number of updates and on one loss.

    The canvas also says which of them are sensitive to the last digit, and which wait for the server.
    """
    first = next(iter(trajectories.values()))
    rules = {name: trajectory.optimizer for name, trajectory in trajectories.items()}
    runs = program(first.objective, rules, first.theta[0], first.steps)
    waiting = tuple(map(lasting, dict.fromkeys(runs["waiting"].values())))
    return with_start(replace(live, runs=runs, sentences=(*live.sentences, *waiting)), trajectories)


def with_start(live: Live, trajectories: Mapping[str, Trajectory]) -> Live:
    """The same where the server alone can make the runs again, of which it is said which are sensitive."""
    start = map(float, next(iter(trajectories.values())).theta[0])
    sensitive = [name for name, trajectory in trajectories.items() if _is_sensitive(trajectory)]
    return replace(
        live,
        made=_in_words(trajectories),
        inputs={**live.inputs, **dict(zip(live.start, start, strict=True))},
        sentences=(*live.sentences, *_sensitive_sentences(sensitive)),
    )


def _in_words(trajectories: Mapping[str, Trajectory]) -> str:
    """The formula of the loss and the rules with their hyperparameters."""
    loss = next(iter(trajectories.values())).objective
    surface = getattr(loss, "loss", getattr(loss, "risk", loss))
    formula = f"{_formula(surface)}. " if isinstance(surface, Surface) else ""
    rules = ". ".join(f"{title_of(name)}: {values_of(path.optimizer)}" for name, path in trajectories.items())
    return f"{formula}{rules}."


def _formula(surface: Surface) -> str:
    """The formula, or the name of what has one that is too long to read."""
    text = formula_text(surface)
    return f"L(θ₁, θ₂) = {text}" if len(text) <= LONGEST_FORMULA else f"Loss: {surface.title}"


# A run of a hundred thousand updates takes as long again to be judged, and pages keep such runs.
_judged: WeakKeyDictionary[Trajectory, bool] = WeakKeyDictionary()


def _is_sensitive(trajectory: Trajectory) -> bool:
    if trajectory not in _judged:
        _judged[trajectory] = is_sensitive(trajectory)
    return _judged[trajectory]


def _sensitive_sentences(names: Iterable[str]) -> tuple[Sentence, ...]:
    """A sentence on the runs of these rules, which another computer draws otherwise; none where there is no run."""
    titles = list(map(title_of, names))
    return (Sentence(f"{' and '.join(titles)}: {SENSITIVE}."),) if titles else ()


def lasting(text: str) -> Sentence:
    """A sentence that stays true while the hand moves. text: without braces."""
    return Sentence(text, program_of(lambda: {"case": 0.0}).data(), (text,))
