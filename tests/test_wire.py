"""The compact text of figures: what comes out is what went in, in 32 bits where these can hold it, every array once."""

import base64
import json
import struct
import zlib
from pathlib import Path

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from browser.wire import packed
from tests.playground import unpacked

TYPES = {"Float32Array": np.float32, "Float64Array": np.float64, "Int32Array": np.int32}


def parts(text: str) -> tuple[dict, bytes, int]:
    """The header, the bytes of the arrays, number by number again, and where these begin."""
    raw = zlib.decompress(base64.b64decode(text, validate=True))
    (length,) = struct.unpack_from("<I", raw)
    begin = 4 + length
    header, blob = json.loads(raw[4:begin], parse_constant=_not_json), bytearray(raw[begin:])
    for entry in header["arrays"]:
        width, at = np.dtype(TYPES[entry["type"]]).itemsize, entry["at"]
        end = at + width * int(np.prod(entry["shape"]))
        blob[at:end] = np.frombuffer(bytes(blob[at:end]), np.uint8).reshape(width, -1).T.tobytes()
    return header, bytes(blob), begin


def _not_json(token: str):
    raise AssertionError(f"{token} is not JSON")


def read(text: str):
    """What the text holds, with numpy arrays."""
    header, blob, _ = parts(text)

    def filled(value):
        if isinstance(value, list):
            return [filled(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"array"} and isinstance(value["array"], int):
            entry = header["arrays"][value["array"]]
            size = int(np.prod(entry["shape"]))
            return np.frombuffer(blob, TYPES[entry["type"]], size, entry["at"]).reshape(entry["shape"])
        return {key: filled(entry) for key, entry in value.items()}

    return filled(header["content"])


def assert_same(actual, expected) -> None:
    """The same content: tuples come back as lists, numbers that JSON does not have as None, arrays as they were."""
    if isinstance(expected, np.ndarray) and expected.size:
        assert isinstance(actual, np.ndarray)
        with np.errstate(over="ignore"):
            np.testing.assert_array_equal(actual, expected.astype(actual.dtype), strict=True)
    elif isinstance(expected, (list, tuple, np.ndarray)):
        assert isinstance(actual, list)
        assert len(actual) == len(expected)
        for one, other in zip(actual, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, dict):
        assert list(actual) == list(expected)
        for key, value in expected.items():
            assert_same(actual[key], value)
    elif isinstance(expected, float) and not np.isfinite(expected):
        assert actual is None
    else:
        assert type(actual) is type(expected)
        assert actual == expected


NUMBERS = arrays.arrays(
    st.sampled_from([np.float32, np.float64, np.int16, np.int32, np.int64, np.uint8]),
    arrays.array_shapes(max_dims=2, max_side=5, min_side=0),
    elements={"min_value": 0, "max_value": 100},
)
FLOATS = arrays.arrays(np.float64, arrays.array_shapes(max_dims=2, max_side=5), elements=st.floats(width=64))
SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text()
# A lone "array" with a whole number is how the text itself names an array.
KEYS = st.text(max_size=5).filter(lambda key: key != "array")
CONTENT = st.recursive(
    SCALARS | NUMBERS | FLOATS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(KEYS | st.just("z"), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(CONTENT)
def test_what_comes_out_is_what_went_in(content):
    assert_same(read(packed(content)), content)


@given(CONTENT)
def test_arrays_lie_at_multiples_of_eight_one_after_the_other(content):
    header, blob, begin = parts(packed(content))
    assert begin % 8 == 0
    end = 0
    for entry in header["arrays"]:
        assert entry["at"] % 8 == 0
        assert 0 <= entry["at"] - end < 8
        end = entry["at"] + TYPES[entry["type"]]().nbytes * int(np.prod(entry["shape"]))
    assert 0 <= len(blob) - end < 8


@given(FLOATS)
def test_a_number_never_loses_its_size(array):
    """Half of the digits may go, but nothing becomes infinite or zero, and what is no number stays none."""
    result = read(packed(array)).astype(np.float64)
    np.testing.assert_array_equal(np.isfinite(result), np.isfinite(array))
    np.testing.assert_array_equal(np.isnan(result), np.isnan(array))
    np.testing.assert_array_equal(result == 0, array == 0)
    np.testing.assert_allclose(result, array, rtol=2.0**-24)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0.1, -2.5], np.float32),
        ([0.0, 1.0], np.float32),
        ([np.nan, np.inf, -np.inf, 0.0], np.float32),
        ([3e38, -3e38, 2e-38], np.float32),
        ([1e300, 1.0], np.float64),
        ([-1e39], np.float64),
        ([1e-300, 1.0], np.float64),
        ([1e-39, np.nan], np.float64),
        ([np.inf, 1e300], np.float64),
    ],
)
def test_numbers_get_32_bits_only_where_their_size_allows_it(values, kind):
    result = read(packed(np.array(values)))
    assert result.dtype == kind
    np.testing.assert_array_equal(result, np.array(values, kind))


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16, np.int32, np.int64, np.uint32, np.uint64])
def test_whole_numbers_stay_whole(kind):
    result = read(packed(np.array([[0, 7], [100, 3]], kind)))
    assert result.dtype == np.int32
    assert result.tolist() == [[0, 7], [100, 3]]


