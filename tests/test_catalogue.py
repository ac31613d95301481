"""The catalogue: every rule, schedule and surface with its formula and its source."""

from html import unescape

import pytest

from optimizers import OPTIMIZERS, SCHEDULES, title_of
from optimizers.hyperparameters import defaults, hyperparameters
from optimizers.worked import symbols_of
from surfaces import SURFACES
from tests.playground import on_page, opened, warnings
from ui.glossary import GLOSSARY


@pytest.fixture(scope="module")
def catalogue():
    return on_page(opened(), "catalogue")


def texts(elements) -> list[str]:
    return [element.value for element in elements]


def formulas(catalogue) -> list[str]:
    return [formula.strip("$\n") for formula in texts(catalogue.latex)]


@pytest.mark.slow
def test_it_has_a_tab_for_each_kind(catalogue):
    assert [tab.label for tab in catalogue.tabs] == ["Optimizers", "Schedules", "Surfaces", "Symbols"]
    for tab, known in zip(catalogue.tabs[:3], (OPTIMIZERS, SCHEDULES, SURFACES), strict=True):
        assert len(tab.subheader) == len(known)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_is_listed_once_with_all_that_is_known(catalogue, name):
    tab, rule = catalogue.tabs[0], OPTIMIZERS[name]
    assert texts(tab.subheader).count(title_of(name)) == 1
    assert rule.intuition in texts(tab.markdown)
    listed = [
        f"{field.label} ${field.symbol}$ = {defaults(rule)[key]:g}" for key, field in hyperparameters(rule).items()
    ]
    assert any(all(part in text for part in (rule.source, rule.variant, *listed)) for text in texts(tab.markdown))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_line_of_every_rule_is_shown(catalogue, name):
    rule = OPTIMIZERS[name]
    for equation in rule.equations:
        assert equation.aside or equation.latex(symbols_of(rule)) in formulas(catalogue)


def test_the_rules_stand_under_their_families(catalogue):
    assert texts(catalogue.tabs[0].header) == list(dict.fromkeys(rule.family for rule in OPTIMIZERS.values()))


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_is_listed_once_with_its_formula_and_source(catalogue, name):
    tab, schedule = catalogue.tabs[1], SCHEDULES[name]
    assert texts(tab.subheader).count(title_of(name)) == 1
    assert schedule.intuition in texts(tab.markdown)
    assert f"**Source:** {schedule.source}" in texts(tab.markdown)
    assert schedule.latex in formulas(catalogue)


@pytest.mark.parametrize("name", SURFACES)
def test_every_surface_is_listed_once_with_its_formula_minima_lesson_and_source(catalogue, name):
    tab, surface = catalogue.tabs[2], SURFACES[name]
    assert texts(tab.subheader).count(surface.title) == 1
    assert surface.lesson in texts(tab.markdown)
    assert rf"L(\theta_1, \theta_2) = {surface.latex}" in formulas(catalogue)
    minima = ", ".join(f"({theta1:.6g}, {theta2:.6g})" for theta1, theta2 in surface.minima) or "none"
    assert any(f"**Global minima:** {minima}" in text and surface.source in text for text in texts(tab.markdown))


def test_every_formula_is_made_of_what_latex_can_set(catalogue):
    unknown = {formula for formula in formulas(catalogue) if not formula.replace("…", "").isascii()}
    assert not unknown


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("link", [{}, {"surface": "booth"}, {"nope": "<b>`x`</b>", "updates": "nan"}])
def test_any_link_opens_it(link, theme):
    page = on_page(opened(theme=theme), "catalogue", link)
    assert texts(page.title) == ["Catalogue"]
    assert warnings(page) == []


def test_every_symbol_of_the_glossary_is_listed(catalogue):
    (table,) = [part.proto.body for part in catalogue.get("html") if "class='symbols'" in part.proto.body]
    assert table.count("<th scope='row'>") == len(GLOSSARY)
    for symbol in GLOSSARY.values():
        assert symbol.meaning in unescape(table)
