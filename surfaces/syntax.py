"""From the text of a formula to a small tree of our own: what may be written, and how it is read.

Nothing here computes. The tree holds numbers, two variables, the operations + - * / ^ and the functions of a list, and
nothing else; whoever walks over it decides what they mean.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

LONGEST = 400
DEEPEST = 20
MOST_PARTS = 100
MOST_DIGITS = 30
SMALLEST_NUMBER, LARGEST_NUMBER = 1e-100, 1e100

# The functions by name, with the smallest number of arguments; only min and max take more.
FUNCTIONS = {
    **dict.fromkeys(("exp", "log", "log2", "log10", "sqrt", "abs", "sigmoid", "relu", "softplus"), 1),
    **dict.fromkeys(("sin", "cos", "tan", "cot", "sec", "csc", "asin", "acos", "atan"), 1),
    **dict.fromkeys(("sinh", "cosh", "tanh", "coth", "sech", "csch", "asinh", "acosh", "atanh"), 1),
    "min": 2,
    "max": 2,
}
_OTHER_NAMES = {
    "ln": "log",
    "lg": "log10",
    "σ": "sigmoid",
    **dict.fromkeys(("log_2", "log₂"), "log2"),
    **dict.fromkeys(("log_10", "log₁₀"), "log10"),
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{f"ar{name}": f"a{name}" for name in ("sinh", "cosh", "tanh")},
}
_FUNCTION_NAMES = {**{name: name for name in FUNCTIONS}, **_OTHER_NAMES}
# What may stand behind the letters of a name.
_LONGEST_SUFFIX = len("_10")
_INVERSES = {
    **{name.removeprefix("a"): name for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    **{"exp": "ln", "log": "exp"},
}
_CONSTANTS = {"pi": "pi", "π": "pi", "e": "e"}
# The names of (theta1, theta2) that can be typed, one pair in a formula, in this order.
PAIRS = (("θ₁", "θ₂"), ("x", "y"), ("w", "b"), ("w₁", "w₂"), ("x₁", "x₂"))
_VARIABLES = {name: (pair, place) for pair in PAIRS for place, name in enumerate(pair)}
_NAMES = sorted({*_FUNCTION_NAMES, *_CONSTANTS, "x", "y", "w", "b"}, key=len, reverse=True)

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_OPERATORS = {
    **dict.fromkeys("+", "+"),
    **dict.fromkeys("-−–", "-"),
    **dict.fromkeys("*·×⋅∙∗", "*"),
    **dict.fromkeys("/÷", "/"),
    **{character: character for character in "^(),|"},
}
_SPACES = " \t\r\n\u00a0\u2009\u202f"
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INDEXED = re.compile(r"((?i:theta|w|x)|[θΘ])_?([12₁₂])(?![0-9₀-₉])")
_LETTERS = re.compile(r"[A-Za-zθσπ]+")
_POWER = re.compile(f"[{''.join(_SUPERSCRIPTS)}]+")


class ExpressionError(ValueError):
    """A formula that cannot be read or drawn.

    reason: what is wrong, and what to do, as sentences for the student. text: the formula. start, end: the place, as
    offsets in the text. The message is the reason, and below it the text with carets under the place; printable.
    """

    def __init__(self, reason: str, text: str, start: int, end: int):
        self.reason, self.text, self.start, self.end = reason, text, start, end
        super().__init__(f"{reason}\n{self.marked}")

    @property
    def marked(self) -> str:
        """Two lines: the text, or the part of it around the place, and carets under the place."""
        first = max(0, self.start - 40)
        piece = "".join(map(_visible, self.text[first : first + 80]))
        before, after = "…" if first else "", "…" if first + 80 < len(self.text) else ""
        begin = len(before) + self.start - first
        width = max(1, min(self.end - self.start, len(piece) - (self.start - first)))
        return f"{before}{piece}{after}\n{' ' * begin}{'^' * width}"


def _visible(character: str) -> str:
    if character in _SPACES:
        return " "
    # Wide and combining characters would move the carets.
    narrow = unicodedata.east_asian_width(character) not in "WF" and not unicodedata.combining(character)
    alone = unicodedata.category(character) not in ("Mn", "Me")
    left_to_right = unicodedata.bidirectional(character) not in ("R", "AL", "AN")
    return character if character.isprintable() and narrow and alone and left_to_right else "?"


@dataclass(frozen=True)
class Node:
    """A part of a formula, and where it stands in the text."""

    start: int
    end: int

    @property
    def parts(self) -> tuple["Node", ...]:
        """The parts that it is made of."""
        return ()


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written."""

    text: str

    @property
    def value(self) -> Fraction:
        """The number, exactly."""
        return Fraction(self.text)


