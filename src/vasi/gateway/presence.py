"""Whether a session's client is connected: what ends when it isn't, and what it gets when it reconnects."""

from __future__ import annotations

import time
from collections.abc import Callable

from vasi.errors import ClientError
from vasi.gateway.channel import ClientChannel
from vasi.gateway.playout import EstimatedPlayout
from vasi.gateway.ports import Resumption
from vasi.protocol import client_events as client
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.session import AnySession


class Presence:
    """The connection of one session's client, over as many connections as it takes.

    Args:
        channel: the way to the client.
        resumption: lets the client reconnect; None if it can't.
        interrupt: does what a client does that stops an answer.
        activity: tells whether the client asked for ``vasi.*`` events.
    """

    def __init__(
        self,
        channel: ClientChannel,
        resumption: Resumption | None,
        interrupt: Callable[[client.ClientEvent], None],
        *,
        activity: Callable[[], bool],
    ) -> None:
        self._channel = channel
        self._resumption = resumption
        self._interrupt = interrupt
        self._activity = activity
        self._playout = EstimatedPlayout(time.monotonic)
        self._session: AnySession | None = None
        """The session as the client has last seen it."""
        self._ticket_sent = False
        if resumption is not None:
            resumption.observe(self)

    def disconnected(self) -> None:
        """The connection is lost. What is being spoken ends: nobody hears it."""
        self._channel.disconnected()
        self._stop_speaking()

    def reconnected(self, after: str | None) -> None:
        """The client is there again: it gets its session and the events that it missed."""
        if self._channel.connected:
            self.disconnected()
        missed, complete = self._channel.reconnected(after)
        if self._session is None:
            return
        self._channel.send_once(ev.SessionCreated(session=self._session))
        if self._activity():
            self._send_ticket(resumed=True, complete=complete)
        self._channel.replay(missed)

    def sent(self, event: ev.ServerEvent) -> None:
        """``event`` has been sent: what follows it."""
        self._playout.sent(event)
        match event:
            case ev.ResponseCreated() if not self._channel.connected:
                self._stop_speaking()
            case ev.SessionCreated() | ev.SessionUpdated():
                self._session_sent(event)
            case _:
                pass

    def audio_sent(self, item_id: str, content_index: int, size: int) -> None:
        """So many bytes of an item's sound have been sent."""
        self._playout.audio_sent(item_id, content_index, size)

    def _session_sent(self, event: ev.SessionCreated | ev.SessionUpdated) -> None:
        self._session = event.session
        notice = None if self._resumption is None else self._resumption.notice
        if notice is not None and isinstance(event, ev.SessionCreated):
            self._channel.send(ev.error_event(ClientError(notice, code="session_not_resumed")))
        if self._activity() and not self._ticket_sent:
            self._send_ticket(resumed=False, complete=True)

    def _send_ticket(self, *, resumed: bool, complete: bool) -> None:
        if self._resumption is None or self._resumption.grace_s <= 0:
            return
        self._ticket_sent = True
        resumable = extension.SessionResumable(
            resume_token=self._resumption.ticket,
            grace_s=self._resumption.grace_s,
            resumed=resumed,
            complete=complete,
        )
        self._channel.send_once(resumable)

    def _stop_speaking(self) -> None:
        for event in self._playout.stop():
            self._interrupt(event)
