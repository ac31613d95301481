"""The table of symbols: complete, true for every rule, and written once."""

from dataclasses import dataclass

import pytest

from optimizers import OPTIMIZERS
from optimizers.equations import Equation
from optimizers.hyperparameters import hyperparameter, hyperparameters
from optimizers.lowering import lowered
from optimizers.optimizer import ScheduledOptimizer, vector
from optimizers.symbols import EACH, MATRIX, PAIR, SYMBOLS, check_symbols, html_of
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


def test_every_symbol_is_of_some_rule():
    assert SYMBOLS.keys() == SYMBOLS.keys() & {
        name for rule in RULES for line in written_lines(rule) for name in line.written
    } | {"learning_rate"}


@every_rule
def test_a_hyperparameter_in_the_table_is_written_as_in_the_rule(rule):
    for name, field in hyperparameters(rule).items():
        assert html_of(field.symbol)
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
