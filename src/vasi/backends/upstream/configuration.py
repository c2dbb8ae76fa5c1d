"""The configuration of a session in front of a service: what the service has taken, and the changes on their way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from vasi.errors import ClientError
from vasi.protocol import service_session
from vasi.protocol.session import AnySession, updated


@dataclass(frozen=True, slots=True)
class _Change:
    """A change on its way: what was asked for, and the session with it and those before it.

    ``event_id`` is None if the service need not know of it.
    """

    event_id: str | None
    asked: dict[str, Any]
    session: AnySession


class Configuration:
    """One session's.

    Args:
        session: what it begins with.
        transcribe: the session's ``transcription`` as the service is to be told of it.
        accepted: a session without the fields that the service doesn't take.
        check: raises ``ClientError`` for a session that the service can't have.
        made: is told of each change when it's made, with the session as it is then.
    """

    def __init__(
        self,
        session: AnySession,
        transcribe: service_session.Transcribe,
        accepted: Callable[[AnySession], AnySession],
        check: Callable[[AnySession], None],
        made: Callable[[AnySession], None],
    ) -> None:
        self.session = session
        """As it is."""
        self._transcribe = transcribe
        self._accepted = accepted
        self._check = check
        self._made = made
        self._changes: list[_Change] = []
        """Oldest first."""

    def ask(self, event_id: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        """What the service is to be told of a change; None if it need not know.

        Raises:
            ClientError: the change makes no session.
        """
        after = updated(self._changes[-1].session if self._changes else self.session, asked)
        self._check(after)
        told = self._told(asked)
        self._changes.append(_Change(None if told is None else event_id, asked, after))
        self.make_unasked()
        return told

    @property
    def waiting(self) -> str | None:
        """The id of the oldest change that the service hasn't answered."""
        return next((change.event_id for change in self._changes if change.event_id is not None), None)

    def taken(self) -> None:
        """The service took the oldest change."""
        if self._changes:
            self._make_oldest()
        self.make_unasked()

    def make_unasked(self) -> None:
        """Make the changes whose turn it is and of which the service need not know."""
        while self._changes and self._changes[0].event_id is None:
            self._make_oldest()

    def make_all(self) -> AnySession:
        """The session with all changes that are on their way: a new connection begins with them."""
        if self._changes:
            self.session = self._changes[-1].session
            count = len(self._changes)
            self._changes.clear()
            for _ in range(count):
                self._made(self.session)
        return self.session

    def take_back(self, event_id: str) -> None:
        """A change that the service refused isn't made, nor is it a part of those that follow it."""
        if event_id not in [change.event_id for change in self._changes]:
            return
        session = self.session
        rest: list[_Change] = []
        for change in self._changes:
            if change.event_id != event_id:
                try:
                    session = updated(session, change.asked)
                except ClientError:  # it only fits together with what was refused, and so it went up
                    session = change.session
                rest.append(replace(change, session=session))
        self._changes = rest

    def ask_again(self, event_id: str) -> dict[str, Any] | None:
        """What the service is to be told of a change that it refused for a field which it isn't sent any more."""
        after = next((change.session for change in self._changes if change.event_id == event_id), None)
        if after is None:
            return None
        return self._difference(self.session, after) or {"type": after.__struct_config__.tag}

    def _difference(self, before: AnySession, after: AnySession) -> dict[str, Any] | None:
        return service_session.changes(self._accepted(before), self._accepted(after), self._transcribe)

    def _make_oldest(self) -> None:
        self.session = self._changes.pop(0).session
        self._made(self.session)

    def _told(self, asked: dict[str, Any]) -> dict[str, Any] | None:
        """Whichever of the changes on their way the service takes."""
        told: dict[str, Any] | None = None
        for before in [self.session, *(change.session for change in self._changes)]:
            with contextlib.suppress(ClientError):
                fields = self._difference(before, updated(before, asked))
                told = service_session.joined(told, fields)
        return told
