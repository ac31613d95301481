"""A formula in theta1 and theta2 with its exact derivatives, compiled at first use."""

from collections.abc import Callable
from functools import cached_property

import sympy

from programs.evaluation import Evaluation
from programs.program import Program, joined
from surfaces.chain_rule import differentiated, is_smooth
from surfaces.compiled import Compiled, unknown_functions
from surfaces.corners import Cornered, with_corners
from surfaces.flat import flat_where_flat
from surfaces.functions import Partial
from surfaces.parameters import CURVATURES, VALUE_AND_SLOPES, theta1, theta2
from surfaces.rounding import rounding_of

_INPUTS = (theta1.name, theta2.name)


class Formula:
    """The functions of a loss that is one expression: those of an `evaluation.Evaluator`.

    completed: what is compiled in place of a derivative; where it is not given, the derivative, zero where the loss is
    flat. The derivatives of a smooth formula are made in its program, by the chain rule.
    """

    def __init__(self, expression: sympy.Expr, completed: Callable[[sympy.Expr], sympy.Expr] | None = None):
        self.expression = expression
        self._is_plain = completed is None
        self._completed = completed or (lambda derivative: flat_where_flat(derivative, expression))

    @cached_property
    def slopes(self) -> tuple[sympy.Expr, sympy.Expr]:
        r"""The exact partial derivatives $(\partial L/\partial\theta_1, \partial L/\partial\theta_2)$."""
        return tuple(sympy.diff(self.expression, variable) for variable in (theta1, theta2))

    @cached_property
    def curvatures(self) -> tuple[tuple[sympy.Expr, sympy.Expr], tuple[sympy.Expr, sympy.Expr]]:
        r"""The exact second derivatives $\partial^2 L/\partial\theta_i\partial\theta_j$, row by row."""
        first, second = self.slopes
        mixed = sympy.diff(first, theta2)
        return (sympy.diff(first, theta1), mixed), (mixed, sympy.diff(second, theta2))

    @property
    def has_tips(self) -> bool:
        """True where the derivatives may be no numbers at points at which the loss has a value."""
        return self.expression.has(Cornered, Partial) or any(
            part.free_symbols and not (part.exp.is_Integer and part.exp > 0)
            for part in self.expression.atoms(sympy.Pow)
        )

    @cached_property
    def _is_smooth(self) -> bool:
        return self._is_plain and is_smooth(self.expression)

    @cached_property
    def value_and_gradient(self) -> Evaluation:
        """The loss and its slopes."""
        if self._is_smooth:
            return Evaluation(differentiated(self.expression, False), _INPUTS, VALUE_AND_SLOPES)
        slopes = (self._completed(sympy.factor_terms(slope)) for slope in self.slopes)
        return Compiled((theta1, theta2), [self.expression, *slopes], VALUE_AND_SLOPES)

    @cached_property
    def value(self) -> Evaluation:
        """The loss alone."""
        return self.value_and_gradient.only(0)

    @cached_property
    def gradient(self) -> Evaluation:
        """Its slopes alone."""
        return self.value_and_gradient.only(1, 2)

    @cached_property
    def hessian(self) -> Evaluation:
        """Its curvatures: along theta1, mixed, along theta2."""
        if self._is_smooth:
            return Evaluation(self.hessian_program, _INPUTS, CURVATURES)
        (h11, h12), (_, h22) = self.curvatures
        return Compiled((theta1, theta2), list(map(self._completed, (h11, h12, h22))), CURVATURES)

    @property
    def program(self) -> Program:
        """The loss and its slopes as a program."""
        return self.value_and_gradient.program

    @cached_property
    def hessian_program(self) -> Program:
        """The loss, its slopes and its curvatures as a program."""
        if self._is_smooth:
            return differentiated(self.expression, True)
        return joined(self.program, self.hessian.program)

    @cached_property
    def each_slope(self) -> tuple[Evaluation, ...]:
        """The slopes, each by itself."""
        return tuple(self.value_and_gradient.only(1 + axis) for axis in (0, 1))

    @cached_property
    def each_curvature(self) -> tuple[Evaluation, ...]:
        """The curvatures, each by itself: along theta1, mixed, along theta2."""
        return tuple(self.hessian.only(place) for place in range(3))

    @cached_property
    def rounding(self) -> Compiled:
        """How far the loss may be off by rounding, but for numbers too small to have all their digits."""
        return Compiled((theta1, theta2), [rounding_of(self.expression)])


def declared(title: str, formula) -> sympy.Expr:
    """A formula in theta1 and theta2, whatever symbols of these names it came with, with corners as `corners` has them.

    Raises ValueError where it is no expression, or holds a function that cannot be evaluated or differentiated twice.
    """
    try:
        expression = sympy.sympify(formula)
    except (sympy.SympifyError, TypeError, SyntaxError):
        expression = None
    if not isinstance(expression, sympy.Expr):
        raise ValueError(f"The formula of {title!r} is a sympy expression, not {formula!r}.")
    own = {variable.name: variable for variable in (theta1, theta2)}
    named = {symbol: own[symbol.name] for symbol in expression.free_symbols if own.get(symbol.name, symbol) != symbol}
    expression = with_corners(expression.xreplace(named))
    unknown = unknown_functions(expression)
    if unknown:
        names = ", ".join(unknown)
        raise ValueError(f"The formula of {title!r} holds {names}, which has no values or no two derivatives here.")
    return expression
