"""From sympy expressions to programs: sums, products, powers and functions as operations of the table.

Every number is rounded once, by sympy. Factors and terms stand in sympy's own order, which is the same in every run.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import mul

import numpy as np
import sympy

from programs.program import Builder, Program
from programs.tracing import Quantity, applied, quantity
from surfaces.corners import Lowered

FUNCTIONS = {
    sympy.Abs: "absolute",
    sympy.sign: "sign",
    sympy.floor: "floor",
    sympy.ceiling: "ceil",
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.asin: "arcsin",
    sympy.acos: "arccos",
    sympy.atan: "arctan",
    sympy.atan2: "arctan2",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.asinh: "arcsinh",
    sympy.acosh: "arccosh",
    sympy.atanh: "arctanh",
    sympy.StrictGreaterThan: "greater",
    sympy.GreaterThan: "greater_equal",
    sympy.StrictLessThan: "less",
    sympy.LessThan: "less_equal",
    sympy.Equality: "equal",
    sympy.Unequality: "not_equal",
    sympy.Not: "logical_not",
}
# Functions that sympy writes by means of another one.
_REWRITTEN = {
    **{sympy.cot: sympy.tan, sympy.sec: sympy.cos, sympy.csc: sympy.sin},
    **{sympy.acot: sympy.atan, sympy.asec: sympy.acos, sympy.acsc: sympy.asin},
    **dict.fromkeys((sympy.coth, sympy.sech, sympy.csch), sympy.exp),
    **dict.fromkeys((sympy.acoth, sympy.asech, sympy.acsch), sympy.log),
}


def program_of(variables: Iterable[sympy.Symbol], expressions: Sequence[sympy.Expr], names: Iterable[str]) -> Program:
    """Real expressions as a program whose inputs are called like the variables, and whose outputs have these names.

    Raises TypeError where an expression holds what no operation stands for.
    """
    builder = Builder()
    lowering = Lowering({variable: quantity(builder, variable.name) for variable in variables}, builder)
    shared, results = sympy.cse(list(expressions), symbols=sympy.numbered_symbols("shared", real=True))
    for symbol, expression in shared:
        lowering.quantities[symbol] = lowering(expression)
    return builder.program({name: int(lowering(result).indices) for name, result in zip(names, results, strict=True)})


class Lowering:
    """The quantities that expressions are; quantities: those that are there already."""

    def __init__(self, quantities: dict[sympy.Basic, Quantity], builder: Builder):
        self.quantities, self.builder = quantities, builder

    def __call__(self, expression: sympy.Basic) -> Quantity:
        if expression not in self.quantities:
            self.quantities[expression] = self._lowered(expression)
        return self.quantities[expression]

    def _lowered(self, expression: sympy.Basic) -> Quantity:
        if isinstance(expression, sympy.Expr) and expression.is_number:
            return self._number(expression)
        match expression:
            case sympy.Add():
                return self._sum(expression)
            case sympy.Mul():
                return self._signed(*_fraction(expression))
            case sympy.Pow():
                base, exponent = expression.as_base_exp()
                return self(base) ** self(exponent)
            case sympy.Piecewise():
                return self._pieces(expression)
            case sympy.And():
                return reduce(np.logical_and, map(self, expression.args))
            case sympy.Or():
                return reduce(np.logical_or, map(self, expression.args))
            case Lowered():
                return expression.lowered(*map(self, expression.args))
        if expression.func in FUNCTIONS:
            return applied(FUNCTIONS[expression.func], *map(self, expression.args))
        if expression.func in _REWRITTEN:
            return self(expression.rewrite(_REWRITTEN[expression.func]))
        raise TypeError(f"No operation stands for {expression.func.__name__}.")

    def _number(self, expression: sympy.Expr) -> Quantity:
        value = expression.evalf(20)
        return Quantity(self.builder, self.builder.constant(float(value) if value.is_extended_real else np.nan))

    def _sum(self, expression: sympy.Add) -> Quantity:
        # A sum that begins with a minus costs one more pass over the batch than one that ends with it.
        terms = sorted(expression.as_ordered_terms(), key=lambda term: term.could_extract_minus_sign())
        total = self(terms[0])
        for term in terms[1:]:
            negative, above, below = _fraction(term)
            subtracted = negative and not term.is_number
            total = total - self._signed(False, above, below) if subtracted else total + self(term)
        return total

    def _signed(self, negative: bool, above: Sequence[sympy.Expr], below: Sequence[sympy.Expr]) -> Quantity:
        first, *others = above
        # The minus of a number costs nothing.
        result = self(-first if negative and first.is_number else first)
        result = reduce(mul, map(self, others), result)
        if below:
            result = result / reduce(mul, map(self, below))
        return -result if negative and not first.is_number else result

    def _pieces(self, expression: sympy.Piecewise) -> Quantity:
        result = self(sympy.nan)
        for value, condition in reversed(expression.args):
            result = self(value) if condition == True else np.where(self(condition), self(value), result)  # noqa: E712
        return result


def _fraction(expression: sympy.Expr) -> tuple[bool, list[sympy.Expr], list[sympy.Expr]]:
    """Whether a minus stands before an expression, and what stands above and below its line of fraction."""
    coefficient, rest = expression.as_coeff_Mul()
    above, below = [] if abs(coefficient) == 1 else [abs(coefficient)], []
    for factor in rest.as_ordered_factors():
        if isinstance(factor, sympy.Pow) and factor.exp.is_Rational and factor.exp.is_negative:
            below.append(sympy.Pow(factor.base, -factor.exp, evaluate=False) if factor.exp != -1 else factor.base)
        else:
            above.append(factor)
    return bool(coefficient < 0), above or [sympy.S.One], below
