r"""Functions with corners and jumps: |x|, relu, max and min, comparisons, floor and the like.

sympy has them too, but simplifies them at a price that nobody can foretell. These are opaque to it, differentiate
exactly, and are evaluated by one of numpy's ufuncs each. At a corner the first derivative is a subgradient, the one
that PyTorch chooses, and the second derivative is that of the pieces with the same weights: one half each where the
arguments of max or min are equal.
"""

from functools import reduce

import numpy as np
import sympy
from sympy import Function, S
from sympy.core.function import ArgumentIndexError

from programs.tracing import Quantity, applied


class Lowered(Function):
    """A real function of real numbers that programs compute by one operation, or by a few."""

    is_real = True
    operation: str

    def lowered(self, *operands: Quantity) -> Quantity:
        """The value of the function, given those of its arguments."""
        return applied(self.operation, *operands)


class Real(Lowered):
    """Such a function that is no more than its value: `latex_name` on screen, `operation` in a program."""

    latex_name: str

    @classmethod
    def eval(cls, *numbers):
        return cls._of_numbers(*numbers) if all(number.is_Number for number in numbers) else None

    def _latex(self, printer, exp=None):
        arguments = ", ".join(map(printer.doprint, self.args))
        power = rf"^{{{exp}}}" if exp else ""
        return rf"{self.latex_name}{power}\left({arguments}\right)"

    def _eval_evalf(self, prec):
        numbers = [argument._evalf(prec) for argument in self.args]
        exact = self._of_numbers(*numbers) if all(number.is_Number for number in numbers) else None
        return None if exact is None else exact._eval_evalf(prec)


class Cornered(Real):
    """A function with a corner, or a jump, where its level is zero: its only argument, or the difference of both."""

    @property
    def level(self):
        """What is zero at the corner."""
        return self.args[0] - sum(self.args[1:])

    def beside(self, side):
        """The formula of the function where its level is positive (1), negative (-1) or zero (0)."""
        raise NotImplementedError


class _Step(Cornered):
    """A function with the derivative zero wherever it has one."""

    def fdiff(self, argindex=1):
        return S.Zero


class sign_of(_Step):  # noqa: N801
    r"""$\operatorname{sign}(x)$: -1, 0 or 1, the derivative of |x| and, at 0, its smallest subgradient."""

    nargs = 1
    latex_name, operation = r"\operatorname{sign}", "sign"

    def beside(self, side):
        """-1, 0 or 1."""
        return S(side)

    @staticmethod
    def _of_numbers(x):
        return sympy.sign(x)


class absolute(Cornered):  # noqa: N801
    r"""$|x|$, with the derivative sign(x)."""

    nargs = 1
    operation = "absolute"

    def fdiff(self, argindex=1):
        """The derivative."""
        return sign_of(self.args[0])

    def beside(self, side):
        """x or -x."""
        return side * self.args[0]

    def _eval_power(self, exponent):
        return self.args[0] ** exponent if exponent.is_Integer and exponent.is_even else None

    def _latex(self, printer, exp=None):
        bars = rf"\left|{printer.doprint(self.args[0])}\right|"
        return f"{bars}^{{{exp}}}" if exp else bars

    @staticmethod
    def _of_numbers(x):
        return sympy.Abs(x)


class positive(_Step):  # noqa: N801
    r"""1 where x > 0, else 0: the derivative of relu."""

    nargs = 1
    latex_name = r"\mathbf{1}_{>0}"

    def beside(self, side):
        """0 or 1."""
        return S.One if side > 0 else S.Zero

    def lowered(self, x):
        """By a comparison with zero."""
        return np.heaviside(x, 0.0)

    @staticmethod
    def _of_numbers(x):
        return S.One if x > 0 else S.Zero


class relu(Cornered):  # noqa: N801
    r"""$\max(0, x)$, with the derivative 0 at 0."""

    nargs = 1
    latex_name = r"\operatorname{relu}"

    def fdiff(self, argindex=1):
        """The derivative."""
        return positive(self.args[0])

    def beside(self, side):
        """x or 0."""
        return self.args[0] if side > 0 else S.Zero

    def lowered(self, x):
        """By max."""
        return np.maximum(x, 0.0)

    @staticmethod
    def _of_numbers(x):
        return sympy.Max(0, x)


class exceeds(_Step):  # noqa: N801
    r"""1 where a > b, 1/2 where they are equal, else 0: the derivative of max(a, b) with respect to a."""

    nargs = 2

    def beside(self, side):
        """0, 1/2 or 1."""
        return S(1 + side) / 2

    def _latex(self, printer, exp=None):
        return rf"\mathbf{{1}}_{{{printer.doprint(self.args[0])} > {printer.doprint(self.args[1])}}}"

    def lowered(self, a, b):
        """By the sign of the difference."""
        return np.heaviside(a - b, 0.5)

    @staticmethod
    def _of_numbers(a, b):
        return sympy.Heaviside(a - b, S.Half)


