"""Level lines of functions on triangles lie where the function has the level."""

import numpy as np
import pytest

from figures.isolines import isolines


def triangulated(count: int = 12) -> tuple[np.ndarray, np.ndarray]:
    axis = np.linspace(-1, 1, count)
    points = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    corner = (np.arange(count - 1)[:, None] * count + np.arange(count - 1)).ravel()
    lower = np.stack([corner, corner + 1, corner + count], axis=1)
    upper = np.stack([corner + 1, corner + count + 1, corner + count], axis=1)
    return points, np.concatenate([lower, upper])


@pytest.mark.parametrize("slope", [(1.0, 0.0), (0.3, -2.0), (-1.0, 1.0)])
def test_the_lines_of_a_plane_are_exact(slope):
    points, triangles = triangulated()
    values = slope[0] * points[0] + slope[1] * points[1]
    lines = isolines(points, values, triangles, np.array([0.123]))
    known = np.isfinite(lines[0])
    assert known.sum() > 10
    np.testing.assert_allclose(slope[0] * lines[0, known] + slope[1] * lines[1, known], 0.123, atol=1e-12)
    np.testing.assert_array_equal(np.flatnonzero(~known) % 3, 2)


def test_the_lines_of_a_bowl_are_circles():
    points, triangles = triangulated(60)
    lines = isolines(points, points[0] ** 2 + points[1] ** 2, triangles, np.array([0.25, 0.64]))
    radius = np.hypot(*lines[:, np.isfinite(lines[0])])
    assert np.minimum(abs(radius - 0.5), abs(radius - 0.8)).max() < 0.01


def test_a_level_that_is_not_reached_and_no_level_at_all_have_no_line():
    points, triangles = triangulated()
    assert isolines(points, points[0], triangles, np.array([5.0])).shape == (2, 0)
    assert isolines(points, points[0], triangles, np.array([])).shape == (2, 0)
