"""Words that many lessons need: numbers and lists as they are read."""

import math
from collections.abc import Iterable


def number(value: float, digits: int = 4) -> str:
    """A number with as many digits as it means, or a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:.{digits}g}".replace("-", "−")


def listed(words: Iterable[str]) -> str:
    """ "A", "A and B", "A, B and C"; empty where there is nothing to list."""
    *others, last = [*words] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def counted(count: int, noun: str, plural: str = "") -> str:
    """ "1 example", "2 examples"; plural: where it is not the noun with an s."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
