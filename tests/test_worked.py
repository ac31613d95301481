"""One update written out: it leads where the run went, and reads as LaTeX of symbols and LaTeX of numbers."""

import re
import warnings
from dataclasses import dataclass

import numpy as np
import pytest

from optimizers import OPTIMIZERS, SCHEDULES, GaussianNoise, run
from optimizers.equations import Equation
from optimizers.first_order import momentum_field
from optimizers.optimizer import ScheduledOptimizer, vector
from optimizers.worked import symbols_of, worked_update, written_lines
from surfaces import SURFACES
from tests.losses import diagonal
from tests.runs import read_only

every_rule = pytest.mark.parametrize("name", OPTIMIZERS)
every_surface = pytest.mark.parametrize("surface", ["himmelblau", "two_wells"])
SCHEDULED = [name for name, rule in OPTIMIZERS.items() if issubclass(rule, ScheduledOptimizer)]
HIMMELBLAU, BOWL = SURFACES["himmelblau"], SURFACES["bowl"]
STEPS, UPDATES = 25, (0, 1, 2, 5, 12, 24)


def rule_of(name: str, schedule: str | None = None):
    """A rule at a small learning rate, so that it walks for a while, with a schedule if it takes one."""
    rule = OPTIMIZERS[name]
    rate = {"learning_rate": 0.01} if name in SCHEDULED else {"learning_rate": 0.3}
    return rule(**rate, schedule=SCHEDULES[schedule]()) if schedule and name in SCHEDULED else rule(**rate)


def worked(rule, loss, start, updates=UPDATES, steps: int = STEPS):
    """The run, and the lines of some of its updates, made without a warning and without touching the run."""
    path = read_only(run(rule, loss, start, steps))
    for entry in path.state.values():
        np.asarray(entry).setflags(write=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return path, {update: worked_update(rule, loss, path, update) for update in updates}


# Where it leads


@pytest.mark.slow
@pytest.mark.parametrize("noise", [0.0, 0.7], ids=["silent", "noisy"])
@pytest.mark.parametrize("schedule", [None, "InverseTime", "WarmupCosine"])
@every_surface
@every_rule
def test_the_line_of_theta_is_the_next_point_of_the_run(name, surface, schedule, noise):
    surface = SURFACES[surface]
    loss = GaussianNoise(surface, noise, 4) if noise else surface
    path, lines = worked(rule_of(name, schedule), loss, surface.start)
    for update, written in lines.items():
        (theta,) = [line.value for line in written if line.result == "theta"]
        np.testing.assert_array_equal(theta, path.theta[update + 1])


@every_surface
@every_rule
def test_every_line_about_the_rules_own_state_has_the_recorded_value(name, surface):
    path, lines = worked(rule_of(name), SURFACES[surface], SURFACES[surface].start)
    for update, written in lines.items():
        for line in written:
            if line.result in path.state:
                np.testing.assert_array_equal(line.value, path.state[line.result][update + 1])


@every_rule
def test_the_lines_are_those_of_the_rule_without_its_asides(name):
    rule = rule_of(name)
    _, lines = worked(rule, HIMMELBLAU, HIMMELBLAU.start)
    assert {line.result for line in lines[0]}.isdisjoint({"note", "beta1_power", "previous_gradient", "estimate"})
    for written in lines.values():
        assert [(line.result, line.symbols) for line in written] == [
            (equation.result, equation.latex(symbols_of(rule))) for equation in written_lines(rule)
        ]


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if "epsilon" in symbols_of(OPTIMIZERS[name])])
@pytest.mark.parametrize("place", [0, 1])
def test_without_epsilon_the_lines_still_lead_where_the_run_went(name, place):
    slopes = np.zeros(2)
    slopes[place] = 2.0
    loss, rule = diagonal(*slopes), OPTIMIZERS[name](epsilon=0.0)
    path, lines = worked(rule, loss, (1.0, 0.5), (0, 1, 4, 7), 8)
    assert np.isfinite(path.theta).all()
    for update, written in lines.items():
        for line in written:
            known = path.theta if line.result == "theta" else path.state.get(line.result)
            if known is not None:
                np.testing.assert_array_equal(line.value, known[update + 1])
            assert not any(word in right_side(text) for text in line.numbers for word in ("nan", "infty"))
    texts = [text for line in lines[7] for text in line.numbers]
    assert any(rf"{{\alpha}}_{{{2 - place}}} = 0 \quad\text{{(there is no slope" in text for text in texts)