@pytest.mark.parametrize("value", [2**31 - 1, -(2**31), 2**31, -(2**31) - 1, 10**10, 2**53])
def test_large_whole_numbers_keep_their_value(value):
    assert read(packed(np.array([value, 1]))).tolist() == [value, 1]


def test_equal_arrays_are_stored_once():
    array = np.linspace(0, 1, 50)
    header, blob, _ = parts(packed({"rim": array, "line": [array.copy(), {"x": array.astype(np.float32)}]}))
    assert len(header["arrays"]) == 1
    assert len(blob) == 50 * 4
    assert header["content"] == {"rim": {"array": 0}, "line": [{"array": 0}, {"x": {"array": 0}}]}


def test_arrays_that_differ_in_shape_or_kind_are_kept_apart():
    zeros = [np.zeros(6), np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(6, int)]
    result = read(packed(zeros))
    assert [(array.shape, array.dtype.kind) for array in result] == [(array.shape, array.dtype.kind) for array in zeros]
    assert len(parts(packed(zeros))[0]["arrays"]) == len(zeros)


def test_arrays_need_not_lie_in_one_piece():
    array = np.arange(24.0).reshape(4, 6)
    for view in (array.T, array[::2, 1::2], array[::-1], np.asfortranarray(array)):
        np.testing.assert_array_equal(read(packed(view)), view)


def test_numbers_that_json_does_not_have_become_null():
    scalars = [float("nan"), float("inf"), -float("inf"), np.float64("nan"), np.float32("inf")]
    header, _, _ = parts(packed({"lone": scalars[0], "deep": [{"more": scalars}]}))
    assert header["content"] == {"lone": None, "deep": [{"more": [None] * 5}]}


@pytest.mark.parametrize("beside", [None, float("nan")])
def test_words_for_such_numbers_stay_words(beside):
    content = {"NaN": ["Infinity", "-Infinity", '"NaN"', 0.1, 1e300, beside], "z": np.array([np.nan, 2.0])}
    header, _, _ = parts(packed(content))
    assert header["content"] == {
        "NaN": ["Infinity", "-Infinity", '"NaN"', 0.1, 1e300, None],
        "z": {"array": 0},
    }


def test_what_is_no_json_is_refused():
    with pytest.raises((TypeError, AttributeError)):
        packed({"x": object()})


def test_the_header_is_plain_json_and_names_every_array():
    """`parts` refuses NaN and Infinity, which json writes unless it is told not to."""
    content = {"x": np.array([np.nan, np.inf]), "size": np.int64(3), "on": np.bool_(True), "low": np.float64(0.5)}
    header, blob, _ = parts(packed(content))
    assert header == {
        "content": {"x": {"array": 0}, "size": 3, "on": True, "low": 0.5},
        "arrays": [{"type": "Float32Array", "shape": [2], "at": 0}],
    }
    np.testing.assert_array_equal(np.frombuffer(blob, np.float32), [np.nan, np.inf])


@pytest.mark.parametrize(
    ("array", "plain"),
    [
        (np.empty(0), []),
        (np.empty((0, 5)), []),
        (np.empty((2, 0)), [[], []]),
        (np.array(["a", "θ₁"]), ["a", "θ₁"]),
        (np.array([True, False]), [True, False]),
        (np.array(["a", None, 1.5, float("nan"), float("inf")], object), ["a", None, 1.5, None, None]),
    ],
    ids=["empty", "no rows", "no columns", "texts", "truths", "mixed"],
)
def test_arrays_without_numbers_travel_as_lists(array, plain):
    header, blob, _ = parts(packed({"x": array}))
    assert header == {"content": {"x": plain}, "arrays": []}
    assert blob == b""


def test_the_text_is_small_and_always_the_same():
    def content() -> dict:
        return {"z": np.zeros((200, 200)), "name": "surface", "x": np.linspace(-1, 1, 200)}

    assert packed(content()) == packed(content())
    assert len(packed(content())) < 200 * 200 * 4 / 50


def test_the_tests_of_the_pages_read_the_text_alike():
    content = {"x": np.array([1.5, np.nan]), "z": np.arange(6).reshape(2, 3), "names": ["a", None], "none": np.empty(0)}
    assert unpacked(packed(content)) == {
        "x": [1.5, None],
        "z": [[0, 1, 2], [3, 4, 5]],
        "names": ["a", None],
        "none": [],
    }


IN_THE_BROWSER = {
    "θ": ["a", None, True, 3, -0.5, float("nan"), []],
    "small": np.array([1.5, np.nan, -np.inf, 0.25]),
    "again": {"deep": [np.array([1.5, np.nan, -np.inf, 0.25])]},
    "odd": np.arange(3),
    "large": np.array([1e300, 1e-300, 0.1]),
    "table": np.arange(6.0).reshape(2, 3),
    "tall": np.arange(3).reshape(3, 1),
    "cube": np.arange(8).reshape(2, 2, 2),
    "none": np.empty((0, 5)),
    "array": {"array": [1, 2]},
}


def test_the_text_that_the_browsers_side_is_tried_with_is_the_one_that_python_packs():
    """tests/node/messages.test.js reads it. Other versions of zlib may compress otherwise, but not other bytes."""
    text = (Path(__file__).parent / "node" / "packed.txt").read_text().strip()
    assert parts(text) == parts(packed(IN_THE_BROWSER))
