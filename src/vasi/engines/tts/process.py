"""The child process that makes the sound of a neural voice, for all sessions, clause by clause."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Final

from vasi.engines.ports import Samples
from vasi.errors import EngineBusy, EngineError
from vasi.media import pcm
from vasi.workers.child import ChildError, Program, RequestError
from vasi.workers.limits import ChildLimits
from vasi.workers.pool import Pool

MOST_WAITING: Final = 32
"""Clauses that may wait; one that waited for so many would come far too late."""
_CLAUSE_S: Final = 60.0
"""No clause takes that long: a child that does is stuck."""
_SPEAK: Final = 1


class SpeechProcess:
    """Lends one child to whoever speaks, in the order in which they ask.

    A speaker asks for a clause when the one before has been made, so however long an answer is, it holds up the
    others by a clause at most.

    Args:
        name: of the voice, for messages.
        module: what the child runs; see ``network.handler``.
        environment: what it's told at its start.
    """

    def __init__(self, name: str, module: str, environment: Mapping[str, str]) -> None:
        self._name = name
        limits = ChildLimits(request_s=_CLAUSE_S + 10)
        self._program = Program(module, limits, environment)
        self._pool: Pool | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._running: set[asyncio.Task[bytes]] = set()

    @property
    def pids(self) -> Collection[int]:
        """The processes that run, for whoever measures them."""
        return self._pool.pids if self._pool is not None else ()

    async def start(self) -> None:
        """Start the child, which loads its voice. Raises ``EngineError``."""
        pool = self._pool = Pool(self._program, 1, keep=1)
        try:
            pool.release(await pool.lease())
        except ChildError as error:
            raise EngineError(f"The voice {self._name} can't be loaded: {error}.", retryable=True) from error

    async def stop(self) -> None:
        """End the child; what it is at fails."""
        pool, self._pool = self._pool, None
        running = list(self._running)
        for making in running:
            making.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        if pool is not None:
            await pool.close()

    async def speak(self, clause: bytes) -> Samples:
        """The sound of ``clause`` (in the form that the child's module wants): ``int16[n]``, 24 kHz.

        Cancelling takes back what hasn't begun; what has is given up after the network's present layer.

        Raises:
            EngineError: it failed (``retryable``).
            EngineBusy: too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise EngineBusy("Too many answers wait to be spoken; try again in a moment.", code="voice_busy")
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        # The turn is passed on by the clause that runs, whether or not its speaker still listens.
        making = asyncio.create_task(self._make(clause))
        self._running.add(making)
        making.add_done_callback(self._finish)
        try:
            await asyncio.wait((making,))
        except asyncio.CancelledError:
            if self._pool is not None:
                self._pool.stop()  # its only child is at this clause
            raise
        if making.cancelled():
            raise EngineError(f"The voice {self._name} was stopped.", retryable=True)
        return pcm.decode(making.result())

    async def _make(self, clause: bytes) -> bytes:
        if self._pool is None:
            raise EngineError(f"The voice {self._name} isn't running yet.", retryable=True)
        try:
            return await self._pool.request(_SPEAK, clause, _CLAUSE_S)
        except (ChildError, RequestError) as error:
            raise EngineError(f"The voice {self._name} failed: {error}.", retryable=True) from error

    def _finish(self, making: asyncio.Task[bytes]) -> None:
        self._running.discard(making)
        self._turn.release()
        if not making.cancelled():
            making.exception()  # told to the speaker, if there still is one
