"""The page on stochastic descent: three runs from one start, counted in updates, examples and epochs."""

import numpy as np
import pytest

from lessons.problems import Choice, problem_of
from lessons.stochastic_descent import (
    COST,
    FULL,
    MINI,
    NOISE,
    ONE,
    compared,
    cost_in_brief,
    distance_in_words,
    noise_in_brief,
    sample_spread,
    speed_in_words,
    spread_in_words,
)
from optimizers import OPTIMIZERS, SCHEDULES
from optimizers.numbers import number
from tests.hands import assert_hand_agrees
from tests.lesson_pages import lesson, said
from tests.playground import answered, charts, numbers, table, trace

pytestmark = pytest.mark.slow

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
    assert "√5 times less" in said(lesson(PAGE, view=NOISE))


# What is said, over many settings


def comparison(model="linear_neuron", rate=0.05, start=None, size=5, epochs=20, again=False, noise=0.8, law="Constant"):
    """The three runs of one setting."""
    risk = problem_of(Choice(model, "plane" if model == "linear_neuron" else model, noise=noise)).risk
    rule = OPTIMIZERS["GradientDescent"](learning_rate=rate, schedule=SCHEDULES[law]())
    begin = risk.start if start is None else np.array(start)
    return compared(risk, rule, begin, size=size, epochs=epochs, again=again)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (lambda: comparison(), "Single examples closed 90 % of the gap after"),
        (lambda: comparison(rate=1e-6), "Neither single examples nor the full batch closed 90 % of the gap."),
        (lambda: comparison(epochs=2), "examples, the full batch did not."),
        (lambda: comparison(rate=1.2), "The full batch closed 90 % of the gap after"),
    ],
)
def test_who_closed_the_gap_sooner_is_told(known, words):
    assert words in speed_in_words(known())


def test_each_run_is_told_in_brief_by_what_it_needed_and_where_it_ended():
    known = comparison(rate=0.3)
    assert cost_in_brief(known, ONE) == f"near after {known.needed(ONE)} examples."
    assert noise_in_brief(known, FULL) == f"{number(known.away(FULL), 3)} from the minimum."
    assert cost_in_brief(comparison(rate=1e-6), MINI) == "never comes near."
    assert cost_in_brief(comparison(start=known.risk.minima[0]), FULL) == "begins at the minimum."
    assert noise_in_brief(comparison(rate=1e200), ONE) == "ends beyond all numbers."


@pytest.mark.parametrize(("view", "brief"), [(COST, cost_in_brief), (NOISE, noise_in_brief)])
def test_each_part_says_of_every_run_what_it_is_about(view, brief):
    app = lesson(PAGE, view=view, rate="0.05", epochs="20")
    for name in RUNS:
        assert f"{name} {brief(comparison(), name)}" in said(app)


@pytest.mark.parametrize("view", [COST, NOISE])
def test_while_a_slider_moves_the_runs_that_it_changes_wait(view):
    app = lesson(PAGE, view=view)
    assert_hand_agrees(app, {"batch": 2}, {f"{PAGE}.batch": 2}, waiting=[MINI])
    assert_hand_agrees(app, {"rate": 0.1}, {f"{PAGE}.rate": 0.1}, waiting=RUNS)


def test_at_the_minimum_there_is_no_gap_and_without_a_known_one_no_sentence():
    minimum = comparison().risk.minima[0]
    assert "no gap to close" in speed_in_words(comparison(start=minimum))


def test_the_distance_is_to_the_minimum_at_which_the_run_is():
    """Two weights in a chain have two minima, one the negative of the other."""
    risk = problem_of(Choice("two_weight_chain", "two_weight_chain")).risk
    first, *others = risk.minima
    assert others
    np.testing.assert_allclose(others[0], -first, atol=1e-6)
    ends = [comparison("two_weight_chain", rate=0.1, start=sign * first + 0.1).away(ONE) for sign in (1, -1)]
    assert max(ends) < 1
    assert comparison("two_weight_chain", rate=0.1, start=-first).away(FULL) == pytest.approx(0, abs=1e-6)


