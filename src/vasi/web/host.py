"""What serves the sessions that the endpoints of the Realtime API admit."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from vasi.accounts.principals import Principal
from vasi.gateway.ports import Link, TalkingPlace
from vasi.gateway.recorder import Recorder
from vasi.gateway.request import SessionRequest
from vasi.protocol.session import AnySession


class SessionHost(Protocol):
    """The sessions of one server."""

    def check(self, config: Mapping[str, Any]) -> AnySession:
        """The session that a client's initial configuration leads to, as the client sees it.

        Raises:
            ClientError: the configuration is wrong.
        """
        ...

    def place(self) -> AbstractContextManager[TalkingPlace | None]:
        """A place for one more session, held until the end of the block; None where sessions that talk aren't counted.

        Raises:
            OverloadedError: so many talk already that all would wait.
        """
        ...

    async def open_record(self, principal: Principal, conversation: str | None) -> Recorder | None:
        """The record of a new session of ``principal``; None if conversations aren't kept.

        Args:
            principal: who the client is.
            conversation: id of the conversation that the session goes on with; None for a new one.

        Raises:
            NotFoundError: the principal has no such conversation.
            ClientError: conversations aren't kept.
        """
        ...

    async def serve(self, link: Link, request: SessionRequest) -> None:
        """Serve one client until it leaves, and doesn't reconnect."""
        ...
