"""The charts of a sweep: every rate has its marker, its kind and its true numbers."""

import numpy as np
import pytest

from figures import DARK, LIGHT
from figures.rate_sweep import final_loss_by_rate, updates_by_rate
from figures.theme import KIND_SYMBOLS, RED_CIRCLE, style_of
from optimizers import OPTIMIZERS
from optimizers.sweep import learning_rate_sweep
from surfaces import SURFACES
from tests.pictures import assert_valid, colors, named

RATES = np.geomspace(1e-4, 10, 25)


def sweeps(surface: str, steps: int = 80, *rules: str):
    known = SURFACES[surface]
    return {
        rule: learning_rate_sweep(OPTIMIZERS[rule](), known, known.start, RATES, steps, known.minima, known.view)
        for rule in rules or ("GradientDescent", "Adam")
    }


@pytest.mark.parametrize("surface", ["ellipse", "saddle", "easom", "goldstein_price"])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_charts_are_valid_and_without_red(surface, theme):
    known, made = SURFACES[surface], sweeps(surface)
    best = float(known.value(known.minima[0])) if known.minima else None
    for chart in (final_loss_by_rate(made, best, theme), updates_by_rate(made, theme)):
        assert_valid(chart)
        assert RED_CIRCLE not in colors(chart)


def test_markers_say_what_became_of_each_rate():
    made = sweeps("ellipse", 80, "GradientDescent")
    _, markers = named(final_loss_by_rate(made, 0.0, LIGHT), "Gradient descent")
    sweep = made["GradientDescent"]
    np.testing.assert_array_equal(markers.x, sweep.rates)
    assert list(markers.marker.symbol) == [KIND_SYMBOLS[kind] for kind in sweep.kinds]
    assert len(set(KIND_SYMBOLS.values())) == len(KIND_SYMBOLS)
    # A colour says which rule it is.
    assert markers.marker.color == style_of("GradientDescent", LIGHT).color
    for text, kind, loss in zip(markers.text, sweep.kinds, sweep.loss, strict=True):
        assert text.startswith(f"{kind}<br>last L = {loss:.6g}<br>")
    inside = np.array([kind not in ("left", "diverged") for kind in sweep.kinds])
    np.testing.assert_allclose(np.array(markers.y)[inside], sweep.loss[inside])
    assert len(set(np.array(markers.y)[~inside])) == 1


def test_a_run_that_left_and_fell_below_the_lowest_loss_lies_on_the_upper_edge():
    known = SURFACES["mccormick"]
    made = sweeps("mccormick", 80, "Momentum")
    sweep = made["Momentum"]
    below = (sweep.loss < known.best_loss - 1) & np.array([kind == "left" for kind in sweep.kinds])
    assert below.any()
    _, markers = named(final_loss_by_rate(made, known.best_loss, LIGHT), "Momentum")
    heights = np.array(markers.y)
    assert (heights[below] == heights.max()).all()
    assert sweep.kinds[sweep.best] not in ("left", "diverged")
    assert (sweep.updates_to_tolerance[below] == -1).all()


def test_updates_that_never_suffice_lie_on_top():
    made = sweeps("ellipse", 80, "GradientDescent")
    figure = updates_by_rate(made, LIGHT)
    _, markers = named(figure, "Gradient descent")
    updates = made["GradientDescent"].updates_to_tolerance
    np.testing.assert_array_equal(np.array(markers.y)[updates >= 0], updates[updates >= 0])
    assert (np.array(markers.y)[updates < 0] > 80).all()
    assert figure.layout.yaxis.ticktext[-1] == "never"


def test_limits_and_the_chosen_rate_are_marked():
    made = sweeps("ellipse")
    figure = final_loss_by_rate(
        made, 0.0, LIGHT, limits={"GradientDescent": 0.04, "Adam": np.nan}, chosen={"Adam": RATES[7]}
    )
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1) == (0.04, 0.04)
    (mark,) = named(figure, "chosen rate")
    assert mark.x == (RATES[7],)
    assert mark.y[0] == pytest.approx(made["Adam"].loss[7])


def test_runs_that_all_diverge_still_have_a_chart():
    known = SURFACES["himmelblau"]
    made = learning_rate_sweep(OPTIMIZERS["GradientDescent"](), known, (1e300, 0), RATES, 5, known.minima, known.view)
    for chart in (final_loss_by_rate({"GradientDescent": made}, 0.0, LIGHT), final_loss_by_rate({}, None, LIGHT)):
        assert_valid(chart)
