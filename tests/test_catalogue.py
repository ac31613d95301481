"""The catalogue: every rule, schedule and surface with its formula and its source."""

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from browser.catalogue import catalogue_html
from browser.markup import formula_html
from lessons.facts import families, loss_latex
from lessons.glossary import GLOSSARY
from optimizers import OPTIMIZERS, SCHEDULES, full_title_of, title_of
from optimizers.hyperparameters import defaults, hyperparameters
from optimizers.worked import symbols_of, written_lines
from surfaces import SURFACES
from tests.playground import on_page, opened, warnings


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
    assert any(text.endswith(f"**Source:** {schedule.source}") for text in texts(tab.markdown))
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


# The page that needs no server

LINES = {
    **{name: [line.latex(symbols_of(rule)) for line in written_lines(rule)] for name, rule in OPTIMIZERS.items()},
    **{name: [kind.latex] for name, kind in SCHEDULES.items()},
    **{name: [loss_latex(surface)] for name, surface in SURFACES.items()},
}
TITLES = {
    **{name: full_title_of(name) for name in OPTIMIZERS},
    **{name: title_of(name) for name in SCHEDULES},
    **{name: surface.title for name, surface in SURFACES.items()},
}
VOID = {"br", "hr", "img"}


class Outline(HTMLParser):
    """Tags in order, with their attributes and the text in them; complains of what is not closed where it should be."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.texts, self._open = [], [], []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.texts.append("")
        if tag not in VOID:
            self._open.append((tag, len(self.tags) - 1))

    def handle_endtag(self, tag):
        assert tag in VOID or self._open.pop()[0] == tag

    def handle_data(self, data):
        for _, place in self._open:
            self.texts[place] += data

    def each(self, tag: str) -> list[tuple[dict, str]]:
        return [(attrs, text) for (name, attrs), text in zip(self.tags, self.texts, strict=True) if name == tag]


@pytest.fixture(scope="module")
def html() -> str:
    return catalogue_html()


@pytest.fixture(scope="module")
def outline(html) -> Outline:
    return Outline(html)


def part(html: str, name: str) -> str:
    """The entry of this name."""
    (entry,) = [text for text in re.findall("<article.*?</article>", html, re.S) if f"id='{name}'" in text]
    return entry


@pytest.mark.parametrize("name", LINES)
def test_every_entry_has_its_title_its_formulas_and_its_source(html, name):
    entry = part(html, name)
    assert all(formula_html(latex) in entry for latex in LINES[name])
    text = "".join(Outline(entry).texts[:1])
    assert text.startswith(TITLES[name])
    described = {**OPTIMIZERS, **SCHEDULES, **SURFACES}[name]
    words = described.lesson if name in SURFACES else described.intuition
    assert all(told in text for told in (words, described.source, getattr(described, "variant", "")))


@pytest.mark.parametrize("name", [*OPTIMIZERS, *SCHEDULES])
def test_every_hyperparameter_is_there_with_its_default(html, name):
    kind = {**OPTIMIZERS, **SCHEDULES}[name]
    for key, field in hyperparameters(kind).items():
        symbol = formula_html(field.symbol, display=False)
        assert f"{field.label} {symbol} = {defaults(kind)[key]:g}" in part(html, name)


@pytest.mark.parametrize("name", SURFACES)
def test_every_minimum_is_there(html, name):
    minima = ", ".join(f"({theta1:.6g}, {theta2:.6g})" for theta1, theta2 in SURFACES[name].minima) or "none"
    assert f"<strong>Global minima:</strong> {minima}<br" in part(html, name)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_symbols_of_a_rule_are_explained_as_it_means_them(html, name):
    rule = OPTIMIZERS[name]
    meanings = "".join(text for _, text in Outline(part(html, name)).each("dd"))
    used = {key for line in written_lines(rule) for key in line.written}
    for key, field in hyperparameters(rule).items():
        if key in used:
            assert f"{field.label}. {field.help}" in meanings


def test_every_symbol_of_the_glossary_is_in_the_table(outline):
    rows = outline.each("tr")[1:]
    assert len(rows) == len(GLOSSARY)
    for symbol, (_, text) in zip(GLOSSARY.values(), rows, strict=True):
        assert f"{symbol.name}{symbol.meaning}{symbol.shape}" in text


def test_anchors_are_unique_and_every_link_within_the_page_leads_to_one(outline):
    anchors = Counter(attrs["id"] for _, attrs in outline.tags if "id" in attrs)
    assert set(anchors.values()) == {1}
    assert {*LINES, "optimizers", "schedules", "surfaces", "symbols"} == set(anchors)
    links = [attrs["href"] for attrs, _ in outline.each("a")]
    within = [link[1:] for link in links if link.startswith("#")]
    assert sorted(within) == sorted(anchors)
    named = {attrs.get("aria-labelledby") for _, attrs in outline.tags} - {None}
    assert named == set(anchors)


def test_what_can_be_played_with_leads_to_the_playground(outline):
    links = {attrs["href"] for attrs, _ in outline.each("a")}
    assert {link for link in links if link.startswith("index.html")} == {
        *(f"index.html#optimizers={name}" for name in OPTIMIZERS),
        *(f"index.html#surface={name}" for name in SURFACES),
    }


def test_sources_in_the_web_are_links(outline):
    links = {text: attrs["href"] for attrs, text in outline.each("a")}
    assert links["arXiv:1412.6980"] == "https://arxiv.org/abs/1412.6980"
    assert links["doi:10.1016/0893-6080(90)90029-K"] == "https://doi.org/10.1016/0893-6080(90)90029-K"
    assert links["https://www.sfu.ca/~ssurjano/"] == "https://www.sfu.ca/~ssurjano/"


def test_headings_are_in_order(outline):
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = [text for tag in ("h2", "h3") for _, text in outline.each(tag)]
    assert titles[:4] == ["Optimizers", "Schedules", "Surfaces", "Symbols"]
    assert titles[4 : 4 + len(families())] == [*families()]


def test_nothing_is_fetched_and_nothing_runs(html, outline):
    assert {tag for tag, _ in outline.tags} & {"script", "link", "img", "iframe", "style"} == set()
    assert not any(name.startswith("on") or name in ("src", "style") for _, attrs in outline.tags for name in attrs)
    assert "xmlns" not in html


def test_no_command_of_latex_is_left(outline):
    formulas = [text for _, text in outline.each("math")]
    assert len(formulas) > 300
    assert [text for text in formulas if not text.strip() or set(text) & set("\\&$_")] == []
