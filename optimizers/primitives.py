"""What rules know about curvature and directions, each a function of vectors and matrices that equations can call.

They are written as numpy, with nothing but operations that a program can hold: on quantities they become a part of it.
"""

import numpy as np

from programs.matrices import FLAT, components, dot, eigen, largest_component, near_one, outer, times


def least(a: np.ndarray) -> np.ndarray:
    """The smaller one of two components."""
    return np.minimum(a[0], a[1])


def _is_flat(values: np.ndarray) -> np.ndarray:
    return np.abs(values) <= FLAT * largest_component(values)


def is_singular(matrix: np.ndarray) -> np.ndarray:
    """True where an eigenvalue is below the share FLAT of the larger one."""
    flat = _is_flat(eigen(matrix)[0])
    return flat[0] | flat[1]


def least_eigenvalue(matrix: np.ndarray) -> np.ndarray:
    """The smaller eigenvalue of a symmetric matrix."""
    return eigen(matrix)[0][0]


def _along(vectors: np.ndarray, gradient: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """The gradient's components along both eigenvectors, each divided by its curvature."""
    return times(vectors, components(vectors, gradient) / curvature)


def flat_newton_step(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The Newton step along the curved direction of a singular Hessian, the gradient itself along the flat one."""
    values, vectors = eigen(hessian)
    return _along(vectors, gradient, np.where(_is_flat(values), 1.0, values))


def absolute_newton_step(hessian: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    r"""$|H|^{-1} g$: the eigenvalues by their sizes, at least 1e-8 of the larger one."""
    values, vectors = eigen(hessian)
    largest = largest_component(values)
    floor = np.where(largest == 0, 1.0, 1e-8 * largest)
    return _along(vectors, gradient, np.maximum(np.abs(values), floor))


def slope_along(direction: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The slope along a direction that is scaled by a power of two to a length near 1."""
    return dot(near_one(direction)[0], gradient)


def _share(gradient: np.ndarray, previous: np.ndarray) -> np.ndarray:
    """The share of the last direction, at least 0, and 0 where there was none."""
    last, exponent = near_one(previous)
    scaled = np.ldexp(gradient, -exponent)
    squares = dot(last, last)
    is_known = squares > 0
    return np.where(is_known, np.maximum(dot(scaled, scaled - last) / np.where(is_known, squares, 1.0), 0.0), 0.0)


def _is_uphill(gradient: np.ndarray, previous: np.ndarray, previous_direction: np.ndarray) -> np.ndarray:
    combined = _share(gradient, previous) * previous_direction - gradient
    return slope_along(combined, gradient) >= 0


def polak_ribiere(gradient: np.ndarray, previous: np.ndarray, previous_direction: np.ndarray) -> np.ndarray:
    r"""$\max(0, g^\top(g - g^-)/|g^-|^2)$ (Polak and Ribiere), and 0 where the combined direction goes uphill."""
    share = _share(gradient, previous)
    return np.where(_is_uphill(gradient, previous, previous_direction), 0.0, share)


def begins_again(gradient: np.ndarray, previous: np.ndarray, previous_direction: np.ndarray) -> np.ndarray:
    """True where the combined direction goes uphill although there was one before."""
    was_before = (previous[0] != 0) | (previous[1] != 0)
    has_slope = (gradient[0] != 0) | (gradient[1] != 0)
    return _is_uphill(gradient, previous, previous_direction) & was_before & has_slope


def curves_up(hessian: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """True where the loss curves up along the direction; a bend at the level of rounding is no bend."""
    unit = near_one(direction)[0]
    sizes = np.abs(hessian)
    size = (sizes[0, 0] + sizes[0, 1]) + (sizes[1, 0] + sizes[1, 1])
    return dot(unit, times(hessian, unit)) > FLAT * size * dot(unit, unit)


def length_to_minimum(hessian: np.ndarray, direction: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    r"""$-p^\top g / p^\top H p$, the minimiser of the parabola along the direction; 1 where it has none."""
    unit, exponent = near_one(direction)
    is_convex = curves_up(hessian, direction)
    bend = np.where(is_convex, dot(unit, times(hessian, unit)), 1.0)
    return np.where(is_convex, np.ldexp(-dot(unit, gradient) / bend, -exponent), 1.0)


def has_moved(move: np.ndarray) -> np.ndarray:
    """True where a vector is not zero."""
    unit = near_one(move)[0]
    return dot(unit, unit) > 0


def has_turned(move: np.ndarray, change: np.ndarray) -> np.ndarray:
    r"""True where the slope has increased along the move, $s^\top y > 0$, by more than rounding."""
    move, change = near_one(move)[0], near_one(change)[0]
    return dot(move, change) > 1e-12 * np.sqrt(dot(move, move) * dot(change, change))


def updated_inverse(
    inverse: np.ndarray, move: np.ndarray, change: np.ndarray, learned: np.ndarray, scaled: np.ndarray
) -> np.ndarray:
    r"""The BFGS formula where `learned` is 1, the old estimate where it is 0.

    $B \leftarrow (I - \rho s y^\top) B (I - \rho y s^\top) + \rho s s^\top$ with the move s, the change y of the
    gradient, and $\rho = 1/s^\top y$. scaled: 1 where B was scaled before; else it is first, by $s^\top y / y^\top y$.
    """
    is_learned, is_scaled = learned == 1, scaled == 1
    (move, size), (change, steepness) = near_one(move), near_one(change)
    unit = size - steepness
    product = np.where(is_learned, dot(move, change), 1.0)
    squares = np.where(is_learned, dot(change, change), 1.0)
    ratio = np.where(is_scaled, np.ldexp(1.0, -unit), product / squares)
    start = np.where(is_learned, ratio, np.ldexp(1.0, -unit)) * inverse
    along = times(start, change)
    updated = (
        start
        - (outer(along, move) + outer(move, along)) / product
        + (1 + dot(change, along) / product) / product * outer(move, move)
    )
    return np.where(is_learned, np.ldexp(updated, unit), inverse)


def goes_uphill(inverse: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """True where the direction against the estimate times the gradient does not go downhill."""
    unit = near_one(gradient)[0]
    return ~(dot(unit, times(inverse, gradient)) > 0) & (dot(unit, unit) > 0)


def downhill_inverse(inverse: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """The estimate, or the identity where it leads uphill."""
    uphill = goes_uphill(inverse, gradient)
    first = np.stack([np.where(uphill, 1.0, inverse[0, 0]), np.where(uphill, 0.0, inverse[0, 1])])
    second = np.stack([np.where(uphill, 0.0, inverse[1, 0]), np.where(uphill, 1.0, inverse[1, 1])])
    return np.stack([first, second])
