"""What the README takes from the registries, its counts and tables: `make readme` writes it."""

import re

from optimizers import OPTIMIZERS, SCHEDULES, title_of
from surfaces import SURFACES
from tests.browser import ROOT

README = ROOT / "README.md"
MARK = "<!-- catalogue: `make readme` writes it -->"
_CATALOGUE = re.compile(rf"{re.escape(MARK)}\n.*?(?=\n## Take it home)", re.DOTALL)
_COUNTS = re.compile(r"\d+ optimizers, \d+ schedules and \d+ surfaces")


def written(text: str) -> str:
    """The README's text, with its counts and tables as they should be.

    Raises ValueError where the text has no single place for one of them.
    """
    for pattern, due in ((_COUNTS, counts()), (_CATALOGUE, catalogue())):
        text, places = pattern.subn(lambda _, due=due: due, text)
        if places != 1:
            raise ValueError(f"The README must have one place for {due[:40]!r}, and it has {places}.")
    return text


def counts() -> str:
    """How many rules, schedules and surfaces there are."""
    return f"{len(OPTIMIZERS)} optimizers, {len(SCHEDULES)} schedules and {len(SURFACES)} surfaces"


def catalogue() -> str:
    """The section between the mark and the next heading, as it should be."""
    surfaces = [f"| {surface.title} | `{name}` | {surface.lesson} |" for name, surface in SURFACES.items()]
    rules = [f"| {title_of(name)} | `{name}` | {rule.intuition} |" for name, rule in OPTIMIZERS.items()]
    schedules = ", ".join(f"`{name}`" for name in SCHEDULES)
    return "\n".join(
        [
            MARK,
            "",
            "| Surface | Name in code | What it teaches |",
            "|:--|:--|:--|",
            *surfaces,
            "",
            "| Optimizer | Name in code | In one sentence |",
            "|:--|:--|:--|",
            *rules,
            "",
            f"Schedules: {schedules}.",
            "",
        ]
    )


if __name__ == "__main__":
    README.write_text(written(README.read_text()))
