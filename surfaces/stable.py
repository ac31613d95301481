r"""Exponentials that overflow although what is made of them does not.

From x = 710 on, $e^x$ is too large for a computer, but $\log(1 + e^x)$ is x to all digits, and $1/(1 + e^x)$ is close
to zero. Sums of exponentials with positive factors are kept as their logarithm.
"""

from functools import reduce

import sympy
from sympy import S

from surfaces.corners import absolute
from surfaces.functions import log, logcosh, power, root, sigmoid, softplus

# Logarithms of longer sums hold functions so deep inside one another that their derivatives would be long.
MOST_TERMS = 4


def is_positive(expression: sympy.Expr) -> bool:
    """True for what is above zero for all numbers, as far as its form tells."""
    if isinstance(expression, sympy.Mul):
        return all(map(is_positive, expression.args))
    if isinstance(expression, sympy.Add) and _exponents(expression) is None:
        return all(map(is_positive, expression.args))
    if expression.is_number:
        return bool(expression.is_positive)
    return isinstance(expression, (sympy.cosh, sigmoid, softplus)) or _exponents(expression) is not None


def stable(expression: sympy.Expr) -> sympy.Expr:
    r"""The same function, where its outermost part is a known form, without the exponentials that overflow.

    $\log(\sum_k c_k e^{a_k})$ by softplus, powers of such a sum as $e^{r \log \ldots}$, $\log \cosh$, $\log \sigma$ and
    $1 - \sigma$. Roots of squares, whose slope would be 0/0 where they are zero, are absolute values.
    """
    if isinstance(expression, log):
        return _logarithm(expression.args[0])
    if isinstance(expression, (sympy.Pow, power, root)) and expression.func is not sympy.exp:
        base, exponent = (expression.args[0], S.Half) if isinstance(expression, root) else expression.args
        if isinstance(base, sympy.Add) and _exponents(base) is not None and not (exponent.is_Integer and exponent > 0):
            return _exponential(exponent * _logarithm(base))
        if exponent == S.Half and (signed := root_of_square(base)) is not None:
            is_size = signed.is_nonnegative or root_of_square(signed) is not None
            return signed if is_size else absolute(signed)
    if isinstance(expression, sympy.Mul):
        return _multiplied_out(expression)
    if isinstance(expression, sympy.Add) and len(expression.args) == 2 and S.One in expression.args:
        return _complement(expression)
    return expression


def root_of_square(base: sympy.Expr) -> sympy.Expr | None:
    r"""u for $u^2$, $v^2$ for $v^4$, $\sqrt 2 \sin(u/2)$ for $1 - \cos u$; None for what is no such square."""
    roots = []
    for factor in sympy.Mul.make_args(_half_angle(base)):
        below, exponent = factor.as_base_exp()
        if factor.is_number and factor.is_positive:
            roots.append(sympy.sqrt(factor))
        elif factor.free_symbols and exponent.is_Integer and exponent > 0 and exponent % 2 == 0:
            roots.append(below ** (exponent / 2))
        else:
            return None
    return sympy.Mul(*roots) if base.free_symbols else None


def _half_angle(expression: sympy.Expr) -> sympy.Expr:
    r"""$1 - \cos u = 2 \sin^2(u/2)$ and $1 + \cos u = 2 \cos^2(u/2)$, which lose no digits."""
    if isinstance(expression, sympy.Add) and len(expression.args) == 2 and S.One in expression.args:
        (other,) = (part for part in expression.args if part != S.One)
        for cosine, function in ((-other, sympy.sin), (other, sympy.cos)):
            if isinstance(cosine, sympy.cos):
                return 2 * function(cosine.args[0] / 2, evaluate=False) ** 2
    return expression


def _exponential(exponent: sympy.Expr) -> sympy.Expr:
    return sympy.exp(exponent, evaluate=False)


def _terms(expression: sympy.Expr) -> list[tuple[sympy.Expr, sympy.Expr]] | None:
    """Factors c and exponents a of the terms $c e^a$; None where there are others, or no exponential at all."""
    found = []
    for term in sympy.Add.make_args(expression):
        factor, rest = term.as_coeff_Mul()
        if isinstance(rest, sympy.exp):
            exponent = rest.args[0]
        elif isinstance(rest, power) and rest.args[0].is_number:
            exponent = rest.args[1] * sympy.log(rest.args[0])
        elif not rest.free_symbols and rest.is_positive:
            factor, exponent = factor * rest, S.Zero
        else:
            return None
        found.append((factor, exponent))
    return found if any(exponent.free_symbols for _, exponent in found) else None


def _exponents(expression: sympy.Expr) -> list[tuple[sympy.Expr, sympy.Expr]] | None:
    """The same for positive factors only."""
    terms = _terms(expression)
    return terms if terms and all(factor.is_positive for factor, _ in terms) else None


def _logarithm(inner: sympy.Expr) -> sympy.Expr:
    if isinstance(inner, sympy.cosh):
        return logcosh(inner.args[0])
    if isinstance(inner, sigmoid):
        return -softplus(-inner.args[0])
    terms = _exponents(inner)
    if terms is None or len(terms) > MOST_TERMS:
        return log(inner)
    terms.sort(key=lambda term: (bool(term[1].free_symbols), sympy.default_sort_key(term[1])))
    return reduce(
        lambda total, part: total + softplus(part - total), (exponent + sympy.log(c) for c, exponent in terms)
    )


def _multiplied_out(product: sympy.Mul) -> sympy.Expr:
    """Exponentials times the power of a sum of others, as one exponential in each term: both factors may overflow."""
    kinds = {True: [], False: []}
    for part in product.args:
        kinds[_terms(part) is not None and len(sympy.Add.make_args(part)) <= MOST_TERMS].append(part)
    if len(kinds[True]) < 2 or not any(part.has(softplus) for part in kinds[True]):
        return product
    terms = [(S.One, S.Zero)]
    for part in kinds[True]:
        terms = [(c * d, a + b) for c, a in terms for d, b in _terms(part)]
        if len(terms) > MOST_TERMS:
            return product
    return sympy.Mul(*kinds[False], sympy.Add(*(c * _exponential(exponent) for c, exponent in terms)))


def with_sigmoids(formula: sympy.Expr) -> sympy.Expr:
    r"""The formula with $\sigma(u)$ for $e^{u - \log(1 + e^u)}$ and $\sigma(-u)$ for $e^{-\log(1 + e^u)}$."""

    def is_one(part: sympy.Basic) -> bool:
        return isinstance(part, sympy.exp) and _within(part) is not None

    return formula.replace(is_one, _within) if formula.has(softplus) else formula


def _within(exponential: sympy.exp) -> sympy.Expr | None:
    for part in sympy.Add.make_args(exponential.args[0]):
        if isinstance(-part, softplus):
            inner, rest = (-part).args[0], exponential.args[0] - part
            return sigmoid(-inner) if rest == 0 else sigmoid(inner) if rest == inner else None
    return None


def _complement(expression: sympy.Add) -> sympy.Expr:
    r"""$1 - \sigma(u) = \sigma(-u)$."""
    (other,) = (part for part in expression.args if part != S.One) if expression.args.count(S.One) == 1 else (S.Zero,)
    if isinstance(-other, sigmoid):
        return sigmoid(-(-other).args[0])
    if isinstance(-other, sympy.exp) and isinstance(-(-other).args[0], softplus):
        return _exponential(-softplus(-(-(-other).args[0]).args[0]))
    return expression