@pytest.mark.parametrize(
    ("loss", "start"),
    [
        (SURFACES["monkey_saddle"], (0.0, 0.5)),
        (SURFACES["monkey_saddle"], (0.0, 0.0)),
        (SURFACES["ackley"], (0.0, 0.0)),
        (diagonal(2.0, 0.0), (1.0, 0.5)),
    ],
)
def test_the_best_step_without_curvature_leads_where_the_run_went(loss, start):
    path, lines = worked(OPTIMIZERS["BestStep"](learning_rate=0.5), loss, start, (0, 1), 2)
    for update, (step, theta) in lines.items():
        np.testing.assert_array_equal(step.value, path.state["effective_step"][update + 1])
        np.testing.assert_array_equal(theta.value, path.theta[update + 1])
    assert "where a second derivative is zero" in lines[0][0].numbers[0]


@every_rule
def test_no_quantity_is_worked_out_twice(name):
    _, lines = worked(rule_of(name), HIMMELBLAU, HIMMELBLAU.start)
    for written in lines.values():
        results = [line.result for line in written]
        assert len(set(results)) == len(results)


@pytest.mark.parametrize(
    ("curvatures", "numbers"),
    [
        ((2, 3), r"p \leftarrow \begin{pmatrix}2 & 0 \\ 0 & 3\end{pmatrix}^{-1}\,\begin{pmatrix}6 \\ -6\end{pmatrix}"),
        ((2, 0), r"p = \begin{pmatrix}3 \\ 0\end{pmatrix} \quad\text{(the Newton step along the curved direction,"),
    ],
)
def test_newton_says_which_case_it_is(curvatures, numbers):
    path, lines = worked(OPTIMIZERS["Newton"](learning_rate=0.5), diagonal(*curvatures), (3.0, -2.0), (0, 3), 5)
    for update, written in lines.items():
        (step, theta) = written
        assert r"\text{if } H \text{ is singular} \\ H^{-1}\,g & \text{otherwise}" in step.symbols
        np.testing.assert_array_equal(theta.value, path.theta[update + 1])
    assert lines[0][0].numbers[0].startswith(numbers)


def test_radam_says_which_case_it_is():
    _, lines = worked(OPTIMIZERS["RAdam"](), HIMMELBLAU, HIMMELBLAU.start, (0, 20))
    first, later = (next(line for line in lines[update] if line.result == "effective_step") for update in (0, 20))
    assert first.symbols == later.symbols
    assert r"\text{if } \rho_t > 5" in first.symbols
    assert first.numbers == tuple(rf"{{\alpha}}_{{{place}}} \leftarrow 0.05 = 0.05" for place in (1, 2))
    assert all(r"\frac{0.05 \cdot " in text for text in later.numbers)


# How it reads


def braces_balance(latex: str) -> bool:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def every_line(name: str, schedule: str | None = None):
    _, lines = worked(rule_of(name, schedule), HIMMELBLAU, HIMMELBLAU.start)
    return [line for written in lines.values() for line in written]


def right_side(latex: str) -> str:
    """What follows the first assignment or, where there is none, the first equality, without words."""
    latex = re.sub(r"\\quad\\text\{.*", "", latex)
    return latex.partition(r"\leftarrow" if r"\leftarrow" in latex else "=")[2]


@every_rule
def test_the_latex_is_complete(name):
    for line in every_line(name):
        for latex in (line.symbols, *line.numbers):
            assert braces_balance(latex)
            assert len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex))
            assert latex.count(r"\begin{") == latex.count(r"\end{")
            assert "nan" not in latex
            assert "$" not in re.sub(r"\\text\{[^}]*\}", lambda text: text[0] if text[0].count("$") % 2 else "", latex)


@every_rule
def test_symbols_hold_no_number_of_the_run(name):
    for line in every_line(name):
        shown = {number for latex in line.numbers for number in re.findall(r"\d+\.\d{3,}", latex)}
        assert not {number for number in shown if number in line.symbols}
        assert not re.search(r"\d\.\d{3}", line.symbols)


@every_rule
def test_numbers_hold_no_symbol_on_their_right_side(name):
    for line in every_line(name):
        for latex in line.numbers:
            right = re.sub(
                r"\\(begin|end)\{pmatrix\}|\\operatorname\{(sign|diag)\}|\\text\{[^}]*\}", "", right_side(latex)
            )
            right = re.sub(r"\\(cdot|frac|sqrt|left|right|max|top|infty|quad)\b", "", right)
            assert not re.search(r"[A-Za-z]", right), latex
            assert re.search(r"\d", right), latex


