"""The equations of the rules: what they say is what was computed, and what is shown is what they say."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizers import OPTIMIZERS, SCHEDULES, run
from optimizers.equations import FUNCTIONS, SEARCH, Equation, number_latex
from optimizers.hyperparameters import defaults, hyperparameters
from optimizers.symbols import SYMBOLS
from optimizers.worked import symbols_of, written_lines
from surfaces import SURFACES
from tests.losses import Quadratic

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)


def equations() -> list:
    return [
        pytest.param(rule, equation, id=f"{name}-{number}-{equation.result}")
        for name, rule in OPTIMIZERS.items()
        for number, equation in enumerate(written_lines(rule), 1)
    ]


def latex_of(rule, quantity: str) -> str:
    return symbols_of(rule).get(quantity) or SYMBOLS[quantity].latex


# What the equations say is what was computed


def known_before(rule, loss, path, update: int) -> dict:
    """All quantities that the equations of one update may use."""
    return {
        **{entry: path.state[entry][update] for entry in rule.memory},
        **{field: float(getattr(rule, field)) for field in hyperparameters(rule)},
        "update": update,
        "theta": path.theta[update],
        "value": path.loss[update],
        "gradient": path.gradient[update],
        "hessian": loss.hessian(path.theta[update]),
        "scheduled_learning_rate": rule.learning_rate * rule.schedule(update),
    }


def assert_equations_reproduce(rule, loss, steps: int, start=None) -> None:
    path = run(rule, loss, loss.start if start is None else start, steps)
    assert not path.diverged
    for update in range(steps):
        values = known_before(rule, loss, path, update)
        with np.errstate(all="ignore"):
            for equation in rule.equations:
                is_searched = SEARCH in equation.functions
                values[equation.result] = (
                    path.state[equation.result][update + 1] if is_searched else equation.evaluate(values)
                )
        after = {entry: recorded[update + 1] for entry, recorded in path.state.items() if entry != "update"}
        for entry, recorded in {"theta": path.theta[update + 1], **after}.items():
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


# What a schedule or a rule of one's own may want.
UNUSED = {"min", "floor", "cos"}


def test_every_function_is_of_some_rule():
    rules = OPTIMIZERS.values()
    assert FUNCTIONS.keys() - {name for rule in rules for e in rule.equations for name in e.functions} == UNUSED


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
        ("min(theta, gradient)", [-3, -2]),
        ("floor(theta / 4)", [0, -1]),
        ("cos(pi * theta)", [-1, 1]),
        ("where(gradient > 0, theta, learning_rate)", [0.5, -2]),
        ("where(gradient > 0 and theta > 0 or gradient == -3, 1, 0)", [1, 0]),
        ("where(gradient <= -3 or theta >= 5, 1, where(theta < 0, 2, 3))", [1, 2]),
        ("quotient(gradient, theta - 1, learning_rate)", [0.5, -4 / 3]),
        ("quotient(theta - 1, theta - 1, gradient)", [-3, 1]),
    ],
)
def test_evaluates_by_hand(expression, expected):
    with np.errstate(divide="ignore", invalid="ignore"):
        result = Equation("theta", expression).evaluate(VALUES)
    np.testing.assert_allclose(result, expected, rtol=1e-15)
    assert result.shape == np.shape(expected)


def test_what_a_search_finds_is_no_value_of_the_equation():
    with pytest.raises(TypeError, match="depends on the loss"):
        Equation("step_length", "armijo(-gradient, learning_rate)").evaluate(VALUES)


@pytest.mark.parametrize(
    ("expression", "refused"),
    [
        ("theta @ gradient", "theta @ gradient"),
        ("theta // 2", "theta // 2"),
        ("+theta", "+theta"),
        ("not theta", "not theta"),
        ("theta if update else 1", "theta if update else 1"),
        ("[theta]", "[theta]"),
        ("theta.shape", "theta.shape"),
        ("theta[0]", "theta[0]"),
        ("open(theta)", "open(theta)"),
        ("theta + __import__('os')", "__import__('os')"),
        ("'theta'", "'theta'"),
        ("True", "True"),
        ("2j", "2j"),
        ("0 < theta < 1", "0 < theta < 1"),
        ("theta != 1", "theta != 1"),
        ("theta in gradient", "theta in gradient"),
        ("sqrt(theta, 2)", "sqrt(theta, 2)"),
        ("where(theta > 0, 1)", "where(theta > 0, 1)"),
        ("quotient(1, theta)", "quotient(1, theta)"),
        ("polak_ribiere(gradient)", "polak_ribiere(gradient)"),
        ("sqrt(x=theta)", "sqrt(x=theta)"),
        ("max(*theta)", "max(*theta)"),
        ("lambda: theta", "lambda: theta"),
    ],
)
def test_refuses_what_is_not_an_equation(expression, refused):
    with pytest.raises(ValueError, match=f"^An equation cannot hold {re.escape(refused)}\\.$"):
        Equation("theta", expression)


@pytest.mark.parametrize("expression", ["", "theta -", "theta = 1", "theta; gradient", "(theta"])
def test_refuses_what_is_no_expression(expression):
    with pytest.raises(ValueError, match=f"^An equation cannot be {re.escape(repr(expression))}\\.$"):
        Equation("theta", expression)


def test_refuses_a_search_within_a_line():
    with pytest.raises(ValueError, match=r"^A search is a line of its own, not a part of theta"):
        Equation("theta", "theta - armijo(-gradient, 1) * gradient")


def test_a_line_writes_what_is_not_hidden_in_words():
    line = Equation("theta", "theta - conjugacy * polak_ribiere(gradient, previous_gradient, previous_direction) * pi")
    assert line.written == ("conjugacy", "theta", "theta")
    assert line.names == {"theta", "conjugacy", "gradient", "previous_gradient", "previous_direction"}


# What is shown is what the equation says


def brackets_balance(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    ends = [text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}") for name in ("pmatrix", "cases")]
    return depth == 0 and len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text)) and all(ends)


@pytest.mark.parametrize(("rule", "equation"), equations())
def test_the_latex_of_a_line_is_complete(rule, equation):
    text = equation.latex(symbols_of(rule))
    left, arrow, right = text.partition(r" \leftarrow ")
    assert left == latex_of(rule, equation.result)
    assert arrow
    assert right
    assert brackets_balance(text)
    assert right.count(r"\text{if ") == equation.expression.count("where(")
    assert (r"\begin{cases}" in right) == ("where" in equation.functions)
    assert SEARCH not in equation.functions or (equation.remark or FUNCTIONS[SEARCH].words) in right


@every_rule
def test_no_two_quantities_of_a_rule_share_a_symbol(name):
    rule = OPTIMIZERS[name]
    names = {name for equation in written_lines(rule) for name in equation.written}
    by_symbol = {}
    for quantity in names:
        by_symbol.setdefault(latex_of(OPTIMIZERS[name], quantity), []).append(quantity)
    assert not {symbol: quantities for symbol, quantities in by_symbol.items() if len(quantities) > 1}


@every_rule
def test_the_last_line_that_moves_the_point_starts_from_the_point(name):
    moving = [equation for equation in OPTIMIZERS[name].equations if equation.result == "theta"]
    assert len(moving) == 1
    assert "theta" in moving[0].names


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
        ("diagonal(hessian) * gradient", r"\theta \leftarrow \operatorname{diag}\left(H\right)\,g"),
        ("1e-8 * theta ** 0.5", r"\theta \leftarrow 1 \cdot 10^{-8}\,\theta^{0.5}"),
        ("0.123456789 ** theta + 1000000", r"\theta \leftarrow 0.123456789^{\theta} + 1000000"),
        ("quotient(gradient, theta + 1, 0)", r"\theta \leftarrow \frac{g}{\theta + 1}"),
        ("floor(theta / pi)", r"\theta \leftarrow \left\lfloor \frac{\theta}{\pi} \right\rfloor"),
        (
            "where(theta > 1, gradient, 0)",
            r"\theta \leftarrow \begin{cases}g & \text{if } \theta > 1 \\ 0 & \text{otherwise}\end{cases}",
        ),
        (
            "theta - where((theta > 1 or theta < 0) and gradient == 0, gradient, 0)",
            r"\theta \leftarrow \theta - \left(\begin{cases}g & \text{if } "
            r"\left(\theta > 1 \text{ or } \theta < 0\right) \text{ and } g = 0"
            r" \\ 0 & \text{otherwise}\end{cases}\right)",
        ),
        (
            "where(theta >= 0 and gradient > 1 or theta <= -1, 1, 2)",
            r"\theta \leftarrow \begin{cases}1 & \text{if } \theta \ge 0 \text{ and } g > 1 \text{ or } \theta \le -1"
            r" \\ 2 & \text{otherwise}\end{cases}",
        ),
        (
            "theta - absolute_newton_step(hessian, gradient)",
            r"\theta \leftarrow \theta - \text{the gradient's share along each eigenvector, divided by |eigenvalue|}",
        ),
    ],
)
def test_latex_by_hand(expression, latex):
    assert Equation("theta", expression).latex({"learning_rate": r"\eta"}) == latex


def as_python(latex: str) -> str:
    """LaTeX read back the way a student reads it: fractions, roots and brackets group, products bind before sums."""
    while r"\begin{cases}" in latex:
        start = latex.rfind(r"\begin{cases}")
        cases, rest = latex[start + len(r"\begin{cases}") :].split(r"\end{cases}", 1)
        *rows, last = cases.split(r" \\ ")
        pairs = [re.fullmatch(r"(.*) & \\text\{if \} (.*)", row).groups() for row in rows]
        otherwise = last.removesuffix(r" & \text{otherwise}")
        assert otherwise != last
        choice = "".join(f"({value}) if ({condition}) else " for value, condition in pairs)
        latex = f"{latex[:start]}({choice}({otherwise})){rest}"
    latex = re.sub(r"\\text\{( and | or )\}", r"\1", latex).replace(r"\le ", "<= ").replace(" = ", " == ")
    while r"\frac" in latex or r"\sqrt" in latex:
        start = max(latex.rfind(r"\frac"), latex.rfind(r"\sqrt"))
        first, rest = group(latex[start + 5 :])
        if latex.startswith(r"\frac", start):
            second, rest = group(rest)
            latex = f"{latex[:start]}(({first})/({second})){rest}"
        else:
            latex = f"{latex[:start]}sqrt({first}){rest}"
    latex = re.sub(r"\\left\|", "abs(", latex).replace(r"\right|", ")")
    latex = latex.replace(r",\,", ",").replace(r"\max", "max").replace(r"\min", "min")
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
        st.tuples(
            st.sampled_from(
                ["max({}, {})", "min({}, {})", "quotient({}, {} + 7 / 3, 0)", "quotient({}, 2 * {} + 9, 1)"]
            ),
            *(inner, inner),
        ).map(lambda parts: parts[0].format(*parts[1:])),
        st.tuples(
            st.sampled_from(
                [
                    "where({} > {}, {}, {})",
                    "where({} <= {}, {}, {})",
                    "where({} > 1 and {} <= 2, {}, {})",
                    "where((a > {} or b > 1) and {} > 0, {}, {})",
                    "where(a > {} or b > 1 and {} > 0, {}, {})",
                    "where({0} == {0} and {1} == {1}, {2}, {3})",
                ]
            ),
            *(inner, inner, inner, inner),
        ).map(lambda parts: parts[0].format(*parts[1:])),
    ),
    max_leaves=8,
)


def computed(latex: str) -> float:
    """The value of arithmetic in LaTeX, with LETTERS for the letters."""
    code = re.sub(r"(?<![\w.])(\d+(\.\d+)?)", r"float(\1)", as_python(latex))
    return eval(code, {"sqrt": np.sqrt, "float": np.float64, "max": np.maximum, "min": np.minimum, **LETTERS})


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
        (text,) = line.with_numbers(LETTERS, {}, expected)
        if text.endswith(r"\quad\text{(the divisor is 0)}"):
            assert "quotient" in formula
            assert text == rf"\theta = {number_latex(float(expected))} \quad\text{{(the divisor is 0)}}"
            return
        arithmetic, _, result = text.partition(r" \leftarrow ")[2].rpartition(" = ")
        np.testing.assert_allclose(computed(arithmetic), expected, rtol=1e-9)
    assert "cases" not in text
    assert result == number_latex(float(expected))


def with_numbers(result: str, expression: str, **options) -> list[str]:
    """The line with VALUES put in, where its value is what it says."""
    line = Equation(result, expression, **options)
    with np.errstate(all="ignore"):
        return line.with_numbers(VALUES, {"learning_rate": r"\eta"}, line.evaluate(VALUES))


def test_the_line_with_numbers_has_one_text_per_parameter():
    assert with_numbers("theta", "theta - learning_rate * gradient") == [
        r"{\theta}_{1} \leftarrow 1 - 0.5 \cdot \left(-3\right) = 2.5",
        r"{\theta}_{2} \leftarrow -2 - 0.5 \cdot 4 = -4",
    ]


def test_the_line_with_numbers_shows_whole_vectors_where_they_are_multiplied():
    (text,) = with_numbers("newton_step", "solve(hessian, gradient)")
    assert text == (
        r"p \leftarrow \begin{pmatrix}2 & 1 \\ 1 & 3\end{pmatrix}^{-1}\,\begin{pmatrix}-3 \\ 4\end{pmatrix}"
        r" = \begin{pmatrix}-2.6 \\ 2.2\end{pmatrix}"
    )


def test_a_matrix_is_one_text():
    (text,) = with_numbers("inverse_hessian", "hessian * 2")
    assert text == (
        r"B \leftarrow \begin{pmatrix}2 & 1 \\ 1 & 3\end{pmatrix} \cdot 2 = \begin{pmatrix}4 & 2 \\ 2 & 6\end{pmatrix}"
    )


def test_the_line_with_numbers_shows_the_result_that_it_is_given():
    """It is what ran, also where numpy would round the last digit otherwise."""
    line = Equation("velocity", "theta + gradient")
    assert line.with_numbers(VALUES, {}, np.array([-2.5, 2.0]))[0].endswith(" = -2.5")


def test_of_several_cases_each_component_shows_the_one_that_holds():
    assert with_numbers("theta", "where(gradient > 0, theta - gradient, where(theta > 5, 7, theta * 3))") == [
        r"{\theta}_{1} \leftarrow 1 \cdot 3 = 3",
        r"{\theta}_{2} \leftarrow -2 - 4 = -6",
    ]
    assert with_numbers("theta", "theta - where(gradient > 0, gradient, learning_rate)") == [
        r"{\theta}_{1} \leftarrow 1 - 0.5 = 0.5",
        r"{\theta}_{2} \leftarrow -2 - 4 = -6",
    ]


def test_cases_of_whole_vectors_are_shown_where_each_holds_for_one_component():
    (text,) = with_numbers("theta", "where(diagonal(hessian) > 2, gradient, theta)")
    assert text.count(r"\begin{cases}") == 1
    assert text.endswith(r" = \begin{pmatrix}1 \\ 4\end{pmatrix}")
    (text,) = with_numbers("theta", "where(diagonal(hessian) > 1, gradient, theta)")
    assert text == r"\theta \leftarrow \begin{pmatrix}-3 \\ 4\end{pmatrix} = \begin{pmatrix}-3 \\ 4\end{pmatrix}"


def test_a_quotient_without_a_divisor_is_stated_with_its_words():
    assert with_numbers("theta", "quotient(gradient, theta - 1, 0.25)", remark="so it stays") == [
        r"{\theta}_{1} = 0.25 \quad\text{(so it stays)}",
        r"{\theta}_{2} \leftarrow \frac{4}{-2 - 1} = -1.3333",
    ]
    assert with_numbers("theta", "where(gradient < 0, quotient(1, theta - 1, 8), 3)") == [
        r"{\theta}_{1} = 8 \quad\text{(the divisor is 0)}",
        r"{\theta}_{2} \leftarrow 3 = 3",
    ]
    assert with_numbers("theta", "theta - quotient(gradient, theta - 1, 0.25)") == [
        r"{\theta}_{1} \leftarrow 1 - 0.25 = 0.75",
        r"{\theta}_{2} \leftarrow -2 - \frac{4}{-2 - 1} = -0.66667",
    ]


def test_a_search_with_numbers_says_how_it_was_found():
    line = Equation("step_length", "armijo(-gradient, learning_rate)", remark="by search")
    assert line.latex({}) == r"a \leftarrow \text{by search}"
    assert line.with_numbers(VALUES, {}, np.float64(0.25)) == [r"a = 0.25 \quad\text{(by search)}"]
    words = FUNCTIONS[SEARCH].words
    line = Equation("step_length", "armijo(-gradient, learning_rate)")
    assert line.latex({}) == rf"a \leftarrow \text{{{words}}}"
    assert line.with_numbers(VALUES, {}, np.float64(0.25)) == [rf"a = 0.25 \quad\text{{({words})}}"]


def test_a_named_function_is_stated_with_its_words_and_within_a_line_with_its_value():
    (text,) = with_numbers("conjugacy", "length_to_minimum(hessian, theta, gradient)")
    assert text == r"\beta = 1.1 \quad\text{(the minimiser of the parabola along the direction)}"
    (text,) = with_numbers("conjugacy", "1 - learning_rate * length_to_minimum(hessian, theta, gradient)")
    assert text == r"\beta \leftarrow 1 - 0.5 \cdot 1.1 = 0.45"


AWKWARD = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e300, -1e-300, 123456.789, -2.0, 1.0, 1 / 3]
SHAPES = {
    **dict.fromkeys(("hessian", "inverse_hessian", "estimate"), (2, 2)),
    **dict.fromkeys(("update", "step_length", "conjugacy", "scheduled_learning_rate", "scaled", "learned"), ()),
    **dict.fromkeys(("beta1_power", "beta2_power", "momentum_product", "momentum_now", "momentum_next"), ()),
    **dict.fromkeys(("variance_length", "variance_length_limit", "rectification"), ()),
}


@pytest.mark.parametrize(("rule", "equation"), equations())
def test_any_numbers_give_complete_latex(rule, equation):
    for first in range(len(AWKWARD)):
        numbers = np.roll(AWKWARD, first)
        names = sorted({name for line in rule.equations for name in (*line.names, line.result)})
        values = {name: np.resize(np.roll(numbers, i), SHAPES.get(name, (2,))) for i, name in enumerate(names)}
        values |= {field: np.roll(numbers, -i)[0] for i, field in enumerate(hyperparameters(rule))}
        with np.errstate(all="ignore"):
            shape = SHAPES.get(equation.result, (2,))
            texts = equation.with_numbers(values, symbols_of(rule), np.resize(numbers, shape))
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
