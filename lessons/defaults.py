"""What the playground opens with on each surface."""

from lessons.rates import rate_on
from lessons.settings import Settings
from surfaces.names import surface_of


def defaults_for(surface: str) -> Settings:
    """The settings of a surface, by its name, before anything is changed: its own start, and a rate that suits it."""
    if surface == Settings.surface:  # what the page opens with is what comes back
        return Settings()
    start = tuple(map(float, surface_of(surface).start))
    return Settings(surface=surface, start=start, learning_rate=rate_on(surface))
