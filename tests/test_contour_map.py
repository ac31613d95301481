"""The map from above: true places, true losses, every mark where it belongs, whatever the run did."""

import math
from functools import cache

import numpy as np
import pytest

from figures import DARK, LIGHT, contour_map, style_of
from figures.contour_map import Arrow
from figures.mesh import true_heights
from figures.meta import grows
from figures.path import visible_path
from optimizers import OPTIMIZERS, run, title_of
from programs.frame import inside
from surfaces import SURFACES
from tests.colors import is_red
from tests.pictures import assert_valid, colors, has_only_lines, lines_of, named, only, without_colors
from tests.runs import default_runs, mesh, recorded

pytestmark = pytest.mark.slow

every_surface = pytest.mark.parametrize("name", SURFACES)
some_surfaces = pytest.mark.parametrize("name", ["himmelblau", "saddle", "easom"])
BOWL, HIMMELBLAU = SURFACES["bowl"], SURFACES["himmelblau"]


@cache
def drawn(name: str, theme=LIGHT, **changes):
    """Every rule on a surface."""
    return contour_map(SURFACES[name], mesh(name), default_runs(name), theme, **changes)


def map_of(theta, surface=BOWL, **changes):
    """The map of one run through the given points, as if gradient descent had gone there."""
    path = {"GradientDescent": recorded(theta, surface)}
    return contour_map(surface, mesh("bowl"), path, LIGHT, **changes)


# As a whole


@pytest.mark.slow
@every_surface
def test_every_surface_with_every_optimizer_is_a_valid_figure(name):
    assert_valid(drawn(name, update=3, height=517))
    assert drawn(name, height=517).layout.height == 517


@some_surfaces
def test_a_changed_picture_changes_neither_the_next_one_nor_the_mesh(name):
    first, expected = (contour_map(SURFACES[name], mesh(name), default_runs(name), LIGHT) for _ in range(2))
    expected.to_dict()
    for trace in first.data[:-1]:
        trace.x[:], trace.y[:] = 7, 7
    first.data[0].z[:], first.data[0].customdata[:] = 7, 7
    first.data[0].colorbar.title.font.size = 7
    first.data[-1].marker.line.width = 7
    first.layout.xaxis.title.text = "7"
    assert contour_map(SURFACES[name], mesh(name), default_runs(name), LIGHT) == expected
    assert mesh(name).theta1[0] == SURFACES[name].view[0][0]
    assert mesh(name).height.max() == mesh(name).scale.top


@some_surfaces
def test_the_theme_changes_nothing_but_colours(name):
    light, dark = (drawn(name, theme, update=3) for theme in (LIGHT, DARK))
    assert without_colors(light) == without_colors(dark)
    assert light.to_json() != dark.to_json()


@some_surfaces
def test_nothing_is_red(name):
    assert [color for theme in (LIGHT, DARK) for color in colors(drawn(name, theme, update=3)) if is_red(color)] == []


@every_surface
def test_both_axes_have_the_same_scale_or_the_title_says_so_and_they_show_the_view(name):
    layout = drawn(name).layout
    if name == "line_fit":  # 100 by 10: to one scale it would be a strip
        assert (layout.yaxis.scaleanchor, layout.yaxis.scaleratio) == (None, None)
        assert "different scales" in layout.title.text
    else:
        assert (layout.yaxis.scaleanchor, layout.yaxis.scaleratio) == ("x", 1)
        assert "different scales" not in layout.title.text
    assert layout.xaxis.constrain == layout.yaxis.constrain == "domain"
    assert layout.xaxis.constraintoward == "right"  # where the colour bar is
    assert (layout.xaxis.range, layout.yaxis.range) == SURFACES[name].view
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("θ₁", "θ₂")


def test_another_surface_resets_the_zoom_and_the_same_one_keeps_it():
    revisions = [drawn(name).layout.uirevision for name in SURFACES]
    assert len(set(revisions)) == len(SURFACES)
    assert drawn("bowl", DARK, update=2).layout.uirevision == drawn("bowl").layout.uirevision


# The surface


@pytest.mark.parametrize("true", [False, True], ids=["spaced", "true heights"])
@every_surface
def test_the_surface_shows_heights_and_says_true_losses(name, true):
    ground = true_heights(mesh(name)) if true else mesh(name)
    (surface,) = [trace for trace in contour_map(SURFACES[name], ground, {}, LIGHT).data if trace.type == "contour"]
    np.testing.assert_array_equal(surface.x, ground.theta1)
    np.testing.assert_array_equal(surface.y, ground.theta2)
    np.testing.assert_allclose(surface.z, ground.height, rtol=1e-6, atol=1e-6 * ground.scale.top)
    np.testing.assert_allclose(surface.customdata, ground.loss, rtol=1e-6, atol=1e-6)
    assert "L = %{customdata" in surface.hovertemplate
    assert surface.colorbar.title.text == ground.scale.name
    heights, labels = ground.scale.ticks()
    assert list(surface.colorbar.tickvals) == heights
    assert list(surface.colorbar.ticktext) == labels


