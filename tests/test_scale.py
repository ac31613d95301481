"""Losses as heights: increasing, invertible, labelled with the truth, and with room for floor and wall alike."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.scale import LossScale, loss_scale, true_scale
from surfaces import SURFACES
from tests.runs import mesh

every_surface = pytest.mark.parametrize("name", SURFACES)

spans = st.floats(-6, 9).map(lambda power: 10.0**power)
# The lowest loss and the softness as shares of the span; no softness keeps true heights.
lows = st.floats(-100, 100)
softnesses = st.none() | st.floats(-6, 0).map(lambda power: 10.0**power)


def loss_of(label: str) -> float:
    return float(label.replace("−", "-"))


@st.composite
def scales(draw) -> LossScale:
    span, softness = draw(spans), draw(softnesses)
    low = draw(lows) * span
    return LossScale(low, low + span, np.inf if softness is None else softness * span)


def both_scales(name: str) -> list[LossScale]:
    return [mesh(name).scale, true_scale(mesh(name).scale)]


# The transform


@given(scales(), st.lists(st.integers(0, 1000), min_size=2, max_size=9, unique=True))
def test_a_higher_loss_stands_higher(scale, places):
    losses = scale.low + np.sort(places) / 1000 * (scale.high - scale.low)
    assert (np.diff(scale.height(losses)) > 0).all()


@given(scales(), st.floats(-0.5, 2))
def test_loss_undoes_height(scale, place):
    span = scale.high - scale.low
    loss = scale.low + place * span
    np.testing.assert_allclose(scale.loss(scale.height(loss)), loss, rtol=0, atol=1e-11 * span)
    height = place * scale.top
    np.testing.assert_allclose(scale.height(scale.loss(height)), height, rtol=0, atol=1e-7 * scale.top)


@given(scales())
def test_the_lowest_loss_lies_on_the_ground_and_the_highest_at_the_top(scale):
    assert scale.height(scale.low) == 0
    assert scale.height(scale.high) == scale.top > 0
    assert scale.height(scale.low - 1) < 0


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_heights_and_losses_keep_their_shape(shape):
    for scale in (LossScale(1, 9), LossScale(1, 9, 0.1)):
        assert scale.height(np.full(shape, 2.0)).shape == shape
        assert scale.loss(np.full(shape, 2.0)).shape == shape


def test_losses_that_are_not_finite_have_no_finite_height():
    for scale in (LossScale(1, 9), LossScale(1, 9, 0.1)):
        np.testing.assert_array_equal(np.isfinite(scale.height([np.inf, -np.inf, np.nan, 2])), [False] * 3 + [True])


@every_surface
def test_the_name_says_when_the_spacing_is_not_even(name):
    for scale in both_scales(name):
        middle = float(scale.height((scale.low + scale.high) / 2))
        even = middle == pytest.approx(scale.top / 2, rel=1e-6)
        assert ("log-like" in scale.name) == ("log-like" in scale.short_name) == (not even)
        assert "L" in scale.name
        assert "L" in scale.short_name


@every_surface
def test_true_heights_are_losses_above_the_lowest(name):
    scale = true_scale(mesh(name).scale)
    assert (scale.low, scale.high) == (mesh(name).scale.low, mesh(name).scale.high)
    np.testing.assert_array_equal(scale.height(mesh(name).loss), mesh(name).loss - scale.low)


# Its choice


@every_surface
def test_floor_and_wall_both_get_their_share_of_the_height(name):
    """Half of all points lie below the median. Heights as they are may put it higher: a funnel is mostly rim."""
    scale = mesh(name).scale
    share = float(scale.height(np.median(mesh(name).loss))) / scale.top
    assert share > 0.2
    assert share < 0.65 or np.isinf(scale.softness)


@every_surface
def test_no_loss_of_the_picture_is_below_the_ground_or_above_the_top(name):
    scale, losses = mesh(name).scale, mesh(name).loss
    assert scale.low <= losses.min() <= losses.max() == scale.high
    assert all(scale.height(SURFACES[name].value(minimum)) >= 0 for minimum in SURFACES[name].minima)


@given(st.floats(0.3, 8), st.floats(-100, 100))
def test_any_spread_of_losses_leaves_room_for_the_floor(spread, low):
    losses = low + np.exp(spread * np.random.default_rng(1).normal(size=500))
    scale = loss_scale(losses)
    assert 0.2 < float(scale.height(np.median(losses))) / scale.top < 0.65


def test_a_loss_known_to_lie_lower_becomes_the_ground():
    assert loss_scale(np.array([3.0, 4, 5]), lowest=-1.0).low == -1
    assert loss_scale(np.array([3.0, 4, 5]), lowest=7.0).low == 3


@pytest.mark.parametrize("holes", [[np.nan], [np.inf], [-np.inf, np.nan, np.inf]])
def test_losses_that_are_not_finite_do_not_count(holes):
    losses = np.geomspace(1, 1e6, 50)
    assert loss_scale(np.append(losses, holes)) == loss_scale(losses)


@pytest.mark.parametrize("loss", [0.0, 3.0, -1e12, 1e-300])
def test_a_constant_loss_has_a_scale(loss):
    scale = loss_scale(np.full((5, 5), loss))
    assert scale.height(loss) == 0
    assert scale.top > 0
    heights, labels = scale.ticks()
    assert heights == [0]
    assert loss_of(labels[0]) == pytest.approx(loss)


def test_a_floor_with_one_wall_has_a_scale():
    losses = np.append(np.zeros(99), 1.0)
    scale = loss_scale(losses)
    assert 0 < scale.height(0.5) < scale.height(1.0) == scale.top


# Ticks


def assert_ticks_are_true(scale: LossScale) -> None:
    heights, labels = scale.ticks()
    assert len(heights) == len(labels) > 0
    assert (np.diff(heights) > 0).all()
    assert -1e-9 * scale.top <= heights[0] <= heights[-1] <= (1 + 1e-9) * scale.top
    losses = np.array([loss_of(label) for label in labels])
    np.testing.assert_allclose(losses, scale.loss(heights), rtol=1e-3, atol=1e-9 * (scale.high - scale.low))
    np.testing.assert_allclose(scale.height(losses), heights, rtol=0, atol=2e-3 * scale.top)


@every_surface
def test_ticks_stand_at_the_losses_they_name(name):
    for scale in both_scales(name):
        assert_ticks_are_true(scale)


@every_surface
def test_ticks_are_enough_to_read_the_spacing_and_do_not_crowd(name):
    for scale in both_scales(name):
        heights, _ = scale.ticks()
        assert 3 <= len(heights) <= 8
        assert np.diff(heights).min() > 0.1 * scale.top
        assert np.diff([0, *heights, scale.top]).max() < 0.5 * scale.top


@every_surface
def test_a_tick_stands_at_loss_zero_where_that_is_the_ground(name):
    scale = mesh(name).scale
    if abs(scale.low) < 1e-12 * scale.high:
        heights, labels = scale.ticks()
        assert labels[0] == "0"
        assert heights[0] == pytest.approx(0, abs=1e-9 * scale.top)


@given(st.floats(-3, 3), st.floats(-6, 6), st.booleans())
def test_ticks_of_any_scale_are_true(low, power, bent):
    span = 10.0**power
    assert_ticks_are_true(LossScale(low * span, (low + 1) * span, span / 50 if bent else np.inf))


@pytest.mark.parametrize("low", [1e4, 1e6, -1e6])
@pytest.mark.parametrize("softness", [np.inf, 0.1])
def test_labels_of_a_small_spread_far_from_zero_differ(low, softness):
    scale = LossScale(low, low + 5, softness)
    _, labels = scale.ticks()
    assert len(labels) > 1
    assert len(set(labels)) == len(labels)
    assert_ticks_are_true(scale)


def test_fewer_ticks_can_be_asked_for():
    scale = LossScale(0, 1e6, 1.0)
    assert len(scale.ticks(most=2)[0]) < len(scale.ticks(most=7)[0]) <= 8


@given(scales())
def test_the_labels_are_nobody_elses(scale):
    heights, labels = scale.ticks()
    expected = list(heights), list(labels)
    heights.append(-1.0)
    labels.clear()
    assert scale.ticks() == expected
