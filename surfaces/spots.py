"""Where a formula has no value or no derivative, found in the picture and said in words."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import sympy

from surfaces.compiled import Compiled
from surfaces.corners import chosen
from surfaces.functions import Partial
from surfaces.parameters import theta1, theta2
from surfaces.surface import Surface

# Samples along each side of the view.
RESOLUTION = 81
# Differences beside a corner above this share of the usual slope are jumps.
JUMP = 1e-3
# Halvings of the distance between samples. As many hollows, the lowest ones, are followed down. A size below
# these shares of the usual one is zero, and small enough for a zero where the sign changes.
# What grows without bound towards a point grows at least so many times while the distance falls to a hundredth.
GROWTH, HALF, SOME = 1.3, 0.5, 0.05
BISECTIONS, MOST_HOLLOWS, ZERO, SMALL = 45, 24, 1e-12, 1e-3


@dataclass(frozen=True)
class Condition:
    """Where a function has a real value: a test of its argument, the test in words, an expression that is at least 0
    there, and a number for which it holds."""

    holds: Callable[[np.ndarray], np.ndarray]
    needs: str
    excess: Callable[[sympy.Expr], sympy.Expr]
    example: int = 1


POSITIVE = Condition(lambda u: u > 0, "greater than 0", lambda u: u)
NOT_NEGATIVE = Condition(lambda u: u >= 0, "at least 0", lambda u: u)
UP_TO_ONE = Condition(lambda u: np.abs(u) <= 1, "from −1 to 1", lambda u: 1 - u**2, 0)
INSIDE_ONE = Condition(lambda u: np.abs(u) < 1, "between −1 and 1", lambda u: 1 - u**2, 0)
FROM_ONE = Condition(lambda u: u >= 1, "at least 1", lambda u: u - 1)
# Where a function jumps or has a corner, in words with its argument between $; else where the argument is zero.
WHERE = {
    **dict.fromkeys(("max", "min"), "two arguments of ${}$ are equal"),
    **dict.fromkeys(("floor", "ceil", "trunc", "mod"), "${}$ is a whole number"),
    **dict.fromkeys(("comparison", "atan2"), "${}$"),
    "round": "${}$ lies halfway between two whole numbers",
}


@dataclass(frozen=True)
class Spot:
    """A part of a formula that may lack a value or a derivative somewhere: a function of an argument.

    latex: the argument as it was read, or for max and min the whole part.
    """

    name: str
    argument: sympy.Expr
    latex: str

    def within(self, case: sympy.Expr) -> "Spot":
        """The same in a part of a formula that counts only where the case is 1."""
        return replace(self, argument=chosen(case, self.argument, self._harmless))

    @property
    def _harmless(self) -> sympy.Expr:
        """An argument with which all is well."""
        return sympy.S.One

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
    """A function that is real only where a condition holds.

    function: the whole part, as it was built.
    """

    condition: Condition
    function: sympy.Expr

    @property
    def _harmless(self) -> sympy.Expr:
        return sympy.Integer(self.condition.example)

    def is_in(self, expression: sympy.Expr) -> bool:
        """True where an expression still holds the function, and so has no value where that has none."""
        kinds = {type(part) for part in self.function.atoms(Partial) if part.args[0] == self.argument}
        return any(part.args[0] == self.argument for part in expression.atoms(*kinds)) if kinds else False

    def _has_value(self, theta: np.ndarray) -> np.ndarray:
        """True for points where the function has a value, as 0^y has for y > 0."""
        value = Compiled((theta1, theta2), [self.function]).on_batch(*theta)[0]
        return np.isfinite(np.broadcast_to(value, theta.shape[1:]))

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """Where the condition does not hold."""
        names = {"power": "A power with this exponent", "sqrt": "A square root", "log": "A logarithm"}
        rule = f"{names.get(self.name, self.name)} is real only where ${self.latex}$ is {self.condition.needs}"
        # Between the points of the grid, which may all lie on a line where the argument is zero.
        between = (theta[:, 1:, 1:] + theta[:, :-1, :-1]) / 2
        known = self.values(between)
        holds = self.condition.holds(known) | self._has_value(between)
        known = np.isfinite(known)
        missing = 1 - float(holds[known].mean()) if known.any() else 0.0
        if missing:
            return f"{rule}: {_share(missing)} of the picture is empty."
        if self.condition is POSITIVE and _touching(self.values, theta).size:
            return f"{rule}: it is 0 at a point or along a line of the picture."
        return ""


@dataclass(frozen=True)
class Uncovered(Gap):
    """A piecewise formula that says no value where none of its conditions holds."""

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """How much of the picture no condition covers."""
        missing = 1 - float(self.condition.holds(self.values((theta[:, 1:, 1:] + theta[:, :-1, :-1]) / 2)).mean())
        return missing and f"Where no condition holds, there is no value: {_share(missing)} of the picture is empty."


@dataclass(frozen=True)
class Pole(Spot):
    """A function that grows without bound where a factor of it is zero."""

    zero: Callable[[np.ndarray], np.ndarray]

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """Where the factor is zero."""

        def factor(theta: np.ndarray) -> np.ndarray:
            return self.zero(self.values(theta))

        places = np.hstack([_crossings(factor, theta), _touching(factor, theta)])
        if not places.size:
            return ""
        if _is_finite_at_zeros(surface, factor, places):
            jump = self.name == "division" and _jump_or_wall(surface, factor, places, theta)
            return f"Where ${self.latex} = 0$, the formula divides by zero: {jump}." if jump else ""
        is_huge = _grows(surface, places, _reach(theta))
        if self.name == "division":
            size = "huge" if is_huge else "finite"
            return (
                f"Where ${self.latex} = 0$, the formula divides by zero and has no value. "
                f"Beside it, the loss is {size}."
            )
        return f"{self.name} grows without bound at some places, and jumps there from one sign to the other."


@dataclass(frozen=True)
class Corner(Spot):
    """A function with a corner where its argument changes its sign."""

    def places(self, theta: np.ndarray) -> np.ndarray:
        """Points (2, m) where there may be a corner."""
        return _crossings(self.values, theta)

    def remark(self, surface: Surface, theta: np.ndarray) -> str:
        """What jumps there, if the loss itself has the corner, and a value on it."""
        places = self.places(theta)
        jump = _jump(surface, self.values, places, theta) if places.size else ""
        return jump and f"Where {WHERE.get(self.name, '${} = 0$').format(self.latex)}, {jump}."


@dataclass(frozen=True)
class Tip(Corner):
    """A root, or another power with a fraction, which has a corner or a tip where its argument touches zero."""

    def places(self, theta: np.ndarray) -> np.ndarray:
        """Points (2, m) where the argument is zero and positive all around."""
        places = _touching(self.values, theta)
        beside = self.values(_around(places, 1e-6 * _reach(theta)))
        return places[:, (beside > 0).mean(axis=1) > HALF]


@dataclass(frozen=True)
class Steep(Corner):
    """A cube root, whose slope is infinite where its argument is zero."""

    def places(self, theta: np.ndarray) -> np.ndarray:
        """Points (2, m) where the argument is zero."""
        return np.hstack([_crossings(self.values, theta), _touching(self.values, theta)])


def remarks(surface: Surface, spots: Sequence[Spot]) -> Iterator[str]:
    """Sentences on a surface's view, one for each part of the formula that needs one, with LaTeX between $."""
    axes = (np.linspace(low, high, RESOLUTION) for low, high in surface.view)
    theta = np.stack(np.meshgrid(*axes))
    said: list[tuple[Spot, str]] = []
    with np.errstate(all="ignore"):
        for spot in spots:
            remark = spot.remark(surface, theta)
            if remark and not any(_is_the_same(spot, remark, *other, theta) for other in said):
                said.append((spot, remark))
                yield remark
        losses = surface.value(theta)
        if np.isinf(losses).any() and not any(isinstance(spot, (Gap, Pole)) for spot, _ in said):
            share = _share(float(np.isinf(losses).mean()))
            yield f"The loss is too large for a computer in {share} of the picture, which is empty there."


