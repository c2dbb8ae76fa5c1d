"""CORS: pages that the doorman lets in may call the API, and may read its answers; other pages get nothing."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vasi.web.doorman import refusal
from vasi.web.refusals import refused

API = ("/v1/", "/openai/")
"""Where the API lives; probes are open to anybody."""
ALLOWED_HEADERS = ("Authorization", "Content-Type", "X-OpenAI-Agents-SDK", "OpenAI-Beta", "api-key")
SDK_HEADERS = ("x-stainless-", "openai-")
"""What the SDKs add of their own account begins so."""
REMEMBER_S = "600"


class Origins:
    """ASGI middleware in front of the API.

    Args:
        app: what it stands before.
        bound_to: the address listened on.
    """

    def __init__(self, app: ASGIApp, bound_to: str) -> None:
        self._app = app
        self._bound_to = bound_to

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        why = refusal(headers, self._bound_to)
        if why is not None:
            await refused(403, "forbidden", why)(scope, receive, send)
            return
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
            return

        async def allow(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer["Access-Control-Allow-Origin"] = origin
                answer["Access-Control-Expose-Headers"] = "Location"
                answer.add_vary_header("Origin")
            await send(message)

        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(headers)(scope, receive, allow)
        else:
            await self._app(scope, receive, allow)


def _preflight(headers: Headers) -> Response:
    asked = (name.strip() for name in headers.get("access-control-request-headers", "").split(","))
    allowed = [*ALLOWED_HEADERS, *(name for name in asked if name.lower().startswith(SDK_HEADERS))]
    answer = {
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": ", ".join(dict.fromkeys(allowed)),
        "Access-Control-Max-Age": REMEMBER_S,
    }
    return Response(status_code=204, headers=answer)
