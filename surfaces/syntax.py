"""From the text of a formula to its tree: how what was typed or pasted is read.

Nothing here computes, and nothing that was typed is ever run. The text is cut into tokens (tokens.py), what stands
around the formula is set aside (declarations.py), its names are told apart (roles.py), and one pass builds the tree.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from surfaces import roles
from surfaces.declarations import canonical, framed, with_constants
from surfaces.shorthands import root_of, written_out
from surfaces.tokens import LARGEST_NUMBER, MOST_DIGITS, SMALLEST_NUMBER, Token, plain, tokens
from surfaces.tree import (
    Call,
    Choice,
    Comparison,
    Constant,
    ExpressionError,
    Junction,
    Named,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    Variable,
)
from surfaces.vocabulary import ARITY, CLOSING, FUNCTIONS, INVERSES, MANY, PAIRS, RELATIONS

__all__ = [
    "LARGEST_NUMBER",
    "LONGEST",
    "LONGEST_TAIL",
    "MOST_DIGITS",
    "PAIRS",
    "SMALLEST_NUMBER",
    "Call",
    "Choice",
    "Comparison",
    "Constant",
    "ExpressionError",
    "Junction",
    "Named",
    "Negative",
    "Node",
    "Number",
    "Power",
    "Product",
    "Quotient",
    "Reading",
    "Sum",
    "Variable",
    "canonical",
    "plus_for_spaces",
    "read",
    "reading_of",
    "with_constants",
]

LONGEST = 600
# The values of constants behind a formula may take as many characters more.
LONGEST_TAIL = 300
DEEPEST = 20
MOST_PARTS = 100
_CONDITION = "A condition is missing here, such as x > 0."
_COMMA = "A comma separates arguments, such as those of max(x, y). Write 1000 without a comma, and 0.5 with a point."


@dataclass(frozen=True)
class Reading:
    """A formula that was read: its tree, the names of theta1 and theta2, and its constants with the values typed.

    written: the names of constants as they are typed in the text, in their order there; values: {name: number as text}.
    """

    tree: Node
    pair: tuple[str, str]
    constants: tuple[str, ...]
    values: dict[str, str]


def read(text: str) -> Node:
    """The tree of a formula; see `reading_of`."""
    return reading_of(text).tree


def reading_of(text: str) -> Reading:
    """What a text means as a formula.

    Multiplication may be left out (3xy, 2 sin(x) y); powers are taken first and from the right; a minus binds less than
    a power; / and * are taken from the left. The parameters are those of a head such as f(u, v) =, or the first known
    pair of names (`roles.pair_of`); every further name is a constant. Raises ExpressionError.
    """
    length = len(text)
    frame = framed(plain(text)) if length <= LONGEST + LONGEST_TAIL else None
    if frame is None or (frame.tail if frame.tail is not None else length) > LONGEST:
        reason = f"The formula has {length} characters. The limit is {LONGEST}. Make it shorter."
        raise ExpressionError(reason, text, LONGEST, length)
    cut = tokens(text, frame.start, frame.end, frame.words)
    names = list(dict.fromkeys(token.value for token in cut if token.kind == "name"))
    if names:
        wrong = roles.complaint(names, frame.declared, frame.head, list(frame.values))
        if wrong is not None:
            reason, is_at_fault = wrong
            place = next((token for token in cut if token.kind == "name" and is_at_fault(token.value)), cut[-1])
            raise ExpressionError(reason, text, place.start, place.end)
    pair = (names and roles.pair_of(names, frame.declared)) or PAIRS[2]
    tree = _Parser(text, cut, pair).formula()
    constants = tuple(name for name in names if name not in pair)
    unused = [name for name in frame.values if name not in constants]
    if unused and unused[0] not in {*frame.declared, *frame.constants}:
        reason = f"There is no {unused[0]} in the formula that could have this value."
        raise ExpressionError(reason, text, frame.tail or frame.start, len(text))
    return Reading(tree, pair, constants, {name: frame.values[name] for name in constants if name in frame.values})


def plus_for_spaces(text: str) -> str | None:
    """The formula with + in place of the spaces between factors, None where there are none, or it cannot be read so.

    In the address of a page, "+" arrives as a space. Where one has arrived as it is, the address was written well.
    """
    if "+" in text:
        return None
    try:
        frame = framed(plain(text[: LONGEST + LONGEST_TAIL]))
        cut = tokens(text, frame.start, frame.end, frame.words)
    except ExpressionError:
        return None
    gaps = [
        (left.end, right.start)
        for left, right in pairwise(cut)
        if _ends_factor(left) and _begins_factor(right) and " " in text[left.end : right.start]
    ]
    # " + " arrives as three spaces, and tells itself apart from the single space of a product.
    wide = [(start, end) for start, end in gaps if text[start:end].strip(" ") == "" and end - start > 2]
    for start, end in reversed(wide or gaps):
        text = f"{text[:start]} + {text[end:]}"
    try:
        read(text)
    except ExpressionError:
        return None
    return text if gaps else None


def _ends_factor(token: Token) -> bool:
    return token.kind in ("number", "name", "constant", "raised", "share", ")", "|", "|)")


def _begins_factor(token: Token) -> bool:
    return token.kind in ("number", "name", "constant", "share", "function", "(", "|", "|(", "root", "frac")


class _Parser:
    """Reads tokens from left to right; one method for each level of binding."""

    def __init__(self, text: str, cut: list[Token], pair: tuple[str, str]):
        self.text, self.tokens, self.pair = text, cut, pair
        self.place = 0
        self.depth = 0
        self.count = 0
        # How many bars are open inside each open bracket: only there can a bar close.
        self.bars = [0]

    @property
    def next(self) -> Token:
        return self.tokens[self.place]

    def take(self, *kinds: str) -> Token | None:
        if self.next.kind not in kinds:
            return None
        self.place += 1
        return self.tokens[self.place - 1]

    def fail(self, reason: str, first: Token | Node, last: Token | Node | None = None) -> ExpressionError:
        return ExpressionError(reason, self.text, first.start, (last or first).end)

    def typed(self, token: Token) -> str:
        return self.text[token.start : token.end]

    def formula(self) -> Node:
        if self.next.kind == "end":
            raise self.fail("Type a formula in x and y, for example x^2 + 3xy.", self.next)
        tree = self.expression()
        if self.next.kind != "end":
            raise self._left_over()
        if isinstance(tree, (Comparison, Junction)):
            reason = "This is a condition, true or false, and no loss. Write where(x > 0, x, 0), or (x > 0) x."
            raise self.fail(reason, tree)
        return tree

    def _left_over(self) -> ExpressionError:
        reasons = {
            ",": _COMMA,
            ")": "This bracket closes, but none was opened.",
            ":": "A colon stands behind a condition in braces only: {x < 0: -x, x}.",
            "?": "A question mark stands behind a condition only: x > 0 ? x : -x.",
            "else": "There is no if before this else. Write x if x > 0 else -x.",
            "&": "The sign & joins conditions in brackets only: (x > 0) & (y > 0).",
        }
        reason = reasons.get(self.next.kind, "An operator such as + or * is missing before this.")
        return self.fail(reason, self.next)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"The formula is nested more than {DEEPEST} levels deep. Make it simpler.", token)

    def counted(self, node: Node) -> Node:
        self.count += 1
        if self.count > MOST_PARTS:
            reason = f"The formula has more than {MOST_PARTS} numbers, variables and functions. Make it shorter."
            raise self.fail(reason, node)
        return node

    # Conditions

    def expression(self) -> Node:
        """A value, or a condition; value if condition else value, and condition ? value : value, too."""
        node = self.disjunction()
        if sign := self.take("?"):
            self.deeper(sign)
            if not isinstance(node, (Comparison, Junction)):
                raise self.fail("Before a question mark stands a condition: x > 0 ? x : -x.", sign)
            first = self.expression()
            if not self.take(":"):
                raise self.fail("A colon and the other value are missing: x > 0 ? x : -x.", self.next)
            other = self.expression()
            self.depth -= 1
            return Choice(node.start, other.end, (node,), (first, other))
        if self.next.kind == "if" and self.text[self.next.start : self.next.end] == "if":
            self.deeper(self.take("if"))
            condition = self.condition(self.disjunction())
            if not self.take("else"):
                raise self.fail("Behind if stands else, and the other value: x if x > 0 else -x.", self.next)
            other = self.expression()
            self.depth -= 1
            return Choice(node.start, other.end, (condition,), (node, other))
        return node

    def condition(self, node: Node) -> Node:
        if not isinstance(node, (Comparison, Junction)):
            raise self.fail(_CONDITION, node)
        return node

    def disjunction(self) -> Node:
        return self._joined("or", lambda: self._joined("and", self.comparison))

    def _joined(self, word: str, part: Callable[[], Node]) -> Node:
        nodes = [part()]
        while self.take(word):
            nodes.append(part())
        if len(nodes) == 1:
            return nodes[0]
        return Junction(nodes[0].start, nodes[-1].end, word, tuple(map(self.condition, nodes)))

    def comparison(self) -> Node:
        """x < y, and 0 < x < 1."""
        sides, signs = [self.sum()], []
        while sign := self.take(*RELATIONS):
            signs.append(sign.kind)
            sides.append(self.sum())
        found = [
            self.counted(Comparison(left.start, right.end, sign, left, right))
            for sign, left, right in zip(signs, sides, sides[1:], strict=False)
        ]
        if len(found) < 2:
            return found[0] if found else sides[0]
        return Junction(found[0].start, found[-1].end, "and", tuple(found))

    # Sums and products

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
            elif self.take("//"):
                below = self.signed()
                node = Call(node.start, below.end, "floor", (Quotient(node.start, below.end, node, below),))
            elif self.take("%"):
                below = self.signed()
                node = self.counted(Call(node.start, below.end, "mod", (node, below)))
            elif self.begins_factor():
                node = _times(node, self.power())
            else:
                return node

    def begins_factor(self) -> bool:
        """True where a factor follows without an operator."""
        if self.next.kind in ("number", "share"):
            if self.tokens[self.place - 1].kind == ")" and self.text[self.next.start - 1] == "}":
                return True
            raise self.fail("An operator is missing before this number, * or ^ or +.", self.next)
        if self.next.kind == "|":
            return not self.bars[-1]
        return self.next.kind in ("name", "constant", "function", "(", "|(", "root", "frac", "cases", "indicator")

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
        if isinstance(exponent, Named) and exponent.name == "T":
            raise self.fail("Transposed vectors are not available. Write each component, such as x^2 + y^2.", exponent)
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

    def _raised_number(self, token: Token) -> Node:
        number = self.counted(Number(token.start, token.end, token.value.lstrip("-").lstrip("0") or "0"))
        if len(number.text) > MOST_DIGITS:
            raise self.fail(f"This number has more than {MOST_DIGITS} digits.", token)
        return Negative(token.start, token.end, number) if token.value.startswith("-") else number

    # What stands alone

    def atom(self) -> Node:
        if token := self.take("number"):
            return self.counted(Number(token.start, token.end, token.value))
        if token := self.take("share"):
            above, below = (self.counted(Number(token.start, token.end, part)) for part in token.value.split("/"))
            return Quotient(token.start, token.end, above, below)
        if token := self.take("constant"):
            return self.counted(Constant(token.start, token.end, token.value))
        if token := self.take("name"):
            return self.counted(self.named(token))
        if token := self.take("function"):
            return self.call(token)
        if token := self.take("frac"):
            self.deeper(token)
            above, below = self.power_of_fraction(), self.power_of_fraction()
            self.depth -= 1
            return Quotient(token.start, below.end, above, below)
        if token := self.take("root"):
            return self.root(token)
        if token := self.take("cases"):
            return self.cases(token)
        if (token := self.take("indicator")) and (opening := self.take("(")):
            nodes, _ = self.inside(opening)
            return self.condition(nodes[0])
        if self.next.kind == "if" and self.tokens[self.place + 1].kind == "(":
            return self.call(replace(self.take("if"), kind="function", value="where"))
        if token := self.take("("):
            return self.bracket(token)[0]
        if token := self.take("|", "|("):
            return self.between_bars(token)
        if self.next.kind == "end":
            raise self.fail("The formula ends too early: something is missing here.", self.next)
        if self.next.kind == "raised":
            raise self.fail("There is nothing here to take the power of.", self.next)
        if self.next.kind in ("true", "false"):
            raise self.fail("True and False stand in the last place of a piecewise formula only.", self.next)
        raise self.fail(
            f"A number, a variable or a bracket is missing before {self.typed(self.next)[:12]!r}.", self.next
        )

    def named(self, token: Token) -> Node:
        if token.value in self.pair:
            return Variable(token.start, token.end, token.value, self.pair.index(token.value))
        return Named(token.start, token.end, token.value)

    def power_of_fraction(self) -> Node:
        """The numerator or the denominator of \\frac."""
        if self.next.kind not in ("(", "number", "name", "constant", "frac", "root"):
            raise self.fail(r"A part of the fraction is missing. Write \frac{1}{2}.", self.next)
        return self.atom()

    def root(self, token: Token) -> Node:
        """√x, √(x + 1), \\sqrt[3]{x}."""
        self.deeper(token)
        inner = self.atom()
        self.depth -= 1
        bare = self.tokens[self.place - 1].kind not in (")", "|", "|)")
        if bare and self.next.kind in ("^", "raised") and self.typed(token)[0] != "\\":
            reason = "It is not clear what belongs to the root. Write √(x^2), or (√x)^2."
            raise self.fail(reason, token, self.next)
        degree = Number(token.start, token.end, token.value)
        if not degree.text.strip("0"):
            raise self.fail("There is no root of degree 0.", token)
        return self.counted(root_of(inner, degree, token.start, inner.end))

    def bracket(self, opening: Token) -> tuple[Node, Token]:
        if opening.value == "{" and (choice := self.braces(opening)):
            return choice, self.tokens[self.place - 1]
        if opening.value in "⌊⌈":
            nodes, closing = self.inside(opening)
            name = "floor" if opening.value == "⌊" else "ceil"
            self._one(nodes)
            return self.counted(Call(opening.start, closing.end, name, tuple(nodes))), closing
        nodes, closing = self.inside(opening)
        self._one(nodes)
        return nodes[0], closing

    def _one(self, nodes: list[Node]) -> None:
        if len(nodes) > 1:
            reason = f"{_COMMA} Vectors are not available."
            raise self.fail(reason, nodes[0], nodes[-1])

    def inside(self, opening: Token, part: Callable[[], Node] | None = None) -> tuple[list[Node], Token]:
        """What stands between brackets, separated by commas."""
        part = part or self.expression
        self.deeper(opening)
        self.bars.append(0)
        nodes = [part()]
        while self.take(","):
            nodes.append(part())
        closing = self.closed(opening)
        self.bars.pop()
        self.depth -= 1
        return nodes, closing

    def closed(self, opening: Token) -> Token:
        closing = self.take(")")
        if not closing:
            missing = "An operator is missing here."
            if self.next.kind in ("?", "else", "&", ":", "endcases", "row", "if"):
                raise self._left_over()
            reason = "This bracket is not closed." if self.next.kind == "end" else missing
            raise self.fail(reason, opening if self.next.kind == "end" else self.next)
        if closing.value != CLOSING[opening.value]:
            reason = f"The bracket {opening.value} is closed by {closing.value}. Both should be of one kind."
            raise self.fail(reason, opening, closing)
        return closing

    def between_bars(self, opening: Token) -> Node:
        self.deeper(opening)
        self.bars[-1] += opening.kind == "|"
        inner = None if self.next.kind in ("end", ")", ",") else self.sum()
        closing = self.take("|" if opening.kind == "|" else "|)")
        if inner is None or not closing:
            raise self.fail("This bar | has no partner. Write |x| or abs(x).", opening)
        self.bars[-1] -= opening.kind == "|"
        self.depth -= 1
        return self.counted(Call(opening.start, closing.end, "abs", (inner,)))

    # Piecewise formulas

    def braces(self, opening: Token) -> Node | None:
        """{x < 0: -x, x}, from behind the opening brace; None where the braces hold one value."""
        begun = self.place, self.count
        self.deeper(opening)
        self.bars.append(0)
        first = self.expression()
        if not isinstance(first, (Comparison, Junction)) or not self.take(":"):
            if isinstance(first, (Comparison, Junction)) and self.next.kind in (")", ","):
                reason = "Behind the condition stand a colon and a value: {x < 0: -x, x}."
                raise self.fail(reason, first)
            (self.place, self.count), self.depth = begun, self.depth - 1
            self.bars.pop()
            return None
        conditions, values = [first], [self.expression()]
        while self.take(","):
            node = self.expression()
            if not self.take(":"):
                values.append(node)
                break
            conditions.append(self.condition(node))
            values.append(self.expression())
        closing = self.closed(opening)
        self.bars.pop()
        self.depth -= 1
        return Choice(opening.start, closing.end, tuple(conditions), tuple(values))

    def cases(self, opening: Token) -> Node:
        """The rows of LaTeX's cases: value & condition."""
        self.deeper(opening)
        self.bars.append(0)
        conditions, values = [], []
        while not self.take("endcases"):
            values.append(self.expression())
            self.take(",")
            self.take("&")
            while self.take("if"):
                pass
            if self.take("otherwise", "else"):
                self.take("row")
                if not self.take("endcases"):
                    raise self.fail("The row with “otherwise” is the last one.", self.next)
                break
            if self.next.kind in ("row", "endcases"):
                raise self.fail("Each row of cases holds a value, the sign &, and a condition.", self.next)
            conditions.append(self.condition(self.disjunction()))
            while self.take(",", "row"):
                pass
            if self.next.kind == "end":
                raise self.fail(r"The cases are not closed by \end{cases}.", opening)
        closing = self.tokens[self.place - 1]
        self.bars.pop()
        self.depth -= 1
        if not conditions:
            raise self.fail(_CONDITION, opening, closing)
        return Choice(opening.start, closing.end, tuple(conditions), tuple(values))

    def piecewise(self, token: Token, opening: Token) -> Node:
        """piecewise(x < 0, -x, x), Piecewise((-x, x < 0), (x, True)), and Piecewise[{{-x, x < 0}}, x]."""
        pairs: list[tuple[Node, Node | None]] = []
        others: list[Node] = []

        def part() -> Node:
            if self.next.value == self.tokens[self.place + 1].value == "{":
                return self.inside(self.take("("), part)[0][-1]
            if inner := (self.next.value in ("(", "{") and self._is_pair() and self.take("(")):
                value = self.expression()
                self.take(",")
                condition = None if self.take("true", "otherwise") else self.condition(self.expression())
                self.closed(inner)
                pairs.append((value, condition))
                return value
            others.append(self.expression())
            return others[-1]

        nodes, closing = self.inside(opening, part)
        if pairs:
            if others and (len(others) > 1 or others[0] is not nodes[-1]):
                raise self.fail("Each pair holds a value and its condition: ((-x, x < 0), (x, True)).", token, closing)
            pairs += [(value, None) for value in others]
            conditions = [condition for _, condition in pairs if condition is not None]
            if any(condition is None for _, condition in pairs[:-1]):
                raise self.fail("True stands in the last place only.", token, closing)
            values = [value for value, _ in pairs]
        else:
            if not isinstance(nodes[0], (Comparison, Junction)):
                raise self.fail("Write conditions and values in turn: piecewise(x < 0, -x, x).", token, closing)
            conditions, values = [], []
            while len(nodes) > 1:
                conditions.append(self.condition(nodes.pop(0)))
                values.append(nodes.pop(0))
            values += nodes
        if not conditions:
            raise self.fail(_CONDITION, token, closing)
        return Choice(token.start, closing.end, tuple(conditions), tuple(values))

    def _is_pair(self) -> bool:
        """True where the bracket that opens next holds a comma of its own."""
        depth = 0
        for token in self.tokens[self.place :]:
            depth += (token.kind == "(") - (token.kind == ")")
            if depth == 0:
                return False
            if depth == 1 and token.kind == ",":
                return True
        return False

    # Functions

    def call(self, token: Token) -> Node:
        exponent = self.function_power(token)
        if token.value == "piecewise" or (token.value == "where" and exponent is None):
            opening = self.take("(")
            if not opening:
                raise self.fail(f"Write the arguments of {self.typed(token)} in brackets.", token)
            if token.value == "piecewise":
                return self.counted(self.piecewise(token, opening))
            arguments, closing = self.inside(opening)
            end = closing.end
        elif opening := self.take("("):
            arguments, closing = self.inside(opening)
            end = closing.end
            # Wolfram's Log[2, x] and ArcTan[x, y] have their arguments the other way round.
            if len(arguments) == 2 and opening.value == "[" and self.typed(token) in ("Log", "ArcTan"):
                arguments.reverse()
                token = replace(token, value={"atan": "atan2"}.get(token.value, token.value))
        else:
            arguments = [self.bare_argument(token)]
            end = arguments[0].end
        node = self.counted(self.called(token, arguments, end))
        return node if exponent is None else Power(token.start, end, node, exponent)

    def called(self, token: Token, arguments: list[Node], end: int) -> Node:
        """The function of its arguments, if there are as many as it needs."""
        name = token.value.split()[0]
        least, most = ARITY[name]
        if not least <= len(arguments) <= most:
            needs = {1: "one argument", 2: "two arguments", 3: "three arguments"}[least]
            needs = needs.replace("two", "two or more") if most == MANY else needs
            shown, letters = self.typed(token), {1: "x", 2: "x, y", 3: "x > 0, x, y" if name == "where" else "x, 0, 1"}
            reason = f"The function {shown} takes {needs}, for example {shown}({letters[least]})."
            raise ExpressionError(reason, self.text, token.start, end)
        if name == "where":
            return Choice(token.start, end, (self.condition(arguments[0]),), tuple(arguments[1:]))
        if (
            " " in token.value
            or name not in FUNCTIONS
            or not FUNCTIONS[name][0] <= len(arguments) <= FUNCTIONS[name][1]
        ):
            return written_out(token.value, arguments, token.start, end)
        return Call(token.start, end, name, tuple(arguments))

    def function_power(self, token: Token) -> Node | None:
        """The 2 of sin²(x) or sin^2(x)."""
        if raised := self.take("raised"):
            exponent = self._raised_number(raised)
        elif self.take("^"):
            exponent = self.exponent() if self.next.kind in ("-", "+") else self.atom()
        else:
            return None
        if not isinstance(exponent, Number):
            name, inverse = self.typed(token), INVERSES.get(token.value)
            other = f" The inverse of {name} is {inverse}, and 1/{name}(x) is its reciprocal." if inverse else ""
            raise self.fail(f"Write the power behind the brackets: {name}(x)^n.{other}", token, exponent)
        return exponent

    def bare_argument(self, function: Token) -> Node:
        """The argument of a function without brackets: sin x, ln 2x, cos πx^2, sqrt 2, sin|x|."""
        name = self.typed(function)
        factors = []
        alone = ("number", "|", "|(", "frac", "root", "share")
        while self.next.kind in ("constant", "name") or (not factors and self.next.kind in alone):
            factors.append(self.power())
            if not isinstance(factors[-1], (Number, Constant, Named)):
                break
        if not factors and self.next.kind == "function" and self.tokens[self.place + 1].kind == "(":
            factors.append(self.power())
        if not factors:
            raise self.fail(f"Write the argument of {name} in brackets: {name}(x).", function)
        argument = factors[0]
        for factor in factors[1:]:
            argument = _times(argument, factor)
        opens = self.next.kind == "|" and not self.bars[-1]
        if opens or self.next.kind in ("name", "constant", "number", "(", "|(", "frac", "root"):
            reason = f"It is not clear what belongs to {name}. Write its argument in brackets: {name}(...)."
            raise self.fail(reason, function, self.next)
        return argument


def _times(left: Node, right: Node) -> Node:
    factors = left.factors if isinstance(left, Product) else (left,)
    return Product(left.start, right.end, (*factors, right))
