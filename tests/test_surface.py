"""Surface: exact derivatives, shapes, independence of batch rows, and bad input, over the whole catalogue."""

import dataclasses
import warnings
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Abs, Integer, exp, log, sqrt

from surfaces import SURFACES, Surface, theta1, theta2
from tests.samples import assert_same_bits, awkward_points, domain_and_view, random_points

METHODS = {"value": (), "gradient": (2,), "hessian": (2, 2)}
BATCHES = [(), (1,), (7,), (3, 4), (2, 3, 2), (0,), (4, 0)]
SQUARE = ((-1, 1), (-1, 1))

every_surface = pytest.mark.parametrize("name", SURFACES)
every_method = pytest.mark.parametrize("method", METHODS)


def surface(formula, **fields) -> Surface:
    return Surface(**{"title": "Test", "formula": formula, "domain": SQUARE, "start": (0, 0)} | fields)


def special_points(loss: Surface) -> np.ndarray:
    """Where a formula could be special: minima, start, corners, and the points that arithmetic trips over."""
    corners = np.array(np.meshgrid(*loss.domain)).reshape(2, -1)
    return np.hstack([np.array([loss.start, *loss.minima]).T, corners, awkward_points()])


def many_points(loss: Surface) -> np.ndarray:
    return np.hstack([domain_and_view(loss, 150), special_points(loss)])


# Derivatives


