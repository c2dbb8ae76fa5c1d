"""Which Realtime sessions begin: those of authorised clients, with a good configuration, while there is room."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import HTTPConnection

from vasi.accounts.principals import REALTIME, Principal
from vasi.errors import ClientError
from vasi.gateway.request import SessionRequest
from vasi.protocol.translation import TRANSLATION
from vasi.web.access import Access, require_scope
from vasi.web.host import SessionHost
from vasi.web.places import Places

TRANSLATIONS = "/v1/realtime/translations"
"""Where sessions that translate are opened, and their keys made."""
WRONG_TYPE = "wrong_session_type"


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
    async def admit(
        self,
        connection: HTTPConnection,
        principal: Principal,
        session_type: str | None,
        session: Mapping[str, Any] | None = None,
    ) -> AsyncGenerator[SessionRequest, None]:
        """What ``principal`` asks for in the query of ``connection``; it counts as a session until the block ends.

        Args:
            connection: the client's.
            principal: who the client is.
            session_type: the type that the session has where it's asked for; None if the client chooses.
            session: what the client configures besides, in the form of a GA session.

        Raises:
            AuthError: it may open none.
            OverloadedError: there is no room.
            LimitError: the client has too many sessions already.
            ClientError: the configuration is wrong, or conversations aren't kept.
            NotFoundError: the client has no such conversation.
        """
        require_scope(principal, REALTIME)
        with (
            self._access.lease(principal) as lease,
            self._places.taken(self._access.client(connection, principal)),
            self._host.place() as place,
        ):
            query = connection.query_params
            # On Azure a model is a deployment.
            config = {"model": query.get("model") or query.get("deployment"), **principal.config, **(session or {})}
            intent = query.get("intent")
            asked = None if intent == "realtime" else intent  # sent as a matter of course
            config |= required_type(session_type, config.get("type"), asked)
            self._host.check(config)
            recorder = await self._host.open_record(principal, query.get("conversation") or None)
            yield SessionRequest(principal, config, recorder, lease=lease, place=place)


def required_type(fixed: str | None, *asked: object) -> dict[str, Any]:
    """What the configuration says of the type; raises ``ClientError`` for one that isn't served there.

    Args:
        fixed: the type of all sessions there; None if clients choose.
        asked: what the client or its key says of it, most decisive last; None where they say nothing.
    """
    wanted = [kind for kind in asked if kind is not None]
    if fixed is None:
        if TRANSLATION in wanted:
            text = f"There are no sessions of type '{TRANSLATION}' here; they're at {TRANSLATIONS}."
            raise ClientError(text, code=WRONG_TYPE, param="session.type")
        return {"type": wanted[-1]} if wanted else {}
    for kind in wanted:
        if kind != fixed:
            text = f"There are only sessions of type '{fixed}' here; this is for one of type {str(kind)[:40]!r}."
            raise ClientError(text, code=WRONG_TYPE, param="session.type")
    return {"type": fixed}
