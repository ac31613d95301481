"""The red circle: why the gradient step is the best step, until the circle is too big. Five parts of one argument."""

import streamlit as st

from pages.theory.circle import always_smaller, inside, one_variable, second_order, two_variables
from ui.experiment import page_theme
from ui.lesson import Lesson

PARTS = {
    "1 One variable": one_variable,
    "2 Two variables": two_variables,
    "3 Inside the circle": inside,
    "4 Always smaller?": always_smaller,
    "5 Second order": second_order,
}
FIRST = "2 Two variables"

lesson = Lesson("red_circle", "Why is −η ∇L the best step? And until when?")

tabs = st.tabs(list(PARTS), default=FIRST, key=lesson.key("part"), on_change="rerun", bind="query-params")
for part, tab in zip(PARTS.values(), tabs, strict=True):
    if tab.open:
        with tab:
            part.show(lesson, page_theme())
lesson.end()
