"""Figures as one compact text: every array once, as raw numbers, compressed.

The layout, after base64 and deflate: four bytes with the length of the header, the header as JSON padded with spaces to
a multiple of eight, then the arrays, each with its bytes sorted by significance and padded likewise. In the header's
figures an array is {"array": place in the table}, and the table says type, shape and position of each.
"""

import base64
import json
import struct
import zlib
from typing import Any

import numpy as np

_TYPES = {"<f4": "Float32Array", "<f8": "Float64Array", "<i4": "Int32Array"}
_WHOLE = np.iinfo(np.int32)
_TIGHT = (",", ":")
# The quickest: higher levels take up to twice as long for one part in thirty.
_LEVEL = 1
_HEADER_LENGTH = 4
_ALIGNMENT = 8


def packed(content: Any, level: int = _LEVEL) -> str:
    """Plain JSON with numpy arrays anywhere in it, as a text for `unpack` in canvas/messages.js.

    level: of the compression, from 1, the quickest, to 9.
    """
    table = _Table()
    # The processor tells when a number is lost, in less time than looking for one takes.
    with np.errstate(over="raise", under="raise"):
        figures = json.dumps(content, separators=_TIGHT, default=table.replaced)
    if "NaN" in figures or "Infinity" in figures:
        # JSON has no such numbers.
        figures = json.dumps(json.loads(figures, parse_constant=lambda name: None), separators=_TIGHT)
    header = f'{{"content":{figures},"arrays":{json.dumps(table.entries, separators=_TIGHT)}}}'
    filled = header.encode()
    filled += b" " * (-(len(filled) + _HEADER_LENGTH) % _ALIGNMENT)
    raw = struct.pack("<I", len(filled)) + filled + b"".join(table.blobs)
    return base64.b64encode(zlib.compress(raw, level)).decode()


class _Table:
    """The arrays of a message, equal ones once."""

    def __init__(self):
        self.entries: list[dict] = []
        self.blobs: list[bytes] = []
        self._length = 0
        # Places by the identity of arrays and by their content as they were given, which saves most of the work, and
        # as they are sent.
        self._same: dict[int, int] = {}
        self._given: dict[tuple, int] = {}
        self._places: dict[tuple, int] = {}

    def replaced(self, value: np.ndarray | np.generic) -> Any:
        """What JSON says in the place of what it does not have."""
        place = self._same.get(id(value))
        if place is not None:
            return {"array": place}
        if value.dtype.kind not in "fiu" or not value.shape or not value.size:
            return value.tolist()
        given = (value.tobytes(), value.shape, value.dtype.str)
        if given not in self._given:
            self._given[given] = self._place(_narrowed(value))
        place = self._same[id(value)] = self._given[given]
        return {"array": place}

    def _place(self, array: np.ndarray) -> int:
        blob = _by_significance(array)
        place = self._places.setdefault((blob, array.shape, array.dtype.str), len(self.entries))
        if place == len(self.entries):
            self.entries.append({"type": _TYPES[array.dtype.str], "shape": array.shape, "at": self._length})
            self.blobs.append(blob + bytes(-len(blob) % _ALIGNMENT))
            self._length += len(self.blobs[-1])
        return place


def _by_significance(array: np.ndarray) -> bytes:
    """The first bytes of all numbers, then their second bytes, and so on: neighbours that are alike compress better."""
    return array.reshape(-1).view(np.uint8).reshape(-1, array.itemsize).T.tobytes()


def _narrowed(array: np.ndarray) -> np.ndarray:
    """The array in 32 bits, or in 64 where 32 could not hold the size of a number; in one piece."""
    if array.dtype.kind in "iu":
        fits = _WHOLE.min <= array.min() and array.max() <= _WHOLE.max
        return array.astype(np.int32 if fits else np.float64, order="C")
    try:
        return array.astype(np.float32, order="C")
    except FloatingPointError:
        return array.astype(np.float64, order="C")
