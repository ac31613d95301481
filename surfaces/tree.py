"""What a formula is once it has been read: a small tree of our own, and the error where it cannot be read.

Nothing here computes. The tree holds numbers, two variables, named constants, the operations + - * / ^, conditions and
the functions of a list, and nothing else; whoever walks over it decides what they mean.
"""

import unicodedata
from dataclasses import dataclass
from fractions import Fraction

SPACES = " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"


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
        piece = "".join(map(visible, self.text[first : first + 80]))
        before, after = "…" if first else "", "…" if first + 80 < len(self.text) else ""
        begin = len(before) + self.start - first
        width = max(1, min(self.end - self.start, len(piece) - (self.start - first)))
        return f"{before}{piece}{after}\n{' ' * begin}{'^' * width}"


def visible(character: str) -> str:
    """The character where it can be printed in its own column, else a question mark."""
    if character in SPACES:
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
class Named(Node):
    """A constant that was given a name, such as the a of a x^2."""

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
    """A function of its arguments."""

    name: str
    arguments: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The arguments."""
        return self.arguments


@dataclass(frozen=True)
class Comparison(Node):
    """1 where the left part is on the right side of the other one, else 0; sign is one of < > ≤ ≥."""

    sign: str
    left: Node
    right: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """Both sides."""
        return (self.left, self.right)


@dataclass(frozen=True)
class Junction(Node):
    """Conditions that hold together (word "and"), or of which one holds (word "or"): 1 or 0."""

    word: str
    conditions: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The conditions."""
        return self.conditions


@dataclass(frozen=True)
class Choice(Node):
    """The value of the first condition that holds, or the last value, or none where there is no such value.

    conditions, values: one value for each condition, and perhaps one more for everywhere else.
    """

    conditions: tuple[Node, ...]
    values: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """Conditions, then values."""
        return (*self.conditions, *self.values)
