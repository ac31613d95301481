"""Which of the names in a formula are its two parameters, and which are constants."""

import re
from collections.abc import Callable, Sequence
from itertools import product

from surfaces.vocabulary import PAIRS, SUBSCRIPTS

MOST_CONSTANTS = 6
USUAL = frozenset(name for pair in PAIRS[: PAIRS.index(("u", "v")) + 1] for name in pair)
_INDEX = "".join(SUBSCRIPTS)


def base_of(name: str) -> str:
    """A name without its index."""
    return name.rstrip(_INDEX)


def pair_of(names: Sequence[str], declared: Sequence[str]) -> tuple[str, str] | None:
    """The parameters among the names of a formula, theta1 first; None where there is no pair.

    Two names of a head are the parameters, in its order. Else θ₁ and θ₂ or θ₀ and θ₁ come first, then x and y, then
    the first pair of PAIRS or of two indices (0 and 1, 1 and 2) that is there in full, then the first of which one is.
    """
    if len(declared) > 1:
        return tuple(declared[:2])
    if declared:
        own = [name for name in names if base_of(name) == base_of(declared[0])]
        if own:
            pair = _first_pair(own, own) or (own[0], "y")
            return pair if declared[0] != pair[1] else (pair[1], pair[0])
    return _first_pair(names, names)


def _first_pair(among: Sequence[str], names: Sequence[str]) -> tuple[str, str] | None:
    for first, second in PAIRS[:2]:
        if {first, second} <= set(among):
            return first, second
    for pair in PAIRS[:2]:
        if set(pair) & set(among):
            return pair
    if {"x", "y"} & set(among):
        lone = "z" in names and not {"x", "y"} <= set(names)
        return ("x" if "x" in names else "y", "z") if lone else ("x", "y")
    pairs = [*_written(among), *_indexed(among)]
    full = next((pair for pair in pairs if set(pair) <= set(among)), None)
    # Of one half of a less usual pair beside other names, nobody can tell which of them is meant to move.
    halves = [pair for pair in pairs if len(names) == 1 or USUAL & set(pair) & set(names)]
    return full or next((pair for pair in halves if set(pair) & set(among)), None)


def _written(names: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of the list, in small and capital letters as they are used."""
    cases = ((str, str), (str.upper, str.upper), (str.upper, str), (str, str.upper))
    pairs = []
    for pair in PAIRS:
        for cased in cases:
            written = tuple(case(name) if name[0].isascii() else name for case, name in zip(cased, pair, strict=True))
            if set(written) & set(names) and written not in pairs:
                pairs.append(written)
    return sorted(
        pairs, key=lambda pair: [{name.lower() for name in pair} == set(known) for known in PAIRS].index(True)
    )


def _indexed(names: Sequence[str]) -> list[tuple[str, str]]:
    bases = list(dict.fromkeys(base_of(name) for name in names if name != base_of(name)))
    usual = [(base + low, base + high) for base, (low, high) in product(bases, ("₁₂", "₀₁"))]
    used = [sorted(name for name in names if name != base and base_of(name) == base)[:2] for base in bases]
    return usual + [tuple(pair) for pair in used if len(pair) == 2]


def complaint(
    names: Sequence[str], declared: Sequence[str], head: str, values: Sequence[str]
) -> tuple[str, Callable[[str], bool]] | None:
    """Why the names cannot be told apart, and a test for the names that are at fault."""
    pair = pair_of(names, declared)
    if pair is None:
        shown = ", ".join(names[:4])
        wrong = (
            f"The names {shown} hold no known pair"
            if len(names) > 1
            else f"The name {shown} is not one of a known pair"
        )
        reason = f"{wrong} of parameters. Use x and y, or begin with f({names[0]}, {_other(names)}) =."
        if any(re.search("[₀-₉]$", name) for name in names):
            reason += f" For a power write {base_of(names[0])}^2."
        return reason, names.__contains__
    constants = [name for name in names if name not in pair]
    if head in pair and len(declared) < 2 and head:
        reason = (
            f"This is the equation of a curve, where {head} would be a parameter, too. Type a formula in both "
            "parameters, such as x^2 + y^2, or only what stands to the right."
        )
        return reason, lambda name: True
    bases = {name for name in pair if name == base_of(name)}
    for name in constants:
        if name != base_of(name) and base_of(name) in bases and not declared:
            plain = base_of(name)
            reason = f"Two names are {plain} and {name}. For a power write {plain}^2, else use other letters."
            return reason, name.__eq__
    if len(constants) > MOST_CONSTANTS:
        reason = (
            f"Besides {pair[0]} and {pair[1]}, the formula has {len(constants)} names: {', '.join(constants[:8])}. "
            f"At most {MOST_CONSTANTS} can be constants."
        )
        return reason, constants[MOST_CONSTANTS].__eq__
    if wrong := next((name for name in values if name in pair), None):
        return f"The name {wrong} is a parameter, and takes no fixed value. Only constants do.", wrong.__eq__
    return None


def _other(names: Sequence[str]) -> str:
    return names[1] if len(names) > 1 else next(name for name in ("x", "y") if name != names[0])
