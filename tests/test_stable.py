"""Classical forms of exponentials, at points where the exponentials themselves are too large for a computer."""

import math

import mpmath
import numpy as np
import pytest

from surfaces import parse

pytestmark = pytest.mark.slow

exp, ln = mpmath.exp, mpmath.log
FORMS = {
    "ln(1+e^(-x)) + y^2": lambda x, y: ln(1 + exp(-x)) + y**2,
    "ln(e^x + e^y)": lambda x, y: ln(exp(x) + exp(y)),
    "ln(1 + e^x + e^y)": lambda x, y: ln(1 + exp(x) + exp(y)),
    "ln(2 + 3e^(x-y)) + x^2": lambda x, y: ln(2 + 3 * exp(x - y)) + x**2,
    "log2(1 + e^(xy))": lambda x, y: ln(1 + exp(x * y)) / ln(2),
    "ln(1 + 2^x) y": lambda x, y: ln(1 + mpmath.mpf(2) ** x) * y,
    "1/(1+e^(-x)) + y": lambda x, y: 1 / (1 + exp(-x)) + y,
    "y/(1+e^(-x))^2": lambda x, y: y / (1 + exp(-x)) ** 2,
    "(e^x-e^(-x))/(e^x+e^(-x)) + y": lambda x, y: mpmath.tanh(x) + y,
    "e^x/(1+e^x)^2 + y": lambda x, y: 1 / (1 + exp(-x)) / (1 + exp(x)) + y,
    "e^x/(e^x+e^y)": lambda x, y: 1 / (1 + exp(y - x)),
    "-ln(sigmoid(x)) - ln(1-sigmoid(y))": lambda x, y: ln(1 + exp(-x)) + ln(1 + exp(y)),
    "-ln(1/(1+e^(-x))) - ln(1 - 1/(1+e^(-y)))": lambda x, y: ln(1 + exp(-x)) + ln(1 + exp(y)),
    "ln(cosh(x-y))": lambda x, y: ln(mpmath.cosh(x - y)),
    "ln((1+e^x)/(1+e^y))": lambda x, y: ln(1 + exp(x)) - ln(1 + exp(y)),
}
POINTS = [(0.3, -0.7), (-3.2, 2.1), (0.0, 0.0), (30.0, -35.0), (900.0, 3.0), (-900.0, -5.0), (2.0, 800.0), (-2e3, 2e3)]
ORDERS = [(1, 0), (0, 1), (2, 0), (1, 1), (0, 2)]


@pytest.mark.parametrize(("text", "exact"), FORMS.items(), ids=FORMS)
def test_value_gradient_and_hessian_agree_with_many_digits(text, exact):
    surface = parse(text)
    assert surface.remarks() == ()
    for point in POINTS:
        hessian = surface.hessian(point)
        computed = [surface.value(point), *surface.gradient(point), hessian[0, 0], hessian[0, 1], hessian[1, 1]]
        with mpmath.workdps(60):
            x, y = map(mpmath.mpf, point)
            wanted = [exact(x, y), *(mpmath.diff(exact, (x, y), order) for order in ORDERS)]
        np.testing.assert_allclose(computed, list(map(float, wanted)), rtol=1e-10, atol=1e-14, err_msg=str(point))


@pytest.mark.parametrize("text", ["ln(e^x - e^y)", "ln(x + e^y)", "1/(1 - e^x)", "ln(cosh(x) - 1)"])
def test_what_may_have_no_value_keeps_its_gap(text):
    assert parse(text).remarks()


def test_a_loss_that_does_overflow_says_so():
    said = parse("e^(x^2) + y^2").framed(((-40, 40), (-5, 5))).remarks()
    assert any("too large for a computer" in remark for remark in said)


@pytest.mark.parametrize(
    ("text", "slope", "curvature"),
    [
        ("sqrt(x^4) + y", lambda x: 2 * x, lambda x: 2.0),
        ("(x^6)^0.5 + y", lambda x: 3 * x * abs(x), lambda x: 6 * abs(x)),
        ("sqrt(9x^4) + y", lambda x: 6 * x, lambda x: 6.0),
        ("sqrt((x^2 + y^2)^2)", lambda x: 2 * x, lambda x: 2.0),
        ("sqrt(1 - cos(x)) + y", lambda x: math.copysign(math.cos(x / 2), x) / math.sqrt(2) if x else 0.0, None),
    ],
)
@pytest.mark.parametrize("x", [0.0, 1e-9, -1e-9, 0.3, -0.3])
def test_the_root_of_a_square_has_the_slope_of_its_size(text, slope, curvature, x):
    surface = parse(text)
    assert surface.gradient((x, 0.0))[0] == pytest.approx(slope(x), rel=1e-12, abs=1e-300)
    if curvature is not None:
        assert surface.hessian((x, 0.0))[0, 0] == pytest.approx(curvature(x), rel=1e-12)
