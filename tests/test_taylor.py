"""Taylor polynomials against sympy's own series and remainders; minimisers in the circle against brute force."""

import dataclasses

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from surfaces import SURFACES, Surface, parse, theta1, theta2
from surfaces.corners import absolute, maximum, relu
from surfaces.risk import EmpiricalRisk
from surfaces.taylor import fitted_slope, model_errors, red_circle, taylor_coefficients
from tests.samples import DISC, quadratic, random_points

pytestmark = pytest.mark.slow

x = sympy.Symbol("x", real=True)
# A sum over many examples has long derivatives: order 3 must do.
PLAIN = [name for name, surface in SURFACES.items() if not isinstance(surface, EmpiricalRisk)]
names = st.sampled_from(list(SURFACES))
shares = st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98))


def exact(formula: sympy.Expr) -> sympy.Expr:
    """The formula with its floats as the fractions that they are."""
    return formula.xreplace({number: sympy.Rational(number) for number in formula.atoms(sympy.Float)})


def of(formula, **changes) -> Surface:
    return Surface("a formula", formula, ((-5, 5), (-5, 5)), (1, 1), **changes)


def point_of(surface: Surface, share) -> np.ndarray:
    return np.array([low + part * (high - low) for (low, high), part in zip(surface.view, share, strict=True)])


# Taylor polynomials


@pytest.mark.slow
@pytest.mark.parametrize(
    "function",
    [
        sympy.sin(x),
        sympy.exp(-(x**2)) * sympy.cos(3 * x),
        sympy.log(2 + x),
        sympy.sqrt(x + 2) / (1 + x**2),
        sympy.atan(x) + sympy.tanh(2 * x),
        sympy.Abs(x + 5) ** 3 + x ** sympy.Rational(5, 2),
        (2 + x) ** sympy.sin(x),
        sympy.Piecewise((x**3, x > 0), (0, True)),
    ],
)
def test_one_variable_agrees_with_sympys_series(function):
    center = sympy.Rational(3, 4)
    ours = taylor_coefficients(function, {x: center}, 6)
    for power in range(7):
        derivative = sympy.diff(function, x, power).subs(x, center) / sympy.factorial(power)
        assert abs((ours.get((power,), 0) - derivative).evalf(30)) < 1e-20


def test_the_lectures_series_of_the_sine_is_exact():
    ours = taylor_coefficients(sympy.sin(x), {x: sympy.pi / 4}, 4)
    root = sympy.sqrt(2)
    expected = (1 / root, 1 / root, -1 / (2 * root), -1 / (6 * root), 1 / (24 * root))
    for power, factor in enumerate(expected):
        assert sympy.simplify(ours[power,] - factor) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_agrees_with_sympys_own_series_along_a_line(name):
    surface, t = SURFACES[name], sympy.Symbol("t", real=True)
    a, b = sympy.Rational(7, 5), sympy.Rational(-3, 4)
    polynomial = surface.taylor((a, b), 3)
    assert polynomial.is_polynomial(theta1, theta2)
    along = {theta1: a + 2 * t, theta2: b - t}
    true, ours = exact(surface.formula).subs(along), sympy.expand(polynomial.subs(along))
    for power in range(4):
        expected = sympy.diff(true, t, power).subs(t, 0) / sympy.factorial(power)
        assert abs((ours.coeff(t, power) - expected).evalf(30)) <= 1e-20 * (1 + abs(expected.evalf(30)))
    assert ours.coeff(t, 4) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "order"),
    [(name, order) for name in SURFACES for order in (0, 1, 2, 3)] + [(name, 8) for name in PLAIN],
)
def test_the_remainder_shrinks_with_the_next_power_of_the_distance(name, order):
    surface = SURFACES[name]
    center = point_of(surface, (0.37, 0.61))
    polynomial = surface.taylor(center, order)
    direction = np.array([0.6, -0.8])
    remainders = []
    for distance in (sympy.Rational(1, 2**12), sympy.Rational(1, 2**13)):
        place = [sympy.Rational(c) + distance * sympy.Rational(part) for c, part in zip(center, direction, strict=True)]
        along = dict(zip((theta1, theta2), place, strict=True))
        remainders.append(abs((exact(surface.formula).subs(along) - polynomial.subs(along)).evalf(30, maxn=400)))
    if remainders[0] < 1e-50:
        assert sympy.Poly(exact(surface.formula), theta1, theta2).total_degree() <= order
    else:
        assert float(sympy.log(remainders[0] / remainders[1], 2)) == pytest.approx(order + 1, abs=0.1)