def test_the_price_is_noise_only_where_there_is_noise():
    assert "The price is the noise: in the last epoch single examples were" in distance_in_words(comparison(rate=0.3))
    for quiet in (
        comparison(rate=0.3, noise=0.0, epochs=60),
        comparison(rate=0.001),
        comparison("line_fit", rate=1e-7),
    ):
        assert distance_in_words(quiet).startswith("In the last epoch single examples were")
    assert distance_in_words(comparison(rate=1e3)) == ""


@pytest.mark.parametrize("rate", [0.8, 1.0, 1.2])
def test_a_run_that_diverges_is_not_said_to_pay_for_noise(rate):
    known = comparison(rate=rate)
    away = [known.away(ONE, epoch) for epoch in (9, 19)]
    assert "The price is the noise" not in distance_in_words(known) or away[1] <= 3 * away[0]
    assert away[1] > 3 * away[0] or rate == 0.8


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("size", [2, 5, 13, 20])
@pytest.mark.parametrize("model", ["linear_neuron", "line_fit"])
def test_the_spread_of_a_sample_is_that_of_many_samples(model, size, again):
    known = comparison(model, rate=1e-6, size=min(size, 10 if model == "line_fit" else 20), again=again, epochs=1)
    risk, size = known.risk, known.size
    slopes = risk.example_gradients(risk.start)
    random = np.random.default_rng(0)
    drawn = np.array([random.choice(risk.count, size, replace=again) for _ in range(4000)])
    total = slopes[:, drawn].mean(axis=-1) if risk.reduction == "mean" else slopes[:, drawn].sum(axis=-1)
    measured = np.sqrt(total.var(axis=1).sum())
    assert sample_spread(known, slopes) == pytest.approx(measured, rel=0.05, abs=1e-9 * np.abs(slopes).max() * size)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (lambda: comparison(again=True), "drawn with replacement, spreads by"),
        (lambda: comparison(), "√5 times less, and less again because none comes twice"),
        (lambda: comparison(size=20), "spreads by 0: it is always the mean of all"),
        (lambda: comparison("line_fit", rate=1e-7), "A sum of 5 examples, drawn without replacement, spreads by"),
        (lambda: comparison(rate=1e200), "ended beyond all numbers"),
    ],
)
def test_how_a_sample_spreads_is_told_for_the_draws_of_the_page(known, words):
    text = spread_in_words(known(), ONE)
    assert words in text
    assert "A mean of 1 " not in spread_in_words(comparison(size=1), ONE)


@pytest.mark.parametrize(
    ("link", "words"),
    [({}, "without replacement"), ({"again": "true"}, "with replacement"), ({"rate": "0.28"}, "noise: in")],
)
def test_the_page_says_what_was_computed(link, words):
    assert words in said(lesson(PAGE, **link, view=NOISE))


@pytest.mark.parametrize("value", ["nan", "inf", "-5", "1e308", "abc", ""])
@pytest.mark.parametrize("key", ["batch", "epochs", "seed", "rate", "per", "law"])
def test_nonsense_in_the_link_leaves_the_page_whole(key, value):
    assert set(charts(lesson(PAGE, **{key: value}))) == {"contour", "loss"}
    assert set(charts(lesson(PAGE, **{key: value}, view=NOISE))) == {"contour", "cloud"}


@pytest.mark.parametrize(("model", "count", "epochs"), [("Line", 4000, 5), ("Tanh neuron", 4000, 3)])
def test_many_examples_are_swept_less_often_the_longer_an_update_takes(model, count, epochs):
    app = lesson(PAGE, model=model, data="Your own data", epochs="100")
    app.session_state[f"{PAGE}.own way"] = "Pasted text"
    app.session_state[f"{PAGE}.own text"] = "\n".join(f"{place % 7 - 3},{place % 5 - 2}" for place in range(count))
    assert table(answered(app))[2][1] == str(epochs * count)
