"""Functions that sympy does not have, or has only in a form that overflows or forgets where it is defined."""

from collections.abc import Callable

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


class Partial(Real):
    r"""A function that is real on a part of the line only, no number elsewhere: the first argument decides.

    sympy leaves it as it is. Its own ones lose where they are defined, as in $e^{\ln x} = x$, and may look for
    imaginary parts for minutes.
    """

    nargs = 1
    exact: Callable

    @classmethod
    def eval(cls, *numbers):
        """Numbers are put in."""
        return cls._of_numbers(*numbers) if all(number.is_number for number in numbers) else None

    @classmethod
    def _of_numbers(cls, *numbers):
        value = cls.exact(*numbers)
        return value if value.evalf().is_extended_real else S.NaN


class log(Partial):  # noqa: N801
    r"""$\log u$ for u > 0."""

    latex_name, numpy_name, exact = r"\log", "log", staticmethod(sympy.log)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / self.args[0]


class asin(Partial):  # noqa: N801
    r"""$\arcsin u$ for u from -1 to 1."""

    latex_name, numpy_name, exact = r"\arcsin", "arcsin", staticmethod(sympy.asin)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / root(1 - self.args[0] ** 2)


class acos(Partial):  # noqa: N801
    r"""$\arccos u$ for u from -1 to 1."""

    latex_name, numpy_name, exact = r"\arccos", "arccos", staticmethod(sympy.acos)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return -1 / root(1 - self.args[0] ** 2)


class acosh(Partial):  # noqa: N801
    r"""$\operatorname{arcosh} u$ for u of at least 1."""

    latex_name, numpy_name, exact = r"\operatorname{arcosh}", "arccosh", staticmethod(sympy.acosh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (root(self.args[0] - 1) * root(self.args[0] + 1))


class atanh(Partial):  # noqa: N801
    r"""$\operatorname{artanh} u$ for u between -1 and 1."""

    latex_name, numpy_name, exact = r"\operatorname{artanh}", "arctanh", staticmethod(sympy.atanh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (1 - self.args[0] ** 2)


class root(Partial):  # noqa: N801
    r"""$\sqrt{u}$ for u of at least 0."""

    numpy_name, exact = "sqrt", staticmethod(sympy.sqrt)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (2 * self)

    def _latex(self, printer, exp=None) -> str:
        text = rf"\sqrt{{{printer.doprint(self.args[0])}}}"
        return f"{text}^{{{exp}}}" if exp else text


class power(Partial):  # noqa: N801
    r"""$u^v$ for v that is not a whole number, and u > 0, or u = 0 < v.

    sympy's own power of a number and a sum, as in $1.0001^{x + 300000}$, works out every digit of one of its factors.
    """

    nargs = 2
    numpy_name, exact = "power", staticmethod(sympy.Pow)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative with respect to one of both."""
        base, exponent = self.args
        if argindex == 1:
            return exponent * power(base, exponent - 1)
        if argindex == 2:
            return log(base) * self
        raise ArgumentIndexError(self, argindex)

    @property
    def as_pow(self) -> sympy.Pow:
        """The same as sympy's power, left as it is."""
        return sympy.Pow(*self.args, evaluate=False)

    def _latex(self, printer, exp=None) -> str:
        base = printer.parenthesize(self.args[0], PRECEDENCE["Pow"], strict=True)
        text = rf"{base}^{{{printer.doprint(self.args[1])}}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text
