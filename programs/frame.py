"""Frames: the rectangles of the plane of parameters in which a loss is shown and looked at."""

import numpy as np

Interval = tuple[float, float]
# ((low, high) of theta1, (low, high) of theta2)
Frame = tuple[Interval, Interval]


def inside(theta: np.ndarray, frame: Frame) -> np.ndarray:
    """True for the points of theta (2, *batch) inside the frame, its edge included: shape (*batch,)."""
    (low1, high1), (low2, high2) = frame
    return (theta[0] >= low1) & (theta[0] <= high1) & (theta[1] >= low2) & (theta[1] <= high2)


def diagonal_length(frame: Frame) -> float:
    """The distance between opposite corners."""
    return float(np.hypot(*(high - low for low, high in frame)))


def shortest_side(frame: Frame) -> float:
    """The length of the shorter side."""
    return min(high - low for low, high in frame)
