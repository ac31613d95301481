"""What every lesson is made of: a question, things to try, an answer, a derivation, and where to go next."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lessons.rates import rate_on
from lessons.settings import shown
from lessons.tries import Try
from surfaces.names import surface_of, title_of_surface
from surfaces.reading import readings
from ui.canvas import answers
from ui.choices import offer, surface_names
from ui.clock import carry, to_end
from ui.fields import begin_fields, forget_hidden_fields, number_field, put_value, typed_key, went_back
from ui.heading import bring_up, heading
from ui.navigation import next_lessons, page_of
from ui.plus_signs import ask_about_plus, note_link

# The name of the clock in the link.
_CLOCK = "update"
# By the name of an experiment, values by the names of widgets.
Openings = Mapping[str, Mapping[str, object]]


class Lesson:
    """The frame of one lesson. Its widgets have keys that begin with the page's part of the address.

    From above: the title, the question, `complaints` (sentences about what cannot be used), the parts, the tries with
    what to look at, `instrument` (the canvas and the answer in words), `settings` (what is set once), and what a page
    writes by itself: tables and derivations.
    """

    def __init__(self, url_path: str, question: str):
        self.url_path = url_path
        self.title = page_of(url_path).title
        heading(page_of(url_path))
        st.markdown(f"**{question}**")
        # Always there: what stands below it would be made anew if it moved down by one.
        self.complaints = st.container()
        self._parts = st.container(horizontal=True, vertical_alignment="center", key=self.key("parts"))
        self._tries = st.container(gap="xsmall")
        self.instrument = st.container()
        self.settings = st.container(key=self.key("settings"))
        self._link = st.query_params.to_dict()
        self._read = set()
        # The next part, the name of its choice and what parts open with; nothing at the last part.
        self._following: list[tuple[str, str, Openings]] = []
        begin_fields()

    def key(self, name: str) -> str:
        """The key of a widget of this lesson, which is also its name in the link."""
        return f"{self.url_path}.{name}"

    def experiment(
        self, names: Sequence[str], openings: Openings = MappingProxyType({}), first: str = "", name: str = "view"
    ) -> str:
        """Which of the lesson's parts is shown: the first one, or the one named so, unless another is chosen.

        name: of the choice in the link. openings: the settings that parts open with, by the names of their widgets.
        Choosing a part brings its own, as long as those of the one before have not been changed.
        """
        state = st.session_state
        chosen = self._choice_in_line("Part", names, first or names[0], name, self._experiment_chosen, openings, name)
        for opened, value in openings.get(chosen, {}).items():
            state.setdefault(self.key(opened), value)
        state[self.key("shown")] = chosen
        following = [*names[names.index(chosen) + 1 :]][:1]
        self._following = [(part, name, openings) for part in following]
        return chosen

    def _experiment_chosen(self, openings: Openings, name: str) -> None:
        self.keep_in_link(name)
        self.show_end()
        state = st.session_state
        before = openings.get(state.get(self.key("shown")), {})
        after = openings.get(state[self.key(name)], {})
        untouched = all(state.get(self.key(opened), value) == value for opened, value in before.items())
        for opened, value in after.items():
            if untouched or self.key(opened) not in state:
                put_value(self.key(opened), value)
            else:
                self.keep_in_link(opened)

    def _go_on(self, part: str, name: str, openings: Openings) -> None:
        st.session_state[self.key(name)] = part
        self._experiment_chosen(openings, name)
        bring_up(self.url_path)

    def choose_in_line(
        self, label: str, options: Sequence[str], default: str, name: str, on_choice: Callable[[], None] | None = None
    ) -> str:
        """One of a few options, in the line of the parts with its label; name: of the choice in the link.

        on_choice: called when one is chosen by hand, for an option that brings other runs or other settings.
        """
        self._parts.markdown(label, width="content")
        return self._choice_in_line(label, options, default, name, self._chosen_in_line, name, on_choice)

    def _choice_in_line(
        self, label: str, options: Sequence[str], default: str, name: str, on_change: Callable[..., None], *args: object
    ) -> str:
        st.session_state.setdefault(self.key(name), default)
        chosen = self._parts.segmented_control(
            label,
            options,
            default=default,
            key=self.key(name),
            label_visibility="collapsed",
            required=True,
            on_change=on_change,
            args=args,
            bind="query-params",
        )
        return chosen or default

    def _chosen_in_line(self, name: str, on_choice: Callable[[], None] | None) -> None:
        if on_choice:
            self.keep_in_link(name)
            on_choice()

    def surface_and_start(
        self,
        default: str,
        start: tuple[float, float] | None = None,
        on_choice: Callable[[str], None] = lambda name: None,
        rate: str = "",
    ) -> str:
        """The surface and a point on it, which a new surface sets to its own start; returns the name of the surface.

        The point is in the state under the keys "theta1" and "theta2" of this lesson. on_choice: called with the name
        of a surface that is chosen by hand. rate: the key of the learning rate that a new surface sets, too.
        """
        usual = [float(value) for value in start or surface_of(default).start]
        columns = st.columns([2, 1, 1], vertical_alignment="bottom")
        with columns[0]:
            name = self.surface_picker(default, on_choice, rate)
        labels = (("theta1", "Point θ₁"), ("theta2", "Point θ₂"))
        for column, (coordinate, label), value in zip(columns[1:], labels, usual, strict=True):
            number_field(column, label, self.key(coordinate), value, complaints=self.complaints)
        return name

    def surface_picker(self, default: str, on_choice: Callable[[str], None] = lambda name: None, rate: str = "") -> str:
        """The surface, and the learning rate that suits it, alone; returns its name."""
        note_link(self.key("surface"))
        st.session_state.setdefault(self.key("surface"), default)
        name = st.selectbox(
            "Surface",
            surface_names(),
            surface_names().index(default),
            key=self.key("surface"),
            format_func=title_of_surface,
            on_change=self._surface_chosen,
            args=(on_choice, rate),
            bind="query-params",
        )

        def choose(other: str) -> None:
            offer(other)
            st.session_state[self.key("surface")] = other
            self._surface_chosen(on_choice, rate)

        ask_about_plus(self.complaints, self.key("surface"), choose)
        return name

    def keep_in_link(self, name: str) -> None:
        """Says the value of a changed widget once more; for its callback, if that changes other widgets too.

        The browser may have sent the link of a moment ago, and would get it back with the others' changes.
        """
        st.session_state[self.key(name)] = st.session_state[self.key(name)]

    def forget(self, *names: str) -> None:
        """Lets widgets begin with their defaults again."""
        for name in names:
            st.session_state.pop(self.key(name), None)

    def clock(self, steps: int) -> str:
        """The key of the lesson's clock over runs with so many updates, which the link carries under "update".

        It goes to the end where other runs are shown: those of another experiment, surface or try. A page that has
        other choices of runs calls `show_end` for them.
        """
        carry(self.key(_CLOCK), steps)
        return self.key(_CLOCK)

    def show_end(self) -> None:
        """Lets the clock show the end of whatever runs there are; for a callback."""
        to_end(self.key(_CLOCK))

    def _surface_chosen(self, on_choice: Callable[[str], None], rate: str) -> None:
        self.keep_in_link("surface")
        self.show_end()
        name = st.session_state[self.key("surface")]
        self.move(*map(float, surface_of(name).start))
        if rate:
            st.session_state[self.key(rate)] = rate_on(name)
        on_choice(name)

    def move(self, theta1: float, theta2: float) -> None:
        """Moves the point; for a callback of the canvas."""
        put_value(self.key("theta1"), theta1)
        put_value(self.key("theta2"), theta2)

    def point(self) -> np.ndarray:
        """The point of `surface_and_start`, (2,)."""
        return np.array([st.session_state[self.key(coordinate)] for coordinate in ("theta1", "theta2")], dtype=float)

    def try_this(self, *tries: Try) -> None:
        """The buttons, and what the last one asks the student to look at, as long as its settings are those shown."""
        with self._tries.container(horizontal=True, key=self.key("tries")):
            for choice in tries:
                st.button(
                    choice.title,
                    key=self.key(f"try {choice.title}"),
                    icon=":material/thumb_up:" if choice.good else ":material/warning:",
                    help=choice.look_at,
                    on_click=self._apply,
                    args=(choice,),
                )
        tried = [choice for choice in tries if choice.title == st.session_state.get(self.key("tried"))]
        with self._tries, answers(self.key("tried")):
            # There is always a line: the pictures below it must not jump.
            st.markdown(self._look_at(tried[0]) if tried else "Press one of these, or move what you like.")

    def _look_at(self, choice: Try) -> str:
        if self._is_shown(choice):
            return f":material/visibility: {choice.look_at}"
        return f"The settings are no longer those of “{choice.title}”."

    def _apply(self, choice: Try) -> None:
        self.show_end()
        for name, value in choice.state.items():
            put_value(self.key(name), value)
        st.session_state[self.key("tried")], st.session_state[self.key("link ignored")] = choice.title, []

    def _is_shown(self, choice: Try) -> bool:
        """True where every widget still has the value that this choice gave it."""
        return all(st.session_state.get(self.key(name), value) == value for name, value in choice.state.items())

    def beside(self) -> tuple[DeltaGenerator, DeltaGenerator]:
        """Two places for the instrument and what is read with it: side by side in a wide window, else one below the
        other."""
        with self.instrument, st.container(key=self.key("beside")):
            return st.container(), st.container()

    def derivation(self, title: str) -> AbstractContextManager:
        """The folded derivation."""
        return st.expander(f"Derivation: {title}")

    def reads(self, name: str) -> str:
        """The key of a part of the link that this lesson reads without a widget."""
        self._read.add(self.key(name))
        return self.key(name)

    def _judge_link(self) -> None:
        """Names the parts of the link that no widget took, or that none has. A number field does so itself."""
        state = st.session_state
        seen = state.setdefault(self.key("link seen"), set())
        news = {key: text for key, text in self._link.items() if hash((key, text)) not in seen}
        seen.update(hash(part) for part in (*news.items(), *st.query_params.items()))
        ignored = [
            f"{shown(key.removeprefix(self.key('')))} = {shown(text)}"
            for key, text in news.items()
            if not self._is_used(key, text)
        ]
        if news:
            state[self.key("link ignored")] = ignored
        if ignored := state.get(self.key("link ignored")):
            self.complaints.warning(f"The link could not be used as a whole. Ignored: {'; '.join(ignored[:20])}.")

    def _is_used(self, key: str, text: str) -> bool:
        """True where a part of the link says what the page shows, or is none of its own business."""
        if not key.startswith(self.key("")):
            return went_back()  # Streamlit brings the links of other pages along
        state = st.session_state
        if key in self._read or typed_key(key) in state:
            return True
        return key in state and (st.query_params.get(key) == text or _says(text, state[key]))

    def end(self) -> None:
        """Where to go next, and what could not be used of the link."""
        forget_hidden_fields()
        self._judge_link()
        st.header("Where to go next", anchor=False)
        with st.container(horizontal=True, vertical_alignment="center"):
            for following in self._following:
                label = f"Next part: {following[0]}"
                st.button(label, key=self.key("next part"), type="primary", on_click=self._go_on, args=following)
            for page in next_lessons(self.url_path):
                st.page_link(page.file, label=f"{page.section}: {page.title}", icon=page.icon)


def _says(text: str, value: object) -> bool:
    """True where a text of a link means the value that a widget has anyway, and that links leave out."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return text == f"{value:.6g}" or value in readings(text).values()
    plain, known = (re.sub(r"\W|_", "", str(one).lower()) for one in (text, value))
    return bool(plain) and (plain in known or known in plain)
