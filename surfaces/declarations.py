"""What stands around a formula that was pasted: wrappers such as $...$, a head such as f(x, y) =, values of constants.

Everything is found by its place: nothing is cut out of the text, so that a mistake is marked where it was typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from surfaces.tree import SPACES, ExpressionError
from surfaces.vocabulary import CONSTANTS, FUNCTION_NAMES, GREEK, LATEX_SHOWN, LATEX_STYLES, REFUSED_SIGNS, SUBSCRIPTS

_WRAPPERS = (("$$", "$$"), ("$", "$"), (r"\(", r"\)"), (r"\[", r"\]"), ("```", "```"), ("`", "`"))
_SPACE_BEHIND = re.compile(r"\\(?:q?quad|[,;:! ]?)\s*$")
_SIGN_BEHIND = re.compile(r"(?<![,.;])[;,.]$|(?<=\\[,;:!])[;,.]$")
_NUMBERED = re.compile(r"\\(?:tag|label)\s*\{[^{}]*\}\s*$")
_STYLED_GROUP = re.compile(r"\{\s*\\(?:displaystyle|textstyle)(?![A-Za-z])")
_SHOWN = tuple((rf"\begin{{{name}}}", rf"\end{{{name}}}") for name in sorted(LATEX_SHOWN))
_NAME = r"\\?[A-Za-z\u0370-\u03ff][A-Za-z0-9_]*(?:_\{[0-9]{1,2}\}|[₀-₉]{1,2})?"
_NUMBER = r"[-+−]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_VALUE = rf"{_NAME}\s*=\s*{_NUMBER}"
_WHERE = r"(?:[;,]|\\text\{\s*(?:where|with|for)\s*\}|\b(?:where|with|for)\b)"
_TAIL = re.compile(rf"{_WHERE}\s*({_VALUE}(?:\s*(?:,|;|\band\b)\s*{_VALUE})*)\s*[;.]?\s*$")
_ONE_VALUE = re.compile(rf"({_NAME})\s*=\s*({_NUMBER})")
_RETURN = re.compile(r"return\b")
_DEFINED = re.compile(r"def\s+\w+\s*\(([^()]*)\)\s*(?:->\s*\w+\s*)?:\s*(?:return\b)?")
_LAMBDA = re.compile(r"(?:lambda|λ)\s+([^:()]*):")
_ARROW = re.compile(r"(?:\w+\s*:?\s*)?(?:\(([^()=]*)\)|([A-Za-z]\w*))\s*(?:=>|->|↦|\\mapsto\b)")
_AT = re.compile(r"@\s*\(([^()]*)\)")
_FUNCTION = re.compile(r"(?:\w+\s*<-\s*)?function\s*\w*\s*\(([^()]*)\)\s*(?:\{\s*(?:return\b)?)?")
_DECLARED = re.compile(r"(?:const|let|var|auto|double|float)\s+(?=\w+\s*=)")
_STYLE = re.compile(
    rf"\\(?:left|right|{LATEX_STYLES.replace('*', '[*]')}|mathcal|mathscr|vec|displaystyle|[,;:!])(?![A-Za-z])|[{{}}$&]"
)
_HEAD = re.compile(rf"({_NAME}'?(?:\^?\*)?)\s*(?:[(\[](.*)[)\]])?")
_EQUALS = re.compile(r"(?<![<>=!:])(:?=)(?![=>])")
_PLAIN_NAME = re.compile(r"\\?([A-Za-z\u0370-\u03ff]+)_?\{?([0-9₀-₉]{0,2})\}?")
_SUBSCRIPT = {digit: subscript for subscript, digit in SUBSCRIPTS.items()}


@dataclass
class Frame:
    """Where the formula proper stands in its text, and what was said around it.

    declared: the names of a head, in their order. constants: those behind a semicolon there. head: what is defined,
    such as the z of z = ... values: of constants. tail: where these begin.
    """

    start: int
    end: int
    declared: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()
    head: str = ""
    head_end: int = 0
    values: dict[str, str] = field(default_factory=dict)
    tail: int | None = None

    @property
    def words(self) -> set[str]:
        """Every name that was declared somehow."""
        return {*self.declared, *self.constants, *self.values}


def canonical(name: str) -> str:
    """The one spelling of a name: θ₁ for theta_1, \\theta_{1} and θ1; a word with other signs in it is its own."""
    plain = _PLAIN_NAME.fullmatch(name.strip())
    if plain is None:
        return name.strip()
    letters, digits = plain.groups()
    letters = GREEK.get(letters, letters)
    letters = letters.lower() if letters in ("X", "Y", "Θ") else letters
    return letters + "".join(_SUBSCRIPT.get(digit, digit) for digit in digits)


def with_constants(text: str, values: Mapping[str, float]) -> str:
    """The text of a formula followed by the values of its constants, such as "a x^2; a = 2", in place of others."""
    frame = Frame(0, len(text))
    _take_tail(text, frame)
    formula = text[: frame.end].rstrip(SPACES + ";,")
    values = ", ".join(f"{name} = {float(value)!r}".removesuffix(".0") for name, value in values.items())
    return f"{formula}; {values}" if values else formula


def framed(text: str) -> Frame:
    """Finds the formula proper in what was pasted. Raises ExpressionError."""
    frame = Frame(0, len(text))
    _take_tail(text, frame)
    for _ in range(2):
        _unwrap(text, frame)
        _take_tail(text, frame)
        _take_head(text, frame)
    _unwrap(text, frame)
    return frame


def _trim(text: str, frame: Frame) -> str:
    while frame.start < frame.end and text[frame.start] in SPACES:
        frame.start += 1
    while frame.end > frame.start and text[frame.end - 1] in SPACES:
        frame.end -= 1
    return text[frame.start : frame.end]


def _without_spaces_behind(text: str, frame: Frame) -> str:
    """What is left without LaTeX's spaces at the end."""
    while space := _SPACE_BEHIND.search(_trim(text, frame)):
        frame.end = frame.start + space.start()
    return _trim(text, frame)


