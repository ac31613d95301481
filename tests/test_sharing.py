"""Equal parts of plain data stand once, and the browser gets all of it back."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from browser.contents import surface_contents
from browser.sharing import shared
from browser.wire import packed
from tests.node import FOLDER, answers_of
from tests.pages_alone import restored

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text("ab", min_size=1, max_size=40), inner, max_size=3),
    max_leaves=30,
)


def back(content) -> object:
    (answer,) = answers_of(FOLDER / "sharing.js", [shared(content)])
    return answer


@given(st.lists(PLAIN, max_size=4).map(lambda parts: parts * 2))
def test_what_is_shared_comes_back(content):
    assert restored(shared(content)) == json.loads(json.dumps(content))


def test_the_browser_restores_it_too():
    record = {"name": "a record that is longer than a place in the table", "values": [1, 2.5, None, "text"]}
    content = {"first": record, "others": [record, {"inside": record, "more": [record]}], "plain": [1, "a"]}
    assert back(content) == content


def test_arrays_are_told_apart_by_their_content():
    one, same, other = (
        {"name": "the same words in all of these records", "x": np.array(x)} for x in ([1.0], [1.0], [2.0])
    )
    made = shared([one, same, other])
    assert made["content"][0] == made["content"][1] != made["content"][2]


def test_the_contents_of_a_surface_become_half_as_long():
    contents = surface_contents("himmelblau")
    del contents["ground"]
    assert len(packed(shared(contents))) < 0.5 * len(packed(contents))
