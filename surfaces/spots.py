"""Where a formula has no value or no derivative, found in the picture and said in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import sympy

from surfaces.compiled import Compiled
from surfaces.surface import Surface, theta1, theta2

# Samples along each side of the view.
RESOLUTION = 81
# Differences beside a corner above this share of the usual slope are jumps.
JUMP = 1e-3
# A loss so many times the usual one, a hair's breadth beside a zero of a divisor, grows without bound there.
HUGE = 1e3


@dataclass(frozen=True)
class Condition:
    """Where a function has a real value: a test of its argument, the test in words, and an expression that is at
    least 0 there."""

    holds: Callable[[np.ndarray], np.ndarray]
    needs: str
    excess: Callable[[sympy.Expr], sympy.Expr]


POSITIVE = Condition(lambda u: u > 0, "greater than 0", lambda u: u)
NOT_NEGATIVE = Condition(lambda u: u >= 0, "at least 0", lambda u: u)
UP_TO_ONE = Condition(lambda u: np.abs(u) <= 1, "from −1 to 1", lambda u: 1 - u**2)
INSIDE_ONE = Condition(lambda u: np.abs(u) < 1, "between −1 and 1", lambda u: 1 - u**2)
FROM_ONE = Condition(lambda u: u >= 1, "at least 1", lambda u: u - 1)


@dataclass(frozen=True)
class Spot:
    """A part of a formula that may lack a value or a derivative somewhere: a function of an argument.

    latex: the argument as it was read, or for max and min the whole part.
    """

    name: str
    argument: sympy.Expr
    latex: str

    @cached_property
    def _compiled(self) -> Compiled:
        return Compiled((theta1, theta2), [self.argument])

    def values(self, theta: np.ndarray) -> np.ndarray:
        """The argument at points (2, *batch)."""
        return np.broadcast_to(self._compiled.on_batch(*theta)[0], theta.shape[1:])

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """What is to be said of a grid (2, n, n), with LaTeX between $; nothing where all is well."""
        raise NotImplementedError


@dataclass(frozen=True)
class Gap(Spot):
    """A function that is real only where a condition holds."""

    condition: Condition

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """Where the condition does not hold."""
        known = self.values(theta)
        known = known[np.isfinite(known)]
        missing = 1 - float(self.condition.holds(known).mean()) if known.size else 0.0
        if not missing:
            return ""
        names = {"power": "A power with this exponent", "sqrt": "A square root", "log": "A logarithm"}
        return (
            f"{names.get(self.name, self.name)} is real only where ${self.latex}$ is {self.condition.needs}: "
            f"{_share(missing)} of the picture is empty."
        )


@dataclass(frozen=True)
class Pole(Spot):
    """A function that grows without bound where a factor of it is zero."""

    zero: Callable[[np.ndarray], np.ndarray]

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """Where the factor is zero."""
        zero = self.zero(self.values(theta))
        zero = zero[np.isfinite(zero)]
        if not zero.size or zero.min() > 0 or zero.max() < 0:
            return ""
        if self.name == "division":
            if self._is_tame(surface, theta):
                return f"Where ${self.latex} = 0$, the formula divides by zero. Beside it, the loss is finite."
            return (
                f"Where ${self.latex} = 0$, the formula divides by zero and has no value. Beside it, the loss is huge."
            )
        return f"{self.name} grows without bound at some places, and jumps there from one sign to the other."

    def _is_tame(self, surface: Surface, theta: np.ndarray) -> bool:
        """True where the argument changes its sign and the loss stays of its usual size, as that of sin(x)/x."""
        low, high, _ = _crossings(self, theta)
        beside = surface.value(np.concatenate([low, high], axis=1))
        losses = np.abs(surface.value(theta))
        usual = float(np.median(losses[np.isfinite(losses)])) if np.isfinite(losses).any() else 0.0
        return bool(np.isfinite(beside).any()) and _largest(beside) <= HUGE * usual


@dataclass(frozen=True)
class Corner(Spot):
    """A function with a corner where its argument is zero."""

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """What jumps there, if the loss itself has the corner."""
        jump = _jump(surface, self, theta)
        where = f"two arguments of ${self.latex}$ are equal" if self.name in ("max", "min") else f"${self.latex} = 0$"
        return jump and f"Where {where}, {jump}."


def remarks(surface: Surface, spots: Sequence[Spot]) -> Iterator[str]:
    """Sentences on a surface's view, one for each part of the formula that needs one, with LaTeX between $."""
    axes = (np.linspace(low, high, RESOLUTION) for low, high in surface.view)
    theta = np.stack(np.meshgrid(*axes))
    said = set()
    with np.errstate(all="ignore"):
        for spot in spots:
            part = (type(spot), spot.name, spot.latex)
            remark = "" if part in said else spot.remark(surface, theta)
            if remark:
                said.add(part)
                yield remark


def _crossings(spot: Spot, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points (2, m) on either side of where the argument changes its sign between neighbours on a grid, as near to it
    as bisection gets, and the steps of the grid between which they lie."""
    before = np.concatenate([theta[:, :, :-1].reshape(2, -1), theta[:, :-1].reshape(2, -1)], axis=1)
    after = np.concatenate([theta[:, :, 1:].reshape(2, -1), theta[:, 1:].reshape(2, -1)], axis=1)
    signs = np.sign(spot.values(before)), np.sign(spot.values(after))
    crosses = np.isfinite(signs[0] * signs[1]) & (signs[0] != signs[1])
    low, high, sign = before[:, crosses], after[:, crosses], signs[0][crosses]
    for _ in range(26):
        middle = (low + high) / 2
        same = np.sign(spot.values(middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return low, high, (after - before)[:, crosses]


def _jump(surface: Surface, corner: Corner, theta: np.ndarray) -> str:
    """What jumps where the argument changes its sign between neighbours on a grid."""
    low, high, step = _crossings(corner, theta)
    if not low.size:
        return ""
    # A step away from the corner itself, where the derivatives are conventions.
    low, high = low - 1e-6 * step, high + 1e-6 * step
    usual = _usual_slope(surface, theta[:, ::8, ::8])
    if _largest(surface.gradient(high) - surface.gradient(low)) > JUMP * usual:
        return "there is a corner: the slope jumps, and there is no derivative"
    if _largest(surface.hessian(high) - surface.hessian(low)) > JUMP * usual:
        return "the curvature jumps: there is no second derivative"
    return ""


def _usual_slope(surface: Surface, theta: np.ndarray) -> float:
    slopes = np.abs(surface.gradient(theta))
    return float(slopes[np.isfinite(slopes)].mean()) if np.isfinite(slopes).any() else 0.0


def _largest(differences: np.ndarray) -> float:
    return float(np.abs(differences[np.isfinite(differences)]).max(initial=0.0))


def _share(share: float) -> str:
    return "less than 1 %" if share < 0.01 else "all" if share == 1 else f"about {share:.0%}".replace("%", " %")
