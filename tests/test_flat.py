"""Flat pieces and tips: gradients and Hessians at and beside them, against differences with many digits."""

import mpmath
import numpy as np
import pytest

from surfaces import parse
from tests.samples import assert_same_bits

pytestmark = pytest.mark.slow


def larger(*numbers):
    return max(numbers)


def smaller(*numbers):
    return min(numbers)


def real_power(base, exponent):
    return base**exponent if base > 0 else mpmath.mpf(0)


FORMS = {
    "sqrt(max(0,x)) + y^2": lambda x, y: mpmath.sqrt(larger(0, x)) + y**2,
    "sqrt(relu(x y)) + x": lambda x, y: mpmath.sqrt(larger(0, x * y)) + x,
    "max(0,x)^1.5 + xy": lambda x, y: real_power(larger(0, x), 1.5) + x * y,
    "max(0,1-x-y)^2": lambda x, y: larger(0, 1 - x - y) ** 2,
    "sqrt(max(0,x) max(0,y))": lambda x, y: mpmath.sqrt(larger(0, x) * larger(0, y)),
    "max(0,x)^(y^2+1)": lambda x, y: real_power(larger(0, x), y**2 + 1),
    "relu(x)^(1+x^2)": lambda x, y: real_power(larger(0, x), 1 + x**2),
    "sqrt(max(0,1-x^2-y^2))": lambda x, y: mpmath.sqrt(larger(0, 1 - x**2 - y**2)),
    "max(0, 1 - sqrt(x^2+y^2))^2": lambda x, y: larger(0, 1 - mpmath.sqrt(x**2 + y**2)) ** 2,
    "sqrt(min(0,x)^2) y": lambda x, y: mpmath.sqrt(smaller(0, x) ** 2) * y,
    "sqrt(-min(0, x y))": lambda x, y: mpmath.sqrt(-smaller(0, x * y)),
    "asin(max(0,x)/3)^0.5": lambda x, y: mpmath.sqrt(mpmath.asin(larger(0, x) / 3)),
    "ln(1+sqrt(max(0,x)))": lambda x, y: mpmath.log(1 + mpmath.sqrt(larger(0, x))),
    "max(0, x-1)^0.3 + max(0, -y)^2.5": lambda x, y: real_power(larger(0, x - 1), 0.3) + real_power(larger(0, -y), 2.5),
    "e^(-1/max(0,x)) + y": lambda x, y: (mpmath.exp(-1 / x) if x > 0 else mpmath.mpf(0)) + y,
    "x|x| + |y|^3": lambda x, y: x * abs(x) + abs(y) ** 3,
    "|x|^(1/3) + y^2": lambda x, y: abs(x) ** (mpmath.mpf(1) / 3) + y**2,
    "||x|-1|^1.5": lambda x, y: abs(abs(x) - 1) ** 1.5,
}
POINTS = [(-1.3, 0.7), (0.6, 0.7), (0.4, -0.3), (-0.7, -1.1), (1.7, 1.2), (0.25, 0.35)]
ORDERS = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]


@pytest.mark.slow
@pytest.mark.parametrize(("text", "exact"), FORMS.items(), ids=FORMS)
def test_beside_the_corners_derivatives_agree_with_many_digits(text, exact):
    surface = parse(text)
    for point in POINTS:
        hessian = surface.hessian(point)
        computed = [surface.value(point), *surface.gradient(point), hessian[0, 0], hessian[0, 1], hessian[1, 1]]
        with mpmath.workdps(50):
            x, y = map(mpmath.mpf, point)
            wanted = [exact(x, y), *(mpmath.diff(exact, (x, y), order) for order in ORDERS)]
        np.testing.assert_allclose(computed, [float(number) for number in wanted], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("text", "gradient", "curvatures"),
    [
        ("(x^2+y^2)^1.5", (0, 0), (0, 0, 0)),
        ("(x^2+y^2)^2.5 + 3x", (3, 0), (0, 0, 0)),
        ("|x|^1.5 + y^2", (0, 0), (np.inf, 0, 2)),
        ("|x|^3 + y", (0, 1), (0, 0, 0)),
        ("|x|^2.5 + x y", (0, 0), (0, 1, 0)),
        ("sqrt(x^2+y^2)", (0, 0), (0, 0, 0)),
        ("sqrt|x| + 2y", (0, 2), (-np.inf, 0, 0)),
        ("sqrt(max(0,x)) + y", (0, 1), (0, 0, 0)),
        ("x + sqrt(max(0,x))", (1, 0), (0, 0, 0)),
        ("sqrt(|x|)+sqrt(|y|)", (0, 0), (-np.inf, 0, -np.inf)),
        ("max(0,x)^1.5 + y^2", (0, 0), (0, 0, 2)),
        ("sqrt(x) + y^2", (np.inf, 0), (-np.inf, 0, 2)),
    ],
)
def test_at_zero_there_is_the_limit_or_a_subgradient(text, gradient, curvatures):
    surface = parse(text)
    np.testing.assert_allclose(surface.gradient((0, 0)), gradient, atol=1e-12)
    hessian = surface.hessian((0, 0))
    if np.isinf(hessian[0, 0]) and curvatures[0] == 0:  # one side is flat, the other one is not
        curvatures = (hessian[0, 0], *curvatures[1:])
    np.testing.assert_allclose([hessian[0, 0], hessian[0, 1], hessian[1, 1]], curvatures, atol=1e-12)


@pytest.mark.parametrize("text", FORMS)
def test_rows_of_a_batch_are_points_alone_at_corners_too(text):
    surface = parse(text)
    theta = np.stack(np.meshgrid([-1.0, 0.0, 0.5, 1.0], [-1.0, 0.0, 0.5, 1.0])).reshape(2, -1)
    for method in (surface.gradient, surface.hessian, lambda points: surface.value_and_gradient(points)[1]):
        assert_same_bits(method(theta), np.stack([method(point) for point in theta.T], axis=-1))


@pytest.mark.parametrize("text", ["ln(max(0,x)) + y", "max(0,x) ln(x)", "sqrt(max(0, x)) + sqrt(y)", "1/max(0,x)"])
def test_where_there_is_no_value_there_is_no_slope(text):
    surface = parse(text)
    theta = np.stack(np.meshgrid(np.linspace(-2, 2, 9), np.linspace(-2, 2, 9)))
    missing = ~np.isfinite(surface.value(theta))
    assert missing.any()
    assert not np.isfinite(surface.gradient(theta)[:, missing]).all(axis=0).any()


def test_a_minimum_at_a_tip_is_a_place_of_rest():
    from optimizers import OPTIMIZERS, run

    path = run(OPTIMIZERS["GradientDescent"](learning_rate=0.5), parse("sqrt(x^2 + y^2)"), (1.0, 0.0), 10)
    np.testing.assert_array_equal(path.theta[-1], (0, 0))
    assert not path.diverged
