"""JavaScript in tokens: nothing is lost, and nothing in a script ends the element around it."""

import json
import subprocess

import pytest

from browser.files import FILES
from browser.javascript import tokens_of, without_script_ends
from tests.node import node_path

MODULES = [name for name in FILES if name.endswith(".js") and "/" in name]


@pytest.mark.parametrize("name", MODULES)
def test_the_tokens_of_a_module_are_the_module(name):
    text = FILES[name].read_text(encoding="utf-8")
    tokens = tokens_of(text, name)
    assert "".join(token.text for token in tokens) == text
    line = 1
    for token in tokens:
        assert token.line == line
        line += token.text.count("\n")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens_of(text, "a.js") if token.is_code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a / b / c", ["a", "/", "b", "/", "c"]),
        ("return /a[/]b/g;", ["return", "/a[/]b/g", ";"]),
        ("f(/'/)", ["f", "(", "/'/", ")"]),
        ("(a) / 'b'", ["(", "a", ")", "/", "'b'"]),
        ("`${1}` / `b`", ["`${", "1", "}`", "/", "`b`"]),
        ("`a${ { b: `c${'}'}` } }d`", ["`a${", "{", "b", ":", "`c${", "'}'", "}`", "}", "}d`"]),
        (r"'it\'s' // 'no'", [r"'it\'s'"]),
        ("a /* ` */ => #b", ["a", "=>", "#b"]),
        (r"`\`$ \${`", [r"`\`$ \${`"]),
    ],
)
def test_strings_templates_and_regular_expressions_are_told_apart(text, expected):
    assert [token for _, token in kinds(text)] == expected


def test_a_template_that_does_not_end_is_named_with_its_line():
    with pytest.raises(ValueError, match=r"^a\.js:2: a template does not end"):
        tokens_of("a\n`b", "a.js")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'</script>'", "</script>"),
        ('"</SCRIPT >"', "</SCRIPT >"),
        ("'<!--'", "<!--"),
        (r"'\\\</script>\\</script>'", r"\</script>\</script>"),
        ("`</script><!-- ${'</script>'}`", "</script><!-- </script>"),
        ("'2' </script/i.exec('script').index", False),
        ("((a, b) => a<!--b)(0, 2)", False),
        ("1 // </script> <!--", 1),
        ("1 /* </script> <!-- */", 1),
    ],
)
def test_a_script_says_the_same_without_what_could_end_it(expression, value):
    """A classic script has comments of HTML: as it stands, one of these would be another program."""
    safe = without_script_ends(f"console.log(JSON.stringify(\n{expression}\n))", "a.js")
    assert not any(end in safe.lower() for end in ("</script", "<!--"))
    done = subprocess.run([node_path(), "-e", safe], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == value


@pytest.mark.parametrize("expression", ["/(?<!--a)/", "String.raw`</script>`", "tag`${1}</script>`"])
def test_what_cannot_be_said_otherwise_is_named_with_its_line(expression):
    with pytest.raises(ValueError, match=r"^a\.js:2: this could end the script"):
        without_script_ends(f"1;\n{expression}", "a.js")
