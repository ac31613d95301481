"""What follows the hand: sliders, the inputs that they and dragged points set, and what the browser does with them."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

# No name of an input can be taken for anything else: it becomes a key in JavaScript.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Slider:
    """One slider of the canvas.

    name: the input of programs that it sets, of letters, digits and _. key: where its value lives in the session's
    state. label: plain text that begins with the words of the hyperparameter. numbers: its positions, rising; value and
    default are among them. default: what a double click brings back. group: sliders of the same group are folded
    together under this title; without one, a slider always stands with the pictures. spoken: the words before the
    number where it is read aloud; the label unless they are given.

    Raises ValueError where the name is none, or the numbers do not rise, are not finite, or lack value or default.
    """

    name: str
    key: str
    label: str
    numbers: tuple[float, ...]
    value: float
    default: float
    help: str = ""
    group: str = ""
    spoken: str = ""

    def __post_init__(self):
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name of an input: only letters, digits and _ can be used.")
        if not all(map(math.isfinite, self.numbers)) or any(low >= high for low, high in pairwise(self.numbers)):
            raise ValueError(f"The numbers of {self.name} must be finite and rise.")
        if not {self.value, self.default} <= {*self.numbers}:
            raise ValueError(
                f"{self.name}: value {self.value!r} and default {self.default!r} must be among its numbers."
            )


def positions(numbers: Sequence[float], *others: float) -> tuple[float, ...]:
    """The positions of a slider over these numbers, each once, with others such as the present value among them."""
    return tuple(sorted({*numbers, *others}))


@dataclass(frozen=True, eq=False)
class Sentence:
    """A sentence that the canvas writes under the readout: the server's, and one with the numbers of the moment while a
    hand moves.

    text: what the server says. program: data of a program whose output "case" is the place of a template in `cases`,
    and whose other outputs, or inputs of the page, are the numbers named in braces there; without one, the server's
    sentence waits, dim, while the hand moves, and where it has an update, while the clock does. rows, run, update:
    where the program's inputs come from, as of a trace.
    """

    text: str
    program: Mapping[str, Any] | None = None
    cases: tuple[str, ...] = ()
    rows: str = "once"
    run: str = ""
    update: str = ""


@dataclass(frozen=True, eq=False)
class Live:
    """What the pictures of a canvas follow while the hand moves.

    Inputs are one flat table of numbers by name: the values of the sliders, dragged points, and `inputs`, the present
    values of all others. runs: data of `browser.program`. bound: by the name of a run, which of its hyperparameters
    ("schedule.decay" for one of its schedule, "steps" for the number of its updates, "noise" for how strong its noise
    is) takes which input. points: by the name of a figure, the two inputs that its start mark sets when it is dragged,
    "" for one that it does not set. start: the inputs at which all runs begin. hover: by the name of a figure, the
    inputs that the pointer sets while it only hovers. clock: the input that is the update which led to the moment that
    the time bar shows, at least 1; none where nothing but the paths follows the time. made: the formula and the rules
    in words, for those who take the pictures home.

    Raises ValueError where two sliders have the same name or the same key.
    """

    sliders: tuple[Slider, ...] = ()
    runs: Mapping[str, Any] | None = None
    bound: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    points: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    start: tuple[str, str] = ("start1", "start2")
    inputs: Mapping[str, float] = field(default_factory=dict)
    hover: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sentences: tuple[Sentence, ...] = ()
    clock: str = ""
    made: str = ""

    def __post_init__(self):
        for shared in ("name", "key"):
            taken = [getattr(slider, shared) for slider in self.sliders]
            if len(set(taken)) < len(taken):
                raise ValueError(f"Two sliders have the same {shared}: {', '.join(taken)}.")


def data(live: Live) -> dict[str, Any]:
    """What travels to the browser: plain data for JSON."""
    return {
        "sliders": [{**vars(slider), "spoken": slider.spoken or slider.label} for slider in live.sliders],
        "runs": live.runs,
        "bound": {run: dict(inputs) for run, inputs in live.bound.items()},
        "points": dict(live.points),
        "start": live.start,
        "inputs": dict(live.inputs),
        "hover": dict(live.hover),
        "sentences": [vars(sentence) for sentence in live.sentences],
        "clock": live.clock,
    }


def moved(live: Live, values: Any) -> dict[str, float]:
    """What a message from the browser, numbers by the names of sliders, writes into the session, by its keys.

    Whatever is not a number at which that slider has a position is left out; whoever sends it is not our canvas.
    """
    told = values if isinstance(values, dict) else {}
    return {
        slider.key: number
        for slider in live.sliders
        for number in slider.numbers
        if not isinstance(told.get(slider.name), bool) and told.get(slider.name) == number
    }