@settings(max_examples=20)
@given(names, shares)
def test_orders_one_and_two_are_the_gradient_and_the_hessian(name, share):
    surface = SURFACES[name]
    center, step = point_of(surface, share), np.array([0.25, -0.125])
    value = float(surface.value(center)) + surface.gradient(center) @ step
    for order in (1, 2):
        value += 0.5 * step @ surface.hessian(center) @ step * (order == 2)
        ours = surface.taylor(center, order).subs(dict(zip((theta1, theta2), center + step, strict=True)))
        assert float(ours) == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_a_polynomial_is_its_own_series():
    for name in ("rosenbrock", "goldstein_price", "six_hump_camel", "bowl"):
        surface = SURFACES[name]
        series = surface.taylor((sympy.Rational(1, 3), -2), 8)
        assert sympy.expand(series - surface.formula) == 0


def test_numpy_can_evaluate_the_polynomial_at_a_center_of_floats():
    surface = SURFACES["ackley"]
    polynomial = sympy.lambdify((theta1, theta2), surface.taylor(np.array([0.3, -1.1]), 8))
    assert polynomial(0.31, -1.12) == pytest.approx(float(surface.value((0.31, -1.12))), abs=1e-12)


@pytest.mark.parametrize("order", [-1, 9, 2.0, True, "2", None, np.nan])
def test_a_wrong_order_is_a_sentence(order):
    with pytest.raises(ValueError, match="order must be a whole number from 0 to 8"):
        SURFACES["bowl"].taylor((1, 2), order)


@pytest.mark.parametrize("center", [(1,), 3, (np.nan, 0), (np.inf, 0), "ab", (1, 2, 3), (theta1, 0), (sympy.I, 0)])
def test_a_wrong_center_is_a_sentence(center):
    with pytest.raises(ValueError, match="finite"):
        SURFACES["bowl"].taylor(center, 2)


def test_where_there_is_no_derivative_there_is_a_sentence():
    with pytest.raises(ValueError, match="no finite value or derivative"):
        SURFACES["ackley"].taylor((0, 0), 1)
    with pytest.raises(ValueError, match="kink"):
        of(sympy.Abs(theta1) + theta2).taylor((0, 1), 1)
    with pytest.raises(ValueError, match="no finite value"):
        of(sympy.log(theta1)).taylor((0, 1), 0)
    with pytest.raises(ValueError, match="no finite value"):
        of(sympy.sqrt(theta1)).taylor((-1.0, 1), 1)
    assert of(sympy.Abs(theta1) + theta2).taylor((0, 1), 0) == 1
    assert sympy.expand(of(sympy.Max(theta1, theta2)).taylor((2, 1), 3)) == theta1


SMOOTH_CORNERS = [
    (relu(theta1) ** 2, 1, 0),
    (absolute(theta1) ** 3, 2, 0),
    (theta1 * absolute(theta1), 1, 0),
    (theta1**2 * sympy.sign(theta1) + theta2, 1, theta2),
    (absolute(theta1) * absolute(theta2 - 1), 1, 0),
    (relu(theta1) - relu(-theta1), 3, theta1),
    (maximum(theta1 + 1, theta2) ** 2 - theta2 * (theta1 + 1), 0, 0),
    (sympy.Piecewise((theta1**2, theta1 > -1), (0, True)), 2, theta1**2),
]


@pytest.mark.parametrize(("formula", "order", "polynomial"), SMOOTH_CORNERS, ids=str)
def test_a_corner_that_the_derivatives_do_not_see_is_none(formula, order, polynomial):
    assert sympy.expand(of(formula).taylor((0, 1), order) - polynomial) == 0


@pytest.mark.parametrize(
    ("formula", "order"),
    [
        (relu(theta1) ** 2, 2),
        (absolute(theta1) ** 3, 3),
        (theta1 * absolute(theta1), 2),
        (absolute(theta1) * absolute(theta2 - 1), 2),
        (sympy.sign(theta1) ** 2 * theta2, 1),
        (sympy.Heaviside(theta1), 1),
        (sympy.Piecewise((theta1, theta1 > 0), (0, True)), 1),
    ],
    ids=str,
)
def test_a_corner_or_jump_that_they_see_is_a_kink(formula, order):
    with pytest.raises(ValueError, match="kink"):
        of(formula).taylor((0, 1), order)
    with pytest.raises(ValueError, match="kink"):
        of(formula).taylor((0.0, 1.0), order)


