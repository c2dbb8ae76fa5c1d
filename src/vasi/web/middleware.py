"""What every HTTP request passes: whose page asks, who it is, how much is sent; and what answers tell a browser."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vasi.accounts.audit import AuditLog
from vasi.accounts.authenticators import address_of
from vasi.errors import LimitError, VasiError
from vasi.web.access import Access
from vasi.web.origin_policy import OriginPolicy, Verdict, is_loopback
from vasi.web.pages import HEADERS
from vasi.web.refusals import refused, refused_for

REALTIME = ("/v1/", "/openai/")
APP = "/api/"
OPEN = ("/api/docs", "/api/openapi.json")
"""Of the API of the app, what says nothing of anybody."""
UPLOADS = (("POST", "/api/documents"), ("POST", "/api/account/import"))
"""The requests that may be large: they are limited where they are received."""
ANYBODY = "/api/session"
"""What one asks who doesn't know whether one is signed in."""
SIGN_IN = "/auth/"
"""Where one signs in and out: looked at there."""
LOGGED = ("/api/account", "/api/users")
"""What is logged where it's done."""
PROBES = ("/healthz", "/readyz")
"""They answer under every name."""
BODY_BYTES = 256 * 1024
"""Largest body of a request to the API of the app."""
BODY_S = 60.0
"""How long one may take to come."""
HSTS = "max-age=31536000"
ALLOWED_HEADERS = ("Authorization", "Content-Type", "X-OpenAI-Agents-SDK", "OpenAI-Beta", "api-key")
SDK_HEADERS = ("x-stainless-", "openai-")
"""What the SDKs add of their own account begins so."""
PREFLIGHT_S = "600"
_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


class RequestFilter:
    """ASGI middleware before everything that is served by HTTP.

    Whoever isn't authorised is refused before anything of the request's body is read, and of a body no more is kept
    than its limit, whatever its type.

    Args:
        app: what it stands before.
        policy: judges where requests come from.
        access: tells who a client is.
        audit: gets told what was deleted; None where nobody keeps a log.
        secure: browsers are to come back by HTTPS alone.
    """

    def __init__(
        self,
        app: ASGIApp,
        policy: OriginPolicy,
        access: Access,
        *,
        audit: AuditLog | None = None,
        secure: bool = False,
    ) -> None:
        self._app = app
        self._policy = policy
        self._access = access
        self._audit = audit
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        api = path.startswith((*REALTIME, APP))
        page = not api or path in OPEN
        verdict = (
            Verdict()
            if path in PROBES
            else self._policy.judge(headers, scope["scheme"], method=scope["method"], page=page)
        )
        own = path.startswith((APP, SIGN_IN))
        send = _Answer(send, verdict, headers, own=own, secure=self._secure).send
        if verdict.refusal is not None:
            await refused(403, "forbidden", verdict.refusal)(scope, receive, send)
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(headers, verdict)(scope, receive, send)
        elif path.startswith(SIGN_IN):
            await self._serve_body(scope, receive, send, headers)
        elif page:
            await self._app(scope, receive, send)
        else:
            await self._serve(scope, receive, send, headers)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        connection = HTTPConnection(scope)
        try:
            if scope["path"] != ANYBODY:
                await self._access.authenticate(connection)
        except VasiError as error:
            await refused_for(error)(scope, receive, send)
            return
        if not scope["path"].startswith(APP) or (scope["method"], scope["path"]) in UPLOADS:
            await self._app(scope, receive, send)
            return
        await self._serve_body(scope, receive, send, headers)

    async def _serve_body(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Serve a request whose body is small."""
        if scope["method"] in _WITHOUT_BODY:
            await self._app(scope, receive, send)
            return
        if self._audit is not None and scope["method"] == "DELETE" and not scope["path"].startswith(LOGGED):
            send = _Deletion(send, self._audit, self._access, HTTPConnection(scope)).send
        if headers.get("content-type", "").lower().lstrip().startswith("multipart/"):
            text = "Forms are for uploads, to POST /api/documents; send JSON here."
            await refused(415, "unsupported_media_type", text)(scope, receive, send)
            return
        try:
            body = await _body(scope, receive, headers)
        except ClientDisconnect:
            return
        except TimeoutError:
            await refused(408, "timeout", "The request's body took too long.")(scope, receive, send)
            return
        except LimitError as error:
            await refused_for(error)(scope, receive, send)
            return
        await self._app(scope, _Replay(body, receive).receive, send)


async def _body(scope: Scope, receive: Receive, headers: Headers) -> bytes:
    """The body of a request. Raises ``LimitError``, ``ClientDisconnect``, ``TimeoutError``."""
    too_large = LimitError(f"A request may be at most {BODY_BYTES // 1024} KiB large.")
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > BODY_BYTES:
        raise too_large
    body = bytearray()
    async with asyncio.timeout(BODY_S):
        async for piece in Request(scope, receive).stream():
            body += piece
            if len(body) > BODY_BYTES:
                raise too_large
    return bytes(body)


class _Replay:
    """Gives a body that was received to the application."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._message: Message | None = {"type": "http.request", "body": body, "more_body": False}
        self._receive = receive

    async def receive(self) -> Message:
        message, self._message = self._message, None
        return message if message is not None else await self._receive()


class _Deletion:
    """Logs what a request has deleted: by its path, which holds ids and no words."""

    def __init__(self, send: Send, audit: AuditLog, access: Access, connection: HTTPConnection) -> None:
        self._send = send
        self._audit = audit
        self._access = access
        self._connection = connection

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] < 300:
            principal = await self._access.authenticate(self._connection)
            path: str = self._connection.scope["path"]
            await self._audit.write(
                "removed",
                actor=principal.owner,
                subject=path.removeprefix(APP),
                address=address_of(self._connection),
            )
        await self._send(message)


class _Answer:
    """Adds to an answer what tells a browser to be careful, unless the answer says it itself."""

    def __init__(self, send: Send, verdict: Verdict, headers: Headers, *, own: bool, secure: bool) -> None:
        self._send = send
        self._shared_with = verdict.shared_with
        self._own = own
        host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
        # For a name of the machine itself it would bind every other server on it, too.
        self._secure = secure and not is_loopback(host.strip("[]").lower())

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if self._own:
                headers.setdefault("Cache-Control", "no-store")
            if self._secure:
                headers["Strict-Transport-Security"] = HSTS
            if self._shared_with is None:
                headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            else:
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                headers["Access-Control-Allow-Origin"] = self._shared_with
                headers["Access-Control-Expose-Headers"] = "Location"
                headers.add_vary_header("Origin")
        await self._send(message)


def _preflight(headers: Headers, verdict: Verdict) -> Response:
    if verdict.shared_with is None:
        return Response(status_code=204)
    requested = (name.strip() for name in headers.get("access-control-request-headers", "").split(","))
    allowed = [*ALLOWED_HEADERS, *(name for name in requested if name.lower().startswith(SDK_HEADERS))]
    answer = {
        "Access-Control-Allow-Methods": "GET, POST, PATCH, DELETE, OPTIONS",
        "Access-Control-Allow-Headers": ", ".join(dict.fromkeys(allowed)),
        "Access-Control-Max-Age": PREFLIGHT_S,
    }
    return Response(status_code=204, headers=answer)
