"""The table of symbols: complete, true for every rule, and written once."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from optimizers import OPTIMIZERS
from optimizers.equations import FUNCTIONS, SEARCH, Equation
from optimizers.hyperparameters import hyperparameter, hyperparameters
from optimizers.lowering import lowered
from optimizers.optimizer import ScheduledOptimizer, vector
from optimizers.symbols import EACH, MATRIX, PAIR, SYMBOLS, check_symbols, html_of, text_of
from optimizers.variants import AdagradByRootMeanSquare, UncorrectedAdam
from optimizers.worked import symbols_of, written_lines

RULES = [*OPTIMIZERS.values(), AdagradByRootMeanSquare, UncorrectedAdam]
every_rule = pytest.mark.parametrize("rule", RULES)


@pytest.mark.parametrize(
    ("latex", "html"),
    [
        ("g", "g"),
        (r"\theta", "θ"),
        (r"\epsilon", "ε"),
        (r"\Pi_t", "Π<sub>t</sub>"),
        (r"\theta_1", "θ<sub>1</sub>"),
        (r"\mu_{t+1}", "μ<sub>t+1</sub>"),
        (r"\beta_1^{t+1}", "β<sub>1</sub><sup>t+1</sup>"),
        (r"\rho_\infty", "ρ<sub>∞</sub>"),
        (r"v^{\max}", "v<sup>max</sup>"),
        ("p^-", "p<sup>−</sup>"),
        (r"\hat m", "m̂"),
        (r"\hat y_i", "ŷ<sub>i</sub>"),
        (r"\partial L/\partial\theta_2", "∂L/∂θ<sub>2</sub>"),
        (r"\nabla L", "∇L"),
        (r"\Delta\theta", "Δθ"),
    ],
)
def test_html_by_hand(latex, html):
    assert html_of(latex) == html


def test_a_symbol_that_has_no_html_is_refused():
    with pytest.raises(ValueError, match=r"^A symbol cannot be written with \\mathcal\.$"):
        html_of(r"\mathcal L")


@pytest.mark.parametrize(
    ("latex", "text"), [(r"\eta", "η"), (r"\beta_1", "β₁"), ("G_0", "G₀"), ("p", "p"), (r"\hat m", "m̂")]
)
def test_plain_text_by_hand(latex, text):
    assert text_of(latex) == text


@pytest.mark.parametrize("latex", [r"\mu_{t+1}", "p^-", r"\mathcal L"])
def test_what_plain_text_cannot_write_is_refused(latex):
    with pytest.raises(ValueError, match=r"written with|cannot write"):
        text_of(latex)


def test_every_symbol_is_of_some_rule():
    assert SYMBOLS.keys() == SYMBOLS.keys() & {
        name for rule in RULES for line in written_lines(rule) for name in line.written
    } | {"learning_rate"}


@every_rule
def test_a_hyperparameter_in_the_table_is_written_as_in_the_rule(rule):
    for name, field in hyperparameters(rule).items():
        assert html_of(field.symbol)
        assert text_of(field.symbol)
        assert name not in SYMBOLS or SYMBOLS[name].latex == field.symbol


@every_rule
def test_the_shape_of_a_quantity_is_that_of_the_program(rule):
    program = lowered(rule)
    shapes = {
        **program.shapes,
        **{line.result: shape for line, shape in zip(rule.equations, program.lines, strict=True)},
    }
    for line in written_lines(rule):
        for name in {*line.written} & SYMBOLS.keys():
            words = SYMBOLS[name].shape
            kind = (2, 2) if words == MATRIX else (2,) if words == EACH or words.startswith(PAIR) else ()
            # One effective step may be given for both parameters.
            assert kind == shapes.get(name, ()) or (name, shapes[name]) == ("effective_step", ()), name


def made(equations: tuple[Equation, ...]) -> type:
    @dataclass(frozen=True, eq=False)
    class Sluggish(ScheduledOptimizer):
        memory = {"velocity": vector(0.0)}

        laziness: float = hyperparameter(0.5, r"\kappa", "laziness", low=0.0, high=1.0, help="How little it does.")

    Sluggish.equations = equations
    return Sluggish


GOOD = Equation("theta", "theta - scheduled_learning_rate * laziness * gradient")


def test_a_hyperparameter_needs_no_entry():
    rule = made((GOOD,))
    check_symbols(rule)
    assert [line.latex(symbols_of(rule)) for line in rule.equations] == [
        r"\theta \leftarrow \theta - \eta_t\,\kappa\,g"
    ]


def test_a_hyperparameter_whose_symbol_cannot_be_written_is_named_in_a_sentence():
    @dataclass(frozen=True, eq=False)
    class Bold(ScheduledOptimizer):
        equations = (GOOD,)
        laziness: float = hyperparameter(0.5, r"\mathbf{k}", "laziness", low=0.0, high=1.0, help="How little it does.")

    with pytest.raises(ValueError, match=r"^Bold has `laziness`: A symbol cannot be written with \\mathbf\.$"):
        check_symbols(Bold)


@pytest.mark.parametrize(
    "line",
    [Equation("velocity", "velocitty + gradient"), Equation("velocitty", "velocity + gradient")],
    ids=["used", "computed"],
)
def test_a_quantity_without_a_symbol_is_named_in_a_sentence(line):
    rule = made((line, GOOD))
    for first_use in (check_symbols, lowered):
        with pytest.raises(
            ValueError,
            match=r"^Sluggish uses `velocitty`, which has no symbol\. Add it to SYMBOLS in optimizers/symbols\.py\.$",
        ):
            first_use(rule)


def test_what_is_not_written_needs_no_symbol():
    check_symbols(
        made(
            (
                Equation("estimate", "times(hessian, gradient)", aside=True),
                Equation("newton_step", "absolute_newton_step(hessian, estimate)"),
                GOOD,
            )
        )
    )


def test_a_quantity_that_nothing_computes_is_named_in_a_sentence():
    rule = made((Equation("velocity", "momentum * velocity + gradient"), GOOD))
    with pytest.raises(ValueError, match=r"^Sluggish: line 1 uses 'momentum', which nothing computes\.$"):
        lowered(rule)


# The formulas of the docstrings

# What is multiplied by a matrix is read as a whole.
PRODUCTS = {"H^{-1} g": "solve(hessian, gradient)", "B g": "times(inverse_hessian, gradient)"}
APPLIED = {r"\max": np.maximum, r"\operatorname{sign}": np.sign, r"\operatorname{diag}": np.diagonal}


class Formula:
    """LaTeX of a docstring, reckoned with numbers for its symbols: sums of products of powers, without a dot."""

    def __init__(self, latex: str, symbols: dict):
        names = [*APPLIED, *sorted(symbols, key=len, reverse=True), r"\frac", r"\sqrt"]
        latex = re.sub(r"\\,|\\left|\\right", " ", latex)
        pattern = "|".join(map(re.escape, names)) + r"|\d+(?:\.\d+)?|[-+/^{}()|,]"
        assert re.sub(pattern, "", latex).strip() == "", f"{latex}: {re.sub(pattern, '', latex)}"
        self.symbols, self.tokens = symbols, re.findall(pattern, latex)

    def take(self, *tokens: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and (not tokens or self.tokens[0] in tokens) else None

    def reckoned(self):
        result = self.sum()
        assert not self.tokens
        return result

    def sum(self):
        result = -self.product() if self.take("-") else self.product()
        while sign := self.take("+", "-"):
            result = result + self.product() if sign == "+" else result - self.product()
        return result

    def product(self):
        result = self.power()
        while self.tokens and self.tokens[0] not in ("+", "-", "}", ")", "|", ","):
            result = result / self.power() if self.take("/") else result * self.power()
        return result

    def power(self):
        base = self.part()
        return base ** self.part() if self.take("^") else base

    def part(self):
        token = self.take()
        if token in self.symbols:
            return self.symbols[token]
        if token in ("{", "(", "|"):
            inside = self.sum()
            assert self.take({"{": "}", "(": ")", "|": "|"}[token])
            return np.abs(inside) if token == "|" else inside
        if token == r"\frac":
            return self.part() / self.part()
        if token == r"\sqrt":
            return np.sqrt(self.part())
        if token in APPLIED:
            assert self.take("(")
            arguments = [self.sum()]
            while self.take(","):
                arguments.append(self.sum())
            assert self.take(")")
            return APPLIED[token](*arguments)
        return float(token)


def test_a_formula_is_read_as_it_is_written():
    symbols = {"a": 2.0, r"\beta_1": 3.0, r"\beta_1^{t+1}": 5.0, "g": np.array([-1.0, 4.0])}
    latex = r"-a^2 \beta_1 + \frac{\beta_1^{t+1}}{a} - \sqrt{a/(a + 6)}\, \max(|g|/2, \operatorname{sign}(g) a)"
    np.testing.assert_array_equal(Formula(latex, symbols).reckoned(), [-9.75, -10.5])


def latex_of(rule: type, name: str) -> str:
    return symbols_of(rule).get(name) or SYMBOLS[name].latex


def lines_with_numbers(rule: type, update: int) -> dict[str, tuple[dict, np.ndarray]]:
    """By the LaTeX of its result, for every line that is arithmetic: the symbols with their numbers, and its value."""
    random = np.random.default_rng(7)
    values = {name: random.uniform(0.5, 2, kept.shape) for name, kept in rule.memory.items()}
    values |= {name: random.uniform(0.1, 0.9) for name in hyperparameters(rule)} | {
        "update": float(update),
        "value": 1.0,
    }
    values |= {"theta": np.array([1.5, -0.5]), "gradient": np.array([-0.75, 1.25]), "scheduled_learning_rate": 0.3}
    values |= {"hessian": np.array([[3.0, 1.0], [1.0, 2.0]])}
    values |= {name: 0.99 for name in ("beta2",) if name in values}
    values |= {f"{name}_power": values[name] ** update for name in ("beta1", "beta2") if name in values}
    lines = {}
    for equation in rule.equations:
        symbols = {latex_of(rule, name): values[name] for name in values if name in symbols_of(rule) or name in SYMBOLS}
        symbols |= {
            latex: Equation("theta", product).evaluate(values)
            for latex, product in PRODUCTS.items()
            if Equation("theta", product).names <= values.keys()
        }
        symbols |= {"|H|^{-1} g": values["newton_step"]} if "newton_step" in values else {}
        value = 0.25 if SEARCH in equation.functions else equation.evaluate(values)
        if not equation.aside and not any(FUNCTIONS[name].words for name in equation.functions):
            lines[latex_of(rule, equation.result)] = symbols, value
        values[equation.result] = value
    return lines


@every_rule
def test_the_formulas_of_the_docstring_are_the_equations(rule):
    """Those whose left side is the result of a line; each holds in some case, and one for theta in every case."""
    written = [
        re.split(r" \\leftarrow | = ", " ".join(each.split()), maxsplit=1) for each in rule.__doc__.split("$")[1::2]
    ]
    formulas = [tuple(sides) for sides in written if len(sides) == 2]
    held = set()
    for update in (1, 2, 60):
        lines = lines_with_numbers(rule, update)
        for left in {left for left, _ in formulas} & lines.keys():
            symbols, value = lines[left]
            rights = [right for each, right in formulas if each == left]
            holds = [
                right for right in rights if np.allclose(Formula(right, symbols).reckoned(), value, rtol=1e-12, atol=0)
            ]
            assert len(holds) <= 1, (left, holds, value)
            assert holds or left != r"\theta", (rights, value)
            held |= {(left, right) for right in holds}
    assert r"\theta" in {left for left, _ in held}
    assert {each for each in formulas if each[0] in lines} == held