@every_surface
def test_level_lines_are_evenly_spaced_from_the_ground_to_the_top(name):
    (surface,) = [trace for trace in drawn(name).data if trace.type == "contour"]
    top, contours = mesh(name).scale.top, surface.contours
    assert surface.autocontour is False
    levels = np.arange(contours.start, contours.end, contours.size)
    assert 15 <= len(levels) <= 30
    np.testing.assert_allclose(np.diff(levels), contours.size)
    assert 0 < levels[0] <= contours.size
    assert top - contours.size <= levels[-1] <= top
    assert (surface.zmin, surface.zmax) == (0, top)
    assert surface.line.width < 1


# Paths


@every_surface
def test_every_visible_update_has_a_marker_with_the_truth_about_it(name):
    figure = drawn(name)
    for rule, path in default_runs(name).items():
        markers = only(figure, title_of(rule))
        seen = inside(path.theta.T, SURFACES[name].view) & (np.cumsum(~np.isfinite(path.theta).all(axis=1)) == 0)
        updates = np.flatnonzero(seen)
        np.testing.assert_array_equal(markers.customdata[:, 0], updates)
        np.testing.assert_array_equal(np.transpose([markers.x, markers.y]), path.theta[updates])
        np.testing.assert_array_equal(markers.customdata[:, 1:3], path.theta[updates])
        np.testing.assert_array_equal(markers.customdata[:, 3], path.loss[updates])
        slopes = [math.hypot(*slope) for slope in path.gradient[updates]]
        np.testing.assert_allclose(markers.customdata[:, 4], slopes, rtol=1e-12)


@every_surface
def test_the_line_is_the_visible_path_on_top_of_its_rim(name):
    figure = drawn(name)
    for rule, path in default_runs(name).items():
        rim, line = lines_of(figure, rule)
        expected = visible_path(path.theta, SURFACES[name].view)
        for trace in (rim, line):
            assert grows(trace)
            np.testing.assert_array_equal(trace.customdata, expected.update)
            np.testing.assert_array_equal([trace.x, trace.y], expected.points)
            assert trace.hoverinfo == "skip"
        assert rim.line.width > line.line.width > 1
        assert rim.line.color != line.line.color


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_optimizer_has_its_colour_and_marker(theme):
    figure = drawn("himmelblau", theme)
    for rule in OPTIMIZERS:
        style, markers = style_of(rule, theme), only(figure, title_of(rule))
        assert (markers.marker.color, markers.marker.symbol) == (style.color, style.symbol)
        assert lines_of(figure, rule)[-1].line.color == style.color


def test_the_path_is_louder_than_the_level_lines():
    figure = drawn("himmelblau")
    (surface,) = [trace for trace in figure.data if trace.type == "contour"]
    assert all(trace.line.width > 3 * surface.line.width for trace in figure.data if has_only_lines(trace))


# Marks


@every_surface
def test_a_star_marks_every_known_minimum(name):
    surface, stars = SURFACES[name], named(drawn(name), "global minimum")
    if not surface.minima:
        assert stars == []
        return
    (trace,) = stars
    assert trace.marker.symbol == "star"
    np.testing.assert_array_equal(np.transpose([trace.x, trace.y]), surface.minima)
    np.testing.assert_array_equal(np.ravel(trace.customdata), [surface.value(minimum) for minimum in surface.minima])


@every_surface
def test_a_circle_marks_the_start_on_top_of_everything(name):
    figure = drawn(name)
    start = only(figure, "start")
    assert (start.x, start.y) == tuple((number,) for number in SURFACES[name].start)
    assert start.marker.symbol == "circle"
    assert figure.data[-1] is start


def test_a_run_that_ends_in_the_frame_has_a_larger_marker_at_its_end():
    sizes = only(map_of([[-4, 3], [-2, 1], [0, 1]]), "Gradient descent").marker.size
    assert sizes[-1] > 1.5 * max(sizes[:-1])
    assert len(set(sizes[:-1])) == 1


@pytest.mark.parametrize("end", [[9, 9], [np.nan, 0], [np.inf, np.inf]])
def test_a_run_that_does_not_end_in_the_frame_has_no_end_marker(end):
    markers = only(map_of([[-4, 3], [-2, 1], end]), "Gradient descent")
    assert len(markers.x) == 2
    assert len(set(markers.marker.size)) == 1


