"""Texts and formulas as HTML: what is Markdown or LaTeX is set, and what is neither stays text."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from browser.markup import formula_html, html_of
from lessons.glossary import GLOSSARY
from surfaces import parse
from tests.formulas import GOOD

HOSTILE = (
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "$</math><script>alert(1)</script>$",
    "$$</math><img src=x onerror=alert(1)>$$",
    r"$\text{</mtext><script>alert(1)</script>}$",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\style{position:fixed}{x} \class{entry}{y}$",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "`<b>`",
)


class Tags(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def element(latex: str) -> ElementTree.Element:
    return ElementTree.fromstring(formula_html(latex, display=False))


def texts(latex: str, tag: str = "*") -> list[str]:
    return [part.text for part in element(latex).iter() if part.text and tag in ("*", part.tag)]


def test_a_text_is_set_as_it_is_marked():
    html = html_of("**bold** and *leaning*, `code`, [a link](https://example.org)\nand\n\n- one\n- two")
    for part in (
        "<strong>bold</strong>",
        "<em>leaning</em>",
        "<code>code</code>",
        '<a href="https://example.org">a link</a>',
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>",
    ):
        assert part in html


def test_formulas_stand_in_a_text():
    assert html_of("Step by $x_t$ now") == f"<p>Step by {formula_html('x_t', display=False)} now</p>\n"
    assert html_of("so $$x$$ it is") == f"<p>so {formula_html('x')} it is</p>\n"
    assert html_of("so\n\n$$\nx\n$$\n\nit is") == f"<p>so</p>\n{formula_html('x')}<p>it is</p>\n"


def test_money_and_a_single_dollar_are_no_formula():
    assert html_of(r"\$5 and \$6") == "<p>$5 and $6</p>\n"
    assert html_of("5$ a day") == "<p>5$ a day</p>\n"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text):
    seen = Tags(html_of(text))
    assert set(seen.tags) & {"script", "img", "b"} == set()
    for name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in ("src", "style")
        assert name != "href" or value.startswith("https://")
    assert ("class", "entry") not in seen.attributes


def test_hostile_text_is_still_to_be_read():
    assert Tags(html_of(HOSTILE[0])).text.strip() == HOSTILE[0]
    assert Tags(html_of(HOSTILE[1])).text.strip() == HOSTILE[1]
    assert Tags(html_of(HOSTILE[2])).text.strip() == HOSTILE[2].strip("$")


@pytest.mark.parametrize("latex", ["", r"\frac{1}{", "x^", "{", r"\nonsense", r"x \foo y", "a & b", r"\left( x"])
def test_what_is_no_formula_is_refused_with_the_formula(latex):
    with pytest.raises(ValueError, match=re.escape(repr(latex))):
        formula_html(latex)


def test_a_formula_stands_alone_or_in_a_sentence():
    assert formula_html("x").startswith("<span class='math'><math display=\"block\">")
    assert formula_html("x", display=False).startswith('<math display="inline">')


def test_a_formula_that_may_have_to_scroll_can_be_reached_with_the_keyboard():
    assert "tabindex" not in formula_html(r"\theta \leftarrow \theta - \eta_t\,g")
    assert formula_html(" + ".join("abcdefghijklmnop")).startswith("<span class='math' tabindex='0'>")


def test_a_formula_within_words_is_set():
    latex = r"a \leftarrow \text{the first of $\eta, \eta/2, \dots$ that lowers it}"
    assert texts(latex, "mtext") == ["the\xa0first\xa0of\xa0", "\xa0that\xa0lowers\xa0it"]
    assert "η" in texts(latex, "mi")


def test_lines_are_set_below_one_another():
    for latex in (r"\begin{aligned} a &= b \\[10pt] &= c \end{aligned}", r"\begin{pmatrix} a \\[4pt] b \end{pmatrix}"):
        assert len(element(latex).findall(".//mtr")) == 2
        assert not {"&", "[", "10pt", "4pt"} & set(texts(latex))


def test_the_name_of_a_function_keeps_its_distance_from_letters_alone():
    def space(latex: str) -> list[tuple[str, str, str]]:
        return [(part.text, part.get("lspace"), part.get("rspace")) for part in element(latex).iter() if len(part) == 0]

    assert ("cos", "0.167em", "0") in space(r"10 \cos{\left(x \right)}")
    assert ("cos", "0", "0.167em") in space(r"1 + \cos x")
    assert ("sin", "0.167em", "0") in space(r"2 \sin^{2}{\left(3 x \right)}")
    assert ("max", "0", "0") in space(r"v^{\max} + 1")
    assert ("sign", "0", "0") in space(r"\eta\,\operatorname{sign}\left(g\right)")


def test_bold_letters_are_letters_that_are_bold():
    assert texts(r"\mathbf{w} \mathbf{\theta} \mathbf{12}") == ["𝐰", "𝛉", "𝟏𝟐"]


def test_brackets_grow_only_around_what_is_tall():
    low, tall = element(r"\left(1 - \beta_1\right)"), element(r"\left(\frac{1}{2}\right)")
    assert {bracket.get("stretchy") for bracket in low.findall(".//mo[@fence]")} == {"false"}
    assert {bracket.get("stretchy") for bracket in tall.findall(".//mo[@fence]")} == {"true"}


def test_a_sign_is_not_a_difference():
    first, second = (element(latex).find(".//mo[.='−']").get("form") for latex in ("a = - b", "a - b"))
    assert (first, second) == ("prefix", None)


@pytest.mark.parametrize("name", GLOSSARY)
def test_every_symbol_is_set(name):
    assert not set("".join(texts(GLOSSARY[name].latex))) & set("\\{}_ ")


def test_every_formula_that_can_be_typed_is_set():
    for formula in GOOD:
        assert "\\" not in formula_html(parse(formula).latex), formula
