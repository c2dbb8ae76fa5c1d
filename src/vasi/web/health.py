"""Whether the server is alive and ready, and which models it has."""

from __future__ import annotations

import time
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vasi.protocol.session import Session
from vasi.web.access import Access
from vasi.web.host import SessionHost


class Readiness(Protocol):
    """What ``/readyz`` reports."""

    def __call__(self) -> dict[str, bool]: ...


class Health:
    """The handlers.

    Args:
        readiness: parts that must be ready and whether they are.
        host: knows which model its sessions have.
        access: tells who a client is.
    """

    def __init__(self, readiness: Readiness, host: SessionHost, access: Access) -> None:
        self._readiness = readiness
        self._host = host
        self._access = access
        self._began = int(time.time())

    async def alive(self, _: Request) -> Response:
        """``GET /healthz``: the server answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _: Request) -> Response:
        """``GET /readyz``: whether every part is ready."""
        parts = self._readiness()
        good = all(parts.values())
        return JSONResponse({"status": "ready" if good else "starting", **parts}, 200 if good else 503)

    async def models(self, request: Request) -> Response:
        """``GET /v1/models``: the one model that sessions have unless asked for otherwise."""
        await self._access.authenticate(request)
        usual = self._host.check({})
        assert isinstance(usual, Session), "a session is one that answers, unless asked for otherwise"
        model = {"id": usual.model, "object": "model", "created": self._began, "owned_by": "vasi"}
        return JSONResponse({"object": "list", "data": [model]})
