"""Tables as people paste and upload them: which mark separates what, and the numbers of the chosen columns."""

import csv
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from surfaces.reading import LONGEST_SHOWN, complaint, is_plain, quoted, readings, written

MOST_ROWS = 10_000
MOST_BYTES = 1_000_000
# Beyond this, the squares of the losses come near to what a computer can hold.
LARGEST = 1e12
# What stands for 1 and for 0, in small letters.
_ANSWERS = (
    ("yes", "no"),
    ("true", "false"),
    ("y", "n"),
    ("t", "f"),
    ("on", "off"),
    ("positive", "negative"),
    ("pos", "neg"),
    ("ja", "nein"),
    ("oui", "non"),
    ("sí", "no"),
    ("si", "no"),
    ("sim", "não"),
    ("да", "нет"),
    ("wahr", "falsch"),
    ("vrai", "faux"),
    ("high", "low"),
    ("+", "-"),
    ("+", "−"),
)
_CLASS_NUMBERS = ({-1.0: 0.0, 1.0: 1.0}, {1.0: 0.0, 2.0: 1.0})
_NOTHING = {"na", "n/a", "#n/a", "null", "none", "?", "-", "–", "—", "."}
# These are no units: they make a number larger.
_LARGER = {"k", "K", "M", "Mio", "Mio.", "bn", "B", "T"}
_UNIT = re.compile(
    r"(?P<sign>[-+−–]?)\s*(?P<before>[^\d\s.,+−–-]{0,5}?)\s*(?P<body>[-+−–]?[\d.,].*?)\s*(?P<after>[^\d\s.,]*[²³]?)"
)
# Beside these, a number is an amount of money, in which a point or comma before three digits sets thousands apart.
_CURRENCIES = {"EUR", "USD", "CHF", "GBP", "INR", "JPY", "CNY", "Rs", "Fr", "kr"}
# A digit, and no letter before it.
_LIKE_A_NUMBER = re.compile(r"[\W\d_]*\d")


class DataError(ValueError):
    """Data that cannot be used, with a sentence for each reason in `reasons`."""

    def __init__(self, *reasons: str):
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, eq=False)
class Table:
    """What was read: numbers (N, columns), and a sentence in `remarks` for what can be read in more than one way."""

    numbers: np.ndarray
    remarks: tuple[str, ...] = ()