@every_rule
def test_the_number_after_the_last_equality_is_the_value(name):
    for line in every_line(name):
        values = np.atleast_1d(line.value)
        results = [latex.rpartition("=")[2] for latex in line.numbers]
        if len(results) == 1:
            results = re.findall(r"-?[\d.]+(?: \\cdot 10\^\{-?\d+\})?", re.sub(r"\\quad.*", "", results[0]))
        shown = [
            float(re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", re.sub(r"\\quad.*", "", result))) for result in results
        ]
        np.testing.assert_allclose(shown, values.ravel(), rtol=6e-5)


def reckoned(latex: str) -> float:
    """What a reader gets who puts the printed numbers of a line of scalars into a calculator."""
    text = re.sub(r" \\cdot 10\^\{(-?\d+)\}", r"e\1", latex)
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:e-?\d+)?)", r"(\1)", text)
    for plain, meant in (
        (r"\left|", "abs("),
        (r"\right|", ")"),
        (r"\left", ""),
        (r"\right", ""),
        (r"\max", "max"),
        (r"\,", " "),
        (r"\operatorname{sign}", "np.sign"),
        (r"\cdot", "*"),
    ):
        text = text.replace(plain, meant)
    group = r"\{([^{}]*)\}"
    while "{" in text:
        before = text
        text = re.sub(r"\\frac" + group + group, r"((\1)/(\2))", text)
        text = re.sub(r"\\sqrt" + group, r"np.sqrt(\1)", text)
        text = re.sub(r"\^" + group, r"**(\1)", text)
        assert text != before, text
    return float(eval(text, {"np": np, "abs": abs, "max": max, "__builtins__": {}}))


@pytest.mark.slow
@pytest.mark.parametrize("surface", ["himmelblau", "booth", "ellipse"])
@every_rule
def test_the_printed_numbers_give_the_printed_result(name, surface):
    _, lines = worked(rule_of(name), SURFACES[surface], SURFACES[surface].start, range(STEPS))
    for written in lines.values():
        for latex in (latex for line in written for latex in line.numbers):
            if r"\leftarrow" not in latex or "pmatrix" in latex or r"\text" in latex:
                continue
            formula, _, result = right_side(latex).rpartition("=")
            assert reckoned(formula) == pytest.approx(reckoned(result), rel=2.1e-4, abs=1e-300), latex


def test_a_difference_of_large_numbers_has_more_digits():
    """The fourth update of RAdam subtracts two numbers near 1999: with five digits, the result would be another one."""
    _, lines = worked(OPTIMIZERS["RAdam"](), HIMMELBLAU, HIMMELBLAU.start, (3,))
    (length,) = [line.numbers[0] for line in lines[3] if line.result == "variance_length"]
    assert len(max(re.findall(r"[\d.]+", length), key=len)) > 6


@every_rule
def test_a_line_names_what_it_computes_on_both_sides(name):
    for line in every_line(name):
        left = line.symbols.partition(r" \leftarrow ")[0]
        assert left
        for latex in line.numbers:
            assert left in latex.partition(r"\leftarrow" if r"\leftarrow" in latex else "=")[0]


def test_gradient_descent_by_hand():
    _, lines = worked(OPTIMIZERS["GradientDescent"](learning_rate=0.25), BOWL, (3.0, -1.5), (0,), 1)
    (line,) = lines[0]
    assert line.result == "theta"
    assert line.symbols == r"\theta \leftarrow \theta - \eta_t\,g"
    assert line.numbers == (
        r"{\theta}_{1} \leftarrow 3 - 0.25 \cdot 6 = 1.5",
        r"{\theta}_{2} \leftarrow -1.5 - 0.25 \cdot \left(-3\right) = -0.75",
    )
    np.testing.assert_array_equal(line.value, [1.5, -0.75])


def test_momentum_by_hand():
    rule = OPTIMIZERS["Momentum"](learning_rate=0.25, momentum=0.5)
    _, lines = worked(rule, BOWL, (2.0, 0.0), (1,), 2)
    velocity, theta = lines[1]
    # 2 -> 1 with velocity 4, then velocity 0.5 * 4 + 2 = 4, then 1 -> 0.
    assert velocity.numbers[0] == r"{v}_{1} \leftarrow 0.5 \cdot 4 + 2 = 4"
    assert theta.numbers[0] == r"{\theta}_{1} \leftarrow 1 - 0.25 \cdot 4 = 0"


# Beyond the ordinary


@every_rule
def test_a_diverging_run_can_be_written_out_to_its_end(name):
    loss = SURFACES["goldstein_price"]
    path, lines = worked(OPTIMIZERS[name](learning_rate=9.0), loss, (1e60, -2e60), range(8), 8)
    assert not np.isfinite(path.loss[0])
    for written in lines.values():
        for line in written:
            assert all(braces_balance(latex) for latex in (line.symbols, *line.numbers))


@pytest.mark.parametrize("update", [-1, 3, 4, 1000])
def test_an_update_that_the_run_does_not_have_is_refused(update):
    rule = OPTIMIZERS["Adam"]()
    path = run(rule, BOWL, (1.0, 2.0), 3)
    with pytest.raises(ValueError, match=rf"^This run has the updates 1 to 3, and {update + 1} is not one of them\.$"):
        worked_update(rule, BOWL, path, update)


