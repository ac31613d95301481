"""Every surface, rule and schedule: formula, source, variant."""

from collections.abc import Mapping

import streamlit as st

from lessons.facts import facts_of_kind, facts_of_surface, families, loss_latex
from lessons.glossary import GLOSSARY
from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.worked import symbols_of, written_lines
from surfaces import SURFACES
from ui.glossary import show_symbols, symbol_table
from ui.heading import heading
from ui.navigation import page_of


def show(facts: Mapping[str, str]) -> None:
    st.markdown("  \n".join(f"**{words}:** {fact}" for words, fact in facts.items()))


heading(page_of("catalogue"))
rules, schedules, surfaces, symbols = st.tabs(["Optimizers", "Schedules", "Surfaces", "Symbols"])
with rules:
    for family, names in families().items():
        st.header(family)
        for name in names:
            rule = OPTIMIZERS[name]
            with st.container(border=True):
                st.subheader(title_of(name), anchor=name)
                st.markdown(rule.intuition)
                for equation in written_lines(rule):
                    st.latex(equation.latex(symbols_of(rule)))
                show_symbols(rule)
                show(facts_of_kind(rule))
with schedules:
    for name, kind in SCHEDULES.items():
        with st.container(border=True):
            st.subheader(title_of(name), anchor=name)
            st.markdown(kind.intuition)
            st.latex(kind.latex)
            show(facts_of_kind(kind))
with surfaces:
    for name, surface in SURFACES.items():
        with st.container(border=True):
            st.subheader(surface.title, anchor=name)
            st.markdown(surface.lesson)
            st.latex(loss_latex(surface))
            show(facts_of_surface(surface))
with symbols:
    symbol_table(*GLOSSARY)
