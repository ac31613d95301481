"""A student's own data: pasted, uploaded, chosen by columns, and carried by the link into a fresh browser."""

import base64
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from surfaces.tables import DataError, typed_rows
from tests.lesson_pages import lesson, said
from tests.playground import answered, charts, numbers, warnings
from ui.own_data import FIRST, LONGEST_IN_LINK, MOST_TEXT, TOO_LARGE, packed, unpacked

pytestmark = pytest.mark.slow

PAGES = ("neuron_surface", "sum_of_gradients", "stochastic_descent", "feature_scaling")
OWN = "Your own data"


def pasted(page: str, text: str, model: str = "line_fit") -> AppTest:
    """A page on which a student chooses a model and own data, and pastes a text."""
    app = lesson(page)
    for key, value in (("model", model), ("data", "own")):
        app.selectbox(key=f"{page}.{key}").set_value(value)
        answered(app)
    app.session_state[f"{page}.own way"] = "Pasted text"
    answered(app)
    app.text_area(key=f"{page}.own text").set_value(text)
    return answered(app)


def rows_of(app: AppTest) -> np.ndarray:
    """The examples in the picture of the data of the page with a neuron."""
    (found,) = [one for one in charts(app)["data"]["data"] if one["name"] == "examples"]
    return np.column_stack([numbers(found["x"]), numbers(found["y"])])


@pytest.mark.parametrize("page", PAGES)
def test_a_link_carries_own_data_into_a_fresh_browser(page):
    app = pasted(page, "0,5;1\n1,5;2,5\n3;3,5")
    assert warnings(app) == []
    link = {key.removeprefix(f"{page}."): value for key, value in app.query_params.items()}
    assert unpacked(link["rows"]) == (("0,5", "1"), ("1,5", "2,5"), ("3", "3,5"))
    fresh = lesson(page, **link)
    assert warnings(fresh) == []
    assert "3 examples are used. In column 1, “0,5” is read as 0.5." in said(fresh)
    assert charts(fresh) == charts(app)
    assert fresh.query_params == app.query_params


def test_a_link_carries_the_choice_of_columns():
    page = "sum_of_gradients"
    app = pasted(page, "city;size;rooms;price\nRome;50;2;145,000\nParis;60;3;200,500\nOslo;80;4;300,000")
    assert [box.value for box in app.selectbox if box.label in "xy"] == [1, 3]
    app.selectbox(key=f"{page}.x").set_value(2)
    answered(app)
    np.testing.assert_array_equal(rows_of(app), [[2, 145000], [3, 200500], [4, 300000]])
    link = {key.removeprefix(f"{page}."): value for key, value in app.query_params.items()}
    assert link["x"] == "3: rooms"
    fresh = lesson(page, **link)
    np.testing.assert_array_equal(rows_of(fresh), rows_of(app))
    assert warnings(fresh) == []


def test_a_column_that_is_chosen_twice_is_said_and_travels_in_the_link():
    page = "neuron_surface"
    app = pasted(page, "a;b;c\n1;2;3\n2;3;5")
    assert "the same column" not in said(app)
    app.selectbox(key=f"{page}.x").set_value(2)
    answered(app)
    link = {key.removeprefix(f"{page}."): value for key, value in app.query_params.items()}
    for seen in (app, lesson(page, **link)):
        assert "2 examples are used. x and y are the same column." in said(seen)


def test_a_table_with_other_columns_brings_its_usual_ones():
    page = "sum_of_gradients"
    app = pasted(page, "a;b;c\n1;2;3\n2;3;5")
    app.selectbox(key=f"{page}.x").set_value(1)
    answered(app)
    # A browser sends the link only when it opens a page.
    app.query_params = {key: text for key, text in app.query_params.items() if key != f"{page}.x"}
    app.text_area(key=f"{page}.own text").set_value("size;name;price\n1;A;30\n2;B;50")
    answered(app)
    np.testing.assert_array_equal(rows_of(app), [[1, 30], [2, 50]])
    assert f"{page}.x" not in app.query_params
    assert warnings(app) == []


