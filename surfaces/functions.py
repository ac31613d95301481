"""Functions that sympy does not have, or has only in a form that overflows."""

import sympy
from sympy import S
from sympy.core.function import ArgumentIndexError
from sympy.printing.precedence import PRECEDENCE

from surfaces.corners import Real


class softplus(sympy.Function):  # noqa: N801
    r"""$\log(1 + e^x)$ for real x, whose derivative is the logistic function $\sigma(x) = (1 + \tanh(x/2))/2$.

    Written out, exp(x) would overflow from x = 710 on, where the function is x to all digits.
    """

    nargs = 1
    is_real = True
    # For sympy's lambdify: mpmath's numbers bring their functions with them.
    _imp_ = staticmethod(lambda x: x.context.log1p(x.context.exp(x)))

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return logistic(self.args[0])

    def _eval_evalf(self, prec: int) -> sympy.Expr:
        return sympy.log(1 + sympy.exp(self.args[0]))._eval_evalf(prec)

    def _latex(self, printer, **_) -> str:
        return rf"\log\left(1 + e^{{{printer._print(self.args[0])}}}\right)"


def logistic(x: sympy.Expr) -> sympy.Expr:
    r"""$\sigma(x) = 1/(1 + e^{-x}) = (1 + \tanh(x/2))/2$, in the form that cannot overflow."""
    return (1 + sympy.tanh(x / 2)) / 2


class sigmoid(sympy.Function):  # noqa: N801
    r"""$\sigma(x) = 1/(1 + e^{-x}) = e^{-\operatorname{softplus}(-x)}$, with the derivative $\sigma(x)\,\sigma(-x)$.

    Slower than `logistic`, but exact to rounding however small it is, so that its logarithm is, too.
    """

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, x):
        """Numbers are put in."""
        return 1 / (1 + sympy.exp(-x)) if x.is_Number else None

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return sigmoid(self.args[0]) * sigmoid(-self.args[0])

    def _eval_evalf(self, prec: int) -> sympy.Expr:
        return (1 / (1 + sympy.exp(-self.args[0])))._eval_evalf(prec)

    def _latex(self, printer, exp=None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\sigma{power}\left({printer._print(self.args[0])}\right)"

    def _numpycode(self, printer) -> str:
        return f"exp(-softplus(-({printer._print(self.args[0])})))"


class root(Real):  # noqa: N801
    r"""$\sqrt{u}$ for real u, no number where u < 0.

    sympy's own root does not know that u is real, and may look for its imaginary part for minutes.
    """

    nargs = 1
    numpy_name = "sqrt"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (2 * self)

    def _latex(self, printer, exp=None) -> str:
        text = rf"\sqrt{{{printer.doprint(self.args[0])}}}"
        return f"{text}^{{{exp}}}" if exp else text

    @staticmethod
    def _of_numbers(u):
        return sympy.sqrt(u) if u >= 0 else S.NaN


class power(Real):  # noqa: N801
    r"""$u^v$ for real u and v that is not a whole number, no number where u < 0.

    sympy's own power of a number and a sum, as in $1.0001^{x + 300000}$, works out every digit of one of its factors.
    """

    nargs = 2
    numpy_name = "power"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative with respect to one of both."""
        base, exponent = self.args
        if argindex == 1:
            return exponent * power(base, exponent - 1)
        if argindex == 2:
            return sympy.log(base, evaluate=False) * self
        raise ArgumentIndexError(self, argindex)

    @property
    def as_pow(self) -> sympy.Pow:
        """The same as sympy's power, left as it is."""
        return sympy.Pow(*self.args, evaluate=False)

    def _latex(self, printer, exp=None) -> str:
        base = printer.parenthesize(self.args[0], PRECEDENCE["Pow"], strict=True)
        text = rf"{base}^{{{printer.doprint(self.args[1])}}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    @staticmethod
    def _of_numbers(u, v):
        return sympy.Pow(u, v) if u > 0 or (u == 0 and v > 0) else S.NaN
