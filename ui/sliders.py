"""Sliders that several lessons share."""

import streamlit as st

from ui.controls import preferred_numbers


def log_slider(label: str, key: str, low: float, high: float, default: float, help: str | None = None) -> float:
    """A slider over preferred numbers from low to high, carried by the link; returns its value."""
    state = st.session_state
    state.setdefault(key, default)
    options = sorted({*preferred_numbers(low, high), default, float(state[key])})
    return float(
        st.select_slider(
            label,
            options,
            default,
            key=key,
            format_func=lambda value: f"{value:.6g}",
            help=help,
            bind="query-params",
        )
    )