def differences(formula: sympy.Expr, point: np.ndarray) -> tuple[list, list]:
    """Gradient and Hessian by central differences in 60 digits: the error of the differences is below 1e-20."""
    loss = sympy.lambdify((theta1, theta2), formula, "mpmath")
    with mpmath.workdps(60):
        x, y, h = mpmath.mpf(point[0]), mpmath.mpf(point[1]), mpmath.mpf("1e-14")
        f = {(i, j): loss(x + i * h, y + j * h) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        gradient = [(f[1, 0] - f[-1, 0]) / (2 * h), (f[0, 1] - f[0, -1]) / (2 * h)]
        mixed = (f[1, 1] - f[1, -1] - f[-1, 1] + f[-1, -1]) / (4 * h**2)
        h11, h22 = ((f[1, 0] - 2 * f[0, 0] + f[-1, 0]) / h**2, (f[0, 1] - 2 * f[0, 0] + f[0, -1]) / h**2)
        return [float(part) for part in gradient], [[float(h11), float(mixed)], [float(mixed), float(h22)]]


@pytest.mark.slow
@every_surface
def test_gradient_and_hessian_agree_with_differences_in_many_digits(name):
    loss = SURFACES[name]
    points = domain_and_view(loss, 12)
    expected = [differences(loss.formula, point) for point in points.T]
    for method, exact in zip(("gradient", "hessian"), zip(*expected, strict=True), strict=True):
        exact = np.moveaxis(np.array(exact), 0, -1)
        tolerance = 1e-13 * np.abs(exact).max()
        np.testing.assert_allclose(getattr(loss, method)(points), exact, rtol=1e-11, atol=tolerance)


@every_surface
def test_gradient_and_hessian_agree_with_differences_of_the_numbers(name):
    """The same comparison without sympy: Richardson's central differences of value() and of gradient()."""
    loss = SURFACES[name]
    points = random_points(loss.view, 40)
    low, high = np.transpose(loss.view)
    for function, derivative in ((loss.value, loss.gradient), (loss.gradient, loss.hessian)):
        exact = derivative(points)
        approximate = np.stack([richardson(function, points, axis, 1e-3 * (high - low)[axis]) for axis in (0, 1)])
        np.testing.assert_allclose(approximate, exact, rtol=1e-6, atol=1e-6 * np.abs(exact).max())


def richardson(function, points: np.ndarray, axis: int, step: float) -> np.ndarray:
    """The derivative along one axis from five widths of a central difference, extrapolated to width zero."""
    direction = np.eye(2)[axis][:, None]
    widths = [step / 2**k for k in range(5)]
    rows = [(function(points + h * direction) - function(points - h * direction)) / (2 * h) for h in widths]
    for order in range(1, 5):
        rows = [(4**order * fine - coarse) / (4**order - 1) for coarse, fine in pairwise(rows)]
    return rows[0]


@every_surface
def test_hessian_is_symmetric(name):
    hessian = SURFACES[name].hessian(many_points(SURFACES[name]))
    assert_same_bits(hessian[0, 1], hessian[1, 0])


@pytest.mark.slow
@every_surface
def test_the_symbolic_derivatives_are_those_of_the_formula(name):
    loss = SURFACES[name]
    assert loss.gradient_formula == (sympy.diff(loss.formula, theta1), sympy.diff(loss.formula, theta2))
    assert sympy.Matrix(loss.hessian_formula) == sympy.hessian(loss.formula, (theta1, theta2))


@every_surface
def test_value_and_gradient_together_are_the_two_to_the_last_bit(name):
    loss = SURFACES[name]
    points = many_points(loss)
    value, gradient = loss.value_and_gradient(points)
    assert_same_bits(value, loss.value(points))
    assert_same_bits(gradient, loss.gradient(points))
    for point in points.T[::40]:
        value, gradient = loss.value_and_gradient(point)
        assert_same_bits(value, loss.value(point))
        assert_same_bits(gradient, loss.gradient(point))


# Shapes and independence of rows


@every_method
@every_surface
@pytest.mark.parametrize("batch", BATCHES, ids=str)
def test_shape_and_dtype(name, method, batch):
    theta = random_points(SURFACES[name].view, int(np.prod(batch))).reshape(2, *batch)
    result = getattr(SURFACES[name], method)(theta)
    assert np.shape(result) == METHODS[method] + batch
    assert result.dtype == np.float64


@every_method
@every_surface
def test_rows_of_a_batch_equal_single_points_bit_for_bit(name, method):
    function, points = getattr(SURFACES[name], method), many_points(SURFACES[name])
    assert_same_bits(function(points), np.stack([function(point) for point in points.T], axis=-1))


@every_method
@every_surface
def test_rows_do_not_depend_on_the_size_of_the_batch(name, method):
    """Vector instructions take rows in groups, and the rest one by one: both must round alike."""
    function, points = getattr(SURFACES[name], method), many_points(SURFACES[name])
    everything = function(points)
    for first, size in [(0, 1), (0, 2), (1, 3), (0, 5), (2, 7), (0, 8), (3, 9), (0, 16), (1, 17), (5, 33), (7, 130)]:
        assert_same_bits(function(points[:, first : first + size]), everything[..., first : first + size])


@every_method
@every_surface
def test_rows_do_not_depend_on_the_shape_of_the_batch(name, method):
    function, points = getattr(SURFACES[name], method), many_points(SURFACES[name])[:, :360]
    shaped = function(points.reshape(2, 3, 5, 24))
    assert_same_bits(shaped.reshape(*METHODS[method], 360), function(points))


LAYOUTS = {
    "Fortran order": lambda theta: np.asfortranarray(theta),
    "every third row": lambda theta: np.repeat(theta, 3, axis=1)[:, ::3],
    "backwards": lambda theta: theta[:, ::-1].copy()[:, ::-1],
    "transposed": lambda theta: np.ascontiguousarray(theta.T).T,
    "read only": lambda theta: np.lib.stride_tricks.as_strided(theta, writeable=False),
    "lists": lambda theta: theta.tolist(),
    "tuple of arrays": lambda theta: tuple(theta),
    "longer floats": lambda theta: theta.astype(np.longdouble),
    "other byte order": lambda theta: theta.astype(theta.dtype.newbyteorder()),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@every_surface
def test_memory_layout_does_not_matter(name, layout):
    points = many_points(SURFACES[name])
    for method in METHODS:
        function = getattr(SURFACES[name], method)
        assert_same_bits(function(LAYOUTS[layout](points)), function(points))


@every_method
@every_surface
@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.float32, bool])
def test_other_number_types_are_read_as_float64(name, method, dtype):
    points = random_points(((-4, 4), (-4, 4)), 12).astype(dtype)
    function = getattr(SURFACES[name], method)
    assert_same_bits(function(points), function(points.astype(np.float64)))
    assert_same_bits(function(points[:, 0]), function(points[:, 0].astype(np.float64)))


@every_method
@every_surface
def test_points_are_not_changed_and_results_are_not_shared(name, method):
    function, points = getattr(SURFACES[name], method), many_points(SURFACES[name])
    before = points.copy()
    first = function(points)
    expected = first.copy()
    first[...] = -1
    assert_same_bits(points, before)
    assert_same_bits(function(points), expected)


@pytest.mark.parametrize("batch", BATCHES, ids=str)
def test_constant_entries_are_broadcast(batch):
    loss = surface(3 * theta1 + theta2**2)
    theta = random_points(SQUARE, int(np.prod(batch))).reshape(2, *batch)
    np.testing.assert_array_equal(loss.gradient(theta), [np.full(batch, 3.0), 2 * theta[1]])
    np.testing.assert_array_equal(loss.hessian(theta), [[np.zeros(batch)] * 2, [np.zeros(batch), np.full(batch, 2.0)]])


@pytest.mark.parametrize("batch", BATCHES, ids=str)
@pytest.mark.parametrize("constant", [0, 7, sympy.pi, Integer(-2)])
def test_a_constant_formula(constant, batch):
    loss, theta = surface(constant), np.ones((2, *batch))
    np.testing.assert_array_equal(loss.value(theta), np.full(batch, float(constant)))
    np.testing.assert_array_equal(loss.gradient(theta), np.zeros((2, *batch)))
    np.testing.assert_array_equal(loss.hessian(theta), np.zeros((2, 2, *batch)))


