"""Functions that are other functions in short: they are written out as soon as they are read."""

from collections.abc import Callable

from surfaces.tree import Call, Choice, Comparison, Constant, Negative, Node, Number, Power, Product, Quotient, Sum


def written_out(name: str, arguments: list[Node], start: int, end: int) -> Node:
    """The tree of a shorthand of the vocabulary; its place in the text is that of the whole."""
    return _SHORTHANDS[name](_Writer(start, end), *arguments)


class _Writer:
    """Makes parts that all stand at one place."""

    def __init__(self, start: int, end: int):
        self.place = start, end

    def number(self, text: str) -> Number:
        return Number(*self.place, text)

    def call(self, name: str, *arguments: Node) -> Call:
        return Call(*self.place, name, arguments)

    def plus(self, *terms: Node) -> Sum:
        return Sum(*self.place, terms)

    def minus(self, left: Node, right: Node) -> Sum:
        return Sum(*self.place, (left, self.negative(right)))

    def negative(self, operand: Node) -> Negative:
        return Negative(*self.place, operand)

    def times(self, *factors: Node) -> Product:
        return Product(*self.place, factors)

    def over(self, above: Node, below: Node) -> Quotient:
        return Quotient(*self.place, above, below)

    def to_the(self, base: Node, exponent: Node) -> Power:
        return Power(*self.place, base, exponent)

    def choice(self, sign: str, left: Node, right: Node, *values: Node) -> Choice:
        return Choice(*self.place, (Comparison(*self.place, sign, left, right),), values)


def _inverse_of_reciprocal(name: str) -> Callable:
    return lambda to, u: to.call(name, to.over(to.number("1"), u))


def _hypot(to: _Writer, *arguments: Node) -> Node:
    return to.call("sqrt", to.plus(*(to.to_the(u, to.number("2")) for u in arguments)))


def _gelu(to: _Writer, u: Node) -> Node:
    inner = to.call("erf", to.over(u, to.call("sqrt", to.number("2"))))
    return to.times(to.over(u, to.number("2")), to.plus(to.number("1"), inner))


def _elu(to: _Writer, u: Node) -> Node:
    return to.choice(">", u, to.number("0"), u, to.minus(to.call("exp", u), to.number("1")))


def _step_at(to: _Writer, u: Node, middle: Node) -> Node:
    zero, one = to.number("0"), to.number("1")
    conditions = (Comparison(*to.place, "<", u, zero), Comparison(*to.place, ">", u, zero))
    return Choice(*to.place, conditions, (zero, one, middle))


_SHORTHANDS: dict[str, Callable[..., Node]] = {
    "square": lambda to, u: to.to_the(u, to.number("2")),
    "cube": lambda to, u: to.to_the(u, to.number("3")),
    "reciprocal": lambda to, u: to.over(to.number("1"), u),
    "negative": lambda to, u: to.negative(u),
    "log1p": lambda to, u: to.call("log", to.plus(to.number("1"), u)),
    "expm1": lambda to, u: to.minus(to.call("exp", u), to.number("1")),
    "exp2": lambda to, u: to.to_the(to.number("2"), u),
    "frac": lambda to, u: to.minus(u, to.call("floor", u)),
    "logsigmoid": lambda to, u: to.negative(to.call("softplus", to.negative(u))),
    "asec": _inverse_of_reciprocal("acos"),
    "acsc": _inverse_of_reciprocal("asin"),
    "acot": _inverse_of_reciprocal("atan"),
    "asech": _inverse_of_reciprocal("acosh"),
    "acsch": _inverse_of_reciprocal("asinh"),
    "acoth": _inverse_of_reciprocal("atanh"),
    "silu": lambda to, u: to.times(u, to.call("sigmoid", u)),
    "gelu": _gelu,
    "elu": _elu,
    "leaky_relu": lambda to, u: to.call("max", u, to.times(to.number("0.01"), u)),
    "pow": lambda to, u, v: to.to_the(u, v),
    "root": lambda to, u, n: root_of(u, n, *to.place),
    "fmod": lambda to, u, v: to.minus(u, to.times(v, to.call("trunc", to.over(u, v)))),
    "logaddexp": lambda to, u, v: to.plus(u, to.call("softplus", to.minus(v, u))),
    "hypot": _hypot,
    "clip": lambda to, u, low, high: to.call("min", to.call("max", u, low), high),
    "log": lambda to, u, base: to.over(to.call("log", u), to.call("log", base)),
    "step": _step_at,
    "sinc normalised": lambda to, u: to.call("sinc", to.times(Constant(*to.place, "pi"), u)),
}


def root_of(u: Node, degree: Node, start: int, end: int) -> Node:
    """The root of a degree; of degree 3, that of a negative number is negative."""
    to = _Writer(start, end)
    if isinstance(degree, Number) and degree.text in ("2", "3"):
        return to.call({"2": "sqrt", "3": "cbrt"}[degree.text], u)
    return to.to_the(u, to.over(to.number("1"), degree))
