"""The page on stochastic descent: three runs from one start, counted in updates, examples and epochs."""

import numpy as np
import pytest

from tests.lesson_pages import lesson, said
from tests.playground import answered, charts, numbers, table, trace

PAGE = "stochastic_descent"
RUNS = ("Full batch", "Mini-batch", "One example")


@pytest.mark.parametrize(
    ("per", "ends"), [("updates", (30, 120, 600)), ("examples seen", (600,) * 3), ("epochs", (30,) * 3)]
)
def test_the_three_runs_stand_on_the_axis_that_is_asked_for(per, ends):
    app = lesson(PAGE, per=per)
    chart = charts(app)["loss"]
    assert chart["layout"]["xaxis"]["title"]["text"] == per
    assert tuple(numbers(trace(chart, name)["x"])[-1] for name in RUNS) == ends
    losses = [numbers(trace(chart, name)["customdata"])[0, 3] for name in RUNS]
    assert losses[0] == losses[1] == losses[2]
    assert all(numbers(trace(chart, name)["customdata"])[-1, 0] == 600 for name in RUNS)


def test_twenty_examples_are_about_twenty_times_faster():
    rows = {row[0]: row for row in table(lesson(PAGE))}
    assert [rows[name][1] for name in RUNS] == ["30", "120", "600"]
    assert [rows[name][2] for name in RUNS] == ["600"] * 3
    full, one = (int(rows[name][4]) for name in (RUNS[0], RUNS[2]))
    assert 10 < full / one < 40


def test_the_same_seed_replays_and_another_one_does_not():
    paths = [numbers(trace(charts(lesson(PAGE, seed=seed))["contour"], RUNS[2])["x"]) for seed in ("3", "3", "4")]
    np.testing.assert_array_equal(paths[0], paths[1])
    assert not np.array_equal(paths[0], paths[2])


def noise_ball(**link: str) -> float:
    """The distance from the minimum in the last epoch of single examples."""
    return float({row[0]: row for row in table(lesson(PAGE, epochs="40", **link))}["One example"][5])


def test_a_decaying_rate_quiets_the_noise_and_so_does_noiseless_data():
    loud = noise_ball(rate="0.1")
    assert noise_ball(rate="0.1", law="Inverse time") < loud / 2
    assert noise_ball(rate="0.1", noise="0.0") < loud / 100
    assert noise_ball(rate="0.02") < loud


def test_a_larger_batch_has_less_noise():
    distances = []
    for size in ("2", "10"):
        rows = {row[0]: row for row in table(lesson(PAGE, batch=size, rate="0.1", epochs="60"))}
        distances.append(float(rows["Mini-batch"][5]))
    assert distances[1] < distances[0]


def test_the_price_of_the_mean_is_told():
    assert "√5 times less" in said(lesson(PAGE))


@pytest.mark.parametrize("value", ["nan", "inf", "-5", "1e308", "abc", ""])
@pytest.mark.parametrize("key", ["batch", "epochs", "seed", "rate", "per", "law"])
def test_nonsense_in_the_link_leaves_the_page_whole(key, value):
    assert set(charts(lesson(PAGE, **{key: value}))) == {"contour", "loss", "cloud"}


@pytest.mark.parametrize(("model", "count", "epochs"), [("Line", 4000, 5), ("Tanh neuron", 4000, 3)])
def test_many_examples_are_swept_less_often_the_longer_an_update_takes(model, count, epochs):
    app = lesson(PAGE, model=model, data="Your own data", epochs="100")
    app.session_state[f"{PAGE}.own way"] = "Pasted text"
    app.session_state[f"{PAGE}.own text"] = "\n".join(f"{place % 7 - 3},{place % 5 - 2}" for place in range(count))
    assert table(answered(app))[2][1] == str(epochs * count)
