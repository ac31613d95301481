"""What is said of gaps, poles and corners: only where they are, and only what is true beside them."""

import pytest

from surfaces import parse

pytestmark = pytest.mark.slow


def said(text: str) -> str:
    return " ".join(parse(text).remarks())


@pytest.mark.parametrize(
    "text",
    [
        "1/x",
        "x^-2 + y",
        "1/(x - 0.1234)^2 + y^2",
        "1/((x - 0.123)^2 + (y - 0.2)^2)",
        "1/|x|",
        "1/sqrt(x)",
        "1/(x^2 - 2)",
    ],
)
def test_a_loss_that_grows_without_bound_is_huge_beside_the_pole(text):
    assert "the loss is huge" in said(text)


@pytest.mark.parametrize("text", ["sin(x)/x + y^2", "(x^2 - y^2)/(x - y)", "x/|x| + y^2"])
def test_a_loss_that_stays_finite_is_not_huge(text):
    assert "has no value. Beside it, the loss is finite" in said(text)


@pytest.mark.parametrize(
    "text", ["x/x + y", "x^2/x + y", "1/(1 + x^2)", "1/(1e-6 + x^2)", "1/(1/x) + y", "e^(-1/x^2) + y^2"]
)
def test_where_there_is_a_value_there_is_no_pole(text):
    assert "divides by zero" not in said(text)


@pytest.mark.parametrize(
    "text",
    ["sqrt(x^2)", "(x^2)^0.5 + y", "sqrt(x^2 + y^2)", "sqrt((x - 0.1234)^2 + (y - x)^2)", "sqrt(x^2 y)"],
)
def test_a_root_that_touches_zero_has_a_corner(text):
    assert "slope jumps" in said(text)


@pytest.mark.parametrize("text", ["sqrt(x) + y", "sqrt(1 + x^2)", "sqrt(1e-6 + x^2)", "(x^2)^1.5", "|x|^2.5 + y"])
def test_a_root_that_does_not_has_none(text):
    assert "slope jumps" not in said(text)


@pytest.mark.parametrize("text", ["ln|x|", "1/|x|", "x ln|x|", "|1/x| + y"])
def test_a_pole_is_no_corner(text):
    assert "jumps" not in said(text)


@pytest.mark.parametrize("text", ["ln(x^2)", "ln((x - 0.1234)^2 + y^2)", "ln|x|"])
def test_one_point_or_line_without_a_value_is_no_share_of_the_picture(text):
    assert "%" not in said(text)
    assert "at a point or along a line" in said(text)


@pytest.mark.parametrize(
    ("text", "share"), [("ln(xy)", "about 50 %"), ("sqrt(1 - x^2) + y", "about 28 %"), ("x^y", "about 50 %")]
)
def test_the_share_without_a_value_is_named(text, share):
    assert share in said(text)


@pytest.mark.parametrize(
    "text", ["(x^2)^(1/3)", "sqrt|x| + y", "|x|^(1/3)", "sqrt(max(0, x)) + y^2", "sqrt(max(0, 1-x^2-y^2))"]
)
def test_a_slope_that_grows_without_bound_is_no_jump(text):
    assert "the slope is infinite" in said(text)
    assert "jumps" not in said(text)


@pytest.mark.parametrize("text", ["|x|^1.5 + y", "max(0, x)^1.5", "(x^2 + y^2)^0.75", "max(0, 1-x)^1.2 + y^2"])
def test_a_curvature_that_grows_without_bound_is_named(text):
    assert "the curvature is infinite" in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "sqrt|x| + y",
        "|x|^(1/3)",
        "sqrt(relu(xy))",
        "max(0,x)^2/(1+|x|)",
        "sqrt(max(0,x-y)) y",
        "max(0,x) + relu(x) + |2x|",
    ],
)
def test_one_place_has_one_remark(text):
    assert len(parse(text).remarks()) == 1


@pytest.mark.parametrize(
    "text", ["|x| + |y|", "x |x| + sqrt(x^2 + y^2)", "max(0, 1 - sqrt(x^2+y^2))^2", "max(x, 0) + |x - y|"]
)
def test_two_places_or_two_causes_have_two(text):
    assert len(parse(text).remarks()) == 2


def test_zero_to_a_positive_power_is_a_value():
    assert "about 25 %" in said("max(0,x)^y")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("atan(1/x) + y^2", "divides by zero: the loss jumps"),
        ("tanh(1/x) + y", "divides by zero: the loss jumps"),
        ("1/(1 + exp(1/x)) + y^2", "divides by zero: the loss jumps"),
        ("exp(-1/x) + y", "divides by zero: beside it the loss is huge on one side"),
        ("sqrt(1 - cos(x)) + y", "there is a corner"),
        ("sqrt((x + y)^2)", "there is a corner"),
    ],
)
def test_a_jump_or_a_corner_that_a_part_hides_is_said(text, words):
    assert words in said(text)
