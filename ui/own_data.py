"""A student's own data: typed, pasted, uploaded or carried by the link, and which of its columns is what."""

import base64
import csv
import io
import zlib
from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from lessons.problems import Rows
from lessons.words import counted, listed
from surfaces.neurons import NEURONS
from surfaces.tables import (
    DataError,
    Table,
    column_names,
    read_table,
    text_of_file,
    typed_rows,
    usual_columns,
)
from ui.fields import as_typed, went_back
from ui.lesson import Lesson

Cells = tuple[tuple[str, ...], ...]

FIRST: dict[int, Cells] = {
    1: (("0", "1"), ("1", "2.5"), ("2", "3.5"), ("3", "5.5")),
    2: (("0", "1", "1"), ("1", "0", "0"), ("1", "2", "1")),
}
WAYS = ("Table", "Pasted text", "File")
# A link holds so many letters of data, and so much text may come out of them.
LONGEST_IN_LINK, MOST_TEXT = 2_000, 200_000
# What a link holds in place of data that are too many for it.
TOO_LARGE = "too-large"
MOST_REASONS = 8


def packed(cells: Cells) -> str:
    """The cells as a part of a link; TOO_LARGE where they are too many."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(cells)
    raw = text.getvalue().encode()
    short = base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode().rstrip("=")
    return short if len(short) <= LONGEST_IN_LINK and len(raw) <= MOST_TEXT else TOO_LARGE


def unpacked(text: str) -> Cells:
    """The cells in a part of a link. Raises DataError where there are none."""
    try:
        if len(text) > LONGEST_IN_LINK:
            raise ValueError("longer than any link of ours")
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        inflated = zlib.decompressobj()
        content = inflated.decompress(raw, MOST_TEXT)
        if not inflated.eof:
            raise ValueError("more text than any link of ours")
        return tuple(map(tuple, csv.reader(io.StringIO(content.decode(), newline=""), strict=True)))
    except (ValueError, zlib.error, csv.Error) as error:
        raise DataError("The data in this link cannot be read.") from error


def own_rows(lesson: Lesson, model: str) -> Rows:
    """The student's rows: what was read last without a complaint, else the first rows. The link carries them."""
    state, inputs, targets = st.session_state, len(NEURONS[model].inputs), NEURONS[model].targets
    memory = " ".join(["own rows", str(inputs), *map(str, targets)])
    linked = _linked(lesson, memory)
    cells = state.setdefault(memory, FIRST[inputs])
    columns = state.setdefault(f"{memory} columns", ())
    roles = ("x", "y") if inputs == 1 else ("x1", "x2", "y")
    with st.popover("Type, paste or upload your data", width="stretch"):
        try:
            typed = _typed(lesson, memory, linked or cells, roles)
            chosen = _columns(lesson, typed, columns, roles)
            table = _read(typed, inputs, targets, chosen)
        except DataError as error:
            for reason in error.reasons[:MOST_REASONS]:
                st.warning(as_typed(reason))
            if (more := len(error.reasons) - MOST_REASONS) > 0:
                st.warning(f"{counted(more, 'more row')} cannot be used.")
            st.caption("Until every row can be used, the page shows the last data that could.")
            if linked:
                state[lesson.key("own lost")] = "The data in this link cannot be used."
        else:
            cells, columns, state[memory], state[f"{memory} columns"] = typed, chosen, typed, chosen
            remarks = [*map(as_typed, table.remarks), *_chosen_twice(chosen, roles)]
            st.caption(" ".join([_used(len(table.numbers)), *remarks]))
    rows = Rows(_read(cells, inputs, targets, columns).numbers)
    if state.get(lesson.key("own digest"), rows.digest) != rows.digest:  # other data bring their own start and rate
        lesson.forget("theta1", "theta2", "rate")
    state[lesson.key("own digest")] = rows.digest
    if cells == FIRST[inputs] and (lost := state.get(lesson.key("own lost"))):
        lesson.complaints.warning(
            f"{lost} Type, paste or upload the data here. Until then, the page shows {len(cells)} points as an example."
        )
    _write_link(lesson, packed(cells))
    return rows


def forget_link(lesson: Lesson) -> None:
    """Takes the data out of the link; where others are shown."""
    if lesson.key("rows") in st.query_params:
        del st.query_params[lesson.key("rows")]


def chosen_by_hand(lesson: Lesson) -> None:
    """Says that no link has brought the student's own data onto the page; for the callback of what did."""
    st.session_state[lesson.key("own lost")] = ""


