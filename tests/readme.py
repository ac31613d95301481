"""The README's tables, made from the registries: `python -m tests.readme` writes them."""

import re

from optimizers import OPTIMIZERS, SCHEDULES, title_of
from surfaces import SURFACES
from tests.browser import ROOT

README = ROOT / "README.md"
MARK = "<!-- catalogue: checked by tests/test_readme.py -->"
PATTERN = re.compile(rf"{re.escape(MARK)}\n.*?(?=\n## Add a surface)", re.DOTALL)


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
    README.write_text(PATTERN.sub(lambda _: catalogue(), README.read_text()))
