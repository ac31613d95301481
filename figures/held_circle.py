"""A red circle under the hand: programs from its centre and its radius to all that is drawn of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from figures.following import UPDATE
from figures.meta import Rows, also, following, of_run, waiting
from figures.scale import LossScale
from programs.frame import Frame, inside
from programs.program import Program
from programs.tracing import Quantity, program_of
from surfaces import Surface
from surfaces.steps import linear_step, newton_step, quadratic_step
from surfaces.taylor import model_change
from surfaces.traced import NoProgramError, TracedLoss

# A lowest point on the rim is known to the circle's size, halved so often: to far less than a pixel.
ROUNDS = 26


# Where a circle is


@dataclass(frozen=True)
class CircleSource:
    """Where a circle has its centre and its radius from while a hand moves.

    names: inputs, or columns of a row of a run: its centre, and its radius or the point on its rim. run: to which the
    row belongs, "" where there is none.
    """

    names: tuple[str, ...]
    run: str = ""

    def circle(self, numbers: Sequence[Quantity]) -> tuple[Quantity, Quantity]:
        """The centre (2,) and the radius, from the numbers of these names."""
        center = np.stack(numbers[:2])
        return center, np.hypot(*(np.stack(numbers[2:]) - center)) if self.run else numbers[2]


# The inputs of a lesson: its point and its slider.
HELD = CircleSource(("theta1", "theta2", "radius"))


def of_update(run: str) -> CircleSource:
    """The circle of the update of a run that the input UPDATE names: its radius is the length of the step."""
    return CircleSource(("theta1", "theta2", "next_theta1", "next_theta2"), run)


# What is drawn of it: points of a disc under construction


@dataclass(frozen=True, eq=False)
class Disc:
    """A circle under construction, and the loss in it: center (2,), radius, and the order of the model."""

    center: Quantity
    radius: Quantity
    loss: TracedLoss
    order: int

    def at(self, share, angle) -> Quantity:
        """The point (2,) at a share of the radius and an angle."""
        reach = self.radius * share
        return self.center + np.stack([reach * np.cos(angle), reach * np.sin(angle)])

    def middle(self) -> Quantity:
        """The centre."""
        return self.center

    def model(self, point: Quantity) -> Quantity:
        """The model at a point."""
        change = model_change(self.loss, self.center, point - self.center, self.order)
        return self.loss.value(self.center) + change

    def lowest(self) -> Quantity:
        """The lowest point of the model."""
        return self.gradient_step() if self.order == 1 else self.center + self._step_to_lowest

    def gradient_step(self) -> Quantity:
        """The lowest point of the plane."""
        return self.center + linear_step(self._gradient, self.radius)[0]

    def full_step(self) -> Quantity:
        """Where Newton's step leads."""
        return self.center + newton_step(self._gradient, self.loss.hessian(self.center))

    @cached_property
    def _gradient(self) -> Quantity:
        return self.loss.gradient(self.center)

    @cached_property
    def _step_to_lowest(self) -> Quantity:
        return quadratic_step(self._gradient, self.loss.hessian(self.center), self.radius, ROUNDS)[0]


Shape = Callable[..., Quantity]
View = Callable[[Disc, Quantity], Mapping[str, Quantity]]


# How a point is drawn


def flat(disc: Disc, point: Quantity) -> dict:
    """On a map."""
    return {"x": point[0], "y": point[1]}


def with_model(disc: Disc, point: Quantity) -> dict:
    """On a map, with the model as z."""
    return {**flat(disc, point), "z": disc.model(point)}


@dataclass(frozen=True)
class InSpace:
    """So much above the height of the loss, or of the model, on a scale; as far as it lies in the frame."""

    scale: LossScale
    lift: float
    frame: Frame
    is_model: bool = False

    def __call__(self, disc: Disc, point: Quantity) -> dict:
        """The point on the picture's axes."""
        value = disc.model(point) if self.is_model else disc.loss.value(point)
        height = self.scale.height(value) + self.lift
        seen = np.where(inside(point, self.frame), point, np.nan)
        return {**flat(disc, seen), "z": height}


def held(
    trace: dict,
    shape: Shape | None,
    view: View = flat,
    *,
    source: CircleSource | None,
    surface: Surface,
    order: int = 1,
    levels: tuple[int, int] | None = None,
    look: Mapping[str, Any] | None = None,
    **table: Sequence[float],
) -> dict:
    """A trace of a circle that follows a hand; it waits for the server without a shape, without a source, and where it
    needs a loss that has no program.

    shape: from a Disc and the columns of the table to a point. view: from there to x, y and z. levels, look: see
    `following`.
    """
    if source is None or shape is None:
        return also(trace, waiting())
    try:
        program = _program(source, surface, order, shape, view, tuple(table))
    except NoProgramError:
        return also(trace, waiting())
    if source.run:
        trace = also(trace, of_run(source.run))
    rows = Rows.TABLE if table else Rows.ROW if source.run else Rows.ONCE
    update = UPDATE if source.run else ""
    lift = view.lift if isinstance(view, InSpace) and not view.is_model else None
    return following(trace, rows, program, table=table or None, update=update, levels=levels, look=look, lift=lift)


# A quadratic's lowest point takes five hundred operations.
@lru_cache(maxsize=256)
def _program(
    source: CircleSource, surface: Surface, order: int, shape: Shape, view: View, columns: tuple[str, ...]
) -> Program:
    def drawn(*numbers: Quantity) -> Mapping[str, Quantity]:
        count = len(source.names)
        disc = Disc(*source.circle(numbers[:count]), TracedLoss(surface), order)
        return view(disc, shape(disc, *numbers[count:]))

    program = program_of(drawn, *source.names, *columns)
    return program.only(*program.outputs)
