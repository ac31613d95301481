"""The check of the gradient: it passes where the gradient is right, and only there."""

import numpy as np
import pytest
import sympy

from surfaces import SURFACES, Surface, parse, theta1, theta2
from surfaces.differences import POINTS, gradient_check


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_of_the_catalogue_passes(name):
    check = gradient_check(SURFACES[name], SURFACES[name].view)
    assert check.passed
    assert check.error < 1e-5
    assert check.points + check.left_out == POINTS


class Wrong(Surface):
    """A surface whose gradient is a little too long."""

    def gradient(self, theta):
        return super().gradient(theta) * (1 + 1e-3)


def test_a_wrong_gradient_does_not_pass():
    wrong = Wrong("Wrong", theta1**2 + sympy.sin(theta2), ((-2, 2), (-2, 2)), (1, 1))
    check = gradient_check(wrong, wrong.view)
    assert not check.passed
    assert check.error == pytest.approx(1e-3, rel=0.01)


def test_points_without_a_value_and_beside_corners_are_left_out():
    assert gradient_check(parse("ln(x) + y"), ((-1.0, 1.0), (-1.0, 1.0))).left_out == pytest.approx(POINTS / 2, abs=25)
    corner = gradient_check(parse("|x| + y"), ((-1.0, 1.0), (-1e-3, 1e-3)))
    assert corner.passed
    assert 0 <= corner.left_out < 10


def test_without_any_point_nothing_has_passed():
    check = gradient_check(parse("ln(x) + y"), ((-2.0, -1.0), (-1.0, 1.0)))
    assert not check.passed
    assert (check.points, check.error) == (0, 0)


def test_numbers_far_from_one_are_compared_like_others():
    for factor in (1e-100, 1e100):
        check = gradient_check(parse(f"{factor:g} x^2 + {factor:g} y"), ((-1.0, 1.0), (-1.0, 1.0)))
        assert check.passed
        assert np.isfinite(check.error)
