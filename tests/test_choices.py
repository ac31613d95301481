"""The surfaces that a page offers: typed formulas travel in links, and a session lists them."""

import math

import pytest
from streamlit.testing.v1 import AppTest

from lessons.presets import presets_for
from lessons.settings import LONGEST_VALUE, Settings, decoded, encoded
from surfaces import SURFACES
from surfaces.names import is_typed, typed_name
from tests.formulas import GOOD, HOSTILE
from tests.playground import opened, settings_of, table, warnings
from ui.choices import MOST_TYPED, surface_names
from ui.downloads import script

pytestmark = pytest.mark.slow


# The link


@pytest.mark.parametrize("text", GOOD)
def test_a_typed_formula_travels_in_the_link(text):
    name = typed_name(text)
    settings = Settings(surface=name, start=(0.25, -1.5), learning_rate=0.05)
    assert decoded(encoded(settings)) == (settings, [])
    framed = Settings(surface=typed_name(text, ((0.5, 3.0), (-1.0, 2.0))), start=(1.0, 1.0))
    assert decoded(encoded(framed)) == (framed, [])


def test_a_formula_may_be_longer_than_other_values():
    text = "+".join(f"{k}.123456x^2" for k in range(10, 32))
    assert len(text) > LONGEST_VALUE
    settings = Settings(surface=typed_name(text), start=(1.0, 1.0))
    assert decoded(encoded(settings)) == (settings, [])


def test_a_broken_formula_in_a_link_is_one_sentence():
    for text in HOSTILE[::7]:
        settings, complaints = decoded({"surface": f"= {text}"})
        assert settings == Settings()
        assert len(complaints) == 1


def test_the_script_reads_the_formula_again():
    text = "x^2 + |y - 1|"
    made = script(Settings(surface=typed_name(text, ((-1.0, 1.0), (0.0, 2.0))), optimizers=("GradientDescent",)))
    assert f"parse({text!r})" in made
    assert "SURFACES" not in made
    exec(compile(made, "script", "exec"), {})


@pytest.mark.parametrize("text", ["x^2 + 3xy", "|x|", "ln(x) + y", "1/x", "x", "e^(x^4)"])
def test_presets_of_a_formula_are_settings(text):
    for preset in presets_for(typed_name(text)):
        assert preset.applied().surface == typed_name(text)
        assert preset.applied().learning_rate > 0
        assert math.isfinite(preset.applied().learning_rate)


# On the pages


GAPS = ["x^2 + y^2", "ln(x) + y^2", "1/x + y", "|x| + |y|", "x^y", "sqrt(1-x^2-y^2)", "x", "max(x, y, 1)", "tan(x) + y"]
FAR = ["1e100 x", "1e-100 x + y", "e^(x^4)", "(x+y+1)^100", "123456789 + x", "relu(x)", "x^2/1e10 + y^2", "ln(x-100)"]


@pytest.mark.parametrize("text", GAPS + FAR)
def test_the_playground_draws_any_formula(text):
    name = typed_name(text)
    app = opened({"surface": name, "optimizers": "GradientDescent,Adam,Newton,BFGS,LineSearch"})
    assert settings_of(app).surface == name
    assert warnings(app) == []
    assert len(table(app)) == 5
    assert name in app.selectbox(key="surface").options


def test_where_the_loss_is_not_real_is_said_on_the_playground():
    app = opened({"surface": "= ln(x) + |y|"})
    said = " ".join(caption.value for caption in app.caption)
    assert "real only where" in said
    assert "slope jumps" in said
    assert any("no value" in row[1] for row in table(opened({"surface": "= ln(x) + y", "learning_rate": "1"})))


def test_a_path_that_settles_at_the_only_minimum_is_not_told_to_look_elsewhere():
    rows = table(opened({"surface": "= x^2 + y^2", "learning_rate": "0.1", "optimizers": "GradientDescent"}))
    assert rows[0][1].startswith(("Converged to a minimum", "Settling at a minimum"))


def _names() -> None:
    import streamlit as st

    from ui.choices import offer, surface_names

    for k in range(30):
        offer(f"= x^{k + 2}")
        if k == 3:
            st.session_state["shown"] = f"= x^{k + 2}"
    st.session_state["names"] = surface_names()


def test_a_session_lists_its_formulas_but_not_without_end():
    app = AppTest.from_function(_names).run()
    typed = [name for name in app.session_state["names"] if is_typed(name)]
    assert len(typed) <= MOST_TYPED
    assert "= x^31" in typed
    assert "= x^5" in typed
    # What was typed last is on top.
    assert app.session_state["names"] == [*typed, *SURFACES]
    assert typed[0] == "= x^31"
    assert list(SURFACES) == surface_names()
