"""What a browser fetches over HTTP, once: plotly.js of the installed package, and our own modules and style sheet.

Modules import one another by relative paths, so all of them share one version: the addresses of all change when any of
them changes, and a browser may keep what it has for a year.
"""

import hashlib
from functools import cache
from pathlib import Path

import plotly

_FOLDER = Path(__file__).parent
_PLOTLY = "plotly.js"
# By what follows the version in an address.
FILES = {
    _PLOTLY: Path(plotly.__file__).parent / "package_data" / "plotly.min.js",
    **{
        path.relative_to(_FOLDER).as_posix(): path
        for path in sorted(_FOLDER.glob("*/*"))
        if path.suffix in (".js", ".css")
    },
}


def version(name: str) -> str:
    """What changes with the content of a file; of our own files, with the content of any of them.

    Raises KeyError where there is no such file.
    """
    if name not in FILES:
        raise KeyError(name)
    together = {name: FILES[name]} if name == _PLOTLY else {other: FILES[other] for other in FILES if other != _PLOTLY}
    return _version(tuple((other, path, path.stat().st_mtime_ns) for other, path in together.items()))


@cache
def _version(files: tuple[tuple[str, Path, int], ...]) -> str:
    """files: names, paths, and when these were changed."""
    content = hashlib.blake2b(digest_size=8)
    for name, path, _ in files:
        body = path.read_bytes()
        content.update(f"{name} {len(body)} ".encode() + body)
    return content.hexdigest()
