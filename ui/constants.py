"""The constants of a typed formula: a slider and a number for each, and both stand for the same value."""

import math
from collections.abc import Mapping

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.fields import number_field, prepared, put_value

# A slider goes at least so far to either side of 0, in so many steps.
USUAL, STEPS = 5.0, 100


def constant_key(lesson_key: str, name: str) -> str:
    """The key of a constant's number, which is also its name in the link."""
    return f"{lesson_key}.constant.{name}"


def constant_values(constants: Mapping[str, float], lesson_key: str) -> dict[str, float]:
    """The values of constants as their fields have them; those of the formula where nobody has changed them."""
    return {name: prepared(constant_key(lesson_key, name), value) for name, value in constants.items()}


def constant_fields(
    place: DeltaGenerator, constants: Mapping[str, float], lesson_key: str, complaints: DeltaGenerator
) -> None:
    """A slider and a number field for each constant, whose values the formula gives at first."""
    if not constants:
        return
    columns = place.columns(max(3, len(constants)))
    for column, (name, usual) in zip(columns, constants.items(), strict=False):
        key = constant_key(lesson_key, name)
        value = number_field(column, f"Constant {name}", key, usual, complaints=complaints)
        reach = _reach(max(abs(value), abs(usual)))
        st.session_state[f"{key} slider"] = value
        column.slider(
            f"{name} from −{reach:g} to {reach:g}",
            -reach,
            reach,
            key=f"{key} slider",
            step=2 * reach / STEPS,
            format="%.6g",
            label_visibility="collapsed",
            on_change=_slid,
            args=(key,),
        )


def _slid(key: str) -> None:
    # As many digits as the steps of the slider have.
    put_value(key, float(f"{st.session_state[f'{key} slider']:.6g}"))


def _reach(size: float) -> float:
    """A round number that leaves room beyond a value."""
    if size <= USUAL:
        return USUAL
    decade = 10.0 ** math.floor(math.log10(2 * size))
    return next(digit * decade for digit in (1, 2, 5, 10) if digit * decade >= 2 * size)
