"""The catalogue once more, by hand: value and gradient in plain numpy, written from the literature and not from sympy.

Nothing here takes an absolute value or a real part, so the formulas also accept complex points. That gives derivatives
without any subtraction, exact to rounding: d/dx f = Im f(x + ih) / h (Squire & Trapp 1998,
doi:10.1137/S003614459631241X).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy import cos, exp, log, pi, sin, sqrt, tanh

from surfaces.datasets import BEND, HAT, PLANE, TWO_CLASSES

TINY = 1e-150


class SecondFormula(NamedTuple):
    """A loss and its two partial derivatives, as functions of two coordinates."""

    value: Callable
    gradient: Callable


def complex_step_gradient(value: Callable, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The gradient of a hand-written value."""
    return np.array([value(x + TINY * 1j, y + 0j).imag, value(x + 0j, y + TINY * 1j).imag]) / TINY


def complex_step_hessian(gradient: Callable, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The Hessian of a hand-written gradient: entry [i, j] is the derivative of component i along axis j."""
    steps = [(x + TINY * 1j, y + 0j), (x + 0j, y + TINY * 1j)]
    columns = [np.array([np.imag(component) for component in gradient(*step)]) / TINY for step in steps]
    return np.stack(columns, axis=1)


def bowl(x, y):
    return x * x + y * y


def bowl_gradient(x, y):
    return 2 * x, 2 * y


def ellipse(x, y):
    return 0.5 * x * x + 25 * y * y


def ellipse_gradient(x, y):
    return x, 50 * y


def tilted_ellipse(x, y):
    """Along the axes p and q, turned by 45 degrees: (p^2 + 25 q^2) / 2."""
    p, q = (x + y) / sqrt(2), (x - y) / sqrt(2)
    return (p**2 + 25 * q**2) / 2


def tilted_ellipse_gradient(x, y):
    p, q = (x + y) / sqrt(2), (x - y) / sqrt(2)
    return (p + 25 * q) / sqrt(2), (p - 25 * q) / sqrt(2)


def rosenbrock(x, y):
    return 100 * (y - x * x) ** 2 + (x - 1) ** 2


def rosenbrock_gradient(x, y):
    return 400 * x**3 - 400 * x * y + 2 * x - 2, 200 * y - 200 * x * x


def himmelblau(x, y):
    a, b = x * x + y - 11, x + y * y - 7
    return a * a + b * b


def himmelblau_gradient(x, y):
    a, b = x * x + y - 11, x + y * y - 7
    return 4 * x * a + 2 * b, 2 * a + 4 * y * b


BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))


def beale(x, y):
    return sum((c - x * (1 - y**i)) ** 2 for i, c in BEALE)


def beale_gradient(x, y):
    residuals = [(i, c - x * (1 - y**i)) for i, c in BEALE]
    along_x = sum(2 * residual * (y**i - 1) for i, residual in residuals)
    along_y = sum(2 * residual * i * x * y ** (i - 1) for i, residual in residuals)
    return along_x, along_y


def booth(x, y):
    return 5 * x * x + 5 * y * y + 8 * x * y - 34 * x - 38 * y + 74


def booth_gradient(x, y):
    return 10 * x + 8 * y - 34, 8 * x + 10 * y - 38


def matyas(x, y):
    return 0.01 * (x + y) ** 2 + 0.25 * (x - y) ** 2


def matyas_gradient(x, y):
    return 0.52 * x - 0.48 * y, 0.52 * y - 0.48 * x


def mccormick(x, y):
    return sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


def mccormick_gradient(x, y):
    return cos(x + y) + 2 * (x - y) - 1.5, cos(x + y) - 2 * (x - y) + 2.5


def three_hump_camel(x, y):
    square = x * x
    return square * (2 + square * (-1.05 + square / 6)) + y * (x + y)


def three_hump_camel_gradient(x, y):
    return 4 * x - 4.2 * x**3 + x**5 + y, x + 2 * y


def six_hump_camel(x, y):
    return 4 * x**2 - 2.1 * x**4 + x**6 / 3 + x * y - 4 * y**2 + 4 * y**4


def six_hump_camel_gradient(x, y):
    return 8 * x - 8.4 * x**3 + 2 * x**5 + y, x - 8 * y + 16 * y**3


def goldstein_price(x, y):
    """A product of a function of s = x + y alone and a function of d = 2x - 3y alone."""
    s, d = x + y, 2 * x - 3 * y
    return (1 + (s + 1) ** 2 * (19 - 14 * s + 3 * s * s)) * (30 + d * d * (18 - 16 * d + 3 * d * d))


def goldstein_price_gradient(x, y):
    s, d = x + y, 2 * x - 3 * y
    first = 1 + (s + 1) ** 2 * (19 - 14 * s + 3 * s * s)
    second = 30 + d * d * (18 - 16 * d + 3 * d * d)
    along_s = 12 * (s + 1) * (s - 1) * (s - 2) * second
    along_d = 12 * d * (d - 1) * (d - 3) * first
    return along_s + 2 * along_d, along_s - 3 * along_d


BRANIN_B, BRANIN_C, BRANIN_T = 5.1 / (4 * pi**2), 5 / pi, 1 / (8 * pi)


def branin(x, y):
    return (y - BRANIN_B * x * x + BRANIN_C * x - 6) ** 2 + 10 * ((1 - BRANIN_T) * cos(x) + 1)


def branin_gradient(x, y):
    off_valley = y - BRANIN_B * x * x + BRANIN_C * x - 6
    return 2 * off_valley * (BRANIN_C - 2 * BRANIN_B * x) - 10 * (1 - BRANIN_T) * sin(x), 2 * off_valley


def rastrigin(x, y):
    return sum(z * z + 20 * sin(pi * z) ** 2 for z in (x, y))


def rastrigin_gradient(x, y):
    return tuple(2 * z + 20 * pi * sin(2 * pi * z) for z in (x, y))


def ackley(x, y):
    radius = sqrt((x * x + y * y) / 2)
    return 20 + np.e - 20 * exp(-0.2 * radius) - exp((cos(2 * pi * x) + cos(2 * pi * y)) / 2)


def ackley_gradient(x, y):
    radius = sqrt((x * x + y * y) / 2)
    cone, ripple = 2 * exp(-0.2 * radius) / radius, pi * exp((cos(2 * pi * x) + cos(2 * pi * y)) / 2)
    return tuple(cone * z + ripple * sin(2 * pi * z) for z in (x, y))


def griewank(x, y):
    return 1 + (x * x + y * y) / 4000 - cos(x) * cos(y / sqrt(2))


def griewank_gradient(x, y):
    return x / 2000 + sin(x) * cos(y / sqrt(2)), y / 2000 + cos(x) * sin(y / sqrt(2)) / sqrt(2)


def levy13(x, y):
    u, v = x - 1, y - 1
    return sin(3 * pi * x) ** 2 + u * u * (1 + sin(3 * pi * y) ** 2) + v * v * (1 + sin(2 * pi * y) ** 2)


def levy13_gradient(x, y):
    u, v = x - 1, y - 1
    along_x = 3 * pi * sin(6 * pi * x) + 2 * u * (1 + sin(3 * pi * y) ** 2)
    ripples = 3 * pi * u * u * sin(6 * pi * y) + 2 * pi * v * v * sin(4 * pi * y)
    return along_x, ripples + 2 * v * (1 + sin(2 * pi * y) ** 2)


def styblinski_tang(x, y):
    return sum(0.5 * z * (5 + z * (z * z - 16)) for z in (x, y))


def styblinski_tang_gradient(x, y):
    return tuple(2 * z**3 - 16 * z + 2.5 for z in (x, y))


def easom(x, y):
    return -cos(x) * cos(y) * exp(-((x - pi) ** 2 + (y - pi) ** 2))


def easom_gradient(x, y):
    needle = exp(-((x - pi) ** 2 + (y - pi) ** 2))
    along_x = needle * cos(y) * (sin(x) + 2 * (x - pi) * cos(x))
    along_y = needle * cos(x) * (sin(y) + 2 * (y - pi) * cos(y))
    return along_x, along_y


def saddle(x, y):
    return (x + y) * (x - y)


def saddle_gradient(x, y):
    return 2 * x, -2 * y


def monkey_saddle(x, y):
    """The product of three lines through the origin, 60 degrees apart."""
    return x * (x - sqrt(3) * y) * (x + sqrt(3) * y)


def monkey_saddle_gradient(x, y):
    return 3 * (x * x - y * y), -6 * x * y


def plateau(x, y):
    return x**5 * (5 * x - 6) + 0.015 * x * (x - 2) + 0.5 * y * y


def plateau_gradient(x, y):
    return 30 * (x**4 + 0.001) * (x - 1), y


def two_wells(x, y):
    return x * (2 + x * (-2 + x * (-1 / 6 + x / 4))) + y * y


def two_wells_gradient(x, y):
    return (x - 2) * (x + 2) * (x - 0.5), 2 * y


HILLS = ((3, 0, 0, 1), (2, 2, 1.5, 0.75), (-3, -2, -1, 1), (-2, 1.5, -2, 0.8))


def hills(x, y):
    return sum(h * exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * w * w)) for h, a, b, w in HILLS)


def hills_gradient(x, y):
    bumps = [(h * exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * w * w)) / (w * w), a, b) for h, a, b, w in HILLS]
    return sum(bump * (a - x) for bump, a, _ in bumps), sum(bump * (b - y) for bump, _, b in bumps)


def ravine(x, y):
    return 20 * (y - sin(x)) ** 2 + 0.1 * x * x


def ravine_gradient(x, y):
    off_valley = y - sin(x)
    return 0.2 * x - 40 * off_valley * cos(x), 40 * off_valley


# Losses made of data: loops over the examples.


def linear_neuron(x, y):
    return sum((t - x * a - y * b) ** 2 for a, b, t in zip(*PLANE.inputs, PLANE.target, strict=True)) / 20


def linear_neuron_gradient(x, y):
    errors = [(x * a + y * b - t, a, b) for a, b, t in zip(*PLANE.inputs, PLANE.target, strict=True)]
    return sum(2 * e * a for e, a, _ in errors) / 20, sum(2 * e * b for e, _, b in errors) / 20


LECTURE_POINTS = {338: 640, 333: 633, 328: 619, 207: 393, 226: 428, 25: 27, 179: 193, 60: 66, 208: 226, 606: 1591}


def line_fit(x, y):
    return sum((t - (x + y * a)) ** 2 for a, t in LECTURE_POINTS.items())


def line_fit_gradient(x, y):
    errors = [(t - (x + y * a), a) for a, t in LECTURE_POINTS.items()]
    return sum(-2 * e for e, _ in errors), sum(-2 * e * a for e, a in errors)


def logistic_neuron(x, y):
    points = zip(*TWO_CLASSES.inputs, TWO_CLASSES.target, strict=True)
    return -sum(log(1 / (1 + exp(-(x * a + y * b) * (1 if t else -1)))) for a, b, t in points) / 20


def logistic_neuron_gradient(x, y):
    points = zip(*TWO_CLASSES.inputs, TWO_CLASSES.target, strict=True)
    errors = [(1 / (1 + exp(-x * a - y * b)) - t, a, b) for a, b, t in points]
    return sum(e * a for e, a, _ in errors) / 20, sum(e * b for e, _, b in errors) / 20


def tanh_neuron(x, y):
    return sum((t - tanh(x * a + y)) ** 2 for a, t in zip(*HAT.inputs, HAT.target, strict=True)) / 15


def tanh_neuron_gradient(x, y):
    answers = [(tanh(x * a + y), a, t) for a, t in zip(*HAT.inputs, HAT.target, strict=True)]
    slopes = [(2 * (o - t) * (1 - o * o), a) for o, a, t in answers]
    return sum(s * a for s, a in slopes) / 15, sum(s for s, _ in slopes) / 15


def two_weight_chain(x, y):
    return sum((t - y * tanh(x * a)) ** 2 for a, t in zip(*BEND.inputs, BEND.target, strict=True)) / 14


def two_weight_chain_gradient(x, y):
    hidden = [(tanh(x * a), a, t) for a, t in zip(*BEND.inputs, BEND.target, strict=True)]
    along_x = sum(2 * (y * h - t) * y * (1 - h * h) * a for h, a, t in hidden)
    return along_x / 14, sum(2 * (y * h - t) * h for h, _, t in hidden) / 14


SECOND_FORMULAS = {
    "bowl": SecondFormula(bowl, bowl_gradient),
    "ellipse": SecondFormula(ellipse, ellipse_gradient),
    "tilted_ellipse": SecondFormula(tilted_ellipse, tilted_ellipse_gradient),
    "rosenbrock": SecondFormula(rosenbrock, rosenbrock_gradient),
    "himmelblau": SecondFormula(himmelblau, himmelblau_gradient),
    "beale": SecondFormula(beale, beale_gradient),
    "booth": SecondFormula(booth, booth_gradient),
    "matyas": SecondFormula(matyas, matyas_gradient),
    "mccormick": SecondFormula(mccormick, mccormick_gradient),
    "three_hump_camel": SecondFormula(three_hump_camel, three_hump_camel_gradient),
    "six_hump_camel": SecondFormula(six_hump_camel, six_hump_camel_gradient),
    "goldstein_price": SecondFormula(goldstein_price, goldstein_price_gradient),
    "branin": SecondFormula(branin, branin_gradient),
    "rastrigin": SecondFormula(rastrigin, rastrigin_gradient),
    "ackley": SecondFormula(ackley, ackley_gradient),
    "griewank": SecondFormula(griewank, griewank_gradient),
    "levy13": SecondFormula(levy13, levy13_gradient),
    "styblinski_tang": SecondFormula(styblinski_tang, styblinski_tang_gradient),
    "easom": SecondFormula(easom, easom_gradient),
    "saddle": SecondFormula(saddle, saddle_gradient),
    "monkey_saddle": SecondFormula(monkey_saddle, monkey_saddle_gradient),
    "plateau": SecondFormula(plateau, plateau_gradient),
    "two_wells": SecondFormula(two_wells, two_wells_gradient),
    "hills": SecondFormula(hills, hills_gradient),
    "ravine": SecondFormula(ravine, ravine_gradient),
    "linear_neuron": SecondFormula(linear_neuron, linear_neuron_gradient),
    "line_fit": SecondFormula(line_fit, line_fit_gradient),
    "logistic_neuron": SecondFormula(logistic_neuron, logistic_neuron_gradient),
    "tanh_neuron": SecondFormula(tanh_neuron, tanh_neuron_gradient),
    "two_weight_chain": SecondFormula(two_weight_chain, two_weight_chain_gradient),
}
