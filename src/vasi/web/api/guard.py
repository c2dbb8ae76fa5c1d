"""Before the API: whose page asks, and how much is sent."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vasi.web.doorman import refusal
from vasi.web.refusals import refused

BODY_BYTES = 256 * 1024
"""Largest JSON body."""
SAFE = ("GET", "HEAD", "OPTIONS")
_OWN = (None, "same-origin", "none")


class Guard:
    """ASGI middleware. A browser may change something only on behalf of a page of this very server.

    Nobody signs in by a cookie yet, but on loopback nobody signs in at all: a page from elsewhere that the user looks
    at must not be able to delete notes. Nothing is answered with CORS headers, so other pages can't read either.

    Args:
        app: what it stands before.
        bound_to: the address listened on.
    """

    def __init__(self, app: ASGIApp, bound_to: str) -> None:
        self._app = app
        self._bound_to = bound_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        why = refusal(headers, self._bound_to)
        site = headers.get("sec-fetch-site")
        if why is None and scope["method"] not in SAFE and site not in _OWN:
            why = "Pages of other sites may not change anything here."
        if why is not None:
            await refused(403, "forbidden", why)(scope, receive, send)
            return

        async def own(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.setdefault("Cross-Origin-Resource-Policy", "same-origin")
                answer.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["method"] in SAFE or headers.get("content-type", "").startswith("multipart/"):
            await self._app(scope, receive, own)  # files are limited where they are received
            return
        body = bytearray()
        try:
            async for piece in Request(scope, receive).stream():
                body += piece
                if len(body) > BODY_BYTES:
                    text = f"A request may be at most {BODY_BYTES // 1024} KiB large."
                    await refused(413, "limit_exceeded", text)(scope, receive, send)
                    return
        except ClientDisconnect:
            return
        given = False

        async def replay() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        await self._app(scope, replay, own)
