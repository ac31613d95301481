"""The surface in space: true losses at documented heights, and every path lying on what is drawn."""

import math
from functools import cache

import numpy as np
import pytest

from figures import DARK, LIGHT, Mesh, style_of, surface_3d
from figures.mesh import mesh_of, true_heights
from figures.meta import grows
from figures.theme import SURFACE_COLORS
from optimizers import OPTIMIZERS, run, title_of
from programs.frame import inside
from surfaces import SURFACES, parse
from tests.colors import difference, is_red, ramp, rgb
from tests.pictures import assert_valid, colors, lines_of, named, only, without_colors
from tests.runs import default_runs, mesh, recorded

pytestmark = pytest.mark.slow

every_surface = pytest.mark.parametrize("name", SURFACES)
some_surfaces = pytest.mark.parametrize("name", ["himmelblau", "saddle", "easom"])
themes = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
BOWL, HIMMELBLAU = SURFACES["bowl"], SURFACES["himmelblau"]

# A path may be this far above the drawn surface, as a share of the height of the picture.
NEAR = 0.03
# Between two points of its line, it may dip below the drawn surface by this share: less than the line is wide.
DIP = 0.01


@cache
def drawn(name: str, theme=LIGHT, **changes):
    """Every rule on a surface."""
    return surface_3d(SURFACES[name], mesh(name), default_runs(name), theme, **changes)


def picture_of(theta, surface=BOWL, **changes):
    """One run through the given points, as if gradient descent had gone there."""
    return surface_3d(surface, mesh("bowl"), {"GradientDescent": recorded(theta, surface)}, LIGHT, **changes)


def sheet(figure):
    (trace,) = [trace for trace in figure.data if trace.type == "surface"]
    return trace


def above_the_sheet(points: np.ndarray, ground: Mesh) -> np.ndarray:
    """How far points (3, n) are above the drawn surface, as a share of the height of the picture."""
    points = points[:, np.isfinite(points).all(axis=0)]
    return (points[2] - ground.drawn_height(points[:2])) / ground.scale.top


def places(trace) -> np.ndarray:
    return np.array([trace.x, trace.y, trace.z], dtype=float)


# As a whole


@pytest.mark.slow
@every_surface
def test_every_surface_with_every_optimizer_is_a_valid_figure(name):
    assert_valid(drawn(name, update=3, height=517))
    assert drawn(name, update=3, height=517).layout.height == 517


@some_surfaces
def test_a_changed_picture_changes_neither_the_next_one_nor_the_mesh(name):
    first, expected = (surface_3d(SURFACES[name], mesh(name), default_runs(name), LIGHT) for _ in range(2))
    expected.to_dict()
    for trace in first.data:
        trace.x[:], trace.z[:] = 7, 7
    sheet(first).contours.z.size = 7
    first.layout.scene.camera.eye.x = 7
    first.layout.scene.zaxis.tickvals = [7]
    assert surface_3d(SURFACES[name], mesh(name), default_runs(name), LIGHT) == expected
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
def test_the_axes_show_the_view_and_the_whole_height(name):
    scene, scale = drawn(name).layout.scene, mesh(name).scale
    assert (scene.xaxis.range, scene.yaxis.range) == SURFACES[name].view
    assert (scene.xaxis.title.text, scene.yaxis.title.text) == ("θ₁", "θ₂")
    low, high = scene.zaxis.range
    assert -0.1 * scale.top < low <= 0
    assert scale.top <= high < 1.1 * scale.top
    assert scene.aspectmode == "manual"


@every_surface
def test_the_runs_move_neither_the_camera_nor_the_frame(name):
    bare = surface_3d(SURFACES[name], mesh(name), {}, DARK)
    assert bare.layout.scene.camera == drawn(name).layout.scene.camera
    assert bare.layout.scene.aspectratio == drawn(name).layout.scene.aspectratio
    assert bare.layout.uirevision == drawn(name).layout.uirevision


def test_another_surface_resets_the_view():
    assert len({drawn(name).layout.uirevision for name in SURFACES}) == len(SURFACES)