@dataclass(frozen=True)
class Constant(Node):
    """pi or e."""

    name: str


@dataclass(frozen=True)
class Variable(Node):
    """theta1 (place 0) or theta2 (place 1), under the name that was typed."""

    name: str
    place: int


@dataclass(frozen=True)
class Negative(Node):
    """A part with a minus before it."""

    operand: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The operand."""
        return (self.operand,)


@dataclass(frozen=True)
class Sum(Node):
    """Terms; a difference is a sum with a Negative."""

    terms: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The terms."""
        return self.terms


@dataclass(frozen=True)
class Product(Node):
    """Two or more factors."""

    factors: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The factors."""
        return self.factors


@dataclass(frozen=True)
class Quotient(Node):
    """One part divided by another."""

    above: Node
    below: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """Above and below."""
        return (self.above, self.below)


@dataclass(frozen=True)
class Power(Node):
    """A part to the power of another."""

    base: Node
    exponent: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """Base and exponent."""
        return (self.base, self.exponent)


@dataclass(frozen=True)
class Call(Node):
    """One of FUNCTIONS of its arguments."""

    name: str
    arguments: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


def read(text: str) -> Node:
    """The tree of a formula.

    Multiplication may be left out (3xy, 2 sin(x) y); powers are taken first and from the right; a minus binds less than
    a power; / and * are taken from the left. Raises ExpressionError.
    """
    if len(text) > LONGEST:
        reason = f"The formula has {len(text)} characters. The limit is {LONGEST}. Make it shorter."
        raise ExpressionError(reason, text, LONGEST, len(text))
    return _Parser(text).formula()


@dataclass(frozen=True)
class _Token:
    kind: str
    value: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    tokens, place = [], 0
    while place < len(text):
        character = text[place]
        if character in _SPACES:
            place += 1
            continue
        token = _token(text, place, character)
        tokens.append(token)
        place = token.end
    tokens.append(_Token("end", "", len(text), len(text)))
    return tokens


def _token(text: str, place: int, character: str) -> _Token:
    if number := _NUMBER.match(text, place):
        return _number(text, number.group(), place, number.end())
    if text.startswith("**", place):
        return _Token("^", "^", place, place + 2)
    if character in _OPERATORS:
        return _Token(_OPERATORS[character], character, place, place + 1)
    if power := _POWER.match(text, place):
        digits = "".join(_SUPERSCRIPTS[digit] for digit in power.group())
        if not re.fullmatch("-?[0-9]+", digits):
            raise ExpressionError("This raised sign is not a whole number.", text, place, power.end())
        return _Token("raised", digits, place, power.end())
    if indexed := _INDEXED.match(text, place):
        letter = {"theta": "θ"}.get(indexed.group(1).lower(), indexed.group(1).lower())
        name = letter + {"1": "₁", "2": "₂"}.get(indexed.group(2), indexed.group(2))
        return _Token("variable", name, place, indexed.end())
    return _word(text, place)


def _number(text: str, number: str, start: int, end: int) -> _Token:
    mantissa = re.split("[eE]", number)[0]
    if re.match("0[0-9]", number):
        reason = "A number does not begin with 0. Write 1000 without a comma, and 0.5 with a point."
        raise ExpressionError(reason, text, start, end)
    if sum(map(str.isdigit, mantissa)) > MOST_DIGITS:
        raise ExpressionError(f"This number has more than {MOST_DIGITS} digits.", text, start, end)
    if not mantissa.strip("0."):
        return _Token("number", "0", start, end)
    if not SMALLEST_NUMBER <= float(number) <= LARGEST_NUMBER:
        reason = f"This number is outside the limits, from {SMALLEST_NUMBER:g} to {LARGEST_NUMBER:g}."
        raise ExpressionError(reason, text, start, end)
    return _Token("number", number, start, end)


def _word(text: str, place: int) -> _Token:
    """The longest name that begins here; what stands directly behind it is a factor of its own."""
    letters = _LETTERS.match(text, place)
    if letters is None:
        raise ExpressionError(_stranger(text[place]), text, place, place + 1)
    known = text[place : letters.end() + _LONGEST_SUFFIX].lower()
    name = next((name for name in _NAMES if known.startswith(name)), None)
    if name is None:
        raise ExpressionError(_unknown(text, place), text, *_whole_word(text, place))
    end = place + len(name)
    if name[-1].isdigit() and re.match("[0-9.]", text[end:]):
        reason = f"It is unclear which logarithm this is. Write {name}(…), or log(…) for the natural one."
        raise ExpressionError(reason, text, place, end + 1)
    if name in _FUNCTION_NAMES:
        return _Token("function", _FUNCTION_NAMES[name], place, end)
    if name in _CONSTANTS:
        return _Token("constant", _CONSTANTS[name], place, end)
    return _Token("variable", name, place, end)


def _whole_word(text: str, place: int) -> tuple[int, int]:
    start = place
    while start and (text[start - 1].isalpha() or text[start - 1] == "_"):
        start -= 1
    end = place
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return start, max(end, place + 1)


def _unknown(text: str, place: int) -> str:
    start, end = _whole_word(text, place)
    word = "".join(map(_visible, text[start:end][:20]))
    if word.lower().startswith(("theta", "θ")):
        return "Write theta1 or theta2."
    return f"The word {word!r} is not known here. Use x and y, numbers, and functions such as sin, exp and sqrt."


def _stranger(character: str) -> str:
    if character in "[]{}":
        return "Use round brackets ( ) only."
    if character == "=":
        return "Type only what stands to the right of the equals sign."
    if character == "!":
        return "Factorials are not available here."
    name = unicodedata.name(character, "a character without a name").lower()
    if character.isalpha() and ord(character) > 127:
        return f"This letter is {name}, which is not used here. Use x and y from the keyboard."
    if not character.isprintable():
        return f"There is an invisible character, {name} (U+{ord(character):04X}). Delete it."
    if _visible(character) != character:
        return f"This character is {name} (U+{ord(character):04X}), which is not used in formulas here."
    return f"The character {character!r} is not used in formulas here."


class _Parser:
    """Reads tokens from left to right; one method for each level of binding."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0
        self.count = 0
        self.pair: tuple[str, str] | None = None
        # How many bars are open inside each open bracket: only there can a bar close.
        self.bars = [0]

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self, *kinds: str) -> _Token | None:
        if self.next.kind not in kinds:
            return None
        self.place += 1
        return self.tokens[self.place - 1]

    def fail(self, reason: str, first: _Token | Node, last: _Token | Node | None = None) -> ExpressionError:
        return ExpressionError(reason, self.text, first.start, (last or first).end)

    def typed(self, token: _Token) -> str:
        return self.text[token.start : token.end]

    def formula(self) -> Node:
        if self.next.kind == "end":
            raise self.fail("Type a formula in x and y, for example x^2 + 3xy.", self.next)
        tree = self.sum()
        if self.next.kind == ",":
            raise self.fail(
                "A comma separates the arguments of min and max only. Write 1000 without a comma, and 0.5 with a "
                "point.",
                self.next,
            )
        if self.next.kind == ")":
            raise self.fail("This bracket closes, but none was opened.", self.next)
        if self.next.kind != "end":
            raise self.fail("An operator such as + or * is missing before this.", self.next)
        return tree

    def deeper(self, token: _Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"The formula is nested more than {DEEPEST} levels deep. Make it simpler.", token)

    def counted(self, node: Node) -> Node:
        self.count += 1
        if self.count > MOST_PARTS:
            reason = f"The formula has more than {MOST_PARTS} numbers, variables and functions. Make it shorter."
            raise self.fail(reason, node)
        return node

    def sum(self) -> Node:
        terms = [self.product()]
        while sign := self.take("+", "-"):
            term = self.product()
            terms.append(term if sign.kind == "+" else Negative(sign.start, term.end, term))
        return terms[0] if len(terms) == 1 else Sum(terms[0].start, terms[-1].end, tuple(terms))

    def product(self) -> Node:
        node = self.signed()
        while True:
            if self.take("*"):
                node = _times(node, self.signed())
            elif self.take("/"):
                below = self.signed()
                node = Quotient(node.start, below.end, node, below)
            elif self.begins_factor():
                node = _times(node, self.power())
            else:
                return node

    def begins_factor(self) -> bool:
        """True where a factor follows without an operator."""
        if self.next.kind == "number":
            raise self.fail("An operator is missing before this number, * or ^ or +.", self.next)
        if self.next.kind == "|":
            return not self.bars[-1]
        return self.next.kind in ("variable", "constant", "function", "(")

    def signed(self) -> Node:
        sign = self.take("+", "-")
        if not sign:
            return self.power()
        self.deeper(sign)
        operand = self.signed()
        self.depth -= 1
        return operand if sign.kind == "+" else Negative(sign.start, operand.end, operand)

    def power(self) -> Node:
        base = self.raised(self.atom())
        sign = self.take("^")
        if not sign:
            return base
        self.deeper(sign)
        exponent = self.exponent()
        self.depth -= 1
        return Power(base.start, exponent.end, base, exponent)

    def exponent(self) -> Node:
        sign = self.take("+", "-")
        if not sign:
            return self.power()
        self.deeper(sign)
        operand = self.exponent()
        self.depth -= 1
        return operand if sign.kind == "+" else Negative(sign.start, operand.end, operand)

    def raised(self, base: Node) -> Node:
        while token := self.take("raised"):
            base = Power(base.start, token.end, base, self._raised_number(token))
        return base

    def _raised_number(self, token: _Token) -> Node:
        number = self.counted(Number(token.start, token.end, token.value.lstrip("-").lstrip("0") or "0"))
        if len(number.text) > MOST_DIGITS:
            raise self.fail(f"This number has more than {MOST_DIGITS} digits.", token)
        return Negative(token.start, token.end, number) if token.value.startswith("-") else number

    def atom(self) -> Node:
        if token := self.take("number"):
            return self.counted(Number(token.start, token.end, token.value))
        if token := self.take("constant"):
            return self.counted(Constant(token.start, token.end, token.value))
        if token := self.take("variable"):
            return self.counted(self.variable(token))
        if token := self.take("function"):
            return self.counted(self.call(token))
        if token := self.take("("):
            return self.bracket(token)[0]
        if token := self.take("|"):
            return self.between_bars(token)
        if self.next.kind == "end":
            raise self.fail("The formula ends too early: something is missing here.", self.next)
        if self.next.kind == "raised":
            raise self.fail("There is nothing here to take the power of.", self.next)
        raise self.fail(f"A number, a variable or a bracket is missing before {self.next.value!r}.", self.next)

    def variable(self, token: _Token) -> Node:
        pair, place = _VARIABLES[token.value]
        if self.pair not in (None, pair):
            used, other = " and ".join(self.pair), " and ".join(pair)
            reason = f"The formula mixes two pairs of variables: {used}, and {other}. Use one pair."
            raise self.fail(reason, token)
        self.pair = pair
        return Variable(token.start, token.end, token.value, place)

    def bracket(self, opening: _Token) -> tuple[Node, _Token]:
        nodes, closing = self.inside(opening)
        if len(nodes) > 1:
            reason = "A comma separates the arguments of min and max only. Write 0.5 with a point."
            raise self.fail(reason, nodes[0], nodes[-1])
        return nodes[0], closing

    def inside(self, opening: _Token) -> tuple[list[Node], _Token]:
        """What stands between brackets, separated by commas."""
        self.deeper(opening)
        self.bars.append(0)
        nodes = [self.sum()]
        while self.take(","):
            nodes.append(self.sum())
        closing = self.take(")")
        if not closing:
            reason = "This bracket is not closed." if self.next.kind == "end" else "An operator is missing here."
            raise self.fail(reason, opening if self.next.kind == "end" else self.next)
        self.bars.pop()
        self.depth -= 1
        return nodes, closing

    def between_bars(self, opening: _Token) -> Node:
        self.deeper(opening)
        self.bars[-1] += 1
        inner = None if self.next.kind in ("end", ")", ",") else self.sum()
        closing = self.take("|")
        if inner is None or not closing:
            raise self.fail("This bar | has no partner. Write |x| or abs(x).", opening)
        self.bars[-1] -= 1
        self.depth -= 1
        return self.counted(Call(opening.start, closing.end, "abs", (inner,)))

    def call(self, token: _Token) -> Node:
        exponent = self.function_power(token)
        if opening := self.take("("):
            arguments, closing = self.inside(opening)
            end = closing.end
        else:
            arguments = [self.bare_argument(token)]
            end = arguments[0].end
        least = FUNCTIONS[token.value]
        if len(arguments) < least or (least == 1 and len(arguments) > 1):
            name, needs = self.typed(token), "one argument" if least == 1 else "two or more arguments"
            reason = f"The function {name} takes {needs}, for example {name}({'x' if least == 1 else 'x, y'})."
            raise ExpressionError(reason, self.text, token.start, end)
        node = Call(token.start, end, token.value, tuple(arguments))
        return node if exponent is None else Power(token.start, end, node, exponent)

    def function_power(self, token: _Token) -> Node | None:
        """The 2 of sin²(x) or sin^2(x)."""
        if raised := self.take("raised"):
            exponent = self._raised_number(raised)
        elif self.take("^"):
            exponent = self.exponent() if self.next.kind in ("-", "+") else self.atom()
        else:
            return None
        if not isinstance(exponent, Number):
            name, inverse = self.typed(token), _INVERSES.get(token.value)
            other = f" The inverse of {name} is {inverse}, and 1/{name}(x) is its reciprocal." if inverse else ""
            raise self.fail(f"Write the power behind the brackets: {name}(x)^n.{other}", token, exponent)
        return exponent

    def bare_argument(self, function: _Token) -> Node:
        """The argument of a function without brackets: sin x, ln 2x, cos πx^2, sqrt 2, sin|x|."""
        name = self.typed(function)
        factors = []
        while self.next.kind in ("constant", "variable") or (not factors and self.next.kind in ("number", "|")):
            factors.append(self.power())
            if not isinstance(factors[-1], (Number, Constant)):
                break
        if not factors:
            raise self.fail(f"Write the argument of {name} in brackets: {name}(x).", function)
        argument = factors[0]
        for factor in factors[1:]:
            argument = _times(argument, factor)
        opens = self.next.kind == "|" and not self.bars[-1]
        if opens or self.next.kind in ("variable", "constant", "number", "("):
            reason = f"It is not clear what belongs to {name}. Write its argument in brackets: {name}(...)."
            raise self.fail(reason, function, self.next)
        return argument


def _times(left: Node, right: Node) -> Node:
    factors = left.factors if isinstance(left, Product) else (left,)
    return Product(left.start, right.end, (*factors, right))
