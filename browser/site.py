"""The playground as a static site: `python -m browser.site FOLDER`.

It has no server and asks for nothing but its own files, by relative addresses: it works in any folder of any host, and
opened from a disk. The same source makes the same bytes.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from browser.bundle import bundle
from browser.catalogue import catalogue_html
from browser.document import ENTRY, LIBRARY_FILE, SCRIPT_FILE, document, library, plain_document
from browser.page import contents_of, packed_noise, packed_surface, seeds_of_presets
from lessons.settings import Settings
from lessons.titles import TITLES
from surfaces import SURFACES

SEEDS = range(10)
INDEX, CATALOGUE = "index.html", "catalogue.html"
USAGE = "Say the folder to write: python -m browser.site site/"
_TITLE = "Gradient descent, live"
_WRONG = 2


def write_site(folder: Path, tell: Callable[[str], None] = print) -> None:
    """Writes the site into a folder, which is made where there is none. tell: hears a line for every part."""
    seeds = sorted({*SEEDS, *(seed for name in SURFACES for seed in seeds_of_presets(name))})
    folder.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(SURFACES, start=1):
        size = _write_part(folder, f"surfaces/{name}", packed_surface(name))
        tell(f"{place:2} of {len(SURFACES)}: {name} ({size / 1000:.0f} kB)")
    for seed in seeds:
        _write_part(folder, f"noise/{seed}", packed_noise(seed))
    tell(f"The noise of the seeds {', '.join(map(str, seeds))}")
    _write(folder / LIBRARY_FILE, library())
    _write(folder / SCRIPT_FILE, bundle(ENTRY))
    contents = contents_of(Settings(), {}, seeds, chooses=True)
    _write(folder / INDEX, document(_TITLE, contents, alone=False, links=[(TITLES["catalogue"], CATALOGUE)]))
    title = f"{TITLES['catalogue']} · {_TITLE}"
    _write(folder / CATALOGUE, plain_document(title, catalogue_html(), links=[("The playground", INDEX)]))
    tell(f"{folder / INDEX}: open it in a browser, or put the folder on any web server")


def _write_part(folder: Path, name: str, packed: str) -> int:
    """A script that puts a packed text where page/parts.js looks for it; its size."""
    text = f"(globalThis.parts ??= {{}})[{json.dumps(name)}] = {json.dumps(packed)};\n"
    return _write(folder / f"{quote(name)}.js", text)


def _write(file: Path, text: str) -> int:
    file.parent.mkdir(exist_ok=True)
    return file.write_bytes(text.encode())


def main(arguments: list[str]) -> int:
    """The command line; the code with which it exits."""
    if len(arguments) != 1:
        print(USAGE, file=sys.stderr)
        return _WRONG
    try:
        write_site(Path(arguments[0]), tell=lambda line: print(line, flush=True))
    except OSError as error:
        print(f"{error.filename or arguments[0]} cannot be written: {error.strerror}.", file=sys.stderr)
        return _WRONG
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
