"""The verdict line of a canvas, from what became of the runs."""

from collections.abc import Mapping
from types import MappingProxyType

from browser.verdicts import Verdict
from figures.theme import Style, Theme, style_of
from optimizers import title_of
from optimizers.outcome import Outcome


def verdicts_of(
    outcomes: Mapping[str, Outcome],
    theme: Theme,
    styles: Mapping[str, Style] = MappingProxyType({}),
    titles: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Verdict, ...]:
    """What became of each run, by its name, in its own colour and mark.

    styles, titles: of runs that are not named after their optimizer.
    """
    parts = []
    for name, outcome in outcomes.items():
        style = styles[name] if name in styles else style_of(name, theme)
        title = titles[name] if name in titles else title_of(name)
        parts.append(Verdict(outcome.verdict, title, style.color, style.symbol))
    return tuple(parts)


def in_words(outcomes: Mapping[str, Outcome]) -> str:
    """What became of each run, by its name, in one text, for those who do not see the pictures."""
    return " ".join(f"{title_of(name)}: {outcome.verdict}" for name, outcome in outcomes.items())
