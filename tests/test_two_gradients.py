"""The lesson on two ways to a gradient: its sentences are those of the differences that it shows, for any point."""

import numpy as np
import pytest

from figures.following import START
from lessons.two_gradients import WIDTHS, difference_words, differences
from optimizers.numbers import number
from surfaces import SURFACES, parse
from tests.hands import assert_hand_agrees
from tests.lesson_pages import lesson, said
from tests.playground import answered, table, warnings


@pytest.mark.parametrize(
    ("formula", "point", "words"),
    [
        # With a third derivative, both kinds have an error that grows with h; with a slope, rounding harms both.
        ("x^4 + sin(y)", (1.3, 0.7), ("the differences reach too far", "the two losses agree in nearly all")),
        (
            "x^2 + y^2 + 3x",
            (1.3, 0.7),
            ("the one-sided difference reaches too far", "on both sides cancel", "the two losses agree"),
        ),
        ("x^2 + y^2", (0, 0), ("the one-sided difference reaches too far", "A smaller h does no harm here.")),
        ("2x - 3y", (0, 0), ("A larger h does no harm here. A smaller h does no harm here.",)),
    ],
)
def test_a_larger_and_a_smaller_width_do_what_is_said(formula, point, words):
    surface, theta = parse(formula), np.array(point, dtype=float)
    text = difference_words(surface, theta, differences(surface, theta)[1])
    assert [part for part in words if part not in text] == []


@pytest.mark.parametrize("surface", ["himmelblau", "ackley", "plateau"])
def test_the_width_that_is_named_is_the_best_one_of_those_drawn(surface):
    known, point = SURFACES[surface], SURFACES[surface].start
    errors = differences(known, point)[1]
    text = difference_words(known, point, errors)
    for error in errors.values():
        assert f"**{number(WIDTHS[int(np.nanargmin(error))], 2)}**" in text


# The page


@pytest.mark.slow
def test_both_gradients_stand_side_by_side():
    app = lesson("two_gradients")
    assert table(app)[0] == ["analytic", "10.5", "2.5", "0"]
    assert "With h = 1e−5 the error is: one-sided " in said(app)


@pytest.mark.slow
@pytest.mark.parametrize("surface", ["saddle", "easom", "goldstein_price", "ackley", "line_fit"])
def test_every_surface_is_answered(surface):
    app = lesson("two_gradients")
    app.session_state["two_gradients.surface"] = surface
    assert "none does better here than h" in said(answered(app))


@pytest.mark.slow
@pytest.mark.parametrize("theta1", ["1e308", "1e160"])
def test_a_point_without_a_finite_loss_is_answered_with_words(theta1):
    assert "no gradient to compare" in said(lesson("two_gradients", theta1=theta1))


@pytest.mark.slow
def test_a_link_carries_the_power_and_nonsense_in_it_is_named():
    assert lesson("two_gradients", power="-16").session_state["two_gradients.power"] == -16
    (warning,) = warnings(lesson("two_gradients", power="abc"))
    assert "`power` = `abc`" in warning


@pytest.mark.slow
def test_the_point_of_the_gradients_follows_the_hand_and_the_errors_wait():
    app = lesson("two_gradients")
    moved = {"start1": 1.5, "start2": 0.5}
    after = assert_hand_agrees(app, moved, {"two_gradients.theta1": 1.5, "two_gradients.theta2": 0.5})
    assert [trace["meta"].get("waits") for trace in after.figures["error"]["data"]] == [[*START], [*START], None]
    assert_hand_agrees(app, {"power": -8.0}, {"two_gradients.power": -8.0})