def _linked(lesson: Lesson, memory: str) -> Cells:
    """The data of a link that the app has not seen; nothing where there are none, and why is remembered."""
    state, linked = st.session_state, st.query_params.get(lesson.reads("rows"))
    seen, lost = state.setdefault(lesson.key("own links"), set()), lesson.key("own lost")
    if linked is None:
        state.setdefault(lost, "" if memory in state else "This link was made with own data, which it does not carry.")
    elif linked == TOO_LARGE:
        state.setdefault(lost, "This link was made with own data that are too many to travel with it.")
    elif hash(linked) not in seen or went_back():
        seen.add(hash(linked))
        try:
            cells = unpacked(linked)
        except DataError as error:
            state[lost] = str(error)
            return ()
        for key in (lesson.key("own text"), lesson.key("own file"), lesson.key(memory)):
            state.pop(key, None)
        return cells
    return ()


def _write_link(lesson: Lesson, text: str) -> None:
    st.session_state[lesson.key("own links")].add(hash(text))
    if st.query_params.get(lesson.key("rows")) != text:
        st.query_params[lesson.key("rows")] = text


def _typed(lesson: Lesson, memory: str, cells: Cells, roles: Sequence[str]) -> Cells:
    """What the student has typed, pasted or uploaded; the cells, where that is nothing. Raises DataError."""
    way = st.segmented_control(
        "How", WAYS, default=WAYS[0], key=lesson.key("own way"), label_visibility="collapsed", required=True
    )
    if way == "Pasted text":
        text = st.text_area(
            f"One example in each line: {', '.join(roles)}",
            key=lesson.key("own text"),
            placeholder="\n".join(map(", ".join, FIRST[len(roles) - 1][:2])),
            help="Semicolons, tabs, commas or spaces stand between the numbers. A first line may hold names.",
            height=180,
        )
        return _cells(text) if text.strip() else cells
    if way == "File":
        file = st.file_uploader(
            "A table as CSV, up to 1 MB", type=["csv", "tsv", "txt"], key=lesson.key("own file"), max_upload_size=1
        )
        return _cells(text_of_file(file.getvalue())) if file else cells
    return _edited(lesson, memory, cells, roles)


def _edited(lesson: Lesson, memory: str, cells: Cells, roles: Sequence[str]) -> Cells:
    """The cells of the table, which begins with the cells that were read last."""
    state, key, first = st.session_state, lesson.key(memory), f"{memory} first"
    if key not in state:
        names = column_names(cells)
        has_names = bool(names) and names == cells[0]
        shown = names if has_names or len(names) != len(roles) else roles
        titles = [f"{name} ({place})" if name in shown[:place] else name for place, name in enumerate(shown)]
        rows = [(*row, *[""] * len(titles))[: len(titles)] for row in cells[has_names:]]
        columns = map(list, zip(*rows, strict=True))
        state[first] = (cells[:1] if has_names else (), dict(zip(titles, columns, strict=True)))
    names, table = state[first]
    edited = st.data_editor(table, num_rows="dynamic", key=key, width="stretch", height=240)
    rows = zip(*edited.values(), strict=True)
    return (*names, *(tuple("" if cell is None else str(cell) for cell in row) for row in rows))


def _used(count: int) -> str:
    return f"{counted(count, 'example')} {'is' if count == 1 else 'are'} used."


def _chosen_twice(columns: tuple[int, ...], roles: Sequence[str]) -> list[str]:
    same = [role for role, column in zip(roles, columns, strict=False) if columns.count(column) > 1]
    return [f"{listed(same)} are the same column."] if same else []


def _columns(lesson: Lesson, cells: Cells, last: tuple[int, ...], roles: Sequence[str]) -> tuple[int, ...]:
    """Which column is what, where there are more of them than the model needs."""
    names = column_names(cells)
    if len(names) <= len(roles):
        return ()
    usual = usual_columns(cells, len(roles) - 1)
    titles = [f"{place + 1}: {name}" for place, name in enumerate(names)]
    if st.session_state.setdefault(lesson.key("own titles"), titles) != titles:  # a choice belongs to the names
        lesson.forget(*roles)
        last = ()
    st.session_state[lesson.key("own titles")] = titles
    chosen = []
    for box, role, default, known in zip(st.columns(len(roles)), roles, usual, last or usual, strict=True):
        key = lesson.key(role)
        if st.session_state.get(key) not in range(len(names)):
            st.session_state[key] = known if known < len(names) else default
        chosen.append(
            box.selectbox(
                role,
                range(len(names)),
                default,
                key=key,
                format_func=titles.__getitem__,
                on_change=lesson.keep_in_link,
                args=(role,),
                bind="query-params",
            )
        )
    return tuple(chosen)


@lru_cache(maxsize=8)
def _cells(text: str) -> Cells:
    return tuple(map(tuple, typed_rows(text)))


@lru_cache(maxsize=8)
def _read(cells: Cells, inputs: int, targets: tuple[float, ...], columns: tuple[int, ...]) -> Table:
    """The numbers of the cells of a table. Raises DataError where one cannot be used."""
    return read_table(cells, inputs, targets, columns)
