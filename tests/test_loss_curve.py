"""Loss against updates: L - L* where L* is known and L elsewhere, said on the axis, readable whatever the runs do."""

import math
import warnings
from functools import cache

import numpy as np
import pytest

from figures import DARK, LIGHT, loss_curve, style_of
from optimizers import OPTIMIZERS, GaussianNoise, run, title_of
from surfaces import SURFACES
from tests.colors import is_red
from tests.pictures import assert_valid, colors, named, only, without_colors
from tests.runs import default_runs, recorded

pytestmark = pytest.mark.slow

every_surface = pytest.mark.parametrize("name", SURFACES)
with_minima = pytest.mark.parametrize("name", [name for name, surface in SURFACES.items() if surface.minima])
without_minima = pytest.mark.parametrize("name", [name for name, surface in SURFACES.items() if not surface.minima])
some_surfaces = pytest.mark.parametrize("name", ["himmelblau", "saddle", "easom"])
BOWL, SADDLE, MCCORMICK = (SURFACES[name] for name in ("bowl", "saddle", "mccormick"))


@cache
def drawn(name: str, theme=LIGHT, **changes):
    """Every rule on a surface."""
    return loss_curve(SURFACES[name], default_runs(name), theme, **changes)


def curve_of(path, surface=BOWL, **changes):
    """The figure of one run, its curve, and the lowest and highest value that its axis shows."""
    figure = loss_curve(surface, {"GradientDescent": path}, LIGHT, **changes)
    return figure, only(figure, "Gradient descent"), shown_range(figure)


def shown_range(figure) -> tuple[float, float]:
    axis = figure.layout.yaxis
    return tuple(10.0**end for end in axis.range) if axis.type == "log" else tuple(axis.range)


def lowest(surface) -> float:
    return min(float(surface.value(minimum)) for minimum in surface.minima)


# As a whole