@pytest.mark.parametrize(("variable", "axis"), [(theta1, 0), (theta2, 1)])
def test_a_formula_of_one_variable(variable, axis):
    loss, theta = surface(variable**3), random_points(SQUARE, 6)
    gradient, hessian = np.zeros((2, 6)), np.zeros((2, 2, 6))
    gradient[axis], hessian[axis, axis] = 3 * theta[axis] ** 2, 6 * theta[axis]
    np.testing.assert_allclose(loss.value(theta), theta[axis] ** 3, rtol=1e-15)
    np.testing.assert_allclose(loss.gradient(theta), gradient, rtol=1e-15)
    np.testing.assert_allclose(loss.hessian(theta), hessian, rtol=1e-15)


def test_the_value_of_a_bare_parameter_is_a_copy():
    loss, theta = surface(theta1), np.ones((2, 3))
    loss.value(theta)[...] = 5
    np.testing.assert_array_equal(theta, np.ones((2, 3)))


# Numbers without end


@every_method
@every_surface
def test_no_point_raises_or_warns(name, method):
    function = getattr(SURFACES[name], method)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        function(awkward_points())
        for point in awkward_points().T:
            function(point)


@every_surface
def test_nan_in_gives_nan_out(name):
    for point in [(np.nan, np.nan), (np.nan, 0.5), (0.5, np.nan)]:
        assert np.isnan(SURFACES[name].value(point)), point


POLES = [
    1 / theta1,
    theta2 / theta1,
    1 / (theta1 * theta2),
    log(theta1**2 + theta2**2),
    1 / sqrt(theta1),
    exp(1 / theta1),
]


@pytest.mark.parametrize("formula", POLES, ids=str)
@every_method
def test_a_pole_is_the_same_alone_and_in_a_batch(formula, method):
    function = getattr(surface(formula), method)
    points = awkward_points()
    batch = function(points)
    assert_same_bits(np.stack([function(point) for point in points.T], axis=-1), batch)
    assert not np.isfinite(function((0.0, 0.0))).all()


def test_a_pole_leaves_the_other_rows_alone():
    gradient = surface(log(theta1) + theta2**2).gradient([[0.0, 2.0, -1.0], [1.0, 3.0, 1.0]])
    np.testing.assert_array_equal(gradient, [[np.inf, 0.5, -1.0], [2.0, 6.0, 2.0]])


@pytest.mark.parametrize("formula", [Abs(theta1) + theta2**2, sqrt(theta1**2) + theta2**2], ids=str)
def test_a_kink_has_the_derivatives_of_its_two_sides(formula):
    loss, theta = surface(formula), np.array([[-2.0, 0.5], [1.0, -3.0]])
    np.testing.assert_array_equal(loss.value(theta), [3.0, 9.5])
    np.testing.assert_array_equal(loss.gradient(theta), [[-1.0, 1.0], [2.0, -6.0]])
    np.testing.assert_array_equal(loss.hessian(theta), [[[0, 0], [0, 0]], [[0, 0], [2, 2]]])


def test_a_subgradient_stands_in_at_its_point_only():
    loss = surface(sqrt(theta1**2 + theta2**2), subgradients={(0.0, 0.0): (0.25, -0.5)})
    theta = np.array([[0.0, 3.0, -0.0, 1e-9], [0.0, 4.0, 0.0, 0.0]])
    np.testing.assert_allclose(loss.gradient(theta), [[0.25, 0.6, 0.25, 1], [-0.5, 0.8, -0.5, 0]], rtol=1e-15)
    np.testing.assert_array_equal(loss.hessian(theta)[..., [0, 2]], np.zeros((2, 2, 2)))
    np.testing.assert_array_equal(loss.gradient((0, 0)), [0.25, -0.5])
    np.testing.assert_array_equal(loss.hessian((0, 0)), np.zeros((2, 2)))
    assert loss.hessian((3, 4))[0, 0] == pytest.approx(16 / 125)


@pytest.mark.parametrize("distance", [1e-151, 1e-162, 5e-324])
def test_beside_the_tip_of_ackley_squares_vanish_and_the_gradient_is_that_of_the_tip(distance):
    for point in ((distance, 0), (-distance, distance)):
        np.testing.assert_array_equal(SURFACES["ackley"].gradient(point), [0, 0])
    np.testing.assert_allclose(SURFACES["ackley"].gradient((1e-149, 0)), [np.sqrt(8), 0], rtol=1e-12)


# Bad input


WRONG_SHAPES = [(), (0,), (1,), (3,), (1, 2), (5, 2), (0, 2), (3, 2, 2)]


