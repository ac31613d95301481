"""The numerical way to a gradient: differences of the loss."""

import numpy as np

from optimizers.loss import Loss


def one_sided(loss: Loss, theta, width) -> np.ndarray:
    r"""$\frac{L(\theta + h e_i) - L(\theta)}{h}$ for both parameters at a point (2,): shape (2, *width.shape).

    width: h, greater than 0, of any shape. The error falls like h until rounding, about $10^{-16}|L|/h$, takes over.
    """
    theta, width = _columns(theta, width)
    here = loss.value(theta)
    return np.stack([(loss.value(ahead) - here) / width for ahead in _moved(theta, width)])


def central(loss: Loss, theta, width) -> np.ndarray:
    r"""$\frac{L(\theta + h e_i) - L(\theta - h e_i)}{2h}$ for both parameters at a point (2,): shape (2, *width.shape).

    width: h, greater than 0, of any shape. The error falls like $h^2$ until rounding takes over.
    """
    theta, width = _columns(theta, width)
    pairs = zip(_moved(theta, width), _moved(theta, -width), strict=True)
    return np.stack([(loss.value(ahead) - loss.value(behind)) / (2 * width) for ahead, behind in pairs])


def _columns(theta, width) -> tuple[np.ndarray, np.ndarray]:
    width = np.asarray(width, dtype=float)
    theta = np.asarray(theta, dtype=float).reshape(2, *(1 for _ in width.shape))
    return np.broadcast_to(theta, (2, *width.shape)), width


def _moved(theta: np.ndarray, width: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.stack([theta[0] + width, theta[1]]), np.stack([theta[0], theta[1] + width])
