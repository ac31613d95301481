"""The playground as one file to take home: `python -m browser.page LINK FILE`.

It holds one surface with all rules and schedules, and works without a server and without a network.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from browser.contents import common, noise_of, surface_contents
from browser.document import document
from browser.sharing import shared
from browser.wire import packed
from lessons.presets import presets_for
from lessons.settings import Settings, decoded, encoded
from lessons.summary import made_with, title_of_settings
from surfaces.names import AT, TYPED, is_known, is_typed, title_of_surface
from surfaces.syntax import plus_for_spaces

USAGE = (
    "Say a link of the playground, or what stands behind its question mark, and the file to write: "
    'python -m browser.page "surface=rosenbrock&optimizers=Adam,Momentum&learning_rate=0.01" lesson.html'
)
NOTHING_USABLE = "Nothing in this link can be used. " + USAGE
# What a link says of the window around the pictures.
_HOW_SHOWN = ("embed", "embed_options", "origin")
_WRONG = 2
# What is kept and sent on may take longer than what is drawn at once.
_TIGHTLY = 6


def page_html(settings: Settings, home: str = "") -> str:
    """The playground with these settings as one file.

    home: the address of the playground, to which the page links back; it has to begin with http:// or https://.
    Raises KeyError where there is no such surface.
    """
    seeds = sorted({settings.seed, *seeds_of_presets(settings.surface)})
    parts = {f"surfaces/{settings.surface}": packed_surface(settings.surface)}
    parts |= {f"noise/{seed}": packed_noise(seed) for seed in seeds}
    return document(title_of_settings(settings), contents_of(settings, parts, seeds, home=home))


def contents_of(
    settings: Settings, parts: Mapping[str, str], seeds: Iterable[int], *, home: str = "", chooses: bool = False
) -> dict:
    """What the script of a page reads.

    parts: packed texts; seeds: whose noise there is; home: as in `page_html`; chooses: among all surfaces.
    """
    surfaces = common()["surfaces"] if chooses else {settings.surface: title_of_surface(settings.surface)}
    return {
        "common": packed({**common(), "surfaces": surfaces}),
        "parts": dict(parts),
        "seeds": list(seeds),
        "choosesSurface": chooses,
        "settings": encoded(settings),
        "home": _home(home),
        "made": made_with(settings),
    }


def seeds_of_presets(surface: str) -> set[int]:
    """The seeds of a surface's presets with noise."""
    return {applied.seed for applied in (preset.applied() for preset in presets_for(surface)) if applied.noise}


# Made for every student who asks, and a surface takes about a second.
@lru_cache(maxsize=40)
def packed_surface(name: str) -> str:
    """All that belongs to a surface, packed."""
    return packed(shared(surface_contents(name)), _TIGHTLY)


@lru_cache(maxsize=40)
def packed_noise(seed: int) -> str:
    """The noise of a seed, packed."""
    return packed(shared(noise_of(seed)), _TIGHTLY)


def _home(address: str) -> str:
    """An address without query, or nothing where it is not one of the web."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    # Without a name and a password, which are nobody else's business.
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if parts.scheme in ("http", "https") else ""


def settings_of(link: str) -> tuple[Settings | None, str, list[str]]:
    """The settings of a link or of its query, the address before it, and what there is to say of them.

    No settings where nothing can be used.
    """
    # The app has its settings behind a question mark, a page without a server has them behind the #.
    place = re.search("[?#]", link)
    address = link[: place.start()] if place else link if "://" in link else ""
    texts = re.split("[?#]", link.removeprefix(address))
    parts = {name: value for text in texts for name, value in parse_qsl(text, keep_blank_values=True)}
    parts = {name: value for name, value in parts.items() if name not in _HOW_SHOWN}
    if "surface" in parts:
        parts["surface"] = _named(parts["surface"])
    settings, ignored = decoded(parts)
    # An address alone is that of the playground as it opens.
    is_usable = any(_says_something(name, value) for name, value in parts.items()) or (not parts and "://" in address)
    notes = [*(f"Ignored: {reason}." for reason in ignored), *_about_plus(parts.get("surface", ""))]
    return settings if is_usable else None, _home(address), notes


def _named(surface: str) -> str:
    """The name of a surface that was typed in a shell: a formula behind "=", whose plus signs have become spaces."""
    if not surface.startswith("=") or is_known(surface):
        return surface
    formula, at, sides = surface.removeprefix("=").strip().partition(AT)
    candidates = [formula, plus_for_spaces(formula) or formula]
    return next((name for text in candidates if is_known(name := TYPED + text + at + sides)), surface)


def _about_plus(name: str) -> list[str]:
    """What a formula that was typed into a link may have lost."""
    formula = name.removeprefix(TYPED).partition(AT)[0]
    if not is_typed(name) or plus_for_spaces(formula) is None:
        return []
    return [f"In a link + is a space, and %2B is a plus. The formula in this one is: {formula}"]


def _says_something(name: str, value: str) -> bool:
    settings, ignored = decoded({name: value})
    return not ignored or settings != decoded({})[0]


def main(arguments: list[str]) -> int:
    """The command line; the code with which it exits."""
    if len(arguments) != 2:
        print(USAGE, file=sys.stderr)
        return _WRONG
    link, file = arguments
    settings, home, notes = settings_of(link)
    for note in notes:
        print(note, file=sys.stderr)
    if settings is None:
        print(NOTHING_USABLE, file=sys.stderr)
        return _WRONG
    html = page_html(settings, home).encode()
    try:
        Path(file).write_bytes(html)
    except OSError as error:
        print(f"{file} cannot be written: {error.strerror}.", file=sys.stderr)
        return _WRONG
    print(made_with(settings))
    print(f"{file}: {len(html) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
