"""Which Realtime sessions begin: those of authorised clients, with a good configuration, while there is room."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import HTTPConnection

from vasi.gateway.request import SessionRequest
from vasi.web.access import Access, Caller
from vasi.web.host import SessionHost
from vasi.web.places import Places


class Admission:
    """Admits the sessions of one server.

    Args:
        host: checks configurations and opens records.
        access: tells clients from each other.
        places: how many sessions there may be.
    """

    def __init__(self, host: SessionHost, access: Access, places: Places) -> None:
        self._host = host
        self._access = access
        self._places = places

    @asynccontextmanager
    async def admit(self, connection: HTTPConnection, caller: Caller) -> AsyncGenerator[SessionRequest, None]:
        """What ``caller`` asks for in the query of ``connection``; it counts as a session until the end of the block.

        Raises:
            OverloadedError: there is no room.
            LimitError: the client has too many sessions already.
            ClientError: the configuration is wrong, or conversations aren't kept.
            NotFoundError: the client has no such conversation.
        """
        with self._places.taken(self._access.client(connection, caller)):
            query = connection.query_params
            # On Azure a model is a deployment.
            config = {"model": query.get("model") or query.get("deployment"), **caller.config}
            intent = query.get("intent")
            if intent not in (None, "realtime"):
                config["type"] = intent
            self._host.check(config)
            recorder = await self._host.open_record(caller.principal, query.get("conversation") or None)
            yield SessionRequest(caller.principal, config, recorder)
