"""A red circle under the hand: what the browser paints is what the server draws after the release."""

import pytest

from tests.hands import assert_hand_agrees
from tests.lesson_pages import lesson

PARTS = ("2 Two variables", "3 Inside the circle", "5 Second order")


def moved(app, theta1: float, theta2: float, radius: float):
    """Moves the centre and the radius by hand, and the same in the session's state."""
    inputs = {"theta1": theta1, "theta2": theta2, "radius": radius}
    return assert_hand_agrees(app, inputs, {f"red_circle.{name}": value for name, value in inputs.items()})


@pytest.mark.parametrize("order", ["plane", "quadratic"])
@pytest.mark.parametrize(
    ("theta1", "theta2", "radius"),
    [(-2.0, -1.0, 2.25), (1.5, 0.5, 1.0), (0.1, 2.9, 0.1), (-0.27, -0.92, 0.5), (4.9, -4.9, 1.6), (2.9, 2.1, 0.5)],
    ids=["a larger radius", "another centre", "beside a saddle", "on a hilltop", "at the edge", "beside a minimum"],
)
def test_the_circle_follows_centre_and_radius(theta1, theta2, radius, order):
    moved(lesson("red_circle", order=order), theta1, theta2, radius)
