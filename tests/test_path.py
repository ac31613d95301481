"""Paths through a frame, against exact arithmetic: cut at the frame, interrupted outside, draped in small pieces."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from figures.marks import whole_updates
from figures.path import VisiblePath, all_draped, draped, visible_path
from programs.frame import inside

FRAME = ((-2.0, 3.0), (-1.0, 2.0))

# Points on a coarse lattice meet the frame's edges and corners often; the others hardly ever.
lattice = st.integers(-12, 12).map(lambda quarter: quarter / 4)
anywhere = st.floats(-6, 6)
far = st.floats(-1e3, 1e3)
points = st.tuples(lattice, lattice) | st.tuples(anywhere, anywhere) | st.tuples(far, far)
paths = st.lists(points, max_size=12).map(lambda given: np.array(given, dtype=float).reshape(-1, 2))


def is_inside(point, frame=FRAME) -> bool:
    return all(low <= number <= high for number, (low, high) in zip(point, frame, strict=True))


def gone_at(theta: np.ndarray) -> int:
    """The first point that is more than a hundred frames outside, or is none; -1 where there is no such point."""
    wide = ((-502.0, 503.0), (-301.0, 302.0))
    return next((update for update, point in enumerate(theta) if not is_inside(point, wide)), -1)


class TouchError(Exception):
    """A step meets the frame in one point from outside: whether that is seen is a matter of rounding."""


def exact(point) -> list[Fraction]:
    return [Fraction(float(number)) for number in point]


def between(start: list[Fraction], end: list[Fraction], share: Fraction) -> list[Fraction]:
    return [position + share * (target - position) for position, target in zip(start, end, strict=True)]


def visible_share(before, after) -> tuple[Fraction, Fraction] | None:
    """From which to which share of the step it can be seen, exactly: cut at all four lines, each piece tried."""
    start, end = exact(before), exact(after)
    cuts = {Fraction(0), Fraction(1)}
    for position, target, edges in zip(start, end, FRAME, strict=True):
        if position != target:
            cuts |= {(Fraction(edge) - position) / (target - position) for edge in edges}
    cuts = sorted(cut for cut in cuts if 0 <= cut <= 1)
    seen = [pair for pair in pairwise(cuts) if is_inside(between(start, end, sum(pair) / 2))]
    if seen:
        return seen[0][0], seen[-1][1]
    touched = [cut for cut in cuts if is_inside(between(start, end, cut))]
    if touched and touched[0] not in (0, 1):
        raise TouchError
    return (touched[0], touched[0]) if touched else None


def expected_pieces(theta: np.ndarray) -> tuple[list[np.ndarray], list[tuple[np.ndarray, int]]]:
    """The visible pieces of a path, as points (n, 2) each, and its exits with the update that crossed the frame."""
    pieces: list[list[np.ndarray]] = [[theta[0]]] if len(theta) and is_inside(theta[0]) else []
    exits = []
    gone = gone_at(theta)
    until_gone = theta[: gone + 1] if gone >= 0 else theta
    last = max((update for update, point in enumerate(until_gone) if is_inside(point)), default=-1)
    for update, (before, after) in enumerate(pairwise(until_gone), start=1):
        share = visible_share(before, after)
        if share is None:
            continue
        begin, end = (np.array(between(exact(before), exact(after), cut), dtype=float) for cut in share)
        if not is_inside(before):
            pieces.append([begin])
        pieces[-1].append(end)
        if not is_inside(after):
            exits.append((end, update))
            if gone >= 0 and update > last:
                break
    return [np.array(piece) for piece in pieces], exits


def pieces_of(path: VisiblePath) -> list[np.ndarray]:
    """The pieces between the gaps, as points (n, 2) each."""
    line = path.points.T
    gaps = np.flatnonzero(np.isnan(line[:, 0]))
    return [piece[~np.isnan(piece[:, 0])] for piece in np.split(line, gaps) if not np.isnan(piece).all()]


def without_repeats(piece: np.ndarray) -> np.ndarray:
    """The same line without points that lie on the one before."""
    moved = np.hypot(*np.diff(piece, axis=0).T) > 1e-9
    return piece[np.concatenate([[True], moved])]


# What is seen


@given(paths)
def test_what_is_seen_is_what_exact_arithmetic_sees(theta):
    try:
        pieces, exits = expected_pieces(theta)
    except TouchError:
        assume(False)
    path = visible_path(theta, FRAME)
    actual = pieces_of(path)
    assert len(actual) == len(pieces)
    for piece, expected in zip(actual, pieces, strict=True):
        piece, expected = without_repeats(piece), without_repeats(expected)
        assert piece.shape == expected.shape
        np.testing.assert_allclose(piece, expected, rtol=0, atol=1e-9)
    np.testing.assert_array_equal(path.exit_updates, [update for _, update in exits])
    np.testing.assert_allclose(path.exits.T, np.array([place for place, _ in exits]).reshape(-1, 2), rtol=0, atol=1e-9)


@given(paths)
def test_every_point_of_the_line_lies_in_the_frame_and_on_the_step_it_names(theta):
    path = visible_path(theta, FRAME)
    assert path.points.shape == (2, len(path.update))
    np.testing.assert_array_equal(np.isnan(path.points).any(axis=0), np.isnan(path.update))
    for point, update in zip(path.points.T, path.update, strict=True):
        if np.isnan(update):
            continue
        assert inside(point, [(low - 1e-9, high + 1e-9) for low, high in FRAME])
        step = min(int(update), len(theta) - 2) if len(theta) > 1 else 0
        before, after = theta[step], theta[min(step + 1, len(theta) - 1)]
        np.testing.assert_allclose(point, before + (update - step) * (after - before), rtol=0, atol=1e-9)
    numbers = path.update[~np.isnan(path.update)]
    assert (np.diff(numbers) >= 0).all()


@given(paths)
def test_every_update_in_the_frame_is_on_the_line_once(theta):
    path = visible_path(theta, FRAME)
    updates = path.update[whole_updates(path.update)].astype(int)
    until = None if gone_at(theta) < 0 else gone_at(theta)
    np.testing.assert_array_equal(updates, np.flatnonzero(inside(theta[:until].T, FRAME)))


@given(paths)
def test_exits_lie_on_the_frame_where_an_update_crosses_it(theta):
    path = visible_path(theta, FRAME)
    for (first, second), update in zip(path.exits.T, path.exit_updates, strict=True):
        (left, right), (bottom, top) = FRAME
        assert min(abs(first - left), abs(first - right), abs(second - bottom), abs(second - top)) < 1e-9
        assert 1 <= update < len(theta)
        assert not is_inside(theta[update])


@given(paths)
def test_a_path_departs_at_its_last_exit_and_goes_far_from_there(theta):
    path = visible_path(theta, FRAME)
    gone = gone_at(theta)
    if not path.departs:
        assert gone < 0 or not path.exit_updates.size or inside(theta[path.exit_updates[-1] : gone].T, FRAME).any()
        return
    update = path.exit_updates[-1]
    assert update <= gone
    assert not inside(theta[update:gone].T, FRAME).any()
    np.testing.assert_array_equal(path.points[:, -1], path.exits[:, -1])
    assert update - 1 < path.update[-1] < update


@given(paths, paths)
def test_nothing_counts_that_comes_after_a_path_is_gone(first, rest):
    gone = np.vstack([first, [[1e3, 0]]])
    path, expected = visible_path(np.vstack([gone, rest]), FRAME), visible_path(gone, FRAME)
    for name in ("points", "update", "exits", "exit_updates", "departs"):
        np.testing.assert_array_equal(getattr(path, name), getattr(expected, name))


@given(paths)
def test_a_path_is_left_alone(theta):
    copy = theta.copy()
    visible_path(theta, FRAME)
    np.testing.assert_array_equal(theta, copy)


# By hand


def test_a_path_that_stays_inside_is_the_line():
    theta = np.array([[0, 0], [1, 1], [-2, 2], [3, -1.0]])
    path = visible_path(theta, FRAME)
    np.testing.assert_array_equal(path.points.T, theta)
    np.testing.assert_array_equal(path.update, [0, 1, 2, 3])
    assert path.exits.shape == (2, 0)
    assert path.exit_updates.shape == (0,)


def test_a_path_that_leaves_and_comes_back_has_a_gap():
    path = visible_path(np.array([[1, 0], [5, 0], [5, 1], [1, 1.0]]), FRAME)
    np.testing.assert_allclose(path.points.T, [[1, 0], [3, 0], [np.nan] * 2, [3, 1], [1, 1]])
    np.testing.assert_allclose(path.update, [0, 0.5, np.nan, 2.5, 3])
    np.testing.assert_allclose(path.exits.T, [[3, 0]])
    np.testing.assert_array_equal(path.exit_updates, [1])


def test_a_step_across_the_frame_is_seen_though_no_update_is_inside():
    path = visible_path(np.array([[-4, 0], [5, 0.0]]), FRAME)
    np.testing.assert_allclose(path.points.T[-2:], [[-2, 0], [3, 0]])
    np.testing.assert_allclose(path.exits.T, [[3, 0]])
    np.testing.assert_array_equal(path.exit_updates, [1])
    assert not whole_updates(path.update).any()


@pytest.mark.parametrize("theta", [np.empty((0, 2)), [[9.0, 9]], [[9.0, 9], [8, 9], [9, 1]]])
def test_a_path_outside_is_nothing(theta):
    path = visible_path(np.array(theta), FRAME)
    assert path.points.shape == (2, 0)
    assert path.update.shape == (0,)
    assert path.exits.shape == (2, 0)
    assert path.exit_updates.shape == (0,)


@pytest.mark.slow
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("component", [0, 1])
@given(paths, paths)
def test_a_number_that_is_not_finite_ends_the_path(component, bad, first, rest):
    end = np.zeros((1, 2))
    end[0, component] = bad
    path, expected = visible_path(np.vstack([first, end, rest]), FRAME), visible_path(np.vstack([first, end]), FRAME)
    assert set(path.update[whole_updates(path.update)]) <= set(range(len(first)))
    for name in ("points", "update", "exits", "exit_updates", "departs"):
        np.testing.assert_array_equal(getattr(path, name), getattr(expected, name))


# From very far and to very far

HUGE = [1e6, 1e17, 1e300, 1.7e308]


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_huge_jump_leaves_at_the_frame(huge, sign):
    path = visible_path(np.array([[0.5, 0], [sign * huge, huge / 4]]), FRAME)
    border = (3 if sign > 0 else -2, 0.625)
    np.testing.assert_allclose(path.points.T, [[0.5, 0], border], atol=1e-5)
    np.testing.assert_allclose(path.exits.T, [border], atol=1e-5)
    np.testing.assert_array_equal(path.exit_updates, [1])


@pytest.mark.parametrize("huge", HUGE)
def test_a_path_that_comes_back_from_very_far_ends_where_it_left(huge):
    path = visible_path(np.array([[1, 0.5], [huge, 0.5], [1, 0.5]]), FRAME)
    np.testing.assert_allclose(path.points.T, [[1, 0.5], [3, 0.5]], atol=1e-5)
    np.testing.assert_array_equal(path.exit_updates, [1])
    assert path.departs


@pytest.mark.parametrize("huge", HUGE)
def test_a_huge_step_across_the_frame_is_cut_at_both_sides(huge):
    path = visible_path(np.array([[-9, 0.5], [huge, 0.5]]), FRAME)
    np.testing.assert_allclose(path.points.T[-2:], [[-2, 0.5], [3, 0.5]], atol=1e-5)
    np.testing.assert_allclose(path.exits.T, [[3, 0.5]], atol=1e-5)


@pytest.mark.parametrize(("growth", "exits"), [(1.3, [1, 3]), (3.0, [1]), (14.0, [1]), (1e9, [1])])
def test_a_zigzag_that_grows_for_ever_ends_at_the_exit_after_its_last_point_in_the_frame(growth, exits):
    """Gradient descent above its limit jumps across the frame again and again, from ever farther away."""
    steps = min(200, int(300 / np.log10(growth)))
    theta = np.column_stack([0.9 ** np.arange(steps), (-growth) ** np.arange(steps)])
    path = visible_path(theta, FRAME)
    np.testing.assert_array_equal(path.exit_updates, exits)
    np.testing.assert_allclose(path.exits[1], -1, rtol=0, atol=1e-6)
    assert path.departs
    assert path.update[-1] < exits[-1]


def test_a_hundred_frames_outside_is_not_far_yet():
    path = visible_path(np.array([[0, 0], [503, 0], [0, -301], [0, 0.0]]), FRAME)
    assert not path.departs
    np.testing.assert_array_equal(path.update[whole_updates(path.update)], [0, 3])
    assert visible_path(np.array([[0, 0], [503.1, 0], [0, 0.0]]), FRAME).departs


def test_a_path_whose_numbers_end_in_the_frame_leaves_it_nowhere():
    path = visible_path(np.array([[0, 0], [4, 0], [0, 0], [1, 1], [np.nan, 0]]), FRAME)
    assert not path.departs
    np.testing.assert_array_equal(path.exit_updates, [1])
    np.testing.assert_array_equal(path.points[:, -1], [1, 1])


def test_a_path_whose_numbers_end_outside_leaves_at_its_exit():
    path = visible_path(np.array([[0, 0], [4, 0], [9, 0], [np.inf, 0]]), FRAME)
    assert path.departs
    np.testing.assert_array_equal(path.points.T, [[0, 0], [3, 0]])


@pytest.mark.parametrize("huge", HUGE)
def test_a_huge_jump_adds_no_update(huge):
    path = visible_path(np.array([[0.0, 0], [1, 0], [huge, 0], [huge / 2, 9]]), FRAME)
    np.testing.assert_array_equal(path.update[whole_updates(path.update)], [0, 1])


# Draped


def hilly(points):
    return np.sin(3 * points[0]) + points[1] ** 2


@given(paths, st.floats(0.05, 3), st.floats(0.01, 0.5), st.integers(2, 300))
def test_draping_keeps_the_points_and_stays_on_the_surface(theta, longest, tolerance, most):
    path = visible_path(theta, FRAME)
    line = draped(path.points, hilly, tolerance=tolerance, longest=longest, shortest=1e-3, most=most)
    assert line.shape[0] == 3
    drawn = ~np.isnan(line[0])
    np.testing.assert_array_equal(line[2, drawn], hilly(line[:2, drawn]))
    kept = {(float(x), float(y)) for x, y in path.points.T}
    fine = {(float(x), float(y)) for x, y in line[:2].T}
    assert {str(point) for point in kept} <= {str(point) for point in fine}
    lengths = np.hypot(*np.diff(line[:2]))
    if path.points.shape[1] > 1:
        np.testing.assert_array_less(lengths[~np.isnan(lengths)], max(longest, 1e-3) * (1 + 1e-9))
    middle = hilly((line[:2, :-1] + line[:2, 1:]) / 2)
    off = np.abs(middle - (line[2, :-1] + line[2, 1:]) / 2)[lengths > 1e-3]
    assert np.nanmax(off, initial=0) <= tolerance


@given(paths, st.floats(0.05, 3), st.floats(0.01, 0.5))
def test_draping_asks_for_heights_only_where_the_line_is_new(theta, longest, tolerance):
    asked = []

    def height(points):
        asked.append(points.shape[1])
        return hilly(points)

    path = visible_path(theta, FRAME)
    line = draped(path.points, height, tolerance=tolerance, longest=longest, shortest=1e-3)
    assert asked[0] <= line.shape[1]
    # A halved piece gives two, and each that is long enough is compared with the surface at three places.
    assert asked[1] == 3 * (np.hypot(*np.diff(path.points)) > 1e-3).sum()
    pieces = max(asked[0] - 1, 0) + 2 * (line.shape[1] - asked[0])
    assert sum(asked[1:]) <= 3 * pieces


def test_draping_by_hand():
    nan = np.nan
    points = np.array([[0, 1, nan, 5, 5], [0, 0, nan, 0, 0.5]])
    line = draped(points, lambda points: 0 * points[0], tolerance=1, longest=0.5, shortest=0.1)
    np.testing.assert_allclose(line, [[0, 0.5, 1, nan, 5, 5], [0, 0, 0, nan, 0, 0.5], [0, 0, 0, nan, 0, 0]])


def test_pieces_that_cannot_be_draped_are_left_out():
    points = np.array([[-2.0, 2.0, -2.0, -2.1], [0.0, 0.0, 0.0, 0.0]])
    line = draped(points, hilly, tolerance=1e-1, longest=0.5, shortest=1e-6, most=10)
    (gap,) = np.flatnonzero(np.isnan(line[0]))
    np.testing.assert_array_equal(line[:2, [0, gap - 1, gap + 1, -1]], points)


@given(st.lists(paths, max_size=5), st.floats(0.05, 3), st.integers(2, 60))
def test_lines_that_are_draped_together_are_those_that_are_draped_alone(thetas, longest, most):
    how = {"tolerance": 0.05, "longest": longest, "shortest": 1e-2, "most": most}
    lines = [visible_path(theta, FRAME).points for theta in thetas]
    together = all_draped(lines, hilly, **how)
    assert len(together) == len(lines)
    for line, points in zip(together, lines, strict=True):
        np.testing.assert_array_equal(line, draped(points, hilly, **how))


@pytest.mark.parametrize("count", [0, 1])
def test_less_than_a_line_is_left_as_it_is(count):
    line = draped(np.zeros((2, count)), hilly, tolerance=0.1, longest=0.1, shortest=0.01)
    np.testing.assert_array_equal(line[:2], np.zeros((2, count)))


def test_a_line_at_heights_without_end_is_as_it_was_and_warns_of_nothing():
    points = np.array([[0.0, 0.2], [0.0, 0.0]])
    with np.errstate(all="raise"):
        line = draped(points, lambda points: np.full(points.shape[1], np.inf), tolerance=1, longest=0.5, shortest=0.1)
    np.testing.assert_array_equal(line, [*points, [np.inf, np.inf]])
