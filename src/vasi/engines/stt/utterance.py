"""One utterance on its way through a worker that decodes while it's spoken."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from vasi.engines.ports import HEARING_RATE, Samples, Transcript
from vasi.engines.stt import requests
from vasi.errors import EngineError
from vasi.workers.child import Child, ChildDied, ChildError, ChildTimeout, RequestError
from vasi.workers.pool import Pool

LONGEST_SECONDS = 120

_BYTES_A_SECOND = 2 * HEARING_RATE
_MOST_AT_ONCE = _BYTES_A_SECOND // 2
"""A worker decodes this in about 100 ms; more at once would delay the news that an utterance was thrown away."""
_PARTIAL_SECONDS = 0.15
_PATIENCE_SECONDS = 1.0
"""How long a worker waits for more audio while another utterance needs one."""


class Utterance(ABC):
    """An ``SttStream``; its kinds tell how a worker begins (``begin``) and what its answer means (``read``).

    The audio is kept until the end, so that a worker can be handed on and taken again.

    If its worker dies, another one decodes all of it anew, once.

    Args:
        pool: its workers.
        on_partial: is told the text so far.
        on_end: is told that it's over.
        patience: seconds that it may take to recognise after its end, beside as many as it was long.
    """

    def __init__(
        self,
        pool: Pool,
        on_partial: Callable[[str], None] | None,
        on_end: Callable[[Any], None],
        patience: float,
    ) -> None:
        self._pool = pool
        self._on_partial = on_partial
        self._on_end = on_end
        self._patience = patience
        self._audio = bytearray()
        self._decoded = 0
        self._too_long = False
        self._finishing = False
        self._changed = asyncio.Event()
        self._partial: str = ""
        self._told_at = 0.0
        self._task: asyncio.Task[Transcript] | None = None
        self._closed = False

    def feed(self, samples: Samples) -> None:
        """Add audio (``int16[n]``, 16 kHz); what is fed after ``finish`` or ``close`` is ignored."""
        if self._closed or self._finishing or not len(samples):
            return
        if len(self._audio) >= LONGEST_SECONDS * _BYTES_A_SECOND:
            self._too_long = True
            return
        self._audio += samples.astype("<i2", copy=False).tobytes()
        self._changed.set()
        self._begin()

    def pause(self) -> None:  # noqa: B027  # for every kind
        """Nothing to do: it's decoded as it comes."""

    def resume(self) -> None:  # noqa: B027  # for every kind
        """Nothing to do: it's decoded as it comes."""

    async def finish(self) -> Transcript:
        """The transcript of all that was fed.

        Raises:
            EngineError: the utterance was too long, was closed before, two workers died of it (``retryable``), or the
                rest of it took longer than the patience and the time it was spoken in (``retryable``).
        """
        if self._closed:
            raise EngineError("This utterance was closed; open a new one.")
        self._finishing = True
        self._changed.set()
        try:
            if self._too_long:
                raise EngineError(
                    f"What was said is longer than {LONGEST_SECONDS} seconds; please say it in shorter pieces.",
                    code="utterance_too_long",
                )
            if not self._audio:
                return Transcript("")
            async with asyncio.timeout(self._patience + len(self._audio) / _BYTES_A_SECOND):
                return await asyncio.shield(self._begin())
        except TimeoutError as error:
            raise EngineError(
                "The speech recogniser took too long; please say it again, in fewer words.",
                code="recognition_timeout",
                retryable=True,
            ) from error
        finally:
            await self.close()

    async def close(self) -> None:
        """Forget it, and free its worker."""
        if self._closed:
            return
        self._closed = True
        self._on_end(self)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            if not self._task.cancelled():
                self._task.exception()  # looked at, whether or not anyone waits for it
        self._audio.clear()

    def _begin(self) -> asyncio.Task[Transcript]:
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._decode())
        return self._task

    async def _decode(self) -> Transcript:
        died = False
        try:
            while True:
                worker = await self._pool.lease()
                try:
                    transcript = await self._decode_with(worker)
                except (ChildDied, ChildTimeout):
                    if died:
                        raise
                    died = True
                    continue
                finally:
                    self._pool.release(worker)
                if transcript is not None:
                    return transcript
                self._changed.clear()
                await self._changed.wait()
        except (ChildError, RequestError) as error:
            raise EngineError(
                f"The speech recogniser stopped working ({error}); please say it again.", retryable=True
            ) from error

    async def _decode_with(self, worker: Child) -> Transcript | None:
        """Decode until the end; None if ``worker`` was given up for another utterance."""
        await self.begin(worker)
        self._decoded = 0
        while True:
            while self._decoded < len(self._audio):
                piece = bytes(self._audio[self._decoded : self._decoded + _MOST_AT_ONCE])
                self._decoded += len(piece)
                await self._decode_piece(worker, piece)
            if self._finishing:
                break
            self._changed.clear()
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._changed.wait()
            except TimeoutError:
                if self._pool.contended:
                    return None
        return self.read(await worker.request(requests.FINISH))

    @abstractmethod
    async def begin(self, worker: Child) -> None:
        """Have ``worker`` begin an utterance. Raises what its requests raise."""

    @abstractmethod
    def read(self, reply: bytes) -> Transcript:
        """The worker's answer to ``FINISH``."""

    async def _decode_piece(self, worker: Child, piece: bytes) -> None:
        now = time.monotonic()
        if self._on_partial is None or now - self._told_at < _PARTIAL_SECONDS:
            await worker.request(requests.AUDIO, piece)
            return
        text = (await worker.request(requests.AUDIO_AND_TELL, piece)).decode()
        if text != self._partial:
            self._partial, self._told_at = text, now
            self._on_partial(text)
