"""Points to try surfaces on, the same in every run."""

import numpy as np

from surfaces import Surface


def random_points(box: tuple, count: int) -> np.ndarray:
    """Points spread evenly over a box ((low, high), (low, high)): shape (2, count)."""
    low, high = np.transpose(box)
    return np.random.default_rng(20).uniform(low, high, (count, 2)).T


def domain_and_view(surface: Surface, count: int) -> np.ndarray:
    """Points of the domain and, since a view may be a small part of it, points of the view: shape (2, 2 * count)."""
    return np.hstack([random_points(surface.domain, count), random_points(surface.view, count)])


def grid(box: tuple, resolution: int) -> np.ndarray:
    """A grid over a box, its edges included: shape (2, resolution, resolution)."""
    (low1, high1), (low2, high2) = box
    return np.stack(np.meshgrid(np.linspace(low1, high1, resolution), np.linspace(low2, high2, resolution)))


def unit_disc() -> np.ndarray:
    """Points all over the unit disc, and many of its rim: shape (2, n)."""
    reach = np.sqrt(np.linspace(0, 1, 120))[:, None]
    angle = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    inside = np.stack([reach * np.cos(angle), reach * np.sin(angle)]).reshape(2, -1)
    rim = np.linspace(0, 2 * np.pi, 20_000, endpoint=False)
    return np.hstack([inside, np.stack([np.cos(rim), np.sin(rim)])])


DISC = unit_disc()


def quadratic(gradient: np.ndarray, hessian: np.ndarray, step: np.ndarray) -> np.ndarray:
    """The change of a quadratic after steps (2, n): shape (n,)."""
    return gradient @ step + 0.5 * (step * (hessian @ step)).sum(axis=0)


def awkward_points() -> np.ndarray:
    """Every pair of numbers that arithmetic trips over: zeros, infinities, nan, the largest and smallest floats."""
    numbers = [0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan, 1e308, -1e308, 1e160, 5e-324, 1e-200, 710.0]
    return np.array(np.meshgrid(numbers, numbers)).reshape(2, -1)


def assert_same_bits(actual: np.ndarray, expected: np.ndarray) -> None:
    """Equal to the last bit, the sign of zero included. One nan is as good as another."""
    np.testing.assert_array_equal(actual, expected, strict=True)
    numbers = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(actual)[numbers], np.signbit(expected)[numbers])
