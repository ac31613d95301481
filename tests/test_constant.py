"""Formulas that are the same everywhere but for rounding are told from small ones that are not."""

import pytest

from surfaces import ExpressionError, parse


@pytest.mark.parametrize(
    "text",
    [
        "sin(x)^2 + cos(x)^2",
        "cos(x-y) - cos(x)cos(y) - sin(x)sin(y)",
        "cos(3x) - 4cos(x)^3 + 3cos(x)",
        "sin(x+y)^2 + cos(x+y)^2 + 3",
        "(x+y)^2 - x^2 - 2xy - y^2",
        "(x+y)^3 - x^3 - 3x^2 y - 3x y^2 - y^3",
        "cosh(x)^2 - sinh(x)^2",
        "1 + 1e-17 sin(x)",
        "tan(atan(x)) - x",
        "sigmoid(x) + sigmoid(-x)",
        "|x| - sqrt(x^2)",
        "max(x, y) + min(x, y) - x - y",
        "1e6 ((x-y)(x+y) - x^2 + y^2)",
    ],
)
def test_what_cancels_is_the_same_everywhere(text):
    with pytest.raises(ExpressionError, match="the same everywhere"):
        parse(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "1e-17 x",
        "1e-30 (x^2 + y^2)",
        "1e6 + 1e-6 x^2",
        "sin(x)^2 + cos(x)^2 + 1e-6 y",
        "max(0, x-50)",
        "e^(-x^2-y^2)",
        "1e-9 sin(x)",
        "x^2 - 1e9",
        "floor(x)",
        "tanh(x) - 1",
    ],
)
def test_what_is_small_but_varies_is_a_loss(text):
    assert parse(text).text == text
