"""Surfaces by name: names travel through session, link and caches, objects do not.

The name of a typed formula is the formula itself behind "= ", with the values of its constants, and where its domain
was chosen, too, "@" and four numbers: "= a x^2 + 3xy; a = 2 @ -5, 5, -3, 3". Wherever such a name comes from, it is
read and checked again.
"""

import math
import re
from functools import lru_cache

from programs.frame import Frame
from surfaces import SURFACES, ExpressionError, Surface, TypedSurface, parse
from surfaces.syntax import LONGEST, LONGEST_TAIL

TYPED, AT = "= ", " @ "
# The longest name of a typed formula: the formula, the values of its constants, and four numbers.
LONGEST_NAME = LONGEST + LONGEST_TAIL + 120
# A side of a domain that was chosen.
NARROWEST, FURTHEST = 1e-6, 1e6
_SIDES = re.compile(" *, *".join([r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"] * 4))


def is_typed(name: str) -> bool:
    """True for the name of a typed formula, whether it can be read or not."""
    return name.startswith(TYPED)


def is_known(name: str) -> bool:
    """True where there is a surface with this name."""
    return len(name) <= LONGEST_NAME and _is_known(name)


@lru_cache(maxsize=256)
def _is_known(name: str) -> bool:
    try:
        surface_of(name)
    except KeyError:
        return False
    return True


def surface_of(name: str) -> Surface:
    """The surface with this name; KeyError where there is none."""
    return _typed(name) if is_typed(name) else SURFACES[name]


def typed_name(text: str, domain: Frame | None = None) -> str:
    """The name of a formula over a domain, or over the domain that suits it."""
    sides = "" if domain is None else AT + ", ".join(f"{end:.10g}" for side in domain for end in side)
    return TYPED + " ".join(text.split()) + sides


@lru_cache(maxsize=128)
def _typed(name: str) -> TypedSurface:
    if len(name) > LONGEST_NAME:
        raise KeyError(name[:40])
    text, at, sides = name.removeprefix(TYPED).partition(AT)
    try:
        surface = parse(text)
    except ExpressionError as error:
        raise KeyError(name) from error
    return surface.framed(_domain(name, sides)) if at else surface


def _domain(name: str, sides: str) -> Frame:
    numbers = _SIDES.fullmatch(sides)
    left, right, bottom, top = map(float, numbers.groups()) if numbers else [math.nan] * 4
    domain = ((left, right), (bottom, top))
    if not is_domain(domain):
        raise KeyError(name)
    return domain


def is_domain(domain: Frame) -> bool:
    """True for two sides of finite length, neither too short nor too far out to be drawn."""
    return all(
        math.isfinite(high - low)
        and high - low >= NARROWEST * max(1.0, abs(low), abs(high))
        and max(abs(low), abs(high)) <= FURTHEST
        for low, high in domain
    )


def title_of_surface(name: str) -> str:
    """The words for a surface's name; a typed formula is its own."""
    return name if is_typed(name) else surface_of(name).title
