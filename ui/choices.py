"""The surfaces that a page offers, by name: names travel through session, link and caches, objects do not.

The name of a typed formula is the formula itself behind "= ", with the values of its constants, and where its domain
was chosen, too, "@" and four numbers: "= a x^2 + 3xy; a = 2 @ -5, 5, -3, 3". Wherever such a name comes from, it is
read and checked again.
"""

import math
import re
from functools import lru_cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from programs.frame import Frame
from surfaces import SURFACES, ExpressionError, Surface, TypedSurface, parse
from surfaces.declarations import with_constants
from surfaces.syntax import LONGEST, LONGEST_TAIL

TYPED, AT = "= ", " @ "
# The longest name of a typed formula: the formula, the values of its constants, and four numbers.
LONGEST_NAME = LONGEST + LONGEST_TAIL + 120
# A side of a domain that was chosen.
NARROWEST, FURTHEST = 1e-6, 1e6
MOST_TYPED = 12
# So many of them may come with one link, each of which may take a second to read.
MOST_LINKED = 3
_SIDES = re.compile(" *, *".join([r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"] * 4))
_SESSION, _DRAFT = "_typed_formulas", "_formula_being_typed"


def surface_names() -> list[str]:
    """Every surface that can be chosen now: the formulas of this session and of its link, and the catalogue."""
    return [*reversed(typed_names()), *SURFACES]


def typed_names() -> list[str]:
    """The formulas that were typed in this session or came with its link, the oldest first."""
    if get_script_run_ctx() is None:
        return []
    linked = [value for value in st.query_params.to_dict().values() if is_typed(value)]
    for name in linked[:MOST_LINKED]:
        if is_known(name):
            offer(name)
    if draft := st.session_state.pop(_DRAFT, ""):
        offer(draft)
    return offered()


def offered() -> list[str]:
    """The formulas that this session has listed so far."""
    return list(st.session_state.get(_SESSION, []))


def draft(name: str) -> None:
    """Keeps a formula that is still being typed, in place of its last version: it is listed once its page is left."""
    st.session_state[_DRAFT] = name


def offer(name: str) -> None:
    """Lists a typed formula in this session's selectors, in place of the same one with other values of its constants.

    Of too many formulas, those that no widget shows are dropped.
    """
    known = offered()
    if is_typed(name) and name not in known:
        shown = {value for value in map(st.session_state.get, map(str, st.session_state)) if isinstance(value, str)}
        spare = [other for other in known if other not in shown and _without_values(other) == _without_values(name)]
        spare += [other for other in known if other not in shown][: max(0, len(known) + 1 - MOST_TYPED)]
        st.session_state[_SESSION] = [*(other for other in known if other not in spare), name]


def _without_values(name: str) -> str:
    """The name without the values of its constants and without its domain; of a formula without constants, the name."""
    text = name.partition(AT)[0]
    formula = with_constants(text, {})
    return name if formula == text else formula


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
