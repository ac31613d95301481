"""The kinds of things that a verdict tells apart. Each member is its own name in words."""

from enum import StrEnum


class StationaryKind(StrEnum):
    """What a point without slope is.

    VALLEY: one of a line of minima that are equally low. FLAT: the loss is the same all around.
    """

    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    SADDLE = "saddle"
    VALLEY = "valley"
    FLAT = "flat"


class RateKind(StrEnum):
    """What became of a run, as coarse as a picture of many learning rates shows it."""

    CONVERGED = "converged"
    OSCILLATING = "oscillating"
    STILL_MOVING = "still moving"
    LEFT = "left"
    DIVERGED = "diverged"


class OutcomeKind(StrEnum):
    """What became of a run. VALLEY: it rests on a line of minima, or on flat ground, with nothing lower beside it."""

    GLOBAL_MINIMUM = "global minimum"
    LOCAL_MINIMUM = "local minimum"
    VALLEY = "valley"
    STILL_MOVING = "still moving"
    OSCILLATING = "oscillating"
    SADDLE = "saddle"
    MAXIMUM = "maximum"
    PLATEAU = "plateau"
    STOPPED = "stopped"
    LEFT = "left"
    DIVERGED = "diverged"

    @property
    def has_converged(self) -> bool:
        """True where the run rests at a minimum."""
        return self in (OutcomeKind.GLOBAL_MINIMUM, OutcomeKind.LOCAL_MINIMUM, OutcomeKind.VALLEY)

    @property
    def is_lost(self) -> bool:
        """True where the run does not end in the picture."""
        return self in (OutcomeKind.LEFT, OutcomeKind.DIVERGED)

    @property
    def is_unfinished(self) -> bool:
        """True where more updates would lead the run further."""
        return self in (OutcomeKind.STILL_MOVING, OutcomeKind.PLATEAU)

    @property
    def at_its_rate(self) -> RateKind:
        """The kind in a picture of many learning rates, where who is stuck counts as still moving."""
        if self.has_converged:
            return RateKind.CONVERGED
        return _AT_ITS_RATE.get(self, RateKind.STILL_MOVING)


_AT_ITS_RATE = {
    OutcomeKind.OSCILLATING: RateKind.OSCILLATING,
    OutcomeKind.LEFT: RateKind.LEFT,
    OutcomeKind.DIVERGED: RateKind.DIVERGED,
}
