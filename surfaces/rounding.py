"""How far a formula may be off, because a number in a computer has sixteen digits."""

import numpy as np
import sympy

# Every operation is off by at most half of this share of its result.
DIGIT = float(np.finfo(float).eps)
_CHOICES = (sympy.Abs, sympy.Max, sympy.Min, sympy.sign, sympy.floor)


def rounding_of(formula: sympy.Expr) -> sympy.Expr:
    r"""How far the value of a formula may be off, as a formula in the same symbols, which are exact themselves.

    Each sum, product, power or function adds a share DIGIT of its own size, and passes on what its parts are off by,
    times how much it changes with them (running error analysis, Higham, Accuracy and Stability of Numerical Algorithms,
    2002, section 3.3). So a small loss that is what is left of large numbers is known to be uncertain.
    """
    if formula.is_Symbol or formula.is_Integer:
        return sympy.S.Zero
    if formula.is_number:
        return DIGIT * abs(formula)
    if isinstance(formula, sympy.Piecewise):
        return sympy.Piecewise(*((rounding_of(value), condition) for value, condition in formula.args))
    parts = formula.args
    if formula.is_Add:
        own, slopes = sympy.Add(*map(sympy.Abs, parts)), [sympy.S.One] * len(parts)
    elif formula.is_Mul:
        own = sympy.Abs(formula)
        slopes = [sympy.Mul(*parts[:place], *parts[place + 1 :]) for place in range(len(parts))]
    elif isinstance(formula, _CHOICES):
        own, slopes = sympy.S.Zero, [sympy.S.One] * len(parts)
    else:
        own, slopes = sympy.Abs(formula), _slopes(formula)
    passed = (sympy.Abs(slope) * rounding_of(part) for slope, part in zip(slopes, parts, strict=True))
    return DIGIT * own + sympy.Add(*passed)


def _slopes(formula: sympy.Expr) -> list[sympy.Expr]:
    """How much a power or a function changes with each of its parts."""
    places = [sympy.Dummy(real=True) for _ in formula.args]
    filled = dict(zip(places, formula.args, strict=True))
    # An exact exponent passes nothing on, and the logarithm in its slope need not exist.
    return [
        sympy.S.Zero if part.is_Integer else formula.func(*places).diff(place).xreplace(filled)
        for place, part in filled.items()
    ]
