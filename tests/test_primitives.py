"""What rules know about curvature: the textbook's numbers, and the same bits in a program as on arrays."""

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import primitives
from programs.evaluation import Evaluation
from programs.program import Builder
from programs.tracing import Quantity, component_names, outputs_of, quantity
from tests.arithmetic import NUMBERS, same_bits

FUNCTIONS = {
    name: function
    for name, function in vars(primitives).items()
    if inspect.isfunction(function) and function.__module__ == primitives.__name__ and not name.startswith("_")
}
SHAPES = {"hessian": (2, 2), "matrix": (2, 2), "inverse": (2, 2), "learned": (), "scaled": ()}
RANDOM = np.random.default_rng(8)


def shapes_of(function) -> dict[str, tuple[int, ...]]:
    return {name: SHAPES.get(name, (2,)) for name in inspect.signature(function).parameters}


def traced(function) -> Evaluation:
    builder, arguments = Builder(), []
    for name, shape in shapes_of(function).items():
        if shape == (2, 2):
            a, b, d = (builder.input(f"{name}{place}") for place in ("11", "12", "22"))
            arguments.append(Quantity(builder, [[a, b], [b, d]]))
        else:
            arguments.append(quantity(builder, name, shape))
    program = builder.program(outputs_of([("y", function(*arguments))]))
    return Evaluation(program, tuple(program.inputs), tuple(program.outputs))


TRACED = {name: traced(function) for name, function in FUNCTIONS.items()}
entries = st.one_of(st.sampled_from(NUMBERS), st.floats(-3, 3), st.sampled_from([0.0, 1.0, 2.0, -2.0]))


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=40)
@given(data=st.data())
def test_in_a_program_a_primitive_has_the_bits_that_it_has_on_arrays(name, data):
    rows = data.draw(st.lists(st.lists(entries, min_size=15, max_size=15), min_size=1, max_size=3))
    numbers, arguments, inputs = iter(np.transpose(rows)), [], {}
    for argument, shape in shapes_of(FUNCTIONS[name]).items():
        if shape == (2, 2):
            a, b, d = next(numbers), next(numbers), next(numbers)
            whole = np.array([[a, b], [b, d]])
        else:
            whole = np.array([next(numbers) for _ in range(2)]) if shape else next(numbers)
        arguments.append(whole)
        inputs |= dict(
            zip(component_names(argument, shape), whole.reshape(-1, len(rows)), strict=True)
            if shape
            else [(argument, whole)]
        )
    with np.errstate(all="ignore"):
        # numpy's least of two zeros may be either; in a program it is 0.0.
        expected = np.asarray(FUNCTIONS[name](*arguments), dtype=float).reshape(-1, len(rows)) + 0.0
    evaluation = TRACED[name]
    batch = evaluation.on_batch(*(inputs[each] for each in evaluation.inputs))
    for result, wanted in zip(batch, expected, strict=True):
        assert same_bits(np.broadcast_to(result, len(rows)) + 0.0, wanted).all()
    for row in range(len(rows)):
        alone = evaluation.at_point(*(float(inputs[each][row]) for each in evaluation.inputs))
        assert same_bits(np.array(alone) + 0.0, expected[:, row]).all()


def symmetric(*eigenvalues: float) -> np.ndarray:
    """A random symmetric matrix with these eigenvalues."""
    axes = np.linalg.qr(RANDOM.normal(size=(2, 2)))[0]
    return axes @ np.diag(eigenvalues) @ axes.T


def test_the_smaller_ones():
    assert primitives.least(np.array([3.0, -1.0])) == -1.0
    assert primitives.least_eigenvalue(symmetric(3.0, -1.0)) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("eigenvalues", "expected"),
    [((3, 1), False), ((3, -2), False), ((3, 0), True), ((0, 0), True), ((1e100, 1e-100), True), ((1, 1e-11), False)],
)
def test_a_matrix_is_singular_where_an_eigenvalue_is_zero_beside_the_other(eigenvalues, expected):
    assert primitives.is_singular(np.diag(eigenvalues).astype(float)) == expected


@pytest.mark.parametrize("scale", [1.0, 1e150, 1e-150])
def test_the_absolute_newton_step_divides_by_the_sizes_of_the_eigenvalues(scale):
    matrix, gradient = symmetric(4.0, -2.0) * scale, np.array([1.0, -3.0])
    values, vectors = np.linalg.eigh(matrix)
    expected = vectors @ ((vectors.T @ gradient) / np.abs(values))
    np.testing.assert_allclose(primitives.absolute_newton_step(matrix, gradient), expected, rtol=1e-12)


def test_the_absolute_newton_step_has_a_floor():
    gradient = np.array([1.0, -3.0])
    np.testing.assert_allclose(primitives.absolute_newton_step(np.diag([2.0, 0.0]), gradient), [0.5, -3 / 2e-8])
    np.testing.assert_array_equal(primitives.absolute_newton_step(np.zeros((2, 2)), gradient), gradient)


def test_the_flat_newton_step_is_the_gradient_along_what_is_flat():
    gradient = np.array([1.0, -3.0])
    np.testing.assert_allclose(primitives.flat_newton_step(np.diag([4.0, 0.0]), gradient), [0.25, -3.0])
    np.testing.assert_array_equal(primitives.flat_newton_step(np.zeros((2, 2)), gradient), gradient)


