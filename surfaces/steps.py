"""The steps to the lowest point, and to the stationary point, of a plane or of a quadratic."""

import numpy as np

from programs.matrices import (
    adjugate_times,
    components,
    determinant,
    dot,
    eigen,
    largest_component,
    largest_entry,
    power_of_two,
    times,
)

# A curvature below this share of the other one counts as none.
FLAT = 1e-14
# Halvings of an angle that lead to its last bit.
ROUNDS = 64
_EPSILON = float(np.finfo(float).eps)


def linear_step(gradient: np.ndarray, radius) -> tuple[np.ndarray, np.ndarray]:
    r"""The step $-d\,g/|g|$ to the lowest point of a plane inside a disc, and the plane's change $-d|g|$.

    gradient: (2, *batch), not zero. radius: (*batch,). Returns (2, *batch) and (*batch,).
    """
    # Scaled first, or the squares of very large and very small slopes would not be numbers.
    largest = largest_component(gradient)
    direction = gradient / largest
    length = np.hypot(*direction)
    with np.errstate(over="ignore"):
        return -radius * (direction / length), -radius * length * largest


def quadratic_step(
    gradient: np.ndarray, hessian: np.ndarray, radius, rounds: int = ROUNDS
) -> tuple[np.ndarray, np.ndarray]:
    r"""The step to the lowest point of $g^\top p + \frac12 p^\top H p$ inside $|p| \le d$, and the change to there.

    gradient: (2, *batch). hessian: (2, 2, *batch). radius: (*batch,). Newton's step where H is positive definite and
    the step is not longer than d; else a point on the rim, whose angle is known to pi / 2, halved in every round.
    """
    with np.errstate(all="ignore"):
        scale = power_of_two(np.maximum(largest_component(gradient), largest_entry(hessian)))
        gradient, hessian = gradient / scale, hessian / scale
        (low, high), axes = eigen(hessian)
        slopes = components(axes, gradient)
        inner = _step_to_bottom(gradient, hessian, slopes, low, high, axes)
        inside = np.hypot(*inner) <= radius
        angle = _rim_angle(np.abs(slopes), high - low, radius, rounds)
        along, across = np.cos(angle) * radius, np.sin(angle) * radius
        on_rim = np.stack([along, across])
        rim = times(axes, np.where(slopes > 0, -on_rim, on_rim))
        step = np.where(inside, inner, rim)
        return step, dot(gradient + times(hessian, step) / 2, step) * scale


def newton_step(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    r"""Newton's step $-H^{-1} g$ to the stationary point of a quadratic, which need not be its lowest point.

    gradient: (2, *batch). hessian: (2, 2, *batch). Returns (2, *batch), inf or nan where H has no inverse: where its
    determinant is zero, or nothing but rounding.
    """
    with np.errstate(all="ignore"):
        scale = power_of_two(largest_entry(hessian))
        gradient, hessian = gradient / scale, hessian / scale
        area = determinant(hessian)
        rounding = 8 * _EPSILON * (np.abs(hessian[0, 0] * hessian[1, 1]) + np.abs(hessian[0, 1] * hessian[1, 0]))
        return adjugate_times(hessian, -gradient) / np.where(np.abs(area) <= rounding, np.nan, area)


def shortest_newton_step(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton's step without its part along a direction whose curvature is below FLAT of the other one.

    gradient: (2, *batch). hessian: (2, 2, *batch). Returns (2, *batch), zero where they are not finite.
    """
    with np.errstate(all="ignore"):
        curvatures, axes = eigen(hessian)
        size = np.abs(curvatures)
        slopes = components(axes, gradient)
        step = times(axes, np.where(size <= FLAT * largest_component(size), 0.0, -slopes / curvatures))
    return np.where(np.isfinite(step).all(axis=0), step, 0.0)


def _step_to_bottom(gradient, hessian, slopes, low, high, axes) -> np.ndarray:
    """The shortest step to a stationary point of a quadratic that curves up, nan or inf where there is none."""
    # A direction without slope and without curvature is left alone: the quadratic is a valley with a level floor.
    flat = (np.abs(low) <= 4 * _EPSILON * np.abs(high)) & (np.abs(slopes[0]) <= 4 * _EPSILON * np.abs(slopes[1]))
    still = (gradient[0] == 0) & (gradient[1] == 0)
    level = flat & (high > 0)
    valley = np.where(slopes[1] == 0, 0.0, -slopes[1] / high) * axes[:, 1]
    newton = np.where(low > 0, newton_step(gradient, hessian), np.nan)
    return np.where(still & (low >= 0), 0.0, np.where(level, valley, newton))


def _rim_angle(slopes: np.ndarray, gap: np.ndarray, radius: np.ndarray, rounds: int) -> np.ndarray:
    r"""The angle from 0 to $\pi/2$ at which the quadratic is lowest on the rim, against the signs of the slopes.

    With the slopes $\gamma_1, \gamma_2 \ge 0$ along the axes of H, the quadratic at $d(\cos\alpha, \sin\alpha)$ falls
    until $\gamma_1/\cos\alpha - \gamma_2/\sin\alpha + d(\lambda_2 - \lambda_1) = 0$. The left side grows with the
    angle, so there is one such place, and ROUNDS of bisection find it to the last bit, in the hard case $\gamma_1 = 0$
    too.
    """
    scale = np.maximum(np.maximum(slopes[0], slopes[1]), radius * gap)
    scale = np.where((scale > 0) & np.isfinite(scale), scale, 1.0)
    first, second, bend = slopes[0] / scale, slopes[1] / scale, radius * gap / scale
    start = np.zeros(np.broadcast_shapes(first.shape, bend.shape))
    below, above = start, start + np.pi / 2
    for _ in range(rounds):
        middle = (below + above) / 2
        cosine, sine = np.cos(middle), np.sin(middle)
        rises = first * sine - second * cosine + bend * sine * cosine >= 0
        below, above = np.where(rises, below, middle), np.where(rises, middle, above)
    return below
