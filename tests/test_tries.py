"""What the lessons' tries promise is what happens: every try of every lesson."""

import ast
import importlib
import pkgutil
import re

import pytest

import lessons
from lessons.claims import Quantity
from lessons.tries import Try
from tests.browser import ROOT

MODULES = [importlib.import_module(f"lessons.{found.name}") for found in pkgutil.iter_modules(lessons.__path__)]
TRIES = [known for module in MODULES for known in getattr(module, "TRIES", ())]
every_try = pytest.mark.parametrize("known", TRIES, ids=lambda known: known.title)


@pytest.mark.slow
@every_try
def test_what_a_try_promises_is_what_happens(known):
    assert known.claims
    assert known.complaints() == []


@every_try
def test_a_try_says_in_whole_sentences_what_to_look_at(known):
    assert re.fullmatch(r"[A-ZηθΔ∇].*[.?]", known.look_at)
    assert known.look_at.isprintable()


def test_a_broken_promise_is_a_complaint():
    seven = Quantity("The number", lambda evidence: evidence)
    known = Try("Title", "Look.", {}, evidence=lambda: 7, claims=(seven.exactly(7), seven.at_most(6)))
    assert known.complaints() == ["The number is 7, and not from -inf to 6."]


def test_pages_declare_no_tries_of_their_own():
    """A try in a page would be out of reach of the tests above."""
    trees = {path: ast.parse(path.read_text()) for path in (ROOT / "pages").rglob("*.py")}
    calls = {
        str(path.relative_to(ROOT))
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Try"
    }
    assert calls == set()
