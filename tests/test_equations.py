"""The equations of the rules: what they say is what was computed, and what is shown is what they say."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.equations import FUNCTIONS, SYMBOLS, Equation, number_latex
from optimizers.hyperparameters import defaults, hyperparameters
from surfaces import SURFACES
from tests.losses import Quadratic

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)
NEW_IN_THIS_UPDATE = ("beta1_power", "beta2_power", "note")


def symbols_of(rule) -> dict[str, str]:
    return {field: known.symbol for field, known in hyperparameters(rule).items()}


def equations() -> list:
    return [
        pytest.param(rule, equation, id=f"{name}-{number}-{equation.result}")
        for name, rule in OPTIMIZERS.items()
        for number, equation in enumerate(rule.equations, 1)
    ]


# What the equations say is what was computed


def known_before(rule, loss, path, update: int) -> dict:
    """All quantities that the equations of one update may use."""
    before = {entry: recorded[update] for entry, recorded in path.state.items()}
    after = {entry: recorded[update + 1] for entry, recorded in path.state.items()}
    searched = [equation.result for equation in rule.equations if not equation.expression]
    known = {
        **before,
        **{field: float(getattr(rule, field)) for field in hyperparameters(rule)},
        **{entry: after[entry] for entry in (*NEW_IN_THIS_UPDATE, *searched) if entry in after},
        "update": update,
        "theta": path.theta[update],
        "gradient": path.gradient[update],
        "hessian": loss.hessian(path.theta[update]),
    }
    rate = rule.learning_rate * rule.schedule(update)
    return {**known, "learning_rate": rate, "scheduled_learning_rate": rate}


def assert_equations_reproduce(rule, loss, steps: int, start=None) -> None:
    path = run(rule, loss, loss.start if start is None else start, steps)
    assert not path.diverged
    for update in range(steps):
        values = known_before(rule, loss, path, update)
        with np.errstate(all="ignore"):
            for equation in rule.equations:
                if equation.holds(values):
                    values[equation.result] = equation.evaluate(values)
        after = {"theta": path.theta[update + 1]} | {
            entry: recorded[update + 1]
            for entry, recorded in path.state.items()
            if entry in {equation.result for equation in rule.equations}
        }
        for entry, recorded in after.items():
            error = np.abs(values[entry] - recorded) / np.maximum(1, np.abs(recorded))
            assert np.all(error <= 1e-10), f"{entry} of update {update + 1}: {values[entry]}, but recorded {recorded}"


@every_rule
@pytest.mark.parametrize("surface", ["rosenbrock", "himmelblau", "ravine"])
def test_the_equations_in_order_give_the_recorded_next_point_and_state(name, surface):
    default = defaults(OPTIMIZERS[name])["learning_rate"]
    rules = (OPTIMIZERS[name](learning_rate=default / 10**power) for power in range(4))
    loss = SURFACES[surface]
    rule = next(rule for rule in rules if not run(rule, loss, loss.start, 60).diverged)
    assert_equations_reproduce(rule, SURFACES[surface], 60)


@every_rule
def test_the_equations_hold_with_other_hyperparameters(name):
    other = {
        field: known.low + 0.3 * (known.high - known.low) for field, known in hyperparameters(OPTIMIZERS[name]).items()
    }
    other["learning_rate"] = 0.003
    assert_equations_reproduce(OPTIMIZERS[name](**other), SURFACES["himmelblau"], 40)


@every_rule
@pytest.mark.parametrize(
    "schedule", [SCHEDULES["InverseSqrt"](), SCHEDULES["Cosine"](period=20)], ids=["falling", "ended"]
)
def test_the_equations_hold_under_a_schedule(name, schedule):
    rule = OPTIMIZERS[name](learning_rate=0.01, schedule=schedule)
    assert_equations_reproduce(rule, SURFACES["himmelblau"], 40)


@pytest.mark.parametrize(
    ("matrix", "note"), [([[3, 0], [0, -2]], 1), ([[1, 2], [2, 4]], 2), ([[0, 0], [0, 3]], 2), ([[0, 0], [0, 0]], 2)]
)
def test_the_equations_of_newton_hold_where_the_hessian_is_special(matrix, note):
    rule, loss = (
        OPTIMIZERS["Newton"](learning_rate=0.5),
        Quadratic(np.array(matrix, dtype=float), np.array([1.0, -0.5])),
    )
    assert (run(rule, loss, (2.0, 3.0), 20).state["note"][1:] == note).all()
    assert_equations_reproduce(rule, loss, 20, start=(2.0, 3.0))


def test_every_symbol_and_function_is_of_some_rule():
    rules = OPTIMIZERS.values()
    texts = " ".join(f"{e.result} {e.expression} {e.condition}" for rule in rules for e in rule.equations)
    used = set(re.findall(r"[a-z]\w*", texts)).union(*(rule().init(np.zeros(2)) for rule in rules))
    assert FUNCTIONS.keys() - used == set()
    assert SYMBOLS.keys() - used == set()


# Evaluation

VALUES = {
    "learning_rate": 0.5,
    "theta": np.array([1.0, -2.0]),
    "gradient": np.array([-3.0, 4.0]),
    "hessian": np.array([[2.0, 1.0], [1.0, 3.0]]),
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("theta - learning_rate * gradient", [2.5, -4]),
        ("-theta ** 2", [-1, -4]),
        ("(-theta) ** 2", [1, 4]),
        ("theta / learning_rate / 2", [1, -2]),
        ("theta - (gradient - theta)", [5, -8]),
        ("sqrt(abs(gradient + 2))", [1, np.sqrt(6)]),
        ("sign(gradient)", [-1, 1]),
        ("max(theta, gradient)", [1, 4]),
        ("times(hessian, gradient)", [-2, 9]),
        ("solve(hessian, gradient)", [-2.6, 2.2]),
        ("diagonal(hessian)", [2, 3]),
    ],
)
def test_evaluates_by_hand(expression, expected):
    result = Equation("theta", expression).evaluate(VALUES)
    np.testing.assert_allclose(result, expected, rtol=1e-15)
    assert result.shape == np.shape(expected)


def test_a_line_without_an_expression_has_the_value_that_was_found():
    line = Equation("step_length", "", remark="by search")
    assert line.evaluate({"step_length": np.float64(0.25)}) == 0.25


@pytest.mark.parametrize(
    ("condition", "holds"),
    [("", True), ("update > 3", False), ("update > 2", True), ("update <= 3", True), ("update <= 2", False)],
)
def test_a_condition_decides_whether_the_line_applies(condition, holds):
    assert Equation("theta", "theta", condition=condition).holds({"update": 3}) is holds


@pytest.mark.parametrize(
    "expression", ["theta @ gradient", "theta if update else 1", "[theta]", "theta.shape", "open(theta)"]
)
def test_refuses_what_is_not_an_equation(expression):
    with pytest.raises((ValueError, KeyError)):
        Equation("theta", expression).evaluate({**VALUES, "update": 1})


# What is shown is what the equation says


def brackets_balance(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    ends = [text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}") for name in ("pmatrix",)]
    return depth == 0 and len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text)) and all(ends)


@pytest.mark.parametrize(("rule", "equation"), equations())
def test_the_latex_of_a_line_is_complete(rule, equation):
    text = equation.latex(symbols_of(rule))
    left, arrow, right = text.partition(r" \leftarrow ")
    assert left == {**SYMBOLS, **symbols_of(rule)}[equation.result]
    assert arrow
    assert right
    assert brackets_balance(text)
    assert (r"\text{if" in text) == bool(equation.condition)
    assert equation.expression or equation.remark in right


@every_rule
def test_no_two_quantities_of_a_rule_share_a_symbol(name):
    rule = OPTIMIZERS[name]
    texts = " ".join(f"{e.result} {e.expression} {e.condition}" for e in rule.equations if e.expression)
    names = set(re.findall(r"[a-z]\w*", texts)) - FUNCTIONS.keys() - {"note"}
    symbols = {**SYMBOLS, **symbols_of(rule)}
    by_symbol = {}
    for quantity in names:
        by_symbol.setdefault(symbols[quantity], []).append(quantity)
    assert not {symbol: quantities for symbol, quantities in by_symbol.items() if len(quantities) > 1}


@every_rule
def test_the_last_line_that_moves_the_point_starts_from_the_point(name):
    moving = [equation for equation in OPTIMIZERS[name].equations if equation.result == "theta"]
    assert len(moving) == 1
    assert "theta" in re.findall(r"\w+", moving[0].expression)


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        ("theta - learning_rate * gradient", r"\theta \leftarrow \theta - \eta\,g"),
        ("theta - (gradient + theta)", r"\theta \leftarrow \theta - \left(g + \theta\right)"),
        ("(theta + 1) * gradient ** 2", r"\theta \leftarrow \left(\theta + 1\right)\,g^{2}"),
        ("learning_rate / (sqrt(theta) + 1)", r"\theta \leftarrow \frac{\eta}{\sqrt{\theta} + 1}"),
        ("theta / gradient ** 2 * 3", r"\theta \leftarrow \frac{\theta}{g^{2}}\,3"),
        ("(theta ** 2) ** 3", r"\theta \leftarrow \left(\theta^{2}\right)^{3}"),
        ("abs(gradient)", r"\theta \leftarrow \left|g\right|"),
        ("times(hessian, gradient)", r"\theta \leftarrow H\,g"),
        ("times(hessian, theta - gradient)", r"\theta \leftarrow H\,\left(\theta - g\right)"),
        ("solve(hessian, gradient)", r"\theta \leftarrow H^{-1}\,g"),
        ("-gradient", r"\theta \leftarrow -g"),
    ],
)
def test_latex_by_hand(expression, latex):
    assert Equation("theta", expression).latex({"learning_rate": r"\eta"}) == latex


def as_python(latex: str) -> str:
    """LaTeX read back the way a student reads it: fractions, roots and brackets group, products bind before sums."""
    while r"\frac" in latex or r"\sqrt" in latex:
        start = max(latex.rfind(r"\frac"), latex.rfind(r"\sqrt"))
        first, rest = group(latex[start + 5 :])
        if latex.startswith(r"\frac", start):
            second, rest = group(rest)
            latex = f"{latex[:start]}(({first})/({second})){rest}"
        else:
            latex = f"{latex[:start]}sqrt({first}){rest}"
    latex = re.sub(r"\\left\|", "abs(", latex).replace(r"\right|", ")")
    for shown, meant in ((r"\left(", "("), (r"\right)", ")"), (r"\,", "*"), (r"\cdot", "*"), ("^{", "**("), ("}", ")")):
        latex = latex.replace(shown, meant)
    return latex


def group(text: str) -> tuple[str, str]:
    """The inside of the braces at the beginning, and what follows them."""
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return text[1:position], text[position + 1 :]
    raise AssertionError(f"unbalanced: {text}")


LETTERS = {"a": np.float64(3.75), "b": np.float64(-1.25), "c": np.float64(0.625)}
formulas = st.recursive(
    st.sampled_from([*LETTERS, "2", "5"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda parts: "({} {} {})".format(*parts)),
        st.tuples(st.sampled_from(["({}) ** 3", "(-{})", "abs({})", "sqrt(abs({}))"]), inner).map(
            lambda parts: parts[0].format(parts[1])
        ),
    ),
    max_leaves=8,
)


def computed(latex: str) -> float:
    """The value of arithmetic in LaTeX, with LETTERS for the letters."""
    code = re.sub(r"(?<![\w.])(\d+(\.\d+)?)", r"float(\1)", as_python(latex))
    return eval(code, {"sqrt": np.sqrt, "float": np.float64, **LETTERS})


@settings(max_examples=300)
@given(formulas)
def test_latex_read_back_has_the_value_of_the_equation(formula):
    line = Equation("theta", formula)
    with np.errstate(all="ignore"):
        right = line.latex({name: name for name in LETTERS}).partition(r" \leftarrow ")[2]
        np.testing.assert_allclose(computed(right), line.evaluate(LETTERS), rtol=1e-9)


@settings(max_examples=300)
@given(formulas)
def test_the_line_with_numbers_is_arithmetic_that_comes_out(formula):
    line = Equation("theta", formula)
    with np.errstate(all="ignore"):
        expected = line.evaluate(LETTERS)
        (text,) = line.with_numbers(LETTERS, {})
        arithmetic, _, result = text.partition(r" \leftarrow ")[2].rpartition(" = ")
        np.testing.assert_allclose(computed(arithmetic), expected, rtol=1e-9)
    assert result == number_latex(float(expected))


def test_the_line_with_numbers_has_one_text_per_parameter():
    line = Equation("theta", "theta - learning_rate * gradient")
    assert line.with_numbers(VALUES, {"learning_rate": r"\eta"}) == [
        r"{\theta}_{1} \leftarrow 1 - 0.5 \cdot \left(-3\right) = 2.5",
        r"{\theta}_{2} \leftarrow -2 - 0.5 \cdot 4 = -4",
    ]


def test_the_line_with_numbers_shows_whole_vectors_where_they_are_multiplied():
    (text,) = Equation("newton_step", "solve(hessian, gradient)").with_numbers(VALUES, {})
    assert text == (
        r"p \leftarrow \begin{pmatrix}2 & 1 \\ 1 & 3\end{pmatrix}^{-1}\,\begin{pmatrix}-3 \\ 4\end{pmatrix}"
        r" = \begin{pmatrix}-2.6 \\ 2.2\end{pmatrix}"
    )


def test_a_searched_line_with_numbers_says_how_it_was_found():
    line = Equation("step_length", "", remark="by search")
    assert line.with_numbers({"step_length": np.float64(0.25)}, {}) == [r"a = 0.25 \quad\text{(by search)}"]


AWKWARD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e300, -1e-300, 123456.789, -2.0, 1.0, 1 / 3]
SHAPES = {
    **dict.fromkeys(("hessian", "inverse_hessian"), (2, 2)),
    **dict.fromkeys(("update", "step_length", "conjugacy", "scheduled_learning_rate"), ()),
    **dict.fromkeys(("beta1_power", "beta2_power", "momentum_product"), ()),
}


@pytest.mark.parametrize(("rule", "equation"), equations())
def test_any_numbers_give_complete_latex(rule, equation):
    for first in range(len(AWKWARD)):
        numbers = np.roll(AWKWARD, first)
        values = {name: np.resize(np.roll(numbers, i), SHAPES.get(name, (2,))) for i, name in enumerate(SYMBOLS)}
        values |= {field: np.roll(numbers, -i)[0] for i, field in enumerate(hyperparameters(rule))}
        with np.errstate(all="ignore"):
            texts = equation.with_numbers(values, symbols_of(rule))
        assert len(texts) in (1, 2)
        assert all(map(brackets_balance, texts))


@pytest.mark.parametrize(
    ("value", "digits", "latex"),
    [
        (0.0, 5, "0"),
        (1.0, 5, "1"),
        (-0.057646123, 5, "-0.057646"),
        (123456.0, 5, r"1.2346 \cdot 10^{5}"),
        (-1e-7, 5, r"-1 \cdot 10^{-7}"),
        (1 / 3, 3, "0.333"),
        (np.nan, 5, r"\text{nan}"),
        (np.inf, 5, r"\infty"),
        (-np.inf, 5, r"-\infty"),
    ],
)
def test_numbers_show_their_significant_digits(value, digits, latex):
    assert number_latex(value, digits) == latex
