"""A connection that can be resumed: when it's lost, the session waits for its client to reconnect."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from vasi.accounts.principals import Principal
from vasi.gateway.ports import ConnectionObserver, Link, Received, Sent
from vasi.transports.tickets import ResumptionTickets

REPLACED = 4009
"""Close code of a connection whose session goes on over another one."""
CLOSE_TIMEOUT_S = 1.0
"""How long a connection that is probably dead may take to be closed."""


class ResumableConnection:
    """The link of one session, over as many connections as it takes. Made by ``ResumableConnections``.

    Args:
        principal: whose it is.
        tickets: the sessions that can be resumed.
        notice: why this isn't the session that the client wanted to resume; None if it wanted none.
    """

    def __init__(
        self, principal: Principal, tickets: ResumptionTickets[ResumableConnection], notice: str | None
    ) -> None:
        self.notice = notice
        self.ticket = tickets.issue(principal.owner, self, principal.credential)
        """With which the client resumes the session."""
        self._principal = principal
        self._tickets = tickets
        self._link: Link | None = None
        self._dropped: Callable[[], bool] = lambda: False
        self._done: asyncio.Event | None = None
        """Somebody waits until the connection isn't used any more."""
        self._reconnected: asyncio.Event | None = None
        """The session waits for its client."""
        self._over = False
        self._reader: asyncio.Task[Any] | None = None
        self._reading = False
        """The reader waits for an event."""
        self._sending: asyncio.Task[Any] | None = None
        self._interrupted: set[asyncio.Task[Any]] = set()
        self._observer: ConnectionObserver | None = None

    @property
    def grace_s(self) -> float:
        """How long the session waits for its client."""
        return self._tickets.grace_s

    def observe(self, observer: ConnectionObserver) -> None:
        """Tell ``observer`` when the connection is lost and replaced; without one nothing is waited for."""
        self._observer = observer

    def renew(self) -> str:
        """A ticket for the next return; those before are void."""
        self.ticket = self._tickets.issue(self._principal.owner, self, self._principal.credential)
        return self.ticket

    async def resume(self, link: Link, dropped: Callable[[], bool], after: str | None = None) -> None:
        """Go on over ``link``; returns when it isn't used any more.

        Args:
            link: the new connection.
            dropped: tells, once it has ended, that the client didn't close it on purpose.
            after: id of the last event that the client got.
        """
        if self._over:
            await link.close(REPLACED, "The session has ended meanwhile.")
            return
        before = self._link
        self.begin(link, dropped)
        done = self._done = asyncio.Event()
        if self._observer is not None:
            self._observer.reconnected(after)
        if before is not None:
            try:
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await before.close(REPLACED, "The session goes on over another connection.")
            except TimeoutError:
                pass  # it's dead, or takes nothing: whoever holds it lets go of it
        await done.wait()

    def begin(self, link: Link, dropped: Callable[[], bool]) -> None:
        """Use ``link`` from now on."""
        self._release()
        self._link, self._dropped = link, dropped
        self._tickets.reconnected(self)
        self.stop_waiting()
        # What still waits for the connection before gives up.
        for waiting in (self._reader if self._reading else None, self._sending):
            if waiting is not None:
                self._interrupted.add(waiting)
                waiting.cancel()

    def _is_replaced(self, task: asyncio.Task[Any] | None) -> bool:
        """Whether ``task`` was cancelled only because another connection took the place of its own.

        As ``asyncio.timeout`` would tell, which takes too long for every event.
        """
        if task is None or task not in self._interrupted:
            return False
        self._interrupted.discard(task)
        return task.uncancel() == 0

    def stop_waiting(self) -> None:
        """Wait no longer for the client."""
        if self._reconnected is not None:
            self._reconnected.set()

    def _release(self) -> None:
        """The connection isn't used any more."""
        if self._done is not None:
            self._done.set()
            self._done = None

    # --- as a link --------------------------------------------------------------------------------------------------
    async def receive(self) -> Received | None:
        """The next event; None when the client has closed it, or doesn't reconnect in time."""
        while True:
            link = self._link
            if link is None:
                if not await self._reconnects():
                    return None
                continue
            if self._reader is None:  # always the same
                self._reader = asyncio.current_task()
            self._reading = True
            try:
                event = await link.receive()
            except asyncio.CancelledError:
                if self._is_replaced(self._reader):
                    continue
                raise
            finally:
                self._reading = False
            if event is not None:
                return event
            if link is self._link and not self._waits():
                return None

    def _waits(self) -> bool:
        self._release()
        if self._observer is None or not self._dropped() or not self._tickets.disconnected(self):
            return False
        self._link = None
        self._reconnected = asyncio.Event()
        self._observer.disconnected()
        return True

    async def _reconnects(self) -> bool:
        if self._reconnected is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._tickets.grace_s):
                    await self._reconnected.wait()
            self._reconnected = None
        if self._link is None:
            self.end()
        return self._link is not None

    async def send(self, event: Sent) -> None:
        """Send an event; without a client, or if another connection takes the place of this one, it's lost."""
        link = self._link
        if link is None:
            return
        self._sending = task = asyncio.current_task()
        try:
            await link.send(event)
        except asyncio.CancelledError:
            if not self._is_replaced(task):
                raise
        finally:
            self._sending = None

    def send_now(self, event: Sent) -> bool:
        """Send an event if that needs no waiting; without a client it's lost."""
        return self._link is None or self._link.send_now(event)

    async def close(self, code: int, reason: str) -> None:
        """Close for good."""
        self._over = True
        self._tickets.forget(self)
        if self._link is not None:
            await self._link.close(code, reason)
        self.end()

    def end(self) -> None:
        """The session is over: it can't be resumed any more. Harmless when repeated."""
        self._over = True
        self._tickets.forget(self)
        self._release()


class ResumableConnections:
    """The sessions of a server that can be resumed.

    Args:
        grace_s: how long a session waits for its client; 0 for not at all.
    """

    def __init__(self, grace_s: float) -> None:
        self._tickets = ResumptionTickets[ResumableConnection](grace_s)

    def open(self, principal: Principal, notice: str | None = None) -> ResumableConnection:
        """A new one, still without a connection."""
        return ResumableConnection(principal, self._tickets, notice)

    def redeem(self, ticket: str, principal: Principal) -> ResumableConnection | None:
        """The one that ``ticket`` stands for, which is spent; None if it isn't for who came by the same key."""
        return self._tickets.redeem(ticket, principal.owner, principal.credential)

    @property
    def offered(self) -> bool:
        """Sessions wait for their clients."""
        return self._tickets.grace_s > 0

    def close(self) -> None:
        """The server stops: nobody is waited for any longer."""
        self._tickets.grace_s = 0
        for connection in self._tickets.waiting:
            connection.stop_waiting()