@every_surface
def test_the_camera_looks_over_a_low_corner(name):
    eye = drawn(name).layout.scene.camera.eye
    assert eye.z > 0.5
    heights = mesh(name).height / mesh(name).scale.top
    nearest = heights[-1 if eye.y > 0 else 0, -1 if eye.x > 0 else 0]
    assert nearest <= heights[[0, 0, -1, -1], [0, -1, 0, -1]].min() + 0.1


# The surface


@pytest.mark.parametrize("true", [False, True], ids=["spaced", "true heights"])
@every_surface
def test_the_surface_shows_heights_and_says_true_losses(name, true):
    ground = true_heights(mesh(name)) if true else mesh(name)
    figure = surface_3d(SURFACES[name], ground, {}, LIGHT)
    surface, axis = sheet(figure), figure.layout.scene.zaxis
    np.testing.assert_array_equal(surface.x, ground.theta1)
    np.testing.assert_array_equal(surface.y, ground.theta2)
    np.testing.assert_allclose(surface.z, ground.height, rtol=1e-6, atol=1e-6 * ground.scale.top)
    np.testing.assert_allclose(surface.customdata, ground.loss, rtol=1e-6, atol=1e-6)
    assert "L = %{customdata" in surface.hovertemplate
    heights, labels = ground.scale.ticks()
    assert list(axis.tickvals) == heights
    assert list(axis.ticktext) == labels


@every_surface
def test_level_lines_are_evenly_spaced_and_low_is_dark(name):
    surface, top = sheet(drawn(name)), mesh(name).scale.top
    lines = surface.contours.z
    assert lines.show
    assert 0 < lines.start <= lines.size
    assert lines.end == top
    assert 15 <= top / lines.size <= 30
    assert (surface.cmin, surface.cmax) == (0, top)
    assert surface.colorscale == SURFACE_COLORS
    assert not surface.reversescale


@pytest.mark.parametrize("text", ["(x^2-y^2)/(x^2+y^2)", "x^2 ln(x^2) + y^2"])
def test_a_surface_with_gaps_has_level_lines_of_its_own(text):
    """plotly.js does not come back from its own ones there."""
    surface = parse(text)
    ground = mesh_of(surface)
    figure = surface_3d(surface, ground, {}, LIGHT)
    assert_valid(figure)
    assert not sheet(figure).contours.z.show
    np.testing.assert_array_equal(np.isnan(sheet(figure).z), np.isnan(ground.loss))
    (lines,) = [trace for trace in figure.data if trace.name == "level lines"]
    levels = np.unique(lines.z[np.isfinite(lines.z)])
    assert 15 <= len(levels) <= 30
    np.testing.assert_allclose(np.diff(levels), np.diff(levels)[0], rtol=1e-3)


# Paths


@every_surface
def test_a_path_lies_on_the_drawn_surface(name):
    figure, ground = drawn(name), mesh(name)
    for rule in OPTIMIZERS:
        for line in lines_of(figure, rule):
            above = above_the_sheet(places(line), ground)
            assert above.min(initial=NEAR) >= 0
            assert above.max(initial=0) <= NEAR


@every_surface
def test_a_path_stays_at_the_drawn_surface_between_the_points_of_its_line(name):
    figure, ground = drawn(name), mesh(name)
    for rule in OPTIMIZERS:
        points = places(lines_of(figure, rule)[-1])
        for share in (0.25, 0.5, 0.75):
            above = above_the_sheet(points[:, :-1] * (1 - share) + points[:, 1:] * share, ground)
            assert above.min(initial=NEAR) >= -DIP
            assert above.max(initial=0) <= NEAR


def test_a_long_run_to_and_fro_stays_at_the_drawn_surface_too():
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=1.0), BOWL, BOWL.start, 1000)
    figure = surface_3d(BOWL, mesh("bowl"), {"GradientDescent": path}, LIGHT)
    points = places(lines_of(figure, "GradientDescent")[-1])
    above = above_the_sheet((points[:, :-1] + points[:, 1:]) / 2, mesh("bowl"))
    assert above.min() >= -DIP
    assert above.max() <= NEAR