def test_a_run_without_updates_has_none_to_write_out():
    rule = OPTIMIZERS["Adam"]()
    with pytest.raises(ValueError, match="is not one of them"):
        worked_update(rule, BOWL, run(rule, BOWL, (1.0, 2.0), 0), 0)


# A rule of one's own


@dataclass(frozen=True, eq=False)
class SlowFall(ScheduledOptimizer):
    r"""A velocity that air slows down the more, the faster it is: $v \leftarrow (g + \mu v)/(1 + |v|)$."""

    family = "First order"
    memory = {"velocity": vector(0.0)}
    equations = (
        Equation("velocity", "(gradient + momentum * velocity) / (1 + abs(velocity))"),
        Equation("move", "where(abs(velocity) > 1, sign(velocity), velocity)"),
        Equation("theta", "theta - scheduled_learning_rate * move"),
    )
    intuition = "A ball in thick air."
    source = "Designed for this test"
    variant = "The only one."

    momentum: float = momentum_field()


def test_a_rule_of_three_equations_runs():
    batch = np.array([[2.0, -0.3, 0.0], [0.4, 1.5, 0.0]])
    path = run(SlowFall(learning_rate=0.25, momentum=0.5), BOWL, batch, 40)
    np.testing.assert_array_equal(path.state["velocity"][1], path.gradient[0])
    np.testing.assert_array_equal(path.theta[1], batch - 0.25 * np.clip(path.gradient[0], -1, 1))
    assert (path.loss[-1] <= 1e-3).all()
    for row in range(3):
        alone = run(SlowFall(learning_rate=0.25, momentum=0.5), BOWL, batch[:, row], 40)
        np.testing.assert_array_equal(alone.theta, path.theta[..., row])


def test_a_rule_of_three_equations_is_shown():
    symbols = symbols_of(SlowFall)
    assert [equation.latex(symbols) for equation in written_lines(SlowFall)] == [
        r"v \leftarrow \frac{g + \mu\,v}{1 + \left|v\right|}",
        r"\Delta \leftarrow \begin{cases}\operatorname{sign}\left(v\right) & \text{if } \left|v\right| > 1"
        r" \\ v & \text{otherwise}\end{cases}",
        r"\theta \leftarrow \theta - \eta_t\,\Delta",
    ]


def test_a_rule_of_three_equations_is_worked_out():
    path, lines = worked(SlowFall(learning_rate=0.25, momentum=0.5), BOWL, (2.0, 0.125), (0, 1), 2)
    assert [line.numbers for line in lines[0]] == [
        (
            r"{v}_{1} \leftarrow \frac{4 + 0.5 \cdot 0}{1 + \left|0\right|} = 4",
            r"{v}_{2} \leftarrow \frac{0.25 + 0.5 \cdot 0}{1 + \left|0\right|} = 0.25",
        ),
        (
            r"{\Delta}_{1} \leftarrow \operatorname{sign}\left(4\right) = 1",
            r"{\Delta}_{2} \leftarrow 0.25 = 0.25",
        ),
        (
            r"{\theta}_{1} \leftarrow 2 - 0.25 \cdot 1 = 1.75",
            r"{\theta}_{2} \leftarrow 0.125 - 0.25 \cdot 0.25 = 0.0625",
        ),
    ]
    assert lines[1][0].numbers[0] == r"{v}_{1} \leftarrow \frac{3.5 + 0.5 \cdot 4}{1 + \left|4\right|} = 1.1"
    np.testing.assert_array_equal(lines[1][-1].value, path.theta[2])


# The symbols of the hyperparameters


@every_rule
def test_every_hyperparameter_has_a_symbol(name):
    symbols = symbols_of(OPTIMIZERS[name])
    assert symbols == symbols_of(OPTIMIZERS[name]())
    assert symbols["learning_rate"] == r"\eta"
    # Where no schedule is offered, the rate of an update is the learning rate.
    assert ("scheduled_learning_rate" in symbols) == (name not in SCHEDULED)
    rate = symbols.pop("scheduled_learning_rate", r"\eta")
    assert rate == r"\eta"
    assert len(set(symbols.values())) == len(symbols)


def test_a_schedule_of_a_rule_for_which_none_is_offered_is_in_its_lines():
    for schedule, rate in (("Constant", r"\eta"), ("Cosine", r"\eta_t")):
        rule = OPTIMIZERS["Newton"](schedule=SCHEDULES[schedule]())
        path = run(rule, SURFACES["bowl"], (1.0, 2.0), 3)
        assert worked_update(rule, SURFACES["bowl"], path, 1)[-1].symbols == rf"\theta \leftarrow \theta - {rate}\,p"
