"""The sampled surface: where it is sampled, how far it is from the true one, and what it says about that."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import log, sin

from figures.mesh import RESOLUTIONS, TOLERANCE, Mesh, mesh_of, true_heights
from figures.scale import LossScale
from surfaces import SURFACES, Surface, parse, theta1, theta2
from tests.runs import mesh
from tests.samples import grid, random_points

pytestmark = pytest.mark.slow

every_surface = pytest.mark.parametrize("name", SURFACES)


@every_surface
def test_the_mesh_covers_exactly_the_view(name):
    (left, right), (bottom, top) = SURFACES[name].view
    for axis, low, high in [(mesh(name).theta1, left, right), (mesh(name).theta2, bottom, top)]:
        assert len(axis) in RESOLUTIONS
        assert axis[0] == low
        assert axis[-1] == high
        np.testing.assert_allclose(np.diff(axis), (high - low) / (len(axis) - 1))


@every_surface
def test_the_loss_at_a_node_is_the_loss(name):
    sampled, surface = mesh(name), SURFACES[name]
    count = len(sampled.theta1)
    assert sampled.loss.shape == (count, count)
    for row, column in np.random.default_rng(2).integers(0, count, (50, 2)):
        assert sampled.loss[row, column] == surface.value((sampled.theta1[column], sampled.theta2[row]))


@every_surface
def test_heights_are_those_of_the_scale_and_none_is_below_the_ground(name):
    np.testing.assert_array_equal(mesh(name).height, mesh(name).scale.height(mesh(name).loss))
    assert mesh(name).height.min() >= 0
    assert mesh(name).height.max() == mesh(name).scale.top


def drawn(axis1: np.ndarray, axis2: np.ndarray, height: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Heights between the nodes, by numpy's own interpolation along one axis and then along the other."""
    heights = []
    for first, second in theta.T:
        lines = [np.interp(first, axis1, line) for line in height]
        heights.append(np.interp(second, axis2, lines))
    return np.array(heights)


@every_surface
def test_the_drawn_surface_is_near_the_true_one_and_the_mesh_says_how_near(name):
    sampled, surface = mesh(name), SURFACES[name]
    points = random_points(surface.view, 20_000)
    distance = np.abs(sampled.drawn_height(points) - sampled.scale.height(surface.value(points))) / sampled.scale.top
    assert distance.max() <= 1.25 * sampled.error + TOLERANCE / 50
    assert sampled.error <= 2 * distance.max()


@every_surface
def test_the_mesh_is_as_coarse_as_the_tolerance_allows(name):
    sampled, surface = mesh(name), SURFACES[name]
    finest = len(sampled.theta1) == max(RESOLUTIONS)
    assert sampled.error <= TOLERANCE or finest
    points = random_points(surface.view, 20_000)
    true = sampled.scale.height(surface.value(points))
    for resolution in RESOLUTIONS[: RESOLUTIONS.index(len(sampled.theta1))]:
        axes = (np.linspace(low, high, resolution) for low, high in surface.view)
        coarse = Mesh(*axes, surface.value(grid(surface.view, resolution)), sampled.scale, 0.0)
        assert np.abs(coarse.drawn_height(points) - true).max() > 0.75 * TOLERANCE * sampled.scale.top


# Between the nodes

TILTED = Mesh(
    np.linspace(-1.0, 2.0, 4),
    np.linspace(0.0, 10.0, 6),
    np.random.default_rng(3).uniform(0, 9, (6, 4)),
    LossScale(0, 9, 0.5),
    0.0,
)


@given(st.lists(st.tuples(st.floats(-1, 2), st.floats(0, 10)), min_size=1, max_size=5))
def test_the_drawn_surface_is_flat_between_nodes(points):
    theta = np.array(points).T
    expected = drawn(TILTED.theta1, TILTED.theta2, TILTED.height, theta)
    np.testing.assert_allclose(TILTED.drawn_height(theta), expected, atol=1e-12)


@every_surface
def test_the_drawn_surface_meets_the_nodes(name):
    sampled = mesh(name)
    nodes = np.stack(np.meshgrid(sampled.theta1, sampled.theta2)).reshape(2, -1)
    heights = sampled.drawn_height(nodes).reshape(sampled.height.shape)
    np.testing.assert_allclose(heights, sampled.height, rtol=0, atol=1e-9 * sampled.scale.top)


def test_what_is_no_place_has_no_height():
    theta = np.array([[np.nan, 0.5, np.nan, -1], [3.0, np.nan, np.nan, 0]])
    np.testing.assert_array_equal(np.isnan(TILTED.drawn_height(theta)), [True, True, True, False])


