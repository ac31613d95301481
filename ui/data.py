"""Which model learns from which data: the choice as names and numbers, its widgets, and the loss that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import streamlit as st

from browser.hand import Slider
from figures import Mesh, mesh_of
from lessons.problems import BUILT_IN, DRAWN, OWN, UNLIKE, Choice, Problem, problem_of
from lessons.rates import rate_limit, rates_beside, suited_rate
from programs.matrices import eigenvalues
from surfaces import EmpiricalRisk
from surfaces.datasets import UNEQUAL
from surfaces.neurons import NEURONS
from ui.fields import number_field
from ui.lesson import Lesson
from ui.own_data import chosen_by_hand, forget_link, own_rows
from ui.sliders import live_slider

# From so many examples on, a surface that is no polynomial takes half a second, long enough for a word to be said.
MANY = 2_000


@dataclass(frozen=True, eq=False)
class Shown(Problem):
    """A problem and the surface that pictures show of it."""

    @cached_property
    def mesh(self) -> Mesh:
        """The loss over its view."""
        if self.risk.degree is not None or self.risk.count < MANY:
            return mesh_of(self.risk)
        with st.spinner("Sampling the surface"):
            return mesh_of(self.risk)


def problem(choice: Choice) -> Shown:
    """The problem of a choice, made once. Raises DataError where the data cannot be used."""
    return _problem(repr(choice), choice)


@st.cache_resource(show_spinner=False, max_entries=32)
def _problem(name: str, _choice: Choice) -> Shown:
    """The problem of a choice, kept by the name of the choice; Streamlit does not look at the choice itself."""
    made = problem_of(_choice)
    return Shown(made.neuron, made.data, made.held_out, made.risk)


def data_names(model: str) -> list[str]:
    """The data from which a model can learn."""
    return [model, *([DRAWN, UNLIKE] if model == "linear_neuron" else []), OWN]


def title_of_data(name: str) -> str:
    """The words for a data set's name."""
    others = {OWN: "Your own data", DRAWN: "A noisy plane", UNLIKE: UNEQUAL.title}
    return others.get(name) or BUILT_IN[name].title


def choose_data(lesson: Lesson, models: Sequence[str], default: Choice) -> Choice:
    """The widgets for model and data, in a row; what is rare stands in an expander of `own_data` and `plane`."""
    state = st.session_state
    state.setdefault(lesson.key("model"), default.model)
    if state[lesson.key("model")] not in models:
        state[lesson.key("model")] = default.model
    columns = st.columns([1, 1.4, 1.6], vertical_alignment="bottom")
    columns[0].selectbox(
        "Model",
        models,
        models.index(default.model),
        key=lesson.key("model"),
        format_func=lambda name: NEURONS[name].title,
        bind="query-params",
        on_change=_chosen,
        args=(lesson, "model", ("data", "theta1", "theta2", "rate")),
    )
    model = state[lesson.key("model")]
    names = data_names(model)
    usual = default.data if default.data in names else model
    if state.get(lesson.key("data")) not in names:
        state[lesson.key("data")] = usual
    columns[1].selectbox(
        "Data",
        names,
        names.index(usual),
        key=lesson.key("data"),
        format_func=title_of_data,
        bind="query-params",
        on_change=_chosen,
        args=(lesson, "data", ("theta1", "theta2", "rate")),
    )
    with columns[2]:
        return _details(lesson, model, state[lesson.key("data")], default)


def _chosen(lesson: Lesson, name: str, forgotten: Sequence[str]) -> None:
    lesson.keep_in_link(name)
    lesson.show_end()
    lesson.forget(*forgotten)
    chosen_by_hand(lesson)


def choose_start(lesson: Lesson, risk: EmpiricalRisk, label: str = "Start") -> np.ndarray:
    """Two fields for the point where the weights begin, which a new model or new data bring along; shape (2,)."""
    return np.array(
        [
            number_field(place, f"{label} {symbol}", lesson.key(name), float(value), complaints=lesson.complaints)
            for place, symbol, name, value in zip(
                st.columns(2), ("θ₁", "θ₂"), ("theta1", "theta2"), risk.start, strict=True
            )
        ]
    )


def live_rate_slider(
    lesson: Lesson, choice: Choice, label: str = "Learning rate η", by_example: bool = False
) -> Slider:
    """A learning rate on a scale that the data need; at first the `usual_rate`. Its key is "rate"."""
    numbers, usual = rates_beside(rate_limit(problem(choice).risk)), usual_rate(choice, by_example)
    return live_slider(label, lesson.key("rate"), numbers, usual, name="rate")


@lru_cache(maxsize=64)
def usual_rate(choice: Choice, by_example: bool = False) -> float:
    r"""The learning rate that suits a model on data.

    by_example: also where every update sees one example only, so that the one with the largest $\lambda_{max}$ counts.
    """
    risk = problem(choice).risk
    limit = rate_limit(risk)
    if by_example:
        steepest = eigenvalues(risk.examples.hessians(risk.start))[1].max()
        limit = min(limit, 2 / steepest) if steepest > 0 else limit
    return suited_rate(risk, limit)


def _details(lesson: Lesson, model: str, data: str, default: Choice) -> Choice:
    if data != OWN:
        forget_link(lesson)
    if data == DRAWN:
        for name in ("count", "noise"):
            st.session_state.setdefault(lesson.key(name), getattr(default, name))
        left, right = st.columns(2)
        count = left.slider("Examples N", 2, 2000, default.count, key=lesson.key("count"), bind="query-params")
        noise = right.slider(
            "Noise on y", 0.0, 3.0, default.noise, step=0.1, key=lesson.key("noise"), bind="query-params"
        )
        return Choice(model, data, int(count), float(noise), default.seed)
    if data == OWN:
        return Choice(model, data, rows=own_rows(lesson, model))
    return Choice(model, data)
