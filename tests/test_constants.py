"""The constants of a typed formula: a slider and a number field that move the surface, the link and its name."""

import numpy as np
import pytest

from lessons.settings import Settings, decoded, encoded
from surfaces import parse
from surfaces.names import is_typed, surface_of
from tests.lesson_pages import lesson
from tests.playground import answered, charts, numbers, trace, warnings

pytestmark = pytest.mark.slow

KEY = "own_surface"


def slid(app, name: str, value: float):
    app.slider(key=f"{KEY}.constant.{name} slider").set_value(value)
    return answered(app)


def assert_drawn(app, loss) -> None:
    """The heights in the picture rise with this loss: they are spaced by its logarithm."""
    heights, points = drawn(app)
    order = np.argsort(loss(*points), axis=None)
    assert np.diff(heights.ravel()[order]).min() > -1e-5
    assert np.ptp(heights) > 0.1


def drawn(app) -> tuple[np.ndarray, np.ndarray]:
    """The heights in the picture, and the points."""
    picture = trace(charts(app)["contour"], "surface")
    return np.array(numbers(picture["z"])), np.stack(np.meshgrid(picture["x"], picture["y"]))


def test_a_slider_moves_the_surface_and_the_selectors_hold_one_of_it():
    app = lesson(KEY, formula="a x^2 + b y^2")
    assert [app.session_state[f"{KEY}.constant.{name}"] for name in "ab"] == [1, 1]
    frame = charts(app)["contour"]["layout"]["xaxis"]["range"]
    for value in (2.0, 3.0, -1.0):
        app = slid(app, "a", value)
        assert warnings(app) == []
    assert_drawn(app, lambda x, y: y**2 - x**2)
    assert charts(app)["contour"]["layout"]["xaxis"]["range"] == frame
    (name,) = filter(is_typed, app.session_state["_typed_formulas"])
    assert surface_of(name).constants == {"a": -1, "b": 1}
    assert app.latex[0].value.strip("$\n ").endswith(parse("a x^2 + b y^2").latex)
    link = {key.removeprefix(f"{KEY}."): value for key, value in app.query_params.items()}
    again = lesson(KEY, **link)
    assert app.text_input(key=f"{KEY}.constant.a typed").value == again.text_input(key=f"{KEY}.constant.a typed").value
    np.testing.assert_array_equal(drawn(again)[0], drawn(app)[0])


def test_the_values_behind_a_formula_are_those_of_its_fields():
    app = lesson(KEY)
    app.text_input(key=f"{KEY}.formula").set_value("a x^2 + c_1 y^2; a = 2, c_1 = 7.5")
    app = answered(app)
    assert app.session_state[f"{KEY}.constant.a"] == 2
    assert app.session_state[f"{KEY}.constant.c₁"] == 7.5
    app.text_input(key=f"{KEY}.constant.a typed").set_value("0,5")
    app = answered(app)
    assert app.slider(key=f"{KEY}.constant.a slider").value == 0.5
    assert_drawn(app, lambda x, y: 0.5 * x**2 + 7.5 * y**2)
    # Another formula with the same letter, and one that says another value.
    app.text_input(key=f"{KEY}.formula").set_value("a x^2 + y^2")
    app = answered(app)
    assert app.session_state[f"{KEY}.constant.a"] == 0.5
    app.text_input(key=f"{KEY}.formula").set_value("a x^2 + y^2; a = 4")
    assert answered(app).session_state[f"{KEY}.constant.a"] == 4


def test_a_value_for_which_there_is_no_surface_is_a_sentence_and_moves_nothing():
    app = lesson(KEY, formula="x^2/a + y^2; a = 2")
    before = drawn(app)[0]
    app = slid(app, "a", 0.0)
    assert warnings(app)[0].startswith("With a = 0: ")
    np.testing.assert_array_equal(drawn(app)[0], before)
    assert warnings(slid(app, "a", 1.0)) == []


@pytest.mark.parametrize("text", ["a x^2 + b y^2", "lam*x**2 + y; lam = 0.25", "\\alpha x^2 + y; α = -3"])
def test_the_link_of_the_playground_carries_the_constants(text):
    surface = parse(text)
    settings = Settings(surface=f"= {surface.text}", start=(1.0, 2.0))
    assert decoded(encoded(settings)) == (settings, [])
    assert surface_of(settings.surface).constants == surface.constants