@every_surface
def test_a_path_goes_through_its_updates_and_stays_in_the_frame(name):
    (left, right), (bottom, top) = SURFACES[name].view
    rounding = 1e-9 * (right - left)
    for rule, path in default_runs(name).items():
        line = places(lines_of(drawn(name), rule)[-1])[:2]
        seen = line[:, np.isfinite(line).all(axis=0)]
        assert inside(seen, ((left - rounding, right + rounding), (bottom - rounding, top + rounding))).all()
        updates = only(drawn(name), title_of(rule)).customdata[:, 0].astype(int)
        on_line = {tuple(point) for point in seen.T}
        assert {tuple(point) for point in path.theta[updates]} <= on_line


@every_surface
def test_every_point_of_a_path_knows_how_far_its_update_has_come(name):
    for rule, path in default_runs(name).items():
        for trace in lines_of(drawn(name), rule):
            assert grows(trace)
            moments, line = trace.customdata, places(trace)[:2]
            np.testing.assert_array_equal(np.isnan(moments), np.isnan(line[0]))
            moments, line = moments[~np.isnan(moments)], line[:, ~np.isnan(line[0])]
            assert (np.diff(moments) >= 0).all()
            due = [np.interp(moments, np.arange(path.steps + 1), coordinate) for coordinate in path.theta.T]
            size = np.ptp(SURFACES[name].view, axis=1)[:, None]
            steps = np.abs(np.nan_to_num(np.diff(path.theta, axis=0), posinf=0, neginf=0)).max(initial=1)
            assert (np.abs(line - due) / size).max(initial=0) < 1e-9 * steps


@every_surface
def test_every_visible_update_has_a_marker_with_the_truth_about_it(name):
    figure, ground = drawn(name), mesh(name)
    for rule, path in default_runs(name).items():
        markers = only(figure, title_of(rule))
        seen = inside(path.theta.T, SURFACES[name].view) & (np.cumsum(~np.isfinite(path.theta).all(axis=1)) == 0)
        updates = np.flatnonzero(seen)
        np.testing.assert_array_equal(markers.customdata[:, 0], updates)
        np.testing.assert_array_equal(np.transpose([markers.x, markers.y]), path.theta[updates])
        np.testing.assert_array_equal(markers.customdata[:, 3], path.loss[updates])
        slopes = [math.hypot(*slope) for slope in path.gradient[updates]]
        np.testing.assert_allclose(markers.customdata[:, 4], slopes, rtol=1e-12)
        above = above_the_sheet(places(markers), ground)
        assert above.min(initial=NEAR) >= 0
        assert above.max(initial=0) <= NEAR


@themes
def test_every_optimizer_has_its_colour_and_marker(theme):
    figure = drawn("himmelblau", theme)
    looks = set()
    for rule in OPTIMIZERS:
        style, markers = style_of(rule, theme), only(figure, title_of(rule))
        assert (markers.marker.color, markers.marker.symbol) == (style.color, style.symbol)
        assert lines_of(figure, rule)[-1].line.color == style.color
        looks.add((markers.marker.color, markers.marker.symbol))
    assert len(looks) == len(OPTIMIZERS)


@themes
@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_a_path_stands_out_on_every_height(rule, theme):
    """By its own colour, or by that of a rim under it."""
    lines = lines_of(drawn("himmelblau", theme), rule)
    worst = min(max(difference(rgb(line.line.color), ground) for line in lines) for ground in ramp(SURFACE_COLORS))
    assert worst > 18


# Marks


@every_surface
def test_a_mark_stands_at_every_known_minimum(name):
    surface, marks = SURFACES[name], named(drawn(name), "global minimum")
    if not surface.minima:
        assert marks == []
        return
    (trace,) = marks
    np.testing.assert_array_equal(np.transpose([trace.x, trace.y]), surface.minima)
    np.testing.assert_allclose(trace.customdata, [surface.value(minimum) for minimum in surface.minima], atol=1e-15)
    above = above_the_sheet(places(trace), mesh(name))
    assert above.min() >= 0
    assert above.max() <= NEAR


@every_surface
def test_a_mark_stands_at_the_start(name):
    start = only(drawn(name), "start")
    assert (start.x, start.y) == tuple((number,) for number in SURFACES[name].start)
    assert start.customdata == (SURFACES[name].value(SURFACES[name].start),)
    assert 0 <= above_the_sheet(places(start), mesh(name)) <= NEAR


def test_start_and_minima_are_drawn_once_more_where_nothing_hides_them():
    marks = [trace.name for trace in drawn("himmelblau").data if (trace.meta or {}).get("above")]
    assert marks == ["global minimum", "start"]