# The circle on a loss


def test_where_the_loss_is_next_to_level_the_quadratic_still_falls():
    circle = red_circle(SURFACES["easom"], (-17.30905297, 1.15967493), 2.5, 2)
    assert circle.predicted_change < 0
    assert np.hypot(*(circle.model_minimizer - circle.center)) < 1


@settings(max_examples=60)
@given(names, shares, st.floats(0.001, 0.6), st.sampled_from([1, 2]))
def test_both_minimisers_are_the_lowest_of_the_disc_on_every_surface(name, share, size, order):
    surface = SURFACES[name]
    center = point_of(surface, share)
    radius = size * min(high - low for low, high in surface.view)
    if order == 1 and not surface.gradient(center).any():
        with pytest.raises(ValueError, match="gradient is zero"):
            red_circle(surface, center, radius, order)
        return
    circle = red_circle(surface, center, radius, order)
    value, gradient, hessian = surface.value(center), surface.gradient(center), surface.hessian(center)
    steps = radius * DISC
    model = gradient @ steps if order == 1 else quadratic(gradient, hessian, steps)
    rounding = 1e-12 * (abs(value) + np.abs(model).max())
    assert circle.predicted_change <= model.min() + rounding
    assert circle.true_change <= (surface.value(center[:, None] + steps) - value).min() + 1e-8 + rounding
    assert circle.true_change <= min(circle.actual_change, 0.0)
    for point in (circle.model_minimizer, circle.true_minimizer):
        assert np.hypot(*(point - center)) <= radius * (1 + 1e-9)
    assert circle.actual_change == surface.value(circle.model_minimizer) - value
    assert circle.true_change == surface.value(circle.true_minimizer) - value


@pytest.mark.parametrize("name", SURFACES)
@pytest.mark.parametrize("order", [1, 2])
def test_the_model_error_shrinks_with_the_power_of_the_radius(name, order):
    surface, radii = SURFACES[name], np.logspace(-5, 0, 51)
    for share in ((0.37, 0.61), (0.8, 0.23)):
        center = point_of(surface, share)
        errors = model_errors(surface, center, radii, order)
        rounding = np.finfo(float).eps * abs(surface.value(center))
        slope = fitted_slope(radii, errors, rounding)
        if surface.formula.is_polynomial() and sympy.Poly(surface.formula, theta1, theta2).total_degree() <= order:
            assert errors.max() <= 1e-12 * (1 + abs(surface.value(center)))
        else:
            assert slope == pytest.approx(order + 1, abs=0.1)


def test_the_largest_error_is_that_of_the_brute_force():
    surface, center = SURFACES["himmelblau"], np.array([1.0, 2.0])
    gradient, hessian = surface.gradient(center), surface.hessian(center)
    steps = 0.3 * DISC
    for order in (1, 2):
        model = gradient @ steps if order == 1 else quadratic(gradient, hessian, steps)
        errors = np.abs(surface.value(center[:, None] + steps) - surface.value(center) - model)
        assert model_errors(surface, center, [0.3], order)[0] == pytest.approx(errors.max(), rel=1e-3)


def test_a_slope_needs_errors_above_rounding():
    radii = np.logspace(-3, 0, 31)
    assert fitted_slope(radii, 5 * radii**3, 1e-16) == pytest.approx(3)
    assert np.isnan(fitted_slope(radii, np.full(31, 1e-16), 1e-16))
    assert np.isnan(fitted_slope(radii, np.full(31, np.nan), 1e-16))


def test_rows_of_a_batch_are_single_circles():
    surface = SURFACES["himmelblau"]
    centers = random_points(surface.view, 12).reshape(2, 3, 4)
    for order in (1, 2):
        batch = red_circle(surface, centers, np.linspace(0.1, 2, 4), order)
        assert batch.radius.shape == (3, 4)
        for row in np.ndindex(3, 4):
            single = red_circle(surface, centers[:, *row], batch.radius[row], order)
            for field in ("center", "model_minimizer", "true_minimizer"):
                np.testing.assert_array_equal(getattr(batch, field)[:, *row], getattr(single, field))
            for field in ("radius", "predicted_change", "actual_change", "true_change"):
                assert getattr(batch, field)[row] == getattr(single, field)


