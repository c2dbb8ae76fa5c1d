"""The worker processes, lent to one utterance at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from vasi.engines.stt.child import Child

_IDLE_SECONDS = 60.0


class Pool:
    """Adds workers up to ``limit`` as they're asked for; of those idle for a minute it keeps one."""

    def __init__(self, limit: int) -> None:
        self._free = asyncio.Semaphore(limit)
        self._waiting = 0
        self._idle: list[Child] = []
        self._children: set[Child] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._reaper: asyncio.TimerHandle | None = None

    @property
    def contended(self) -> bool:
        """Is an utterance waiting for a worker?"""
        return self._waiting > 0

    @property
    def pids(self) -> Collection[int]:
        """The processes that run, for whoever measures them."""
        return [child.pid for child in self._children]

    async def lease(self) -> Child:
        """A worker; waits while all are lent. Give it back with ``release``.

        Raises:
            ChildError: none could be started.
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
            child = await Child.spawn("vasi.engines.stt.worker")
        except BaseException:
            self._free.release()
            raise
        self._children.add(child)
        return child

    def release(self, child: Child) -> None:
        """Take ``child`` back for the next utterance; if it's of no more use, end it."""
        if child.usable:
            self._idle.append(child)
        else:
            self._end(child)
        self._free.release()
        if len(self._idle) > 1 and self._reaper is None:
            self._reaper = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._reap)

    async def close(self) -> None:
        """End all workers."""
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None
        self._idle.clear()
        for child in list(self._children):
            self._end(child)
        await asyncio.gather(*self._ending)

    def _end(self, child: Child) -> None:
        self._children.discard(child)
        task = asyncio.get_running_loop().create_task(child.kill())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    def _reap(self) -> None:
        self._reaper = None
        while len(self._idle) > 1:
            self._end(self._idle.pop(0))