def test_a_start_outside_the_frame_has_no_mark():
    assert named(picture_of([[9, 9], [0, 0]]), "start") == []


def test_a_run_that_ends_in_the_frame_has_a_larger_marker_at_its_end():
    sizes = only(picture_of([[-4, 3], [-2, 1], [0, 1]]), "Gradient descent").marker.size
    assert sizes[-1] > 1.5 * max(sizes[:-1])


@pytest.mark.parametrize("end", [[9, 9], [np.nan, 0], [np.inf, np.inf]])
def test_a_run_that_does_not_end_in_the_frame_has_no_end_marker(end):
    markers = only(picture_of([[-4, 3], [-2, 1], end]), "Gradient descent")
    assert len(markers.x) == 2
    assert len(set(markers.marker.size)) == 1


def test_a_cross_marks_where_a_path_left():
    exits = only(
        picture_of([[0, 0], [4, 0], [8, 4], [0, 0], [0, -10.24]]),
        "Gradient descent left the frame",
    )
    np.testing.assert_allclose([exits.x, exits.y], [[5.12, 0], [1.12, -5.12]])
    assert (above_the_sheet(places(exits), mesh("bowl")) <= NEAR).all()
    assert "Gradient descent left the frame" in exits.hovertemplate
    assert exits.marker.symbol == "x"
    assert exits.marker.color == style_of("GradientDescent", LIGHT).color


def test_the_cross_says_at_which_update_the_path_left():
    figure = picture_of([[0, 0], [4, 0], [8, 4], [0, 0], [0, -10.24]])
    exits = only(figure, "Gradient descent left the frame")
    assert "update" in exits.hovertemplate
    assert [2, 4] in np.reshape(exits.customdata, (2, -1)).T.tolist()


def test_the_chosen_update_is_marked_on_every_path_that_shows_it():
    paths = {"Adam": recorded([[0, 0], [1, 0], [1, 1]], BOWL), "Momentum": recorded([[0, 0], [9, 0], [1, 2]], BOWL)}
    for update, shown in [(None, {}), (0, {"Adam", "Momentum"}), (1, {"Adam"}), (2, {"Adam", "Momentum"}), (3, {})]:
        figure = surface_3d(BOWL, mesh("bowl"), paths, LIGHT, update=update)
        marks = {rule: named(figure, f"{rule} chosen update") for rule in paths}
        assert {rule for rule, traces in marks.items() if traces} == set(shown)
        for rule in shown:
            (mark,) = marks[rule]
            np.testing.assert_array_equal(np.ravel([mark.x, mark.y]), paths[rule].theta[update])


# Odd runs


@every_surface
def test_no_trajectories_are_the_bare_surface(name):
    figure = surface_3d(SURFACES[name], mesh(name), {}, LIGHT, update=3)
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
    figure = picture_of(theta, update=1)
    assert_valid(figure)
    seen = inside(np.transpose(theta), BOWL.view)
    np.testing.assert_array_equal(only(figure, "Gradient descent").customdata[:, 0], np.flatnonzero(seen))


@pytest.mark.parametrize("name", ["ellipse", "bowl", "two_wells", "mccormick"])
def test_a_run_that_jumps_to_and_fro_across_the_frame_stays_in_the_picture(name):
    surface, top = SURFACES[name], mesh(name).scale.top
    path = run(OPTIMIZERS["Nesterov"](learning_rate=1.0), surface, surface.start, 150)
    figure = surface_3d(surface, mesh(name), {"Nesterov": path}, LIGHT)
    for trace in figure.data[1:]:
        points = places(trace)
        heights = points[2][~np.isnan(points[0])]
        assert (heights >= 0).all()
        assert (heights <= (1 + NEAR) * top).all()


@pytest.mark.parametrize("rate", [1e-4, 1e-2, 1.0, 10.0])
def test_any_learning_rate_can_be_drawn(rate):
    paths = {name: run(rule(learning_rate=rate), HIMMELBLAU, HIMMELBLAU.start, 40) for name, rule in OPTIMIZERS.items()}
    assert_valid(surface_3d(HIMMELBLAU, mesh("himmelblau"), paths, DARK, update=7))