def test_a_circle_is_frozen_and_has_these_fields():
    circle = red_circle(SURFACES["bowl"], (3, 4), 1)
    assert circle.order == 1
    np.testing.assert_allclose(circle.model_minimizer, [2.4, 3.2])
    assert circle.predicted_change == pytest.approx(-10)
    assert circle.actual_change == pytest.approx(-9)
    assert circle.true_change == pytest.approx(-9)
    np.testing.assert_allclose(circle.true_minimizer, [2.4, 3.2])
    with pytest.raises(dataclasses.FrozenInstanceError):
        circle.radius = 2


def test_a_known_minimum_and_the_two_sides_of_a_saddle():
    circle = red_circle(SURFACES["himmelblau"], (2.5, 2.5), 1.0)
    np.testing.assert_array_equal(circle.true_minimizer, [3, 2])
    circle = red_circle(SURFACES["saddle"], (0, 0), 0.5, 2)
    assert circle.predicted_change == pytest.approx(-0.25)
    assert circle.true_change == pytest.approx(-0.25)
    assert abs(circle.true_minimizer[1]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("center", "radius", "order", "sentence"),
    [
        ((0, 0), 1, 1, "gradient is zero"),
        (np.array([[1, 0], [1, 0]]), 1, 1, r"At \(0, 0\) the gradient is zero"),
        ((1, 1), 0, 1, "radius"),
        ((1, 1), -2, 2, "radius"),
        ((1, 1), np.nan, 1, "radius"),
        ((1, 1), np.inf, 1, "radius"),
        ((1, 1), [1, 2], 1, "does not fit"),
        ((np.nan, 1), 1, 1, "finite"),
        ((np.inf, 1), 1, 2, "finite"),
        ((1, 2, 3), 1, 1, "shape"),
        ((1e300, 1), 1, 1, "loss is not finite"),
        ((1, 1), 1, 3, "order"),
        ((1, 1), 1, 0, "order"),
        ((1, 1), 1, True, "order"),
        ((1, 1), 1, np.array([1, 2]), "order of the model must be 1"),
        ((1, 1), "a", 1, "radius of the red circle must be numbers"),
        (("a", "b"), 1, 1, "centre of the red circle must be numbers"),
        ((1, [2, 3]), 1, 1, "centre of the red circle must be numbers"),
    ],
)
def test_what_cannot_be_a_circle_is_a_sentence(center, radius, order, sentence):
    with pytest.raises(ValueError, match=sentence):
        red_circle(SURFACES["bowl"], center, radius, order)


@pytest.mark.parametrize("order", [1, 2])
def test_at_a_kink_there_is_no_model(order):
    with pytest.raises(ValueError, match="no derivative"):
        red_circle(SURFACES["ackley"], (0, 0), 1, order)


@pytest.mark.parametrize(("formula", "center"), [("|x| + y^2", (0, 1)), ("max(x, y)", (1, 1)), ("relu(x) + y", (0, 1))])
@pytest.mark.parametrize("order", [1, 2])
def test_nor_at_a_kink_of_the_formula(formula, center, order):
    with pytest.raises(ValueError, match="kink"):
        red_circle(parse(formula), center, 0.5, order)
    beside = (center[0] + 0.1, center[1])
    assert red_circle(parse(formula), beside, 0.05, order).predicted_change < 0


def test_where_the_second_derivative_jumps_there_is_a_plane():
    assert red_circle(parse("x |x| + y"), (0, 1), 0.5).predicted_change == -0.5
    with pytest.raises(ValueError, match="kink"):
        red_circle(parse("x |x| + y"), (0, 1), 0.5, 2)


def test_a_loss_without_a_value_in_a_part_of_the_disc_is_searched_in_the_rest():
    surface = of(theta1 * sympy.log(theta1) + theta2**2)
    circle = red_circle(surface, (0.5, 0.5), 1.0, 2)
    np.testing.assert_allclose(circle.true_minimizer, [np.exp(-1), 0], atol=1e-7)


def test_a_minimum_at_a_kink_is_found():
    surface = of(sympy.Abs(theta1 - 1) + 2 * sympy.Abs(theta2 + 1))
    circle = red_circle(surface, (0.7, -0.2), 2.0)
    np.testing.assert_allclose(circle.true_minimizer, [1, -1], atol=1e-8)
