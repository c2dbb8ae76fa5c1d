"""One port for every model: Realtime events in, Realtime events out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from vasi.protocol.client_events import ClientEvent
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.server_events import ServerEvent
from vasi.protocol.session import AnySession

Deliver: TypeAlias = Callable[[ServerEvent | RawAudioDelta], None]
"""Takes an event, or an audio delta that nobody decoded; at once, without waiting."""


ASK_AGAIN = "upstream_ask_again"
"""The code of a failed response that broke off by no fault of its own: who asked for it is to ask again."""


class Backend(Protocol):
    """A Realtime API for one session. It knows only function tools; who runs them is not its business."""

    async def run(self, deliver: Deliver) -> None:
        """Serve until cancelled. Every event goes to ``deliver`` in order, ``session.created`` first.

        Raises:
            VasiError: the model is gone for good and the session with it.
        """
        ...

    async def send(self, event: ClientEvent) -> None:
        """Take an event; waits while the backend is busy with earlier ones. An ``event_id`` comes back in errors."""
        ...

    def send_now(self, event: ClientEvent) -> bool:
        """Take an event as ``send`` does, if that needs no waiting. False: it does, and the event wasn't taken."""
        ...


class BackendFactory(Protocol):
    """Makes the backend of a new session."""

    def __call__(self, session: AnySession, *, seed: str, profile: str) -> Backend:
        """A backend that begins with ``session``; ``profile`` is the owner whose words the recogniser knows."""
        ...
