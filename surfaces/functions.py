"""Functions that sympy does not have, or has only in a form that overflows or forgets where it is defined."""

from collections.abc import Callable

import sympy
from sympy import S
from sympy.core.function import ArgumentIndexError
from sympy.printing.precedence import PRECEDENCE

from surfaces.corners import Jumping, Lowered, Real, chosen, positive


class softplus(Lowered):  # noqa: N801
    r"""$\log(1 + e^x)$ for real x, whose derivative is the logistic function $\sigma(x)$.

    Written out, exp(x) would overflow from x = 710 on, where the function is x to all digits.
    """

    nargs = 1
    operation = "softplus"
    # For sympy's lambdify: mpmath's numbers bring their functions with them.
    _imp_ = staticmethod(lambda x: x.context.log1p(x.context.exp(x)))

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return sigmoid(self.args[0])

    def _eval_evalf(self, prec: int) -> sympy.Expr:
        return sympy.log(1 + sympy.exp(self.args[0]))._eval_evalf(prec)

    def _latex(self, printer, **_) -> str:
        return rf"\log\left(1 + e^{{{printer._print(self.args[0])}}}\right)"


class sigmoid(Lowered):  # noqa: N801
    r"""The logistic function $\sigma(x) = 1/(1 + e^{-x})$, with the derivative $\sigma(x)\,\sigma(-x)$.

    Exact to rounding however small it is.
    """

    nargs = 1
    operation = "sigmoid"

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


class logcosh(Lowered):  # noqa: N801
    r"""$\log\cosh x$, with the derivative tanh(x). Written out, cosh(x) would overflow from x = 711 on."""

    nargs = 1
    operation = "logcosh"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return sympy.tanh(self.args[0])

    def _eval_evalf(self, prec: int) -> sympy.Expr:
        return sympy.log(sympy.cosh(self.args[0]))._eval_evalf(prec)

    def _latex(self, printer, exp=None) -> str:
        power = f"^{{{exp}}}" if exp else ""
        return rf"\log{power}\left(\cosh\left({printer._print(self.args[0])}\right)\right)"


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

    latex_name, operation, exact = r"\log", "log", staticmethod(sympy.log)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / self.args[0]


class asin(Partial):  # noqa: N801
    r"""$\arcsin u$ for u from -1 to 1."""

    latex_name, operation, exact = r"\arcsin", "arcsin", staticmethod(sympy.asin)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / root(1 - self.args[0] ** 2)


class acos(Partial):  # noqa: N801
    r"""$\arccos u$ for u from -1 to 1."""

    latex_name, operation, exact = r"\arccos", "arccos", staticmethod(sympy.acos)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return -1 / root(1 - self.args[0] ** 2)


class acosh(Partial):  # noqa: N801
    r"""$\operatorname{arcosh} u$ for u of at least 1."""

    latex_name, operation, exact = r"\operatorname{arcosh}", "arccosh", staticmethod(sympy.acosh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (root(self.args[0] - 1) * root(self.args[0] + 1))


class atanh(Partial):  # noqa: N801
    r"""$\operatorname{artanh} u$ for u between -1 and 1."""

    latex_name, operation, exact = r"\operatorname{artanh}", "arctanh", staticmethod(sympy.atanh)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (1 - self.args[0] ** 2)


class root(Partial):  # noqa: N801
    r"""$\sqrt{u}$ for u of at least 0."""

    operation, exact = "sqrt", staticmethod(sympy.sqrt)

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
    operation, exact = "power", staticmethod(sympy.Pow)

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


class cube_root(Real):  # noqa: N801
    r"""$\sqrt[3]{u}$, negative for negative u; its slope is infinite at 0."""

    nargs = 1
    operation = "cbrt"

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 1 / (3 * self**2)

    def _latex(self, printer, exp=None) -> str:
        text = rf"\sqrt[3]{{{printer.doprint(self.args[0])}}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    @staticmethod
    def _of_numbers(x):
        return sympy.real_root(x, 3)


class erf(Real):  # noqa: N801
    r"""$\operatorname{erf} u = \frac{2}{\sqrt\pi} \int_0^u e^{-t^2}\,dt$."""

    nargs = 1
    latex_name, operation = r"\operatorname{erf}", "error_function"
    _of_numbers = staticmethod(sympy.erf)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return 2 / sympy.sqrt(sympy.pi) * sympy.exp(-(self.args[0] ** 2), evaluate=False)


class erfc(Real):  # noqa: N801
    r"""$1 - \operatorname{erf} u$, exact to rounding however small it is."""

    nargs = 1
    latex_name, operation = r"\operatorname{erfc}", "error_function_beside_one"
    _of_numbers = staticmethod(sympy.erfc)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative."""
        return -2 / sympy.sqrt(sympy.pi) * sympy.exp(-(self.args[0] ** 2), evaluate=False)


class spherical(Real):  # noqa: N801
    r"""The spherical Bessel function $j_n(u)$ for whole n >= 0, of which $j_0(u) = \sin(u)/u$, and 1 at 0.

    Its derivative $j_n' = (n\,j_{n-1} - (n+1)\,j_{n+1})/(2n+1)$ divides by nothing (Abramowitz & Stegun, 10.1.20).
    """

    nargs = 2
    operation = "spherical"

    @classmethod
    def eval(cls, order, u):
        """Numbers are put in."""
        return cls._of_numbers(order, u) if u.is_number else None

    def fdiff(self, argindex: int = 2) -> sympy.Expr:
        """The derivative with respect to u."""
        n, u = self.args
        lower = n * spherical(n - 1, u) if n else 0
        return (lower - (n + 1) * spherical(n + 1, u)) / (2 * n + 1)

    def _latex(self, printer, exp=None) -> str:
        name = r"\operatorname{sinc}" if not self.args[0] else f"j_{{{self.args[0]}}}"
        power = f"^{{{exp}}}" if exp else ""
        return rf"{name}{power}\left({printer.doprint(self.args[1])}\right)"

    @staticmethod
    def _of_numbers(n, u):
        if u.is_zero:
            return S.One if not n else S.Zero
        return sympy.expand_func(sympy.jn(n, u))


class angle(Jumping):  # noqa: N801
    r"""$\operatorname{atan2}(v, u)$, the angle of the point (u, v), from -pi to pi; it jumps where v = 0 > u."""

    nargs = 2
    latex_name, operation = r"\operatorname{atan2}", "arctan2"
    _of_numbers = staticmethod(sympy.atan2)

    @property
    def level(self) -> sympy.Expr:
        """v on the left half, where u is negative or zero."""
        v, u = self.args
        return chosen(positive(u), 1, v)

    def fdiff(self, argindex: int = 1) -> sympy.Expr:
        """The derivative with respect to v or u."""
        v, u = self.args
        return (u if argindex == 1 else -v) / (u**2 + v**2)
