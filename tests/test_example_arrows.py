"""The arrows of the examples: each is the gradient of its example, and the bold one ends at the exact gradient."""

import numpy as np
import plotly.graph_objects as go
import pytest

from figures import LIGHT
from figures.example_arrows import LINK, example_arrows
from surfaces import SURFACES
from surfaces.neurons import NEURONS

every_model = pytest.mark.parametrize("name", NEURONS)


@every_model
def test_every_arrow_is_the_gradient_of_its_example(name):
    risk, theta = SURFACES[name], SURFACES[name].start
    figure = example_arrows(risk, theta, LIGHT, height=300)
    go.Figure(figure.to_dict())
    (arrows,) = [trace for trace in figure.data if trace.name == "examples"]
    slopes = risk.example_gradients(theta)
    for place in range(risk.count):
        tip = arrows.ids.index(str(place))
        np.testing.assert_array_equal([arrows.x[tip], arrows.y[tip]], slopes[:, place])
        assert (arrows.x[tip - 1], arrows.y[tip - 1]) == (0, 0)
        assert arrows.marker.size[tip] > 0
    assert len(set(arrows.ids)) == len(arrows.ids)
    assert arrows.meta["link"] == LINK


@every_model
def test_the_sweep_adds_one_example_after_the_other_up_to_the_gradient(name):
    risk, theta = SURFACES[name], SURFACES[name].start
    figure = example_arrows(risk, theta, LIGHT, height=300)
    (sweep,) = [trace for trace in figure.data if (trace.meta or {}).get("moves")]
    rows, slopes = np.array(sweep.customdata), risk.example_gradients(theta)
    np.testing.assert_array_equal(rows[:, 0], np.arange(risk.count + 1))
    for k in range(1, risk.count + 1):
        so_far = slopes[:, :k].mean(axis=1) if risk.reduction == "mean" else slopes[:, :k].sum(axis=1)
        np.testing.assert_allclose(rows[k, [2, 4]], so_far, rtol=1e-9, atol=1e-12)
    np.testing.assert_array_equal(rows[-1, [2, 4]], risk.gradient(theta))


def test_the_frame_holds_every_arrow():
    risk = SURFACES["tanh_neuron"]
    figure = example_arrows(risk, risk.start, LIGHT, height=300)
    slopes = risk.example_gradients(risk.start)
    for axis, part in ((figure.layout.xaxis, slopes[0]), (figure.layout.yaxis, slopes[1])):
        assert axis.range[0] < min(part.min(), 0)
        assert max(part.max(), 0) < axis.range[1]


def test_only_some_arrows_of_many_are_drawn_but_the_sweep_is_over_all():
    risk = SURFACES["linear_neuron"]
    figure = example_arrows(risk, risk.start, LIGHT, height=300, shown=6)
    (arrows,) = [trace for trace in figure.data if trace.name == "examples"]
    (sweep,) = [trace for trace in figure.data if (trace.meta or {}).get("moves")]
    assert len(arrows.x) == 18
    np.testing.assert_array_equal(np.array(sweep.customdata)[-1, [2, 4]], risk.gradient(risk.start))
