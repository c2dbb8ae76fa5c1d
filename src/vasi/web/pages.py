"""The app: static files, packed into the wheel, that a browser may keep."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST: Final = Path(__file__).parent / "dist"

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>vasi</title>
<h1>The server runs; its app is not built</h1>
<p>Build it in the folder of vasi's source, with Node.js 20.19 or newer: <code>make run</code>, or
<code>python3 scripts/web.py</code>. The Realtime API at <code>/v1/realtime</code> works without it.</p></html>"""

POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
    )
)
"""The Content-Security-Policy of everything that is served: nothing from elsewhere, nothing inline."""

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}
"""What tells a browser to be careful, with every answer that doesn't say otherwise."""


SUFFIXES: Final = {"br": ".br", "gzip": ".gz"}
"""Encodings, best first, and how the copies are named that the build writes beside a file that shrinks by them."""


def encodings(accepted: str) -> Iterator[str]:
    """Of ``SUFFIXES`` those that a client takes, best first; ``accepted`` is its ``Accept-Encoding``."""
    weights: dict[str, str] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = parameter.replace(" ", "").removeprefix("q=") or "1"
    for name in SUFFIXES:
        if weights.get(name, weights.get("*", "0")).strip("0."):
            yield name


class Pages(StaticFiles):
    """The app's files. A path without a file of its own is a place within the app, unless it looks like a file.

    A file that the build has compressed is sent as one of its copies, to a client that takes it.
    """

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder
        super().__init__(directory=folder, html=True, check_dir=False)

    async def check_config(self) -> None:
        """Nothing to check: the app may be built while the server runs."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, fresh or from the browser's own store."""
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(404)
        if not (self._folder / "index.html").is_file():
            if path != ".":
                raise HTTPException(404)
            return HTMLResponse(_NOT_BUILT, 503)
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")
        if path != "." and "." not in path.rsplit("/", 1)[-1] and wants_page:
            path = "index.html"
        response = await super().get_response(path, scope)
        # The build names its assets by their content; everything else is to be asked for anew.
        lasting = path.startswith("assets/")
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if lasting else "no-cache"
        response.headers.add_vary_header("accept-encoding")
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file or a compressed copy, or that what the browser has of it is still right."""
        plain = Path(full_path)
        for encoding in encodings(Headers(scope=scope).get("accept-encoding", "")):
            copy = plain.with_name(plain.name + SUFFIXES[encoding])
            if copy.is_file():
                response = super().file_response(copy, copy.stat(), scope, status_code)
                response.headers["content-encoding"] = encoding
                return response
        return super().file_response(full_path, stat_result, scope, status_code)
