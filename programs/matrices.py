"""Two-by-two matrices, a batch at a time: what losses, models and rules need of a Hessian.

Ufuncs, operators, single entries and stacks of two are all that is used here, so that whatever follows arithmetic in
place of numbers can go through these functions, too.
"""

import numpy as np

# An eigenvalue below this share of the larger one is zero but for rounding.
FLAT = 1e-12
# Powers of two beyond this exponent and its opposite are no normal numbers, or have no reciprocal.
HIGHEST_EXPONENT = 1000


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""$a^\top b$ for vectors of shape (2, *batch): shape (*batch,)."""
    return a[0] * b[0] + a[1] * b[1]


def times(matrix: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The product of matrices (2, 2, *batch) with vectors (2, *batch)."""
    return np.stack([matrix[0, 0] * a[0] + matrix[0, 1] * a[1], matrix[1, 0] * a[0] + matrix[1, 1] * a[1]])


def components(axes: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The components (2, *batch) of vectors (2, *batch) along unit vectors axes[:, 0] and axes[:, 1], which are at
    right angles; `times(axes, components)` leads back."""
    return np.stack([axes[0, 0] * a[0] + axes[1, 0] * a[1], axes[0, 1] * a[0] + axes[1, 1] * a[1]])


def outer(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""$a\,b^\top$ for vectors of shape (2, *batch): shape (2, 2, *batch)."""
    return np.stack([np.stack([a[0] * b[0], a[0] * b[1]]), np.stack([a[1] * b[0], a[1] * b[1]])])


def largest_component(a: np.ndarray) -> np.ndarray:
    """The size of the larger component of vectors (2, *batch): shape (*batch,)."""
    return np.maximum(np.abs(a[0]), np.abs(a[1]))


def largest_entry(matrix: np.ndarray) -> np.ndarray:
    """The size of the largest entry of matrices (2, 2, *batch): shape (*batch,)."""
    first = np.maximum(np.abs(matrix[0, 0]), np.abs(matrix[0, 1]))
    return np.maximum(first, np.maximum(np.abs(matrix[1, 0]), np.abs(matrix[1, 1])))


def near_one(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vectors (2, *batch), each with the power of two taken out that brings its larger component near 1, and these
    exponents (*batch,): products of what is left neither overflow nor vanish."""
    _, exponent = np.frexp(largest_component(a))
    return np.ldexp(a, -exponent), exponent


def power_of_two(size: np.ndarray) -> np.ndarray:
    """A power of two next to a size (*batch,): numbers are divided by it without rounding, and then their products
    neither overflow nor vanish."""
    _, exponent = np.frexp(size)
    return np.ldexp(1.0, np.maximum(np.minimum(exponent, HIGHEST_EXPONENT), -HIGHEST_EXPONENT))


def determinant(matrix: np.ndarray) -> np.ndarray:
    """The determinants (*batch,) of matrices (2, 2, *batch)."""
    return matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]


def adjugate_times(matrix: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The vectors (2, *batch) of Cramer's rule: the solution of matrix x = a, times the determinant."""
    return np.stack([matrix[1, 1] * a[0] - matrix[0, 1] * a[1], matrix[0, 0] * a[1] - matrix[1, 0] * a[0]])


def solve(matrix: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The vectors x (2, *batch) with matrix x = a, for matrices (2, 2, *batch) that have an inverse.

    Cramer's rule, after a power of two has brought the largest entry near 1: the determinant of a tiny or huge matrix
    would leave the range of numbers.
    """
    scale = power_of_two(largest_entry(matrix))
    matrix = matrix / scale
    return adjugate_times(matrix, a / scale) / determinant(matrix)


def principal(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The smaller and the larger eigenvalue of symmetric matrices (2, 2, *batch), and cosine and sine of the angle at
    which the eigenvector of the larger one lies: each (*batch,). nan in a matrix gives nan for that matrix alone."""
    middle, half_difference, spread = _parts(matrix)
    angle = np.arctan2(matrix[0, 1], half_difference) / 2
    return middle - spread, middle + spread, np.cos(angle), np.sin(angle)


def eigen(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues (2, *batch) in ascending order of symmetric matrices (2, 2, *batch), and unit eigenvectors, of which
    vectors[:, i] belongs to values[i]."""
    low, high, cosine, sine = principal(matrix)
    return np.stack([low, high]), np.stack([np.stack([-sine, cosine]), np.stack([cosine, sine])])


def eigenvalues(matrix: np.ndarray) -> np.ndarray:
    """The eigenvalues alone, in ascending order."""
    middle, _, spread = _parts(matrix)
    return np.stack([middle - spread, middle + spread])


def _parts(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The mean of the eigenvalues, half the difference of the entries on the diagonal, and half that of the
    eigenvalues."""
    # Halved first: the sum of two numbers may be too large for a number where their mean is not.
    middle = matrix[0, 0] / 2 + matrix[1, 1] / 2
    half_difference = matrix[0, 0] / 2 - matrix[1, 1] / 2
    return middle, half_difference, np.hypot(half_difference, matrix[0, 1])
