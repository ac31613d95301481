"""Words that many lessons need: numbers, lists, and which run ends lowest."""

import math
from collections.abc import Iterable, Mapping

from optimizers import title_of
from optimizers.numbers import number
from optimizers.outcome import Outcome

# Last losses that differ by less than this share of the first one, counted from the lowest, are the same.
TELLS = 1e-9


def listed(words: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"; empty where there is nothing to list."""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def counted(count: int, noun: str, plural: str = "") -> str:
    """ "1 example", "2 examples"; plural: where it is not the noun with an s."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def lowest_words(ends: Mapping[str, Outcome], first: float) -> str:
    """Which of these runs, by the names of their rules or schedules, ends lowest in the picture; first: their loss at
    the start, beside which small differences say nothing."""
    inside = {name: end.loss for name, end in ends.items() if not end.kind.is_lost}
    if not inside:
        return "No run ends in the picture."
    least = min(inside.values())
    nothing = TELLS * abs(first - least) if math.isfinite(first) else 0.0
    names = listed(title_of(name) for name, value in inside.items() if value - least <= nothing)
    return f"Lowest in the picture: {names}, L = {number(least)}."
