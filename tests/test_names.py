"""Surfaces by name: the catalogue and typed formulas come by the same door, and a name is checked wherever it comes
from."""

import numpy as np
import pytest

from surfaces import SURFACES, TypedSurface, names, parse
from surfaces.names import LONGEST_NAME, is_known, is_typed, surface_of, title_of_surface, typed_name
from tests.formulas import CODE

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
    before = names._is_known.cache_info().currsize
    assert not is_known("= " + "x" * LONGEST_NAME)
    assert names._is_known.cache_info().currsize == before


def test_the_mesh_of_a_formula_with_gaps_is_nan_in_them():
    surface = surface_of("= ln(x) @ -1, 1, -1, 1")
    values = surface.value(np.array([[-0.5, 0.5], [0, 0]]))
    assert np.isnan(values[0])
    assert np.isfinite(values[1])
