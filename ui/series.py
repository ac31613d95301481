"""A Taylor polynomial of one variable as LaTeX."""

from collections.abc import Sequence

import sympy

from lessons.series import recognised

TERMS_A_LINE = 4


def series_latex(coefficients: Sequence[sympy.Expr], center: float) -> str:
    """The polynomial around a centre, term by term: exact where the centre is recognised, else with four digits."""
    exact = recognised(center)
    book = isinstance(exact, sympy.Expr)
    terms = []
    for power, coefficient in enumerate(coefficients):
        if coefficient == 0:
            continue
        negative = float(coefficient) < 0
        size = sympy.latex(abs(coefficient)) if book else _decimal(abs(float(coefficient)))
        factor = "" if not power else _base(exact) if power == 1 else f"{_base(exact)}^{{{power}}}"
        sign = "-" if negative else "+" if terms else ""
        terms.append(rf"{sign} {'' if size == '1' and power else size}\,{factor}")
    lines = [" ".join(terms[place : place + TERMS_A_LINE]) for place in range(0, len(terms), TERMS_A_LINE)] or ["0"]
    return r"\begin{aligned} h(x) \approx\;&" + r"\\&".join(lines) + r"\end{aligned}"


def _base(center: sympy.Expr | float) -> str:
    if center == 0:
        return "x"
    size = sympy.latex(abs(center)) if isinstance(center, sympy.Expr) else _decimal(abs(center))
    return rf"\left(x {'+' if center < 0 else '-'} {size}\right)"


def _decimal(value: float) -> str:
    digits, _, power = f"{value:.4g}".partition("e")
    return rf"{digits} \cdot 10^{{{int(power)}}}" if power else digits