def _what(remark: str) -> str:
    """The words of a remark behind its place."""
    return remark.rpartition("$")[2].partition(", ")[2]


def _is_the_same(spot: Spot, remark: str, other: Spot, known: str, theta: np.ndarray) -> bool:
    """True where the same was said of the same places."""
    if (type(spot), spot.name, spot.latex) == (type(other), other.name, other.latex):
        return True
    if not (isinstance(spot, Corner) and isinstance(other, Corner)) or _what(remark) != _what(known):
        return False
    sizes = np.abs(other.values(spot.places(theta)))
    return bool((sizes <= SMALL * _usual_size(other.values(theta))).all())


def _reach(theta: np.ndarray) -> np.ndarray:
    """The distances (2,) between neighbours on a grid (2, n, n)."""
    return theta[:, 1, 1] - theta[:, 0, 0]


def _crossings(values: Callable, theta: np.ndarray) -> np.ndarray:
    """Points (2, m) where a function goes through zero between neighbours on a grid (2, n, n)."""
    before = np.concatenate([theta[:, :, :-1].reshape(2, -1), theta[:, :-1].reshape(2, -1)], axis=1)
    after = np.concatenate([theta[:, :, 1:].reshape(2, -1), theta[:, 1:].reshape(2, -1)], axis=1)
    signs = np.sign(values(before)), np.sign(values(after))
    crosses = np.isfinite(signs[0] * signs[1]) & (signs[0] != signs[1])
    low, high, sign = before[:, crosses], after[:, crosses], signs[0][crosses]
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        same = np.sign(values(middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    points = (low + high) / 2
    # A pole changes its sign, too.
    return points[:, np.abs(values(points)) <= SMALL * _usual_size(values(theta))]


def _usual_size(numbers: np.ndarray) -> float:
    finite = np.abs(numbers[np.isfinite(numbers)])
    return float(np.median(finite)) if finite.size else 0.0


def _touching(values: Callable, theta: np.ndarray) -> np.ndarray:
    """Points (2, m) of a grid's picture where a function is zero, and positive or negative all around.

    The lowest points of its size on the grid are followed down on ever finer grids.
    """
    size = np.abs(values(theta))
    padded = np.pad(np.nan_to_num(size, nan=np.inf), 1, constant_values=np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    hollows = np.argwhere((padded[1:-1, 1:-1] <= windows.min(axis=(2, 3))) & np.isfinite(size))
    # Of a line of zeros, a few points from all over.
    hollows = np.random.default_rng(0).permutation(hollows)
    hollows = hollows[np.argsort(size[tuple(hollows.T)], kind="stable")[:MOST_HOLLOWS]]
    points, reach = theta[:, hollows[:, 0], hollows[:, 1]], _reach(theta)
    window = np.stack(np.meshgrid(*[np.linspace(-1, 1, 5)] * 2)).reshape(2, 1, -1)
    for _ in range(BISECTIONS):
        tried = points[:, :, None] + reach[:, None, None] * window
        best = np.nan_to_num(np.abs(values(tried)), nan=np.inf).argmin(axis=1)
        points, reach = np.take_along_axis(tried, best[None, :, None], axis=2)[:, :, 0], reach / 2
    points = _at_round_numbers(values, points)
    return points[:, np.abs(values(points)) <= ZERO * _usual_size(size)]


def _at_round_numbers(values: Callable, points: np.ndarray) -> np.ndarray:
    """The points, at round numbers where the function is zero there."""
    rounded = np.round(points, 9) + 0.0
    return np.where(values(rounded) == 0, rounded, points)


def _is_finite_at_zeros(surface: Surface, values: Callable, places: np.ndarray) -> bool:
    """True where the loss has a value at every one of the places where a function is exactly zero, if there are any."""
    places = _at_round_numbers(values, places)
    losses = surface.value(places[:, values(places) == 0])
    return bool(losses.size) and bool(np.isfinite(losses).all())


def _around(places: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Points (2, m, 8) around places (2, m); those opposite one another are four apart."""
    angles = np.arange(8) * np.pi / 4 + 0.1
    return places[:, :, None] + distance[:, None, None] * np.stack([np.cos(angles), np.sin(angles)])[:, None]


def _grows(surface: Surface, places: np.ndarray, reach: np.ndarray) -> bool:
    """True where the loss grows without bound towards some of the places."""
    near, nearer = (np.abs(surface.value(_around(places, reach * share))) for share in (1e-3, 1e-6))
    return bool(((nearer > 2 * near) & (nearer > 1)).any())


def _jump(surface: Surface, values: Callable, places: np.ndarray, theta: np.ndarray) -> str:
    """What jumps at places (2, m) where a function is zero, of a grid (2, n, n)."""
    exact = _at_round_numbers(values, places)
    is_zero = values(exact) == 0
    if is_zero.any() and not np.isfinite(surface.value(exact[:, is_zero])).any():
        return ""
    # A step away from the corner itself, where the derivatives are conventions.
    usual = _usual_slope(surface, theta[:, ::8, ::8])
    rings = [_around(exact, share * _reach(theta)) for share in (1e-4, 1e-6, 1e-8)]
    losses = [surface.value(ring) for ring in rings[1:]]
    largest = max(usual * float(np.hypot(*_reach(theta))), 1e-6 * _usual_size(losses[0]))
    if _jumps(losses, JUMP * largest):
        return "the loss jumps, and there is no derivative"
    for derivative, grows, jumps in (
        (
            surface.gradient,
            "the slope is infinite, and there is no derivative",
            "there is a corner: the slope jumps, and there is no derivative",
        ),
        (
            surface.hessian,
            "the curvature is infinite: there is no second derivative",
            "the curvature jumps: there is no second derivative",
        ),
    ):
        sides = [derivative(ring) for ring in rings]
        far, middle, close = map(_largest_at, sides)
        growing = (middle > GROWTH * far) & (close > GROWTH * middle) & (close > JUMP * usual)
        # At a few of the places, it may be another part that grows.
        if growing.mean() > HALF:
            return grows
        if _jumps(sides[1:], JUMP * usual):
            return jumps
    return ""


def _jump_or_wall(surface: Surface, values: Callable, places: np.ndarray, theta: np.ndarray) -> str:
    """What jumps where a part is infinite but the loss is not, as arctan(1/x) does, and e^(-1/x), huge on one side."""
    if np.isinf(surface.value(_around(places, 1e-6 * _reach(theta)))).any():
        return "beside it the loss is huge on one side"
    return _jump(surface, values, places, theta)


def _usual_slope(surface: Surface, theta: np.ndarray) -> float:
    slopes = np.abs(surface.gradient(theta))
    return float(slopes[np.isfinite(slopes)].mean()) if np.isfinite(slopes).any() else 0.0


def _jumps(sides: Sequence[np.ndarray], least: float) -> bool:
    """True where numbers (..., m, 8) around places differ between opposite sides, near and nearer, and not at a few of
    the places only, where it may be another part that jumps."""
    near, nearer = (_largest_at(numbers[..., 4:] - numbers[..., :4]) for numbers in sides)
    return bool(((near > least) & (nearer > HALF * near)).mean() > SOME)


def _largest_at(derivatives: np.ndarray) -> np.ndarray:
    """The largest size at each of m places, (m,), of derivatives (..., m, 8) around them."""
    sizes = np.where(np.isfinite(derivatives), np.abs(derivatives), 0.0)
    return sizes.max(axis=(*range(derivatives.ndim - 2), -1))


def _share(share: float) -> str:
    return "less than 1 %" if share < 0.01 else "all" if share == 1 else f"about {share:.0%}".replace("%", " %")
