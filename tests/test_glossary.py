"""The glossary: every symbol is complete, and a formula explains each of its symbols and shows nothing as code."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lessons.glossary import GLOSSARY
from optimizers import OPTIMIZERS, run
from optimizers.hyperparameters import hyperparameters
from optimizers.worked import symbols_of, worked_update, written_lines
from surfaces import SURFACES
from ui.glossary import formula
from ui.navigation import PAGES


class Reader(HTMLParser):
    """Collects tags with their attributes, and the text that is always visible: all but the explanations."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.text, self._open = [], "", []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self._open.append(dict(attrs).get("class", ""))

    def handle_endtag(self, tag):
        self._open.pop()

    def handle_data(self, data):
        if "symbol-tip" not in self._open:
            self.text += data


def test_every_symbol_is_complete():
    for name, symbol in GLOSSARY.items():
        assert all((symbol.html, symbol.name, symbol.meaning, symbol.shape)), name
        assert symbol.meaning.endswith("."), name
        assert symbol.page in {page.url_path for page in PAGES}, name
        assert re.sub("</?su[bp]>", "", symbol.html).isprintable()
        assert "<" not in re.sub("</?su[bp]>", "", symbol.html), name


@pytest.mark.parametrize("name", GLOSSARY)
def test_a_symbol_in_a_formula_says_what_it_is_and_can_be_reached_with_the_keyboard(name):
    html = formula(f"2 · {{{name}}}")
    (spot,) = [attributes for tag, attributes in Reader(html).tags if attributes.get("class") == "symbol"]
    assert spot["tabindex"] == "0"
    for part in (GLOSSARY[name].name, GLOSSARY[name].meaning, GLOSSARY[name].shape):
        assert part in spot["aria-label"]
    tip = html.split("symbol-tip")[1]
    for part in (GLOSSARY[name].name, GLOSSARY[name].meaning, GLOSSARY[name].shape):
        assert part in tip
    titles = {page.url_path: page.title for page in PAGES}
    assert titles[GLOSSARY[name].page] in tip


def test_the_rule_reads_as_it_is_written():
    shown = Reader(formula("{theta} ← {theta} − {learning_rate} {loss_gradient}({theta})"))
    assert shown.text == "θ ← θ − η ∇L(θ)"
    assert [attributes.get("class") for _, attributes in shown.tags].count("symbol") == 5


def test_the_rest_of_a_formula_is_text_and_nothing_else():
    shown = Reader(formula("<img src=x onerror=alert(1)> & '\"> <sup>2</sup> {{x}} {d}"))
    assert shown.text == "<img src=x onerror=alert(1)> & '\"> 2 {x} d"
    assert {tag for tag, _ in shown.tags} <= {"div", "sup", "span", "b", "br", "a"}


def test_a_name_that_is_not_in_the_glossary_is_refused():
    with pytest.raises(KeyError):
        formula("{nonsense}")


def shown_page():
    from ui.glossary import show_formulas, symbol_table

    show_formulas("#Small steps:", "{learning_rate}")
    symbol_table("theta", "loss")


def test_formulas_and_a_table_on_a_page():
    app = AppTest.from_function(shown_page).run()
    assert not app.exception
    formulas, table = (element.proto.body for element in app.get("html"))
    assert "<p class='formula-sentence'>Small steps:</p>" in formulas
    assert "aria-label='learning rate." in formulas
    assert table.count("<tr>") == 3
    assert "The update rule" in table


def symbols_of_all_rules():
    from optimizers import OPTIMIZERS
    from ui.glossary import show_symbols

    for rule in OPTIMIZERS.values():
        show_symbols(rule)


def test_every_symbol_of_every_rule_is_explained():
    app = AppTest.from_function(symbols_of_all_rules).run()
    assert not app.exception
    lines = [element.proto.body for element in app.get("html")]
    for rule, line in zip(OPTIMIZERS.values(), lines, strict=True):
        known = symbols_of(rule)
        shown = [attributes for _, attributes in Reader(line).tags if attributes.get("class") == "symbol"]
        names = {name for equation in written_lines(rule) for name in equation.written}
        assert len(shown) == len(names)
        for name in names & known.keys():
            (field,) = [field for field in hyperparameters(rule).values() if field.symbol == known[name]]
            assert any(f"{field.label}. {field.help}" in mark["aria-label"] for mark in shown), (rule, name)


def symbols_of_a_rule_with_a_field_of_its_own():
    from dataclasses import dataclass

    from optimizers.equations import Equation
    from optimizers.hyperparameters import hyperparameter
    from optimizers.optimizer import ScheduledOptimizer
    from ui.glossary import show_symbols

    @dataclass(frozen=True, eq=False)
    class Sluggish(ScheduledOptimizer):
        equations = (Equation("theta", "theta - laziness * gradient"),)
        laziness: float = hyperparameter(0.5, r"\kappa_1", "laziness", low=0.0, high=1.0, help="How little it does.")

    show_symbols(Sluggish)


def test_a_hyperparameter_that_is_new_is_explained_by_its_own_field():
    app = AppTest.from_function(symbols_of_a_rule_with_a_field_of_its_own).run()
    assert not app.exception
    (line,) = [element.proto.body for element in app.get("html")]
    assert Reader(line).text.endswith("g, κ1, θ")
    assert "aria-label='laziness. How little it does. Shape: a number.'" in line


def signs_of(name: str) -> dict[str, float]:
    """For every rule with this quantity, the sign of its share of the step, along the last equation for theta."""
    signs = {}
    for kind, rule in OPTIMIZERS.items():
        if any(equation.result == name for equation in rule.equations):
            optimizer, start = rule(), np.array([3.0, 2.0])
            path = run(optimizer, SURFACES["booth"], start, 2)
            lines = {line.result: line.value for line in worked_update(optimizer, SURFACES["booth"], path, 0)}
            signs[kind] = float(np.sign(lines[name] @ (path.theta[1] - path.theta[0])))
    return signs


def test_p_is_explained_so_that_it_is_true_for_every_rule():
    """Conjugate gradients step along p, BFGS and Lion against it, and so do Newton's methods."""
    directions, newton = signs_of("direction"), signs_of("newton_step")
    assert set(directions.values()) == {-1.0, 1.0}
    assert "says which way" in GLOSSARY["direction"].meaning
    assert set(newton.values()) == {-1.0}
    assert "The step goes against p" in GLOSSARY["newton_step"].meaning


def test_what_beta2_remembers_is_said_for_each_rule():
    remembered = {
        kind: equation.result
        for kind, rule in OPTIMIZERS.items()
        for equation in rule.equations
        if "beta2" in equation.names and equation.result in ("second_moment", "largest_gradient", "first_moment")
    }
    others = {kind: GLOSSARY[name].html for kind, name in remembered.items() if name != "second_moment"}
    assert others == {"Adamax": "u", "Lion": "m"}
    for kind, symbol in others.items():
        assert f"in {kind} of {symbol}" in GLOSSARY["beta2"].meaning
