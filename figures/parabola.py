"""A parabola with a point on it, the tangent there, and the step that reaches the minimum."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from figures.meta import Rows, draggable, following
from figures.theme import MARK_FILL, MARK_RIM, Theme, figure
from optimizers.parabola import Parabola
from programs.tracing import program_of

# The tangent goes so far to both sides, as a share of the reach.
TANGENT = 0.28


@dataclass(frozen=True)
class Sketch:
    """What is drawn of a parabola between -reach and reach, by numbers or, in a program, by quantities.

    x0: its point. highest: the upper end of the vertical axis; the parabola's own highest value where it is not given.
    """

    parabola: Parabola
    x0: float
    reach: float = 4.0
    highest: float | None = None

    @property
    def here(self):
        """The loss at the point."""
        return self.parabola.value(self.x0)

    @property
    def lowest(self):
        """The lowest loss in the picture."""
        return self.parabola.value(np.minimum(np.maximum(self.parabola.minimizer, -self.reach), self.reach))

    @property
    def top(self):
        """The highest loss in the picture."""
        ends = (self.parabola.value(end) for end in (-self.reach, self.reach))
        return np.maximum(*ends) if self.highest is None else self.highest

    @property
    def pad(self):
        """The room below the lowest loss."""
        return 0.12 * (self.top - self.lowest)

    @property
    def level(self):
        """Where the best step is drawn."""
        return self.lowest - self.pad / 2

    def tangent(self, offset) -> dict:
        """A point of the tangent."""
        return {"x": self.x0 + offset, "y": self.here + self.parabola.slope(self.x0) * offset}

    def step(self, share) -> dict:
        """A point of the best step."""
        return {"x": self._along(share), "y": self.level}

    def distance(self, share, height) -> dict:
        """A point of the lines from the best step up to its ends: height 0 is the step, 1 the end."""
        end = np.where(share > 0, self.lowest, self.here)
        return {"x": self._along(share), "y": self.level + height * (end - self.level)}

    def _along(self, share):
        return self.x0 + share * (self.parabola.minimizer - self.x0)


def parabola_curve(
    sketch_of: Callable[..., Sketch],
    inputs: Mapping[str, float],
    theme: Theme,
    *,
    symbol: str = "x",
    height: int = 330,
) -> go.Figure:
    """A parabola with its point, which can be dragged, the tangent, and the best step.

    sketch_of: what is drawn, from the inputs, numbers by name, in their order. symbol: what the variable is called.
    """
    sketch = sketch_of(*inputs.values())
    reach, width = sketch.reach, TANGENT * sketch.reach

    def traced(trace: dict, point: Callable[..., dict], **columns) -> dict:
        """A trace with a point for every row of the columns, now and while the inputs move."""

        def program(*numbers):
            row, moved = numbers[: len(columns)], sketch_of(*numbers[len(columns) :])
            return point(moved, *row)

        shown = point(sketch, *map(np.array, columns.values()))
        count = len(next(iter(columns.values()), [0]))
        trace |= {axis: np.broadcast_to(shown[axis], count) for axis in "xy"}
        rows = {"rows": Rows.TABLE, "table": columns} if columns else {"rows": Rows.ONCE}
        return following(trace, program=program_of(program, *columns, *inputs).only("x", "y"), **rows)

    hover = f"{symbol} = %{{x:.4g}}<br>y = %{{y:.4g}}<extra></extra>"
    curve_color = theme.path_colors[4] if theme.name == "light" else theme.path_colors[1]
    traces = [
        traced(
            _line("parabola", curve_color, hover=hover),
            lambda drawn, x: {"x": x, "y": drawn.parabola.value(x)},
            across=np.linspace(-reach, reach, 201).tolist(),
        ),
        traced(_line("tangent", theme.path_colors[0]), Sketch.tangent, offset=[-width, width]),
        # Between its ends, the line lies under the step.
        traced(
            _line("distance", theme.muted, dash="dot", width=1.5),
            Sketch.distance,
            share=[0.0, 0.0, 1.0, 1.0],
            height=[1.0, 0.0, 0.0, 1.0],
        ),
        traced(_line("best step", theme.path_colors[2], width=5), Sketch.step, share=[0.0, 1.0]),
        traced(
            _mark("minimum", "star", hover),
            lambda drawn: {"x": drawn.parabola.minimizer, "y": drawn.parabola.value(drawn.parabola.minimizer)},
        ),
        traced({**_mark("point", "circle", hover), **draggable()}, lambda drawn: {"x": drawn.x0, "y": drawn.here}),
    ]
    layout = theme.layout(
        height,
        title=theme.title(f"L as a function of {symbol} alone"),
        xaxis=theme.axis(symbol, range=[-1.05 * reach, 1.05 * reach]),
        yaxis=theme.axis("L", range=[float(sketch.lowest - sketch.pad), float(sketch.top + sketch.pad / 2)]),
        uirevision="parabola",
    )
    return figure(traces, layout)


def _line(name: str, color: str, *, width: float = 2.6, dash: str = "solid", hover: str = "") -> dict:
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "line": {"color": color, "width": width, "dash": dash, "simplify": False},
        **({"hovertemplate": hover} if hover else {"hoverinfo": "skip"}),
    }


def _mark(name: str, symbol: str, hover: str) -> dict:
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "marker": {"symbol": symbol, "size": 14, "color": MARK_FILL, "line": {"color": MARK_RIM, "width": 2}},
        "hovertemplate": f"{name}<br>{hover}",
    }
