"""The picture of a basin map: a colour for each minimum, darker where it takes longer, grey for nowhere."""

import numpy as np

from figures import LIGHT
from figures.basin_picture import basin_picture, color_of
from figures.theme import NOWHERE_COLORS, RED_CIRCLE
from optimizers import OPTIMIZERS, run
from optimizers.sweep import basin_map
from surfaces import SURFACES
from tests.pictures import assert_valid, colors, only

HIMMELBLAU = SURFACES["himmelblau"]


def picture(rate: float, targets, steps: int = 60):
    rule = OPTIMIZERS["GradientDescent"](learning_rate=rate)
    basins = basin_map(rule, HIMMELBLAU, 21, steps)
    reached, updates = basins.reached(targets), basins.updates_to_arrival()
    path = run(rule, HIMMELBLAU, (1, -2), steps)
    return (
        basins,
        reached,
        updates,
        basin_picture(HIMMELBLAU, "GradientDescent", basins, reached, updates, targets, path, LIGHT),
    )


def color_at(heat, row: int, column: int) -> str:
    """The end of the ramp in which a cell lies, towards full colour."""
    place = int(heat.z[row][column])
    stops = [color for _, color in heat.colorscale]
    return stops[2 * place]


def test_each_start_has_the_colour_of_the_minimum_it_reaches():
    _, reached, _, figure = picture(0.01, HIMMELBLAU.minima)
    heat = only(figure, "basins")
    assert_valid(figure)
    assert RED_CIRCLE not in colors(figure)
    for row, column in np.ndindex(reached.shape):
        place = reached[row, column]
        assert color_at(heat, row, column) == (color_of(place) if place >= 0 else NOWHERE_COLORS[1])
    stars = only(figure, "minima")
    assert list(stars.marker.color) == [color_of(place) for place in range(4)]


def test_a_valley_behind_the_last_target_has_a_colour_and_no_star():
    basins, reached, updates, _ = picture(0.01, HIMMELBLAU.minima)
    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.01), HIMMELBLAU, (1, -2), 5)
    reached = np.where(reached == 3, 4, reached)
    figure = basin_picture(HIMMELBLAU, "GradientDescent", basins, reached, updates, HIMMELBLAU.minima, path, LIGHT)
    row, column = np.argwhere(reached == 4)[0]
    assert color_at(only(figure, "basins"), row, column) == color_of(4)
    assert len(only(figure, "minima").x) == 4


def test_later_arrival_is_further_down_the_ramp():
    _, reached, updates, figure = picture(0.01, HIMMELBLAU.minima)
    z = np.array(only(figure, "basins").z)
    same = reached == 0
    order = np.argsort(updates[same], kind="stable")
    assert (np.diff(z[same][order]) >= 0).all()
    assert np.ptp(z[same]) > 0


def test_what_diverges_and_what_reaches_nothing_are_grey():
    basins, *_, figure = picture(0.5, HIMMELBLAU.minima)
    assert basins.diverged[3, 3]
    assert color_at(only(figure, "basins"), 3, 3) == NOWHERE_COLORS[0]
    *_, figure = picture(0.01, ())
    assert color_at(only(figure, "basins"), 3, 3) == NOWHERE_COLORS[1]
    assert_valid(figure)


def test_the_path_begins_where_it_was_chosen():
    *_, figure = picture(0.01, HIMMELBLAU.minima)
    start = only(figure, "start")
    assert (start.x[0], start.y[0]) == (1, -2)
    assert only(figure, "Gradient descent").x[0] == 1


def test_rows_are_theta2():
    basins, *_, figure = picture(0.01, HIMMELBLAU.minima)
    heat = only(figure, "basins")
    np.testing.assert_array_equal(heat.y, basins.theta2)
    assert np.shape(heat.z) == (21, 21)
