"""A session that goes on with the built-in engines when the model service is unavailable."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from vasi.backends.local import LocalBackend
from vasi.backends.ports import Deliver
from vasi.backends.upstream.session import Gone, UpstreamBackend
from vasi.errors import UpstreamError
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import item_id
from vasi.protocol.raw import RawAudioDelta
from vasi.protocol.session import AnySession

log = logging.getLogger(__name__)


class FallbackBackend:
    """A ``Backend`` that is a model service as long as that is available, and the built-in engines from then on.

    Args:
        upstream: the service's.
        local: makes the other one, which begins with a session.
    """

    def __init__(self, upstream: UpstreamBackend, local: Callable[[AnySession], LocalBackend]) -> None:
        self._upstream = upstream
        self._make_local = local
        self._local: LocalBackend | None = None
        self._deliver: Deliver
        self._known: set[str] = set()
        self._changed = asyncio.Event()

    async def run(self, deliver: Deliver) -> None:
        """Serve until cancelled."""
        self._deliver = deliver
        try:
            await self._upstream.run(deliver)
        except UpstreamError as error:
            log.warning("The built-in engines answer instead: %s", error)
            await self._go_on()

    async def _go_on(self) -> None:
        begun = self._upstream.delivered
        told = self._upstream.hand_over()
        self._known = {str(event.item.id) for event in told.known}
        local = self._make_local(self._upstream.session)
        running = asyncio.create_task(local.run(self._filtered if begun else self._deliver))
        try:
            for event in [*told.known, *told.waiting]:
                await local.send(event)
            self._local = local
            self._changed.set()
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _filtered(self, event: ev.ServerEvent | RawAudioDelta) -> None:
        """What the client already knows isn't sent again."""
        match event:
            case ev.SessionCreated():
                return
            case ev.ItemAdded(item=item) | ev.ItemDone(item=item) if item_id(item) in self._known:
                if isinstance(event, ev.ItemDone):
                    self._known.discard(item_id(item))
                return
            case _:
                self._deliver(event)

    async def send(self, event: client.ClientEvent) -> None:
        """Take an event; one that waits for the service when that is lost goes to the built-in engines."""
        if self._local is None:
            try:
                await self._upstream.send(event)
            except Gone:
                await self._changed.wait()
            else:
                return
        assert self._local is not None, "changed to"
        await self._local.send(event)

    def send_now(self, event: client.ClientEvent) -> bool:
        """Take an event if whoever serves at present can do so at once."""
        return (self._upstream if self._local is None else self._local).send_now(event)
