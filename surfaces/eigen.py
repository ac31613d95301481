"""The eigenvalues and eigenvectors of symmetric two-by-two matrices, a batch at a time."""

import numpy as np


def eigen(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues (2, *batch) in ascending order of symmetric matrices (2, 2, *batch), and unit eigenvectors, of which
    vectors[:, i] belongs to values[i]."""
    middle = matrix[0, 0] / 2 + matrix[1, 1] / 2
    half_difference = matrix[0, 0] / 2 - matrix[1, 1] / 2
    spread = np.hypot(half_difference, matrix[0, 1])
    angle = np.arctan2(matrix[0, 1], half_difference) / 2
    cosine, sine = np.cos(angle), np.sin(angle)
    values = np.stack([middle - spread, middle + spread])
    return values, np.stack([np.stack([-sine, cosine]), np.stack([cosine, sine])])
