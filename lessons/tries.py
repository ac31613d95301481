"""A lesson's "try this": what it sets, what to look at, and what it promises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lessons.claims import Claim, complaints


@dataclass(frozen=True, eq=False)
class Try:
    """One button of a lesson.

    title: its words. look_at: what will be seen, in one or two sentences. state: the values of the lesson's widgets
    that it sets, by name. good: False where it shows what goes wrong. evidence: computes, from the same settings, what
    the page shows. claims: what look_at promises, measured on the evidence.
    """

    title: str
    look_at: str
    state: Mapping[str, object]
    good: bool = True
    evidence: Callable[[], object] = lambda: None
    claims: tuple[Claim, ...] = ()

    def complaints(self) -> list[str]:
        """Every promise that is not kept, with the number that was measured."""
        return complaints(self.claims, self.evidence())
