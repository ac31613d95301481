"""Numbers as people write them: with a decimal comma or point, any minus sign, thousands, powers of ten, fractions."""

import math
import re
import unicodedata

_SIGNS = dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-") | {ord("٫"): ".", ord("٬"): "'"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_POWER = r"(?: ?(?:×|·|∙|⋅|\*|x|X|\\times|\\cdot) ?10 ?(?:\^|\*\*) ?\{?(?P<power>[+-]?\d+)\}?)"


def _pattern(mark: str, other: str) -> re.Pattern:
    """Numbers with this decimal mark, whose thousands are set apart by spaces, apostrophes or the other mark.

    With commas, also as in India: 1,45,000 and 12,34,567.
    """
    indian = r"|[1-9]\d?(?:,\d{2})+,\d{3}" if other == "," else ""
    grouped = rf"(?P<grouped>[1-9]\d{{0,2}}(?P<gap>[ '’{other}])\d{{3}}(?:(?P=gap)\d{{3}})*{indian})"
    bare = r"|(?=\.\d)" if mark == "." else ""
    part = rf"(?:{re.escape(mark)}(?P<part>\d{'*' if mark == '.' else '+'}))?"
    return re.compile(
        rf"(?P<sign>[+-]?) ?(?:{grouped}|(?P<whole>\d+){bare}){part}(?:[eE](?P<exponent>[+-]?\d+)|{_POWER})?", re.ASCII
    )


_PATTERNS = {".": _pattern(".", ","), ",": _pattern(",", ".")}
_ONLY_A_POWER = re.compile(r"(?P<sign>[+-]?) ?10 ?(?:\^|\*\*) ?\{?(?P<power>[+-]?\d+)\}?", re.ASCII)
_FRACTION = re.compile(r"(?P<sign>[+-]?) ?(?:(?P<whole>\d+) )?(?P<over>\d+) ?/ ?(?P<under>\d+)", re.ASCII)
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_NOT_ZERO = re.compile(r"[^1-9eE×·∙⋅*xX\\]*[1-9]")
_NOT_FINITE = re.compile(r"[+-]? ?(?:nan|inf|infinity|∞)", re.IGNORECASE)
LONGEST_SHOWN = 20


class NumberError(ValueError):
    """A text that is no usable number; the message is the reason, without a full stop."""


def number_of(text: str) -> float:
    """The number that a text stands for, finite.

    Raises NumberError, also where the text can be read in two ways: “12,345” is 12.345 or 12345.
    """
    found = readings(text)
    if not found:
        raise NumberError(complaint(text))
    # A lone point is a decimal point: this is how the app writes numbers.
    chosen = found.get(".", found.get(","))
    if "," in text and len(set(found.values())) > 1:
        both = " or ".join(written(number) for number in sorted(found.values()))
        raise NumberError(f"{quoted(text)} can be {both}: leave the comma out, or write a point")
    return chosen


def readings(text: str) -> dict[str, float]:
    """The finite numbers that a text can stand for, by the mark that would separate decimals in it, "." or ","."""
    plain = _plain(text)
    found = _values(plain)
    if all(number is None for number in found.values()):
        found = dict.fromkeys(_PATTERNS, _fraction(plain))
    # A power of ten can be beyond what a computer holds: 1e400, or 1e-400, which is not 0.
    lost = _NOT_ZERO.match(plain) is not None
    return {
        mark: number
        for mark, number in found.items()
        if number is not None and math.isfinite(number) and not (number == 0 and lost)
    }


def complaint(text: str) -> str:
    """Why a text that has no reading has none."""
    plain = _plain(text)
    if not plain:
        return "a number is missing"
    if _NOT_FINITE.fullmatch(plain):
        return f"{quoted(text)} is not a finite number"
    sizes = {abs(number) for number in _values(plain).values() if number is not None}
    if sizes:
        return f"{quoted(text)} is too {'small' if 0 in sizes else 'large'} for a number of the computer"
    return f"{quoted(text)} is not a number"


def is_plain(text: str) -> bool:
    """True for a text that everybody reads in the same way: digits, and at most a sign, a point and an exponent."""
    return _PLAIN.fullmatch(text.strip()) is not None


def written(number: float) -> str:
    """The shortest text that is read as this number again."""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def quoted(text: str) -> str:
    """A typed text in quotation marks, cut where it is long."""
    text = "".join(character if character.isprintable() else " " for character in text).strip()
    return f"“{text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}”"


def _plain(text: str) -> str:
    """The text with one sign for every minus, every digit and every kind of space."""
    if text.isascii():
        return " ".join(text.split())
    text = _RAISED.sub(lambda raised: "^" + raised[0].translate(_SUPERSCRIPTS), text.translate(_SIGNS))
    parts = []
    for character in text:
        same = unicodedata.normalize("NFKC", character)
        if "⁄" in same:  # ½: what stands before it is a whole number
            parts.append(f" {same.replace('⁄', '/')}")
        elif character.isdecimal():
            parts.append(str(unicodedata.decimal(character)))
        elif unicodedata.category(character) != "Cf":
            parts.append(same)
    return " ".join("".join(parts).split())


def _values(plain: str) -> dict[str, float | None]:
    return {mark: _value(pattern, plain) for mark, pattern in _PATTERNS.items()}


def _value(pattern: re.Pattern, plain: str) -> float | None:
    found = pattern.fullmatch(plain)
    if found is None:
        only = _ONLY_A_POWER.fullmatch(plain)
        return float(f"{only['sign']}1e{only['power']}") if only else None
    whole = re.sub(r"\D", "", found["grouped"] or found["whole"] or "0")
    power = found["exponent"] or found["power"] or "0"
    return float(f"{found['sign']}{whole}.{found['part'] or '0'}e{power}")


def _fraction(plain: str) -> float | None:
    found = _FRACTION.fullmatch(plain)
    if found is None or not int(found["under"][:300]):
        return None
    size = float(found["whole"] or 0) + float(found["over"]) / float(found["under"])
    return -size if found["sign"] == "-" else size