def polak_ribiere(gradient, previous, direction) -> float:
    share = max(0.0, gradient @ (gradient - previous) / (previous @ previous))
    return 0.0 if (share * direction - gradient) @ gradient >= 0 else share


@given(st.lists(st.floats(-5, 5), min_size=6, max_size=6))
def test_polak_and_ribiere(drawn):
    gradient, previous, direction = np.array(drawn).reshape(3, 2)
    if min(np.abs(gradient).max(), np.abs(previous).max()) < 1e-3:
        return
    share = gradient @ (gradient - previous) / (previous @ previous)
    slope = (max(share, 0) * direction - gradient) @ gradient
    if abs(slope) < 1e-9 or abs(share) < 1e-9:
        return
    ours = primitives.polak_ribiere(gradient, previous, direction)
    assert ours == pytest.approx(polak_ribiere(gradient, previous, direction), rel=1e-9, abs=1e-12)
    assert primitives.begins_again(gradient, previous, direction) == (slope >= 0)


def test_without_a_previous_gradient_nothing_is_shared_and_nothing_begins_again():
    gradient, nothing = np.array([1.0, 2.0]), np.zeros(2)
    assert primitives.polak_ribiere(gradient, nothing, nothing) == 0
    assert not primitives.begins_again(gradient, nothing, nothing)


@pytest.mark.parametrize("scale", [1.0, 1e-160, 1e160])
def test_the_length_to_the_minimum_of_a_parabola(scale):
    matrix, gradient = symmetric(4.0, 1.0), np.array([1.0, -3.0])
    direction = np.array([-1.0, 2.0]) * scale
    unit = direction / scale
    expected = -(unit @ gradient) / (unit @ matrix @ unit)
    length = primitives.length_to_minimum(matrix, direction, gradient)
    assert length * scale == pytest.approx(expected, rel=1e-12)
    assert primitives.curves_up(matrix, direction)


def test_a_parabola_that_does_not_open_upwards_has_no_minimum():
    for matrix in (np.diag([-1.0, 1.0]), np.diag([0.0, 1.0])):
        assert not primitives.curves_up(matrix, np.array([1.0, 0.0]))
        assert primitives.length_to_minimum(matrix, np.array([1.0, 0.0]), np.array([1.0, 1.0])) == 1.0


def test_moved_and_turned():
    for size in (1.0, 1e-320, 1e300):
        move = np.array([size, 0.0])
        assert primitives.has_moved(move)
        assert primitives.has_turned(move, move)
        assert not primitives.has_turned(move, -move)
        assert not primitives.has_turned(move, np.array([0.0, size]))
    assert not primitives.has_moved(np.zeros(2))
    assert not primitives.has_turned(np.zeros(2), np.ones(2))


def bfgs(inverse, move, change) -> np.ndarray:
    """Algorithm 6.1, equation 6.17 of Nocedal and Wright."""
    rho = 1 / (move @ change)
    left = np.eye(2) - rho * np.outer(move, change)
    return left @ inverse @ left.T + rho * np.outer(move, move)


@pytest.mark.parametrize("scale", [1.0, 1e-100, 1e100])
@pytest.mark.parametrize("steepness", [1.0, 1e-50, 1e50])
def test_the_inverse_is_updated_as_bfgs_has_it(scale, steepness):
    matrix, inverse = symmetric(4.0, 1.0), symmetric(0.5, 2.0)
    move = np.array([0.7, -0.2])
    change = matrix @ move
    expected = bfgs(inverse, move, change)
    ours = primitives.updated_inverse(inverse / steepness, move * scale, change * scale * steepness, 1.0, 1.0)
    np.testing.assert_allclose(ours * steepness, expected, rtol=1e-12)
    np.testing.assert_allclose(ours @ change * steepness, move, rtol=1e-12)
    first = primitives.updated_inverse(np.eye(2), move * scale, change * scale * steepness, 1.0, 0.0)
    start = np.eye(2) * (move @ change) / (change @ change)
    np.testing.assert_allclose(first * steepness, bfgs(start, move, change), rtol=1e-12)


def test_what_is_not_learned_leaves_the_inverse_as_it_is():
    inverse = symmetric(0.5, 2.0)
    kept = primitives.updated_inverse(inverse, np.array([1.0, 0.0]), np.array([-1.0, 0.0]), 0.0, 1.0)
    assert same_bits(kept, inverse).all()


def test_an_estimate_that_leads_uphill_becomes_the_identity():
    gradient = np.array([1.0, 1.0])
    for inverse, uphill in ((symmetric(0.5, 2.0), False), (-np.eye(2), True), (np.full((2, 2), np.nan), True)):
        assert primitives.goes_uphill(inverse, gradient) == uphill
        expected = np.eye(2) if uphill else inverse
        np.testing.assert_array_equal(primitives.downhill_inverse(inverse, gradient), expected)
    assert not primitives.goes_uphill(-np.eye(2), np.zeros(2))


def test_the_slope_along_a_direction_does_not_overflow():
    assert primitives.slope_along(np.array([1e200, 0.0]), np.array([-1e200, 0.0])) < 0
    assert np.isfinite(primitives.slope_along(np.array([1e200, 0.0]), np.array([1e200, 0.0])))
