"""What a preset is: settings for one click, what to look at, and promises that are measured on the runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lessons.claims import Claim, Runs, complaints
from lessons.experiment import experiment
from lessons.settings import Settings
from optimizers.kinds import OutcomeKind
from surfaces.names import surface_of


@dataclass(frozen=True, eq=False)
class Preset:
    """One click on the playground.

    surface: its name. title: the words on the button. good: whether the settings suit the surface. look_at: one or two
    sentences. expects: {rule: kind of outcome}. claims: what title and look_at promise beside these kinds, measured on
    the runs of the settings. settings: what differs from the defaults and from the surface's own start.
    """

    surface: str
    title: str
    good: bool
    look_at: str
    expects: Mapping[str, OutcomeKind]
    claims: tuple[Claim[Runs], ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)

    def applied(self) -> Settings:
        """The whole state of the playground after the click."""
        start = tuple(map(float, surface_of(self.surface).start))
        return Settings(**{"surface": self.surface, "start": start, "optimizers": tuple(self.expects), **self.settings})

    def runs(self) -> Runs:
        """The runs that the words speak of."""
        done = experiment(self.applied())
        return Runs(done.surface, done.optimizers, done.trajectories)

    def complaints(self) -> list[str]:
        """Every promise that is not kept, with the number that was measured."""
        return complaints(self.claims, self.runs())
