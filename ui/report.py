"""What is said about an experiment: the table of outcomes and one update in numbers."""

import math
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import streamlit as st

from browser.circles import words_of_update
from figures.theme import Theme, style_of
from lessons.experiment import KEPT, Experiment
from lessons.settings import built_schedule
from lessons.words import counted, number
from optimizers import title_of
from optimizers.worked import WorkedLine, worked_update
from ui.canvas import moments
from ui.fairness import unfair_rate
from ui.glossary import show_symbols

_MARKS = {
    "circle": "●",
    "square": "■",
    "diamond": "◆",
    "cross": "✚",
    "x": "✖",
    "circle-open": "○",
    "square-open": "□",
    "diamond-open": "◇",
}
_COLUMNS = (
    "Optimizer",
    "What happened",
    "What to change",
    "Final loss L",
    "Distance to the nearest global minimum",
    "Updates to 0.1 %",
)


def report(done: Experiment, theme: Theme, remarks: Sequence[str]) -> None:
    """All that stands below the pictures about the runs, with further remarks at its end."""
    settings = done.settings
    if settings.optimizers and settings.circle:
        with moments("circle"):
            st.markdown(words_of_update(done))
    if settings.arrows:
        st.caption(arrow_legend(theme))
    if settings.optimizers:
        outcome_table(done, theme)
    else:
        st.info("Choose at least one optimizer to see a path.")
    if remark := built_schedule(settings).remark:
        st.warning(remark)
    for sentence in filter(None, [unfair_rate(done), *notes(done), *remarks]):
        st.caption(sentence)


def outcome_table(done: Experiment, theme: Theme) -> None:
    """One row per optimizer: what happened, what to change, final loss, distance, updates to tolerance."""
    head = "".join(f"<th scope='col'>{name}</th>" for name in _COLUMNS)
    rows = []
    for name, result in done.outcomes.items():
        style = style_of(name, theme)
        mark = f"<span style='color:{style.color}' aria-hidden='true'>{_MARKS[style.symbol]}</span>"
        to_tolerance = str(result.updates_to_tolerance) if result.updates_to_tolerance >= 0 else "–"
        texts = (result.verdict, result.remedy or "–", number(result.loss), number(result.distance, 3), to_tolerance)
        cells = "".join(
            f"<td data-label='{label}'>{escape(text)}</td>" for label, text in zip(_COLUMNS[1:], texts, strict=True)
        )
        rows.append(f"<tr><th scope='row'>{mark} {escape(title_of(name))}</th>{cells}</tr>")
    st.html(f"<table class='outcomes'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
    st.caption(
        "“Distance”: from the last point to the nearest global minimum that is known, whichever minimum the verdict "
        "names. “Updates to 0.1 %”: the first update after which L − L* stays below 0.1 % of its value at the start. "
        "A dash: never, or no global minimum is known."
    )


def descriptions(done: Experiment) -> dict[str, str]:
    """A text for each picture that says what became of every rule, for those who do not see it."""
    ends = " ".join(
        f"{title_of(name)}: {result.verdict} Loss {number(result.loss, 3)} after "
        f"{counted(done.settings.updates, 'update')}."
        for name, result in done.outcomes.items()
    )
    start = ", ".join(number(coordinate, 4) for coordinate in done.settings.start)
    return {
        "contour": f"Contour map of the loss {done.surface.title}. All paths begin at ({start}). {ends}",
        "surface": f"The loss {done.surface.title} as a surface in space. All paths begin at ({start}). {ends}",
        "loss": f"Loss against updates on {done.surface.title}. {ends}",
    }


def arrow_legend(theme: Theme) -> str:
    """What the arrows on the map mean."""
    names = {
        "gradient": "−η ∇L, the step of plain gradient descent",
        "velocity": "−η v, the step of the velocity",
        "step": "the step taken",
    }
    parts = (f":color[➔]{{foreground='{theme.arrow_colors[kind]}'}} {name}" for kind, name in names.items())
    return "Arrows on the map: " + ", ".join(parts) + "."


def notes(done: Experiment) -> list[str]:
    """What the rules say about their special cases, with the number of updates that met each, up to a divergence."""
    sentences = []
    for name, trajectory in done.trajectories.items():
        if "note" not in trajectory.state:
            continue
        made = trajectory.diverged_at if trajectory.diverged else trajectory.steps
        codes = trajectory.state["note"][1 : made + 1]
        for code, sentence in done.optimizers[name].notes.items():
            times = int((codes == code).sum())
            if times:
                sentences.append(f"**{title_of(name)}**, {times} of {counted(len(codes), 'update')}: {sentence}")
    return sentences


@lru_cache(maxsize=KEPT)
def _lines(done: Experiment, rule: str, update: int) -> list[WorkedLine]:
    return worked_update(done.optimizers[rule], done.loss, done.trajectories[rule], update - 1)


def change_of_loss(before: float, after: float) -> str:
    """What one update did to the loss."""
    if not math.isfinite(after):
        size = "too large for a computer to hold" if math.isinf(after) else "not a number"
        return f"The loss before the update is L = {number(before, 6)}. After it, the loss is {size}."
    if after == before:
        return f"The loss does not change: L = {number(before, 6)}."
    change = "falls" if after < before else "rises"
    told = ((number(before, digits), number(after, digits)) for digits in range(6, 18))
    start, end = next(pair for pair in told if len({*pair}) == 2)
    return f"The loss {change}: from L = {start} to L = {end}."


def worked(done: Experiment, rule: str, update: int) -> None:
    """One update of one rule: each line in symbols, and below it with the numbers put in."""
    optimizer, trajectory = done.optimizers[rule], done.trajectories[rule]
    st.markdown(f"**{title_of(rule)}**, update {update}. {optimizer.intuition}")
    if trajectory.diverged and update > trajectory.diverged_at:
        since = f"after update {trajectory.diverged_at}" if trajectory.diverged_at else "at the start"
        st.info(f"There is nothing to work out: {since}, the numbers of {title_of(rule)} are not finite.")
        return
    for line in _lines(done, rule, update):
        st.latex(line.symbols)
        st.latex(r"\begin{aligned}" + r"\\[0.8em]".join(f"&{text}" for text in line.numbers) + r"\end{aligned}")
    show_symbols(type(optimizer))
    st.markdown(change_of_loss(*map(float, trajectory.loss[update - 1 : update + 1])))
    st.caption(
        "Numbers are shown with 5 digits. They have more where 5 would give another result. "
        "The app computes with all 16."
    )
