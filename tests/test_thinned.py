"""Long runs with fewer points: nothing that can be seen is missing, and the numbers of the updates stay true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import LIGHT, contour_map, loss_curve, mesh_of, surface_3d
from figures.path import visible_path
from figures.thinned import MOST, RESOLUTION, drawn_updates, numbered, thinned, with_times
from optimizers import OPTIMIZERS, Trajectory, run
from programs.frame import inside
from surfaces import SURFACES
from tests.runs import recorded

FRAME = ((-1.0, 1.0), (-2.0, 2.0))
few = settings(max_examples=25, deadline=None, derandomize=True)


def long_run(steps: int = 5000, rate: float = 0.0005):
    surface = SURFACES["booth"]
    return run(OPTIMIZERS["GradientDescent"](learning_rate=rate), surface, surface.start, steps)


@few
@given(st.integers(0, 5000), st.integers(0, 3))
def test_first_and_last_updates_are_drawn_and_not_many_others(steps, seed):
    theta = np.random.default_rng(seed).normal(size=(steps + 1, 2)).cumsum(axis=0) / 50
    updates = drawn_updates(theta, FRAME)
    assert updates[0] == 0
    assert updates[-1] == steps
    assert (np.diff(updates) > 0).all()
    assert len(updates) <= 2.5 * MOST
    if steps <= MOST:
        assert len(updates) == steps + 1


def test_an_oscillation_keeps_both_of_its_sides():
    """Every second point would draw a path that stands still."""
    theta = np.zeros((100_001, 2))
    theta[:, 1] = np.where(np.arange(100_001) % 2, 1.0, -1.0)
    kept = theta[drawn_updates(theta, FRAME)]
    assert set(np.abs(np.diff(kept[:, 1]))) >= {2.0}


def test_the_thinned_line_is_never_far_from_the_path():
    path = long_run()
    updates = drawn_updates(path.theta, SURFACES["booth"].view)
    size = np.ptp(SURFACES["booth"].view[0])
    for axis in (0, 1):
        between = np.interp(np.arange(path.steps + 1), updates, path.theta[updates, axis])
        assert np.abs(between - path.theta[:, axis]).max() < 4 * RESOLUTION * size


def test_points_keep_the_numbers_of_their_updates():
    path, surface = long_run(), SURFACES["booth"]
    updates = drawn_updates(path.theta, surface.view)
    runs = {"GradientDescent": thinned(path, updates)}
    for figure in (contour_map(surface, mesh_of(surface), runs, LIGHT), loss_curve(surface, runs, LIGHT)):
        (trace,) = [trace for trace in numbered(figure, updates).data if (trace.meta or {}).get("cursor")]
        data = np.array(trace.customdata)
        np.testing.assert_array_equal(data[:, 0], updates)
        np.testing.assert_allclose(data[:, 3], path.loss[updates])
        assert trace.meta["thinned"]
    np.testing.assert_array_equal(trace.x, updates)
    assert figure.layout.xaxis.range[1] == pytest.approx(1.02 * 5000)


def test_lines_know_the_updates_of_their_points_too_also_where_the_frame_cuts_them():
    theta = np.column_stack([np.linspace(0, 15, 11), np.zeros(11)])
    surface, updates = SURFACES["booth"], np.array([0, 4, 6, 10])
    path = thinned(recorded(theta, surface), updates)
    figure = numbered(contour_map(surface, mesh_of(surface), {"GradientDescent": path}, LIGHT), updates)
    (line, rim) = [trace for trace in figure.data if trace.name in ("GradientDescent line", "GradientDescent rim")]
    np.testing.assert_allclose(line.customdata, np.interp(line.x, theta[:, 0], np.arange(11)))
    np.testing.assert_array_equal(line.customdata, rim.customdata)
    assert line.x[-1] == 10


def test_a_run_that_is_drawn_whole_has_an_exact_cursor():
    path, surface = long_run(20), SURFACES["booth"]
    figure = numbered(contour_map(surface, mesh_of(surface), {"GradientDescent": path}, LIGHT), np.arange(21))
    (trace,) = [trace for trace in figure.data if (trace.meta or {}).get("cursor")]
    assert not trace.meta["thinned"]


def test_another_unit_is_named_wherever_time_is():
    path, surface = long_run(20), SURFACES["booth"]
    times, share = {"GradientDescent": 7 * np.arange(21)}, {"GradientDescent": np.arange(21) / 3}
    figure = with_times(loss_curve(surface, {"GradientDescent": path}, LIGHT), times, "examples seen:", share, "epochs")
    np.testing.assert_array_equal(figure.data[0].x, share["GradientDescent"])
    assert "examples seen: %{customdata[0]" in figure.data[0].hovertemplate
    assert (figure.layout.xaxis.title.text, figure.layout.title.text) == ("epochs", "Loss against epochs, L* = 0")


def test_divergence_is_still_known():
    path = long_run(3000, rate=10.0)
    updates = drawn_updates(path.theta, SURFACES["booth"].view)
    short = thinned(path, updates)
    assert short.diverged
    assert updates[int(short.diverged_at)] >= path.diverged_at


def crossing_run(steps: int = 4000):
    """A path that goes round and round through the frame, a little further each time, and leaves it seven times."""
    time = np.arange(steps + 1)
    turns = 2 * np.pi * 7.25 * time / steps
    theta = np.stack([7 * np.cos(turns), 4 * np.sin(turns)], axis=1) * (0.8 + 0.1 * time / steps)[:, None]
    flat = np.zeros(steps + 1)
    return Trajectory(theta, flat, np.zeros_like(theta), np.zeros_like(theta), {}, np.array(-1))


@pytest.mark.parametrize("picture", [contour_map, surface_3d])
def test_exits_carry_the_numbers_of_their_updates_and_the_unit(picture):
    path, surface = crossing_run(), SURFACES["bowl"]
    seen = inside(path.theta.T, surface.view)
    expected = np.flatnonzero(seen[:-1] & ~seen[1:]) + 1
    assert len(expected) > 5
    updates = drawn_updates(path.theta, surface.view)
    assert len(updates) < path.steps
    runs, times = {"GradientDescent": thinned(path, updates)}, {"GradientDescent": 5 * updates}
    figure = with_times(picture(surface, mesh_of(surface), runs, LIGHT), times, "examples seen:")
    (exits,) = [trace for trace in figure.data if (trace.meta or {}).get("exits")]
    np.testing.assert_array_equal(np.ravel(exits.customdata), 5 * expected)
    assert "left the frame at<br>examples seen: %{customdata[0]" in exits.hovertemplate


@few
@given(st.floats(1.0005, 1.01), st.integers(0, 3))
def test_a_long_path_that_goes_far_ends_at_the_same_exit_when_it_is_thinned(growth, seed):
    steps = 20_000
    turns = np.arange(steps + 1) * (0.3 + seed)
    radius = 0.3 * np.exp(np.minimum(np.arange(steps + 1) * np.log(growth), 600.0))
    theta = np.stack([radius * np.cos(turns), radius * np.sin(turns)], axis=1)
    whole, updates = visible_path(theta, FRAME), drawn_updates(theta, FRAME)
    assert len(updates) < steps
    part = visible_path(theta[updates], FRAME, updates)
    assert whole.departs
    assert part.departs
    assert updates[part.exit_updates[-1]] == whole.exit_updates[-1]
    np.testing.assert_array_equal(part.exits[:, -1], whole.exits[:, -1])


@pytest.mark.parametrize("picture", [contour_map, surface_3d])
def test_a_thinned_path_has_no_cursor_after_its_exit(picture):
    path, surface = long_run(3000, rate=10.0), SURFACES["booth"]
    updates = drawn_updates(path.theta, surface.view)
    figure = numbered(picture(surface, mesh_of(surface), {"GradientDescent": thinned(path, updates)}, LIGHT), updates)
    (points,) = [trace for trace in figure.data if (trace.meta or {}).get("cursor")]
    (exits,) = [trace for trace in figure.data if (trace.meta or {}).get("exits")]
    assert points.meta["until"] == exits.customdata[-1][0] == visible_path(path.theta, surface.view).exit_updates[-1]
    assert exits.meta["left"] == "Gradient descent"


def test_a_line_over_updates_that_were_left_out_is_no_exit():
    theta = np.array([[0.0, 0], [0.5, 0], [3, 0], [0, 0], [3, 0]])
    assert visible_path(theta, FRAME, np.array([0, 1, 2, 3, 4])).exit_updates.tolist() == [2, 4]
    assert visible_path(theta, FRAME, np.array([0, 1, 9, 10, 11])).exit_updates.tolist() == [4]


def test_a_thinned_run_follows_a_hand_with_the_updates_that_are_drawn():
    path, surface = long_run(), SURFACES["booth"]
    updates = drawn_updates(path.theta, surface.view)
    for picture in (contour_map, surface_3d, loss_curve):
        ground = () if picture is loss_curve else (mesh_of(surface),)
        figure = numbered(picture(surface, *ground, {"GradientDescent": thinned(path, updates)}, LIGHT), updates)
        followed = [(trace.meta or {}).get("follows") for trace in figure.data]
        runs = [follows for follows in followed if follows and follows["rows"] in ("run", "seen", "path")]
        assert runs
        for follows in runs:
            np.testing.assert_array_equal(follows["updates"], updates)
