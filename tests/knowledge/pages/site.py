"""A small web site on this machine, for whoever fetches pages."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from vasi.testing.server import hosting

HTML = "text/html; charset=utf-8"
MENU = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("home", "shop", "press", "jobs", "imprint"))
HANDBOOK = f"""<!doctype html><html><head><title>Boat rules | Harbour club</title>
<meta property="article:published_time" content="2026-05-04T10:00:00Z"></head>
<body><header>Harbour club <nav><ul>{MENU}</ul></nav></header>
<main><h1>Boat rules</h1><p>A guest berth costs 27 euros a night.</p>
<table><tr><th>Boat</th><th>Berth</th></tr><tr><td>Heron</td><td>B21</td></tr></table></main>
<footer>Cookies make this site better.</footer></body></html>"""


@dataclass
class Site:
    """What it serves; ``asked`` are the paths that were asked for, ``hosts`` the names that it was asked by."""

    pages: dict[str, Response] = field(default_factory=dict)
    robots: Response = field(default_factory=lambda: Response(status_code=404))
    asked: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    address: str = ""

    def shows(
        self, path: str, body: str | bytes, media_type: str = "text/html; charset=utf-8", status: int = 200
    ) -> str:
        """Put a page there; returns its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Response(data, status, {"content-type": media_type})
        return f"{self.address}{path}"

    def leads(self, path: str, to: str) -> str:
        self.pages[path] = RedirectResponse(to, 302)
        return f"{self.address}{path}"

    def is_slow(self, path: str) -> str:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"<p>A beginning"
            await asyncio.sleep(30)

        self.pages[path] = StreamingResponse(pieces(), media_type="text/html")
        return f"{self.address}{path}"

    async def answer(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        self.hosts.add(request.headers["host"])
        if request.url.path == "/robots.txt":
            return self.robots
        return self.pages.get(request.url.path) or Response("No such page.", 404)


@contextlib.asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Serve an empty one until the end of the block."""
    made = Site()
    async with hosting(Starlette(routes=[Route("/{path:path}", made.answer)])) as server:
        made.address = server.http
        yield made


@contextlib.contextmanager
def site_in_background() -> Iterator[Site]:
    """Serve one from a thread of its own, for tests without an event loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="site")
    thread.start()
    serving = site()
    try:
        yield asyncio.run_coroutine_threadsafe(serving.__aenter__(), loop).result(30)
    finally:
        asyncio.run_coroutine_threadsafe(serving.__aexit__(None, None, None), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