@pytest.mark.parametrize("shape", WRONG_SHAPES, ids=str)
@every_method
def test_a_wrong_shape_is_a_sentence(method, shape):
    with pytest.raises(ValueError, match=r"^Points have shape \(2, \*batch\).*\.$"):
        getattr(SURFACES["bowl"], method)(np.zeros(shape))


@pytest.mark.parametrize("theta", ["ab", ["a", "b"], [[1, 2], [3]], None])
@every_method
def test_what_is_no_array_of_numbers_is_refused(method, theta):
    with pytest.raises((ValueError, TypeError)):
        getattr(SURFACES["bowl"], method)(theta)


def test_foreign_symbols_are_named():
    x, y = sympy.symbols("x y")
    with pytest.raises(ValueError, match=r"'Test' may hold only theta1 and theta2, but it holds x, y\.$"):
        surface(theta1 + x * y)


@pytest.mark.parametrize("name", ["theta1", "theta2"])
def test_symbols_of_the_same_names_are_the_parameters(name):
    for formula in (f"{name}**3", sympy.Symbol(name) ** 3, sympy.Symbol(name, positive=True) ** 3):
        np.testing.assert_array_equal(surface(formula).value((2, 2)), 8)


@pytest.mark.parametrize("formula", [None, [1, 2], "a b", theta1 > 0])
def test_what_is_no_formula_is_a_sentence(formula):
    with pytest.raises(ValueError, match="formula of 'Test' is a sympy expression, not"):
        surface(formula)


@pytest.mark.parametrize("function", [sympy.erf, sympy.sinc, sympy.floor, sympy.gamma, sympy.DiracDelta])
def test_a_function_that_cannot_be_evaluated_is_named(function):
    with pytest.raises(ValueError, match=f"formula of 'Test' holds {function.__name__}, which has no values"):
        surface(theta1 + function(theta2) ** 2)


@pytest.mark.parametrize("box", [((1, -1), (-1, 1)), (-1, 1), ((0, 1),) * 3, ((0, np.nan), (0, 1)), "ab", ()])
@pytest.mark.parametrize("field", ["domain", "view"])
def test_domain_and_view_are_two_intervals(field, box):
    with pytest.raises(ValueError, match=rf"^The {field} is \(\(low, high\) of theta1, \(low, high\) of theta2\)"):
        surface(theta1, **{field: box})


def test_a_view_may_be_an_array():
    assert surface(3, view=np.array([[0, 1], [0, 2]])).view == ((0, 1), (0, 2))


@pytest.mark.parametrize("subgradients", [{(0, 0): (1,)}, {(0,): (1, 1)}, {(0, 0): (np.nan, 0)}])
def test_a_subgradient_is_two_finite_numbers_at_a_point(subgradients):
    with pytest.raises(ValueError, match="two finite numbers"):
        surface(theta1, subgradients=subgradients)


@pytest.mark.parametrize("point", [(1,), (1, 2, 3), (np.nan, 0), (np.inf, 0), ((1, 2), (3, 4)), 5])
@pytest.mark.parametrize("field", ["start", "minima"])
def test_a_start_or_minimum_is_two_finite_numbers(field, point):
    with pytest.raises(ValueError, match=r"^A point is two finite numbers"):
        surface(theta1, **{field: point if field == "start" else (point,)})


def test_a_surface_does_not_change():
    loss = surface(theta1**2 + theta2**2, minima=((0, 0),))
    with pytest.raises(dataclasses.FrozenInstanceError):
        loss.title = "Other"
    with pytest.raises(dataclasses.FrozenInstanceError):
        loss.latex = "not asked for yet, but of the formula"
    for point in (loss.start, *loss.minima):
        with pytest.raises(ValueError, match="read-only"):
            point[0] = 1


def test_surfaces_are_compared_and_hashed_by_identity():
    one, other = surface(theta1), surface(theta1)
    assert one != other
    assert len({one, other, one}) == 2


def test_fields_have_their_documented_types():
    loss = surface(3, start=[1, 2], minima=[(0, 1)])
    assert loss.best_loss == 3
    assert surface(theta1).best_loss is None
    assert isinstance(loss.formula, sympy.Expr)
    assert isinstance(loss.minima, tuple)
    assert loss.view == loss.domain
    np.testing.assert_array_equal(loss.start, np.array([1.0, 2.0]), strict=True)
    np.testing.assert_array_equal(loss.minima[0], np.array([0.0, 1.0]), strict=True)
    assert surface(3, view=((0, 1), (0, 1))).view == ((0, 1), (0, 1))


def test_latex_is_that_of_the_formula():
    assert surface(theta1**2 + theta2 / 2).latex == r"\theta_{1}^{2} + \frac{\theta_{2}}{2}"
