"""Two-by-two symmetric matrices, a batch at a time: what second-order rules and verdicts need of a Hessian."""

import numpy as np

# An eigenvalue below this share of the larger one is zero but for rounding.
FLAT = 1e-12


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""$a^\top b$ for vectors of shape (2, *batch): shape (*batch,)."""
    return a[0] * b[0] + a[1] * b[1]


def times(matrix: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The product of matrices (2, 2, *batch) with vectors (2, *batch)."""
    return np.stack([matrix[0, 0] * a[0] + matrix[0, 1] * a[1], matrix[1, 0] * a[0] + matrix[1, 1] * a[1]])


def near_one(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vectors (2, *batch), each with the power of two taken out that brings its largest component near 1, and these
    exponents (*batch,): products of what is left neither overflow nor vanish."""
    _, exponent = np.frexp(np.maximum(np.abs(a[0]), np.abs(a[1])))
    return np.ldexp(a, -exponent), exponent


def solve(matrix: np.ndarray, a: np.ndarray) -> np.ndarray:
    """The vectors x (2, *batch) with matrix x = a, for matrices (2, 2, *batch) that have an inverse.

    Cramer's rule, after a power of two has brought the largest entry near 1: the determinant of a tiny or huge matrix
    would leave the range of numbers.
    """
    _, exponent = np.frexp(np.abs(matrix).max(axis=(0, 1)))
    ((m11, m12), (m21, m22)), (a1, a2) = np.ldexp(matrix, -exponent), np.ldexp(a, -exponent)
    return np.stack([m22 * a1 - m12 * a2, m11 * a2 - m21 * a1]) / (m11 * m22 - m12 * m21)


def outer(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""$a\,b^\top$ for vectors of shape (2, *batch): shape (2, 2, *batch)."""
    return np.stack([np.stack([a[0] * b[0], a[0] * b[1]]), np.stack([a[1] * b[0], a[1] * b[1]])])


def eigen(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues (2, *batch) in ascending order and unit eigenvectors: vectors[:, i] belongs to values[i].

    Closed form for symmetric matrices (2, 2, *batch); nan in a matrix gives nan for that matrix alone.
    """
    middle = (matrix[0, 0] + matrix[1, 1]) / 2
    half_difference = (matrix[0, 0] - matrix[1, 1]) / 2
    radius = np.hypot(half_difference, matrix[0, 1])
    angle = np.arctan2(matrix[0, 1], half_difference) / 2
    cosine, sine = np.cos(angle), np.sin(angle)
    values = np.stack([middle - radius, middle + radius])
    return values, np.stack([np.stack([-sine, cosine]), np.stack([cosine, sine])])


def eigenvalues(matrix: np.ndarray) -> np.ndarray:
    """The eigenvalues alone, in ascending order."""
    return eigen(matrix)[0]
