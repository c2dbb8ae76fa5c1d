"""Tells of changes from process to process: by LISTEN and NOTIFY, or by looking, where a pooler is in between."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from typing import Any

from vasi.errors import StoreError
from vasi.storage.postgres.database import Database, Transaction
from vasi.storage.postgres.failures import FAILURES

log = logging.getLogger(__name__)

_CHANNEL = "vasi_changes"
_TOGETHER_S = 0.02
"""Changes of so long are told of together: all notifications of a database wait for each other."""
_LOOK_S = 0.2
_AGAIN_S = 1.0


class Listener:
    """Calls ``changed`` when another process changed something.

    A notification may be lost, when a process is killed or a connection ends: whoever has to see every change looks
    into the log as well, now and then.
    """

    def __init__(self, database: Database, changed: Callable[[], None]) -> None:
        self._database = database
        self._changed = changed
        self._name = secrets.token_hex(8)
        self._to_announce = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen and announce until ``stop``; when this returns, nothing is missed any more."""
        if self._tasks:
            return
        listening = asyncio.Event()
        self._tasks = [
            asyncio.create_task(self._look() if self._database.pooled else self._listen(listening)),
            asyncio.create_task(self._announce()),
        ]
        if not self._database.pooled:
            await listening.wait()

    async def stop(self) -> None:
        """Tell of what is still to be told, and end; harmless when repeated."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if tasks and self._to_announce.is_set():
            with contextlib.suppress(StoreError):
                await self._database.notify(_CHANNEL, self._name)

    def announce(self) -> None:
        """Tell the others soon that this process changed something."""
        self._to_announce.set()

    async def _announce(self) -> None:
        while True:
            await self._to_announce.wait()
            await asyncio.sleep(_TOGETHER_S)
            self._to_announce.clear()
            try:
                await self._database.notify(_CHANNEL, self._name)
            except StoreError as error:
                log.warning("Other processes weren't told of a change: %s", error)

    async def _listen(self, listening: asyncio.Event) -> None:
        while True:
            ended = asyncio.Event()
            try:
                connection = await self._database.connect()
                try:
                    connection.add_termination_listener(_setting(ended))
                    await connection.add_listener(_CHANNEL, self._heard)
                    if listening.is_set():
                        self._changed()  # while nobody listened anything may have changed
                    listening.set()
                    await ended.wait()
                finally:
                    connection.terminate()
            except FAILURES as error:
                log.info("Changes of other processes can't be heard of just now: %s", error)
            listening.set()
            await asyncio.sleep(_AGAIN_S)

    def _heard(self, _connection: Any, _process: int, _channel: str, name: object) -> None:
        if name != self._name:
            self._changed()

    async def _look(self) -> None:
        async def newest(db: Transaction) -> tuple[object, ...]:
            return tuple(await db.row("SELECT max(seq), count(*) FROM changes") or ())

        seen: tuple[object, ...] | None = None
        while True:
            try:
                found = await self._database.read_all(newest)
                if seen is not None and found != seen:
                    self._changed()
                seen = found
            except StoreError as error:
                log.info("Changes of other processes can't be looked for just now: %s", error)
            await asyncio.sleep(_LOOK_S)


def _setting(event: asyncio.Event) -> Callable[[Any], None]:
    return lambda _: event.set()
