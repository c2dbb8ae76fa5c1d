"""Which Realtime sessions begin: those of authorised clients, with a good configuration, while there is room."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from starlette.requests import HTTPConnection

from vasi.accounts.principals import SESSIONS, Principal
from vasi.errors import AuthError
from vasi.gateway.request import SessionRequest
from vasi.web.access import Access
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
    async def admit(self, connection: HTTPConnection, principal: Principal) -> AsyncGenerator[SessionRequest, None]:
        """What ``principal`` asks for in the query of ``connection``; it counts as a session until the block ends.

        Raises:
            AuthError: it may open none.
            OverloadedError: there is no room.
            LimitError: the client has too many sessions already.
            ClientError: the configuration is wrong, or conversations aren't kept.
            NotFoundError: the client has no such conversation.
        """
        if not principal.may(SESSIONS):
            raise AuthError("Your sign-in does not allow Realtime sessions.")
        with self._places.taken(self._access.client(connection, principal)):
            query = connection.query_params
            # On Azure a model is a deployment.
            config = {"model": query.get("model") or query.get("deployment"), **principal.config}
            intent = query.get("intent")
            if intent not in (None, "realtime"):
                config["type"] = intent
            self._host.check(config)
            recorder = await self._host.open_record(principal, query.get("conversation") or None)
            yield SessionRequest(principal, config, recorder)
