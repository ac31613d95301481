"""Two-by-two matrices: the closed forms against numpy's linear algebra, and rows that do not touch each other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.matrices import (
    components,
    dot,
    eigen,
    eigenvalues,
    largest_component,
    largest_entry,
    near_one,
    outer,
    power_of_two,
    solve,
    times,
)
from tests.samples import assert_same_bits

entries = st.floats(-1e6, 1e6)
angles, curvatures = st.floats(0, 3.2), st.floats(0.01, 100)
RANDOM = np.random.default_rng(5)


def symmetric(h11, h12, h22) -> np.ndarray:
    return np.array([[h11, h12], [h12, h22]])


@given(entries, entries, entries)
def test_eigenvalues_agree_with_numpy(h11, h12, h22):
    matrix = symmetric(h11, h12, h22)
    np.testing.assert_allclose(eigen(matrix)[0], np.linalg.eigvalsh(matrix), atol=1e-14 * np.abs(matrix).max())


@given(entries, entries, entries)
def test_eigenvectors_are_orthonormal_and_belong_to_their_eigenvalues(h11, h12, h22):
    matrix = symmetric(h11, h12, h22)
    values, vectors = eigen(matrix)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(2), atol=1e-14)
    np.testing.assert_allclose(matrix @ vectors, vectors * values, atol=1e-14 * np.abs(matrix).max())


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        (np.zeros((2, 2)), [0, 0]),
        (np.diag([3.0, 3.0]), [3, 3]),
        (np.diag([5.0, -2.0]), [-2, 5]),
        (np.diag([-2.0, 5.0]), [-2, 5]),
        (symmetric(0.0, 4.0, 0.0), [-4, 4]),
        (symmetric(1e150, 1e150, 1e150), [0, 2e150]),
        (symmetric(1e-150, -1e-150, 1e-150), [0, 2e-150]),
        (np.diag([1.6e308, 1.7e308]), [1.6e308, 1.7e308]),
    ],
)
def test_eigenvalues_ascend(matrix, expected):
    np.testing.assert_allclose(eigenvalues(matrix), expected, rtol=1e-15)


@pytest.mark.parametrize("batch", [(), (1,), (3,), (2, 3), (0,)])
def test_shapes_and_values_over_a_batch(batch):
    a, b, matrix = RANDOM.normal(size=(2, *batch)), RANDOM.normal(size=(2, *batch)), RANDOM.normal(size=(2, 2, *batch))
    np.testing.assert_allclose(dot(a, b), np.einsum("i...,i...->...", a, b), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(times(matrix, a), np.einsum("ij...,j...->i...", matrix, a), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(components(matrix, a), np.einsum("ij...,i...->j...", matrix, a), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(largest_component(a), np.abs(a).max(axis=0))
    np.testing.assert_array_equal(largest_entry(matrix), np.abs(matrix).max(axis=(0, 1)))
    np.testing.assert_allclose(outer(a, b), np.einsum("i...,j...->ij...", a, b), rtol=1e-15)
    values, vectors = eigen(matrix + np.swapaxes(matrix, 0, 1))
    assert dot(a, b).shape == batch
    assert values.shape == (2, *batch)
    assert vectors.shape == (2, 2, *batch)


def test_rows_of_a_batch_are_independent():
    matrices = RANDOM.normal(size=(2, 2, 37))
    matrices[1, 0] = matrices[0, 1]
    matrices[..., 5], matrices[..., 6] = np.nan, np.inf
    with np.errstate(invalid="ignore"):
        values, vectors = eigen(matrices)
        for row in range(37):
            alone = eigen(matrices[..., row])
            assert_same_bits(values[:, row], alone[0])
            assert_same_bits(vectors[..., row], alone[1])
    assert np.isnan(values[:, 5]).all()
    assert np.isfinite(np.delete(values, [5, 6], axis=1)).all()


@given(angles, curvatures, curvatures, st.sampled_from([1e-300, 1e-160, 1.0, 1e160, 1e300]))
def test_solves_whatever_the_size_of_the_matrix(angle, first, second, scale):
    cosine, sine = np.cos(angle), np.sin(angle)
    rotation = np.array([[cosine, -sine], [sine, cosine]])
    matrix = rotation @ np.diag([first, -second]) @ rotation.T
    expected = np.array([3.0, -0.5])
    found = solve(scale * matrix, scale * (matrix @ expected))
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8)


def test_solving_a_singular_row_does_not_touch_the_others():
    matrix = np.stack([np.diag([2.0, 4.0]), np.zeros((2, 2))], axis=-1)
    with np.errstate(all="ignore"):
        found = solve(matrix, np.ones((2, 2)))
    np.testing.assert_array_equal(found[:, 0], [0.5, 0.25])


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_a_vector_near_one_is_the_same_vector_in_other_units(first, second):
    vector, exponent = near_one(np.array([first, second]))
    assert np.abs(vector).max() == 0 or 0.5 <= np.abs(vector).max() < 1
    np.testing.assert_allclose(
        np.ldexp(vector, exponent), [first, second], rtol=0, atol=1e-15 * abs(max(first, second, key=abs))
    )


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_dividing_by_a_power_of_two_loses_no_digit_of_numbers_of_that_size(size):
    unit = power_of_two(abs(size))
    assert size / unit * unit == size
    assert abs(size) < 2.0**-1000 or 0.5 <= abs(size / unit) < 2.0**25
