r"""Derivatives by the chain rule, on what a formula is in a program: exact as sympy's, in a fraction of the time.

Everything is a sum of products of powers of values: the inputs, other sums, and functions of one value. The derivative
of $c \prod_k v_k^{n_k}$ is $\sum_k c\,n_k v_k^{n_k - 1} v_k' \prod_{j \ne k} v_j^{n_j}$, again such a sum, and that of
f(v) is f'(v) v'.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache, reduce

import sympy

from programs.program import Builder, Program
from programs.tracing import Quantity, quantity
from surfaces.functions import erf, erfc, logcosh, sigmoid, softplus
from surfaces.lowering import Lowering
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES, theta1, theta2

_SMOOTH = (
    *(sympy.exp, sympy.sin, sympy.cos, sympy.sinh, sympy.cosh, sympy.tanh, sympy.atan, sympy.asinh),
    *(softplus, sigmoid, logcosh, erf, erfc),
)

Number = Fraction | float
# Exponents by the index of their value, in the order of the indices.
Product = tuple[tuple[int, int | Fraction], ...]
# The number before each product.
Sum = Mapping[Product, Number]


def is_smooth(expression: sympy.Expr) -> bool:
    """True for sums, products, powers with fixed exponents and smooth functions, where nothing is to be cancelled.

    sympy cancels what a factor and its slope have in common: of a product below a root, and of an exponential inside
    another one, the derivatives have values where products of their factors have none.
    """
    if expression.is_Symbol:
        return True
    if expression.is_number:
        return bool(expression.is_extended_real and expression.is_finite)
    if isinstance(expression, sympy.Pow):
        base, exponent = expression.args
        is_power = exponent.is_Rational and (base.is_Add or (exponent.is_Integer and exponent > 0))
        return bool(is_power) and is_smooth(base)
    if isinstance(expression, sympy.exp) and expression.args[0].has(sympy.exp):
        return False
    return isinstance(expression, (sympy.Add, sympy.Mul, *_SMOOTH)) and all(map(is_smooth, expression.args))


def differentiated(expression: sympy.Expr, with_curvatures: bool) -> Program:
    """A smooth loss in theta1 and theta2 and its slopes as a program, also its curvatures if they are asked for.

    expression: one for which `is_smooth` is true.
    """
    return _ChainRule().program(expression, with_curvatures)


class _ChainRule:
    """What the values of a program in the making are made of, and their derivatives."""

    def __init__(self):
        self._builder = Builder()
        # Of each value that is no input: the sum that it is, or the function and of what.
        self._sums: dict[int, Sum] = {}
        self._calls: dict[int, tuple[type, int]] = {}
        self._slopes: dict[tuple[int, int], tuple[Number, Product]] = {}
        self._variables = {variable: quantity(self._builder, variable.name) for variable in (theta1, theta2)}
        self._theta = [int(variable.indices) for variable in self._variables.values()]

    def program(self, expression: sympy.Expr, with_curvatures: bool) -> Program:
        """See `differentiated`."""
        lowering = Lowering(self._variables, self._builder)
        value = int(lowering(expression).indices)
        number, product = self._term(expression, lowering)
        first, second = self._theta
        slopes = [self._derivative({product: number}, variable) for variable in self._theta]
        results = dict(zip(VALUE_AND_SLOPES, (value, *map(self._of_sum, slopes)), strict=True))
        if with_curvatures:
            pairs = ((slopes[0], first), (slopes[0], second), (slopes[1], second))
            curvatures = (self._of_sum(self._derivative(*pair)) for pair in pairs)
            results |= zip(CURVATURES, curvatures, strict=True)
        return self._builder.program(results)

    def _term(self, expression: sympy.Expr, lowering: Lowering) -> tuple[Number, Product]:
        """An expression as a number times a product."""
        if expression.is_number:
            return _exact(expression), ()
        if isinstance(expression, sympy.Mul):
            return _multiplied(*(self._term(factor, lowering) for factor in expression.args))
        if isinstance(expression, sympy.Pow):
            number, product = self._term(expression.args[0], lowering)
            exponent = _exact(expression.args[1])
            return number**exponent, tuple((index, power * exponent) for index, power in product)
        return Fraction(1), ((self._index(expression, lowering), 1),)

    def _index(self, expression: sympy.Expr, lowering: Lowering) -> int:
        """The index of a symbol, a sum or a function, and notes what it is."""
        index = int(lowering(expression).indices)
        if expression.is_Symbol or index in self._sums or index in self._calls:
            return index
        if isinstance(expression, sympy.Add):
            self._sums[index] = _added(self._term(term, lowering) for term in expression.args)
            return index
        (argument,) = expression.args
        inner = int(lowering(argument).indices)
        number, product = self._term(argument, lowering)
        if product != ((inner, 1),):
            self._sums[inner] = {product: number}
        self._calls[index] = expression.func, inner
        return index

    def _derivative(self, total: Sum, variable: int) -> Sum:
        """The derivative of a sum with respect to an input."""
        terms = []
        for product, number in total.items():
            for index, exponent in product:
                slope = self._slope(index, variable)
                if slope[0]:
                    terms.append(_multiplied((number * exponent, product), (Fraction(1), ((index, -1),)), slope))
        return self._opened(_added(terms))

    def _opened(self, total: Sum) -> Sum:
        """The same with its sums multiplied out where that makes it no longer: many residuals are one line."""
        terms = []
        for product, number in total.items():
            inner = self._sums.get(product[0][0], {}) if len(product) == 1 and product[0][1] == 1 else {}
            terms += [(number * factor, part) for part, factor in inner.items()] or [(number, product)]
        opened = _added(terms)
        return opened if len(opened) <= len(total) else total

    def _slope(self, index: int, variable: int) -> tuple[Number, Product]:
        """The derivative of a value with respect to an input."""
        if index == variable:
            return Fraction(1), ()
        if (index, variable) not in self._slopes:
            self._slopes[index, variable] = self._slope_of_made(index, variable)
        return self._slopes[index, variable]

    def _slope_of_made(self, index: int, variable: int) -> tuple[Number, Product]:
        if index in self._sums:
            return self._as_term(self._derivative(self._sums[index], variable))
        if index not in self._calls:
            return Fraction(0), ()
        function, argument = self._calls[index]
        inner = self._slope(argument, variable)
        if not inner[0]:
            return inner
        symbol, slope = _slope_of(function)
        return _multiplied(
            self._term(slope, Lowering({symbol: Quantity(self._builder, argument)}, self._builder)), inner
        )

    def _as_term(self, total: Sum) -> tuple[Number, Product]:
        """A sum as a number times a product, in which it is one value, without the factors that all its terms have."""
        if not total:
            return Fraction(0), ()
        if len(total) > 1:
            number, common, rest = _factored(total)
            index = self._of_terms(rest)
            self._sums.setdefault(index, rest)
            return _multiplied((number, common), (Fraction(1), ((index, 1),)))
        ((product, number),) = total.items()
        return number, product

    def _of_sum(self, total: Sum) -> int:
        """The index of the value of a sum."""
        number, product = self._as_term(total)
        return self._of_terms({product: number})

    def _of_terms(self, total: Sum) -> int:
        """The same, term by term, first those with a plus."""
        terms = sorted(total.items(), key=lambda term: term[1] < 0)
        (product, number), *others = terms
        result = self._of_term(number, product)
        for product, number in others:
            operation = "subtract" if number < 0 else "add"
            result = self._builder.operation(operation, result, self._of_term(abs(number), product))
        return result

    def _of_term(self, number: Number, product: Product) -> int:
        # Inputs last, and the number with them: what stands before is what several slopes have in common.
        above = [self._power(index, exponent) for index, exponent in reversed(product) if exponent > 0]
        below = [self._power(index, -exponent) for index, exponent in reversed(product) if exponent < 0]
        is_minus = number == -1 and bool(above)
        if abs(number) != 1 or not above:
            factor = self._builder.constant(_float(number))
            if above and above[-1] in self._theta:
                factor = self._builder.operation("multiply", factor, above.pop())
            above.append(factor)
        result = self._times(above)
        if below:
            result = self._builder.operation("divide", result, self._times(below))
        return self._builder.operation("negative", result) if is_minus else result

    def _times(self, factors: list[int]) -> int:
        return reduce(lambda product, factor: self._builder.operation("multiply", product, factor), factors)

    def _power(self, index: int, exponent: int | Fraction) -> int:
        if exponent == 1:
            return index
        base = Quantity(self._builder, index)
        # Products of a root take a fraction of the time of a power.
        is_half = Fraction(exponent).denominator == 2
        return int(((base**0.5) ** float(2 * exponent) if is_half else base ** float(exponent)).indices)


@cache
def _slope_of(function: type) -> tuple[sympy.Symbol, sympy.Expr]:
    """The derivative of a function of one number as an expression in a symbol."""
    symbol = sympy.Symbol("argument", real=True)
    return symbol, function(symbol).fdiff(1)


def _exact(number: sympy.Expr) -> Number:
    return Fraction(number.p, number.q) if number.is_Rational else float(number.evalf(20))


def _float(number: Number) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else -float("inf")


def _multiplied(*terms: tuple[Number, Product]) -> tuple[Number, Product]:
    number, exponents = Fraction(1), {}
    for factor, product in terms:
        number = number * factor
        for index, exponent in product:
            exponents[index] = exponents.get(index, 0) + exponent
    return number, tuple(sorted((index, exponent) for index, exponent in exponents.items() if exponent))


def _added(terms: Iterable[tuple[Number, Product]]) -> Sum:
    total = {}
    for number, product in terms:
        total[product] = total.get(product, 0) + number
    return {product: number for product, number in sorted(total.items()) if number}


def _factored(total: Sum) -> tuple[Number, Product, Sum]:
    """A number, a product and a sum, which together make the sum of several terms."""
    numbers = Counter(abs(number) for product, number in total.items() if product)
    number, count = numbers.most_common(1)[0]
    number = number if (count > 1 and isinstance(number, Fraction)) or count == len(total) else Fraction(1)
    first, *others = map(dict, total)
    common = {index: min([exponent, *(each.get(index, 0) for each in others)]) for index, exponent in first.items()}
    shared = tuple((index, exponent) for index, exponent in sorted(common.items()) if exponent > 0)
    inverse = tuple((index, -exponent) for index, exponent in shared)
    rest = [_multiplied((factor / number, product), (Fraction(1), inverse)) for product, factor in total.items()]
    return number, shared, _added(rest)
