"""The HTTP face: the Realtime API, and whether the server is alive and ready."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from vasi.accounts.secrets import EphemeralKeys, StaticKeys
from vasi.errors import VasiError
from vasi.gateway.lasting import LastingLinks
from vasi.protocol.session import Session
from vasi.web.access import Access
from vasi.web.origins import Origins
from vasi.web.pages import Pages, SecurityHeaders
from vasi.web.realtime import Door, Open, Serve, Sockets
from vasi.web.refusals import report
from vasi.web.secrets import Configure, Secrets

if TYPE_CHECKING:
    from vasi.web.api import Services

PREFIXES = ("/v1", "/openai/v1", "/openai")
"""Where clients of OpenAI, of Azure and of its previews look for the API."""


class Readiness(Protocol):
    """What ``/readyz`` reports."""

    def __call__(self) -> dict[str, bool]: ...


def server(
    serve: Serve,
    readiness: Readiness,
    *,
    record: Open,
    bound_to: str,
    configure: Configure,
    links: LastingLinks,
    keys: StaticKeys | None = None,
    ephemeral: EphemeralKeys | None = None,
    services: Services | None = None,
) -> Starlette:
    """The ASGI application.

    Args:
        serve: what serves a Realtime connection.
        readiness: parts that must be ready and whether they are.
        record: opens the record of a session.
        bound_to: the address listened on.
        configure: the session that an initial configuration leads to.
        links: the links whose clients may come back.
        keys: of which a client must have one; without any everybody may come in.
        ephemeral: keeps the short-lived keys.
        services: what the HTTP API of the app shows; None to go without it.
    """
    access = Access(keys or StaticKeys(), ephemeral or EphemeralKeys())
    door = Door(serve, record, access, configure, bound_to, links)
    secrets = Secrets(access, configure)
    began = int(time.time())

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        parts = readiness()
        good = all(parts.values())
        return JSONResponse({"status": "ready" if good else "starting", **parts}, 200 if good else 503)

    async def models(request: Request) -> Response:
        access.visitor(request)
        usual = configure({})
        assert isinstance(usual, Session), "a session is one that answers, unless asked for otherwise"
        model = {"id": usual.model, "object": "model", "created": began, "owned_by": "vasi"}
        return JSONResponse({"object": "list", "data": [model]})

    routes: list[BaseRoute] = [Route("/healthz", alive), Route("/readyz", ready)]
    for prefix in PREFIXES:
        routes += [
            Route(f"{prefix}/models", models),
            Route(f"{prefix}/realtime/client_secrets", secrets.client_secrets, methods=["POST"]),
            Route(f"{prefix}/realtime/sessions", secrets.sessions, methods=["POST"]),
            Route(f"{prefix}/realtime/transcription_sessions", secrets.transcription_sessions, methods=["POST"]),
        ]
    routes.append(Route("/openai/realtimeapi/sessions", secrets.sessions, methods=["POST"]))
    if services is not None:
        from vasi.web.api import api  # FastAPI takes its time; most commands never serve

        routes.append(Mount("/api", api(services, access, bound_to)))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Sockets, door=door),
            Middleware(SecurityHeaders),
            Middleware(Origins, bound_to=bound_to),
        ],
        exception_handlers={VasiError: report, HTTPException: report},
    )
    app.router.default = Pages()  # and not a route: it would hide that a path of the API exists for another method
    return app
