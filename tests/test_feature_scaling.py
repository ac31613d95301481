"""The page on feature scaling: the lecture's numbers, both descents, and columns that cannot be scaled."""

import re

import numpy as np
import pytest

from lessons.feature_scaling import conditions_in_words, end_in_words
from lessons.scaling import Curvature
from tests.hands import assert_hand_agrees
from tests.lesson_pages import lesson, said
from tests.playground import answered, charts, live_sliders, numbers, table, trace, verdict_line

pytestmark = pytest.mark.slow

PAGE = "feature_scaling"


def plain(text: str) -> str:
    return text.replace("−", "-")


def test_the_lecture_raw_and_standardised():
    app = lesson(PAGE)
    raw, scaled = [[plain(cell) for cell in row] for row in table(app)]
    assert float(raw[1]) == pytest.approx(3.134e5)
    assert float(raw[2]) == pytest.approx(1.14493e-6)
    assert float(scaled[1]) == pytest.approx(1)
    assert float(scaled[2]) == pytest.approx(0.1)
    found = re.search(r"ends at b = (\S+) and w = (\S+)\.", plain(said(app)))
    assert [float(number) for number in found.groups()] == pytest.approx([-188.433197, 2.669455], abs=1e-6)


def test_the_scaled_path_is_mapped_back_onto_the_raw_map():
    drawn = charts(lesson(PAGE))
    back, path = (trace(drawn[name], "Standardised") for name in ("raw", "scaled"))
    assert [back["x"][0], back["y"][0]] == pytest.approx([-120, -4])
    assert [back["x"][-1], back["y"][-1]] == pytest.approx([-188.433197, 2.669455], rel=1e-5)
    assert len(path["x"]) == len(back["x"])
    losses = [numbers(found["customdata"])[:, 3] for found in (back, path)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_the_same_rate_for_both_is_used_for_both():
    rows = table(lesson(PAGE, rates="the same for both", rate="0.05"))
    assert [row[3] for row in rows] == ["0.05", "0.05"]


def test_while_the_rate_of_both_moves_both_runs_wait():
    app = lesson(PAGE, rates="the same for both")
    assert_hand_agrees(app, {"rate": 0.05}, {f"{PAGE}.rate": 0.05}, waiting=["Raw", "Standardised"])


def test_where_each_has_its_own_rate_the_slider_is_a_share_of_it():
    app = lesson(PAGE)
    assert [*live_sliders(app)] == [f"{PAGE}.share"]
    best = [float(plain(row[3])) for row in table(app)]
    used = [float(plain(row[3])) for row in table(lesson(PAGE, share="0.5"))]
    assert used == pytest.approx([rate / 2 for rate in best], rel=1e-5)


def test_while_the_share_moves_both_runs_wait():
    hand = {"share": 0.5}, {f"{PAGE}.share": 0.5}
    assert_hand_agrees(lesson(PAGE), *hand, waiting=["Raw", "Standardised"])


def test_a_link_brings_a_rate_that_is_not_in_use():
    app = lesson(PAGE, rate="0.05", rates="each its own best")
    assert not app.warning
    assert app.session_state[f"{PAGE}.rate"] == 0.05


def test_what_became_of_both_runs_is_said():
    assert re.search(r"^Raw .*\nStandardised Converged", verdict_line(lesson(PAGE)))


def test_two_inputs_of_unlike_size_become_alike():
    app = lesson(PAGE, model="Linear neuron", data="Two inputs, one of them 100 times as large")
    raw, scaled = (float(plain(row[1])) for row in table(app))
    assert raw > 1000 * scaled
    assert not app.warning


def pasted(text: str):
    """The page with this text as the student's own data."""
    app = lesson(PAGE, data="Your own data")
    app.session_state[f"{PAGE}.own way"] = "Pasted text"
    app.session_state[f"{PAGE}.own text"] = text
    return answered(app)


@pytest.mark.parametrize(
    ("raw", "scaled", "words"),
    [
        ((1, 50), (1, 5), "Scaling made the condition number 10 times smaller."),
        ((1, 5), (1, 10), "Scaling made the condition number 2 times larger."),
        ((1, 5), (1, 5.1), "Scaling hardly changed the condition number."),
        ((0, 5), (0, 5), "One direction is flat before and after"),
        ((0, 5), (1, 5), "Raw, one direction is flat"),
        ((1, 5), (0, 5), "Scaling made one direction flat"),
    ],
)
def test_what_scaling_did_to_the_condition_is_said_whichever_way_it_went(raw, scaled, words):
    text = conditions_in_words(Curvature(*map(float, raw)), Curvature(*map(float, scaled)))
    assert text.startswith(words)
    assert "inf" not in text


def test_a_path_beyond_all_numbers_ends_nowhere():
    assert end_in_words(np.array([np.nan, 1.0]), ("b", "w")) == "The scaled path diverges."
    assert end_in_words(np.array([1.0, -2.5]), ("b", "w")).endswith("ends at b = 1 and w = −2.5.")


@pytest.mark.parametrize(
    ("rows", "kappas", "words"),
    [
        ("0, 1\n1, 2", ["6.854", "1"], "condition number 6.85 times smaller"),
        ("1e-9, 1\n2e-9, 3\n5e-9, 4", ["∞", "1"], "Raw, one direction is flat"),
    ],
)
def test_two_points_and_tiny_inputs_have_their_sentence(rows, kappas, words):
    app = pasted(rows)
    assert [row[1] for row in table(app)] == kappas
    assert words in said(app)


def test_a_constant_column_is_a_sentence():
    app = pasted("2, 1\n2, 3\n2, 4")
    assert any("Its standard deviation is 0" in warning.value for warning in app.warning)
    assert not charts(app)


def test_pasted_data_are_used_when_every_row_is_good_and_named_when_one_is_not():
    app = pasted("0, 1\n100, 3\n200, 4")
    assert "3 examples are used." in said(app)
    good = charts(app)["raw"]["layout"]["xaxis"]["range"]
    app.session_state[f"{PAGE}.own text"] = "0, 1\n100, three"
    answered(app)
    assert "Row 2, column 2 cannot be used: “three” is not a number." in said(app)
    assert charts(app)["raw"]["layout"]["xaxis"]["range"] == good


@pytest.mark.parametrize("value", ["nan", "inf", "-5", "abc", ""])
@pytest.mark.parametrize("key", ["rate", "rates", "steps", "theta1", "data"])
def test_nonsense_in_the_link_leaves_the_page_whole(key, value):
    assert set(charts(lesson(PAGE, **{key: value}))) == {"raw", "scaled", "loss"}


def test_a_start_too_far_away_is_a_sentence():
    assert any("too far away" in warning.value for warning in lesson(PAGE, theta2="1e308").warning)