class _Extreme(Cornered):
    """The larger of two numbers where `order` is 1, the smaller one where it is -1."""

    nargs = 2
    order: int

    def fdiff(self, argindex=1):
        """The derivative with respect to one of both."""
        if argindex not in (1, 2):
            raise ArgumentIndexError(self, argindex)
        chosen, other = self.args if argindex == 1 else reversed(self.args)
        return exceeds(*((chosen, other) if self.order > 0 else (other, chosen)))

    def beside(self, side):
        """a or b."""
        return self.args[0] if side * self.order > 0 else self.args[1]


class maximum(_Extreme):  # noqa: N801
    r"""$\max(a, b)$; where both are equal, each has half of the derivative."""

    latex_name, operation, order = r"\max", "maximum", 1

    @staticmethod
    def _of_numbers(a, b):
        return sympy.Max(a, b)


class minimum(_Extreme):  # noqa: N801
    r"""$\min(a, b)$; where both are equal, each has half of the derivative."""

    latex_name, operation, order = r"\min", "minimum", -1

    @staticmethod
    def _of_numbers(a, b):
        return sympy.Min(a, b)


class chosen(Cornered):  # noqa: N801
    r"""a where the condition is 1, b where it is 0: of the other one, not even a value is needed."""

    nargs = 3

    @classmethod
    def eval(cls, condition, a, b):
        """A condition that is a number decides at once."""
        if a == b:
            return a
        return (a if condition > S.Half else b) if condition.is_Number else None

    @property
    def level(self):
        """Positive where a is chosen; where it jumps, a part of the condition is zero."""
        return self.args[0] - S.Half

    def beside(self, side):
        """a or b."""
        return self.args[1] if side > 0 else self.args[2]

    def _eval_derivative(self, variable):
        # By the chain rule, a derivative that does not exist would count where its part is not chosen.
        condition, a, b = self.args
        return chosen(condition, a.diff(variable), b.diff(variable))

    def _latex(self, printer, exp=None):
        condition, a, b = map(printer.doprint, self.args)
        rows = rf"{a} & {condition} = 1 \\ {b} & \text{{otherwise}}"
        text = rf"\begin{{cases}} {rows} \end{{cases}}"
        return rf"\left({text}\right)^{{{exp}}}" if exp else text

    def lowered(self, condition, a, b):
        """By a choice between both values."""
        return np.where(condition > 0.5, a, b)

    def _eval_evalf(self, prec):
        condition, a, b = self.args
        number = condition._evalf(prec)
        return (a if number > S.Half else b)._eval_evalf(prec) if number.is_Number else None


class Jumping(Real):
    """A function that jumps where its level goes through zero."""

    @property
    def level(self):
        """What is zero where the function jumps."""
        raise NotImplementedError


class _Stairs(Jumping):
    """A function of one number that is constant between its jumps, which lie one apart."""

    nargs = 1
    shift = S.Zero

    def fdiff(self, argindex=1):
        """The derivative."""
        return S.Zero

    @property
    def level(self):
        """The distance to the nearest jump."""
        moved = self.args[0] - self.shift
        return moved - rounded(moved)


class floored(_Stairs):  # noqa: N801
    r"""$\lfloor x \rfloor$."""

    operation = "floor"

    def _latex(self, printer, exp=None):
        text = rf"\left\lfloor {printer.doprint(self.args[0])} \right\rfloor"
        return f"{text}^{{{exp}}}" if exp else text

    @staticmethod
    def _of_numbers(x):
        return sympy.floor(x)


class rounded(_Stairs):  # noqa: N801
    """The nearest whole number, and of two the even one."""

    latex_name, operation = r"\operatorname{round}", "rint"
    shift = S.Half

    @staticmethod
    def _of_numbers(x):
        down = sympy.floor(x)
        half = x - down
        return down if half < S.Half or (half == S.Half and down % 2 == 0) else down + 1


class gap(Real):  # noqa: N801
    r"""0 where $u \ge 0$, and no number elsewhere: what sympy simplifies away from $\sqrt{u}^2 = u$."""

    nargs = 1
    latex_name = r"0 \cdot \sqrt"

    def fdiff(self, argindex=1):
        """The derivative."""
        return S.Zero

    def lowered(self, x):
        """By a square root, which is no number below zero."""
        return 0.0 * np.sqrt(x)

    @staticmethod
    def _of_numbers(x):
        return S.Zero if x >= 0 else S.NaN


def with_corners(formula: sympy.Expr) -> sympy.Expr:
    """The same formula with the functions of this module for sympy's |x|, sign, Max, Min and unit step."""
    own = {
        sympy.Abs: absolute,
        sympy.sign: sign_of,
        sympy.Max: lambda *numbers: reduce(maximum, numbers),
        sympy.Min: lambda *numbers: reduce(minimum, numbers),
        sympy.Heaviside: _unit_step,
    }
    for known, function in own.items():
        if formula.has(known):
            formula = formula.replace(known, function)
    return formula


def _unit_step(x, at_zero=S.Half):
    return {S.Half: exceeds(x, 0), S.Zero: positive(x), S.One: 1 - positive(-x)}.get(
        at_zero, sympy.Heaviside(x, at_zero)
    )
