"""Child processes of one program, lent to one piece of work at a time, and started anew when they die."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Collection
from typing import Final

from vasi.workers.child import Child, ChildDied, ChildUnavailable, Program

log = logging.getLogger(__name__)

_TRANSIENT: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM})
"""Why a start fails that may succeed a moment later."""
_START_ATTEMPTS: Final = 5
_FIRST_DELAY_S: Final = 0.1
_LONGEST_DELAY_S: Final = 5.0


class Pool:
    """Adds children up to ``limit`` as they're asked for, and ends those that were idle for ``idle_s``.

    After a start that failed the next one is made ever later, up to 5 s: whoever wants a child meanwhile waits.

    Args:
        program: what they run.
        limit: most children at a time; whoever wants one more waits.
        keep: idle children that stay.
        idle_s: seconds after which the other idle ones are ended.
    """

    def __init__(self, program: Program, limit: int, *, keep: int = 0, idle_s: float = 60.0) -> None:
        self._program = program
        self._keep = keep
        self._idle_s = idle_s
        self._free = asyncio.Semaphore(limit)
        self._waiting = 0
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._reaper: asyncio.TimerHandle | None = None
        self._failed_starts = 0
        """In a row."""
        self._next_start = 0.0

    @property
    def contended(self) -> bool:
        """Is somebody waiting for a child?"""
        return self._waiting > 0

    @property
    def pids(self) -> Collection[int]:
        """The processes that run, for whoever measures them."""
        return [child.pid for child in self._children]

    async def lease(self) -> Child:
        """A child; waits while all are lent. Give it back with ``release``.

        Raises:
            ChildUnavailable: none could be started.
        """
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            while self._idle:
                child = self._idle.pop()
                if child.usable:
                    return child
                self._end(child)
            child = await self._start()
        except BaseException:
            self._free.release()
            raise
        self._children.add(child)
        return child

    def release(self, child: Child) -> None:
        """Take ``child`` back for the next piece of work; if it's of no more use, end it."""
        if child.usable:
            self._idle.append(child)
        else:
            self._end(child)
        self._free.release()
        if len(self._idle) > self._keep and self._reaper is None:
            self._reaper = asyncio.get_running_loop().call_later(self._idle_s, self._reap)

    async def request(self, kind: int, payload: bytes, timeout: float) -> bytes:
        """Have any child do one request, for work that is a single request and may be done twice.

        A child that had answered before and dies may have been dying already: a new one gets a second try.

        Raises:
            RequestError: the child couldn't, and says why.
            ChildDied: the request ended its child.
            ChildTimeout: it took longer than ``timeout`` seconds, not counting the wait for a child.
            ChildUnavailable: no child could be started.
        """
        while True:
            child = await self.lease()
            used = child.answered > 0
            try:
                return await child.request(kind, payload, timeout)
            except ChildDied:
                if not used:
                    raise
            finally:
                self.release(child)

    def stop(self) -> None:
        """Nobody wants any more what the children are at: those of a program that can give it up, do."""
        for child in self._children:
            child.stop()

    async def close(self) -> None:
        """End all children."""
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None
        self._idle.clear()
        for child in list(self._children):
            self._end(child)
        await asyncio.gather(*self._ending)

    async def _start(self) -> Child:
        clock = asyncio.get_running_loop().time
        for attempt in range(1, _START_ATTEMPTS + 1):
            await asyncio.sleep(max(0.0, self._next_start - clock()))
            try:
                child = await Child.spawn(self._program)
            except ChildUnavailable as error:
                delay = min(_FIRST_DELAY_S * 2**self._failed_starts, _LONGEST_DELAY_S)
                self._failed_starts += 1
                self._next_start = clock() + delay
                cause = error.__cause__
                if not isinstance(cause, OSError) or cause.errno not in _TRANSIENT or attempt == _START_ATTEMPTS:
                    raise
                log.warning("No process could be started for %s yet: %s", self._program.module, cause)
            else:
                self._failed_starts, self._next_start = 0, 0.0
                return child
        raise AssertionError("returned or raised")

    def _end(self, child: Child) -> None:
        self._children.discard(child)
        task = asyncio.get_running_loop().create_task(child.kill())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _reap(self) -> None:
        self._reaper = None
        while len(self._idle) > self._keep:
            self._end(self._idle.pop(0))
