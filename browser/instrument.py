"""An instrument alone: pictures that follow a hand, as one HTML file that works without a server."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import plotly.graph_objects as go

from browser.document import document
from browser.hand import Live, data
from browser.pictures import split
from browser.verdicts import Verdict
from browser.wire import packed
from figures.recoloring import recolored, with_other_colors
from figures.theme import THEMES, Theme

ENTRY = "page/instrument.js"


def instrument_html(
    title: str,
    figures: Mapping[str, go.Figure],
    theme: Theme,
    live: Live,
    *,
    steps: int,
    now: int,
    made: str,
    descriptions: Mapping[str, str],
    verdicts: Sequence[Verdict] = (),
    pick: Sequence[str] = (),
    unit: str = "update",
    home: str = "",
) -> str:
    """Pictures with all that follows the hand, in both themes, as a page.

    figures: by name, in order, as a canvas gets them; drawn in `theme`. steps, unit: what the time bar counts. now: the
    update that is shown. made: the line that says with which formula and rules the pictures were made. descriptions:
    what each picture shows, without the picture. verdicts: what became of the runs. pick: the pictures in which a point
    can be picked. home: where the app has the same, if it is known.
    """
    ground, moving = split(figures)
    pictures = {
        "themes": {other.name: _in_theme(moving, ground, verdicts, theme, other) for other in THEMES.values()},
        "live": data(live),
        "steps": steps,
        "unit": unit,
        "now": now,
        "heights": {name: figure._layout["height"] for name, figure in figures.items()},
        "descriptions": dict(descriptions),
        "pick": list(pick),
    }
    contents = {"pictures": packed(pictures), "made": made, "home": home}
    return document(title, contents, entry=ENTRY)


def _in_theme(
    figures: Mapping[str, dict], ground: list[dict], verdicts: Sequence[Verdict], drawn: Theme, shown: Theme
) -> dict[str, Any]:
    told = [asdict(verdict) for verdict in verdicts]
    if drawn is shown:
        return {"figures": figures, "ground": ground, "verdicts": told}
    return {
        "figures": {name: recolored(figure, drawn, shown) for name, figure in figures.items()},
        "ground": recolored({"data": ground, "layout": {}}, drawn, shown)["data"],
        "verdicts": with_other_colors(told, drawn, shown),
    }
