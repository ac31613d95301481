r"""Derivatives of functions with flat pieces, where the rules of calculus give zero times infinity.

$\sqrt{\max(0, x)}$ is 0 for all x < 0, and so is its slope. The chain rule writes that slope as $\mathbf{1}_{x > 0}
\cdot 1/(2\sqrt{0})$.
"""

import numpy as np
import sympy
from sympy import S

from surfaces.corners import Cornered, Real, exceeds, maximum, minimum, positive, relu, sign_of
from surfaces.functions import Partial, log, power


class kept(Real):  # noqa: N801
    """A product where a level is at least 0, and 0 where the level is below 0."""

    nargs = 2

    def lowered(self, level, product):
        """By a choice between zero and the product."""
        return np.where(level < 0.0, 0.0, product)

    @staticmethod
    def _of_numbers(level, product):
        return S.Zero if level < 0 else product


class defined(Real):  # noqa: N801
    """0 where an expression has a finite value, and no number elsewhere."""

    nargs = 1

    def lowered(self, value):
        """By a product, which is no number where the value is not finite."""
        return 0.0 * value

    @staticmethod
    def _of_numbers(value):
        return 0 * value


def flat_where_flat(derivative: sympy.Expr, formula: sympy.Expr) -> sympy.Expr:
    """A derivative of a formula, exactly zero where a factor of it is, and no number where the formula is none."""
    if not formula.has(Cornered, power):
        return derivative
    changed = derivative.replace(lambda part: isinstance(part, sympy.Mul) and _levels(part), _kept)
    return changed if changed == derivative else changed + defined(formula)


def _kept(product: sympy.Mul) -> sympy.Expr:
    for level in _levels(product):
        product = kept(level, product)
    return product


def _levels(product: sympy.Mul) -> list[sympy.Expr]:
    """What is below zero where a factor of a product is zero all around while another one may be infinite."""
    if not any(map(_may_be_infinite, product.args)):
        return []
    levels = [level for part in product.args if (level := _level(part.as_base_exp()[0])) is not None]
    for part in product.args:
        if isinstance(part, power) and any(log(part.args[0]) == other.as_base_exp()[0] for other in product.args):
            levels.append(sign_of(part.args[0]) - S.Half)
    return list(dict.fromkeys(levels))


def _level(factor: sympy.Expr) -> sympy.Expr | None:
    match factor:
        case positive() | relu():
            return factor.args[0]
        case exceeds():
            return factor.args[0] - factor.args[1]
        case maximum() | minimum() if S.Zero in factor.args:
            (other,) = (part for part in factor.args if part != 0)
            return factor.order * other
    return None


def _may_be_infinite(factor: sympy.Expr) -> bool:
    return any(
        isinstance(part, (Partial, sympy.tan, sympy.exp, sympy.sinh, sympy.cosh))
        or (isinstance(part, sympy.Pow) and bool(part.free_symbols) and not (part.exp.is_Integer and part.exp > 0))
        for part in sympy.preorder_traversal(factor)
    )
