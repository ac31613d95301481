"""Surfaces by name: the catalogue and typed formulas come by the same door, and a name is checked wherever it comes
from."""

import math

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from surfaces import SURFACES, TypedSurface, parse
from tests.formulas import CODE, GOOD, HOSTILE
from tests.playground import opened, settings_of, table, warnings
from ui import choices
from ui.choices import (
    LONGEST_NAME,
    MOST_TYPED,
    is_known,
    is_typed,
    surface_names,
    surface_of,
    title_of_surface,
    typed_name,
)
from ui.downloads import script
from ui.presets import presets_for
from ui.settings import LONGEST_VALUE, Settings, decoded, encoded

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", SURFACES)
def test_the_catalogue_is_known(name):
    assert surface_of(name) is SURFACES[name]
    assert is_known(name)
    assert not is_typed(name)


def test_a_formula_is_its_own_name():
    name = typed_name("  x^2 \n + 3xy ")
    assert name == "= x^2 + 3xy"
    assert is_known(name)
    assert surface_of(name).formula == parse("x^2 + 3xy").formula
    assert title_of_surface(name) == name


def test_a_domain_travels_in_the_name():
    name = typed_name("x^2 + 3xy", ((-5.0, 5.0), (-0.5, 3.25)))
    assert name == "= x^2 + 3xy @ -5, 5, -0.5, 3.25"
    surface = surface_of(name)
    assert isinstance(surface, TypedSurface)
    assert surface.domain == surface.view == ((-5, 5), (-0.5, 3.25))
    assert surface is surface_of(name)


@pytest.mark.parametrize(
    "name",
    [
        "nope",
        "",
        "=",
        "= ",
        "x^2",
        "= 9^9^9",
        "= x^2 @",
        "= x^2 @ 1, 2, 3",
        "= x^2 @ 1, 2, 3, 4, 5",
        "= x^2 @ 2, 1, 0, 1",
        "= x^2 @ 0, 0, 0, 1",
        "= x^2 @ 0, 1_0, 0, 1",
        "= x^2 @ ٠, ١, ٠, ١",
        "= x^2 @ ０, １, ０, １",
        "= x^2 @ 0x0, 1, 0, 1",
        "= x^2 @ nan, 1, 0, 1",
        "= x^2 @ -inf, inf, 0, 1",
        "= x^2 @ -1e300, 1e300, 0, 1",
        "= x^2 @ 1, 1.0000000001, 0, 1",
        "= x^2 @ __import__('os'), 1, 0, 1",
        "= x^2 @ 0, 1, 0, 1 @ 0, 1, 0, 1",
        "= " + "x+" * LONGEST_NAME + "x",
        *(f"= {text}" for text in CODE.strip().split("\n")),
    ],
)
def test_what_is_no_surface_is_not_known(name):
    assert not is_known(name)
    with pytest.raises(KeyError):
        surface_of(name)


@pytest.mark.parametrize("sides", ["-5,5,0,1", "-1e0, 1.5e1, .5, 2.", "+1, 2, -3, -0.5"])
def test_four_plain_numbers_are_a_domain(sides):
    left, right, bottom, top = map(float, sides.split(","))
    assert surface_of(f"= x^2 + y @ {sides}").domain == ((left, right), (bottom, top))


def test_what_is_too_long_for_a_name_is_not_kept():
    before = choices._is_known.cache_info().currsize
    assert not is_known("= " + "x" * LONGEST_NAME)
    assert choices._is_known.cache_info().currsize == before


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


def test_the_mesh_of_a_formula_with_gaps_is_nan_in_them():
    surface = surface_of("= ln(x) @ -1, 1, -1, 1")
    values = surface.value(np.array([[-0.5, 0.5], [0, 0]]))
    assert np.isnan(values[0])
    assert np.isfinite(values[1])