@pytest.mark.slow
@every_surface
def test_every_surface_with_every_optimizer_is_a_valid_figure_without_complaint(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = loss_curve(SURFACES[name], default_runs(name), LIGHT, update=3, height=517)
    assert_valid(figure)
    assert figure.layout.height == 517


@some_surfaces
def test_the_theme_changes_nothing_but_colours(name):
    light, dark = (drawn(name, theme, update=3) for theme in (LIGHT, DARK))
    assert without_colors(light) == without_colors(dark)
    assert light.to_json() != dark.to_json()


@some_surfaces
def test_nothing_is_red(name):
    assert [color for theme in (LIGHT, DARK) for color in colors(drawn(name, theme, update=3)) if is_red(color)] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_every_optimizer_has_its_colour_marker_and_dash_and_is_in_the_legend(theme):
    figure = drawn("himmelblau", theme)
    assert len(figure.data) == len(OPTIMIZERS)
    assert figure.layout.showlegend
    for rule in OPTIMIZERS:
        style, curve = style_of(rule, theme), only(figure, title_of(rule))
        assert curve.line.color == curve.marker.color == style.color
        assert (curve.marker.symbol, curve.line.dash) == (style.symbol, style.dash)
        assert curve.showlegend is not False


@every_surface
def test_every_point_of_a_curve_says_the_truth_about_its_update(name):
    figure = drawn(name)
    for rule, path in default_runs(name).items():
        curve = only(figure, title_of(rule))
        np.testing.assert_array_equal(curve.x, np.arange(61))
        np.testing.assert_array_equal(curve.customdata[:, 0], np.arange(61))
        np.testing.assert_array_equal(curve.customdata[:, 1:3], path.theta)
        np.testing.assert_array_equal(curve.customdata[:, 3], path.loss)
        np.testing.assert_allclose(curve.customdata[:, 4], [math.hypot(*slope) for slope in path.gradient], rtol=1e-12)
        assert "L = %{customdata[3]" in curve.hovertemplate


def test_some_updates_have_a_marker_but_not_so_many_that_they_hide_the_dash():
    for path in (default_runs("bowl")["Adam"], default_runs("bowl", 1000)["Adam"]):
        marker = curve_of(path)[1].marker
        assert marker.size > 0
        assert 5 <= marker.maxdisplayed <= 30


# What is drawn


@with_minima
def test_a_curve_is_the_distance_to_the_known_minimum(name):
    figure, best = drawn(name), lowest(SURFACES[name])
    low, _ = shown_range(figure)
    assert figure.layout.yaxis.type == "log"
    for rule, path in default_runs(name).items():
        y, gap = np.array(only(figure, title_of(rule)).y, dtype=float), path.loss - best
        finite = np.isfinite(gap)
        np.testing.assert_array_equal(np.isfinite(y) & ~finite, False)
        clear = finite & (gap > 1.01 * low)
        np.testing.assert_allclose(y[clear], gap[clear], rtol=1e-12)
    title = figure.layout.yaxis.title.text
    assert title.startswith("L − L*")
    assert "log scale" in title
    assert f"L* = {best:.6g}" in figure.layout.title.text


@with_minima
def test_a_gap_of_zero_lies_on_the_lower_edge(name):
    surface = SURFACES[name]
    _, curve, (low, _) = curve_of(recorded([surface.start, surface.minima[0], surface.start], surface), surface)
    assert curve.y[1] == pytest.approx(low, rel=1e-9)
    assert curve.y[0] == curve.y[2] > 1e6 * low


@pytest.mark.parametrize(("reach", "hidden"), [(1e-3, False), (1e-12, True), (0, True)])
def test_a_note_says_so_where_the_lower_edge_stands_for_smaller_gaps(reach, hidden):
    figure, curve, (low, _) = curve_of(recorded([(3.0, 0.0), (reach, 0.0)], BOWL))
    notes = [note.text for note in figure.layout.annotations]
    assert len(notes) == hidden == (curve.y[1] > reach**2)
    for note in notes:
        assert note.startswith("on the lower edge: L − L* below ")
        assert float(note.rpartition("below ")[2].replace("−", "-")) == pytest.approx(low, rel=0.5)


@without_minima
def test_a_curve_is_the_loss_where_no_minimum_is_known(name):
    figure = drawn(name)
    assert figure.layout.yaxis.type in (None, "linear", "-")
    assert figure.layout.yaxis.title.text == "L"
    for rule, path in default_runs(name).items():
        expected = np.where(np.isfinite(path.loss), path.loss, np.nan)
        np.testing.assert_array_equal(np.array(only(figure, title_of(rule)).y, dtype=float), expected)


def test_a_loss_below_the_known_minimum_is_not_drawn_as_an_arrival():
    """Outside its domain, McCormick's function falls below its minimum without end."""
    assert MCCORMICK.value((-60.0, -61.0)) < lowest(MCCORMICK) - 10
    path = recorded([MCCORMICK.start, (0, 0), (-60, -61), (-80, -81)], MCCORMICK)
    figure, curve, _ = curve_of(path, MCCORMICK)
    assert figure.layout.yaxis.type == "log"
    assert np.isnan(np.array(curve.y, dtype=float)[2:]).all()
    assert "not drawn: losses below L*" in figure.layout.annotations[0].text
    inside, _, _ = curve_of(recorded([MCCORMICK.start, (0, 0)], MCCORMICK), MCCORMICK)
    assert not any("not drawn" in note.text for note in inside.layout.annotations)


# What can be read


def visible_share(curve, low: float, high: float) -> float:
    y = np.array(curve.y, dtype=float)
    return np.mean((y >= low * (1 - 1e-9) if low > 0 else y >= low) & (y <= high))


@every_surface
def test_runs_that_stay_in_the_frame_are_seen_whole(name):
    surface, figure = SURFACES[name], drawn(name)
    low, high = shown_range(figure)
    (left, right), (bottom, top) = surface.view
    for rule, path in default_runs(name).items():
        theta = path.theta
        if ((theta >= (left, bottom)) & (theta <= (right, top))).all():
            y = np.array(only(figure, title_of(rule)).y, dtype=float)
            assert y.min() >= low - 1e-9 * abs(low)
            # A wall in the frame may be a thousand times higher than the start: it stands out at the top.
            assert np.mean(y <= high) > 0.9


@every_surface
def test_a_diverging_run_does_not_flatten_the_others(name):
    surface = SURFACES[name]
    calm = run(OPTIMIZERS["Adam"](learning_rate=0.01), surface, surface.start, 60)
    wild = recorded(surface.start * (-3.0) ** np.arange(61)[:, None], surface)
    figure = loss_curve(surface, {"Adam": calm, "Momentum": wild}, LIGHT)
    assert_valid(figure)
    low, high = shown_range(figure)
    assert np.isfinite([low, high]).all()
    start = calm.loss[0] - (lowest(surface) if surface.minima else 0)
    if figure.layout.yaxis.type == "log":
        gaps = np.concatenate([path.loss for path in (calm, wild)]) - lowest(surface)
        assert low >= 0.1 * gaps[gaps > 0].min()
        assert high <= 1e4 * start
    else:
        assert max(abs(low), abs(high)) <= 50 * max(abs(start), 1)
    assert visible_share(only(figure, "Adam"), low, high) == 1


@pytest.mark.parametrize("start", [(0.0, 0.0), (1e-9, 0.0), (1e-4, 0.0)])
def test_a_noisy_run_from_the_minimum_is_seen(start):
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.1), GaussianNoise(BOWL, 0.5, 1), start, 40)
    assert path.loss.max() > 1e-3
    _, curve, (low, high) = curve_of(path)
    assert visible_share(curve, low, high) > 0.9