def test_a_column_that_cannot_be_read_is_named_and_the_last_data_stay():
    page = "neuron_surface"
    app = pasted(page, "size;price;city\n50;145,000;Rome\n60;200,500;Paris")
    assert warnings(app) == [
        "Row 2, column 3 (city) cannot be used: “Rome” is not a number.",
        "Row 3, column 3 (city) cannot be used: “Paris” is not a number.",
    ]
    app.selectbox(key=f"{page}.y").set_value(1)
    assert warnings(answered(app)) == []
    assert "2 examples are used." in said(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("rows", [None, TOO_LARGE, "nonsense", "AAAA", "", "%%%"])
def test_a_link_without_its_data_says_so(page, rows):
    link = {"model": "Line", "data": OWN, **({} if rows is None else {"rows": rows})}
    app = lesson(page, **link)
    (warning,) = warnings(app)
    assert "this link" in warning.lower()
    assert warning.endswith("Type, paste or upload the data here. Until then, the page shows 4 points as an example.")
    app.session_state[f"{page}.own way"] = "Pasted text"
    app.session_state[f"{page}.own text"] = "1;2\n2;3\n3;5"
    assert warnings(answered(app)) == []
    assert "3 examples are used." in said(app)


def test_data_too_many_for_a_link_say_so_to_whoever_opens_it():
    drawn = np.random.default_rng(0).normal(size=(500, 2))
    app = pasted("neuron_surface", "\n".join(f"{x!r};{y!r}" for x, y in drawn.tolist()))
    assert app.query_params["neuron_surface.rows"] == TOO_LARGE
    assert warnings(app) == []


def test_a_single_example_is_one_example():
    assert "1 example is used." in said(pasted("neuron_surface", "1;2"))


def test_a_file_is_read_like_a_pasted_text():
    page = "neuron_surface"
    app = pasted(page, "")
    app.session_state[f"{page}.own way"] = "File"
    answered(app)
    app.file_uploader(key=f"{page}.own file").set_value(
        ("data.csv", "größe;y\n1,5;2\n−3;4\n".encode("utf-16"), "text/csv")
    )
    answered(app)
    assert "2 examples are used." in said(app)
    assert unpacked(app.query_params[f"{page}.rows"]) == (("größe", "y"), ("1,5", "2"), ("−3", "4"))


def test_other_data_take_the_own_data_out_of_the_link():
    app = pasted("neuron_surface", "1;2\n2;3")
    app.selectbox(key="neuron_surface.data").set_value("line_fit")
    answered(app)
    assert "neuron_surface.rows" not in app.query_params


@given(st.lists(st.lists(st.text(max_size=5), min_size=1, max_size=4), min_size=1, max_size=8))
def test_what_is_packed_is_unpacked_again(rows):
    cells = tuple(tuple(cell.replace("\0", "").replace("\r", "") for cell in row) for row in rows)
    text = packed(cells)
    assert text == TOO_LARGE or unpacked(text) == cells


def test_a_link_stays_short_and_nothing_large_comes_out_of_it():
    many = (("1", "2"),) * 100_000
    assert packed(many) == TOO_LARGE
    bomb = base64.urlsafe_b64encode(zlib.compress(b"1," * MOST_TEXT, 9)).decode().rstrip("=")
    for text in (bomb, "A" * (LONGEST_IN_LINK + 1), packed(FIRST[1])[:-4]):
        with pytest.raises(DataError, match=r"^The data in this link cannot be read\.$"):
            unpacked(text)


@given(st.text(max_size=200))
def test_any_text_in_a_link_is_cells_or_a_sentence(text):
    said = ""
    try:
        unpacked(text)
    except DataError as error:
        said = str(error)
    assert said == "The data in this link cannot be read." or typed_rows(text) is not None
