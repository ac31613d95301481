"""What a loss is: one formula, exactly differentiated."""

from collections.abc import Mapping, Sequence
from dataclasses import FrozenInstanceError
from functools import cached_property
from types import MappingProxyType

import numpy as np
import sympy

from programs.frame import Frame, diagonal_length
from programs.program import Program
from surfaces.critical_points import CriticalPoint, critical_points
from surfaces.evaluation import Evaluator, MendedEvaluator
from surfaces.formula import Formula, declared
from surfaces.parameters import theta1, theta2
from surfaces.taylor import taylor

HIGHEST_ORDER = 8
NONE = MappingProxyType({})


class Surface:
    r"""A loss $L(\theta_1, \theta_2)$ written once as a sympy formula.

    Value, gradient and Hessian are compiled from exact derivatives of the formula, at first use. A surface does not
    change: what is once set is kept.

    title: the name on screen.
    formula: a real sympy expression in theta1 and theta2.
    domain: ((low, high) of theta1, (low, high) of theta2), as published.
    start: where descent begins if nobody says otherwise, shape (2,).
    minima: every global minimiser inside the domain, each of shape (2,); empty where the loss has no minimum.
    lesson: one line that says what the surface teaches.
    source: where the formula and its domain were published.
    view: the part of the domain that pictures show; the whole domain where it is not given.
    subgradients: {point: gradient} at points where the formula has a minimum but no derivative. The Hessian is
        reported as zero there.

    sympy's |x|, sign, Max, Min and unit step become the functions of `corners`. At a kink the second derivatives are
    those beside it. Where a derivative of the formula is no number although the loss has a value, it is the limit from
    both sides, or a subgradient; see `onesided`.

    Raises ValueError where the formula holds other symbols than theta1 and theta2, or a function that cannot be
    evaluated or not be differentiated twice; where the domain or the view is no pair of finite intervals; and where a
    point or a subgradient is not two finite numbers.
    """

    def __init__(
        self,
        title: str,
        formula: sympy.Expr,
        domain: Frame,
        start: Sequence[float],
        minima: Sequence[Sequence[float]] = (),
        lesson: str = "",
        source: str = "",
        view: Frame | None = None,
        subgradients: Mapping[tuple[float, float], tuple[float, float]] = NONE,
    ):
        self.formula = declared(title, formula)
        strangers = self.formula.free_symbols - {theta1, theta2}
        if strangers:
            names = ", ".join(sorted(map(str, strangers)))
            raise ValueError(f"The formula of {title!r} may hold only theta1 and theta2, but it holds {names}.")
        self._declare(title, domain, start, minima, lesson, source, view, subgradients)

    def _declare(self, title, domain, start, minima, lesson, source, view, subgradients) -> None:
        """What is said of a loss beside its formula."""
        self.title, self.lesson, self.source = title, lesson, source
        self.domain = frame_of("domain", domain)
        self.start = _point(start)
        self.minima = tuple(map(_point, minima))
        self.view = self.domain if view is None else frame_of("view", view)
        self.subgradients = {tuple(_point(point)): tuple(_point(slope)) for point, slope in subgradients.items()}

    def __setattr__(self, name: str, value) -> None:
        if name in vars(self) or hasattr(type(self), name):
            raise FrozenInstanceError(f"A surface does not change, and neither does its {name}.")
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.title!r})"

    @cached_property
    def best_loss(self) -> float | None:
        """L*, the loss at the global minima; None where none is known."""
        return min((float(self.value(minimum)) for minimum in self.minima), default=None)

    @cached_property
    def latex(self) -> str:
        """The formula as LaTeX, without the left-hand side."""
        return sympy.latex(self.formula)

    @cached_property
    def compiled(self) -> Formula:
        """The formula with its derivatives."""
        return Formula(self.formula)

    @cached_property
    def evaluator(self) -> Evaluator:
        """What gives the numbers of the loss."""
        if not self.subgradients and not self.compiled.has_tips:
            return Evaluator(self.compiled)
        return MendedEvaluator(self.compiled, self.subgradients, diagonal_length(self.view))

    @property
    def program(self) -> Program | None:
        """Value and gradient as a program, with the same numbers to the last bit; None where there is no such program.

        Its inputs are theta1 and theta2, its outputs "value", "gradient1" and "gradient2".
        """
        return self.evaluator.program

    @property
    def hessian_program(self) -> Program | None:
        """The same with the Hessian: "hessian11", "hessian12" and "hessian22" are outputs, too."""
        return self.evaluator.hessian_program

    @property
    def mends(self) -> bool:
        """True where a derivative that is not finite in a program may be a one-sided limit here."""
        return self.evaluator.mends

    @property
    def gradient_formula(self) -> tuple[sympy.Expr, sympy.Expr]:
        r"""The exact partial derivatives $(\partial L/\partial\theta_1, \partial L/\partial\theta_2)$."""
        return self.compiled.slopes

    @property
    def hessian_formula(self) -> tuple[tuple[sympy.Expr, sympy.Expr], tuple[sympy.Expr, sympy.Expr]]:
        r"""The exact second derivatives $\partial^2 L/\partial\theta_i\partial\theta_j$, row by row."""
        return self.compiled.curvatures

    def value(self, theta) -> np.ndarray:
        """The loss at points of shape (2, *batch): shape (*batch,), inf or nan where the formula has no finite
        value."""
        return self.evaluator.value(theta)

    def gradient(self, theta) -> np.ndarray:
        """The exact gradient at points of shape (2, *batch): shape (2, *batch)."""
        return self.evaluator.gradient(theta)

    def value_and_gradient(self, theta) -> tuple[np.ndarray, np.ndarray]:
        """Both together, the same to the last bit, in less time than one after the other."""
        return self.evaluator.value_and_gradient(theta)

    def hessian(self, theta) -> np.ndarray:
        """The exact Hessian at points of shape (2, *batch): shape (2, 2, *batch), symmetric."""
        return self.evaluator.hessian(theta)

    def rounding(self, theta) -> np.ndarray:
        """How far the loss at points of shape (2, *batch) may be off by rounding: shape (*batch,)."""
        return self.evaluator.rounding(theta)

    def critical_points(self, frame: Frame | None = None, most: float = np.inf) -> tuple[CriticalPoint, ...]:
        """Every isolated point of the domain, or of a frame, where the gradient is zero; see `critical_points`."""
        return critical_points(self, frame, most=most)

    def taylor(self, center, order: int) -> sympy.Expr:
        r"""The Taylor polynomial of the loss around a centre, exact, in theta1 and theta2.

        center: two finite real numbers; floats count as the binary fractions that they are. order: a whole number from
        0 to 8. The polynomial is written in powers of (theta1 - a) and (theta2 - b).

        Raises ValueError where the centre or the order is something else, or where the loss has no value or not enough
        derivatives at the centre.
        """
        if isinstance(order, bool) or not isinstance(order, (int, np.integer)) or not 0 <= order <= HIGHEST_ORDER:
            raise ValueError(f"The order must be a whole number from 0 to {HIGHEST_ORDER}, but it is {order!r}.")
        try:
            a, b = center
        except (TypeError, ValueError):
            raise ValueError(f"The centre is two finite numbers (theta1, theta2), not {center!r}.") from None
        return taylor(self.formula, {theta1: a, theta2: b}, order)


def frame_of(name: str, values) -> Frame:
    """A domain or a view, as it is called, as a Frame; ValueError where it is none."""
    try:
        box = np.array(values, dtype=float)
    except (TypeError, ValueError):
        box = np.array(np.nan)
    if box.shape != (2, 2) or not np.isfinite(box).all() or not (box[:, 0] < box[:, 1]).all():
        raise ValueError(
            f"The {name} is ((low, high) of theta1, (low, high) of theta2), finite and low below high, not {values!r}."
        )
    return tuple(map(tuple, values))


def _point(values) -> np.ndarray:
    point = np.array(values, dtype=float)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise ValueError(f"A point is two finite numbers (theta1, theta2), not {values!r}.")
    point.flags.writeable = False
    return point
