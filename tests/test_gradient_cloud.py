"""The cloud of gradients: mean, spread and sample are those of the data at every moment."""

import numpy as np
import plotly.graph_objects as go
import pytest

from figures import LIGHT
from figures.gradient_cloud import gradient_cloud, spread
from optimizers import OPTIMIZERS, run
from surfaces import SURFACES

RISK = SURFACES["linear_neuron"]
SAMPLED = RISK.sampled(4, 1)
PATH = run(OPTIMIZERS["GradientDescent"](learning_rate=0.1), SAMPLED, RISK.start, 15)
FIGURE = gradient_cloud(RISK, "Mini-batch", PATH, SAMPLED.examples_seen(np.arange(16)), LIGHT, height=300)


def rows(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The times of a trace, and its points (moments, 2, count)."""
    (trace,) = [trace for trace in FIGURE.data if trace.name == name]
    data = np.array(trace.customdata)
    return data[:, 0], data[:, 1:].reshape(len(data), 2, -1)


def test_it_is_a_valid_figure():
    go.Figure(FIGURE.to_dict())


def test_points_mean_and_sample_are_those_of_the_moment():
    times, points = rows("examples")
    np.testing.assert_array_equal(times, SAMPLED.examples_seen(np.arange(16)))
    for update in range(16):
        slopes = RISK.example_gradients(PATH.theta[update])
        np.testing.assert_allclose(points[update], slopes)
        np.testing.assert_allclose(rows("mean of all examples")[1][update, :, 0], slopes.mean(axis=1))
        np.testing.assert_allclose(rows("seen by the rule")[1][update, :, 0], PATH.seen_gradient[update])


def test_the_ellipse_is_one_standard_deviation_around_the_mean():
    _, ellipses = rows("one standard deviation")
    slopes = RISK.example_gradients(PATH.theta[3])
    away = ellipses[3] - slopes.mean(axis=1, keepdims=True)
    distance = np.einsum("in,ij,jn->n", away, np.linalg.inv(np.cov(slopes, ddof=0)), away)
    np.testing.assert_allclose(distance, 1, rtol=1e-9)


def test_the_spread_is_the_root_mean_square_distance_from_the_mean():
    slopes = RISK.example_gradients(RISK.start)
    away = slopes - slopes.mean(axis=1, keepdims=True)
    assert spread(slopes) == pytest.approx(np.sqrt((away**2).sum(axis=0).mean()))
