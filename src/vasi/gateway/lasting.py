"""A link that outlasts its connection: when that drops, the session waits for the client to come back on another."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

from vasi.gateway.ports import Link
from vasi.gateway.resume import Resumptions

REPLACED = 4009
"""Close code of a connection whose session goes on over another one."""
FAREWELL_S = 1.0
"""How long a connection that is probably dead may take to be closed."""


class Watcher(Protocol):
    """The session of a link."""

    def left(self) -> None:
        """The client is gone; it may come back."""
        ...

    def back(self, after: str | None) -> None:
        """The client is there again, on a connection of its own; ``after`` is the id of the last event that it got."""
        ...


class LastingLink:
    """A client's link, over as many connections as it takes. Made by ``LastingLinks``.

    Args:
        owner: whose it is.
        places: who may come back.
        notice: what the session tells its client first; None for nothing.
    """

    def __init__(self, owner: str, places: Resumptions[LastingLink], notice: str | None) -> None:
        self.notice = notice
        self.token = places.issue(owner, self)
        """By which the client comes back."""
        self._owner = owner
        self._places = places
        self._link: Link | None = None
        self._dropped: Callable[[], bool] = lambda: False
        self._done: asyncio.Event | None = None
        """Somebody waits until the connection isn't used any more."""
        self._arrived: asyncio.Event | None = None
        """The session waits for its client."""
        self._over = False
        self._reader: asyncio.Task[Any] | None = None
        self._reading = False
        """The reader waits for a frame."""
        self._sending: asyncio.Task[Any] | None = None
        self._interrupted: set[asyncio.Task[Any]] = set()
        self._watcher: Watcher | None = None

    @property
    def grace_s(self) -> float:
        """How long it waits for its client."""
        return self._places.grace_s

    def watch(self, watcher: Watcher) -> None:
        """Tell ``watcher`` when the client leaves and comes back."""
        self._watcher = watcher

    def renew(self) -> str:
        """A token for the next return; those before are void."""
        self.token = self._places.issue(self._owner, self)
        return self.token

    async def go_on(self, link: Link, dropped: Callable[[], bool], after: str | None = None) -> None:
        """Go on over ``link``; returns when it isn't used any more.

        Args:
            link: the new connection.
            dropped: tells, once it has ended, that the client didn't hang up on purpose.
            after: id of the last event that the client got.
        """
        if self._over:
            await link.close(REPLACED, "The session has ended meanwhile.")
            return
        before = self._link
        self.begin(link, dropped)
        done = self._done = asyncio.Event()
        if self._watcher is not None:
            self._watcher.back(after)
        if before is not None:
            try:
                async with asyncio.timeout(FAREWELL_S):
                    await before.close(REPLACED, "The session goes on over another connection.")
            except TimeoutError:
                pass  # it's dead, or takes nothing: whoever holds it lets go of it
        await done.wait()

    def begin(self, link: Link, dropped: Callable[[], bool]) -> None:
        """Use ``link`` from now on."""
        self._let_go()
        self._link, self._dropped = link, dropped
        self._places.returned(self)
        self.give_up()
        # What still waits for the connection before gives up.
        for waiting in (self._reader if self._reading else None, self._sending):
            if waiting is not None:
                self._interrupted.add(waiting)
                waiting.cancel()

    def _is_replaced(self, task: asyncio.Task[Any] | None) -> bool:
        """Whether ``task`` was cancelled only because another connection took the place of its own.

        As ``asyncio.timeout`` would tell, which takes too long for every frame.
        """
        if task is None or task not in self._interrupted:
            return False
        self._interrupted.discard(task)
        return task.uncancel() == 0

    def give_up(self) -> None:
        """Wait no longer for the client."""
        if self._arrived is not None:
            self._arrived.set()

    def _let_go(self) -> None:
        """The connection isn't used any more."""
        if self._done is not None:
            self._done.set()
            self._done = None

    # --- as a link --------------------------------------------------------------------------------------------------
    async def receive(self) -> str | bytes | None:
        """The next frame; None when the client has hung up, or doesn't come back in time."""
        while True:
            link = self._link
            if link is None:
                if not await self._comes_back():
                    return None
                continue
            if self._reader is None:  # always the same
                self._reader = asyncio.current_task()
            self._reading = True
            try:
                frame = await link.receive()
            except asyncio.CancelledError:
                if self._is_replaced(self._reader):
                    continue
                raise
            finally:
                self._reading = False
            if frame is not None:
                return frame
            if link is self._link and not self._waits():
                return None

    def _waits(self) -> bool:
        self._let_go()
        if self._watcher is None or not self._dropped() or not self._places.left(self):
            return False
        self._link = None
        self._arrived = asyncio.Event()
        self._watcher.left()
        return True

    async def _comes_back(self) -> bool:
        if self._arrived is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._places.grace_s):
                    await self._arrived.wait()
            self._arrived = None
        if self._link is None:
            self.end()
        return self._link is not None

    async def send(self, frame: str) -> None:
        """Send a frame; without a client, or if another connection takes the place of this one, it's lost."""
        link = self._link
        if link is None:
            return
        self._sending = task = asyncio.current_task()
        try:
            await link.send(frame)
        except asyncio.CancelledError:
            if not self._is_replaced(task):
                raise
        finally:
            self._sending = None

    def send_now(self, frame: str) -> bool:
        """Send a frame if that needs no waiting; without a client it's lost."""
        return self._link is None or self._link.send_now(frame)

    async def close(self, code: int, reason: str) -> None:
        """Close for good."""
        self._over = True
        self._places.forget(self)
        if self._link is not None:
            await self._link.close(code, reason)
        self.end()

    def end(self) -> None:
        """The session is over: nobody comes back to it any more. Harmless when repeated."""
        self._over = True
        self._places.forget(self)
        self._let_go()


class LastingLinks:
    """The lasting links of a server.

    Args:
        places: who may come back.
    """

    def __init__(self, places: Resumptions[LastingLink]) -> None:
        self._places = places

    def open(self, owner: str, notice: str | None = None) -> LastingLink:
        """A new one, still without a connection."""
        return LastingLink(owner, self._places, notice)

    def find(self, token: str, owner: str) -> LastingLink | None:
        """The one that ``token`` stands for; the token is spent."""
        return self._places.claim(token, owner)

    @property
    def offered(self) -> bool:
        """Sessions wait for their clients."""
        return self._places.grace_s > 0

    def close(self) -> None:
        """The server stops: nobody is waited for any longer."""
        self._places.grace_s = 0
        for link in self._places.waiting:
            link.give_up()
