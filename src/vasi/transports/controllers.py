"""A server that looks after somebody's call: it sees what the client sees, and may say what the client may."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import LimitError, OverloadedError
from vasi.gateway.ports import Link, Received, Sent, UndecodableEvent
from vasi.gateway.queues import Outbox
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.session import ACTIVITY, AnySession

MOST = 4
"""Controllers of one call."""
OWN_EVENT = "vasi_controller_"
"""How ids of events begin that a controller has sent: errors about them go to it alone."""
MOST_NAMES = 256
"""Of a controller's events whose own ids are remembered."""
_FOR_THE_PLAYER = extension.OutputAudioHold | extension.OutputAudioResume


class _Controller:
    """One of them."""

    def __init__(self, number: int, link: Link) -> None:
        self.prefix = f"{OWN_EVENT}{number}_"
        self.outbox = Outbox(link)
        self._count = 0
        self._names: dict[str, str | None] = {}
        """What it calls its events, by the ids that they have in the session."""

    def named(self, event: Received) -> Received:
        """``event`` under an id that leads back here."""
        self._count += 1
        name = f"{self.prefix}{self._count}"
        self._names[name] = None if event.event_id is UNSET else event.event_id
        while len(self._names) > MOST_NAMES:
            del self._names[next(iter(self._names))]
        if isinstance(event, UndecodableEvent):
            return UndecodableEvent(event.error, name)
        return replace(event, event_id=name)

    def its_own(self, event: ev.Error) -> ev.Error:
        """An error about one of its events, under the name that it gave that."""
        return replace(event, error=replace(event.error, event_id=self._names.pop(event.error.event_id or "", None)))


class Controllers:
    """The controllers of one call.

    Args:
        take: takes what they say, as what the client says is taken.
    """

    def __init__(self, take: Callable[[Received], None]) -> None:
        self._take = take
        self._count = 0
        self._present: dict[int, _Controller] = {}
        self._over = asyncio.Event()

    async def serve(self, link: Link, session: AnySession | None, lost: asyncio.Event) -> None:
        """Let a controller take part until it leaves or the call ends.

        Args:
            link: its connection.
            session: as it is now; None if it hasn't begun yet.
            lost: set when the controller has lost access.

        Raises:
            OverloadedError: the call has enough of them.
        """
        if len(self._present) >= MOST:
            raise OverloadedError(f"The call has {MOST} controllers already.")
        self._count += 1
        controller = _Controller(self._count, link)
        self._present[self._count] = controller
        number, code, reason = self._count, 1000, "The call is over."
        if session is not None:
            created = ev.SessionCreated(session=session, event_id=f"event_{controller.prefix}created")
            controller.outbox.push(created)
        tasks: list[asyncio.Task[Any]] = [
            asyncio.create_task(self._read(link, controller)),
            asyncio.create_task(controller.outbox.write()),
            asyncio.create_task(controller.outbox.overflow()),
            asyncio.create_task(self._over.wait()),
            asyncio.create_task(lost.wait()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if isinstance(error := task.exception(), LimitError):
                    code, reason = 1013, error.message
        finally:
            del self._present[number]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await controller.outbox.close(code, reason)

    async def _read(self, link: Link, controller: _Controller) -> None:
        while (event := await link.receive()) is not None:
            self._take(controller.named(event))

    def tell(self, event: Sent, *, activity: bool) -> None:
        """Show ``event`` to those whom it concerns.

        Args:
            event: it.
            activity: the session shows ``vasi.*`` events.
        """
        if isinstance(event, RawAudioDelta | ev.OutputAudioDelta):
            return
        if isinstance(event, ev.Error) and event.error.event_id is not None:
            about = event.error.event_id  # of the client, or of one of them
            for controller in self._present.values():
                if about.startswith(controller.prefix):
                    controller.outbox.push(controller.its_own(event))
            return
        if activity or not isinstance(event, _FOR_THE_PLAYER):
            for controller in self._present.values():
                controller.outbox.push(event)

    def close(self) -> None:
        """The call is over."""
        self._over.set()


def shows_activity(session: AnySession | None) -> bool:
    """Whether ``session`` shows ``vasi.*`` events."""
    return session is not None and ACTIVITY in (session.include or ())
