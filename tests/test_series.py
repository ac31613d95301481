"""A Taylor polynomial as LaTeX: exact where the centre is recognised, with decimals elsewhere."""

import math

import pytest
import sympy

from surfaces.curves import CURVES
from ui.series import recognised, series_latex


@pytest.mark.parametrize(
    ("center", "exact"),
    [(math.pi / 4, sympy.pi / 4), (0.785398, sympy.pi / 4), (-math.pi, -sympy.pi), (2.0, 2), (0.3, 0.3)],
)
def test_known_centres_are_exact(center, exact):
    assert recognised(center) == exact
    assert isinstance(recognised(center), sympy.Expr) == (center != 0.3)


def test_the_lectures_sine():
    text = series_latex(CURVES["sine"].coefficients(recognised(math.pi / 4), 2), math.pi / 4)
    assert r"\frac{\sqrt{2}}{2}" in text
    assert r"\left(x - \frac{\pi}{4}\right)^{2}" in text
    assert r"- \frac{\sqrt{2}}{4}" in text


def test_decimals_zeros_and_signs():
    text = series_latex(CURVES["exponential"].coefficients(recognised(-0.5), 2), -0.5)
    assert "0.6065" in text
    assert r"\left(x + 0.5\right)" in text
    assert series_latex((sympy.S.Zero,), 0.0).count("0") == 1
    cosine = series_latex(CURVES["cosine_wave"].coefficients(recognised(0.0), 4), 0.0)
    assert "x^{2}" in cosine
    assert "x^{3}" not in cosine
    assert r"10^{-5}" in series_latex((sympy.Float("0.0000123"),), 0.3)


@pytest.mark.parametrize("name", CURVES)
def test_every_order_of_every_curve_has_a_text(name):
    for center in (float(CURVES[name].center), 0.37):
        for order in range(11):
            assert series_latex(CURVES[name].coefficients(recognised(center), order), center).startswith(r"\begin")
