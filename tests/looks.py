"""Saves what every view of the app looks like in every window, for looking at: `make looks`.

For each view and window, two pictures: the first screen, and the whole page. For each window, one sheet of all its
first screens.
"""

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.browser import PATIENCE, ROOT, chromium, serve
from tests.views import SIZES, View, open_at, resize, views

FOLDER = ROOT / "looks"
# Pixels of a sheet: its width, and the height of the names in it.
SHEET, LINE = 2400, 16
# The whole page lies below itself instead of scrolling in its frame.
UNROLLED = """
html, body, #root, .stApp, [data-testid=stAppViewContainer], [data-testid=stMain]
{ position: static !important; height: auto !important; overflow: visible !important; }
"""


def save(page: Page, stem: Path) -> Path:
    """Saves the first screen and the whole page; returns the file of the first screen."""
    first = stem.with_name(f"{stem.name}.png")
    page.screenshot(path=first)
    unrolled = page.add_style_tag(content=UNROLLED)
    page.screenshot(path=stem.with_name(f"{stem.name}_whole.png"), full_page=True)
    unrolled.evaluate("style => style.remove()")
    return first


def sheet(files: Sequence[Path], file: Path) -> None:
    """Puts pictures of one size and their names side by side."""
    with Image.open(files[0]) as one:
        width, height = one.size
    columns = min(len(files), max(2, round(math.sqrt(len(files) * height / width * 1.6))))
    scale = min(1, SHEET / columns / width)
    cell = int(width * scale), int(height * scale) + LINE
    whole = Image.new("RGB", (cell[0] * columns, cell[1] * math.ceil(len(files) / columns)), "white")
    for place, name in enumerate(files):
        corner = place % columns * cell[0], place // columns * cell[1]
        ImageDraw.Draw(whole).text(corner, name.stem, "black")
        with Image.open(name) as picture:
            whole.paste(picture.resize((cell[0] - 4, cell[1] - LINE - 2)), (corner[0], corner[1] + LINE))
    whole.save(file)


def look(folder: Path, chosen: Sequence[View], sizes: Sequence[tuple[int, int]], theme: str) -> None:
    """Opens each view once, and saves it in every window."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[tuple[int, int], list[Path]] = {size: [] for size in sizes}
    with serve() as address, chromium() as browser:
        context = browser.new_context(color_scheme=theme)
        context.set_default_timeout(PATIENCE)
        for view in chosen:
            page = open_at(context, address + view.link)
            for width, height in sizes:
                resize(page, width, height)
                files[width, height].append(save(page, folder / f"{view.name}_{width}x{height}_{theme}"))
            page.close()
            print(view.name)
    for (width, height), taken in files.items():
        sheet(taken, folder / f"sheet_{width}x{height}_{theme}.png")


def size_of(text: str) -> tuple[int, int]:
    """A window written as 390x844; raises ValueError for anything else."""
    width, height = map(int, text.split("x"))
    return width, height


def main() -> None:
    """Reads the command's words."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the pictures go")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    parser.add_argument("--size", type=size_of, action="append", help="a window, as 390x844; all unless some are given")
    parser.add_argument("--page", action="append", help="part of a view's name, as adagrad; all unless some are given")
    words = parser.parse_args()
    chosen = [view for view in views() if not words.page or any(part in view.name for part in words.page)]
    if not chosen:
        parser.error(f"no view has a name like that: {', '.join(view.name for view in views())}")
    look(words.folder, chosen, words.size or SIZES, words.theme)


if __name__ == "__main__":
    main()
