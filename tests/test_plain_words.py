"""Formulas in sentences, without anything that draws them."""

import pytest

from lessons.plain_words import plain_words
from surfaces import parse
from tests.formulas import GOOD


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("no formula", "no formula"),
        (r"Where $\theta_{1} = 0$, and $\theta_2$.", "Where θ₁ = 0, and θ₂."),
        (r"$\theta_{1}^{2} - \theta_{2}$", "θ₁^2 - θ₂"),
        (r"$\theta_{1} - 2 \, \theta_{2} = 0$", "θ₁ - 2 θ₂ = 0"),
        (r"$\frac{\theta_{1}}{2} + \frac{\theta_{1} + 1}{\theta_{2}}$", "θ₁/2 + (θ₁ + 1)/θ₂"),
        (r"$\cos{\left(\theta_{1} \right)}$", "cos (θ₁ )"),
        (r"$e^{\theta_{1} + \theta_{2}}$", "e^(θ₁ + θ₂)"),
        (r"$\sqrt{\theta_{1}^{2} + 1}$", "√(θ₁^2 + 1)"),
        (r"$\operatorname{sign}{\left(\theta_{1} \right)}$", "sign(θ₁ )"),
    ],
)
def test_a_formula_is_plain_text(text, plain):
    assert plain_words(text) == plain


@pytest.mark.parametrize("text", GOOD)
def test_what_is_said_of_typed_formulas_has_no_signs_of_latex(text):
    said = plain_words(parse(text).lesson)
    assert not {*"$\\{}"} & {*said}, said
