"""Every surface, rule and schedule: formula, source, variant."""

import streamlit as st

from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.hyperparameters import defaults, hyperparameters
from optimizers.worked import symbols_of, written_lines
from surfaces import SURFACES
from ui.glossary import GLOSSARY, show_symbols, symbol_table
from ui.heading import heading
from ui.navigation import page_of


def fields_of(kind: type) -> str:
    """The hyperparameters of a rule or schedule with their defaults, in one line."""
    return ", ".join(
        f"{field.label} ${field.symbol}$ = {defaults(kind)[key]:g}" for key, field in hyperparameters(kind).items()
    )


heading(page_of("catalogue"))
rules, schedules, surfaces, symbols = st.tabs(["Optimizers", "Schedules", "Surfaces", "Symbols"])
with rules:
    families = dict.fromkeys(rule.family for rule in OPTIMIZERS.values())
    for family in families:
        st.header(family)
        for name, rule in OPTIMIZERS.items():
            if rule.family != family:
                continue
            with st.container(border=True):
                st.subheader(title_of(name), anchor=name)
                st.markdown(rule.intuition)
                for equation in written_lines(rule):
                    st.latex(equation.latex(symbols_of(rule)))
                show_symbols(rule)
                facts = {"Hyperparameters": fields_of(rule), "Variant": rule.variant, "Source": rule.source}
                st.markdown("  \n".join(f"**{name}:** {fact}" for name, fact in facts.items()))
with schedules:
    for name, kind in SCHEDULES.items():
        with st.container(border=True):
            st.subheader(title_of(name), anchor=name)
            st.markdown(kind.intuition)
            st.latex(kind.latex)
            if known := fields_of(kind):
                st.markdown(f"**Hyperparameters:** {known}")
            st.markdown(f"**Source:** {kind.source}")
with surfaces:
    for name, surface in SURFACES.items():
        with st.container(border=True):
            st.subheader(surface.title, anchor=name)
            st.markdown(surface.lesson)
            st.latex(rf"L(\theta_1, \theta_2) = {surface.latex}")
            minima = ", ".join(f"({m[0]:.6g}, {m[1]:.6g})" for m in surface.minima) or "none"
            st.markdown(f"**Global minima:** {minima}  \n**Source:** {surface.source}")
with symbols:
    symbol_table(*GLOSSARY)
