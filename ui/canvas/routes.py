"""Where the server gives the browser its files: an address has their version in it, and stays for a year."""

from pathlib import PurePosixPath

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from browser.files import FILES, version

_TYPES = {".js": "text/javascript", ".css": "text/css"}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# Of another version there may be a page, or a server, that is older or newer than this one.
_NEVER = {"Cache-Control": "no-store"}


async def _file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FILES:
        return Response(status_code=404)
    kept = _FOREVER if request.path_params["version"] == version(name) else _NEVER
    return FileResponse(FILES[name], media_type=_TYPES[PurePosixPath(name).suffix], headers=kept)


def _folder() -> str:
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/canvas" if base else "/canvas"


ROUTES = [Route(f"{_folder()}/{{version}}/{{name:path}}", _file)]


def address(name: str) -> str:
    """The path of a file on this server; raises KeyError where there is none."""
    return f"{_folder()}/{version(name)}/{name}"