def test_a_cross_marks_where_a_path_left_and_says_at_which_update():
    exits = only(map_of([[0, 0], [4, 0], [8, 4], [0, 0], [0, -10.24]]), "GradientDescent left the frame")
    np.testing.assert_allclose([exits.x, exits.y], [[5.12, 0], [1.12, -5.12]])
    np.testing.assert_array_equal(np.ravel(exits.customdata), [2, 4])
    assert "Gradient descent" in exits.hovertemplate
    assert "left the frame" in exits.hovertemplate
    assert "update %{customdata[0]}" in exits.hovertemplate
    assert exits.cliponaxis is False
    assert exits.marker.line.color == style_of("GradientDescent", LIGHT).color


def test_a_path_that_stays_has_no_cross():
    assert named(map_of([[0, 0], [4, 0], [0, 0]]), "GradientDescent left the frame") == []


def test_the_chosen_update_is_marked_on_every_path_that_shows_it():
    paths = {"Adam": recorded([[0, 0], [1, 0], [1, 1]], BOWL), "Momentum": recorded([[0, 0], [9, 0], [1, 2]], BOWL)}
    for update, shown in [(None, {}), (0, {"Adam", "Momentum"}), (1, {"Adam"}), (2, {"Adam", "Momentum"}), (3, {})]:
        figure = contour_map(BOWL, mesh("bowl"), paths, LIGHT, update=update)
        marks = {rule: named(figure, f"{rule} chosen update") for rule in paths}
        assert {rule for rule, traces in marks.items() if traces} == set(shown)
        for rule in shown:
            (mark,) = marks[rule]
            np.testing.assert_array_equal(np.ravel([mark.x, mark.y]), paths[rule].theta[update])
            assert mark.marker.symbol == "circle-open"


# Arrows


def test_an_arrow_goes_from_tail_to_tip_in_the_units_of_the_map():
    tail = np.array([1.0, -2.0])
    arrows = [
        Arrow("first", tail, np.array([0.5, 0.25]), "#ffb000"),
        Arrow("second", tail, np.array([-3.0, 1e-9]), "#00ff00"),
    ]
    figure = map_of([[1, -2], [0, 0]], arrows=arrows)
    assert_valid(figure)
    assert len(figure.layout.annotations) == 2
    for arrow, drawn in zip(arrows, figure.layout.annotations, strict=True):
        np.testing.assert_array_equal([drawn.ax, drawn.ay], arrow.tail)
        np.testing.assert_array_equal([drawn.x, drawn.y], arrow.tail + arrow.vector)
        assert (drawn.xref, drawn.yref, drawn.axref, drawn.ayref) == ("x", "y", "x", "y")
        assert drawn.showarrow is not False
        assert drawn.arrowhead > 0
        assert (drawn.arrowcolor, drawn.hovertext, drawn.text) == (arrow.color, arrow.name, "")
        # Nothing keeps the arrow away from its ends, or it would be shorter than the vector.
        assert not drawn.standoff
        assert not drawn.startstandoff
    np.testing.assert_array_equal(tail, [1, -2])


def test_no_arrows_unless_they_are_asked_for():
    assert drawn("bowl", update=3).layout.annotations == ()


# Odd runs


@every_surface
def test_no_trajectories_are_the_bare_surface(name):
    figure = contour_map(SURFACES[name], mesh(name), {}, LIGHT, update=3)
    assert_valid(figure)
    assert {trace.name for trace in figure.data} <= {"surface", "global minimum"}


@pytest.mark.parametrize(
    "theta",
    [
        [[1, 1]],
        [[np.nan, np.nan], [np.nan, np.nan]],
        [[9, 9], [9, 9]],
        [[9, 9], [0, 0]],
        [[1e308, -1e308], [np.inf, np.nan]],
        [[0, 0], [1e300, 0]],
    ],
    ids=["no update", "nan", "outside", "from outside", "far outside", "far jump"],
)
def test_odd_runs_are_drawn_as_far_as_they_can_be_seen(theta):
    figure = map_of(theta, update=1)
    assert_valid(figure)
    seen = inside(np.transpose(theta), BOWL.view)
    np.testing.assert_array_equal(only(figure, "Gradient descent").customdata[:, 0], np.flatnonzero(seen))


@pytest.mark.parametrize("rate", [1e-4, 1e-2, 1.0, 10.0])
def test_any_learning_rate_can_be_drawn(rate):
    paths = {name: run(rule(learning_rate=rate), HIMMELBLAU, HIMMELBLAU.start, 40) for name, rule in OPTIMIZERS.items()}
    assert_valid(contour_map(HIMMELBLAU, mesh("himmelblau"), paths, DARK, update=7))
