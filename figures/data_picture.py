"""The data themselves, with the answers of the model as they change from update to update."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from figures.following import UPDATE
from figures.meta import LINES, MARKERS, Rows, also, following, linked, moves, moving, waiting
from figures.theme import Theme, figure, style_of
from optimizers import Trajectory, title_of
from programs.program import Builder, Program
from programs.tracing import program_of
from surfaces.datasets import DataSet
from surfaces.neurons import Neuron, target

LINK = "examples"
# So many moments of a run are enough for the eye.
MOMENTS = 250
PLACES = 40
MOST_MOVING = 100


def data_picture(
    neuron: Neuron,
    data: DataSet,
    theme: Theme,
    *,
    height: int,
    runs: dict[str, tuple[Trajectory, np.ndarray]] | None = None,
    held_out: DataSet | None = None,
) -> go.Figure:
    """The examples, and the model's answers at the shared time.

    One input: the target against the input, and the curve of answers. Two inputs and targets 0 and 1: both inputs, and
    the line where the answer is one half. Two inputs and other targets: the answer against the target; what lies on the
    diagonal is right. runs: by rule, a trajectory and the number of each of its updates. held_out: examples from
    which the model does not learn, as crosses. Examples light up together with those of other pictures.
    """
    draw = _curve if len(neuron.inputs) == 1 else _boundary if _has_classes(data, held_out) else _diagonal
    traces, titles = draw(neuron, data, held_out, runs or {}, theme)
    layout = theme.layout(
        height,
        title=theme.title(titles[0]),
        xaxis=theme.axis(titles[1]),
        yaxis=theme.axis(titles[2]),
        hovermode="closest",
        uirevision=data.title,
    )
    for axis, values in (("xaxis", "x"), ("yaxis", "y")):
        seen = np.concatenate([np.asarray(trace[values], float) for trace in traces if trace["name"] in _POINTS])
        low, high = float(seen.min()), float(seen.max())
        span = high - low or 1.0
        if axis == "yaxis" and len(neuron.inputs) == 1:
            # Room for the last curve, but no more than the data themselves take: they must stay readable.
            curves = [trace["y"] for trace in traces if moves(trace)]
            reached = np.nan_to_num(np.clip(np.concatenate([*curves, [low]]), low - span, high + span), nan=low)
            low, high = min(low, float(reached.min())), max(high, float(reached.max()))
        layout[axis]["range"] = [low - 0.08 * span, high + 0.08 * span]
    return figure(traces, layout)


_POINTS = ("examples", "class 1", "class 0", "held out", "perfect answers")


def _has_classes(*sets: DataSet | None) -> bool:
    return all(np.isin(data.target, (0, 1)).all() for data in sets if data is not None)


def _points(name: str, x: np.ndarray, y: np.ndarray, theme: Theme, symbol: str, hover: str, **fields) -> dict:
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": {"symbol": symbol, "size": 9, "color": theme.ink, "line": {"color": theme.ink, "width": 1.5}},
        "hovertemplate": f"{name} %{{id}}<br>{hover}<extra></extra>"
        if "ids" in fields
        else f"{name}<br>{hover}<extra></extra>",
        **fields,
    }


def _answers(
    runs, theme: Theme, places, program: Program, table: Mapping[str, Sequence[float]], mode: str, color: str = ""
) -> list[dict]:
    """One moving trace for each run; `places` gives x and y, each (moments, K), for points theta (2, moments).

    program, table: the same for one point, while a hand moves it. color: the run's own unless it is given.
    """
    traces = []
    for name, (trajectory, updates) in runs.items():
        chosen = np.unique(np.linspace(0, trajectory.steps, min(MOMENTS, trajectory.steps + 1)).astype(int))
        with np.errstate(all="ignore"):
            x, y = places(np.ascontiguousarray(trajectory.theta[chosen].T))
        rows = np.column_stack([updates[chosen], x, y])
        title, paint = f"answers, {title_of(name)}", color or style_of(name, theme).color
        trace = moving(title, name, rows, x.shape[1], paint, mode, is_thinned=True)
        # What has made no update stands where it began, whatever the shared time counts.
        update = "" if trajectory.steps else UPDATE
        traces.append(following(trace, Rows.TABLE, program, table=table, update=update))
    return traces


def _answer_program(neuron: Neuron, horizontal: str) -> Program:
    """From theta1, theta2, the inputs and what stands on the horizontal axis to a point of the picture."""
    builder = Builder()
    answer = builder.include(neuron.program, {})["answer"]
    return builder.program({"x": builder.input(horizontal), "y": answer})


def _curve(neuron: Neuron, data: DataSet, held_out: DataSet | None, runs, theme: Theme):
    light = theme.arrow_colors["step"]
    shared = linked(LINK, data.count, light)
    hover = "x = %{x:.4g}<br>y = %{y:.4g}"
    points = [_points("examples", data.inputs[0], data.target, theme, "circle", hover, **shared)]
    if held_out is not None:
        points.append(_points("held out", held_out.inputs[0], held_out.target, theme, "x-thin", hover))
    every = np.concatenate([trace["x"] for trace in points])
    margin = 0.08 * np.ptp(every) or 1.0
    straight = neuron.prediction.diff(neuron.inputs[0], 2) == 0
    places = np.linspace(every.min() - margin, every.max() + margin, 2 if straight else PLACES)

    def curve(theta: np.ndarray):
        answers = neuron.predict(theta, places[None])
        return np.broadcast_to(places, answers.shape), answers

    name = neuron.inputs[0].name
    answers = _answers(runs, theme, curve, _answer_program(neuron, name), {name: places}, LINES)
    return [*points, *answers], ("Data and the answers", "input x", "target y")


def _boundary(neuron: Neuron, data: DataSet, held_out: DataSet | None, runs, theme: Theme):
    light = theme.arrow_colors["step"]
    shared = linked(LINK, data.count, light)
    # All examples in one trace, so that their numbers stay; the symbol tells the class.
    hover = "x₁ = %{x:.4g}<br>x₂ = %{y:.4g}<br>y = %{customdata}"
    symbols = ["circle" if label else "circle-open" for label in data.target]
    points = [_points("examples", *data.inputs, theme, symbols, hover, customdata=data.target, **shared)]
    if held_out is not None:
        held = ["x-thin" if label else "cross-thin" for label in held_out.target]
        points.append(_points("held out", *held_out.inputs, theme, held, hover, customdata=held_out.target))
    reach = 2 * max(float(np.abs(trace[axis]).max()) for trace in points for axis in "xy")

    def along(theta1, theta2) -> tuple:
        length = np.hypot(theta1, theta2)
        return -theta2 / length * reach, theta1 / length * reach

    def line(theta: np.ndarray):
        return tuple(np.stack([-part, part], axis=1) for part in along(*theta))

    def end(theta1, theta2, side):
        across, up = along(theta1, theta2)
        return {"x": side * across, "y": side * up}

    titles = ("Data: ● y = 1, ○ y = 0, and the line between", "input x₁", "input x₂")
    program = program_of(end, "theta1", "theta2", "side")
    return [*points, *_answers(runs, theme, line, program, {"side": (-1, 1)}, LINES)], titles


def _diagonal(neuron: Neuron, data: DataSet, held_out: DataSet | None, runs, theme: Theme):
    low, high = float(data.target.min()), float(data.target.max())
    diagonal = {
        "type": "scatter",
        "name": "perfect answers",
        "mode": "lines",
        "x": [low, high],
        "y": [low, high],
        "line": {"color": theme.muted, "width": 1.5},
        "hoverinfo": "skip",
    }
    light = theme.arrow_colors["step"]
    traces = [diagonal]
    for trajectory, _ in list(runs.values())[:1]:
        answers = neuron.predict(trajectory.theta[-1], data.inputs)
        hover = "y = %{x:.4g}<br>ŷ = %{y:.4g} at the end"
        size = float(np.abs(answers).max())
        if np.isfinite(size) and size < 1e3 * max(abs(low), abs(high), 1e-300):
            shared = linked(LINK, data.count, light)
            # Those of the moment are shown while a hand moves.
            ends = _points("examples", data.target, answers, theme, "circle-open", hover, **shared)
            traces.append(also(ends, waiting()))

    program = _answer_program(neuron, target.name)

    def answers_to(shown: DataSet):
        chosen = np.unique(np.linspace(0, shown.count - 1, min(shown.count, MOST_MOVING)).astype(int))
        inputs, targets = shown.inputs[:, chosen], shown.target[chosen]

        def places(theta: np.ndarray):
            answers = neuron.predict(theta, inputs)
            return np.broadcast_to(targets, answers.shape), answers

        names = (symbol.name for symbol in (*neuron.inputs, target))
        return places, program, dict(zip(names, (*inputs, targets), strict=True))

    if held_out is not None:
        held = _answers(runs, theme, *answers_to(held_out), MARKERS, theme.muted)
        for trace in held:
            trace["name"] = f"held out: {trace['name']}"
        traces += held
    titles = ("Answers and targets" + (" (grey: held out)" if held_out else ""), "target y", "answer ŷ")
    return [*traces, *_answers(runs, theme, *answers_to(data), MARKERS)], titles
