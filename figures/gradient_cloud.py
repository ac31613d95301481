"""The gradients of all examples at the places that a run comes to: their mean, and how far they spread."""

import numpy as np
import plotly.graph_objects as go

from figures.meta import LINES, MARKERS, moving
from figures.theme import Theme, figure
from optimizers import Trajectory
from surfaces import EmpiricalRisk

MOMENTS = 200
EXAMPLES = 60
AROUND = 33


def gradient_cloud(
    risk: EmpiricalRisk, run: str, trajectory: Trajectory, times: np.ndarray, theme: Theme, *, height: int
) -> go.Figure:
    """The cloud of example gradients at the shared time: points, the ellipse of one standard deviation, the gradient of
    the whole loss, and the gradient that the rule saw.

    run: the name of the run. times: the time of each point of the trajectory. At most EXAMPLES examples are drawn,
    evenly spaced in the data; mean and ellipse are over all.
    """
    moments = np.unique(np.linspace(0, trajectory.steps, min(MOMENTS, trajectory.steps + 1)).astype(int))
    points = np.ascontiguousarray(trajectory.theta[moments].T)
    with np.errstate(all="ignore"):
        slopes = risk.example_gradients(points)
        ellipse = _ellipse(slopes)
    shown = np.unique(np.linspace(0, risk.count - 1, min(risk.count, EXAMPLES)).astype(int))
    when = times[moments]
    mean = slopes.mean(axis=-1)
    seen = trajectory.seen_gradient[moments]
    colors = theme.arrow_colors
    parts = {
        "examples": (slopes[..., shown], theme.muted, MARKERS),
        "one standard deviation": (ellipse, theme.muted, LINES),
        "seen by the rule": (np.stack([seen[:, 0], seen[:, 1]])[..., None], colors["step"], MARKERS),
        "mean of all examples": (mean[..., None], colors["velocity"], MARKERS),
    }
    traces = []
    for name, (part, color, mode) in parts.items():
        rows = np.column_stack([when, part[0], part[1]])
        trace = moving(name, run, rows, part.shape[-1], color, mode, is_thinned=True)
        # Nothing but the legend is drawn from the trace itself: it looks like what the canvas moves.
        look = {"marker": {"color": color, "size": 9}, "line": {"color": color, "width": 3.5}}
        traces.append({**trace, "x": [None], "y": [None], "showlegend": True, **look})
    low, high = _range(slopes)
    layout = theme.layout(
        height,
        title=theme.title(f"Gradients of the examples: {run}"),
        xaxis=theme.axis("∂L/∂θ₁", range=[low[0], high[0]]),
        yaxis=theme.axis("∂L/∂θ₂", range=[low[1], high[1]]),
        showlegend=True,
    )
    return figure(traces, layout)


def spread(slopes: np.ndarray) -> float:
    """The root mean square distance of gradients (2, N) from their mean."""
    with np.errstate(all="ignore"):
        return float(np.sqrt(slopes.var(axis=1).sum()))


def _ellipse(slopes: np.ndarray) -> np.ndarray:
    """The ellipse of one standard deviation around the mean of slopes (2, moments, N): (2, moments, AROUND)."""
    mean = slopes.mean(axis=-1, keepdims=True)
    first, second = slopes - mean
    count = slopes.shape[-1]
    a, b, c = ((u * v).sum(axis=-1) / count for u, v in ((first, first), (first, second), (second, second)))
    # The Cholesky factor of the covariance maps the unit circle to the ellipse.
    l11 = np.sqrt(np.maximum(a, 0))
    l21 = np.divide(b, l11, out=np.zeros_like(b), where=l11 > 0)
    l22 = np.sqrt(np.maximum(c - l21**2, 0))
    angle = np.linspace(0, 2 * np.pi, AROUND)
    x, y = np.cos(angle), np.sin(angle)
    return mean + np.stack([l11[:, None] * x, l21[:, None] * x + l22[:, None] * y])


def _range(slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The frame: what holds nearly all example gradients of the second half of the run, and zero."""
    late = slopes[:, slopes.shape[1] // 2 :].reshape(2, -1)
    late = late[:, np.isfinite(late).all(axis=0)]
    if not late.size:
        return np.full(2, -1.0), np.full(2, 1.0)
    low, high = np.minimum(late.min(axis=1), 0), np.maximum(late.max(axis=1), 0)
    pad = 0.15 * (high - low) + 1e-12
    return low - pad, high + pad