def test_pictures_carry_what_the_mesh_holds():
    np.testing.assert_array_equal(TILTED.compact_height, TILTED.height.astype(np.float32))
    np.testing.assert_array_equal(TILTED.compact_loss, TILTED.loss.astype(np.float32))
    assert TILTED.cell == pytest.approx(math.sqrt(1 + 2**2))


def test_other_heights_can_be_laid_on_the_same_nodes():
    theta = np.array([[0.5], [3.0]])
    flat = np.full((6, 4), 7.0)
    assert TILTED.drawn_height(theta, flat) == pytest.approx(7)


# True heights


@every_surface
def test_true_heights_keep_the_samples(name):
    true = true_heights(mesh(name))
    assert true.loss is mesh(name).loss
    assert true.theta1 is mesh(name).theta1
    assert true.theta2 is mesh(name).theta2
    np.testing.assert_array_equal(true.height, mesh(name).loss - mesh(name).scale.low)
    assert mesh(name).height is not true.height


@every_surface
def test_the_error_of_true_heights_is_that_of_true_heights(name):
    true, surface = true_heights(mesh(name)), SURFACES[name]
    points = random_points(surface.view, 20_000)
    distance = np.abs(true.drawn_height(points) - true.scale.height(surface.value(points))) / true.scale.top
    assert distance.max() <= 1.25 * true.error + TOLERANCE / 50


# Surfaces beyond the catalogue


def test_a_surface_too_rough_for_any_mesh_gets_the_finest_and_an_honest_error():
    rough = Surface("Rough", sin(200 * theta1) * sin(170 * theta2), ((-3, 3), (-3, 3)), (0, 0))
    sampled = mesh_of(rough)
    assert len(sampled.theta1) == max(RESOLUTIONS)
    assert sampled.error > 0.2


@pytest.mark.parametrize(
    "formula",
    [
        log(theta1) + theta2**2,
        1 / (theta1**2 + theta2**2),
        theta1 * 0 + 5,
    ],
    ids=["missing on the left", "infinite at a node", "constant"],
)
def test_a_surface_with_holes_or_without_any_slope_has_a_mesh(formula):
    sampled = mesh_of(Surface("Odd", formula, ((-2, 2), (-2, 2)), (1, 1)))
    assert np.isfinite(sampled.scale.low)
    assert np.isfinite(sampled.scale.high)
    assert sampled.scale.top > 0
    assert np.isfinite(sampled.height).any()


# Gaps

GAPS = ("sin(x)/x + y^2", "1 - y/x", "(x^2-y^2)/(x^2+y^2)", "x^2 ln(x^2) + y^2", "ln(x y)", "1/(x^2+y^2)")


@pytest.mark.parametrize("text", GAPS)
def test_level_lines_run_on_the_drawn_surface_and_never_through_what_has_no_value(text):
    sampled = mesh_of(parse(text))
    assert sampled.has_gaps
    heights = (np.arange(5) + 0.5) * sampled.scale.top / 5
    lines = sampled.level_lines(heights)
    assert set(lines[2]) == set(heights)
    gaps = np.isnan(lines[0])
    assert np.array_equal(gaps, np.isnan(lines[1]))
    # Two ends of a piece, and a gap.
    assert np.array_equal(np.flatnonzero(gaps), np.arange(2, lines.shape[1], 3))
    corners = np.array([[sampled.theta1[0]], [sampled.theta2[0]]])
    widths = np.array([np.diff(axis[:2]) for axis in (sampled.theta1, sampled.theta2)])

    def on_side(points: np.ndarray) -> np.ndarray:
        shares = (points - corners) / widths
        return (np.abs(shares - np.round(shares)) < 1e-9).any(axis=0)

    middle = (lines[:2, 0::3] + lines[:2, 1::3]) / 2
    assert np.isfinite(sampled.drawn_height(middle[:, ~on_side(middle)])).all()
    # On the sides of the cells the triangles and the drawn surface are the same; beyond the side of a gap is no height.
    ends = lines[:, on_side(lines[:2])]
    heights_there = sampled.drawn_height(ends[:2])
    known = np.isfinite(heights_there)
    assert known.sum() > 20
    np.testing.assert_allclose(heights_there[known], ends[2, known], atol=1e-6 * sampled.scale.top)


def test_a_surface_with_all_its_values_has_no_gaps():
    assert not any(mesh(name).has_gaps for name in SURFACES)
