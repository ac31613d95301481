"""Other ways to the same points: Adam on the Rosenbrock function, Momentum on Himmelblau's, with torch, with optax,
and by hand.

torch and optax are used where they can be imported. They are no dependencies.
"""

import importlib
import math
from collections.abc import Callable
from functools import cache
from importlib import metadata

import numpy as np

LEARNING_RATE, BETA1, BETA2, EPSILON = 0.05, 0.9, 0.999, 1e-8
MAP_RATE, MOMENTUM = 0.002, 0.9


def rosenbrock(theta1, theta2, steepness=100):
    """The formula, for numbers and arrays of any library."""
    return (1 - theta1) ** 2 + steepness * (theta2 - theta1**2) ** 2


@cache
def missing(*modules: str) -> str:
    """A sentence on the first of these modules that cannot be imported, or nothing."""
    for module in modules:
        try:
            importlib.import_module(module)
        except (ImportError, OSError) as error:
            return f"{module} could not be imported: {error}"
    return ""


def versions(*modules: str) -> str:
    """The versions of these modules, or that they are not there."""
    return ", ".join(
        "no " + module if missing(module) else f"{module} {metadata.version(module)}" for module in modules
    )


def torch_adam(start: np.ndarray, steps: int) -> np.ndarray:
    """torch.optim.Adam on one point with autograd, as in every tutorial; only the last point is kept."""
    import torch

    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([theta], lr=LEARNING_RATE, betas=(BETA1, BETA2), eps=EPSILON)
    for _ in range(steps):
        optimizer.zero_grad()
        theta1, theta2 = theta
        rosenbrock(theta1, theta2).backward()
        optimizer.step()
    return theta.detach().numpy()


def float_adam(start: np.ndarray, steps: int) -> np.ndarray:
    """Adam written by hand for one point with Python's floats and a gradient worked out on paper."""
    x, y = map(float, start)
    first1 = first2 = second1 = second2 = 0.0
    for update in range(1, steps + 1):
        across = y - x * x
        g1, g2 = -2 * (1 - x) - 400 * x * across, 200 * across
        first1, first2 = BETA1 * first1 + (1 - BETA1) * g1, BETA1 * first2 + (1 - BETA1) * g2
        second1, second2 = BETA2 * second1 + (1 - BETA2) * g1 * g1, BETA2 * second2 + (1 - BETA2) * g2 * g2
        rate, correction = LEARNING_RATE / (1 - BETA1**update), 1 / (1 - BETA2**update)
        x -= rate * first1 / (math.sqrt(second1 * correction) + EPSILON)
        y -= rate * first2 / (math.sqrt(second2 * correction) + EPSILON)
    return np.array([x, y])


def numpy_adam(starts: np.ndarray, steps: int) -> np.ndarray:
    """Adam written by hand for many points in place, without a loss and with a gradient worked out on paper."""
    theta = starts.copy()
    first, second, gradient, spare = (np.zeros_like(theta) for _ in range(4))
    across = np.empty_like(theta[0])
    for update in range(1, steps + 1):
        np.multiply(theta[0], theta[0], out=across)
        np.subtract(theta[1], across, out=across)
        np.multiply(across, 200.0, out=gradient[1])
        np.multiply(gradient[1], theta[0], out=gradient[0])
        gradient[0] += 1.0
        gradient[0] -= theta[0]
        gradient[0] *= -2.0
        first *= BETA1
        np.multiply(gradient, 1 - BETA1, out=spare)
        first += spare
        second *= BETA2
        np.multiply(gradient, gradient, out=spare)
        spare *= 1 - BETA2
        second += spare
        np.sqrt(second, out=spare)
        spare *= 1 / math.sqrt(1 - BETA2**update)
        spare += EPSILON
        np.divide(first, spare, out=spare)
        spare *= LEARNING_RATE / (1 - BETA1**update)
        theta -= spare
    return theta


def optax_adam(steps: int, record: bool, steepness: int = 100) -> Callable[[np.ndarray], object]:
    """optax.adam for many points in double precision: lax.scan under vmap under jit, compiled at the first call.

    The function returned takes starts (2, batch). It gives the last points (2, batch), or with `record` the point, loss
    and gradient before every update, with the updates first.
    """
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    rule = optax.adam(LEARNING_RATE, b1=BETA1, b2=BETA2, eps=EPSILON)
    value_and_gradient = jax.value_and_grad(lambda theta: rosenbrock(theta[0], theta[1], steepness))

    def update(carry, _):
        theta, state = carry
        loss, gradient = value_and_gradient(theta)
        change, state = rule.update(gradient, state)
        return (optax.apply_updates(theta, change), state), (theta, loss, gradient) if record else None

    def descent(theta):
        (theta, _), history = jax.lax.scan(update, (theta, rule.init(theta)), None, length=steps)
        return history if record else theta

    compiled = jax.jit(jax.vmap(descent, in_axes=1, out_axes=(2, 1, 2) if record else 1))
    return lambda starts: jax.block_until_ready(compiled(starts))


def optax_momentum(steps: int) -> Callable[[np.ndarray], object]:
    """optax.sgd with momentum on Himmelblau's function, many points in double precision: the last points (2, batch).

    lax.scan under vmap under jit, compiled at the first call.
    """
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    rule = optax.sgd(MAP_RATE, momentum=MOMENTUM)
    gradient = jax.grad(lambda theta: (theta[0] ** 2 + theta[1] - 11) ** 2 + (theta[0] + theta[1] ** 2 - 7) ** 2)

    def update(carry, _):
        theta, state = carry
        change, state = rule.update(gradient(theta), state)
        return (optax.apply_updates(theta, change), state), None

    def descent(theta):
        return jax.lax.scan(update, (theta, rule.init(theta)), None, length=steps)[0][0]

    compiled = jax.jit(jax.vmap(descent, in_axes=1, out_axes=1))
    return lambda starts: jax.block_until_ready(compiled(starts))