def text_of_file(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Latin-1. Raises DataError where it is too large, or no text."""
    if len(content) > MOST_BYTES:
        raise DataError(f"The file is too large: the most that can be read is {MOST_BYTES // 1000} kB.")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(character) == "Cc" for character in set(text) - set("\t\n\r\f\v")):
            return text.removeprefix("\ufeff")
    raise DataError("The file is no text. Save the table as CSV, and upload that file.")


def _encodings(content: bytes) -> Sequence[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if b"\0" in content:  # UTF-16 without a mark at its beginning: every other byte of a digit is zero
        return ("utf-16-le" if content[1:2] == b"\0" else "utf-16-be",)
    return ("utf-8", "cp1252", "latin-1")


def typed_rows(text: str) -> list[list[str]]:
    """The cells of pasted text, a row for every line: separated by semicolons, tabs, commas or spaces."""
    lines = _lines(text.removeprefix("\ufeff"))
    if lines and (said := re.fullmatch(r'"?sep=(.)"?', lines[0].strip(), re.IGNORECASE)):
        return [[""], *(_cells(line, said[1]) for line in lines[1:])]
    separator = _separator(text, lines)
    return [_cells(line, separator) for line in lines]


def _lines(text: str) -> list[str]:
    """The lines of a text. A cell in quotes may hold the end of one; the bars of a Markdown table stand for nothing."""
    if text.count('"') % 2 == 0:
        text = re.sub(r'(?<![^\t;,\n])"[^"]*"(?=[\t;,\r\n]|$)', lambda quoted: " ".join(quoted[0].split()), text)
    lines = text.splitlines()
    if all(re.fullmatch(r"\s*(\|.*\|)?\s*", line) for line in lines):
        lines = [line.strip()[1:-1] for line in lines if not re.fullmatch(r"[\s|:-]*-[\s|:-]*", line)]
    return lines


def _separator(text: str, lines: Sequence[str]) -> str | None:
    """The mark between the cells; None for spaces. Commas may belong to the numbers: 0,5 1,5 or 2,104, 399,900."""
    outside = re.sub('"[^"]*"', "", text)
    if sure := next((mark for mark in "\t;|" if mark in outside), None):
        return sure
    if "," not in text:
        return None
    if '"' in text:  # then what belongs to a number stands in quotes
        return ","
    # A comma with a space behind it does not belong to a number.
    spaced = ", " if ", " in text else None
    return spaced if _are_rows(lines, spaced) else ","


def _are_rows(lines: Sequence[str], separator: str | None) -> bool:
    """True where all lines have as many cells, two at least, and those below the first line are numbers."""
    rows = [cells for line in lines if (cells := _cells(line, separator))]
    return (
        len({len(cells) for cells in rows}) == 1
        and len(rows[0]) > 1
        and all(readings(cell) for cells in (rows[1:] or rows) for cell in cells)
    )


def _cells(line: str, separator: str | None) -> list[str]:
    if separator is None or '"' not in line:
        return line.split(separator)
    try:
        (cells,) = csv.reader([line], delimiter=separator, skipinitialspace=True, strict=True)
    except csv.Error:  # then the stray quote stands in a cell, which is no number
        return line.split(separator)
    return cells


def column_names(rows: Iterable[Sequence[object]]) -> tuple[str, ...]:
    """The names of the columns of typed rows: those of a first row of words, else "column 1", "column 2" ..."""
    names, filled = _split(rows)
    width = len(names or (filled[0][1] if filled else ()))
    return tuple(names[place] if names and names[place] else f"column {place + 1}" for place in range(width))


def usual_columns(rows: Iterable[Sequence[object]], inputs: int) -> tuple[int, ...]:
    """The places of the inputs and of the target unless others are chosen: the first columns of numbers, the last one.

    rows: typed rows that are wide enough for them.
    """
    names, filled = _split(rows)
    width = max(len(names or (filled[0][1] if filled else ())), inputs + 1)
    return _usual([cells for _, cells in filled if len(cells) == width], width, inputs)


def _usual(rows: Sequence[Sequence[str]], width: int, inputs: int) -> tuple[int, ...]:
    before = range(width - 1)
    held = [place for place in before if any(readings(cells[place]) for cells in rows)]
    return (*(held if len(held) >= inputs else before)[:inputs], width - 1)


def read_table(
    rows: Iterable[Sequence[object]], inputs: int, targets: Sequence[float] = (), columns: Sequence[int] = ()
) -> Table:
    """The numbers of typed rows, (N, inputs + 1): first the inputs, last the target.

    Rows with nothing in them are left out, and so is the first of the others if it holds the names of the columns.
    targets: the numbers that a target may be; every number where none are given. A target with two names instead gets
    the numbers 0 and 1. columns: the places of the inputs and of the target; the `usual_columns` unless they are given.

    Raises DataError with one reason for every row that cannot be used, each with the number of the row.
    """
    names, filled = _split(rows)
    if not filled:
        raise DataError("There is no row with numbers yet.")
    if len(filled) > MOST_ROWS:
        raise DataError(f"There are {len(filled)} rows. The most that can be used is {MOST_ROWS}.")
    width = max(len(names or filled[0][1]), inputs + 1)
    reasons = {
        row: f"Row {row} has {_counted(len(cells), 'cell')}, but it needs {width}."
        for row, cells in filled
        if len(cells) != width
    }
    whole = [(row, cells) for row, cells in filled if row not in reasons]
    inside = columns and max(columns) < width
    chosen = columns if inside else _usual([cells for _, cells in whole], width, inputs)
    read = [_Column(_title(place, names), [(row, cells[place]) for row, cells in whole]) for place in chosen]
    marks = {column.mark for column in read if column.mark}
    for column in read:
        column.settle(next(iter(marks)) if len(marks) == 1 else ".")
    read[-1].name_classes(targets)
    for column in read:
        reasons = column.reasons | reasons
    if reasons:
        raise DataError(*(reasons[row] for row in sorted(reasons)))
    remarks = tuple(column.remark for column in read if column.remark)
    return Table(np.array([column.numbers for column in read]).T, remarks)


def _title(place: int, names: Sequence[str]) -> str:
    name = names[place] if place < len(names) else ""
    return f"column {place + 1}{f' ({name[:LONGEST_SHOWN]})' if name else ''}"


class _Column:
    """One column while it is read. mark: what separates decimals in it, where nothing else can."""

    def __init__(self, title: str, cells: Sequence[tuple[int, str]]):
        self.title, self.cells = title, cells
        self.numbers: list[float] = []
        self.reasons: dict[int, str] = {}
        self.remark = ""
        texts = [cell for _, cell in cells]
        self._found = list(map(readings, texts))
        unit = ""
        if not any(self._found):
            unit, numbers = _without_unit(texts)
            self._found = list(map(readings, numbers))
        if _is_currency(unit):  # 145.000 € are no 145 €
            self._found = list(map(_as_money, self._found))
        able = [mark for mark in ".," if all(mark in found for found in self._found if found)]
        self.mark = able[0] if len(able) == 1 else ""
        self._mixed = not able
        # Every cell can be read with a decimal point and with a decimal comma, and not as the same number.
        self._unlike = len(able) == 2 and any(len(set(found.values())) == 2 for found in self._found)

    def settle(self, mark: str) -> None:
        """Chooses a reading of every cell; mark: what separates decimals where this column leaves it open."""
        if pair := self._answers():
            self.numbers = [float(cell.lower() == pair[0]) for _, cell in self.cells]
            self.remark = f"In {self.title}, {quoted(pair[0])} is 1, and {quoted(pair[1])} is 0."
            return
        for (row, cell), found in zip(self.cells, self._found, strict=True):
            number = found.get(self.mark or mark, next(iter(found.values()), math.nan))
            if reason := _wrong(cell, number, found, self._mixed):
                self.reasons[row] = f"Row {row}, {self.title} cannot be used: {reason}."
            elif not self.remark and (self._unlike or not (is_plain(cell) and float(cell) == number)):
                self.remark = f"In {self.title}, {quoted(cell)} is read as {written(number)}."
                if self._unlike:
                    self.remark += " If that is wrong, write a point before decimals, and nothing between thousands."
            self.numbers.append(number)

    def name_classes(self, targets: Sequence[float]) -> None:
        """Makes a target of two classes one of the numbers that are allowed; any other gets its reasons."""
        if not targets or self._answers():
            return
        labels = sorted({cell.lower() for _, cell in self.cells})
        if not self.cells or any(self._found) or "" in labels:
            if not self.reasons:
                self._number_classes(targets)
        elif len(labels) == 2:
            self.reasons = {}
            self.numbers = [float(cell.lower() == labels[1]) for _, cell in self.cells]
            self.remark = f"In {self.title}, {quoted(labels[0])} is 0, and {quoted(labels[1])} is 1."
        else:
            listed = ", ".join(map(quoted, labels[:4])) + (" …" if len(labels) > 4 else "")
            row, _ = self.cells[0]
            names = _counted(len(labels), "name")
            self.reasons = {row: f"The target, {self.title}, holds {names}: {listed}. It needs two classes."}

    def _number_classes(self, targets: Sequence[float]) -> None:
        present = set(self.numbers)
        other = next((known for known in _CLASS_NUMBERS if present - set(targets) and present <= set(known)), None)
        if other:
            self.numbers = [other[number] for number in self.numbers]
            pairs = " and ".join(f"{old:g} is class {new:g}" for old, new in other.items())
            self.remark = f"In {self.title}, {pairs}."
            return
        for (row, _), number in zip(self.cells, self.numbers, strict=True):
            if reason := wrong_target(number, targets):
                self.reasons[row] = f"Row {row}: {reason}."

    def _answers(self) -> tuple[str, str] | None:
        """What stands for 1 and for 0 in a column of answers such as yes and no."""
        words = {cell.lower() for _, cell in self.cells}
        return next((pair for pair in _ANSWERS if words and words <= set(pair)), None)


def wrong_target(number: float, allowed: Sequence[float]) -> str:
    """Why a number cannot be a target where only some numbers are allowed, or nothing."""
    if not allowed or number in allowed:
        return ""
    return f"the target must be {' or '.join(f'{one:g}' for one in allowed)} (a class), but it is {number:g}"


def _wrong(cell: str, number: float, found: dict[str, float], mixed: bool) -> str:
    """Why a cell is no usable number, or nothing. mixed: the column has decimal commas and decimal points."""
    if cell.lower() in _NOTHING:
        return f"{quoted(cell)} stands for a missing number"
    if not found:
        return complaint(cell)
    if mixed and len(set(found.values())) == 2:
        both = " or ".join(written(one) for one in sorted(found.values()))
        return f"{quoted(cell)} can be {both}, because this column has decimal commas and decimal points"
    return f"{quoted(cell)} is beyond ±{LARGEST:g}" if abs(number) > LARGEST else ""


def _without_unit(cells: Sequence[str]) -> tuple[str, Sequence[str]]:
    """The unit that all cells have, and the cells without it; no unit, and the cells, where there is none."""
    found = [_UNIT.fullmatch(cell) for cell in cells]
    units = {(one["before"], one["after"]) for one in found if one}
    if None in found or len(units) != 1:
        return "", cells
    ((before, after),) = units
    if after in _LARGER or not (_is_currency(before) or (after and not before)):
        return "", cells
    return before or after, [one["sign"] + one["body"] for one in found]


def _is_currency(unit: str) -> bool:
    return unit in _CURRENCIES or any(unicodedata.category(character) == "Sc" for character in unit)


def _as_money(found: dict[str, float]) -> dict[str, float]:
    """The readings of an amount: the larger one alone where they differ."""
    return {mark: number for mark, number in found.items() if abs(number) == max(map(abs, found.values()))}


def _split(rows: Iterable[Sequence[object]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The names of the columns, if the first row holds them, and the places and cells of the rows with something."""
    stripped = ([_stripped(cell) for cell in row] for row in rows)
    filled = [(place, cells) for place, cells in enumerate(stripped, start=1) if any(cells)]
    # Behind the last column that holds something, there are only separators at the ends of lines.
    width = max((place for _, cells in filled for place, cell in enumerate(cells, start=1) if cell), default=0)
    filled = [(place, cells[:width]) for place, cells in filled]
    if not filled or any(readings(cell) or _LIKE_A_NUMBER.match(cell) for cell in filled[0][1]):
        return [], filled
    first, others = filled[0][1], filled[1:]
    if others and all(
        cells[:1] == [str(place)] and len(cells) == len(first) + 1 for place, (_, cells) in enumerate(others)
    ):
        first = ["", *first]  # a table that Python has printed: its rows are numbered
    # A word that comes again further down is no name of a column: yes.
    below = {(place, cell) for _, cells in others for place, cell in enumerate(cells) if cell}
    return ([], filled) if below & set(enumerate(first)) else (first, others)


def _stripped(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(cell).strip().strip("\ufeff\u200b")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
