"""Which Realtime sessions begin: those of authorised clients, with a good configuration, while there is room."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import HTTPConnection

from vasi.errors import OverloadedError
from vasi.gateway.request import SessionRequest
from vasi.web.access import Caller
from vasi.web.host import SessionHost

MAX_SESSIONS = 200
"""Realtime sessions at a time."""


class Admission:
    """Admits the sessions of one server.

    Args:
        host: checks configurations and opens records.
    """

    def __init__(self, host: SessionHost) -> None:
        self._host = host
        self._sessions = 0

    @asynccontextmanager
    async def admit(self, connection: HTTPConnection, caller: Caller) -> AsyncGenerator[SessionRequest, None]:
        """What ``caller`` asks for in the query of ``connection``; it counts as a session until the end of the block.

        Raises:
            OverloadedError: there is no room.
            ClientError: the configuration is wrong, or conversations aren't kept.
            NotFoundError: the client has no such conversation.
        """
        if self._sessions >= MAX_SESSIONS:
            raise OverloadedError(f"All {MAX_SESSIONS} sessions are taken; try again later.")
        self._sessions += 1
        try:
            query = connection.query_params
            # On Azure a model is a deployment.
            config = {"model": query.get("model") or query.get("deployment"), **caller.config}
            intent = query.get("intent")
            if intent not in (None, "realtime"):
                config["type"] = intent
            self._host.check(config)
            recorder = await self._host.open_record(caller.principal, query.get("conversation") or None)
            yield SessionRequest(caller.principal, config, recorder)
        finally:
            self._sessions -= 1
