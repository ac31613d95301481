"""How a formula is read, and the sentences about what cannot be: they name what was typed, and nothing else."""

import pytest

from surfaces import ExpressionError, parse
from surfaces.syntax import Call, read


def reason(text: str) -> str:
    with pytest.raises(ExpressionError) as caught:
        read(text)
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("二x", "cjk unified ideograph-4e8c"),
        ("x + 😀", "grinning face (U+1F600)"),
        ("x\u0301", "combining acute accent (U+0301)"),
        ("x\ufe0f", "variation selector-16 (U+FE0F)"),
        ("x\u034fy", "combining grapheme joiner (U+034F)"),
        ("x \u20dd", "combining enclosing circle (U+20DD)"),
        ("٣x", "arabic-indic digit three (U+0663)"),
        ("x\u200by", "zero width space (U+200B)"),
        ("x → y", "'→'"),
    ],
)
def test_a_stranger_is_shown_or_named(text, name):
    assert name in reason(text)
    assert "?" not in reason(text)


@pytest.mark.parametrize("text", ["x\ufe0f", "x\u034fy", "x\u20dd"])
def test_what_cannot_be_seen_alone_is_not_printed(text):
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert text[1] not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "inverse"),
    [
        ("sin^-1(x)", "The inverse of sin is asin, and 1/sin(x)"),
        ("tan^-1(x)", "The inverse of tan is atan, and 1/tan(x)"),
        ("exp⁻¹(x)", "The inverse of exp is ln, and 1/exp(x)"),
        ("ln^-1 x", "The inverse of ln is exp, and 1/ln(x)"),
        ("relu^-1(x)", "relu(x)^n."),
    ],
)
def test_the_inverse_is_that_of_the_function_that_was_typed(text, inverse):
    assert inverse in reason(text)


@pytest.mark.parametrize("text", ["x|", "|x||", "|sin x|y|", "(x|)", "|x", "|", "||", "max(x|, y)"])
def test_a_bar_without_a_partner_is_named(text):
    assert "This bar | has no partner" in reason(text)


@pytest.mark.parametrize("text", ["ln x y", "lg x y", "arctan x y"])
def test_a_function_is_called_as_it_was_typed(text):
    assert f"belongs to {text.split()[0]}." in reason(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("log_2(x)", "log2"), ("log₂(x)", "log2"), ("log_10(x)", "log10"), ("log₁₀ x", "log10"), ("LOG2(x)", "log2")],
)
def test_the_base_of_a_logarithm_may_stand_below(text, name):
    tree = read(text)
    assert isinstance(tree, Call)
    assert tree.name == name
    assert parse(text).value((8, 0)) == parse(f"{name}(x)").value((8, 0))


@pytest.mark.parametrize("text", ["log25 x", "log100 + x", "log20 x + y", "log2.5x", "log₂5", "log_20(x)", "log_3(x)"])
def test_another_base_is_refused(text):
    assert reason(text)
