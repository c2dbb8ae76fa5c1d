"""The requests for responses that are on their way, and which response answers which of them.

A request goes to the backend with a mark in its metadata, and most backends show it with the response. Those that don't
answer in the order in which they were asked, but for the turns that they answer by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile

from msgspec.structs import replace

from vasi.gateway.view.calls import ResponseTools
from vasi.gateway.view.ids import Ids
from vasi.gateway.view.refusals import ACTIVE_RESPONSE
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev

REQUEST = "vasi.request"
"""Metadata key by which a backend's response is known as the answer to a request."""
MAX_REQUESTS = 1024
"""Requests that may be on their way: more than the client events that may wait for the backend."""


@dataclass(frozen=True, slots=True)
class Request:
    """A ``response.create`` on its way.

    Attributes:
        params: what the client asked for.
        continues: id of the response that this goes on with.
        tools: its own, if it has some.
        client_event_id: what the client called its event.
    """

    params: client.ResponseParams
    continues: str | None = None
    tools: ResponseTools | None = None
    client_event_id: str | None = None

    @property
    def in_conversation(self) -> bool:
        return self.params.conversation != "none"


class Requests:
    """Those of one session, oldest first.

    Args:
        ids: makes the marks.
    """

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._waiting: dict[str, Request] = {}
        """By the mark, which ends the id of the event as well."""
        self._echoes = False
        """The backend shows the metadata of a request with the response."""
        self._names_conversation = False
        """It says of a response that it belongs to the conversation."""
        self._turn = False
        """The backend is about to answer a turn by itself."""

    def send(self, request: Request, params: client.ResponseParams) -> client.ResponseCreate:
        """``request`` as it goes to the backend, with ``params``."""
        event_id, mark = self._ids.event(), self._ids.request()
        self._waiting[mark] = request
        while len(self._waiting) > MAX_REQUESTS:
            del self._waiting[next(iter(self._waiting))]
        return client.ResponseCreate(event_id=f"{event_id}:{mark}", response=replace(params, metadata={REQUEST: mark}))

    def end_turn(self) -> None:
        """The user has stopped speaking, and the backend will answer."""
        self._turn = True

    def begin_turn(self) -> None:
        """The user speaks: what they said before isn't answered by itself any more."""
        self._turn = False

    def take_answered(self, response: ev.Response) -> Request | None:
        """The request that a new response answers; None: the backend began it by itself."""
        self._names_conversation |= response.conversation_id is not None
        mark = (response.metadata or {}).get(REQUEST)
        if mark is not None:
            self._echoes = True
            return self._waiting.pop(mark, None)
        outside = self._names_conversation and response.conversation_id is None
        if not outside:
            turn, self._turn = self._turn, False
            if self._echoes or turn:
                return None
        known = response.conversation_id is not None or outside
        return self._next(
            [mark for mark, of in self._waiting.items() if not known or of.in_conversation is not outside]
        )

    def take_refused(self, error: ev.ErrorBody) -> Request | None:
        """The request that an error of the backend is about, which isn't waited for any more."""
        if error.event_id is not None:
            return self._waiting.pop(error.event_id.rpartition(":")[2], None)
        if error.code == ACTIVE_RESPONSE:
            # Some services don't say which event it was: of requests for the conversation, the last that they got.
            last = [mark for mark, request in self._waiting.items() if request.in_conversation][-1:]
            return self._waiting.pop(last[0]) if last else None
        return None

    def _next(self, fitting: list[str]) -> Request | None:
        """The request whose turn it is, of those with these marks, where only the order tells."""
        # While a response goes on in another round, nothing else is asked for in the conversation. Only the last of
        # those is still open: one before it seemed to be ended by a turn that the backend answered by itself.
        continuing = [mark for mark in fitting if self._waiting[mark].continues is not None]
        outside = [mark for mark in continuing if not self._waiting[mark].in_conversation]
        inside = [mark for mark in continuing if self._waiting[mark].in_conversation]
        mark = next(iter(inside[-1:] or outside or fitting), None)
        if mark is None:
            return None
        request = self._waiting.pop(mark)
        if request.in_conversation:
            # What was asked for before was refused, and nobody said that it was this.
            older = list(takewhile(lambda before: before != mark, fitting))
            for before in older:
                if self._waiting[before].in_conversation:
                    del self._waiting[before]
        return request
