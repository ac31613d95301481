"""Which model learns from which data: the choice as names and numbers, its widgets, and the loss that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import streamlit as st

from figures import Mesh, mesh_of
from lessons.problems import BUILT_IN, DRAWN, OWN, UNLIKE, Choice, Problem, Rows, problem_of
from optimizers.curvature import eigenvalues
from surfaces import EmpiricalRisk
from surfaces.datasets import UNEQUAL, DataError, checked, typed_rows
from surfaces.neurons import NEURONS
from ui.fields import number_field
from ui.lesson import Lesson
from ui.rates import rate_limit, rates_beside, suited_rate
from ui.sliders import number_slider

_FIRST_ROWS = {
    1: [(0.0, 1.0), (1.0, 2.5), (2.0, 3.5), (3.0, 5.5)],
    2: [(0.0, 1.0, 1.0), (1.0, 0.0, 0.0), (1.0, 2.0, 1.0)],
}
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
    columns = st.columns([1, 1, 2], vertical_alignment="bottom")
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
    _forget(lesson, forgotten)


def _forget(lesson: Lesson, names: Sequence[str]) -> None:
    for name in names:
        st.session_state.pop(lesson.key(name), None)


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


def rate_slider(lesson: Lesson, choice: Choice, label: str = "Learning rate η", by_example: bool = False) -> float:
    """A learning rate on a scale that the data need; at first the `usual_rate`. Its key is "rate"."""
    rates = rates_beside(rate_limit(problem(choice).risk))
    return number_slider(label, lesson.key("rate"), rates, usual_rate(choice, by_example))


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
        return Choice(model, data, rows=_own_rows(lesson, model))
    return Choice(model, data)


def _own_rows(lesson: Lesson, model: str) -> Rows:
    """The student's rows: what was read last without a complaint, else the first rows."""
    inputs, targets = len(NEURONS[model].inputs), NEURONS[model].targets
    memory = " ".join(["own rows", str(inputs), *map(str, targets)])
    rows = Rows(st.session_state.setdefault(memory, _FIRST_ROWS[inputs]))
    names = ["x", "y"] if inputs == 1 else ["x1", "x2", "y"]
    with st.popover("Type or paste your data", width="stretch"):
        way = st.segmented_control(
            "How", ["Table", "Pasted text"], default="Table", key=lesson.key("own way"), label_visibility="collapsed"
        )
        if way == "Pasted text":
            text = st.text_area(
                f"One example in each line: {', '.join(names)}",
                key=lesson.key("own text"),
                placeholder="1, 2.5\n2, 3.5" if inputs == 1 else "0, 1, 1\n1, 0, 0",
                height=180,
            )
            typed = text if text.strip() else None
        else:
            if lesson.key(memory) not in st.session_state:
                columns = zip(names, rows.numbers.T.tolist(), strict=True)
                st.session_state[f"{memory} first"] = {name: list(map(str, column)) for name, column in columns}
            table = st.session_state[f"{memory} first"]
            edited = st.data_editor(table, num_rows="dynamic", key=lesson.key(memory), width="stretch", height=240)
            typed = tuple(zip(*edited.values(), strict=True))
        try:
            read = _read(typed, inputs, targets) if typed is not None else rows
        except DataError as error:
            for reason in error.reasons[:8]:
                st.warning(reason)
            if len(error.reasons) > 8:
                st.warning(f"{len(error.reasons) - 8} more rows cannot be used.")
            st.caption("Until every row can be used, the page shows the last data that could.")
        else:
            if read != rows:  # other data bring their own start and rate
                _forget(lesson, ("theta1", "theta2", "rate"))
            rows, st.session_state[memory] = read, read.numbers
            st.caption(f"{len(rows.numbers)} examples are used.")
    return rows


@lru_cache(maxsize=8)
def _read(typed: str | tuple[tuple, ...], inputs: int, targets: tuple[float, ...]) -> Rows:
    """The rows of a text or of the cells of a table. Raises DataError where one cannot be used."""
    data = checked(typed_rows(typed) if isinstance(typed, str) else typed, inputs, targets=targets)
    return Rows(np.vstack([data.inputs, data.target]).T)
