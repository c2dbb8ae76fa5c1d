"""The port through which a running server is watched: metrics, traces, tests.

Whoever watches gets the very events and effects that pass, and must neither change nor keep them waiting: every method
is called on the event loop, in the order of what happens. ``UNOBSERVED`` is the default and costs a call of an empty
function.
"""

from __future__ import annotations

from typing import Protocol


class SessionObserver(Protocol):
    """Watches one session."""

    def client_event(self, event: object) -> None:
        """A ``ClientEvent`` arrived, before policy has looked at it."""
        ...

    def backend_event(self, event: object) -> None:
        """The backend delivered a ``ServerEvent`` or a ``RawAudioDelta``."""
        ...

    def server_event(self, event: object) -> None:
        """A ``ServerEvent`` or a ``RawAudioDelta`` goes to the client."""
        ...

    def effect(self, effect: object) -> None:
        """The conversation of the built-in engines wants an ``Effect`` carried out."""
        ...

    def tool_started(self, call_id: str, name: str) -> None:
        """A tool of the server runs."""
        ...

    def tool_ended(self, call_id: str, name: str, status: str) -> None:
        """It has ended: "completed", or why not."""
        ...

    def failed(self, error_id: str, part: str, error: BaseException) -> None:
        """A part failed. The client and the log are shown ``error_id``, unless the error explains itself."""
        ...

    def ended(self) -> None:
        """The session is over; nothing more is observed of it."""
        ...


class Observer(Protocol):
    """Watches all sessions of a server."""

    def session(self, session_id: str, owner: str) -> SessionObserver:
        """A session begins."""
        ...


class _Unobserved:
    def client_event(self, event: object) -> None: ...

    def backend_event(self, event: object) -> None: ...

    def server_event(self, event: object) -> None: ...

    def effect(self, effect: object) -> None: ...

    def tool_started(self, call_id: str, name: str) -> None: ...

    def tool_ended(self, call_id: str, name: str, status: str) -> None: ...

    def failed(self, error_id: str, part: str, error: BaseException) -> None: ...

    def ended(self) -> None: ...


UNOBSERVED: SessionObserver = _Unobserved()


class NoObserver:
    """Watches nothing."""

    def session(self, session_id: str, owner: str) -> SessionObserver:
        return UNOBSERVED
