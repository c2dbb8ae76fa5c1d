"""The engines of a server under supervision: each part is started by itself, and started anew when it fails."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias, get_args

from vasi.engines.ports import Engines
from vasi.errors import EngineBusy, EngineError, EngineMissing, VasiError

log = logging.getLogger(__name__)

Part: TypeAlias = Literal["vad", "turn", "stt", "llm", "tts"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

FAILURES_IN_A_ROW: Final = 3
"""Failures of a started engine, without a success between them, after which it's started anew."""
FIRST_DELAY_S: Final = 1.0
LONGEST_DELAY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class PartStatus:
    """How one part is; ``problem`` says in a sentence what keeps one that "failed" from working, else it's ""."""

    state: Literal["starting", "ready", "failed"]
    problem: str = ""


class EngineMonitor(Protocol):
    """Is told by whoever uses the engines how that went."""

    def succeeded(self, part: Part) -> None: ...

    def failed(self, part: Part, error: Exception) -> None: ...


class Unmonitored:
    """For engines that nobody supervises."""

    def succeeded(self, part: Part) -> None:
        """Not noted."""

    def failed(self, part: Part, error: Exception) -> None:
        """Not noted."""


class _Lifecycle(Protocol):
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


@dataclass(slots=True)
class _Supervised:
    engine: _Lifecycle
    status: PartStatus = PartStatus("starting")
    error: VasiError | None = None
    failures: int = 0
    """In use, since the last success."""
    restarts: int = 0
    """Since it last worked: the next one waits the longer."""
    attempted: asyncio.Event = field(default_factory=asyncio.Event)
    """The first start has succeeded or failed."""
    broken: asyncio.Event = field(default_factory=asyncio.Event)


class EngineHost:
    """Starts, watches and stops ``engines``. One that fails is started anew, ever later; the others go on meanwhile.

    An engine fails if it can't be started (unless it isn't installed: that stays so), or if its users report
    ``FAILURES_IN_A_ROW`` failures of its own.

    Args:
        engines: what to supervise. The VAD has no life of its own and is ready from the beginning.
        sleep: waits for so many seconds.
    """

    def __init__(self, engines: Engines, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._parts: dict[Part, _Supervised] = {
            "turn": _Supervised(engines.turn),
            "stt": _Supervised(engines.stt),
            "llm": _Supervised(engines.llm),
            "tts": _Supervised(engines.tts),
        }

    async def run(self) -> None:
        """Supervise until cancelled, then stop all."""
        async with asyncio.TaskGroup() as group:
            for name, part in self._parts.items():
                group.create_task(self._supervise(name, part))

    async def ready(self) -> None:
        """Return once every part has been started. Raises the ``VasiError`` of the first that couldn't be."""
        for part in self._parts.values():
            await part.attempted.wait()
        for part in self._parts.values():
            if part.error is not None:
                raise part.error

    def status(self) -> Mapping[Part, PartStatus]:
        """How every part is."""
        return {"vad": PartStatus("ready"), **{name: part.status for name, part in self._parts.items()}}

    # --- what its users report --------------------------------------------------------------------------------------
    def succeeded(self, part: Part) -> None:
        """It did what it was asked."""
        supervised = self._parts.get(part)
        if supervised is not None:
            supervised.failures = supervised.restarts = 0

    def failed(self, part: Part, error: Exception) -> None:
        """It didn't. What another try wouldn't change, a text too long for example, is no fault of the engine."""
        supervised = self._parts.get(part)
        if supervised is None or supervised.status.state != "ready":
            return
        if isinstance(error, EngineBusy):
            return
        if isinstance(error, VasiError) and not (isinstance(error, EngineError) and error.retryable):
            return
        supervised.failures += 1
        if supervised.failures >= FAILURES_IN_A_ROW:
            self._note_failure(part, supervised, error)
            supervised.broken.set()

    # --- supervision ------------------------------------------------------------------------------------------------
    async def _supervise(self, name: Part, part: _Supervised) -> None:
        try:
            while True:
                if await self._started(name, part):
                    await part.broken.wait()
                elif isinstance(part.error, EngineMissing):
                    await asyncio.Event().wait()
                with suppress(Exception):
                    await part.engine.stop()
                await self._sleep(min(FIRST_DELAY_S * 2**part.restarts, LONGEST_DELAY_S))
                part.restarts += 1
        finally:
            with suppress(Exception):
                await part.engine.stop()

    async def _started(self, name: Part, part: _Supervised) -> bool:
        part.broken.clear()
        part.failures = 0
        begun = time.monotonic()
        try:
            await part.engine.start()
        except Exception as error:
            self._note_failure(name, part, error)
            return False
        finally:
            part.attempted.set()
        if part.error is not None:
            log.warning("The engine for %s works again.", name)
        else:
            log.debug("The engine for %s started in %.1f s.", name, time.monotonic() - begun)
        part.status, part.error = PartStatus("ready"), None
        return True

    def _note_failure(self, name: Part, part: _Supervised, error: Exception) -> None:
        if isinstance(error, VasiError):
            log.error("The engine for %s failed: %s", name, error)
            part.error = error
        else:
            log.error("The engine for %s failed.", name, exc_info=error)
            part.error = EngineError(f"The engine for {name} failed; see the server's log.", retryable=True)
        part.status = PartStatus("failed", part.error.message)