def _take_tail(text: str, frame: Frame) -> None:
    tail = _TAIL.search(text, frame.start, frame.end)
    if tail is None:
        return
    for name, value in _ONE_VALUE.findall(tail.group(1)):
        _check_free(text, name, tail.start(1), tail.end(1))
        frame.values.setdefault(canonical(name), value.replace("−", "-"))
    frame.end = tail.start()
    frame.tail = tail.start()


def _unwrap(text: str, frame: Frame) -> None:
    """Leaves out $ signs and the like around the formula, and one sign that ends a sentence or a line of a program."""
    for _ in range(4):
        piece = _without_spaces_behind(text, frame)
        if _SIGN_BEHIND.search(piece):
            frame.end -= 1
            piece = _without_spaces_behind(text, frame)
        if number := _NUMBERED.search(piece):
            frame.end = frame.start + number.start()
            piece = _trim(text, frame)
        if (styled := _STYLED_GROUP.match(piece)) and piece.endswith("}"):
            frame.start, frame.end = frame.start + styled.end(), frame.end - 1
            piece = _trim(text, frame)
        for opening, closing in (*_SHOWN, *_WRAPPERS):
            inside = piece[len(opening) : len(piece) - len(closing)]
            if len(piece) > len(opening) + len(closing) and piece.startswith(opening) and piece.endswith(closing):
                if opening[-1] in "$`" and opening[-1] in inside:
                    continue
                frame.start, frame.end = frame.start + len(opening), frame.end - len(closing)
                break
        else:
            return


def _take_head(text: str, frame: Frame) -> None:
    _trim(text, frame)
    for _ in range(4):
        begun = frame.start
        _take_program(text, frame)
        _take_equation(text, frame)
        _trim(text, frame)
        if frame.start == begun:
            return


def _take_program(text: str, frame: Frame) -> None:
    """Heads from programs: def f(x, y): return, lambda x, y:, (x, y) =>, @(x, y), return."""
    for pattern in (_RETURN, _DECLARED, _DEFINED, _LAMBDA, _ARROW, _AT, _FUNCTION):
        head = pattern.match(text, frame.start, frame.end)
        if head is None:
            continue
        if head.lastindex:
            _declare(text, frame, head.group(head.lastindex), head.start(head.lastindex))
        frame.start = head.end()
        if pattern is _FUNCTION and "{" in head.group():
            piece = _trim(text, frame)
            frame.end -= piece.endswith("}")
        return


def _take_equation(text: str, frame: Frame) -> None:
    """A head such as f(x, y) =, L(\\theta_1, \\theta_2) :=, z = or a bare =."""
    found = _EQUALS.finditer(text, frame.start, frame.end)
    equals = next((each for each in found if not _is_inside(text[frame.start : each.start()])), None)
    if equals is None:
        return
    place, left = equals.start(), _STYLE.sub(" ", text[frame.start : equals.start()]).strip(SPACES)
    if frame.head:
        reason = "A loss is one formula, not an equation with several equals signs. Keep one side."
        raise ExpressionError(reason, text, place, equals.end())
    head = _HEAD.fullmatch(left)
    if left and head is None:
        reason = REFUSED_SIGNS["="]
        if ";" in left:
            reason = "Behind the formula stand names and plain numbers only, such as a = 0.5."
        elif "=" not in text[equals.end() : frame.end] and not re.search("[()]", left[:3]):
            reason += " For an equation, type the square of the difference of both sides."
        raise ExpressionError(reason, text, place, equals.end())
    frame.head, frame.head_end = canonical(head.group(1)) if head else "", place
    if head and head.group(2) is not None:
        _declare(text, frame, head.group(2), frame.start)
    frame.start = equals.end()


def _is_inside(before: str) -> bool:
    """True where a brace or a bracket is open."""
    return any(before.count(opening) > before.count(closing) for opening, closing in ("{}", "()"))


def _declare(text: str, frame: Frame, names: str, start: int) -> None:
    """Notes the names of a head; Python's `a=2` gives a constant its value, and its `x: float` is no name."""
    declared, first_end = [], len(re.split("[;|]", names)[0])
    first = len([part for part in names[:first_end].split(",") if part.strip()])
    for part in filter(str.strip, re.split("[,;|]", names)):
        name, _, value = (piece.strip() for piece in part.partition("="))
        name = re.sub(r":.*|^(?:double|float|real)\s|_$", "", name).strip()
        if not re.fullmatch(_NAME, name):
            reason = "In brackets before the equals sign stand names, such as f(x, y) =."
            raise ExpressionError(reason, text, start, max(start + 1, start + len(names)))
        _check_free(text, name, start, max(start + 1, start + len(names)))
        declared.append(canonical(name))
        if value and re.fullmatch(_NUMBER, value):
            frame.values.setdefault(canonical(name), value)
    if len(set(declared)) < len(declared):
        raise ExpressionError(
            "A name stands there twice. Give each parameter its own.", text, start, start + len(names)
        )
    frame.declared, frame.constants = tuple(declared[:first]), tuple(declared[first:])


def _check_free(text: str, name: str, start: int, end: int) -> None:
    """Raises ExpressionError where a name is one of a number or a function."""
    word = name.removeprefix("\\").lower()
    if word in CONSTANTS or word in FUNCTION_NAMES:
        kind = "number" if word in CONSTANTS else "function"
        raise ExpressionError(f"The name {word} is taken: it is a {kind} here. Use another letter.", text, start, end)