@pytest.mark.parametrize("surface", [BOWL, SADDLE], ids=lambda surface: surface.title)
@pytest.mark.parametrize("size", [1e-140, 1e-9, 1e30, 1e153, 1.2e154])
def test_the_range_is_finite_and_increasing_for_losses_of_any_size(surface, size):
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.1), surface, (size, size / 2), 10)
    figure, _, (low, high) = curve_of(path, surface)
    assert np.isfinite(figure.layout.yaxis.range).all()
    assert low < high


def test_the_horizontal_axis_shows_the_longest_run():
    paths = {"Adam": default_runs("bowl", 60)["Adam"], "Momentum": default_runs("bowl", 200)["Momentum"]}
    axis = loss_curve(BOWL, paths, LIGHT).layout.xaxis
    assert axis.title.text == "update"
    assert -10 < axis.range[0] < 0
    assert 200 < axis.range[1] < 210


# Marks


def test_the_chosen_update_is_a_vertical_line():
    (line,) = drawn("bowl", update=7).layout.shapes
    assert line.type == "line"
    assert (line.xref, line.x0, line.x1) == ("x", 7, 7)
    assert (line.yref, line.y0, line.y1) == ("paper", 0, 1)
    assert drawn("bowl").layout.shapes == ()


# Odd runs


@every_surface
def test_no_trajectories_are_empty_axes(name):
    figure = loss_curve(SURFACES[name], {}, LIGHT, update=3)
    assert_valid(figure)
    assert len(figure.data) == 0
    assert np.isfinite(figure.layout.yaxis.range).all()
    assert np.isfinite(figure.layout.xaxis.range).all()


@pytest.mark.parametrize("surface", [BOWL, SADDLE, MCCORMICK], ids=lambda surface: surface.title)
@pytest.mark.parametrize(
    "theta",
    [
        [[1, 1]],
        [[0, 0]],
        [[0, 0], [0, 0]],
        [[np.nan, np.nan], [np.nan, np.nan]],
        [[1, 2], [np.nan, np.nan]],
        [[1e308, -1e308], [np.inf, np.nan]],
    ],
    ids=["no update", "at the minimum", "staying there", "nan", "then nan", "far"],
)
def test_odd_runs_have_readable_axes(surface, theta):
    path = recorded(theta, surface)
    figure, curve, (low, high) = curve_of(path, surface, update=1)
    assert_valid(figure)
    assert np.isfinite(figure.layout.yaxis.range).all()
    assert low < high
    assert len(curve.y) == len(theta)
    assert figure.layout.xaxis.range[0] < figure.layout.xaxis.range[1]


@pytest.mark.parametrize("rate", [1e-4, 1e-2, 1.0, 10.0])
def test_any_learning_rate_can_be_drawn(rate):
    surface = SURFACES["rosenbrock"]
    paths = {name: run(rule(learning_rate=rate), surface, surface.start, 40) for name, rule in OPTIMIZERS.items()}
    figure = loss_curve(surface, paths, DARK, update=7)
    assert_valid(figure)
    assert np.isfinite(figure.layout.yaxis.range).all()
    assert named(figure, "Adam")
