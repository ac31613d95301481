"""What the browser fetches over HTTP, once: plotly.js from the installed package, and the canvas's own two files."""

import hashlib
from functools import cache
from pathlib import Path

import plotly
import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

_FOLDER = Path(__file__).parent
_FILES = {
    "plotly.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js",
    "canvas.js": _FOLDER / "canvas.js",
    "canvas.css": _FOLDER / "canvas.css",
}
_TYPES = {".js": "text/javascript", ".css": "text/css"}
# The address changes with the content, so the browser may keep what it has for a year.
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


def _file(name: str):
    async def answer(request: Request) -> FileResponse:
        return FileResponse(_FILES[name], media_type=_TYPES[Path(name).suffix], headers=_KEPT)

    return answer


def _folder() -> str:
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/canvas" if base else "/canvas"


ROUTES = [Route(f"{_folder()}/{{version}}/{name}", _file(name)) for name in _FILES]


def address(name: str) -> str:
    """The path of a file on this server."""
    return f"{_folder()}/{_version(name, _FILES[name].stat().st_mtime_ns)}/{name}"


@cache
def _version(name: str, changed: int) -> str:
    return hashlib.blake2b(_FILES[name].read_bytes(), digest_size=8).hexdigest()
